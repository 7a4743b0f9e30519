"""龙讯 Lonsun: a unit's column is ``/public/column/<organ>?type=3``; pages by ``pageIndex``, or rows by the label service where a script
fills the list."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from spiders.families import anchors, generic, pager
from spiders.families.listing import Link, Listing, ListRequest

NAME = "lonsun"
RANK = 70

SHAPES = re.compile(r"/public/(?:column/\d+|content/\d+)|/site/tpl/\d+|/site/label/8888")
SERVICE = "/site/label/8888"
ARTICLE = re.compile(r"/public/(?:content/)?\d+(?:/\d+\.html|$)")
# type: 1 rules, 2 guide, 3 yearly reports, 4 catalogue, 5 requests
YEARLY = re.compile(r"/public/column/\d+\?(?:.*&)?type=3(?:&|$)|/site/tpl/\d+\?(?:.*&)?year=20\d\d")
CALL = re.compile(r"[\"']([^\"'\s]*/site/label/8888\?[^\"'\s]*labelName=[^\"'\s]*)[\"']")
LABEL = re.compile(r"\{[^{}]*\blabelName[\"']?\s*:\s*[\"'][^{}]*\}")
PAIR = re.compile(r"[\"']?\b(\w+)[\"']?\s*:\s*(?:\"([^\"]*)\"|'([^']*)'|(\d+))")
AS_JSON = {"IsAjax": "1", "dataType": "JSON", "isJson": "true", "pageSize": "15"}


def recognise(url: str, text: str) -> bool:
    return SHAPES.search(url) is not None or SHAPES.search(text) is not None


def read(url: str, text: str) -> Listing:
    """A column's page (``more`` is complete on the first one), or an answer of the label service. Other units' columns are lists below."""
    if SERVICE in url:
        return _answer(url, text)
    listing = generic.read(url, text, lambda link: YEARLY.search(link.url) is not None and anchors.names_a_folder(link.text))
    if any(ARTICLE.search(urlsplit(link.url).path) for link in listing.links):
        return _paged(url, listing)
    call = _call(url, text)
    below = [request for request in listing.more if request.sublist]
    return Listing(listing.links, [call, *below] if call else listing.more, pages=None if call else listing.pages)


def _paged(url: str, listing: Listing) -> Listing:
    """Page 1 says how many there are; ``pageIndex`` may be missing from its own address."""
    if dict(parse_qsl(urlsplit(url).query)).get("pageIndex", "1") == "1" and listing.pages:
        below = [request for request in listing.more if request.sublist]
        listing.more = pager.counted(url, listing.pages, lambda number: generic.with_field(url, "pageIndex", number)) + below
    return listing


def _call(url: str, text: str) -> ListRequest | None:
    """The request by which the page's script fills the list: an address, or the fields it sends."""
    call, label = CALL.search(text), LABEL.search(text)
    query = dict(parse_qsl(urlsplit(call[1].replace("&amp;", "&")).query)) if call else {}
    query |= {name: one or two or three for name, one, two, three in PAIR.findall(label[0])} if label and not call else {}
    if not query:
        return None
    service = urljoin(url, urlsplit(call[1]).path if call else SERVICE)
    asked = {**AS_JSON, **query, "pageIndex": "1"}
    return ListRequest(f"{service}?{urlencode(asked)}", sublist=True, headers=(("Referer", url),))


def _answer(url: str, text: str) -> Listing:
    """The rows as JSON, or as a piece of HTML, which some templates send whatever was asked for."""
    if text.lstrip().startswith("<"):
        found, pages = anchors.fragment_links(url, text), generic.count(text)
        rows = anchors.entries(found)
    else:
        data = json.loads(text, strict=False)
        data = data["data"] if isinstance(data.get("data"), dict) else data
        rows, pages = [link for row in data["data"] if (link := _link(url, row))], int(data.get("pageCount") or 0) or None
        if data["data"] and not rows:
            raise ValueError(f"no row has a link, they have {', '.join(data['data'][0])}")
    number = int(dict(parse_qsl(urlsplit(url).query)).get("pageIndex") or 1)
    following = ListRequest(generic.with_field(url, "pageIndex", number + 1), expected=pages is not None)
    ended = not rows or (pages is not None and number >= pages)
    asked = int(dict(parse_qsl(urlsplit(url).query)).get("pageSize") or AS_JSON["pageSize"])
    return Listing(rows, [] if ended else [following], pages=pages, full=len(rows) >= asked)


def _link(url: str, row: dict[str, Any]) -> Link | None:
    address = anchors.absolute(url, str(row.get("link") or row.get("url") or ""))
    date = next((str(row[name]) for name in ("publishDate", "date", "createDate") if row.get(name)), "")
    return Link(address, anchors.tidy(str(row.get("title") or "")), anchors.date_in(date)) if address else None
