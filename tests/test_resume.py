"""Killed with ``kill -9`` anywhere and started again: nothing lost or twice, no finished list page and no stored report asked for again."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from storage import archive
from tests.conftest import ROOT
from tests.test_portal_spider import FAST, HEADER, listing, report, told_report, trs
from tests.webserver import Asked, Site, serving

PAGES, EACH = 5, 4
LISTS = ["/list/", *(f"/list/index_{number}.html" for number in range(1, PAGES))]


@dataclass
class Doomed:
    """A portal of ``PAGES`` list pages with ``EACH`` reports; one report a page carries a file. Kills the crawler at a request."""

    validators: bool = True
    victim: subprocess.Popen[bytes] | None = None
    fatal: int = 0
    count: int = 0
    pages: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for page, path in enumerate(LISTS):
            numbers = range(page * EACH, (page + 1) * EACH)
            self.pages[path] = listing(*(report(n, 2001 + n) for n in numbers), foot=trs(PAGES, page))
            for n in numbers:
                file = f'<a href="/f/{n}.doc">附件：某某市教育局{2001 + n}年政府信息公开工作年度报告.doc</a>' if n % EACH == 1 else ""
                self.pages[f"/r/{n}.html"] = told_report(n, 2001 + n).replace("</body>", f"{file}</body>")
                if file:
                    self.pages[f"/f/{n}.doc"] = told_report(n, 2001 + n).replace("</body>", "<p>Word</p></body>")

    def __call__(self, asked: Asked) -> Any:
        self.count += asked.path != "/robots.txt"
        if self.victim and 0 < self.fatal <= self.count:
            os.kill(self.victim.pid, signal.SIGKILL)
        page = self.pages.get(asked.path)
        if page is None:
            return None
        tag = f'"{sum(page.encode())}"'
        if self.validators and asked.headers.get("if-none-match") == tag and "/list/" not in asked.path:
            return 304, {"ETag": tag}, b""
        kind = "application/msword" if asked.path.endswith(".doc") else "text/html; charset=utf-8"
        return 200, {"Content-Type": kind, **({"ETag": tag} if self.validators else {})}, page.encode()


def start(folder: Path, base: str, *settings: str) -> subprocess.Popen[bytes]:
    (folder / "portals.csv").write_text(f"{HEADER}\none,,,{base}/list/,,,\n", "utf-8")
    given = {**FAST, "HARVEST_CONTACT": "mailto:desk@example.org"}
    told = [*settings, *(f"{name}={value}" for name, value in given.items())]
    pairs = [part for setting in told for part in ("-s", setting)]
    command = [sys.executable, "-m", "harvester", "crawl", "--portals", "portals.csv", "--summary", "s.json", *pairs]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SCRAPY_")} | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def crawl(folder: Path, site: Site, doomed: Doomed, fatal: int = 0) -> bool:
    """One run, killed at its request number ``fatal`` (never for 0); whether it came to its end."""
    doomed.count, doomed.fatal = 0, fatal
    doomed.victim = start(folder, site.base)
    status = doomed.victim.wait(timeout=120)
    assert status in (0, -signal.SIGKILL), (folder / "data" / "harvest.log").read_text("utf-8")[-3000:]
    return status == 0


QUERIES = (
    "SELECT id, title, year, url, text_sha256, superseded_by, withdrawn_on FROM reports ORDER BY id",
    "SELECT url, body_sha256, report_id, carrier FROM captures ORDER BY url, body_sha256",
    "SELECT report_id, table_key, row_key, column_key, value, status FROM figures ORDER BY 1, 2, 3, 4",
    'SELECT url, report_id, code, "where", message FROM issues ORDER BY 1, 2, 3, 4',
)


def ledger(folder: Path) -> list[list[Any]]:
    connection = sqlite3.connect(folder / "data" / "harvest.db")
    try:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("SELECT count(*) FROM list_page").fetchone() == (0,), "what a finished run needs no more"
        return [connection.execute(query).fetchall() for query in QUERIES]
    finally:
        connection.close()


def finished_lists(folder: Path) -> int:
    """How many list pages the killed run had finished, as its database says."""
    path = folder / "data" / "harvest.db"
    if not path.exists():
        return 0
    connection = sqlite3.connect(path)
    try:
        return int(connection.execute("SELECT count(*) FROM list_page").fetchone()[0])
    except sqlite3.OperationalError:  # killed before the database was made
        return 0
    finally:
        connection.close()


def led_on(path: str, asked: list[str]) -> bool:
    """Whether a list page was asked for and then something that stands on it: a report of its own, or the next page."""
    page = LISTS.index(path)
    rows = {f"/r/{number}.html" for number in range(page * EACH, (page + 1) * EACH)} | set(LISTS[page + 1 : page + 2])
    return path in asked and not rows.isdisjoint(asked)


def stored_reports(folder: Path) -> set[str]:
    """Paths of the reports without files that lie whole in the killed run's archive; a page with files is looked at again for those."""
    if not (folder / "data" / "archive").is_dir():
        return set()
    paths = {"/" + page.url.split("/", 3)[3] for page in archive.pages(folder / "data" / "archive", [])}
    return {path for path in paths if path.startswith("/r/") and int(path[3:].removesuffix(".html")) % EACH != 1}


def killed_and_resumed(folder: Path, seed: int, kills: int, expected: list[list[Any]], site: Site, doomed: Doomed) -> int:
    """Runs killed ``kills`` times at requests drawn by ``seed``, then one to the end; returns how many kills there were."""
    folder.mkdir()
    draw, done, before, stored, finished = random.Random(seed), 0, set[str](), set[str](), False
    for _ in range(kills):
        site.asked.clear()
        finished = crawl(folder, site, doomed, draw.randint(1, 18))
        lists = {path for path in site.paths if path in LISTS}
        assert not lists & before, f"seed {seed}: a finished list page was asked for again"
        assert not stored & set(site.paths), f"seed {seed}: a stored report was asked for again"
        done, stored = done + (not finished), stored_reports(folder)
        before |= {path for path in LISTS if led_on(path, site.paths)}
        if finished:
            break
        assert finished_lists(folder) >= len(before)
    if not finished:
        site.asked.clear()
        assert crawl(folder, site, doomed)
        assert not before & set(site.paths), f"seed {seed}: a finished list page was asked for again"
        assert not stored & set(site.paths), f"seed {seed}: a stored report was asked for again"
    assert max(Counter(site.paths).values(), default=1) == 1
    assert ledger(folder) == expected, f"seed {seed}"
    problems: list[str] = []
    bodies = {page.url for page in archive.pages(folder / "data" / "archive", problems)}
    assert (problems, len(bodies)) == ([], PAGES * (EACH + 1))
    assert not list((folder / "data" / "archive").glob("*.open"))
    return done


def served(tmp_path: Path, kills: int, seeds: range, validators: bool) -> int:
    doomed = Doomed(validators)
    site = Site(doomed)
    with serving(site):
        (tmp_path / "whole").mkdir()
        assert crawl(tmp_path / "whole", site, doomed)
        expected = ledger(tmp_path / "whole")
        assert len(expected[0]) == PAGES * EACH
        return sum(killed_and_resumed(tmp_path / str(seed), seed, kills, expected, site, doomed) for seed in seeds)


def test_killed_three_times_a_crawl_goes_on_where_it_was(tmp_path: Path) -> None:
    assert served(tmp_path, 3, range(7, 8), validators=False) == 3
