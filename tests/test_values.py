"""A cell's string: four kinds of nothing, signs, separators, units; nothing repaired."""

from __future__ import annotations

import pytest

from harvester.values import header_unit, parse


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("0", 0, None),
        ("０１２", 12, None),
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
    ],
)
def test_numbers(text: str, number: float, unit: str | None) -> None:
    assert (parse(text).kind, parse(text).number, parse(text).unit) == ("number", number, unit)


@pytest.mark.parametrize("text", ["", "/", "-", "--", "—", "——", "无", "／"])
def test_marks_of_nothing_are_blank_never_zero(text: str) -> None:
    assert parse(text).kind == "blank" and parse(text).number is None


@pytest.mark.parametrize("text", ["5 3", "1 234", "12,34", "1,2345", "见附件", "约30", "3-5", "1.2.3", "四", "９" * 30, "34172.", "件"])
def test_what_is_no_plain_number_stays_words(text: str) -> None:
    assert parse(text).kind == "words"


def test_header_unit() -> None:
    assert header_unit("本年收费金额（单位：万元，保留4位小数）") == "万元"
    assert header_unit("采购总金额(单位: 元)") == "元"
    assert header_unit("采购总金额（万元）") == "万元"
    assert header_unit("采购总金额") is None
