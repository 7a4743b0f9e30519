"""SiteServer (平顶山): a channel ``/channels/<id>.html`` for each report year, articles ``/contents/<channel>/<id>.html``."""

from __future__ import annotations

import re

from spiders.families import anchors, generic
from spiders.families.listing import Listing

NAME = "siteserver"
RANK = 125

CHANNEL = re.compile(r"/channels/\d+\.html")
ARTICLE = re.compile(r"/contents/\d+/\d+\.html")


def recognise(url: str, text: str) -> bool:
    return ARTICLE.search(text) is not None or (CHANNEL.search(url) is not None and CHANNEL.search(text) is not None)


def read(url: str, text: str) -> Listing:
    """A channel's page; channels of years, levels and units are lists of their own."""
    return generic.read(url, text, lambda link: CHANNEL.search(link.url) is not None and anchors.names_year_or_level(link.text))
