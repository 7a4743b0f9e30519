"""One file a platform family, pure: a list page in, its links and the list requests that follow out. A new family is a new file here.

A family's file has ``NAME``; ``RANK`` (families are tried in its order, most certain fingerprint first); ``recognise(url, text) -> bool``;
``read(url, text) -> Listing``.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import Protocol

from spiders.families.listing import Link, Listing, ListRequest

__all__ = ["Family", "Link", "ListRequest", "Listing", "detect", "get", "names"]

NOT_FAMILIES = ("listing", "anchors", "pager")


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
    """Name of the first family that recognises the page; the last one, ``generic``, recognises everything."""
    return next(family.NAME for family in _families() if family.recognise(url, text))


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
