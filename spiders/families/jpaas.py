"""大汉 jpaas: blocks of a page that a script fills, each with ``queryData``; pages only by ``paramJson``, for a bare pageNo is ignored."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from parsel import Selector

from spiders.families import anchors, generic
from spiders.families.listing import Listing, ListRequest

NAME = "jpaas"
RANK = 20

UNIT = "/front/page/build/unit"
SERVICE = f"/api-gateway/jpaas-publish-server{UNIT}"
PAIR = re.compile(r"[\"'](\w+)[\"']\s*:\s*(?:'([^']*)'|\"([^\"]*)\"|(\w+))")
LIST = re.compile(r"列表|list|内容|分页|栏目", re.IGNORECASE)  # what editors call the block of the list; the name is free
USUAL = 15
# The vendor's own spelling of static.
ALWAYS = {"parseType": "bulidstatic", "pageType": "column", "editType": "null"}


def recognise(url: str, text: str) -> bool:
    return "jpaas-publish-server" in text or SERVICE in url


def read(url: str, text: str) -> Listing:
    """A column's page: its rows and the pages behind, or its blocks to ask for; an answer of the service: its rows and the next page."""
    if SERVICE in url:
        return _answer(url, json.loads(text, strict=False)["data"]["html"])
    page = Selector(text=text, type="html")
    pagers = [block for block in page.xpath("//*[@querydata][@count]") if block.xpath("..//a[contains(@href, '/art/')]")]
    return _rows_inside(url, text, pagers[0]) if pagers else _blocks(url, text, page)


def _rows_inside(url: str, text: str, pager: Selector) -> Listing:
    """The first rows stand in the page; its pager says how many there are."""
    size, pages = _size(pager), _pages(pager)
    more = [_unit(url, pager, number, size) for number in range(2, pages + 1)]
    return Listing(anchors.entries(anchors.links(url, text)), more, pages=pages)


def _blocks(url: str, text: str, page: Selector) -> Listing:
    """Nothing but blocks: that of the list when one is called so, else each, as a list of its own."""
    found = page.xpath("//*[@querydata]")
    wanted = [block for block in found if LIST.search(_query(block).get("tagId", ""))] or list(found)
    listing = generic.read(url, text)
    if not wanted:
        return listing
    sure = len(wanted) == 1
    more = [_unit(url, block, 1, _size(block))._replace(sublist=True, headers=(("Referer", url),), expected=sure) for block in wanted]
    return Listing(listing.links, more)


def _answer(url: str, html: str) -> Listing:
    query = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    asked = json.loads(query.get("paramJson", "{}"))
    number, size = int(asked.get("pageNo", 1)), int(asked.get("pageSize", USUAL))
    pagers = Selector(text=html, type="html").xpath("//*[@count]")
    pages = _pages(pagers[0]) if pagers else None
    links = anchors.entries(anchors.fragment_links(url, html))
    ended = not links or (number >= pages if pages is not None else len(links) < size)
    return Listing(links, [] if ended else [_page(url, query, number + 1, size, expected=pages is not None)], pages=pages)


def _unit(url: str, block: Selector, number: int, size: int) -> ListRequest:
    service = next((value for name in ("uniturl", "url") if UNIT in (value := block.attrib.get(name, ""))), SERVICE)
    return _page(urljoin(url, service), ALWAYS | _query(block), number, size)


def _page(service: str, query: dict[str, str], number: int, size: int, expected: bool = True) -> ListRequest:
    asked = json.dumps({"pageNo": number, "pageSize": size}, separators=(",", ":"))
    return ListRequest(f"{service.partition('?')[0]}?{urlencode(query | {'paramJson': asked})}", expected=expected)


def _query(block: Selector) -> dict[str, str]:
    """``queryData="{'webId':'3185',…}"``: JSON with the wrong quotes."""
    return {name: single or double or bare for name, single, double, bare in PAIR.findall(block.attrib["querydata"])}


def _size(pager: Selector) -> int:
    rows = pager.attrib.get("rows", "")
    return max(int(rows), 1) if rows.isdigit() else USUAL


def _pages(pager: Selector) -> int:
    """Pages of the list whose ``count`` of entries the pager tells."""
    count = pager.attrib.get("count", "")
    return -(-int(count) // _size(pager)) if count.isdigit() else 1
