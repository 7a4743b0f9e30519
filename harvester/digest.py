"""The text worth keeping of a document, its canonical form, and the hash that names a report."""

from __future__ import annotations

import hashlib
import re

from harvester.items import Block, Document, Grid

# Editors swap full-width and half-width signs when a page is saved again; neither is content.
FOLDED = tuple(zip("（）：；，？！％＋－／．“”‘’０１２３４５６７８９", "():;,?!%+-/.\"\"''0123456789", strict=True))
MARKS = re.compile(r"^#{1,6} ", re.MULTILINE)
BLANKS = re.compile(r"[ \u00a0\u3000\r\f\v]+")


def clean_text(document: Document, title: str = "") -> str:
    """Corpus text: the title as a heading, then headings (``## ``), paragraphs and tab-separated tables, a blank line between blocks.

    Blocks at the head of the document that only repeat the title (or a part of it, when it was printed over two lines) are not said twice.
    """
    blocks = document.blocks[_title_blocks(document.blocks, title) :] if title else document.blocks
    parts = [f"# {title}"] if title else []
    parts += [_lines(block.grid) if block.grid else f"{'#' * block.level} {block.text}".strip() for block in blocks]
    return "\n\n".join(parts) + "\n"


def canonical(text: str) -> str:
    """``text`` without what markup and editors vary: heading marks, spaces, width of punctuation and digits; cells stay apart by tabs."""
    folded = BLANKS.sub("", MARKS.sub("", text))
    for wide, narrow in FOLDED:
        folded = folded.replace(wide, narrow)
    return re.sub(r"\n{2,}", "\n", re.sub(r"\t+\n", "\n", folded)).strip()


def text_sha256(text: str) -> str:
    """SHA-256 (64 hex digits) of the canonical form of ``text``."""
    return hashlib.sha256(canonical(text).encode()).hexdigest()


def report_id(sha256: str) -> str:
    """The id of a report first read with this canonical hash: 16 hex digits."""
    return sha256[:16]


def _title_blocks(blocks: list[Block], title: str) -> int:
    rest, count = canonical(title), 0
    while count < len(blocks) and rest and not blocks[count].grid:
        head = canonical(blocks[count].text)
        if not head or not (rest.startswith(head) or head == canonical(title)):
            break
        rest, count = rest[len(head) :] if rest.startswith(head) else "", count + 1
    return count


def _lines(grid: Grid) -> str:
    """A row a line; a cell that spans others is printed once, where it begins."""
    return "\n".join(
        "\t".join(cell.text if cell.row == number and cell.column == column else "" for column, cell in enumerate(row))
        for number, row in enumerate(grid.rows)
    )
