"""南方 NFCMS (广东, beside gkmlpt): lists ``index_2.html`` …, year folders ``2024n/``, articles ``/content/post_<id>.html``."""

from __future__ import annotations

import re

from spiders.families import generic
from spiders.families.listing import Listing

NAME = "nfcms"
RANK = 105

SIGNS = re.compile(r"NFCMS_(?:SITE|POST|COLUMN)_ID|/content/m?post_\d+\.html")


def recognise(url: str, text: str) -> bool:
    return SIGNS.search(text) is not None


def read(url: str, text: str) -> Listing:
    """A list page; the pager's links are the way on, and the folders of the years are lists of their own."""
    return generic.read(url, text)
