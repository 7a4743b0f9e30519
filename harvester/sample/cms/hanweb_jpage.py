"""大汉 Hanweb JCMS: first rows inside the page as a datastore, others by dataproxy.jsp, articles between two metas ContentStart/End."""

from __future__ import annotations

from html import escape
from urllib.parse import parse_qsl, urlsplit

from harvester.sample.cms.frame import Answer, Site, article_page, html, page, page_count, slice_of
from harvester.sample.world import Article, Row, body

COLUMN = 1229114055
UNIT = 5332876
LIST = f"/col/col{COLUMN}/index.html"
PROXY = "/module/web/jpage/dataproxy.jsp"
SIZE = 4
GROUP = 2 * SIZE  # rows that one call of the proxy brings: two pages of the display


def address(article: Article, twin: str = "") -> str:
    """``/art/YYYY/M/D/art_<column>_<id>.html``, month and day without zeros."""
    year, month, day = map(int, article.published.split("-"))
    return f"/art/{year}/{month}/{day}/art_{COLUMN}_{89000 + article.serial * 11}.html"


def answer(site: Site, path: str, form: dict[str, str]) -> Answer | None:
    """The list, the proxy (by GET or POST), and articles."""
    parts = urlsplit(path)
    if parts.path == LIST:
        return _list(site)
    if parts.path == PROXY:
        return _proxy(site, dict(parse_qsl(parts.query)) | form)
    return next((_article(site, row.article) for row in site.rows if row.article and address(row.article) == path), None)


def _list(site: Site) -> Answer:
    store = _datastore(site, 0, slice_of(site.rows, 0, GROUP))
    total = len(site.rows)
    return html(page("hanweb_list", site, store=store, total=total, unit=UNIT, column=COLUMN, size=SIZE), content_type="text/html")


def _proxy(site: Site, query: dict[str, str]) -> Answer:
    """``startrecord``/``endrecord`` decide; with ``page`` alone it is the group after the page's own (1, 2 …)."""
    if "startrecord" in query:
        start, end = int(query["startrecord"]), int(query.get("endrecord", "0"))
        found, number = site.rows[max(start - 1, 0) : end], end // GROUP - 1
    else:
        number = int(query.get("page", "0"))
        found = slice_of(site.rows, number, GROUP)
    text = f'\n\n<?xml version="1.0" encoding="UTF-8"?>\n{_datastore(site, number, found)}'
    return Answer(200, "text/xml; charset=UTF-8", text.encode())


def _datastore(site: Site, number: int, found: tuple[Row, ...]) -> str:
    records = "\n".join(f"<record><![CDATA[\n{_row(site, row, index)}]]></record>" for index, row in enumerate(found))
    pages = page_count(site.rows, SIZE)
    head = f"<datastore>\n{_next_group(site, number + 1)}<totalrecord>{len(site.rows)}</totalrecord><totalpage>{pages}</totalpage>"
    return f"{head}\n<recordset>\n{records}</recordset>\n</datastore>"


def _next_group(site: Site, number: int) -> str:
    if not slice_of(site.rows, number, GROUP):
        return ""
    query = f"page={number}&webid=3185&path=/&columnid={COLUMN}&unitid={UNIT}&webname=&permissiontype=0"
    return f'<nextgroup><![CDATA[<a href="{PROXY}?{query}"></a>]]></nextgroup>\n'


def _row(site: Site, row: Row, index: int) -> str:
    """A row of the list; every third date is broken over lines, as some editors leave it."""
    assert row.article is not None, "only the city's list leads away"
    shown = row.published.replace("-", "-\n ") if index % 3 == 2 else row.published
    title = escape(row.title)
    return f"<li><a title='{title}' target='_blank' href='{address(row.article)}'>{title}</a><span>{shown}</span></li>\n"


def _article(site: Site, article: Article) -> Answer:
    return article_page(site, article, "hanweb_article", column=COLUMN, body=body(article, site.edition))
