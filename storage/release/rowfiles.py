"""Every table as CSV and as Parquet, written from one reading of it, a few thousand rows in memory at a time."""

from __future__ import annotations

import csv
import gzip
import io
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

from harvester.errors import StorageError
from storage import tables

EXTRA = "Parquet needs the extra 'publish': pip install 'harvester[publish]'"
CSV, PARQUET = "csv/{}.csv.gz", "parquet/{}.parquet"
# Tables that are long or carry texts are read a report at a time: sorting them as a whole would put gigabytes on the disk.
BY_REPORT = {"reports": "id", "figures": "report_id", "checks": "report_id", "prose": "report_id"}
BATCH, BATCH_OF_TEXTS = 20_000, 500  # rows: 10 to 20 MB of either
LEVEL = 6
Row = Sequence[Any]
Write = Callable[[Sequence[Row]], object]


def need_parquet() -> None:
    """Raises :class:`StorageError` when Parquet cannot be written here."""
    try:
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise StorageError(EXTRA) from error


def opened(path: Path) -> sqlite3.Connection:
    """A published database to read from, which reading does not change."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def present(connection: sqlite3.Connection) -> list[str]:
    """The tables users see that are in this database."""
    held = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
    return [table for table in tables.EVERY if table in held]


def write(connection: sqlite3.Connection, folder: Path) -> dict[str, int]:
    """Writes ``csv/`` and ``parquet/`` into the folder; returns table -> number of rows."""
    for name in (CSV, PARQUET):
        (folder / name).parent.mkdir()
    return {table: _write(connection, table, folder) for table in present(connection)}


def _write(connection: sqlite3.Connection, table: str, folder: Path) -> int:
    count = 0
    described = tables.columns(connection, table)
    with ExitStack() as files:
        writers = (
            files.enter_context(csv_rows(folder / CSV.format(table), [column.name for column in described])),
            files.enter_context(parquet_rows(folder / PARQUET.format(table), described)),
        )
        for rows in batches(stream(connection, table), BATCH_OF_TEXTS if table == "reports" else BATCH):
            for writer in writers:
                writer(rows)
            count += len(rows)
    return count


def stream(connection: sqlite3.Connection, table: str) -> Iterator[Row]:
    """The rows of a table in the order of its primary key."""
    if table not in BY_REPORT:
        return tables.rows(connection, table)
    order = ", ".join(tables.EVERY[table][0]) or "1, 2, 3, 4"
    of_report = f"SELECT * FROM {table} WHERE {BY_REPORT[table]} = ? ORDER BY {order}"
    return chain.from_iterable(connection.execute(of_report, (report_id,)) for report_id in report_ids(connection))


def report_ids(connection: sqlite3.Connection) -> list[str]:
    """The ids of all reports, in order: 16 letters each, so a million of them fit in memory."""
    return [report_id for (report_id,) in connection.execute("SELECT id FROM reports ORDER BY id")]


def batches(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """The rows in lists of ``size``, the last one shorter."""
    several = iter(rows)
    while some := list(islice(several, size)):
        yield some


@contextmanager
def gzipped(path: Path) -> Iterator[IO[bytes]]:
    """A gzip file that says neither its name nor the hour: the same content gives the same bytes."""
    with path.open("wb") as raw, gzip.GzipFile("", "wb", LEVEL, raw, mtime=0) as packed:
        yield packed  # type: ignore[misc]  # GzipFile writes bytes, and says so in other words than IO does


@contextmanager
def csv_rows(path: Path, names: Sequence[str]) -> Iterator[Write]:
    """Writes rows into a gzipped CSV; a null is an empty cell."""
    with gzipped(path) as packed, io.TextIOWrapper(packed, "utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(names)
        yield writer.writerows


@contextmanager
def parquet_rows(path: Path, described: Sequence[tables.Column]) -> Iterator[Write]:
    """Writes rows into a Parquet file, zstd, a row group a batch."""
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    types = {"integer": arrow.int64(), "number": arrow.float64(), "string": arrow.string()}
    fields = arrow.schema([(column.name, types[column.type]) for column in described])
    with parquet.ParquetWriter(path, fields, compression="zstd") as writer:
        yield lambda rows: writer.write_batch(arrow.record_batch(list(zip(*rows, strict=True)), schema=fields))
