"""大汉 Hanweb 信息公开: ``search.jsp`` paints a unit's list by POST, all columns mixed; ``xxgkAnnualReport.jsp`` shows a year of a unit."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from parsel import Selector

from spiders.families import anchors, generic, naming
from spiders.families.listing import Link, Listing, ListRequest

NAME = "hanweb_xxgk"
RANK = 40

SEARCH = "/module/xxgk/search.jsp"
TREE = "/module/xxgk/tree.jsp"
ANNUAL = "xxgkAnnualReport.jsp"
AREA = re.compile(r"tree\.jsp\?(?:[^\"'\s]*&(?:amp;)?)?area=([^&\"'\s]+)")
COLUMN = re.compile(r"/col(\d+)(?:/|$)|\bdiv(\d+)\b")
OF_COLUMN = re.compile(r"/art_(\d+)_")
FIELDS = ("infotypeId", "jdid", "area", "divid")
WHOLE = {"standardXxgk": "0", "isAllList": "1", "texttype": "1", "fbtime": "-1", "vc_all": "", "vc_filenumber": "", "vc_title": ""}
SORTED = {"vc_number": "", "sortfield": ",createdatetime:0,orderid:0"}


def recognise(url: str, text: str) -> bool:
    return ("/module/xxgk/" in text or "/module/xxgk/" in url or ANNUAL in text) and "dataproxy.jsp" not in text


def read(url: str, text: str) -> Listing:
    """A column's page: the request for its first rows; an answer: the column's own rows and the next page; a yearly page: its choices."""
    if SEARCH in url:
        return _answer(url, text)
    if ANNUAL in url or ANNUAL in text:
        return _annual(url, text)
    fields = _fields(url, text)
    if not fields.get("area") and not fields.get("infotypeId"):
        return generic.read(url, text)
    return Listing(more=[_search(url, fields, 1)._replace(sublist=True)])


def _fields(url: str, text: str) -> dict[str, str]:
    """What the page's own script posts: named there, or in the address of its tree of units, or in that of the column."""
    area, column = AREA.search(text), COLUMN.search(url)
    known = {"area": area[1] if area else "", "divid": f"div{column[1]}" if column else ""}
    for name in FIELDS:
        match = re.search(rf"\b{name}[\"']?\s*[:=]\s*[\"']?([\w-]+)", text)
        known[name] = known.get(name) or (match[1] if match else "")
    return known


def _search(url: str, fields: dict[str, str], number: int) -> ListRequest:
    """Page ``number``: everything in the address and in the body, for either is where a site looks."""
    asked = {**WHOLE, "currpage": str(number), **SORTED, **fields}
    tree = f"{urljoin(url, TREE)}?{urlencode({'area': fields.get('area', '')})}"
    headers = (
        ("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"),
        ("X-Requested-With", "XMLHttpRequest"),
        ("Referer", tree),
    )
    return ListRequest(f"{urljoin(url, SEARCH)}?{urlencode(asked)}", "POST", urlencode(asked), headers)


def _answer(url: str, text: str) -> Listing:
    """Some sites answer with the whole unit's rows: those of other columns are left out."""
    query = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    column = COLUMN.search(query.get("divid", ""))
    found = anchors.entries(anchors.fragment_links(url, text))
    rows = [link for link in found if not column or (of := OF_COLUMN.search(link.url)) is None or of[1] == column[2]]
    pages, number = generic.count(text), int(query.get("currpage") or 1)
    fields = {name: query.get(name, "") for name in FIELDS}
    more = [_search(url, fields, number + 1)] if pages and number < pages else []
    return Listing(rows, more, pages=pages, others=len(found) - len(rows))


def _annual(url: str, text: str) -> Listing:
    """The page shows one report; its two choices name all others."""
    page = Selector(text=text, type="html")
    found = anchors.links(url, text)
    chosen = [_chosen(url, year, unit) for year in _options(page, "fbtime") for unit in _options(page, "area")]
    own = {link.url for link in found if ANNUAL in link.url}
    return Listing(anchors.entries(found) + [link for link in chosen if link.url not in own and link.url != url])


def _options(page: Selector, name: str) -> list[tuple[str, str]]:
    options = page.xpath("//select[@name=$name or @id=$name]/option[@value]", name=name)
    return [(option.attrib["value"], anchors.tidy(option.root.text_content())) for option in options if option.attrib["value"].strip()]


def _chosen(url: str, year: tuple[str, str], unit: tuple[str, str]) -> Link:
    address = urljoin(url, f"/module/xxgk/{ANNUAL}?{urlencode({'fbtime': year[0], 'area': unit[0]})}")
    return Link(address, f"{unit[1]}{year[1].rstrip('年')}年{naming.USUAL}")
