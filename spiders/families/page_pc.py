"""周口, 林州 and others: ``…/page_pc/…/list1.html`` …, articles ``article<32 hex>.html``, all of it also under ``/sitesources/…``."""

from __future__ import annotations

import re

from spiders.families import generic, pager
from spiders.families.listing import Listing

NAME = "page_pc"
RANK = 122

ARTICLE = re.compile(r"/article[0-9a-f]{32}\.html", re.IGNORECASE)
FIRST = re.compile(r"/list1\.html$")


def recognise(url: str, text: str) -> bool:
    return "/page_pc/" in url or ("page_pc/" in text and ARTICLE.search(text) is not None)


def read(url: str, text: str) -> Listing:
    """A list page: the first one counts its pages, or the pager's links lead on."""
    listing = generic.read(url, text)
    if FIRST.search(url) and listing.pages:
        below = [request for request in listing.more if request.sublist]
        listing.more = pager.counted(url, listing.pages, lambda number: f"list{number}.html") + below
    return listing
