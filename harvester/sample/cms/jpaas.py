"""大汉 jpaas: later pages by a JSON service that looks into ``paramJson`` only, each in another markup, with control signs inside."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlsplit

from harvester.sample.cms.frame import Answer, Site
from harvester.sample.cms.small import SIZE, found, hexed, json_answer, lines, listed, paged, shown
from harvester.sample.world import Article

COLUMN = "1577424"
LIST = f"/col/col{COLUMN}/index.html"
UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
QUERY = {"webId": "3185", "pageId": COLUMN, "tplSetId": "5HrZiFGOR8vHklhTYqM4B", "tagId": "当前栏目_list"}
MARKUPS = (
    '<li class="clearfix"><a class="bt-left" href="{href}" title="{title}">{title}</a><span class="bt-right">{date}</span></li>',
    '<p class="lb-list"><a href="{href}" title="{title}">{title}</a><span>{date}</span></p>',
    "<tr><td><a href='{href}'>{title}</a></td><td>{date}</td></tr>",
)


def address(article: Article, twin: str = "") -> str:
    """``/col/col<column>/art/YYYY/art_<hex>.html``."""
    return f"/col/col{COLUMN}/art/{article.published[:4]}/art_{hexed(article)}.html"


def answer(site: Site, path: str, form: dict[str, str]) -> Answer | None:
    """The column with its first rows, the service, and articles."""
    parts = urlsplit(path)
    if parts.path == LIST:
        return listed(site, f"<ul>{lines(address, paged(site, 1), MARKUPS[0])}</ul>{_pager(site)}")
    if parts.path == UNIT:
        return _unit(site, dict(parse_qsl(parts.query)))
    article = found(site, path, address)
    return shown(site, article) if article else None


def _pager(site: Site) -> str:
    query = ",".join(f"'{name}':'{value}'" for name, value in QUERY.items())
    return f'<div class="pagination" count="{len(site.rows)}" rows="{SIZE}" pageNo="1" unitUrl="{UNIT}" queryData="{{{query}}}"></div>'


def _unit(site: Site, query: dict[str, str]) -> Answer | None:
    """A bare pageNo is ignored: page 1 again, for ever."""
    if any(query.get(name) != value for name, value in QUERY.items()):
        return None
    asked = json.loads(query.get("paramJson", "{}"))
    number = int(asked.get("pageNo", 1))
    text = f"<div>\t{lines(address, paged(site, number, size=int(asked.get('pageSize', SIZE))), MARKUPS[number % len(MARKUPS)])}</div>"
    told = json.dumps({"success": True, "code": "200", "data": {"html": text}}, ensure_ascii=False)
    return json_answer(told.replace("\\t", "\t").replace("\\n", "\n\x0b"))
