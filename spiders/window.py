"""The hours in which portals may be asked: outside of them a run ends, tells so, and goes on at its next start."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, timezone
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Request
from scrapy.utils.defer import deferred_from_coro

from harvester.errors import UsageError
from spiders.politeness import empty
from spiders.progress import summary_of

CHINA = timezone(timedelta(hours=8))  # one time in the whole country, without summer time since 1991
HOURS = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*-\s*([01]?\d|2[0-4]):([0-5]\d)")
ENDED = "window"  # Scrapy's finish reason


class OutsideHours(IgnoreRequest):
    """Raised for a request outside the hours of ``HARVEST_WINDOW``."""


class Window:
    """Stops the run at the first request outside ``HARVEST_WINDOW``; that one and all that wait are not sent."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.told = crawler.settings["HARVEST_WINDOW"]
        if not self.told:
            raise NotConfigured
        self.hours = hours_of(self.told)
        self.over = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        if self.over or not is_within(self.hours, datetime.now(UTC)):
            error = OutsideHours(f"it is not between {self.told} in China (HARVEST_WINDOW)")
            self._end(error)
            raise error

    def _end(self, error: OutsideHours) -> None:
        engine = self.crawler.engine
        if self.over or not engine:
            return
        self.over = True
        for tally in summary_of(self.crawler).tallies():
            if tally.open_lists or tally.pending:
                tally.end("incomplete", f"{error}; the same command goes on from there")
        for name in list(engine.downloader.slots):
            empty(self.crawler, name, error)
        deferred_from_coro(engine.close_spider_async(reason=ENDED))


def hours_of(told: str) -> tuple[time, time]:
    """Begin and end of ``22:00-06:00``. Raises ``UsageError`` for anything else."""
    if not (found := HOURS.fullmatch(told.strip())):
        raise UsageError(f"HARVEST_WINDOW={told}: write the hours in China as 22:00-06:00")
    begin_hour, begin_minute, end_hour, end_minute = map(int, found.groups())
    return time(begin_hour, begin_minute), time(end_hour % 24, end_minute)


def is_within(hours: tuple[time, time], moment: datetime) -> bool:
    """Whether ``moment`` (aware) lies in these hours of the day in China; they may go over midnight, equal ones are the whole day."""
    begin, end = hours
    now = moment.astimezone(CHINA).time()
    return begin <= now < end if begin < end else now >= begin or now < end
