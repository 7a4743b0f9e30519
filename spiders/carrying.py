"""What hangs on a report's page: the files it carries asked for and handed on, each with what the page says of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from scrapy.http import Request, Response
from twisted.python.failure import Failure

from harvester.carrier import Carrier
from harvester.items import Page
from harvester.summary import Carried
from spiders.answers import answer_of, file_of, is_front_page, page_of, plain_url, request
from spiders.attachments import Attachment
from spiders.containers import OPENED, expanded
from spiders.crawling import PortalCrawl
from spiders.outcomes import explain
from spiders.revalidation import FLAG, UNASKED
from spiders.signatures import Answer
from spiders.together import FILES_FIRST, Pictures

if TYPE_CHECKING:
    from spiders.portal import PortalSpider


class AttachedFiles:
    """The part of the portal spider that is about attachments: requests for them, and their answers."""

    def __init__(self, spider: PortalSpider) -> None:
        self.spider = spider
        self.pictures = Pictures(spider)

    def requests(self, crawl: PortalCrawl, carrier: Carrier, files: list[Attachment]) -> Iterator[Request]:
        """Requests for the files of a page, as many of them as ``HARVEST_ATTACHMENTS`` says; when that is not all, the summary tells.
        Several pictures are one file."""
        spider = self.spider
        most = spider.settings.getint("HARVEST_ATTACHMENTS")
        wanted = [file for file in files if file.url in spider.allowed and spider.is_wanted_year(file.name)] if most else []
        if wanted:
            if spider.database:
                spider.database.carries(carrier.url)
            crawl.tally.carried.setdefault(carrier.url, Carried())
        pictures = [file for file in wanted if file.how == "image"]
        if len(pictures) > 1:
            wanted = [file for file in wanted if file not in pictures]
            yield from self.pictures.requests(crawl, carrier, pictures)
        for file in wanted[:most]:
            crawl.is_new_link(file.url)
            if spider.wanted.first_attached(file.url):
                crawl.tally.pending += 1
                yield self._request(crawl, carrier, file)
        if len(wanted) > most > 0:
            crawl.tally.fail(f"{carrier.url}: it carries {len(wanted)} files and {most} were asked for (-s HARVEST_ATTACHMENTS)")

    def _request(self, crawl: PortalCrawl, carrier: Carrier, file: Attachment) -> Request:
        kwargs = {"crawl": crawl, "carrier": carrier, "file": file}
        return request(file.url, self.parse, self.failed, kwargs, FLAG, priority=FILES_FIRST, headers={"Referer": carrier.url})

    def parse(self, response: Response, crawl: PortalCrawl, carrier: Carrier, file: Attachment) -> Iterator[Any]:
        """A file, handed on as it came with what its page says of it."""
        answer, link, got = answer_of(response), file_of(response, file, carrier), self.spider.whole(response)
        crawl.is_new_link(plain_url(response))
        if isinstance(got, Request):
            yield got
            return
        crawl.tally.pending -= 1
        if response.status == 304 and got is response:
            page = page_of(response, crawl.portal.portal_id, link, carrier.url, self.spider.summary.run_id, carrier)
            yield from self._unchanged(crawl, carrier, file, page)
        elif answer.outcome != "page":
            self._lost(crawl, carrier, file, answer)
        elif is_front_page(response, link):
            self._lost(crawl, carrier, file, Answer("missing", f"it leads to the front page {response.url}"))
        else:
            yield from handed_on(crawl, page_of(got, crawl.portal.portal_id, link, carrier.url, self.spider.summary.run_id, carrier))
        yield from self.spider.settle([crawl])

    def _unchanged(self, crawl: PortalCrawl, carrier: Carrier, file: Attachment, page: Page) -> Iterator[Page]:
        if seen := self.spider.seen(page.url, page.fetched_at):
            crawl.tally.unchanged.update(seen)
            crawl.tally.carried[carrier.url].read = True
            yield page
        else:
            self._lost(crawl, carrier, file, UNASKED)

    def failed(self, failure: Failure) -> Iterator[Any]:
        """A file that never came."""
        kwargs = failure.request.cb_kwargs  # type: ignore[attr-defined]
        crawl: PortalCrawl = kwargs["crawl"]
        crawl.tally.pending -= 1
        self._lost(crawl, kwargs["carrier"], kwargs["file"], Answer("broken", explain(failure.value).reason))
        yield from self.spider.settle([crawl])

    def _lost(self, crawl: PortalCrawl, carrier: Carrier, file: Attachment, answer: Answer) -> None:
        told = f"{file.url}: {answer.reason}"
        self.spider.logger.warning("%s: could not be read: %s (on %s)", crawl.portal.portal_id, told, carrier.url)
        crawl.tally.carried[carrier.url].failures.append(told)


def handed_on(crawl: PortalCrawl, page: Page) -> Iterator[Page]:
    """The page; or that of an archive of files, and those of its members."""
    for one in expanded(page):
        if OPENED in one.notes:
            crawl.tally.carried.setdefault(one.carrier or one.url, Carried())
        yield one
