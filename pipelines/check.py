"""Holds a report's figures against the form's own arithmetic; of a recognised document only what this proves is believed."""

from __future__ import annotations

from harvester import checks, recognised
from harvester.items import Page
from pipelines import ReadingStep


class CheckPipeline(ReadingStep):
    """Sets ``checks`` and ``quality`` of the report, and puts recognised figures that nothing proves in doubt."""

    def process_item(self, item: Page) -> Page:
        if item.report and item.document and item.report.kind == "report":
            checks.check(item.report)
            recognised.weigh(item.document, item.report)
        return item
