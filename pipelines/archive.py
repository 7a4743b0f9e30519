"""Keeps the body of a page before anything reads it; a body that is known and was read goes no further."""

from __future__ import annotations

from dataclasses import replace

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from harvester.items import GONE, Page
from pipelines import Step, database_of
from storage.archive import Archive, body_sha256
from storage.visits import Visit


class ArchivePipeline(Step):
    """Sets ``page.capture``; ``page.notes["archived"]`` when the record is new. A page of our own archive has its capture already.

    An archive of files is kept once: its members point to its record, and are read anew whenever that record is.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.archive = Archive(crawler.settings["HARVEST_ARCHIVE"], crawler.spider.summary.run_id)  # type: ignore[union-attr]
        self.database = database_of(crawler.settings)

    def process_item(self, item: Page) -> Page:
        item.notes["archive"] = self.archive
        if item.status in GONE:
            self._gone(item)
            raise DropItem(f"gone: {item.url}", log_level="DEBUG")
        if container := item.notes.get("container"):
            return self._member(item, container)
        if item.capture and item.status == 304:
            self.database.seen_again(item.url, item.capture.record_id, item.fetched_at)
            raise DropItem(f"seen again: {item.url}", log_level="DEBUG")
        if item.capture:
            return item
        sha256 = body_sha256(item.body)
        visit = self.database.visit(item.url)
        if item.status == 304 and not item.body:
            self._same(item, visit)
            raise DropItem(f"not modified: {item.url}", log_level="DEBUG")
        if visit is None or visit.gone or visit.body_sha256 != sha256:
            item.capture = self.archive.add(item, sha256)
            item.notes["archived"] = True
        else:
            self._same(item, visit)
            if item.part_of:
                self._same_part(item)
            if visit.report_id:
                self._unchanged(item)
            item.capture = visit.capture  # the same bytes as last time, which were no report then: read them again, keep them once
        return item

    def _gone(self, page: Page) -> None:
        """The answer of a page that was withdrawn is kept as any other, and read back from the archive it says the same."""
        if not page.capture:
            self.archive.add(page)
        for url in self.database.under(page.url):
            if report_id := self.database.gone(url, page.fetched_at):
                self.tally(page).withdrawn.add(report_id)

    def _same(self, page: Page, visit: Visit | None) -> None:
        """That a portal was asked and had nothing new is kept too; what is ingested twice leaves nothing behind."""
        if visit and self.crawler.spider.name == "portal":  # type: ignore[union-attr]
            self.archive.add_revisit(page, visit.capture)

    def _member(self, page: Page, container: Page) -> Page:
        if "archived" in container.notes:
            page.notes["archived"] = True
        elif not page.capture and (visit := self.database.visit(page.url)) and visit.report_id:
            self._unchanged(page)
        if container.capture and page.capture in (None, container.capture):  # else who read it, elsewhere, has said what it holds
            page.capture = replace(container.capture, body_sha256=body_sha256(page.body))
        return page

    def _same_part(self, page: Page) -> None:
        """What it is a part of tells whether anything is new."""
        self.database.seen(page.url, page.fetched_at)
        self.database.answers_with(page)
        raise DropItem(f"unchanged: {page.url}", log_level="DEBUG")

    def _unchanged(self, page: Page) -> None:
        tally = self.tally(page)
        tally.unchanged.add(self.database.seen(page.url, page.fetched_at))
        self.database.answers_with(page)
        if carried := tally.carried.get(page.carrier or page.url):
            carried.read = True
        raise DropItem(f"unchanged: {page.url}", log_level="DEBUG")

    def close_spider(self) -> None:
        self.archive.close()
