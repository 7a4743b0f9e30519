"""The sections of a report: its blocks under the titles they stand under, whatever numeral a title carries or lacks."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from harvester.forms import fold
from harvester.items import Block

PREFACE = ""
LONGEST = 44  # characters of a section title with its numeral; the longest in data/sections.csv has 26
ALIKE = 0.75  # likeness of two titles, one of which is a misprint of the other
MISPRINTED = 8  # characters: in shorter titles one wrong sign is too much of the whole
STYLES = {
    "chinese": re.compile(r"[一二三四五六七八九十]{1,2}[、.,:]?"),
    "part": re.compile(r"第[一二三四五六七八九十\d]{1,2}(?:部分|章|节)[、.,:]?"),
    "bracket": re.compile(r"[(][一二三四五六七八九十]{1,2}[)][、.,]?"),
    "arabic": re.compile(r"[(]?\d{1,2}[)、.,:]+(?!\d)"),
}
UPPER = ("chinese", "part")
PLAIN = ""  # no numeral
NUMERALS = "一二三四五六七八九十第(（0123456789０１２３４５６７８９"
LOOSE = re.compile(r"[、,;:。.的和及与等]")  # what reports vary within a title
OWN = re.compile(r"^(?:20\d\d年度?)?(?:我|本)?(?:年度?|行政机关|单位|机关|部门|街道|[省市县区州乡镇局委办厅院处])?")


class Section(NamedTuple):
    """``key`` of data/sections.csv ("" for what stands before the first title), the title as printed, the blocks under it."""

    key: str
    title: str
    blocks: list[Block]


class Title(NamedTuple):
    """A section title as printed: the style of its numeral, its national and narrative keys, how many blocks it fills, what follows it."""

    place: int
    style: str
    keys: tuple[str, str]
    text: str
    blocks: int = 1
    rest: str = ""


def _read() -> dict[str, tuple[str, str]]:
    rows = csv.DictReader(files("harvester.data").joinpath("sections.csv").read_text("utf-8").splitlines())
    return {row["title"]: (row["national"], row["narrative"]) for row in rows}


PRINTED = _read()
TITLES = {LOOSE.sub("", title): keys for title, keys in reversed(PRINTED.items())}  # the first of two that differ in 及 and 和 only
# A title that lost its line break, and the paragraph: 总体情况2021年, not 总体情况较好, which is a sentence of its own.
GLUED = re.compile(f"({'|'.join(sorted(PRINTED, key=len, reverse=True))})(?![较良好和及与中是为,、的])(?=.)")
TABLES_TOLD = frozenset(("section_2_proactive", "section_3_requests", "section_4_review_litigation"))
ANNEX = "narrative_annex"


def split(blocks: Sequence[Block]) -> list[Section]:
    """``blocks`` as sections in reading order; a title printed twice gives two sections of one key.

    Titles are known as wholes: rows of table 3 begin 一、二、三、四、 too. Where a report numbers its sections in one way, lines numbered
    in another are headings below them; a title without a numeral counts when no other carries its key.
    """
    titles = {title.place: (key, title) for key, title in _outline(list(_titles(blocks)))}
    sections = [Section(PREFACE, "", [])]
    begin = 0
    for place, block in enumerate(blocks):
        if found := titles.get(place):
            key, title = found
            sections.append(Section(key, title.text, [Block(title.rest)] if title.rest else []))
            begin = place + title.blocks
        elif place >= begin:
            sections[-1].blocks.append(block)
    return sections if sections[0].blocks else sections[1:]


def places(blocks: Sequence[Block]) -> list[tuple[int, str]]:
    """Where the sections begin: the place of the block with the title, and the section's key, in reading order."""
    return [(title.place, key) for key, title in _outline(list(_titles(blocks)))]


def is_title(text: str) -> bool:
    """Whether ``text`` is, as a whole and but for small words and signs, a section title without its numeral."""
    return _keys(fold(text)) is not None


def _outline(titles: list[Title]) -> Iterator[tuple[str, Title]]:
    """The titles that are sections, with their keys: of the forms' six sections, or of the outline before them, whichever names more."""
    styles = {style: {title.keys for title in titles if title.style == style} for style in (*STYLES, PLAIN)}
    upper = [style for style in UPPER if styles[style]]  # （一） is never above 一、
    main = max(upper or styles, key=lambda style: len(styles[style]))  # the first of equals
    national, narrative = ({keys[column] for keys in styles[main]} - {""} for column in (0, 1))
    column, numbered = (0, national) if len(national) >= len(narrative) else (1, narrative)
    for title in titles:
        key = title.keys[column]
        if key and (title.style == main or (title.style == PLAIN and key not in numbered)):
            yield key, title


def _titles(blocks: Sequence[Block]) -> Iterator[Title]:
    begin = 0
    for place, block in enumerate(blocks):
        if place >= begin and block.text and (title := _title(blocks, place)):
            yield title
            begin = place + title.blocks


def _title(blocks: Sequence[Block], place: int) -> Title | None:
    """The title that begins at ``place``: the block alone, with one or two short ones after it, or its first words."""
    text = blocks[place].text
    if len(text) > LONGEST and text[0] not in NUMERALS:
        return None
    style, bare = _numeral(text[:LONGEST])
    if len(text) <= LONGEST:
        if keys := _keys(bare):
            return Title(place, style, keys, text)
        if style and (joined := _joined(blocks, place, style)):
            return joined
        if style and (keys := _misprinted(bare)):
            return Title(place, style, keys, text)
    match = GLUED.match(bare) if style else None
    if match is None:
        return None
    end = re.compile(r"\s*".join(match[1])).search(text)
    return Title(place, style, PRINTED[match[1]], text[: end.end()].strip(), 1, text[end.end() :].lstrip(" 。.:：")) if end else None


def _joined(blocks: Sequence[Block], place: int, style: str) -> Title | None:
    """A title that goes on in the next line or two."""
    text = blocks[place].text
    for count, block in enumerate(blocks[place + 1 : place + 3], 2):
        text += block.text
        if not block.text or len(text) > LONGEST:
            return None
        if keys := _keys(_numeral(text)[1]):
            return Title(place, style, keys, text, count)
    return None


@lru_cache(maxsize=4096)
def _numeral(text: str) -> tuple[str, str]:
    """The style of the numeral ``text`` begins with, and the rest of it, folded."""
    folded = fold(text)
    for style, pattern in STYLES.items():
        if match := pattern.match(folded):
            return style, folded[match.end() :]
    return PLAIN, folded


@lru_cache(maxsize=4096)
def _keys(bare: str) -> tuple[str, str] | None:
    """Keys of a title without its numeral."""
    loose = LOOSE.sub("", bare)
    return TITLES.get(loose) or TITLES.get(OWN.sub("", loose))


@lru_cache(maxsize=4096)
def _misprinted(bare: str) -> tuple[str, str] | None:
    """Keys of the title that ``bare`` is a misprint of."""
    loose = LOOSE.sub("", bare)
    if len(loose) < MISPRINTED:
        return None
    likeness, best = max((_likeness(loose, title), title) for title in TITLES)
    return TITLES[best] if likeness >= ALIKE else None


def _likeness(one: str, other: str) -> float:
    """Dice's coefficient over pairs of neighbouring characters: 0 nothing in common, 1 the same."""
    left, right = _pairs(one), _pairs(other)
    return 2 * len(left & right) / (len(left) + len(right) or 1)


@lru_cache(maxsize=1024)
def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[place : place + 2] for place in range(len(text) - 1))
