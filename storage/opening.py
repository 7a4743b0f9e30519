"""Opening a database: is it ours, is it of this version, can it be written; each failure is one line that names the mend."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_random_exponential

from harvester.errors import StorageError
from storage import migrations, schema
from storage.sqlite import Database

BUSY_SECONDS = 10.0  # another crawl into the same file lets go every two seconds
# SQLite's words -> what it means to a user and what to do.
MEANINGS = (
    ("locked", "another program is writing to it; wait for it to end, or give another --db PATH"),
    ("busy", "another program is writing to it; wait for it to end, or give another --db PATH"),
    ("not a database", "this is not a SQLite database; give another --db PATH"),
    ("malformed", "the database is damaged; make a new one from the archive: harvester replay --db PATH"),
    ("readonly", "cannot be written; check who owns the file and its folder"),
    ("unable to open", "cannot be opened or made; check the folder"),
    ("full", "the disk is full; make room, then start again: what was stored stays"),
    ("disk I/O", "the disk cannot be read or written; make room or check it, then start again"),
)


def explained(path: str | Path, error: Exception) -> StorageError:
    """SQLite's error as one line with the file and the mend."""
    text = str(error).replace("\n", " ")
    return StorageError(f"{path}: " + next((mend for word, mend in MEANINGS if word in text), text))


@contextmanager
def one_line(path: str | Path) -> Iterator[None]:
    """Turns an SQLite error inside the block into a :class:`StorageError`."""
    try:
        yield
    except sqlite3.Error as error:
        raise explained(path, error) from error


def is_busy(error: BaseException) -> bool:
    return isinstance(error, sqlite3.OperationalError) and ("locked" in str(error) or "busy" in str(error))


def open_database(path: Path, timeout: float = BUSY_SECONDS) -> Database:
    """A connection to our database at ``path``, made or brought to today's version when needed.

    ``timeout``: seconds to wait for another writer. Raises :class:`StorageError` for a foreign, newer, locked or unwritable file.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"{path}: its folder cannot be made ({error.strerror}); give another --db PATH") from error
    with one_line(path):
        # Statements that SQLite does not wait for (switching to WAL, a new file made by two at once) are asked again.
        retrying = Retrying(
            retry=retry_if_exception(is_busy), stop=stop_after_delay(timeout), wait=wait_random_exponential(0.02, max=0.5), reraise=True
        )
        return retrying(_open, path, timeout)


def _open(path: Path, timeout: float) -> Database:
    # Scrapy may close the spider from another thread than the one that opened it; only one uses it at a time.
    connection = sqlite3.connect(path, timeout=timeout, isolation_level=None, check_same_thread=False)
    try:
        db = Database(connection, recursive_triggers=False, execute_plugins=False)
        _recognise(db, path)
        # A text of 7 KB wastes 1 KB of a page of 4 KB and a tenth of that on pages of 2 KB at the same speed (1 to 32 KB measured).
        connection.execute("PRAGMA page_size = 2048")
        connection.execute("PRAGMA journal_mode = WAL")
        # In WAL a commit that was not synced can be lost to a power cut, never torn; the archive has the bytes.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA cache_size = -16000")
        # Pages are moved from the log into the file, and both synced, every 16 MB instead of every 2: a page that many reports touch is
        # moved once for all of them.
        connection.execute("PRAGMA wal_autocheckpoint = 8000")
        _bring_up_to_date(db)
    except BaseException:
        connection.close()
        raise
    return db


def _recognise(db: Database, path: Path) -> None:
    ((ident,),) = db.execute("PRAGMA application_id").fetchall()
    names = db.table_names()
    if ident != schema.APPLICATION_ID and (ident or names):
        raise StorageError(f"{path}: a database of another program; give another --db PATH")
    if newer := migrations.unknown(db):
        raise StorageError(f"{path}: made by a newer harvester ({newer[-1]}); upgrade, or give another --db PATH")


def _bring_up_to_date(db: Database) -> None:
    if migrations.migrations.pending(db) or migrations.outdated(db):
        with db.atomic():
            db.conn.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
            migrations.migrations.apply(db)
            migrations.refresh(db)
