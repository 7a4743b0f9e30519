"""Requests by year, level and scope as sums that say of how many reports they are: what is not printed is not counted, and never 0."""

from __future__ import annotations

import sqlite3

from storage import schema

TABLE = """CREATE TABLE request_totals (year INTEGER, level TEXT, scope TEXT, row_key TEXT, total NUMERIC, n INTEGER, found INTEGER,
    expected INTEGER, PRIMARY KEY (year, level, scope, row_key))"""
PRINTED = schema.STATUS.index("printed")
# A government sums up what its departments report: levels and scopes are never added together here.
ROWS = f"""INSERT INTO request_totals
    SELECT r.year, r.level, r.scope, k.row_key, sum(v.value), count(v.value), f.found,
        (SELECT expected FROM coverage WHERE kind = 'level_year' AND level = r.level AND year = r.year)
    FROM report r JOIN cell k ON k.table_key = 'table_3' AND k.column_key = 'total'
    JOIN value v ON v.report = r.key AND v.cell = k.code
    JOIN (SELECT year, level, scope, count(*) AS found FROM report
        WHERE superseded_by IS NULL AND rendition_of IS NULL AND year IS NOT NULL GROUP BY 1, 2, 3) f
        ON f.year = r.year AND f.level = r.level AND f.scope = r.scope
    WHERE r.superseded_by IS NULL AND r.rendition_of IS NULL AND v.status = {PRINTED} AND v.value IS NOT NULL
    GROUP BY r.year, r.level, r.scope, k.row_key"""


def build(connection: sqlite3.Connection) -> None:
    """The table ``request_totals``: for a row of table 3 the sum of its totals, over the ``n`` reports that print one.

    ``found`` reports of that year, level and scope are here; of the level, whatever the scope, ``expected`` were (null: nobody knows).
    Needs ``coverage``.
    """
    connection.execute("DROP TABLE IF EXISTS request_totals")
    connection.execute(TABLE)
    connection.execute(ROWS)
