"""What the database covers of what is expected: found, with figures, with checks that ran, verified; by year, region and level."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from storage import schema

TABLE = """CREATE TABLE coverage (kind TEXT, region_code TEXT REFERENCES regions(code), level TEXT, year INTEGER, expected INTEGER,
    found INTEGER, parsed INTEGER, checked INTEGER, verified INTEGER)"""
LEDGER = "SELECT region_code, level, year, portal_id, status, report_id FROM ledger WHERE status <> 'not_yet_due'"
UNKNOWN = schema.OUTCOMES.index("unknown")
SIGNS = f"""SELECT {schema.ID}, r.quality <> 'none', r.quality = 'verified',
    EXISTS (SELECT 1 FROM check_result WHERE report = r.key AND outcome <> {UNKNOWN}) FROM report r WHERE {schema.SHOWN}"""
READ = "SELECT DISTINCT portal_id FROM run_portals p JOIN runs r ON r.id = p.run WHERE p.outcome = 'complete' AND r.command = 'crawl'"
LEAST = "SELECT id, region_code, min_reports FROM portals WHERE min_reports IS NOT NULL"
FOUND = ("found", "withdrawn")


class Group(NamedTuple):
    """What a row counts: ``kind`` all, year, region, region_year or level_year. A region counts with all that lie in it."""

    kind: str
    region_code: str | None = None
    level: str | None = None
    year: int | None = None


class Signs(NamedTuple):
    """Of a report: whether it has figures, whether every check passes, whether one could be decided."""

    parsed: bool
    verified: bool
    checked: bool


@dataclass(slots=True)
class Count:
    """``known``: some portal of the group was read to its end or the registry says how many reports it has, so that what is expected is
    known at all. ``of``: expected reports by portal."""

    known: bool = False
    found: int = 0
    parsed: int = 0
    checked: int = 0
    verified: int = 0
    of: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def build(connection: sqlite3.Connection) -> None:
    """The table ``coverage``, from ``ledger``. ``expected`` is null where nobody knows, never the number found. Needs ``ledger``."""
    connection.execute("DROP TABLE IF EXISTS coverage")
    connection.execute(TABLE)
    rows = ((*group, *counts) for group, counts in _counted(connection))
    connection.executemany(f"INSERT INTO coverage VALUES ({', '.join('?' * 9)})", sorted(rows, key=repr))
    connection.execute("CREATE INDEX idx_coverage_kind ON coverage(kind, region_code, level, year)")


def _counted(connection: sqlite3.Connection) -> Iterator[tuple[Group, tuple[int | None, ...]]]:
    parents = {code: parent for code, parent in connection.execute("SELECT code, parent FROM regions") if parent}
    read = {portal for (portal,) in connection.execute(READ)}
    counts: dict[Group, Count] = defaultdict(Count)
    signs = {report: Signs(*map(bool, told)) for report, *told in connection.execute(SIGNS)}
    for region, level, year, portal, status, report in connection.execute(LEDGER):
        for group in _groups(region, level, year, parents):
            _add(counts[group], portal, portal in read, signs[report] if status in FOUND else None)
    least = _least(connection, parents)
    for group in least:
        counts[group].known = True  # also where nothing of it was seen
    for group, count in counts.items():
        expected = sum(max(count.of.get(portal, 0), least.get(group, {}).get(portal, 0)) for portal in {*count.of, *least.get(group, {})})
        yield group, (expected if count.known else None, count.found, count.parsed, count.checked, count.verified)


def _add(count: Count, portal: str | None, known: bool, found: Signs | None) -> None:
    count.known |= known
    count.of[portal or ""] += 1
    if found:
        count.found += 1
        count.parsed += found.parsed
        count.checked += found.checked
        count.verified += found.verified


def _groups(region: str | None, level: str, year: int, parents: Mapping[str, str]) -> Iterator[Group]:
    yield from (Group("all"), Group("year", year=year), Group("level_year", level=level, year=year))
    for code in _around(region, parents):
        yield from (Group("region", code), Group("region_year", code, year=year))


def _around(region: str | None, parents: Mapping[str, str]) -> Iterator[str]:
    """The region and those it lies in."""
    passed: set[str] = set()
    while region and region not in passed:
        yield region
        passed.add(region)
        region = parents.get(region)


def _least(connection: sqlite3.Connection, parents: Mapping[str, str]) -> dict[Group, dict[str, int]]:
    """Group -> portal -> how many reports its list had when somebody counted; that does not say of which years they are."""
    found: dict[Group, dict[str, int]] = defaultdict(dict)
    for portal, region, least in connection.execute(LEAST):
        for group in (Group("all"), *(Group("region", code) for code in _around(region, parents))):
            found[group][portal] = least
    return found
