"""Sums and rates over reports, as SQL: only printed numbers count, each with how many reports print it; a missing one is never a zero."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from .places import CURRENT, NATION, below, bounds, inside

if TYPE_CHECKING:
    from .kit import Row, Site

# (rate, table, row and column above the line, row and column below it)
RATES = (
    ("granted", "table_3", "granted", "total", "total_handled", "total"),
    ("partially_granted", "table_3", "partially_granted", "total", "total_handled", "total"),
    ("natural_person", "table_3", "new_received", "natural_person", "new_received", "total"),
    ("carried_forward", "table_3", "carried_forward", "total", "total_handled", "total"),
    ("review_corrected", "table_4", "cases", "review_corrected", "cases", "review_total"),
    ("litigation_direct_corrected", "table_4", "cases", "litigation_direct_corrected", "cases", "litigation_direct_total"),
    (
        "litigation_after_review_corrected",
        "table_4",
        "cases",
        "litigation_after_review_corrected",
        "cases",
        "litigation_after_review_total",
    ),
)
EVERY_LEVEL = "all"  # the lines of ``totals`` that are of no single level
EVERY = {"totals": f"AND level = '{EVERY_LEVEL}'", "rates": ""}
LEAST = 30  # a rate over fewer reports is told and not ranked
KNOWN = "r.year IS NOT NULL AND r.scope IS NOT NULL"  # what says neither belongs to no sum
TOTALLED = "(k.table_key = 'table_3' AND (k.column_key = 'total' OR k.row_key = 'new_received') OR k.table_key = 'table_4')"


def totals(
    region: str, where: str, report: str = "_report", value: str = "_value", cell: str = "_cell", level: str = f"'{EVERY_LEVEL}'"
) -> str:
    """One line a region, level, year, scope and cell: reports whose form has the cell, how many print it, leave it blank, lack it, or print
    what could be read in two ways, and the sum of what is printed for certain. ``region``, ``level``: SQL of what to sum by."""
    return f"""SELECT {region} AS region_code, {level} AS level, r.year, r.scope, k.table_key, k.row_key, k.column_key, count(*) AS reports,
        sum(v.status = 0 AND v.value IS NOT NULL) AS n, sum(v.status = 1) AS blank, sum(v.status = 2) AS absent,
        sum(v.status = 3) AS doubtful, sum(iif(v.status = 0, v.value, NULL)) AS value
        FROM {report} r CROSS JOIN {cell} k CROSS JOIN {value} v ON v.report = r.key AND v.cell = k.code
        WHERE {CURRENT} AND {KNOWN} AND {TOTALLED} AND {where} GROUP BY 1, 2, r.year, r.scope, k.code"""


def rates(region: str, where: str, report: str = "_report", value: str = "_value", cell: str = "_cell") -> str:
    """One line a region, year, scope and rate: both sums over the ``n`` reports that print both numbers for certain."""
    listed = ", ".join(str(line) for line in RATES)
    return f"""WITH wanted(rate, table_key, above_row, above_column, below_row, below_column) AS (VALUES {listed})
        SELECT {region} AS region_code, r.year, r.scope, w.rate, sum(a.value) AS numerator, sum(b.value) AS denominator, count(*) AS n
        FROM {report} r CROSS JOIN wanted w
        CROSS JOIN {cell} ka ON (ka.table_key, ka.row_key, ka.column_key) = (w.table_key, w.above_row, w.above_column)
        CROSS JOIN {cell} kb ON (kb.table_key, kb.row_key, kb.column_key) = (w.table_key, w.below_row, w.below_column)
        CROSS JOIN {value} a ON a.report = r.key AND a.cell = ka.code AND a.status = 0 AND a.value IS NOT NULL
        CROSS JOIN {value} b ON b.report = r.key AND b.cell = kb.code AND b.status = 0 AND b.value IS NOT NULL
        WHERE {CURRENT} AND {KNOWN} AND {where} GROUP BY 1, r.year, r.scope, w.rate"""


async def summed(site: Site, code: str, scope: str, what: str = "totals") -> list[Row]:
    """The lines of ``totals`` or ``rates`` for one region and scope: from the table made for the country and the provinces, else counted
    here, which a prefecture's few hundred reports allow."""
    if (code == NATION or code.endswith("0000")) and await site.has(what):
        return await site.rows(f"SELECT * FROM {what} WHERE region_code = :code AND scope = :scope {EVERY[what]}", code=code, scope=scope)
    sql = (totals if what == "totals" else rates)(":code", f"r.scope = :scope AND {inside(code)}")
    return await site.rows(sql, code=code, scope=scope, **bounds(code))


async def by_child(site: Site, code: str, scope: str, year: int, what: str = "rates") -> list[Row]:
    """The lines of ``totals`` or ``rates`` of one year, one for each region right below ``code``."""
    if code == NATION and await site.has(what):
        sql = f"SELECT * FROM {what} WHERE region_code <> :code AND scope = :scope AND year = :year {EVERY[what]}"
        return await site.rows(sql, code=code, scope=scope, year=year)
    sql = (totals if what == "totals" else rates)(below(code), f"r.scope = :scope AND r.year = :year AND {inside(code)}")
    return await site.rows(sql, scope=scope, year=year, **bounds(code))


def link(site: Site, table: str, row: str, column: str, year: int, scope: str, code: str) -> str:
    """The address of the list of reports whose numbers make up a sum. ``row`` may end in ``*``."""
    words = {"table": table, "row": row, "column": column, "year": year, "scope": scope, "region": code}
    return str(site.datasette.urls.path("/-/numbers?" + urlencode(words)))


def rate_link(site: Site, rate: Row, scope: str, code: str) -> Row:
    """The line of ``rates`` with the address of the list of reports that print both its numbers."""
    words = {"rate": rate["rate"], "year": rate["year"], "scope": scope, "region": code}
    return {**rate, "link": str(site.datasette.urls.path("/-/rates?" + urlencode(words)))}
