"""大汉 Hanweb JCMS: rows inside the page or in a ``<datastore>``, the others from ``dataproxy.jsp`` by record numbers."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from parsel import Selector

from spiders.families import anchors
from spiders.families.listing import Link, Listing, ListRequest

NAME = "hanweb_jpage"
RANK = 30

RECORD = re.compile(r"<record>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</record>", re.IGNORECASE | re.DOTALL)
TOTAL = re.compile(r"<totalrecord>\s*(\d+)|\btotalRecord[\"']?\s*[:=]\s*[\"']?(\d+)", re.IGNORECASE)
PAGES = re.compile(r"<totalpage>\s*(\d+)", re.IGNORECASE)
PROXY = re.compile(r"[\w./:-]{0,200}dataproxy\.jsp", re.IGNORECASE)
NEXT_GROUP = re.compile(r"<nextgroup>.*?href=[\"']([^\"']*dataproxy\.jsp[^\"']*)", re.IGNORECASE | re.DOTALL)
PER_PAGE = re.compile(r"\bperPage[\"']?\s*[:=]\s*[\"']?(\d+)", re.IGNORECASE)
# What the site's own script sends.
FIELDS = ("col", "appid", "webid", "path", "columnid", "sourceContentType", "unitid", "webname", "permissiontype", "keyWordCount")
WINDOW = ("startrecord", "endrecord", "perpage", "page")
PLAIN = re.compile(r"[\d,]*")
USUAL = 15
LARGEST = 100  # records a window; servers cut off what is above some 300 and say nothing


def recognise(url: str, text: str) -> bool:
    stored = "<datastore>" in text or "<recordset>" in text
    return (
        "dataproxy.jsp" in text.lower() or "dataproxy.jsp" in url or (stored and "getMessage.do" not in url)
    )  # truecms borrowed the shape


def read(url: str, text: str) -> Listing:
    """A list page or an answer of the proxy; each names the window of records that follows."""
    records, links = RECORD.findall(text), record_links(url, text)
    total = TOTAL.search(text)
    count = int(total[1] or total[2]) if total else None
    if "dataproxy.jsp" in url:
        return Listing(links, _next_window(url, text, len(records), count), count, len(records))
    return _page(url, text, links, len(records), count)


def record_links(url: str, text: str) -> list[Link]:
    """The link of each ``<record>`` of a datastore."""
    return [link for record in RECORD.findall(text) for link in anchors.fragment_links(url, record)[:1]]


def _page(url: str, text: str, links: list[Link], records: int, total: int | None) -> Listing:
    fields, proxy = _fields(text), _proxy(url, text)
    size = PER_PAGE.search(text)
    perpage = min(max(int(size[1]), 1) if size else records or USUAL, LARGEST)
    shown = records or _rows_inside(text, fields.get("unitid", ""))
    expected = total is not None
    more = [_window(proxy, fields, shown // perpage + 1, perpage, expected)] if proxy and (total is None or shown < total) else []
    return Listing(links or anchors.entries(anchors.links(url, text)), more, total, shown)


def _next_window(url: str, text: str, found: int, total: int | None) -> list[ListRequest]:
    query = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    number, perpage = int(query.get("page", "1")), int(query.get("perpage", USUAL))
    pages = PAGES.search(text)
    last = -(-total // perpage) if total is not None else int(pages[1]) if pages else None
    if not found or (last is not None and number >= last):
        return []
    fields = {name: value for name, value in query.items() if name not in WINDOW}
    return [_window(url.partition("?")[0], fields, number + 1, perpage, last is not None)]


def _window(proxy: str, fields: dict[str, str], number: int, perpage: int, expected: bool) -> ListRequest:
    """Page ``number`` of ``perpage`` records, said in both ways: some servers obey the record numbers, others only the page."""
    start = (number - 1) * perpage + 1
    window = {"startrecord": start, "endrecord": start + perpage - 1, "perpage": perpage, "page": number}
    address = f"{proxy}?{urlencode({**window, **fields})}"
    form = (("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"), ("X-Requested-With", "XMLHttpRequest"))
    return ListRequest(address, "POST", urlencode(fields), form, expected)


def _proxy(url: str, text: str) -> str:
    found = NEXT_GROUP.search(text) or PROXY.search(text)
    return urljoin(url, (found[1] if found.re is NEXT_GROUP else found[0]).partition("?")[0]) if found else ""


def _fields(text: str) -> dict[str, str]:
    """The proxy's fields: as the script names them, else as the link to the next group does; there, some hosts encrypt the ids, and
    answer to nothing else."""
    group = NEXT_GROUP.search(text)
    linked = dict(parse_qsl(urlsplit(group[1].replace("&amp;", "&")).query, keep_blank_values=True)) if group else {}
    known = dict(linked)
    for name in FIELDS:
        match = re.search(rf"[\"']?\b{name}[\"']?\s*[:=]\s*(?:\"([^\"]*)\"|'([^']*)'|(\d(?:[\d,]*\d)?))", text)
        if match:
            known[name] = match[1] or match[2] or match[3] or ""
    known |= {name: linked[name] for name in ("columnid", "unitid") if not PLAIN.fullmatch(linked.get(name, ""))}
    return {name: known[name] for name in FIELDS if name in known}


def _rows_inside(text: str, unit: str) -> int:
    """Rows that stand in the unit's own element, written out."""
    return len(Selector(text=text, type="html").xpath("//*[@id=$unit]//a[@href]", unit=unit)) if unit else 0
