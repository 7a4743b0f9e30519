"""How much of a report's prose repeats another's: its sections as plain text, a sketch that finds what is alike, the exact overlap."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Set
from typing import NamedTuple

from rensa import RMinHash

from harvester.digest import FOLDED
from harvester.items import Block
from harvester.outline import split

# The parts of the form that are prose, and those of the outline before it; the others are tables.
SECTIONS = (
    *("section_1_overview", "section_5_problems", "section_6_other"),
    *("narrative_overview", "narrative_problems", "narrative_other"),
)
PASSAGE = 13  # characters: what China's plagiarism checks call copied (连续13个字); 中华人民共和国政府信息公开条例 has 15
SHORTEST = 40  # characters of a section: 无其他需要报告的事项 is an answer, not a text that could repeat one
LONGEST = 50_000  # characters: what is measured of a longer section is its beginning
HASHES, SEED = 64, 7
# What is no prose: marks of headings, lines of tables, blanks. What changes every year: numbers.
LEFT_OUT = re.compile(r"^#{1,6} |^[^\n]*\t[^\n]*$|\s+|(?P<number>\d+(?:[.,．，]\d+)*)", re.MULTILINE)
NUMBER = "0"
LINES = re.compile(r"^(?:#{1,6} )?([^\t\n]+)$", re.MULTILINE)  # that are no rows of a table
RUNS = re.compile(rb"\x01+(?:\x00{1,%d}\x01+)*" % (PASSAGE - 1))

Span = tuple[int, int]


class Extent(NamedTuple):
    """Where the section ``key`` stands in a corpus text: characters ``begin`` to ``end``, its title left out."""

    key: str
    begin: int
    end: int


class Stretch(NamedTuple):
    """From ``at`` in a plain text on, what is printed from ``begin`` on; ``end`` where it is one number, else 0."""

    at: int
    begin: int
    end: int


class Plain(NamedTuple):
    """``text`` as it is compared: no blanks, tables or heading marks, signs of one width, every number one 0."""

    text: str
    stretches: list[Stretch]

    def printed(self, span: Span) -> Span:
        """``span`` of the plain text as a span of the corpus text."""
        return self._place(span[0])[0], self._place(span[1] - 1)[1]

    def _place(self, at: int) -> Span:
        stretch = self.stretches[bisect_right(self.stretches, at, key=lambda one: one.at) - 1]
        begin = stretch.begin + at - stretch.at
        return begin, stretch.end or begin + 1


def extents(text: str) -> list[Extent]:
    """The sections in prose of a corpus text (:func:`harvester.digest.clean_text`); where a title is printed twice, the longer."""
    lines = [(match.start(1), Block(match[1])) for match in LINES.finditer(text)]
    begins = {id(block): begin for begin, block in lines}
    found: dict[str, Extent] = {}
    end = 0
    for section in split([block for _, block in lines]):
        places = []
        for block in section.blocks:
            begin = begins.get(id(block), -1)
            begin = text.find(block.text, end) if begin < 0 else begin  # what follows a title on its own line
            end = begin + len(block.text)
            places.append((begin, end))
        if places and section.key in SECTIONS:
            extent = Extent(section.key, places[0][0], places[-1][1])
            found[section.key] = max(found.get(section.key, extent), extent, key=lambda one: one.end - one.begin)
    return list(found.values())


def plain(text: str) -> Plain:
    """What of ``text`` is compared; at most ``LONGEST`` characters of it are looked at."""
    parts, stretches, at, begin = [], [], 0, 0
    text = text[:LONGEST]
    for match in LEFT_OUT.finditer(text):
        if match.start() > begin:
            stretches.append(Stretch(at, begin, 0))
            parts.append(text[begin : match.start()])
            at += match.start() - begin
        if match["number"]:
            stretches.append(Stretch(at, *match.span()))
            parts.append(NUMBER)
            at += 1
        begin = match.end()
    if begin < len(text):
        stretches.append(Stretch(at, begin, 0))
        parts.append(text[begin:])
    folded = "".join(parts)
    for sign, same in FOLDED:  # one character each: places stay
        folded = folded.replace(sign, same)
    return Plain(folded, stretches)


def passages(text: str) -> list[str]:
    """Every run of ``PASSAGE`` characters of a plain text, one a place, in order; none of a shorter text."""
    return [text[place : place + PASSAGE] for place in range(len(text) - PASSAGE + 1)]


def sketch(found: list[str]) -> list[int]:
    """``HASHES`` numbers of 32 bits: two texts agree in about as many of them as in their passages; none for no passage."""
    if not found:
        return []
    hashes = RMinHash(num_perm=HASHES, seed=SEED)
    hashes.update(found)
    return list(hashes.digest())


def covered(found: list[str], common: Set[str]) -> list[Span]:
    """Spans of a plain text, given its passages, that are made of those in ``common``: in order, none touching the next."""
    places = bytes(map(common.__contains__, found))
    return [(match.start(), match.end() - 1 + PASSAGE) for match in RUNS.finditer(places)]


def length(spans: Iterable[Span]) -> int:
    """Characters in ``spans``."""
    return sum(end - begin for begin, end in spans)


def share(one: str, other: str) -> float:
    """Of the characters of ``one`` the part that stands in passages that ``other`` has too (0 to 1); both plain, ``one`` not empty."""
    return length(covered(passages(one), frozenset(passages(other)))) / len(one)
