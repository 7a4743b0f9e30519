"""Traps that portals set without meaning to: one crawl of all of them, what was asked for at each, and a witness nobody may ask."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from harvester import settings
from spiders.walk import MOST_PAGES
from storage.database import Database
from tests.storing import rows
from tests.test_portal_spider import Crawl, crawl, listing, report, told_report
from tests.webserver import Asked, Site, serving

REPORT = told_report(1, 2019)


def calendar(asked: Asked) -> Any:
    """A list beside a calendar whose every month leads to the next, and a search that finds the same rows for every day."""
    if asked.path.startswith("/r/"):
        return REPORT
    month = int(asked.path.partition("month=")[2] or 1)
    links = f'<table><a href="/list/?month={month + 1}">下一月</a><a href="/list/?day={month}">{month}日</a></table>'
    return listing(report(1, 2019), foot=links) if asked.path.startswith("/list/") else None


def endless(asked: Asked) -> Any:
    """A next page for ever, each with an entry of its own that is no report."""
    if asked.path.startswith("/r/"):
        return REPORT
    number = int(asked.path.partition("page=")[2] or 1)
    row = f"<li><a href=/nb/{number}.html>关于放假的通知{number}</a></li>"
    return listing(report(1, 2019), row, foot=f'<a href="/nb/?page={number + 1}">下一页</a>') if asked.path.startswith("/nb/") else None


def sessions(asked: Asked) -> Any:
    """Every link and every redirect carries the id of a session, another one each time."""
    ident = f";jsessionid={time.monotonic_ns():X}"
    if asked.path.startswith("/list/"):
        return listing(report(1, 2019).replace(".html", f".html{ident}"), report(2, 2020))
    if asked.path == "/r/2.html":
        return 302, {"Location": f"/r/2.html{ident}"}, b""
    return told_report(1 if asked.path.startswith("/r/1.html") else 2, 2019) if asked.path.startswith("/r/") else None


def loops(asked: Asked) -> Any:
    """A list whose reports lead to themselves, to each other, and to longer and longer addresses."""
    if asked.path == "/list/":
        return listing(report(1, 2019), report(2, 2020), report(3, 2021), report(4, 2022))
    there = {"/r/1.html": "/r/1.html", "/r/2.html": "/r/22.html", "/r/22.html": "/r/2.html"}.get(asked.path)
    if asked.path.startswith("/r/3"):
        there = asked.path + "?a"
    return (302, {"Location": there}, b"") if there else REPORT if asked.path == "/r/4.html" else None


def list_loop(asked: Asked) -> Any:
    return (302, {"Location": "/list/?x=1" if asked.path == "/list/" else "/list/"}, b"") if "/list/" in asked.path else None


def mislabelled(asked: Asked) -> Any:
    """GBK that says utf-8 in its header and in its head, and gzip that says nothing."""
    if asked.path == "/list/":
        return 200, {"Content-Type": "text/html; charset=iso-8859-1"}, listing(report(1, 2019), report(2, 2020)).encode("gbk")
    body = told_report(1 if "1" in asked.path else 2, 2019).replace("<head>", '<head><meta charset="utf-8">').encode("gbk")
    if asked.path == "/r/1.html":
        return 200, {"Content-Type": "text/html; charset=utf-8"}, body
    return (200, {"Content-Type": "text/html"}, gzip.compress(body)) if asked.path == "/r/2.html" else None


def blocked_later(asked: Asked) -> Any:
    """A block page with 200 and a soft 404 in place of reports."""
    pages = {
        "/list/": listing(report(1, 2019), report(2, 2020), report(3, 2021)),
        "/r/1.html": "<html><body>您的请求存在异常，访问被拦截</body></html>",
        "/r/2.html": "<html><h2>您访问的页面不存在或已删除</h2></html>",
        "/r/3.html": REPORT,
    }
    return pages.get(asked.path)


SITES = {
    "calendar": Site(calendar),
    "endless": Site(endless),
    "sessions": Site(sessions),
    "loops": Site(loops),
    "list_loop": Site(list_loop),
    "mislabelled": Site(mislabelled),
    "blocked_later": Site(blocked_later),
    "hijacked": Site(lambda asked: None),
}
WITNESS = Site(lambda asked: listing(report(1, 2019)) if asked.path == "/list/" else REPORT)


class Raw:
    """A server that breaks the rules of HTTP: it says what it has, sends a part of it, and hangs up or falls asleep."""

    def __init__(self, asleep: float) -> None:
        self.asleep = asleep
        self.paths: list[str] = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.base = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            path = connection.recv(65536).split(b" ")[1].decode()
            self.paths.append(path)
            whole = listing(report(1, 2019), report(2, 2020)).encode() if path == "/list/" else REPORT.encode()
            head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n"
            if path == "/robots.txt":
                connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            elif path == "/r/2.html":
                connection.sendall(head + b"Content-Length: %d\r\n\r\n" % len(whole) + whole[: len(whole) // 2])
                time.sleep(self.asleep)
            else:
                connection.sendall(head + b"Content-Length: %d\r\n\r\n" % len(whole) + whole)


@contextmanager
def raw(asleep: float) -> Iterator[Raw]:
    server = Raw(asleep)
    try:
        yield server
    finally:
        server.socket.close()


@dataclass
class Done:
    first: Crawl
    second: Crawl
    urls: dict[str, list[str]]
    titles: dict[str, list[str]]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Done]:
    folder = tmp_path_factory.mktemp("traps")
    with serving(*SITES.values(), WITNESS), raw(0) as cut, raw(9) as slow:
        away = f'<li><a href="{WITNESS.base}/r/1.html">某某局2020年政府信息公开工作年度报告</a></li>'
        alike = '<li><a href="http://www.qinglan.gov.cn.example.invalid/r/1.html">某某局2021年政府信息公开工作年度报告</a></li>'
        proxied = '<li><a href="http://x.store.invalid/index.php/http://www.gd.gov.cn/">某某局2022年政府信息公开工作年度报告</a></li>'
        SITES["hijacked"].answers = {
            "/list/": listing(report(1, 2019), report(2, 2020), report(3, 2021), away, alike, proxied),
            "/r/1.html": REPORT,
            "/r/2.html": (302, {"Location": f"{WITNESS.base}/r/1.html"}, b""),
            "/r/3.html": f'<html><script>window.location.href="{WITNESS.base}/r/1.html";</script></html>',
        }
        places = {name: site.base for name, site in SITES.items()} | {"cut": cut.base, "slow": slow.base}
        lines = [f"{name},,,{base}/{'nb/?page=1' if name == 'endless' else 'list/'},,," for name, base in places.items()]
        whole = {
            "ITEM_PIPELINES": json.dumps(settings.ITEM_PIPELINES),
            "HARVEST_DB": folder / "db",
            "HARVEST_ARCHIVE": folder / "archive",
            "DOWNLOAD_TIMEOUT": 2,
            "RETRY_TIMES": 0,
        }
        first = crawl(folder, lines, **whole)
        second = crawl(folder, lines, **whole)
        with Database(folder / "db") as database:
            kept = rows(database, "SELECT url FROM captures ORDER BY url")
            told = rows(database, "SELECT c.url, r.title FROM captures c JOIN reports r ON r.id = c.report_id ORDER BY c.url")
    urls = {name: [url.removeprefix(base) for (url,) in kept if url.startswith(base + "/")] for name, base in places.items()}
    titles = {name: [title for url, title in told if url.startswith(base + "/")] for name, base in places.items()}
    yield Done(first, second, urls, titles)


def test_a_calendar_is_no_list(done: Done) -> None:
    assert not [path for path in SITES["calendar"].paths if "day=" in path]
    assert len([path for path in SITES["calendar"].paths if "month=" in path]) <= 4
    assert (done.first.portals["calendar"]["outcome"], done.first.portals["calendar"]["fetched"]) == ("complete", 1)


def test_a_list_that_never_ends_is_left_and_told(done: Done) -> None:
    asked = [path for path in SITES["endless"].paths if path.startswith("/nb/?")]
    assert len(asked) <= 2 * (MOST_PAGES + 1)
    assert done.first.portals["endless"]["listed"] == 1


def test_ids_of_sessions_make_no_new_pages(done: Done) -> None:
    assert done.urls["sessions"] == ["/r/1.html", "/r/2.html"]
    told = done.second.portals["sessions"]
    assert (told["outcome"], told["new"], told["changed"], told["unchanged"], told["withdrawn"]) == ("complete", 0, 0, 2, 0)


def test_redirects_in_circles_end_and_are_told(done: Done) -> None:
    told = done.first.portals["loops"]
    assert (told["outcome"], told["listed"], told["fetched"]) == ("incomplete", 4, 1)
    assert "redirect" in told["reason"]
    assert len(SITES["loops"].paths) <= 2 * (4 + 3 * (settings.REDIRECT_MAX_TIMES + 1))
    assert done.first.portals["list_loop"]["outcome"] == "incomplete"


def test_wrong_charsets_and_unsaid_gzip_are_read_as_what_they_are(done: Done) -> None:
    told = done.first.portals["mislabelled"]
    assert (told["outcome"], told["listed"], told["fetched"]) == ("complete", 2, 2)
    assert done.titles["mislabelled"] == ["某某市教育局2019年政府信息公开工作年度报告"] * 2


def test_a_block_page_and_a_soft_404_are_no_reports(done: Done) -> None:
    told = done.first.portals["blocked_later"]
    assert (told["outcome"], told["listed"], told["fetched"]) == ("incomplete", 3, 1)
    assert done.urls["blocked_later"] == ["/r/3.html"]


@pytest.mark.parametrize(("name", "said"), [("cut", "middle of the answer"), ("slow", "no answer in time")])
def test_half_a_body_is_never_taken_for_a_page(done: Done, name: str, said: str) -> None:
    told = done.first.portals[name]
    assert (told["outcome"], told["listed"], told["fetched"]) == ("incomplete", 2, 1)
    assert said in told["reason"]
    assert done.urls[name] == ["/r/1.html"]


def test_nobody_off_the_list_is_asked(done: Done) -> None:
    assert (WITNESS.paths, WITNESS.robots_asked) == ([], 0)
    told = done.first.portals["hijacked"]
    assert (told["rejected"], told["listed"], told["fetched"]) == (3, 3, 1)
    assert "neither in the registry nor under gov.cn" in told["reason"]


def test_no_trap_withdraws_anything(done: Done) -> None:
    assert [name for name, portal in done.second.portals.items() if portal["withdrawn"]] == []
