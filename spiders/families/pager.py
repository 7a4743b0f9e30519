"""How lists of static files number their pages: ``index_1.html``, ``list_2.shtml``, from 0 or from 1."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

from spiders.families.listing import ListRequest


def following(url: str, count: int, current: int, name: str, extension: str) -> list[ListRequest]:
    """The pages behind the first one at ``url``, for a pager that says (count, current, name, extension).

    On the first page ``current`` is 0 or 1 and tells where counting begins: pages are then ``name_1 … name_<count-1>`` or
    ``name_2 … name_<count>``. A later page knows no more than the first one said.
    """
    if is_later(url, name) or current > 1:
        return []
    last = count if current else count - 1
    return [ListRequest(urljoin(url, f"{name}_{number}.{extension}")) for number in range(current + 1, last + 1)]


def is_later(url: str, name: str) -> bool:
    """Whether ``url`` is a numbered page of the list called ``name``."""
    return re.search(rf"/{re.escape(name)}_\d+\.\w+$", urlsplit(url).path) is not None


def counted(url: str, count: int | None, address: Callable[[int], str], first: int = 2) -> list[ListRequest]:
    """Pages ``first`` … ``count`` of a list whose first page says how many there are; ``address`` gives each its URL."""
    return [ListRequest(urljoin(url, address(number))) for number in range(first, (count or 1) + 1)]
