"""The 信息公开 platform of 郑州: everything at the root by ``?a=``, first a directory of codes, then the list of one of them."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from harvester.sample.cms.frame import Answer, Site, page_count
from harvester.sample.cms.small import SIZE, found, lines, listed, paged, shown
from harvester.sample.world import Article

CODE = "D12Y"
LIST = "/?a=dir&h=1&p=D0104X"
DIRECTORY = (
    '<ul class="dir"><li><a href="/?a=path&d=19&p=D11Y">政府信息公开指南</a></li>'
    f'<li><a href="/?a=path&d=19&p={CODE}">政府信息公开年报</a></li></ul>'
)


def address(article: Article, twin: str = "") -> str:
    """``/<code>/<id>.jhtml``."""
    return f"/{CODE}/{5712000 + article.serial}.jhtml"


def answer(site: Site, path: str, form: dict[str, str]) -> Answer | None:
    """The directory, a code's list, and articles; a page that is none shows the last one again."""
    query = dict(parse_qsl(urlsplit(path).query))
    if query.get("a") == "dir":
        return listed(site, DIRECTORY, after='<script src="/r/index.jhtml"></script>', column="信息公开目录")
    if query.get("a") == "path" and query.get("p") == CODE:
        return _list(site, int(query.get("page", "1")))
    article = found(site, path, address)
    return shown(site, article, 'div class="xxgk_content"') if article else None


def _list(site: Site, number: int) -> Answer:
    last = page_count(site.rows, SIZE)
    rows = lines(address, paged(site, min(number, last)), '<li><a href="{href}">{title}</a><i>{date}</i></li>')
    return listed(site, f"<ul>{rows}</ul>", after=f'<div class="page">第{min(number, last)}页/共{last}页</div>')
