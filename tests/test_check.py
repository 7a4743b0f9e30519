"""``harvester portals check``: what it tells of each list, how much it asks, and that it stays polite and within its bounds."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

from conftest import run_harvester

from tests.webserver import Asked, Site, serving

HEADER = "portal_id,name,region_code,list_url,family,min_reports,note\n"
FAST = ("-s", "AUTOTHROTTLE_ENABLED=False", "-s", "RETRY_ENABLED=False", "-s", "HARVEST_CONTACT=here", "-s", "DOWNLOAD_TIMEOUT=5")
PAD = "<!-- -->" * 900


def listing(count: int) -> str:
    rows = "".join(f'<li><a href="/r/{number}.html">某局20{number + 10}年政府信息公开工作年度报告</a></li>' for number in range(count))
    return f"<html><title>政府信息公开年报</title><ul>{rows}</ul>{PAD}</html>"


def checked(tmp_path: Path, sites: dict[str, Site], *arguments: str) -> tuple[int, dict[str, list[str]], str]:
    """Exit status, portal -> the words of its line, everything told."""
    lines = [f"{name},{name},,{site.base}/list/,,," for name, site in sites.items()]
    (tmp_path / "mine.csv").write_text(HEADER + "\n".join(lines) + "\n", "utf-8")
    told = run_harvester("portals", "check", "--portals", "mine.csv", *FAST, *arguments, cwd=tmp_path)
    assert "Traceback" not in told.stderr
    rows = {line.split()[0]: line.split() for line in told.stdout.splitlines() if line.strip()}
    return told.returncode, rows, told.stdout + told.stderr


def test_each_list_is_told_as_what_it_is(tmp_path: Path) -> None:
    shell = '<html><script>window.location.href="/list/2.html";</script></html>'
    sites = {
        "good": Site({"/list/": listing(7)}),
        "shell": Site({"/list/": shell, "/list/2.html": listing(3)}),
        "cleared": Site({"/list/": listing(0)}),
        "refuses": Site(lambda asked: None if asked.path == "/robots.txt" else 403),
        "forbids": Site({"/robots.txt": "User-agent: *\nDisallow: /\n", "/list/": listing(3)}),
        "moved": Site({"/other/": listing(3)}),
        "leads-away": Site(lambda asked: (302, {"Location": "http://example.org/"}, b"") if asked.path == "/list/" else None),
    }
    with serving(*sites.values()):
        status, rows, told = checked(tmp_path, sites, "-s", "DOWNLOAD_DELAY=0")
    assert status == 1
    assert rows["good"][1:5] == ["answers", "generic", "7", "7"]
    assert rows["shell"][1:4] == ["answers", "generic", "3"]
    outcomes = {"cleared": "empty", "refuses": "blocked", "forbids": "blocked", "moved": "incomplete", "leads-away": "incomplete"}
    assert {name: rows[name][1] for name in outcomes} == outcomes
    assert "2 of 7 lists answer" in told
    assert max(len(site.asked) for site in sites.values()) <= 2, "a list, and what it leads to"
    assert sites["forbids"].asked == []
    assert not (tmp_path / "data").exists(), "nothing is kept"


class Busy:
    """A host that takes its time, and the most connections that all of its kind had at once, and that each had."""

    total = most = 0
    lock = threading.Lock()

    def __init__(self) -> None:
        self.own = self.own_most = 0
        self.times: list[float] = []
        self.site = Site(self.answer)

    def answer(self, asked: Asked) -> Any:
        if asked.path == "/robots.txt":
            return None
        with Busy.lock:
            self.times.append(asked.at)
            self.own, Busy.total = self.own + 1, Busy.total + 1
            self.own_most, Busy.most = max(self.own_most, self.own), max(Busy.most, Busy.total)
        time.sleep(0.4)
        with Busy.lock:
            self.own, Busy.total = self.own - 1, Busy.total - 1
        return listing(2)


def test_many_hosts_at_once_and_one_request_at_a_time_to_each(tmp_path: Path) -> None:
    hosts = [Busy() for _ in range(6)]
    with serving(*(host.site for host in hosts)):
        lines = [f"p{number}-{column},x,,{host.site.base}/list/{column},,," for number, host in enumerate(hosts) for column in range(3)]
        (tmp_path / "mine.csv").write_text(HEADER + "\n".join(lines) + "\n", "utf-8")
        told = run_harvester("portals", "check", "--portals", "mine.csv", *FAST, "-s", "DOWNLOAD_DELAY=0.6", cwd=tmp_path)
    assert told.returncode == 0, told.stdout
    assert {host.own_most for host in hosts} == {1}
    assert Busy.most >= 4, "a slow host holds up nobody else"
    gaps = [later - earlier for host in hosts for earlier, later in zip(host.times, host.times[1:], strict=False)]
    assert min(gaps) >= 0.25, "half of DOWNLOAD_DELAY, the least that its jitter leaves"


def test_the_time_is_bounded_and_what_was_not_asked_is_told(tmp_path: Path) -> None:
    slow = Busy()
    with serving(slow.site):
        lines = [f"p{column:02},x,,{slow.site.base}/list/{column},,," for column in range(12)]
        (tmp_path / "mine.csv").write_text(HEADER + "\n".join(lines) + "\n", "utf-8")
        began = time.monotonic()
        told = run_harvester(
            "portals", "check", "--portals", "mine.csv", *FAST, "-s", "DOWNLOAD_DELAY=1", "-s", "CLOSESPIDER_TIMEOUT=2", cwd=tmp_path
        )
    assert told.returncode == 1
    assert "the time was up before its turn" in told.stdout
    assert len(slow.times) < 12
    assert time.monotonic() - began < 20
