"""When reports are published, by year, against the day the law of the time gave; from the ledger."""

from __future__ import annotations

from typing import Any

from . import charts
from .kit import Row, Site
from .places import NATION, bounds, inside

COUNTED = """sum(l.status <> 'not_yet_due') AS expected, sum(l.status = 'found') AS found, sum(l.published_on IS NOT NULL) AS dated,
    sum(l.days_late <= 0) AS on_time, sum(l.days_late > 0) AS late,
    sum(l.days_late > 0 AND coalesce(l.lateness_note, '') <> '') AS uncertain,
    sum(l.status = 'found' AND l.deadline IS NULL) AS without, sum(l.status = 'missing') AS missing, sum(l.status = 'blocked') AS blocked,
    sum(l.status = 'withdrawn') AS withdrawn"""
TOLD = ("expected", "found", "dated", "on_time", "late", "uncertain", "without", "missing", "blocked", "withdrawn")


async def years_of(site: Site, code: str) -> dict[str, Any]:
    """``lines``: year by year, or None where the ledger was not made; ``levels``: the same by level; ``chart``."""
    if not await site.has("ledger"):
        return {"lines": None, "levels": [], "chart": None}
    where = inside(code).replace("r.", "l.")
    sql = f"SELECT l.year, l.level, {COUNTED} FROM ledger l WHERE {where} GROUP BY l.year, l.level"
    # The country's is one pass over the whole ledger: made once.
    counted = await (site.once("timeliness", sql) if code == NATION else site.rows(sql, **bounds(code)))
    lines, levels = added(counted, "year"), added(counted, "level")
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


def added(counted: list[Row], by: str) -> list[Row]:
    """The lines of each year or level together; None where every one of them knows nothing."""
    groups: dict[Any, list[Row]] = {}
    for line in counted:
        groups.setdefault(line[by], []).append(line)
    return [
        {by: key, **shared({name: _sum(groups[key], name) for name in TOLD})} for key in sorted(groups, key=lambda key: (key is None, key))
    ]


def shared(line: Row) -> Row:
    """The line with ``n``, its reports that have a day and a statutory date, and of these the per cent published in time: ``share``, and
    ``most`` if the uncertain dates were in time too. None where there is no such report."""
    on_time, late = (line[key] or 0 for key in ("on_time", "late"))
    n = on_time + late
    share, most = ((round(100 * part / n, 1) if n else None) for part in (on_time, on_time + (line["uncertain"] or 0)))
    return {**line, "n": n, "share": share, "most": most}


def _sum(lines: list[Row], name: str) -> int | None:
    known = [line[name] for line in lines if line[name] is not None]
    return sum(known) if known else None
