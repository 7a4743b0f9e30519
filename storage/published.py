"""The published copy of the database: what people scan lies narrow, texts and captures lie apart, and every view keeps its columns."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path

from storage import beside, boilerplate, comparing, listpages, merging, progress, schema, searching, tables
from storage.database import Database

Builder = Callable[[sqlite3.Connection], None]
# Views that become tables in the copy: worked out once, and found by what others name them by.
REAL = ("source_errors", "issues", "captures")
INDEXED = {
    "source_errors": ("report_id", "organ_id", "strength", "check_id", "year", "scope"),
    "issues": ("report_id",),
    "captures": ("report_id", "run_id", "portal_id"),
}
DECLARED = {"integer": "INTEGER", "number": "NUMERIC", "string": "TEXT"}  # REAL would print 18 as 18.0
# What the views of the copy are asked by: Datasette's facets and filters, and the ids that other tables name.
INDEXES = ("CREATE INDEX report_place ON report(year, superseded_by, rendition_of, level, form)",)
TEXTS = "texts"
# Columns that name a report are of text, and an index is followed only where it keeps what is compared: as text, in one form.
PUBLIC = f"CAST({schema.ID} AS TEXT)"
# What a crawl or a replay is resumed from, and what a merge remembers of its shards, says nothing about reports.
LEFT_OUT = (*listpages.TABLES, *progress.NAMES, *merging.TABLES)


def make(source: Path, target: Path, builders: Iterable[Builder]) -> dict[str, list[tables.Column]]:
    """Writes ``target``, the copy of the database ``source``; returns the columns of each table people see.

    ``builders`` add derived tables: each is called with a connection that has the tables and views of ``source`` by their names there,
    and the texts in ``texts(key, text)``.
    """
    with Database(source) as database:
        database.connection.execute("VACUUM INTO ?", (str(target),))
    connection = sqlite3.connect(target, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA synchronous = OFF")  # a copy that breaks off is thrown away as a whole
        with beside.comparing(connection, target.with_name("texts.db")) as write_boilerplate:
            connection.execute("BEGIN")
            _lay_out(connection)
            for build in (*builders, searching.build):
                build(connection)
            connection.execute("COMMIT")
            write_boilerplate()
        connection.execute("BEGIN")
        described = {table: tables.columns(connection, table) for table in (*tables.KEYS, *tables.PUBLISHED)}
        _hide_codes(connection)
        connection.execute("COMMIT")
        _finish(connection)
    finally:
        connection.close()
    return described


def real(connection: sqlite3.Connection, view: str, indexed: Iterable[str]) -> None:
    """Makes ``view``, whose keys :mod:`storage.tables` tells, a table with declared types, keys that Datasette follows, and indexes."""
    described = tables.columns(connection, view)
    key, references = {**tables.KEYS, **tables.PUBLISHED}[view]
    columns = [_column(connection, column, key, references.get(column.name, "")) for column in described]
    connection.execute(f"CREATE TEMP TABLE rows AS SELECT * FROM {view}")
    connection.execute(f"DROP VIEW {view}")
    connection.execute(f"CREATE TABLE {view} ({', '.join(columns)})")
    connection.execute(f"INSERT INTO {view} SELECT * FROM temp.rows")
    connection.execute("DROP TABLE temp.rows")
    for name in indexed:
        connection.execute(f"CREATE INDEX idx_{view}_{name} ON {view}({name})")


def inside() -> list[str]:
    """Names of the copy's own tables that nobody is to rely on."""
    own = (*boilerplate.TABLES, TEXTS, searching.SECTIONS, "_sqlite_migrations")
    return [*(f"_{name}" for name in (*schema.TABLES, *comparing.TABLES)), *own]


def _lay_out(connection: sqlite3.Connection) -> None:
    connection.execute(f"ALTER TABLE report_text RENAME TO {TEXTS}")
    connection.execute(f"ALTER TABLE {TEXTS} RENAME COLUMN report TO key")
    for view in REAL:
        real(connection, view, INDEXED[view])
    _name_runs(connection)
    _name_reports(connection)
    for statement in INDEXES:
        connection.execute(statement)
    for table in LEFT_OUT:
        connection.execute(f"DROP TABLE IF EXISTS {table}")


def _name_reports(connection: sqlite3.Connection) -> None:
    """Reports by their id in the views, so that joins find them."""
    views = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'view' AND instr(sql, ?)", (schema.ID,)).fetchall()
    for name, sql in views:
        connection.execute(f"DROP VIEW {name}")
        connection.execute(sql.replace(schema.ID, PUBLIC))
    connection.execute("DROP INDEX report_public")
    connection.execute(f"CREATE INDEX report_public ON report({PUBLIC.replace('r.', '')})")


def _name_runs(connection: sqlite3.Connection) -> None:
    """Runs by their id, as the other tables name them: Datasette follows a key to a primary key and nowhere else."""
    columns = [_column(connection, column, ("id",), "") for column in tables.columns(connection, "runs")]
    found = "portal_id, outcome, reason, listed, fetched, new, changed, unchanged, withdrawn, rejected"
    connection.execute("CREATE TEMP TABLE old_runs AS SELECT * FROM runs")
    connection.execute(f"CREATE TEMP TABLE old_found AS SELECT u.id, {found} FROM run_portals p JOIN runs u ON u.key = p.run")
    for table in ("run_portals", "runs"):
        connection.execute(f"DROP TABLE {table}")
    connection.execute(f"CREATE TABLE runs ({', '.join(columns)})")
    connection.execute("CREATE UNIQUE INDEX idx_runs_key ON runs(key)")
    connection.execute("INSERT INTO runs SELECT * FROM temp.old_runs")
    connection.execute(f"CREATE TABLE run_portals (run TEXT REFERENCES runs(id), {found}, PRIMARY KEY (run, portal_id))")
    connection.execute("INSERT INTO run_portals SELECT * FROM temp.old_found")
    for table in ("old_runs", "old_found"):
        connection.execute(f"DROP TABLE temp.{table}")


def _column(connection: sqlite3.Connection, column: tables.Column, key: tuple[str, ...], target: str) -> str:
    declared = f'"{column.name}" {DECLARED[column.type]}'
    if key == (column.name,):
        declared += " PRIMARY KEY"
    table, _, field = target.partition(".")
    followed = connection.execute("SELECT 1 FROM sqlite_master WHERE name = ? AND type = 'table'", (table,)).fetchone()
    return f"{declared} REFERENCES {table}({field})" if followed else declared


def _hide_codes(connection: sqlite3.Connection) -> None:
    """The narrow tables behind the views get an underscore: Datasette hides by how a name begins, and ``report`` begins ``reports``."""
    for name in _narrow(connection):
        connection.execute(f"ALTER TABLE {name} RENAME TO _{name}")


def _finish(connection: sqlite3.Connection) -> None:
    connection.execute("ANALYZE")
    connection.execute("VACUUM")


def _narrow(connection: sqlite3.Connection) -> list[str]:
    present = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    shown = {*tables.KEYS, *tables.PUBLISHED, "region_names", "run_portals"}
    return [name for name in (*schema.TABLES, *comparing.TABLES) if name in present and name not in shown]
