"""The pictures of one page: each asked for and kept by itself, and when all have answered handed on as one file, which is what is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scrapy.http import Request, Response
from twisted.python.failure import Failure

from harvester.carrier import Carrier
from harvester.errors import StorageError
from harvester.items import Page
from harvester.readers import gallery
from harvester.readers.bounds import MAX_SCANNED
from harvester.readers.gallery import Shown
from harvester.readers.sniff import format_of
from spiders import runs
from spiders.answers import answer_of, file_of, is_front_page, page_of, plain_url, request
from spiders.attachments import Attachment
from spiders.containers import expanded
from spiders.crawling import PortalCrawl
from spiders.outcomes import explain
from spiders.revalidation import FLAG
from spiders.signatures import Answer
from storage import archive

if TYPE_CHECKING:
    from spiders.portal import PortalSpider

FILES_FIRST = 20  # before the next report's page: a page and its files are fetched within minutes, so that they belong together
NO_PICTURE = Answer("missing", "what came is no picture")
NOT_ASKED = f"not asked for: no more than {MAX_SCANNED} pictures of a page are read"


@dataclass(slots=True)
class Asked:
    """The pictures of a page under way. ``got``: by number, those that answered; ``broken``: one may be had another time."""

    carrier: Carrier
    files: list[Attachment]
    got: dict[int, Shown] = field(default_factory=dict)
    broken: bool = False

    @property
    def address(self) -> str:
        return gallery.address(self.carrier.url)

    @property
    def whole(self) -> list[Shown]:
        """All of them in the order of the page, when the last has answered; empty before, and when they do not make a report this time."""
        asked = self.files[:MAX_SCANNED]
        if len(self.got) < len(asked) or self.broken or not any(one.body for one in self.got.values()):
            return []
        return [
            *(self.got[number] for number in range(len(asked))),
            *(Shown(file.url, lost=NOT_ASKED) for file in self.files[MAX_SCANNED:]),
        ]


class Pictures:
    """The part of the portal spider that is about pages of several pictures.

    A picture that is gone stands in the report as an issue, or as what the archive has of it. Where one cannot be had now (the server is
    broken, refuses, does not answer) nothing is read this time, and the summary says so: half a report would look like a revision of it.
    """

    def __init__(self, spider: PortalSpider) -> None:
        self.spider = spider

    def requests(self, crawl: PortalCrawl, carrier: Carrier, files: list[Attachment]) -> Iterator[Request]:
        """Requests for the pictures of a page, unless the same ones were asked for on another page of this run."""
        asked = Asked(carrier, files)
        if not self.spider.wanted.first_attached("\n".join(file.url for file in files)):
            return
        for number, file in enumerate(files[:MAX_SCANNED]):
            crawl.is_new_link(file.url)
            crawl.tally.pending += 1
            kwargs = {"crawl": crawl, "asked": asked, "number": number}
            yield request(file.url, self.parse, self.failed, kwargs, FLAG, priority=FILES_FIRST, headers={"Referer": carrier.url})

    def parse(self, response: Response, crawl: PortalCrawl, asked: Asked, number: int) -> Iterator[Any]:
        """A picture; with the last one, all of them."""
        file, got = asked.files[number], self.spider.whole(response)
        crawl.is_new_link(plain_url(response))
        if isinstance(got, Request):
            yield got
            return
        link = file_of(response, file, asked.carrier)
        answer = answer_of(response)
        body = got.body or self._kept(file.url)
        if answer.outcome == "page" and (is_front_page(response, link) or format_of(body) != "image"):
            answer = NO_PICTURE
        if answer.outcome == "page":
            asked.got[number] = Shown(file.url, body)
            if got.body:
                yield from self._part(page_of(got, crawl.portal.portal_id, link, asked.carrier.url, self._run, asked.carrier), asked)
        else:
            self._lost(crawl, asked, number, answer)
        yield from self._answered(crawl, asked)

    def failed(self, failure: Failure) -> Iterator[Any]:
        """A picture that never came."""
        kwargs = failure.request.cb_kwargs  # type: ignore[attr-defined]
        self._lost(kwargs["crawl"], kwargs["asked"], kwargs["number"], Answer("broken", explain(failure.value).reason))
        yield from self._answered(kwargs["crawl"], kwargs["asked"])

    @property
    def _run(self) -> str:
        return self.spider.summary.run_id

    def _part(self, page: Page, asked: Asked) -> Iterator[Page]:
        page.part_of = asked.address
        yield from expanded(page)

    def _kept(self, url: str) -> bytes:
        """What the archive has of a picture, empty when that is nothing."""
        visit = self.spider.database.visit(url) if self.spider.database else None
        try:
            capture = visit.capture if visit else None
            return archive.read_body(self.spider.settings["HARVEST_ARCHIVE"], capture.warc_file, capture.warc_offset) if capture else b""
        except StorageError:
            return b""

    def _lost(self, crawl: PortalCrawl, asked: Asked, number: int, answer: Answer) -> None:
        url = asked.files[number].url
        kept = self._kept(url) if answer.outcome == "missing" else b""
        told = f"{url}: {answer.reason}"
        self.spider.logger.warning("%s: could not be read: %s (on %s)", crawl.portal.portal_id, told, asked.carrier.url)
        crawl.tally.carried[asked.carrier.url].failures.append(told)
        asked.broken |= answer.outcome != "missing"
        asked.got[number] = Shown(url, kept) if format_of(kept) == "image" else Shown(url, lost=answer.reason)

    def _answered(self, crawl: PortalCrawl, asked: Asked) -> Iterator[Any]:
        crawl.tally.pending -= 1
        if shown := asked.whole:
            yield self._together(crawl, asked, gallery.made(shown))
        yield from self.spider.settle([crawl])

    def _together(self, crawl: PortalCrawl, asked: Asked, body: bytes) -> Page:
        url, title, source, day = asked.carrier
        return Page(
            url=asked.address,
            body=body,
            content_type=gallery.CONTENT_TYPE,
            fetched_at=runs.now(),
            portal_id=crawl.portal.portal_id,
            run_id=self._run,
            link_text=title,
            via=url,
            listed_on=day,
            carrier=url,
            carrier_title=title,
            carrier_source=source,
        )
