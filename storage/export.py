"""The database written out for other programs: a corpus of texts, CSV, JSON lines, a data package, Parquet."""

from __future__ import annotations

import csv
import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from harvester import __version__
from harvester.errors import StorageError
from storage import tables
from storage.database import Database

MANIFEST = "manifest.jsonl"
CORPUS = """SELECT r.id, r.title, r.organ, r.organ_id, r.year, r.scope, r.form, r.region_code, r.level, r.published_on, r.quality, r.url,
    r.portal_id, c.fetched_at, r.text FROM reports r LEFT JOIN captures c ON c.id = r.capture_id WHERE r.superseded_by IS NULL
    ORDER BY r.region_code, r.year, r.id"""
# What hangs on a report: the key in its JSON line -> the columns given there
PARTS = {
    "figures": "table_key, row_key, column_key, value, unit, printed, status, source_table, source_row, source_column",
    "prose": "key, value, unit, section, sentence",
    "checks": "check_id, at, left_value, right_value, outcome",
    "issues": 'code, "where", message',
}
EXTRA = "Parquet needs the extra 'publish': pip install 'harvester[publish]'"


def export(db: str | Path, form: str, out: str | Path) -> str:
    """Writes the database into the folder ``out`` as ``form`` (a key of :data:`FORMATS`); returns one line that says what was written.

    Files of an earlier export there are replaced. Raises :class:`StorageError` when the folder cannot be written.
    """
    folder = Path(out)
    with _one_line(folder), Database(db) as database:
        folder.mkdir(parents=True, exist_ok=True)
        return FORMATS[form](database.connection, folder)


@contextmanager
def _one_line(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(f"{folder}: cannot be written ({error.strerror}); make room or give another --out DIR") from error


def _corpus(connection: sqlite3.Connection, folder: Path) -> str:
    """``NNN_<id>.txt``, and a manifest with which ``ingest`` gives the same ids, addresses and portals again."""
    _clear_corpus(folder)
    count = 0
    cursor = connection.execute(CORPUS)
    names = [column[0] for column in cursor.description]
    with (folder / MANIFEST).open("w", encoding="utf-8") as manifest:
        for count, row in enumerate(cursor, 1):
            told = dict(zip(names, row, strict=True))
            file = f"{count - 1:03}_{told['id']}.txt"
            (folder / file).write_text(told.pop("text"), "utf-8", newline="")
            line = {"file": file, **told, "content_type": "text/plain; charset=utf-8"}
            manifest.write(json.dumps(line, ensure_ascii=False) + "\n")
    return f"{folder}: {count:,} reports as text, and {MANIFEST}"


def _clear_corpus(folder: Path) -> None:
    """A report that is gone from the database must not stay in the corpus of an earlier export."""
    manifest = folder / MANIFEST
    if manifest.is_file():
        for line in manifest.read_text("utf-8").splitlines():
            (folder / Path(json.loads(line)["file"]).name).unlink(missing_ok=True)


def _csv(connection: sqlite3.Connection, folder: Path) -> str:
    counts = {table: _write_csv(connection, table, folder / f"{table}.csv") for table in tables.KEYS}
    return f"{folder}: {len(counts)} tables as CSV, {counts['reports']:,} reports with {counts['figures']:,} figures"


def _write_csv(connection: sqlite3.Connection, table: str, path: Path) -> int:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(column.name for column in tables.columns(connection, table))
        return sum(bool(writer.writerow(row)) for row in tables.rows(connection, table))


def _jsonl(connection: sqlite3.Connection, folder: Path) -> str:
    """One line a report, everything that hangs on it inside."""
    count = 0
    names = [column.name for column in tables.columns(connection, "reports")]
    with (folder / "reports.jsonl").open("w", encoding="utf-8") as stream:
        for row in tables.rows(connection, "reports"):
            line = dict(zip(names, row, strict=True))
            line |= {part: _part(connection, part, selected, line["id"]) for part, selected in PARTS.items()}
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")
            count += 1
    return f"{folder / 'reports.jsonl'}: {count:,} reports, one a line"


def _part(connection: sqlite3.Connection, view: str, selected: str, report_id: str) -> list[dict[str, Any]]:
    cursor = connection.execute(f"SELECT {selected} FROM {view} WHERE report_id = ?", (report_id,))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def _datapackage(connection: sqlite3.Connection, folder: Path) -> str:
    """The CSV files and a Frictionless ``datapackage.json`` (version 2) that describes them: types, keys, hashes."""
    told = _csv(connection, folder)
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "government-information-disclosure-reports",
        "title": "政府信息公开工作年度报告 / Annual reports on open government information in China",
        "version": __version__,
        "resources": [_resource(connection, table, folder / f"{table}.csv") for table in tables.KEYS],
    }
    (folder / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return f"{told}; described in datapackage.json"


def _resource(connection: sqlite3.Connection, table: str, path: Path) -> dict[str, Any]:
    zh, en = tables.label("view", table)
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    described: dict[str, Any] = {"fields": [_field(column) for column in tables.columns(connection, table)], "missingValues": [""]}
    key, references = tables.KEYS[table]
    if key:
        described["primaryKey"] = list(key)
    described["foreignKeys"] = [_foreign_key(table, column, target) for column, target in references.items()]
    head = {"name": table, "path": path.name, "type": "table", "title": f"{zh} / {en}", "format": "csv", "mediatype": "text/csv"}
    return {**head, "encoding": "utf-8", "bytes": path.stat().st_size, "hash": f"sha256:{digest}", "schema": described}


def _field(column: tables.Column) -> dict[str, str]:
    return {"name": column.name, "type": column.type, "title": column.zh, "description": column.en}


def _foreign_key(table: str, column: str, target: str) -> dict[str, Any]:
    resource, _, field = target.partition(".")
    return {"fields": [column], "reference": {"resource": "" if resource == table else resource, "fields": [field]}}


def _parquet(connection: sqlite3.Connection, folder: Path) -> str:
    try:
        import pyarrow as arrow
        import pyarrow.parquet as parquet
    except ImportError as error:
        raise StorageError(EXTRA) from error
    types = {"integer": arrow.int64(), "number": arrow.float64(), "string": arrow.string()}
    for table in tables.KEYS:
        fields = arrow.schema([(column.name, types[column.type]) for column in tables.columns(connection, table)])
        with parquet.ParquetWriter(folder / f"{table}.parquet", fields, compression="zstd") as writer:
            rows = tables.rows(connection, table)
            while some := list(islice(rows, 10_000)):
                writer.write_batch(arrow.record_batch(list(zip(*some, strict=True)), schema=fields))
    return f"{folder}: {len(tables.KEYS)} tables as Parquet"


FORMATS: dict[str, Callable[[sqlite3.Connection, Path], str]] = {
    "corpus": _corpus,
    "csv": _csv,
    "jsonl": _jsonl,
    "datapackage": _datapackage,
    "parquet": _parquet,
}
