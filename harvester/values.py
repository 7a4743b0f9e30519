"""A cell's printed string -> blank, number (with its unit) or words; nothing is repaired."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from harvester.items import Number

WIDTH = str.maketrans("０１２３４５６７８９，．＋－−‐‑–﹣／（）：％", "0123456789,.+------/():%")
# Spaces of every kind, and the marks without width that Word leaves in a cell.
SPACES = re.compile(r"[\s\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]+")
# Marks that print "nothing here". Blank is not 0 (国办 forms print 0 where a count is 0).
BLANK_MARKS = frozenset(("", "/", "\\", "-", "--", "---", "—", "——", "―", "无", "空", "\\\\", "//"))
COUNTERS = "人次|条次|件次|[元条项个件次人篇份宗起期场位家户]"
NUMBER = re.compile(
    r"(?a)(?P<sign>[+\-负]|增加?|减少?|[↑↓])?(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?P<fraction>\.\d+)?"
    rf"(?P<unit>[万亿](?:{COUNTERS})?|{COUNTERS})?"
)
NEGATIVE = frozenset(("-", "负", "减", "减少", "↓"))
ZEROS = frozenset(("零", "〇"))  # alone in a cell; ○ is as often a tick as a zero
UNIT = re.compile(rf"[万亿]?(?:{COUNTERS})|[万亿]")
HEADER_UNIT = re.compile(rf"单位:?(万元|亿元|[元件万条项个])|(?:单位:|[(])([万亿]?(?:{COUNTERS}))(?=[),]|$)")
TWO_DECIMALS = re.compile(r"(?a)\d\.\d\d$")
GLUED = re.compile(r"(?a)(\d+?)(\d)\.")


class Value(NamedTuple):
    """``kind`` blank / number / words; ``number`` and ``unit`` only for a number."""

    kind: Literal["blank", "number", "words"]
    number: Number | None = None
    unit: str | None = None


BLANK, WORDS = Value("blank"), Value("words")


@lru_cache(maxsize=16384)
def parse(text: str) -> Value:
    """Value of one cell's string: ``-76`` and ``减76`` are -76, ``1,234`` is 1234, ``318000元`` has unit 元, ``/`` is blank.

    ``007`` is no number: no form prints a zero before a count, it is the digits of several cells.
    """
    if text.isascii() and text.isdigit() and len(text) < 16 and (text[0] != "0" or text == "0"):
        return Value("number", int(text))
    folded = SPACES.sub("", text).translate(WIDTH)
    if folded in BLANK_MARKS:
        return BLANK
    if folded in ZEROS:
        return Value("number", 0)
    match = NUMBER.fullmatch(folded)
    whole = match["whole"].replace(",", "") if match else ""
    if match is None or len(whole) > 18 or (len(whole) > 1 and whole[0] == "0") or _digits_apart(text):
        return WORDS
    number: Number = float(whole + match["fraction"]) if match["fraction"] else int(whole)
    return Value("number", -number if match["sign"] in NEGATIVE else number, match["unit"])


def is_formatted_count(text: str, numbers: Sequence[str], least: int) -> bool:
    """Whether ``3.00`` is the count 3 in a spreadsheet's usual format, and not the digits of several cells.

    ``numbers``: the strings of all numbers of its row, this one included. The row has one format: each shows two decimals, and they are
    ``least`` or more.
    """
    shown = [number.translate(WIDTH) for number in numbers]
    return text.translate(WIDTH).endswith(".00") and len(shown) >= least and all(map(TWO_DECIMALS.search, shown))


def is_value(text: str) -> bool:
    """Whether a string may stand in a cell of a table: a number, a mark for none, or the digits of several cells (``0000000``)."""
    return parse(text).kind != "words" or text.isdecimal()


def _digits_apart(text: str) -> bool:
    """Two numbers in one cell (``5 3``) are not one: a space between digits is never closed."""
    return re.search(r"\d\s+[\d.,．，]|[.,．，]\s+\d", text) is not None


def readings(text: str) -> tuple[Number, ...]:
    """The numbers that a string which is none may stand for: ``34172.`` is 34172, or 3417 and ``2.``, the number of the line below."""
    match = GLUED.fullmatch(SPACES.sub("", text).translate(WIDTH))
    return (int(match[1] + match[2]), int(match[1])) if match else ()


@lru_cache(maxsize=4096)
def is_unit(text: str) -> bool:
    """Whether a string is a unit, as in the column 单位: 件, 人次, 万元."""
    return UNIT.fullmatch(SPACES.sub("", text)) is not None


def is_whole(unit: str | None) -> bool:
    """Whether numbers of this unit are counts, which have no fraction: not money, not multiples such as 万条."""
    return not (unit or "").startswith(("万", "亿")) and unit != "元"


@lru_cache(maxsize=1024)
def header_unit(label: str) -> str | None:
    """The unit a header prints, as in ``本年收费金额（单位：万元，保留4位小数）``."""
    match = HEADER_UNIT.search(label.translate(WIDTH).replace(" ", ""))
    return (match[1] or match[2]) if match else None
