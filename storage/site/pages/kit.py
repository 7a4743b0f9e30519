"""What every page asks with: rows, names of keys in two languages, places, addresses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response
from markupsafe import Markup

from .places import CURRENT, NATION

DATABASE = "harvest"
SCOPES = ("own", "consolidated", "system", "subsystem", "unclear")
ID = "CAST(coalesce(r.named, r.id) AS TEXT)"  # as the index has it
PROVINCES = f"""SELECT g.code, g.name, count(*) AS reports FROM _report r JOIN regions g ON g.code = substr(r.region_code, 1, 2) || '0000'
    WHERE {CURRENT} GROUP BY g.code ORDER BY g.code"""
LABELS = "SELECT * FROM labels"
Row = dict[str, Any]
# The database is opened read-only and never changes while it is served: what is asked by every page is asked once.
_kept: WeakKeyDictionary[Datasette, dict[str, Any]] = WeakKeyDictionary()


class Site:
    """One request: its words, the database, the names of keys."""

    def __init__(self, datasette: Datasette, request: Request | None = None) -> None:
        self.datasette = datasette
        self.request = request
        self.database = datasette.get_database(DATABASE)

    async def rows(self, sql: str, **words: Any) -> list[Row]:
        """The rows of a query as dicts."""
        return [dict(row) for row in await self.database.execute(sql, words, page_size=100_000, truncate=False)]

    async def row(self, sql: str, **words: Any) -> Row | None:
        """The first row, or None."""
        return next(iter(await self.rows(sql, **words)), None)

    async def once(self, name: str, sql: str) -> list[Row]:
        """The rows of a query without words, asked once as long as the site is served."""
        kept = _kept.setdefault(self.datasette, {})
        if name not in kept:
            kept[name] = await self.rows(sql)
        rows: list[Row] = kept[name]
        return rows

    async def has(self, *tables: str) -> bool:
        """Whether the database holds these tables: what was published before they came into being is served too."""
        present = {row["name"] for row in await self.once("tables", "SELECT name FROM sqlite_master")}
        return present.issuperset(tables)

    async def names(self) -> Names:
        """Names of keys, regions and levels."""
        return Names(await self.once("labels", LABELS))

    def word(self, name: str, default: str = "", known: Sequence[str] = ()) -> str:
        """A word of the address; the default when it is none of the ``known``."""
        given = ((self.request.args.get(name) if self.request else "") or "").strip() or default
        return given if not known or given in known else default

    def number(self, name: str, default: int | None = None) -> int | None:
        """A number of the address."""
        given = self.word(name)
        return int(given) if re.fullmatch("[0-9]{1,9}", given) else default

    async def page(self, template: str, **context: Any) -> Response:
        """The page as it is sent."""
        context |= {"names": await self.names(), "nation": NATION}
        return Response.html(await self.datasette.render_template(template, context, request=self.request))


class Names:
    """Chinese and English names of keys."""

    def __init__(self, rows: list[Row]) -> None:
        self._rows = {(row["kind"], row["key"]): row for row in rows}

    def of(self, kind: str, key: Any) -> Row:
        """The label of a key; the key itself where there is none."""
        return self._rows.get((kind, str(key))) or {"zh": str(key), "en": str(key), "description_zh": "", "description_en": ""}

    def __call__(self, kind: str, key: Any) -> Markup:
        """Both names, as HTML."""
        label = self.of(kind, key)
        return two(label["zh"], label["en"])


def two(zh: str, en: str) -> Markup:
    """A name in both languages, Chinese first."""
    return Markup('{} <small lang="en">{}</small>').format(zh, en) if en and en != zh else Markup("{}").format(zh)


async def region_of(site: Site, name: str = "region") -> Row:
    """The region that the address names; the country when it names none."""
    code = site.word(name, NATION)
    found = await site.row("SELECT code, name, level, parent FROM regions WHERE code = :code", code=code)
    return found or {"code": NATION, "name": "全国", "level": "nation", "parent": None}


async def way_up(site: Site, code: str | None) -> list[Row]:
    """The regions above one, the highest first, itself last."""
    chain: list[Row] = []
    while code and len(chain) < 6:
        found = await site.row("SELECT code, name, level, parent FROM regions WHERE code = :code", code=code)
        if found:
            chain.insert(0, found)
        code = found["parent"] if found else None
    return chain


async def choices(site: Site, region: Row) -> list[Row]:
    """Regions to choose from: the way up, what lies right below, the provinces that have reports."""
    below = await site.rows("SELECT code, name FROM regions WHERE parent = :code ORDER BY code", code=region["code"])
    provinces = await site.once("provinces", PROVINCES)
    nation = {"code": NATION, "name": "全国"}
    return list({row["code"]: row for row in (*await way_up(site, region["code"]), nation, *below, *provinces)}.values())


async def years(site: Site) -> list[int]:
    """The report years there are, the latest last."""
    found = await site.once("years", f"SELECT DISTINCT year FROM _report r WHERE {CURRENT} AND year IS NOT NULL ORDER BY year")
    return [row["year"] for row in found]
