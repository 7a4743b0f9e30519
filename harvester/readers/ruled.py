"""Ruling lines -> the tables they draw, each cell with the rows and columns it spans; nothing here knows the format the lines came from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from harvester.grid import MAX_COLUMNS, MAX_ROWS

# What is drawn with more lines than these is a map or a diagram.
MAX_RULES = 400
MAX_CELLS = 6_000  # of one table; the largest form has 300
MAX_PLACES = 40_000
MAX_SEGMENTS = 50_000
COVERED = 0.5  # share of a cell's side that must be ruled; scans and dashes leave gaps


class Segment(NamedTuple):
    """A line as drawn, upright or level, from its left or upper end; y grows downwards, the unit is the page's own."""

    x0: float
    top: float
    x1: float
    bottom: float


class Box(NamedTuple):
    """The place of a cell on its page."""

    x0: float
    top: float
    x1: float
    bottom: float


Place = tuple[int, int]


class Rule(NamedTuple):
    """A line of the ruling: where it stands (x of an upright one, y of a level one), from where to where it goes."""

    at: float
    start: float
    end: float


class Span(NamedTuple):
    """The rows and columns of the finest grid that a cell covers; the last ones are inside."""

    row: int
    column: int
    last_row: int
    last_column: int


@dataclass(slots=True)
class Table:
    """A ruled table: the positions of its lines, its cells, and which cell (index) each place of the finest grid belongs to.

    ``drawn``: (line, column) of the level lines that are drawn. At a page break some producers leave out the line below or above.
    """

    xs: list[float]
    ys: list[float]
    cells: list[Span]
    owner: list[list[int]]
    drawn: set[Place]
    sides: set[Place]

    def find(self, x: float, y: float) -> int | None:
        """Index of the cell that holds a point; None outside of the table."""
        column, row = bisect_right(self.xs, x) - 1, bisect_right(self.ys, y) - 1
        return self.owner[row][column] if 0 <= row < len(self.owner) and 0 <= column < len(self.owner[0]) else None

    def box(self, span: Span) -> Box:
        """Where a cell stands on its page."""
        return Box(self.xs[span.column], self.ys[span.row], self.xs[span.last_column + 1], self.ys[span.last_row + 1])

    def open_at(self, line: int, span: Span) -> bool:
        """Whether the level line at the table's edge (0 or the last) is not drawn along a cell."""
        return not any((line, column) in self.drawn for column in range(span.column, span.last_column + 1))

    def is_outside(self, span: Span) -> bool:
        """Whether a cell is only the empty corner of a table that is no rectangle: open to one side, and above or below."""
        last, right = len(self.ys) - 1, len(self.xs) - 1
        rows = range(span.row, span.last_row + 1)
        beside = (span.column == 0 and not any((0, row) in self.sides for row in rows)) or (
            span.last_column + 1 == right and not any((right, row) in self.sides for row in rows)
        )
        return beside and ((span.row == 0 and self.open_at(0, span)) or (span.last_row + 1 == last and self.open_at(last, span)))


def edges(box: Box, thin: float) -> list[Segment]:
    """The lines that a filled or stroked rectangle draws: one when it is ``thin``, as many producers draw their lines, else its sides."""
    x0, top, x1, bottom = box
    across, down = (x0 + x1) / 2, (top + bottom) / 2
    if bottom - top < thin:
        return [Segment(x0, down, x1, down)]
    if x1 - x0 < thin:
        return [Segment(across, top, across, bottom)]
    return [Segment(x0, top, x1, top), Segment(x0, bottom, x1, bottom), Segment(x0, top, x0, bottom), Segment(x1, top, x1, bottom)]


def tables(segments: Sequence[Segment], slack: float) -> list[Table]:
    """The tables of a page, from top to bottom. ``slack``: lines as near as this are one line, ends as near meet; a third of a character.

    A frame of one cell is no table. A side that is not drawn, as at a page break, is taken to be where the lines towards it end.
    """
    level, upright = _rules(segments, slack) if len(segments) <= MAX_SEGMENTS else ([], [])
    if len(level) > MAX_RULES or len(upright) > MAX_RULES:
        return []
    found = (_table(rows, columns, slack) for rows, columns in _joined(level, upright, slack))
    return sorted((table for table in found if table and len(table.cells) > 1), key=lambda table: (table.ys[0], table.xs[0]))


def _rules(segments: Sequence[Segment], slack: float) -> tuple[list[Rule], list[Rule]]:
    """Level and upright lines; a dot may be a part of either."""
    level, upright = [], []
    for x0, top, x1, bottom in segments:
        wide, high = abs(x1 - x0), abs(bottom - top)
        if high <= slack and (wide > high or wide <= slack):
            level.append(Rule((top + bottom) / 2, min(x0, x1), max(x0, x1)))
        if wide <= slack and (high > wide or high <= slack):
            upright.append(Rule((x0 + x1) / 2, min(top, bottom), max(top, bottom)))
    return list(_merged(level, slack)), list(_merged(upright, slack))


def _merged(rules: list[Rule], slack: float) -> Iterator[Rule]:
    """Lines that were drawn cell by cell, dashed or dotted as whole ones; strokes shorter than two thirds of a character are none."""
    rules.sort()
    begin = 0
    for end in range(1, len(rules) + 1):
        if end < len(rules) and rules[end].at - rules[begin].at <= slack:
            continue
        group = sorted(rules[begin:end], key=lambda rule: rule.start)
        at = sum(rule.at for rule in group) / len(group)
        for start, stop in _united(group, slack):
            if stop - start > 2 * slack:
                yield Rule(at, start, stop)
        begin = end


def _united(rules: Iterable[Rule], slack: float) -> Iterator[tuple[float, float]]:
    """Stretches that the pieces of one line, by their start, cover."""
    stretch: tuple[float, float] | None = None
    for _, start, end in rules:
        if stretch and start <= stretch[1] + slack:
            stretch = stretch[0], max(stretch[1], end)
        else:
            if stretch:
                yield stretch
            stretch = start, end
    if stretch:
        yield stretch


def _joined(level: list[Rule], upright: list[Rule], slack: float) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """Level and upright lines that cross or meet, each group of them a table."""
    crossing = [[at for at, column in enumerate(upright) if _meets(row, column, slack)] for row in level]
    crossed: dict[int, list[int]] = {}
    for row, columns in enumerate(crossing):
        for column in columns:
            crossed.setdefault(column, []).append(row)
    left = set(range(len(level)))
    while left:
        group, across, queue = set[int](), set[int](), [left.pop()]
        while queue:
            group.add(row := queue.pop())
            for column in crossing[row]:
                if column not in across:
                    across.add(column)
                    queue += [other for other in crossed[column] if other not in group]
        left -= group
        if len(across) > 1 or (len(group) > 1 and across):
            yield [level[row] for row in sorted(group)], [upright[column] for column in sorted(across)]


def _meets(row: Rule, column: Rule, slack: float) -> bool:
    return row.start - slack <= column.at <= row.end + slack and column.start - slack <= row.at <= column.end + slack


def _table(level: list[Rule], upright: list[Rule], slack: float) -> Table | None:
    xs, ys = _positions(upright, level, slack), _positions(level, upright, slack)
    if not (1 < len(xs) <= MAX_COLUMNS and 1 < len(ys) <= MAX_ROWS) or len(xs) * len(ys) > MAX_PLACES:
        return None
    sides, floors = _drawn(upright, xs, ys), _drawn(level, ys, xs)
    owner = [[-1] * (len(xs) - 1) for _ in ys[1:]]
    cells: list[Span] = []
    for row in range(len(ys) - 1):
        for column in range(len(xs) - 1):
            if owner[row][column] < 0:
                for places in _rectangles(_region(row, column, owner, sides, floors)):
                    for here, at in places:
                        owner[here][at] = len(cells)
                    cells.append(Span(*places[0], *places[-1]))
            if len(cells) > MAX_CELLS:
                return None
    return Table(xs, ys, cells, owner, floors, sides)


def _positions(own: list[Rule], others: list[Rule], slack: float) -> list[float]:
    """Where the lines stand, and where those across them end when no line is drawn there."""
    found: list[float] = []
    for rule in sorted(own):
        if not found or rule.at - found[-1] > slack:
            found.append(rule.at)
    first, last = min(rule.start for rule in others), max(rule.end for rule in others)
    return [*([first] if first < found[0] - 2 * slack else []), *found, *([last] if last > found[-1] + 2 * slack else [])]


def _drawn(rules: list[Rule], at: list[float], across: list[float]) -> set[Place]:
    """(line, stretch between two lines across it): where the line is drawn."""
    covered: dict[Place, float] = {}
    for rule in rules:
        line = max(bisect_right(at, rule.at) - 1, 0)
        for stretch in range(max(bisect_right(across, rule.start) - 1, 0), len(across) - 1):
            start, end = across[stretch], across[stretch + 1]
            if start > rule.end:
                break
            share = (min(end, rule.end) - max(start, rule.start)) / (end - start)
            covered[line, stretch] = covered.get((line, stretch), 0) + share
    return {place for place, share in covered.items() if share >= COVERED}


def _region(row: int, column: int, owner: list[list[int]], sides: set[Place], floors: set[Place]) -> list[Place]:
    """The places from which no line parts this one, in print order; those of the cells before are taken."""
    seen, queue = {(row, column)}, [(row, column)]
    height, width = len(owner), len(owner[0])
    while queue:
        here, at = queue.pop()
        for place, open_ in (
            ((here, at + 1), (at + 1, here) not in sides),
            ((here, at - 1), (at, here) not in sides),
            ((here + 1, at), (here + 1, at) not in floors),
            ((here - 1, at), (here, at) not in floors),
        ):
            if open_ and place not in seen and 0 <= place[0] < height and 0 <= place[1] < width:
                seen.add(place)
                queue.append(place)
    return sorted(seen)


def _rectangles(places: list[Place]) -> Iterator[list[Place]]:
    """A region as one cell; one that is no rectangle, since a line is missing, as a cell for each run of its places in a row."""
    (top, left), (bottom, right) = places[0], places[-1]
    columns = [column for _, column in places]
    if len(places) == (bottom - top + 1) * (right - left + 1) and min(columns) == left and max(columns) == right:
        yield places
        return
    run: list[Place] = []
    for place in places:
        if run and place != (run[-1][0], run[-1][1] + 1):
            yield run
            run = []
        run.append(place)
    yield run
