"""How a database of any earlier version becomes one of today's: migrations in order, each applied once."""

from __future__ import annotations

import hashlib
from functools import cache

from harvester import cross, forms
from storage import comparing, listpages, reference, register, schema
from storage.sqlite import Database, Migrations

migrations = Migrations("harvester")


@migrations()
def m001_tables(db: Database) -> None:
    """Tables and indexes of the first version."""
    for statement in (*schema.TABLES.values(), *schema.INDEXES.values()):
        db.execute(statement)
    db.execute("INSERT INTO unit (code, unit) VALUES (?, NULL)", [schema.NO_UNIT])


@migrations()
def m002_checks_between_reports(db: Database) -> None:
    """What the views need to compare reports: whose they are, and what is compared with what."""
    for statement in (*comparing.TABLES.values(), *comparing.INDEXES.values()):
        db.execute(statement)
    db.execute("DROP INDEX report_organ")  # report_series begins with the same column


@migrations()
def m003_renditions(db: Database) -> None:
    """Attachments with the page that carries them, archives of files, and several renditions of one report."""
    for (table, column), declared in schema.COLUMNS.items():
        db.execute(f"ALTER TABLE {table} ADD COLUMN {column} {declared}")
    db.execute("DROP INDEX capture_place")
    for statement in schema.MORE_INDEXES.values():
        db.execute(statement)


@migrations()
def m004_resume(db: Database) -> None:
    """What a killed run is resumed from: the list pages it had read, and which pages carry files."""
    for statement in listpages.TABLES.values():
        db.execute(statement)
    db.execute("ALTER TABLE visit ADD COLUMN carries INTEGER")


@migrations()
def m005_years_of_a_run(db: Database) -> None:
    """The report years that a crawl was asked for, null for all: what lies outside them was not looked for, so it is not missing."""
    db.execute("ALTER TABLE runs ADD COLUMN years TEXT")


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
    parts = [*views().values(), schema.WIDE_HEAD, schema.WIDE_TAIL, str(schema.WIDE), str(cross.strengths()), str(cross.children())]
    parts.append(str(cross.terms()))
    parts += [str(forms.load(form_id).places) for form_id in forms.form_ids()]
    return int.from_bytes(hashlib.sha256("".join(parts).encode()).digest()[:3])


def views() -> dict[str, str]:
    """Name -> SQL of every view that is the same in all databases."""
    return {**schema.VIEWS, **comparing.VIEWS, **register.VIEWS}


def refresh(db: Database) -> None:
    """Adds the cells of forms that are new and puts every view to today's definition. Views hold no data, so they need no migration."""
    _add_cells(db)
    _write_rules(db)
    reference.load_labels(db)  # views show the names of checks
    columns = "code, table_key, row_key, column_key"
    cells = list(db.execute(f"SELECT {columns} FROM cell WHERE table_key LIKE 'table_%' ORDER BY code").fetchall())
    wide = {name: schema.wide_view(name, cells) for name in schema.WIDE}
    for name, sql in {**views(), **wide}.items():
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


def _write_rules(db: Database) -> None:
    """The tables of :mod:`storage.comparing`, as the data files say today."""
    for table in comparing.TABLES:
        db.execute(f"DELETE FROM {table}")
    write = db.conn.executemany
    terms = cross.terms()
    write("INSERT INTO check_rule VALUES (?, ?)", cross.strengths().items())
    write("INSERT INTO child_level VALUES (?, ?, ?, ?)", cross.children())
    write("INSERT OR IGNORE INTO check_place (check_id, at) VALUES (?, ?)", ((term.check, term.at) for term in terms))
    cells = "SELECT code FROM cell WHERE table_key = ? AND row_key = ? AND column_key = ?"
    places = "SELECT code FROM check_place WHERE check_id = ? AND at = ?"
    rows = (
        (comparing.KIND[term.kind], term.form, term.before, term.check, term.at, term.years_back, *term.place, term.side, term.sign)
        for term in terms
    )
    write(f"INSERT INTO check_term VALUES (?, ?, ?, ({places}), ?, ({cells}), ?, ?)", rows)
