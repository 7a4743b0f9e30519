"""The database written out for other programs: a corpus of texts, CSV, JSON lines, a data package, Parquet."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from harvester import __version__
from harvester.errors import StorageError
from storage import static, tables
from storage.database import Database
from storage.release import package

MANIFEST = "manifest.jsonl"
CORPUS = """SELECT r.id, r.title, r.organ, r.organ_id, r.year, r.scope, r.form, r.region_code, r.level, r.published_on, r.quality, r.url,
    r.portal_id, (SELECT fetched_at FROM captures WHERE id = r.capture_id) AS fetched_at, r.text FROM reports r WHERE r.id = ?"""
CORPUS_ORDER = "SELECT id FROM reports WHERE superseded_by IS NULL ORDER BY region_code, year, id"
# What hangs on a report: the key in its JSON line -> the columns given there
PARTS = {
    "figures": "table_key, row_key, column_key, value, unit, printed, status, source_table, source_row, source_column",
    "prose": "key, value, unit, section, sentence",
    "checks": "check_id, at, left_value, right_value, outcome",
    "issues": 'code, "where", message',
}
EXTRA = "Parquet needs the extra 'publish': pip install 'harvester[publish]'"


def export(db: str | Path, form: str, out: str | Path) -> str:
    """Writes the database into the folder ``out`` as ``form`` (a key of :data:`FORMATS`, or ``html``: its site as static pages); returns
    one line that says what was written.

    Files of an earlier export there are replaced. Raises :class:`StorageError` when the folder cannot be written.
    """
    folder = Path(out)
    if form == "html":
        with _one_line(folder):
            return static.write(Path(db), folder)
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
    with (folder / MANIFEST).open("w", encoding="utf-8") as manifest:
        for file, text, line in corpus_texts(connection):
            (folder / file).write_text(text, "utf-8", newline="")
            manifest.write(line)
            count += 1
    return f"{folder}: {count:,} reports as text, and {MANIFEST}"


def corpus_texts(connection: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
    """Every current report: the name of its file, its text, its line of the manifest."""
    ids = [report_id for (report_id,) in connection.execute(CORPUS_ORDER)]  # sorting them with their texts would fill the disk
    for number, report_id in enumerate(ids):
        (told,) = _dicts(connection, CORPUS, report_id)
        file = f"{number:03}_{report_id}.txt"
        text = told.pop("text")
        line = {"file": file, **told, "content_type": "text/plain; charset=utf-8"}
        yield file, text, json.dumps(line, ensure_ascii=False) + "\n"


def _dicts(connection: sqlite3.Connection, sql: str, *given: object) -> list[dict[str, Any]]:
    cursor = connection.execute(sql, given)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


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
    ids = [report_id for (report_id,) in connection.execute("SELECT id FROM reports ORDER BY id")]
    with (folder / "reports.jsonl").open("w", encoding="utf-8") as stream:
        for report_id in ids:
            stream.write(json.dumps(whole_report(connection, report_id), ensure_ascii=False) + "\n")
    return f"{folder / 'reports.jsonl'}: {len(ids):,} reports, one a line"


def whole_report(connection: sqlite3.Connection, report_id: str) -> dict[str, Any]:
    """A report with everything that hangs on it."""
    (line,) = _dicts(connection, "SELECT * FROM reports WHERE id = ?", report_id)
    parts = {part: f"SELECT {selected} FROM {part} WHERE report_id = ?" for part, selected in PARTS.items()}
    return line | {part: _dicts(connection, sql, report_id) for part, sql in parts.items()}


def _datapackage(connection: sqlite3.Connection, folder: Path) -> str:
    """The CSV files and a Frictionless ``datapackage.json`` (version 2) that describes them: types, keys, hashes."""
    told = _csv(connection, folder)
    files = {table: f"{table}.csv" for table in tables.KEYS}
    described = {**package.HEAD, "version": __version__, "resources": package.resources(connection, folder, files)}
    (folder / package.NAME).write_text(json.dumps(described, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return f"{told}; described in {package.NAME}"


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
