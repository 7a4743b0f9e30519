"""Stores what the belt made of a page and says in the run's summary what became of it."""

from __future__ import annotations

from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import create_looping_call
from scrapy.utils.defer import deferred_from_coro
from twisted.python.failure import Failure

from harvester import registry
from harvester.errors import StorageError
from harvester.items import Page
from harvester.summary import Carried, PortalTally
from pipelines import Step, database_of
from storage.saving import Saved

# spider -> the command of ours that runs it
COMMANDS = {"portal": "crawl", "files": "ingest", "warc": "ingest"}


class PersistPipeline(Step):
    """The last step. What was read is committed every batch, and every two seconds when pages come slowly."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.database = database_of(crawler.settings)
        self.clock: Any = None
        self.ended = False
        crawler.signals.connect(self.failed, signals.item_error)
        crawler.signals.connect(self.closed, signals.spider_closed)

    def open_spider(self) -> None:
        """The run and the reference tables stand before the first page."""
        settings, summary, name = self.crawler.settings, self.crawler.spider.summary, self.crawler.spider.name  # type: ignore[union-attr]
        self.database.load_reference(registry.read(settings["HARVEST_PORTALS"] or None), settings.getlist("HARVEST_REGION_FILES"))
        self.database.start_run(summary.run_id, COMMANDS.get(name, name), summary.started, (settings["HARVEST_YEARS"] or "").strip())
        self.clock = create_looping_call(self.database.commit_due)
        self.clock.start(self.database.seconds, now=False)

    def process_item(self, item: Page) -> Page:
        self._note_id(item)
        self._tell(item, self.database.save(item))
        return item

    def _note_id(self, page: Page) -> None:
        """Before the row is stored: an id that was given once is in the archive, whatever happens to the database."""
        report = page.report
        if report and page.capture and report.kind == "report" and ("archived" in page.notes or not page.report_id):
            page.notes["archive"].note_id(page.capture, page.url, report.id)

    def _tell(self, page: Page, saved: Saved) -> None:
        tally = self.tally(page)
        carried = self._carried(tally, page)
        if saved.outcome not in ("rejected", "unreadable"):
            for known in self.crawler.spider.summary.tallies() if saved.absorbed else ():  # type: ignore[union-attr]
                known.rename(saved.absorbed, saved.report_id)
            getattr(tally, saved.outcome).add(saved.report_id)
            if carried:
                carried.read = True
        elif "opened" in page.notes:  # an archive of files: its members are told, each by itself
            return
        elif saved.outcome == "rejected":
            (carried or tally.carried.setdefault(page.url, Carried())).rejected = True
        else:
            self._fail(page, page.report.reason if page.report else "")

    def _fail(self, page: Page, reason: str) -> None:
        """A page could not be read; if it hangs on another, that one may have been, or another file there."""
        tally = self.tally(page)
        carried = self._carried(tally, page)
        (carried.failures.append if carried else tally.fail)(f"{page.url}: {reason}")

    def _carried(self, tally: PortalTally, page: Page) -> Carried | None:
        """What became of the listed page that this one is, or hangs on; an archive that is read again has no list to say so beforehand."""
        if page.carrier and page.carrier not in tally.carried:
            visit = self.database.visit(page.carrier)
            tally.carried[page.carrier] = Carried(read=bool(visit and visit.report_id))
        return tally.carried.get(page.carrier or page.url)

    def failed(self, item: Page, failure: Failure) -> None:
        """A step broke on this page: the summary names it. When storage broke there is no use in going on: its reason is told once."""
        told: Any = failure.value
        if not isinstance(told, StorageError):
            self._fail(item, repr(told))
            return
        self.tally(item).end("incomplete", "not everything could be stored")
        if self.crawler.engine and not self.ended:
            self.ended = True
            deferred_from_coro(self.crawler.engine.close_spider_async(reason=f"storage: {told}"))

    def close_spider(self) -> None:
        if self.clock and self.clock.running:
            self.clock.stop()
        try:
            self.database.commit()
        except StorageError:
            self.ended = True
            for tally in self.crawler.spider.summary.tallies():  # type: ignore[union-attr]
                tally.end("incomplete", "not everything could be stored")
            raise

    def closed(self, reason: str) -> None:
        """The very end, when the summary is complete: it is stored and the database closed. A run that storage ended did not come to its
        end, even if there is room again for these few rows."""
        try:
            if self.clock and not self.ended:  # without a clock the run never began
                left = self.crawler.stats.get_value("harvester/left_to_the_last_shard", set())
                self.database.finish_run(self.crawler.spider.summary.as_dict(), reason == "finished", left)  # type: ignore[union-attr]
        finally:
            self.database.close()
