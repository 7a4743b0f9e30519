"""EasySite (河北): ``/columns/<uuid>/index.html``, articles ``/columns/<uuid>/YYYYMM/DD/<uuid>.html``; some columns are all script."""

from __future__ import annotations

import re

from spiders.families import anchors, generic
from spiders.families.listing import Listing

NAME = "easysite"
RANK = 110

UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
COLUMN = re.compile(rf"/columns/{UUID}/", re.IGNORECASE)
ARTICLE = re.compile(rf"/columns/{UUID}/20\d{{4}}/\d\d/{UUID}\.html|/zfxxgk/col/\d{{13}}/20\d\d/\d\d/\d\d/\d{{13}}\.html", re.IGNORECASE)
COLUMN_PAGE = re.compile(rf"/columns/{UUID}(?:/|/index\.html)?$", re.IGNORECASE)


def recognise(url: str, text: str) -> bool:
    return "eportalCurrentColumnId" in text or COLUMN.search(url) is not None


def read(url: str, text: str) -> Listing:
    """A column's page. One without a single article is filled by a script that asks for its rows in a way we do not know: that is said."""
    listing = generic.read(url, text, lambda link: COLUMN_PAGE.search(link.url) is not None and anchors.names_year_or_level(link.text))
    below = any(request.sublist for request in listing.more)
    if not below and not any(ARTICLE.search(link.url) for link in listing.links):
        listing.dead_end = "the list is filled by a script; no article stands in the page"
    return listing
