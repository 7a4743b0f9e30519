"""The one spider of the network: the lines of the registry in, pages out; all portals in one process, each host at its own pace."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import scrapy
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from harvester import registry, titles
from harvester.items import Page
from harvester.readers.encoding import decode
from harvester.registry import Portal
from harvester.summary import RunSummary
from spiders import elsewhere, families, runs, shards
from spiders.answers import (
    MOST_JUMPS,
    address_of,
    answer_of,
    attachments_of,
    content_type,
    first,
    is_front_page,
    leads_to,
    page_of,
    plain_url,
    request,
)
from spiders.carrying import AttachedFiles, handed_on
from spiders.crawling import PortalCrawl, Wanted
from spiders.entries import is_report_list, judge, place_of
from spiders.families import Link, ListRequest, shell
from spiders.hosts import AllowedHosts
from spiders.outcomes import Trouble, explain
from spiders.resume import Unfinished, moment_of
from spiders.revalidation import FLAG, UNASKED, whole
from spiders.signatures import Answer
from spiders.unlisted import Unlisted
from spiders.walk import ListWalk
from spiders.years import wanted_years
from storage import database

DEEPEST = 3  # folders below the registry's list: year, level, unit
REPORTS_FIRST = 10  # a report page goes before the next list page, so the queue holds one list page of links and not a whole portal
NO_POST = (404, 405, 501)


class PortalSpider(scrapy.Spider):
    """``harvester crawl``: reads each list to its end and yields every report page, unread; ``summary`` says what became of each portal."""

    name = "portal"
    # Statuses we read ourselves; redirects stay with Scrapy.
    handle_httpstatus_list = [304, *range(400, 600)]
    allowed: AllowedHosts
    years: range | None
    database: database.Database | None
    summary: RunSummary
    unlisted: Unlisted
    unfinished: Unfinished

    def __init__(self, portals: Iterable[Portal] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.portals = list(portals)
        self.own = frozenset(place_of(portal.list_url) for portal in self.portals)
        self.wanted = Wanted()
        self.attached = AttachedFiles(self)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        settings = crawler.settings
        known = registry.read(settings["HARVEST_PORTALS"] or None, families.names())
        spider = super().from_crawler(crawler, *args, portals=registry.named(known, settings.getlist("HARVEST_PORTAL_IDS")), **kwargs)
        spider.allowed = AllowedHosts(portal.list_url for portal in known)
        spider.own |= shards.lists_of_others(settings["HARVEST_SHARD"], known)
        spider.years = wanted_years(settings["HARVEST_YEARS"] or "")
        spider.database = database.shared(settings["HARVEST_DB"]) if settings["HARVEST_DB"] else None
        spider.summary = runs.begin(settings)
        spider.unlisted, spider.unfinished = Unlisted(spider), Unfinished(spider.database)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        crawls = [PortalCrawl(portal, self.summary.portal(portal.portal_id)) for portal in self.portals if portal.list_url]
        self._tell_unknown()
        # Every portal stands in the summary before the first request, so that an interrupted run names those it did not reach.
        walks = [(crawl, crawl.open(crawl.portal.list_url)) for crawl in crawls]
        for crawl, walk in walks:
            yield first(self._list_request(crawl, walk, ListRequest(walk.url)))

    def _tell_unknown(self) -> None:
        unknown = [portal for portal in self.portals if not portal.list_url]
        if unknown:
            self.logger.info("%d portals of the registry have no list yet and are not crawled", len(unknown))
        for portal in unknown if self.settings.getlist("HARVEST_PORTAL_IDS") else ():
            self.summary.portal(portal.portal_id).end("incomplete", "its list is not known yet: give its registry line a list_url")

    # --- lists ------------------------------------------------------------------------------------------------------------------------

    def parse_list(self, response: Response, crawl: PortalCrawl, walk: ListWalk, asked: ListRequest) -> Iterator[Any]:
        """A page of a list: its reports, the lists below it, then its next page."""
        answer = answer_of(response)
        if asked.method == "POST" and response.status in NO_POST:
            yield self._list_request(crawl, walk, asked._replace(method="GET", body=""))
        elif answer.outcome == "page":
            yield from self._read_list(response, crawl, walk, asked)
        elif response.status == 403 and urlsplit(asked.url).path.endswith("/") and not urlsplit(asked.url).query:
            # Some servers show no folder and all that is in it.
            yield self._list_request(crawl, walk, asked._replace(url=urljoin(asked.url, "index.html")))
        else:
            outcome = "blocked" if answer.outcome == "blocked" else "incomplete"
            yield from self._list_failed(crawl, walk, asked, Trouble(outcome, answer.reason))

    def list_error(self, failure: Failure) -> Iterator[Any]:
        """A page of a list that never came."""
        kwargs = failure.request.cb_kwargs  # type: ignore[attr-defined]
        yield from self._list_failed(kwargs["crawl"], kwargs["walk"], kwargs["asked"], explain(failure.value))

    def _read_list(self, response: Response, crawl: PortalCrawl, walk: ListWalk, asked: ListRequest) -> Iterator[Any]:
        text, _ = decode(response.body, content_type(response))
        try:
            family, listing = families.look(address_of(response), text, walk.family, crawl.portal.family)
        except families.NoList as error:
            yield from self._list_failed(crawl, walk, asked, Trouble("incomplete", str(error)))
            return
        walk.family = "" if family == shell.NAME else family
        crawl.lists_read += 1
        walk.of_reports = walk.of_reports or is_report_list(walk.url, text)
        new = walk.take(listing, asked.expected)
        self.unfinished.keep(crawl, asked, response)
        further = [*listing.more, *elsewhere.columns(walk, crawl.portal, new, self.allowed, self.own)]
        for item in (item for item in further if item.sublist and walk.depth < DEEPEST and crawl.is_new_list(item.url)):
            yield self._list_request(crawl, crawl.open(item.url, walk), item)
        for link in new:
            yield from self._entry(crawl, link, response.url, walk.of_reports, moment_of(response))
        if listing.itself:
            yield from self._itself(crawl, listing.itself, response)
        yield from self._go_on(crawl, walk)

    def _itself(self, crawl: PortalCrawl, link: Link, response: Response) -> Iterator[Any]:
        """A column of a single article: its page is here already and is the report."""
        if not self.is_wanted_year(link.text):
            crawl.tally.skipped += 1
        elif self.wanted.first(link.url, crawl):
            yield from self.parse_report(response, crawl, link, link.url)

    def _list_failed(self, crawl: PortalCrawl, walk: ListWalk, asked: ListRequest, trouble: Trouble) -> Iterator[Any]:
        if not crawl.lists_read:
            crawl.tally.end(trouble.outcome, f"{trouble.reason}: {asked.url}")
        elif asked.expected:
            crawl.tally.end("incomplete", f"the list broke off at {asked.url}: {trouble.reason}")
        walk.stop()
        yield from self._go_on(crawl, walk)

    def _go_on(self, crawl: PortalCrawl, walk: ListWalk) -> Iterator[Any]:
        if following := walk.next():
            yield self._list_request(crawl, walk, following)
        else:
            crawl.close(walk)
            yield from self.settle([crawl])

    def _list_request(self, crawl: PortalCrawl, walk: ListWalk, asked: ListRequest) -> Request:
        headers = {**({"Referer": walk.url} if asked.url != walk.url else {}), **dict(asked.headers)}
        kwargs = {"crawl": crawl, "walk": walk, "asked": asked}
        made = request(asked.url, self.parse_list, self.list_error, kwargs, method=asked.method, body=asked.body, headers=headers)
        if page := self.unfinished.find(crawl, asked):
            made.meta["kept"] = page
        return made

    # --- reports ----------------------------------------------------------------------------------------------------------------------

    def _entry(self, crawl: PortalCrawl, link: Link, via: str, in_report_list: bool, read_at: str = "") -> Iterator[Request]:
        """A link of a list: asked for when it is a report of a wanted year on an allowed host, and counted as what it is.

        ``read_at``: when a killed run read the list; what it stored since then is not asked for again.
        """
        kind = judge(link, via, in_report_list).kind if crawl.is_new_link(link.url) else "other"
        if kind == "lookalike" or (kind == "report" and link.url not in self.allowed):
            crawl.tally.rejected += 1
            self.logger.info("%s: rejected: %s %s", crawl.portal.portal_id, link.text, link.url)
        elif kind == "report" and not self.is_wanted_year(link.text):
            crawl.tally.skipped += 1
        elif kind == "report" and self.wanted.first(link.url, crawl):
            if self.unfinished.read_since(link.url, read_at):
                self.wanted.answered(link.url, "unchanged", *self.unfinished.reports(link.url))
                return
            yield self._report_request(crawl, link, via, link.url)

    def is_wanted_year(self, name: str) -> bool:
        """Whether a name names a report year that is wanted, or none."""
        year = titles.year_of(name)
        return not self.years or not year or year in self.years

    def _report_request(self, crawl: PortalCrawl, link: Link, via: str, url: str, jumps: int = 0) -> Request:
        kwargs = {"crawl": crawl, "link": link, "via": via, "jumps": jumps}
        return request(url, self.parse_report, self.report_error, kwargs, FLAG, priority=REPORTS_FIRST, headers={"Referer": via})

    def whole(self, response: Response) -> Response | Request:
        """The answer, with the body we have when it is a 304 that leaves something to be read (as in :mod:`spiders.revalidation`)."""
        return whole(response, self.database, self.settings["HARVEST_ARCHIVE"])

    def parse_report(self, response: Response, crawl: PortalCrawl, link: Link, via: str, jumps: int = 0) -> Iterator[Any]:
        """A report page, handed on as it came."""
        answer = answer_of(response)
        crawl.is_new_link(plain_url(response))  # where a redirect ended: the database knows the page by that address
        got = self.whole(response)
        if isinstance(got, Request):
            yield got
        elif response.status == 304 and got is response:
            yield from self._unchanged(crawl, link, page_of(response, crawl.portal.portal_id, link, via, self.summary.run_id))
        elif answer.outcome != "page":
            yield from self._lost(crawl, link, answer)
        elif is_front_page(response, link):
            yield from self._lost(crawl, link, Answer("missing", f"it leads to the front page {response.url}"))
        else:
            carrier, files = attachments_of(got, link)
            if target := leads_to(got) if jumps < MOST_JUMPS and not files else "":
                yield self._report_request(crawl, link, via, target, jumps + 1)
                return
            yield from self.attached.requests(crawl, carrier, files)
            yield from handed_on(crawl, page_of(got, crawl.portal.portal_id, link, via, self.summary.run_id))
            yield from self.settle(self.wanted.answered(link.url, "unchanged" if response.status == 304 else "fetched"))

    def _unchanged(self, crawl: PortalCrawl, link: Link, page: Page) -> Iterator[Any]:
        if seen := self.seen(page.url, page.fetched_at):
            yield page
            yield from self.settle(self.wanted.answered(link.url, "unchanged", *seen))
        else:
            yield from self._lost(crawl, link, UNASKED)

    def report_error(self, failure: Failure) -> Iterator[Any]:
        """A report page that never came."""
        kwargs = failure.request.cb_kwargs  # type: ignore[attr-defined]
        trouble = explain(failure.value)
        outcome: Any = "blocked" if trouble.outcome == "blocked" else "broken"
        yield from self._lost(kwargs["crawl"], kwargs["link"], Answer(outcome, trouble.reason))

    def _lost(self, crawl: PortalCrawl, link: Link, answer: Answer) -> Iterator[Any]:
        self.logger.warning("%s: could not be read: %s: %s", crawl.portal.portal_id, link.url, answer.reason)
        told = "refused" if answer.outcome == "blocked" else "failed"
        yield from self.settle(self.wanted.answered(link.url, told, f"{link.url}: {answer.reason}"))

    # --- what was known before ----------------------------------------------------------------------------------------------------------

    def settle(self, crawls: Iterable[PortalCrawl]) -> Iterator[Request]:
        """When a portal was read to its end: asks for the reports of earlier runs that its lists no longer name."""
        yield from self.unlisted.requests(crawls)

    def seen(self, url: str, at: str) -> list[str]:
        """The reports that stand at an address which answers as before at ``at``, or in the archive of files there."""
        found = [self.database.seen(one, at) for one in self.database.under(url)] if self.database else []
        return [report_id for report_id in found if report_id]
