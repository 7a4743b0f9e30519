"""Log lines that name a page instead of printing it, and a line for every page only when somebody wants to read that."""

from __future__ import annotations

import logging
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.logformatter import LogFormatter


class ShortLines(LogFormatter):
    """Scrapy prints an item whole where it is dropped, broken or scraped; ours carry a 90 KB body.

    ``every_page``: whether a line a request and one an item are wanted (``LOG_LEVEL=DEBUG``). Else they are not even made up, to be thrown
    away by the handlers.
    """

    def __init__(self, every_page: bool = True) -> None:
        self.every_page = every_page

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        level = crawler.settings["LOG_LEVEL"]
        return cls((level if isinstance(level, int) else logging.getLevelName(str(level))) <= logging.DEBUG)

    def crawled(self, *told: Any) -> Any:
        return super().crawled(*told) if self.every_page else None

    def scraped(self, item: Any, *rest: Any) -> Any:
        return super().scraped(_name(item), *rest) if self.every_page else None

    def dropped(self, item: Any, *rest: Any) -> Any:
        return super().dropped(_name(item), *rest)

    def item_error(self, item: Any, *rest: Any) -> Any:
        return super().item_error(_name(item), *rest)


def _name(item: Any) -> Any:
    return getattr(item, "url", item)
