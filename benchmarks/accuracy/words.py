"""Damage to labels, headers and the table itself: words lost, broken or varied, tables split, headed twice or not at all."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from benchmarks.accuracy.cells import Page, pad
from benchmarks.accuracy.layout import Cell, Line, Table

BRACKETS = str.maketrans("（）：，“”", '():,""')
VARIANTS = (
    ("社会公益组织", "社会组织"),
    ("其他法律行政法规禁止公开", "其他法律法规禁止公开"),
    ("行政规范性文件", "规范性文件"),
    ("总计", "合计"),
    ("总计", "总 计"),
    ("1.", "1. "),
    ("1.", "1、"),
    ("2.", "2．"),
    ("3.", "(3)"),
    ("（三）", "(三) "),
    ("（一）", "（一） "),
    ("第（五）项", " 第(五)项"),
    ("本年制发件数", "本年制 发件数"),
    ("结果维持", "结果 维持"),
    ("本年收费金额", "本年收费金额（单位：万元，保留4位小数）"),
    ("采购总金额", "采购总金额(单位:万元,保留4位小数)"),
)


def header_column_lost(rng: random.Random, page: Page, table: Table) -> bool:
    """The header has a column less than the rows."""
    lines = [line for line in table.header() if sum(cell.role == "head" for cell in line.cells) > 2]
    if not lines:
        return False
    line = rng.choice(lines)
    line.cells.remove(rng.choice([cell for cell in line.cells if cell.role == "head"]))
    line.cells += pad(rng.randint(0, 1))
    table.header_touched = True
    return True


def header_words_lost(rng: random.Random, page: Page, table: Table) -> bool:
    heads = _heads(table)
    for cell in rng.sample(heads, min(len(heads), rng.randint(1, 3))):
        cell.text = rng.choice(("", cell.text[:2], cell.text[-2:]))
    table.header_touched = True
    return bool(heads)


def header_words_broken(rng: random.Random, page: Page, table: Table) -> bool:
    for cell in _heads(table):
        at = rng.randint(1, max(1, len(cell.text) - 1))
        cell.text = cell.text[:at] + rng.choice((" ", "\u3000", "\u00a0", "\u200b", "")) + cell.text[at:]
    return bool(_heads(table))


def header_over_two_rows(rng: random.Random, page: Page, table: Table) -> bool:
    """The last header row prints half of each word; the other half stands in a row of its own: 商业|科研 over 企业|机构."""
    header = table.header()
    if not header:
        return False
    below = replace(header[-1], cells=[replace(cell, text=cell.text[2:], rowspan=1) for cell in header[-1].cells])
    for cell in header[-1].cells:
        cell.text = cell.text[:2]
    for cell in (cell for line in header[:-1] for cell in line.cells):
        cell.rowspan += cell.rowspan > 1
    table.lines.insert(table.lines.index(header[-1]) + 1, below)
    table.header_touched = True
    return True


def _heads(table: Table) -> list[Cell]:
    return [cell for line in table.header() for cell in line.cells if cell.role == "head" and cell.text]


def header_gone(rng: random.Random, page: Page, table: Table) -> bool:
    """No header is printed at all, or only part of it."""
    header = table.header()
    for line in header[rng.randrange(len(header)) :] if header else ():
        table.lines.remove(line)
    table.header_touched = True
    return bool(header)


def header_doubled(rng: random.Random, page: Page, table: Table) -> bool:
    """The header is printed twice, the second time wherever a page began."""
    header = table.header()
    if not header or table.key == "table_2":
        return False
    at = rng.choice([table.lines.index(header[-1]) + 1, *(table.lines.index(line) for line in table.data())])
    table.lines[at:at] = [copy(line) for line in header]
    return True


def copy(line: Line) -> Line:
    return replace(line, cells=[replace(cell) for cell in line.cells])


def orphaned_header(rng: random.Random, page: Page, table: Table) -> bool:
    """The header, or its first line, is a table of its own, closed by a row of dashes."""
    header = table.header()
    if not header or table.key == "table_2":
        return False
    at = rng.randint(1, len(header))
    dashes = Line([Cell("-" * len(cell.text or "---"), "pad") for cell in table.lines[at - 1].cells])
    rest = replace(table, lines=table.lines[at:], header_touched=True)
    table.lines, table.header_touched = [*table.lines[:at], dashes], True
    page.insert(page.index(table) + 1, rest)
    return True


def separator_row(rng: random.Random, page: Page, table: Table) -> bool:
    if len(table.lines) < 2:
        return False
    at = rng.randrange(1, len(table.lines))
    dash = rng.choice(("---", "-----", ":---:", "——"))
    table.lines.insert(at, Line([Cell(dash, "pad") for _ in table.lines[at - 1].cells]))
    return True


def split(rng: random.Random, page: Page, table: Table) -> bool:
    """A page break: the rest is another table, without header."""
    return _split(rng, page, table, again=False)


def split_with_header(rng: random.Random, page: Page, table: Table) -> bool:
    """A page break, and the header printed again after it."""
    return _split(rng, page, table, again=True)


def _split(rng: random.Random, page: Page, table: Table, again: bool) -> bool:
    header = table.header()
    data = [line for line in table.data() if table.lines.index(line) > len(header)]
    if len(data) < 2:
        return False
    at = table.lines.index(rng.choice(data[1:]))
    _cut_spans(table, at)
    more = [copy(line) for line in header] if again and table.key == "table_3" else []
    rest = replace(table, lines=[*more, *table.lines[at:]], header_touched=table.header_touched or not again)
    del table.lines[at:]
    page.insert(page.index(table) + 1, rest)
    return True


def _cut_spans(table: Table, at: int) -> None:
    """What spans rows over line ``at`` ends before it, and an empty cell goes on below."""
    reaching = [(number, cell) for number, line in enumerate(table.lines[:at]) for cell in line.cells if number + cell.rowspan > at]
    below = [Cell("", "pad", number + cell.rowspan - at, cell.colspan) for number, cell in reaching]
    for number, cell in reaching:
        cell.rowspan = at - number
    table.lines[at].cells[:0] = below


def group_again(rng: random.Random, page: Page, table: Table) -> bool:
    """A group's label is printed again further down, where a new page began."""
    return _group_below(rng, table, lambda text: (text, text))


def group_cut(rng: random.Random, page: Page, table: Table) -> bool:
    """A group's label begins on one page and ends on the next."""
    return _group_below(rng, table, lambda text: (text[: len(text) // 2], text[len(text) // 2 :]))


def _group_below(rng: random.Random, table: Table, parts: Callable[[str], tuple[str, str]]) -> bool:
    groups = [(number, cell) for number, line in enumerate(table.lines) for cell in line.cells if cell.role == "group" and cell.text]
    if not groups:
        return False
    number, cell = rng.choice(groups)
    column = table.lines[number].cells.index(cell)
    cell.text, again = parts(cell.text)
    if 1 < cell.rowspan <= len(table.lines) - number:
        at = number + rng.randint(1, cell.rowspan - 1)
        table.lines[at].cells.insert(0, Cell(again, "group", number + cell.rowspan - at))
        cell.rowspan = at - number
        return True
    below = [line for line in table.lines[number + 1 : number + 8] if line.values() and len(line.cells) > column]
    for line in [line for line in below if line.cells[column].role == "fill"][:1]:
        line.cells[column] = Cell(again, "group")
    return True


def group_lost(rng: random.Random, page: Page, table: Table) -> bool:
    groups = [cell for line in table.lines for cell in line.cells if cell.role == "group"]
    for cell in rng.sample(groups, min(len(groups), 2)):
        cell.text = ""
    return bool(groups)


def label_cut(rng: random.Random, page: Page, table: Table) -> bool:
    """A label goes on in the next line, its values do not."""
    labels = [
        (line, cell) for line in table.data() for cell in line.cells if cell.role == "label" and len(cell.text) > 8 and not cell.fused
    ]
    if not labels:
        return False
    line, cell = rng.choice(labels)
    cut = rng.randint(7, len(cell.text) - 1)
    rest = Line([*pad(line.cells.index(cell)), Cell(cell.text[cut:], "pad"), *pad(len(line.values()))])
    cell.text = cell.text[:cut]
    table.lines.insert(table.lines.index(line) + 1, rest)
    return True


def label_lost(rng: random.Random, page: Page, table: Table) -> bool:
    labels = [cell for line in table.data() for cell in line.cells if cell.role == "label"]
    for cell in rng.sample(labels, min(len(labels), 1)):
        cell.text = ""
    return bool(labels)


def unlabelled_total(rng: random.Random, page: Page, table: Table) -> bool:
    """The row （七）总计 has lost its number or its name."""
    total = [cell for line in table.data() for cell in line.cells if cell.row == "total_handled"]
    for cell in total:
        cell.text = rng.choice(("总计", "合计", "（七）", "", "七、总计"))
    return bool(total)


def inner_spaces(rng: random.Random, page: Page, table: Table) -> bool:
    for cell in (cell for line in table.lines for cell in line.cells if not cell.place and len(cell.text) > 2 and rng.random() < 0.5):
        at = rng.randint(1, len(cell.text) - 1)
        cell.text = cell.text if cell.text.isdigit() else cell.text[:at] + rng.choice((" ", "  ", "\u3000")) + cell.text[at:]
    return True


def mixed_brackets(rng: random.Random, page: Page, table: Table) -> bool:
    for cell in (cell for line in table.lines for cell in line.cells if not cell.place and rng.random() < 0.6):
        cell.text = cell.text.translate(BRACKETS)
    return True


def label_variants(rng: random.Random, page: Page, table: Table) -> bool:
    for old, new in rng.sample(VARIANTS, 6):
        for cell in (cell for line in table.lines for cell in line.cells if cell.role != "value"):
            cell.text = cell.text.replace(old, new)
    return True


def title_inside(rng: random.Random, page: Page, table: Table) -> bool:
    wide = max(sum(cell.colspan for cell in line.cells) for line in table.lines)
    table.lines.insert(0, Line([Cell(table.title, "caption", 1, wide)]))
    return True
