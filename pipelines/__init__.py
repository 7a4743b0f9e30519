"""The belt: what happens to a page on its way into the database, a verb a file, in the order of ``ITEM_PIPELINES``."""

from __future__ import annotations

from typing import Any, Self

from scrapy.crawler import Crawler

from harvester.items import Page


class Step:
    """What every step has: the crawler, and the tally of the portal a page belongs to."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def tally(self, page: Page) -> Any:
        """The counts of the page's portal in this run's summary."""
        return self.crawler.spider.summary.portal(page.portal_id)  # type: ignore[union-attr]
