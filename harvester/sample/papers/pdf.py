"""A report as PDF with a text layer: strings at their places and ruling lines, in a font that every PDF reader knows without its file."""

from __future__ import annotations

from collections.abc import Iterator

from harvester.sample.papers import Part, Placed, laid, width
from harvester.sample.prose import Line
from harvester.sample.tables import Table

WIDE, HIGH, MARGIN = 595, 842, 40  # points: A4
SPACE = WIDE - 2 * MARGIN
TITLE, TEXT, CELL = 16, 12, 7  # sizes of type
GAP = 5  # points between type and line in a cell
# Shares of the page's width: labels get more than counts. Other tables have columns of one width.
COLUMNS = {4: (35, 22, 22, 21), 10: (9, 15, 27, 7, 7, 7, 7, 7, 7, 7)}
FONT = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light-UniGB-UCS2-H /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
    "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >>"
    " /DW 1000 /W [1 95 500] /FontDescriptor 5 0 R >>",
    "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 752 /Descent -271"
    " /CapHeight 737 /StemV 58 >>",
)


def write(title: str, parts: list[Part]) -> bytes:
    """The file's bytes, the same each time."""
    return _file(_Pages(title, parts).pages)


class _Pages:
    """Fills pages from the top; a table that does not fit begins a new one."""

    def __init__(self, title: str, parts: list[Part]) -> None:
        self.pages: list[list[str]] = []
        self.turn()
        self.text(title, TITLE)
        for part in parts:
            if isinstance(part, Line):
                self.text(part.text, TEXT)
            else:
                self.table(part)

    def turn(self) -> None:
        """A new page."""
        self.pages.append([])
        self.y = float(HIGH - MARGIN)

    def need(self, height: float) -> None:
        if self.y - height < MARGIN:
            self.turn()

    def text(self, text: str, size: int) -> None:
        for line in wrapped(text, SPACE, size):
            self.need(size * 1.6)
            self.y -= size * 1.6
            self.pages[-1].append(_string(MARGIN, self.y, size, line))
        self.y -= size * 0.5

    def table(self, table: Table) -> None:
        cells = laid(table)
        shares = COLUMNS.get(width(table), (1,) * width(table))
        edges = [MARGIN + SPACE * sum(shares[:column]) / sum(shares) for column in range(len(shares) + 1)]
        heights = [self._height(cells, edges, row) for row in range(len(table))]
        self.need(sum(heights) + GAP)
        tops = [self.y - GAP - sum(heights[:row]) for row in range(len(table) + 1)]
        for cell in cells:
            left, right = edges[cell.column], edges[cell.column + cell.columns]
            top, bottom = tops[cell.row], tops[cell.row + cell.rows]
            self.pages[-1].append(f"{left:.1f} {bottom:.1f} {right - left:.1f} {top - bottom:.1f} re S")
            for number, line in enumerate(wrapped(cell.text, right - left - GAP, CELL)):
                self.pages[-1].append(_string(left + GAP / 2, top - GAP / 2 - CELL * (number + 0.85), CELL, line))
        self.y = tops[-1] - GAP

    @staticmethod
    def _height(cells: list[Placed], edges: list[float], row: int) -> float:
        lines = [
            len(list(wrapped(cell.text, edges[cell.column + cell.columns] - edges[cell.column] - GAP, CELL)))
            for cell in cells
            if cell.row == row and cell.rows == 1
        ]
        return max([1, *lines]) * CELL + GAP


def wrapped(text: str, space: float, size: int) -> Iterator[str]:
    """``text`` in lines no wider than ``space`` points; a number is never broken."""
    line, used = "", 0.0
    for sign in text:
        wide = size * (0.5 if sign.isascii() else 1.0)
        if used + wide > space and line and not (sign.isascii() and line[-1].isascii()):
            yield line
            line, used = "", 0.0
        line, used = line + sign, used + wide
    if line:
        yield line


def _string(x: float, y: float, size: int, text: str) -> str:
    return f"BT /F1 {size} Tf {x:.1f} {y:.1f} Td <{text.encode('utf-16-be').hex()}> Tj ET"


def _file(pages: list[list[str]]) -> bytes:
    first = 3 + len(FONT)  # 1 catalog, 2 page tree, 3-5 the font, then each page and what is on it
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(pages)))
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>", *FONT]
    for number, page in enumerate(pages):
        content = "0.5 w\n" + "\n".join(page)
        box = f"/MediaBox [0 0 {WIDE} {HIGH}] /Resources << /Font << /F1 3 0 R >> >>"
        objects.append(f"<< /Type /Page /Parent 2 0 R {box} /Contents {first + 2 * number + 1} 0 R >>")
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    return _numbered(objects)


def _numbered(objects: list[str]) -> bytes:
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n".encode("ascii")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\n"
    return body + f"{head}startxref\n{len(body)}\n%%EOF\n".encode("ascii")
