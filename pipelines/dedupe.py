"""Gives a report the id of its content: the one it was given before, or the hash of its text read now."""

from __future__ import annotations

from scrapy.crawler import Crawler

from harvester import digest
from harvester.items import Page
from pipelines import Step
from storage import database


class DedupePipeline(Step):
    """Sets ``text``, ``text_sha256`` and ``id`` of the report. An id from the archive or a manifest goes before one found by text."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.database = database.shared(crawler.settings["HARVEST_DB"])

    def process_item(self, item: Page) -> Page:
        report, document = item.report, item.document
        if report and document:
            report.text = digest.clean_text(document, report.title)
            report.text_sha256 = digest.text_sha256(report.text)
        if report and report.text_sha256:
            report.id = item.report_id or self.database.find(report.text_sha256) or digest.report_id(report.text_sha256)
        return item
