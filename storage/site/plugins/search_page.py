"""Full-text search, ``/-/search``: reports whose text holds the words, by year, region, section, kind of organ, with passages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode

from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import Database
from datasette.utils.asgi import Request, Response
from markupsafe import Markup, escape

DATABASE = "harvest"
SIZE = 20  # reports a page
LAST_PAGE = 5000
LONGEST = 200  # signs of a query that are looked at
BEFORE, AFTER = 30, 50  # signs around a word
SNIPPETS = 3  # a report
SECTIONS = {
    "overview": ("一、总体情况", "overview"),
    "proactive": ("二、主动公开", "proactive disclosure"),
    "requests": ("三、依申请公开", "requests"),
    "disputes": ("四、行政复议、行政诉讼", "review and litigation"),
    "problems": ("五、问题及改进", "problems and improvements"),
    "other": ("六、其他事项", "other matters"),
    "rest": ("其余部分", "the rest"),
}
# 河南 is 河南省, and 湖滨 湖滨区; several places share a name.
NAMED = """SELECT code, level FROM regions WHERE substr(name, 1, length(:name)) = :name AND length(name) - length(:name) IN (0, 1)
    ORDER BY code LIMIT 40"""
# All reports may hold the words: they are found once, then counted by year, and the newest of them taken.
FOUND = """WITH found AS MATERIALIZED (SELECT rowid AS key FROM reports_fts WHERE reports_fts MATCH :column || {words}(:query) || ')'),
    hit AS MATERIALIZED (SELECT r.year, r.key FROM found CROSS JOIN _report r ON r.key = found.key WHERE {where}),
    newest AS (SELECT year, key FROM hit ORDER BY year DESC, key DESC LIMIT :size OFFSET :skip)
    SELECT 1 AS counted, year, count(*) AS found FROM hit GROUP BY year UNION ALL SELECT 0, year, key FROM newest"""
TOLD = """SELECT key, id, title, organ, year, region, province, superseded_by, text FROM reports WHERE key IN ({})
    ORDER BY year DESC, key DESC"""
PARTS = "SELECT report, begin, end, section FROM _search_part WHERE report IN ({}) ORDER BY report, begin"
# From year to year through the index, not through all reports.
YEARS = """WITH RECURSIVE known(year) AS (SELECT max(year) FROM _report UNION ALL
    SELECT (SELECT max(year) FROM _report WHERE year < known.year) FROM known WHERE known.year IS NOT NULL)
    SELECT year FROM known WHERE year IS NOT NULL"""
DIGITS = {"province": 2, "prefecture": 4}  # of a code that all places in the region share


class Asked(NamedTuple):
    """What a reader asks for; texts are empty and ``year`` None where nothing was chosen."""

    query: str
    whole: bool
    year: int | None
    region: str
    section: str
    level: str
    every: bool
    page: int

    @property
    def words(self) -> list[str]:
        """What must stand in the text, each as it is."""
        return [self.query] if self.whole else self.query.split()


@hookimpl  # type: ignore[untyped-decorator]
def register_routes() -> list[tuple[str, Any]]:
    """The page, and the same as JSON."""
    return [(r"^/-/search$", search_page), (r"^/-/search\.json$", search_json)]


async def search_page(request: Request, datasette: Datasette) -> Response:
    """The page with the answer."""
    asked = read(request)
    database = datasette.get_database(DATABASE)
    found = await search(database, asked)
    levels = await labels(database, "level")
    years = [row[0] for row in await database.execute(YEARS)]
    context = {
        "asked": asked,
        **found,
        "sections": SECTIONS,
        "levels": levels,
        "found_years": found["years"],
        "years": years,
        "pages": -(-found["total"] // SIZE),
    }

    def address(**changed: object) -> str:
        given = {"q": asked.query, "year": asked.year, "region": asked.region, "section": asked.section, "level": asked.level}
        given |= {"whole": "1" if asked.whole else "", "every": "1" if asked.every else "", "page": asked.page}
        return str(datasette.urls.path("/-/search?" + urlencode({name: value for name, value in (given | changed).items() if value})))

    return Response.html(await datasette.render_template("search.html", {**context, "address": address}, request=request))


async def search_json(request: Request, datasette: Datasette) -> Response:
    """``total``, ``years`` (year -> reports) and ``reports`` with their ``snippets``, marked as HTML."""
    return Response.json(await search(datasette.get_database(DATABASE), read(request)), default=str)


def read(request: Request) -> Asked:
    """The query string; what makes no sense in it is left out."""
    given = {name: request.args.get(name) or "" for name in ("q", "whole", "year", "region", "section", "level", "every", "page")}
    number = {name: int(given[name]) if re.fullmatch(r"[0-9]{1,4}", given[name]) else None for name in ("year", "page")}
    query = " ".join(given["q"].split()) if not given["whole"] else " ".join(given["q"].splitlines())
    section = given["section"] if given["section"] in SECTIONS else ""
    page = min(max(number["page"] or 1, 1), LAST_PAGE)
    region = given["region"].strip()[:40]
    return Asked(query[:LONGEST], bool(given["whole"]), number["year"], region, section, given["level"][:40], bool(given["every"]), page)


async def search(database: Database, asked: Asked) -> dict[str, Any]:
    """How many reports of which years hold the words, and those of the page asked for, the newest first."""
    if not asked.words:
        return {"total": 0, "years": {}, "reports": []}
    where, given = await filters(database, asked)
    given |= {"query": asked.query, "column": f"{asked.section} : (" if asked.section else "- head : ("}
    given |= {"size": SIZE, "skip": (asked.page - 1) * SIZE}
    found = await database.execute(FOUND.format(words="whole_fts" if asked.whole else "escape_fts", where=where), given)
    years = {row["year"]: row["found"] for row in found if row["counted"]}
    reports = await told(database, [row["found"] for row in found if not row["counted"]], asked)
    return {"total": sum(years.values()), "years": dict(sorted(years.items(), key=lambda year: -(year[0] or 0))), "reports": [*reports]}


async def filters(database: Database, asked: Asked) -> tuple[str, dict[str, Any]]:
    """The condition on ``r`` in SQL, and its parameters."""
    given = {column: value for column in ("year", "level") if (value := getattr(asked, column))}
    terms = [f"r.{column} = :{column}" for column in given]
    if not asked.every:
        terms.append("r.superseded_by IS NULL")
    if asked.region:
        codes = {f"region{number}": code for number, code in enumerate(await prefixes(database, asked.region))}
        terms.append(f"({' OR '.join(f'substr(r.region_code, 1, {len(code)}) = :{name}' for name, code in codes.items()) or '0'})")
        given |= codes
    return " AND ".join(terms) or "1", given


async def prefixes(database: Database, region: str) -> list[str]:
    """What the codes of a region begin with, by its name (河南, 河南省, 湖滨区) or by digits of a code."""
    if region.isascii() and region.isdigit():
        return [re.sub(r"^(..)0000$|^(....)00$", r"\1\2", region[:6])]
    rows = await database.execute(NAMED, {"name": region})
    return sorted({row["code"][: DIGITS.get(row["level"], 6)] for row in rows})


async def told(database: Database, keys: list[int], asked: Asked) -> Iterator[dict[str, Any]]:
    """The reports of a page of the answer, with passages of their texts."""
    those = ", ".join(map(str, keys))
    parts: dict[int, list[tuple[int, int, str]]] = {}
    for report, *part in await database.execute(PARTS.format(those)):
        parts.setdefault(report, []).append(tuple(part))
    rows = [dict(row) for row in await database.execute(TOLD.format(those))]
    return ({**row, "snippets": list(snippets(row.pop("text"), parts.get(row.pop("key"), []), asked.words, asked.section))} for row in rows)


def snippets(text: str, parts: list[tuple[int, int, str]], words: list[str], section: str) -> Iterator[dict[str, Any]]:
    """Passages with a word in them, marked: each word once, then more of them. As LIKE does, A is taken for a, and nothing else is."""
    pattern = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))), re.IGNORECASE | re.ASCII)
    places = [part for part in parts if section in ("", part[2])]
    found = [(match, part) for part in places for match in pattern.finditer(text, part[0], part[1])]
    firsts = {match[0].lower(): match.start() for match, _ in reversed(found)}
    found.sort(key=lambda entry: entry[0].start() not in firsts.values())
    reach = -1
    for match, (begin, end, name) in sorted(found[:SNIPPETS], key=lambda entry: entry[0].start()):
        if match.start() >= reach:
            first, reach = max(begin, match.start() - BEFORE), min(end, match.end() + AFTER)
            yield {"section": name, "html": marked(text[first:reach].strip("\n"), pattern), "before": first > begin, "after": reach < end}


def marked(passage: str, pattern: re.Pattern[str]) -> Markup:
    """The passage as HTML, its words in ``<mark>``; lines and cells of a table become one line."""
    out, at = Markup(""), 0
    for match in pattern.finditer(passage):
        out += _plain(passage[at : match.start()]) + Markup("<mark>") + escape(match[0]) + Markup("</mark>")
        at = match.end()
    return out + _plain(passage[at:])


def _plain(text: str) -> Markup:
    return escape(re.sub(r"[\t\n]+", " ", re.sub(r"(?m)^#{1,6} ", "", text)))


async def labels(database: Database, kind: str) -> list[tuple[str, str, str]]:
    """(key, Chinese, English) of the keys of a kind that reports have."""
    rows = await database.execute("SELECT key, zh, en FROM labels WHERE kind = :kind", {"kind": kind})
    return [tuple(row) for row in rows]
