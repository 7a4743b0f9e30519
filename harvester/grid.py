"""A table with spans becomes a rectangle of cells that know where they came from."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from harvester.items import Cell, Grid

# The widest official form has 15 columns and 28 rows; padding multiplies that. A page that asks for more is hostile or broken.
MAX_COLUMNS = 200
MAX_ROWS = 2000

Source = tuple[str, int, int]  # text, rowspan, colspan


def from_spans(index: int, rows: Iterable[list[Source]]) -> Grid:
    """Grid of an HTML-like table: ``rows`` hold ``(text, rowspan, colspan)``; spans are clamped to the rows that exist.

    ``rowspan=99`` and ``colspan=0`` occur in pages saved by Word; a span never invents a row or reaches over another cell.
    """
    table = list(islice(rows, MAX_ROWS))
    filled: list[dict[int, Cell]] = [{} for _ in table]
    for number, row in enumerate(table):
        column = 0
        for text, rowspan, colspan in row:
            while column in filled[number]:
                column += 1
            if column >= MAX_COLUMNS:
                break
            cell = Cell(text, number, column)
            if rowspan == colspan == 1:
                filled[number][column] = cell
                column += 1
                continue
            _cover(filled, cell, min(max(rowspan, 1), len(table) - number), min(max(colspan, 1), MAX_COLUMNS - column))
            column += max(colspan, 1)
    return Grid(index, [_row(cells, number) for number, cells in enumerate(filled)], spans=True)


def from_lines(index: int, lines: Iterable[list[str]]) -> Grid:
    """Grid of flattened text: every cell is its own, rows keep the length they were printed with."""
    rows = [[Cell(text, number, column) for column, text in enumerate(line[:MAX_COLUMNS])] for number, line in enumerate(lines)]
    return Grid(index, rows)


def _cover(filled: list[dict[int, Cell]], cell: Cell, rowspan: int, colspan: int) -> None:
    for row in range(cell.row, cell.row + rowspan):
        for column in range(cell.column, cell.column + colspan):
            filled[row].setdefault(column, cell)


def _row(cells: dict[int, Cell], number: int) -> list[Cell]:
    return [cells.get(column) or Cell("", number, column) for column in range(max(cells, default=-1) + 1)]


def owned(row: list[Cell], number: int) -> list[Cell]:
    """The cells printed in this row itself, left to right: what a span brings in from elsewhere is left out."""
    return [cell for column, cell in enumerate(row) if cell.row == number and cell.column == column]
