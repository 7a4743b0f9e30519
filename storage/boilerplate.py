"""How much of each section repeats last year's report, a neighbour's or a text of many: worked out in the published copy."""

from __future__ import annotations

import sqlite3
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import groupby, islice, repeat
from operator import itemgetter
from typing import NamedTuple

from harvester import boilerplate
from harvester.boilerplate import Plain, Span
from storage import schema

AGAINST = ("last_year", "neighbour", "template")
BY_TEMPLATE = f"against = {AGAINST.index('template')}"
TEMPLATE = 5  # organs: a text of fewer is a neighbour's
HALF = 0.5  # of an organ's section that a text makes up, for the organ to be one of its users
BUCKET = 32  # reports with one hash in common that are looked at: more have a phrase in common that all have
CANDIDATES = 3  # whose overlap is measured exactly
SPREAD = 16  # numbers of a sketch by which templates are looked for: what many share is found by fewer
GROUP = 2000  # reports among which neighbours are looked for at once: what bounds memory; a province has 1,000 departments of one level
KEPT = 1024  # plain texts in memory

TABLES: dict[str, str] = {
    "_section": """CREATE TABLE _section (
        report INTEGER NOT NULL, section INTEGER NOT NULL, begin INTEGER NOT NULL, end INTEGER NOT NULL,
        PRIMARY KEY (report, section)) WITHOUT ROWID""",
    # here, there: the shared passages in the texts of the two reports, as lengths of what is not shared and what is, in turns.
    "_repeat": """CREATE TABLE _repeat (
        report INTEGER NOT NULL, section INTEGER NOT NULL, against INTEGER NOT NULL, other INTEGER NOT NULL, shared INTEGER NOT NULL,
        characters INTEGER NOT NULL, organs INTEGER, here TEXT NOT NULL, there TEXT NOT NULL,
        PRIMARY KEY (report, section, against))""",  # with rowid: long rows fill its pages better
}
# Joins, not sub-selects: the rows of one report are looked up, not looked for.
VIEW = f"""CREATE VIEW boilerplate AS SELECT r.id AS report_id, {schema.named(boilerplate.SECTIONS, "p.section")} AS section,
    {schema.named(AGAINST, "p.against")} AS against, o.id AS other_id, round(1.0 * p.shared / p.characters, 4) AS share,
    p.shared AS shared_characters, p.characters, p.organs
    FROM _repeat p JOIN reports r ON r.key = p.report JOIN reports o ON o.key = p.other"""
CODES = {"sections": boilerplate.SECTIONS, "against": AGAINST}  # what the numbers in ``_repeat`` stand for, for the page that reads it

PARENT = "coalesce((SELECT parent FROM regions WHERE code = r.region_code), '')"
# Which reports are compared: the current ones. Neighbours: of one year and level, in one region above.
SUBJECTS = f"""CREATE TEMP TABLE subject AS SELECT r.key AS report, dense_rank() OVER (ORDER BY coalesce(r.organ_id, r.id)) AS organ,
    r.scope, r.year, iif(r.organ_id IS NULL OR r.year IS NULL OR r.region_code IS NULL OR r.level IS NULL, 0,
    1 + dense_rank() OVER (ORDER BY r.level, {PARENT})) AS area, r.organ_id IS NOT NULL AS known
    FROM reports r WHERE r.superseded_by IS NULL"""
LAST_YEAR = """SELECT o.report FROM temp.subject s JOIN temp.subject o ON o.organ = s.organ AND o.scope = s.scope AND o.year = s.year - 1
    WHERE s.report = ? AND s.known"""
# ``hash`` holds the section in its lowest bits, ``who`` the organ in its upper ones: the least and the greatest are two organs'.
TEMPLATES = f"""CREATE TEMP TABLE template AS SELECT hash, min(who) AS first, max(who) AS last FROM temp.hashed
    GROUP BY hash HAVING count(DISTINCT who >> 32) >= {TEMPLATE}"""
USERS = f"""CREATE TEMP TABLE users AS SELECT c.section, c.first, count(DISTINCT s.organ) AS organs
    FROM temp.cluster c JOIN temp.subject s ON s.report = c.report JOIN _repeat p ON p.report = c.report AND p.section = c.section
    AND p.{BY_TEMPLATE} WHERE p.shared >= {HALF} * p.characters GROUP BY c.section, c.first"""
COUNTED = f"""UPDATE _repeat SET organs = (SELECT u.organs FROM temp.cluster c
    JOIN temp.users u ON u.section = c.section AND u.first = c.first
    WHERE c.report = _repeat.report AND c.section = _repeat.section) WHERE {BY_TEMPLATE}"""
FEW = f"DELETE FROM _repeat WHERE {BY_TEMPLATE} AND coalesce(organs, 0) < {TEMPLATE}"
STAGES = {
    "sketch": "report INTEGER, section INTEGER, hashes BLOB",
    "hashed": "hash INTEGER, who INTEGER",
    "cluster": "report INTEGER, section INTEGER, first INTEGER, PRIMARY KEY (report, section)",
}
# A year after the year before: what is compared next was read just now.
SKETCHED = """SELECT s.area, k.section, s.year, s.report, s.organ, k.hashes FROM temp.sketch k JOIN temp.subject s ON s.report = k.report
    ORDER BY s.area, k.section, s.year, s.report"""
PRINTED = """SELECT s.begin, substr(r.text, s.begin + 1, s.end - s.begin) FROM _section s JOIN reports r ON r.key = s.report
    WHERE s.report = ? AND s.section = ?"""


class Subject(NamedTuple):
    """A section of a report, and the sketch of its text."""

    report: int
    organ: int
    section: int
    hashes: list[int]


class Text(NamedTuple):
    """A section as it is compared, and where it begins in the corpus text."""

    begin: int
    plain: Plain


class Other(NamedTuple):
    """What a section is compared with: a report, and for a template the number that names its users."""

    report: int
    first: int = 0


class Match(NamedTuple):
    """Another report's section: its passages, and those that are asked for too."""

    other: Other
    text: Text
    passages: list[str]
    common: frozenset[str]


Texts = Callable[[int, int], Text]
NOTHING = Text(0, Plain("", []))


def build(connection: sqlite3.Connection) -> None:
    """Makes the view ``boilerplate`` and the tables behind it, ``_repeat`` and ``_section``, from ``reports`` and ``regions``.

    A section that a report lacks, that is shorter than :data:`harvester.boilerplate.SHORTEST`, or that nothing can be compared with has no
    row; a section that shares no passage has a row that says 0.
    """
    connection.execute("SAVEPOINT boilerplate")  # one transaction, inside another or not
    lay_out(connection)
    for name, columns in STAGES.items():
        connection.execute(f"CREATE TEMP TABLE {name} ({columns})")
    connection.execute(SUBJECTS)
    connection.execute("CREATE UNIQUE INDEX temp.subject_report ON subject(report)")
    connection.execute("CREATE INDEX temp.subject_series ON subject(organ, scope, year)")
    _sketch(connection)
    connection.execute(TEMPLATES)
    connection.execute("CREATE UNIQUE INDEX temp.template_hash ON template(hash)")
    _compare(connection)
    for statement in (USERS, "CREATE UNIQUE INDEX temp.users_key ON users(section, first)", COUNTED, FEW):
        connection.execute(statement)
    for name in (*STAGES, "subject", "template", "users"):
        connection.execute(f"DROP TABLE temp.{name}")
    connection.execute("RELEASE boilerplate")


def lay_out(connection: sqlite3.Connection) -> None:
    """The view and the tables behind it, empty."""
    for statement in (*TABLES.values(), VIEW):
        connection.execute(statement)


def _sketch(connection: sqlite3.Connection) -> None:
    """Finds the sections of every report and sketches those that are long enough."""
    rows = connection.execute("SELECT s.report, s.organ, r.text FROM temp.subject s JOIN reports r ON r.key = s.report")
    for report, organ, text in rows:
        for extent in boilerplate.extents(text or ""):
            section = boilerplate.SECTIONS.index(extent.key)
            connection.execute("INSERT INTO _section VALUES (?, ?, ?, ?)", (report, section, extent.begin, extent.end))
            plain = boilerplate.plain(text[extent.begin : extent.end]).text
            if len(plain) >= boilerplate.SHORTEST:
                hashes = _hashes(plain, section)
                connection.execute("INSERT INTO temp.sketch VALUES (?, ?, ?)", (report, section, hashes.tobytes()))
                connection.executemany("INSERT INTO temp.hashed VALUES (?, ?)", [(one, organ << 32 | report) for one in hashes[:SPREAD]])


def _hashes(plain: str, section: int) -> array[int]:
    """A sketch whose numbers tell their place in it and the section: equal ones mean the same in every list."""
    return array("q", [one << 9 | place << 3 | section for place, one in enumerate(boilerplate.sketch(boilerplate.passages(plain)))])


def _compare(connection: sqlite3.Connection) -> None:
    """Writes the rows of every section; neighbours are those of one area and year."""
    texts = lru_cache(KEPT)(partial(_text, connection))
    for (area, *_), rows in groupby(connection.execute(SKETCHED), key=itemgetter(0, 1, 2)):
        while batch := [
            Subject(report, organ, section, [*array("q", hashes)]) for _, section, _, report, organ, hashes in islice(rows, GROUP)
        ]:
            near = _neighbours(batch) if area else repeat([])
            for subject, neighbours in zip(batch, near):
                _write(connection, subject, texts, (_last_year(connection, subject), neighbours, _templates(connection, subject)))


def _text(connection: sqlite3.Connection, report: int, section: int) -> Text:
    """The section of a report; nothing where it has none."""
    found = connection.execute(PRINTED, (report, section)).fetchone()
    return Text(found[0], boilerplate.plain(found[1])) if found else NOTHING


def _last_year(connection: sqlite3.Connection, subject: Subject) -> list[Other]:
    return [Other(report) for (report,) in connection.execute(LAST_YEAR, (subject.report,))][:CANDIDATES]


def _neighbours(batch: Sequence[Subject]) -> Iterator[list[Other]]:
    """For each of a batch the few whose sketches agree most with its own; any, where none does."""
    buckets: dict[int, list[int]] = defaultdict(list)
    for number, subject in enumerate(batch):
        for one in subject.hashes:
            if len(buckets[one]) < BUCKET:
                buckets[one].append(number)
    for subject in batch:
        votes: Counter[int] = Counter()
        for one in subject.hashes:
            votes.update(buckets[one])
        voted = [number for number, _ in votes.most_common() if batch[number].organ != subject.organ][:CANDIDATES]
        rest = (number for number, one in enumerate(batch) if one.organ != subject.organ and number not in voted)
        yield [Other(batch[number].report) for number in (*voted, *islice(rest, CANDIDATES - len(voted)))]


def _templates(connection: sqlite3.Connection, subject: Subject) -> list[Other]:
    """Reports whose text many organs share; of another organ than the subject's."""
    if not subject.hashes:
        return []
    hashes = subject.hashes[:SPREAD]
    asked = f"SELECT first, last FROM temp.template WHERE hash IN ({', '.join('?' * len(hashes))})"
    pairs = sorted(connection.execute(asked, hashes))
    votes = Counter((first if first >> 32 != subject.organ else last, first) for first, last in pairs)
    return [Other(who & 0xFFFFFFFF, first) for (who, first), _ in votes.most_common(CANDIDATES)]


def _write(connection: sqlite3.Connection, subject: Subject, texts: Texts, others: Iterable[list[Other]]) -> None:
    """The rows of one section: the best of each kind of others, the exact overlap with it."""
    own = texts(subject.report, subject.section)
    passages = boilerplate.passages(own.plain.text)
    wanted = frozenset(passages)
    for against, candidates in enumerate(others):
        known = [other for other in candidates if texts(other.report, subject.section).plain.text]
        if not known:
            continue
        best = max((_match(other, texts(other.report, subject.section), wanted) for other in known), key=lambda match: len(match.common))
        here, there = boilerplate.covered(passages, best.common), boilerplate.covered(best.passages, best.common)
        place = (subject.report, subject.section, against, best.other.report)
        row = (*place, boilerplate.length(here), len(own.plain.text), None, _told(own, here), _told(best.text, there))
        connection.execute(f"INSERT INTO _repeat VALUES ({', '.join('?' * len(row))})", row)
        if best.other.first:
            connection.execute("INSERT INTO temp.cluster VALUES (?, ?, ?)", (subject.report, subject.section, best.other.first))


def _match(other: Other, text: Text, wanted: frozenset[str]) -> Match:
    passages = boilerplate.passages(text.plain.text)
    return Match(other, text, passages, wanted.intersection(passages))


def _told(text: Text, spans: Iterable[Span]) -> str:
    """Spans as lengths in the corpus text, in turns of what is not shared and what is."""
    told, at = [], 0
    for span in spans:
        begin, end = (text.begin + place for place in text.plain.printed(span))
        told += [begin - at, end - begin]
        at = end
    return " ".join(map(str, told))
