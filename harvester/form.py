"""What one form is: its tables' parts, places, labels and sums; and a printed word -> what it names in the form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from harvester.spelling import NUMBERING, PARENTHESIS, bare, fold, uncounted, yearless

Role = Literal["row", "column", "group", "caption", "furniture"]
MAX_LABEL = 80  # the longest label of any form has 46 characters; longer cells are prose


class Place(NamedTuple):
    """Key of one cell of a form."""

    table: str
    row: str
    column: str


class Label(NamedTuple):
    """What a printed label names. ``block`` is the part of the table it belongs to; ``key`` a row's, column's or group's key."""

    role: Role
    table: str
    block: str
    key: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a block: its key, the label's folded spellings, the unit the form gives it (None: it prints none), the words above it.

    ``signed``: it prints what was added or taken away, the only number that can be less than 0.
    """

    key: str
    words: frozenset[str]
    unit: str | None
    decimal: bool
    groups: frozenset[str]
    signed: bool = False


@dataclass(frozen=True, slots=True, eq=False)  # one object a form: it is its own key
class Part:
    """A block of rows under one header: a block of table 2, or all of table 3 or 4. ``line`` is the key of a row without a label."""

    table: str
    key: str
    columns: tuple[Column, ...]
    rows: tuple[str, ...]
    line: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Sum of the ``left`` figures = sum of the ``right`` ones, at each of ``places``: name, left and right indexes into ``Form.places``.

    ``status`` says where we have it from, when not from the form itself (``recalled``).
    """

    id: str
    places: tuple[tuple[str, tuple[int, ...], tuple[int, ...]], ...]
    status: str


class Indicator(NamedTuple):
    """A row of a form that prints one indicator a row. ``unit`` None: a chapter, which carries no number. ``parent``: whose part it is.

    ``status`` of its label: ``verbatim``, ``confirmed`` (its words were read, its exact print was not) or ``recalled`` (from memory).
    """

    key: str
    label: str
    unit: str | None
    parent: str
    code: str
    status: str


@dataclass(slots=True)
class Form:
    """One era's form. ``places`` are its cells in print order; ``parts`` its tables' blocks; ``labels`` every word it prints.

    ``sister_rows`` are rows (table, key) of another form that reports of this one print in place of its own ``replaced_rows``.
    ``indicators``, in print order, has the rows of a form that prints one indicator a row; it is empty for the forms that are matrices.
    """

    id: str
    title: str
    notice: str
    status: str
    detect: tuple[str, ...]
    detect_all: bool
    parts: tuple[Part, ...]
    sister_rows: frozenset[tuple[str, str]]
    replaced_rows: frozenset[tuple[str, str]]
    identities: tuple[Identity, ...]
    places: tuple[Place, ...]
    labels: dict[str, list[Label]]
    needles: tuple[tuple[str, Label], ...]
    indicators: dict[str, Indicator]
    row_sums: tuple[tuple[str, tuple[Place, ...], int], ...] = ()  # identities within one row: id, places, how many are on the left
    _row_places: dict[tuple[str, str, str], tuple[Place, ...]] = field(default_factory=dict)
    _found: dict[str, list[Label]] = field(default_factory=dict)

    def part(self, label: Label) -> Part:
        """The part of the form that a row's or column's label belongs to."""
        return next(part for part in self.parts if part.key == label.block and part.table == label.table)

    def row_places(self, part: Part, row: str) -> tuple[Place, ...]:
        """The places of one row, own or of the sister form, in the order of the part's columns."""
        known = self._row_places.get((part.table, part.key, row))
        if known is None:
            known = self._row_places[part.table, part.key, row] = tuple(Place(part.table, row, column.key) for column in part.columns)
        return known

    def find(self, text: str) -> list[Label]:
        """Every meaning of a printed label, best first by how exact; empty for a word the form does not know."""
        known = self._found.get(text)
        if known is None:
            known = self._look_up(text)
            if len(self._found) < 5000:
                self._found[text] = known
        return known

    def cued(self, printed: str) -> int:
        """How many of the form's own words ``printed`` holds; 0 where it needs all of them."""
        count = sum(word in printed for word in self.detect)
        return count if count == len(self.detect) or not self.detect_all else 0

    def known(self, cells: Iterable[str]) -> int:
        """How many of the form's labels, of rows, columns and what stands over them, the cells print."""
        return len({label for cell in cells for label in self.find(cell)})

    def share(self, cells: Iterable[str]) -> float:
        """Share of the form's labelled rows that the cells name."""
        own = {place.row for place in self.places} - {part.line for part in self.parts}
        return len(own & {label.key for cell in cells for label in self.find(cell) if label.role == "row"}) / len(own)

    def _look_up(self, text: str) -> list[Label]:
        whole = fold(text)
        if not whole or len(whole) > MAX_LABEL:
            return []
        for word in self._spelled(text, whole):
            if word in self.labels:
                return self.labels[word]
        return [label for needle, label in self.needles if needle in whole][:1]

    def _spelled(self, text: str, whole: str) -> tuple[str, ...]:
        if self.indicators:
            name = bare(text)
            return name, yearless(name), loose(name)
        numberless = NUMBERING.sub("", whole)
        return whole, numberless, PARENTHESIS.sub("", numberless)


def loose(name: str) -> str:
    """``name`` without 数, 数量, 总数 where enough is left to name something."""
    short = uncounted(name)
    return short if len(short) > 3 else name
