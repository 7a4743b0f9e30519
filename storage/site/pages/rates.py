"""``/-/rates``: the reports behind a rate, one line a report with both its printed numbers, each with its archived page."""

from __future__ import annotations

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from . import sums
from .kit import ID, SCOPES, Site, region_of
from .places import CURRENT, bounds, inside

MANY = 100  # reports on a page
BOTH = """FROM _report r CROSS JOIN _value a ON a.report = r.key AND a.cell = (SELECT code FROM _cell
        WHERE (table_key, row_key, column_key) = (:table, :above_row, :above_column)) AND a.status = 0 AND a.value IS NOT NULL
    CROSS JOIN _value b ON b.report = r.key AND b.cell = (SELECT code FROM _cell
        WHERE (table_key, row_key, column_key) = (:table, :below_row, :below_column)) AND b.status = 0 AND b.value IS NOT NULL"""
PRINTED = "coalesce(a.printed, CAST(a.value AS TEXT)) AS above, coalesce(b.printed, CAST(b.value AS TEXT)) AS below"


async def rates_page(request: Request, datasette: Datasette) -> Response:
    """The reports that print both numbers of the rate, year, scope and region of the address. Raises ``NotFound`` for no such rate."""
    site = Site(datasette, request)
    line = next((line for line in sums.RATES if line[0] == site.word("rate")), None)
    if line is None:
        raise NotFound("No such rate")
    region, year, scope = await region_of(site), site.number("year"), site.word("scope", "own", SCOPES)
    where = f"{BOTH} WHERE {CURRENT} AND {inside(region['code'])} AND r.year = :year AND r.scope = :scope"
    cells = dict(zip(("rate", "table", "above_row", "above_column", "below_row", "below_column"), line, strict=True))
    words = {**cells, "year": year, "scope": scope, **bounds(region["code"])}
    told = await site.row(f"SELECT sum(a.value) AS numerator, sum(b.value) AS denominator, count(*) AS n {where}", **words)
    page = site.number("page", 0) or 0
    found = await site.rows(
        f"""SELECT {ID} AS id, r.organ, r.organ_id, r.capture, a.value AS numerator, b.value AS denominator, {PRINTED} {where}
        ORDER BY b.value DESC, r.key LIMIT {MANY} OFFSET :first""",
        **words,
        first=MANY * page,
    )
    return await site.page("rates.html", told=told, found=found, region=region, cells=cells, year=year, scope=scope, page=page, many=MANY)
