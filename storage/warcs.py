"""WARC and WACZ files read back, ours and those of other software: pages in order, and one body by its place."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from fastwarc.warc import WarcRecord, WarcRecordType

from harvester.errors import StorageError
from harvester.items import Capture, Page
from storage import records, revisits

OPEN = ".open"  # the mark of a file that is being written, or whose writer was killed
SUFFIXES = (".warc.gz", ".warc")
GZIP = b"\x1f\x8b\x08"
CHUNK = 1 << 20  # bytes looked at together
HOLD_PAGES = WarcRecordType.response | WarcRecordType.resource
HEAD = 512  # bytes of a gzip member that tell whether a WARC record begins in it
Notes = dict[str, dict[str, str]]  # record id -> URL -> the id given to the report there


def pages(source: str | Path, problems: list[str] | None = None, with_revisits: bool = False) -> Iterator[Page]:
    """The pages of a WARC or WACZ file, or of every one in a directory, in the order they were written; files of other software too.

    ``capture``, ``report_id``, ``portal_id``, ``link_text``, ``via`` and the like are filled from the records that name them; the ids of
    what is in an archive of files are the note ``ids``, by URL.
    ``with_revisits``: what a record calls the same as another one comes too, at the end, with the other's body and no ``capture``.
    Damage is one line in ``problems`` and reading goes on behind it; without the list :class:`StorageError` is raised at the file's end.
    """
    found = list(files(Path(source)))
    notes: Notes = {}
    for path in found:
        for record_id, url, report in _notes(path):
            notes.setdefault(record_id, {})[url] = report
    again = Again(found if with_revisits else ())
    for path in found:
        for stream, name in streams(path):
            lines: list[str] = []
            yield from _pages(stream, name, notes, lines, again.of(path, name))
            _tell_problems(lines, problems)
    lines = []
    yield from again.pages(lines)
    _tell_problems(lines, problems)


def _tell_problems(lines: list[str], problems: list[str] | None) -> None:
    if problems is not None:
        problems.extend(lines)
    elif lines:
        raise StorageError(lines[0])


class Again:
    """What revisit records of these files stand for. Their headers are read first; then the places of the records they name are kept."""

    def __init__(self, files: Iterable[Path]) -> None:
        self._revisits = [found for path in files for found in _revisits(path)]
        self._wanted = {key for found in self._revisits for key in found.keys}
        self._places: dict[revisits.Key, tuple[Path, str, int]] = {}

    def of(self, path: Path, name: str) -> Callable[[WarcRecord, int], None]:
        """Notes the place of a record of this file that a revisit names."""

        def note(record: WarcRecord, offset: int) -> None:
            if self._wanted:
                for key in self._wanted.intersection(revisits.keys_of(record)):
                    self._places.setdefault(key, (path, name, offset))

        return note

    def pages(self, problems: list[str]) -> Iterator[Page]:
        """The page of each revisit; those whose body is in none of the files are counted in ``problems``."""
        lost = []
        for found in self._revisits:
            place = next((self._places[key] for key in found.keys if key in self._places), None)
            if place is None:
                lost.append(found.url)
                continue
            page = _page_at(*place)
            page.url, page.fetched_at = found.url, found.at
            yield page
        if lost:
            problems.append(f"{len(lost)} records say that a page is the same as one that is in none of these files, such as {lost[0]}")


def revisits_in(source: str | Path) -> Iterator[revisits.Revisit]:
    """What the revisit records of an archive say, in the order they were written."""
    for path in files(Path(source)):
        yield from _revisits(path)


def _revisits(path: Path) -> Iterator[revisits.Revisit]:
    for stream, name in streams(path):
        for record, _, _ in scan(stream, name, WarcRecordType.revisit, []):
            yield revisits.read(record)


def _page_at(path: Path, name: str, offset: int) -> Page:
    for stream, inside in streams(path):
        if inside == name:
            stream.seek(offset)
            for record, content, _ in records.scan(stream, HOLD_PAGES):
                return records.read_page(record, content)
    raise StorageError(f"{path}: no record at byte {offset}")


def files(source: Path) -> Iterator[Path]:
    """The WARC and WACZ files of a folder in their order, or the file itself."""
    if source.is_file():
        yield source
    elif source.is_dir():
        names = (path for path in source.rglob("*") if path.name.removesuffix(OPEN).endswith((*SUFFIXES, ".wacz")))
        yield from sorted(path for path in names if not path.name.startswith("."))


def streams(path: Path) -> Iterator[tuple[IO[bytes], str]]:
    """(stream, name) of each WARC in a file. Raises :class:`StorageError` when it cannot be read."""
    try:
        if path.suffix == ".wacz":
            with zipfile.ZipFile(path) as bundle:
                for name in sorted(name for name in bundle.namelist() if name.endswith(SUFFIXES)):
                    with bundle.open(name) as stream:
                        yield stream, name
        else:
            with path.open("rb") as stream:
                yield stream, path.name.removesuffix(OPEN)
    except (OSError, zipfile.BadZipFile) as error:
        raise StorageError(f"{path}: cannot be read ({error})") from error


def _notes(path: Path) -> Iterator[tuple[str, str, str]]:
    """(record id, URL, report id): ids are noted after the page was read, often behind other pages, at times in a later file.

    The record of an archive of files has a note for each member that is a report, under the member's URL.
    """
    for stream, name in streams(path):
        for record, content, _ in scan(stream, name, WarcRecordType.metadata, []):
            report = records.read_fields(content).get("report-id", "")
            if report:
                yield record.headers.get("WARC-Refers-To") or "", record.headers.get("WARC-Target-URI") or "", report


def scan(
    stream: IO[bytes], name: str, wanted: WarcRecordType, problems: list[str] | None = None, begin: int = 0, stop: int | None = None
) -> Iterator[tuple[WarcRecord, bytes, int]]:
    """(record, its block, its offset) of the records of ``wanted`` kinds from ``begin`` on; damage from ``stop`` on is not told."""
    problems = [] if problems is None else problems
    start: int | None = begin
    while start is not None:
        stream.seek(start)
        try:
            yield from records.scan(stream, wanted)
            start = None
        except records.Torn as torn:
            try:
                start = resume(stream, torn.offset + 1)
            except (OSError, zlib.error, zipfile.BadZipFile):  # the WACZ around it is damaged too
                start = None
            told = stop is None or torn.offset < stop
            if told and (start is None or not torn.whole):  # else the scan from ``start`` finds the damaged record itself
                rest = "nothing follows it" if start is None else "reading went on behind it"
                problems.append(f"{name}: the record at byte {torn.offset} is {torn.why}; {rest}")


def _pages(stream: IO[bytes], name: str, notes: Notes, problems: list[str], note: Callable[[WarcRecord, int], None]) -> Iterator[Page]:
    yield from with_fields(scan(stream, name, HOLD_PAGES | WarcRecordType.metadata, problems), name, notes, note)


def with_fields(
    found: Iterable[tuple[WarcRecord, bytes, int]], name: str, notes: Notes, note: Callable[[WarcRecord, int], None] = lambda *_: None
) -> Iterator[Page]:
    """The pages among records of the file ``name``, each with what the metadata record behind it tells; ``note`` is shown each page's."""
    waiting: Page | None = None
    for record, content, offset in found:
        if record.record_type == WarcRecordType.metadata:
            if waiting and waiting.capture and record.headers.get("WARC-Refers-To") == waiting.capture.record_id:
                _tell(waiting, records.read_fields(content))
        elif record.record_type & HOLD_PAGES:
            if waiting:
                yield waiting
            note(record, offset)
            waiting = _page(record, content, name, offset, notes)
    if waiting:
        yield waiting


def _page(record: WarcRecord, content: bytes, name: str, offset: int, notes: Notes) -> Page:
    page = records.read_page(record, content)
    page.capture = Capture(records.body_sha256(page.body), name, offset, record.record_id or "")
    ids = notes.get(page.capture.record_id, {})
    page.report_id = ids.get(page.url, "")
    if ids and not page.report_id:
        page.notes["ids"] = ids
    return page


def _tell(page: Page, fields: dict[str, str]) -> None:
    for name, attribute in records.FIELDS:
        if name in fields:
            setattr(page, attribute, fields[name])


def read_body(directory: str | Path, warc_file: str, offset: int) -> bytes:
    """The body of the capture at ``offset`` of ``warc_file``. Raises :class:`StorageError` when it is not there."""
    return read_page(directory, warc_file, offset).body


def read_page(directory: str | Path, warc_file: str, offset: int) -> Page:
    """The page of the capture at ``offset`` of ``warc_file``, as it was fetched. Raises :class:`StorageError` when it is not there."""
    for path in (Path(directory) / warc_file, Path(directory) / f"{warc_file}{OPEN}"):
        if path.is_file():
            with path.open("rb") as stream, suppress(records.Torn):
                stream.seek(offset)
                for record, content, _ in records.scan(stream, WarcRecordType.any_type):
                    return records.read_page(record, content)
    raise StorageError(f"{Path(directory) / warc_file}: no record at byte {offset}; was the archive moved?")


def whole_bytes(stream: IO[bytes]) -> int:
    """Bytes from the start that are whole gzip members."""
    stream.seek(0)
    whole = 0
    inflate = zlib.decompressobj(31)
    rest = stream.read(1 << 20)
    while rest:
        try:
            inflate.decompress(rest)
        except zlib.error:
            return whole
        if inflate.eof:
            rest = inflate.unused_data
            whole = stream.tell() - len(rest)
            inflate = zlib.decompressobj(31)
        else:
            rest = b""
        rest = rest or stream.read(1 << 20)
    return whole


def resume(stream: IO[bytes], offset: int) -> int | None:
    """Where the next gzip member that begins a WARC record starts, at or after ``offset``; None when there is none."""
    stream.seek(offset)
    data = stream.read(CHUNK)
    while data:
        rest = stream.read(CHUNK)
        at = data.find(GZIP)
        while 0 <= at < (len(data) - HEAD if rest else len(data)):
            with suppress(zlib.error):
                if zlib.decompressobj(31).decompress(data[at : at + HEAD], 5) == b"WARC/":
                    return offset + at
            at = data.find(GZIP, at + 1)
        kept = data[-HEAD:] if rest else b""  # a member that begins here is looked at again with what follows it
        offset += len(data) - len(kept)
        data = kept + rest
    return None
