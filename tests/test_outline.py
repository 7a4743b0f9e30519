"""Sections are known by whole titles, whatever numeral they carry or lack; rows of table 3 are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from harvester import outline, readers
from harvester.items import Block, Grid

SEEDS = Path(__file__).parent.parent.parent / "shared" / "seeds"
ONE, TWO, THREE = "section_1_overview", "section_2_proactive", "section_3_requests"
FOUR, FIVE, SIX = "section_4_review_litigation", "section_5_problems", "section_6_other"
NATIONAL = [ONE, TWO, THREE, FOUR, FIVE, SIX]
TITLES = [
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
]


def split(*lines: str) -> list[tuple[str, list[str]]]:
    return [(section.key, [block.text for block in section.blocks]) for section in outline.split([Block(line) for line in lines])]


def keys(*lines: str) -> list[str]:
    return [key for key, _ in split(*lines)]


def test_six_sections_and_a_preface() -> None:
    lines = [line for title in TITLES for line in (title, f"{title[:1]}的正文。")]
    assert split("前言。", *lines) == [("", ["前言。"]), *zip(NATIONAL, [[line] for line in lines[1::2]])]


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("一 、总体 情况", ONE),
        ("一、总体情况：", ONE),
        ("一.总体情况", ONE),
        ("一总体情况", ONE),
        ("一、2021年总体情况", ONE),
        ("二、行政机关主动公开政府信息情况", TWO),
        ("二、主动公开政府信息的情况", TWO),
        ("三、行政机关收到和处理政府信息公开申请情况", THREE),
        ("四、因政府信息公开工作被申请行政复议、提起行政诉讼情况", FOUR),
        ("四、政府信息公开行政复议和行政诉讼情况", FOUR),
        ("四、政府信息公开行政法复议、行政诉讼情况", FOUR),
        ("四、政府信息公开行政复议、行政诉讼请况", FOUR),
        ("五、存在问题及改进情况", FIVE),
        ("五、存在的主要问提及改进情况", FIVE),
        ("五、政府信息公开工作存在的主要问题及改进情况", FIVE),
        ("六、其它需要报告的事项", SIX),
        ("六、需要报告的其他事项", SIX),
    ],
)
def test_variants_and_misprints(title: str, key: str) -> None:
    """Each among the other titles as they are prescribed."""
    lines = [title if known == key else prescribed for known, prescribed in zip(NATIONAL, TITLES)]
    assert keys(*lines) == NATIONAL


@pytest.mark.parametrize("lost", range(6))
def test_a_missing_title_leaves_its_text_to_the_section_before(lost: int) -> None:
    lines = [line for number, title in enumerate(TITLES) for line in ([] if number == lost else [title]) + [f"第{number}部分正文。"]]
    assert keys(*lines) == ([""] if lost == 0 else []) + [key for number, key in enumerate(NATIONAL) if number != lost]


@pytest.mark.parametrize("style", ["（{}）", "第{}部分 ", "({})", "{}、", "{}. "])
def test_numbered_in_another_way(style: str) -> None:
    assert keys(*[style.format(title[0]) + title[2:] for title in TITLES]) == NATIONAL


def test_numbered_with_digits_and_not_at_all() -> None:
    assert keys(*[f"{number}. {title[2:]}" for number, title in enumerate(TITLES, 1)]) == NATIONAL
    assert keys(*[title[2:] for title in TITLES]) == NATIONAL


def test_a_title_without_its_numeral_among_numbered_ones() -> None:
    assert keys(*TITLES[:5], "其他需要报告的事项", "无") == NATIONAL


def test_rows_of_table_3_are_no_titles() -> None:
    rows = ["一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量", "三、本年度办理结果", "四、结转下年度继续办理"]
    assert split(*rows) == [("", rows)]
    assert keys(*TITLES[:3], *rows, *TITLES[3:]) == NATIONAL


def test_headings_below_a_section_stay_in_it() -> None:
    inner = ["（一）主动公开政府信息情况", "正文。", "（二）依申请公开情况", "主动公开政府信息情况", "1. 总体情况"]
    assert split(TITLES[0], *inner, *TITLES[1:])[0] == (ONE, inner)


def test_a_title_over_two_or_three_lines() -> None:
    assert split(*TITLES[:3], "四、政府信息公开行政复议、", "行政诉讼情况", "正文。", *TITLES[4:])[3] == (FOUR, ["正文。"])
    assert split("一、", "总体情况", "正文。")[0] == (ONE, ["正文。"])


def test_a_title_that_lost_its_line_break() -> None:
    assert split("一、总体情况2021年，我局主动公开信息。", *TITLES[1:])[0] == (ONE, ["2021年，我局主动公开信息。"])
    long = "一、总体情况。" + "全年工作稳步推进，" * 12
    assert split(long, *TITLES[1:])[0] == (ONE, [long[7:]])


@pytest.mark.parametrize("line", ["一、总体情况较好，问题不多。", "一、总体情况和问题", "总体情况2021年，我局公开信息。", "一、总体思路"])
def test_a_sentence_that_begins_like_a_title_is_none(line: str) -> None:
    assert keys(line) == [""]


def test_a_title_printed_twice_is_one_section_in_two_parts() -> None:
    assert keys("一、总体情况", "甲。", *TITLES) == [ONE, *NATIONAL]


def test_a_list_of_contents_comes_before_the_text() -> None:
    assert split(*TITLES, *[line for title in TITLES for line in (title, "正文。")])[6:] == [(key, ["正文。"]) for key in NATIONAL]


def test_the_outline_before_the_forms() -> None:
    titles = ["一、概　述", "二、主动公开情况", "三、依申请公开政府信息办理情况", "四、收费及减免情况", "五、复议、诉讼和申诉情况",
              "六、主要问题和改进措施", "附表"]  # fmt: skip
    names = ["overview", "proactive", "requests", "fees", "disputes", "problems", "annex"]
    assert keys(*titles) == [f"narrative_{name}" for name in names]


def test_titles_of_both_outlines_follow_the_company_they_keep() -> None:
    assert keys("一、概述", "二、主动公开政府信息情况", "三、依申请公开情况")[1] == "narrative_proactive"
    assert keys("一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况")[1] == TWO


def test_tables_and_empty_documents() -> None:
    table = Block(grid=Grid(0, []))
    assert outline.split([]) == []
    assert outline.split([Block("二、主动公开政府信息情况"), table])[0].blocks == [table]


@pytest.mark.skipif(not SEEDS.exists(), reason="the sample corpus is not here")
@pytest.mark.parametrize("name", ["000", "001", "002", "003", "004"])
def test_seeds(name: str) -> None:
    path = next(SEEDS.glob(f"{name}_*.txt"))
    sections = outline.split(readers.read(path.read_bytes(), "", path.name).blocks)
    assert list(dict.fromkeys(section.key for section in sections)) == ["", *NATIONAL]
    assert sum(block.grid is not None for section in sections if section.key in (TWO, THREE, FOUR) for block in section.blocks) >= 3
