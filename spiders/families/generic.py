"""The long tail: any list of anchors; the way on is the link that says 下一页, the next number, or the count beside the pager."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from spiders.families import anchors
from spiders.families.listing import Link, Listing, ListRequest

NAME = "generic"
RANK = 990  # after every other

NEXT = re.compile(r"[\[(【]?\s*(下一?[页頁]|后一?页|下\s一\s页|next( page)?|>|›|»)\s*[>›»\])】]*", re.IGNORECASE)
LAST = re.compile(r"[\[(【]?\s*([尾末]\s*[页頁]|最后一页|last( page)?)\s*[>›»\])】]*", re.IGNORECASE)
PAGE_FIELDS = ("page", "pageindex", "pageno", "pagenum", "currpage", "curpage", "currentpage", "cur_page", "pn", "p")
NUMBERED = re.compile(r"(?<=[_/-])(\d{1,4})(?=\.[a-z]+$|/$|$)", re.IGNORECASE)
COUNT = re.compile(
    r"(?:totalPages?|pageCount|countPage|contenpage|page_count)[\"']?\s*[=:]\s*[\"']?(\d+)|共\s*(?:<[^>]*>\s*)*(\d+)\s*(?:<[^>]*>\s*)*页"
)


def recognise(url: str, text: str) -> bool:
    return True


def read(url: str, text: str, below: Callable[[Link], bool] | None = None) -> Listing:
    """Every anchor but the pager's is a link; ``more`` is the next page alone. ``below``: see ``anchors.folders``."""
    found = anchors.links(url, text)
    links, folders = anchors.folders(url, anchors.entries(found), below)
    step = _next(url, found) or _counted(url, text)
    return Listing(links, ([ListRequest(step)] if step else []) + folders, pages=count(text) or _last(found))


def _next(url: str, links: list[Link]) -> str:
    """Where 下一页 leads; else where the number behind this page's own leads."""
    for link in links:
        if NEXT.fullmatch(link.text):
            return link.url if not _same(link.url, url) else ""
    wanted = str(_number(url) + 1)
    return next((link.url for link in links if link.text.strip("[]【】 ") == wanted and _number(link.url) == int(wanted)), "")


def _counted(url: str, text: str) -> str:
    """An address that carries its number, as long as the page's count is not reached."""
    fields = _page_fields(url)
    return with_field(url, fields[0], _number(url) + 1) if fields and _number(url) < (count(text) or 1) else ""


def count(text: str) -> int | None:
    """How many pages the page says its list has; None when it says nothing."""
    found = [int(first or second) for first, second in COUNT.findall(text)]
    return max((number for number in found if 0 < number < 10000), default=None)


def _last(links: list[Link]) -> int | None:
    """The number that 尾页 leads to: at least so many pages, one more where counting begins at 0."""
    numbers = [_number(link.url) for link in links if LAST.fullmatch(link.text)]
    return max((number for number in numbers if number > 1), default=None)


def _number(url: str) -> int:
    """The page number in an address; 1 when it has none."""
    query = dict(parse_qsl(urlsplit(url).query))
    for name in _page_fields(url):
        return max(int(query[name]), 1)
    match = NUMBERED.search(urlsplit(url).path)
    return int(match[1]) if match else 1


def _page_fields(url: str) -> list[str]:
    return [name for name, value in parse_qsl(urlsplit(url).query) if name.lower() in PAGE_FIELDS and value.isdigit()]


def with_field(url: str, field: str, value: object) -> str:
    """``url`` with ``field`` of its query set to ``value``, in its place, or at the end when the query has none."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    names = [name for name, _ in query]
    query += [] if field in names else [(field, "")]
    return urlunsplit(parts._replace(query=urlencode([(name, str(value) if name == field else old) for name, old in query])))


def _same(one: str, other: str) -> bool:
    return one.partition("#")[0] == other.partition("#")[0]
