"""``/-/about`` and ``/-/dictionary``: definitions, methods, known faults, how to cite; and every key with what it means."""

from __future__ import annotations

from datasette.app import Datasette
from datasette.utils.asgi import Request, Response

from . import home
from .kit import LABELS, Site

# What is not comparable is most of the crosswalk: the page leads to the table for it.
COMPARABLE = "SELECT * FROM crosswalk WHERE comparability <> 'not_comparable'"
KINDS = {
    "form": ("格式", "Forms"),
    "table": ("表", "Tables"),
    "block": ("表内各项", "Blocks"),
    "row": ("行", "Rows"),
    "column": ("列", "Columns"),
    "check": ("勾稽关系", "Checks"),
    "strength": ("关系的强弱", "Strength of a check"),
    "status": ("数字的状态", "Status of a figure"),
    "quality": ("核对结果", "Quality of a report"),
    "scope": ("统计口径", "Scope"),
    "level": ("层级", "Levels"),
    "prose": ("文字中的数字", "Figures told in sentences"),
    "section": ("章节", "Sections"),
    "issue": ("问题", "Issues"),
    "rate": ("比率", "Rates"),
    "ledger_status": ("台账状态", "Status in the ledger"),
    "comparability": ("可比性", "Comparability"),
}


async def about_page(request: Request, datasette: Datasette) -> Response:
    """What this is, how it is made, what is wrong with it, how to cite it."""
    site = Site(datasette, request)
    faults = await site.once("faults", "SELECT code, count(*) AS n FROM issues GROUP BY code ORDER BY n DESC")
    return await site.page("about.html", **await home.told(datasette) | {"faults": faults})


async def dictionary_page(request: Request, datasette: Datasette) -> Response:
    """Every key, kind by kind; each line of each form with its years and legal basis; and what it compares with in another era."""
    site = Site(datasette, request)
    labels = await site.once("labels", LABELS)
    kind = site.word("kind", "table", (*KINDS, "lines", "crosswalk"))
    rows = [row for row in labels if row["kind"] == kind]
    lines = await site.once("lines", "SELECT * FROM form_keys ORDER BY first_year DESC, form, rowid") if await site.has("form_keys") else []
    crosswalk = await site.once("crosswalk", COMPARABLE) if await site.has("crosswalk") else []
    return await site.page("dictionary.html", titles=KINDS, kind=kind, rows=rows, crosswalk=crosswalk, lines=lines)
