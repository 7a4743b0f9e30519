"""Log lines that name a page instead of printing it."""

from __future__ import annotations

from typing import Any

from scrapy.logformatter import LogFormatter


class ShortLines(LogFormatter):
    """Scrapy prints an item whole where it is dropped, broken or scraped; ours carry a 90 KB body."""

    def scraped(self, item: Any, *rest: Any) -> Any:
        return super().scraped(_name(item), *rest)

    def dropped(self, item: Any, *rest: Any) -> Any:
        return super().dropped(_name(item), *rest)

    def item_error(self, item: Any, *rest: Any) -> Any:
        return super().item_error(_name(item), *rest)


def _name(item: Any) -> Any:
    return getattr(item, "url", item)
