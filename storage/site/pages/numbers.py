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
# One pass: a cell of all years is a number of every report.
TOLD = """sum(v.status = 0 AND v.value IS NOT NULL) {over} AS n, sum(iif(v.status = 0, v.value, NULL)) {over} AS total,
    count(*) {over} AS asked"""
ORDER = "v.status <> 0, v.value DESC, r.key, k.code"
PAGE = f"""WITH page AS MATERIALIZED (SELECT r.key AS report, k.code, {TOLD.format(over="OVER ()")} {{where}}
    ORDER BY {ORDER} LIMIT {MANY} OFFSET :first)
    {LISTED.format(id=ID)}, p.n, p.total, p.asked FROM page p CROSS JOIN _report r ON r.key = p.report CROSS JOIN _cell k ON k.code = p.code
    CROSS JOIN _value v ON v.report = p.report AND v.cell = p.code ORDER BY {ORDER}"""


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
    first = MANY * (site.number("page", 0) or 0)
    found = await site.rows(PAGE.format(where=where), **asked, first=first)
    told = found[0] if found else await site.row(f"SELECT {TOLD.format(over='')} {where}", **asked)
    context = {"numbers": found, "told": told, "region": region, "words": words, "status": status, "statuses": STATUS, "first": first}
    together = TOGETHER.get(site.word("row"))
    return await site.page("numbers.html", **context, together=together, many=MANY, page=first // MANY)
