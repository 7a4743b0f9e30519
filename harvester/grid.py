"""A table with spans becomes a rectangle of cells that know where they came from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import islice

from harvester.items import Cell, Grid

# The widest official form has 15 columns and 28 rows; padding multiplies that. A page that asks for more is hostile or broken.
MAX_COLUMNS = 200
MAX_ROWS = 2000

NEW = tuple.__new__  # a third of a NamedTuple's own constructor, and there are 300 cells a page

Source = tuple[str, int, int]  # text, rowspan, colspan


def from_spans(index: int, rows: Iterable[list[Source]]) -> Grid:
    """Grid of an HTML-like table: ``rows`` hold ``(text, rowspan, colspan)``; spans are clamped to the rows that exist.

    ``rowspan=99`` and ``colspan=0`` occur in pages saved by Word; a span never invents a row or reaches over another cell. A row without
    cells, as editors leave between others, is one that spans count, unless the rows come to one length only when they do not.
    """
    table = list(islice(rows, MAX_ROWS))
    made = _filled(table)
    if not all(table) and (uneven := _uneven(table, made)):
        apart = _filled(_over_empty(table))
        made = apart if _uneven(table, apart) < uneven else made
    return Grid(index, made, spans=True)


def _filled(table: list[list[Source]]) -> list[list[Cell]]:
    covered: list[dict[int, Cell]] = [{} for _ in table]  # by row: what spans from rows above put there
    return [_row(sources, number, covered) for number, sources in enumerate(table)]


def _uneven(table: list[list[Source]], made: list[list[Cell]]) -> int:
    """Rows with cells that are shorter or longer than most of them."""
    lengths = Counter(len(row) for row, sources in zip(made, table, strict=True) if sources)
    return lengths.total() - max(lengths.values(), default=0)


def _over_empty(table: list[list[Source]]) -> list[list[Source]]:
    """The rows with spans that reach over the empty ones among those they name."""
    full = [number for number, row in enumerate(table) if row]
    made: list[list[Source]] = [[] for _ in table]
    for at, number in enumerate(full):
        spans = [full[min(at + max(down, 1), len(full)) - 1] - number + 1 for _, down, _ in table[number]]
        made[number] = [(text, down, across) for (text, _, across), down in zip(table[number], spans, strict=True)]
    return made


def _row(sources: list[Source], number: int, covered: list[dict[int, Cell]]) -> list[Cell]:
    above, row, column = covered[number], list[Cell](), 0
    for text, rowspan, colspan in sources:
        while column in above:
            row.append(above.pop(column))
            column += 1
        if column >= MAX_COLUMNS:
            break
        cell = NEW(Cell, (text, number, column))
        row.append(cell)
        column += 1
        if rowspan > 1 or colspan > 1:
            _span(cell, rowspan, colspan, row, covered)
            column = len(row)
    if above:
        row += [above.get(column) or Cell("", number, column) for column in range(column, max(above) + 1)]
    return row


def _span(cell: Cell, rowspan: int, colspan: int, row: list[Cell], covered: list[dict[int, Cell]]) -> None:
    above = covered[cell.row]
    for column in range(len(row), min(cell.column + colspan, MAX_COLUMNS)):
        if column in above:
            break
        row.append(cell)
    if rowspan > 1:
        below = dict.fromkeys(range(cell.column, len(row)), cell)
        for row_below in covered[cell.row + 1 : cell.row + rowspan]:
            row_below.update(below)


def from_lines(index: int, lines: Iterable[list[str]]) -> Grid:
    """Grid of flattened text: every cell is its own, rows keep the length they were printed with."""
    rows = [[Cell(text, number, column) for column, text in enumerate(line[:MAX_COLUMNS])] for number, line in enumerate(lines)]
    return Grid(index, rows)
