"""While a run goes on: bars on a terminal. At its end: what it cost, and the run summary as a file."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.settings import BaseSettings
from scrapy.utils.asyncio import create_looping_call

from harvester.errors import StorageError
from harvester.summary import RunSummary
from storage.progress import File

EVERY = 0.5  # seconds between two looks at the counts


class ProgressBars:
    """Bars on stderr when ``HARVEST_PROGRESS`` is set: lists read, report pages read, what is new."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("HARVEST_PROGRESS"):
            raise NotConfigured
        self.crawler = crawler
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[told]}"),
            TimeElapsedColumn(),
        )
        self.bars = Progress(*columns, console=Console(file=sys.stderr), transient=True)
        self.tasks: list[TaskID] = []
        self.clock = create_looping_call(self.show)
        crawler.signals.connect(self.begin, signals.spider_opened)
        crawler.signals.connect(self.end, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def begin(self) -> None:
        """The bars appear."""
        self.tasks = [self.bars.add_task(name, total=None, told="") for name in ("portals", "reports")]
        self.bars.start()
        self.clock.start(EVERY)

    def show(self) -> None:
        """The counts of this moment."""
        tallies = list(summary_of(self.crawler).tallies())
        listed, left = sum(tally.listed for tally in tallies), sum(tally.pending for tally in tallies)
        told = {name: sum(len(getattr(tally, name)) for tally in tallies) for name in ("new", "changed", "unchanged")}
        open_lists = sum(tally.open_lists > 0 for tally in tallies)
        self.bars.update(self.tasks[0], total=len(tallies), completed=len(tallies) - open_lists)
        words = ", ".join(f"{count:,} {name}" for name, count in told.items() if count)
        self.bars.update(self.tasks[1], total=listed, completed=listed - left, told=words)

    def end(self) -> None:
        """The bars vanish: the closing summary says more."""
        if self.clock.running:
            self.clock.stop()
        self.bars.stop()


class ReplayBar:
    """A bar on stderr when ``HARVEST_PROGRESS`` is set: how much of the archive is read, how fast, how long it takes until its end."""

    def __init__(self, settings: BaseSettings, files: Iterable[File], summary: RunSummary) -> None:
        self.summary = summary
        columns = (
            TextColumn("archive"),
            BarColumn(),
            DownloadColumn(),
            TextColumn("{task.fields[told]}"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
        )
        shown = settings.getbool("HARVEST_PROGRESS")
        self.bar = Progress(*columns, console=Console(file=sys.stderr), transient=True, disable=not shown, speed_estimate_period=120)
        sizes = [(file.size, file.read_to) for file in files]
        self.task = self.bar.add_task("", total=sum(size for size, _ in sizes), completed=sum(read for _, read in sizes), told="")

    def __enter__(self) -> Self:
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def read(self, size: int) -> None:
        """So many more bytes of the archive are read."""
        pages = sum(tally.fetched for tally in self.summary.tallies())
        self.bar.update(self.task, advance=size, told=f"{pages:,} pages")


class Closing:
    """Measures the run into its summary and writes that to ``HARVEST_SUMMARY``."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.began = time.monotonic()
        self.requests = 0
        self.path = crawler.settings["HARVEST_SUMMARY"]
        # Scrapy's own count includes requests that a pause or a refusal kept from being sent.
        crawler.signals.connect(self.sent, signals.request_left_downloader)
        # Idle comes before the belt is closed, so that the database stores the cost too; closed comes in every case.
        crawler.signals.connect(self.measure, signals.spider_idle)
        crawler.signals.connect(self.closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def sent(self) -> None:
        """A request was sent, be it for a robots.txt, after a redirect or once more."""
        self.requests += 1

    def measure(self) -> None:
        """The cost of the run so far, into its summary."""
        received = self.crawler.stats.get_value("downloader/response_bytes", 0)
        summary_of(self.crawler).measure(time.monotonic() - self.began, self.requests, received)

    def closed(self, spider: Spider) -> None:
        """The run is over."""
        self.measure()
        if self.path:
            write_summary(Path(self.path), summary_of(self.crawler))


def write_summary(path: Path, summary: RunSummary) -> None:
    """The run summary as JSON. Raises ``StorageError`` when the file cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(summary.as_dict(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise StorageError(f"{path}: the summary cannot be written ({error.strerror}); name another file with --summary") from error


def summary_of(crawler: Crawler) -> RunSummary:
    """The summary the spider fills; an empty one for spiders that have none."""
    found: Any = getattr(crawler.spider, "summary", None)
    return found if isinstance(found, RunSummary) else RunSummary()
