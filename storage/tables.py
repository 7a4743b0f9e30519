"""The tables and views users see: their columns, types and descriptions, for every export and for the published folder."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from storage import reference, schema

INTEGERS = frozenset(
    (
        *(
            "year",
            "http_status",
            "recognised",
            "warc_offset",
            "source_table",
            "source_row",
            "source_column",
            "key",
            "capture_id",
            "if_blank_zero",
            "reports",
            "blank",
            "absent",
            "doubtful",
        ),
        *(
            "old_capture_id",
            "new_capture_id",
            "days_late",
            "first_year",
            "last_year",
            "n",
            "expected",
            "found",
            "parsed",
            "checked",
            "verified",
        ),
        *("shared_characters", "characters", "organs"),
        *("min_reports", "requests", "bytes", "listed", "fetched", "new", "changed", "unchanged", "withdrawn", "rejected", "run"),
    )
)
NUMBERS = frozenset(("value", "old_value", "new_value", "share", "numerator", "denominator", "left_value", "right_value", "seconds"))
WIDE_HEAD = 11  # the columns of a wide view that say which report it is; all others are totals
# table -> (its primary key, column -> "table.column" it refers to)
KEYS: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "reports": (
        ("id",),
        {"organ_id": "organs.id", "portal_id": "portals.id", "region_code": "regions.code", "superseded_by": "reports.id"},
    ),
    "captures": (("id",), {"report_id": "reports.id", "run_id": "runs.id", "portal_id": "portals.id"}),
    "figures": (("report_id", "table_key", "row_key", "column_key"), {"report_id": "reports.id", "capture_id": "captures.id"}),
    "checks": (("report_id", "check_id", "at"), {"report_id": "reports.id"}),
    "source_errors": ((), {"report_id": "reports.id", "organ_id": "organs.id", "region_code": "regions.code"}),
    "issues": ((), {"report_id": "reports.id", "run_id": "runs.id"}),
    "prose": ((), {"report_id": "reports.id"}),
    "organs": (("id",), {"region_code": "regions.code"}),
    "regions": (("code",), {"parent": "regions.code"}),
    "portals": (("id",), {"region_code": "regions.code"}),
    "runs": (("id",), {}),
    "labels": (("kind", "key"), {}),
    "proactive": (("report_id",), {"report_id": "reports.id"}),
    "requests": (("report_id",), {"report_id": "reports.id"}),
    "disputes": (("report_id",), {"report_id": "reports.id"}),
}
# The same of tables that are worked out for the published copy and are in no other database (``publish.DERIVED``).
PUBLISHED: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "totals": (("region_code", "scope", "level", "year", "table_key", "row_key", "column_key"), {"region_code": "regions.code"}),
    "rates": (("region_code", "scope", "year", "rate"), {"region_code": "regions.code"}),
    "revisions": (
        ("report_id", "previous_id", "table_key", "row_key", "column_key"),
        {"report_id": "reports.id", "previous_id": "reports.id", "old_capture_id": "captures.id", "new_capture_id": "captures.id"},
    ),
    "ledger": (
        ("organ_id", "year"),
        {"organ_id": "organs.id", "region_code": "regions.code", "report_id": "reports.id", "portal_id": "portals.id"},
    ),
    "coverage": ((), {"region_code": "regions.code"}),
    "crosswalk": ((), {}),
    "form_keys": (("form", "key"), {}),
    "organ_links": (("organ_id", "other_id"), {"organ_id": "organs.id", "other_id": "organs.id"}),
    "boilerplate": (("report_id", "section", "against"), {"report_id": "reports.id", "other_id": "reports.id"}),
}
EVERY = {**KEYS, **PUBLISHED}


@dataclass(frozen=True, slots=True)
class Column:
    """A column users see. ``type`` is ``integer``, ``number`` or ``string``; the texts are those of ``labels.csv``."""

    name: str
    type: str
    zh: str
    en: str


@cache
def label(kind: str, key: str) -> tuple[str, str]:
    """Chinese and English name of a key, with what is said about it in brackets; ("", "") for one without a label."""
    return _labels().get((kind, key), ("", ""))


@cache
def _labels() -> dict[tuple[str, str], tuple[str, str]]:
    rows = reference.labels()
    return {(row["kind"], row["key"]): (_told(row["zh"], row["description_zh"]), _told(row["en"], row["description_en"])) for row in rows}


def _told(name: str, description: str) -> str:
    return f"{name} ({description})" if description else name


def columns(connection: sqlite3.Connection, table: str) -> list[Column]:
    """The columns of a table or view, in order."""
    names = [row[0] for row in connection.execute(f"SELECT * FROM {table} LIMIT 0").description]
    return [Column(name, _type(table, name, place), *_describe(connection, table, name, place)) for place, name in enumerate(names)]


def _type(table: str, name: str, place: int) -> str:
    if table in schema.WIDE:
        return "number" if place >= WIDE_HEAD else "integer" if name == "year" else "string"
    if (table, name) == ("captures", "id"):
        return "integer"
    if name == "key" and table in ("labels", "prose", "form_keys"):
        return "string"
    return "integer" if name in INTEGERS else "number" if name in NUMBERS else "string"


def _describe(connection: sqlite3.Connection, table: str, name: str, place: int) -> tuple[str, str]:
    if table not in schema.WIDE or place < WIDE_HEAD:
        return label("field", f"{table}.{name}")
    return _totals(connection, table).get(name, ("", ""))


def _totals(connection: sqlite3.Connection, view: str) -> dict[str, tuple[str, str]]:
    """Column of a wide view -> the labels of the row and the column of the form that it shows."""
    cells = _cells(connection)
    by_code = {cell[0]: cell for cell in cells}
    told = {}
    for name, code in schema.wide_columns(view, cells):
        row, column = label("row", by_code[code][2]), label("column", by_code[code][3])
        parts = {"proactive": (row, column), "requests": (row,), "disputes": (column,)}[view]
        told[name] = (": ".join(part[0] for part in parts), ": ".join(part[1] for part in parts))
    return told


def units(connection: sqlite3.Connection, view: str) -> dict[str, str]:
    """Column of a wide view -> the unit its form prints, for those that have one."""
    table = "_cell" if _published(connection) else "cell"
    told: dict[int, str] = dict(connection.execute(f"SELECT code, unit FROM {table} WHERE unit IS NOT NULL").fetchall())
    return {name: told[code] for name, code in schema.wide_columns(view, _cells(connection)) if code in told}


def _cells(connection: sqlite3.Connection) -> list[tuple[int, str, str, str]]:
    """(code, table, row, column) of every cell of every form, each form's in its print order."""
    table = "_cell" if _published(connection) else "cell"
    return connection.execute(f"SELECT code, table_key, row_key, column_key FROM {table} ORDER BY code").fetchall()


def _published(connection: sqlite3.Connection) -> bool:
    """Whether this is the published copy, whose inside has an underscore before its names."""
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = '_cell'").fetchone() is not None


def rows(connection: sqlite3.Connection, table: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a table or view in the order of its primary key."""
    order = ", ".join(EVERY[table][0]) or "1, 2, 3, 4"
    cursor: Iterator[tuple[Any, ...]] = connection.execute(f"SELECT * FROM {table} ORDER BY {order}")
    return cursor  # not yielded from: an export that breaks off would close the cursor after its database, with a traceback
