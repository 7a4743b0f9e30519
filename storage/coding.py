"""A report's figures and checks as rows of the narrow tables, in two steps: whoever reads it makes rows with numbers of its own for the
words, whoever stores it puts the database's codes in their place."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, cast
from weakref import WeakKeyDictionary

from harvester.items import Check, Figure, Page, Status
from storage import schema

STATUS = {name: code for code, name in enumerate(schema.STATUS)}
OUTCOME = {name: code for code, name in enumerate(schema.OUTCOMES)}
Flat = list[Any]  # rows of one width, one after another
PLAIN, REST, PASSED, FAILED = 3, 5, 3, 5  # widths of the rows of Coded
ROWS = "rows"  # the note of a page whose figures and checks come as (Coded, Words) in place of objects
Cell = tuple[str, str, str, str | None]  # table, row, column, unit
Place = tuple[str, str]  # check, at


class Coded(NamedTuple):
    """Figures and checks of one report; numbers stand for the words.

    ``plain``: cell, value, place of what is printed as a plain number; ``rest``: cell, value, printed, status, place; ``passed``: place,
    left, right; ``failed``: place, left, right, outcome, if_blank_zero.
    """

    plain: Flat
    rest: Flat
    passed: Flat
    failed: Flat


class Words:
    """The cells and places of checks that one process has met, numbered in the order it met them; another process learns the news."""

    def __init__(self) -> None:
        self.cells: list[Cell] = []
        self.places: list[Place] = []
        self._cell_numbers: dict[Cell, int] = {}
        self._place_numbers: dict[Place, int] = {}

    def code(self, figures: Iterable[Figure], checks: Iterable[Check]) -> Coded:
        """The rows of a report."""
        return Coded(*self._figures(figures), *self._checks(checks))

    def _figures(self, figures: Iterable[Figure]) -> tuple[Flat, Flat]:
        plain, rest = Flat(), Flat()
        numbers = self._cell_numbers
        for figure in figures:
            cell = (figure.table, figure.row, figure.column, figure.unit)
            number = numbers.get(cell)
            if number is None:
                number = numbers[cell] = len(self.cells)
                self.cells.append(cell)
            table, row, column = figure.source_table, figure.source_row, figure.source_column
            if table is None or row is None or column is None or row > 4095 or column > 255:
                place = None
            else:
                place = table << 20 | row << 8 | column  # three numbers in one (``schema.PLACES`` takes it apart)
            value, printed = figure.value, figure.printed
            # The plain print of a number (or of nothing) need not be stored; the view prints it again.
            if printed == "" if value is None else (type(value) is int and printed == str(value)):
                printed = None
            if printed is None and figure.status == "printed":
                plain += (number, value, place)
            else:
                rest += (number, value, printed, STATUS[figure.status], place)
        return plain, rest

    def _checks(self, checks: Iterable[Check]) -> tuple[Flat, Flat]:
        passed, failed = Flat(), Flat()
        numbers = self._place_numbers
        for check in checks:
            place = (check.check, check.at)
            number = numbers.get(place)
            if number is None:
                number = numbers[place] = len(self.places)
                self.places.append(place)
            if check.outcome == "pass":
                passed += (number, check.left, check.right)
            else:
                failed += (number, check.left, check.right, OUTCOME[check.outcome], check.if_blank_zero)
        return passed, failed

    def since(self, cells: int, places: int) -> tuple[list[Cell], list[Place]]:
        """What was met after so many cells and places."""
        return self.cells[cells:], self.places[places:]

    def learn(self, cells: list[Cell], places: list[Place]) -> None:
        """What another process met, next to what it had met before."""
        self.cells += cells
        self.places += places


@dataclass(slots=True)
class Understood:
    """What numbers of :class:`Words` are in a database: codes of cells and places, and the units that are not a cell's usual one."""

    cells: list[int] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    unusual: dict[int, int] = field(default_factory=dict)


def figures_of(page: Page) -> list[Figure]:
    """The figures of a page that was read, here or by another process."""
    if ROWS not in page.notes:
        return page.report.figures if page.report else []
    coded, words = cast("tuple[Coded, Words]", page.notes[ROWS])
    found = []
    plain = ((number, value, None, 0, place) for number, value, place in zip(*[iter(coded.plain)] * PLAIN, strict=True))
    for number, value, printed, status, place in (*plain, *zip(*[iter(coded.rest)] * REST, strict=True)):
        table, row, column, unit = words.cells[number]
        if printed is None and schema.STATUS[status] != "absent":
            printed = "" if value is None else str(value)
        source = (None, None, None) if place is None else (place >> 20, place >> 8 & 4095, place & 255)
        found.append(Figure(table, row, column, value, unit, printed, cast("Status", schema.STATUS[status]), *source))
    return found


def _without(plain: Flat, unusual: dict[int, int], odd: Flat) -> Flat:
    """Plain rows but those of figures in an unusual unit, which are put to the rest."""
    kept = Flat()
    for number, value, place in zip(*[iter(plain)] * PLAIN, strict=True):
        if number in unusual:
            odd += (number, value, None, STATUS["printed"], place)
        else:
            kept += (number, value, place)
    return kept


class Codes:
    """The dictionaries of one database: cells, units, places of checks, content types, names of WARC files. New words are added."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.forget()

    def forget(self) -> None:
        """Reads the dictionaries anew when they are next needed; after a rollback the newest words may be gone."""
        self._words: dict[str, dict[str, int]] = {}
        self._units: dict[str | None, int] = {}
        self._cells: dict[tuple[str, str, str], tuple[int, str | None]] = {}
        self._meanings: WeakKeyDictionary[Words, Understood] = WeakKeyDictionary()

    def word(self, table: str, word: str) -> int | None:
        """Code of ``word`` in the dictionary ``content_type`` or ``warc_file``; None for the empty word."""
        if not word:
            return None
        known = self._words.setdefault(table, {})
        if word not in known:
            known[word] = self._code(f"SELECT code FROM {table} WHERE name = ?", f"INSERT INTO {table} (name) VALUES (?)", (word,))
        return known[word]

    def rows(self, coded: Coded, words: Words) -> tuple[Flat, Flat, Flat, Flat]:
        """The rows of :class:`Coded` with the codes of this database; those of figures that have an unusual unit with that.

        Plain figures as cell, value, place; the others as cell, value, unit, printed, status, place; checks that pass as place, left,
        right; the others as place, left, right, outcome, if_blank_zero.
        """
        known = self._understood(words)
        plain, passed, failed = coded.plain.copy(), coded.passed.copy(), coded.failed.copy()
        odd, rest = Flat(), Flat()
        if known.unusual and not known.unusual.keys().isdisjoint(plain[::PLAIN]):
            plain = _without(plain, known.unusual, odd)
        plain[::PLAIN] = [known.cells[number] for number in plain[::PLAIN]]
        passed[::PASSED] = [known.places[number] for number in passed[::PASSED]]
        failed[::FAILED] = [known.places[number] for number in failed[::FAILED]]
        for number, value, printed, status, place in zip(*[iter([*odd, *coded.rest])] * REST, strict=True):
            rest += (known.cells[number], value, known.unusual.get(number), printed, status, place)
        return plain, rest, passed, failed

    def _understood(self, words: Words) -> Understood:
        """The codes of these words; those of words that came since it was last asked are looked up, or made, now."""
        known = self._meanings.setdefault(words, Understood())
        for number in range(len(known.cells), len(words.cells)):
            *cell, unit = words.cells[number]
            code, usual = self._cell(cast("tuple[str, str, str]", tuple(cell)), unit)
            known.cells.append(code)
            if unit != usual:
                known.unusual[number] = self._unit(unit)
        for number in range(len(known.places), len(words.places)):
            known.places.append(self._place(words.places[number]))
        return known

    def _cell(self, cell: tuple[str, str, str], unit: str | None) -> tuple[int, str | None]:
        """Code of a cell and its usual unit, which is the first that it is met with."""
        if not self._cells:
            rows = self._connection.execute("SELECT table_key, row_key, column_key, code, unit FROM cell")
            self._cells = {(table, row, column): (code, usual) for table, row, column, code, usual in rows}
        if cell not in self._cells:
            write = "INSERT INTO cell (table_key, row_key, column_key, unit) VALUES (?, ?, ?, ?)"
            self._cells[cell] = int(self._connection.execute(write, (*cell, unit)).lastrowid or 0), unit
        return self._cells[cell]

    def _place(self, place: tuple[str, str]) -> int:
        read = "SELECT code FROM check_place WHERE check_id = ? AND at = ?"
        return self._code(read, "INSERT INTO check_place (check_id, at) VALUES (?, ?)", place)

    def _code(self, read: str, write: str, parameters: tuple[str | None, ...]) -> int:
        row = self._connection.execute(read, parameters).fetchone()
        return int(row[0]) if row else int(self._connection.execute(write, parameters).lastrowid or 0)

    def _unit(self, unit: str | None) -> int:
        if unit is None:
            return schema.NO_UNIT
        if unit not in self._units:
            self._units[unit] = self._code("SELECT code FROM unit WHERE unit = ?", "INSERT INTO unit (unit) VALUES (?)", (unit,))
        return self._units[unit]
