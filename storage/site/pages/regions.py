"""``/-/region/<code>``: what lies below a region, how much of it there is year by year, its organs, and the way up."""

from __future__ import annotations

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from . import charts, coverage, sums
from .kit import ID, Row, Site, way_up
from .places import CURRENT, NATION, bounds, inside

MANY = 300  # organs on a page


async def region_page(request: Request, datasette: Datasette) -> Response:
    """The page of one region. Raises ``NotFound``."""
    site, code = Site(datasette, request), request.url_vars["code"]
    way = await way_up(site, code)
    if not way:
        raise NotFound("No such region")
    scope = site.word("scope", "consolidated", ("own", "consolidated"))
    sql = "SELECT code, name, level FROM regions WHERE parent = :code ORDER BY code"
    if code == NATION:  # provinces name no parent
        sql = "SELECT code, name, level FROM regions WHERE parent IS NULL AND code <> :code ORDER BY code"
    below = await site.rows(sql, code=code)
    own = await site.rows(
        f"""SELECT o.id, o.name, o.level, group_concat(DISTINCT r.year) AS years FROM organs o
        LEFT JOIN _report r ON r.organ_id = o.id AND {CURRENT} WHERE o.region_code = :code GROUP BY o.id
        ORDER BY o.level, o.name LIMIT {MANY}""",
        code=code,
    )
    covered, totals = await coverage.by_year(site, code), await sums.summed(site, code, scope)
    context = {"region": way[-1], "way": way, "below": below, "organs": own, "many": MANY, "scope": scope, "coverage": covered}
    context |= {"children": await coverage.by_child(site, code), "lines": _lines(totals), "former": await _former(site, code)}
    context |= {"chart": _chart(site, code, scope, totals), "newest": await _newest(site, code)}
    return await site.page("region.html", **context)


def _lines(totals: list[Row]) -> dict[int, dict[str, Row]]:
    """Year -> row of the form -> its line."""
    found: dict[int, dict[str, Row]] = {}
    for line in totals:
        if (line["table_key"], line["column_key"]) == ("table_3", "total"):
            found.setdefault(line["year"], {})[line["row_key"]] = line
    return dict(sorted(found.items()))


def _chart(site: Site, code: str, scope: str, totals: list[Row]) -> Row | None:
    lines = _lines(totals)
    series = []
    for row, zh, en in (("new_received", "本年新收", "Newly received"), ("total_handled", "办理总计", "Handled in all")):
        links = [sums.link(site, "table_3", row, "total", year, scope, code) for year in lines]
        values = [(line.get(row) or {}).get("value") for line in lines.values()]
        series.append({"zh": zh, "en": en, "values": values, "links": links})
    return charts.bars("历年申请与办理 Requests over the years", list(lines), series) if lines else None


async def _former(site: Site, code: str) -> list[Row]:
    return await site.rows("SELECT name, valid_from, valid_to FROM region_names WHERE code = :code ORDER BY valid_from", code=code)


async def _newest(site: Site, code: str) -> list[Row]:
    sql = f"""SELECT {ID} AS id, r.title, r.year, r.organ, r.first_seen FROM _report r WHERE {CURRENT} AND {inside(code)}
        ORDER BY r.first_seen DESC, r.key LIMIT 8"""
    return await site.rows(sql, **bounds(code))
