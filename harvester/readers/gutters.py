"""Text beside tables in reading order: lines from top to bottom, but column by column where a page is set in two."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from statistics import median

from harvester.readers.printed import CELLS_APART, Line, Piece, line, rows
from harvester.readers.spanning import Part

FEW = 4  # lines that begin at one place in the middle of a page: fewer are chance
WORDY = 6  # characters: what is shorter on the average is a table without ruling, which is read row by row


def in_reading_order(pieces: Sequence[Piece], parts: Sequence[Part]) -> list[Line | Part]:
    """Lines and tables of a page."""
    found = [row for row in rows(pieces) if any(not piece.text.isspace() for piece in row)]
    gutter = _gutter(found)
    lines: list[Line | Part] = [line(row) for row in found] if gutter is None else _in_columns(found, gutter)
    if gutter is None:
        return sorted([*lines, *parts], key=lambda item: item.top)
    for part in sorted(parts, key=lambda part: part.top):  # where a column was read before, the table stands behind what is above it
        behind = [at for at, item in enumerate(lines) if item.top < part.top and not (isinstance(item, Line) and item.x0 > part.box.x1)]
        lines.insert(behind[-1] + 1 if behind else 0, part)
    return lines


def _pieces(row: Sequence[Piece]) -> list[list[Piece]]:
    """The row cut at its wide gaps."""
    cut: list[list[Piece]] = [[row[0]]]
    for before, piece in itertools.pairwise(row):
        if piece.x0 - before.x1 > CELLS_APART * (piece.bottom - piece.top):
            cut.append([])
        cut[-1].append(piece)
    return [part for part in cut if any(not piece.text.isspace() for piece in part)]


def _gutter(found: Sequence[Sequence[Piece]]) -> float | None:
    """Where the right column begins, on a page of two: where most lines of the middle begin, with prose on both sides."""
    parts = [part for row in found for part in _pieces(row)]
    left, right = min((part[0].x0 for part in parts), default=0), max((part[-1].x1 for part in parts), default=0)
    third = (right - left) / 3
    size = median([part[0].bottom - part[0].top for part in parts]) or 1 if parts else 1
    starts = Counter(round(part[0].x0 / size) for part in parts if left + third < part[0].x0 < right - third)
    usual, count = starts.most_common(1)[0] if starts else (0, 0)
    gutter = (usual - 1) * size
    beside = [part for part in parts if part[0].x0 > gutter], [part for part in parts if part[-1].x1 < gutter]
    prose = all(len(side) >= FEW and sum(map(len, side)) >= WORDY * len(side) for side in beside)
    return gutter if count >= FEW and prose else None


def _in_columns(found: Sequence[Sequence[Piece]], gutter: float) -> list[Line | Part]:
    """Lines, the left column before the right one; a line across both ends the columns above it."""
    made: list[Line | Part] = []
    right: list[Line | Part] = []
    for row in found:
        across = any(part[0].x0 < gutter < part[-1].x1 for part in _pieces(row))
        sides = [list(row)] if across else [[piece for piece in row if (piece.x0 > gutter) == side] for side in (False, True)]
        if across:
            made, right = made + right, []
        for side, (column, own) in zip((made, right), enumerate(sides, 1)):
            if any(not piece.text.isspace() for piece in own):
                side.append(line(own)._replace(side=0 if across else column))
    return made + right
