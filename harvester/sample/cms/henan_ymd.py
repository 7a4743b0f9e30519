"""The platform of 河南 and its cities: an empty page around a frame, the list inside it, articles by year and day at the root."""

from __future__ import annotations

import re

from harvester.sample.cms.frame import Answer, Site, html
from harvester.sample.cms.small import SIZE, found, lines, listed, paged, shown
from harvester.sample.world import Article

LIST = "/zwgk/zfxxgk/zfxxgknb/"
PAGE = re.compile(rf"{LIST}list(?:_(\d))?\.html")
HEAD = '<title>政府信息公开年报</title><script src="/static/head.js"></script>'
SHELL = f'<html><head>{HEAD}</head><body><iframe src="list.html" width="100%"></iframe></body></html>'


def address(article: Article, twin: str = "") -> str:
    """``/YYYY/MM-DD/<id>.html``."""
    return f"/{article.published[:4]}/{article.published[5:]}/{2677000 + article.serial}.html"


def answer(site: Site, path: str, form: dict[str, str]) -> Answer | None:
    """The page around the frame, the list in it, and articles."""
    if path == LIST:
        return html(SHELL)
    if match := PAGE.fullmatch(path):
        return _list(site, int(match[1] or 1))
    article = found(site, path, address)
    return shown(site, article, 'div class="article-box"') if article else None


def _list(site: Site, number: int) -> Answer | None:
    rows = paged(site, number)
    more = f'<a href="list_{number + 1}.html">下一页</a>' if number * SIZE < len(site.rows) else ""
    return listed(site, f"<ul>{lines(address, rows)}</ul>", after=f'<div class="page">{more}</div>') if rows else None
