"""The platform of 三门峡: templates under ``/pageView/`` with the column as a parameter, and a source that is nobody (01)."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from harvester.sample.cms.frame import Answer, Site
from harvester.sample.cms.small import SIZE, found, lines, listed, paged, shown
from harvester.sample.world import Article

COLUMN = "4051"
VIEW = "/pageView/xxgklist.html"
LIST = f"{VIEW}?rlmid=4021&lmid={COLUMN}"


def address(article: Article, twin: str = "") -> str:
    """``/<column>/YYYY/M/<id>.html``, months without a zero."""
    year, month, _ = map(int, article.published.split("-"))
    return f"/{COLUMN}/{year}/{month}/{2206600 + article.serial}.html"


def answer(site: Site, path: str, form: dict[str, str]) -> Answer | None:
    """The list's pages and articles."""
    parts = urlsplit(path)
    query = dict(parse_qsl(parts.query))
    if parts.path == VIEW and query.get("lmid") == COLUMN:
        return _list(site, int(query.get("page", "1")))
    article = found(site, path, address)
    return shown(site, article, 'div class="articleContent"', before="<p>来源：01</p>") if article else None


def _list(site: Site, number: int) -> Answer | None:
    rows = paged(site, number)
    more = f'<a href="{VIEW}?rlmid=4021&amp;lmid={COLUMN}&amp;page={number + 1}">下一页</a>' if number * SIZE < len(site.rows) else ""
    return listed(site, f"<ul>{lines(address, rows)}</ul>", after=more) if rows else None
