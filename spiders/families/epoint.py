"""国泰新点 Epoint EWB: ``govInfoPub.html`` shows nothing; a script names the site, a JSON service lists a category of a department."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from spiders.families import anchors
from spiders.families.listing import Link, Listing, ListRequest

NAME = "epoint"
RANK = 60

SETTINGS = "/js/webBuilderCommon.js"
SERVICE = "/rest/lightfrontaction/getgovinfolist"
SITE = re.compile(r"siteInfo\s*=\s*(\{.*?\})", re.DOTALL)
FIELD = r"[\"']?\b{name}[\"']?\s*[:=]\s*[\"']([^\"']*)[\"']"
WANTED = ("deptcode", "categorynum")
SIZE = 50


def recognise(url: str, text: str) -> bool:
    return any(sign in url for sign in ("govInfoPub", SETTINGS, SERVICE)) or "EWB-FRONT" in text or "EWB_FRONT" in text


def read(url: str, text: str) -> Listing:
    """A column's page: the site's settings to ask for; the settings: the first page of the service; an answer: its rows and the next page.

    What is listed is kept behind the ``#`` of the addresses, which nobody sends.
    """
    if SERVICE in url:
        return _answer(url, text)
    if SETTINGS in url:
        return _settings(url, text)
    wanted = dict(parse_qsl(urlsplit(url).query))
    named = {name: wanted.get(name) or _field(name, text) for name in WANTED}
    if not named["categorynum"]:
        return Listing(anchors.entries(anchors.links(url, text)), dead_end="the page does not say which category it lists")
    return Listing(more=[ListRequest(f"{urljoin(url, SETTINGS)}#{urlencode(named)}", sublist=True, headers=(("Referer", url),))])


def _field(name: str, text: str) -> str:
    match = re.search(FIELD.format(name=name), text)
    return match[1] if match else ""


def _settings(url: str, text: str) -> Listing:
    site = SITE.search(text)
    guid = _field("siteGuid", site[1]) if site else ""
    if not site or not guid:
        return Listing(dead_end="the site's script names no siteGuid")
    project = _field("projectName", site[1])
    service = urljoin(url, f"{'/' if project and not project.startswith(('/', 'http')) else ''}{project}{SERVICE}")
    return Listing(more=[_request(service, {**dict(parse_qsl(urlsplit(url).fragment)), "siteGuid": guid}, 0)])


def _request(service: str, wanted: dict[str, str], number: int) -> ListRequest:
    """Page ``number``, counted from 0."""
    body = {**{name: wanted.get(name, "") for name in (*WANTED, "siteGuid")}, "pageIndex": number, "pageSize": SIZE}
    headers = (("Content-Type", "application/json;charset=utf-8"), ("X-Requested-With", "XMLHttpRequest"))
    return ListRequest(f"{service}#{urlencode({**wanted, 'pageIndex': number})}", "POST", json.dumps(body), headers)


def _answer(url: str, text: str) -> Listing:
    asked = dict(parse_qsl(urlsplit(url).fragment, keep_blank_values=True))
    found = json.loads(text, strict=False)["custom"]
    rows, number = found["data"] or [], int(asked.pop("pageIndex", "0"))
    told = str(found.get("total") or "")
    total = int(told) if told.isdigit() else None
    links = [link for row in rows if (link := _link(url, row))]
    if rows and not links:
        raise ValueError(f"no row has an infourl, they have {', '.join(rows[0])}")
    # Some give fewer rows than asked for; past the end is then a try, and the total says whether something lacks.
    ended = not rows or ((number + 1) * len(rows) >= total if total is not None else len(rows) < SIZE)
    following = _request(url.partition("#")[0], asked, number + 1)._replace(expected=False)
    return Listing(links, [] if ended else [following], total, len(rows), full=len(rows) >= SIZE)


def _link(url: str, row: dict[str, Any]) -> Link | None:
    address = anchors.absolute(url, str(row.get("infourl") or ""))
    title = anchors.whole_title(str(row.get("realtitle") or row.get("title") or ""), str(row.get("title") or ""))
    return Link(address, title, anchors.date_in(str(row.get("infodate") or row.get("date") or ""))) if address else None
