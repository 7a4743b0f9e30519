"""The most requests that a discovery may send."""

from __future__ import annotations

from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request


class BudgetSpent(IgnoreRequest):
    """Raised for a request beyond the number allowed."""


class Budget:
    """Counts what goes to the network, redirects, repeats and robots.txt included, and lets no more through than ``HARVEST_REQUESTS``."""

    def __init__(self, most: int) -> None:
        self.left = most

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings.getint("HARVEST_REQUESTS"))

    def process_request(self, request: Request) -> None:
        if self.left <= 0:
            raise BudgetSpent("the number of requests allowed is spent")
        self.left -= 1
