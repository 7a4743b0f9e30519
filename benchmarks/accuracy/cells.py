"""Damage to values: cells that move, vanish or run together, and columns that come and go."""

from __future__ import annotations

import random
from dataclasses import replace

from benchmarks.accuracy import survive
from benchmarks.accuracy.layout import Cell, Line, Table

Page = list[Table]


def pad(count: int = 1) -> list[Cell]:
    return [Cell("", "pad") for _ in range(count)]


def some(rng: random.Random, lines: list[Line]) -> list[Line]:
    """One line, a group of neighbours, or all."""
    if not lines:
        return []
    start = rng.randrange(len(lines))
    return rng.choice((lines[start : start + 1], lines[start : start + rng.randint(2, 6)], lines[start:], lines))


def first_value(line: Line) -> int:
    return next(at for at, cell in enumerate(line.cells) if cell.role == "value")


def shifted_right(rng: random.Random, page: Page, table: Table) -> bool:
    """One or two empty cells come between label and values."""
    more = rng.choice((1, 1, 2))
    for line in some(rng, table.data()):
        at = first_value(line)
        line.cells[at:at], line.touched = pad(more), True
    return True


def shifted_left(rng: random.Random, page: Page, table: Table) -> bool:
    """The cells that a label should span are gone; the row ends in empty ones instead, or ends early."""
    filled, hit = rng.random() < 0.6, False
    for line in some(rng, table.data()):
        before, values = line.cells[: first_value(line)], line.cells[first_value(line) :]
        kept = [replace(cell, colspan=1) for cell in before if cell.text]
        lost = sum(cell.colspan for cell in before) - len(kept)
        seen = any(cell.text for cell in values[:lost])  # a number where the header has its corner
        if lost:
            line.cells, line.touched, hit = [*kept, *values, *(pad(lost) if filled and seen else [])], True, True
    return hit


def padded(rng: random.Random, page: Page, table: Table) -> bool:
    """Empty cells at the end of every row, or of some."""
    more = rng.choice((1, 2, 3, 7))
    for line in rng.choice((table.lines, some(rng, table.lines))):
        line.cells += pad(more)
        line.touched = True
    return True


def empty_column(rng: random.Random, page: Page, table: Table) -> bool:
    """An empty column among the values."""
    offset = rng.randint(1, 6)
    for line in table.data():
        at = min(first_value(line) + offset, len(line.cells))
        line.cells[at:at], line.touched = pad(), True
    table.header_touched = True
    return True


def dropped(rng: random.Random, page: Page, table: Table) -> bool:
    """Cells that are lost; what stood to the right of one moves up, and the row may end in an empty cell for it."""
    for line in some(rng, table.data())[:8]:
        before = line.values()
        line.cells.remove(rng.choice(before))
        line.touched = True
        _end_early(table, line)
        if rng.random() < 0.4 and looks_wrong(line, before):
            line.cells += pad()
    return True


def _end_early(table: Table, line: Line) -> None:
    """In table 2, where no sum tells, the empty cells of a wide column would pass for what was lost in an honest row."""
    while table.key == "table_2" and line.cells[-1].role == "fill":
        line.cells.pop()


def looks_wrong(line: Line, before: list[Cell]) -> bool:
    """Would the row, filled up with empty cells, fail its sum where it stands? One that does not prints another report's honest row."""
    places = [cell.place for cell in before if cell.place]
    texts = [cell.text for cell in line.values()]
    return len(places) in (7, 15) and not survive.adds_up(places, [*texts, *[""] * (len(places) - len(texts))])


def dropped_column(rng: random.Random, page: Page, table: Table) -> bool:
    """The same value is lost in a run of rows, as in a column that a template did not have."""
    if table.key == "table_2":
        return False
    column = rng.randrange(len(table.data()[0].values()) or 1)
    for line in some(rng, table.data()):
        for cell in line.values()[column : column + 1]:
            line.cells.remove(cell)
            line.touched = True
    return True


def collapsed(rng: random.Random, page: Page, table: Table) -> bool:
    """Empty cells vanish and what follows them moves left; in tables where that shows, the rows may keep their length."""
    rows = {id(line): [cell for cell in line.cells if cell.place and not cell.text] for line in table.data()}
    hit = [line for line in table.data() if 0 < len(rows[id(line)]) < len(line.values())]
    filled, shows = rng.random() < 0.5, False
    for line in hit:
        before = line.values()
        line.cells = [cell for cell in line.cells if cell not in rows[id(line)]]
        line.touched = True
        _end_early(table, line)
        shows |= looks_wrong(line, before)
    for line in hit if filled and shows else []:
        line.cells += pad(len(rows[id(line)]))
    return bool(hit)


def column_lost(rng: random.Random, page: Page, table: Table) -> bool:
    """A template without 其他 (or another kind of organisation): the header and every row, or the first rows, have six."""
    name, at = rng.choice((("其他", 5), ("其他", 5), ("科研机构", 2), ("法律服务机构", 4)))
    heads = [(line, cell) for line in table.header() for cell in line.cells if cell.text == name]
    if table.key != "table_3" or not heads or any(len(line.values()) != 7 for line in table.data()):
        return False
    heads[0][0].cells.remove(heads[0][1])
    for line in table.data()[: rng.choice((2, 2, 99))]:
        line.cells.remove(line.values()[at])
        line.touched = True
    table.header_touched = True
    return True


def last_columns_cut(rng: random.Random, page: Page, table: Table) -> bool:
    """The last columns do not fit on the page: gone in header and rows."""
    names = {"table_3": ["总计", "其他"], "table_4": ["总计", "尚未审结"]}.get(table.key, [])
    for name in names[: rng.choice((1, 1, 2))]:
        heads = [(line, cell) for line in table.header() for cell in line.cells if cell.text == name]
        for line, cell in [*heads[-1:], *((line, line.values()[-1]) for line in table.data() if len(line.values()) > 1)]:
            line.cells.remove(cell)
            line.touched = True
    table.header_touched = True
    return bool(names)


def fused_row(rng: random.Random, page: Page, table: Table) -> bool:
    """The digits of whole rows run together."""
    hit = False
    for line in some(rng, table.data()) if table.key != "table_2" else []:
        hit |= _fuse(line, 0, len(line.values()))
    return hit


def fused_pair(rng: random.Random, page: Page, table: Table) -> bool:
    """Two neighbours run together in one cell."""
    hit = False
    for line in some(rng, table.data())[:3] if table.key != "table_2" else []:
        if len(line.values()) > 1:
            hit |= _fuse(line, rng.randrange(len(line.values()) - 1), 2)
    return hit


def fused_with_label(rng: random.Random, page: Page, table: Table) -> bool:
    """Label and values are one string, as where an extractor joins the cells of a row: 行政规范性文件4731382."""
    hit = False
    for line in some(rng, table.data()):
        label = next((cell for cell in line.cells if cell.role == "label" and cell.text), None)
        if label and _fuse(line, 0, len(line.values())):
            digits = line.values()[0]
            label.text, label.fused, hit = label.text + digits.text, digits.fused, True
            line.cells.remove(digits)
    return hit


def _fuse(line: Line, start: int, count: int) -> bool:
    cells = line.values()[start : start + count]
    if not cells or not all(cell.text.isascii() and cell.text.isdigit() and cell.place for cell in cells):
        return False
    at = line.cells.index(cells[0])
    places = tuple(cell.place for cell in cells if cell.place)
    line.cells[at] = Cell("".join(cell.text for cell in cells), "value", fused=places)
    line.cells = [cell for cell in line.cells if cell not in cells[1:]]
    line.touched = True
    return True


def list_number(rng: random.Random, page: Page, table: Table) -> bool:
    """The number of the next item of a list is glued to a value: 3417 and 2. print 34172."""
    cells = [cell for line in table.data() for cell in line.cells if cell.place and cell.text.isdigit()]
    for cell in rng.sample(cells, min(len(cells), 2)):
        cell.text += f"{rng.randint(1, 9)}."
        cell.fused, cell.place = (cell.place,) if cell.place else (), None
    return bool(cells)


def subtotal(rng: random.Random, page: Page, table: Table) -> bool:
    """A 小计 of the five kinds of organisation stands before 总计, as one public template has it."""
    header = table.header()
    if table.key != "table_3" or len(header) < 2 or any(len(line.values()) != 7 for line in table.data()):
        return False
    at = next((at for at, cell in enumerate(header[-1].cells) if cell.text == "其他"), None)
    if at is None:
        return False
    header[-1].cells.insert(at + 1, Cell("小计", "head"))
    for cell in (cell for line in header[:-1] for cell in line.cells if cell.text in ("申请人情况", "法人或其他组织")):
        cell.colspan += cell.colspan > 1
    for line in table.data():
        _add_subtotal(line)
    return True


def _add_subtotal(line: Line) -> None:
    values = line.values()
    digits = [cell.text for cell in values[1:6]]
    total = str(sum(map(int, digits))) if all(text.isascii() and text.isdigit() for text in digits) else ""
    line.cells.insert(line.cells.index(values[-1]), Cell(total, "extra"))
