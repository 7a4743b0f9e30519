"""The archive of fetched bytes: WARC files that a killed run leaves whole but for the last record, which is cut at the next start."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from harvester import __version__
from harvester.errors import StorageError
from harvester.items import Capture, Page
from harvester.readers.archive import is_container, members
from storage import records, revisits
from storage.records import body_sha256
from storage.warcs import OPEN, pages, read_body, read_page, resume, revisits_in, whole_bytes

__all__ = ["Archive", "body_of", "body_sha256", "pages", "read_body", "read_page", "recover", "revisits_in"]

MAX_BYTES = 512 * 1024 * 1024


class Archive:
    """Writes one run's WARC files. The file at work is named ``….warc.gz.open`` and locked; ``close`` gives it its name.

    Raises :class:`StorageError` when the directory cannot be written or the disk is full; what was written before stays whole.
    """

    def __init__(self, directory: str | Path, run_id: str, max_bytes: int = MAX_BYTES) -> None:
        self.directory = Path(directory)
        self.run_id = run_id
        self.max_bytes = max_bytes
        self._began = datetime.now(UTC).strftime("%Y%m%d%H%M%S")
        self._count = 0
        self._descriptor = -1
        self._size = 0
        self._name = ""

    def add(self, page: Page, sha256: str = "") -> Capture:
        """Keeps the page's body and what the fetch knew of it; ``sha256`` saves hashing the body again."""
        if self._descriptor < 0 or self._size >= self.max_bytes:
            self._next_file()
        offset = self._size
        sha256 = sha256 or body_sha256(page.body)
        record, record_id = records.capture(page, sha256)
        self._write(record + records.metadata(page.url, page.fetched_at, record_id, records.page_fields(page)))
        return Capture(sha256, self._name, offset, record_id)

    def add_revisit(self, page: Page, original: Capture) -> None:
        """Keeps that the page's address answered and had nothing new: a 304, or the body that ``original`` holds already."""
        if self._descriptor < 0 or self._size >= self.max_bytes:
            self._next_file()
        self._write(revisits.record(page, original))

    def note_id(self, capture: Capture, url: str, report_id: str) -> None:
        """Keeps the id that was given to the report in ``capture``, so that a replay gives it again."""
        if self._descriptor < 0:
            self._next_file()
        self._write(records.metadata(url, _now(), capture.record_id, [("report-id", report_id)]))

    def close(self) -> None:
        """Gives the file at work its final name. May be called twice."""
        if self._descriptor < 0:
            return
        path = self.directory / self._name
        os.fsync(self._descriptor)
        Path(f"{path}{OPEN}").rename(path)
        os.close(self._descriptor)
        self._descriptor = -1

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _next_file(self) -> None:
        self.close()
        self._name = f"harvester-{self._began}-{self.run_id}-{self._count:05}.warc.gz"
        self._count += 1
        self._size = 0
        # Locked under a name nobody looks for: a recovery in another process never meets an unlocked file of a live run.
        hidden = self.directory / f".{self._name}"
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(hidden, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_APPEND, 0o644)
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)
            hidden.rename(self.directory / f"{self._name}{OPEN}")
        except OSError as error:
            raise StorageError(f"{self.directory}: the archive cannot be written ({error.strerror}); give another --archive DIR") from error
        fields = [("software", f"harvester/{__version__}"), ("format", "WARC File Format 1.1"), ("run-id", self.run_id)]
        self._write(records.warcinfo(_now(), self._name, fields))

    def _write(self, record: bytes) -> None:
        """One write for what belongs together: after a kill only the last record can be torn; after a full disk none is."""
        try:
            written = os.write(self._descriptor, record)
            if written < len(record):
                os.write(self._descriptor, record[written:])
        except OSError as error:
            with suppress(OSError):  # the disk is full: what matters is the error below
                os.ftruncate(self._descriptor, self._size)
            raise StorageError(f"{self.directory / self._name}: {error.strerror}; make room, then start again: nothing is lost") from error
        self._size += len(record)


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def body_of(page: Page) -> bytes:
    """The page's body; of one that was read by another process, out of the archive that the belt noted."""
    if page.body or not page.capture or "archive" not in page.notes:
        return page.body
    body = read_body(page.notes["archive"].directory, page.capture.warc_file, page.capture.warc_offset)
    _, member, name = page.url.partition("#")
    if not (member and is_container(body)):
        return body
    return next((found.body for found in members(body) if quote(found.name) == name), b"")


def recover(directory: str | Path) -> list[str]:
    """Closes the files that killed runs left open, cutting a torn last record; one line for each cut. Live files are left alone."""
    lines = []
    for path in sorted(Path(directory).glob(f"*.warc.gz{OPEN}")):
        with path.open("r+b") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                continue
            whole, size = whole_bytes(stream), path.stat().st_size
            name = path.name.removesuffix(OPEN)
            if whole < size and resume(stream, whole + 1) is None:
                stream.truncate(whole)
                lines.append(f"{name}: the last record, torn by an interrupted run, was cut ({size - whole} bytes); all before it is whole")
            elif whole < size:
                lines.append(f"{name}: damaged at byte {whole}; nothing was cut, what follows is still read")
            path.rename(path.with_name(name))
    return lines
