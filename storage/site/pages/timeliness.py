"""When reports are published, by year, against the day the law of the time gave; from the ledger."""

from __future__ import annotations

from typing import Any

from . import charts
from .kit import Site, bounds, inside

COUNTED = """sum(l.status <> 'not_yet_due') AS expected, sum(l.status = 'found') AS found, sum(l.published_on IS NOT NULL) AS dated,
    sum(l.days_late <= 0) AS on_time, sum(l.days_late > 0) AS late,
    sum(l.days_late > 0 AND coalesce(l.lateness_note, '') <> '') AS uncertain,
    sum(l.status = 'found' AND l.deadline IS NULL) AS without, sum(l.status = 'missing') AS missing, sum(l.status = 'blocked') AS blocked,
    sum(l.status = 'withdrawn') AS withdrawn"""


async def years_of(site: Site, code: str) -> dict[str, Any]:
    """``lines``: year by year, or None where the ledger was not made; ``levels``: the same by level; ``chart``."""
    if not await site.has("ledger"):
        return {"lines": None, "levels": [], "chart": None}
    where = inside(code).replace("r.", "l.")
    lines = await site.rows(f"SELECT l.year, {COUNTED} FROM ledger l WHERE {where} GROUP BY l.year ORDER BY l.year", **bounds(code))
    levels = await site.rows(f"SELECT l.level, {COUNTED} FROM ledger l WHERE {where} GROUP BY l.level ORDER BY l.level", **bounds(code))
    path = site.datasette.urls.path
    told = (("on_time", "按期公布", "On time", ""), ("late", "逾期公布", "Late", "&late=1"))
    series = [
        {
            "zh": zh,
            "en": en,
            "values": [line[key] for line in lines],
            "links": [path(f"/-/ledger?year={line['year']}&region={code}{more}") for line in lines],
        }
        for key, zh, en, more in told
    ]
    return {
        "lines": lines,
        "levels": levels,
        "chart": charts.bars("按期与逾期 On time and late", [line["year"] for line in lines], series, "份"),
    }
