"""Tables with one indicator a row -> the figures of their form. The label names the row; header, count or reason proves the column."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from harvester import forms
from harvester.form import Form, Place
from harvester.indicator_names import Names
from harvester.indicator_rows import MAX_PIECES, Cutter, Head, Piece
from harvester.items import Figure, Grid, Issue, Number, Report
from harvester.rows import Printed
from harvester.values import header_unit, is_formatted_count, is_whole, readings

MULTIPLES = ("万", "亿")


def fill(form: Form, grids: Iterable[Grid], report: Report) -> None:
    """Sets ``form`` and ``figures`` and adds ``issues``: one figure for every indicator and column of the form."""
    cutter, names = Cutter(form), Names(form)
    for grid in grids:
        names.read(cutter.cut(grid))
    reading = _Reading(form, report.year)
    if cutter.pieces >= MAX_PIECES:
        reading.issue("long_row", "document", f"it prints more than {MAX_PIECES} rows; those behind them are not read")
    reading.read(names)
    report.form, report.figures = form.id, reading.finish()
    report.issues.extend(names.issues + reading.issues)


def apart(found: list[Form], grids: Iterable[Grid], report: Report) -> list[Grid]:
    """The grids less those that print another form than the first of ``found``, each of them an issue: figures are of one form only."""
    kept = []
    for grid in grids:
        cells = {cell.text for row in grid.rows for cell in row}
        best = max(found, key=lambda form: form.known(cells))
        if best is found[0]:
            kept.append(grid)
        else:
            said = f"the report is read as {found[0].id}; this table prints {best.id} and is not read"
            report.issues.append(Issue("other_form", f"table {grid.index}", said))
    return kept


def unread(grids: Iterable[Grid]) -> list[Issue]:
    """An issue for each table headed 指标 and 单位 in a report that prints no known form."""
    form = next(form for form in map(forms.load, forms.form_ids()) if form.indicators)
    found = []
    for grid in grids:
        heads = {label.key for row in grid.rows[:5] for cell in row for label in form.find(cell.text)}
        if {"indicator", "unit"} <= heads:
            found.append(Issue("unknown_form", f"table {grid.index}", "a table of indicators of no known form; its values are not read"))
    return found


class _Reading:
    """The figures found so far in one document, by place in the form."""

    def __init__(self, form: Form, year: int | None) -> None:
        self.form = form
        self.year = year
        self.table = form.parts[0].table
        self.columns = [column.key for column in form.parts[0].columns]
        self.pairs: list[tuple[str, Piece, list[Printed]]] = []  # two numbers under no header: which is the year's?
        self.found: dict[Place, Figure] = {}
        self.told: set[tuple[int, Head]] = set()
        self.issues: list[Issue] = []

    def read(self, names: Names) -> None:
        """Places the values of all rows; those of rows that are in doubt only where nothing else is printed."""
        rows = names.sure()
        fit = _fit([named.piece for named in rows])
        for named in rows:
            if named.key:
                self._row(named.key, named.piece, named.code, fit[named.piece.grid.index])
        self._settle()
        for named in rows:
            if not named.key:
                self._ambiguous(named.piece)

    def finish(self) -> list[Figure]:
        """All figures in the form's order, absent ones included."""
        if not self.found:
            self.issue("table_missing", self.table, "no row of the form's table can be read")
        return [self.found.get(place) or Figure(*place, None, None, None, "absent") for place in self.form.places]

    def _row(self, key: str, piece: Piece, code: str | None, fit: float) -> None:
        """``fit``: share of the table's rows that stand under its header. Of one that few do, the one that does is chance."""
        heads, settled = self._heads(piece), piece.grid.spans or len(self.columns) == 1  # cells of flattened text may have moved
        named = {head.kind for head in heads}.intersection(self.columns)
        if piece.short and (there := [cell for cell in piece.values(code) if cell.text]):
            self._doubtful(key, piece, there, "one half of a table, in a row that lacks cells: they may be the other half's")
            return
        if code is not None and piece.hides_code(len(heads) or len(self.columns)):
            printed = [cell for cell in piece.values(None) if cell.text]
            self._doubtful(key, piece, printed, "values, the first of which may be its code", self.columns)
            return
        if not named or (len(named) < len(self.columns) and fit < 1):  # a header that lost a head, over rows that do not fit it
            self._unheaded(key, piece, piece.values(code))
            return
        cells = piece.under() if fit > 0.5 and piece.aligned else piece.values(code)
        printed = [cell for cell in cells if cell.text]
        if len(printed) == len(heads):
            cells = printed
        elif printed and (len(cells) != len(heads) or fit < 1 or not settled):
            self._doubtful(key, piece, printed, f"the columns {_told(heads)}")
            return
        if printed and self._other_year(heads):
            self._doubtful(key, piece, printed, f"the columns {_told(heads)} in a report for {self.year}")
            return
        for column in self.columns:
            self._column(key, column, piece, [(head, cell) for head, cell in zip(heads, cells) if head.kind == column])
        self._strangers(piece, zip(heads, cells))

    def _other_year(self, heads: list[Head]) -> bool:
        """The table's header names a year, and not the report's: a table left over, or a year mistyped."""
        years = {head.year for head in heads if head.year and head.kind in self.columns}
        return bool(years) and self.year is not None and self.year not in years

    def _heads(self, piece: Piece) -> list[Head]:
        """The heads over numbers. Beside the report's own year another year's column is a stranger."""
        heads = piece.over_numbers()
        own = {head.kind for head in heads if head.year and head.year == self.year}
        return [head._replace(kind="stranger") if head.kind in own and head.year != self.year else head for head in heads]

    def _column(self, key: str, column: str, piece: Piece, under: list[tuple[Head, Printed]]) -> None:
        """One figure from the columns of that kind: there is one, or they agree."""
        if len({cell.value for _, cell in under}) == 1:
            self._put(Place(self.table, key, column), under[0][1], piece, under[0][0].text)
        elif under:
            self._doubtful(key, piece, [cell for _, cell in under], f"the columns {_told(head for head, _ in under)}", [column])

    def _strangers(self, piece: Piece, under: Iterable[tuple[Head, Printed]]) -> None:
        for head, cell in under:
            place = (piece.grid.index, head)
            if head.kind == "stranger" and cell.value.kind == "number" and place not in self.told:
                self.told.add(place)
                self.issue("unknown_column", piece.where, f"the form has no column called {head.text!r}; its values are not read")

    def _unheaded(self, key: str, piece: Piece, cells: list[Printed]) -> None:
        """A row under no header that names a column: as many values as the form has columns, or none at all."""
        printed = [cell for cell in cells if cell.text]
        if len(self.columns) == 2 == len(printed) and all(cell.value.kind == "number" for cell in printed):
            self.pairs.append((key, piece, printed))
        elif not printed or len(printed) == len(self.columns) == 1:
            for column, cell in zip(self.columns, printed or cells):
                self._put(Place(self.table, key, column), cell, piece)
        else:
            self._doubtful(key, piece, printed, f"the columns {' and '.join(self.columns)}, which no header names")

    def _settle(self) -> None:
        """Two numbers a row and no header: the sum of all years is never less than the year's, so rows that differ tell which is which."""
        rising = {(cells[1].value.number or 0) > (cells[0].value.number or 0) for _, _, cells in self.pairs if _differ(cells)}
        proved = len(rising) == 1 and sum(_differ(cells) for _, _, cells in self.pairs) > 1
        columns = self.columns[::-1] if rising == {False} else self.columns
        for key, piece, cells in self.pairs:
            if proved or not _differ(cells):
                for column, cell in zip(columns, cells):
                    self._put(Place(self.table, key, column), cell, piece)
            else:
                self._doubtful(key, piece, cells, f"the columns {' and '.join(self.columns)}, which no header names")

    def _put(self, place: Place, cell: Printed, piece: Piece, head: str = "") -> None:
        unit = self._unit(place.row, cell, piece, head)
        figure = Figure(*place, cell.value.number, unit, cell.text, "printed", piece.grid.index, piece.row, cell.column)
        if cell.value.kind == "blank":
            figure.status = "blank"
        elif isinstance(figure.value, float) and is_whole(unit) and self._is_formatted(cell, piece):
            figure.value = int(figure.value)
        elif cell.value.kind == "words" or (isinstance(figure.value, float) and is_whole(unit)):
            figure.status, figure.value = "doubtful", None
            may = " or ".join(map(str, readings(cell.text))) or "no number"
            self.issue("not_a_number", piece.where, f"{place.row} prints {cell.text!r}, which is not a count; it may be {may}")
        before = self.found.setdefault(place, figure)
        if (before.value, before.status) != (figure.value, figure.status):
            self._twice(place, before, figure, piece.where)

    def _is_formatted(self, cell: Printed, piece: Piece) -> bool:
        return is_formatted_count(cell.text, [number.text for number in piece.numbers], len(self.columns))

    def _unit(self, key: str, cell: Printed, piece: Piece, head: str) -> str | None:
        """The cell's own unit, else the row's, else the one over the column, else the form's. ``12.5万`` under 人次 are 万人次."""
        unit = piece.unit() or header_unit(head) or self.form.indicators[key].unit
        if cell.value.unit in MULTIPLES and not (unit or "").startswith(MULTIPLES):
            return f"{cell.value.unit}{unit or ''}"
        return cell.value.unit or unit

    def _twice(self, place: Place, before: Figure, figure: Figure, where: str) -> None:
        """A row printed twice must say the same both times; where it does not, neither is believed."""
        if before.status == "blank":
            self.found[place] = figure
        elif figure.status != "blank":
            self.issue("repeated_row", where, f"{place.row} is printed twice: {before.printed!r} and {figure.printed!r}")
            before.value, before.status = None, "doubtful"

    def _doubtful(self, key: str, piece: Piece, cells: Sequence[Printed], why: str, columns: Sequence[str] = ()) -> None:
        """Values that cannot be placed: a number is kept only where the form has one place and every cell says the same."""
        numbers: set[Number | None] = {cell.value.number for cell in cells}
        agreed = numbers.pop() if len(numbers) == 1 and len(self.columns) == 1 and not columns else None
        at, unit = (piece.grid.index, piece.row, cells[0].column), self._unit(key, cells[0], piece, "")
        for column in columns or self.columns:
            place = Place(self.table, key, column)
            self.found.setdefault(place, Figure(*place, agreed, unit, cells[0].text, "doubtful", *at))
        self.issue("doubtful_cell", piece.where, f"{key} prints {' | '.join(cell.text for cell in cells)} for {why}")

    def _ambiguous(self, piece: Piece) -> None:
        """A label that several rows share where nothing tells which: all are in doubt, unless they are printed elsewhere."""
        for key in piece.keys if piece.numbers else ():
            at, unit = (piece.grid.index, piece.row, piece.numbers[0].column), self._unit(key, piece.numbers[0], piece, "")
            for place in (Place(self.table, key, column) for column in self.columns):
                self.found.setdefault(place, Figure(*place, None, unit, piece.numbers[0].text, "doubtful", *at))
        said = " | ".join(cell.text for cell in piece.cells if cell.text)
        self.issue("doubtful_cell", piece.where, f"{piece.text!r} prints {said}; it may be {' or '.join(piece.keys)}")

    def issue(self, code: str, where: str, message: str) -> None:
        self.issues.append(Issue(code, where, message))


def _fit(pieces: list[Piece]) -> dict[int, float]:
    """By grid: the share of its rows that stand under its header."""
    found: dict[int, list[bool]] = {}
    for piece in pieces:
        found.setdefault(piece.grid.index, []).append(piece.aligned)
    return {grid: sum(aligned) / len(aligned) for grid, aligned in found.items()}


def _differ(cells: list[Printed]) -> bool:
    return cells[0].value.number != cells[1].value.number


def _told(heads: Iterable[Head]) -> str:
    return " and ".join(head.text for head in heads)
