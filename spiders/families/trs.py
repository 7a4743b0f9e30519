"""拓尔思 TRS WCM: static lists with ``createPageHTML(count, current, "index", "html")``, articles ``/YYYYMM/tYYYYMMDD_<id>.html``."""

from __future__ import annotations

import re

from parsel import Selector

from spiders.families import anchors, generic, pager
from spiders.families.listing import Link, Listing

NAME = "trs"
RANK = 90

PAGER = re.compile(r"createPageHTML\(\s*(\d+)\s*,\s*(\d+)\s*,\s*[\"']([\w.-]+)[\"']\s*,\s*[\"'](\w+)[\"']")
# 济源 leaves the day out, 广西 the day and the id's folder: t657193.html.
ARTICLE = re.compile(r"/t(20\d{6}_\d+|\d{6,9})\.s?html?")
# Newer lists carry their first 50 pages whole (li.pagedContent, shown by script); page 51 is the file index_51.
PAGED_INSIDE = re.compile(r"class\s*=\s*[\"'][^\"']*\bpagedContent\b")
INSIDE = 50
EXTERNAL = "//*[@chnltype='11']/descendant-or-self::a/@href"  # nodes of the menu tree that stand elsewhere, wherever they seem to lead
# A list written by script: var url="./202602/t….shtml"; var title="…"; document.writeln("2026-02-14 17:32")
ADDRESS = r"\b\w*(?:url|href|link)\w*\s*=\s*([\"'])(?P<url>[^\"'\n]+?\.s?html?)\1"
NO_ADDRESS = r"\b\w*(?:url|href|link)\w*\s*=\s*[\"'][^\"'\n]+?\.s?html?[\"']"
WRITTEN = re.compile(rf"{ADDRESS}(?P<rest>(?:(?!{NO_ADDRESS}).){{0,1200}})", re.IGNORECASE | re.DOTALL)
TITLE = re.compile(r"\b\w*title\w*\s*=\s*([\"'])(?P<title>.*?)(?<!\\)\1", re.IGNORECASE | re.DOTALL)


def recognise(url: str, text: str) -> bool:
    return PAGER.search(text) is not None or ARTICLE.search(text) is not None


def read(url: str, text: str) -> Listing:
    """A list page; ``more`` is complete on the first one and empty on the others."""
    match = PAGER.search(text)
    if not match:  # a template of the site's own: its pager is links like anywhere else
        listing = generic.read(url, text)
        listing.links += _written(url, text)
        return listing
    external = _external(url, text)
    found = anchors.entries(anchors.links(url, text)) + _written(url, text)
    own = [link for link in found if link.url not in external]
    links, folders = anchors.folders(url, own)
    links += [link for link in found if link.url in external]
    count, current, name, extension = int(match[1]), int(match[2]), match[3], match[4]
    if PAGED_INSIDE.search(text):
        return Listing(links, pager.counted(url, count, lambda number: f"{name}_{number}.{extension}", INSIDE + 1) + folders)
    return Listing(links, pager.following(url, count, current, name, extension) + folders, pages=count)


def _external(url: str, text: str) -> set[str]:
    """Addresses of the menu tree that are no lists of this site."""
    if "chnltype" not in text:
        return set()
    return {anchors.absolute(url, href) for href in Selector(text=text, type="html").xpath(EXTERNAL).getall()}


def _written(url: str, text: str) -> list[Link]:
    """Rows that the page's own script would write."""
    found = []
    for match in WRITTEN.finditer(text) if "document.write" in text else ():
        title, address = TITLE.search(match["rest"]), anchors.absolute(url, match["url"])
        if title and address:
            found.append(Link(address, anchors.tidy(title["title"].replace("\\", "")), anchors.date_in(match["rest"][title.end() :])))
    return found
