"""One file a platform family, pure: a list page in, its links and the list requests that follow out. A new family is a new file here.

A family's file has ``NAME``; ``RANK`` (families are tried in its order, most certain fingerprint first); ``recognise(url, text) -> bool``;
``read(url, text) -> Listing``.
"""

from __future__ import annotations

import pkgutil
import re
from functools import cache
from importlib import import_module
from typing import Protocol
from urllib.parse import urlsplit

from spiders.families import naming
from spiders.families.listing import Link, Listing, ListRequest

__all__ = ["Family", "Link", "ListRequest", "Listing", "detect", "get", "names", "read"]

NOT_FAMILIES = ("listing", "anchors", "naming", "pager")


OTHER_HOSTS = re.compile(r"(?:https?:)?//([\w-]+(?:\.[\w-]+)+(?::\d+)?)(?:/[^\"'\s<>]*)?")


class Family(Protocol):
    """What a family's file offers."""

    NAME: str
    RANK: int

    def recognise(self, url: str, text: str) -> bool:
        """Whether the list page ``text`` at ``url`` is this family's."""
        ...

    def read(self, url: str, text: str) -> Listing:
        """What the list page, or an answer to one of this family's own list requests, shows."""
        ...


def detect(url: str, text: str) -> str:
    """Name of the first family that recognises the page; the last one, ``generic``, recognises everything.

    Addresses of other hosts say nothing about this one: pages that gather the reports of all units link to every platform there is.
    """
    own = OTHER_HOSTS.sub(lambda match: match[0] if _bare(match[1]) == _bare(urlsplit(url).netloc) else "", text)
    return next(family.NAME for family in _families() if family.recognise(url, own))


def _bare(host: str) -> str:
    return host.lower().removeprefix("www.")


def read(name: str, url: str, text: str) -> Listing:
    """The page as its family ``name`` reads it, and what any page says of itself: its column, or that it is a report."""
    listing = get(name).read(url, text)
    listing.column, listing.itself = naming.column(text), naming.report(url, text)
    return listing


def get(name: str) -> Family:
    """The family called ``name``. Raises ``KeyError`` for a name that is no family's."""
    return {family.NAME: family for family in _families()}[name]


def names() -> list[str]:
    """Every family's name, in the order they are tried."""
    return [family.NAME for family in _families()]


@cache
def _families() -> tuple[Family, ...]:
    found = [import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__) if info.name not in NOT_FAMILIES]
    return tuple(sorted(found, key=lambda family: family.RANK))
