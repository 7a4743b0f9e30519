"""郑州 and its counties' 信息公开 platform: everything at the root by ``?a=dir|path|info``, articles ``/<code>/<id>.jhtml``."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from spiders.families import anchors, generic, pager
from spiders.families.listing import Listing, ListRequest

NAME = "zz_openinfo"
RANK = 123

PLACE = re.compile(r"[?&](?:amp;)?a=(?:dir|path|info)\b")
YEARLY = re.compile(r"年报|年度报告")


def recognise(url: str, text: str) -> bool:
    return ".jhtml" in text and (PLACE.search(url) is not None or PLACE.search(text) is not None)


def read(url: str, text: str) -> Listing:
    """A list page, or a directory whose entries for units, years and yearly reports are lists of their own."""
    listing = generic.read(url, text, lambda link: PLACE.search(link.url) is not None and anchors.names_year_or_level(link.text))
    below = [request for request in listing.more if request.sublist]
    if dict(parse_qsl(urlsplit(url).query)).get("a") == "dir":
        named = [link for link in listing.links if PLACE.search(link.url) and YEARLY.search(link.text)]
        return Listing(
            [link for link in listing.links if link not in named], below + [ListRequest(link.url, sublist=True) for link in named]
        )
    if "page" not in dict(parse_qsl(urlsplit(url).query)) and listing.pages:
        listing.more = pager.counted(url, listing.pages, lambda number: generic.with_field(url, "page", number)) + below
    return listing
