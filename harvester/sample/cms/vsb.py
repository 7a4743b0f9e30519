"""博达 VSB: pages numbered downwards, columns below as files, and a town whose columns of the years are the reports themselves."""

from __future__ import annotations

import re

from harvester.sample.cms.frame import Answer, Site, page_count
from harvester.sample.cms.small import found, lines, listed, of_town, paged, shown
from harvester.sample.world import Article, Row

STEM = "/zfxxgk/zfxxgknb"
LIST = f"{STEM}.htm"
TOWNS = f"{STEM}/xz"
SIZE = 2
PAGE = re.compile(rf"{STEM}/(\d+)\.htm")


def address(article: Article, twin: str = "") -> str:
    """``/info/<column>/<id>.htm``; the town's reports have no page but their column's."""
    if article.organ.endswith("-zhen"):
        return f"{TOWNS}/n{article.year}n.htm"
    return f"/info/1395/{728700 + article.serial}.htm"


def answer(site: Site, path: str, form: dict[str, str]) -> Answer | None:
    """The column, its later pages, the towns' column, and articles."""
    rows = tuple(row for row in site.rows if not of_town(row))
    last, match = page_count(rows, SIZE), PAGE.fullmatch(path)
    if path == LIST:
        return _list(site, rows, last)
    if match and 0 < int(match[1]) < last:
        return _list(site, rows, int(match[1]))
    if path == f"{TOWNS}.htm":
        return _towns(site)
    article = found(site, path, address)
    return shown(site, article, 'div id="vsb_content"', '<meta name="vsbcontent" content="1">') if article else None


def _list(site: Site, rows: tuple[Row, ...], number: int) -> Answer:
    """Page ``number``, counted from the oldest: the first page of the reader is the last number."""
    last = page_count(rows, SIZE)
    inside = "" if number == last else "../"
    more = f'<a href="{STEM}/{number - 1}.htm" class="Next">下页</a>' if number > 1 else "下页"
    shown_rows = lines(address, paged(site, last - number + 1, rows, SIZE))
    pager = f'<div class="pages">共{last}页 <a href="{LIST}">首页</a> {more} <a href="{STEM}/1.htm">尾页</a></div>'
    levels = f'<ul class="sub"><li><a href="{inside}zfxxgknb/xz.htm">乡镇</a></li></ul>'
    return listed(site, f"{levels}<ul>{shown_rows}</ul>", after=pager)


def _towns(site: Site) -> Answer:
    years = [row.article.year for row in site.rows if row.article and of_town(row)]
    links = "".join(f'<li><a href="xz/n{year}n.htm">{year}年</a></li>' for year in years)
    return listed(site, f'<ul>{links}</ul><div class="v_news_content"></div>')
