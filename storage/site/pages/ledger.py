"""``/-/ledger``: organ by year, what was expected and what came of it, when it was due and when it was published."""

from __future__ import annotations

from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from .kit import ID, Site, choices, region_of, years
from .places import bounds, inside

MANY = 100  # lines on a page
LEVELS = "SELECT DISTINCT level FROM organs WHERE level IS NOT NULL ORDER BY level"
STATES = ("found", "missing", "blocked", "withdrawn", "not_yet_due", "unknown")


async def ledger_page(request: Request, datasette: Datasette) -> Response:
    """The lines that year, region, status, level and lateness (``late=1``) of the address choose."""
    site = Site(datasette, request)
    region, year, state = await region_of(site), site.number("year"), site.word("status", known=("", *STATES))
    level, late = site.word("level"), site.word("late")
    context: dict[str, Any] = {
        "region": region,
        "year": year,
        "state": state,
        "level": level,
        "late": late,
        "states": STATES,
        "years": await years(site),
    }
    context["levels"] = [row["level"] for row in await site.once("ledger_levels", LEVELS)] if await site.has("ledger") else []
    context["choices"] = await choices(site, region)
    if not await site.has("ledger"):
        return await site.page("ledger.html", **context, lines=None, told=[])
    # Only what is asked stands in the question, so that an index is followed.
    asked = {"l.year = :year": year, "l.level = :level": level, "l.days_late > 0": late}
    where = " AND ".join([inside(region["code"]).replace("r.", "l."), *(part for part, given in asked.items() if given)])
    words = {"year": year, "level": level, **bounds(region["code"])}
    told = await site.rows(f"SELECT l.status, count(*) AS n FROM ledger l WHERE {where} GROUP BY l.status", **words)
    first = MANY * (site.number("page", 0) or 0)
    lines = await site.rows(
        f"""WITH page AS (SELECT * FROM ledger l WHERE {where} {"AND l.status = :state" if state else ""}
            ORDER BY {"l.days_late DESC," if late else ""} l.year DESC, l.region_code, l.organ LIMIT {MANY} OFFSET :first)
        SELECT p.*, (SELECT r.capture FROM _report r WHERE {ID} = p.report_id AND r.rendition_of IS NULL) AS capture_id FROM page p""",
        **words,
        state=state,
        first=first,
    )
    return await site.page("ledger.html", **context, lines=lines, told=told, page=first // MANY, many=MANY)
