"""Sums and rates by province, year and scope, worked out when the folder is published: a dashboard must not add up a million reports."""

from __future__ import annotations

import sqlite3

from storage.site.pages import sums
from storage.site.pages.places import NATION

PROVINCE = "(SELECT code FROM regions WHERE code = substr(r.region_code, 1, 2) || '0000')"
COLUMNS = {
    "totals": """region_code TEXT, year INTEGER, scope TEXT, table_key TEXT, row_key TEXT, column_key TEXT, reports INTEGER,
        n INTEGER, blank INTEGER, absent INTEGER, doubtful INTEGER, value NUMERIC,
        PRIMARY KEY (region_code, scope, year, table_key, row_key, column_key)""",
    "rates": """region_code TEXT, year INTEGER, scope TEXT, rate TEXT, numerator NUMERIC, denominator NUMERIC, n INTEGER,
        PRIMARY KEY (region_code, scope, year, rate)""",
}
# A province's line, and the country's: its reports are those of all provinces and those whose region is not known.
SUMS = {"totals": "reports, n, blank, absent, doubtful, value", "rates": "numerator, denominator, n"}
KEYS = {"totals": "year, scope, table_key, row_key, column_key", "rates": "year, scope, rate"}


def build(connection: sqlite3.Connection) -> None:
    """Makes ``totals`` and ``rates``, and an index of the doubtful figures."""
    for name, select in (("totals", sums.totals), ("rates", sums.rates)):
        connection.execute(f"CREATE TABLE {name} ({COLUMNS[name]}) WITHOUT ROWID")
        by_province = select(f"coalesce({PROVINCE}, '')", "TRUE", "report", "value", "cell")
        connection.execute(f"INSERT INTO {name} (region_code, {KEYS[name]}, {SUMS[name]}) {by_province}")
        added = ", ".join(f"sum({column})" for column in SUMS[name].split(", "))
        whole = f"SELECT '{NATION}', {KEYS[name]}, {added} FROM {name} GROUP BY {KEYS[name]}"
        connection.execute(f"INSERT INTO {name} (region_code, {KEYS[name]}, {SUMS[name]}) {whole}")
        connection.execute(f"DELETE FROM {name} WHERE region_code = ''")
    connection.execute("CREATE INDEX doubtful ON value(report) WHERE status = 3")
