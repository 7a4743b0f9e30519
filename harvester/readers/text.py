"""Flattened text: one block a line, table rows as tab-separated cells; the layout of the corpus this project reads and writes."""

from __future__ import annotations

import re

from harvester.grid import from_lines
from harvester.items import Block, Document
from harvester.readers.blocks import clean, headed

NEWLINE = re.compile(r"\r\n|\r|\n")  # str.splitlines would also break at form feeds inside a cell
HEADING = re.compile(r"^(#{1,6})\s+(.*)$")
EMPHASIS = re.compile(r"\*\*(.+?)\*\*")


def read(content: str) -> Document:
    """Document of flattened text; a run of lines with tabs is one table, a blank line ends it."""
    blocks: list[Block] = []
    rows: list[list[str]] = []
    tables = 0
    for line in [*NEWLINE.split(content), ""]:
        if "\t" in line:
            rows.append([clean(cell) for cell in line.split("\t")])
            continue
        if rows:
            blocks.append(Block(grid=from_lines(tables, rows)))
            tables, rows = tables + 1, []
        if block := _line(line):
            blocks.append(block)
    return Document(blocks, format="text")


def _line(line: str) -> Block | None:
    content = clean(EMPHASIS.sub(r"\1", line))
    if not content:
        return None
    heading = HEADING.match(content)
    return Block(heading[2], len(heading[1])) if heading else headed(content)
