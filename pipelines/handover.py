"""Hands a page to the processes that read, so that the crawl goes on meanwhile and no page can stall or end it."""

from __future__ import annotations

from collections.abc import Awaitable

from scrapy.crawler import Crawler

from harvester.errors import Unreadable
from harvester.items import Page, Report
from pipelines import Step, is_read_elsewhere, readers_of
from pipelines.context import context_of
from pipelines.messages import Asked
from pipelines.readers import Readers
from storage import database


class HandOverPipeline(Step):
    """Sets the whole ``report`` of a crawl's page, unless ``HARVEST_READERS`` is 0: the steps that read are left out then. Its figures and
    checks come as rows (``storage.coding.figures_of`` has the figures).

    Pages come back in the order they were given away, and Scrapy fetches no more than ``SCRAPER_SLOT_MAX_ACTIVE_SIZE`` bytes before they
    do. What comes from our own disk knows no such bound; it passes, and is read by those steps.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.database = database.shared(crawler.settings["HARVEST_DB"])
        self.readers: Readers | None = None
        if is_read_elsewhere(crawler):
            self.readers = Readers(readers_of(crawler.settings), *map(str, crawler.settings.getlist("HARVEST_REGION_FILES")))

    async def open_spider(self) -> None:
        """A process is there before the first page is."""
        if self.readers:
            self.readers.begin()

    def process_item(self, item: Page) -> Page | Awaitable[Page]:
        return self._read(item, self.readers) if self.readers and not item.report else item

    async def _read(self, page: Page, readers: Readers) -> Page:
        try:
            read, words = await readers.read(Asked(page.body, page.content_type, context_of(page, self.database)))
            read.into(page, words)
        except Unreadable as error:
            page.report = Report(source=page.url, kind="unreadable", reason=str(error))
        return page

    async def close_spider(self) -> None:
        if self.readers:
            await self.readers.close()
