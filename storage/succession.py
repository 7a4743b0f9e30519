"""Which report took another's place: worked out from what each URL answered over time, never from the order things were stored."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

# At a URL that carried the report, the latest report is another one of the same year: that is its revision. A page that shows each
# year's newest report in turn revises nothing, so the years must agree. The best URL (as in preference.key) decides between several.
# What holds of a rendition holds of the report it is one of.
LATEST = "SELECT key FROM capture WHERE visit = v.key AND report IS NOT NULL ORDER BY fetched_at DESC, body_sha256 DESC LIMIT 1"
REVISIONS = f"""SELECT y.key, l.fetched_at, hex(y.text_sha256)
    FROM report x JOIN capture c ON c.report = x.key JOIN visit v ON v.key = c.visit
    JOIN capture l ON l.key = ({LATEST}) JOIN report z ON z.key = l.report JOIN report y ON y.key = coalesce(z.rendition_of, z.key)
    WHERE (x.key = :key OR x.rendition_of = :key) AND y.key <> :key AND z.year IS x.year
    AND y.text_sha256 IS NOT (SELECT text_sha256 FROM report WHERE key = :key) ORDER BY l.rank, length(v.url), v.url"""
# Two reports whose texts became equal under a better extraction keep their ids; the one seen first counts.
TWIN = """SELECT coalesce(y.rendition_of, y.key), '', hex(y.text_sha256) FROM report x JOIN report y ON y.text_sha256 = x.text_sha256
    WHERE x.key = :key AND (y.first_seen, y.id) < (x.first_seen, x.id) AND y.rendition_of IS NOT :key
    ORDER BY y.first_seen, y.id LIMIT 1"""
OTHERS_AT = "SELECT DISTINCT report FROM capture WHERE visit = ? AND report IS NOT NULL"


class Follower(NamedTuple):
    """A report that took another's place, and since when the address that says so answers with it."""

    key: int
    since: str
    text: str


class _Followers:
    """Who follows whom, looked up once: it depends on captures and texts, and on no successor that is set meanwhile."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._known: dict[int, list[Follower]] = {}

    def of(self, report: int) -> list[Follower]:
        """Those that took its place, the best first."""
        if report not in self._known:
            rows = [row for sql in (REVISIONS, TWIN) for row in self.connection.execute(sql, {"key": report})]
            self._known[report] = [Follower(*row) for row in rows]
        return self._known[report]

    def reached(self, start: Iterable[int]) -> set[int]:
        """``start`` with all that follow them, and what follows those."""
        found: set[int] = set()
        waiting = list(start)
        while waiting:
            if (key := waiting.pop()) not in found:
                found.add(key)
                waiting += [follower.key for follower in self.of(key)]
        return found

    def successor(self, report: int) -> int | None:
        """The best that follows it for good. Of reports that take each other's place (one address went back, or two contradict each
        other) the one that an address answers with since last is current, and all others point to it."""
        followers = self.of(report)
        ring = {report, *(key for key in self.reached([one.key for one in followers]) if report in self.reached([key]))}
        best = next((one.key for one in followers if one.key not in ring), None)
        if best is not None or len(ring) == 1:
            return best
        newest = max((one.since, one.text, one.key) for key in ring for one in self.of(key) if one.key in ring)[2]
        return newest if newest != report else None


def settle(connection: sqlite3.Connection, report: int) -> int | None:
    """Sets ``superseded_by`` of a report from everything that is known now; returns the successor's key."""
    return _settle(_Followers(connection), report)


def _settle(followers: _Followers, report: int) -> int | None:
    connection, successor = followers.connection, followers.successor(report)
    connection.execute("UPDATE report SET superseded_by = ? WHERE key = ? AND superseded_by IS NOT ?", (successor, report, successor))
    return successor


def settle_all(connection: sqlite3.Connection, reports: Iterable[int]) -> set[int]:
    """Settles reports and all that follow them; returns the keys of those that got another successor than they had."""
    followers = _Followers(connection)
    concerned = followers.reached(reports)
    before = {key: _successor(connection, key) for key in concerned}
    after = {key: _settle(followers, key) for key in concerned}
    return {key for key in concerned if after[key] is not None and after[key] != before[key]}


def settle_visit(connection: sqlite3.Connection, visit: int) -> set[int]:
    """Settles every report a URL ever carried, as :func:`settle_all`."""
    reports = [key for (key,) in connection.execute(OTHERS_AT, (visit,)).fetchall()]
    if len(reports) < 2:
        return set()
    return settle_all(connection, reports)


def settle_twins(connection: sqlite3.Connection, *texts: bytes) -> None:
    """Settles all reports whose text has one of these hashes."""
    for text in texts:
        for (key,) in connection.execute("SELECT key FROM report WHERE text_sha256 = ? AND rendition_of IS NULL", (text,)).fetchall():
            settle(connection, key)


def _successor(connection: sqlite3.Connection, report: int) -> int | None:
    (successor,) = connection.execute("SELECT superseded_by FROM report WHERE key = ?", (report,)).fetchone()
    return None if successor is None else int(successor)
