"""Pauses: what a server asks for (Crawl-delay, Retry-After), and what a refusal teaches us; the one place that touches download slots."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.pqueues import DownloaderAwarePriorityQueue, DownloaderInterface
from scrapy.spidermiddlewares.httperror import HttpError

from spiders.signatures import classify

log = logging.getLogger(__name__)

# The collectors before us agree: 15-35 s after a refusal, and no more of that host after several. In units of DOWNLOAD_DELAY.
BACK_OFF = 15
REFUSALS = 5
PATIENCE = 600  # seconds: who asks for more than that is asked again by the next run
# Scrapy 2.19 counts a request as being sent a moment after it let it go: without any delay a slot lets its whole queue go at once,
# whatever CONCURRENT_REQUESTS_PER_DOMAIN says (seen: 13 connections where 1 was allowed). This much keeps the limit, in seconds.
SOME = 0.0002


class HostRefuses(IgnoreRequest):
    """Raised for a request to a host that refused several times in a row, or asked for a longer pause than a run can wait."""


class Politeness:
    """Says in ``meta["answer"]`` what each answer is; waits after refusals, and leaves a host alone that goes on refusing."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.delay = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self.refusals: dict[str, int] = {}
        self.given_up: dict[str, str] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        slot = request.meta.get("download_slot", "")
        if slot in self.given_up:
            raise HostRefuses(self.given_up[slot])
        if self.crawler.engine and slot in self.crawler.engine.downloader.per_slot_settings:
            # AutoThrottle would halve a Crawl-delay with every quick answer.
            request.meta["autothrottle_dont_adjust_delay"] = True

    def process_response(self, request: Request, response: Response) -> Response:
        """Raises ``HttpError`` for a redirect that leads nowhere, which is no page."""
        if 300 <= response.status < 400 and response.status not in getattr(self.crawler.spider, "handle_httpstatus_list", ()):
            raise HttpError(response, f"HTTP {response.status}")
        answer = classify(response.status, response.body)
        request.meta["answer"] = answer
        slot = request.meta.get("download_slot", "")
        asked = retry_after(response) if response.status in (429, 503) else None
        if asked is not None and asked > PATIENCE:
            self.given_up[slot] = f"the portal asks to come back in {asked:.0f} s (Retry-After)"
            empty(self.crawler, slot, HostRefuses(self.given_up[slot]))
        elif asked is not None:
            pause(self.crawler, slot, asked)
        elif answer.outcome == "blocked" and not request.meta.get("dont_obey_robotstxt"):
            self._back_off(slot, answer.reason)
        elif answer.outcome == "page":
            self.refusals.pop(slot, None)
        return response

    def _back_off(self, slot: str, reason: str) -> None:
        count = self.refusals[slot] = self.refusals.get(slot, 0) + 1
        if count >= REFUSALS:
            self.given_up[slot] = f"{reason}, {count} times in a row"
            log.warning("%s is left alone for the rest of the run: %s", slot, self.given_up[slot])
            empty(self.crawler, slot, HostRefuses(self.given_up[slot]))
        else:
            pause(self.crawler, slot, BACK_OFF * count * self.delay)


class Pace:
    """Keeps the limit of connections a host, the delay as the host sees it, and a robots.txt's Crawl-delay that is longer than ours."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.own = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self.name = crawler.settings["ROBOTSTXT_USER_AGENT"] or crawler.settings["USER_AGENT"]
        crawler.signals.connect(self.begin, signals.spider_opened)
        crawler.signals.connect(self.read, signals.robots_parsed)
        crawler.signals.connect(self.sent, signals.response_downloaded)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def begin(self) -> None:
        """No slot is ever without a delay."""
        if self.crawler.engine:
            downloader = self.crawler.engine.downloader
            downloader._delay = max(downloader._delay, SOME)

    def sent(self, request: Request) -> None:
        """Scrapy counts the delay from the moment it let the request go. With hundreds of hosts its turn at the network can come tenths
        of a second later, and the next one would come so much too early."""
        slot = self.crawler.engine.downloader.slots.get(request.meta.get("download_slot", "")) if self.crawler.engine else None
        if slot:
            slot.lastseen = max(slot.lastseen, time.monotonic() - request.meta.get("download_latency", 0.0))

    def read(self, robotparser: Any, request: Request) -> None:
        """A robots.txt was read, for ``request``."""
        seconds = robotparser.crawl_delay(self.name)
        if seconds and seconds > self.own:
            slow_down(self.crawler, request.meta.get("download_slot", ""), seconds)


class Turns(DownloaderInterface):
    """The hosts whose turn it is: with fewer requests under way, waiting for their delay included, than twice what it takes at a time.

    Scrapy would take all that waits out of its queue, where reports go first, into that of the host: Ctrl-C then waits for all of them.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.most = 2 * crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")

    def stats(self, possible_slots: Iterable[str]) -> list[tuple[int, str]]:
        """Requests under way at each of the slots whose turn it is. Not Scrapy's count, which comes a moment after it let a request go."""
        under_way = Counter(request.meta.get("download_slot") for request in self.downloader.active)
        return [(under_way[slot], slot) for slot in possible_slots if under_way[slot] < self.most]


class HostQueues(DownloaderAwarePriorityQueue):
    """Scrapy's queue of each host, and none gives anything away before its turn."""

    def __init__(self, crawler: Crawler, *args: Any, **kwargs: Any) -> None:
        super().__init__(crawler, *args, **kwargs)
        self._downloader_interface = Turns(crawler)


def retry_after(response: Response) -> float | None:
    """Seconds that ``Retry-After`` asks for (a number or an HTTP date), None when it asks for nothing."""
    told = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if told.isdigit():
        return float(told)
    try:
        moment = parsedate_to_datetime(told)
    except (ValueError, TypeError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((moment - datetime.now(UTC)).total_seconds(), 0.0)


def pause(crawler: Crawler, name: str, seconds: float) -> None:
    """Nothing is sent to the slot ``name`` for ``seconds``."""
    slot = crawler.engine.downloader.slots.get(name) if crawler.engine else None
    if slot and seconds > 0:
        # Scrapy sends the next request a delay after ``lastseen``: moving that into the future is all a pause needs.
        slot.delay = max(slot.delay, SOME)
        slot.lastseen = max(slot.lastseen, time.monotonic() + seconds)


def empty(crawler: Crawler, name: str, error: Exception) -> None:
    """What waits in the slot ``name`` is not sent any more: it fails with ``error``."""
    slot = crawler.engine.downloader.slots.get(name) if crawler.engine else None
    while slot and slot.queue:
        _, waiting = slot.queue.popleft()
        waiting.errback(error)


def slow_down(crawler: Crawler, name: str, seconds: float) -> None:
    """At least ``seconds`` between two requests to the slot ``name``, from now on and whatever AutoThrottle measures."""
    if not crawler.engine:
        return
    downloader = crawler.engine.downloader
    downloader.per_slot_settings[name] = {"delay": seconds, "concurrency": 1, "jitter": 0.0}
    if slot := downloader.slots.get(name):
        slot.delay, slot.concurrency, slot.jitter = seconds, 1, 0.0
