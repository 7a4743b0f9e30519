"""Flattened text: one block a line, table rows as cells between tabs or pipes; the layout of the corpus this project reads and writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from harvester.grid import MAX_COLUMNS, from_lines
from harvester.items import Block, Document
from harvester.outline import is_title
from harvester.readers.blocks import clean, headed
from harvester.values import parse

NEWLINE = re.compile(r"\r\n|\r|\n")  # str.splitlines would also break at form feeds inside a cell
HEADING = re.compile(r"^(#{1,6})\s+(.*)$")
ONE_LINE = 1000  # characters; a paragraph of a report can be as long, and has no three section titles in it
TITLED = re.compile(r"(?<=\s)[一二三四五六七八][、.．]\s?([^\s，。；]{4,40})(?=\s)")
EMPHASIS = re.compile(r"\*\*(.+?)\*\*")
BARS = str.maketrans("｜│┃║", "||||")  # full-width, and the bars of tables that a text browser draws
DRAWN = re.compile(r"[+┌┬├┼└┴╔╦╠╬╚╩][-+=|:\s─━═┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝]{2,}")  # the line between two rows of such a table
RULE = re.compile(r":?-+:?")  # a cell of the row that markdown sets under a header
MARKUP = re.compile(r"&nbsp;|<br\s*/?>|\*\*|__|\\(?=\|)")
PIPE = re.compile(r"(?<!\\)\|")


def read(content: str) -> Document:
    """Document of flattened text: a run of lines with tabs or pipes is one table, a blank line ends it.

    Where each row of pipes stands between blank lines, these do not end the table. Lines with pipes that are no rows (a menu, the path to
    this page) stay paragraphs.
    """
    blocks: list[Block] = []
    run: list[str] = []
    tables = 0
    for line in [*NEWLINE.split(content), "", ""]:
        if run and not _goes_on(run, line):
            for lines in _tables(run):
                rows = _rows(lines)
                blocks.extend([Block(grid=from_lines(tables, rows))] if rows else filter(None, map(_line, lines)))
                tables += bool(rows)
            run = []
        if run or _is_row(line):
            run.append(line)
        else:
            blocks.extend(filter(None, map(_line, _cut(line))))
    return Document(blocks, format="text")


def _line(line: str) -> Block | None:
    content = clean(EMPHASIS.sub(r"\1", line))
    if not content:
        return None
    heading = HEADING.match(content)
    return Block(heading[2], len(heading[1])) if heading else headed(content)


def _cut(line: str) -> list[str]:
    """A page that came as one line, cut at its section titles: an index keeps the words and drops the breaks."""
    if len(line) < ONE_LINE:
        return [line]
    titles = [match.span() for match in TITLED.finditer(line) if is_title(match[1])]
    if len(titles) < 3:
        return [line]
    edges = [0, *(edge for span in titles for edge in span), len(line)]
    return [line[start:end] for start, end in pairwise(edges)]


def _is_row(line: str) -> bool:
    return "\t" in line or "|" in line.translate(BARS) or DRAWN.fullmatch(line.strip()) is not None


def _goes_on(run: list[str], line: str) -> bool:
    """Whether the line belongs to the run of rows: another row, or the first blank line after a row of pipes."""
    if line.strip() or "\t" in line:
        return _is_row(line) and not ("\t" in line and not run[-1])
    return bool(run[-1]) and not any("\t" in row for row in run)


def _tables(run: list[str]) -> Iterator[list[str]]:
    """The lines of a run as those of one table when every row stands alone between blank lines, else cut at the blank lines."""
    lines = [line if "\t" in line else line.strip() for line in run]
    parts = [part.split("\n") for part in "\n".join(lines).strip("\n").split("\n\n")]
    if all(len(part) == 1 for part in parts):
        parts = [[line for part in parts for line in part]]
    yield from parts


def _rows(lines: list[str]) -> list[list[str]]:
    """Cells of the lines; none when they are no table: lines with pipes must be framed by them, ruled, or hold a value."""
    if all("\t" in line for line in lines):
        return [_tabs(line) for line in lines]
    bars = [line.translate(BARS) for line in lines if "\t" in line or not DRAWN.fullmatch(line)]
    piped = [line for line in bars if "\t" not in line]
    first, last = (all(line.startswith("|") for line in piped), all(line.endswith("|") for line in piped))
    cells = [_tabs(line) if "\t" in line else _bars(line, first, last) for line in bars]
    rows = [row for number, row in enumerate(cells) if not _is_rule(row, number)]
    if len(piped) == len(rows) == len(lines) and not (first and last) and not _has_value(rows):
        return []
    return _joined(rows) if len(piped) < len(lines) or (len(rows) > 1 and max(map(len, rows)) > 1) else []


def _tabs(line: str) -> list[str]:
    """Cells between tabs; where a single cell holds the row's values between pipes, these."""
    cells: list[str] = []
    for text in line.split("\t", MAX_COLUMNS):  # a grid has no more
        parts = [clean(part) for part in text.split("|")]
        inside = len(parts) > 1 and all(parse(part).kind != "words" for part in parts) and _has_number([parts])
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
    """Rows, a line without words added to the row above when that one has its label and some values: its line was too long."""
    made: list[list[str]] = []
    for row in rows:
        above = {parse(cell).kind for cell in made[-1]} if made else set()
        if {"words", "number"} <= above and _has_number([row]) and all(parse(cell).kind != "words" for cell in row):
            made[-1].extend(row)
        else:
            made.append(row)
    return made


def _has_value(rows: list[list[str]]) -> bool:
    return any(parse(cell).kind != "words" for row in rows for cell in row)


def _has_number(rows: list[list[str]]) -> bool:
    return any(parse(cell).kind == "number" for row in rows for cell in row)
