"""A county's own ASP.NET site: GBK bytes under a silent or wrong header, ``?page=`` lists whose last page repeats for ever."""

from __future__ import annotations

from html import escape
from urllib.parse import parse_qsl, urlsplit

from harvester.sample.cms.frame import Answer, Site, article_page, html, page, page_count, slice_of
from harvester.sample.world import Article, Row, body

CATEGORY = "1032"
LIST = f"/iList.aspx?cat_id={CATEGORY}"
SIZE = 10


def address(article: Article, twin: str = "") -> str:
    """``/Show.aspx?id=``; a link from inside the list may drag the list's page number along."""
    path = f"/Show.aspx?id={75100 + article.serial}"
    return f"{path}&page=2" if twin == "page" else path


def answer(site: Site, path: str, form: dict[str, str]) -> Answer | None:
    """The list (its names count neither capitals nor order), and articles by their id."""
    parts = urlsplit(path)
    query = {name.lower(): value for name, value in parse_qsl(parts.query)}
    if parts.path.lower() == "/ilist.aspx" and query.get("cat_id") == CATEGORY:
        return _list(site, int(query.get("page", "1")))
    if parts.path.lower() != "/show.aspx":
        return None
    wanted = f"/Show.aspx?id={query.get('id')}"
    return next((_article(site, row.article) for row in site.rows if row.article and address(row.article) == wanted), None)


def _list(site: Site, number: int) -> Answer:
    last = page_count(site.rows, SIZE)
    shown_number = min(max(number, 1), last)
    shown = slice_of(site.rows, shown_number - 1, SIZE)
    text = page("aspx_list", site, rows="\n".join(map(_row, shown)), pager=_pager(shown_number, last), category=CATEGORY)
    return html(text, "gbk", "text/html")


def _row(row: Row) -> str:
    assert row.article is not None, "only the city's list leads away"
    href = escape(address(row.article, row.twin).removeprefix("/"))
    return f"<TR><TD height=26>·<A href='{href}' target=_blank>{escape(row.title)}</A></TD><TD align=right>[{row.published}]</TD></TR>"


def _pager(number: int, last: int) -> str:
    def link(name: str, target: int) -> str:
        href = f"iList.aspx?cat_id={CATEGORY}&amp;page={target}"
        return f'<a href="{href}">{name}</a>' if target != number else f"<font color=gray>{name}</font>"

    steps = [link("首页", 1), link("上一页", max(number - 1, 1)), link("下一页", min(number + 1, last)), link("尾页", last)]
    return f"{' '.join(steps)} 第{number}页 共{last}页"


def _article(site: Site, article: Article) -> Answer:
    """The header calls every sixth page UTF-8, the others nothing; all are GBK."""
    said = "text/html; charset=utf-8" if article.serial % 6 == 0 else "text/html"
    return article_page(site, article, "aspx_article", "gbk", said, body=body(article, site.edition))
