"""龙讯 Lonsun: ``/public/column/<organ>?type=3`` for each unit, one list in the page, the other filled by the label service."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlsplit

from harvester.sample.cms.frame import Answer, Site, page_count
from harvester.sample.cms.small import SIZE, found, json_answer, lines, listed, of_town, paged, shown
from harvester.sample.places import ORGANS
from harvester.sample.world import Article, Row

OFFICE, TOWN = "6638681", "6638699"
LIST = f"/public/column/{OFFICE}?type=3&action=list&nav=3"
LABEL = "/site/label/8888"
ROW = '<li><a href="{href}" title="{title}">{title}</a><span>{date}</span></li>'
TEMPLATE = '<li><a href="<?=el.link?>" title="<?=el.title?>"><?=el.title?></a><span><?=el.publishDate?></span></li>'


def address(article: Article, twin: str = "") -> str:
    """``/public/<organ>/<id>.html``, and the same document as ``/public/content/<id>``."""
    organ, number = (TOWN if article.organ.endswith("-zhen") else OFFICE), 9530400 + article.serial
    return f"/public/content/{number}" if twin == "content" else f"/public/{organ}/{number}.html"


def answer(site: Site, path: str, form: dict[str, str]) -> Answer | None:
    """Each unit's column (only that of yearly reports shows any), the label service, and articles."""
    parts = urlsplit(path)
    query = dict(parse_qsl(parts.query))
    if parts.path == f"/public/column/{OFFICE}" and query.get("type") == "3":
        return _office(site, int(query.get("pageIndex", "1")))
    if parts.path == f"/public/column/{TOWN}" and query.get("type") == "3":
        return _town(site)
    if parts.path == LABEL:
        return _label(site, query)
    article = found(site, path, address)
    return shown(site, article, 'div class="wzcon j-fontContent"') if article else None


def _rows(site: Site, town: bool) -> tuple[Row, ...]:
    return tuple(row for row in site.rows if of_town(row) == town)


def _office(site: Site, number: int) -> Answer | None:
    """Past its end the list shows its last page again."""
    rows = _rows(site, False)
    last = page_count(rows, SIZE)
    units = f'<ul class="units"><li><a href="/public/column/{TOWN}?type=3&action=list">{ORGANS["lonsun-zhen"].name}</a></li></ul>'
    pager = f"<script>Ls.pagination({{pageCount:{last}, pageIndex:{min(number, last)}, linkHref:'{LIST}'}});</script>"
    return listed(site, f'{units}<ul class="doc_list">{lines(address, paged(site, min(number, last), rows), ROW)}</ul>', after=pager)


def _town(site: Site) -> Answer:
    fields = (
        f"labelName:'publicInfoList', siteId:'6788031', organId:'{TOWN}', type:3, pageSize:2, action:'list', file:'/xxgk/publicInfoList'"
    )
    return listed(site, f'<ul class="doc_list">{TEMPLATE}</ul>', after=f"<script>Ls.ajax({{url:'{LABEL}', data:{{{fields}}}}});</script>")


def _label(site: Site, query: dict[str, str]) -> Answer | None:
    if query.get("organId") != TOWN or query.get("labelName") != "publicInfoList":
        return None
    rows, number, size = _rows(site, True), int(query.get("pageIndex", "1")), int(query.get("pageSize", "15"))
    data = [_entry(row) for row in paged(site, number, rows, size)]
    told = {"pageCount": page_count(rows, size), "pageIndex": number, "total": len(rows), "data": data}
    return json_answer(json.dumps({"status": 1, "data": told}))


def _entry(row: Row) -> dict[str, str]:
    assert row.article is not None, "only the city's list leads away"
    return {"link": address(row.article, row.twin), "title": row.title, "publishDate": row.published}
