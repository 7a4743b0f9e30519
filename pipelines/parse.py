"""Reads the figures of a report: out of its tables, by the form it is written on, and out of its sentences."""

from __future__ import annotations

from scrapy.crawler import Crawler

from harvester.items import Page
from pipelines import ReadingStep


class ParsePipeline(ReadingStep):
    """Sets ``form``, ``figures``, ``prose`` and ``issues`` of the report."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        from harvester import prose, tables  # their phrases take longer to load than fifty pages to read

        self._fill = tables.fill, prose.fill

    def process_item(self, item: Page) -> Page:
        if item.report and item.document and item.report.kind == "report":
            for fill in self._fill:
                fill(item.document, item.report)
        return item
