"""What the home page tells: what is here, as of when, how much of it is covered, what is known to be wrong."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from datasette.app import Datasette

from . import coverage
from .dashboards import TITLES
from .kit import DATABASE, PROVINCES, Row, Site
from .places import CURRENT

COUNTS = f"""SELECT (SELECT count(*) FROM _report r WHERE {CURRENT}) AS reports,
    (SELECT count(DISTINCT r.organ_id) FROM _report r WHERE {CURRENT}) AS organs,
    (SELECT count(*) FROM captures) AS captures, (SELECT min(year) FROM _report r WHERE {CURRENT}) AS first_year,
    (SELECT max(year) FROM _report r WHERE {CURRENT}) AS last_year,
    (SELECT count(*) FROM _report r WHERE r.superseded_by IS NOT NULL AND r.rendition_of IS NULL) AS superseded,
    (SELECT count(*) FROM source_errors) AS errors, (SELECT count(DISTINCT report_id) FROM source_errors) AS wrong,
    (SELECT count(*) FROM issues) AS issues, (SELECT count(*) FROM _value WHERE status = 3) AS doubtful"""
RUNS = """SELECT r.*, count(p.portal_id) AS portals, sum(p.outcome = 'complete') AS complete FROM runs r
    LEFT JOIN run_portals p ON p.run = r.id GROUP BY r.id ORDER BY r.started DESC LIMIT 1"""


REMARK = re.compile(r" ?\([^()]*\)| ?（[^（）]*）")  # what a title says besides the name; the table's own page says it


async def told(datasette: Datasette) -> dict[str, Any]:
    """The words of the template ``index.html``."""
    site = Site(datasette)
    described = datasette.metadata(database=DATABASE) or {}
    tables = [(name, REMARK.sub("", text["title"])) for name, text in described.get("tables", {}).items() if "title" in text]
    covered = await coverage.by_year(site)
    (counts,) = await site.once("counts", COUNTS)
    return {
        "counts": counts,
        "size": round(Path(site.database.path).stat().st_size / 1e6) if site.database.path else None,
        "run": next(iter(await site.once("runs", RUNS)), None),
        "provinces": await site.once("provinces", PROVINCES),
        "coverage": covered,
        "overall": overall(covered),
        "boards": TITLES,
        "names": await site.names(),
        "nation": "100000",
        "quality": await site.once("quality", f"SELECT quality, count(*) AS n FROM _report r WHERE {CURRENT} GROUP BY 1"),
        "published": {"tables": tables, "queries": list(described.get("queries", {}).items())},
    }


def overall(covered: dict[int, Row]) -> Row:
    """The years together; ``expected`` is None unless it is known for every year."""
    parts = list(covered.values())
    known = {key: sum(part[key] or 0 for part in parts) for key in ("found", "parsed", "checked", "verified")}
    expected = [part["expected"] for part in parts]
    return {**known, "expected": None if None in expected or not expected else sum(expected)}
