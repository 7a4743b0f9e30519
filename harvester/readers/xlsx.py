"""Excel's xlsx (xlsm, and what WPS and LibreOffice call so): its visible sheets, each number as its cell prints it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xlrd.formatting import std_format_strings

from harvester.errors import Unreadable
from harvester.readers.number_format import printed
from harvester.readers.package import Element, Package, attribute, child, local, stream
from harvester.readers.sheet import Sheet

# Formats that have a number and no code in the file, where they print otherwise in China: dates (ECMA-376 part 1, 18.8.30).
DATES = {14: "yyyy/m/d", 22: "yyyy/m/d h:mm", **dict.fromkeys((*range(27, 32), *range(50, 59)), 'yyyy"年"m"月"d"日"')}
STANDARD: dict[int, str] = {**std_format_strings, **DATES}
REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
ON = ("1", "true", "on")
# Rows and cells that have nothing but a place and a look: some sheets have a million, formatted down to the last row there is.
GHOST = re.compile(rb'<(?:row|c) (?=[^<>]*\br=")(?![^<>]*hidden)[^<>]*/>')
MANY = 20_000


class Book:
    """What the sheets share: texts by number, format codes by style, which day is day 0."""

    def __init__(self, package: Package, root: Element, parts: dict[str, str]) -> None:
        strings, styles = (package.xml(parts[kind]) if kind in parts else None for kind in ("sharedStrings", "styles"))
        self.texts = [_text(one) for one in strings] if strings is not None else []
        self.codes = _codes(styles) if styles is not None else []
        self.from_1904 = attribute(child(root, "workbookPr"), "date1904") in ON

    def shows(self, cell: Element, zeros: bool) -> str:
        """What a cell prints. ``zeros``: whether its sheet shows them."""
        kind, value = attribute(cell, "t", "n"), child(cell, "v")
        if kind == "inlineStr":
            return _text(child(cell, "is"))
        text = (value.text or "") if value is not None else ""
        if not text:
            # A formula that no program has calculated yet shows a number that is not in the file: it must not pass for an empty cell.
            return f"={formula.text or ''}" if kind == "n" and (formula := child(cell, "f")) is not None else ""
        if kind == "s":
            return self.texts[int(text)] if text.isdecimal() and int(text) < len(self.texts) else "?"
        if kind == "b":
            return "TRUE" if text in ON else "FALSE"
        return self._number(text, attribute(cell, "s"), zeros) if kind == "n" else text

    def _number(self, text: str, style: str, zeros: bool) -> str:
        try:
            value = float(text)
        except ValueError:
            return text
        if abs(value) == float("inf") or value != value:
            return text
        code = self.codes[int(style)] if style.isdecimal() and int(style) < len(self.codes) else ""
        return printed(value, code, self.from_1904) if value or zeros else ""


def sheets(body: bytes) -> Iterator[Sheet]:
    """The visible sheets in order. Raises :class:`Unreadable` for a damaged, locked or hostile file."""
    package = Package(body)
    name = package.main("xl/workbook.xml")
    root = package.xml(name)
    if root is None:
        raise Unreadable(f"the workbook is damaged: it has no {name}")
    links = package.links(name)
    book = Book(package, root, {link.kind: link.part for link in links.values() if link.part})
    listed = child(root, "sheets")
    for element in listed if listed is not None else ():
        link = links.get(attribute(element, "id"))
        if link is not None and link.kind == "worksheet" and attribute(element, "state", "visible") == "visible":
            yield _sheet(package.part(link.part) or b"", link.part, book)


def _sheet(content: bytes, name: str, book: Book) -> Sheet:
    sheet, zeros, row = Sheet(), True, -1
    if content.count(b"/>") > MANY:
        content = GHOST.sub(b"", content)
    for element in stream(content, name, "sheetView", "col", "row", "mergeCell"):
        kind = local(element)
        if kind == "row":
            row = _row(element, row, sheet, book, zeros)
        elif kind == "mergeCell":
            sheet.merged += _range(attribute(element, "ref"))
        elif kind == "sheetView":
            zeros = attribute(element, "showZeros", "1") in ON
        elif attribute(element, "hidden") in ON:
            first, last = (attribute(element, side) for side in ("min", "max"))
            if first.isdecimal() and last.isdecimal():
                sheet.columns.update(range(int(first) - 1, min(int(last), 16_384)))
        element.clear()
    return sheet


def _row(element: Element, before: int, sheet: Sheet, book: Book, zeros: bool) -> int:
    """Puts the cells of a row into the sheet; the row's number. Where a row or cell does not say its place, it follows the one before."""
    said, column = attribute(element, "r"), -1
    row = int(said) - 1 if said.isdecimal() and len(said) < 8 else before + 1
    if attribute(element, "hidden") in ON:
        sheet.rows.add(row)
    for cell in element:
        place = _place(attribute(cell, "r"))
        column = place[1] if place else column + 1
        sheet.put(row, column, book.shows(cell, zeros))
    return row


def _range(reference: str) -> list[tuple[int, int, int, int]]:
    first, _, last = reference.partition(":")
    begin, end = _place(first), _place(last or first)
    return [(*begin, *end)] if begin and end else []


def _place(reference: str) -> tuple[int, int] | None:
    """Row and column from 0 of ``AB12``."""
    found = REFERENCE.fullmatch(reference)
    if not found:
        return None
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1


def _text(element: Element | None) -> str:
    """The text of a string, in one piece or in runs; not the reading aid beside it."""
    if element is None:
        return ""
    runs = [child(one, "t") if local(one) == "r" else one for one in element if local(one) in ("r", "t")]
    return "".join(run.text or "" for run in runs if run is not None)


def _codes(styles: Element) -> list[str]:
    """Format codes in the order in which cells name them."""
    formats, uses = child(styles, "numFmts"), child(styles, "cellXfs")
    own = {attribute(one, "numFmtId"): attribute(one, "formatCode") for one in formats} if formats is not None else {}
    ids = [attribute(one, "numFmtId", "0") for one in uses] if uses is not None else []
    return [own[one] if one in own else STANDARD.get(int(one) if one.isdecimal() else 0, "") for one in ids]
