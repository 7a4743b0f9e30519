"""Damage to whole rows: missing, twice, astray, two in one line, one in two lines, or beginning a cell too late."""

from __future__ import annotations

import random
from dataclasses import replace

from benchmarks.accuracy.cells import Page, first_value, pad, some
from benchmarks.accuracy.layout import Line, Table


def row_dropped(rng: random.Random, page: Page, table: Table) -> bool:
    lines = [line for line in table.data() if all(cell.rowspan == 1 for cell in line.cells)]
    for line in rng.sample(lines, min(len(lines), rng.choice((1, 1, 3)))):
        table.lines.remove(line)
    return bool(lines)


def row_doubled(rng: random.Random, page: Page, table: Table) -> bool:
    lines = [line for line in table.data() if all(cell.rowspan == 1 for cell in line.cells)]
    for line in rng.sample(lines, min(len(lines), 1)):
        table.lines.insert(table.lines.index(line), replace(line, cells=list(line.cells)))
    return bool(lines)


def out_of_order(rng: random.Random, page: Page, table: Table) -> bool:
    """Rows stand elsewhere in their table; nothing but the label says so."""
    lines = [line for line in table.data() if all(cell.rowspan == 1 for cell in line.cells)]
    if len(lines) < 2 or table.key == "table_4":
        return False
    for line in rng.sample(lines, rng.choice((1, 2))):
        table.lines.remove(line)
        table.lines.insert(table.lines.index(rng.choice(table.data())), line)
    return True


def merged(rng: random.Random, page: Page, table: Table) -> bool:
    """Two rows come to stand in one line."""
    pairs = [at for at, line in enumerate(table.lines[:-1]) if line.values() and table.lines[at + 1].values()]
    if not pairs or table.key == "table_4":
        return False
    first, second = table.lines[(at := rng.choice(pairs)) : at + 2]
    table.lines[at : at + 2] = [Line([*first.cells, *second.cells], True)]
    return True


def broken_row(rng: random.Random, page: Page, table: Table) -> bool:
    """A row goes on in the next line."""
    line = rng.choice(table.data())
    at = rng.randint(first_value(line), len(line.cells) - 1)
    rest = Line(line.cells[at:], True, True)
    line.cells, line.touched = line.cells[:at], True
    table.lines.insert(table.lines.index(line) + 1, rest)
    return True


def nested_in(rng: random.Random, page: Page, table: Table) -> bool:
    """A row begins one cell in; its values are one cell off."""
    for line in some(rng, table.data())[:3]:
        line.cells[:0], line.touched = pad(), True
    return True


def ragged(rng: random.Random, page: Page, table: Table) -> bool:
    """Rows end with their last printed cell."""
    hit = False
    for line in table.lines:
        while line.cells and not line.cells[-1].text and len(line.cells) > 1:
            line.touched |= line.cells.pop().role == "value"
            hit = True
    return hit
