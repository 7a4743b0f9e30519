"""A whole archive: its stretches handed to processes that read, what comes back put down the belt in the archive's order."""

from __future__ import annotations

import asyncio
import hashlib
import signal
from pathlib import Path
from typing import Any, cast

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.settings import Settings
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.log import configure_logging

import harvester
from harvester.commands.replaying.readers import Readers
from harvester.commands.replaying.stretches import DEFECT
from harvester.errors import HarvesterError, StorageError
from harvester.items import GONE, Capture, Page
from pipelines import database_of
from pipelines.belt import Belt
from spiders.containers import OPENED
from spiders.progress import Closing, ReplayBar
from spiders.replay import ReplaySpider
from storage.progress import Progress

TURN = 8  # pages stored until those that read are heard again


def run(settings: Settings, workers: int) -> tuple[ReplaySpider, str]:
    """A replay to its end; its spider (with ``summary``) and why it ended, as Scrapy would say it."""
    configure_logging(settings)
    replay = Replay(settings, workers)
    asyncio.run(replay.run())
    return replay.spider, replay.reason or "finished"


class Driver:
    """A belt with all that its steps know of a crawl; to them it is the engine."""

    def __init__(self, settings: Settings) -> None:
        self.crawler = Crawler(ReplaySpider, settings)
        self.crawler.stats = MemoryStatsCollector(self.crawler)
        self.crawler.engine = cast(Any, self)
        self.spider = ReplaySpider.from_crawler(self.crawler)
        self.crawler.spider = self.spider
        self.belt = Belt(self.crawler)
        self.reason = ""

    async def close_spider_async(self, reason: str) -> None:
        """A step ends the run, because nothing more can be stored."""
        self.reason = self.reason or reason

    async def give(self, page: Page) -> None:
        """A page that was read, down the belt."""
        if DEFECT in page.notes:
            self.belt.fail(page, RuntimeError("{0.error}\n{0.where}".format(page.notes[DEFECT])))
        else:
            await self.belt.give(page)


class Replay(Driver):
    """One replay."""

    def __init__(self, settings: Settings, workers: int) -> None:
        super().__init__(settings)
        self.workers = workers
        self._closing = Closing.from_crawler(self.crawler)

    async def run(self) -> None:
        """Reads and stores all that was not."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, lambda: setattr(self, "reason", self.reason or "shutdown"))
        readers = Readers(self.crawler.settings, self.workers if self.workers > 1 else 0)
        try:
            await self.belt.open()
            await self._replay(readers)
        except StorageError as error:
            self.reason = self.reason or f"storage: {error}"
        except HarvesterError as error:
            self.spider.problem(str(error))
        finally:
            await readers.close()
            tell = self.crawler.signals.send_catch_log
            tell(signals.spider_idle, spider=self.spider)
            await self.belt.close()
            tell(signals.spider_closed, spider=self.spider, reason=self.reason or "finished")

    async def _replay(self, readers: Readers) -> None:
        settings = self.crawler.settings
        progress = Progress(database_of(settings), Path(settings["HARVEST_ARCHIVE"]), made_by(settings))
        files = progress.files()
        with ReplayBar(settings, files, self.spider.summary) as bar:
            async for file, stretch, (found, words) in readers.in_order(files):
                for line in found.problems:
                    self.spider.problem(line)
                for number, page in enumerate(found.taken(words)):
                    if self.reason:
                        return
                    await self._read(progress, page)
                    if number % TURN == 0:
                        await asyncio.sleep(0)
                progress.came_to(file, found.end)
                bar.read(file.size - stretch.start if found.end is None else found.end - stretch.start)
            # When a page was seen again is no page: it comes last, when what it was is stored, wherever its record stands.
            for url, record_id, at in progress.seen_again():
                if self.reason:
                    return
                await self.give(Page(url, b"", 304, fetched_at=at, capture=Capture("", "", 0, record_id)))
        if not self.reason:
            progress.end()

    async def _read(self, progress: Progress, page: Page) -> None:
        page.run_id = self.spider.summary.run_id
        if page.capture:
            page.report_id = progress.id_of(page.capture.record_id, page.url)
        if OPENED not in page.notes and page.status not in GONE:
            self.spider.count(page)
        await self.give(page)


def made_by(settings: Settings) -> str:
    """Names today's extraction: every file of the core, and what came from outside. Two that differ give one replay two halves."""
    core = Path(harvester.__file__).parent
    given = [settings["HARVEST_PORTALS"], *settings.getlist("HARVEST_REGION_FILES")]
    files = [*(path for path in core.rglob("*") if path.is_file() and path.suffix != ".pyc"), *map(Path, filter(None, given))]
    digest = hashlib.sha256()
    for content in sorted(path.read_bytes() for path in files):
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()
