"""The yardstick of the crawl: a bare spider with Scrapy's defaults that asks the same pages and keeps nothing but their size."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

from benchmarks.memory import peak_mb
from benchmarks.server import A_LIST_PAGE


class BareSpider(scrapy.Spider):
    """Asks every list page, follows every link."""

    name = "bare"
    url: str
    count: int

    async def start(self) -> AsyncIterator[Any]:
        for page in range(-(-self.count // A_LIST_PAGE)):
            yield scrapy.Request(self.url + (f"index_{page}.html" if page else ""))

    def parse(self, response: Response) -> Iterator[Any]:
        for href in response.css("li a::attr(href)").getall():
            yield response.follow(href, self.page)

    def page(self, response: Response) -> Iterator[Any]:
        yield {"url": response.url, "bytes": len(response.body)}


def main(url: str, count: int) -> None:
    """Prints seconds, pages and peak memory (MB) as JSON."""
    process = AsyncCrawlerProcess({"LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False})
    crawler = process.create_crawler(BareSpider)
    process.crawl(crawler, url=url, count=count)
    process.start()
    stats = crawler.stats.get_stats()
    seconds = (stats["finish_time"] - stats["start_time"]).total_seconds()
    print(json.dumps({"seconds": seconds, "pages": stats["item_scraped_count"], "peak_mb": peak_mb()}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
