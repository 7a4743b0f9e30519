"""PDF written by hand, operator by operator: what WPS and Word print, and what no producer at hand does; no font file is needed."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from benchmarks.accuracy.layout import Cell, Table
from benchmarks.accuracy.markup import PROSE
from benchmarks.documents.content import Content

WIDTH, HEIGHT, MARGIN = 595.0, 842.0, 50.0
SIZE = 9.0
# STSong-Light in the encoding UniGB-UCS2-H: two bytes a character; every PDF reader knows them without the font.
FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [ << /Type /Font"
    b" /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >>"
    b" /DW 1000 /W [ 1 95 500 814 939 500 ] /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 6"
    b" /FontBBox [ -25 -254 1000 880 ] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >> >> ] >>"
)


@dataclass
class Sheet:
    """The operators of one page; y grows downwards from the page's upper edge, in points."""

    height: float = HEIGHT
    drawn: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, said: str, size: float = SIZE, more: str = "") -> None:
        """Text whose base line begins at a point; ``more``: operators before it (``3 Tr``, ``1 g``)."""
        self.drawn.append(f"q {more} BT /F1 {size} Tf {x:.2f} {self.height - y:.2f} Td <{said.encode('utf-16-be').hex()}> Tj ET Q")

    def line(self, x0: float, y0: float, x1: float, y1: float, width: float = 0.5) -> None:
        """A stroked line."""
        self.drawn.append(f"{width} w {x0:.2f} {self.height - y0:.2f} m {x1:.2f} {self.height - y1:.2f} l S")

    def fill(self, x0: float, y0: float, x1: float, y1: float, grey: float = 0) -> None:
        """A filled rectangle."""
        self.drawn.append(f"q {grey} g {x0:.2f} {self.height - y1:.2f} {x1 - x0:.2f} {y1 - y0:.2f} re f Q")

    def frame(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A stroked rectangle."""
        self.drawn.append(f"0.5 w {x0:.2f} {self.height - y1:.2f} {x1 - x0:.2f} {y1 - y0:.2f} re S")


def document(sheets: Sequence[Sheet], width: float = WIDTH, catalog: bytes = b"", page: bytes = b"", more: Sequence[bytes] = ()) -> bytes:
    """The file of these pages. ``catalog``, ``page``: further entries of the catalog and of each page; ``more``: objects, from number 4."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>", b"", FONT, *more]
    kids = []
    for sheet in sheets:
        content = zlib.compress("\n".join(sheet.drawn).encode())
        objects.append(b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        box = f"/MediaBox [ 0 0 {width:.2f} {sheet.height:.2f} ]".encode()
        objects.append(
            b"<< /Type /Page /Parent 2 0 R "
            + box
            + b" /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R " % len(objects)
            + page
            + b" >>"
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [ %s ] >>" % (len(kids), b" ".join(kids))
    return file(objects)


def file(objects: Sequence[bytes]) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalog."""
    made, places = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return made + head + table + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(made))


@dataclass(frozen=True)
class Hand:
    """How a table is drawn: its lines as ``strokes``, ``bars`` (thin filled rectangles), ``frames`` (a rectangle a cell) or one ``path``;
    whether text is printed in ``runs`` of a character, or ``twice`` for bold type; ``low`` for low pages."""

    lines: str = "strokes"
    runs: bool = False
    twice: bool = False
    low: bool = False
    padding: float = 3.0


def report(content: Content, hand: Hand = Hand()) -> bytes:
    """The report on pages with a number at their foot."""
    writer = _Writer(hand)
    writer.write(content.title, 16, centred=True)
    first, *last = PROSE.items()
    writer.section(first[0], first[1])
    for table in content.tables:
        writer.write(table.title, 12)
        writer.table(table)
    for name, lines in last:
        writer.section(name, lines)
    return document(writer.sheets)


class _Writer:
    def __init__(self, hand: Hand) -> None:
        self.hand = hand
        self.sheets: list[Sheet] = []
        self.path: list[str] = []
        self.turn()

    def turn(self) -> None:
        """Begins a page."""
        self.sheet = Sheet(330.0 if self.hand.low else HEIGHT)
        self.sheets.append(self.sheet)
        number = str(len(self.sheets))
        self.sheet.text(WIDTH / 2, self.sheet.height - 20, f"— {number} —" if len(self.sheets) % 2 else f"- {number} -")
        self.y = MARGIN

    def room(self, height: float) -> None:
        if self.y + height > self.sheet.height - MARGIN:
            self.turn()

    def write(self, text: str, size: float, centred: bool = False) -> None:
        """A paragraph, broken at the right margin."""
        for line in _wrapped(text, WIDTH - 2 * MARGIN, size):
            self.room(2 * size)
            x = (WIDTH - _wide(line, size)) / 2 if centred else MARGIN
            self.sheet.text(x, self.y + size, line, size)
            self.y += 1.6 * size
        self.y += 0.6 * size

    def section(self, name: str, lines: Sequence[str]) -> None:
        self.write(name, 12)
        for line in lines:
            self.write("　　" + line, 12)

    def table(self, table: Table) -> None:
        """The table row by row; a cell that spans rows of two pages is drawn on both, its words where it began."""
        xs = _columns(table)
        placed = list(_places(table))
        texts = {id(cell): _wrapped(cell.text, xs[column + cell.colspan] - xs[column] - 4, SIZE) for _, column, cell in placed}
        heights = [
            max((len(texts[id(cell)]) for at, _, cell in placed if at == row and cell.rowspan == 1), default=1) * SIZE * 1.2
            + 2 * self.hand.padding
            for row in range(len(table.lines))
        ]
        row = 0
        while row < len(heights):
            self.room(heights[row])
            until, top = row, self.y
            while until < len(heights) and top + sum(heights[row : until + 1]) <= self.sheet.height - MARGIN:
                until += 1
            self._rows(placed, xs, [self.y + sum(heights[row:at]) for at in range(row, until + 1)], row, texts)
            self.y += sum(heights[row:until])
            row = until
        self.y += 12

    def _rows(self, placed: list[tuple[int, int, Cell]], xs: list[float], ys: list[float], first: int, texts: dict[int, list[str]]) -> None:
        last = first + len(ys) - 1
        for row, column, cell in placed:
            begin, end = max(row, first), min(row + cell.rowspan, last)
            if begin < end:
                box = xs[column], ys[begin - first], xs[column + cell.colspan], ys[end - first]
                self._border(*box)
                self._words(box, texts[id(cell)] if row >= first else [])
        self.sheet.drawn += [f"0.5 w {' '.join(self.path)} S"] if self.path else []
        self.path.clear()

    def _border(self, x0: float, y0: float, x1: float, y1: float) -> None:
        sheet, lines = self.sheet, self.hand.lines
        sides = [(x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)]
        if lines == "frames":
            sheet.frame(x0, y0, x1, y1)
        for a, b, c, d in sides if lines != "frames" else ():
            if lines == "bars":
                sheet.fill(a - 0.25, b - 0.25, c + 0.25, d + 0.25)
            elif lines == "path":
                self.path.append(f"{a:.2f} {sheet.height - b:.2f} m {c:.2f} {sheet.height - d:.2f} l")
            else:
                sheet.line(a, b, c, d)

    def _words(self, box: tuple[float, float, float, float], lines: Sequence[str]) -> None:
        x0, y0, x1, y1 = box
        top = (y0 + y1 - len(lines) * SIZE * 1.2) / 2
        for number, line in enumerate(lines):
            x, y = (x0 + x1 - _wide(line, SIZE)) / 2, top + SIZE * (1 + 1.2 * number)
            for part in line if self.hand.runs else [line]:
                self.sheet.text(x, y, part)
                if self.hand.twice:
                    self.sheet.text(x + 0.3, y, part)
                x += _wide(part, SIZE)


def _columns(table: Table) -> list[float]:
    """Where the columns of a table begin and end; the first three of table 3 hold its labels."""
    count = max(column + cell.colspan for _, column, cell in _places(table))
    shares = {"table_3": [1.2, 1.4, 3.5]}.get(table.key, [2.0] if table.key == "table_2" else [])
    shares = [*shares, *[1.0] * (count - len(shares))]
    unit = (WIDTH - 2 * MARGIN) / sum(shares)
    return [MARGIN + unit * sum(shares[:at]) for at in range(count + 1)]


def _places(table: Table) -> Iterator[tuple[int, int, Cell]]:
    """Row and column in which each cell begins."""
    taken: set[tuple[int, int]] = set()
    for row, line in enumerate(table.lines):
        column = 0
        for cell in line.cells:
            while (row, column) in taken:
                column += 1
            taken |= {(at, other) for at in range(row, row + cell.rowspan) for other in range(column, column + cell.colspan)}
            yield row, column, replace(cell)


def _wide(text: str, size: float) -> float:
    return sum(size / 2 if character.isascii() else size for character in text)


def _wrapped(text: str, width: float, size: float) -> list[str]:
    lines = [""]
    for character in text:
        if _wide(lines[-1] + character, size) > width:
            lines.append("")
        lines[-1] += character
    return lines
