"""Sums and rates by province, year and scope, worked out when the folder is published: a dashboard must not add up a million reports."""

from __future__ import annotations

import sqlite3

from storage.site.pages import sums
from storage.site.pages.places import NATION

PROVINCE = "(SELECT code FROM regions WHERE code = substr(r.region_code, 1, 2) || '0000')"
COLUMNS = {
    "totals": """region_code TEXT, level TEXT, year INTEGER, scope TEXT, table_key TEXT, row_key TEXT, column_key TEXT, reports INTEGER,
        n INTEGER, blank INTEGER, absent INTEGER, doubtful INTEGER, value NUMERIC,
        PRIMARY KEY (region_code, scope, level, year, table_key, row_key, column_key)""",
    "rates": """region_code TEXT, year INTEGER, scope TEXT, rate TEXT, numerator NUMERIC, denominator NUMERIC, n INTEGER,
        PRIMARY KEY (region_code, scope, year, rate)""",
}
SUMS = {"totals": "reports, n, blank, absent, doubtful, value", "rates": "numerator, denominator, n"}
KEYS = {"totals": "year, scope, table_key, row_key, column_key", "rates": "year, scope, rate"}
PLACE = f"coalesce({PROVINCE}, '')"  # the country's reports are those of all provinces and those whose region is not known


def build(connection: sqlite3.Connection) -> None:
    """Makes ``totals`` and ``rates``, and an index of the doubtful figures.

    Of ``totals`` a province has lines of all levels together, and the country these and some of each level: a government sums up what its
    departments report.
    """
    for name, columns in COLUMNS.items():
        connection.execute(f"CREATE TABLE {name} ({columns}) WITHOUT ROWID")
    levels = sums.totals(PLACE, "TRUE", "report", "value", "cell", "coalesce(r.level, '')")
    connection.execute(f"INSERT INTO totals (region_code, level, {KEYS['totals']}, {SUMS['totals']}) {levels}")
    _add(connection, "totals", "region_code, level", f"region_code, '{sums.EVERY_LEVEL}'")
    _add(connection, "totals", "region_code, level", f"'{NATION}', level")
    connection.execute(
        "DELETE FROM totals WHERE region_code = '' OR level = '' OR region_code <> ? AND level <> ?", (NATION, sums.EVERY_LEVEL)
    )
    provinces = sums.rates(PLACE, "TRUE", "report", "value", "cell")
    connection.execute(f"INSERT INTO rates (region_code, {KEYS['rates']}, {SUMS['rates']}) {provinces}")
    _add(connection, "rates", "region_code", f"'{NATION}'")
    connection.execute("DELETE FROM rates WHERE region_code = ''")
    connection.execute("CREATE INDEX doubtful ON value(report) WHERE status = 3")


def _add(connection: sqlite3.Connection, name: str, columns: str, of: str) -> None:
    """Adds up the lines there are by ``of``, which fills ``columns``, and what else names a line."""
    added = ", ".join(f"sum({column})" for column in SUMS[name].split(", "))
    whole = f"SELECT {of}, {KEYS[name]}, {added} FROM {name} GROUP BY {of}, {KEYS[name]}"
    connection.execute(f"INSERT INTO {name} ({columns}, {KEYS[name]}, {SUMS[name]}) {whole}")
