"""The rows of a grid: which are headers, which carry figures and for which line of the form, and where their values stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from harvester.forms import NUMBERING, Form, Label, Part, fold
from harvester.items import Cell, Grid
from harvester.values import Value, parse


class Printed(NamedTuple):
    """A value cell: its column in the grid, its string, and what the string says."""

    column: int
    text: str
    value: Value

    @property
    def blank(self) -> bool:
        """The cell is there and empty."""
        return not self.text


@dataclass(slots=True)
class Row:
    """A row that carries figures: ``key`` of the form's row in ``part``, and the cells right of its label."""

    number: int
    part: Part
    key: str
    cells: list[Printed]
    width: int


@dataclass(slots=True)
class Section:
    """Rows under one header. ``words`` are the header's words by grid column, top down; ``unknown`` rows the form has no name for."""

    grid: Grid
    header: list[list[Cell]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    unknown: list[tuple[int, str]] = field(default_factory=list)


def sections(form: Form, grid: Grid) -> Iterator[Section]:
    """The grid cut where a new header begins; a table split by a page break is a section without header."""
    section = Section(grid)
    for number, row in enumerate(grid.rows):
        texts = _own(row, number)
        labels = [(cell, form.find(cell.text)) for cell in texts if parse(cell.text).kind == "words"]
        if _is_header(labels, texts):
            if section.rows or section.unknown:
                yield section
                section = Section(grid)
            section.header.append(row)
        elif found := _data_row(form, section, number, row, labels):
            section.rows.append(found)
        elif labels and len(texts) > len(labels):
            section.unknown.append((number, labels[-1][0].text))
    yield section


def _own(row: list[Cell], number: int) -> list[Cell]:
    return [cell for column, cell in enumerate(row) if cell.text and cell.row == number and cell.column == column]


def _is_header(labels: list[tuple[Cell, list[Label]]], texts: list[Cell]) -> bool:
    """A header prints words only, one of which can be nothing but a column, a caption or the form's furniture."""
    roles = [{label.role for label in found} for _, found in labels]
    if any(role and role <= {"column", "caption", "furniture"} for role in roles):
        return not any("row" in role and "column" not in role for role in roles)
    if not roles or len(texts) != len(labels) or not all("column" in role for role in roles):
        return False
    return not any(NUMBERING.match(fold(cell.text)) for cell, _ in labels)  # （七）总计 and 3.其他 are rows


def _data_row(form: Form, section: Section, number: int, row: list[Cell], labels: list[tuple[Cell, list[Label]]]) -> Row | None:
    named = [(cell, label) for cell, found in labels for label in found if label.role == "row"]
    if named:
        cell, label = named[-1]
        part = form.part(label)
        return Row(number, part, label.key, _right_of(row, number, cell), len(row))
    line = _line_part(form, section)
    if line is None or any(found for _, found in labels):
        return None
    cells = [cell for cell in _right_of(row, number, None) if cell.value.kind != "words" or cell.column > 0]
    printed = any(cell.value.kind == "number" or cell.text for cell in cells)
    return Row(number, line, line.line, cells, len(row)) if printed or len(cells) == len(line.columns) else None


def _right_of(row: list[Cell], number: int, label: Cell | None) -> list[Printed]:
    """Cells right of the label that are printed in this row; what a span brings in from elsewhere carries no value here."""
    start = label.column + 1 if label else 0
    return [
        Printed(column, cell.text, parse(cell.text))
        for column, cell in enumerate(row[start:], start)
        if cell.row == number and cell.column == column
    ]


def _line_part(form: Form, section: Section) -> Part | None:
    words = {fold(cell.text) for row in section.header for cell in row if cell.text}
    return next((part for part in form.parts if part.line and len(words & _vocabulary(part)) > 2), None)


@lru_cache(maxsize=64)
def _vocabulary(part: Part) -> frozenset[str]:
    return frozenset(word for column in part.columns for word in column.words)


def header_words(form: Form, section: Section, part: Part) -> tuple[list[tuple[int, str, str]], dict[int, str]]:
    """What the lowest word over each grid column names: ``(column, word, printed label)`` of the part's own columns, and strangers.

    Strangers are columns a local template adds (小计): the form has no place for what stands there.
    """
    own: dict[int, tuple[str, str]] = {}
    strangers: dict[int, str] = {}
    for row in section.header:
        for column, cell in enumerate(row):
            if cell.text and cell.column == column:
                labels = form.find(cell.text)
                keys = {label.key for label in labels if label.role == "column" and label.table == part.table}
                if keys & {entry.key for entry in part.columns}:
                    own[column] = (_word(part, keys), cell.text)
                elif not labels:
                    strangers[column] = cell.text
    return [(column, *own[column]) for column in sorted(own)], {column: strangers[column] for column in strangers.keys() - own.keys()}


def _word(part: Part, keys: set[str]) -> str:
    """One spelling stands for all: the first word of the first column of that name."""
    return min(next(entry for entry in part.columns if entry.key in keys).words)


@lru_cache(maxsize=1024)
def embed(part: Part, words: tuple[str, ...]) -> tuple[int, ...] | None:
    """Indexes of the columns of ``part`` that the header names, in order; None when the words fit the form in no way or in several."""
    found = list(_embeddings(part, words, 0))
    return found[0] if len(found) == 1 else None


def _embeddings(part: Part, words: tuple[str, ...], start: int) -> Iterator[tuple[int, ...]]:
    if not words:
        yield ()
        return
    for index in range(start, len(part.columns) - len(words) + 1):
        if words[0] in part.columns[index].words:
            for rest in _embeddings(part, words[1:], index + 1):
                yield (index, *rest)
