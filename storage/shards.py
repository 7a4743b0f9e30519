"""The WARC files of several archives in one folder: each content once, under a name that its bytes give it, so that no order matters."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from harvester.errors import StorageError
from storage.archive import body_sha256, read_body, recover
from storage.warcs import OPEN

DIGEST = 12  # hex digits of the content's SHA-256 in a name: two of a billion files that are alike in them are as likely as a lost disk
NAMED = re.compile(r"(.+?)(?:-([0-9a-f]{12}))?(\.warc(?:\.gz)?)")
SAMPLE = 20  # captures of a file that are read and held against their digest
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Shard:
    """A database with its archive folder."""

    db: Path
    archive: Path


def found(path: Path) -> Shard:
    """The shard at ``path``: a folder with one database and the folder ``archive``, or the database itself with ``archive`` beside it.

    Raises :class:`StorageError` when there is none.
    """
    databases = [path] if path.is_file() else sorted(path.glob("*.db")) if path.is_dir() else []
    if len(databases) != 1:
        what = f"holds {len(databases)} databases" if databases else "holds no database" if path.exists() else "is not there"
        raise StorageError(f"{path}: {what}; a shard is a folder with one database (*.db) and its archive (archive/), or that database")
    archive = databases[0].parent / "archive"
    if not archive.is_dir():
        raise StorageError(f"{databases[0]}: its archive is not beside it ({archive} is no folder)")
    return Shard(databases[0], archive)


def files_of(archive: Path) -> dict[str, Path]:
    """Name -> path of the archive's WARC files, those a killed run left open closed first. Raises :class:`StorageError` for a live one."""
    recover(archive)
    if live := next(archive.glob(f"*{OPEN}"), None):
        raise StorageError(f"{live}: a run is writing it; merge when the run has ended")
    return {path.name: path for path in sorted(archive.rglob("*")) if NAMED.fullmatch(path.name) and not path.name.startswith(".")}


def named(path: Path) -> str:
    """The name of a WARC file in a merged archive: its own, with the digest of its bytes."""
    parts = NAMED.fullmatch(path.name)
    digest = _sha256(path)[:DIGEST]
    if parts is None or parts[2] == digest:
        return path.name
    return f"{parts[1]}{f'-{parts[2]}' if parts[2] else ''}-{digest}{parts[3]}"


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def bring(path: Path, archive: Path, name: str) -> None:
    """Puts the file into ``archive`` as ``name``: a hard link, a copy where the file systems differ; in one step."""
    place = archive / name
    if place.exists() and place.stat().st_size == path.stat().st_size:
        return
    work = archive / f".{name}.{os.getpid()}"
    try:
        archive.mkdir(parents=True, exist_ok=True)
        work.unlink(missing_ok=True)
        try:
            work.hardlink_to(path)
        except OSError:  # another file system, or one without links
            shutil.copyfile(path, work)
        work.replace(place)
    except OSError as error:
        raise StorageError(f"{place}: cannot be written ({error.strerror}); make room or name another --archive") from error
    finally:
        work.unlink(missing_ok=True)


def checked(connection: sqlite3.Connection, shard: Shard, files: dict[str, Path]) -> None:
    """Every file that the shard's database names is there, and captures spread over it hold the bytes that it says.

    Raises :class:`StorageError`, one line.
    """
    for code, name, captures in connection.execute(
        "SELECT w.code, w.name, count(*) FROM warc_file w JOIN capture c ON c.warc_file = w.code GROUP BY w.code ORDER BY w.name"
    ).fetchall():
        if name not in files:
            raise StorageError(f"{shard.archive / name}: missing; {captures:,} captures of {shard.db} lie in it")
        for offset, digest, member in _sample(connection, code):
            body = read_body(files[name].parent, name, offset)
            if not member and body_sha256(body) != digest:
                raise StorageError(
                    f"{shard.archive / name}: the record at byte {offset} is not what {shard.db} says; is the archive another's?"
                )


def _sample(connection: sqlite3.Connection, code: int) -> Iterator[tuple[int, str, bool]]:
    """Offset, digest, and whether it is the digest of a member of the archive of files there."""
    rows = connection.execute(
        """SELECT warc_offset, lower(hex(body_sha256)), instr(url, '#') > 0 FROM capture JOIN visit ON visit.key = capture.visit
        WHERE warc_file = ? ORDER BY warc_offset""",
        (code,),
    ).fetchall()
    yield from rows[:: max(1, len(rows) // SAMPLE)]
