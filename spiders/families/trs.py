"""拓尔思 TRS WCM: static lists with ``createPageHTML(count, current, "index", "html")``, articles ``/YYYYMM/tYYYYMMDD_<id>.html``."""

from __future__ import annotations

import re

from spiders.families import anchors, generic, pager
from spiders.families.listing import Link, Listing

NAME = "trs"
RANK = 90

PAGER = re.compile(r"createPageHTML\(\s*(\d+)\s*,\s*(\d+)\s*,\s*[\"']([\w.-]+)[\"']\s*,\s*[\"'](\w+)[\"']")
ARTICLE = re.compile(r"/t20\d{6}_\d+\.s?html?")
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
    links, folders = anchors.folders(url, anchors.entries(anchors.links(url, text)) + _written(url, text))
    return Listing(links, pager.following(url, int(match[1]), int(match[2]), match[3], match[4]) + folders)


def _written(url: str, text: str) -> list[Link]:
    """Rows that the page's own script would write."""
    found = []
    for match in WRITTEN.finditer(text) if "document.write" in text else ():
        title, address = TITLE.search(match["rest"]), anchors.absolute(url, match["url"])
        if title and address:
            found.append(Link(address, anchors.tidy(title["title"].replace("\\", "")), anchors.date_in(match["rest"][title.end() :])))
    return found
