"""Organs beside each other: what each handled and granted, how much it denied and on which ground, ranked where it handled enough."""

from __future__ import annotations

from typing import Any

from . import coverage, sums
from .kit import ID, Row, Site, years
from .places import CURRENT, bounds, inside

MANY = 200  # organs on a page, those that handled most
SHOWN = ("new_received", "granted", "partially_granted")
HANDLED = f"""SELECT r.key, {ID} AS id, r.organ, r.organ_id, r.level, r.region_code, r.capture, v.value AS handled
    FROM _report r CROSS JOIN _value v ON v.report = r.key AND v.cell = (SELECT code FROM _cell
        WHERE (table_key, row_key, column_key) = ('table_3', 'total_handled', 'total')) AND v.status = 0 AND v.value IS NOT NULL
    WHERE {CURRENT} AND r.year = :year AND r.scope = :scope AND (:level = '' OR r.level = :level) AND {{inside}}
    ORDER BY v.value DESC, r.key LIMIT {MANY + 1}"""
CELLS = """SELECT v.report, k.row_key, v.value, v.status FROM _value v JOIN _cell k ON k.code = v.cell
    WHERE v.report IN ({}) AND k.table_key = 'table_3' AND k.column_key = 'total'"""


async def organs(site: Site, region: Row, scope: str) -> dict[str, Any]:
    """``ranked``: the organs that handled at least 30 cases, the largest share denied on top; ``unranked``: the rest, and those that do
    not print every ground of denial, of which no share can be told."""
    known = await years(site)
    year = site.number("year", known[-1] if known else None) or 0
    level = site.word("level")
    words = {"year": year, "scope": scope, "level": level, **bounds(region["code"])}
    found = await site.rows(HANDLED.format(inside=inside(region["code"])), **words)
    more, found = len(found) > MANY, found[:MANY]
    cells: dict[int, dict[str, Row]] = {}
    for cell in await site.rows(CELLS.format(", ".join(str(row["key"]) for row in found))):
        cells.setdefault(cell["report"], {})[cell["row_key"]] = cell
    lines = [_line(site, row, cells[row["key"]], year, scope) for row in found]
    ranked = sorted((line for line in lines if _ranks(line)), key=lambda line: -line["denied"] / line["handled"])
    levels = await site.once("organ_levels", "SELECT DISTINCT level FROM organs WHERE level IS NOT NULL ORDER BY level")
    covered = (await coverage.by_year(site, region["code"])).get(year)
    context = {"ranked": ranked, "unranked": [line for line in lines if not _ranks(line)], "more": more, "many": MANY, "covered": covered}
    return {**context, "year": year, "years": known, "level": level, "levels": [row["level"] for row in levels]}


def _line(site: Site, report: Row, cells: dict[str, Row], year: int, scope: str) -> dict[str, Any]:
    grounds = {row: cell for row, cell in cells.items() if row.startswith("denied_") and cell["status"] != 2}
    whole = bool(grounds) and all(cell["status"] == 0 and cell["value"] is not None for cell in grounds.values())
    denied = sum(cell["value"] for cell in grounds.values()) if whole else None
    first = max(grounds.items(), key=lambda ground: ground[1]["value"]) if denied else None
    behind = sums.link(site, "table_3", "denied_*", "total", year, scope, report["region_code"] or "") + f"&organ={report['organ_id']}"
    shown = {row: cells[row]["value"] if row in cells and cells[row]["status"] == 0 else None for row in SHOWN}
    return {**report, **shown, "denied": denied, "link": behind, "ground": first and _told(first, grounds)}


def _told(first: tuple[str, Row], grounds: dict[str, Row]) -> dict[str, Any]:
    """The ground of the most denials, and whether another one has as many."""
    value = first[1]["value"]
    return {"row": first[0], "value": value, "tied": sum(cell["value"] == value for cell in grounds.values()) > 1}


def _ranks(line: dict[str, Any]) -> bool:
    return line["denied"] is not None and line["handled"] >= sums.LEAST
