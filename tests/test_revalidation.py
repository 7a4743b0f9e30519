"""Asked again: each address with its own validators, pages that carry files too; nothing is sent twice, no 304 believed unasked."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from harvester import settings
from storage.database import Database
from tests.storing import rows
from tests.test_portal_spider import Crawl, crawl, listing, report, told_report
from tests.webserver import Asked, Site, serving

TITLE = "某某市教育局2020年政府信息公开工作年度报告"
CARRIER = f"<html><h1>{TITLE}</h1><p>详见附件。</p><a href='/f/2.doc'>附件：{TITLE}.doc</a></html>"


class Portal:
    """A report, one that is a file on its page, one behind a redirect; ``tag`` is in every ETag, ``answers`` counts (status, path)."""

    def __init__(self) -> None:
        self.pages = {
            "/r/1.html": told_report(1, 2019),
            "/r/2.html": CARRIER,
            "/f/2.doc": told_report(2, 2020),
            "/moved/3.html": told_report(3, 2021),
        }
        self.tag, self.always_304 = "a", False
        self.answers: Counter[tuple[int, str]] = Counter()
        self.site = Site(self.answer)

    def answer(self, asked: Asked) -> Any:
        found = self.found(asked)
        self.answers[found[0] if isinstance(found, tuple) else 200, asked.path] += 1
        return found

    def found(self, asked: Asked) -> Any:
        if asked.path == "/list/":
            return listing(*(report(n, 2018 + n) for n in (1, 2, 3)))
        if asked.path == "/r/3.html":
            return 301, {"Location": "/moved/3.html"}, b""
        if asked.path not in self.pages:
            return 404, {}, b""
        tag = f'"{self.tag}{sum(self.pages[asked.path].encode())}"'
        if self.always_304 or asked.headers.get("if-none-match") == tag:
            return 304, {"ETag": tag}, b""
        kind = "application/msword" if asked.path.endswith(".doc") else "text/html; charset=utf-8"
        return 200, {"ETag": tag, "Content-Type": kind}, self.pages[asked.path].encode()


def crawled(portal: Portal, folder: Path) -> Crawl:
    portal.answers.clear()
    whole = {"ITEM_PIPELINES": json.dumps(settings.ITEM_PIPELINES), "HARVEST_DB": folder / "db", "HARVEST_ARCHIVE": folder / "archive"}
    return crawl(folder, [f"one,,,{portal.site.base}/list/,,,"], **whole)


def week(portal: Portal, folder: Path) -> tuple[Crawl, dict[str, int]]:
    """A crawl, and the status of each page but the list."""
    told = crawled(portal, folder)
    assert max(portal.answers.values()) == 1
    return told, {path: status for (status, path) in portal.answers if path not in ("/list/", "/robots.txt")}


def counts(told: Crawl) -> list[Any]:
    return [told.portals["one"][name] for name in ("outcome", "new", "changed", "unchanged", "withdrawn")]


def test_what_did_not_change_is_never_sent_twice(tmp_path: Path) -> None:
    portal = Portal()
    with serving(portal.site):
        first, sent = week(portal, tmp_path)
        assert (counts(first), set(sent.values())) == (["complete", 3, 0, 0, 0], {200, 301})
        again, sent = week(portal, tmp_path)
        assert (counts(again), sent) == (
            ["complete", 0, 0, 3, 0],
            {"/r/1.html": 304, "/r/2.html": 304, "/f/2.doc": 304, "/r/3.html": 301, "/moved/3.html": 304},
        )
        portal.pages["/f/2.doc"] = told_report(22, 2020)
        revised, sent = week(portal, tmp_path)
        assert (counts(revised), sent["/r/2.html"], sent["/f/2.doc"]) == (["complete", 0, 1, 2, 0], 304, 200)
        portal.tag = "b"  # another server: the same bytes under other tags
        assert set(week(portal, tmp_path)[1].values()) == {200, 301}
        other, sent = week(portal, tmp_path)
        assert (counts(other), set(sent.values())) == (["complete", 0, 0, 3, 0], {304, 301})
    with Database(tmp_path / "db") as database:
        assert rows(database, "SELECT count(*), count(DISTINCT body_sha256) FROM captures") == [(5, 5)]


def test_what_the_archive_lost_is_asked_for_whole(tmp_path: Path) -> None:
    portal = Portal()
    with serving(portal.site):
        week(portal, tmp_path)
        shutil.rmtree(tmp_path / "archive")
        told = crawled(portal, tmp_path)
    assert counts(told) == ["complete", 0, 0, 3, 0]
    assert {status for status, path in portal.answers if path == "/r/2.html"} == {304, 200}


@pytest.mark.parametrize("known", [False, True])
def test_a_304_that_nobody_asked_for_is_a_failure(tmp_path: Path, known: bool) -> None:
    portal = Portal()
    with serving(portal.site):
        if known:
            week(portal, tmp_path)
            shutil.rmtree(tmp_path / "archive")
        portal.always_304 = True
        told = crawled(portal, tmp_path)
    assert told.portals["one"]["outcome"] == "incomplete"
    assert "HTTP 304 although the whole page was asked for" in told.portals["one"]["reason"]
