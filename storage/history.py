"""How the portals fared over the runs: since when one is as it is, when it was last read to its end, what it listed each time."""

from __future__ import annotations

import sqlite3
from typing import Any, NamedTuple

RUNS = 30  # runs that a portal's history shows
NEAR = 45  # days that a run may lie from the same day of the year before and still be compared with it

# The newest run that asked each portal, and how long it has been so. Crawls count before replays, which ask nobody: a portal that only
# files name is told by those. In the newest unbroken row of one outcome a portal's runs and the runs of that outcome count alike.
PORTALS = """WITH asked AS (
    SELECT p.portal_id, p.outcome, p.reason, p.listed, r.started, r.key AS run, r.command = 'crawl' AS crawled,
    row_number() OVER (PARTITION BY p.portal_id, r.command = 'crawl' ORDER BY r.key DESC) AS place,
    row_number() OVER (PARTITION BY p.portal_id, r.command = 'crawl', p.outcome ORDER BY r.key DESC) AS place_of_outcome
    FROM run_portals p JOIN runs r ON r.key = p.run),
    newest AS (SELECT portal_id, max(crawled) AS crawled FROM asked GROUP BY portal_id)
    SELECT a.portal_id AS portal, max(iif(a.place = 1, a.outcome, NULL)) AS outcome,
    min(iif(a.place = a.place_of_outcome, a.started, NULL)) AS since, max(iif(a.place = 1, a.reason, NULL)) AS reason,
    max(a.started) AS asked, max(iif(a.outcome = 'complete', a.started, NULL)) AS last_success,
    max(iif(a.place = 1, a.listed, NULL)) AS listed, max(iif(a.place = 1, a.run, NULL)) AS run
    FROM newest n JOIN asked a ON a.portal_id = n.portal_id AND a.crawled = n.crawled GROUP BY a.portal_id"""
CRAWLS = """SELECT r.key, r.id AS run_id, r.started, r.seconds, r.requests, r.bytes, count(p.portal_id) AS portals,
    sum(p.outcome = 'complete') AS complete, sum(p.outcome = 'incomplete') AS incomplete, sum(p.outcome = 'blocked') AS blocked,
    sum(p.outcome = 'unreachable') AS unreachable, sum(p.outcome = 'empty') AS empty,
    sum(p.listed) AS listed, sum(p.new) AS new, sum(p.changed) AS changed, sum(p.unchanged) AS unchanged, sum(p.withdrawn) AS withdrawn
    FROM runs r JOIN run_portals p ON p.run = r.key WHERE r.command = 'crawl' AND r.seconds IS NOT NULL"""
# A run that was interrupted in a portal's list saw a part of it: the most that it showed within a year of ``at`` is what it can show.
LISTED_BEFORE = """SELECT p.portal_id, max(p.listed) FROM run_portals p JOIN runs r ON r.key = p.run
    WHERE r.command = 'crawl' AND r.key < :run AND r.started >= date(:at, '-1 year') GROUP BY p.portal_id"""
# Beside a max() SQLite gives the other columns of the row that has it.
BEFORE = """SELECT p.portal_id, p.outcome, p.listed, p.reason, max(p.run) FROM run_portals p JOIN runs r ON r.key = p.run
    WHERE r.command = 'crawl' AND p.run < :run GROUP BY p.portal_id"""


class Fared(NamedTuple):
    """How a portal fared in a crawl."""

    outcome: str
    listed: int
    reason: str = ""

    @property
    def silent(self) -> bool:
        """Whether it said nothing: no answer, a refusal, or a server in trouble (5xx). A list that is gone (404) is an answer."""
        return self.outcome in ("unreachable", "blocked") or self.reason.startswith("HTTP 5")


def portals(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """For each portal ever asked: portal, outcome, since, reason, asked, last_success (None: never), listed, run; the broken ones first."""
    return sorted(rows(connection, PORTALS), key=lambda row: (row["outcome"] == "complete", row["portal"]))


def run(connection: sqlite3.Connection, run_id: str) -> dict[str, Any] | None:
    """A finished crawl with its totals over all portals, None when there is none of this id."""
    return next(iter(rows(connection, f"{CRAWLS} AND r.id = :run_id GROUP BY r.key", {"run_id": run_id})), None)


def run_before(connection: sqlite3.Connection, key: int) -> dict[str, Any] | None:
    """The crawl before the one with this key."""
    return next(iter(rows(connection, f"{CRAWLS} AND r.key < :key GROUP BY r.key ORDER BY r.key DESC LIMIT 1", {"key": key})), None)


def run_a_year_before(connection: sqlite3.Connection, key: int, at: str) -> dict[str, Any] | None:
    """The crawl nearest to the same day of the year before ``at`` (ISO 8601), None when there is none within :data:`NEAR` days."""
    away = "abs(julianday(r.started) - julianday(date(:at, '-1 year')))"
    sql = f"{CRAWLS} AND r.key < :key AND {away} <= {NEAR} GROUP BY r.key ORDER BY {away} LIMIT 1"
    return next(iter(rows(connection, sql, {"key": key, "at": at})), None)


def before(connection: sqlite3.Connection, key: int) -> dict[str, Fared]:
    """Portal -> how it fared in the last crawl before that with this key that asked it."""
    return {
        portal: Fared(outcome, listed or 0, reason or "") for portal, outcome, listed, reason, _ in connection.execute(BEFORE, {"run": key})
    }


def most_listed(connection: sqlite3.Connection, key: int, at: str) -> dict[str, int]:
    """Portal -> the most reports that it listed in a crawl of the year before ``at``."""
    return {portal: listed or 0 for portal, listed in connection.execute(LISTED_BEFORE, {"run": key, "at": at})}


def lists(connection: sqlite3.Connection) -> dict[str, list[tuple[str, str, int]]]:
    """Portal -> (started, outcome, listed) in each of the last :data:`RUNS` crawls that asked it, oldest first."""
    sql = """SELECT p.portal_id, r.started, p.outcome, p.listed FROM run_portals p JOIN runs r ON r.key = p.run
        WHERE r.key IN (SELECT key FROM runs WHERE command = 'crawl' AND seconds IS NOT NULL ORDER BY key DESC LIMIT ?) ORDER BY r.key"""
    found: dict[str, list[tuple[str, str, int]]] = {}
    for portal, started, outcome, listed in connection.execute(sql, (RUNS,)):
        found.setdefault(portal, []).append((started, outcome, listed or 0))
    return found


def season(connection: sqlite3.Connection, day: str) -> dict[str, Any]:
    """Reports of the last report year that were published by ``day`` (``YYYY-MM-DD``), against those of the year before by its day.

    By the day that portals print: a harvest that began this year has seen all of them only now.
    """
    year, rest = int(day[:4]), day[4:]
    sql = "SELECT count(*) FROM report WHERE superseded_by IS NULL AND year = ? AND published_on <= ?"
    counts = [connection.execute(sql, (one, f"{one + 1}{rest}")).fetchone()[0] for one in (year - 1, year - 2)]
    return {"year": year - 1, "by": rest[1:], "published": counts[0], "year_before": counts[1]}


def rows(connection: sqlite3.Connection, sql: str, given: Any = ()) -> list[dict[str, Any]]:
    """The rows of a query as dicts."""
    cursor = connection.execute(sql, given)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
