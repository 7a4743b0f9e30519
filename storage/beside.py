"""The boilerplate index of many reports, worked out by a process of its own while this one lays out the rest of the published copy."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from harvester.errors import StorageError
from storage import boilerplate

FEW = 2000  # reports, which are compared here before another process has begun
# Not -m: what that module defines would be of __main__ there, and unknown here.
PROGRAM = "from storage.beside import main; main()"
COLUMNS = "key, id, organ_id, scope, year, region_code, level, superseded_by, text"  # of reports: what the comparison reads
LAYOUT = (
    f"CREATE TABLE aside.reports ({COLUMNS.replace('key', 'key INTEGER PRIMARY KEY', 1)})",
    f"INSERT INTO aside.reports SELECT {COLUMNS} FROM main.reports WHERE superseded_by IS NULL",
    "CREATE TABLE aside.regions (code TEXT PRIMARY KEY, parent TEXT)",
    "INSERT INTO aside.regions SELECT code, parent FROM main.regions",
)


@contextmanager
def comparing(connection: sqlite3.Connection, place: Path) -> Iterator[Callable[[], None]]:
    """Compares what ``connection`` has now, with a file at ``place`` that goes afterwards; what is given waits for the index and writes it
    into ``connection``, as :func:`storage.boilerplate.build` would. Neither within a transaction. Raises :class:`StorageError`.
    """
    (reports,) = connection.execute("SELECT count(*) FROM report").fetchone()
    if reports < FEW:
        yield lambda: boilerplate.build(connection)
        return
    try:
        with _attached(connection, place):
            for statement in ("PRAGMA aside.journal_mode = OFF", "PRAGMA aside.synchronous = OFF", *LAYOUT):
                connection.execute(statement)
        with _started(place) as process:
            try:
                yield lambda: _fetch(connection, process, place)
            finally:
                process.kill()  # unless it has come to its end
    finally:
        place.unlink(missing_ok=True)


@contextmanager
def _attached(connection: sqlite3.Connection, place: Path) -> Iterator[None]:
    """The file as ``aside``, and for no longer than needed: a transaction of ours would lock it against the process that writes there."""
    connection.execute("ATTACH ? AS aside", (str(place),))
    yield
    connection.execute("DETACH aside")


def main() -> None:
    """Makes the index in the file that the command line names."""
    with closing(sqlite3.connect(sys.argv[1], isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        boilerplate.build(connection)
        connection.execute("COMMIT")


def _started(place: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen([sys.executable, "-c", PROGRAM, str(place)], stderr=subprocess.PIPE, text=True, env=environment)


def _fetch(connection: sqlite3.Connection, process: subprocess.Popen[str], place: Path) -> None:
    _, told = process.communicate()
    if process.returncode:
        reason = next(iter(told.strip().splitlines()[-1:]), "no reason given")
        raise StorageError(f"the comparison of texts ended with status {process.returncode} ({reason}); publish again")
    boilerplate.lay_out(connection)
    with _attached(connection, place):
        for table in boilerplate.TABLES:
            connection.execute(f"INSERT INTO main.{table} SELECT * FROM aside.{table} ORDER BY 1, 2")
