"""Which report took another's place: worked out from what each URL answered over time, never from the order things were stored."""

from __future__ import annotations

import sqlite3

# At a URL that carried the report, the latest report is another one of the same year: that is its revision. A page that shows each
# year's newest report in turn revises nothing, so the years must agree. The best URL (as in preference.key) decides between several.
# What holds of a rendition holds of the report it is one of.
LATEST = "SELECT key FROM capture WHERE visit = v.key AND report IS NOT NULL ORDER BY fetched_at DESC, body_sha256 DESC LIMIT 1"
REVISION = f"""SELECT y.key FROM report x JOIN capture c ON c.report = x.key JOIN visit v ON v.key = c.visit
    JOIN capture l ON l.key = ({LATEST}) JOIN report z ON z.key = l.report JOIN report y ON y.key = coalesce(z.rendition_of, z.key)
    WHERE (x.key = :key OR x.rendition_of = :key) AND y.key <> :key AND z.year IS x.year AND y.superseded_by IS NOT :key
    ORDER BY l.rank, length(v.url), v.url LIMIT 1"""
# Two reports whose texts became equal under a better extraction keep their ids; the one seen first counts.
TWIN = """SELECT coalesce(y.rendition_of, y.key) FROM report x JOIN report y ON y.text_sha256 = x.text_sha256
    WHERE x.key = :key AND (y.first_seen, y.id) < (x.first_seen, x.id) AND y.rendition_of IS NOT :key
    ORDER BY y.first_seen, y.id LIMIT 1"""
OTHERS_AT = "SELECT DISTINCT report FROM capture WHERE visit = ? AND report IS NOT NULL"


def settle(connection: sqlite3.Connection, report: int) -> int | None:
    """Sets ``superseded_by`` of a report from everything that is known now; returns the successor's key."""
    found = connection.execute(REVISION, {"key": report}).fetchone() or connection.execute(TWIN, {"key": report}).fetchone()
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
        for (key,) in connection.execute("SELECT key FROM report WHERE text_sha256 = ? AND rendition_of IS NULL", (text,)).fetchall():
            settle(connection, key)


def _successor(connection: sqlite3.Connection, report: int) -> int | None:
    (successor,) = connection.execute("SELECT superseded_by FROM report WHERE key = ?", (report,)).fetchone()
    return None if successor is None else int(successor)
