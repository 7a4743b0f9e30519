"""Numbers in sentences: read where they are one number, and only there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.numerals import approximate, number

READ = {
    "0": 0, "12": 12, "1,234": 1234, "1，234": 1234, "１２３": 123, "12.5": 12.5, "12.50": 12.5, "007": 7, "1.17万": 11700,
    "1.17 万": 11700, "1.17万余": 11700, "11.7余万": 117000, "近30万": 300000, "30多万": 300000, "1000余": 1000, "50余": 50,
    "约1.2亿": 120000000, "1亿2000万": 120000000, "3万5千": 35000, "12万3456": 123456, "5千万": 50000000, "一万亿": 1000000000000,
    "1.23456万": 12345.6, "二○一三": 2013, "二〇一三": 2013, "二零一三": 2013, "二O一三": 2013, "二0一三": 2013, "一九九八": 1998,
    "一〇五": 105, "二〇": 20, "十": 10, "十二": 12, "二十": 20, "二十三": 23, "两百三十": 230, "一百一十二": 112, "二百零三": 203,
    "三千五百": 3500, "一千零二十": 1020, "一千零五万": 10050000, "两万": 20000, "零": 0, "三": 3, "百余": 100, "上千": 1000,
    "万余": 10000, "十多万": 100000, "超过200": 200, "20左右": 20,
}  # fmt: skip
NOT_READ = [
    "", " ", "万", "百", "元", "几", "数十", "十几", "三四十", "二三", "三四万", "一百五", "一万二", "1万2", "1.5万3千", "1 7",
    "12 34万", "3-5", "12%", "1,23", "1,2345", "-5", "○", "1.2.3", "件", "十十", "百十", "12件", "万万", "二○一三年", "零五",
    "1万20000",
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), READ.items())
def test_read(text: str, value: int | float) -> None:
    assert number(text) == value
    assert type(number(text)) is type(value)


@pytest.mark.parametrize("text", NOT_READ)
def test_not_read(text: str) -> None:
    assert number(text) is None


@pytest.mark.parametrize("text", ["1000余", "近30万", "30多万", "约5", "超过200", "20左右", "十几", "数十", "上百"])
def test_approximate(text: str) -> None:
    assert approximate(text)


@pytest.mark.parametrize("text", ["1000", "1.17万", "二○一三", "两百三十"])
def test_exact(text: str) -> None:
    assert not approximate(text)


def spelled(value: int) -> str:
    """Standard Chinese numeral below 10,000, written independently of the reader."""
    out, gap = "", False
    for place, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // place % 10
        if digit:
            out += ("零" if gap and out else "") + "零一二三四五六七八九"[digit] + sign
        gap = not digit
    return out or "零"


@given(st.integers(0, 9999))
def test_every_spelled_number_is_read(value: int) -> None:
    assert number(spelled(value)) == value


@given(st.integers(1, 9999), st.integers(1000, 9999))
def test_ten_thousands(high: int, low: int) -> None:
    assert number(f"{spelled(high)}万{spelled(low)}") == high * 10000 + low
    assert number(f"{high}万{low}") == high * 10000 + low


@given(st.integers(0, 10**12))
def test_thousands_separators(value: int) -> None:
    assert number(f"{value:,}") == value


@given(st.text(alphabet="0123456789一二十百千万亿零〇○.,， 余多近约几-%", max_size=12))
def test_anything_gives_a_finite_number_or_nothing(text: str) -> None:
    value = number(text)
    assert value is None or 0 <= value < 10**40
