"""Says of a document whether it is an annual report, whose, of which year and from where."""

from __future__ import annotations

from scrapy.crawler import Crawler

from harvester.identity import identify
from harvester.items import Page
from harvester.regions import default
from pipelines import ReadingStep
from pipelines.context import context_of
from storage import database


class IdentifyPipeline(ReadingStep):
    """Sets ``page.report`` from the document and what the list and the registry say of the page."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.database = database.shared(crawler.settings["HARVEST_DB"])
        self.gazetteer = default(tuple(map(str, crawler.settings.getlist("HARVEST_REGION_FILES"))))

    def process_item(self, item: Page) -> Page:
        if item.document and not item.report:
            item.report = identify(item.document, context_of(item, self.database), self.gazetteer)
        return item
