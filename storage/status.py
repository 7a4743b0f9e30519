"""What a database holds and what is broken in it: counts, last runs, portals, coverage by year, issues."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from storage.database import Database

LAST_RUNS = 5

# part of the answer -> the query that gives its rows; every count is of current reports (superseded_by is null)
QUERIES = {
    "runs": f"""SELECT r.id AS run, r.command, r.started, round(r.seconds, 1) AS seconds, r.requests, sum(p.new) AS new,
        sum(p.changed) AS changed, sum(p.unchanged) AS unchanged, sum(p.outcome = 'complete') AS complete,
        sum(p.outcome <> 'complete') AS not_complete
        FROM runs r LEFT JOIN run_portals p ON p.run = r.key GROUP BY r.key ORDER BY r.key DESC LIMIT {LAST_RUNS}""",
    # The newest run that asked the portal; a portal never asked is not listed here but by `harvester portals`.
    "portals": """SELECT p.portal_id AS portal, p.outcome, p.reason, r.started AS asked, p.listed, count(c.key) AS reports
        FROM run_portals p JOIN runs r ON r.key = p.run
        LEFT JOIN capture c ON coalesce(c.portal_id, '') = p.portal_id AND c.key IN (SELECT capture FROM report WHERE superseded_by IS NULL)
        WHERE p.run = (SELECT max(run) FROM run_portals q WHERE q.portal_id = p.portal_id)
        GROUP BY p.portal_id ORDER BY p.outcome = 'complete', p.portal_id""",
    "years": """SELECT year, count(*) AS reports, sum(quality = 'verified') AS verified, sum(quality = 'consistent') AS consistent,
        sum(quality = 'inconsistent') AS inconsistent, sum(quality = 'partial') AS partial, sum(quality = 'none') AS none
        FROM report WHERE superseded_by IS NULL GROUP BY year ORDER BY year""",
    "issues": """SELECT i.code, l.en AS what, count(*) AS count, count(DISTINCT i.report) AS reports, count(DISTINCT i.visit) AS pages
        FROM issue i LEFT JOIN labels l ON l.kind = 'issue' AND l.key = i.code LEFT JOIN report r ON r.key = i.report
        WHERE r.superseded_by IS NULL GROUP BY i.code ORDER BY count(*) DESC""",
}
COUNTS = {
    "reports": "SELECT count(*) FROM report WHERE superseded_by IS NULL",
    "superseded": "SELECT count(*) FROM report WHERE superseded_by IS NOT NULL",
    "captures": "SELECT count(*) FROM capture",
    "first_year": "SELECT min(year) FROM report WHERE superseded_by IS NULL",
    "last_year": "SELECT max(year) FROM report WHERE superseded_by IS NULL",
}


def status_of(path: str | Path) -> dict[str, Any]:
    """``database``, the numbers of :data:`COUNTS` and the rows of :data:`QUERIES`. Raises ``StorageError`` as ``Database`` does."""
    with Database(path) as database:
        connection: sqlite3.Connection = database.connection
        return {"database": str(path), **_counts(connection), **{name: _rows(connection, sql) for name, sql in QUERIES.items()}}


def closing(path: str | Path, outcomes: Mapping[str, Iterable[str]]) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """What a closing summary tells: the numbers of :data:`COUNTS`, and for each outcome the titles of its report ids, in order of title."""
    with Database(path) as database:
        connection: sqlite3.Connection = database.connection
        return _counts(connection), {name: _titles(connection, ids) for name, ids in outcomes.items()}


def was_crawled(path: str | Path, prefix: str) -> bool:
    """Whether a run that came to its end asked a portal whose id begins with ``prefix``; a database that is not there was not crawled."""
    if not Path(path).is_file():
        return False
    sql = "SELECT 1 FROM run_portals p JOIN runs r ON r.key = p.run WHERE r.seconds IS NOT NULL AND p.portal_id LIKE ? || '%'"
    with Database(path) as database:
        return database.connection.execute(sql, [prefix]).fetchone() is not None


def _counts(connection: sqlite3.Connection) -> dict[str, Any]:
    return {name: connection.execute(sql).fetchone()[0] for name, sql in COUNTS.items()}


def _rows(connection: sqlite3.Connection, sql: str) -> list[dict[str, Any]]:
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row)) for row in cursor]


def _titles(connection: sqlite3.Connection, ids: Iterable[str]) -> list[str]:
    found = (connection.execute("SELECT year, title, organ FROM report WHERE id = ?", [one]).fetchone() for one in ids)
    return sorted(_named(*row) for row in found if row)


def _named(year: int | None, title: str | None, organ: str | None) -> str:
    """A list of new reports is of use only when it says whose they are: some titles name no organ, some no year."""
    told = title or "(no title)"
    if organ and organ not in told:
        told = f"{told} ({organ})"
    return told if year is None or str(year) in told else f"{told} [{year}]"
