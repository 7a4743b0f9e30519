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

from spiders.families import naming, shell, unfollowed
from spiders.families.listing import Link, Listing, ListRequest

__all__ = ["Family", "Link", "ListRequest", "Listing", "NoList", "detect", "get", "look", "names", "read"]

NOT_FAMILIES = ("listing", "anchors", "naming", "pager", "unfollowed")


OTHER_HOSTS = re.compile(r"(?:https?:)?//([\w-]+(?:\.[\w-]+)+(?::\d+)?)(?:/[^\"'\s<>]*)?")


class NoList(ValueError):
    """Raised for a page that its ``family`` cannot read: an answer that is not of the kind it was asked for."""

    def __init__(self, family: str, error: Exception) -> None:
        super().__init__(f"this is no list of the family {family} ({error!r})")
        self.family = family


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


def look(url: str, text: str, known: str = "", told: str = "") -> tuple[str, Listing]:
    """The name of the page's family, and the page as that reads it.

    ``known``: the family of the pages before this one of the same list; without any, a page that only leads on is a ``shell``, whatever
    the registry ``told``. Raises :class:`NoList`.
    """
    if not known and shell.recognise(url, text):
        return shell.NAME, shell.read(url, text)
    name = known or told or detect(url, text)
    try:
        listing = read(name, url, text)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoList(name, error) from error
    if not known and (way := unfollowed.way(url, text, listing)):
        listing.dead_end = f"the list goes on and shows no way that the family {name} knows: {way}"
    return name, listing


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
