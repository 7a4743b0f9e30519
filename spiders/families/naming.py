"""What a page calls itself: its column, or the report that it is."""

from __future__ import annotations

import re
from html import unescape

from parsel import Selector

from harvester import titles
from spiders.families import anchors
from spiders.families.listing import Link

META = r"<meta\b(?=[^>]*\bname\s*=\s*[\"']?{name}\b)[^>]*\bcontent\s*=\s*(?:\"([^\"]*)\"|'([^']*)')"
COLUMN = re.compile(META.format(name="ColumnName"), re.IGNORECASE)
TITLE = re.compile(r"<title[^>]*>([^<]*)", re.IGNORECASE)
# Words of every report's body that no list prints: the heading of its first section, or the article that its first table is named after.
BODY = re.compile(r"总\s*体\s*情\s*况|第二十条\s*第")
HEADINGS = "//h1 | //h2 | //h3 | //*[@id='title' or @class='title' or @class='tit']"
USUAL = "政府信息公开工作年度报告"  # what a report is called where only year and unit are told
SHORTEST = 600  # signs; the shortest report seen has some 900


def column(text: str) -> str:
    """The name of the column (its meta ColumnName, else the title of the page); empty for an answer that is no page."""
    match = COLUMN.search(text) or TITLE.search(text)
    return anchors.tidy(unescape(next(filter(None, match.groups()), ""))) if match else ""


def report(url: str, text: str) -> Link | None:
    """The page as an entry of itself, when it is a report: its heading names one, its year too, and its body is one.

    Columns of a single article show it on the column's own page (博达 VSB, the topics of 昆明, xxgkAnnualReport.jsp).
    """
    if not BODY.search(text):
        return None
    page = Selector(text=text, type="html")
    named = [anchors.tidy(found.root.text_content()) for found in page.xpath(HEADINGS)]
    named += [found or "" for found in page.xpath("//meta[translate(@name, 'ARTICLE', 'article')='articletitle']/@content").getall()]
    heading = next((name for name in [*named, column(text)] if _names_report(name)), "")
    return Link(url, heading) if heading and _length(page) >= SHORTEST else None


def _names_report(name: str) -> bool:
    cleaned = titles.clean(name)
    return titles.verdict(cleaned).kind == "report" and titles.year_of(cleaned) is not None


def _length(page: Selector) -> int:
    """Signs of the page that lead nowhere: those of its menus and lists do."""
    words = page.xpath("//body//text()[not(ancestor::a or ancestor::script or ancestor::style or ancestor::title)]").getall()
    return sum(len(anchors.tidy(word)) for word in words)
