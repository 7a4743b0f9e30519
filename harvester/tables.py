"""A document's grids -> the figures of its form. Labels name the row; the column is what an intact header or a full row proves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice
from operator import itemgetter

from harvester import flow, forms, indicators, shapes
from harvester.alignments import Steps
from harvester.columns import Placed, place, widened
from harvester.damaged import Damaged, Units, settle
from harvester.forms import Column, Form, Part, Place
from harvester.headers import Layout, layout
from harvester.items import Document, Figure, Grid, Issue, Report, Status
from harvester.moves import moved, moved_down
from harvester.repeats import Repeats, RowKey
from harvester.rows import Printed, Row, Section, sections
from harvester.tokens import PAGE
from harvester.values import Value, is_formatted_count, is_whole

SLID = "a row below prints values and no label, and one above is blank: the values may have slid down"
ORDER = "in another order than the form's"  # what every disorder of columns says
PERMUTED = f"its header stands {ORDER}"
TEXT = itemgetter(0)  # of a cell


def fill(document: Document, report: Report) -> None:
    """Sets ``form``, ``figures`` and adds ``issues``: one figure for every cell of the form the document's labels name.

    A document without the form's labels is ``narrative`` and has no figures. Tables that its grids lack are looked for in its text.
    """
    grids = [block.grid for block in document.blocks if block.grid]
    cells = {text for grid in grids for text in map(TEXT, chain.from_iterable(grid.rows))}
    printed = forms.contenders(cells, (block.text for block in document.blocks))
    found = printed or [form for form in forms.contenders(block.text for block in document.blocks) if not form.indicators]
    if len(printed) > 1:
        grids = indicators.apart(printed, grids, report)
    if found and found[0].indicators:
        indicators.fill(found[0], grids, report)
        return
    reading = _Reading(found[0]) if found else None
    if reading:
        reading.read(grids)
        reading.read(flow.grids(document, reading.form, len(grids)) if not reading.whole() else [])
    if reading is None or not (printed or reading.parts):
        report.form, report.figures = "narrative", []
        report.issues.extend(indicators.unread(grids))
        return
    report.form, report.figures = reading.form.id, reading.finish()
    report.issues.extend(reading.issues)


class _Reading:
    """The figures found so far in one document, by place in the form, and the rows whose strings wait for proof."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.found: dict[Place, Figure] = {}
        self.weak: dict[RowKey, Damaged] = {}  # placed by the count of their cells, or with an empty cell: a sum may show that they moved
        self.damaged: list[Damaged] = []
        self.parts: list[tuple[Part, bool]] = []  # whose rows were read, and whether under a header that names their columns
        self.unlike = 0  # times that rows were not placed by their header alone, or words stood among their values
        self.repeats = Repeats()
        self.steps = Steps()
        self.orders: dict[Part, str] = {}  # parts whose last header stands in another order than the form's, and what is told of it
        self.mixed: set[Part] = set()  # parts with headers of two orders: which of them their rows follow is not known
        self.issues: list[Issue] = []

    def read(self, grids: list[Grid]) -> None:
        """Reads the grids, in print order."""
        last: Section | None = None
        for grid in grids:
            open_ended = last is not None and bool(last.header) and not (last.rows or last.unknown)  # its header is the next grid's
            shape, texts = shapes.seen(self.form.id, grid)
            known = shapes.known(shape) if shape and not open_ended else None
            if known and self.found.keys().isdisjoint(known.places) and not any(self.orders.values()):
                self.like_before(known, grid, texts)
                last = None
                continue
            plain, figures, parts = self.plain(), len(self.found), len(self.parts)
            last = self.grid(grid, last)
            if shape and not open_ended and last.rows and plain and plain == self.plain():
                shapes.learn(shape, texts, list(islice(self.found.values(), figures, None)), tuple(self.parts[parts:]))

    def grid(self, grid: Grid, before: Section | None) -> Section:
        """Reads one grid; its last section."""
        cut = list(sections(self.form, grid, before))
        for section in cut:
            self.section(section)
        return cut[-1]

    def like_before(self, known: shapes.Known, grid: Grid, texts: tuple[str, ...]) -> None:
        """Takes the numbers of a grid from where those of the like were."""
        self.found |= known.figures(grid.index, texts)
        self.parts += known.parts
        self.orders |= {part: "" for part, headed in known.parts if headed}

    def plain(self) -> tuple[int, ...]:
        """The same before and after a grid when its words alone tell where its numbers go; empty when those before it did not."""
        if self.repeats.rows or any(self.orders.values()):
            return ()
        return len(self.issues), len(self.damaged), len(self.weak), self.unlike

    def whole(self) -> bool:
        """Whether a row of every part was read, or waits for proof."""
        return len({part for part, _ in self.parts}) == len(self.form.parts)

    def section(self, section: Section) -> None:
        for row in section.unknown if section.header or section.rows else ():
            self.issue("unknown_label", _at(section, row.number), f"the form has no row called {row.key!r}; its values are not read")
        for number in section.bare if section.rows else ():
            self.issue("unknown_label", _at(section, number), "a row prints values and no label; they are not read")
        for rows in _by_part(section.rows):
            if any(row.sure for row in rows):  # a lone 总计 is a row of some other table
                self.rows(section, rows)

    def rows(self, section: Section, rows: list[Row]) -> None:
        """Rows of one part under one header: placed by it when every row agrees with it, else counted, else left for proof."""
        found = self._layout(section, rows[0].part)
        self.parts.append((rows[0].part, bool(found.columns or found.disorder)))
        for label in found.strangers.values() if found.columns else ():
            self.issue("unknown_column", _at(section, rows[0].number), f"the form has no column called {label!r}; its values are not read")
        slid = section.slid
        disorder = found.disorder or (PERMUTED if found.permuted else "")
        for row in [row for row in rows if row.odd]:
            if len(cells := [cell for cell in row.cells if not PAGE.fullmatch(cell.text)]) < len(row.cells):  # what it moved is not known
                self.damaged.append(Damaged(section, replace(row, cells=cells), found.units, disorder, found.foreign))
                rows = [other for other in rows if other is not row]
        spots, headed = place(self.form, section, rows, found, self.steps) if rows else ([], False)
        self.unlike += not headed or any(row.odd for row in rows)
        foreign = found.foreign or (any(placed is None for placed, _ in spots) and widened(rows))
        for row, (placed, sure) in zip(rows, spots, strict=True):
            if placed is None or row.number in slid:
                self.damaged.append(Damaged(section, row, found.units, SLID if row.number in slid else disorder, foreign))
            else:
                self.row(section, row, placed, found.units, sure, disorder)

    def _layout(self, section: Section, part: Part) -> Layout:
        """What the section's header says of a part; a table that goes on without one has that of the page before."""
        found = layout(self.form, section, part)
        if found.disorder or found.columns:
            told = found.disorder or (PERMUTED if found.permuted else "")
            if self.orders.setdefault(part, told) != told and ORDER in told + self.orders[part]:
                self.mixed.add(part)
            self.orders[part] = told
        elif not section.header and (before := self.orders.get(part)):
            found = found._replace(disorder=before)
        return found

    def row(self, section: Section, row: Row, placed: Placed, units: Units, sure: bool, disorder: str = "") -> None:
        places, names, empty = self.form.row_places(row.part, row.key), row.part.columns, False
        found, grid, line = self.found, section.grid.index, row.number
        for index, cell in placed:
            at, text, value = cell
            place, (kind, number, apart) = places[index], value
            # A mark such as / says that this very cell is meant: it is none that was lost. Digits that are no count were several cells.
            empty = empty or not text or (kind == "words" and text.isdecimal())
            if (type(number) is int or kind == "blank") and apart is None and place not in found:  # nearly every cell
                unit = units.get(index) or names[index].unit
                table, label, column = place  # spread out: half of the call's time
                status: Status = "blank" if kind == "blank" else "printed"
                found[place] = Figure(table, label, column, number, unit, text, status, grid, line, at)
            else:
                self.put(section, row, names[index], cell, units.get(index))
        if empty or not sure:
            own = replace(row, cells=[cell for _, cell in sorted(placed)])  # without those under a stranger's name
            self.weak[row.part.table, row.key] = Damaged(section, own, units, disorder, sure=sure, placed=dict(placed))

    def put(self, section: Section, row: Row, column: Column, cell: Printed, unit: str | None, status: Status = "printed") -> None:
        value = _counted(cell, row) if isinstance(cell.value.number, float) and not column.decimal else cell.value
        if value.kind == "blank" and status == "printed":
            status = "blank"
        if value.kind == "words" or (not column.decimal and (isinstance(value.number, float) or not is_whole(value.unit))):
            status, value = "doubtful", value._replace(number=None)
            self.issue("not_a_number", _at(section, row.number), f"{row.key} / {column.key} prints {cell.text!r}, which is not a count")
        place = Place(row.part.table, row.key, column.key)
        unit = value.unit or unit or column.unit
        at = cell.column if cell.column >= 0 else None  # one of the row's empty cells; which one cannot be told
        figure = Figure(*place, value.number, unit, cell.text, status, section.grid.index, row.number, at)
        if (before := self.found.setdefault(place, figure)) is not figure:
            self.found[place], told = self.repeats.meet(before, figure, _at(section, row.number))
            self.issues += told

    def _doubt_sisters(self, own: list[Figure]) -> None:
        """Rows of the sister form stand for rows of this one: beside those, or not all of them, a label is cut or gone."""
        read = {(place.table, place.row) for place in self.found}
        beside = {(figure.table, figure.row) for figure in own if figure.status != "absent"} & self.form.replaced_rows
        if read == self.form.sister_rows and not beside:
            return
        for table, row in sorted(read):
            figures = [figure for place, figure in self.found.items() if (place.table, place.row) == (table, row)]
            where = f"table {figures[0].source_table} row {figures[0].source_row}"
            self.issue("doubtful_cell", where, f"{row} is a row of another form, printed beside the rows of this one that it would replace")
            for figure in figures:
                figure.value, figure.status = None, "doubtful" if figure.status == "printed" else figure.status

    def _doubt_mixed(self) -> None:
        for part in self.mixed:
            figures = [figure for place, figure in self.found.items() if place.table == part.table and place.row in part.rows]
            where = f"table {figures[0].source_table}" if figures else part.table
            self.issue("header_disorder", where, "the table prints its columns in two orders")
            for figure in figures:
                figure.status = "doubtful" if figure.status == "printed" else figure.status

    def finish(self) -> list[Figure]:
        """All figures in the form's order (absent ones included), then rows of the sister form that are printed here."""
        if self.damaged or self.weak:
            self._prove()
        self.issues.extend(self.repeats.settle(self.found) if self.repeats.rows else ())
        self._doubt_mixed()
        figures = [self.found.pop(place) if place in self.found else _absent(place) for place in self.form.places]
        if self.found:
            self._doubt_sisters(figures)
        read = {figure.table for figure in figures if figure.status != "absent"}
        for table in dict.fromkeys(part.table for part in self.form.parts):
            if table not in read:
                self.issue("table_missing", table, "the document does not print this table of its form, or not in a way that can be read")
        return figures + list(self.found.values())

    def _prove(self) -> None:
        """Rows that the grid does not place, and those whose sums say that they moved, are read as the form's sums allow."""
        for key in self.repeats.rows & self.weak.keys():
            self.weak[key].disorder = "the row is printed twice"
        weak = list(self.weak.values())
        torn = {damaged.row.part.table for damaged in self.damaged}
        gone = moved(self.form, weak, torn, self.steps)
        for damaged in gone:
            for spot in self.form.row_places(damaged.row.part, damaged.row.key):
                self.found.pop(spot, None)
        self.damaged += gone
        settle(self.form, self.found, self.damaged, self.steps)
        for damaged in self.damaged:
            self._read(damaged)
        for damaged in moved_down(self.form, self.found, [damaged for damaged in weak if damaged not in self.damaged], self.steps):
            self._read(damaged)

    def _read(self, damaged: Damaged) -> None:
        """The verdict on a damaged row, cell by cell; what stays in doubt is told with its candidates."""
        section, row, found = damaged.section, damaged.row, damaged.verdicts()
        for column, (cell, sure) in zip(row.part.columns, found, strict=True):
            if cell is not None:
                self.found.pop(Place(row.part.table, row.key, column.key), None) if damaged.placed else None
                self.put(section, row, column, cell, damaged.units.get(row.part.columns.index(column)), "printed" if sure else "doubtful")
        if not all(sure for _, sure in found):
            self.issues.append(damaged.issue(_at(section, row.number)))

    def issue(self, code: str, where: str, message: str) -> None:
        self.issues.append(Issue(code, where, message))


def _by_part(rows: list[Row]) -> Iterator[list[Row]]:
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.part.table, row.part.key), []).append(row)
    yield from groups.values()


def _absent(place: Place) -> Figure:
    return Figure(*place, None, None, None, "absent")


def _at(section: Section, row: int) -> str:
    return f"table {section.grid.index} row {row}"


def _counted(cell: Printed, row: Row) -> Value:
    """What a cell of counts says: ``3.00`` is 3 where its whole row shows two decimals."""
    numbers = [other.text for other in row.cells if other.value.kind == "number"]
    whole = is_formatted_count(cell.text, numbers, min(2, len(row.part.columns)))
    return cell.value._replace(number=int(cell.value.number or 0)) if whole else cell.value
