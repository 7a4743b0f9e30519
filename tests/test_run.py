"""``harvester run`` as cron meets it: killed between its steps, blocked, twice at once, interrupted; and what its report says."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from conftest import ROOT, run_harvester

from harvester import sample
from storage import archive
from tests.serving import browser
from tests.webserver import Asked, Site, serving

HEADER = "portal_id,name,region_code,list_url,family,min_reports,note\n"
FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False", "-s", "HARVEST_CONTACT=here", "-s", "RETRY_ENABLED=False")
GIVEN = ("run", "--portals", "mine.csv", *FAST)
# The command with one of its functions replaced by a kill -9 of its own process: it dies exactly there.
DIES = """
import importlib, os, signal, sys
place, _, name = sys.argv.pop(1).rpartition(".")
setattr(importlib.import_module(place), name, lambda *given, **more: os.kill(os.getpid(), signal.SIGKILL))
from harvester.cli import main
main()
"""
WAITS = """
import sys, time
from storage import publish
publish._copy_site = lambda folder: (print("here", flush=True), time.sleep(60))
from harvester.cli import main
main()
"""


class Portal:
    """A portal with reports of one county, that can be made to show fewer of them, or to wait."""

    def __init__(self, bodies: dict[str, bytes]) -> None:
        self.bodies, self.shown, self.wait = bodies, list(bodies), 0.0
        self.site = Site(self.answer)

    def answer(self, asked: Asked) -> Any:
        if asked.path == "/list/":
            time.sleep(self.wait)
            rows = (f'<li><a href="/r/{number}.html">{title}</a></li>' for number, title in enumerate(self.bodies) if title in self.shown)
            return f"<html><title>政府信息公开年报</title><ul>{''.join(rows)}</ul>{'<!-- -->' * 900}</html>"
        if asked.path.startswith("/r/"):
            return 200, {"Content-Type": "text/html; charset=utf-8"}, list(self.bodies.values())[int(asked.path[3:-5])]
        return None


@pytest.fixture(scope="module")
def bodies() -> dict[str, bytes]:
    """Title -> page of six reports."""
    with sample.serve(first_port=0) as served:
        reports = [one for one in served.truth if one.portal_id == "sample-yunxi" and one.figures][:6]
        return {f"{one.organ}{one.year}年政府信息公开工作年度报告": urllib.request.urlopen(one.urls[0]).read() for one in reports}


@pytest.fixture
def portal(bodies: dict[str, bytes]) -> Iterator[Portal]:
    made = Portal(dict(bodies))
    with serving(made.site):
        yield made


@pytest.fixture
def given(portal: Portal, tmp_path: Path) -> list[str]:
    """The arguments of a run of that portal alone."""
    return arguments(portal, tmp_path)


def arguments(portal: Portal, folder: Path) -> list[str]:
    (folder / "mine.csv").write_text(f"{HEADER}county,某县,,{portal.site.base}/list/,,,\n", "utf-8")
    return [*GIVEN]


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT)}


def latest(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / "data/runs/latest.json").read_text("utf-8"))
    return told


def state(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file of a folder, its inode and its bytes."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): (path.stat().st_ino, path.read_bytes()) for path in files}


def published(folder: Path) -> int:
    with closing(sqlite3.connect(f"file:{folder / 'data/site/harvest.db'}?mode=ro", uri=True)) as connection:
        count: int = connection.execute("SELECT count(*) FROM reports WHERE superseded_by IS NULL").fetchone()[0]
    assert json.loads((folder / "data/site/measures.json").read_text())["reports"] == count, "the folder is of one piece"
    return count


def die_at(place: str, arguments: list[str], folder: Path) -> None:
    command = [sys.executable, "-c", DIES, place, *arguments]
    died = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, timeout=60, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr


def test_a_run_crawls_publishes_and_reports(given: list[str], tmp_path: Path) -> None:
    told = run_harvester(*given, cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    assert published(tmp_path) == 6
    report = latest(tmp_path)
    assert (report["publication"]["outcome"], report["news"]["new"]["count"], report["since"]) == ("published", 6, "")
    assert {one["outcome"] for one in report["assertions"]} == {"pass", "unknown"}
    runs = {path.name for path in (tmp_path / "data/runs").iterdir()}
    name = f"{report['started'][:10]}-{report['run_id']}"
    assert runs == {f"{name}.json", f"{name}.html", "index.html", "latest.json", "feed.xml"}
    assert (tmp_path / "data/runs/feed.xml").read_bytes() == (tmp_path / "data/site/feed.xml").read_bytes()
    assert ElementTree.parse(tmp_path / "data/site/feed.xml").getroot().tag.endswith("}feed")


def test_what_changed_is_told_with_both_versions(portal: Portal, given: list[str], tmp_path: Path) -> None:
    run_harvester(*given, cwd=tmp_path)
    title = next(iter(portal.bodies))
    portal.bodies[title] = portal.bodies[title].replace("。".encode(), "（已更正）。".encode())
    time.sleep(1.1)  # moments are told by the second
    assert run_harvester(*given, cwd=tmp_path).returncode == 0
    report = latest(tmp_path)
    assert {kind: told["count"] for kind, told in report["news"].items()} == {"new": 0, "changed": 1, "withdrawn": 0}
    (changed,) = report["news"]["changed"]["reports"]
    assert changed["before"] and changed["before"] != changed["id"] and changed["cells"] == 0
    assert changed["url"].startswith(portal.site.base)
    assert report["last_run"]["new"] == 6 and report["this_run"]["changed"] == 1
    entry = ElementTree.parse(tmp_path / "data/runs/feed.xml").getroot().find("{http://www.w3.org/2005/Atom}entry")
    assert entry is not None
    assert entry.findtext("{http://www.w3.org/2005/Atom}id") == f"tag:harvester.invalid,2026:report/{changed['id']}"


STEPS = (
    "harvester.commands.run.gathered",  # the crawl is done
    "storage.publish._copy_site",  # half of the folder is written
    "storage.replacing._at_once",  # it stands beside the one it will replace
    "storage.reporting.folder.write",  # it is published, nothing is reported
    "storage.reporting.folder.page",
)
UNPUBLISHED = STEPS[:3]


@pytest.mark.parametrize("steps", [STEPS[1::2], pytest.param(STEPS, marks=pytest.mark.proof)])
def test_a_run_killed_between_its_steps_loses_nothing(portal: Portal, given: list[str], tmp_path: Path, steps: tuple[str, ...]) -> None:
    """The first run sees one report, each of the next sees one more and is killed a step later, the last tells all that they found."""
    titles = list(portal.bodies)
    portal.shown = titles[:1]
    assert run_harvester(*given, cwd=tmp_path).returncode == 0
    before = state(tmp_path / "data/site")
    time.sleep(1.1)
    for number, place in enumerate(steps, 2):
        portal.shown = titles[:number]
        die_at(place, given, tmp_path)
        assert published(tmp_path) == (1 if place in UNPUBLISHED else number)
        assert place not in UNPUBLISHED or state(tmp_path / "data/site") == before
        assert latest(tmp_path)["news"]["new"]["count"] == 1
    told = run_harvester(*given, cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    assert "did not come to its end" in told.stderr
    report = latest(tmp_path)
    assert report["news"]["new"]["count"] == len(steps)
    assert any("did not come to its end" in note for note in report["notes"])
    assert published(tmp_path) == whole(tmp_path) == len(steps) + 1
    assert not [path.name for path in (tmp_path / "data").iterdir() if path.name.startswith(".site")]


def whole(folder: Path) -> int:
    """Reports in the database, which is whole, as is the archive."""
    with closing(sqlite3.connect(folder / "data/harvest.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        count: int = connection.execute("SELECT count(*) FROM reports WHERE superseded_by IS NULL").fetchone()[0]
    archive.recover(folder / "data/archive")
    problems: list[str] = []
    assert len(list(archive.pages(folder / "data/archive", problems))) >= count
    assert problems == []
    return count


@pytest.mark.proof
def test_thirty_kills_at_any_moment(given: list[str], tmp_path: Path) -> None:
    for number in range(30):
        command = [sys.executable, "-m", "harvester", *given]
        with subprocess.Popen(command, cwd=tmp_path, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            time.sleep(0.3 + number * 0.09)
            process.kill()
        if (tmp_path / "data/site").exists():
            assert published(tmp_path) == 6
    assert run_harvester(*given, cwd=tmp_path).returncode == 0
    assert (whole(tmp_path), published(tmp_path)) == (6, 6)


@dataclass(frozen=True)
class Emptied:
    """A run that saw six reports, then one that saw an empty list: where they lie, what the second said, the published folder before it."""

    folder: Path
    told: subprocess.CompletedProcess[str]
    before: dict[str, tuple[int, bytes]]


@pytest.fixture(scope="module")
def emptied(bodies: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emptied]:
    """Read it, do not write to it; the portal stays empty."""
    folder, portal = tmp_path_factory.mktemp("emptied"), Portal(dict(bodies))
    with serving(portal.site):
        given = arguments(portal, folder)
        assert run_harvester(*given, cwd=folder).returncode == 0
        before, portal.shown = state(folder / "data/site"), []
        yield Emptied(folder, run_harvester(*given, cwd=folder), before)


def test_an_emptied_list_blocks_publication(emptied: Emptied) -> None:
    assert emptied.told.returncode == 1
    assert "Portals that list nothing where they listed reports" in emptied.told.stderr
    assert "not published, data/site stays as it was: emptied_portals" in emptied.told.stderr
    assert state(emptied.folder / "data/site") == emptied.before
    report = latest(emptied.folder)
    assert report["publication"]["outcome"] == "blocked"
    (county,) = report["portals"]
    assert (county["outcome"], county["before"]["listed"], bool(county["mend_zh"])) == ("empty", 6, True)
    assert [one["outcome"] for one in county["history"]] == ["complete", "empty"]


def test_force_and_limits_of_ones_own_publish_and_say_so(emptied: Emptied, tmp_path: Path) -> None:
    shutil.copytree(emptied.folder, tmp_path, dirs_exist_ok=True)
    forced = run_harvester(*GIVEN, "--force", cwd=tmp_path)
    assert forced.returncode == 1
    assert "published by --force although these assertions fail: emptied_portals" in forced.stdout
    assert latest(tmp_path)["publication"]["outcome"] == "forced"
    (tmp_path / "mine.toml").write_text("[emptied_portals]\nat_most = 1\n", "utf-8")
    told = run_harvester(*GIVEN, "--assertions", "mine.toml", cwd=tmp_path)
    assert told.returncode == 1, "the portal is still told as empty"
    assert latest(tmp_path)["publication"]["outcome"] == "published"


@pytest.mark.parametrize(
    ("text", "told"), [("[no_such]\nat_most=1", "there is no assertion 'no_such'"), ("[reports]\nmost=1", "most"), ("=", "no assertions")]
)
def test_wrong_limits_are_wrong_usage(given: list[str], tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "mine.toml").write_text(text, "utf-8")
    finished = run_harvester(*given, "--assertions", "mine.toml", cwd=tmp_path)
    assert (finished.returncode, told in finished.stderr, (tmp_path / "data").exists()) == (2, True, False)


def test_two_runs_never_overlap(portal: Portal, given: list[str], tmp_path: Path) -> None:
    portal.wait = 2.5
    command = [sys.executable, "-m", "harvester", *given]
    with subprocess.Popen(command, cwd=tmp_path, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as first:
        wait_for(lambda: bool(portal.site.asked))
        second = run_harvester(*given, cwd=tmp_path)
        assert second.returncode == 1
        assert f"another run is at work on it (process {first.pid}, since " in second.stderr
        assert len(second.stderr.splitlines()) == 1
        first.communicate(timeout=60)
    assert first.returncode == 0
    assert portal.site.paths.count("/list/") == 1
    assert (tmp_path / "data/harvest.lock").read_text() == ""


def wait_for(condition: Any, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


def test_sigterm_while_publishing_leaves_the_published_folder(given: list[str], tmp_path: Path) -> None:
    run_harvester(*given, cwd=tmp_path)
    before = state(tmp_path / "data/site")
    command = [sys.executable, "-c", WAITS, *given]
    with subprocess.Popen(command, cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while process.stdout.readline() != "here\n":
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        _, stderr = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "interrupted" in stderr and "Traceback" not in stderr
    assert state(tmp_path / "data/site") == before


def test_an_interrupted_crawl_is_reported_and_not_published(portal: Portal, given: list[str], tmp_path: Path) -> None:
    portal.wait = 1.5
    command = [sys.executable, "-m", "harvester", *given, "--force"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        wait_for(lambda: bool(portal.site.asked))
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "interrupted; what was finished is kept" in stderr
    assert not (tmp_path / "data/site").exists()
    report = latest(tmp_path)
    assert report["publication"]["outcome"] == "blocked"
    assert "unfinished" in report["publication"]["told"]


def test_a_site_that_cannot_be_written_is_reported(given: list[str], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    told = run_harvester(*given, "--out", "file/site", cwd=tmp_path)
    assert told.returncode == 1
    assert "file/site: cannot be written" in told.stderr and "Traceback" not in told.stderr
    assert latest(tmp_path)["publication"]["outcome"] == "failed"


def test_the_page_of_a_run_in_a_browser(emptied: Emptied) -> None:
    """Nothing is asked of any server, nothing sticks out at the width of a phone, what came from a page is no markup."""
    address = (emptied.folder / "data/runs/index.html").as_uri()
    asked: list[str] = []
    with browser() as chromium:
        for width in (1280, 360):
            page = chromium.new_page(viewport={"width": width, "height": 800})
            page.on("request", lambda request: asked.append(request.url))
            page.goto(address)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.locator(".banner.blocked").count() == 1
            assert "栏目有应答但没有报告" in page.locator("section.box.empty").inner_text()
            assert page.locator("svg.history path.complete").count() == 1
            assert page.locator("svg.history path.empty").count() == 1
    assert asked == [address] * 2
