"""truecms: rows by ``messageController/getMessage.do`` as JSONP, in windows of the page's own size; it wants a Referer."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from spiders.families import anchors, hanweb_jpage
from spiders.families.listing import Listing, ListRequest

NAME = "truecms"
RANK = 50

SERVICE = "messageController/getMessage.do"
PROXY = re.compile(r"[\"']([^\"'\s]*messageController/getMessage\.do)")
COLUMN = re.compile(r"\bcolumnId[\"']?\s*[:=]\s*[\"']?([\w-]+)")
SIZE = re.compile(r"\bperPage[\"']?\s*[:=]\s*[\"']?(\d+)", re.IGNORECASE)
TOTAL = re.compile(r"(?:<totalrecord>\s*|\btotalRecord[\"']?\s*[:=]\s*[\"']?)(\d+)", re.IGNORECASE)
USUAL = 50  # one site answers 100 with nothing, another 50 with 404: only what the page itself says is safe


def recognise(url: str, text: str) -> bool:
    return SERVICE in url or (SERVICE in text and COLUMN.search(text) is not None)


def read(url: str, text: str) -> Listing:
    """A column's page: the request for its first window; an answer: its rows and the window behind."""
    if SERVICE in url:
        return _answer(url, text)
    proxy, column, size = PROXY.search(text), COLUMN.search(text), SIZE.search(text)
    if not proxy or not column:
        return Listing(dead_end="the page does not say how its list is asked for")
    first = _window(urljoin(url, proxy[1]), column[1], 1, int(size[1]) if size else USUAL)
    return Listing(anchors.entries(anchors.links(url, text)), [first._replace(sublist=True, headers=(("Referer", url),))])


def _window(proxy: str, column: str, start: int, size: int) -> ListRequest:
    query = {"startrecord": start, "endrecord": start + size - 1, "perpage": size, "columnId": column, "callback": "cb"}
    return ListRequest(f"{proxy}?{urlencode(query)}")


def _answer(url: str, text: str) -> Listing:
    """``cb({"result": "<rows>"})``."""
    answer = json.loads(text[text.index("(") + 1 : text.rindex(")")], strict=False)
    rows, told = str(answer["result"]), TOTAL.search(text.replace("\\", ""))
    links = hanweb_jpage.record_links(url, rows) or anchors.fragment_links(url, rows)
    total = int(told[1]) if told else None
    query = dict(parse_qsl(urlsplit(url).query))
    start, size = int(query["startrecord"]), int(query["perpage"])
    ended = not links or (start + size > total if total is not None else len(links) < size)
    following = _window(url.partition("?")[0], query["columnId"], start + size, size)._replace(expected=total is not None)
    return Listing(links, [] if ended else [following], total, len(links))
