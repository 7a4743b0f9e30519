"""Several discoveries in one process, for tests: home pages as arguments, what was found as one JSON object by home page."""

from __future__ import annotations

import json
import sys

from scrapy.crawler import AsyncCrawlerProcess

from spiders.launch import settings_for

QUICK = ("DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=False", "RETRY_ENABLED=False", "HARVEST_CONTACT=tests", "DOWNLOAD_TIMEOUT=5")
OURS = {"HARVEST_DB": "", "HARVEST_ARCHIVE": "", "HARVEST_PORTALS": "", "LOG_LEVEL": "CRITICAL"}


def main(homes: list[str]) -> None:
    process = AsyncCrawlerProcess(settings_for(OURS, QUICK))
    crawlers = [process.create_crawler("discover") for _ in homes]
    for crawler, home in zip(crawlers, homes, strict=True):
        process.crawl(crawler, home=home)
    process.start()
    json.dump({home: crawler.spider.discovery.as_json() for crawler, home in zip(crawlers, homes, strict=True)}, sys.stdout)  # type: ignore[union-attr]


if __name__ == "__main__":
    main(sys.argv[1:])
