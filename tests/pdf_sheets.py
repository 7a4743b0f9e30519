"""What the tests of PDF share: small sheets drawn by hand, and what is read from them."""

from __future__ import annotations

import pypdfium2

from benchmarks.documents.handmade import Sheet
from harvester import readers
from harvester.items import Cell
from harvester.readers.pages import Page
from harvester.readers.pdf_page import sheet


def texts(body: bytes) -> list[str]:
    """What the blocks say, a table's rows with a bar between cells."""
    return [text for block in readers.read(body).blocks for text in ([block.text] if block.grid is None else rows(block.grid.rows))]


def rows(grid: list[list[Cell]]) -> list[str]:
    return [
        "|".join(cell.text if (cell.row, cell.column) == (at, column) else "^" for column, cell in enumerate(row))
        for at, row in enumerate(grid)
    ]


def laid_out(body: bytes) -> list[Page]:
    file = pypdfium2.PdfDocument(body)
    return [sheet(page).page for page in file]


def table(*lines: str, across: float = 60, down: float = 20, write: bool = True) -> Sheet:
    """A ruled table of these rows, cells parted by bars."""
    made = Sheet()
    cells = [line.split("|") for line in lines]
    for row, texts_ in enumerate(cells):
        for column, text in enumerate(texts_):
            made.frame(50 + across * column, 50 + down * row, 50 + across * (column + 1), 50 + down * (row + 1))
            if write and text:
                made.text(53 + across * column, 64 + down * row, text)
    return made


def prose(*lines: str, x: float = 50, size: float = 12) -> Sheet:
    made = Sheet()
    for number, line in enumerate(lines):
        made.text(x, 60 + 20 * number, line, size)
    return made


FULL = "本机关认真贯彻落实条例要求坚持以公开为常态平稳有序推进各项工作着力提升水平"
