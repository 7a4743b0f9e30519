"""``/-/organ/<id>``: all years of one organ in one table and chart; what it reports for itself and what it sums up stand apart."""

from __future__ import annotations

from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from . import charts
from .kit import ID, SCOPES, Row, Site, way_up
from .places import CURRENT

CHARTED = ("new_received", "granted", "total_handled")
FIGURES = f"""SELECT {ID} AS report_id, r.year, r.scope, r.capture AS capture_id, k.table_key, k.row_key, k.column_key, v.value,
    CASE v.status WHEN 0 THEN 'printed' WHEN 1 THEN 'blank' WHEN 2 THEN 'absent' ELSE 'doubtful' END AS status,
    coalesce(v.printed, CAST(v.value AS TEXT), '') AS printed
    FROM _report r CROSS JOIN _value v ON v.report = r.key JOIN _cell k ON k.code = v.cell
    WHERE r.organ_id = :id AND {CURRENT} AND (k.table_key = 'table_3' AND k.column_key = 'total' OR k.table_key = 'table_4')
    ORDER BY k.code"""


async def organ_page(request: Request, datasette: Datasette) -> Response:
    """The page of one organ. Raises ``NotFound``."""
    site, ident = Site(datasette, request), request.url_vars["id"]
    organ = await site.row("SELECT * FROM organs WHERE id = :id", id=ident)
    if organ is None:
        raise NotFound("No such organ")
    reports = await site.rows(
        f"""SELECT {ID} AS id, r.title, r.organ, r.year, r.scope, r.form, r.quality, r.published_on, r.capture AS capture_id
        FROM _report r WHERE r.organ_id = :id AND {CURRENT} ORDER BY r.year, {ID}""",
        id=ident,
    )
    figures = await site.rows(FIGURES, id=ident)
    parts = [part(site, await site.names(), scope, reports, figures) for scope in SCOPES if any(row["scope"] == scope for row in reports)]
    context = {"organ": organ, "way": await way_up(site, organ["region_code"]), "parts": parts, "reports": reports}
    context |= {"ledger": await _ledger(site, ident), "links": await _links(site, ident)}
    context["former"] = sorted({row["organ"] for row in reports if row["organ"]} - {organ["name"]})
    return await site.page("organ.html", **context)


def part(site: Site, names: Any, scope: str, reports: list[Row], figures: list[Row]) -> dict[str, Any]:
    """The years of one scope: a table of rows by reports, and a chart of its main rows."""
    shown = [row for row in reports if row["scope"] == scope]
    cells = {(row["report_id"], row["table_key"], row["row_key"], row["column_key"]): row for row in figures if row["scope"] == scope}
    keys = list(dict.fromkeys(key[1:] for key in cells))
    lines = [{"key": key, "cells": [cells.get((report["id"], *key)) for report in shown]} for key in keys]
    lines = [line for line in lines if any(cell and cell["status"] != "absent" for cell in line["cells"])]
    series = [_series(site, names, row, shown, cells) for row in CHARTED]
    chart = charts.bars("历年申请与办理 Requests over the years", [row["year"] for row in shown], series) if lines else None
    return {"scope": scope, "reports": shown, "lines": lines, "chart": chart}


def _series(site: Site, names: Any, row: str, reports: list[Row], cells: dict[Any, Row]) -> dict[str, Any]:
    found = [cells.get((report["id"], "table_3", row, "total")) for report in reports]
    label = names.of("row", row)
    path = site.datasette.urls.path
    return {
        "zh": label["zh"],
        "en": label["en"],
        "values": [cell["value"] if cell and cell["status"] == "printed" else None for cell in found],
        "links": [path(f"/-/report/{report['id']}") + f"#table_3-{row}-total" for report in reports],
    }


async def _ledger(site: Site, ident: str) -> list[Row]:
    if not await site.has("ledger"):
        return []
    # Not a left join: there SQLite follows no index of an expression.
    capture = "(SELECT r.capture_id FROM reports r WHERE r.id = l.report_id) AS capture_id"
    return await site.rows(f"SELECT l.*, {capture} FROM ledger l WHERE l.organ_id = :id ORDER BY l.year", id=ident)


async def _links(site: Site, ident: str) -> list[Row]:
    if not await site.has("organ_links"):
        return []
    sql = """SELECT l.*, 'after' AS side, l.other_id AS id, o.name FROM organ_links l LEFT JOIN organs o ON o.id = l.other_id
        WHERE l.organ_id = :id
        UNION ALL SELECT l.*, 'before', l.organ_id, o.name FROM organ_links l LEFT JOIN organs o ON o.id = l.organ_id WHERE l.other_id = :id
        ORDER BY on_date"""
    return await site.rows(sql, id=ident)
