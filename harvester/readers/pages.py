"""Pages of characters and ruling lines, from whatever format -> headings, paragraphs and tables in reading order, over page breaks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import NamedTuple

from harvester.items import Block
from harvester.readers import furniture, printed, ruled
from harvester.readers.blocks import clean, headed
from harvester.readers.gutters import in_reading_order
from harvester.readers.printed import Line, Piece
from harvester.readers.ruled import Segment, Span, Table
from harvester.readers.spanning import Part, grid_of

SLACK = 0.35  # of a character: nearer lines are one
HAIR = 0.04  # of a character: digits on both sides of a line that keep this distance are two numbers
LEADING = 1.6  # characters: what keeps a greater distance is another paragraph
SHORT = 12  # characters: of lines that are all as short none is full
INDENT = "\u3000"  # with which a paragraph begins
LARGE = 1.2  # of the usual character: the type of a title
TITLE_BLOCKS = 3  # the title stands among the first ones
FRAMED = 3  # lines in a frame: more are a text with a border around it


@dataclass(slots=True)
class Page:
    """One page: its size, its text in pieces (a character, or a run of them, as they follow each other in print) and the lines drawn on it.

    y grows downwards, any unit. ``shades``: edges of filled areas, and white lines; where a table has no others, they are its lines.
    """

    width: float
    height: float
    pieces: list[Piece] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    shades: list[Segment] = field(default_factory=list)


MISSING = Page(595, 842)  # stands for a page that cannot be read: nothing goes on over it


class Margins(NamedTuple):
    """Where the lines of running text begin and end on one side of the pages, and how high characters are on all."""

    left: float
    right: float
    size: float


Item = Line | Part


def blocks(pages: Iterable[Page]) -> list[Block]:
    """The blocks of a document. A table that goes on over a page break is one; page numbers and running heads are left out."""
    laid = furniture.without(_laid(number, page) for number, page in enumerate(furniture.unnumbered(list(pages))))
    flat = [item for items in laid for item in items]
    return list(_blocks(flat, {side: _margins(flat, side) for side in (0, 1, 2)}))


def _margins(items: Sequence[Item], side: int) -> Margins:
    lines = [item for item in items if isinstance(item, Line) and item.side == side]
    ends = [line.x1 for line in lines] + [item.box.x1 for item in items if isinstance(item, Part) and not side]
    sizes = [item.size for item in items if isinstance(item, Line) for _ in item.text]
    size = median(sizes) if sizes else 0
    return Margins(min((line.x0 for line in lines), default=0), max(ends, default=0), size)


def size_of(pieces: Sequence[Piece]) -> float:
    """Height of the usual character of a page; 0 for one without text."""
    return median([piece.bottom - piece.top for piece in pieces]) if pieces else 0


def _laid(number: int, page: Page) -> list[Item]:
    """Text and tables of a page in reading order."""
    slack = SLACK * (size_of(page.pieces) or page.height / 80)
    tables = _tables(page, slack)
    inside: list[dict[int, list[Piece]]] = [{} for _ in tables]
    outside: list[Piece] = []
    for run in printed.runs(page.pieces) if tables else ():
        for part in _parted(run, tables):
            at, cell = _cell(tables, part)
            (outside if cell is None else inside[at].setdefault(cell, [])).extend(part)
    parts = [Part.of(number, table, cells, slack) for table, cells in zip(tables, inside, strict=True) if cells]
    return in_reading_order(outside if tables else page.pieces, parts)


def _tables(page: Page, slack: float) -> list[Table]:
    """The tables, the innermost first; shades draw those that lines do not, or more of them."""
    drawn = ruled.tables(page.segments, slack)
    shaded = ruled.tables([*page.segments, *page.shades], slack) if page.shades else []
    for table in shaded:
        same = [other for other in drawn if _overlap(table, other)]
        if len(same) < 2 and all(_refines(table, other, slack) for other in same) and _is_grid(table, page):
            drawn = [other for other in drawn if other not in same] + [table]
    framing = (table for table in drawn if not (len(table.xs) == 2 and any(len(rows) > FRAMED for _, rows in _held(table, page))))
    return sorted(framing, key=lambda table: (table.xs[-1] - table.xs[0]) * (table.ys[-1] - table.ys[0]))


def _overlap(one: Table, other: Table) -> bool:
    return one.xs[0] < other.xs[-1] and other.xs[0] < one.xs[-1] and one.ys[0] < other.ys[-1] and other.ys[0] < one.ys[-1]


def _refines(shaded: Table, drawn: Table, slack: float) -> bool:
    """Whether the shades only add rows to what is drawn: no line of theirs runs through it."""
    inner = [y for y in shaded.ys if drawn.ys[0] - slack <= y <= drawn.ys[-1] + slack]
    return len(inner) == len(drawn.ys) and len(shaded.xs) == len(drawn.xs) and len(shaded.ys) > len(drawn.ys)


def _is_grid(table: Table, page: Page) -> bool:
    """Whether shades are the cells of a table: a line between two columns passes several rows, which the marker behind the words of a text
    does not, and no row is left without its lines, as where every other one is striped."""
    passing = any(sum((at, row) in table.sides for row in range(len(table.ys) - 1)) > 1 for at in range(1, len(table.xs) - 1))
    return passing and not any(
        span.last_column > span.column and printed.line(row).cells > 2 for span, rows in _held(table, page) for row in rows
    )


def _held(table: Table, page: Page) -> Iterator[tuple[Span, list[list[Piece]]]]:
    """The cells that hold text, each with its lines."""
    inside: dict[int, list[Piece]] = {}
    for piece in page.pieces:
        cell = None if piece.text.isspace() else table.find((piece.x0 + piece.x1) / 2, (piece.top + piece.bottom) / 2)
        if cell is not None:
            inside.setdefault(cell, []).append(piece)
    yield from ((table.cells[cell], list(printed.rows(pieces))) for cell, pieces in inside.items())


def _cell(tables: Sequence[Table], run: Sequence[Piece]) -> tuple[int, int | None]:
    """Number of the table and of its cell that the middle of a run stands in."""
    x, y = (run[0].x0 + run[-1].x1) / 2, (run[0].top + run[0].bottom) / 2
    return next(((at, cell) for at, table in enumerate(tables) if (cell := table.find(x, y)) is not None), (0, None))


def _parted(run: list[Piece], tables: Sequence[Table]) -> Iterator[list[Piece]]:
    """The run, cut where a line passes between two of its characters without touching them."""
    if len(run) == 1 or _cell(tables, run[:1]) == _cell(tables, run[-1:]):
        yield run
        return
    begin = 0
    for end in range(1, len(run)):
        before, after = run[end - 1], run[end]
        apart = after.x0 - before.x1 > HAIR * (after.bottom - after.top)
        if apart and _cell(tables, [before]) != _cell(tables, [after]):
            yield run[begin:end]
            begin = end
    yield run[begin:]


def _blocks(items: Sequence[Item], margins: Mapping[int, Margins]) -> Iterator[Block]:
    paragraph: list[Line] = []
    table: list[Part] = []
    count = made = 0
    for item in [*items, None]:
        if paragraph and not (isinstance(item, Line) and _goes_on(paragraph[-1], item, margins[item.side])):
            yield _paragraph(paragraph, margins[0], first=made < TITLE_BLOCKS)
            paragraph, made = [], made + 1
        if table and not (isinstance(item, Part) and item.continues(table[-1])):
            if all(part.narrow for part in table):
                yield from (headed(said.text) for part in table for said in part.cells if said.text)
            else:
                yield Block(grid=grid_of(count, table))
                count += 1
            table, made = [], made + 1
        if isinstance(item, Line):
            paragraph.append(item)
        elif item:
            table.append(item)


def _paragraph(lines: Sequence[Line], margins: Margins, first: bool) -> Block:
    text = clean(printed.joined([line.text for line in lines]))
    return Block(text, 1) if first and lines[0].size > LARGE * margins.size else headed(text)


def _goes_on(line: Line, after: Line, margins: Margins) -> bool:
    """Whether ``after`` is the next line of a paragraph: this one reaches the right margin and that one begins at the left; or both are
    lines of one title, centred or in large type."""
    size = line.size
    if (
        abs(after.size - size) > 0.2 * size
        or max(line.cells, after.cells) > 2
        or headed(clean(after.text)).level
        or after.text.startswith(INDENT)
    ):
        return False
    same_page = after.top > line.top
    if same_page and after.top - line.bottom > LEADING * size:
        return False
    full = line.x1 > margins.right - 2.2 * size > margins.left + SHORT * size and after.x0 < margins.left + size
    middle = (margins.left + margins.right) / 2
    centred = all(abs((one.x0 + one.x1) / 2 - middle) < size and one.x0 > margins.left + 2 * size for one in (line, after))
    title = centred or size > LARGE * margins.size
    return full or (same_page and title and not re.search(r"[。；：:]$", line.text))
