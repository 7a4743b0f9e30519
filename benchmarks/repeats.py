"""The boilerplate index: pairs of texts whose shared part is known, sections compared a second beside difflib, many reports."""

from __future__ import annotations

import difflib
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any, NamedTuple

from harvester import boilerplate
from storage import boilerplate as index

REPORTS, PAIRS = 5000, 60
PROMISED_MINUTES = 8.0  # for 100,000 reports on one core
ORGANS, LAST = 40, 2025  # of a county; the last report year
COUNTIES = 10  # of a prefecture
LENGTHS = {"一、总体情况": 900, "五、存在的主要问题及改进情况": 350, "六、其他需要报告的事项": 120}  # characters
KEPT = 0.6  # of last year's paragraphs
WORDS = [chr(0x4E00 + 37 * number) + chr(0x5000 + 29 * number) for number in range(400)]


class Pair(NamedTuple):
    """Two texts and the part of the first one's characters that the second was given (0 to 1)."""

    one: str
    other: str
    share: float


def sentence(chance: random.Random, number: str = "") -> str:
    """20 to 45 characters that no other sentence has; ``number`` stands among them."""
    words = [chance.choice(WORDS) for _ in range(chance.randint(9, 21))]
    return "".join((*words[:5], number, *words[5:], "。"))


def paragraph(chance: random.Random, name: str = "", number: str = "") -> str:
    """Some sentences, about 150 characters; the first begins with ``name``."""
    return name + "".join(sentence(chance, number) for _ in range(5))


def pair(share: float, seed: int, shuffled: bool = False, digits: bool = False, names: bool = False, paragraphs: int = 20) -> Pair:
    """Texts of which the second has ``share`` of the first one's paragraphs: in another order, with other numbers, with another's name.

    A number that changes is shared all the same; the characters of a name that changes are not.
    """
    chance = random.Random(seed)
    kept = set(chance.sample(range(paragraphs), round(share * paragraphs)))
    one, other, same = [], [], 0
    for place in range(paragraphs):
        state, name = chance.getstate(), "青岚市松河区教育局" if names else ""
        one.append(paragraph(chance, name, "2,023" if digits else ""))
        if place in kept:
            chance.setstate(state)
            other.append(paragraph(chance, "临江县水务局" if names else "", "17" if digits else ""))
            same += len(boilerplate.plain(one[-1]).text) - len(name)
        else:
            other.append(paragraph(chance))
    if shuffled:
        chance.shuffle(other)
    whole = boilerplate.plain("\n\n".join(one)).text
    return Pair("\n\n".join(one), "\n\n".join(other), same / len(whole))


def measure(reports: int = REPORTS, pairs: int = PAIRS) -> dict[str, Any]:
    """Comparisons a second, ours and difflib's of the same texts; seconds of the processor to index ``reports``, and for 100,000."""
    made = [pair((seed % 10) / 10, seed, digits=True, paragraphs=6) for seed in range(pairs)]
    texts = [(boilerplate.plain(one).text, boilerplate.plain(other).text) for one, other, _ in made]
    ours, theirs = _rate(boilerplate.share, texts), _rate(_difflib, texts)
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        fill(connection, reports)
        begin = time.process_time()
        index.build(connection)
        seconds = time.process_time() - begin
        (rows,) = connection.execute("SELECT count(*) FROM _repeat").fetchone()
    minutes = seconds * 100_000 / reports / 60
    return {
        "reports": reports,
        "pairs_a_second": {"the index": round(ours, 1), "difflib.SequenceMatcher": round(theirs, 1)},
        "rows": rows,
        "seconds": round(seconds, 1),
        "minutes_for_100000": round(minutes, 1),
        "promised": {"minutes_for_100000": PROMISED_MINUTES},
        "kept": minutes <= PROMISED_MINUTES,
    }


def _rate(compare: Callable[[str, str], float], texts: list[tuple[str, str]]) -> float:
    begin = time.process_time()
    for one, other in texts:
        compare(one, other)
    return len(texts) / (time.process_time() - begin)


def _difflib(one: str, other: str) -> float:
    matches = difflib.SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return sum(match.size for match in matches if match.size >= boilerplate.PASSAGE) / len(one)


def fill(connection: sqlite3.Connection, reports: int) -> None:
    """The tables that the index is made of: organs of counties over years, each repeating some of its last year and of 50 templates."""
    lay_out(connection)
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO reports VALUES (?, ?, ?, 'own', ?, 'county_department', ?, NULL, ?)", _reports(reports))
    connection.execute("INSERT INTO regions SELECT DISTINCT region_code, substr(region_code, 1, 4) || '00' FROM reports")
    connection.execute("COMMIT")


def lay_out(connection: sqlite3.Connection) -> None:
    """Of ``regions`` and ``reports`` the columns that the index reads."""
    connection.execute("CREATE TABLE regions (code TEXT PRIMARY KEY, parent TEXT)")
    connection.execute("""CREATE TABLE reports (id TEXT PRIMARY KEY, key INTEGER UNIQUE, organ_id TEXT, scope TEXT, year INTEGER,
        level TEXT, region_code TEXT, superseded_by TEXT, text TEXT)""")


def _reports(reports: int) -> Iterator[tuple[str, int, str, int, str, str]]:
    chance = random.Random(1)
    templates = [[paragraph(chance, number="3") for _ in range(8)] for _ in range(50)]
    number, organ = 0, 0
    while number < reports:
        county = organ // ORGANS
        region = f"{4000 + county // COUNTIES:04}{county % COUNTIES:02}"
        parts = {title: [chance.choice(chance.choice(templates)) for _ in range(size // 150 + 1)] for title, size in LENGTHS.items()}
        for year in range(LAST - 7, LAST + 1):
            number += 1
            yield f"{number:016x}", number, f"{organ:08}", year, region, text(year, parts)
            for title, kept in parts.items():
                parts[title] = [old if chance.random() < KEPT else paragraph(chance, number=str(year)) for old in kept]
        organ += 1


def text(year: int, parts: dict[str, list[str]]) -> str:
    """A corpus text with ``parts``: title of a section -> its paragraphs."""
    sections = ("\n\n".join((f"## {title}", *paragraphs)) for title, paragraphs in parts.items())
    return "\n\n".join((f"# {year}年政府信息公开工作年度报告", *sections)) + "\n"
