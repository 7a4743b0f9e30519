"""Characters with places -> runs, lines and the text they say."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from statistics import median
from typing import NamedTuple

TOUCHING = 0.12  # of a character's height: nearer characters belong to one word or number, whatever lines are drawn through them
APART = 0.25  # Latin letters and digits that stand further apart are two words or numbers
WORDS_APART = 1.0  # so are characters of any kind at this distance
UPON = 0.4  # of its width: a digit that covers as much of another was not printed behind it
CELLS_APART = 1.5  # and what stands further apart on a line are the cells of a table without ruling, or columns of text
SAME_LINE = 0.5  # of a character's height: lower ones begin the next line
LEVEL = 0.3  # characters of one word stand as level as this; beside it may be another line of the next cell
TWICE = 0.15  # the same character again, this near: bold type, drawn twice
CJK = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff01-\uff0f\uff1a-\uffef\u3000-\u303f“”‘’—…·]")
BROKEN = re.compile(r"[\d.,．，]+")  # what stands on either side where a number is cut
LONG = 4  # digits that stand on a line of every column: shorter numbers are never cut, but for full-width ones
ROOM = 1.5  # characters that must find no room in a cell's line, for the next line to be its number's rest


class Piece(NamedTuple):
    """A character, or a run of characters, and its box: as high as the type, not as the ink; y grows downwards."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float


class Line(NamedTuple):
    """What stands on one line. ``cells``: how many wide gaps part it, and one: what is no paragraph has several.

    ``side``: 1 and 2 are the left and the right column of a page that is set in two.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    cells: int = 1
    side: int = 0


def rows(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """The pieces line by line, from top to bottom, each from left to right; what was drawn twice is there once."""
    row: list[Piece] = []
    for piece in sorted(pieces, key=_centre):
        if row and _below(row[0], piece) > SAME_LINE:
            yield _once(row)
            row = []
        row.append(piece)
    if row:
        yield _once(row)


def _centre(piece: Piece) -> float:
    return piece.top + piece.bottom


def _below(above: Piece, piece: Piece) -> float:
    """How far the middle of a piece lies below another's, in heights of the smaller."""
    return (piece.top + piece.bottom - above.top - above.bottom) / 2 / (min(piece.bottom - piece.top, above.bottom - above.top) or 1)


def _once(row: list[Piece]) -> list[Piece]:
    row.sort(key=lambda piece: piece.x0)
    found: list[Piece] = []
    for piece in row:
        near = TWICE * (piece.bottom - piece.top)
        if not any(other.text == piece.text and piece.x0 - other.x0 < near and piece.x1 - other.x1 < near for other in found[-2:]):
            found.append(piece)
    return found


def runs(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Pieces that were printed one after the other and touch. A number is one run: it has one place, also where its cell is too narrow.

    A space is a run of its own: it keeps the digits beside it apart.
    """
    run: list[Piece] = []
    for piece in pieces:
        if run and not _touches(run[-1], piece):
            yield run
            run = []
        run.append(piece)
    if run:
        yield run


def _touches(before: Piece, piece: Piece) -> bool:
    _, x0, top, _, bottom = piece
    size = bottom - top
    if not -size < x0 - before[3] <= TOUCHING * size or x0 < before[1] or piece[0].isspace() or before[0].isspace():
        return False
    return abs(top + bottom - before[2] - before[4]) <= 2 * LEVEL * min(size, before[4] - before[2])


def lines(pieces: Iterable[Piece]) -> list[Line]:
    """The lines of running text."""
    return [line(row) for row in rows(pieces) if any(not piece.text.isspace() for piece in row)]


def line(row: Sequence[Piece]) -> Line:
    """What the pieces of one line say; spaces at its ends count for nothing."""
    inked = [piece for piece in row if not piece.text.isspace()]
    size = max(piece.bottom - piece.top for piece in inked)
    cells = 1 + sum(after.x0 - before.x1 > CELLS_APART * size for before, after in itertools.pairwise(inked))
    x1, top, bottom = max(p.x1 for p in inked), min(p.top for p in inked), max(p.bottom for p in inked)
    return Line(text(row), inked[0].x0, top, x1, bottom, size, cells)


def text(row: Sequence[Piece], spacing: float = 0) -> str:
    """What a line says, with a space where one is seen. ``spacing``: the distance that its characters keep from each other anyway."""
    parts = [row[0].text]
    for before, piece in itertools.pairwise(row):
        gap, size = piece.x0 - before.x1 - spacing, min(piece.bottom - piece.top, before.bottom - before.top)
        latin = not (CJK.match(piece.text) or CJK.match(before.text[-1]))
        upon = latin and -gap > UPON * (before.x1 - before.x0)
        parts += [" " if upon or gap > (APART if latin else WORDS_APART) * size else "", piece.text]
    return "".join(parts)


def spacing(cells: Iterable[Sequence[Piece]]) -> float:
    """The distance that ideographs of a table keep, in print order: 0 unless it is letter-spaced."""
    gaps = [
        after.x0 - before.x1
        for pieces in cells
        for before, after in itertools.pairwise(pieces)
        if after.x0 > before.x0 and abs(after.top - before.top) < before.bottom - before.top and CJK.match(after.text + before.text)
    ]
    return max(median(gaps), 0) if gaps else 0


def joined(texts: Sequence[str]) -> str:
    """Lines as one: characters run on, Latin words and numbers do not."""
    parts = list(texts[:1])
    for before, after in itertools.pairwise(texts):
        parts += ["" if not before or not after or CJK.match(after) or CJK.match(before[-1]) else " ", after]
    return "".join(parts)


def cell_text(pieces: Sequence[Piece], spaced: float = 0) -> str:
    """What a cell says, its lines as one. Numbers on two lines stay two."""
    if _stands(pieces):
        return "".join(piece.text for piece in pieces)
    return joined([said for row in rows(pieces) if (said := text(row, spaced).strip())])


def is_broken(pieces: Sequence[Piece], width: float) -> bool:
    """Whether the lines of a cell may be one number: nothing but digits, and each line leaves no room in this width for another digit."""
    found = list(rows(piece for piece in pieces if not piece.text.isspace())) if len(pieces) > 1 else []
    if len(found) < 2 or not all(BROKEN.fullmatch(piece.text) for piece in pieces):
        return False
    return all((sum(len(piece.text) for piece in row) >= LONG or not row[0].text.isascii()) and _fills(row, width) for row in found[:-1])


def _fills(row: Sequence[Piece], width: float) -> bool:
    return width - (row[-1].x1 - row[0].x0) < ROOM * (row[0].bottom - row[0].top)


def _stands(pieces: Sequence[Piece]) -> bool:
    """Whether the text runs from top to bottom, in columns: then only the order in which it was printed tells how it is read."""
    if len(pieces) < 3:
        return False
    steps = list(itertools.pairwise(pieces))
    down = sum(
        after.top - before.top > 0.5 * (before.bottom - before.top) and abs(after.x0 - before.x0) < before.x1 - before.x0
        for before, after in steps
    )
    wide = max(piece.x1 for piece in pieces) - min(piece.x0 for piece in pieces)
    return 3 * down > 2 * len(steps) and wide > 1.5 * (pieces[0].x1 - pieces[0].x0)
