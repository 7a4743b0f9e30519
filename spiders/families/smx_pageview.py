"""三门峡 and its departments: ``/pageView/<template>.html?rlmid=…&lmid=…``, articles ``/<lmid>/<YYYY>/<M>/<id>.html``."""

from __future__ import annotations

import re

from spiders.families import anchors, generic
from spiders.families.listing import Listing

NAME = "smx_pageview"
RANK = 124

LIST = re.compile(r"/pageView/\w+\.html\?(?:[^\"'\s]*&(?:amp;)?)?lmid=\d+")


def recognise(url: str, text: str) -> bool:
    return LIST.search(url) is not None or LIST.search(text) is not None


def read(url: str, text: str) -> Listing:
    """A list page; links of years, levels and units to other ``lmid`` are lists of their own."""
    return generic.read(url, text, lambda link: LIST.search(link.url) is not None and anchors.names_year_or_level(link.text))
