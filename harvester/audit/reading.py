"""Bytes to the cells of a form by the second reader: only rows whose label, header and number of cells leave nothing to decide."""

from __future__ import annotations

from dataclasses import dataclass

from harvester.audit import indicators, pages
from harvester.audit.headers import Header, is_header
from harvester.audit.names import Line, Names, chosen
from harvester.audit.pages import Cell, Table
from harvester.audit.strings import Said, is_words, understood
from harvester.forms import Part, Place


@dataclass(frozen=True, slots=True)
class Reading:
    """What the second reader sees in a cell: the printed string, what it says, and where: table, row and column of the page from 0."""

    printed: str
    said: Said
    table: int
    row: int
    column: int


def read(body: bytes) -> dict[Place, Reading]:
    """The cells of the form in ``body`` that can be read without doubt; empty when there are none. Never raises for strange bytes."""
    tables = pages.tables(body)
    names = chosen(cell.text for table in tables for line in table.lines for cell in line if cell.text and len(cell.text) < 100)
    if names is None:
        return {}
    reader = _Reader(names)
    for table in tables:
        reader.table(table)
    return {place: reading for place, reading in reader.found.items() if place not in reader.twice}


class _Reader:
    def __init__(self, names: Names) -> None:
        self.names = names
        self.found: dict[Place, Reading] = {}
        self.twice: set[Place] = set()  # printed twice, and not the same
        self.header: Header | None = None
        self.above = False  # whether the row before was a header too
        self.previous: Line = ("", "")

    def table(self, table: Table) -> None:
        """Reads one table. Its rows with empty cells are believed together or not at all: what moved one row moved others."""
        if self.names.form.indicators:
            for at, cells in indicators.rows(self.names, table):
                self._keep({place: _reading(cell, table.number, at) for place, cell in cells.items()})
            return
        self.above = False
        emptied: list[dict[Place, Reading]] = []
        sound = True
        for number, line in enumerate(table.lines):
            for row in self._line(table, number, line):
                if all(reading.printed for reading in row.values()):
                    self._keep(row)
                elif self._adds_up(row) and self._totalled(row):
                    emptied.append(row)
                else:
                    sound = False
        for row in emptied if sound else ():
            self._keep(row)

    def _line(self, table: Table, number: int, line: list[Cell]) -> list[dict[Place, Reading]]:
        """The row's cells under their places: one row of the form, or none."""
        start = max((index for index, cell in enumerate(line) if is_words(cell.text)), default=-1)
        labels, values = line[: start + 1], line[start + 1 :]
        part, row = self._row(labels, values)
        if part is not None:
            self.above = False
            self.previous = (part.table, row)
            cells = self._values(table, part, row, values)
            return [_placed(part, row, cells, (table.number, number))] if cells else []
        if labels and is_header(line, self.names):
            if self.header is None or not self.above:
                self.header = Header(self.names, table.number)
            self.header.lines.append(line)
            self.above = True
        elif labels:
            self.previous = ("", "") if not self._is_group(labels) else self.previous
        return []

    def _row(self, labels: list[Cell], values: list[Cell]) -> tuple[Part | None, str]:
        """The part and row that the labels name, all but the last of which are groups; a row without a label is that of its part."""
        if labels:
            label = self.names.row(labels[-1].text, self.previous) if self._is_group(labels[:-1]) else None
            return (self.names.part(label), label.key) if label else (None, "")
        alone = [part for part in self.names.form.parts if not part.rows and self.header and self.header.fits(part)]
        counts = any(understood(cell.text).kind == "number" for cell in values)
        return (alone[0], alone[0].line) if len(alone) == 1 and counts else (None, "")

    def _is_group(self, labels: list[Cell]) -> bool:
        words = [cell.text for cell in labels if cell.text]
        return all(any(label.role in ("group", "caption") for label in self.names.of(text)) for text in words)

    def _values(self, table: Table, part: Part, row: str, cells: list[Cell]) -> list[Cell]:
        """The cells that are the part's columns, one for one, in order; empty when that is not beyond doubt.

        As many cells as columns, none empty: those, unless the row's sum fails and no header stands over each of them. Empty cells around
        them are padding when the row's sum holds. Empty ones among them are believed only under a header that stands over each cell.
        """
        if self.header is None or not self.header.fits(part) or any(cell.odd for cell in cells):
            return []
        width = len(part.columns)
        under = self.header.columns(part) if table.spans and self.header.table == table.number else []
        aligned = bool(under) and [cell.column for cell in cells] == under
        if aligned:
            return cells
        printed = [index for index, cell in enumerate(cells) if cell.text]
        if len(printed) != width or printed[-1] - printed[0] != width - 1:
            return []
        inner = cells[printed[0] : printed[-1] + 1]
        if (part.table, row) in self.names.sums:
            return inner if self._adds_up(_placed(part, row, inner, (0, 0))) else []
        return inner if printed[0] == 0 else []

    def _adds_up(self, row: dict[Place, Reading]) -> bool:
        """Whether the row's own identities hold, empty cells counted as 0; a row without any holds."""
        place = next(iter(row))
        values = {place.column: reading.said.number or 0 for place, reading in row.items()}
        sums = self.names.sums.get((place.table, place.row), ())
        return all(sum(values[c] for c in one.columns[: one.left]) == sum(values[c] for c in one.columns[one.left :]) for one in sums)

    def _totalled(self, row: dict[Place, Reading]) -> bool:
        """Whether empty cells leave no room for a shift: nothing is printed, or a sum that is not 0 with its total binds what is."""
        printed = {place.column: reading.said.number for place, reading in row.items() if reading.printed}
        sums = self.names.sums.get((next(iter(row)).table, next(iter(row)).row), ())
        if not sums or not printed:
            return not printed
        parts = [one for one in sums if 0 < len(printed.keys() & set(one.columns)) < len(one.columns)]
        return all(all(printed.get(column) for column in one.columns[one.left :]) for one in parts)

    def _keep(self, row: dict[Place, Reading]) -> None:
        for place, reading in row.items():
            before = self.found.setdefault(place, reading)
            if before.said != reading.said:
                self.twice.add(place)


def _placed(part: Part, row: str, cells: list[Cell], at: tuple[int, int]) -> dict[Place, Reading]:
    return {Place(part.table, row, column.key): _reading(cell, *at) for column, cell in zip(part.columns, cells)}


def _reading(cell: Cell, table: int, row: int) -> Reading:
    return Reading(cell.text, understood(cell.text), table, row, cell.column)
