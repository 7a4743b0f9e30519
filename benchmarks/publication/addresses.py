"""The addresses of the site that are measured: every page as it first opens, widest and narrower, every ready-made question."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

from storage import queries
from storage.site.pages.dashboards import TITLES
from storage.site.pages.places import NATION

# Empty: all of the country, which is the most to work out.
GIVEN = {"word": "诉讼", "organ": "财政局", "scope": "own", "region": "", "year": "2023", "strength": "", "key": ""}
FORM = "national_2021"
LARGEST = """SELECT {column} FROM reports WHERE superseded_by IS NULL AND {column} IS NOT NULL AND {where} GROUP BY 1
    ORDER BY count(*) DESC, 1 LIMIT 1"""
CELL = "table=table_3&row=total_handled&column=total"
PLACES = (
    *("/-/ledger", "/-/ledger?year=2023", "/-/ledger?status=missing", "/-/ledger?late=1", "/-/ledger?year=2023&late=1"),
    *("/-/about", "/-/dictionary", "/-/dictionary?kind=lines", "/-/dictionary?kind=crosswalk", "/-/search"),
    *(f"/-/numbers?{CELL}", f"/-/numbers?{CELL}&year=2023&scope=own", "/-/numbers?table=table_3&row=denied_*&column=total&year=2023"),
    *("/-/numbers?status=doubtful", "/-/rates?rate=granted&year=2023", "/-/region/100000", "/-/region/100000?scope=own"),
    *("/harvest", "/harvest/reports", "/harvest/reports?year=2023&_facet=level", "/harvest/figures", "/harvest/requests"),
    *("/harvest/source_errors", "/harvest/ledger", "/harvest/coverage", "/harvest/captures", "/harvest/boilerplate", "/harvest/checks"),
    *("/harvest/totals", "/harvest/revisions", "/harvest/issues", "/harvest/prose", "/harvest/organs"),
)


def reports(folder: Path) -> list[str]:
    """Three reports' pages."""
    with closing(sqlite3.connect(folder / "harvest.db")) as connection:
        (count,) = connection.execute("SELECT max(key) FROM reports").fetchone()
        chosen = sorted(random.Random(7).sample(range(1, count + 1), 3))
        ids = connection.execute(f"SELECT id FROM reports WHERE key IN ({', '.join(map(str, chosen))})").fetchall()
    return [f"/-/report/{ident}" for (ident,) in ids]


def others(folder: Path) -> list[str]:
    """Every other page: of the organ, the province, the prefecture and the county with most reports, dashboards of each, the rest."""
    with closing(sqlite3.connect(folder / "harvest.db")) as connection:

        def largest(column: str, where: str) -> str:
            found = connection.execute(LARGEST.format(column=column, where=where)).fetchone()
            return str(found[0]) if found else NATION

        organ, capture, report = (largest(column, f"form = '{FORM}'") for column in ("organ_id", "capture_id", "id"))
        like = ("region_code LIKE '%0000'", "region_code LIKE '%00' AND region_code NOT LIKE '%0000'", "region_code NOT LIKE '%00'")
        regions = [largest("region_code", where) for where in like]
    pages = [f"/-/organ/{organ}", f"/-/capture/{capture}", f"/-/repeats/{report}", *(f"/-/region/{code}" for code in regions)]
    boards = [f"/-/dashboard/{name}{asked}" for name in TITLES for asked in ("", "?scope=consolidated", *(f"?region={c}" for c in regions))]
    return [*pages, *boards, *(f"/-/ledger?region={code}" for code in regions), *PLACES]


def questions(folder: Path) -> Iterator[tuple[str, str]]:
    """Each ready-made question with parameters that have an answer: (name, address)."""
    with closing(sqlite3.connect(folder / "harvest.db")) as connection:
        head = f"SELECT id, organ_id, organ FROM reports WHERE year = 2023 AND form = '{FORM}' LIMIT 1"
        ident, organ_id, organ = connection.execute(head).fetchone()
    given = {
        **GIVEN,
        "report_id": ident,
        "id": ident,
        "organ_id": organ_id,
        "name": organ,
        "row_key": "new_received",
        "column_key": "total",
    }
    for name in queries.QUERIES:
        yield name, f"/harvest/{name}?{urlencode(given)}"
