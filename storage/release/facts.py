"""What a release says of itself: its day and version, coverage by year, known faults, portals that were not read to their end."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any, NamedTuple

from harvester.errors import StorageError
from storage import tables
from storage.history import rows

TITLE = "政府信息公开工作年度报告 / Annual reports on open government information in China"
AUTHOR = "The Harvester"


class Licence(NamedTuple):
    """Of what the project adds; the reports themselves are nobody's property."""

    name: str
    title: str
    url: str


LICENCE = Licence("CC-BY-4.0", "Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/")
YEARS = """SELECT year, (SELECT expected FROM coverage c WHERE c.kind = 'year' AND c.year = r.year) AS expected, count(*) AS reports,
    sum(quality NOT IN ('partial', 'none')) AS whole, sum(quality = 'verified') AS verified, sum(quality = 'consistent') AS consistent,
    sum(quality = 'inconsistent') AS inconsistent, sum(quality = 'partial') AS partial, sum(quality = 'none') AS none,
    count(withdrawn_on) AS withdrawn FROM reports r WHERE superseded_by IS NULL GROUP BY year ORDER BY year"""
AS_OF = """SELECT max(day) FROM (SELECT max(last_seen) AS day FROM reports UNION ALL SELECT max(fetched_at) FROM captures
    UNION ALL SELECT max(started) FROM runs)"""
ISSUES = "SELECT code AS key, count(*) AS number, count(DISTINCT report_id) AS reports FROM issues GROUP BY code ORDER BY number DESC, code"
ERRORS = """SELECT check_id AS key, count(*) AS number, count(DISTINCT report_id) AS reports FROM source_errors
    GROUP BY check_id ORDER BY number DESC, check_id"""
# Of each portal what its last run said, when that was not all.
UNDONE = """SELECT p.portal_id, p.outcome, p.reason FROM run_portals p JOIN runs u ON u.id = p.run
    WHERE u.started = (SELECT max(v.started) FROM run_portals q JOIN runs v ON v.id = q.run WHERE q.portal_id = p.portal_id)
    AND p.outcome <> 'complete' AND p.portal_id <> '' ORDER BY p.portal_id"""


@dataclass(frozen=True)
class Facts:
    """``as_of``: the day of the latest thing in the database. ``years``, ``issues``, ``errors``, ``undone``: rows to show."""

    version: str
    as_of: str
    reports: int
    superseded: int
    figures: dict[str, int]
    years: list[dict[str, Any]]
    issues: list[dict[str, Any]]
    errors: list[dict[str, Any]]
    undone: list[dict[str, Any]]


def of_release(connection: sqlite3.Connection, version: str) -> Facts:
    """The facts of a published database. Raises :class:`StorageError` when it holds no report."""
    current, superseded = connection.execute("SELECT sum(superseded_by IS NULL), count(superseded_by) FROM reports").fetchone()
    if not current:
        raise StorageError("nothing to release: the database holds no report; crawl or ingest first")
    as_of = connection.execute(AS_OF).fetchone()[0][:10]
    status = dict(connection.execute("SELECT status, count(*) FROM figures GROUP BY status ORDER BY status").fetchall())
    issues, errors = (_named(connection, sql, kind) for sql, kind in ((ISSUES, "issue"), (ERRORS, "check")))
    lists = (rows(connection, YEARS), issues, errors, rows(connection, UNDONE))
    return Facts(version or ".".join(str(int(part)) for part in as_of.split("-")), as_of, current, superseded, status, *lists)


def _named(connection: sqlite3.Connection, sql: str, kind: str) -> list[dict[str, Any]]:
    return [row | {"name": " / ".join(filter(None, tables.label(kind, row["key"])))} for row in rows(connection, sql)]
