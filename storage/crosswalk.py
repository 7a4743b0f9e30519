"""What each line of each era's form is, and what it is in the other eras, as tables of the published copy."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from harvester import crosswalk
from storage import tables

CROSSWALK = """CREATE TABLE crosswalk (from_form TEXT, from_key TEXT, to_form TEXT, to_key TEXT, comparability TEXT, note_zh TEXT,
    note_en TEXT)"""
KEYS = """CREATE TABLE form_keys (form TEXT, key TEXT, table_key TEXT, zh TEXT, en TEXT, unit TEXT, first_year INTEGER, last_year INTEGER,
    legal_basis TEXT, comparable_with TEXT, PRIMARY KEY (form, key))"""


def build(connection: sqlite3.Connection) -> None:
    """The tables ``crosswalk`` and ``form_keys``, from the data files alone."""
    for name, sql, rows in (("crosswalk", CROSSWALK, crosswalk.crossings()), ("form_keys", KEYS, tuple(described()))):
        connection.execute(f"DROP TABLE IF EXISTS {name}")
        connection.execute(sql)
        connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows)
    connection.execute("CREATE INDEX idx_crosswalk_from_key ON crosswalk(from_key, from_form)")


def described() -> Iterator[tuple[str | int | None, ...]]:
    """Each line of each form with its names, unit, years, legal basis, and the forms with which it is one series as it stands."""
    same = {form: {key: [form] for key in crosswalk.keys(form)} for form in crosswalk.eras()}
    for row in crosswalk.crossings():
        if row.comparability == "same" and row.to_key:
            same[row.from_form][row.from_key].append(row.to_form)
            same[row.to_form][row.to_key].append(row.from_form)
    for form in crosswalk.eras():
        for key in crosswalk.keys(form).values():
            zh, en = ("：".join(part for part in parts if part) for parts in zip(_label("row", key.row), _label("column", key.column)))
            years = (key.first_year, key.last_year)
            others = ", ".join(sorted(set(same[form][key.key]) - {form}))
            yield form, key.key, key.table, zh, en, key.unit, *years, key.legal_basis, others


def _label(kind: str, key: str) -> tuple[str, str]:
    return tables.label(kind, key) if key else ("", "")
