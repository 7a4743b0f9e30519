"""Many narrow rows of one report with few statements: beginning a statement and binding the report's key cost more than storing a row."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

SIZES = (32, 8, 1)  # rows a statement; larger ones gain nothing more, and a page has some two hundred rows


class Rows:
    """INSERT of a report's rows into ``table``: its key, then ``columns``, then ``fixed`` (column -> code), the same in all rows."""

    def __init__(self, table: str, columns: Sequence[str], **fixed: int) -> None:
        self.width = len(columns)
        head = f"INSERT INTO {table} ({', '.join(['report', *columns, *fixed])}) VALUES "
        self._statements = [(size, head + ", ".join(self._row(number, fixed) for number in range(size))) for size in SIZES]

    def _row(self, number: int, fixed: dict[str, int]) -> str:
        first = 2 + number * self.width  # ?1 is the report
        return f"({', '.join(['?1', *(f'?{first + place}' for place in range(self.width)), *map(str, fixed.values())])})"

    def insert(self, connection: sqlite3.Connection, report: int, flat: Sequence[object]) -> None:
        """Writes the rows that stand in ``flat`` one after another, a value for each of the columns."""
        at = 0
        for size, statement in self._statements:
            length = size * self.width
            while at + length <= len(flat):
                connection.execute(statement, (report, *flat[at : at + length]))
                at += length
