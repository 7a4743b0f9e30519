"""A report as a file instead of a page: the same lines, tables and cells, written as Word, PDF and Excel files are written."""

from __future__ import annotations

from typing import NamedTuple

from harvester.sample.numbers import sheet
from harvester.sample.places import in_year
from harvester.sample.printed import Cells, cells, form_of
from harvester.sample.prose import Line, closing, overview, words
from harvester.sample.tables import Table, table_2, table_3, table_4
from harvester.sample.world import title_of

Part = Line | Table
SECTIONS = ("二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "四、政府信息公开行政复议、行政诉讼情况")


class Placed(NamedTuple):
    """A cell of a table on its grid: text, first row and column, and how many of each it covers."""

    text: str
    row: int
    column: int
    rows: int
    columns: int


def paper(key: str, year: int, edition: int, changed: Cells | None = None) -> tuple[str, list[Part]]:
    """Title and parts (lines and tables, in order) of a report. ``changed``: cells that this rendition prints differently."""
    organ, form = in_year(key, year), form_of(key, year)
    shown = cells(key, year, edition) | (changed or {})
    said = words(organ, year, shown, sheet(key, year))
    parts: list[Part] = list(overview(organ, year, said))
    for title, table in zip(SECTIONS, (*table_2(form, shown), table_3(form, shown), table_4(shown)), strict=True):
        parts += [Line(title, True), table]
    return title_of(key, year), [*parts, *closing(organ, year, said)]


def tables(parts: list[Part]) -> list[Table]:
    """The tables among the parts of a report."""
    return [part for part in parts if not isinstance(part, Line)]


def laid(table: Table) -> list[Placed]:
    """The cells of a table where they begin, in reading order."""
    placed: list[Placed] = []
    taken: set[tuple[int, int]] = set()
    for row, line in enumerate(table):
        column = 0
        for cell in line:
            while (row, column) in taken:
                column += 1
            taken |= {(row + down, column + right) for down in range(cell.rows) for right in range(cell.columns)}
            placed.append(Placed(cell.text, row, column, cell.rows, cell.columns))
    return placed


def width(table: Table) -> int:
    """Columns of a table's grid."""
    return max(cell.column + cell.columns for cell in laid(table))
