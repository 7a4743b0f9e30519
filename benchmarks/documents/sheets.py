"""Workbooks made by hand: the tables below or beside one another on a sheet, numbers typed as text, sheets that are hidden."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from benchmarks.accuracy.layout import Table
from benchmarks.documents import word
from benchmarks.documents.content import Content

SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def boxes(one: Table) -> Iterator[tuple[int, int, int, int, str]]:
    """The cells of a table: first and last row and column, from 0, and the text."""
    spans = [iter(line.cells) for line in one.lines]
    for number, row in enumerate(word.placed(one)):
        column = 0
        for text, width, _ in row:
            if text is not None:
                cell = next(spans[number])
                yield number, column, number + cell.rowspan - 1, column + width - 1, text
            column += width


def workbook(made: Content, beside: bool = False, text: bool = False) -> bytes:
    """The tables on one sheet, each under its title and an empty row apart; ``beside`` each other; ``text``: numbers typed as text."""
    cells: dict[tuple[int, int], str] = {(0, 0): made.title}
    merged, top, left = ["A1:J1"], 2, 0
    for one in made.tables:
        cells[top, left] = one.title
        last_row = last_column = 0
        for first, column, last, right, words in boxes(one):
            cells[top + 1 + first, left + column] = words
            last_row, last_column = max(last_row, last), max(last_column, right)
            if (last, right) != (first, column):
                merged.append(f"{_name(top + 1 + first, left + column)}:{_name(top + 1 + last, left + right)}")
        top, left = (top, left + last_column + 2) if beside else (top + last_row + 3, left)
    return _xlsx(cells, merged, text)


def _xlsx(cells: dict[tuple[int, int], str], merged: list[str], text: bool) -> bytes:
    rows: dict[int, list[str]] = {}
    for (row, column), words in sorted(cells.items()):
        rows.setdefault(row, []).append(_sheet_cell(_name(row, column), words, text))
    data = "".join(f'<row r="{row + 1}">{"".join(written)}</row>' for row, written in rows.items())
    ranges = "".join(f'<mergeCell ref="{one}"/>' for one in merged)
    return xlsx(f"<sheetData>{data}</sheetData><mergeCells>{ranges}</mergeCells>")


def _sheet_cell(name: str, words: str, text: bool) -> str:
    if words.isascii() and words.isdigit() and not text:
        return f'<c r="{name}"><v>{words}</v></c>'
    return f'<c r="{name}" t="inlineStr"><is><t>{escape(words, quote=False)}</t></is></c>' if words else f'<c r="{name}" s="0"/>'


def _name(row: int, column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"


def xlsx(*sheets: str, states: Mapping[int, str] | None = None, styles: str = "", strings: str = "") -> bytes:
    """A workbook of these sheets (what stands inside ``worksheet``); ``states``: ``hidden`` or ``veryHidden`` by number from 0."""
    states = states or {}
    named = {"styles": styles, "sharedStrings": strings}
    listed = "".join(
        f'<sheet name="{number}" sheetId="{number + 1}" state="{states.get(number, "visible")}" r:id="s{number}"/>'
        for number in range(len(sheets))
    )
    links = "".join(_link(f"s{number}", "worksheet", f"worksheets/sheet{number}.xml") for number in range(len(sheets)))
    links += "".join(_link(name, name, f"{name}.xml") for name, inner in named.items() if inner)
    roots = {"styles": "styleSheet", "sharedStrings": "sst"}
    return word.package(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": _links(_link("r1", "officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": _links(links),
            **{f"xl/{name}.xml": f'<{roots[name]} xmlns="{SHEET}">{inner}</{roots[name]}>' for name, inner in named.items() if inner},
            **{
                f"xl/worksheets/sheet{number}.xml": f'<worksheet xmlns="{SHEET}">{inner}</worksheet>' for number, inner in enumerate(sheets)
            },
        }
    )


def _link(key: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}"/>'


def _links(inner: str) -> str:
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'
