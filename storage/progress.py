"""How far a replay has come in each file of the archive, and what is told of pages elsewhere than beside them; gone when it ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from fastwarc.warc import WarcRecordType

from storage import revisits, stretches
from storage.database import Database

TABLES = (
    "CREATE TABLE IF NOT EXISTS replay (made_by TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS replay_file (file TEXT PRIMARY KEY, bytes INTEGER NOT NULL, read_to INTEGER NOT NULL) WITHOUT ROWID",
    """CREATE TABLE IF NOT EXISTS replay_note (
        record_id TEXT NOT NULL, url TEXT NOT NULL, report TEXT NOT NULL, PRIMARY KEY (record_id, url)) WITHOUT ROWID""",
    "CREATE TABLE IF NOT EXISTS replay_again (number INTEGER PRIMARY KEY, url TEXT NOT NULL, record_id TEXT NOT NULL, at TEXT NOT NULL)",
)
NAMES = ("replay", "replay_file", "replay_note", "replay_again")
AT_ONCE = 1000  # rows


class File(NamedTuple):
    """One file of the archive: its name in the archive's folder, where it is, its bytes, and the byte to which it was read."""

    key: str
    path: Path
    name: str
    size: int
    read_to: int


class Progress:
    """The replay at work on ``database``. One that was begun by the same extraction goes on; by another, it begins anew.

    A long archive's notes and revisits are millions: they wait in the database, not in memory.
    """

    def __init__(self, database: Database, folder: Path, made_by: str) -> None:
        self.database = database
        self.found = list(stretches.files(folder))
        with database.writing() as connection:
            for statement in TABLES:
                connection.execute(statement)
            begun = connection.execute("SELECT made_by FROM replay").fetchone()
            self.resumed = begun == (made_by,)
            if not self.resumed:
                for table in NAMES:
                    connection.execute(f"DELETE FROM {table}")
                connection.execute("INSERT INTO replay VALUES (?)", (made_by,))
        database.commit()

    def files(self) -> list[File]:
        """Every file of the archive, when all that is told elsewhere is known."""
        known = dict(self.database.connection.execute("SELECT file, bytes FROM replay_file").fetchall())
        if any(known.get(key, size) != size for key, _, _, size in self.found):  # a crawl is at work on it: what it told may be more
            known = {}
        with self.database.writing() as connection:
            if not known:
                connection.execute("DELETE FROM replay_again")
            for key, path, name, size in self.found:
                if key not in known:
                    self._look_through(path, name)
                    write = "INSERT INTO replay_file VALUES (?, ?, 0) ON CONFLICT (file) DO UPDATE SET bytes = excluded.bytes"
                    connection.execute(write, (key, size))
        self.database.commit()
        read_to = dict(self.database.connection.execute("SELECT file, read_to FROM replay_file").fetchall())
        return [File(key, path, name, size, read_to[key]) for key, path, name, size in self.found]

    def _look_through(self, path: Path, name: str) -> None:
        execute = self.database.connection.execute
        for record, content in stretches.notes_and_revisits(path, name):
            if record.record_type == WarcRecordType.revisit:
                told = revisits.read(record)
                execute("INSERT INTO replay_again (url, record_id, at) VALUES (?, ?, ?)", (told.url, told.refers_to, told.at))
            elif note := stretches.note_of(record, content):
                execute("INSERT OR REPLACE INTO replay_note VALUES (?, ?, ?)", note)

    def id_of(self, record_id: str, url: str) -> str:
        """The id that was given to the report of this record, and of this address in it; "" for none."""
        read = "SELECT report FROM replay_note WHERE record_id = ? AND url = ?"
        row = self.database.connection.execute(read, (record_id, url)).fetchone()
        return str(row[0]) if row else ""

    def came_to(self, file: File, place: int | None) -> None:
        """The file is read to ``place``, or to its end: known as soon as what was read there is stored, and not before."""
        with self.database.writing() as connection:
            read_to = file.size if place is None else place
            connection.execute("UPDATE replay_file SET read_to = ? WHERE file = ?", (read_to, file.key))

    def seen_again(self) -> Iterator[tuple[str, str, str]]:
        """(URL, record id, moment) of each time that a page was seen again, in the order of the archive."""
        read, last = "SELECT number, url, record_id, at FROM replay_again WHERE number > ? ORDER BY number LIMIT ?", 0
        while rows := self.database.connection.execute(read, (last, AT_ONCE)).fetchall():
            last = rows[-1][0]
            yield from (row[1:] for row in rows)

    def end(self) -> None:
        """All is read: nothing of this is needed any more."""
        with self.database.writing() as connection:
            for table in NAMES:
                connection.execute(f"DROP TABLE {table}")
        self.database.commit()
