"""How long the checks between reports take in a large database: those of one report, all of them, the register of errors."""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from harvester import forms
from storage.database import Database

REPORTS, YEARS, ASKED = 100_000, range(2018, 2026), 50
PROMISED_ONE_MS, PROMISED_ALL_S = 10.0, 5.0
BETWEEN = "SELECT outcome, count(*) FROM checks WHERE check_id LIKE 'x\\_%' ESCAPE '\\' GROUP BY outcome"
REPORT = """INSERT INTO report (key, id, text_sha256, title, organ, organ_id, year, scope, form, region_code, level, quality)
    VALUES (?, ?, x'00', '', '', ?, ?, ?, ?, ?, ?, 'verified')"""
# Numbers that differ from cell to cell; what is carried over is what was carried forward, but for every 97th report.
VALUES = """INSERT INTO value (report, cell, value, status, place)
    SELECT r.key, f.cell, CASE f.row WHEN 'carried_forward' THEN (r.key / 8 * 7 + r.year * 3 + f.number) % 50
    WHEN 'carried_over' THEN (r.key % 97 = 0) + (r.key / 8 * 7 + (r.year - 1) * 3 + f.number) % 50
    ELSE (r.key * 31 + f.cell * 17) % 50 END, 0, 1 FROM report r JOIN temp.form_cell f ON f.form = r.form ORDER BY r.key, f.cell"""
CHECKS = """INSERT INTO check_result (report, place, left_value, right_value, outcome)
    SELECT r.key, t.place, 5, 5, (r.key * 13 + t.place * 7) % 1009 = 0 FROM report r
    JOIN (SELECT DISTINCT form, place FROM check_term WHERE kind = 0) t ON t.form = r.form ORDER BY r.key, t.place"""


def measure(reports: int = REPORTS) -> dict[str, Any]:
    """Milliseconds for the checks of one report (median and worst of some), seconds for all."""
    with tempfile.TemporaryDirectory() as folder, Database(Path(folder) / "bench.db") as database:
        fill(database, reports)
        execute = database.connection.execute
        ids = [row[0] for row in execute("SELECT id FROM report WHERE year > 2018 ORDER BY id LIMIT ?", (ASKED,))]
        one = [1000 * seconds(database, "SELECT * FROM checks WHERE report_id = ?", ident) for ident in ids]
        between = seconds(database, BETWEEN)
        result = {
            "reports": reports,
            "checks": execute("SELECT count(*) FROM checks").fetchone()[0],
            "one_report_ms": {"median": round(statistics.median(one), 2), "worst": round(max(one), 2)},
            "between_reports_s": round(between, 2),
            "all_checks_s": round(seconds(database, "SELECT outcome, count(*) FROM checks GROUP BY outcome"), 2),
            "source_errors_s": round(seconds(database, "SELECT count(*), count(cells) FROM source_errors"), 2),
        }
    return {**result, "kept": max(one) <= PROMISED_ONE_MS and between <= PROMISED_ALL_S}


def seconds(database: Database, sql: str, *parameters: object) -> float:
    start = time.process_time()  # other programs on the machine do not count
    database.connection.execute(sql, parameters).fetchall()
    return time.process_time() - start


def fill(database: Database, reports: int) -> None:
    """Reports of cities, counties and their departments over eight years, with all their figures."""
    database.load_reference()
    connection = database.connection
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("BEGIN")
    connection.executemany(REPORT, rows(database, reports))
    connection.execute("CREATE TEMP TABLE form_cell (form, cell, row, number)")
    place = "SELECT code FROM cell WHERE table_key = ? AND row_key = ? AND column_key = ?"
    for form_id in ("national_2019", "national_2021"):
        for number, found in enumerate(forms.load(form_id).places):
            line = (form_id, *found, found.row, number % 7)
            connection.execute(f"INSERT INTO form_cell SELECT ?, ({place}), ?, ?", line)
    connection.execute(VALUES)
    connection.execute(CHECKS)
    connection.execute("COMMIT")


def rows(database: Database, reports: int) -> Iterator[tuple[Any, ...]]:
    found = database.connection.execute("SELECT code, level FROM regions WHERE level IN ('prefecture', 'county') ORDER BY code").fetchall()
    for key in range(1, reports + 1):
        organ, year = divmod(key - 1, len(YEARS))
        code, level = found[organ % len(found)]
        government = organ < len(found)
        form = "national_2019" if YEARS[year] < 2021 else "national_2021"
        told = ("consolidated" if government else "own", form, code, f"{level}_{'government' if government else 'department'}")
        yield key, f"{key * 0x9E3779B97F4A7C15 % 2**64:016x}", f"{code}-{organ:08x}", YEARS[year], *told


if __name__ == "__main__":
    print(json.dumps(measure(*map(int, sys.argv[1:])), indent=1))
