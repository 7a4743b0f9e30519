"""The tables of a page for the second reader: BeautifulSoup's tree of html.parser, or the tabbed lines of flattened text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from bs4 import BeautifulSoup, NavigableString, ParserRejectedMarkup, Tag

MAX_BYTES = 4_000_000  # nearly every report is below 300 KB
MAX_TAGS = 60_000  # html.parser takes a second for these; a long report has 15,000 of them
MAX_SPAN = 100
MAX_COLUMNS = 300
MARKUP = re.compile(r"<(?:!doctype|html|head|body|table|div|span|p|td)[\s>]", re.IGNORECASE)
UNSEEN = frozenset(("script", "style", "noscript", "template"))
BLOCKS = frozenset(("p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "center", "pre"))
BESIDE = ("sup", "sub", "del", "s", "strike")  # what stands beside a number, or was struck out
HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)


class Cell(NamedTuple):
    """A cell where it begins: its text, grid columns ``column`` to ``end`` (exclusive). ``odd``: the text may not be all it shows."""

    text: str
    column: int
    end: int
    odd: bool = False


@dataclass(slots=True)
class Table:
    """Rows of the cells that begin in them. ``number`` counts the page's tables from 0; ``spans``: columns are to be believed."""

    number: int
    spans: bool
    lines: list[list[Cell]] = field(default_factory=list)


def tables(body: bytes) -> list[Table]:
    """The innermost tables of the page in order; none of a page that is too large for this reader or that html.parser refuses."""
    if len(body) > MAX_BYTES or body.count(b"<") > MAX_TAGS:
        return []
    content = decoded(body)
    if not MARKUP.search(content):
        return list(_tabbed(content))
    try:
        soup = BeautifulSoup(content, "html.parser")
    except ParserRejectedMarkup:
        return []
    innermost = (tag for tag in soup.find_all("table") if tag.find("table") is None)
    return [_table(number, tag) for number, tag in enumerate(innermost) if tag.find_parent(list(UNSEEN)) is None]


def decoded(body: bytes) -> str:
    """Text of the bytes: UTF-16 by its mark, else UTF-8, else GB18030; what is neither has U+FFFD where it is broken."""
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return body.decode("utf-16", "replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        texts = [body.decode(name, "replace") for name in ("gb18030", "utf-8")]
        return min(texts, key=lambda text: text.count("\ufffd"))


def _tabbed(content: str) -> Iterator[Table]:
    table = Table(0, spans=False)
    for line in [*re.split(r"\r\n|\r|\n", content), ""]:
        if "\t" in line:
            table.lines.append([Cell(text.strip(), column, column + 1) for column, text in enumerate(line.split("\t"))])
        elif table.lines:
            yield table
            table = Table(table.number + 1, spans=False)


def _table(number: int, tag: Tag) -> Table:
    """The rows of a table that holds no other. Cells and rows that are never closed begin and end like closed ones."""
    table, busy = Table(number, spans=True), dict[int, int]()  # busy: grid column -> rows that a cell from above still covers
    for sources in _rows(tag):
        table.lines.append(_line(sources, busy))
    return table


def _rows(table: Tag) -> Iterator[list[Tag]]:
    row: list[Tag] = []
    for tag in table.find_all(("tr", "td", "th")):
        if tag.name != "tr":
            row.append(tag)
        elif row:
            yield row
            row = []
    if row:
        yield row


def _line(sources: list[Tag], busy: dict[int, int]) -> list[Cell]:
    line: list[Cell] = []
    taken = {column for column, rows in busy.items() if rows > 0}
    for column in taken:
        busy[column] -= 1
    column = 0
    for tag in sources:
        while column in taken:
            column += 1
        if column > MAX_COLUMNS:
            break
        end = column + _count(tag, "colspan")
        busy.update(dict.fromkeys(range(column, end), _count(tag, "rowspan") - 1))
        line.append(Cell(_text(tag), column, end, _odd(tag)))
        column = end
    return line


def _count(tag: Tag, name: str) -> int:
    found = re.match(r"\s*(\d{1,3})", str(tag.get(name) or ""))
    return min(int(found[1]) or 1, MAX_SPAN) if found else 1


def _odd(tag: Tag) -> bool:
    return tag.find(BESIDE) is not None or tag.find(style=HIDDEN) is not None


def _text(cell: Tag) -> str:
    """The cell's own text, a line break where another block or line begins."""
    parts: list[str] = []
    last: Tag | None = cell
    for node in cell.descendants:
        if isinstance(node, Tag):
            if node.name in ("td", "th", "tr"):  # this cell was never closed: another one begins
                break
            if node.name == "br":
                parts.append("\n")
        elif type(node) is NavigableString:
            block = _block(node, cell)
            if block is not None:
                parts.append("\n" if block is not last else "")
                parts.append(node)
                last = block
    return "".join(parts).strip()


def _block(node: NavigableString, cell: Tag) -> Tag | None:
    """The nearest block that the string stands in, None for a string that is not shown."""
    for parent in node.parents:
        if parent.name in UNSEEN:
            return None
        if parent is cell or parent.name in BLOCKS:
            return parent
    return cell
