"""博达 VSB: columns ``zfxxgknb.htm``, later pages numbered downwards (``zfxxgknb/12.htm`` … ``zfxxgknb/1.htm``), articles ``/info/…``."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from spiders.families import anchors, generic
from spiders.families.listing import Link, Listing

NAME = "vsb"
RANK = 100

SIGNS = re.compile(r"vsbcontent|vsb_content|v_news_content|/system/_content/download\.jsp|/info/\d+/\d+\.htm\b")
NUMBERED = re.compile(r"/\d+$")


def recognise(url: str, text: str) -> bool:
    return SIGNS.search(text) is not None


def read(url: str, text: str) -> Listing:
    """A column's page: the link 下页 is the only way on, for its numbers count down. Columns below are files in a folder of its name."""
    stem = NUMBERED.sub("", urlsplit(url).path.removesuffix(".htm"))
    root = urlsplit(url).netloc

    def below(link: Link) -> bool:
        parts = urlsplit(link.url)
        path = parts.path.removesuffix(".htm")
        inside = parts.netloc == root and path != parts.path and path.startswith(f"{stem}/") and NUMBERED.search(path) is None
        return inside and anchors.names_a_folder(link.text)

    return generic.read(url, text, below)
