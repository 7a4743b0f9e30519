"""政府信息公开目录管理平台 (gkmlpt): a script shell with ``_CONFIG``, a JSON list service, and each article under post_ and mpost_."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlsplit

from harvester.sample.cms.frame import Answer, Site, article_page, article_words, html, page, page_count, slice_of
from harvester.sample.world import Article, Row, body

SID = "990181"
CATEGORY = 2629
LIST = f"/gkmlpt/annualreport#{CATEGORY}"
API = f"/gkmlpt/api/all/{CATEGORY}"
SIZE = 8
EPOCH_2018 = 1514764800  # seconds, 2018-01-01 UTC: create_time only has to look like one


def address(article: Article, twin: str = "") -> str:
    """``content/<id/10^6>/<id/10^3>/post_<id>.html``; the mobile twin is mpost_."""
    number = _number(article)
    name = "mpost" if twin == "mobile" else "post"
    return f"/gkmlpt/content/{number // 10**6}/{number // 10**3}/{name}_{number}.html"


def answer(site: Site, path: str, form: dict[str, str]) -> Answer | None:
    """The shell, the list service (404 past its end), and both addresses of an article."""
    parts = urlsplit(path)
    if parts.path in ("/gkmlpt/annualreport", "/gkmlpt/index"):
        return html(page("gkmlpt_index", site, sid=SID, category=CATEGORY))
    if parts.path == API:
        return _service(site, dict(parse_qsl(parts.query)))
    for twin in ("", "mobile"):
        for row in site.rows:
            if row.article and address(row.article, twin) == path:
                return _article(site, row.article, twin)
    return None


def _number(article: Article) -> int:
    return 10794000 + article.serial * 37


def _service(site: Site, query: dict[str, str]) -> Answer | None:
    """Page 0 is page 1; a wrong ``sid`` finds nothing."""
    shown = slice_of(site.rows, max(int(query.get("page", "1")), 1) - 1, SIZE) if query.get("sid") == SID else ()
    if not shown:
        return None
    found = {
        "classify": {"id": CATEGORY, "name": "政府信息公开年报", "post_count": len(site.rows)},
        "total": len(site.rows),
        "page": {"count": page_count(site.rows, SIZE), "size": SIZE},
        "articles": [_entry(site, row) for row in shown],
    }
    return Answer(200, "application/json; charset=utf-8", json.dumps(found).encode())


def _entry(site: Site, row: Row) -> dict[str, object]:
    article = row.article
    assert article is not None, "only the city's list leads away"
    return {
        "id": _number(article),
        "title": _escaped(row.title) if article.serial % 4 == 0 else row.title,
        "url": site.base + address(article, row.twin),
        "post_url": "",
        "create_time": EPOCH_2018 + article.serial * 9_000_000,
        "created_at": f"{row.published} 09:30:00",
        "date": row.published,
        "display_publish_time": row.published,
        "identifier": article_words(article)["index_number"],
        "document_number": "",
        "publisher": article.source or site.portal.name,
        "keywords": "年报",
        "abstract": "",
        "attachment": [],
        "is_expired": 0,
        "is_abolished": 0,
    }


def _escaped(title: str) -> str:
    """``%uXXXX``, as an old escape() left it in the database."""
    return "".join(f"%u{ord(sign):04X}" if ord(sign) > 127 else sign for sign in title)


def _article(site: Site, article: Article, twin: str) -> Answer:
    text = body(article, site.edition)
    detail = json.dumps({"id": _number(article), "title": article.title, "content": text}).replace("</", "<\\/")
    frame = "gkmlpt_mobile" if twin else "gkmlpt_article"
    return article_page(site, article, frame, sid=SID, number=_number(article), body=text, detail=detail)
