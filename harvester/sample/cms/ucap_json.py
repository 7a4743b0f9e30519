"""开普云 Ucap by JSON: a page that only jumps, a page whose list a script fills, and the service that does."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlsplit

from harvester.sample.cms.frame import Answer, Site, html
from harvester.sample.cms.small import SIZE, found, json_answer, listed, paged, shown
from harvester.sample.world import Article, Row

FOLDER = "/wuzhou/c108463/"
LIST = f"{FOLDER}redirect_firstChannel.shtml"
COLUMN = f"{FOLDER}zfxxgk.shtml"
SERVICE = "/common/search/8f43c7ad3afc411fb56f281724b73708"


def address(article: Article, twin: str = "") -> str:
    """``/<column>/YYYYMM/c00_<id>.shtml``."""
    return f"{FOLDER}{article.published[:7].replace('-', '')}/c00_{31700000 + article.serial}.shtml"


def answer(site: Site, path: str, form: dict[str, str]) -> Answer | None:
    """The jump, the column, the service, and articles."""
    parts = urlsplit(path)
    if path == LIST:
        return html(f'<html><head><meta http-equiv="refresh" content="0; url={COLUMN}"></head><body></body></html>')
    if path == COLUMN:
        call = f'$.get("{SERVICE}?_isAgg=true&_isJson=true&_pageSize={SIZE}&_template=index&page=1", show);'
        return listed(site, '<ul id="list"></ul>', after=f"<script>{call}</script>")
    if parts.path == SERVICE:
        return _service(site, dict(parse_qsl(parts.query)))
    article = found(site, path, address)
    return shown(site, article, "UCAPCONTENT") if article else None


def _service(site: Site, query: dict[str, str]) -> Answer:
    number, size = int(query.get("page", "1")), int(query.get("_pageSize", SIZE))
    rows = [_row(row) for row in paged(site, number, size=size)]
    return json_answer(json.dumps({"code": 0, "data": {"total": len(site.rows), "page": number, "rows": size, "results": rows}}))


def _row(row: Row) -> dict[str, object]:
    assert row.article is not None, "only the city's list leads away"
    known = [{"resultList": [{"key": "pubdate", "value": row.published}, {"key": "refno", "value": ""}]}]
    told = {"title": row.title, "url": address(row.article), "publishedTimeStr": f"{row.published} 10:00:00"}
    return {**told, "content": "", "contentHtml": "", "subTitle": "", "domainMetaList": known}
