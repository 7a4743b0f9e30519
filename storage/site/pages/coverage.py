"""How much of what should be there is there: k of n found, read and checked, beside every sum."""

from __future__ import annotations

from .kit import Row, Site
from .places import CURRENT, NATION, below, bounds, inside

COUNTED = """count(DISTINCT r.organ_id) AS found,
    count(DISTINCT iif(r.quality NOT IN ('partial', 'none'), r.organ_id, NULL)) AS parsed,
    count(DISTINCT iif(r.quality IN ('verified', 'consistent', 'inconsistent'), r.organ_id, NULL)) AS checked,
    count(DISTINCT iif(r.quality = 'verified', r.organ_id, NULL)) AS verified"""


async def by_year(site: Site, code: str = NATION) -> dict[int, Row]:
    """Year -> ``expected`` (None when nobody knows), ``found``, ``parsed``, ``checked``, ``verified`` of a region and all below it."""
    if await site.has("coverage"):
        kind = "year" if code == NATION else "region_year"
        sql = "SELECT * FROM coverage WHERE kind = :kind AND (:kind = 'year' OR region_code = :code) ORDER BY year"
        found = await site.rows(sql, kind=kind, code=code)
        if found:
            return {row["year"]: row for row in found}
    sql = f"SELECT r.year, NULL AS expected, {COUNTED} FROM _report r WHERE {CURRENT} AND {inside(code)} GROUP BY r.year ORDER BY r.year"
    return {row["year"]: row for row in await site.rows(sql, **bounds(code)) if row["year"]}


async def by_child(site: Site, code: str, year: int | None = None) -> dict[str, Row]:
    """Region right below ``code`` -> the same, of one year or of all."""
    if await site.has("coverage"):
        kind = "region_year" if year else "region"
        sql = """SELECT c.* FROM coverage c JOIN regions g ON g.code = c.region_code
            WHERE c.kind = :kind AND (:year IS NULL OR c.year = :year) AND coalesce(g.parent, :nation) = :code AND g.code <> :nation"""
        return {row["region_code"]: row for row in await site.rows(sql, kind=kind, year=year, code=code, nation=NATION)}
    sql = f"""SELECT {below(code)} AS region_code, NULL AS expected, {COUNTED} FROM _report r
        WHERE {CURRENT} AND {inside(code)} AND (:year IS NULL OR r.year = :year) AND r.region_code IS NOT NULL GROUP BY 1"""
    return {row["region_code"]: row for row in await site.rows(sql, year=year, **bounds(code))}
