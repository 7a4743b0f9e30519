"""What stands on every page and belongs to none: page numbers, running heads and feet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from harvester.readers.printed import Line, Piece, lines
from harvester.readers.spanning import Part

if TYPE_CHECKING:
    from harvester.readers.pages import Page

MARKED = re.compile(r"[-—–―·.~\s]*第?\s*(\d{1,4})\s*页?(?:\s*[/／,，共]+\s*共?\s*\d{1,4}\s*页?)?[-—–―·.~\s]*")
BARE = re.compile(r"\d{1,4}")
DIGITS = re.compile(r"\d+")
VALUES = re.compile(r"[\d\s.,/\\—\-]*")  # what a row of values prints, too
OUTERMOST = 3  # lines at each end of a page that may be a running head or foot


def unnumbered(pages: Sequence[Page]) -> list[Page]:
    """The pages less their numbers: alone on the first or last line, and counting with the pages or marked as such (- 3 -, 第3页)."""
    ends = [(_end(page, top=True), _end(page, top=False)) for page in pages]
    made = list(pages)
    for side in (0, 1):
        found = [(at, line, number) for at, both in enumerate(ends) if (line := both[side]) and (number := _number(line)) is not None]
        offsets = Counter(number - at for at, _, number in found)
        usual, votes = offsets.most_common(1)[0] if offsets else (0, 0)
        for at, line, number in found:
            marked = BARE.fullmatch(line.text) is None
            if marked or (votes > 1 and number - at == usual):
                made[at] = replace(made[at], pieces=[piece for piece in made[at].pieces if not _within(piece, line)])
    return made


def _end(page: Page, top: bool) -> Line | None:
    """The first or the last line of a page."""
    inked = [piece for piece in page.pieces if not piece.text.isspace()]
    if not inked:
        return None
    edge = min(piece.top for piece in inked) if top else max(piece.bottom for piece in inked)
    near = [piece for piece in inked if (piece.top - edge if top else edge - piece.bottom) < piece.bottom - piece.top]
    found = lines(near)
    return found[0 if top else -1] if found else None


def _number(line: Line) -> int | None:
    match = MARKED.fullmatch(line.text)
    return int(match[1]) if match else None


def _within(piece: Piece, line: Line) -> bool:
    return line.x0 <= piece.x0 and piece.x1 <= line.x1 and line.top <= piece.top and piece.bottom <= line.bottom


def without(pages: Iterable[list[Line | Part]]) -> list[list[Line | Part]]:
    """The items of each page less running heads and feet: the same words, but for numbers, at the same height of half of the pages."""
    laid = list(pages)
    seen = Counter(key for items in laid for key in set(map(_key, _outer(items))) if key)
    usual = {key for key, count in seen.items() if count > 1 and 2 * count >= len(laid)}
    return [_inner(items, usual) for items in laid]


def _inner(items: list[Line | Part], usual: set[tuple[str, int]]) -> list[Line | Part]:
    """The items between those of which one stands on each page; all of them, if there are no others."""
    begin, end = 0, len(items)
    while begin < min(OUTERMOST, end) and usual & _near(items[begin]):
        begin += 1
    while end > max(begin, len(items) - OUTERMOST) and usual & _near(items[end - 1]):
        end -= 1
    return items[begin:end] or items


def _outer(items: Sequence[Line | Part]) -> list[Line | Part]:
    return [*items[:OUTERMOST], *items[OUTERMOST:][-OUTERMOST:]]


def _key(item: Line | Part) -> tuple[str, int] | None:
    """The words of a line and its height on the page, in characters."""
    if isinstance(item, Part) or VALUES.fullmatch(item.text):
        return None
    return DIGITS.sub("0", item.text), round(item.top / item.size)


def _near(item: Line | Part) -> set[tuple[str, int]]:
    key = _key(item)
    return {(key[0], key[1] + step) for step in (-1, 0, 1)} if key else set()
