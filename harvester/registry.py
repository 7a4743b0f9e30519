"""The registry of portals: one line a portal, read strictly, so that a slip of the pen is named by its line and never crawled."""

from __future__ import annotations

import csv
import difflib
import io
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

from harvester.errors import RegistryError, UsageError

REQUIRED = ("portal_id", "name", "region_code", "list_url", "family", "min_reports", "note")
EVIDENCE = ("seen_in", "seen_on")
PACKAGED = "harvester/data/portals.csv"

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
CODE = re.compile(r"[0-9]{6}")
FAMILY = re.compile(r"[a-z][a-z0-9_]*")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?")
COUNT = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Portal:
    """One line of the registry.

    ``list_url`` empty: the list is not known yet, the portal is kept and never crawled. ``family`` empty: detected from the list page.
    ``min_reports``: fewer listed than that is a defect of the run; null when nobody has counted. ``seen_in``/``seen_on``: the evidence
    for the address and its day (``YYYY-MM-DD``, or the month when that is all the source says).
    """

    portal_id: str
    name: str = ""
    region_code: str = ""
    list_url: str = ""
    family: str = ""
    min_reports: int | None = None
    note: str = ""
    seen_in: str = ""
    seen_on: str = ""


def read(path: str | Path | None = None, families: Collection[str] = ()) -> list[Portal]:
    """The portals of the file ``path`` (None: the registry that comes with the project), in its order.

    ``families``: the names that the column ``family`` may hold; none given, any name is taken. Raises :class:`RegistryError` with
    file, line number and mend for everything that is not a registry line.
    """
    name = str(path or PACKAGED)
    return _portals(name, _text(name, _bytes(name, path)), families)


def _bytes(name: str, path: str | Path | None) -> bytes:
    if path is None:
        return files("harvester.data").joinpath("portals.csv").read_bytes()
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise RegistryError(f"{name}: {error.strerror}; give a readable CSV file with --portals") from error


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise RegistryError(f"{name}:{line}: not UTF-8; save the file as UTF-8 (CSV UTF-8 in a spreadsheet)") from error


def _portals(name: str, text: str, families: Collection[str]) -> list[Portal]:
    rows = _rows(name, text)
    _, header = next(rows, (1, []))
    _check_header(name, header)
    portals: dict[str, Portal] = {}
    for line, row in rows:
        if len(row) != len(header):
            mend = "put double quotes round a field that holds a comma"
            raise RegistryError(f"{name}:{line}: {len(row)} columns where the header has {len(header)}; {mend}")
        portal = _portal(f"{name}:{line}", dict(zip(header, (field.strip() for field in row))), families)
        if portal.portal_id in portals:
            raise RegistryError(f"{name}:{line}: portal_id {portal.portal_id!r} stands above already; give each portal its own")
        portals[portal.portal_id] = portal
    if not portals:
        raise RegistryError(f"{name}:2: no portal; add a line below the header")
    return list(portals.values())


def _rows(name: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """(number of its first line, fields) of each row that is not blank."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for row in reader:
            if any(field.strip() for field in row):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise RegistryError(f"{name}:{line}: not CSV ({error}); look for a double quote that is never closed") from error


def _check_header(name: str, header: list[str]) -> None:
    header[:] = [field.strip() for field in header]
    missing = [column for column in REQUIRED if column not in header]
    unknown = [column for column in header if column not in REQUIRED + EVIDENCE]
    if missing or unknown or len(set(header)) < len(header):
        raise RegistryError(f"{name}:1: the header must be {','.join(REQUIRED)} ({' and '.join(EVIDENCE)} may follow)")


def _portal(place: str, fields: dict[str, str], families: Collection[str]) -> Portal:
    names = ", ".join(sorted(families)) or "a family's name"
    _check(place, "portal_id", fields, ID, "letters, digits, '-', '_' and '.', such as henan or zhengzhou-zrzyj")
    for column, pattern, mend in (
        ("region_code", CODE, "six digits of GB/T 2260, such as 411202, or nothing"),
        ("family", FAMILY, f"{names}, or nothing: it is detected"),
        ("min_reports", COUNT, "a whole number, or nothing"),
        ("seen_on", DAY, "a day such as 2026-07-22, or nothing"),
    ):
        if fields.get(column):
            _check(place, column, fields, pattern, mend)
    if families and fields["family"] and fields["family"] not in families:
        raise RegistryError(f"{place}: family {fields['family']!r} is not known; write one of {names}, or leave it empty")
    check_url(place, fields["list_url"])
    least = fields["min_reports"]
    return Portal(**{**fields, "min_reports": int(least) if least else None})  # type: ignore[arg-type]


def _check(place: str, column: str, fields: dict[str, str], pattern: re.Pattern[str], mend: str) -> None:
    if not pattern.fullmatch(fields[column]):
        raise RegistryError(f"{place}: {column} {fields[column]!r}; write {mend}")


def check_url(place: str, url: str) -> None:
    """Raises :class:`RegistryError`, naming ``place``, when ``url`` is neither empty nor a web address."""
    try:
        parts = urlsplit(url)
        good = not url or (parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and not re.search(r"\s", url))
    except ValueError:
        good = False
    if not good:
        raise RegistryError(f"{place}: list_url {url!r} is no web address; write http://… or https://…, or nothing when it is not known")


def named(portals: list[Portal], portal_ids: Sequence[str]) -> list[Portal]:
    """The portals with these ids, each once; all when none is given. Raises ``UsageError`` for an id that none of them has."""
    known = {portal.portal_id: portal for portal in portals}
    for portal_id in portal_ids:
        if portal_id not in known:
            near = difflib.get_close_matches(portal_id, known, n=1)
            raise UsageError(
                f"unknown portal id {portal_id!r}{f', did you mean {near[0]!r}?' if near else ''}; harvester portals lists them"
            )
    return [known[portal_id] for portal_id in dict.fromkeys(portal_ids)] if portal_ids else portals
