"""Words into the small integers that stand for them in the narrow tables; a report's figures and checks as rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from harvester.items import Check, Figure
from storage import schema

STATUS = {name: code for code, name in enumerate(schema.STATUS)}
OUTCOME = {name: code for code, name in enumerate(schema.OUTCOMES)}
Flat = list[object]  # rows of one width, one after another


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
        self._places: dict[tuple[str, str], int] = {}

    def word(self, table: str, word: str) -> int | None:
        """Code of ``word`` in the dictionary ``content_type`` or ``warc_file``; None for the empty word."""
        if not word:
            return None
        known = self._words.setdefault(table, {})
        if word not in known:
            known[word] = self._code(f"SELECT code FROM {table} WHERE name = ?", f"INSERT INTO {table} (name) VALUES (?)", (word,))
        return known[word]

    def values(self, figures: Iterable[Figure]) -> tuple[Flat, Flat]:
        """Rows of the table ``value``: plain ones (a printed number in its usual unit) as cell, value, place; the rest as cell, value,
        unit, printed, status, place."""
        if not self._cells:
            self._read_cells()
        cells, plain, rest = self._cells, Flat(), Flat()
        for figure in figures:
            place = _place(figure.source_table, figure.source_row, figure.source_column)
            code, usual = cells.get((figure.table, figure.row, figure.column)) or self._new_cell(figure)
            value, printed = figure.value, figure.printed
            # The plain print of a number (or of nothing) need not be stored; the view prints it again.
            if printed == "" if value is None else (type(value) is int and printed == str(value)):
                printed = None
            if printed is None and figure.unit == usual and figure.status == "printed":
                plain += (code, value, place)
            else:
                unit = None if figure.unit == usual else self._unit(figure.unit)
                rest += (code, value, unit, printed, STATUS[figure.status], place)
        return plain, rest

    def checks(self, checks: Iterable[Check]) -> tuple[Flat, Flat]:
        """Rows of the table ``check_result``: those that pass as place, left, right; the rest as place, left, right, outcome,
        if_blank_zero."""
        passed, rest = Flat(), Flat()
        for check in checks:
            key = (check.check, check.at)
            place = self._places.get(key)
            if place is None:
                read = "SELECT code FROM check_place WHERE check_id = ? AND at = ?"
                place = self._places[key] = self._code(read, "INSERT INTO check_place (check_id, at) VALUES (?, ?)", key)
            if check.outcome == "pass":
                passed += (place, check.left, check.right)
            else:
                rest += (place, check.left, check.right, OUTCOME[check.outcome], check.if_blank_zero)
        return passed, rest

    def _code(self, read: str, write: str, parameters: tuple[str | None, ...]) -> int:
        row = self._connection.execute(read, parameters).fetchone()
        return int(row[0]) if row else int(self._connection.execute(write, parameters).lastrowid or 0)

    def _read_cells(self) -> None:
        rows = self._connection.execute("SELECT table_key, row_key, column_key, code, unit FROM cell")
        self._cells = {(table, row, column): (code, unit) for table, row, column, code, unit in rows}

    def _new_cell(self, figure: Figure) -> tuple[int, str | None]:
        key = (figure.table, figure.row, figure.column)
        write = "INSERT INTO cell (table_key, row_key, column_key, unit) VALUES (?, ?, ?, ?)"
        code = int(self._connection.execute(write, (*key, figure.unit)).lastrowid or 0)
        self._cells[key] = (code, figure.unit)
        return self._cells[key]

    def _unit(self, unit: str | None) -> int:
        if unit is None:
            return schema.NO_UNIT
        if unit not in self._units:
            self._units[unit] = self._code("SELECT code FROM unit WHERE unit = ?", "INSERT INTO unit (unit) VALUES (?)", (unit,))
        return self._units[unit]


def _place(table: int | None, row: int | None, column: int | None) -> int | None:
    """Table, row and column in one integer of three bytes (``schema.PLACES`` takes it apart)."""
    if table is None or row is None or column is None or row > 4095 or column > 255:
        return None
    return table << 20 | row << 8 | column
