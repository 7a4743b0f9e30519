"""The database: pages saved whole or not at all, what each URL last answered, what each run did."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from harvester import __version__
from harvester.items import Capture, Issue, Page
from storage import opening, portals, reference, schema
from storage.saving import Saved, Saver
from storage.visits import ANSWERED, MOVED, OF_RECORD, SEEN_AT, VISIT, Visit

BATCH = 50  # reports a transaction: a commit costs as much as storing a report
SECONDS = 2.0  # and at most this long until what was read can be seen by others


class Database:
    """Our SQLite file at ``path``, made when it is not there.

    ``batch``: reports a transaction, which is open for ``seconds`` at most; ``timeout``: seconds to wait for another writer.
    Every method raises :class:`StorageError`, one line, when the file is foreign, locked, damaged or the disk is full.
    """

    def __init__(self, path: str | Path, batch: int = BATCH, timeout: float = opening.BUSY_SECONDS, seconds: float = SECONDS) -> None:
        self.path = Path(path)
        self.batch = batch
        self.seconds = seconds
        self.db = opening.open_database(self.path, timeout)
        self.connection: sqlite3.Connection = self.db.conn
        self._saver = Saver(self.connection)
        self._pending = 0
        self._began = 0.0

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Commits and closes; may be called twice."""
        _shared.pop(self.path.resolve(), None)
        try:
            self.commit()
        finally:
            self.connection.close()

    def commit(self) -> None:
        """Ends the transaction at work."""
        try:
            in_transaction = self.connection.in_transaction
        except sqlite3.ProgrammingError:
            return  # closed already
        if in_transaction:
            with opening.one_line(self.path):
                self._commit()
        self._pending = 0

    def _commit(self) -> None:
        """What cannot be committed is gone as a whole, and what we remember of it: rows that are not there must not be referred to."""
        try:
            self.connection.execute("COMMIT")
        except sqlite3.Error:
            self._saver.forget()
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise

    def commit_due(self) -> None:
        """Commits when the transaction at work is full or old enough. Called from time to time when no page comes."""
        if self._pending >= self.batch or (self._pending and time.monotonic() - self._began >= self.seconds):
            self.commit()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """All or nothing of what is written inside, in the transaction at work."""
        connection = self.connection
        with opening.one_line(self.path):
            if not connection.in_transaction:
                connection.execute("BEGIN IMMEDIATE")
                self._began = time.monotonic()
            connection.execute("SAVEPOINT one")
            try:
                yield connection
            except BaseException:
                self._saver.forget()
                if connection.in_transaction:  # a full disk ends the whole transaction by itself
                    connection.execute("ROLLBACK TO one")
                    connection.execute("RELEASE one")
                raise
            connection.execute("RELEASE one")
        self._pending += 1
        self.commit_due()

    def save(self, page: Page) -> Saved:
        """Stores what the belt made of a page; ``page.capture`` and ``page.report`` are set. What became of it is in the answer."""
        with self.writing():
            return self._saver.save(page)

    def visit(self, url: str) -> Visit | None:
        """What the URL last answered, None for a new one."""
        with opening.one_line(self.path):
            row = self.connection.execute(VISIT, (url,)).fetchone()
        if row is None:
            return None
        etag, last_modified, sha256, report_id, seen_at, file, offset, record_id, known_whole, gone = row
        capture = Capture(sha256, file or "", offset or 0, record_id or "")
        return Visit(url, etag or "", last_modified or "", sha256, report_id or "", seen_at or "", capture, bool(known_whole), bool(gone))

    def under(self, url: str) -> list[str]:
        """The URL and, when an archive of files stands there, those of its members."""
        read = "SELECT url FROM visit WHERE url > ? || '#' AND url < ? || '$' ORDER BY url"
        return [url, *(member for (member,) in self.connection.execute(read, (url, url)))]

    def seen(self, url: str, at: str) -> str:
        """The URL still answers the same at ``at`` (UTC ISO 8601); returns the id of the report it carries, "" for none."""
        with self.writing() as connection:
            connection.execute(SEEN_AT, {"url": url, "at": at})
            if not (carried := self._carried(url)):
                return ""
            text, shown, report_id = carried
            self._seen_report(text, shown, at)
            return report_id

    def seen_again(self, url: str, record_id: str, at: str) -> None:
        """The URL answered at ``at`` what that record of the archive holds: :meth:`seen`, told by the archive in any order."""
        with self.writing() as connection:
            connection.execute(SEEN_AT, {"url": url, "at": at})
            for text, shown in connection.execute(OF_RECORD, {"url": url, "record": record_id}).fetchall():
                self._seen_report(text, shown, at)

    def answers_with(self, page: Page) -> None:
        """The validators that the page came with now: a server that was exchanged gives others for the same bytes."""
        told = {name.lower(): value for name, value in page.headers}
        with self.writing() as connection:
            write = "UPDATE visit SET etag = ?, last_modified = ? WHERE url = ?"
            connection.execute(write, (told.get("etag"), told.get("last-modified"), page.url))

    def _seen_report(self, text: int, shown: int, at: str) -> None:
        self.connection.execute("UPDATE report SET last_seen = max(last_seen, ?) WHERE key = ?", (at, text))
        write = "UPDATE report SET withdrawn_on = CASE WHEN withdrawn_on > ? THEN withdrawn_on END WHERE key = ?"
        self.connection.execute(write, (at, shown))

    def gone(self, url: str, at: str) -> str:
        """The URL is named by no list and answers 404 or 410; when no other URL carries its report that is withdrawn.

        Returns the id of the report that is withdrawn by this, "" for none.
        """
        with self.writing() as connection:
            connection.execute("UPDATE visit SET gone_on = coalesce(gone_on, ?) WHERE url = ?", (at, url))
            if not (carried := self._carried(url)):
                return ""
            _, shown, report_id = carried
            standing = """SELECT 1 FROM report h JOIN capture c ON c.report = h.key JOIN visit v ON v.capture = c.key
                WHERE (h.key = :shown OR h.rendition_of = :shown) AND v.gone_on IS NULL"""
            if connection.execute(standing, {"shown": shown}).fetchone():
                return ""
            write = "UPDATE report SET withdrawn_on = ? WHERE key = ? AND withdrawn_on IS NULL"
            return report_id if connection.execute(write, (at, shown)).rowcount else ""

    def _carried(self, url: str) -> tuple[int, int, str] | None:
        """Of the text that the URL carries: its key, that of the row that shows it, and the report's id."""
        row: tuple[int, int, str] | None = self.connection.execute(
            f"SELECT h.key, r.key, {schema.ID} {ANSWERED} WHERE v.url = ?", (url,)
        ).fetchone()
        return row

    def moved(self, url: str, to: str) -> bool:
        """Whether ``to``, where ``url`` leads now, carried its report too: what it answers is what became of the report."""
        return self.connection.execute(MOVED, {"url": url, "to": to}).fetchone() is not None

    def urls(self, portal_id: str) -> dict[str, str]:
        """Every page of the portal that held a report when last seen and is not gone -> what carries it, or ""; archives of files once."""
        container = "(SELECT url FROM visit WHERE url = substr(v.url, 1, instr(v.url, '#') - 1))"
        carrier = f"coalesce((SELECT url FROM visit WHERE key = c.carrier AND url IS NOT {container}), '')"
        read = f"SELECT coalesce({container}, v.url), {carrier} {ANSWERED} WHERE c.portal_id = ? AND v.gone_on IS NULL"
        return dict(self.connection.execute(read, (portal_id,)).fetchall())

    def find(self, name: str) -> str:
        """Id of the text with this id (16 hex digits) or this hash (64); "" for none. Of several with one hash the first seen.

        A text that is a rendition of another is given by the id it had when it was read, not by that of the report it is shown under.
        """
        if len(name) == 64:
            read = "SELECT id FROM report WHERE text_sha256 = ? ORDER BY superseded_by IS NOT NULL, first_seen, id LIMIT 1"
            row = self.connection.execute(read, (bytes.fromhex(name),)).fetchone()
        else:
            row = self.connection.execute("SELECT id FROM report WHERE id = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def replace_issues(self, report: int, code: str, issues: Iterable[Issue]) -> None:
        """The issues of this kind that the report (its key) has from now on."""
        with self.writing() as connection:
            connection.execute("DELETE FROM issue WHERE report = ? AND code = ?", (report, code))
            write = 'INSERT INTO issue (report, code, "where", message) VALUES (?, ?, ?, ?)'
            connection.executemany(write, [(report, issue.code, issue.where, issue.message) for issue in issues])

    def load_reference(self, registry: Iterable[Any] = (), region_files: Iterable[str | Path] = ()) -> None:
        """Regions, labels and the given portals of the registry, as their files say today."""
        with self.writing():
            reference.load(self.db, registry, region_files)
            self._saver.forget()
        self.commit()

    def portal(self, portal_id: str) -> tuple[str, str]:
        """Name and region code of the portal, empty where they are not known."""
        return portals.portal(self.connection, portal_id)

    def start_run(self, run_id: str, command: str, started: str, years: str = "") -> None:
        """A run begins at ``started`` (UTC ISO 8601), for these report ``years`` (2019-2025, 2021; empty: all). A run that was killed stays
        without ``seconds``."""
        with self.writing() as connection:
            key = self._saver.run(run_id)
            given = (command, __version__, started, years or None)
            connection.execute("UPDATE runs SET command = ?, version = ?, started = ?, years = ? WHERE key = ?", (*given, key))
        self.commit()

    def carries(self, url: str) -> None:
        """Files hang on the page: noted before anything of it is stored, so that a run that is killed now looks at the page again."""
        with self.writing() as connection:
            connection.execute("INSERT INTO visit (url, carries) VALUES (?, 1) ON CONFLICT (url) DO UPDATE SET carries = 1", (url,))

    def finish_run(self, summary: Mapping[str, Any], ended: bool = True, left: Collection[str] = ()) -> None:
        """Stores the run summary, in the shape of ``--summary``. ``ended``: nothing was left to do, so no other run goes on from here;
        but for the portals in ``left``."""
        with self.writing() as connection:
            key = self._saver.run(str(summary["run_id"]))
            given = [summary.get(name) for name in ("seconds", "requests", "bytes")]
            connection.execute("UPDATE runs SET seconds = ?, requests = ?, bytes = ? WHERE key = ?", (*given, key))
            names = ("portal_id", "outcome", "reason", "listed", "fetched", "new", "changed", "unchanged", "withdrawn", "rejected")
            rows = [(key, *(portal.get(name) for name in names)) for portal in summary["portals"]]
            places = ", ".join("?" * (len(names) + 1))
            connection.executemany(f"INSERT OR REPLACE INTO run_portals (run, {', '.join(names)}) VALUES ({places})", rows)
            if ended:
                connection.executemany("DELETE FROM list_page WHERE portal_id = ?", [(row[1],) for row in rows if row[1] not in left])
        self.commit()


_shared: dict[Path, Database] = {}


def shared(path: str | Path, batch: int = BATCH, seconds: float = SECONDS) -> Database:
    """The one database of this process at ``path``: opened by whoever asks first, the same object for all until it is closed."""
    place = Path(path).resolve()
    if place not in _shared:
        _shared[place] = Database(path, batch, seconds=seconds)
    return _shared[place]
