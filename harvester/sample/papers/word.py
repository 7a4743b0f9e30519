"""A report as docx, by python-docx: paragraphs, and tables with merged cells as Word merges them."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

from harvester.sample.papers import Part, laid, width
from harvester.sample.prose import Line
from harvester.sample.tables import Table

BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


def write(title: str, parts: list[Part]) -> bytes:
    """The file's bytes, the same each time."""
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    document = Document()
    document.add_paragraph(title).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for part in parts:
        if isinstance(part, Line):
            document.add_paragraph().add_run(part.text).bold = part.heading
        else:
            document.element.body.insert_element_before(parse_xml(_table(part, nsdecls("w"))), "w:sectPr")
            document.add_paragraph()
    stream = io.BytesIO()
    document.save(stream)
    return without_times(stream.getvalue())


def without_times(packed: bytes) -> bytes:
    """A zip file whose members all carry one date: what was made twice is the same."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as source, zipfile.ZipFile(stream, "w") as target:
        for info in source.infolist():
            target.writestr(zipfile.ZipInfo(info.filename), source.read(info), zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _table(table: Table, namespace: str) -> str:
    """Cells that cover several rows are said once more in each of them, as the middle of a vertical merge."""
    cells, columns = laid(table), width(table)
    rows = []
    for row in range(len(table)):
        here = sorted((cell for cell in cells if cell.row <= row < cell.row + cell.rows), key=lambda cell: cell.column)
        rows.append(f"<w:tr>{''.join(_cell(cell.text, cell.columns, cell.rows > 1, cell.row == row) for cell in here)}</w:tr>")
    grid = "".join(f'<w:gridCol w:w="{9000 // columns}"/>' for _ in range(columns))
    style = f'<w:tblPr><w:tblW w:w="0" w:type="auto"/><w:tblBorders>{BORDERS}</w:tblBorders></w:tblPr>'
    return f"<w:tbl {namespace}>{style}<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def _cell(text: str, columns: int, merged: bool, first: bool) -> str:
    span = f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""
    merge = f'<w:vMerge w:val="{"restart" if first else "continue"}"/>' if merged else ""
    run = f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if first and text else ""
    return f"<w:tc><w:tcPr>{span}{merge}</w:tcPr><w:p>{run}</w:p></w:tc>"
