"""``/-/numbers``: the reports behind a sum, one line a printed number, each with its archived page."""

from __future__ import annotations

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from .kit import ID, SCOPES, Site, region_of
from .places import CURRENT, bounds, inside

MANY = 100  # numbers on a page
# Rows of the form that stand together under one heading.
TOGETHER = {"denied_*": ("不予公开", "Denied"), "unable_*": ("无法提供", "Unable to provide")}
TOGETHER |= {"not_processed_*": ("不予处理", "Not processed"), "other_*": ("其他处理", "Other handling")}
STATUS = ("printed", "blank", "absent", "doubtful")
LISTED = """SELECT {id} AS report_id, r.year, r.organ, r.organ_id, r.scope, r.region_code, r.capture AS capture_id, k.table_key, k.row_key,
    k.column_key, v.value, v.status, iif(v.status = 2, NULL, coalesce(v.printed, CAST(v.value AS TEXT), '')) AS printed"""
# The doubtful lie in an index of their own; else the reports come first, then their cells.
ALL_DOUBTFUL = "FROM _value v JOIN _report r ON r.key = v.report JOIN _cell k ON k.code = v.cell WHERE v.status = 3"
OF_A_CELL = """FROM _report r CROSS JOIN _cell k CROSS JOIN _value v ON v.report = r.key AND v.cell = k.code
    WHERE k.table_key = :table AND k.row_key GLOB :row AND k.column_key = :column"""


async def numbers_page(request: Request, datasette: Datasette) -> Response:
    """The numbers that the words of the address choose: table, row (may end in ``*``), column, year,
    scope, region, organ, status, page."""
    site = Site(datasette, request)
    region, year, scope = await region_of(site), site.number("year"), site.word("scope", known=("", *SCOPES))
    words = {"table": site.word("table"), "row": site.word("row"), "column": site.word("column"), "year": year, "scope": scope}
    words["organ"] = site.word("organ")
    status = site.word("status", known=("", *STATUS))
    source = OF_A_CELL if words["table"] else ALL_DOUBTFUL
    where = f"""{source} AND {CURRENT} AND {inside(region["code"])} AND (:year IS NULL OR r.year = :year)
        AND (:scope = '' OR r.scope = :scope) AND (:code IS NULL OR v.status = :code)
        AND (:organ = '' OR r.organ_id = :organ)"""
    asked = {**words, "code": STATUS.index(status) if status else None, **bounds(region["code"])}
    told = await site.row(
        f"SELECT sum(v.status = 0 AND v.value IS NOT NULL) AS n, sum(iif(v.status = 0, v.value, NULL)) AS total, count(*) AS asked {where}",
        **asked,
    )
    first = MANY * (site.number("page", 0) or 0)
    listed = f"{LISTED.format(id=ID)} {where} ORDER BY v.status <> 0, v.value DESC, r.key, k.code LIMIT {MANY} OFFSET :first"
    found = await site.rows(listed, **asked, first=first)
    context = {"numbers": found, "told": told, "region": region, "words": words, "status": status, "statuses": STATUS, "first": first}
    together = TOGETHER.get(site.word("row"))
    return await site.page("numbers.html", **context, together=together, many=MANY, page=first // MANY)
