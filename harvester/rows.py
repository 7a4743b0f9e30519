"""The rows of a grid: which are headers, which carry figures and for which line of the form, and where their values stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

from harvester.forms import NUMBERING, Form, Label, Part, Role, fold, load
from harvester.items import Cell, Grid
from harvester.values import WORDS, Value, parse


class Printed(NamedTuple):
    """A value cell: its column in the grid, its string, and what the string says."""

    column: int
    text: str
    value: Value

    @property
    def blank(self) -> bool:
        """The cell is there and empty."""
        return not self.text


GLUED = re.compile(r"(.*\D)(\d+)")
RULED = re.compile("[-—:=_|]+")
TOP = re.compile("[一二三四]、")
DIGIT = re.compile(r"\d")
MANY = 5  # numbers of a row without a label: fewer may be a page's
DOUBLE = 14  # cells of two rows of table 3
MAX_GAP = 2  # rows between the halves of a label that a page break cut, with the new page's header or number between
LABEL_CELLS = 2  # no label stands further right than three cells: 三、本年度办理结果 | （三）不予公开 | 1.属于国家秘密
NEW = tuple.__new__  # a third of a NamedTuple's own constructor, and there are 300 cells a page


@dataclass(slots=True)
class Row:
    """A row that carries figures: ``key`` of the form's row in ``part``, and the cells right of its label.

    ``sure``: its label can mean nothing else. 总计 and 其他 without their number are columns too, and stand in every other table.
    ``odd``: words stand among its values.
    """

    number: int
    part: Part
    key: str
    cells: list[Printed]
    width: int
    sure: bool = True
    odd: bool = False


@dataclass(slots=True)
class Section:
    """Rows under one header. ``header`` are its rows as printed, ``unknown`` those the form has no name for: their label is their key.

    ``bare``: numbers of rows that print many values and no label.
    """

    grid: Grid
    header: list[list[Cell]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    unknown: list[Row] = field(default_factory=list)
    bare: list[int] = field(default_factory=list)

    @property
    def slid(self) -> range:
        """Numbers of the rows from one that is blank throughout to one of numbers without a label, or of two rows' numbers.

        Those between may have slid down.
        """
        below = [*self.bare, *[row.number for row in self.rows if len(row.cells) >= DOUBLE and _is_double(row)]][-1:]
        blank = [row.number for row in self.rows if row.cells and all(cell.blank for cell in row.cells)] if below else []
        found = [(number, last) for last in below for number in blank if number < last]
        return range(found[0][0], found[0][1]) if found else range(0)

    @property
    def set_in(self) -> set[int]:
        """Numbers of the rows whose 一、 二、 三、 or 四、 begins further right than another's: they begin some cells too late."""
        firsts = {number: next((cell for cell in row if cell.text), None) for number, row in enumerate(self.grid.rows)}
        tops = {number: cell.column for number, cell in firsts.items() if cell and TOP.match(cell.text)}
        return {number for number, column in tops.items() if column > min(tops.values())}


def sections(form: Form, grid: Grid, before: Section | None = None) -> Iterator[Section]:
    """The grid cut where a new header begins; a table split by a page break is a section without header.

    ``before`` is the last section of the grid before: a header at its end, without rows, is the header of this grid's first rows.
    """
    section = Section(grid, list(before.header) if before and not before.rows and not before.unknown else [])
    for number, row in enumerate(grid.rows):
        whole = uncut = _own(row, number)
        words = _words(whole)
        if words and words[-1].text[-1].isdecimal():
            whole = [part for cell in whole for part in _unglued(form, cell)]
        merged = words and words[-1].column - words[0].column > LABEL_CELLS and not _only_words(whole, words)
        for cells in _lines(form, whole) if merged else (whole,):
            if _opens(form, section, row, number, cells, _words(cells) if cells is not uncut else words):
                yield section
                section = Section(grid, [row])
    yield section


def _opens(form: Form, section: Section, row: list[Cell], number: int, cells: list[Printed], words: list[Printed]) -> bool:
    """Puts the cells of a row, ``words`` among them, where they belong in the section; True when they are the header of the next one."""
    means = meaning(form.id, tuple([text for _, text, _ in words]))
    if means.header and _only_words(cells, words):
        if section.rows or section.unknown or (section.header and number == 0):
            return True
        section.header.append(row)
    elif (section.unknown or (cells and not cells[-1].text)) and (halved := _halved(form, section, number, cells, words)):
        section.rows.append(halved)
    elif means.part:
        right = cells[cells.index(words[means.named]) + 1 :]
        section.rows.append(Row(number, means.part, means.key, right, len(row), means.sure, len(words) > means.named + 1))
    elif _is_separator([cell.text for cell in cells if cell.text]):
        pass
    elif line := None if means.known else _line(form, section, number, cells, len(row)):
        section.rows.append(line)
    elif words and not _only_words(cells, words):
        right = [cell for cell in cells if cell.column > words[-1].column]
        section.unknown.append(Row(number, form.parts[0], words[-1].text, right, len(row), sure=False))
    elif sum(cell.value.kind == "number" for cell in cells) >= MANY:
        section.bare.append(number)
    return False


def _is_double(row: Row) -> bool:
    """It has the cells of two rows: under a row without a label the text's lines were joined."""
    count = len(row.part.columns)
    return len(row.cells) >= 2 * count and sum(not cell.blank for cell in row.cells) > count


def _words(cells: list[Printed]) -> list[Printed]:
    return [cell for cell in cells if cell[2] is WORDS]


def _only_words(cells: list[Printed], words: list[Printed]) -> bool:
    return len([text for _, text, _ in cells if text]) == len(words)


def _is_separator(texts: list[str]) -> bool:
    """The line under a header in Markdown, or one that an extractor drew: dashes, three together at least once (- and —— are blanks)."""
    return all(RULED.fullmatch(text) for text in texts) and any("-" in text and len(text) > 2 for text in texts)


def _halved(form: Form, section: Section, number: int, cells: list[Printed], words: list[Printed]) -> Row | None:
    """A row whose label a page break cut in two: the values stand beside the first half, which names nothing by itself."""
    if not words or not _only_words(cells, words):
        return None
    for rows in (section.unknown, section.rows):
        before = rows[-1] if rows and number - rows[-1].number <= MAX_GAP else None
        # Beside a group's label the first half stands where the values begin.
        inside = before is not None and before.sure and before.cells and before.cells[0].value.kind == "words"
        if before is not None and (inside or not before.sure):
            label = _joined(form, before.cells[0].text if inside else before.key, words[-1].text)
            if label:
                rows.pop()
                return replace(before, part=form.part(label), key=label.key, cells=before.cells[1:] if inside else before.cells, sure=True)
    return None


def _joined(form: Form, first: str, second: str) -> Label | None:
    """The row that two halves of a label name together, as a whole, while the second names none."""
    whole, half = (form.labels.get(NUMBERING.sub("", fold(text)), ()) for text in (first + second, second))
    return None if half else next((label for label in whole if label.role == "row"), None)


def _unglued(form: Form, cell: Printed) -> tuple[Printed, ...]:
    """A label and the digits that follow it in one cell: ``予以公开17260254`` is the row's label and its values."""
    glued = GLUED.fullmatch(cell.text) if cell.value.kind == "words" else None
    if glued is None or not any(label.role == "row" for label in form.find(glued[1])):
        return (cell,)
    return tuple(Printed(cell.column, text, parse(text)) for text in glued.groups())


def _lines(form: Form, cells: list[Printed]) -> Iterator[list[Printed]]:
    """The cells of one row, cut where a label of the form follows a number: two rows were printed as one."""
    start, number = 0, False
    for place, cell in enumerate(cells):
        if cell.value.kind == "number":
            number = True
        elif number and cell.value.kind == "words" and any(label.role in ("row", "group") for label in form.find(cell.text)):
            yield cells[start:place]
            start, number = place, False
    yield cells[start:]


class Meaning(NamedTuple):
    """What a row's words say: is it a header; which word (index) names a row of the form, which row, and is that sure; is any known."""

    header: bool
    named: int
    part: Part | None
    key: str
    sure: bool
    known: bool


@lru_cache(maxsize=8192)
def meaning(form_id: str, words: tuple[str, ...]) -> Meaning:
    """Meaning of the words of one row, left to right. The same few dozen rows come on every page."""
    form = load(form_id)
    found = [form.find(word) for word in words]
    rows = [(index, label) for index, labels in enumerate(found) for label in labels if label.role == "row"]
    named, label = rows[-1] if rows else (-1, None)
    roles = [{label.role for label in labels} for labels in found]
    sure = bool(rows) and ("column" not in roles[named] or NUMBERING.match(fold(words[named])) is not None)
    part, key = (form.part(label), label.key) if label else (None, "")
    return Meaning(_is_header(words, roles), named, part, key, sure, any(found))


def _is_header(words: tuple[str, ...], roles: list[set[Role]]) -> bool:
    """At least one word that can be nothing but a column, a caption or the form's furniture; or columns alone."""
    if any(role and role <= {"column", "caption", "furniture"} for role in roles):
        return not any("row" in role and "column" not in role for role in roles)
    if not words or not all("column" in role for role in roles):
        return False
    return not any(NUMBERING.match(fold(word)) for word in words)  # （七）总计 and 3.其他 are rows


def _own(row: list[Cell], number: int) -> list[Printed]:
    """Cells that begin in this row; what a span brings in from elsewhere carries no value here."""
    return [
        NEW(Printed, (column, text, parse(text)))
        for column, (text, origin, begins) in enumerate(row)
        if origin == number and begins == column
    ]


def _line(form: Form, section: Section, number: int, cells: list[Printed], width: int) -> Row | None:
    """A row without a label, under a header of a table that has such a row (table 4)."""
    part = _line_part(form, section)
    if part is None:
        return None
    values = [cell for cell in cells if cell.value.kind != "words" or cell.column > 0 or DIGIT.search(cell.text)]
    printed = any(
        cell.value.kind == "number" or cell.text.isdecimal() for cell in values
    )  # words and dashes alone are what is left of a header
    odd = any(cell.value.kind == "words" for cell in values)
    return Row(number, part, part.line, values, width, odd=odd) if printed or len(values) == len(part.columns) else None


def _line_part(form: Form, section: Section) -> Part | None:
    words = {fold(cell.text) for row in section.header for cell in row if cell.text}
    return next((part for part in form.parts if part.line and len(words & _vocabulary(part)) > 2), None)


@lru_cache(maxsize=64)
def _vocabulary(part: Part) -> frozenset[str]:
    return frozenset(word for column in part.columns for word in column.words)
