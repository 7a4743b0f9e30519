"""Reads the figures of a report: out of its tables, by the form it is written on, and out of its sentences."""

from __future__ import annotations

from harvester import prose, tables
from harvester.items import Page
from pipelines import Step


class ParsePipeline(Step):
    """Sets ``form``, ``figures``, ``prose`` and ``issues`` of the report."""

    def process_item(self, item: Page) -> Page:
        if item.report and item.document and item.report.kind == "report":
            tables.fill(item.document, item.report)
            prose.fill(item.document, item.report)
        return item
