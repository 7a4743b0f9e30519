"""The long tail: any list of anchors; the way on is the link that says 下一页, the next number, or the count beside the pager."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from spiders.families import anchors
from spiders.families.listing import Link, Listing, ListRequest

NAME = "generic"
RANK = 140

NEXT = re.compile(r"[\[(【]?\s*(下一?[页頁]|后一?页|下\s一\s页|next( page)?|>|›|»)\s*[>›»\])】]*", re.IGNORECASE)
PAGE_FIELDS = ("page", "pageindex", "pageno", "pagenum", "currpage", "curpage", "currentpage", "cur_page", "pn", "p")
NUMBERED = re.compile(r"(?<=[_/-])(\d{1,4})(?=\.[a-z]+$|/$|$)", re.IGNORECASE)
COUNT = re.compile(
    r"(?:totalPages?|pageCount|countPage|contenpage|page_count)[\"']?\s*[=:]\s*[\"']?(\d+)|共\s*(?:<[^>]*>\s*)*(\d+)\s*(?:<[^>]*>\s*)*页"
)


def recognise(url: str, text: str) -> bool:
    return True


def read(url: str, text: str) -> Listing:
    """Every anchor but the pager's is a link; ``more`` is the next page alone."""
    found = anchors.links(url, text)
    links, folders = anchors.folders(url, anchors.entries(found))
    step = _next(url, found) or _counted(url, text)
    more = [ListRequest(step)] if step else []
    dead_end = "" if step else _dead_end(url, text)
    return Listing(links, more + folders, dead_end=dead_end)


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
    return _with_number(url, fields[0], _number(url) + 1) if fields and _number(url) < _count(text) else ""


def _dead_end(url: str, text: str) -> str:
    count = _count(text)
    number = _number(url)
    return f"page {number} says there are {count} and shows no way to the next" if number < count and number == 1 else ""


def _count(text: str) -> int:
    found = [int(first or second) for first, second in COUNT.findall(text)]
    return max((number for number in found if number < 10000), default=1)


def _number(url: str) -> int:
    """The page number in an address; 1 when it has none."""
    query = dict(parse_qsl(urlsplit(url).query))
    for name in _page_fields(url):
        if query[name].isdigit():
            return max(int(query[name]), 1)
    match = NUMBERED.search(urlsplit(url).path)
    return int(match[1]) if match else 1


def _page_fields(url: str) -> list[str]:
    return [name for name, _ in parse_qsl(urlsplit(url).query) if name.lower() in PAGE_FIELDS]


def _with_number(url: str, field: str, number: int) -> str:
    parts = urlsplit(url)
    query = [(name, str(number) if name == field else value) for name, value in parse_qsl(parts.query, keep_blank_values=True)]
    return urlunsplit(parts._replace(query=urlencode(query)))


def _same(one: str, other: str) -> bool:
    return one.partition("#")[0] == other.partition("#")[0]
