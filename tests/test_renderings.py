"""The canonical text of a report is the same whichever rendering of it was crawled, and another report's never is."""

from __future__ import annotations

from functools import cache

import pytest

from harvester.digest import text_sha256
from harvester.items import Report
from harvester.reading import read_report
from harvester.sample.tables import Table
from tests.renderings import RENDERINGS, Part, clean_div, report

REPORTS = [("caizheng", 2018), ("caizheng", 2020), ("shuili", 2021), ("qingshi", 2023)]


@cache
def first(key: str, year: int) -> Report:
    return read_report(clean_div(*report(key, year)).encode())


@pytest.mark.parametrize("name", RENDERINGS)
@pytest.mark.parametrize(("key", "year"), REPORTS)
def test_one_report_has_one_text(key: str, year: int, name: str) -> None:
    page = RENDERINGS[name](*report(key, year))
    read = read_report(page.encode("gb18030" if name == "layout_tables" else "utf-8"))
    assert (read.kind, read.title) == ("report", first(key, year).title), read.reason
    assert read.text_sha256 == first(key, year).text_sha256
    assert [(figure.printed, figure.status) for figure in read.figures] == [(f.printed, f.status) for f in first(key, year).figures]


@pytest.mark.parametrize(("key", "year"), REPORTS)
def test_the_corpus_text_has_it_too(key: str, year: int) -> None:
    text = first(key, year).text
    assert text_sha256(text) == read_report(text.encode()).text_sha256 == first(key, year).text_sha256
    for chrome in ("首页 ", "版权所有", "发布时间", "来源："):
        assert chrome not in text


def test_reports_differ() -> None:
    assert len({first(key, year).text_sha256 for key, year in REPORTS}) == len(REPORTS)


@pytest.mark.parametrize("name", ["digit", "blank", "moved", "word", "title", "row"])
def test_what_a_report_says_changes_its_hash(name: str) -> None:
    title, parts = report("shuili", 2021)
    changed = read_report(clean_div(title.replace("2021", "2020") if name == "title" else title, edited(parts, name)).encode())
    assert changed.text_sha256 != first("shuili", 2021).text_sha256


def edited(parts: list[Part], how: str) -> list[Part]:
    """The parts with one digit, one blank, two neighbouring cells, one word or one row of table 3 changed."""
    made = list(parts)
    at = [place for place, (kind, _) in enumerate(parts) if kind == "t"][-2]
    table: Table = [list(row) for row in made[at][1]]  # type: ignore[arg-type]
    row = table[4]
    if how == "digit":
        row[-1] = row[-1]._replace(text=row[-1].text + "1")
    elif how == "blank":
        row[-1] = row[-1]._replace(text="")
    elif how == "moved":
        row[-2:] = [row[-1], row[-2]._replace(text="77")]
    elif how == "row":
        table[4], table[5] = table[5], table[4]
    elif how == "word":
        made[0] = (made[0][0], str(made[0][1]) + "等")
    made[at] = ("t", table)
    return made
