"""大汉 Hanweb 信息公开: the list is painted by POST to ``search.jsp``, which mixes other columns in and wants to know who asks."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from harvester.sample.cms.frame import Answer, Site, html
from harvester.sample.cms.small import found, line, listed, paged, shown
from harvester.sample.world import Article

COLUMN, OTHER = 12596, 12571
AREA = "11990224MB1A233214"
LIST = f"/col/col{COLUMN}/index.html"
SEARCH = "/module/xxgk/search.jsp"
NEEDS = {SEARCH: ("referer", "x-requested-with")}
ROW = (
    '<tr class="tr_main_value_odd"><td>{date}</td><td align="left"><a href="{href}" class="bt_link" title="{title}">{title}</a></td>'
    "<td>{date}</td></tr>"
)
PAGES = 4
FULL = 2  # the page that shows nothing but other columns


def address(article: Article, twin: str = "") -> str:
    """``/art/YYYY/M/D/art_<column>_<id>.html``."""
    year, month, day = map(int, article.published.split("-"))
    return f"/art/{year}/{month}/{day}/art_{COLUMN}_{6100 + article.serial}.html"


def answer(site: Site, path: str, form: dict[str, str]) -> Answer | None:
    """The column with its tree of units in a frame, ``search.jsp``, and articles."""
    parts = urlsplit(path)
    if parts.path == LIST:
        return listed(site, f'<div id="div{COLUMN}"></div>', after=_frames())
    if parts.path == SEARCH:
        return _search(site, dict(parse_qsl(parts.query)) | form)
    article = found(site, path, address)
    return shown(site, article, 'div class="bt_content"') if article else None


def _frames() -> str:
    tree = f'<iframe src="/module/xxgk/tree.jsp?standardXxgk=0&area={AREA}&jdid=33" width="200"></iframe>'
    asked = "standardXxgk=0&isAllList=1&texttype=1&fbtime=-1&vc_all=&currpage=1&sortfield=,createdatetime:0,orderid:0"
    post = f"$.post('{SEARCH}?{asked}', {{infotypeId:'A0212', jdid:'33', area:'{AREA}', divid:'div{COLUMN}'}});"
    return f"{tree}<script>{post}</script>"


def _search(site: Site, query: dict[str, str]) -> Answer | None:
    if (query.get("area"), query.get("infotypeId"), query.get("jdid")) != (AREA, "A0212", "33"):
        return None
    number = int(query.get("currpage") or 1)
    own = [] if number == FULL else [line(address, row, ROW) for row in paged(site, number - (number > FULL))]
    others = [_other(site, number, index) for index in range(2)]
    number_of = f"共{PAGES * 4}条&nbsp;&nbsp;共{PAGES}页&nbsp;当前第{number}页"
    foot = f'<tr><td colspan="3" align="right">{number_of} <a href="javascript:gotopage()">下一页</a></td></tr>'
    return html(f"<table>{''.join(own + others)}{foot}</table>")


def _other(site: Site, number: int, index: int) -> str:
    """A row of another column, which does not answer: one is called as a report is."""
    title = f"{site.portal.name}办公室2022年政府信息公开工作年度报告" if index else "2024年部门预算公开"
    return ROW.format(href=f"/art/2023/1/9/art_{OTHER}_{number * 10 + index}.html", title=title, date="2023-01-09")
