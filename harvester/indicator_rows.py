"""A grid with one indicator a row, cut at its labels: each piece is a label, the cells right of it, and the heads that stand over them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from harvester.form import Form, Label
from harvester.items import Cell, Grid
from harvester.rows import Printed
from harvester.spelling import YEAR
from harvester.values import header_unit, is_unit, parse

MAX_PIECES = 3000  # the longest form has 65 rows; a document that prints a hundred times as many is hostile
ASIDE = ("indicator", "unit", "code", "other")  # kinds of heads over columns that hold no number of the form


class Head(NamedTuple):
    """The word over a column. ``kind``: one of :data:`ASIDE`, the key of one of the form's columns, or ``stranger``. ``year``: if named."""

    column: int
    kind: str
    text: str
    year: int | None


@dataclass(slots=True)
class Piece:
    """One indicator as printed. ``labels``: what its label may mean; ``half``: counts the parts of a table side by side.

    ``aligned``: label and cells all stand under heads they fit, and every column of numbers has its cell. ``short``: its row has
    fewer cells than others of a table in halves, so its values may be the other half's.
    """

    grid: Grid
    row: int
    column: int
    text: str
    labels: list[Label]
    heads: tuple[Head, ...]
    half: int
    aligned: bool = False
    short: bool = False
    cells: list[Printed] = field(default_factory=list)

    @property
    def keys(self) -> list[str]:
        """Keys of the form's rows that the label may name; none for a chapter."""
        return [label.key for label in self.labels if label.role == "row"]

    @property
    def numbers(self) -> list[Printed]:
        """The cells that print a number."""
        return [cell for cell in self.cells if cell.value.kind == "number"]

    @property
    def where(self) -> str:
        """The piece's place as issues name it."""
        return f"table {self.grid.index} row {self.row}"

    def over_numbers(self) -> list[Head]:
        """The heads of columns that hold numbers, the form's own and strangers."""
        return [head for head in self.heads if head.kind not in ASIDE]

    def under(self) -> list[Printed]:
        """The cells under :meth:`over_numbers`, for a row that is aligned."""
        cells = {cell.column: cell for cell in self.cells}
        return [cells[head.column] for head in self.over_numbers()]

    def values(self, code: str | None) -> list[Printed]:
        """The cells without the row's unit, and without its code (None: its table prints none; "": the form gives it none)."""
        cells = self._behind_unit()
        first = next((at for at, cell in enumerate(cells) if cell.text), 0)
        if code is None or not cells or len(cells[first].text) > 2 or (first and cells[first].text != code):
            return cells
        return cells[first + 1 :]

    @property
    def under_code(self) -> set[int]:
        """The columns whose head says 代码."""
        return {head.column for head in self.heads if head.kind == "code"}

    @property
    def coded(self) -> bool:
        """Whether something is printed under a head that says 代码."""
        return any(cell.text and cell.column in self.under_code for cell in self.cells)

    def hides_code(self, most: int) -> bool:
        """Whether the cell of its code is empty and the first of at most ``most`` values may be that code: a cell came in before it."""
        texts = [cell.text for cell in self._behind_unit()]
        printed = [text for text in texts if text]
        if not printed or texts[0] or len(printed) > most:
            return False
        return len(printed[0]) < 3 and printed[0].isdigit() and int(printed[0]) > 0

    def _behind_unit(self) -> list[Printed]:
        unit = next((cell for cell in self.cells if is_unit(cell.text)), None)
        return [cell for cell in self.cells if cell is not unit]

    def unit(self) -> str | None:
        """The unit the row prints: in the column 单位, else in a cell of its own, else in brackets behind the label."""
        column = next((head.column for head in self.heads if head.kind == "unit"), None) if self.aligned else None
        words = [cell for cell in self.cells if cell.value.kind == "words" and (cell.column == column or is_unit(cell.text))]
        return words[0].text if words else header_unit(self.text)


def _aligned(piece: Piece) -> bool:
    if not piece.heads or piece.heads[0].kind != "indicator":
        return False
    there = {cell.column for cell in piece.cells}
    kinds = {head.column: head.kind for head in piece.heads}
    return all(head.column in there for head in piece.over_numbers()) and all(_fits(cell, kinds.get(cell.column)) for cell in piece.cells)


def _fits(cell: Printed, kind: str | None) -> bool:
    if kind is None or kind == "indicator":
        return not cell.text
    if kind == "code":
        return cell.value.kind != "words" and len(cell.text) < 3
    return cell.value.kind != "number" if kind == "unit" else kind == "other" or not is_unit(cell.text)


class Cutter:
    """Cuts one grid after the other: a table that a page break cut goes on under the header it began with."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.heads: dict[int, Head] = {}
        self.width = 0
        self.pieces = 0

    def cut(self, grid: Grid) -> list[Piece]:
        """Pieces in reading order, down the left half of a table and then down the right one; none for a table that is not of this kind."""
        width = max((len(row) for row in grid.rows), default=0)
        if width != self.width:
            self.heads, self.width = {}, width
        pieces: list[Piece] = []
        headed = below = False
        for number, row in enumerate(grid.rows):
            cells = _own(row, number)
            if heads := self._header(cells):
                self.heads = {**(self.heads if below else {}), **heads}
            elif self.pieces + len(pieces) < MAX_PIECES:
                pieces.extend(self._row(grid, number, cells))
            below = bool(heads)
            headed = headed or below
        if not headed and not any(piece.labels for piece in pieces):
            return []
        self.pieces += len(pieces)
        return _in_order(pieces, width)

    def _header(self, cells: list[Printed]) -> dict[int, Head]:
        """The heads of a header row by column, none for any other row."""
        printed = [cell for cell in cells if cell.text]
        if any(self._labels(cell) or is_unit(cell.text) for cell in printed):
            return {}
        heads = [self._head(cell) for cell in printed]
        known = [head for head in heads if head.kind not in ("stranger", "other")]
        words = [cell for cell in printed if cell.value.kind == "words"]
        years = [cell for cell, head in zip(printed, heads) if head.year and cell.value.kind == "number"]
        if len(words) + len(years) < len(printed) or not any(head.column == cell.column for head in known for cell in words):
            return {}
        return {head.column: head for head in heads} if len(known) > 1 or len(known) == len(printed) else {}

    def _head(self, cell: Printed) -> Head:
        year = YEAR.search(cell.text)
        for label in self.form.find(cell.text):
            if label.role in ("column", "furniture"):
                return Head(cell.column, label.key, cell.text, int(year[0]) if year else None)
        return Head(cell.column, "stranger", cell.text, None)

    def _row(self, grid: Grid, number: int, cells: list[Printed]) -> Iterator[Piece]:
        piece: Piece | None = None
        for cell in cells:
            labels = self._labels(cell)
            if labels or self._is_stranger(cell, piece):
                if piece:
                    yield piece
                piece = Piece(grid, number, cell.column, cell.text, labels, *self._over(cell.column))
            elif piece:
                piece.cells.append(cell)
        if piece:
            yield piece

    def _labels(self, cell: Printed) -> list[Label]:
        return [label for label in self.form.find(cell.text) if label.role in ("row", "group")] if cell.value.kind == "words" else []

    def _is_stranger(self, cell: Printed, piece: Piece | None) -> bool:
        """Whether the cell is a label the form does not know, and not what stands in the place of a number."""
        if cell.value.kind != "words" or len(cell.text) < 2 or is_unit(cell.text) or self.form.find(cell.text):
            return False
        head = self.heads.get(cell.column)
        if head:
            return head.kind == "indicator"
        return piece is None or bool(piece.numbers) or not piece.keys

    def _over(self, column: int) -> tuple[tuple[Head, ...], int]:
        """Heads of the part of the table in which a label at ``column`` stands, and which part that is: one begins at each 指标."""
        starts = sorted(head.column for head in self.heads.values() if head.kind == "indicator")
        half = sum(start <= column for start in starts)
        first, last = starts[half - 1] if half else 0, starts[half] if half < len(starts) else 1 << 30
        return tuple(sorted(head for head in self.heads.values() if first <= head.column < last)), half


def _own(row: list[Cell], number: int) -> list[Printed]:
    """Cells that begin in this row; what a span brings in from elsewhere carries no value here."""
    return [Printed(at, text, parse(text)) for at, (text, origin, begins) in enumerate(row) if origin == number and begins == at]


def _in_order(pieces: list[Piece], width: int) -> list[Piece]:
    """Left half first. Without a header a label right of a number of its row begins the right half, for every row with a label there."""
    ends: dict[tuple[int, int], int] = {}
    middle = 1 << 30
    for piece in pieces:
        if piece.column > ends.get((piece.row, piece.half), middle):
            middle = min(middle, piece.column)
        if piece.numbers:
            ends[piece.row, piece.half] = piece.numbers[-1].column
    for piece in pieces:
        piece.aligned = _aligned(piece)
        piece.half = 2 * piece.half + (piece.column >= middle)
    for piece in pieces if len({piece.half for piece in pieces}) > 1 else ():
        piece.short = len(piece.grid.rows[piece.row]) < width
    return sorted(pieces, key=lambda piece: piece.half)
