"""Many portals at once: each at its own pace and none at another's cost; the whole of 500 is measured in ``make proof``."""

from __future__ import annotations

import resource
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from scrapy.resolver import CachingThreadedResolver

from benchmarks import hosts
from spiders import transport
from tests.test_portal_spider import PAGE, crawl, listing, report
from tests.webserver import Site, serving

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only on Linux is all of 127.0.0.0/8 this machine")
COUNT, REPORTS, DELAY = 100, 4, 0.8


@pytest.fixture(scope="module")
def measured() -> dict[str, Any]:
    return hosts.measure(COUNT, REPORTS, DELAY)


@pytest.mark.proof  # a pace is measured: other programs on the machine make it uneven
def test_no_host_is_asked_too_soon_or_twice_at_a_time(measured: dict[str, Any]) -> None:
    assert measured["polite"], measured
    assert measured["requests"] == COUNT * (REPORTS + 2), "robots.txt, the list and its reports, each once"


@pytest.mark.proof  # a pace is measured: other programs on the machine make it uneven
def test_hosts_do_not_wait_for_each_other(measured: dict[str, Any]) -> None:
    """32 at a time, each of which mostly waits for its own delay, came to a third."""
    assert measured["complete"] == measured["hosts"] == COUNT
    assert measured["new"] == COUNT * REPORTS
    assert measured["share_of_allowed"] > 0.45, measured


class Half(CachingThreadedResolver):
    """Names under live.gov.cn are here; every other one says nothing for a while, as a dead name server does."""

    def install_on_reactor(self) -> None:
        super().install_on_reactor()
        socket.gethostbyname = looked_up  # type: ignore[assignment]


def looked_up(name: str) -> str:
    if name.endswith("live.gov.cn"):
        return "127.0.0.1"
    time.sleep(3)
    raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


def test_dead_names_hold_up_nobody_else(tmp_path: Path) -> None:
    site = Site(lambda asked: listing(report(1)) if asked.path == "/list/" else PAGE if asked.path == "/r/1.html" else None)
    began = time.monotonic()
    with serving(site):
        port = site.base.rpartition(":")[2]
        dead = [f"dead{number},,,http://www.dead{number}.gov.cn:{port}/list/,,," for number in range(40)]
        lines = [*dead, f"alive,,,http://www.live.gov.cn:{port}/list/,,,"]
        done = crawl(tmp_path, lines, TWISTED_DNS_RESOLVER="tests.test_hosts.Half", RETRY_ENABLED=False, ROBOTSTXT_OBEY=False)
    assert done.portals["alive"]["outcome"] == "complete"
    assert {done.portals[f"dead{number}"]["outcome"] for number in range(40)} == {"unreachable"}
    assert site.asked[-1].at - began < 11, "40 names at ten a time and three seconds each would be twelve"


def test_a_crawl_holds_more_connections_than_a_shell_allows_at_first() -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    code = "import resource; from spiders import transport; transport.make_room(); print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])"
    told = subprocess.run(["sh", "-c", f"ulimit -Sn 256; {sys.executable} -c '{code}'"], capture_output=True, text=True, check=True)
    assert int(told.stdout) == (transport.MOST_OPEN if hard == resource.RLIM_INFINITY else min(hard, transport.MOST_OPEN))
