"""Reports a second into the database beside raw ``executemany`` of the very same rows; bytes a report; memory over many reports."""

from __future__ import annotations

import hashlib
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.memory import peak_mb
from benchmarks.pages import templates
from harvester import checks, digest, readers, tables
from harvester.items import Capture, Page, Report
from storage.database import BATCH, Database
from storage.opening import open_database

REPORTS, ROUNDS, MANY, FEW = 2000, 3, 20_000, 1000
PROMISED_SHARE, PROMISED_BYTES = 0.60, 13_000
# MB between few reports and many: SQLite's page cache (16 MB, storage/opening.py) fills, nothing else may grow.
PROMISED_GROWTH = 32.0
# Tables that grow with the reports; the first column of each is the number of the report (or of its one capture).
ORGAN, TITLE = "云溪县人民政府", "云溪县人民政府2023年政府信息公开工作年度报告"
GROWING = ("report", "report_text", "value", "check_result", "prose_value", "capture", "visit")


def measure(reports: int = REPORTS, rounds: int = ROUNDS, few: int = FEW, many: int = MANY) -> dict[str, Any]:
    """Medians over ``rounds``; ours and the raw rows take turns. Memory is the peak of processes that store ``few`` and ``many``."""
    ours, raw, size = [], [], 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(rounds):
            path = Path(folder) / f"{number}.db"
            ours.append(reports / store(path, reports))
            raw.append(reports / store_raw(path, Path(folder) / f"{number}-raw.db", reports))
            size = path.stat().st_size
    small, large = memory_of(few), memory_of(many)
    return result(reports, statistics.median(ours), statistics.median(raw), size / reports, {few: small, many: large})


def result(reports: int, ours: float, raw: float, size: float, memory: dict[int, float]) -> dict[str, Any]:
    small, large = memory.values()
    return {
        "reports": reports,
        "reports_per_second": {"storage": round(ours, 1), "raw executemany of the same rows": round(raw, 1)},
        "share_of_raw": round(ours / raw, 2),
        "bytes_a_report": round(size),
        "peak_mb": {f"{count} reports": value for count, value in memory.items()},
        "promised": {"share_of_raw": PROMISED_SHARE, "bytes_a_report": PROMISED_BYTES, "mb_more_for_many": PROMISED_GROWTH},
        "kept": ours / raw >= PROMISED_SHARE and size <= PROMISED_BYTES and large - small <= PROMISED_GROWTH,
    }


def store(path: Path, reports: int) -> float:
    """Seconds to save ``reports`` pages, to the last commit."""
    with Database(path) as database:
        database.start_run("bench", "benchmark", "2026-01-01T00:00:00Z")
        seconds = 0.0
        for page in pages(reports):
            start = time.perf_counter()
            database.save(page)
            seconds += time.perf_counter() - start
        start = time.perf_counter()
    return seconds + time.perf_counter() - start


def store_raw(source: Path, path: Path, reports: int) -> float:
    """Seconds to write the same rows into the same empty tables, as many reports a transaction, with nothing but ``executemany``."""
    rows = dict(read_rows(source))
    db = open_database(path)
    connection: sqlite3.Connection = db.conn
    connection.execute("PRAGMA foreign_keys = OFF")
    inserts = {table: f"INSERT INTO {table} VALUES ({', '.join('?' * len(found[0]))})" for table, found in rows.items()}
    batches = [{table: slice_of(found, first) for table, found in rows.items()} for first in range(1, reports + 1, BATCH)]
    start = time.perf_counter()
    for batch in batches:
        connection.execute("BEGIN")
        for table, found in batch.items():
            connection.executemany(inserts[table], found)
        connection.execute("COMMIT")
    connection.close()
    return time.perf_counter() - start


def read_rows(path: Path) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    connection = sqlite3.connect(path)
    for table in GROWING:
        if rows := connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall():
            yield table, rows
    connection.close()


def slice_of(rows: list[tuple[Any, ...]], first: int) -> list[tuple[Any, ...]]:
    return [row for row in rows if first <= row[0] < first + BATCH]


def pages(count: int) -> Iterator[Page]:
    """Pages as they come to the last step of the belt: read, checked, archived; each another report at another address."""
    for number in range(count):
        report = read()[number % len(read())]
        text = f"{report.text}\n编号{number}\n"
        sha256 = digest.text_sha256(text)
        own = replace(report, id=digest.report_id(sha256), text=text, text_sha256=sha256)
        body_sha256 = hashlib.sha256(text.encode()).hexdigest()
        capture = Capture(body_sha256, "harvester-20260101000000-bench-00000.warc.gz", number * 11_000, f"<urn:uuid:{number:032x}>")
        url = f"http://www.example.gov.cn/zwgk/ndbg/202601/t20260101_{number}.html"
        yield Page(url, b"", fetched_at="2026-01-01T00:00:00Z", run_id="bench", content_type="text/html", capture=capture, report=own)


@cache
def read() -> tuple[Report, ...]:
    """The sample county's reports with their figures and checks."""
    found = []
    for body in templates():
        document = readers.read(body)
        report = Report(
            kind="report",
            title="云溪县人民政府2023年政府信息公开工作年度报告",
            organ="云溪县人民政府",
            year=2023,
            level="county_government",
        )
        report.text = digest.clean_text(document)
        tables.fill(document, report)
        checks.check(report)
        found.append(report)
    return tuple(found)


def memory_of(reports: int) -> float:
    """Peak memory in MB of a process that stores ``reports`` reports."""
    told = subprocess.run([sys.executable, "-m", "benchmarks.persistence", str(reports)], capture_output=True, text=True, check=True)
    return float(told.stdout)


def main(reports: int) -> None:
    """Stores ``reports`` reports and prints the process' peak memory in MB."""
    with tempfile.TemporaryDirectory() as folder:
        store(Path(folder) / "bench.db", reports)
    print(peak_mb())


if __name__ == "__main__":
    main(int(sys.argv[1]))
