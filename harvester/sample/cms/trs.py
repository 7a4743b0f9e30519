"""拓尔思 TRS WCM as the city runs it: t-date articles, relative links, ``createPageHTML`` that counts from 0, a 404 stub past the end."""

from __future__ import annotations

from html import escape

from harvester.sample.cms.frame import Answer, Site, article_page, away_url, html, page, page_count, slice_of
from harvester.sample.world import Article, Row, body, changed

LIST = "/zwgk/zfxxgk/zfxxgknb/"
SIZE = 15
CUT = 26  # signs of a title the list's column holds; the rest is in title=


def address(article: Article, twin: str = "") -> str:
    """``./YYYYMM/tYYYYMMDD_<id>.html`` under the list; the whole site also answers under /www."""
    day = article.published.replace("-", "")
    path = f"{LIST}{day[:6]}/t{day}_{11540000 + article.serial * 17}.html"
    return f"/www{path}" if twin == "www" else path


def answer(site: Site, path: str, form: dict[str, str]) -> Answer | None:
    """List pages ``index.html``, ``index_1.html`` …, and articles."""
    for row in site.rows:
        if row.article and path in (address(row.article), address(row.article, "www")):
            return _article(site, row.article)
    name = path.removeprefix(LIST).removesuffix(".html")
    number = {"": "0", "index": "0"}.get(name, name.removeprefix("index_"))
    if not path.startswith(LIST) or not number.isdigit():
        return None
    return _list(site, int(number))


def _list(site: Site, number: int) -> Answer | None:
    shown = slice_of(site.rows, number, SIZE)
    if not shown:
        return None
    pager = f'createPageHTML({page_count(site.rows, SIZE)}, {number}, "index", "html");'
    return html(page("trs_list", site, rows="\n".join(_row(site, row) for row in shown), pager=pager))


def _row(site: Site, row: Row) -> str:
    title = escape(row.title)
    shown = title if len(title) <= CUT else f"{title[: CUT - 2]}…"
    return f'<li><a href="{_href(site, row)}" target="_blank" title="{title}">{shown}</a><span>{row.published}</span></li>'


def _href(site: Site, row: Row) -> str:
    if row.article is None:
        return away_url(site, row)
    path = address(row.article, row.twin)
    return f"./{path.removeprefix(LIST)}" if path.startswith(LIST) else f"../../..{path}"


def _article(site: Site, article: Article) -> Answer:
    remodelled = changed(article, site.edition)
    style = "20240301" if remodelled else "20190801"
    holder = '<div class="trs_editor_view TRS_UEDITOR trs_paper_default trs_web">' if article.serial % 3 == 0 else "<div class=TRS_Editor>"
    text = f"{holder}{body(article, site.edition)}</div>"
    extra = '<div class="qrcode"><img src="/images/ewm.png" alt=""/></div>' if remodelled else ""
    return article_page(site, article, "trs_article", style=style, body=text, extra=extra)
