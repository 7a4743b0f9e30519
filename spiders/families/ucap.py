"""开普云 Ucap: static lists with ``createPageHTML('page_div', count, 1, 'list', 'shtml', total)``, articles ``/YYYYMM/<32 hex>.shtml``."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, parse_qsl, urlencode, urljoin, urlsplit

from spiders.families import anchors, generic, pager
from spiders.families.listing import Link, Listing, ListRequest

NAME = "ucap"
RANK = 80  # before TRS: the pager's function has the same name there, only the arguments differ

# The pager's element comes first, and the name of the files is the third argument from behind.
PAGER = re.compile(r"createPageHTML\(\s*[\"'][\w-]*[\"']\s*,([^()]*)\)")
ARTICLE = re.compile(r"/20\d{4}/(c\d\d_\d+|[0-9a-f]{32})\.shtml")
SERVICE = re.compile(r"/common/search/[0-9a-f]{32}")
CALL = re.compile(r"[\"']((?:https?://[^\"'/]+)?/common/search/[0-9a-f]{32}[^\"']*)[\"']")
AS_JSON = {"_isAgg": "true", "_isJson": "true", "_pageSize": "15", "_template": "index", "page": "1"}


def recognise(url: str, text: str) -> bool:
    return any(pattern.search(text) for pattern in (PAGER, ARTICLE, CALL)) or SERVICE.search(url) is not None


def read(url: str, text: str) -> Listing:
    """A list page (``more`` is complete on the first one), or an answer of the JSON service some sites list by."""
    if SERVICE.search(url):
        return _service(url, text)
    match = PAGER.search(text)
    if not match:
        return _by_service(url, text)
    arguments = [part.strip(" \t\r\n\"'") for part in match[1].split(",")]
    count, current, name, extension = int(arguments[0]), int(arguments[1]), arguments[-3], arguments[-2]
    links, folders = anchors.folders(url, anchors.entries(anchors.links(url, text)))
    return Listing(links, pager.following(url, count, current, name, extension) + folders, pages=count)


def _by_service(url: str, text: str) -> Listing:
    """A page whose list a script fills from the service; without one a template of the site's own, its pager links like anywhere else."""
    listing, call = generic.read(url, text), CALL.search(text)
    if call:
        address, _, query = call[1].replace("&amp;", "&").partition("?")
        asked = AS_JSON | {name: value for name, value in parse_qsl(query) if name != "page"}
        listing.more = [ListRequest(urljoin(url, f"{address}?{urlencode(asked)}"), sublist=True)]
        listing.pages = None
    return listing


def _service(url: str, text: str) -> Listing:
    data = json.loads(text, strict=False)["data"]
    links = [
        Link(address, anchors.tidy(row.get("title") or ""), anchors.date_in(str(row.get("publishedTimeStr") or "")))
        for row in data.get("results") or []
        if (address := anchors.absolute(url, str(row.get("url") or "")))
    ]
    entries = len(data.get("results") or [])
    query = {name: values[-1] for name, values in parse_qs(urlsplit(url).query, keep_blank_values=True).items()}
    total, size, number = int(data.get("total") or 0), int(data.get("rows") or len(links) or 1), int(query.get("page", "1"))
    if not links or number * size >= total:
        return Listing(links, total=total, entries=entries)
    return Listing(links, [ListRequest(f"{url.partition('?')[0]}?{urlencode({**query, 'page': number + 1})}")], total, entries)
