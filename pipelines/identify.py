"""Says of a document whether it is an annual report, whose, of which year and from where."""

from __future__ import annotations

import re

from scrapy.crawler import Crawler

from harvester.identity import Context, identify
from harvester.items import Page
from harvester.regions import default
from pipelines import Step
from storage import database

CODE = re.compile(r"[0-9]{6}")  # anyone may have written the manifest that gave it


class IdentifyPipeline(Step):
    """Sets ``page.report`` from the document and what the list and the registry say of the page."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.database = database.shared(crawler.settings["HARVEST_DB"])
        self.gazetteer = default(tuple(map(str, crawler.settings.getlist("HARVEST_REGION_FILES"))))

    def process_item(self, item: Page) -> Page:
        if item.document and not item.report:
            item.report = identify(item.document, context_of(item, self.database), self.gazetteer)
        return item


def context_of(page: Page, known: database.Database) -> Context:
    """What the list and the registry say of a page."""
    name, region_code = known.portal(page.portal_id)
    return Context(
        url=page.url,
        link_text=page.link_text,
        listed_on=page.listed_on,
        region_code=region_code or (page.region_code if CODE.fullmatch(page.region_code) else ""),
        portal_name=name,
        source=page.url,
        carrier_title=page.carrier_title,
        carrier_source=page.carrier_source,
    )
