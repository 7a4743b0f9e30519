"""Excel 97's xls (and WPS's et, which is the same): its visible sheets, each number as its cell prints it."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

import xlrd
from xlrd.book import Book
from xlrd.sheet import Cell as XlsCell
from xlrd.sheet import Sheet as XlsSheet

from harvester.errors import Unreadable
from harvester.readers import ole
from harvester.readers.number_format import printed
from harvester.readers.sheet import Sheet

MAX_BYTES = 16_000_000  # a report's sheets weigh some 100 KB, and reading takes a second for every two megabytes
DATES = {14: "yyyy/m/d", 22: "yyyy/m/d h:mm"}  # standard formats that print otherwise in China
# What the parser raises over bytes that are not what their headers say.
DAMAGED = (
    xlrd.XLRDError,
    struct.error,
    AssertionError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    EOFError,
)


def sheets(body: bytes) -> Iterator[Sheet]:
    """The visible sheets in order. Raises :class:`Unreadable` for a damaged, locked or too large file."""
    if len(body) > MAX_BYTES:
        raise Unreadable(f"too large: a sheet of {len(body) / 1e6:,.0f} MB; at most {MAX_BYTES // 1_000_000} MB are read")
    # xlrd's own way into the file can be led round in circles for ever.
    workbook = ole.stream(body, "Workbook", "Book") if body.startswith(b"\xd0\xcf") else body
    try:
        book = xlrd.open_workbook(file_contents=workbook, logfile=io.StringIO(), formatting_info=True, ragged_rows=True)
        yield from [_sheet(book, sheet) for sheet in book.sheets() if sheet.visibility == 0]
    except DAMAGED as error:
        if "encrypted" in str(error):
            raise Unreadable("the workbook has a password; the bytes are kept") from error
        raise Unreadable(f"the workbook is cut off or damaged ({' '.join(str(error).split())[:100]})") from error


def _sheet(book: Book, source: XlsSheet) -> Sheet:
    sheet = Sheet(
        merged=[(top, left, bottom - 1, right - 1) for top, bottom, left, right in source.merged_cells],
        rows={row for row, said in source.rowinfo_map.items() if said.hidden},
        columns={column for column, said in source.colinfo_map.items() if said.hidden},
    )
    for row in range(source.nrows):
        for column, cell in enumerate(source.row(row)):
            sheet.put(row, column, _shown(book, cell, bool(source.show_zero_values)))
    return sheet


def _shown(book: Book, cell: XlsCell, zeros: bool) -> str:
    """What a cell prints. ``zeros``: whether its sheet shows them."""
    if cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        return printed(cell.value, _code(book, cell.xf_index), bool(book.datemode)) if cell.value or zeros else ""
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    return xlrd.error_text_from_code.get(cell.value, "#?") if cell.ctype == xlrd.XL_CELL_ERROR else str(cell.value)


def _code(book: Book, style: int | None) -> str:
    """The format code of a style; "" where the file does not have it, as some sites' exports do."""
    key = book.xf_list[style].format_key if style is not None and style < len(book.xf_list) else 0
    return DATES.get(key) or (book.format_map[key].format_str if key in book.format_map else "")
