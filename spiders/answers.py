"""Requests as we send them, and what can be said of an answer without reading the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from scrapy.http import Request, Response

from harvester import readers, titles
from harvester.carrier import Carrier, carrier_of
from harvester.errors import Unreadable
from harvester.items import Page
from harvester.readers import gallery
from harvester.readers.encoding import decode
from harvester.readers.sniff import format_of
from spiders import attachments, filenames, pictures, runs
from spiders.attachments import Attachment
from spiders.families import Link, shell
from spiders.families.anchors import SESSION
from spiders.signatures import Answer, classify

STUB = 2000  # bytes: a report page smaller than this may do no more than lead to the report
MOST_JUMPS = 20  # from one such page to the next; more is a loop
FRONT = ("", "/", "/index.html", "/index.htm", "/index.shtml", "/index.jsp", "/default.aspx")


def request(
    url: str, callback: Callable[..., Any], errback: Callable[..., Any], kwargs: dict[str, Any], *flags: str, **rest: Any
) -> Request:
    """A request with its host's own slot. The spider knows what it asked for, so Scrapy's filter of duplicates is passed by:
    it would also stop a redirect to the same address, by which some front doors hand out their cookie. ``flags`` are set in its meta."""
    meta = {"download_slot": urlsplit(url).netloc, **dict.fromkeys(flags, True)}
    return Request(url, callback, errback=errback, cb_kwargs=kwargs, dont_filter=True, meta=meta, **rest)


def first(made: Request) -> Request:
    """A request that a spider starts with: those are asked in the order in which they were made."""
    made.meta["is_start_request"] = True
    return made


def answer_of(response: Response) -> Answer:
    """What the answer is, as the middleware at the door said, or said now."""
    known = response.request.meta.get("answer") if response.request else None
    return known if isinstance(known, Answer) else classify(response.status, response.body)


def address_of(response: Response) -> str:
    """The answer's address with the ``#`` part that was asked for: nobody sends it, but families keep there which list it is."""
    fragment = urlsplit(response.request.url).fragment if response.request else ""
    return f"{response.url}#{fragment}" if fragment and "#" not in response.url else response.url


def content_type(response: Response) -> str:
    """The Content-Type header, empty without one."""
    return (response.headers.get("Content-Type") or b"").decode("latin-1")


def is_front_page(response: Response, link: Link) -> bool:
    """Whether a redirect ended at a front page: how some portals say that a page is not there."""
    return response.url != link.url and urlsplit(response.url).path.lower() in FRONT and not urlsplit(response.url).query


def leads_to(response: Response) -> str:
    """Where a page goes that is only a refresh or a jump, empty for one that says something."""
    return (
        ""
        if len(response.body) > STUB or format_of(response.body)
        else shell.target(response.url, decode(response.body, content_type(response))[0])
    )


def plain_url(response: Response) -> str:
    """The answer's address without the id of a session, which Java servers put there for who sends no cookie: another one each time."""
    return SESSION.sub("", response.url)


def page_of(response: Response, portal_id: str, link: Link, via: str, run_id: str, carrier: Carrier | None = None) -> Page:
    """The answer as a page for the belt, its body unread. ``carrier``: what carries it, when it is an attachment."""
    pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, values in response.headers.items() for value in values]
    return Page(
        url=plain_url(response),
        body=response.body,
        status=response.status,
        headers=pairs,
        content_type=content_type(response),
        fetched_at=runs.now(),
        portal_id=portal_id,
        run_id=run_id,
        link_text=link.text,
        via=via,
        listed_on=link.date,
        carrier=carrier.url if carrier else "",
        carrier_title=carrier.title if carrier else "",
        carrier_source=carrier.source if carrier else "",
    )


def attachments_of(response: Response, link: Link) -> tuple[Carrier, list[Attachment]]:
    """What hangs on a report's page, by itself or by the list, and can be the report; and what the page says of it.

    A page without a trace of any is not parsed. Pictures count where the page is said to be pictures, or is nothing else.
    """
    body, told = response.body, content_type(response)
    if format_of(body):
        return Carrier(response.url), []
    found = attachments.listed(attachments.found(response.url, body, told, pictures.is_said(link.text)), link.files)
    may_show = not found and pictures.may_show(body)
    if not (found or may_show):
        return Carrier(response.url), []
    try:
        document = readers.read(body, told)
    except Unreadable:
        return Carrier(response.url, titles.clean(link.text), published=link.date), found
    if may_show and gallery.is_bare(document) and not leads_to(response):
        found = attachments.pictured(response.url, body, told)
    return carrier_of(document, response.url, link.text, link.date) if found else Carrier(response.url), found


def file_of(response: Response, file: Attachment, carrier: Carrier) -> Link:
    """The answer to a request for an attachment, as a link: the name may stand in the header that sends it."""
    header = response.headers.get("Content-Disposition") or b""
    return Link(file.url, attachments.best_name([file.name, filenames.in_header(header)]), carrier.published)
