"""The hours of ``HARVEST_WINDOW``: read, kept, and told when they end a run."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from harvester import settings
from harvester.errors import UsageError
from spiders.window import CHINA, hours_of, is_within
from tests.test_portal_spider import crawl, listing, report, told_report
from tests.webserver import Asked, Site, serving


@pytest.mark.parametrize(
    ("told", "hour", "minute", "within"),
    [
        ("22:00-06:00", 22, 0, True),
        ("22:00-06:00", 5, 59, True),
        ("22:00-06:00", 6, 0, False),
        ("22:00-06:00", 12, 0, False),
        ("9:30 - 17:00", 9, 29, False),
        ("9:30 - 17:00", 16, 59, True),
        ("20:00-24:00", 23, 59, True),
        ("20:00-24:00", 0, 0, False),
        ("08:00-08:00", 3, 0, True),
    ],
)
def test_hours_are_those_of_china(told: str, hour: int, minute: int, within: bool) -> None:
    assert is_within(hours_of(told), datetime(2026, 1, 1, hour, minute, tzinfo=CHINA).astimezone(UTC)) is within


@pytest.mark.parametrize("told", ["22-6", "25:00-06:00", "22:00", "22:60-06:00", "night"])
def test_other_hours_are_wrong_usage(told: str) -> None:
    with pytest.raises(UsageError, match="22:00-06:00"):
        hours_of(told)


def hours(begin: timedelta, end: timedelta) -> str:
    now = datetime.now(CHINA)
    return f"{now + begin:%H:%M}-{now + end:%H:%M}"


def test_outside_its_hours_a_run_asks_for_nothing_and_says_so(tmp_path: Path) -> None:
    site = Site({"/list/": listing(report(1))})
    with serving(site):
        shut = hours(timedelta(hours=2), timedelta(hours=4))
        told = crawl(tmp_path, [f"one,,,{site.base}/list/,,,"], HARVEST_WINDOW=shut).portals["one"]
    assert (site.paths, site.robots_asked) == ([], 0)
    assert told["outcome"] == "incomplete"
    assert shut in told["reason"]


def test_a_run_that_its_hours_ended_goes_on_at_the_next_start(tmp_path: Path) -> None:
    """The clock of the first run is turned forward by its own last list page."""
    pages: dict[str, Any] = {f"/r/{number}.html": told_report(number, 2010 + number) for number in range(1, 7)}
    pages["/list/"] = listing(*(report(number, 2010 + number) for number in range(1, 7)))
    clock = tmp_path / "clock.py"
    clock.write_text(
        "import spiders.window as window\n"
        "seen = []\n"
        "window.is_within = lambda hours, moment: seen.append(1) or len(seen) < 5\n"
        "from spiders.window import Window\n",
        "utf-8",
    )
    site = Site(lambda asked: answered(pages, asked))
    whole = {
        "ITEM_PIPELINES": json.dumps(settings.ITEM_PIPELINES),
        "HARVEST_DB": tmp_path / "db",
        "HARVEST_ARCHIVE": tmp_path / "archive",
        "HARVEST_WINDOW": "00:00-00:00",
    }
    ticking = {**settings.DOWNLOADER_MIDDLEWARES, "spiders.window.Window": None, "clock.Window": 40}
    with serving(site), pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(tmp_path))
        lines = [f"one,,,{site.base}/list/,,,"]
        first = crawl(tmp_path, lines, **whole, DOWNLOADER_MIDDLEWARES=json.dumps(ticking)).portals["one"]
        before = list(site.paths)
        second = crawl(tmp_path, lines, **whole).portals["one"]
    assert first["outcome"] == "incomplete"
    assert "HARVEST_WINDOW" in first["reason"]
    assert 1 < len(before) < 7
    assert second["outcome"] == "complete"
    assert sorted(site.paths) == sorted(pages), "each page once in both runs together"


def answered(pages: dict[str, Any], asked: Asked) -> Any:
    return pages.get(asked.path)
