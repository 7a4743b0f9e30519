"""A cell's string: four kinds of nothing, signs, separators, units; nothing repaired."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from harvester.values import BLANK_MARKS, header_unit, is_unit, is_whole, parse, readings


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("0", 0, None),
        ("１０２", 102, None),
        ("-76", -76, None),
        ("－76", -76, None),
        ("减76", -76, None),
        ("+1", 1, None),
        ("增5", 5, None),
        ("↓3", -3, None),
        ("1,234", 1234, None),
        ("1，234，567", 1234567, None),
        ("69608.8964", 69608.8964, None),
        ("318000元", 318000, "元"),
        ("12.5万元", 12.5, "万元"),
        ("31 件", 31, "件"),
        ("−76", -76, None),
        ("–76", -76, None),
        ("﹣76", -76, None),
        ("负76", -76, None),
        ("减少76件", -76, "件"),
        ("＋1", 1, None),
        ("增加12", 12, None),
        ("↑8", 8, None),
        ("318000\u00a0元", 318000, "元"),
        ("318000 \u200b元", 318000, "元"),
        ("\ufeff12\u200b", 12, None),
        ("0件", 0, "件"),
        ("零", 0, None),
        ("〇", 0, None),
        ("1.17万", 1.17, "万"),
        ("3万条", 3, "万条"),
        ("5人次", 5, "人次"),
        ("1,234.50元", 1234.5, "元"),
        ("-0", 0, None),
    ],
)
def test_numbers(text: str, number: float, unit: str | None) -> None:
    assert (parse(text).kind, parse(text).number, parse(text).unit) == ("number", number, unit)


@pytest.mark.parametrize("text", ["", "/", "-", "--", "—", "——", "无", "／"])
def test_marks_of_nothing_are_blank_never_zero(text: str) -> None:
    assert parse(text).kind == "blank" and parse(text).number is None


WORDS = [
    "5 3",
    "1 234",
    "12,34",
    "1,2345",
    "见附件",
    "007",
    "０１２",
    "0000000",
    "约30",
    "3-5",
    "1.2.3",
    "四",
    "９" * 30,
    "34172.",
    "件",
    "5%",
    "1、234",
    "1, 234",
    "1 .5",
]
WORDS += [
    "—76",
    "+-1",
    "--5",
    "1e5",
    "0x10",
    "٣",
    "5²",
    "½",
    "1/2",
    "○",
    "O",
    "零件",
    "3 万 4",
    "暂无",
    "1‰",
    "≥5",
    "5+",
    "2.",
    ".5",
    "1,234,56",
]


@pytest.mark.parametrize("text", WORDS)
def test_what_is_no_plain_number_stays_words(text: str) -> None:
    assert parse(text).kind == "words"


def test_header_unit() -> None:
    assert header_unit("本年收费金额（单位：万元，保留4位小数）") == "万元"
    assert header_unit("采购总金额(单位: 元)") == "元"
    assert header_unit("采购总金额（万元）") == "万元"
    assert header_unit("采购总金额") is None


@pytest.mark.parametrize(
    ("label", "unit"),
    [
        ("收到申请数（件）", "件"),
        ("接受培训人员数(人次)", "人次"),
        ("网站访问量（万人次）", "万人次"),
        ("统计数（单位：人）", "人"),
        ("专职人员数（不包括政府公报及政府网站工作人员数）", None),
        ("单位人数", None),
        ("（三）其他情形数", None),
        ("主动公开政府信息数（不同渠道和方式公开相同信息计1条）", None),
    ],
)
def test_units_in_labels(label: str, unit: str | None) -> None:
    assert header_unit(label) == unit


@pytest.mark.parametrize(
    ("text", "unit"), [("件", True), ("人 次", True), ("万元", True), ("万条", True), ("", False), ("——", False), ("件数", False)]
)
def test_units(text: str, unit: bool) -> None:
    assert is_unit(text) is unit


@pytest.mark.parametrize(
    ("unit", "whole"), [("件", True), (None, True), ("人次", True), ("元", False), ("万元", False), ("万条", False), ("亿元", False)]
)
def test_counts_have_no_fraction(unit: str | None, whole: bool) -> None:
    assert is_whole(unit) is whole


def test_readings_of_a_number_with_a_glued_list_number() -> None:
    assert readings("34172.") == (34172, 3417)
    assert readings("３４１７２．") == (34172, 3417)
    assert readings("2.") == readings("34172") == readings("1.5") == readings("约30") == ()


SPACES = st.text(alphabet=" \u00a0\u3000\u200b\ufeff", max_size=2)
SIGNS = {"": 1, "+": 1, "＋": 1, "增": 1, "增加": 1, "↑": 1, "-": -1, "－": -1, "−": -1, "减": -1, "减少": -1, "↓": -1, "负": -1}
UNITS = st.sampled_from(["", "件", "条", "元", "万元", "人次", "万条", "项", "篇"])


@given(st.integers(0, 10**15), st.sampled_from(sorted(SIGNS)), st.booleans(), st.booleans(), UNITS, SPACES, SPACES)
def test_a_number_is_read_however_it_is_dressed(
    value: int, sign: str, grouped: bool, wide: bool, unit: str, before: str, between: str
) -> None:
    digits = f"{value:,}" if grouped else str(value)
    if wide:
        digits = digits.translate(str.maketrans("0123456789,", "０１２３４５６７８９，"))
    found = parse(f"{before}{sign}{digits}{between}{unit}{before}")
    assert (found.kind, found.number, found.unit) == ("number", SIGNS[sign] * value, unit or None)
    assert type(found.number) is int


@given(st.decimals(0, 10**9, places=4), st.booleans())
def test_decimals_keep_their_digits(value: Decimal, wide: bool) -> None:
    text = str(value).replace(".", "．") if wide else str(value)
    assert parse(text).number == float(value)


@given(st.integers(0, 999), st.integers(0, 999), st.sampled_from([" ", "\u00a0", "  ", "\u3000"]))
def test_two_numbers_are_never_one(first: int, second: int, space: str) -> None:
    assert parse(f"{first}{space}{second}").kind == "words"


@given(st.text(alphabet="0123456789０９，,.．、+-−—/ 无零〇○件万元减%\u00a0\u200b", max_size=10))
@example("0")
def test_anything_is_one_of_three_kinds_and_a_number_needs_a_digit(text: str) -> None:
    found = parse(text)
    assert (found.number is not None) == (found.kind == "number")
    if found.kind == "number":
        assert any(sign.isdigit() or sign in "零〇" for sign in text)
    if found.kind == "blank":
        assert not any(sign.isdigit() for sign in text)
    assert parse(text) is found or parse(text) == found


@pytest.mark.parametrize("mark", sorted(BLANK_MARKS))
def test_marks_are_blank_with_spaces_of_any_kind(mark: str) -> None:
    assert parse(f"\u00a0{mark}\u200b ").kind == "blank"
