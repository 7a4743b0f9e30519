"""Tables of an HTML page: which hold data and which only the layout, and what each of their cells says and covers."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from harvester.grid import Source
from harvester.readers.blocks import clean

INLINE = frozenset(
    "a abbr b bdi bdo big cite code del em font i ins label mark o:p q s small span strike strong sub sup tt u var".split()  # noqa: SIM905
)
APART = frozenset(("sup", "sub", "del", "s", "strike"))  # in a cell these stand beside its number
CUT = "\x1e"  # record separator: between the pieces of text an element holds
DIGIT = re.compile(r"\d")
SPAN = re.compile(r"\s*(\d{1,4})")
SPANNING = "[rowspan], [colspan]"
ONE_BY_ONE = (1, 1)
MAX_DEPTH = 200  # nested layout tables of real portals stay below 40; deeper is hostile
LONG = 300  # no cell of a form says as much; one that does, in several lines, is a part of the page
VALUE = 24  # a number with its unit, or a label of the header


def rows_of(table: LexborNode, nested: bool = True) -> list[list[Source]] | None:
    """Rows of a data table, None for a layout table: one that holds a table or a text of several lines, or is a single column.

    ``nested``: whether any table of the page holds another.
    """
    inner = [other for other in table.css("table") if other.mem_id != table.mem_id] if nested else []
    flat = _flattened(inner)
    if flat is None:
        return None
    spans = {cell.mem_id: _spans(cell) for cell in table.css(SPANNING)}
    within = {row.mem_id for other in inner for row in other.css("tr")}
    rows = [_row(row, spans, flat) for row in table.css("tr") if not within or row.mem_id not in within]
    if max(map(len, rows), default=0) < 2 or (max([len(entry[0]) for row in rows for entry in row]) > LONG and _is_page(table)):
        return None
    return rows


def _row(row: LexborNode, spans: dict[int, tuple[int, int]], flat: dict[int, list[str]]) -> list[Source]:
    cells = [cell for cell in row.iter() if cell.is_element_node]  # a comment between two cells is none
    if not flat:
        return [
            (text if (text := cell.text(True, CUT)).isalnum() else _cleaned(cell, text), *spans.get(cell.mem_id, ONE_BY_ONE))
            for cell in cells
        ]
    found: list[Source] = []
    for cell in cells:
        rowspan, colspan = spans.get(cell.mem_id, ONE_BY_ONE)
        *firsts, last = flat.get(cell.mem_id) or [_cell(cell)]
        found += [(text, rowspan, 1) for text in firsts]
        found.append((last, rowspan, max(colspan - len(firsts), 1)))
    return found


def _flattened(inner: list[LexborNode]) -> dict[int, list[str]] | None:
    """Cells that hold nothing but a table of one row of values, and these values: a way to split a cell. None: any other table."""
    flat: dict[int, list[str]] = {}
    for table in inner:
        rows, cell = table.css("tr"), table.parent
        texts = [_cell(value) for value in rows[0].iter() if value.is_element_node] if len(rows) == 1 else []
        while cell is not None and cell.tag not in ("td", "th", "body"):
            cell = cell.parent
        if not texts or cell is None or max(map(len, texts)) > VALUE or clean(cell.text()) != clean(table.text()):
            return None
        flat[cell.mem_id] = texts
    return flat


def _is_page(table: LexborNode) -> bool:
    """Whether one of the cells is a column of the page: many words in several lines."""
    cells = (cell for cell in table.css("td, th") if len(cell.text()) > LONG)
    return any(len(cell.css("p, div, br, h1, h2, h3, li")) > 2 for cell in cells)


def _cell(cell: LexborNode) -> str:
    """Text of a cell. Editors cut one number into several spans; another line, a footnote mark or struck digits are not part of it."""
    return _cleaned(cell, cell.text(True, CUT))


def _cleaned(cell: LexborNode, text: str) -> str:
    """``text``, the pieces that ``cell`` holds, as the text of the cell."""
    if " " not in text and text.isprintable():  # nothing to clean, as in most cells: no other space is printable
        return text
    if CUT not in text:
        return clean(text)
    pieces = text.split(CUT)
    if sum(1 for piece in pieces if DIGIT.search(piece)) < 2:
        return clean("".join(pieces))
    parts: list[str] = []
    _collect(cell, parts, 0)
    return clean("".join(parts))


def _collect(node: LexborNode, parts: list[str], depth: int) -> None:
    """The pieces of a cell's text, a space between those that do not run on."""
    child = node.child
    while child is not None:
        tag = child.tag
        if tag == "-text":
            parts.append(child.text_content or "")
        elif depth >= MAX_DEPTH:
            parts.append(child.text())
        else:
            apart = "" if tag in INLINE and tag not in APART else " "
            parts.append(apart)
            _collect(child, parts, depth + 1)
            parts.append(apart)
        child = child.next


def _spans(cell: LexborNode) -> tuple[int, int]:
    attrs = cell.attributes
    return _span(attrs.get("rowspan")), _span(attrs.get("colspan"))


def _span(value: str | None) -> int:
    if not value or value == "1":
        return 1
    digits = SPAN.match(value)
    return int(digits[1]) or 1 if digits else 1
