"""Asks the list of every portal, politely and within bounds: does it answer, as what family, with how many reports; nothing is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any, Self

import scrapy
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.utils.asyncio import call_later
from twisted.python.failure import Failure

from harvester import registry
from harvester.readers.encoding import decode
from spiders import families, politeness
from spiders.answers import address_of, answer_of, content_type, first, request
from spiders.entries import is_report_list, judge
from spiders.families import ListRequest, shell
from spiders.hosts import AllowedHosts
from spiders.outcomes import explain

# A list that shows no report at once may be a page that leads to it, or one that loads its first rows: this many requests further.
STEPS = 2
MOMENT = 0.1  # seconds


class TimeUp(IgnoreRequest):
    """Raised for a request that waited for its turn when the time was up."""


@dataclass(slots=True)
class Answer:
    """What one list said. ``outcome`` is ``answers`` when it shows reports, else one of a crawl's (``empty``, ``blocked``, ``unreachable``,
    ``incomplete``); ``what`` says it in words; ``links`` and ``reports`` are those on the page that was read."""

    portal_id: str
    outcome: str
    what: str
    family: str = ""
    links: int = 0
    reports: int = 0

    @property
    def answers(self) -> bool:
        return self.outcome == "answers"


class CheckSpider(scrapy.Spider):
    """``harvester portals check``: at most one list page and :data:`STEPS` more a portal, and its robots.txt; results in ``answers``, by
    portal id."""

    name = "check"
    # Many hosts at once and one connection to each; a dead one is given up soon, and all of them after a quarter of an hour.
    custom_settings = {
        "ITEM_PIPELINES": {},
        "EXTENSIONS": {"spiders.politeness.Pace": 10},
        "CONCURRENT_REQUESTS": 100,
        "DOWNLOAD_TIMEOUT": 30,
        "RETRY_TIMES": 1,
        "REDIRECT_MAX_TIMES": 4,
        "CLOSESPIDER_TIMEOUT": 900,
    }

    # Refusals are answers too; redirects stay with Scrapy.
    handle_httpstatus_list = list(range(400, 600))
    portals: list[registry.Portal]
    allowed: AllowedHosts

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answers: dict[str, Answer] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.begin, signals.spider_opened)
        spider.portals = [portal for portal in registry.read(crawler.settings["HARVEST_PORTALS"] or None) if portal.list_url]
        spider.allowed = AllowedHosts(portal.list_url for portal in spider.portals)
        return spider

    def begin(self) -> None:
        """Scrapy's own end of time lets everything be sent that waits for its turn at some host; ours comes right after it."""
        if seconds := self.settings.getfloat("CLOSESPIDER_TIMEOUT"):
            call_later(seconds + MOMENT, self.end)

    def end(self) -> None:
        """The time is up: what was not sent yet is not sent any more."""
        for name in list(self.crawler.engine.downloader.slots) if self.crawler.engine else ():
            politeness.empty(self.crawler, name, TimeUp())

    async def start(self) -> AsyncIterator[Any]:
        wanted = set(self.settings.getlist("HARVEST_PORTAL_IDS"))
        for portal in self.portals:
            if not wanted or portal.portal_id in wanted:
                yield first(self._request(ListRequest(portal.list_url), portal, STEPS))

    def _request(self, asked: ListRequest, portal: registry.Portal, steps: int, family: str = "") -> Request:
        headers = {**({"Referer": portal.list_url} if asked.url != portal.list_url else {}), **dict(asked.headers)}
        kwargs = {"portal": portal, "steps": steps, "family": family}
        return request(asked.url, self.answered, self.failed, kwargs, method=asked.method, body=asked.body, headers=headers)

    def answered(self, response: Response, portal: registry.Portal, steps: int, family: str) -> Iterator[Request]:
        """Something came: a list page, its family and its reports, or what stands in its place."""
        answer = answer_of(response)
        if answer.outcome != "page":
            self._tell(portal, "blocked" if answer.outcome == "blocked" else "incomplete", answer.reason, family)
            return
        text, _ = decode(response.body, content_type(response))
        url = address_of(response)
        try:
            found, listing = families.look(url, text, family, portal.family)
        except families.NoList as error:
            self._tell(portal, "incomplete", str(error), error.family)
            return
        listed = is_report_list(portal.list_url, text)
        reports = sum(judge(link, response.url, listed).kind == "report" for link in listing.links)
        if not reports and steps and listing.more:
            yield self._request(listing.more[0], portal, steps - 1, "" if found == shell.NAME else found)
            return
        told = f"HTTP {response.status}" if reports else "it answers and shows no report"
        self._tell(portal, "answers" if reports else "empty", told, found, len(listing.links), reports)

    def failed(self, failure: Failure) -> None:
        """Nothing came: robots.txt forbids to ask, or the network's word for it."""
        if isinstance(failure.value, TimeUp):
            return
        kwargs = failure.request.cb_kwargs  # type: ignore[attr-defined]
        trouble = explain(failure.value)
        self._tell(kwargs["portal"], trouble.outcome, trouble.reason, kwargs["family"])

    def _tell(self, portal: registry.Portal, outcome: str, what: str, family: str, links: int = 0, reports: int = 0) -> None:
        self.answers[portal.portal_id] = Answer(portal.portal_id, outcome, what, family, links, reports)
