"""Several databases with their archives into one: idempotent, independent of order, and killed anywhere it goes on when started again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from harvester.errors import StorageError
from storage import opening, renditions, shards, succession, withdrawing
from storage.database import Database
from storage.folding import TEMPORARY, Fold, Touched
from storage.saving import Saver
from storage.shards import Shard

TABLES = ("_merged", "_gone")  # of a merged database only
# Which shards are in, and how they were then.
MERGED = "CREATE TABLE IF NOT EXISTS _merged (shard TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID"
AT = "SELECT DISTINCT report FROM capture WHERE visit = ? AND report IS NOT NULL"
PLACES = "SELECT DISTINCT visit FROM capture WHERE report = ?"
OWN = "SELECT 1 FROM report WHERE key = ? AND rendition_of IS NULL"
ATTACHED = "SELECT 1 FROM capture WHERE report = ? AND carrier IS NOT NULL LIMIT 1"
CARRIERS = """DELETE FROM issue WHERE code = 'not_report' AND visit IN
    (SELECT carrier FROM capture WHERE carrier IS NOT NULL AND report IS NOT NULL)"""


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of a merge: shards given, those that had something new, and what the database holds now."""

    shards: int
    folded: int
    reports: int
    captures: int
    files: int


def merge(
    given: Sequence[Shard],
    db: Path,
    archive: Path,
    names: Callable[[Path], str] = shards.named,
    told: Callable[[Sequence[Shard]], Iterable[Shard]] = iter,
    again: bool = False,
) -> Merged:
    """Folds ``given`` into the database ``db`` and the folder ``archive``; what is there already stays.

    ``names``: a WARC file -> its name in ``archive``; ``told``: shows how far it is; ``again``: the shards are what ``archive`` holds, read
    again, and go before what ``db`` says. Raises :class:`StorageError`, one line: for a shard
    that is not there, foreign, of a newer harvester, being written, or without a WARC file that it names. A shard is in as a whole or not.
    """
    places = {shard.db.resolve(): shard for shard in given}
    if db.resolve() in places:
        raise StorageError(f"{db}: is one of the shards; name another database with --db")
    for shard in places.values():
        Database(shard.db).close()  # brought to today's tables, or refused, before anything is written
    folded = 0
    with Database(db) as database:
        with opening.one_line(db):
            database.load_reference()
            with database.writing() as connection:
                connection.execute(MERGED)
                withdrawing.begin(connection)
            database.commit()
        for shard in told(list(places.values())):
            folded += _take(database, shard, archive, names, again)
        read = "SELECT (SELECT count(*) FROM reports), (SELECT count(*) FROM capture)"
        reports, captures = database.connection.execute(read).fetchone()
    return Merged(len(places), folded, reports, captures, len(shards.files_of(archive)) if archive.is_dir() else 0)


def _take(database: Database, shard: Shard, archive: Path, names: Callable[[Path], str], again: bool) -> bool:
    """One shard, whole; whether it was not in already as it is."""
    name, state = str(shard.db.resolve()), _state(shard)
    connection = database.connection
    if connection.execute("SELECT 1 FROM _merged WHERE shard = ? AND state = ?", (name, state)).fetchone():
        return False
    files = shards.files_of(shard.archive)
    with Database(shard.db) as its:
        shards.checked(its.connection, shard, files)
    ours = {known: names(path) for known, path in files.items()}
    if shard.archive.resolve() != archive.resolve():
        for known, path in files.items():
            shards.bring(path, archive, ours[known])
    with _attached(database, shard):
        settle(connection, Fold(connection, ours, again).fold())
        connection.execute("INSERT OR REPLACE INTO _merged VALUES (?, ?)", (name, state))
    return True


def _state(shard: Shard) -> str:
    """Changes whenever the database was written to, or a file of the archive came."""
    stat = shard.db.stat()
    files = sorted(path.name for path in shard.archive.rglob("*.warc*"))
    return f"{stat.st_size} {stat.st_mtime_ns} {files}"


@contextmanager
def _attached(database: Database, shard: Shard) -> Iterator[None]:
    """One transaction with the shard's tables at hand; all of it or nothing."""
    connection = database.connection
    with opening.one_line(database.path):
        connection.execute("ATTACH ? AS shard", (str(shard.db),))
        try:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            for table in TEMPORARY:
                connection.execute(f"DROP TABLE IF EXISTS temp.{table}")
        finally:
            connection.execute("DETACH shard")


def settle(connection: sqlite3.Connection, touched: Touched) -> None:
    """Puts what was touched in its place among what is tied to it, as a crawl does: captures, renditions, successors, withdrawals."""
    reports = touched.reports | {key for visit in touched.visits for (key,) in connection.execute(AT, (visit,))}
    visits = {visit for key in reports for (visit,) in connection.execute(PLACES, (key,))}
    reports |= {key for visit in visits for (key,) in connection.execute(AT, (visit,))}
    _show(connection, reports)
    connection.execute(CARRIERS)
    order = _in_order(connection, reports)
    for key in order:
        if _is_tied(connection, key):
            renditions.settle(connection, (), key)
    succession.settle_all(connection, [key for key in order if connection.execute(OWN, (key,)).fetchone()])
    texts = [text for key in order for (text,) in connection.execute("SELECT text_sha256 FROM report WHERE key = ?", (key,))]
    succession.settle_twins(connection, *dict.fromkeys(texts))
    for key in order:
        withdrawing.settle(connection, key)


def _in_order(connection: sqlite3.Connection, reports: Iterable[int]) -> list[int]:
    read = "SELECT first_seen, id, key FROM report WHERE key = ?"
    return [key for *_, key in sorted(row for report in reports for row in connection.execute(read, (report,)).fetchall())]


def _show(connection: sqlite3.Connection, reports: Iterable[int]) -> None:
    """Each report is shown from a capture that carries it; one that no capture carries any more was none."""
    saver = Saver(connection)
    shown = "SELECT 1 FROM report r JOIN capture c ON c.key = r.capture AND c.report = r.key WHERE r.key = ?"
    for key in reports:
        if not connection.execute(shown, (key,)).fetchone():
            saver.let_go(key)


def _is_tied(connection: sqlite3.Connection, report: int) -> bool:
    """Whether the report may have renditions."""
    if connection.execute(ATTACHED, (report,)).fetchone():
        return True
    return any(renditions.concerns(connection, visit, report) for (visit,) in connection.execute(PLACES, (report,)).fetchall())
