"""The platform of 周口: ``list1.html``, ``list2.html`` … that only say how many they are, all of it under ``/sitesources`` as well."""

from __future__ import annotations

import re

from harvester.sample.cms.frame import Answer, Site, page_count
from harvester.sample.cms.small import SIZE, found, hexed, lines, listed, paged, shown
from harvester.sample.world import Article

FOLDER = "/page_pc/zwgk/zfxxgknb/"
LIST = f"{FOLDER}list1.html"
PAGE = re.compile(rf"{FOLDER}list(\d)\.html")


def address(article: Article, twin: str = "") -> str:
    """``article<32 hex>.html``; capitals differ from copy to copy."""
    if twin == "sitesources":
        return f"/sitesources/yanzhou{FOLDER}article{hexed(article).upper()}.html"
    return f"{FOLDER}article{hexed(article)}.html"


def answer(site: Site, path: str, form: dict[str, str]) -> Answer | None:
    """The list's pages and articles."""
    if match := PAGE.fullmatch(path):
        rows = paged(site, int(match[1]))
        pager = f'<div class="pages"><span>共{page_count(site.rows, SIZE)}页</span> <a href="javascript:go(2)">下一页</a></div>'
        return listed(site, f"<ul>{lines(address, rows)}</ul>", after=pager) if rows else None
    article = found(site, path, address)
    return shown(site, article, 'div class="article-box"') if article else None
