"""What a list page shows: links, the requests that follow, and how much the list says it holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Link(NamedTuple):
    """An entry of a list: absolute URL, the whole title, and the date beside it (``YYYY-MM-DD`` or empty).

    ``files``: what the list says that hangs on it, as (absolute URL, name).
    """

    url: str
    text: str
    date: str = ""
    files: tuple[tuple[str, str], ...] = ()


class ListRequest(NamedTuple):
    """A further page of the list. ``headers`` are (name, value).

    ``expected``: the list itself says that this page exists, so when it fails the list broke off; else it is a try, and a failure is
    the known end of such lists. ``sublist``: a list of its own (a year's folder), with pages of its own.
    """

    url: str
    method: str = "GET"
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    expected: bool = True
    sublist: bool = False


@dataclass(slots=True)
class Listing:
    """A list page read.

    ``total``: entries the whole list says it has, ``entries`` those on this page (with a total only); ``pages``: pages the whole list
    says it has, where each is one request. ``others``: rows of other columns that were left out, so that a page of nothing else is not
    taken for the end. ``dead_end``: the list says it goes on and shows no way. ``column``: what the page calls its column. ``itself``:
    the page is no list, or not only: it is a report. ``full``: as many rows as were asked for, so that a next page can be.
    """

    links: list[Link] = field(default_factory=list)
    more: list[ListRequest] = field(default_factory=list)
    total: int | None = None
    entries: int = 0
    pages: int | None = None
    others: int = 0
    dead_end: str = ""
    column: str = ""
    itself: Link | None = None
    full: bool = False
