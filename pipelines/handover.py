"""Hands a page to the process that reads, so that the crawl goes on meanwhile and no page can stall or end it."""

from __future__ import annotations

from collections.abc import Awaitable

from scrapy.crawler import Crawler

from harvester.errors import Unreadable
from harvester.items import Page, Report
from harvester.worker import Asked
from pipelines import Step
from pipelines.identify import context_of
from pipelines.reader import Reader
from storage import database


class HandOverPipeline(Step):
    """Sets the whole ``report`` of a crawl's page when ``HARVEST_READER`` is on: the steps that read find their work done.

    Pages come back in the order they were given away, and Scrapy fetches no more than ``SCRAPER_SLOT_MAX_ACTIVE_SIZE`` bytes before they
    do. What comes from our own disk knows no such bound; it passes, and is read by those steps.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.database = database.shared(crawler.settings["HARVEST_DB"])
        self.reader: Reader | None = None
        if crawler.settings.getbool("HARVEST_READER") and crawler.spider.name == "portal":  # type: ignore[union-attr]
            self.reader = Reader(tuple(map(str, crawler.settings.getlist("HARVEST_REGION_FILES"))))

    async def open_spider(self) -> None:
        """The process is there before the first page is."""
        if self.reader:
            self.reader.begin()

    def process_item(self, item: Page) -> Page | Awaitable[Page]:
        return self._read(item, self.reader) if self.reader and not item.report else item

    async def _read(self, page: Page, reader: Reader) -> Page:
        try:
            page.report = await reader.read(Asked(page.body, page.content_type, context_of(page, self.database)))
        except Unreadable as error:
            page.report = Report(source=page.url, kind="unreadable", reason=str(error))
        return page

    async def close_spider(self) -> None:
        if self.reader:
            await self.reader.close()
