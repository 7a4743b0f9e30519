"""The numbers that Word prints in front of paragraphs of a list (一、 （一） 1.), which stand nowhere in the text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from harvester.readers.package import Element, attribute, child, local

LEVELS = 9
DEEPEST_STYLE = 20  # styles that are based on one another
DIGITS = "〇一二三四五六七八九"
ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def _chinese(number: int) -> str:
    """十, 十一, 二十三; from 100 on in digits, which no list reaches."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else DIGITS[tens]) + ("十" if tens else "") + (DIGITS[ones] if ones else "")


def _roman(number: int) -> str:
    made = ""
    for value, letters in ROMAN if 0 < number < 40 else ():
        made, number = made + letters * (number // value), number % value
    return made or str(number)


def _from(letters: str) -> Callable[[int], str]:
    return lambda number: letters[number - 1] if 0 < number <= len(letters) else str(number)


CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
# Names of formats in Word's files -> how a number is written; what is not named here is written in digits. LibreOffice calls 一 Japanese.
FORMATS: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(
        ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand"), _chinese
    ),
    **dict.fromkeys(
        ("ideographDigital", "japaneseDigitalTenThousand"), lambda number: "".join(DIGITS[int(digit)] for digit in str(number))
    ),
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), _from(CIRCLED)),
    "ideographTraditional": _from("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _from("子丑寅卯辰巳午未申酉戌亥"),
    "decimalZero": lambda number: f"{number:02}",
    "lowerLetter": _from(LETTERS),
    "upperLetter": _from(LETTERS.upper()),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
}


@dataclass(slots=True)
class Level:
    """``text`` is the pattern (``（%1）``), ``style`` the paragraph style that brings the level with it."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    style: str = ""


@dataclass(slots=True)
class List:
    """A list definition: its levels, and how far each has counted."""

    levels: dict[int, Level] = field(default_factory=dict)
    counted: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts through a document; ask :meth:`label` for each paragraph in order."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        elements = list(numbering) if numbering is not None else []
        self._lists = {attribute(one, "abstractNumId"): _list(one) for one in elements if local(one) == "abstractNum"}
        self._nums = {attribute(one, "numId"): one for one in elements if local(one) == "num"}
        self._begun: set[str] = set()
        self._inherited: dict[str, tuple[Element | None, str]] = {}
        self._styles = {attribute(one, "styleId"): one for one in styles if local(one) == "style"} if styles is not None else {}

    def label(self, properties: Element | None) -> str:
        """The number in front of the paragraph with these properties (``w:pPr``), "" when it has none or a bullet."""
        found, style = self._numbered(properties)
        num = attribute(child(found, "numId"), "val")
        numbered = self._list_of(num) if num in self._nums else None
        if numbered is None:
            return ""
        by_style = next((depth for depth, level in numbered.levels.items() if style and level.style == style), 0)
        depth = _int(attribute(child(found, "ilvl"), "val"), by_style)
        level = numbered.levels.get(depth)
        return _counted(numbered, depth, level) if level is not None else ""

    def _numbered(self, properties: Element | None) -> tuple[Element | None, str]:
        """``w:numPr`` of the paragraph, or of the style it has or that one is based on, and that style."""
        own, style = child(properties, "numPr"), attribute(child(properties, "pStyle"), "val")
        if own is not None:
            return own, style
        if style not in self._inherited:
            self._inherited[style] = self._brought(style)
        return self._inherited[style]

    def _brought(self, style: str) -> tuple[Element | None, str]:
        for _ in range(DEEPEST_STYLE):
            definition = self._styles.get(style)
            if definition is None:
                break
            if (found := child(child(definition, "pPr"), "numPr")) is not None:
                return found, style
            style = attribute(child(definition, "basedOn"), "val")
        return None, ""

    def _list_of(self, num: str) -> List | None:
        """The list that ``num`` counts in; one that starts anew does so the first time it is asked for."""
        element = self._nums[num]
        found = self._lists.get(attribute(child(element, "abstractNumId"), "val"))
        if found is not None and num not in self._begun:
            self._begun.add(num)
            for override in element:
                if (start := child(override, "startOverride")) is not None:
                    found.counted[_int(attribute(override, "ilvl"))] = _int(attribute(start, "val"), 1) - 1
        return found


def _list(element: Element) -> List:
    levels = {_int(attribute(one, "ilvl")): _level(one) for one in element if local(one) == "lvl"}
    return List(levels)


def _level(element: Element) -> Level:
    said = {name: attribute(child(element, name), "val") for name in ("start", "numFmt", "lvlText", "pStyle")}
    return Level(_int(said["start"], 1), said["numFmt"], said["lvlText"], said["pStyle"])


def _counted(numbered: List, depth: int, level: Level) -> str:
    """Counts one on and gives the number as printed."""
    counted = numbered.counted
    counted[depth] = counted.get(depth, level.start - 1) + 1
    for below in range(depth + 1, LEVELS):
        counted.pop(below, None)
    if level.format == "bullet":
        return ""
    return re.sub("%([1-9])", lambda place: _written(numbered, int(place[1]) - 1), level.text)


def _written(numbered: List, depth: int) -> str:
    level = numbered.levels.get(depth, Level())
    number = numbered.counted.get(depth, level.start)
    return "" if level.format == "none" else FORMATS.get(level.format, str)(number)


def _int(text: str, default: int = 0) -> int:
    return int(text) if re.fullmatch(r"\d{1,6}", text) else default
