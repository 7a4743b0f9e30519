"""A page for each report, ``/-/report/<id>``: facts, the tables as printed beside what the checks say, text, captures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response
from markupsafe import Markup

DATABASE = "harvest"
ID = re.compile(r"[0-9a-f]{16}")
MARKS = {"pass": "✓", "fail": "✗", "unknown": "?"}
PLACE = "table_key || ' ' || row_key || ' ' || column_key"


@hookimpl  # type: ignore[untyped-decorator]
def register_routes() -> list[tuple[str, Any]]:
    """The address of a report's page."""
    return [(r"^/-/report/(?P<id>[0-9a-f]{16})$", report_page)]


@hookimpl  # type: ignore[untyped-decorator]
def render_cell(row: Any, value: Any, column: str, table: str | None, datasette: Datasette) -> Markup | None:
    """Ids of reports lead to their pages, in tables and in the answers of queries; in ``reports`` itself the title does."""
    if table == "reports" and column == "title":
        return link(datasette, row["id"], value or row["id"])
    named = column in ("report_id", "superseded_by") or (column == "id" and table is None)
    return link(datasette, value, value) if named and isinstance(value, str) and ID.fullmatch(value) else None


def link(datasette: Datasette, report_id: str, text: str) -> Markup:
    """A link to a report's page."""
    return Markup('<a href="{}">{}</a>').format(datasette.urls.path(f"/-/report/{report_id}"), text)


@hookimpl  # type: ignore[untyped-decorator]
def extra_template_vars(template: str, datasette: Datasette) -> dict[str, Any]:
    """``published`` for the home page: what there is to look at, in the order of the metadata."""
    if template != "index.html":
        return {}
    described = datasette.metadata(database=DATABASE) or {}
    tables = [(name, told["title"]) for name, told in described.get("tables", {}).items() if "title" in told]
    return {"published": {"tables": tables, "queries": list(described.get("queries", {}).items())}}


async def report_page(request: Request, datasette: Datasette) -> Response:
    """The page of one report. Raises ``NotFound`` for an id that is not in the database."""
    database = datasette.get_database(DATABASE)

    async def rows(sql: str) -> list[dict[str, Any]]:
        return [dict(row) for row in await database.execute(sql, {"id": request.url_vars["id"]})]

    found = await rows("SELECT * FROM reports WHERE id = :id")
    if not found:
        raise NotFound("No such report")
    labels = {(row["kind"], row["key"]): row for row in await rows("SELECT kind, key, zh, en FROM labels")}
    figures = await rows(f"SELECT *, {PLACE} AS place FROM figures WHERE report_id = :id")
    checks = await rows("SELECT * FROM checks WHERE report_id = :id AND strength IS NOT 'soft'")
    layout = (datasette.plugin_config("report_page") or {}).get(found[0]["form"], [])
    issues = await rows("SELECT * FROM issues WHERE report_id = :id")
    context = {
        "report": found[0],
        "facts": list(facts(found[0], labels)),
        "tables": [lay_out(part, figures, checks, labels) for part in layout],
        "strays": strays(layout, figures, labels),
        "summary": {outcome: sum(check["outcome"] == outcome for check in checks) for outcome in MARKS},
        "marks": MARKS,
        "issues": [{**row, "label": named(labels, "issue", row["code"])} for row in issues],
        "prose": await rows("SELECT * FROM prose WHERE report_id = :id"),
        "captures": await rows("SELECT * FROM captures WHERE report_id = :id ORDER BY fetched_at, url"),
        "others": await rows(
            """SELECT o.id, o.year, o.title FROM reports r JOIN reports o USING (organ_id, scope) WHERE r.id = :id AND o.id <> r.id
            AND o.superseded_by IS NULL ORDER BY o.year"""
        ),
        "blocks": list(blocks(found[0]["text"] or "")),
    }
    return Response.html(await datasette.render_template("report.html", context, request=request))


def named(labels: dict[tuple[str, str], dict[str, Any]], kind: str, key: str) -> dict[str, str]:
    """Chinese and English name of a key; the key itself where there is none."""
    return labels.get((kind, key)) or {"zh": key, "en": key}


def facts(report: dict[str, Any], labels: dict[tuple[str, str], dict[str, Any]]) -> Iterator[tuple[dict[str, str], str, str]]:
    """(label, what is shown, where it leads) of each fact at the head of the page."""
    for column in ("organ", "year", "region", "level", "scope", "form", "published_on", "quality", "portal_id", "url", "superseded_by"):
        value = report[column]
        if value not in (None, ""):
            shown = named(labels, column, str(value)) if column in ("level", "scope", "form", "quality") else {"zh": str(value), "en": ""}
            link = value if column == "url" else f"/-/report/{value}" if column == "superseded_by" else ""
            text = f"{shown['zh']} {shown['en']}".strip() if shown["en"] != shown["zh"] else shown["zh"]
            yield named(labels, "field", f"reports.{column}"), text, str(link)


def lay_out(part: dict[str, Any], figures: list[dict[str, Any]], checks: list[dict[str, Any]], labels: Any) -> dict[str, Any]:
    """A block of the form as rows of cells, with the checks of its rows at their ends and those of its columns below."""
    cells = {figure["place"]: figure for figure in figures}
    by_place: dict[str, list[dict[str, Any]]] = {}
    for check in checks:
        by_place.setdefault(check["at"], []).append({**check, "label": named(labels, "check", check["check_id"])})
    checked = part["table"] != "table_2"  # the form has no arithmetic for it, and its columns share keys with others

    def checks_at(place: str) -> list[dict[str, Any]]:
        return by_place.get(place, []) if checked else []

    def line(row: str) -> dict[str, Any]:
        printed = [cells.get(f"{part['table']} {row} {column}") for column in part["columns"]]
        return {"label": named(labels, "row", row), "cells": printed, "checks": checks_at(row)}

    return {
        "table": named(labels, "table", part["table"]),
        "block": named(labels, "block", part["block"]) if part["block"] != part["table"] else None,
        "columns": [{"label": named(labels, "column", column), "checks": checks_at(column)} for column in part["columns"]],
        "rows": [line(row) for row in part["rows"]],
    }


def strays(layout: list[dict[str, Any]], figures: list[dict[str, Any]], labels: Any) -> list[dict[str, Any]]:
    """Figures of rows that belong to a sister form and are printed here nevertheless."""
    known = {(part["table"], row) for part in layout for row in part["rows"]}
    return [
        {**figure, "row": named(labels, "row", figure["row_key"]), "column": named(labels, "column", figure["column_key"])}
        for figure in figures
        if (figure["table_key"], figure["row_key"]) not in known and figure["status"] != "absent"
    ]


def blocks(text: str) -> Iterator[dict[str, Any]]:
    """The text's headings, paragraphs and tables; a blank line stands between two of them."""
    for block in re.split(r"\n{2,}", text.strip()):
        heading = re.match(r"(#{1,6}) (.*)", block)
        if heading:
            yield {"kind": "heading", "level": min(len(heading[1]) + 1, 6), "text": heading[2]}
        elif "\t" in block:
            yield {"kind": "table", "rows": [line.split("\t") for line in block.split("\n")]}
        else:
            yield {"kind": "paragraph", "text": block}
