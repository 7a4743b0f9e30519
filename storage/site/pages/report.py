"""A page for each report, ``/-/report/<id>``: its text beside its tables as printed, what the checks say, versions, captures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

from .kit import ID, Names, Row, Site, way_up
from .places import CURRENT

MARKS = {"pass": "✓", "fail": "✗", "unknown": "?"}
PLACE = "table_key || ' ' || row_key || ' ' || column_key"
FACTS = ("level", "scope", "form", "published_on", "quality", "portal_id", "first_seen", "last_seen", "withdrawn_on")
OTHERS = f"""SELECT {ID} AS id, r.year, r.title, r.scope FROM _report r WHERE r.organ_id = :organ AND {CURRENT} AND {ID} <> :id
    ORDER BY r.year"""


async def report_page(request: Request, datasette: Datasette) -> Response:
    """The page of one report. Raises ``NotFound`` for an id that is not in the database."""
    site, ident = Site(datasette, request), request.url_vars["id"]
    report = await site.row("SELECT * FROM reports WHERE id = :id", id=ident)
    if report is None:
        raise NotFound("No such report")
    names = await site.names()
    figures = await site.rows(f"SELECT *, {PLACE} AS place FROM figures WHERE report_id = :id", id=ident)
    checks = await site.rows("SELECT * FROM checks WHERE report_id = :id AND strength IS NOT 'soft'", id=ident)
    layout = (datasette.plugin_config("pages") or {}).get("forms", {}).get(report["form"], [])
    errors = await site.rows("SELECT * FROM source_errors WHERE report_id = :id", id=ident)
    context = {
        "report": report,
        "way": await way_up(site, report["region_code"]),
        "facts": list(facts(report, names)),
        "errors": errors,
        "tables": [lay_out(part, figures, checks, wrong(errors), names) for part in layout],
        "strays": strays(layout, figures),
        "summary": {outcome: sum(check["outcome"] == outcome for check in checks) for outcome in MARKS},
        "marks": MARKS,
        "checks": sorted(checks, key=lambda check: ("fail", "unknown", "pass").index(check["outcome"])),
        "issues": await site.rows("SELECT * FROM issues WHERE report_id = :id", id=ident),
        "prose": await site.rows("SELECT * FROM prose WHERE report_id = :id", id=ident),
        "repeats": await site.has("boilerplate"),
        "captures": await site.rows("SELECT * FROM captures WHERE report_id = :id ORDER BY fetched_at, url", id=ident),
        "others": await site.rows(OTHERS, organ=report["organ_id"], id=ident),
        "blocks": list(blocks(report["text"] or "")),
        **await versions(site, ident),
    }
    return await site.page("report.html", **context)


def facts(report: Row, names: Names) -> Iterator[tuple[str, str, str]]:
    """(column, what is shown in Chinese, in English) of each fact at the head of the page."""
    for column in FACTS:
        value = report[column]
        if value not in (None, ""):
            named = column in ("level", "scope", "form", "quality")
            shown = names.of(column, value) if named else {"zh": str(value), "en": ""}
            yield column, shown["zh"], shown["en"]


def wrong(errors: list[Row]) -> set[str]:
    """The cells (``row column``) that take part in an error of this report; those of other reports bear a year."""
    return {
        " ".join(cell.partition("=")[0].strip().rpartition(".")[::2])
        for error in errors
        for cell in (error["cells"] or "").split(";")
        if "@" not in cell
    }


async def versions(site: Site, ident: str) -> dict[str, Any]:
    """``earlier``: the texts that this one replaced; ``revisions``: cell by cell what changed, with both captures."""
    earlier = await site.rows(
        f"""SELECT {ID} AS id, r.title, r.first_seen, r.last_seen FROM _report r
        WHERE r.superseded_by = (SELECT key FROM _report r WHERE {ID} = :id AND r.rendition_of IS NULL) AND r.rendition_of IS NULL""",
        id=ident,
    )
    if not await site.has("revisions"):
        return {"earlier": earlier, "revisions": []}
    changed = await site.rows("SELECT * FROM revisions WHERE report_id = :id", id=ident)
    return {"earlier": earlier, "revisions": changed}


def lay_out(part: dict[str, Any], figures: list[Row], checks: list[Row], errors: set[str], names: Names) -> dict[str, Any]:
    """A block of the form as rows of cells, with the checks of its rows at their ends and those of its columns below."""
    cells = {figure["place"]: {**figure, "wrong": f"{figure['row_key']} {figure['column_key']}" in errors} for figure in figures}
    by_place: dict[str, list[Row]] = {}
    for check in checks:
        by_place.setdefault(check["at"], []).append({**check, "label": names.of("check", check["check_id"])})
    checked = part["table"] != "table_2"  # the form has no arithmetic for it, and its columns share keys with others

    def checks_at(place: str) -> list[Row]:
        return by_place.get(place, []) if checked else []

    def line(row: str) -> dict[str, Any]:
        printed = [cells.get(f"{part['table']} {row} {column}") for column in part["columns"]]
        return {"key": row, "cells": printed, "checks": checks_at(row)}

    columns = [{"key": column, "checks": checks_at(column)} for column in part["columns"]]
    block = part["block"] if part["block"] != part["table"] else None
    rows = [line(row) for row in part["rows"]]
    marked = {"row_checks": any(row["checks"] for row in rows), "column_checks": any(column["checks"] for column in columns)}
    return {"table": part["table"], "block": block, "columns": columns, "rows": rows, **marked}


def strays(layout: list[dict[str, Any]], figures: list[Row]) -> list[Row]:
    """Figures of rows that belong to a sister form and are printed here nevertheless."""
    known = {(part["table"], row) for part in layout for row in part["rows"]}
    return [figure for figure in figures if (figure["table_key"], figure["row_key"]) not in known and figure["status"] != "absent"]


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
