"""The steps of ``ITEM_PIPELINES`` in their order, for what is read from our own disk: nothing is fetched, so no engine has to run."""

from __future__ import annotations

import logging
from inspect import isawaitable
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.utils.conf import build_component_list
from scrapy.utils.misc import build_from_crawler, load_object
from twisted.python.failure import Failure

from harvester.items import Page

logger = logging.getLogger(__name__)


class Belt:
    """The belt of a crawler that has a spider and does not crawl. A page on which a step breaks is told to the steps, as in a crawl."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        names = build_component_list(crawler.settings.get_component_priority_dict_with_base("ITEM_PIPELINES"))
        self.steps = [build_from_crawler(load_object(name), crawler) for name in names]
        self._process = [step.process_item for step in self.steps]

    async def open(self) -> None:
        """The run begins."""
        await self._each("open_spider", self.steps)

    async def close(self) -> None:
        """The run is over. Raises the first error of a step when all were closed."""
        await self._each("close_spider", self.steps[::-1])

    async def give(self, page: Page) -> None:
        """One page to its end."""
        try:
            for process in self._process:
                done: Any = process(page)
                page = await done if isawaitable(done) else done
        except DropItem:
            return
        except Exception as error:  # noqa: BLE001 - the steps hear of it, the summary names the page
            self.fail(page, error)

    def fail(self, page: Page, error: Exception) -> None:
        """Reading or storing the page broke."""
        logger.error("%s: %r", page.url, error, exc_info=error)
        told = {"item": page, "response": None, "spider": self.crawler.spider, "failure": Failure(error)}  # type: ignore[no-untyped-call]
        self.crawler.signals.send_catch_log(signals.item_error, **told)

    async def _each(self, method: str, steps: list[Any]) -> None:
        errors = []
        for step in steps:
            try:
                done = getattr(step, method, lambda: None)()
                if isawaitable(done):
                    await done
            except Exception as error:
                logger.error("%s.%s: %r", type(step).__name__, method, error, exc_info=error)
                errors.append(error)
        if errors:
            raise errors[0]
