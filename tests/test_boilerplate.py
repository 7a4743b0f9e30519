"""How much a section repeats another's: the exact overlap of texts whose shared part is known, and the index over a database."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import repeats
from harvester import boilerplate
from harvester.boilerplate import PASSAGE, covered, extents, passages, plain, share, sketch
from storage import boilerplate as index
from storage.site.plugins import repeats_page

TEXT = """# 青岚市教育局2023年政府信息公开工作年度报告

根据条例编制。

## 一、总体情况

### （一）主动公开

全年公开信息１，２３４条，同比增长12.5%。

甲\t乙
1\t2

网站 改版。

## 二、主动公开政府信息情况

略

## 五、存在的主要问题及改进情况

公开的深度还不够。

## 六、其他需要报告的事项：无
"""
WORDS = st.text(alphabet="公开信息情况第一，。0123 \n\t#", max_size=120)


def section(text: str, key: str) -> str:
    return next(text[begin:end] for found, begin, end in extents(text) if found == key)


def test_the_sections_in_prose_are_found_where_they_stand() -> None:
    assert [extent.key for extent in extents(TEXT)] == ["section_1_overview", "section_5_problems"]
    overview = section(TEXT, "section_1_overview")
    assert overview.startswith("（一）主动公开\n") and overview.endswith("网站 改版。")
    assert section(TEXT, "section_5_problems") == "公开的深度还不够。"
    assert (
        section("五、存在的主要问题及改进情况：有。\n\n六、其他需要报告的事项 没有发生其他事项。\n", "section_6_other")
        == "没有发生其他事项。"
    )


def test_a_title_in_a_list_of_contents_is_not_the_section() -> None:
    contents = "一、总体情况\n\n见下\n\n二、主动公开政府信息情况\n\n"
    assert section(contents + TEXT, "section_1_overview").endswith("网站 改版。")


def test_compared_is_the_prose_with_numbers_masked() -> None:
    found = plain(section(TEXT, "section_1_overview"))
    assert found.text == "(一)主动公开全年公开信息0条,同比增长0%。网站改版。"


@pytest.mark.parametrize(
    "phrase", ["(一)主", "信息0条", "0条,同", "长0%。网站改版。", "0", "(一)主动公开全年公开信息0条,同比增长0%。网站改版。"]
)
def test_what_is_compared_leads_back_to_what_is_printed(phrase: str) -> None:
    text = section(TEXT, "section_1_overview")
    found = plain(text)
    at = found.text.index(phrase)
    begin, end = found.printed((at, at + len(phrase)))
    assert plain(text[begin:end]).text == phrase


@pytest.mark.parametrize("kept", [0.0, 0.3, 0.6, 0.9, 1.0])
@pytest.mark.parametrize(
    "changed", [{}, {"shuffled": True}, {"digits": True}, {"names": True}, {"shuffled": True, "digits": True, "names": True}]
)
@pytest.mark.parametrize("seed", [1, 2])
def test_the_share_is_the_true_one_within_two_points(kept: float, changed: dict[str, bool], seed: int) -> None:
    one, other, truth = repeats.pair(kept, seed, **changed)
    found = share(plain(one).text, plain(other).text)
    assert found == pytest.approx(truth, abs=0.02)
    assert truth == pytest.approx(kept, abs=0.08), "the pair is not the one that was asked for"


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.9])
def test_the_sketch_is_near_what_it_sketches(kept: float) -> None:
    agreeing = []
    for seed in range(20):
        one, other = (passages(plain(text).text) for text in repeats.pair(kept, seed)[:2])
        agreeing.append(sum(a == b for a, b in zip(sketch(one), sketch(other))) / boilerplate.HASHES)
    assert sum(agreeing) / len(agreeing) == pytest.approx(kept / (2 - kept), abs=0.07)


@settings(deadline=None, max_examples=200)
@given(WORDS, WORDS)
def test_a_share_is_a_share(one: str, other: str) -> None:
    ours, theirs = plain(one).text, plain(other).text
    if len(ours) >= PASSAGE:
        assert share(ours, ours) == 1.0
        assert share(ours, ours + theirs) == 1.0
    if ours and theirs:
        assert 0.0 <= share(ours, theirs) <= 1.0
        assert (share(ours, theirs) > 0) == (share(theirs, ours) > 0)
        assert share(ours, "".join(chr(ord(sign) + 0x10000) for sign in theirs)) == 0.0


@settings(deadline=None, max_examples=200)
@given(WORDS, WORDS)
def test_what_is_covered_are_exactly_the_passages_of_both(one: str, other: str) -> None:
    ours, theirs = plain(one).text, plain(other).text
    spans = covered(passages(ours), frozenset(passages(theirs)))
    shown = {place for begin, end in spans for place in range(begin, end)}
    begun = [at for at in range(len(ours) - PASSAGE + 1) if ours[at : at + PASSAGE] in theirs]
    assert shown == {at + place for at in begun for place in range(PASSAGE)}
    assert all(a[1] < b[0] for a, b in pairwise(spans))


@settings(deadline=None, max_examples=300)
@given(WORDS)
def test_every_character_compared_is_printed_somewhere(text: str) -> None:
    found = plain(text)
    assert plain("".join(text[slice(*found.printed((at, at + 1)))] + "|" for at in range(len(found.text)))).text == "".join(
        f"{sign}|" for sign in found.text
    )


@pytest.mark.parametrize(
    "text", ["公" * 100_000, "", "7" * 100_000, "7 " * 50_000, "\n" * 100_000, "1,2." * 25_000, "\t\n" * 50_000, "# " * 50_000]
)
def test_hostile_texts_take_no_time(text: str) -> None:
    begin = time.process_time()
    found = plain(text).text
    sketch(passages(found))
    extents(f"一、总体情况\n\n{text}")
    assert share(found, found) == (1.0 if len(found) >= PASSAGE else 0.0) if found else found == ""
    assert time.process_time() - begin < 2


# --- the index of a database ---------------------------------------------------------------------------------------------------------

Row = tuple[str, str, str]  # report, section, against
ESSAYS = [repeats.paragraph(repeats.random.Random(seed)) for seed in range(40)]


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        repeats.lay_out(made)
        made.executemany("INSERT INTO regions VALUES (?, ?)", [("110101", "110100"), ("110102", "110100"), ("120101", "120100")])
        yield made


def add(connection: sqlite3.Connection, organ: str, year: int | None, *essays: int, region: str = "110101", **given: Any) -> str:
    """A report whose first section are these essays; returns its id."""
    (number,) = connection.execute("SELECT count(*) + 1 FROM reports").fetchone()
    text = repeats.text(year or 0, {"一、总体情况": [ESSAYS[essay] for essay in essays], **given.pop("parts", {})})
    row = {"id": f"{organ}{year}", "key": number, "organ_id": organ, "scope": "own", "year": year, "level": "county_department"}
    row |= {"region_code": region, "superseded_by": None, "text": text, **given}
    connection.execute(f"INSERT INTO reports ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", tuple(row.values()))
    return str(row["id"])


def built(connection: sqlite3.Connection) -> dict[Row, tuple[str, float, int | None]]:
    """(report, section, against) -> (other, share, organs)."""
    index.build(connection)
    asked = "SELECT report_id, section, against, other_id, share, organs FROM boilerplate"
    return {(report, section.split("_")[1], against): tuple(told) for report, section, against, *told in connection.execute(asked)}


def test_last_year_is_the_same_organs_report_of_the_year_before(connection: sqlite3.Connection) -> None:
    add(connection, "a", 2021, 1, 2)
    add(connection, "a", 2022, 3, 4)
    add(connection, "a", 2022, 1, 2, id="whole", scope="consolidated")
    add(connection, "b", 2022, 1, 2, region="120101")
    add(connection, "a", 2023, 1, 4)
    found = {key[0]: told for key, told in built(connection).items() if key[2] == "last_year"}
    assert found == {"a2022": ("a2021", 0.0, None), "a2023": ("a2022", pytest.approx(0.5, abs=0.06), None)}


def test_neighbours_are_others_of_the_year_and_level_under_one_region(connection: sqlite3.Connection) -> None:
    add(connection, "a", 2023, 1, 2, 3)
    add(connection, "b", 2023, 7, 2, 3, region="110102")
    add(connection, "c", 2023, 7, 8, 3)
    add(connection, "far", 2023, 1, 2, 3, region="120101")
    add(connection, "old", 2022, 1, 2, 3)
    add(connection, "other", 2023, 1, 2, 3, level="township_government")
    add(connection, "nowhere", 2023, 1, 2, 3, region_code=None)
    found = {key[0]: told[0] for key, told in built(connection).items() if key[2] == "neighbour"}
    assert found == {"a2023": "b2023", "b2023": found["b2023"], "c2023": "b2023"}
    assert found["b2023"] in ("a2023", "c2023")


def test_a_template_is_a_text_of_five_organs_anywhere(connection: sqlite3.Connection) -> None:
    for number in range(index.TEMPLATE):
        add(connection, f"o{number}", 2019 + number, 1, 2, 10 + number, region=f"11010{number % 2}")
    for number in range(index.TEMPLATE - 1):
        add(connection, f"few{number}", 2023, 3, 4, 20 + number, region="120101")
    found = {key[0]: told for key, told in built(connection).items() if key[2] == "template"}
    assert sorted(found) == [f"o{number}{2019 + number}" for number in range(index.TEMPLATE)]
    for report, (other, part, organs) in found.items():
        assert other.startswith("o") and other != report
        assert part == pytest.approx(2 / 3, abs=0.1)
        assert organs == index.TEMPLATE


def test_a_section_that_is_missing_or_an_answer_of_a_few_words_has_no_row(connection: sqlite3.Connection) -> None:
    none = {"六、其他需要报告的事项": ["本年度无其他需要报告的事项。"]}
    add(connection, "a", 2022, 1, parts=none)
    add(connection, "a", 2023, 2, parts=none)
    add(connection, "a", 2024, parts={"五、存在的主要问题及改进情况": [ESSAYS[3]]})
    add(connection, "b", 2024, text=None)
    assert set(built(connection)) == {("a2023", "1", "last_year")}


def test_an_old_version_of_a_report_is_compared_with_nothing(connection: sqlite3.Connection) -> None:
    add(connection, "a", 2022, 1, id="first", superseded_by="second")
    add(connection, "a", 2022, 2, id="second")
    add(connection, "a", 2023, 1)
    assert built(connection) == {("a2023", "1", "last_year"): ("second", 0.0, None)}


@pytest.fixture(scope="module")
def many() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        repeats.fill(made, 640)
        made.execute("BEGIN")
        index.build(made)
        made.execute("COMMIT")
        yield made


def plains(connection: sqlite3.Connection) -> dict[tuple[str, str], str]:
    found = {}
    for report, text in connection.execute("SELECT id, text FROM reports"):
        found |= {(report, key): plain(text[begin:end]).text for key, begin, end in extents(text)}
    return found


def test_every_share_is_exact(many: sqlite3.Connection) -> None:
    texts = plains(many)
    rows = many.execute("SELECT report_id, section, other_id, share, shared_characters, characters FROM boilerplate").fetchall()
    assert len(rows) > 3000
    for report, key, other, part, shared, characters in rows[::7]:
        one = texts[report, key]
        assert characters == len(one)
        assert part == round(share(one, texts[other, key]), 4) == round(shared / characters, 4)


def test_the_best_neighbours_are_found(many: sqlite3.Connection) -> None:
    texts = plains(many)
    asked = """SELECT b.report_id, b.share, group_concat(n.id) FROM boilerplate b JOIN reports r ON r.id = b.report_id
        JOIN reports n ON n.year = r.year AND n.organ_id <> r.organ_id AND substr(n.region_code, 1, 4) = substr(r.region_code, 1, 4)
        WHERE b.against = 'neighbour' AND b.section = 'section_1_overview' AND r.year < 2021 AND r.key % 3 = 0 GROUP BY r.id"""
    found, best = [], []
    for report, part, others in many.execute(asked):
        one = texts[report, "section_1_overview"]
        most = max(share(one, texts[other, "section_1_overview"]) for other in others.split(","))
        if most > 0.1:
            found.append(part)
            best.append(most)
    assert len(found) >= 10
    assert sum(found) > 0.93 * sum(best)


def test_the_marked_passages_are_the_shared_ones(many: sqlite3.Connection) -> None:
    asked = """SELECT r.text, o.text, p.here, p.there, p.shared FROM _repeat p JOIN reports r ON r.key = p.report
        JOIN reports o ON o.key = p.other WHERE p.shared > 0"""
    for text, other, here, there, shared in many.execute(asked).fetchall()[::50]:
        marked, also = (
            [piece for is_shared, piece in repeats_page.pieces(whole, 0, told) if is_shared]
            for whole, told in ((text, here), (other, there))
        )
        assert sum(len(plain(piece).text) for piece in marked) == shared
        known = {passage for piece in also for passage in passages(plain(piece).text)}
        assert all(passage in known for piece in marked for passage in passages(plain(piece).text)[:1])


def test_nothing_is_left_over(many: sqlite3.Connection) -> None:
    assert many.execute("SELECT name FROM sqlite_temp_master").fetchall() == []
