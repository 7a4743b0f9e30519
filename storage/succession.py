"""Which report took another's place: worked out from what each URL answered over time, never from the order things were stored."""

from __future__ import annotations

import sqlite3

# At a URL that carried the report, the latest body is another report of the same year: that is its revision. A page that shows each
# year's newest report in turn revises nothing, so the years must agree. The best URL (as in preference.key) decides between several.
REVISION = """SELECT y.key FROM capture c JOIN visit v ON v.key = c.visit JOIN capture l ON l.key = v.capture
    JOIN report y ON y.key = l.report JOIN report x ON x.key = c.report
    WHERE x.key = ? AND y.key <> x.key AND y.year IS x.year AND y.superseded_by IS NOT x.key
    ORDER BY l.rank, length(v.url), v.url LIMIT 1"""
# Two reports whose texts became equal under a better extraction keep their ids; the one seen first counts.
TWIN = """SELECT y.key FROM report x JOIN report y ON y.text_sha256 = x.text_sha256
    WHERE x.key = ? AND (y.first_seen, y.id) < (x.first_seen, x.id) ORDER BY y.first_seen, y.id LIMIT 1"""
OTHERS_AT = "SELECT DISTINCT report FROM capture WHERE visit = ? AND report IS NOT NULL"


def settle(connection: sqlite3.Connection, report: int) -> int | None:
    """Sets ``superseded_by`` of a report from everything that is known now; returns the successor's key."""
    found = connection.execute(REVISION, (report,)).fetchone() or connection.execute(TWIN, (report,)).fetchone()
    successor = int(found[0]) if found else None
    connection.execute("UPDATE report SET superseded_by = ? WHERE key = ? AND superseded_by IS NOT ?", (successor, report, successor))
    return successor


def settle_visit(connection: sqlite3.Connection, visit: int) -> set[int]:
    """Settles every report a URL ever carried; returns the keys of those that got another successor than they had."""
    reports = [key for (key,) in connection.execute(OTHERS_AT, (visit,)).fetchall()]
    if len(reports) < 2:
        return set()
    before = {key: _successor(connection, key) for key in reports}
    for key in reports:
        connection.execute("UPDATE report SET superseded_by = NULL WHERE key = ?", (key,))
    after = {key: settle(connection, key) for key in reports}
    return {key for key in reports if after[key] is not None and after[key] != before[key]}


def settle_twins(connection: sqlite3.Connection, *texts: bytes) -> None:
    """Settles all reports whose text has one of these hashes."""
    for text in texts:
        for (key,) in connection.execute("SELECT key FROM report WHERE text_sha256 = ?", (text,)).fetchall():
            settle(connection, key)


def _successor(connection: sqlite3.Connection, report: int) -> int | None:
    (successor,) = connection.execute("SELECT superseded_by FROM report WHERE key = ?", (report,)).fetchone()
    return None if successor is None else int(successor)
