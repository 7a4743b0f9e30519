"""EasySite: columns and articles are UUIDs, and the folders of days are those of the move to this system, not of the reports."""

from __future__ import annotations

import re

from harvester.sample.cms.frame import Answer, Site
from harvester.sample.cms.small import SIZE, found, lines, listed, paged, shown, uuid
from harvester.sample.world import Article

FOLDER = f"/columns/{uuid('column')}/"
LIST = f"{FOLDER}index.html"
SCRIPT = f'<script>var eportalCurrentColumnId = "{uuid("column")}";</script>'
PAGE = re.compile(rf"{FOLDER}index(?:_(\d))?\.html")


def address(article: Article, twin: str = "") -> str:
    """``/columns/<uuid>/YYYYMM/DD/<uuid>.html``, all on the day of the move."""
    return f"{FOLDER}202602/06/{uuid(f'{article.portal}/{article.serial}')}.html"


def answer(site: Site, path: str, form: dict[str, str]) -> Answer | None:
    """The list's pages and articles."""
    if match := PAGE.fullmatch(path):
        return _list(site, int(match[1] or 1))
    article = found(site, path, address)
    return shown(site, article, 'div class="xl_content"', SCRIPT) if article else None


def _list(site: Site, number: int) -> Answer | None:
    rows = paged(site, number)
    more = f'<a href="{FOLDER}index_{number + 1}.html">下一页</a>' if number * SIZE < len(site.rows) else ""
    return listed(site, f"<ul>{lines(address, rows)}</ul>", SCRIPT, f'<div class="pageing">{more}</div>') if rows else None
