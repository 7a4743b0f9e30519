"""Flattened text: one block a line, table rows as cells between tabs or pipes; the layout of the corpus this project reads and writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from harvester.grid import MAX_COLUMNS, from_lines
from harvester.items import Block, Document
from harvester.outline import PRINTED
from harvester.readers.blocks import clean, headed
from harvester.values import is_value, parse

NEWLINE = re.compile(r"\r\n|\r|\n")  # str.splitlines would also break at form feeds inside a cell
HEADING = re.compile(r"^(#{1,6})\s+(.*)$")
EMPHASIS = re.compile(r"\*\*(.+?)\*\*")
BARS = str.maketrans("｜│┃║", "||||")  # full-width, and the bars of tables that a text browser draws
DRAWN = re.compile(r"[+┌┬├┼└┴╔╦╠╬╚╩][-+=|:\s─━═┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝]{2,}")  # the line between two rows of such a table
PAGE_ON_A_LINE = 400  # characters; no paragraph as short names three sections
TITLE = re.compile(rf"(?:^|(?<=\s))([一二三四五六七八][、.．]\s?(?:{'|'.join(map(re.escape, PRINTED))}))(?=\s|$)")
RULE = re.compile(r":?-+:?")  # a cell of the row that markdown sets under a header
MARKUP = re.compile(r"&nbsp;|<br\s*/?>|\*\*|__|\\(?=\|)")
PAGE = re.compile(r"第\s*\d{1,3}\s*页(?:\s*[,，/]?\s*共\s*\d{1,3}\s*页)?")
TIGHT = re.compile(r"\|[^|\s]")
PIPE = re.compile(r"(?<!\\)\|")


def read(content: str) -> Document:
    """Document of flattened text: a run of lines with tabs or pipes is one table, a blank line ends it.

    Where each row of pipes stands between blank lines, these do not end the table. Lines with pipes that are no rows (a menu, the path to
    this page) stay paragraphs.
    """
    blocks: list[Block] = []
    run: list[str] = []
    tables, before = 0, ""
    for line in [*NEWLINE.split(content), "", ""]:
        if run and not _goes_on(run, line):
            torn, before = _is_torn(before, run, line), ""
            for lines in _tables(run):
                rows = [] if torn else _rows(lines)
                blocks.extend([Block(grid=from_lines(tables, rows))] if rows else (block for line in lines for block in _blocks(line)))
                tables += bool(rows)
            run = []
        if run or _is_row(line):
            run.append(line)
        else:
            blocks.extend(_blocks(line))
            before = line
    return Document(blocks, format="text")


def _blocks(line: str) -> Iterator[Block]:
    """The block of a line; of a whole page that an index keeps on one line, a block for each section title and what stands between."""
    titles = TITLE.findall(line) if len(line) > PAGE_ON_A_LINE else ()
    for text in TITLE.split(line) if len(titles) > 2 else (line,):
        content = clean(EMPHASIS.sub(r"\1", text))
        heading = HEADING.match(content)
        if content:
            yield Block(heading[2], len(heading[1])) if heading else headed(content)


def _is_row(line: str) -> bool:
    return "\t" in line or "|" in line.translate(BARS) or DRAWN.fullmatch(line.strip()) is not None


def _goes_on(run: list[str], line: str) -> bool:
    """Whether the line belongs to the run of rows: another row, or the first blank line after a row of pipes."""
    if line.strip() or "\t" in line:
        return _is_row(line) and not ("\t" in line and not run[-1])
    return bool(run[-1]) and "\t" not in run[0] and "\t" not in run[-1]


def _is_torn(before: str, run: list[str], after: str) -> bool:
    """The row of pipes that a table's first or last one is goes on in a line without any: pipes do not tell its cells."""
    first, last = run[0].strip(), run[-1].strip()
    if "\t" in run[0] + run[-1] or (first.startswith("|") and last.endswith("|")):
        return False
    return any(map(is_value, [*before.split()[-1:], *(after.split()[:1] if last else ())]))


def _tables(run: list[str]) -> Iterator[list[str]]:
    """The lines of a run as those of one table when every row stands alone between blank lines, else cut at the blank lines."""
    lines = [line if "\t" in line or line.strip() else "" for line in run]
    parts = [part.split("\n") for part in "\n".join(lines).strip("\n").split("\n\n")]
    if all(len(part) == 1 for part in parts):
        parts = [[line for part in parts for line in part]]
    yield from parts


def _rows(lines: list[str]) -> list[list[str]]:
    """Cells of the lines; none when they are no table: lines with pipes must be framed by them, ruled, or hold a value."""
    bars = [line.translate(BARS) for line in lines if "\t" in line or not DRAWN.fullmatch(line.strip())]
    piped = [line.strip() for line in bars if "\t" not in line]
    first, last = (all(line.startswith("|") for line in piped), all(line.endswith("|") for line in piped))
    cells = [_tabs(line) if "\t" in line else _bars(line.strip(), first, last) for line in bars]
    rows = [[cell for cell in row if not PAGE.fullmatch(cell)] for number, row in enumerate(cells) if not (piped and _is_rule(row, number))]
    if _half_framed(bars) or any(_holds_row(cell) for row in rows for cell in row):
        return []
    if not piped:
        return rows
    if len(piped) == len(rows) == len(lines) and not (first and last) and (not _has_value(rows) or _shared(rows)):
        return []
    return _joined(rows) if len(piped) < len(lines) or (len(rows) > 1 and max(map(len, rows)) > 1) else []


def _half_framed(lines: list[str]) -> bool:
    """Some rows have a pipe before their first cell and others have none: which column a cell stands in cannot be told by counting pipes.

    Nor need there be a frame: an empty first cell begins a row with its pipe. But then the pipe stands as all others do, between spaces,
    unless these were cut off both ends of every line.
    """
    framed, bare = [line for line in lines if line.startswith("|")], [line for line in lines if not line.startswith("|")]
    if not framed or not any(" | " in line for line in bare) or any("\t" in line for line in lines):
        return False
    return any(map(TIGHT.match, framed)) or any(line != line.strip() for line in lines)


def _tabs(line: str) -> list[str]:
    """Cells between tabs; where a single cell holds the row's values between pipes, these."""
    cells: list[str] = []
    for text in line.rstrip(" |").split("\t", MAX_COLUMNS):  # a grid has no more
        parts = [clean(part) for part in text.split("|")]
        inside = len(parts) > 1 and all(map(is_value, parts)) and _has_number([parts])
        cells.extend(parts if inside else [clean(text)])
    return cells


def _bars(line: str, first: bool, last: bool) -> list[str]:
    """Cells between pipes. Only where every line begins with one does it stand before the first cell, and so at the end."""
    cells = PIPE.split(line)[1 if first else 0 : -1 if last else None]
    return [clean(MARKUP.sub(_unmarked, cell)) for cell in cells]


def _unmarked(mark: re.Match[str]) -> str:
    return " " if mark[0] == "&nbsp;" else ""


def _is_rule(row: list[str], number: int) -> bool:
    """``|---|``: three dashes, or fewer under the first row; one dash elsewhere is how a table prints an empty cell."""
    return bool(row) and all(map(RULE.fullmatch, row)) and (number == 1 or any("---" in cell for cell in row))


def _joined(rows: list[list[str]]) -> list[list[str]]:
    """Rows, a line without words added to the row above where that was too long for its line: it has its label, or both fill the table."""
    made: list[list[str]] = []
    widest = max(map(len, rows))
    for row in rows:
        above = {parse(cell).kind for cell in made[-1]} if made else set()
        begun = "words" in above or (made and len(made[-1]) + len(row) == widest)
        if "number" in above and begun and _has_number([row]) and all(map(is_value, row)):
            made[-1].extend(row)
        else:
            made.append(row)
    return made


def _shared(rows: list[list[str]]) -> bool:
    """A label and its first value share a cell, the next value has its own (``规章 1100 | 0``): spaces tell cells here as well."""
    for row, below in pairwise([*rows, []]):
        cells = [cell for cell in row if cell] + [cell for cell in below if cell]
        if any(is_value(after) and not is_value(cell) and is_value(cell.rpartition(" ")[2] or "x") for cell, after in pairwise(cells)):
            return True
    return False


def _holds_row(cell: str) -> bool:
    """A row of its own stands in the cell, with spaces between its values: a label and three of them, or more."""
    values = [is_value(word) for word in cell.replace("|", " ").split()]
    return not all(values) and any(all(three) for three in zip(values, values[1:], values[2:], strict=False))


def _has_value(rows: list[list[str]]) -> bool:
    return any(is_value(cell) for row in rows for cell in row)


def _has_number(rows: list[list[str]]) -> bool:
    return any(parse(cell).kind == "number" for row in rows for cell in row)
