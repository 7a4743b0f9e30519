"""The tables of a report as xlsx: one sheet, inline strings and numbers, merged ranges."""

from __future__ import annotations

import io
import re
import zipfile
from string import ascii_uppercase
from xml.sax.saxutils import escape

from harvester.sample.papers import Placed, laid
from harvester.sample.tables import Table

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
    '<sheets><sheet name="年报" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}
NUMBER = re.compile(r"0|[1-9]\d*(?:\.\d*[1-9])?")


def write(tables: list[Table]) -> bytes:
    """The file's bytes, the same each time; an empty row between two tables."""
    cells: list[Placed] = []
    at = 0
    for table in tables:
        cells += [cell._replace(row=cell.row + at) for cell in laid(table)]
        at += len(table) + 1
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        for name, content in (*PARTS.items(), ("xl/worksheets/sheet1.xml", _sheet(cells, at))):
            target.writestr(zipfile.ZipInfo(name), (HEAD + content).encode(), zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _sheet(cells: list[Placed], rows: int) -> str:
    lines = []
    for row in range(rows):
        inside = "".join(_cell(cell) for cell in cells if cell.row == row)
        lines.append(f'<row r="{row + 1}">{inside}</row>')
    merged = [f'<mergeCell ref="{_name(cell)}:{_name(cell, True)}"/>' for cell in cells if cell.rows * cell.columns > 1]
    merges = f'<mergeCells count="{len(merged)}">{"".join(merged)}</mergeCells>' if merged else ""
    return f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData>{merges}</worksheet>'


def _cell(cell: Placed) -> str:
    if not cell.text:
        return ""
    if NUMBER.fullmatch(cell.text):
        return f'<c r="{_name(cell)}"><v>{cell.text}</v></c>'
    return f'<c r="{_name(cell)}" t="inlineStr"><is><t xml:space="preserve">{escape(cell.text)}</t></is></c>'


def _name(cell: Placed, end: bool = False) -> str:
    row, column = (cell.row + cell.rows - 1, cell.column + cell.columns - 1) if end else (cell.row, cell.column)
    return f"{ascii_uppercase[column]}{row + 1}"
