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
from storage import (
    boilerplate,
    counting,
    coverage,
    crosswalk,
    ledger,
    measures,
    news,
    opening,
    organ_links,
    published,
    queries,
    regional_sums,
    replacing,
    revisions,
    tables,
)
from storage.database import Database

NAME = "harvest"
FACETS = ("year", "level", "province", "form")
ERROR_FACETS = ("strength", "check_id", "year", "scope")
# Tables that only the copy has: each builder is called with the copy's connection, in this order (see published.make, which adds the search
# index and the boilerplate index).
DERIVED: tuple[published.Builder, ...] = (
    *(revisions.build, organ_links.build, ledger.build, coverage.build, regional_sums.build, crosswalk.build),
)


def publish(db: str | Path, out: str | Path, archive: str | Path | None = None) -> str:
    """Writes the folder ``out`` from the database ``db``; one line tells what is in it. A folder published before is replaced whole, or
    stays as it is. ``archive``: the WARC files whose pages the site shows; without it those in ``archive`` beside the database.

    Raises :class:`StorageError` when the folder cannot be written.
    """
    place = Path(out)
    try:
        with replacing.whole(place) as folder:
            with opening.one_line(place):
                _write_news(Path(db), folder)
                reports = _copy_database(Path(db), folder / f"{NAME}.db")
            _copy_site(folder)
            _point_to_archive(Path(archive) if archive else Path(db).with_name("archive"), folder)
            (folder / "README.md").write_text(_text("README.md").format(version=__version__, reports=reports, name=NAME), "utf-8")
    except OSError as error:
        raise StorageError(f"{place}: cannot be written ({error.strerror}); make room or give another --out DIR") from error
    return f"{place}: {reports:,} reports, ready for Datasette"


def fresh(db: str | Path, archive: str | Path | None = None) -> Path:
    """The published folder beside the database (``harvest-site`` for ``harvest.db``), made anew when the database is newer."""
    path = Path(db)
    folder = path.with_name(f"{path.stem}-site")
    written = folder / "README.md"  # written last
    newest = max(file.stat().st_mtime for file in (path, path.with_name(f"{path.name}-wal")) if file.exists())
    if not written.exists() or written.stat().st_mtime <= newest:
        publish(path, folder, archive)
    elif archive:
        _point_to_archive(Path(archive), folder)
    return folder


def serve_args(folder: str | Path, port: int, host: str = "127.0.0.1") -> list[str]:
    """Arguments for ``python -m datasette``: the folder, on this machine alone unless ``host`` says otherwise."""
    place = Path(folder)
    settings = {
        "sql_time_limit_ms": "5000",
        "facet_time_limit_ms": "2000",
        "max_returned_rows": "5000",
        "truncate_cells_html": "100",
        "suggest_facets": "off",
    }
    counts = place / counting.NAME  # folders published before there was one are served too
    return [
        *("serve", "--immutable", str(place / f"{NAME}.db"), "--metadata", str(place / "metadata.json")),
        *(("--inspect-file", str(counts)) if counts.is_file() else ()),
        *("--plugins-dir", str(place / "plugins"), "--template-dir", str(place / "templates")),
        *("--static", f"assets:{place / 'static'}", "--host", host, "--port", str(port)),
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
    """The copy at ``target`` and what is told about it; returns the number of current reports."""
    described = _metadata(published.make(source, target, DERIVED))
    counting.write(target)
    with closing(sqlite3.connect(target)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM reports WHERE superseded_by IS NULL").fetchone()
    target.with_name("metadata.json").write_text(json.dumps(described, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return int(count)


def _metadata(columns: dict[str, list[tables.Column]]) -> dict[str, Any]:
    described = {name: _described(name, found) for name, found in columns.items()}
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
    described |= {name: {"hidden": True} for name in published.inside()}
    titled = {"title": "政府信息公开工作年度报告 · Annual reports on open government information", "description_html": _text("home.html")}
    asked = {name: {**query, "hide_sql": True} for name, query in queries.QUERIES.items()}
    return {
        **titled,
        "extra_css_urls": ["/assets/harvester.css"],
        "extra_js_urls": ["/assets/names.js"],
        "plugins": {"pages": {"forms": {form_id: _layout(form_id) for form_id in forms.form_ids()}}, "repeats_page": boilerplate.CODES},
        "databases": {NAME: {"tables": described, "queries": asked, "description_html": _text("database.html")}},
    }


def _described(table: str, columns: list[tables.Column]) -> dict[str, Any]:
    zh, en = tables.label("view", table)
    return {"title": f"{table} · {zh} / {en}", "columns": {column.name: f"{column.zh} / {column.en}" for column in columns if column.zh}}


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
    for name in ("plugins", "pages", "templates", "static"):
        shutil.rmtree(folder / name, ignore_errors=True)
        with as_file(files("storage.site").joinpath(name)) as source:
            shutil.copytree(source, folder / name, ignore=_left_out)


def _point_to_archive(archive: Path, folder: Path) -> None:
    if archive.is_dir():
        (folder / "archive.txt").write_text(f"{archive.resolve()}\n", "utf-8")


def _left_out(_: str, names: list[str]) -> Iterator[str]:
    yield from (name for name in names if name == "__pycache__")
