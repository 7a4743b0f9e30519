"""The reference tables: regions, portals and labels as the data files give them; organs as the reports do."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from storage.sqlite import Database

REGION_COLUMNS = ("code", "name", "level", "parent", "valid_from", "valid_to", "source")
LABEL_COLUMNS = ("kind", "key", "zh", "en", "description_zh", "description_en", "unit")
PORTAL_COLUMNS = ("name", "region_code", "list_url", "family", "min_reports", "note", "seen_in", "seen_on")


def load(db: Database, portals: Iterable[Any] = (), region_files: Iterable[str | Path] = ()) -> None:
    """Brings regions, labels and portals to what the data files say. ``portals`` have the attributes of the registry's columns."""
    rows = [*_rows(_packaged("regions.csv")), *(row for file in region_files for row in _rows(Path(file).read_text("utf-8-sig")))]
    _load_regions(db, rows)
    load_labels(db)
    for portal in portals:
        values = {column: getattr(portal, column, None) for column in PORTAL_COLUMNS}
        stub(db.conn, "regions", values["region_code"])
        db.table("portals").upsert({"id": portal.portal_id, **values, "region_code": values["region_code"] or None}, pk="id")


def labels() -> list[dict[str, str]]:
    """The lines of ``labels.csv``: kind, key, zh, en, description_zh, description_en, unit."""
    return [dict(row) for row in _rows(_packaged("labels.csv"))]


def _packaged(name: str) -> str:
    return files("harvester.data").joinpath(name).read_text("utf-8-sig")


def _rows(text: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(text.splitlines())


def _load_regions(db: Database, rows: list[dict[str, str]]) -> None:
    rows.sort(key=lambda row: (row["code"], row["valid_from"]))
    names = [{column: row[column] for column in ("code", "name", "valid_from", "valid_to", "source")} for row in rows]
    db.table("region_names").insert_all(names, pk=("code", "valid_from", "name"), replace=True)
    # One row a code: its latest name. A true upsert, so that nobody's reference is cut for a moment.
    latest = {row["code"]: {column: row[column] or None for column in REGION_COLUMNS} for row in rows}
    db.table("regions").upsert_all(latest.values(), pk="code")


def load_labels(db: Database) -> None:
    """Brings the table ``labels`` to what ``labels.csv`` says."""
    db.execute("DELETE FROM labels")
    rows = [tuple(row.get(column) or "" for column in LABEL_COLUMNS) for row in labels()]
    db.conn.executemany("INSERT INTO labels VALUES (?, ?, ?, ?, ?, ?, ?)", rows)


def stub(connection: sqlite3.Connection, table: str, key: str | None) -> str | None:
    """``key`` with a row of its own in ``regions`` or ``portals``, be it one that only says its key; None for an empty key."""
    if not key:
        return None
    column = "code" if table == "regions" else "id"
    connection.execute(f"INSERT OR IGNORE INTO {table} ({column}, name) VALUES (?, ?)", (key, key))
    return key


class Organs:
    """The table ``organs``: of the names that were printed for one organ the fullest stays, whoever came first."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._known: dict[str, tuple[int, str, str, str]] = {}

    def forget(self) -> None:
        """After a rollback: what was thought to be stored may not be."""
        self._known.clear()

    def keep(self, organ_id: str, name: str, region_code: str, level: str) -> str | None:
        """The id, now in the table; None for an empty one."""
        if not organ_id:
            return None
        mine = (-len(name), name, region_code, level)
        known = self._known.get(organ_id) or self._read(organ_id)
        if known is None or mine < known:
            write = """INSERT INTO organs (id, name, region_code, level) VALUES (?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET name = excluded.name, region_code = excluded.region_code, level = excluded.level"""
            self._connection.execute(write, (organ_id, name, stub(self._connection, "regions", region_code), level))
            known = mine
        self._known[organ_id] = known
        return organ_id

    def _read(self, organ_id: str) -> tuple[int, str, str, str] | None:
        row = self._connection.execute("SELECT name, region_code, level FROM organs WHERE id = ?", (organ_id,)).fetchone()
        return None if row is None else (-len(row[0]), row[0], row[1] or "", row[2] or "")
