"""Holds a report's figures against the form's own arithmetic."""

from __future__ import annotations

from harvester import checks
from harvester.items import Page
from pipelines import Step


class CheckPipeline(Step):
    """Sets ``checks`` and ``quality`` of the report."""

    def process_item(self, item: Page) -> Page:
        if item.report and item.document and item.report.kind == "report":
            checks.check(item.report)
        return item
