"""Manners towards hosts that refuse or ask for time: pauses that grow with the delay, an end to asking, Retry-After as a date."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from spiders.politeness import BACK_OFF, REFUSALS
from tests.test_portal_spider import PAGE, Crawl, crawl, listing, report
from tests.webserver import Asked, Site, serving

DELAY = 0.02
REFUSING = (403, 412, 429, 521)


def refusing(status: int) -> Any:
    return lambda asked: listing(*(report(n, 2000 + n) for n in range(10, 25))) if asked.path == "/list/" else status


def dated(status: int) -> Any:
    """Says once, by a date, to come back in a second or two."""
    seen: list[str] = []

    def answers(asked: Asked) -> Any:
        if asked.path == "/list/":
            return listing(report(1), report(2))
        if asked.path == "/robots.txt":
            return None
        seen.append(asked.path)
        moment = datetime.now(UTC) + timedelta(seconds=2)
        return (status, {"Retry-After": format_datetime(moment, usegmt=True)}, b"busy") if len(seen) == 1 else PAGE

    return answers


def slow(asked: Asked) -> Any:
    time.sleep(0.05 if asked.path.startswith("/r/") else 0)
    return listing(*(report(n) for n in range(9))) if asked.path == "/list/" else PAGE if "/r/" in asked.path else None


SITES = {
    **{f"refuses_{status}": Site(refusing(status)) for status in REFUSING},
    **{f"dated_{status}": Site(dated(status)) for status in (429, 503)},
}


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawl]:
    with serving(*SITES.values()):
        lines = [f"{name},,,{site.base}/list/,,," for name, site in SITES.items()]
        yield crawl(tmp_path_factory.mktemp("manners"), lines, DOWNLOAD_DELAY=DELAY, CONCURRENT_REQUESTS_PER_DOMAIN=3)


@pytest.mark.parametrize("status", REFUSING)
def test_pauses_after_refusals_grow_and_then_the_host_is_left_alone(done: Crawl, status: int) -> None:
    site = SITES[f"refuses_{status}"]
    refused = [one.at for one in site.asked if one.path != "/list/"]
    # Requests that were under way when the first refusal came are answered too: at most the allowed connections.
    assert REFUSALS <= len(refused) <= REFUSALS + 3
    pauses = [later - sooner for sooner, later in pairwise(refused)]
    assert sum(pauses) >= BACK_OFF * DELAY * 2
    assert max(pauses) >= BACK_OFF * DELAY * 2
    told = done.portals[f"refuses_{status}"]
    assert (told["outcome"], told["fetched"], told["listed"]) == ("blocked", 0, 15)


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_as_a_date_is_kept_and_the_page_is_read_then(done: Crawl, status: int) -> None:
    moments = [one.at for one in SITES[f"dated_{status}"].asked if one.path != "/list/"]
    first = moments[0]
    # The date has whole seconds: two seconds from now are at least one. Requests under way at that moment come within the delay.
    assert all(at - first < 0.6 or at - first >= 0.99 for at in moments)
    path = next(one.path for one in SITES[f"dated_{status}"].asked if one.path != "/list/")
    again = [one.at for one in SITES[f"dated_{status}"].asked if one.path == path][1:]
    assert again and again[0] - first >= 0.99, "the page that was busy, too"
    assert done.portals[f"dated_{status}"]["outcome"] == "complete"


def test_a_host_without_a_delay_that_refuses_costs_no_pause(tmp_path: Path) -> None:
    site = Site(refusing(403))
    with serving(site):
        crawl(tmp_path, [f"one,,,{site.base}/list/,,,"])
    assert site.asked[-1].at - site.asked[0].at < 2


def test_no_more_connections_to_a_host_than_allowed(tmp_path: Path) -> None:
    at_once, most = [0], [0]

    def counted(asked: Asked) -> Any:
        at_once[0] += 1
        most[0] = max(most[0], at_once[0])
        try:
            return slow(asked)
        finally:
            at_once[0] -= 1

    site = Site(counted)
    with serving(site):
        crawl(tmp_path, [f"one,,,{site.base}/list/,,,"], CONCURRENT_REQUESTS_PER_DOMAIN=2)
    assert most[0] == 2
