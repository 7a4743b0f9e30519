"""WARC files cut into stretches that several processes read at a time; what they find is put together again without a gap or a seam."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from fastwarc.warc import WarcRecord, WarcRecordType

from harvester.items import Page
from storage import records, warcs

SIZE = 512 * 1024  # bytes of an archive: some fifty pages
FEW = 50  # pages, where bytes cannot be cut because no place in the middle tells where a record begins


class Stretch(NamedTuple):
    """The records of ``name`` (in ``path``, a WARC or WACZ file) that begin at ``start`` or behind it, and before ``stop``.

    ``exact``: a record begins at ``start``; else the first one behind it is looked for. ``most``: pages, 0 for all; ``read``: false for a
    page that is known to end whoever reads it.
    """

    path: str
    name: str
    start: int
    stop: int
    exact: bool
    most: int = 0
    read: bool = True


class Reading:
    """The pages of a stretch. Afterwards ``begin`` and ``end`` are the places of its first record and of the first one behind it, None
    where there is none; ``problems`` has a line for each damage."""

    def __init__(self, stretch: Stretch) -> None:
        self.stretch = stretch
        self.begin: int | None = None
        self.end: int | None = None
        self.problems: list[str] = []

    def __iter__(self) -> Iterator[Page]:
        for stream, name in warcs.streams(Path(self.stretch.path)):
            if name == self.stretch.name:
                self.begin = self.stretch.start if self.stretch.exact else warcs.resume(stream, self.stretch.start)
                if self.begin is not None and self.begin < self.stretch.stop:
                    yield from warcs.with_fields(self._records(stream, self.begin), name, {})
                else:
                    self.end = self.begin

    def _records(self, stream: IO[bytes], begin: int) -> Iterator[tuple[WarcRecord, bytes, int]]:
        """The records before the end, and behind it those that tell of the last page."""
        pages = 0
        stop = self.stretch.stop
        for found in warcs.scan(stream, self.stretch.name, WarcRecordType.any_type, self.problems, begin, stop):
            record, _, offset = found
            page = bool(record.record_type & warcs.HOLD_PAGES)
            if self.end is None and (offset >= stop or (page and pages == self.stretch.most > 0)):
                self.end = offset
            if self.end is None:
                pages += page
            elif record.record_type != WarcRecordType.metadata:
                return
            yield found


def cut(path: Path, name: str, size: int, start: int = 0) -> Iterator[Stretch]:
    """The stretches of a file of ``size`` bytes from ``start`` on, where a record begins. One that is not packed record by record cannot be
    cut by its bytes: it is one stretch, read a few pages at a time."""
    if path.suffix != ".wacz" and name.endswith(".gz"):
        for place in range(start, size, SIZE):
            yield Stretch(str(path), name, place, min(place + SIZE, size), place == start)
    elif start < size:
        yield Stretch(str(path), name, start, size, True, FEW)


def files(folder: Path) -> Iterator[tuple[str, Path, str, int]]:
    """(its name in the folder, path, name, bytes) of each WARC file of an archive, in the order in which they are read."""
    for path in warcs.files(folder):
        for stream, name in warcs.streams(path):
            size = stream.seek(0, 2)
            yield f"{path.relative_to(folder).as_posix().removesuffix(warcs.OPEN)}#{name}", path, name, size


def notes_and_revisits(path: Path, name: str, begin: int = 0) -> Iterator[tuple[WarcRecord, bytes]]:
    """The records of a file from ``begin`` on that hold no page: what is told of pages, and that one was seen again."""
    for stream, inside in warcs.streams(path):
        if inside == name:
            for record, content, _ in warcs.scan(stream, name, WarcRecordType.metadata | WarcRecordType.revisit, [], begin):
                yield record, content


def note_of(record: WarcRecord, content: bytes) -> tuple[str, str, str] | None:
    """Record id, URL and the id that was given to the report there, when that is what the record tells."""
    if record.record_type != WarcRecordType.metadata or not (report := records.read_fields(content).get("report-id")):
        return None
    return record.headers.get("WARC-Refers-To") or "", record.headers.get("WARC-Target-URI") or "", report
