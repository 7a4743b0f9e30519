"""Spreadsheets (xlsx, xls, the XML of Excel 2003): what each sheet shows, cut into lines of text and tables."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import NamedTuple

from harvester.errors import Unreadable
from harvester.grid import MAX_COLUMNS, MAX_ROWS, Source, from_spans
from harvester.items import Block, Document
from harvester.readers.blocks import clean, headed

MAX_CELLS = 200_000  # of a sheet, with text; a form has some hundred
MAX_MERGED = 1_000_000  # places of a sheet that merged cells cover
MAX_CUTS = 20  # tables beside tables below tables
LONG = 40  # characters over the whole width of a table: a paragraph, not a label


class Box(NamedTuple):
    """A cell, or cells merged into one: its first and last row and column, from 0, and its text."""

    top: int
    left: int
    bottom: int
    right: int
    text: str


@dataclass(slots=True)
class Sheet:
    """``cells`` has only those with text; ``merged`` is (top, left, bottom, right); ``rows`` and ``columns`` are the hidden ones."""

    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)

    def put(self, row: int, column: int, text: str) -> None:
        """Keeps what a cell prints. Raises :class:`Unreadable` when there are more cells than any report has."""
        if text := clean(text):
            self.cells[row, column] = text
            if len(self.cells) > MAX_CELLS:
                raise Unreadable(f"too large: a sheet has more than {MAX_CELLS:,} cells; no report has that many")


def read(body: bytes) -> Document:
    """Document of a workbook: its visible sheets in order, without hidden rows and columns.

    Raises :class:`Unreadable` for a damaged, locked or hostile one. Nothing is calculated: a formula's last result is what was saved.
    """
    name = "xlsx" if body.startswith(b"PK") else "sheetxml" if body[:64].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") else "xls"
    blocks: list[Block] = []
    tables = 0
    for sheet in import_module(f"harvester.readers.{name}").sheets(body):
        for part in _regions(_boxes(sheet)):
            for text, rows in _lines(part):
                blocks.append(Block(grid=from_spans(tables, rows)) if rows else headed(text))
                tables += bool(rows)
    return Document(blocks, format=name)


def _boxes(sheet: Sheet) -> list[Box]:
    """What is seen: merged cells as one, rows and columns counted without the hidden ones. Empty boxes are merged ones."""
    last_row, last_column = (max((place[axis] for place in sheet.cells), default=-1) for axis in (0, 1))
    cells, covered = dict(sheet.cells), set[tuple[int, int]]()
    made: list[Box] = []
    left_over = MAX_MERGED
    for top, left, bottom, right in sheet.merged:
        bottom, right = min(bottom, last_row), min(right, last_column)
        left_over -= max(bottom - top + 1, 0) * max(right - left + 1, 0)
        if left_over < 0:
            raise Unreadable("too large: merged cells cover more than any report's sheet has")
        places = {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}
        if covered.isdisjoint(places):
            covered |= places
            made.append(Box(top, left, bottom, right, cells.get((top, left), "")))
    made += [Box(row, column, row, column, text) for (row, column), text in cells.items() if (row, column) not in covered]
    return list(_seen(made, sorted(sheet.rows), sorted(sheet.columns)))


def _seen(boxes: list[Box], rows: list[int], columns: list[int]) -> Iterator[Box]:
    """The boxes of which anything is left without the hidden rows and columns."""
    for top, left, bottom, right, text in boxes:
        top, bottom = top - bisect_left(rows, top), bottom - bisect_right(rows, bottom)
        left, right = left - bisect_left(columns, left), right - bisect_right(columns, right)
        if top <= bottom and left <= right:
            yield Box(top, left, bottom, right, text)


def _regions(boxes: list[Box], depth: int = 0) -> Iterator[list[Box]]:
    """The sheet cut at empty rows, and at empty columns where each side is a table, until neither cuts any more."""
    below = _bands(boxes, [(box.top, box.bottom) for box in boxes])
    beside = _bands(boxes, [(box.left, box.right) for box in boxes]) if len(below) == 1 else []
    cut = below if len(below) > 1 else beside if len(beside) > 1 and all(map(_is_table, beside)) else []
    if cut and depth < MAX_CUTS:
        for band in cut:
            yield from _regions(band, depth + 1)
    else:
        yield boxes


def _bands(boxes: list[Box], edges: list[tuple[int, int]]) -> list[list[Box]]:
    """Boxes between lines on which nothing is printed; ``edges`` is where each begins and ends, down or across."""
    firsts, lasts = list[int](), list[int]()
    for first, last in sorted(edge for edge, box in zip(edges, boxes) if box.text):
        if not firsts or first > lasts[-1] + 1:
            firsts.append(first)
            lasts.append(last)
        lasts[-1] = max(lasts[-1], last)
    bands: list[list[Box]] = [[] for _ in firsts]
    for (first, _), box in zip(edges, boxes):
        number = bisect_right(firsts, first) - 1
        if number >= 0 and first <= lasts[number]:
            bands[number].append(box)
    return bands


def _is_table(boxes: list[Box]) -> bool:
    texts = [box for box in boxes if box.text]
    return len({box.top for box in texts}) > 1 and len({box.left for box in texts}) > 1


def _lines(boxes: list[Box]) -> Iterator[tuple[str, list[list[Source]]]]:
    """A region as lines of text and, with an empty text, tables: what stands alone above a table or is a heading in it is text."""
    texts = [box for box in boxes if box.text]
    filled: dict[int, int] = {}
    for box in texts:
        for row in range(box.top, box.bottom + 1):
            filled[row] = filled.get(row, 0) + 1
    begin = min((row for row, count in filled.items() if count > 1), default=max(filled, default=0) + 1)
    left, right = min((box.left for box in texts), default=0), max((box.right for box in texts), default=0)
    table: list[Box] = []
    for box in sorted(boxes):
        alone = bool(box.text) and all(filled[row] == 1 for row in range(box.top, box.bottom + 1))
        wide = len(box.text) > LONG and (box.left, box.right) == (left, right)
        if alone and (box.top < begin or wide or headed(box.text).level):
            yield from _table(table, filled)
            yield box.text, []
            table = []
        else:
            table.append(box)
    yield from _table(table, filled)


def _table(boxes: list[Box], filled: dict[int, int]) -> Iterator[tuple[str, list[list[Source]]]]:
    """The boxes as a table; as lines of text where no two of them stand in one row. ``filled``: how many do, by row."""
    texts = [box for box in boxes if box.text]
    if any(filled[box.top] > 1 for box in texts):
        yield "", _rows(boxes, texts)
    else:
        yield from ((box.text, []) for box in texts)


def _rows(boxes: list[Box], texts: list[Box]) -> list[list[Source]]:
    """The rectangle around the texts as rows of cells with their spans."""
    top, left = min(box.top for box in texts), min(box.left for box in texts)
    bottom = min(max(box.bottom for box in texts), top + MAX_ROWS - 1)
    right = min(max(box.right for box in texts), left + MAX_COLUMNS - 1)
    at = {(box.top, box.left): box for box in boxes}
    rows: list[list[Source]] = []
    covered: set[tuple[int, int]] = set()
    for row in range(top, bottom + 1):
        rows.append([])
        for column in range(left, right + 1):
            if (row, column) in covered:
                continue
            box = at.get((row, column)) or Box(row, column, row, column, "")
            last_row, last_column = min(box.bottom, bottom), min(box.right, right)
            rows[-1].append((box.text, last_row - row + 1, last_column - column + 1))
            if box.bottom > row or box.right > column:
                covered.update((below, beside) for below in range(row, last_row + 1) for beside in range(column, last_column + 1))
    return rows
