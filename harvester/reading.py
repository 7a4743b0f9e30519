"""One document read from bytes to checked figures, without a database: what ``harvester parse`` prints a line of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from harvester import checks, digest, prose, readers, recognised, tables
from harvester.errors import Unreadable
from harvester.identity import Context, identify
from harvester.items import Report
from harvester.readers import archive
from harvester.readers.bounds import file_bytes
from harvester.regions import Gazetteer

# The line's keys in the order users see them; "quality" is told by the database only.
KEYS = (
    *("source", "kind", "reason", "id", "text_sha256", "title", "organ", "year", "scope", "region_code", "level", "published_on"),
    *("form", "text", "figures", "prose", "checks", "issues"),
)
PART_KEYS = {
    "figures": ("table", "row", "column", "value", "unit", "printed", "status"),
    "prose": ("key", "value", "unit", "section", "sentence"),
    "checks": ("check", "at", "left", "right", "outcome"),
    "issues": ("code", "where", "message"),
}


def read_report(
    body: bytes, source: str = "", content_type: str = "", context: Context | None = None, gazetteer: Gazetteer | None = None
) -> Report:
    """Report of ``body``: verdict, identity, text, figures, checks. Bytes that cannot be read give kind ``unreadable`` and a reason."""
    try:
        document = readers.read(body, content_type, source)
    except Unreadable as error:
        return Report(source=source, kind="unreadable", reason=str(error))
    report = identify(document, context or Context(source=source), gazetteer)
    report.source = source
    report.text = digest.clean_text(document, report.title)
    report.text_sha256 = digest.text_sha256(report.text)
    report.id = digest.report_id(report.text_sha256)
    if report.kind == "report":
        tables.fill(document, report)
        prose.fill(document, report)
        checks.check(report)
        recognised.weigh(document, report)
    return report


def read_file(path: Path) -> Report:
    """Report of a file; one that cannot be read, or is larger than any report, is ``unreadable`` with the reason."""
    try:
        return read_report(file_bytes(path), str(path))
    except (Unreadable, OSError) as error:
        return _unreadable(str(path), error)


def read_members(path: Path) -> Iterator[Report]:
    """Report of a file, or of each document in an archive, with the source ``x.zip#name``."""
    try:
        body = file_bytes(path)
        found = archive.members(body) if archive.is_container(body) else None
    except (Unreadable, OSError) as error:
        yield _unreadable(str(path), error)
        return
    if not found:  # no archive; or an empty one, which says so
        yield read_report(body, str(path))
    for name, content, problem in found or ():
        source = f"{path}#{name}"
        yield _unreadable(source, Unreadable(problem)) if problem else read_report(content, source)


def _unreadable(source: str, error: Unreadable | OSError) -> Report:
    reason = str(error) if isinstance(error, Unreadable) else f"cannot be read ({error.strerror})"
    return Report(source=source, kind="unreadable", reason=reason)


def as_json(report: Report) -> dict[str, Any]:
    """The report as one line of ``harvester parse``: keys of :data:`KEYS` in order, lists of objects with :data:`PART_KEYS`."""
    whole = asdict(report)
    line = {key: whole[key] for key in KEYS}
    for part, keys in PART_KEYS.items():
        line[part] = [{key: entry[key] for key in keys} for entry in whole[part]]
    return line
