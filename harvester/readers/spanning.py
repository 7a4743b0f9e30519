"""The pieces of one table on several pages -> its grid: each cell where it stands, rows that a page break cut as one row again."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from harvester.grid import MAX_COLUMNS, MAX_ROWS
from harvester.items import Cell, Grid
from harvester.readers.blocks import clean
from harvester.readers.printed import Piece, cell_text, is_broken, joined, lines, spacing
from harvester.readers.ruled import Box, Span, Table
from harvester.spelling import NUMBERING, fold
from harvester.values import is_value

DIGIT = re.compile(r"^\d")
STACKED = re.compile(r"[\d.,，．]+(?: [\d.,，．]+)+")  # several numbers in a cell


@dataclass(slots=True, eq=False)
class Said:
    """A cell: its place, what it says, and whether the line above or below it is missing at the edge of its part of the table.

    ``broken``: its lines of digits may be one number that was too wide for it.
    """

    box: Box
    text: str
    from_above: bool = False
    goes_on: bool = False
    broken: bool = False


@dataclass(slots=True)
class Part:
    """A ruled table on one page (counted from 0): its cells from top to bottom. ``slack``: nearer lines are one."""

    page: int
    cells: list[Said]
    slack: float
    box: Box
    headless: bool = field(default=False)  # its first rows repeated the table's header and were left out

    @classmethod
    def of(cls, page: int, table: Table, inside: Mapping[int, list[Piece]], slack: float) -> Part:
        """The table with the pieces that stand in each of its cells."""
        spaced, seams, cells = spacing(inside.values()), _seams(table, inside), list[Said]()
        for at, span in enumerate(table.cells):
            if at in inside or not table.is_outside(span):
                cells += _told(table, span, inside.get(at, []), spaced, seams)
        _mend(cells, slack)
        return cls(page, cells, slack, Box(table.xs[0], table.ys[0], table.xs[-1], table.ys[-1]))

    @property
    def top(self) -> float:
        """Where the table begins on its page."""
        return self.box.top

    @property
    def bottom(self) -> float:
        """Where it ends."""
        return self.box.bottom

    @property
    def narrow(self) -> bool:
        """A single column: a frame around some lines, unless a table goes on above or below."""
        return all(said.box.x1 - said.box.x0 > 0.9 * (self.box.x1 - self.box.x0) for said in self.cells)

    def continues(self, before: Part) -> bool:
        """Whether the table goes on with this part after a page break: the next page begins with it, and it is as wide."""
        wide, was = self.box.x1 - self.box.x0, before.box.x1 - before.box.x0
        return self.page == before.page + 1 and abs(wide - was) < 3 * max(self.slack, before.slack)


def _told(table: Table, span: Span, pieces: list[Piece], spaced: float, seams: Mapping[int, float]) -> Iterator[Said]:
    """A cell; where a line is missing between numbers or labels, each of them in the place where it stands."""
    last = len(table.ys) - 1
    for part, own in _apart(table, span, pieces, spaced) if pieces and span[:2] != span[2:] else [(span, pieces)]:
        box, seam = table.box(part), seams.get(part.row) if part.row == part.last_row else None
        above = part.row == 0 and table.open_at(0, part)
        below = part.last_row + 1 == last and table.open_at(last, part)
        if seam is None:
            whole = part.row == part.last_row and is_broken(own, box.x1 - box.x0)
            yield Said(box, clean(cell_text(own, spaced)), above, below, whole)
        else:
            upper, lower = ([piece for piece in own if (piece.top + piece.bottom < 2 * seam) == side] for side in (True, False))
            yield Said(box._replace(bottom=seam), clean(cell_text(upper, spaced)), from_above=above)
            yield Said(box._replace(top=seam), clean(cell_text(lower, spaced)), goes_on=below)


def _seams(table: Table, inside: Mapping[int, list[Piece]]) -> dict[int, float]:
    """Rows that are two, the line between them missing: a cell holds two numbered labels, and nothing stands where the line belongs."""
    seams: dict[int, float] = {}
    for at, pieces in inside.items():
        row, size = table.cells[at].row, pieces[0].bottom - pieces[0].top
        if row == table.cells[at].last_row and max(piece.bottom for piece in pieces) - min(piece.top for piece in pieces) > 1.8 * size:
            labels = [line for line in lines(pieces) if NUMBERING.match(fold(line.text)) and not is_value(line.text)]
            above = [line.bottom for line in lines(pieces) if len(labels) > 1 and line.top < labels[1].top]
            if above:
                seams[row] = (max(above) + labels[1].top) / 2
    for at, pieces in inside.items():
        seam = seams.get(table.cells[at].row)
        if seam and table.cells[at].row == table.cells[at].last_row and any(piece.top + 1 < seam < piece.bottom - 1 for piece in pieces):
            del seams[table.cells[at].row]
    return seams


def _apart(table: Table, span: Span, pieces: list[Piece], spaced: float) -> list[tuple[Span, list[Piece]]]:
    """The cell as one; as the places it covers when each holds a value: no form prints a number over several rows; or a numbered label.

    Over several columns a value may stand (table 2), where the row above has no line either. One in the middle of all is the cell's own.
    """
    row, column, last_row, last_column = span
    if last_row > row:
        parts = [Span(at, column, at, last_column) for at in range(row, last_row + 1)]
    elif row > 0 and all((at, row - 1) in table.sides for at in range(column + 1, last_column + 1)):
        parts = [Span(row, at, row, at) for at in range(column, last_column + 1)]
    else:
        return [(span, pieces)]
    found = [(part, [piece for piece in pieces if _stands_in(table.box(part), piece, last_row > row)]) for part in parts]
    if sum(len(own) for _, own in found) < len(pieces):
        return [(span, pieces)]
    texts = [text for _, own in found if (text := clean(cell_text(own, spaced)))]
    if last_row > row and sum(NUMBERING.match(fold(text)) is not None for text in texts) > 1:
        return found
    if (last_row > row and last_column > column) or not all(map(is_value, texts)):
        return [(span, pieces)]
    return found if len(texts) > 1 or not _is_central(table.box(span), pieces) else [(span, pieces)]


def _mend(cells: Sequence[Said], slack: float) -> None:
    """Puts broken numbers together, where a number beside them is whole and none is in two lines for another reason: two rows in one."""
    for said in [said for said in cells if said.broken]:
        beside = [other.text for other in cells if abs(other.box.top - said.box.top) < slack and not other.broken]
        if any(map(DIGIT.search, beside)) and not any(STACKED.fullmatch(text) for text in beside):
            said.text = said.text.replace(" ", "")


def _stands_in(box: Box, piece: Piece, row: bool) -> bool:
    """Whether the middle of a piece is at the height of a row, or in a column: in the other way text may be wider than its cell."""
    if row:
        return box.top <= (piece.top + piece.bottom) / 2 < box.bottom
    return box.x0 <= (piece.x0 + piece.x1) / 2 < box.x1


def _is_central(box: Box, pieces: Sequence[Piece]) -> bool:
    """Whether the text stands in the middle of its cell, both ways."""
    across = min(piece.x0 for piece in pieces) + max(piece.x1 for piece in pieces) - box.x0 - box.x1
    down = min(piece.top for piece in pieces) + max(piece.bottom for piece in pieces) - box.top - box.bottom
    return max(abs(across), abs(down)) < 0.6 * (pieces[0].bottom - pieces[0].top)


def grid_of(index: int, parts: Sequence[Part]) -> Grid:
    """Grid of the table that these parts, on pages that follow each other, make up."""
    slack = max(part.slack for part in parts)
    cells: list[Said] = []
    end = 0.0
    for part in parts:
        headless = _without_header(part, parts[0]) if part is not parts[0] else part
        top = min((said.box.top for said in headless.cells), default=headless.bottom)
        moved = [replace(said, box=_moved(said.box, parts[0].box.x0 - part.box.x0, end - top)) for said in headless.cells]
        cells = _carried(cells, moved, end, headless) if cells else moved
        end += headless.bottom - top
    return Grid(index, _placed(cells, slack), spans=True)


def _moved(box: Box, across: float, down: float) -> Box:
    return Box(box.x0 + across, box.top + down, box.x1 + across, box.bottom + down)


def _without_header(part: Part, first: Part) -> Part:
    """The part less the rows at its head that say again what the table's first rows say."""
    end = part.top
    for (row, bottom, clear), (other, _, _) in zip(_rows(part), _rows(first)):
        if row != other or not any(row):
            break
        end = bottom if clear else end
    if end == part.top:
        return part
    return replace(part, cells=[said for said in part.cells if said.box.top > end - part.slack], headless=True)


def _rows(part: Part) -> Iterator[tuple[tuple[str, ...], float, bool]]:
    """What the cells that begin in each row say, where the row ends, and whether no cell reaches over that end."""
    tops = _lines([said.box.top for said in part.cells], part.slack)
    for top, end in zip(tops, [*tops[1:], part.bottom]):
        own = [said for said in part.cells if abs(said.box.top - top) <= part.slack]
        clear = not any(said.box.top < end - part.slack and said.box.bottom > end + part.slack for said in part.cells)
        yield tuple(said.text for said in sorted(own, key=lambda said: said.box.x0)), end, clear


def _carried(before: list[Said], after: list[Said], seam: float, part: Part) -> list[Said]:
    """All cells, those that the page break cut as one: a whole row where no cell was closed, else each that was not."""
    slack = part.slack
    below_seam = [said for said in after if abs(said.box.top - seam) < slack]
    pairs = [
        (above, below)
        for above in before
        if abs(above.box.bottom - seam) < slack
        for below in below_seam
        if abs(above.box.x0 - below.box.x0) < slack and abs(above.box.x1 - below.box.x1) < slack
    ]
    cut = [(above, below) for above, below in pairs if above.goes_on and (below.from_above or part.headless)]
    if any(above.text and below.text and (is_value(above.text) or NUMBERING.match(fold(below.text))) for above, below in cut):
        cut = []  # two rows, each with its values or its label, and no line drawn between
    for above, below in cut or _emptied(pairs, after, seam, slack):
        above.text, above.box = joined([above.text, below.text]), above.box._replace(bottom=below.box.bottom)
        above.goes_on = below.goes_on
        after.remove(below)
    return before + after


def _emptied(pairs: list[tuple[Said, Said]], after: list[Said], seam: float, slack: float) -> list[tuple[Said, Said]]:
    """What is empty left of the first words behind a page break goes on from the page before: the rest of a group's cell."""
    first = sorted((said for said in after if said.box.top < seam + slack), key=lambda said: said.box.x0)
    worded = next((at for at, said in enumerate(first) if said.text), 0)
    return [(above, below) for above, below in pairs if below in first[:worded]]


def _placed(cells: Sequence[Said], slack: float) -> list[list[Cell]]:
    """Every place of the rectangle with the cell that covers it; one that none covers is an empty cell of its own, but for a row's end."""
    xs = _lines([x for said in cells for x in (said.box.x0, said.box.x1)], slack)[: MAX_COLUMNS + 1]
    ys = _lines([y for said in cells for y in (said.box.top, said.box.bottom)], slack)[: MAX_ROWS + 1]
    places: list[list[Cell | None]] = [[None] * (len(xs) - 1) for _ in ys[1:]]
    for said in cells:
        row, column = _at(ys, said.box.top), _at(xs, said.box.x0)
        for here in places[row : _at(ys, said.box.bottom)]:
            for at in range(column, min(_at(xs, said.box.x1), len(here))):
                here[at] = here[at] or Cell(said.text, row, column)
    return [[cell or Cell("", row, column) for column, cell in enumerate(_trimmed(line))] for row, line in enumerate(places)]


def _trimmed(line: list[Cell | None]) -> list[Cell | None]:
    end = len(line)
    while end and line[end - 1] is None:
        end -= 1
    return line[:end]


def _lines(positions: Iterable[float], slack: float) -> list[float]:
    """Positions, those of one line as its first."""
    found: list[float] = []
    for position in sorted(positions):
        if not found or position - found[-1] > slack:
            found.append(position)
    return found


def _at(lines: list[float], position: float) -> int:
    """Which line stands at a position, or else nearest above or left of it."""
    return max(bisect_right(lines, position) - 1, 0)
