"""Asks the first list page of every portal once, politely, and notes what answers; nothing is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Self

import scrapy
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from harvester import registry
from harvester.readers.encoding import decode
from spiders import families
from spiders.hosts import AllowedHosts
from spiders.outcomes import explain
from spiders.signatures import classify


@dataclass(slots=True)
class Answer:
    """What one list said: ``answers`` true when it can be read, ``links`` those on its first page, ``what`` in words."""

    portal_id: str
    answers: bool
    what: str
    family: str = ""
    links: int = 0


class CheckSpider(scrapy.Spider):
    """``harvester portals check``: one request a portal (and its robots.txt); results in ``answers``, by portal id."""

    name = "check"
    custom_settings = {"ITEM_PIPELINES": {}, "EXTENSIONS": {"spiders.politeness.Pace": 10}}

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
        spider.portals = [portal for portal in registry.read(crawler.settings["HARVEST_PORTALS"] or None) if portal.list_url]
        spider.allowed = AllowedHosts(portal.list_url for portal in spider.portals)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        wanted = set(self.settings.getlist("HARVEST_PORTAL_IDS"))
        for portal in self.portals:
            if not wanted or portal.portal_id in wanted:
                meta = {"portal": portal}
                yield scrapy.Request(portal.list_url, self.answered, errback=self.failed, meta=meta, dont_filter=True)

    def answered(self, response: Response) -> None:
        """Something came: a list page, its family and its links, or what stands in its place."""
        portal = response.meta["portal"]
        answer = classify(response.status, response.body)
        if answer.outcome != "page":
            self.answers[portal.portal_id] = Answer(portal.portal_id, False, answer.reason)
            return
        text, _ = decode(response.body, (response.headers.get("Content-Type") or b"").decode("latin-1"))
        family = portal.family or families.detect(response.url, text)
        listing = families.get(family).read(response.url, text)
        # Some lists begin with a shell and show their links in an answer to the request it makes; that one is not asked here.
        answers = bool(listing.links or listing.more)
        self.answers[portal.portal_id] = Answer(portal.portal_id, answers, f"HTTP {response.status}", family, len(listing.links))

    def failed(self, failure: Failure) -> None:
        """Nothing came: robots.txt forbids to ask, or the network's word for it."""
        portal = failure.request.meta["portal"]  # type: ignore[attr-defined]
        self.answers[portal.portal_id] = Answer(portal.portal_id, False, explain(failure.value).reason)
