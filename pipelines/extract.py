"""Reads the bytes of a page into a document, once."""

from __future__ import annotations

from harvester import readers
from harvester.errors import Unreadable
from harvester.items import Page, Report
from pipelines import ReadingStep


class ExtractPipeline(ReadingStep):
    """Sets ``page.document``, or a report of kind ``unreadable`` with the reason; neither when the page was read elsewhere."""

    def process_item(self, item: Page) -> Page:
        if item.report:
            return item
        try:
            item.document = readers.read(item.body, item.content_type, item.url)
        except Unreadable as error:
            item.report = Report(source=item.url, kind="unreadable", reason=str(error))
        return item
