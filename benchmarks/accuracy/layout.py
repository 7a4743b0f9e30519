"""The official tables as lines of cells, each cell knowing which figure it prints: what skins print and damage cuts up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from benchmarks.accuracy.reports import Place, Truth
from tests import forms_html

# fill: an empty cell that a span covered. pad: one that damage put in. extra: a number that is no figure of the form (小计).
Role = Literal["value", "label", "group", "head", "caption", "corner", "fill", "pad", "extra"]
TITLES = {
    "table_2": "二、主动公开政府信息情况",
    "table_3": "三、收到和处理政府信息公开申请情况",
    "table_4": "四、政府信息公开行政复议、行政诉讼情况",
}


@dataclass(slots=True, eq=False)
class Cell:
    """A printed cell. ``place`` is the figure it prints (a value) or ``row`` the key of the line it names (a label).

    ``fused``: the figures whose digits run together in it; it prints none of them by itself.
    """

    text: str
    role: Role
    rowspan: int = 1
    colspan: int = 1
    place: Place | None = None
    row: str = ""
    fused: tuple[Place, ...] = ()


@dataclass(slots=True, eq=False)
class Line:
    """A row as printed. ``touched``: damage moved, took or added cells in it. ``follows``: it goes on where the line above broke off."""

    cells: list[Cell]
    touched: bool = False
    follows: bool = False

    def values(self) -> list[Cell]:
        """The cells that print figures."""
        return [cell for cell in self.cells if cell.role == "value"]


@dataclass(slots=True, eq=False)
class Table:
    """One of the three tables, or a part of one after a page break. ``header_touched``: its header no longer says what stands below."""

    key: str
    lines: list[Line]
    header_touched: bool = False
    title: str = ""

    def data(self) -> list[Line]:
        """The lines that print figures."""
        return [line for line in self.lines if line.values()]

    def header(self) -> list[Line]:
        """The lines of column names, without captions."""
        named = [line for line in self.lines if any(cell.role in ("head", "corner") for cell in line.cells)]
        return [line for line in named if not line.values()]


def tables(truth: Truth) -> list[Table]:
    """The three tables with the spans of the official template."""

    made = enumerate(_template(truth.form), 2)
    return [Table(f"table_{number}", _lines(rows, truth, number), title=TITLES[f"table_{number}"]) for number, rows in made]


@cache
def _template(form: str) -> list[list[list[forms_html.Cell]]]:
    """The template with the place itself, in one string, where a figure is printed."""
    return forms_html.tables(form, lambda *place: "\0".join(place))


def _lines(rows: list[list[forms_html.Cell]], truth: Truth, number: int) -> list[Line]:
    lines = [Line([_cell(*cell, truth) for cell in row]) for row in rows]
    for line in lines:
        _name(line, number)
        missing = 4 - sum(cell.colspan for cell in line.cells)
        if number == 2 and missing > 0:
            line.cells[-1].colspan += missing  # the template's blocks of two columns: the last is wide
    return lines


def _cell(text: str, rowspan: int, colspan: int, truth: Truth) -> Cell:
    if "\0" not in text:
        return Cell(text, "head", rowspan, colspan)
    table, row, column = text.split("\0")
    place = (table, row, column)
    return Cell(truth.cells[place].printed, "value", rowspan, colspan, place)


def _name(line: Line, number: int) -> None:
    """Gives the cells that are not values their roles: before values, groups and then the row's own label; else header or caption."""
    rows = [cell.place[1] for cell in line.cells if cell.place]
    names = [cell for cell in line.cells if not cell.place]
    if rows and names:
        for cell in names:
            cell.role = "group"
        names[-1].role, names[-1].row = "label", rows[0]
    elif len(names) == 1 and number == 2:
        names[0].role = "caption"
    elif names and names[0].text.startswith("（本列"):
        names[0].role = "corner"


def flat(table: Table) -> Table:
    """The table without spans: an empty cell in each place a span covered, as exports and indexes write it."""
    return spread(table, lambda cell: "")


def repeated(table: Table) -> Table:
    """The table without spans: group labels stand again in each row they cover."""
    return spread(table, lambda cell: cell.text if cell.role == "group" else "")


def spread(table: Table, filling: Callable[[Cell], str]) -> Table:
    """The table with one cell a place; ``filling`` gives the text of the places below a cell that spans rows."""
    above: dict[int, list[tuple[int, Cell]]] = {}
    lines = [replace(line, cells=list(_row(line, number, above, filling))) for number, line in enumerate(table.lines)]
    return replace(table, lines=lines)


def _row(line: Line, number: int, above: dict[int, list[tuple[int, Cell]]], filling: Callable[[Cell], str]) -> Iterator[Cell]:
    column = 0
    for cell in line.cells:
        while covered := [origin for at, origin in above.get(number, ()) if at == column]:
            yield Cell(filling(covered[0]), "fill")
            column += 1
        for below in range(number + 1, number + cell.rowspan):
            above.setdefault(below, []).extend((column + at, cell) for at in range(cell.colspan))
        yield replace(cell, rowspan=1, colspan=1)
        yield from (Cell("", "fill") for _ in range(cell.colspan - 1))
        column += cell.colspan
    yield from (Cell(filling(origin), "fill") for at, origin in above.get(number, ()) if at >= column)


def tight(table: Table) -> Table:
    """The table without spans and without placeholders: each row has only its own cells."""
    kept = ([replace(cell, rowspan=1, colspan=1) for cell in line.cells if cell.role != "fill"] for line in table.lines)
    return replace(table, lines=[replace(line, cells=cells) for line, cells in zip(table.lines, kept)])
