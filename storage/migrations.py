"""How a database of any earlier version becomes one of today's: migrations in order, each applied once."""

from __future__ import annotations

import hashlib
from functools import cache

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from harvester import forms
from storage import schema

migrations = Migrations("harvester")


@migrations()
def m001_tables(db: Database) -> None:
    """Tables and indexes of the first version."""
    for statement in (*schema.TABLES.values(), *schema.INDEXES.values()):
        db.execute(statement)
    db.execute("INSERT INTO unit (code, unit) VALUES (?, NULL)", [schema.NO_UNIT])


def unknown(db: Database) -> list[str]:
    """Migrations that were applied by a newer version than this one."""
    ours = {entry.name for entry in migrations._migrations}
    return [entry.name for entry in migrations.applied(db) if entry.name not in ours]


def outdated(db: Database) -> bool:
    """Are the views or the cells of the forms others than today's? ``user_version`` remembers which were put in."""
    ((version,),) = db.execute("PRAGMA user_version").fetchall()
    return bool(version != _fingerprint())


@cache
def _fingerprint() -> int:
    parts = [*schema.VIEWS.values(), schema.WIDE_HEAD, schema.WIDE_TAIL, str(schema.WIDE)]
    parts += [str(forms.load(form_id).places) for form_id in forms.form_ids()]
    return int.from_bytes(hashlib.sha256("".join(parts).encode()).digest()[:3])


def refresh(db: Database) -> None:
    """Adds the cells of forms that are new and puts every view to today's definition. Views hold no data, so they need no migration."""
    _add_cells(db)
    columns = "code, table_key, row_key, column_key"
    cells = list(db.execute(f"SELECT {columns} FROM cell WHERE table_key LIKE 'table_%' ORDER BY code").fetchall())
    views = {**schema.VIEWS, **{name: schema.wide_view(name, cells) for name in schema.WIDE}}
    for name, sql in views.items():
        db.create_view(name, sql, replace=True)
    db.conn.execute(f"PRAGMA user_version = {_fingerprint()}")


def _add_cells(db: Database) -> None:
    for form_id in reversed(forms.form_ids()):  # oldest first, so codes are the same in every new database
        form = forms.load(form_id)
        units = {
            (part.table, row, column.key): column.unit
            for part in form.parts
            for row in part.rows or (part.line,)
            for column in part.columns
        }
        rows = [(*place, units.get((place.table, place.row, place.column))) for place in form.places]
        db.conn.executemany("INSERT OR IGNORE INTO cell (table_key, row_key, column_key, unit) VALUES (?, ?, ?, ?)", rows)
