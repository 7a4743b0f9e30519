"""A document's grids -> the figures of its form. Labels name the row; the column is what an intact header or a full row proves."""

from __future__ import annotations

from collections.abc import Iterator

from harvester import forms
from harvester.forms import Column, Form, Place
from harvester.headers import layout
from harvester.items import Document, Figure, Issue, Report, Status
from harvester.rows import Printed, Row, Section, sections
from harvester.values import BLANK

Columns = dict[int, int]  # grid column -> index of the form's column
Units = dict[int, str | None]  # index of the form's column -> unit its header prints
MULTIPLES = ("万", "万元", "亿元")  # a count printed in ten thousands is rounded


def fill(document: Document, report: Report) -> None:
    """Sets ``form``, ``figures`` and adds ``issues``: one figure for every cell of the form the document's labels name.

    A document without the form's labels is ``narrative`` and has no figures.
    """
    grids = [block.grid for block in document.blocks if block.grid]
    form = forms.detect(cell.text for grid in grids for row in grid.rows for cell in row)
    if form is None:
        report.form, report.figures = "narrative", []
        return
    reading = _Reading(form)
    for grid in grids:
        for section in sections(form, grid):
            reading.section(section)
    report.form, report.figures = form.id, reading.finish()
    report.issues.extend(reading.issues)


class _Reading:
    """The figures found so far in one document, by place in the form."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.found: dict[Place, Figure] = {}
        self.counted: set[tuple[str, str]] = set()  # rows placed by the count of their cells, without a header that proves the columns
        self.empty: dict[tuple[str, str], int] = {}  # rows with an empty cell, and the section they stand in
        self.sections = 0
        self.issues: list[Issue] = []

    def section(self, section: Section) -> None:
        self.sections += 1
        for number, label in section.unknown if section.header or section.rows else ():
            self.issue("unknown_label", _at(section, number), f"the form has no row called {label!r}; its values are not read")
        for rows in _by_part(section.rows):
            if any(row.sure for row in rows):  # a lone 总计 is a row of some other table
                self.rows(section, rows)

    def rows(self, section: Section, rows: list[Row]) -> None:
        """Rows of one part under one header: placed by it when every row agrees with it, else counted, else in doubt."""
        found = layout(self.form, section, rows[0].part)
        columns = found.columns
        for label in found.strangers.values() if columns else ():
            self.issue("unknown_column", _at(section, rows[0].number), f"the form has no column called {label!r}; its values are not read")
        if not columns and section.grid.spans and not section.header and not found.disorder:
            width, count = max(row.width for row in rows), len(rows[0].part.columns)
            columns = {width - count + index: index for index in range(count)}
        proved = bool(columns) and all(_agrees(row, columns, found.strangers) for row in rows)
        for row in rows:
            placed = _by_header(row, columns) if proved else None if found.disorder else _by_count(row)
            if placed is None:
                self._doubtful(section, row, found.disorder)
            else:
                self.row(section, row, placed, found.units, proved and len(placed) == len(row.cells))

    def row(self, section: Section, row: Row, placed: list[tuple[int, Printed]], units: Units, proved: bool) -> None:
        places, names, grid = self.form.row_places(row.part, row.key), row.part.columns, section.grid.index
        if not proved:
            self.counted.add((row.part.table, row.key))
        for index, cell in placed:
            place, value = places[index], cell.value
            if type(value.number) is int and value.unit is None and place not in self.found:  # nearly every cell
                unit = units.get(index) or names[index].unit
                self.found[place] = Figure(*place, value.number, unit, cell.text, "printed", grid, row.number, cell.column)
            else:
                self.put(section, row, names[index], cell, units.get(index))

    def put(self, section: Section, row: Row, column: Column, cell: Printed, unit: str | None, status: Status = "printed") -> None:
        value = cell.value
        if cell.blank:  # a mark such as / says that this very cell is meant: it cannot be one that was lost
            self.empty[row.part.table, row.key] = self.sections
        if value.kind == "blank" and status == "printed":
            status = "blank"
        if value.kind == "words" or (not column.decimal and (isinstance(value.number, float) or value.unit in MULTIPLES)):
            status, value = "doubtful", value._replace(number=None)
            self.issue("not_a_number", _at(section, row.number), f"{row.key} / {column.key} prints {cell.text!r}, which is not a count")
        place = Place(row.part.table, row.key, column.key)
        unit = value.unit or unit or column.unit
        figure = Figure(*place, value.number, unit, cell.text, status, section.grid.index, row.number, cell.column)
        if (before := self.found.setdefault(place, figure)) is not figure:
            self._twice(place, before, figure, _at(section, row.number))

    def _twice(self, place: Place, before: Figure, figure: Figure, where: str) -> None:
        """A row printed twice must say the same both times; where it does not, neither is believed."""
        if (before.value, before.status) != (figure.value, figure.status):
            if before.status == "blank":
                self.found[place] = figure
            elif figure.status != "blank":
                twice = f"{before.printed!r} and {figure.printed!r}"
                self.issue("repeated_row", where, f"{place.row} / {place.column} is printed twice: {twice}")
                before.value, before.status = None, "doubtful"

    def _doubtful(self, section: Section, row: Row, disorder: str) -> None:
        """A row whose cells cannot be placed: read in print order, every cell of it in doubt.

        Only a 0 keeps its value, and only where every number that could stand in its place is 0. A lone number in the last cell of its row
        is read as the total: reports that leave the applicants blank print only 总计.
        """
        printed = [cell for cell in row.cells if not cell.blank]
        columns, slack = row.part.columns, len(row.part.columns) - len(printed)
        start = slack if slack > 0 and len(printed) == 1 and printed[0].column == row.width - 1 else 0
        for offset, cell in enumerate(printed[: len(columns)]):
            rivals = printed[max(offset + start - slack, 0) : offset + start + 1]
            zero = slack > 0 and not disorder and all(rival.value.number == 0 for rival in rivals)
            self.put(section, row, columns[start + offset], cell if zero else cell._replace(value=BLANK), None, "doubtful")
        self._empty(section, row, set(columns[start : start + len(printed)]))
        code = "header_disorder" if disorder else "short_row" if slack >= 0 else "long_row"
        self.issue(code, _at(section, row.number), _candidates(row, printed, slack, disorder))

    def _empty(self, section: Section, row: Row, filled: set[Column]) -> None:
        """Columns of a short row that got no string: an empty cell of the row may be theirs; when it has none, they are absent."""
        for column in row.part.columns if any(cell.blank for cell in row.cells) else ():
            place = Place(row.part.table, row.key, column.key)
            if column not in filled:
                self.found.setdefault(place, Figure(*place, None, column.unit, "", "doubtful", section.grid.index, row.number))

    def finish(self) -> list[Figure]:
        """All figures in the form's order (absent ones included), then rows of the sister form that are printed here."""
        self._guard()
        figures = [self.found.pop(place) if place in self.found else _absent(place) for place in self.form.places]
        read = {figure.table for figure in figures if figure.status != "absent"}
        for table in dict.fromkeys(part.table for part in self.form.parts):
            if table not in read:
                self.issue("table_missing", table, "the document does not print this table of its form, or not in a way that can be read")
        return figures + list(self.found.values())

    def _guard(self) -> None:
        """A row that does not add up may belong to other columns: those it was counted into, or those its empty cells leave room for.

        What moved one row moved others: where a row with an empty cell is in doubt, so is every such row under the same header.
        """
        shifted: set[int] = set()
        for identity, places, left in self.form.row_sums:
            row = (places[0].table, places[0].row)
            if row in self.counted or row in self.empty:
                figures = [self.found.get(place) for place in places]
                if self._adds_up_elsewhere(figures, left, row in self.counted):
                    self._doubt(figures, f"{identity} does not hold and nothing else proves the columns", row in self.empty)
                    shifted.update({self.empty[row]} if row in self.empty else ())
        for row, section in self.empty.items():
            if section in shifted:
                figures = [self.found.get(place) for place in self.form.places if (place.table, place.row) == row]
                self._doubt(figures, "a row beside it is not where the header says, and this one has an empty cell too", True)

    def _adds_up_elsewhere(self, figures: list[Figure | None], left: int, counted: bool) -> bool:
        """Whether the row's sum fails in a way that other columns could explain."""
        values = [figure.value or 0 if figure else 0 for figure in figures]
        empty = [figure is not None and figure.printed == "" for figure in figures]
        addends = any(figure and figure.value is not None for figure in figures[:left])
        if sum(values[:left]) == sum(values[left:]) or not addends:
            return False
        if not counted and any(empty[left:]) and not any(empty[:left]):
            # The total is empty and nothing else: only when the last addend is the sum of the others can it be the total, moved left.
            return values[left - 1] == sum(values[: left - 1])
        return counted or any(empty)

    def _doubt(self, figures: list[Figure | None], why: str, emptied: bool) -> None:
        there = [figure for figure in figures if figure is not None and figure.status != "doubtful"]
        for figure in there:
            figure.status, figure.value = "doubtful", None if emptied else figure.value
        if there:
            printed = " | ".join(figure.printed or "" for figure in there)
            self.issue("doubtful_cell", f"{there[0].table} {there[0].row}", f"{why}: {printed}")

    def issue(self, code: str, where: str, message: str) -> None:
        self.issues.append(Issue(code, where, message))


def _by_part(rows: list[Row]) -> Iterator[list[Row]]:
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.part.table, row.part.key), []).append(row)
    yield from groups.values()


def _agrees(row: Row, columns: Columns, strangers: dict[int, str]) -> bool:
    """The row has a cell under every named column, and prints nothing right of its label under no name."""
    others = [cell for cell in row.cells if cell.column not in columns]
    return len(row.cells) - len(others) == len(columns) and all(cell.blank or cell.column in strangers for cell in others)


def _by_header(row: Row, columns: Columns) -> list[tuple[int, Printed]]:
    return [(columns[cell.column], cell) for cell in row.cells if cell.column in columns]


def _by_count(row: Row) -> list[tuple[int, Printed]] | None:
    """As many printed cells as the form has columns, side by side, are those columns; a row that prints nothing is blank throughout."""
    printed = [cell for cell in row.cells if not cell.blank]
    if len(printed) == len(row.part.columns) and printed[-1].column - printed[0].column == len(printed) - 1:
        return list(enumerate(printed))
    if not printed and len(row.cells) >= len(row.part.columns):
        return list(enumerate(row.cells[: len(row.part.columns)]))
    return None


def _absent(place: Place) -> Figure:
    return Figure(*place, None, None, None, "absent")


def _at(section: Section, row: int) -> str:
    return f"table {section.grid.index} row {row}"


def _candidates(row: Row, printed: list[Printed], slack: int, disorder: str) -> str:
    cells = " ".join(cell.text for cell in printed) or "nothing"
    names = [column.key for column in row.part.columns]
    if disorder or slack <= 0:
        return f"{row.key} prints {len(printed)} values for {len(names)} columns: {cells}" + (f"; {disorder}" if disorder else "")
    if not printed:
        return f"{row.key} prints no value"
    spans = "; ".join(f"from {name}" for name in names[: slack + 1])
    return f"{row.key} prints {len(printed)} of {len(names)} values: {cells}; it may be read {spans}, or with a gap between"
