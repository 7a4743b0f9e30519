"""A database of invented reports, written through storage's own statements: many reports in little time, valid like a crawled one."""

from __future__ import annotations

import hashlib
import random
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from benchmarks.publication import texts, words
from benchmarks.publication.figures import OLD, SETS, Filled, filled
from harvester import __version__, digest
from storage.coding import Codes
from storage.database import Database
from storage.saving import CHECKS, INSERT_CAPTURE, INSERT_REPORT, VALUES

FIRST_YEAR, LAST_YEAR = 2008, 2025
RUNS = 12
ORGANS = 5  # of a region, at most, before the next region's
REVISED, SEEN_AGAIN, ODD = 0.02, 0.25, 0.06  # shares of reports: with an older text, with more captures, with an issue
BATCH = 2000  # reports a transaction
DEPARTMENTS = {"province": "province_department", "prefecture": "prefecture_department", "county": "county_department"}


@dataclass(frozen=True, slots=True)
class Organ:
    """Who reports."""

    id: str
    name: str
    region: str
    level: str
    scope: str


def write(path: Path, reports: int, sets: int = SETS) -> None:
    """A new database at ``path`` with ``reports`` texts; the same for the same count."""
    with Database(path) as database:
        database.load_reference()
        connection = database.connection
        connection.execute("PRAGMA synchronous = OFF")
        codes = Codes(connection)
        connection.execute("BEGIN")
        forms = {form: filled(codes, form, sets) for form in ("national_2021", "national_2019", *OLD)}
        writer = Writer(connection, codes, forms)
        writer.runs()
        rng = random.Random("publication")
        for number, (organ, year) in enumerate(islice(_series(connection, rng), reports)):
            if number % BATCH == BATCH - 1:
                connection.execute("COMMIT")
                connection.execute("BEGIN")
            writer.report(rng, organ, year)
        connection.execute("COMMIT")


def _series(connection: sqlite3.Connection, rng: random.Random) -> Iterator[tuple[Organ, int]]:
    """Organ and year, all years of an organ one after another: the government of a region, then some of its departments."""
    regions = connection.execute("SELECT code, name, level FROM regions WHERE level <> 'nation' AND valid_to IS NULL").fetchall()
    rng.shuffle(regions)
    for place, (code, name, level) in enumerate(cycle(regions)):
        turn = place // len(regions) * ORGANS
        for number in range(turn, turn + rng.randint(1, ORGANS)):
            organ = _organ(rng, number, code, name, level)
            row = (organ.id, organ.name, organ.region, organ.level)
            connection.execute("INSERT OR IGNORE INTO organs (id, name, region_code, level) VALUES (?, ?, ?, ?)", row)
            yield from ((organ, year) for year in range(rng.randint(FIRST_YEAR, 2021), LAST_YEAR + 1))


def _organ(rng: random.Random, number: int, code: str, name: str, level: str) -> Organ:
    if number == 0:
        return Organ(f"{code}-00000000", f"{name}人民政府", code, f"{level}_government", "consolidated")
    if level == "county" and number % 3 == 0:
        town = f"{rng.choice(words.NAME)}{rng.choice(words.NAME)}镇"
        return Organ(f"{code}-{number:08x}", f"{name}{town}人民政府", code, "township_government", "own")
    bureau = words.BUREAUS[(number + int(code)) % len(words.BUREAUS)]
    return Organ(f"{code}-{number:08x}", f"{name}{bureau}", code, DEPARTMENTS[level], "own")


class Writer:
    """Rows of reports with keys counted here; the connection's transaction is the caller's."""

    def __init__(self, connection: sqlite3.Connection, codes: Codes, forms: dict[str, list[Filled]]) -> None:
        self._connection = connection
        self._forms = forms
        self._report = self._capture = self._visit = 0
        self._type = codes.word("content_type", "text/html")
        self._files = [codes.word("warc_file", f"harvester-{number:05d}.warc.gz") for number in range(RUNS)]
        self._portals: set[str] = set()

    def runs(self) -> None:
        """The runs that fetched everything."""
        rows = (
            (f"run{number:02d}", "crawl", __version__, f"2026-{number + 1:02d}-01T00:00:00Z", 3600.0, 9000, 10**9) for number in range(RUNS)
        )
        write = "INSERT INTO runs (id, command, version, started, seconds, requests, bytes) VALUES (?, ?, ?, ?, ?, ?, ?)"
        self._connection.executemany(write, rows)

    def report(self, rng: random.Random, organ: Organ, year: int) -> None:
        """One report at an address of its own, maybe with an older text there, further captures, sentences with numbers, an issue."""
        self._visit += 1
        host = f"www.p{organ.region}.gov.cn"
        url = f"http://{host}/zwgk/zfxxgk/nb/{year + 1}02/t{year + 1}0228_{self._visit}.html"
        run = rng.randrange(RUNS)
        at = f"2026-{run + 1:02d}-{rng.randint(1, 28):02d}T0{rng.randint(0, 9)}:00:00Z"
        self._connection.execute("INSERT INTO visit (key, url, seen_at) VALUES (?, ?, ?)", (self._visit, url, at))
        portal = self._portal(organ.region, host)
        older = self._text(rng, organ, year, portal, run, "2026-01-01T00:00:00Z") if rng.random() < REVISED else None
        key = self._text(rng, organ, year, portal, run, at)
        if older:
            self._connection.execute("UPDATE report SET superseded_by = ? WHERE key = ?", (key, older))
        if rng.random() < SEEN_AGAIN:
            for _ in range(rng.randint(1, 3)):
                self._captured(rng.randbytes(32), key, portal, run, at)
        self._connection.execute("UPDATE visit SET capture = ? WHERE key = ?", (self._capture, self._visit))

    def _portal(self, region: str, host: str) -> str:
        portal = f"bench-{region}"
        if portal not in self._portals:
            self._portals.add(portal)
            row = (portal, f"{region} 门户", region, f"http://{host}/zwgk/zfxxgk/nb/")
            self._connection.execute("INSERT OR IGNORE INTO portals (id, name, region_code, list_url) VALUES (?, ?, ?, ?)", row)
            write = (
                "INSERT OR IGNORE INTO run_portals (run, portal_id, outcome, listed, fetched, new) VALUES (?, ?, 'complete', 18, 18, 18)"
            )
            self._connection.executemany(write, ((run, portal) for run in range(1, RUNS + 1)))
        return portal

    def _text(self, rng: random.Random, organ: Organ, year: int, portal: str, run: int, at: str) -> int:
        form = _form(rng, organ, year)
        printed = rng.choice(self._forms[form]) if form in self._forms else None
        text = texts.make(rng, organ.name, year, printed.blocks if printed else ())
        sha256 = digest.text_sha256(text)
        self._report += 1
        key = self._report
        title = f"{organ.name}{year}年政府信息公开工作年度报告"
        published = f"{year + 1}-0{rng.randint(1, 4)}-{rng.randint(1, 28):02d}"
        head = (key, digest.report_id(sha256), bytes.fromhex(sha256), title, organ.name, organ.id, year, organ.scope, form, organ.region)
        tail = (organ.level, published, printed.quality if printed else "none", at, at, None, __version__, None)
        self._connection.execute(INSERT_REPORT, (*head, *tail))
        capture = self._captured(hashlib.sha256(text.encode()).digest(), key, portal, run, at)
        self._connection.execute("UPDATE report SET capture = ? WHERE key = ?", (capture, key))
        self._connection.execute("INSERT INTO report_text (report, text) VALUES (?, ?)", (key, text))
        if printed:
            for rows, found in zip((*VALUES, *CHECKS), (*printed.values, *printed.checks), strict=True):
                rows.insert(self._connection, key, found)
        self._told(rng, key, run)
        return key

    def _captured(self, sha256: bytes, report: int, portal: str, run: int, at: str) -> int:
        self._capture += 1
        where = (self._files[run], self._capture * 4096, f"<urn:uuid:{self._capture:032x}>", run + 1, portal)
        row = (self._visit, at, 200, self._type, sha256, *where, report, 0, "html", 0, None)
        self._connection.execute(INSERT_CAPTURE, row)
        return self._capture

    def _told(self, rng: random.Random, key: int, run: int) -> None:
        many = self._connection.executemany
        sentence = "全年收到政府信息公开申请{}件，均在法定期限内答复。"
        numbers = (rng.randint(0, 90) for _ in range(rng.randint(1, 6)))
        prose = ((key, place, "requests_received", n, "件", "section_1_overview", sentence.format(n)) for place, n in enumerate(numbers))
        many("INSERT INTO prose_value VALUES (?, ?, ?, ?, ?, ?, ?)", prose)
        if rng.random() < ODD:
            write = 'INSERT INTO issue (report, code, "where", message, run) VALUES (?, ?, ?, ?, ?)'
            code, where, message = rng.choice(ISSUES)
            self._connection.execute(write, (key, code, where, message, run + 1))


ISSUES = (
    ("scope_unclear", "text", "no sentence says for whom it reports, for itself or for its area"),
    ("unknown_label", "table 3, row 24", "小计"),
    ("organ_unclear", "title", "no name of an organ"),
)


def _form(rng: random.Random, organ: Organ, year: int) -> str:
    """The form of the year: since 2019 the national one; before, a province's or the indicators of 2014, or none."""
    if year >= 2019:
        return "national_2021" if year >= 2021 else "national_2019"
    if organ.region.startswith("31"):
        return "shanghai_2006"
    if organ.region.startswith("35"):
        return "fujian_2014" if year >= 2014 else "fujian_2009"
    return "national_2014" if year >= 2014 and rng.random() < 0.7 else "narrative"
