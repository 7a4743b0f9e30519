"""The renditions of one report under one row: who belongs together, who is shown, who gives the id; worked out from all that is known of
them, never from the order in which they came."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import NamedTuple

from harvester import renditions
from storage import preference, schema, succession

CODE = "rendition_mismatch"
PRINTED, BLANK, DOUBTFUL = (schema.STATUS.index(name) for name in ("printed", "blank", "doubtful"))
PASS = schema.OUTCOMES.index("pass")
STANDING = 2**40  # seconds: when what still stands will end

# Whether more than this page has a say in where its report belongs.
SERIES = """SELECT y.key FROM report x JOIN report y ON y.organ_id = x.organ_id AND y.scope = x.scope AND y.year = x.year AND y.format {}
    JOIN capture p ON p.key = x.capture JOIN capture q ON q.key = y.capture AND q.portal_id IS p.portal_id
    WHERE x.key = :report AND coalesce(x.published_on = y.published_on, 1)"""
SAME_DAY = f"""{SERIES.format("IS NOT NULL AND y.format IS NOT x.format")} UNION
    {SERIES.format("IS NULL AND x.format IS NOT NULL")}"""
CONCERNS = f"""SELECT EXISTS (SELECT 1 FROM capture WHERE carrier = :visit) OR EXISTS ({SAME_DAY}) OR EXISTS (
    SELECT 1 FROM capture c JOIN report r ON r.key = c.report WHERE c.visit = :visit AND (r.rendition_of IS NOT NULL OR r.named IS NOT NULL
    OR EXISTS (SELECT 1 FROM report h WHERE h.rendition_of = r.key)))"""
READING = """SELECT r.key, r.id, r.organ_id, r.year, r.scope, r.first_seen, r.rendition_of, r.named, c.rank, v.url, c.fetched_at,
    lower(hex(c.body_sha256)), coalesce(r.format, 'html'), c.run, c.recognised, c.carrier IS NOT NULL
    FROM report r JOIN capture c ON c.key = r.capture JOIN visit v ON v.key = c.visit WHERE r.key = ?"""
COUNTS = f"""SELECT count(*) FILTER (WHERE status IN ({PRINTED}, {BLANK})), count(*) FILTER (WHERE status = {DOUBTFUL}),
    (SELECT count(*) FROM check_result WHERE report = :report AND outcome = {PASS}) FROM value WHERE report = :report"""
CARRIED = """SELECT o.report FROM capture c JOIN capture o ON o.carrier = coalesce(c.carrier, c.visit) WHERE c.report = :report
    UNION SELECT o.report FROM capture c JOIN capture o ON o.visit = coalesce(c.carrier, c.visit) WHERE c.report = :report"""
SAME_ADDRESS = "SELECT DISTINCT o.report FROM capture c JOIN capture o ON o.visit = c.visit WHERE c.report = :report"
FETCHED = """SELECT (SELECT max(carrier) FROM capture WHERE visit = v.key) IS NOT NULL, v.url, c.fetched_at, c.report
    FROM capture c JOIN visit v ON v.key = c.visit WHERE c.visit IN (SELECT visit FROM capture WHERE report = ?)
    ORDER BY c.fetched_at, c.body_sha256"""
HIDDEN = "SELECT key FROM report WHERE rendition_of = :key UNION SELECT rendition_of FROM report WHERE key = :key"
TWINS = """SELECT y.key FROM report x JOIN report y ON y.text_sha256 = x.text_sha256 AND y.key <> x.key
    WHERE x.key = ? AND y.rendition_of IS NULL"""
UNIT = "CASE WHEN {0}.unit IS NULL THEN k.unit ELSE (SELECT unit FROM unit WHERE code = {0}.unit) END"
BOTH = f"""SELECT k.table_key, k.row_key, k.column_key, a.value, {UNIT.format("a")}, coalesce(a.printed, CAST(a.value AS TEXT)),
    b.value, {UNIT.format("b")}, coalesce(b.printed, CAST(b.value AS TEXT))
    FROM value a JOIN value b ON b.report = ? AND b.cell = a.cell AND b.status = {PRINTED} AND b.value IS NOT NULL
    JOIN cell k ON k.code = a.cell WHERE a.report = ? AND a.status = {PRINTED} AND a.value IS NOT NULL ORDER BY a.cell"""
STANDS = """SELECT count(*) FILTER (WHERE v.gone_on IS NULL), max(v.gone_on) FROM capture c JOIN visit v ON v.capture = c.key
    WHERE c.report = ?"""


class Address(NamedTuple):
    """Where a text was fetched; in the order in which addresses that were fetched in the same second are asked."""

    attached: bool
    length: int
    url: str


class Span(NamedTuple):
    """From when to when (seconds) an address answered with a report."""

    begin: float
    end: float


@dataclass(slots=True)
class Member:
    """A text that was read, as one of those that may be renditions of one report."""

    key: int
    id: str
    organ_id: str | None
    year: int | None
    scope: str
    first_seen: str
    rendition_of: int | None
    named: str | None
    shown_from: preference.Key
    merit: tuple[int, ...]
    format: str
    run: int | None
    spans: dict[Address, list[Span]] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """Address and day of the capture it is shown from, in words."""
        _, _, url, fetched_at, _ = self.shown_from
        return f"{url} ({self.format}, fetched {fetched_at})"

    @property
    def stands(self) -> bool:
        return any(spans[-1].end == STANDING for spans in self.spans.values())

    def is_kin(self, other: Member) -> bool:
        """Whether nothing says that these are reports of two organs, years or scopes."""
        same = all(mine == its or not mine or not its for mine, its in ((self.organ_id, other.organ_id), (self.year, other.year)))
        return same and (self.scope == other.scope or "unclear" in (self.scope, other.scope))


@dataclass(slots=True)
class Settled:
    """What became of a report among its renditions: the key and id of the row that shows it, whether it has others, and ids that are
    no report's any more."""

    key: int
    id: str
    alone: bool
    absorbed: frozenset[str]


def concerns(connection: sqlite3.Connection, visit: int, report: int) -> bool:
    """Whether the report at an address may have renditions; for nearly all it has none, and this is all they pay."""
    return bool(connection.execute(CONCERNS, {"visit": visit, "report": report}).fetchone()[0])


def settle(connection: sqlite3.Connection, start: Iterable[int], report: int) -> Settled:
    """Puts every text that may be a rendition of those in ``start`` in its place; ``report`` is the one to be told about."""
    beside = [key for (key,) in connection.execute(SAME_ADDRESS, {"report": report}) if key]
    ties = _ties(connection, [*start, report, *beside])
    told = {member.named or member.id for tie in ties for member in tie.values() if member.rendition_of is None}
    groups = [(names, group, _write(connection, names, group)) for tie in ties for names, group in _groups(tie)]
    for _, _, shown in sorted(groups, key=lambda found: (found[2].first_seen, found[2].id)):
        succession.settle(connection, shown.key)
    for _, group, shown in groups:
        hidden = [member.key for member in group if member is not shown]
        connection.executemany("UPDATE report SET superseded_by = ? WHERE key = ?", [(shown.key, key) for key in hidden])
        for twin in [key for member in group for (key,) in connection.execute(TWINS, (member.key,)).fetchall()]:
            succession.settle(connection, twin)
    names, group, shown = next(found for found in groups if any(member.key == report for member in found[1]))
    return Settled(shown.key, names.id, len(group) == 1, frozenset(told - {names.id for names, _, _ in groups}))


def forget(connection: sqlite3.Connection, report: int) -> list[int]:
    """Before the row of a report is deleted: the texts that were its renditions, or that it was one of, which have to be settled anew."""
    left = [key for (key,) in connection.execute(HIDDEN, {"key": report}) if key]
    connection.execute("UPDATE report SET rendition_of = NULL WHERE rendition_of = ?", (report,))
    return left


def _ties(connection: sqlite3.Connection, start: list[int]) -> list[dict[int, Member]]:
    """The texts of ``start`` with all that are tied to them, apart from one another where nothing ties them; texts that were shown
    together until now are looked at together."""
    ties: list[dict[int, Member]] = []
    waiting = list(dict.fromkeys(start))
    while waiting:
        key = waiting.pop(0)
        if not any(key in tie for tie in ties) and (tie := _gather(connection, key)):
            _spread(connection, tie)
            ties.append(tie)
            waiting += [other for one in tie for (other,) in connection.execute(HIDDEN, {"key": one}) if other]
    return ties


def _gather(connection: sqlite3.Connection, start: int) -> dict[int, Member]:
    """All texts that are tied to that of ``start``: by the page that carries them, an address, or the day and the figures."""
    found: dict[int, Member] = {}
    waiting = [start]
    while waiting:
        key = waiting.pop()
        if key not in found and (member := _member(connection, key)):
            found[key] = member
            waiting.extend(_tied(connection, member))
    return found


def _member(connection: sqlite3.Connection, key: int) -> Member | None:
    row = connection.execute(READING, (key,)).fetchone()
    if row is None:
        return None
    key, name, organ_id, year, scope, first_seen, rendition_of, named, rank, url, fetched_at, sha256, format, run, recognised, attached = (
        row
    )
    cells, doubtful, passes = connection.execute(COUNTS, {"report": key}).fetchone()
    merit = renditions.merit(renditions.Reading(bool(recognised), cells, doubtful, passes, format))
    shown_from = preference.key(rank, url, fetched_at, sha256)
    return Member(key, name, organ_id, year, scope, first_seen, rendition_of, named, shown_from, (*merit, attached), format, run)


def _tied(connection: sqlite3.Connection, member: Member) -> Iterator[int]:
    def others(sql: str) -> Iterator[Member]:
        keys = [key for (key,) in connection.execute(sql, {"report": member.key}) if key not in (None, member.key)]
        return (other for key in keys if (other := _member(connection, key)))

    yield from (other.key for other in others(CARRIED) if member.is_kin(other))
    yield from (other.key for other in others(SAME_ADDRESS) if other.year == member.year)
    yield from (other.key for other in others(SAME_DAY) if _agree(connection, member.key, other.key))


def _agree(connection: sqlite3.Connection, one: int, other: int) -> bool:
    """Whether two readings print some figure both, and none differently."""
    both = [
        renditions.differ(value, unit, its, its_unit) for *_, value, unit, _, its, its_unit, _ in connection.execute(BOTH, (other, one))
    ]
    return bool(both) and not any(both)


def _spread(connection: sqlite3.Connection, members: dict[int, Member]) -> None:
    """From when to when each address answered with which of the texts."""
    fetched: dict[Address, list[tuple[float, int | None]]] = {}
    for key in members:
        rows: dict[Address, list[tuple[float, int | None]]] = {}
        for attached, url, fetched_at, report in connection.execute(FETCHED, (key,)):
            rows.setdefault(Address(bool(attached), len(url), url), []).append((_moment(fetched_at), report))
        fetched |= rows
    for address, answers in fetched.items():
        ends = [begin for begin, _ in answers[1:]] + [STANDING]
        for (begin, report), end in zip(answers, ends):
            if report in members:
                members[report].spans.setdefault(address, []).append(Span(begin, end))


def _moment(stamp: str) -> float:
    return datetime.fromisoformat(stamp).timestamp() if stamp else 0.0


def _groups(left: dict[int, Member]) -> Iterator[tuple[Member, list[Member]]]:
    """Each report and its renditions; first the text that names it, which is the one that was fetched first.

    What the address of that first text answers later are revisions. Every other text belongs to the revision it stood beside the longest.
    """
    while left:
        _, place = min((spans[0].begin, place) for member in left.values() for place, spans in member.spans.items())
        versions = sorted((member for member in left.values() if place in member.spans), key=lambda member: member.spans[place][0])
        groups = {member.key: [member] for member in versions}
        for member in [one for one in left.values() if one not in versions]:
            kin = [version for version in versions if version.is_kin(member)]
            if kin:
                groups[max(kin, key=partial(_beside, member, place)).key].append(member)
        for version in versions:
            yield version, groups[version.key]
        for group in groups.values():
            for member in group:
                del left[member.key]


def _beside(member: Member, place: Address, version: Member) -> tuple[float, float]:
    """For how long a text stood beside what an address answered with ``version``; of versions it never stood beside the last counts."""
    spans = [(one, other) for one in version.spans[place] for others in member.spans.values() for other in others]
    return sum(max(0.0, min(one.end, other.end) - max(one.begin, other.begin)) for one, other in spans), version.spans[place][-1].begin


def _write(connection: sqlite3.Connection, names: Member, group: list[Member]) -> Member:
    """The row that shows the group: the best reading of what still stands (of equals the page itself, not what hangs on it), under the id
    of the text that names it."""
    standing = [member for member in group if member.stands] or group
    shown = min(standing, key=lambda member: (member.merit, member.shown_from))
    for member in group:
        hidden = None if member is shown else shown.key
        named = names.id if member is shown and names is not shown else None
        write = "UPDATE report SET rendition_of = ?, named = ?, superseded_by = NULL WHERE key = ?"
        connection.execute(write, (hidden, named, member.key))
        connection.execute("DELETE FROM issue WHERE report = ? AND code = ?", (member.key, CODE))
    _tell_mismatches(connection, shown, [member for member in standing if member is not shown])
    if len(group) > 1:
        _withdraw(connection, shown, group)
    return shown


def _tell_mismatches(connection: sqlite3.Connection, shown: Member, others: list[Member]) -> None:
    for other in sorted(others, key=lambda member: member.shown_from):
        for *place, value, unit, printed, its, its_unit, its_printed in connection.execute(BOTH, (other.key, shown.key)).fetchall():
            if renditions.differ(value, unit, its, its_unit):
                message = f"{printed} in {shown.place}, {its_printed} in {other.place}"
                write = 'INSERT INTO issue (report, code, "where", message, run) VALUES (?, ?, ?, ?, ?)'
                connection.execute(write, (shown.key, CODE, " ".join(place), message, other.run))


def _withdraw(connection: sqlite3.Connection, shown: Member, group: list[Member]) -> None:
    """A report is withdrawn when none of its renditions stands any more."""
    found = [connection.execute(STANDS, (member.key,)).fetchone() for member in group]
    gone = [day for standing, day in found if day]
    day = max(gone) if gone and not any(standing for standing, _ in found) else None
    connection.execute("UPDATE report SET withdrawn_on = ? WHERE key = ?", (day, shown.key))
