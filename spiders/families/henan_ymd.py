"""河南省 and its cities' platform: plain lists whose articles are ``/YYYY/MM-DD/<id>.html``, at the root of the host."""

from __future__ import annotations

import re

from spiders.families import generic
from spiders.families.listing import Listing

NAME = "henan_ymd"
RANK = 121

ARTICLE = re.compile(r"[\"'(/]/?20\d\d/(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])/\d+\.html")


def recognise(url: str, text: str) -> bool:
    return ARTICLE.search(text) is not None


def read(url: str, text: str) -> Listing:
    """A list page: its pager is links."""
    return generic.read(url, text)
