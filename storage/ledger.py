"""The ledger: for every organ and year whether its report was found, when it was due and published, and if it is not here why."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from harvester import deadlines
from harvester.regions import Gazetteer
from storage.expected import Expected, expected

TABLE = """CREATE TABLE ledger (organ_id TEXT REFERENCES organs(id), organ TEXT, region_code TEXT REFERENCES regions(code), level TEXT,
    year INTEGER, status TEXT, report_id TEXT, portal_id TEXT REFERENCES portals(id), published_on TEXT,
    deadline TEXT, deadline_basis TEXT, days_late INTEGER, lateness_note TEXT, PRIMARY KEY (organ_id, year))"""
INDEXED = ("status", "region_code", "level", "report_id", "portal_id")
# A year's page in its order, counted without reading the lines; and the few that are late.
PAGES = (
    "CREATE INDEX ledger_page ON ledger(year DESC, region_code, organ, status, level)",
    "CREATE INDEX ledger_late ON ledger(year, region_code, status) WHERE days_late > 0",
    "CREATE INDEX ledger_latest ON ledger(days_late DESC, year DESC, region_code, organ) WHERE days_late > 0",
)
REPORTS = """SELECT id, organ_id, portal_id, year, scope, level, region_code, published_on, first_seen, withdrawn_on, superseded_by
    FROM reports WHERE organ_id IS NOT NULL AND year IS NOT NULL"""
# Only a crawl reads lists: a replay or an ingest finds what it was given.
CRAWLS = """SELECT p.portal_id, p.outcome, r.started, r.years FROM run_portals p JOIN runs r ON r.id = p.run
    WHERE r.command = 'crawl' AND r.started IS NOT NULL ORDER BY r.started, r.key"""
TODAY = "SELECT coalesce((SELECT max(started) FROM runs), (SELECT max(last_seen) FROM reports), '')"
SILENT = ("blocked", "unreachable")
# Report years that must bear one day before it looks like a migration's: of a portal, of one organ.
SHARED_BY_PORTAL, SHARED_BY_ORGAN = 3, 2


class Report(NamedTuple):
    """A version of a report, as the view ``reports`` has it."""

    id: str
    organ_id: str
    portal_id: str | None
    year: int
    scope: str
    level: str
    region_code: str | None
    published_on: str | None
    first_seen: str
    withdrawn_on: str | None
    superseded_by: str | None


class Reading(NamedTuple):
    """How a portal's lists were read: the outcome of the latest crawl; and by the report years a crawl was asked for (None: all), the day
    of the last that read them to their end."""

    outcome: str = ""
    complete: dict[str | None, str] = {}

    def shows(self, year: int, due: str) -> bool:
        """Whether a list that was read to its end after the day ``due`` would have shown a report of this year."""
        return any(day > due and _within(year, years) for years, day in self.complete.items())


class Entry(NamedTuple):
    """A row of the ledger. ``status``: found, withdrawn, not_yet_due, blocked, missing or unknown. ``days_late`` is 0 for a report in time
    and null where nobody can tell; a ``lateness_note`` says why, or why the number is not certain."""

    organ_id: str
    organ: str
    region_code: str | None
    level: str
    year: int
    status: str
    report_id: str | None
    portal_id: str | None
    published_on: str | None
    deadline: str | None
    deadline_basis: str
    days_late: int | None
    lateness_note: str


def build(connection: sqlite3.Connection) -> None:
    """The table ``ledger``, as of the day of the latest run: no clock is asked. Needs ``organ_links``."""
    (today,) = connection.execute(TODAY).fetchone()
    entries = list(Ledger(connection, today[:10]).entries()) if today else []
    connection.execute("DROP TABLE IF EXISTS ledger")
    connection.execute(TABLE)
    connection.executemany(f"INSERT INTO ledger VALUES ({', '.join('?' * len(Entry._fields))})", entries)
    for column in INDEXED:
        connection.execute(f"CREATE INDEX idx_ledger_{column} ON ledger({column})")
    for statement in PAGES:
        connection.execute(statement)


class Ledger:
    """Works out the rows as of ``today`` (ISO date)."""

    def __init__(self, connection: sqlite3.Connection, today: str) -> None:
        self._today = today
        self._organs = expected(connection, until=int(today[:4]) - 1)
        self._versions: dict[tuple[str, int], list[Report]] = defaultdict(list)
        for row in connection.execute(REPORTS):
            report = Report(*row)
            self._versions[report.organ_id, report.year].append(report)
        self._years: dict[str, list[int]] = defaultdict(list)
        for organ_id, year in self._versions:
            self._years[organ_id].append(year)
        self._shared = _shared_days(report for versions in self._versions.values() for report in versions)
        self._readings = _readings(connection)
        self._regions = {code for (code,) in connection.execute("SELECT code FROM regions")}
        self._gazetteer = Gazetteer()

    def entries(self) -> Iterator[Entry]:
        """Every expected year of every organ, and every other that has a report."""
        for organ in self._organs:
            for year in sorted({*range(organ.first, organ.last + 1), *self._years[organ.organ_id]}):
                yield self._entry(organ, year)

    def _entry(self, organ: Expected, year: int) -> Entry:
        versions = self._versions.get((organ.organ_id, year), [])
        report = min((version for version in versions if not version.superseded_by), key=_preferred, default=None)
        if report is None:
            return self._without(organ, year)
        limit = deadlines.deadline(year, report.level or organ.level, report.scope)
        published = _published(report, versions)
        late = deadlines.lateness(year, limit.day, published, _first(report, versions), self._is_shared(report, published))
        return Entry(
            *(organ.organ_id, organ.name, report.region_code or organ.region_code, report.level or organ.level, year),
            *("withdrawn" if report.withdrawn_on else "found", report.id, report.portal_id, published),
            *(limit.day, limit.basis, late.days, late.note),
        )

    def _without(self, organ: Expected, year: int) -> Entry:
        limit = deadlines.deadline(year, organ.level, organ.scope or "")
        status, note = self._status(organ, year, deadlines.due(year, limit.day)), ""
        if status == "missing" and year >= organ.given_up:
            status, note = "unknown", deadlines.note("renamed")
        place = (organ.organ_id, organ.name, self._region(organ, year), organ.level, year)
        return Entry(*place, status, None, organ.portal_id, None, limit.day, limit.basis, None, note)

    def _status(self, organ: Expected, year: int, due: str) -> str:
        """Why a report is not here. Missing is only what a list that was read to its end after the report was due does not show."""
        reading = self._readings.get(organ.portal_id or "", Reading())
        verdicts = (
            ("not_yet_due", self._today <= due),
            ("blocked", reading.outcome in SILENT),
            ("missing", reading.shows(year, due)),
        )
        return next((name for name, holds in verdicts if holds), "unknown")

    def _region(self, organ: Expected, year: int) -> str | None:
        """The code that the organ's place had at the end of the year."""
        code = self._gazetteer.at(organ.organ_id[:6], year)
        return code if code in self._regions else organ.region_code

    def _is_shared(self, report: Report, published: str | None) -> bool:
        return (report.portal_id, published) in self._shared or (report.organ_id, published) in self._shared


def _preferred(report: Report) -> tuple[bool, bool, str, str, str]:
    """Of several reports for one year: one that still stands, one that sums up, the earliest."""
    return bool(report.withdrawn_on), report.scope != "consolidated", report.published_on or "9999", report.first_seen, report.id


def _published(report: Report, versions: Iterable[Report]) -> str | None:
    """The earliest day that a version of the report bears and that can be true: a revision bears the day of the revision."""
    days = [version.published_on for version in _chain(report, versions) if deadlines.plausible(version.year, version.published_on)]
    return min((day for day in days if day), default=report.published_on)


def _first(report: Report, versions: Iterable[Report]) -> str:
    return min(version.first_seen or "9999" for version in _chain(report, versions))


def _chain(report: Report, versions: Iterable[Report]) -> Iterator[Report]:
    """The report and the versions before it."""
    by_id = {version.id: version for version in versions}
    for version in by_id.values():
        last, passed = version, {version.id}
        while last.superseded_by in by_id and last.superseded_by not in passed:
            last = by_id[last.superseded_by]
            passed.add(last.id)
        if last.id == report.id:
            yield version


def _shared_days(reports: Iterable[Report]) -> set[tuple[str | None, str]]:
    """(portal or organ, day) where the reports of several years bear one day."""
    years: dict[tuple[str | None, str], set[int]] = defaultdict(set)
    least: dict[tuple[str | None, str], int] = {}
    for report in reports:
        for owner, limit in ((report.portal_id, SHARED_BY_PORTAL), (report.organ_id, SHARED_BY_ORGAN)):
            if owner and report.published_on and not report.superseded_by:
                years[owner, report.published_on].add(report.year)
                least[owner, report.published_on] = limit
    return {place for place, found in years.items() if len(found) >= least[place]}


def _readings(connection: sqlite3.Connection) -> dict[str, Reading]:
    found: dict[str, Reading] = {}
    for portal, outcome, started, years in connection.execute(CRAWLS):
        complete = found.get(portal, Reading()).complete
        found[portal] = Reading(outcome, {**complete, years: started[:10]} if outcome == "complete" else complete)
    return found


def _within(year: int, years: str | None) -> bool:
    """Whether ``years`` (2019-2025, 2021, None for all) hold the year."""
    first, _, last = (years or "0-9999").partition("-")
    return int(first) <= year <= int(last or first)
