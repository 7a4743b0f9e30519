"""The tables of a report laid out as the official forms draw them: rows of cells with their spans, without any markup."""

from __future__ import annotations

from typing import NamedTuple

from harvester.sample.labels import (
    APPLICANTS,
    COLUMNS,
    CORNER,
    DISPUTES,
    FORWARD,
    GROUPS,
    HANDLED,
    HEAD,
    OTHER_2019,
    OTHER_2021,
    RESULTS,
    SINGLE,
    TABLE_2,
    Block,
    Labels,
)
from harvester.sample.printed import Cells


class Cell(NamedTuple):
    """A cell of a drawn table: its text and how many rows and columns it covers."""

    text: str
    rows: int = 1
    columns: int = 1


Row = list[Cell]
Table = list[Row]


def table_2(form: str, cells: Cells, split_after: int = 0) -> list[Table]:
    """The blocks of 第二十条; ``split_after`` blocks the table is torn in two, as after a page break in Word (0: whole)."""
    blocks = [_block(block, cells, width=len(TABLE_2[form][0].columns) + 1) for block in TABLE_2[form]]
    parts = [blocks[:split_after], blocks[split_after:]] if split_after else [blocks]
    return [[row for block in part for row in block] for part in parts]


def _block(block: Block, cells: Cells, width: int) -> Table:
    header = _stretched([Cell("信息内容"), *(Cell(label) for _, label in block.columns)], width)
    lines = [_stretched(_line(block, row, label, cells), width) for row, label in block.rows]
    return [[Cell(block.caption, columns=width)], header, *lines]


def _line(block: Block, row: str, label: str, cells: Cells) -> Row:
    return [Cell(label), *(Cell(cells["table_2", row, column][0] or "") for column, _ in block.columns)]


def _stretched(row: Row, width: int) -> Row:
    """The last cell covers what is left of the row."""
    return [*row[:-1], row[-1]._replace(columns=width - len(row) + 1)]


def table_3(form: str, cells: Cells) -> Table:
    """收到和处理政府信息公开申请情况: three header levels, 三、本年度办理结果 down the side of all outcomes."""
    results = _results(form, cells)
    results[0].insert(0, Cell("三、本年度办理结果", rows=len(results)))
    head = [[Cell(label, columns=3), *_values(row, cells)] for row, label in HEAD]
    return [*_header_3(), *head, *results, [Cell(FORWARD[1], columns=3), *_values(FORWARD[0], cells)]]


def _header_3() -> Table:
    top = [Cell(CORNER, 3, 3), Cell("申请人情况", 1, 7)]
    middle = [Cell("自然人", 2), Cell("法人或其他组织", 1, 5), Cell("总计", 2)]
    return [top, middle, [Cell(label) for _, label in APPLICANTS[1:]]]


def _results(form: str, cells: Cells) -> Table:
    """The rows beside 三、本年度办理结果, without that cell."""
    single_other = ("table_3", OTHER_2019[0], "total") in cells
    groups = GROUPS if single_other else (*GROUPS, OTHER_2021)
    rows = [_wide(row, label, cells) for row, label in SINGLE]
    rows += [line for caption, leaves in groups for line in _group(caption, leaves, cells)]
    rows += [_wide(*OTHER_2019, cells)] if single_other else []
    return [*rows, _wide(*HANDLED, cells)]


def _group(caption: str, leaves: Labels, cells: Cells) -> Table:
    rows = [[Cell(label), *_values(row, cells)] for row, label in leaves]
    rows[0].insert(0, Cell(caption, rows=len(rows)))
    return rows


def _wide(row: str, label: str, cells: Cells) -> Row:
    return [Cell(label, columns=2), *_values(row, cells)]


def _values(row: str, cells: Cells) -> Row:
    return [Cell(cells["table_3", row, column][0] or "") for column, _ in COLUMNS]


def table_4(cells: Cells) -> Table:
    """政府信息公开行政复议、行政诉讼情况: fifteen counts in one row under three header levels."""
    top = [Cell("行政复议", 1, 5), Cell("行政诉讼", 1, 10)]
    middle = [*(Cell(label, 2) for _, label in RESULTS), Cell("未经复议直接起诉", 1, 5), Cell("复议后起诉", 1, 5)]
    bottom = [Cell(label) for _ in DISPUTES[1:] for _, label in RESULTS]
    counts = [Cell(cells["table_4", "cases", f"{dispute}_{result}"][0] or "") for dispute in DISPUTES for result, _ in RESULTS]
    return [top, middle, bottom, counts]
