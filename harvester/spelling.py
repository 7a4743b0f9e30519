"""How printed labels are compared: without spaces, widths, quotes, and, where a form repeats none of them, without numbers and signs."""

from __future__ import annotations

import re

FOLDED = str.maketrans("（）：；，．／０１２３４５６７８９“”‘’〝〞'＂", '():;,./0123456789""""""""')
DEBRIS = re.compile(r"[\s\u00a0\u200b-\u200f\u3000\ufeff]+")
NUMBERING = re.compile(r"^(?:[(][一二三四五六七八九十]{1,2}[)]|[一二三四五六七八九十]{1,2}[、.,]|\d{1,2}[.、,)])")
PARENTHESIS = re.compile(r"[(][^()]*[)]?")
# In front of an indicator: 一、 （一） 1. (1) ① 其中：, one behind the other, the sign after the number lost now and then.
LEADING = re.compile(
    r"(?:其中[:,]?|[(][一二三四五六七八九十\d]{1,3}[)]|[一二三四五六七八九十]{1,3}[、.,:)]|\d{1,2}[、.,:)](?!\d)|[①-⑳]|\d{1,2}(?=[^\d年月日]))+"
)
SIGNS = re.compile(r"[\W_]+")
COUNTED = re.compile(r"(?:总?次|总)?数量?$|总量$")
YEAR = re.compile(r"(?:19|20)\d\d")


def fold(text: str) -> str:
    """``text`` as labels are compared: no spaces, half-width signs, one kind of quote."""
    return DEBRIS.sub("", text).translate(FOLDED).replace('"', "")


def bare(text: str) -> str:
    """An indicator's name alone: ``其中：(2)“信息不存在”数`` is 信息不存在数; what stands in brackets behind a name is not part of it."""
    folded = fold(text)
    match = LEADING.match(folded)
    return SIGNS.sub("", PARENTHESIS.sub("", folded[match.end() :] if match else folded)).replace("其它", "其他")


def uncounted(name: str) -> str:
    """A bare name without the word that says it is a number: 行政复议数量, 行政复议数 and 行政复议 are one."""
    return COUNTED.sub("", name)


def yearless(name: str) -> str:
    """A bare column label with ``Y`` for its year: ``2015年度`` is ``Y年度``."""
    return YEAR.sub("Y", name)
