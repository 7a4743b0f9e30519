"""Tables like those read before: thousands of reports print the same words, so where the numbers between them go is worked out once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, chain
from typing import NamedTuple

from harvester.forms import Part, Place
from harvester.items import Figure, Grid, Status
from harvester.values import parse

MANY = 256  # shapes kept; an organ's reports have three, those of one editor the same
# No form's table comes near these; what is larger is hostile or broken.
CELLS, LONGEST, LONG = 1000, 200, 6000  # cells, characters of one of them, characters of all

Words = tuple[str | type, ...]  # the strings of cells; in the place of a plain number its type
Parts = tuple[tuple[Part, bool], ...]  # whose rows were read, and whether under a header that names their columns


class Shape(NamedTuple):
    """All that a grid shows but its plain numbers: ``lengths`` of its rows, and of each cell its word and where it begins."""

    form: str
    spans: bool
    lengths: tuple[int, ...]
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    words: Words


class Spot(NamedTuple):
    """A cell, counted through the rows of a grid, and the figure it prints."""

    cell: int
    place: Place
    unit: str | None
    status: Status
    row: int
    column: int


class Known(NamedTuple):
    """What grids of one shape print."""

    spots: tuple[Spot, ...]
    places: frozenset[Place]
    parts: Parts

    def figures(self, index: int, texts: Sequence[str]) -> dict[Place, Figure]:
        """The figures of the grid with this index and these strings, in the order in which such a grid was read."""
        found = {}
        for cell, place, unit, status, row, at in self.spots:
            text = texts[cell]
            table, label, column = place
            found[place] = Figure(table, label, column, parse(text).number, unit, text, status, index, row, at)
        return found


_KNOWN: dict[Shape, Known] = {}


def seen(form: str, grid: Grid) -> tuple[Shape | None, tuple[str, ...]]:
    """The shape of a grid, None when it is none to keep, and the strings of its cells, row by row."""
    texts, rows, columns = tuple(zip(*chain.from_iterable(grid.rows), strict=True)) or ((), (), ())
    lengths = list(map(len, texts))
    if not 0 < len(texts) <= CELLS or max(lengths) > LONGEST or sum(lengths) > LONG:
        return None, texts
    return Shape(form, grid.spans, tuple(map(len, grid.rows)), rows, columns, tuple(map(_word, texts))), texts


@lru_cache(maxsize=8192)
def _word(text: str) -> str | type:
    value = parse(text)
    return text if value.number is None or value.unit is not None else type(value.number)


def count() -> int:
    """How many shapes are known."""
    return len(_KNOWN)


def forget() -> None:
    """Leaves this process as if it had read nothing."""
    _KNOWN.clear()


def known(shape: Shape) -> Known | None:
    """What is known of a shape."""
    return _KNOWN.get(shape)


def learn(shape: Shape, texts: Sequence[str], figures: Sequence[Figure], parts: Parts) -> None:
    """Keeps what a grid of this shape printed, where each figure is what its own cell says."""
    starts = [0, *accumulate(shape.lengths)]
    spots = [_spot(figure, starts, texts) for figure in figures]
    whole = [spot for spot in spots if spot]
    if len(whole) == len(figures):
        while len(_KNOWN) >= MANY:
            del _KNOWN[next(iter(_KNOWN))]
        _KNOWN[shape] = Known(tuple(whole), frozenset(spot.place for spot in whole), parts)


def _spot(figure: Figure, starts: Sequence[int], texts: Sequence[str]) -> Spot | None:
    row, column = figure.source_row, figure.source_column
    if row is None or column is None or figure.status not in ("printed", "blank"):
        return None
    cell, said = starts[row] + column, figure.value
    if texts[cell] != figure.printed or (number := parse(texts[cell]).number) != said or type(number) is not type(said):
        return None
    return Spot(cell, Place(figure.table, figure.row, figure.column), figure.unit, figure.status, row, column)
