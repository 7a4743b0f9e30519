"""The Datasette-ready folder: a copy of the database with real tables, keys and a search index, its descriptions, its pages."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from harvester import __version__, forms
from harvester.errors import StorageError
from storage import comparing, measures, news, opening, queries, replacing, schema, tables
from storage.database import Database
from storage.site.plugins.zh_search import spaced

NAME = "harvest"
# Views that become real tables in the copy: only tables have keys that Datasette follows.
REAL = ("source_errors", "reports", "captures", "issues")
FACETS = ("year", "level", "province", "form")
ERROR_FACETS = ("strength", "check_id", "year", "scope")
INDEXED = {
    "source_errors": ("report_id", "organ_id", *ERROR_FACETS),
    "reports": (*FACETS, "organ_id", "region_code", "portal_id", "superseded_by"),
    "captures": ("report_id", "run_id"),
    "issues": ("report_id",),
}
DECLARED = {"integer": "INTEGER", "number": "NUMERIC", "string": "TEXT"}  # REAL would print 18 as 18.0


def publish(db: str | Path, out: str | Path) -> str:
    """Writes the folder ``out`` from the database ``db``; one line tells what is in it. A folder published before is replaced whole, or
    stays as it is.

    Raises :class:`StorageError` when the folder cannot be written.
    """
    place = Path(out)
    try:
        with replacing.whole(place) as folder:
            with opening.one_line(place):
                _write_news(Path(db), folder)
                reports = _copy_database(Path(db), folder / f"{NAME}.db")
            _copy_site(folder)
            (folder / "README.md").write_text(_text("README.md").format(version=__version__, reports=reports, name=NAME), "utf-8")
    except OSError as error:
        raise StorageError(f"{place}: cannot be written ({error.strerror}); make room or give another --out DIR") from error
    return f"{place}: {reports:,} reports, ready for Datasette"


def fresh(db: str | Path) -> Path:
    """The published folder beside the database (``harvest-site`` for ``harvest.db``), made anew when the database is newer."""
    path = Path(db)
    folder = path.with_name(f"{path.stem}-site")
    published = folder / "README.md"  # written last
    newest = max(file.stat().st_mtime for file in (path, path.with_name(f"{path.name}-wal")) if file.exists())
    if not published.exists() or published.stat().st_mtime <= newest:
        publish(path, folder)
    return folder


def serve_args(folder: str | Path, port: int) -> list[str]:
    """Arguments for ``python -m datasette``: the folder on 127.0.0.1."""
    place = Path(folder)
    settings = {"sql_time_limit_ms": "5000", "facet_time_limit_ms": "2000", "max_returned_rows": "5000", "truncate_cells_html": "100"}
    return [
        *("serve", "--immutable", str(place / f"{NAME}.db"), "--metadata", str(place / "metadata.json")),
        *("--plugins-dir", str(place / "plugins"), "--template-dir", str(place / "templates")),
        *("--static", f"assets:{place / 'static'}", "--host", "127.0.0.1", "--port", str(port)),
        *(word for name, value in settings.items() for word in ("--setting", name, value)),
    ]


def _write_news(source: Path, folder: Path) -> None:
    """The feed, and the measures that a later publication is compared with."""
    with Database(source) as database:
        told = measures.of_database(database.connection)
        feed = news.feed(database.connection)
    (folder / measures.NAME).write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    (folder / news.FEED).write_bytes(feed)


def _copy_database(source: Path, target: Path) -> int:
    """The copy at ``target``; returns the number of current reports."""
    with Database(source) as database:
        database.connection.execute("VACUUM INTO ?", (str(target),))
    with closing(sqlite3.connect(target, isolation_level=None)) as connection:
        _make_real(connection)
        _index_texts(connection)
        described = _metadata(connection)
        _hide_codes(connection)
        (count,) = connection.execute("SELECT count(*) FROM reports WHERE superseded_by IS NULL").fetchone()
        connection.execute("ANALYZE")
        connection.execute("VACUUM")
    target.with_name("metadata.json").write_text(json.dumps(described, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return int(count)


def _make_real(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("BEGIN")
    for view in REAL:
        described = tables.columns(connection, view)
        key, references = tables.KEYS[view]
        columns = [_column(column, key, references.get(column.name, "")) for column in described]
        connection.execute(f"CREATE TEMP TABLE rows AS SELECT * FROM {view}")
        connection.execute(f"DROP VIEW {view}")
        connection.execute(f"CREATE TABLE {view} ({', '.join(columns)})")
        connection.execute(f"INSERT INTO {view} SELECT * FROM temp.rows")
        connection.execute("DROP TABLE temp.rows")
        for column_name in INDEXED[view]:
            connection.execute(f"CREATE INDEX idx_{view}_{column_name} ON {view}({column_name})")
    _name_runs(connection)
    connection.execute("CREATE UNIQUE INDEX idx_reports_key ON reports(key)")
    for table in ("report_text", "list_page"):
        connection.execute(f"DROP TABLE {table}")
    connection.execute("COMMIT")


def _name_runs(connection: sqlite3.Connection) -> None:
    """Runs by their id, as the other tables name them: Datasette follows a key to a primary key and nowhere else."""
    columns = [_column(column, ("id",), "") for column in tables.columns(connection, "runs")]
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


def _column(column: tables.Column, key: tuple[str, ...], target: str) -> str:
    declared = f'"{column.name}" {DECLARED[column.type]}'
    if key == (column.name,):
        declared += " PRIMARY KEY"
    table, _, field = target.partition(".")
    return f"{declared} REFERENCES {table}({field})" if target else declared


def _index_texts(connection: sqlite3.Connection) -> None:
    """One character a token (``zh_search.py`` asks the same way); contentless, the texts are in ``reports`` already."""
    connection.execute("CREATE VIRTUAL TABLE reports_fts USING fts5(title, organ, text, content='', tokenize='unicode61')")
    texts = connection.execute("SELECT key, title, organ, text FROM reports ORDER BY key")
    rows = ((key, *(spaced(text or "") for text in columns)) for key, *columns in texts)
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO reports_fts (rowid, title, organ, text) VALUES (?, ?, ?, ?)", rows)
    connection.execute("COMMIT")


def _hide_codes(connection: sqlite3.Connection) -> None:
    """The narrow tables behind the views get an underscore: Datasette hides by how a name begins, and ``report`` begins ``reports``."""
    for name in _narrow(connection):
        connection.execute(f"ALTER TABLE {name} RENAME TO _{name}")


def _narrow(connection: sqlite3.Connection) -> list[str]:
    present = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    shown = {*tables.KEYS, "region_names", "run_portals"}
    return [name for name in (*schema.TABLES, *comparing.TABLES) if name in present and name not in shown]


def _metadata(connection: sqlite3.Connection) -> dict[str, Any]:
    hidden = [f"_{name}" for name in (*schema.TABLES, *comparing.TABLES)] + ["_sqlite_migrations"]
    described = {name: _described(connection, name) for name in tables.KEYS}
    described["reports"] |= {
        "facets": list(FACETS),
        "sort_desc": "year",
        "size": 50,
        "label_column": "title",
        "fts_table": "reports_fts",
        "fts_pk": "key",
    }
    described["source_errors"] |= {"facets": list(ERROR_FACETS), "sort_desc": "year", "description_html": _text("source_errors.html")}
    described |= {name: {**described[name], "label_column": "name"} for name in ("organs", "regions", "portals")}
    described |= {name: {"hidden": True} for name in hidden}
    titled = {"title": "政府信息公开工作年度报告 · Annual reports on open government information", "description_html": _text("home.html")}
    return {
        **titled,
        "extra_css_urls": ["/assets/harvester.css"],
        "plugins": {"report_page": {form_id: _layout(form_id) for form_id in forms.form_ids()}},
        "databases": {NAME: {"tables": described, "queries": queries.QUERIES, "description_html": _text("database.html")}},
    }


def _described(connection: sqlite3.Connection, table: str) -> dict[str, Any]:
    zh, en = tables.label("view", table)
    columns = {column.name: f"{column.zh} / {column.en}" for column in tables.columns(connection, table) if column.zh}
    return {"title": f"{table} · {zh} / {en}", "columns": columns}


def _layout(form_id: str) -> list[dict[str, Any]]:
    """The blocks of a form as the report page lays them out."""
    return [
        {
            "table": part.table,
            "block": part.key,
            "columns": [column.key for column in part.columns],
            "rows": list(part.rows or (part.line,)),
        }
        for part in forms.load(form_id).parts
    ]


def _text(name: str) -> str:
    return files("storage.site").joinpath(name).read_text("utf-8")


def _copy_site(folder: Path) -> None:
    for name in ("plugins", "templates", "static"):
        shutil.rmtree(folder / name, ignore_errors=True)
        with as_file(files("storage.site").joinpath(name)) as source:
            shutil.copytree(source, folder / name, ignore=_left_out)


def _left_out(_: str, names: list[str]) -> Iterator[str]:
    yield from (name for name in names if name.startswith("__"))
