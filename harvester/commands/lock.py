"""Two runs into one database never overlap: a lock that its holder's death releases, whatever it died of."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from harvester.errors import StorageError


@contextmanager
def held(database: Path) -> Iterator[str]:
    """Holds ``NAME.lock`` beside the database for the length of the block; gives one line about a run that left it behind, or nothing.

    Raises :class:`StorageError` when another process holds it, or when the file cannot be written. The file stays: to remove it would let
    two others hold a lock each, one on the file that was removed.
    """
    path = database.with_suffix(".lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = path.open("a+", encoding="utf-8")  # not inherited by the processes that a run starts, which may outlive it
    except OSError as error:
        raise StorageError(f"{path}: cannot be written ({error.strerror}); name another place with --db") from error
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StorageError(f"{database}: another run is at work on it ({_holder(stream) or path}); wait for it to end") from error
        left_by = _holder(stream)
        _write(stream, f"process {os.getpid()}, since {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}\n")
        yield f"the run before ({left_by}) did not come to its end; what it had stored is in this report" if left_by else ""
        _write(stream, "")


def _holder(stream: IO[str]) -> str:
    stream.seek(0)
    return stream.read(200).strip()


def _write(stream: IO[str], text: str) -> None:
    stream.seek(0)
    stream.truncate()
    stream.write(text)
    stream.flush()
