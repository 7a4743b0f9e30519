"""A cell's printed string -> blank, number (with its unit) or words; nothing is repaired."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from harvester.items import Number

WIDTH = str.maketrans("０１２３４５６７８９，．＋－−／（）：％", "0123456789,.+--/():%")
# Marks that print "nothing here". Blank is not 0 (国办 forms print 0 where a count is 0).
BLANK_MARKS = frozenset(("", "/", "\\", "-", "--", "---", "—", "——", "–", "―", "无", "空", "\\\\", "//"))
NUMBER = re.compile(
    r"(?a)(?P<sign>[+\-]|增加?|减少?|[↑↓])?(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?P<fraction>\.\d+)?(?P<unit>万元|亿元|元|万|件|条|项|个|次|人次|人|篇)?"
)
NEGATIVE = frozenset(("-", "减", "减少", "↓"))
HEADER_UNIT = re.compile(r"单位:?(万元|亿元|元|件|条|项|个)|[(](万元|亿元|元|件|条|项)[)]")


class Value(NamedTuple):
    """``kind`` blank / number / words; ``number`` and ``unit`` only for a number."""

    kind: Literal["blank", "number", "words"]
    number: Number | None = None
    unit: str | None = None


BLANK, WORDS = Value("blank"), Value("words")


@lru_cache(maxsize=16384)
def parse(text: str) -> Value:
    """Value of one cell's string: ``-76`` and ``减76`` are -76, ``1,234`` is 1234, ``318000元`` has unit 元, ``/`` is blank."""
    if text.isascii() and text.isdigit() and len(text) < 16:
        return Value("number", int(text))
    folded = text.translate(WIDTH).replace(" ", "")
    if folded in BLANK_MARKS:
        return BLANK
    if _digits_apart(text):
        return WORDS
    match = NUMBER.fullmatch(folded)
    if match is None or len(match["whole"]) > 18:
        return WORDS
    whole = match["whole"].replace(",", "")
    number: Number = float(whole + match["fraction"]) if match["fraction"] else int(whole)
    return Value("number", -number if match["sign"] in NEGATIVE else number, match["unit"])


def _digits_apart(text: str) -> bool:
    """Two numbers in one cell (``5 3``) are not one: a space between digits is never closed."""
    return re.search(r"\d\s+[\d.,]", text) is not None


@lru_cache(maxsize=1024)
def header_unit(label: str) -> str | None:
    """The unit a header prints, as in ``本年收费金额（单位：万元，保留4位小数）``."""
    match = HEADER_UNIT.search(label.translate(WIDTH).replace(" ", ""))
    return (match[1] or match[2]) if match else None
