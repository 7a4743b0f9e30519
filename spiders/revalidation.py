"""Is a page still what we have of it? Validators for the address that is asked, and the body that an answer of 304 stands for."""

from __future__ import annotations

from typing import Self

from scrapy.crawler import Crawler
from scrapy.http import Headers, Request, Response

from harvester.errors import StorageError
from spiders.answers import plain_url
from spiders.families.anchors import SESSION
from spiders.signatures import Answer
from storage import archive
from storage.database import Database

FLAG = "revalidate"  # in the meta of a request that may be answered with 304
VALIDATORS = ("If-None-Match", "If-Modified-Since")
UNASKED = Answer("broken", "HTTP 304 although the whole page was asked for")
OF_NO_BODY = ("Content-Length", "Content-Type", "Content-Encoding", "Transfer-Encoding")  # of a 304 they say nothing about the page


class Validators:
    """Asks for what is known only if it changed: by the address that is asked in the end, for those of the address that led there would
    let a server say of another page that it did not change. What was gone is asked for whole, so that the archive tells its return."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        database: Database | None = getattr(self.crawler.spider, "database", None)
        if FLAG not in request.meta or database is None:
            return
        for name in VALIDATORS:
            request.headers.pop(name, None)
        visit = database.visit(SESSION.sub("", request.url))
        for name, value in zip(VALIDATORS, (visit.etag, visit.last_modified) if visit and not visit.gone else (), strict=False):
            if value:
                request.headers[name] = value


def whole(response: Response, database: Database | None, folder: str) -> Response | Request:
    """The answer as it came; but a 304 with the body that the archive in ``folder`` holds when something may be new there although the
    page did not change: it carries files, or was no report to the extraction of the day.

    A request for all of the page when the archive does not hold it.
    """
    asked = response.request is not None and FLAG in response.request.meta
    visit = database.visit(plain_url(response)) if database and asked and response.status == 304 else None
    if visit is None or visit.known_whole:
        return response
    try:
        page = archive.read_page(folder, visit.capture.warc_file, visit.capture.warc_offset)
    except StorageError:
        return _unconditional(response)
    headers = Headers({**dict(page.headers), "ETag": visit.etag, "Last-Modified": visit.last_modified})
    headers.update({name: values for name, values in response.headers.items() if name.decode("latin-1").title() not in OF_NO_BODY})
    return response.replace(body=page.body, headers=headers)


def _unconditional(response: Response) -> Request:
    assert response.request
    asked = response.request.copy()
    asked.meta.pop(FLAG, None)
    for name in VALIDATORS:
        asked.headers.pop(name, None)
    return asked
