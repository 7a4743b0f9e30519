"""A year in fast motion: what each week's run tells is what the world knows to be true, and the archive tells all of it again."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from storage.database import Database
from tests.changing import Changing, Entry, Told
from tests.conftest import ROOT, run_harvester
from tests.storing import dump
from tests.test_portal_spider import HEADER
from tests.webserver import serving

FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False", "-s", "HARVEST_CONTACT=here", "-s", "RETRY_ENABLED=False")
# The command on another day: the clock of every room that looks at one is set forward.
ANOTHER_DAY = """
import datetime, sys, time
from harvester.commands import run
from spiders import resume, runs
from storage import archive
days = datetime.timedelta(int(sys.argv.pop(1)))
class Day(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.datetime.now(tz) + days
for room in (run, resume, runs, archive):
    room.datetime = Day
archive._now = runs.now
from harvester.cli import main
main()
"""
ATOM = "{http://www.w3.org/2005/Atom}"
SHOWN = """SELECT r.title, r.withdrawn_on, r.last_seen, (SELECT count(*) FROM reports o WHERE o.title = r.title) FROM reports r
    WHERE r.superseded_by IS NULL"""


class Year:
    """Portals, a folder with a harvest of them, and the weeks that went by."""

    def __init__(self, folder: Path, seed: int, portals: int, rate: float) -> None:
        self.folder, self.week, self.happened = folder, 0, Counter[str]()
        self.portals = [Changing(f"p{number}", number, random.Random(f"{seed} {number}"), rate) for number in range(portals)]
        self.published = Counter[str]()

    def day(self, week: int) -> str:
        """The day on which the run of a week takes place."""
        return datetime.fromtimestamp(datetime.now(UTC).timestamp() + 7 * 86_400 * week, UTC).strftime("%Y-%m-%d")

    def pass_a_week(self) -> None:
        """The world changes, a run takes place, and everything it tells is held against the truth."""
        self.week += 1
        for portal in self.portals:
            portal.step()
            self.happened.update(portal.happened)
        report = self.run()
        truth = {portal.name: portal.truth() for portal in self.portals}
        told = {line["portal_id"]: line for line in report["portals"]}
        where = f"week {self.week}: { {portal.name: portal.happened for portal in self.portals} }"
        for name, line in told.items():
            counts = [line[kind] for kind in ("new", "changed", "unchanged", "withdrawn")]
            true = truth[name]
            assert counts == [len(true.new), len(true.changed), true.unchanged, len(true.withdrawn)], f"{name}, {where}: {line['reason']}"
        self.holds_news(report, truth, where)
        self.holds_feed(report, truth, where)
        self.holds_ledger(where)

    def run(self) -> dict[str, Any]:
        lines = [f"{portal.name},,,{portal.site.base}/list/,trs,0," for portal in self.portals]
        (self.folder / "mine.csv").write_text("\n".join([HEADER, *lines]), "utf-8")
        command = [sys.executable, "-c", ANOTHER_DAY, str(7 * self.week), "run", "--portals", "mine.csv", *FAST]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SCRAPY_")} | {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode in (0, 1), done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        report: dict[str, Any] = json.loads((self.folder / "data/runs/latest.json").read_text("utf-8"))
        assert report["started"][:10] == self.day(self.week)
        self.published[report["publication"]["outcome"]] += 1
        return report

    def holds_news(self, report: dict[str, Any], truth: dict[str, Told], where: str) -> None:
        """The news of the run report name the reports that the world changed."""
        for kind in ("new", "changed", "withdrawn"):
            told = {(one["portal_id"], one["title"]) for one in report["news"][kind]["reports"]}
            assert told == {(name, title) for name, true in truth.items() for title in getattr(true, kind)}, f"{kind}, {where}"

    def holds_feed(self, report: dict[str, Any], truth: dict[str, Told], where: str) -> None:
        """The Atom feed has an entry for each new and changed report of the week."""
        entries = ElementTree.parse(self.folder / "data/runs/feed.xml").getroot().findall(f"{ATOM}entry")
        latest = [entry for entry in entries if (entry.findtext(f"{ATOM}updated") or "") >= report["started"]]
        for kind in ("new", "changed"):
            of_kind = [entry for entry in latest if entry.find(f"{ATOM}category").get("term") == kind]  # type: ignore[union-attr]
            titles = sorted(entry.findtext(f"{ATOM}title") or "" for entry in of_kind)
            assert titles == sorted(title for true in truth.values() for title in getattr(true, kind)), f"feed, {kind}, {where}"

    def holds_ledger(self, where: str) -> None:
        """Every report the world showed, once, with all its versions, the day it was last seen and the day it was withdrawn."""
        with closing(sqlite3.connect(self.folder / "data/harvest.db")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            rows = connection.execute(SHOWN).fetchall()
        found = {title: (day_of(withdrawn), day_of(seen), versions) for title, withdrawn, seen, versions in rows}
        assert len(found) == len(rows), f"a report stands twice, {where}"
        assert found == dict(self.true_ledger()), where

    def true_ledger(self) -> list[tuple[str, tuple[str, str, int]]]:
        def line(entry: Entry) -> tuple[str, str, int]:
            return self.day(entry.withdrawn) if entry.withdrawn else "", self.day(entry.seen), len(entry.versions)

        return [(entry.title, line(entry)) for portal in self.portals for entry in portal.entries if entry.known]


def day_of(moment: str | None) -> str:
    return (moment or "")[:10]


def told_by_the_archive(folder: Path) -> tuple[list[str], list[str]]:
    """What the database of the crawls holds, and what a new one holds that was made from the archive alone."""
    told = run_harvester("replay", "--archive", "data/archive", "--db", "again.db", cwd=folder)
    assert told.returncode == 0, told.stderr
    dumps = []
    for path in (folder / "data/harvest.db", folder / "again.db"):
        with Database(path) as database:
            lines = [json.loads(line.partition(" ")[2]) | {"view": line.partition(" ")[0]} for line in dump(database)]
        dumps.append(sorted(json.dumps({key: value for key, value in line.items() if key != "run_id"}, sort_keys=True) for line in lines))
    return dumps[0], dumps[1]


def play(folder: Path, weeks: int, seed: int, portals: int, rate: float) -> Year:
    year = Year(folder, seed, portals, rate)
    with serving(*(portal.site for portal in year.portals)):
        for _ in range(weeks):
            year.pass_a_week()
    crawled, replayed = told_by_the_archive(folder)
    assert replayed == crawled
    return year


def test_five_weeks_are_told_as_they_were(tmp_path: Path) -> None:
    year = play(tmp_path, weeks=5, seed=179, portals=3, rate=0.25)
    assert {"revise", "take_back", "touch", "withdraw", "revive", "move", "redirect", "down"} <= set(year.happened), year.happened


@pytest.mark.proof
def test_a_year_of_weekly_runs_is_told_as_it_was(tmp_path: Path) -> None:
    year = play(tmp_path, weeks=52, seed=52, portals=4, rate=0.05)
    print(f"\n52 weeks: {dict(year.happened)}; publication {dict(year.published)}")
    assert min(year.happened[what] for what in ("revise", "withdraw", "revive", "move", "redirect", "down", "blocked", "redesign")) > 0
