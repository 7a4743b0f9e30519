"""Rows of running text -> lines of grids: together under their header, or each alone where nothing but its sums can prove it."""

from __future__ import annotations

from collections.abc import Iterator

from harvester.flow_headers import Heading, heading
from harvester.flow_rows import Row
from harvester.forms import Part
from harvester.values import parse

LABEL_CELLS = 3  # left of the values of table 3 stand 三、本年度办理结果, （三）不予公开, 1.属于国家秘密

Lines = list[list[str]]


def laid_out(rows: list[Row], mixed: bool) -> list[Lines]:
    """The lines of grids for rows that stand together. ``mixed``: cells are told apart in more than one way.

    Where they are, a value alone on its line may be a page's number: such a row has a grid of its own, where no header in the form's order
    stands over it. So has a row of table 2 that prints a sign in a column that counts, or whose header is in no order that can be told. Of
    the other tables, rows under such a header are left out: their sums would hold in any order. Left out too is a row of zeros with as many
    values as the form has columns where others print more (a 小计): an empty cell vanished, and which one no sum tells.
    """
    mixed = mixed or any(row.read.beside or len(row.values) > len(row.part.columns) for row in rows)
    unproved = {row.part for row in rows if mixed and row.read.alone}
    crowded = {row.part for row in rows if len(row.values) > len(row.part.columns)}
    over: dict[Part, Heading] = {}
    together: Lines = []
    apart: list[Lines] = []
    for row in rows:
        found = _over(row)
        if found.words or found.strange:
            over[row.part] = found
        now = over.get(row.part, Heading([]))
        together += _header(row, found, row.part in unproved)
        if now.strange and not (row.in_block and row.label):
            continue
        if row.part in crowded and row.read.alone and not row.in_block and row.values == ["0"] * len(row.part.columns):
            continue
        if row.label and ((mixed and row.read.alone) or now.strange or _is_displaced(row, now)):
            apart.append([*([now.words] if now.moved and not row.in_block else []), [row.label, *row.values]])
        else:
            labels = row.labels[-_left(row) :] if _left(row) else []
            together.append([""] * (_left(row) - len(labels)) + labels + row.values)
    return [*apart, together]


def _left(row: Row) -> int:
    """Cells before the values of a row."""
    return len(row.labels[-1:]) if row.in_block or not row.labels else LABEL_CELLS


def _over(row: Row) -> Heading:
    if row.header or row.labels:
        return heading(row.part, row.header)
    return Heading([min(column.words) for column in row.part.columns])


def _header(row: Row, found: Heading, unproved: bool) -> Iterator[list[str]]:
    """Captions and header words over a row: over its columns, or beside them, where they prove nothing."""
    yield from ([token.text] for token in row.header if token.has("caption"))
    if found.words and not found.strange:
        yield [""] * (_left(row) if found.aligned and not unproved else 0 if _left(row) else 1) + found.words


def _is_displaced(row: Row, over: Heading) -> bool:
    """A row of table 2 prints a sign in a column where the form counts what there is, which is never less than none."""
    if not row.in_block or over.moved or len(row.values) != len(row.part.columns):
        return False
    return any(not column.signed and (parse(value).number or 0) < 0 for column, value in zip(row.part.columns, row.values, strict=True))
