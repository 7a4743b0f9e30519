"""A page for what a report repeats, ``/-/repeats/<id>``: its sections beside those they share most with, the shared passages marked."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Request, Response

DATABASE = "harvest"
REPORT = "SELECT id, title, year, organ FROM reports WHERE id = :id"
LABELS = "SELECT kind, key, zh, en FROM labels WHERE kind IN ('section', 'against')"
REPEATS = """SELECT p.section, p.against, p.shared, p.characters, p.organs, p.here, p.there, o.id, o.title, o.organ, o.year,
    s.begin AS own_begin, substr(r.text, s.begin + 1, s.end - s.begin) AS own_text,
    t.begin AS other_begin, substr(o.text, t.begin + 1, t.end - t.begin) AS other_text
    FROM reports r JOIN _repeat p ON p.report = r.key JOIN reports o ON o.key = p.other
    JOIN _section s ON s.report = p.report AND s.section = p.section JOIN _section t ON t.report = p.other AND t.section = p.section
    WHERE r.id = :id ORDER BY p.section, p.against"""


@hookimpl  # type: ignore[untyped-decorator]
def register_routes() -> list[tuple[str, Any]]:
    """The address of the page."""
    return [(r"^/-/repeats/(?P<id>[0-9a-f]{16})$", repeats_page)]


async def repeats_page(request: Request, datasette: Datasette) -> Response:
    """The page of one report. Raises ``NotFound`` for an id that is not in the database."""
    database = datasette.get_database(DATABASE)

    async def rows(sql: str) -> list[dict[str, Any]]:
        return [dict(row) for row in await database.execute(sql, {"id": request.url_vars["id"]})]

    found = await rows(REPORT)
    if not found:
        raise NotFound("No such report")
    labels = {(row["kind"], row["key"]): row for row in await rows(LABELS)}
    codes = datasette.plugin_config("repeats_page")
    sections = [
        {
            "label": named(labels, "section", codes["sections"][section]),
            "repeats": [{**row, **side_by_side(row), "label": named(labels, "against", codes["against"][row["against"]])} for row in group],
        }
        for section, group in groupby(await rows(REPEATS), key=itemgetter("section"))
    ]
    return Response.html(await datasette.render_template("repeats.html", {"report": found[0], "sections": sections}, request=request))


def named(labels: dict[tuple[str, str], dict[str, Any]], kind: str, key: str) -> dict[str, str]:
    """Chinese and English name of a key; the key itself where there is none."""
    return labels.get((kind, key)) or {"zh": key, "en": key}


def side_by_side(row: dict[str, Any]) -> dict[str, Any]:
    """Both texts of a comparison as paragraphs of (is shared, text), and the share in per cent."""
    return {
        "own": paragraphs(row["own_text"], row["own_begin"], row["here"]),
        "other": paragraphs(row["other_text"], row["other_begin"], row["there"]),
        "percent": f"{100 * row['shared'] / row['characters']:.1f}",
    }


def paragraphs(text: str, begin: int, told: str) -> list[list[tuple[bool, str]]]:
    """The lines of a section in pieces; rows of tables, which are not compared, left out. ``begin``: where it begins in the whole text."""
    lines: list[list[tuple[bool, str]]] = [[]]
    for shared, piece in pieces(text, begin, told):
        first, *more = piece.split("\n")
        lines[-1].append((shared, first))
        lines += [[(shared, line)] for line in more]
    return [line for line in lines if (whole := "".join(piece for _, piece in line)).strip() and "\t" not in whole]


def pieces(text: str, begin: int, told: str) -> Iterator[tuple[bool, str]]:
    """``text`` cut where shared passages begin and end; ``told``: lengths in the whole text of what is not shared and what is, in turns."""
    at, shared = -begin, False
    for length in (*map(int, told.split()), begin + len(text)):
        if piece := text[max(at, 0) : max(at + length, 0)]:
            yield shared, piece
        at, shared = at + length, not shared
