"""开普云 Ucap: ``createPageHTML`` with the pager's id first and pages counted from 1, articles named by 32 hex signs, soft 404s."""

from __future__ import annotations

from hashlib import md5
from html import escape

from harvester.sample.cms.frame import Answer, Site, article_page, html, page, page_count, slice_of
from harvester.sample.world import Article, Row, body

FOLDER = "/songhe/c100231/zfxxgknb/"
LIST = f"{FOLDER}list.shtml"
SIZE = 7


def address(article: Article, twin: str = "") -> str:
    """``/<column>/YYYYMM/<32 hex>.shtml``."""
    name = md5(f"{article.portal}/{article.serial}".encode(), usedforsecurity=False).hexdigest()
    return f"{FOLDER}{article.published[:7].replace('-', '')}/{name}.shtml"


def answer(site: Site, path: str, form: dict[str, str]) -> Answer | None:
    """List pages ``list.shtml``, ``list_2.shtml`` …, and articles."""
    found = next((row.article for row in site.rows if row.article and address(row.article) == path), None)
    if found:
        return _article(site, found)
    name = path.removeprefix(f"{FOLDER}list").removesuffix(".shtml")
    number = "1" if path == LIST else name.removeprefix("_")
    return _list(site, int(number)) if path.startswith(f"{FOLDER}list") and number.isdigit() else None


def _list(site: Site, number: int) -> Answer | None:
    shown = slice_of(site.rows, number - 1, SIZE)
    if not shown:
        return None
    pager = f"createPageHTML('page_div',{page_count(site.rows, SIZE)}, {number},'list','shtml',{len(site.rows)});"
    return html(page("ucap_list", site, rows="\n".join(map(_row, shown)), pager=pager))


def _row(row: Row) -> str:
    assert row.article is not None, "only the city's list leads away"
    return f'<li><span class="date">{row.published}</span><a href="{address(row.article)}" target="_blank">{escape(row.title)}</a></li>'


def _article(site: Site, article: Article) -> Answer:
    """The unit and the year of a title stand on two lines of the heading."""
    title = escape(article.title)
    broken = title.replace(article.source, f"{article.source}<br/>", 1) if article.source else title
    return article_page(site, article, "ucap_article", broken=broken, body=body(article, site.edition))
