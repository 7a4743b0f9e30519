"""The belt: what happens to a page on its way into the database, a verb a file, in the order of ``ITEM_PIPELINES``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Self

from harvester.errors import UsageError
from harvester.items import Page

if TYPE_CHECKING:  # processes that only read need neither Scrapy nor a database
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

    from storage.database import Database

MOST_READERS = 8  # by themselves: what six of them read is all that one process can store


def database_of(settings: BaseSettings) -> Database:
    """The run's database: the same for all steps."""
    from storage import database

    seconds = settings.getfloat("HARVEST_BATCH_SECONDS", database.SECONDS)
    return database.shared(settings["HARVEST_DB"], settings.getint("HARVEST_BATCH", database.BATCH), seconds)


def readers_of(settings: BaseSettings) -> int:
    """How many processes read, as ``HARVEST_READERS`` says: a number, or empty for one a core but the one that
    fetches and stores (on a single core they share it). Raises ``UsageError``."""
    told = str(settings["HARVEST_READERS"]).strip()
    if told and not told.isdecimal():
        raise UsageError(f"HARVEST_READERS={told}: write a number of processes, 0 to read in the one that crawls")
    return int(told) if told else max(cores() - 1, 1)


def cores() -> int:
    """As many processes as there are cores for us, up to :data:`MOST_READERS`."""
    return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, MOST_READERS)


def is_read_elsewhere(crawler: Crawler) -> bool:
    """Whether the pages of this run are handed to processes that read. What comes from our own disk is read by the steps, here."""
    return crawler.spider.name == "portal" and readers_of(crawler.settings) > 0  # type: ignore[union-attr]


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


class ReadingStep(Step):
    """A step that reads. Where pages are read elsewhere it would find its work done: it is left out, and what it needs is not loaded."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        from scrapy.exceptions import NotConfigured

        if is_read_elsewhere(crawler):
            raise NotConfigured
        return cls(crawler)
