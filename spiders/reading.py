"""The common part of the spiders that read what we have already: pages from a generator down the belt, problems into the summary."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Self

import scrapy
from scrapy.crawler import Crawler

from harvester.errors import HarvesterError, UsageError
from harvester.items import GONE, Page
from harvester.summary import RunSummary
from spiders import runs
from spiders.containers import OPENED, expanded

# Robots, retries and pauses are for the network; nothing is asked here.
OFFLINE = {"ROBOTSTXT_OBEY": False, "AUTOTHROTTLE_ENABLED": False}


class ReadingSpider(scrapy.Spider):
    """A spider without requests. Subclasses give ``pages()``; a problem with one page goes to ``problem`` and reading goes on."""

    custom_settings = OFFLINE
    summary: RunSummary

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.summary = runs.begin(crawler.settings)
        spider.summary.expects_reports = False
        return spider

    def pages(self) -> Iterator[Page]:
        """The pages to read, in order."""
        raise NotImplementedError

    def problem(self, line: str, portal_id: str = "") -> None:
        """Something could not be read: into the log and, as a failure, into the summary."""
        self.logger.error("%s", line)
        self.summary.portal(portal_id).fail(line)

    async def start(self) -> AsyncIterator[Any]:
        try:
            for whole in self.pages():
                whole.run_id = self.summary.run_id
                for page in expanded(whole):
                    if OPENED not in page.notes and page.status not in (304, *GONE):
                        self.count(page)
                    yield page
        except HarvesterError as error:
            self.problem(str(error))

    def count(self, page: Page) -> None:
        """A page that may be a report, in its portal's tally."""
        tally = self.summary.portal(page.portal_id)
        tally.listed += 1
        tally.fetched += 1


def paths_of(given: Any) -> list[Path]:
    """Paths from the command line of Scrapy (one string) or of ours (a list). Raises ``UsageError`` when there is none."""
    paths = [Path(given)] if isinstance(given, str) and given else [Path(path) for path in given or ()]
    missing = [str(path) for path in paths if not path.exists()]
    if missing or not paths:
        raise UsageError(f"{missing[0]}: no such file or folder" if missing else "name a file or folder to read: -a paths=PATH")
    return paths
