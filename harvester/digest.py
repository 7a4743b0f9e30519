"""The text worth keeping of a document, its canonical form, and the hash that names a report."""

from __future__ import annotations

import hashlib
import re

from harvester.items import Block, Document, Grid

# Editors swap full-width and half-width signs when a page is saved again; neither is content.
FOLDED = tuple(zip("（）〔〕［］：；，？！％＋－—–―／．～“”‘’•０１２３４５６７８９", "()[][]:;,?!%+----/.~\"\"''·0123456789", strict=True))
BLANKS = " \u00a0\u3000\r\f\v"
SIGNS = (*FOLDED, *((blank, "") for blank in BLANKS))
MARKS = re.compile(r"^#{1,6} ", re.MULTILINE)


def clean_text(document: Document, title: str = "") -> str:
    """Corpus text: the title as a heading, then headings (``## ``), paragraphs and tab-separated tables, a blank line between blocks.

    Blocks at the head of the document that only repeat the title (or a part of it, when it was printed over two lines) are not said twice.
    """
    blocks = document.blocks[_title_blocks(document.blocks, title) :] if title else document.blocks
    parts = [f"# {title}"] if title else []
    parts += [_lines(block.grid) if block.grid else f"{'#' * block.level} {block.text}".strip() for block in blocks]
    return "\n\n".join(parts) + "\n"


def canonical(text: str) -> str:
    """``text`` without what markup and editors vary: heading marks, spaces, where lines and paragraphs break, width of signs and digits.

    The cells of tables stay apart by tabs, their rows by line feeds.
    """
    folded = MARKS.sub("", text)
    for sign, plain in SIGNS:  # a replace that finds nothing takes a hundredth of a pattern's time
        folded = folded.replace(sign, plain)
    lines = (line.rstrip("\t") for line in folded.split("\n"))
    return "".join([f"\n{line}\n" if "\t" in line else line for line in lines]).replace("\n\n", "\n").strip("\n")


def text_sha256(text: str) -> str:
    """SHA-256 (64 hex digits) of the canonical form of ``text``."""
    return hashlib.sha256(canonical(text).encode()).hexdigest()


def report_id(sha256: str) -> str:
    """The id of a report first read with this canonical hash: 16 hex digits."""
    return sha256[:16]


def _title_blocks(blocks: list[Block], title: str) -> int:
    """How many blocks at the head say no more than the title, whole or over several lines, once or twice (the CMS's and the author's)."""
    whole, count = canonical(title), 0
    while spelled := _spelled(blocks[count:], whole):
        count += spelled
    return count


def _spelled(blocks: list[Block], whole: str) -> int:
    """How many of the first blocks spell ``whole``; a beginning of it counts, as far as it goes."""
    rest, count = whole, 0
    for block in blocks:
        head = canonical(block.text)
        if block.grid or not head or not rest.startswith(head):
            break
        rest, count = rest[len(head) :], count + 1
    return count


def _lines(grid: Grid) -> str:
    """A row a line; a cell that spans others is printed once, where it begins."""
    return "\n".join(
        "\t".join([text if at == number and begins == column else "" for column, (text, at, begins) in enumerate(row)])
        for number, row in enumerate(grid.rows)
    )
