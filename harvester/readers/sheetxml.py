"""The XML of Excel 2003 (``<?mso-application progid="Excel.Sheet"?>``), which old systems' exports still write and call .xls."""

from __future__ import annotations

import re
from collections.abc import Iterator

from harvester.readers.number_format import printed
from harvester.readers.package import Element, attribute, child, local, parse
from harvester.readers.sheet import Sheet

# Formats that have a name instead of a code.
NAMED = {"Standard": "#,##0.00", "Fixed": "0.00", "Percent": "0.00%", "General Number": "General", "General Date": "yyyy/m/d"}
FARTHEST = 1_048_576
TABLE, ROW = re.compile(rb"(</(?:\w+:)?Table>)"), re.compile(rb"</(?:\w+:)?Row>")


def sheets(body: bytes) -> Iterator[Sheet]:
    """The visible sheets in order. Raises :class:`Unreadable` for a damaged or hostile file."""
    root = parse(b"".join(map(_without_ghosts, TABLE.split(body.lstrip()))), "the workbook")
    styles = child(root, "Styles")
    formats = {attribute(one, "ID"): attribute(child(one, "NumberFormat"), "Format") for one in styles} if styles is not None else {}
    for element in root:
        visible = child(child(element, "WorksheetOptions"), "Visible")
        table = child(element, "Table")
        if local(element) == "Worksheet" and table is not None and (visible is None or visible.text == "SheetVisible"):
            yield _sheet(table, formats)


def _without_ghosts(table: bytes) -> bytes:
    """A table up to the last row with data: LibreOffice writes a million empty ones behind it."""
    last = ROW.search(table, table.rfind(b"Data>"))
    return table[: last.end()] if last else table


def _sheet(table: Element, formats: dict[str, str]) -> Sheet:
    sheet, row, column = Sheet(), 0, 0
    for element in table:
        if local(element) == "Column":
            column = _at(element, column)
            after = column + 1 + _count(element, "Span")
            sheet.columns |= set(range(column, after)) if attribute(element, "Hidden") == "1" else set()
            column = after
        elif local(element) == "Row":
            row = _at(element, row)
            after = row + 1 + _count(element, "Span")
            sheet.rows |= set(range(row, after)) if attribute(element, "Hidden") == "1" else set()
            _row(element, row, sheet, formats)
            row = after
    return sheet


def _row(element: Element, row: int, sheet: Sheet, formats: dict[str, str]) -> None:
    column = 0
    for cell in element:
        if local(cell) != "Cell":
            continue
        column = _at(cell, column)
        right, bottom = column + _count(cell, "MergeAcross"), row + _count(cell, "MergeDown")
        if right > column or bottom > row:
            sheet.merged.append((row, column, bottom, right))
        sheet.put(row, column, _shown(child(cell, "Data"), formats.get(attribute(cell, "StyleID"), "")))
        column = right + 1


def _shown(data: Element | None, code: str) -> str:
    if data is None:
        return ""
    text, kind = "".join(map(str, data.itertext())), attribute(data, "Type")
    if kind == "DateTime":
        return text.partition("T")[0]
    try:
        return printed(float(text), NAMED.get(code, code)) if kind == "Number" else text
    except (ValueError, ArithmeticError):
        return text


def _at(element: Element, following: int) -> int:
    """Place from 0: where the element says, else behind the one before."""
    return max(_count(element, "Index") - 1, 0) if attribute(element, "Index") else following


def _count(element: Element, name: str) -> int:
    text = attribute(element, name)
    return min(int(text), FARTHEST) if text.isdecimal() and len(text) < 10 else 0
