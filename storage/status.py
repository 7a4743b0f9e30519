"""What a database holds and what is broken in it: counts, last runs, portals and since when they are so, coverage by year, issues."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from storage import history
from storage.database import Database

LAST_RUNS = 5

# part of the answer -> the query that gives its rows; every count is of current reports (superseded_by is null)
QUERIES = {
    "runs": f"""SELECT r.id AS run, r.command, r.started, round(r.seconds, 1) AS seconds, r.requests, sum(p.new) AS new,
        sum(p.changed) AS changed, sum(p.unchanged) AS unchanged, sum(p.outcome = 'complete') AS complete,
        sum(p.outcome <> 'complete') AS not_complete
        FROM runs r LEFT JOIN run_portals p ON p.run = r.key GROUP BY r.key ORDER BY r.key DESC LIMIT {LAST_RUNS}""",
    "years": """SELECT year, count(*) AS reports, sum(quality = 'verified') AS verified, sum(quality = 'consistent') AS consistent,
        sum(quality = 'inconsistent') AS inconsistent, sum(quality = 'partial') AS partial, sum(quality = 'none') AS none
        FROM report WHERE superseded_by IS NULL GROUP BY year ORDER BY year""",
    "issues": """SELECT i.code, l.en AS what, count(*) AS count, count(DISTINCT i.report) AS reports, count(DISTINCT i.visit) AS pages
        FROM issue i LEFT JOIN labels l ON l.kind = 'issue' AND l.key = i.code LEFT JOIN report r ON r.key = i.report
        WHERE r.superseded_by IS NULL GROUP BY i.code ORDER BY count(*) DESC""",
}
REPORTS = """SELECT coalesce(c.portal_id, ''), count(*) FROM report r JOIN capture c ON c.key = r.capture
    WHERE r.superseded_by IS NULL GROUP BY 1"""
STANDING = ("portal", "outcome", "since", "last_success", "asked", "listed", "reason")
COUNTS = {
    "reports": "SELECT count(*) FROM report WHERE superseded_by IS NULL",
    "superseded": "SELECT count(*) FROM report WHERE superseded_by IS NOT NULL AND rendition_of IS NULL",
    "captures": "SELECT count(*) FROM capture",
    "first_year": "SELECT min(year) FROM report WHERE superseded_by IS NULL",
    "last_year": "SELECT max(year) FROM report WHERE superseded_by IS NULL",
}


def status_of(path: str | Path) -> dict[str, Any]:
    """``database``, the numbers of :data:`COUNTS` and the rows of :data:`QUERIES`. Raises ``StorageError`` as ``Database`` does."""
    with Database(path) as database:
        connection: sqlite3.Connection = database.connection
        told = {name: history.rows(connection, sql) for name, sql in QUERIES.items()}
        return {"database": str(path), **counts(connection), "runs": told["runs"], "portals": _portals(connection), **told}


def closing(path: str | Path, outcomes: Mapping[str, Iterable[str]]) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """What a closing summary tells: the numbers of :data:`COUNTS`, and for each outcome the titles of its report ids, in order of title."""
    with Database(path) as database:
        connection: sqlite3.Connection = database.connection
        return counts(connection), {name: _titles(connection, ids) for name, ids in outcomes.items()}


def was_crawled(path: str | Path, prefix: str) -> bool:
    """Whether a run that came to its end asked a portal whose id begins with ``prefix``; a database that is not there was not crawled."""
    if not Path(path).is_file():
        return False
    sql = "SELECT 1 FROM run_portals p JOIN runs r ON r.key = p.run WHERE r.seconds IS NOT NULL AND p.portal_id LIKE ? || '%'"
    with Database(path) as database:
        return database.connection.execute(sql, [prefix]).fetchone() is not None


def counts(connection: sqlite3.Connection) -> dict[str, Any]:
    """The numbers of :data:`COUNTS`."""
    return {name: connection.execute(sql).fetchone()[0] for name, sql in COUNTS.items()}


def _portals(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """How each portal stands and the number of current reports that are shown from it; those that are not complete first. A portal that
    was never asked is not listed here but by ``harvester portals``."""
    shown = dict(connection.execute(REPORTS).fetchall())
    found = history.portals(connection)
    return [{name: row[name] for name in STANDING} | {"reports": shown.get(row["portal"], 0)} for row in found]


def _titles(connection: sqlite3.Connection, ids: Iterable[str]) -> list[str]:
    read = "SELECT year, title, organ FROM report WHERE coalesce(named, id) = ? AND rendition_of IS NULL"
    found = (connection.execute(read, [one]).fetchone() for one in ids)
    return sorted(_named(*row) for row in found if row)


def _named(year: int | None, title: str | None, organ: str | None) -> str:
    """A list of new reports is of use only when it says whose they are: some titles name no organ, some no year."""
    told = title or "(no title)"
    if organ and organ not in told:
        told = f"{told} ({organ})"
    return told if year is None or str(year) in told else f"{told} [{year}]"
