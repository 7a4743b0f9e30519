"""A document's grids -> the figures of its form. Labels name the row; the column is what an intact header or a full row proves."""

from __future__ import annotations

from collections.abc import Iterator

from harvester import forms
from harvester.forms import Column, Form, Place
from harvester.items import Document, Figure, Issue, Report, Status
from harvester.rows import Printed, Row, Section, embed, header_words, sections
from harvester.values import BLANK, header_unit

Columns = dict[int, int]  # grid column -> index of the form's column


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
        self.blank: set[tuple[str, str]] = set()  # rows with a cell that carries no number
        self.issues: list[Issue] = []

    def section(self, section: Section) -> None:
        for number, label in section.unknown:
            if section.header or section.rows:
                self.issue("unknown_label", _at(section, number), f"the form has no row called {label!r}; its values are not read")
        for row_group in _by_part(section.rows):
            columns, units = self._columns(section, row_group)
            for row in row_group:
                self.row(section, row, columns, units)

    def _columns(self, section: Section, rows: list[Row]) -> tuple[Columns | None, dict[int, str | None]]:
        """Where the columns of these rows stand, when the header and every row agree on it; and the units the header prints."""
        part = rows[0].part
        header, strangers = header_words(self.form, section, part)
        indexes = embed(part, tuple(word for _, word, _ in header)) if header else None
        units = {index: header_unit(label) for index, (_, _, label) in zip(indexes or (), header, strict=False)}
        columns = {column: index for index, (column, _, _) in zip(indexes or (), header, strict=False)}
        for label in strangers.values() if columns else ():
            self.issue("unknown_column", _at(section, rows[0].number), f"the form has no column called {label!r}; its values are not read")
        if not columns and section.grid.spans and not section.header:
            width = max(row.width for row in rows)
            columns = {width - len(part.columns) + index: index for index in range(len(part.columns))}
        return (columns if columns and all(_agrees(row, columns, strangers) for row in rows) else None), units

    def row(self, section: Section, row: Row, columns: Columns | None, units: dict[int, str | None]) -> None:
        placed = _by_header(row, columns) if columns is not None else _by_count(row)
        if placed is None:
            self._doubtful(section, row, units)
            return
        places, names, grid = self.form.row_places(row.part, row.key), row.part.columns, section.grid.index
        if columns is None:
            self.counted.add((row.part.table, row.key))
        for index, cell in placed:
            place, value = places[index], cell.value
            if type(value.number) is int and place not in self.found:  # nearly every cell
                unit = value.unit or units.get(index) or names[index].unit
                self.found[place] = Figure(*place, value.number, unit, cell.text, "printed", grid, row.number, cell.column)
            else:
                self.put(section, row, names[index], cell, units.get(index))

    def put(self, section: Section, row: Row, column: Column, cell: Printed, unit: str | None, status: Status = "printed") -> None:
        value = cell.value
        if value.number is None:
            self.blank.add((row.part.table, row.key))
        if value.kind == "blank" and status == "printed":
            status = "blank"
        if value.kind == "words" or (isinstance(value.number, float) and not column.decimal):
            status = "doubtful"
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

    def _doubtful(self, section: Section, row: Row, units: dict[int, str | None]) -> None:
        """A row whose cells are too few or too many to be placed: read in print order, every cell of it in doubt.

        A lone number in the last cell of its row is read as the total: reports that leave the applicants blank print only 总计.
        """
        printed = [cell for cell in row.cells if not cell.blank]
        columns, code = row.part.columns, "short_row" if len(printed) < len(row.part.columns) else "long_row"
        slack = len(columns) - len(printed)
        start = slack if len(printed) == 1 and printed[0].column == row.width - 1 else 0
        for offset, cell in enumerate(printed[: len(columns)]):
            index = start + offset
            rivals = {other.value for other in printed[max(offset + start - slack, 0) : offset + start + 1]} if slack > 0 else {None}
            held = cell if rivals == {cell.value} else cell._replace(value=BLANK)
            self.put(section, row, columns[index], held, units.get(index), "doubtful")
        self._empty(section, row, set(columns[start : start + len(printed)]))
        self.issue(code, _at(section, row.number), _candidates(row, printed, slack))

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
        """A row that does not add up may belong to other columns: those it was counted into, or those its blanks leave room for."""
        for identity, places, left in self.form.row_sums:
            row = (places[0].table, places[0].row)
            if row in self.counted or row in self.blank:
                self._guard_row(identity, [self.found.get(place) for place in places], left, row in self.counted)

    def _guard_row(self, identity: str, figures: list[Figure | None], left: int, counted: bool) -> None:
        there = [figure for figure in figures if figure is not None]
        values = [figure.value or 0 if figure else 0 for figure in figures]
        blanks = [figure for figure in there if figure.value is None]
        addends = any(figure and figure.value is not None for figure in figures[:left])
        if sum(values[:left]) == sum(values[left:]) or not addends or not (counted or blanks):
            return
        for figure in there:
            figure.status, figure.value = "doubtful", None if blanks else figure.value
        message = f"{identity} does not hold and nothing else proves the columns: {' | '.join(f.printed or '' for f in there)}"
        self.issue("doubtful_cell", f"{there[0].table} {there[0].row}", message)

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


def _candidates(row: Row, printed: list[Printed], slack: int) -> str:
    cells = " ".join(cell.text for cell in printed) or "nothing"
    names = [column.key for column in row.part.columns]
    if slack <= 0:
        return f"{row.key} prints {len(printed)} values for {len(names)} columns: {cells}"
    spans = "; ".join(f"from {names[start]}" for start in range(slack + 1))
    return f"{row.key} prints {len(printed)} of {len(names)} values: {cells}; it may be read {spans}, or with a gap between"
