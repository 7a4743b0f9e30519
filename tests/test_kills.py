"""``kill -9`` at any moment of a crawl, of the process that reads for it, of a whole ``harvester run``: nothing lost, nothing twice."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from storage import archive
from tests.conftest import ROOT
from tests.test_portal_spider import FAST, HEADER
from tests.test_resume import EACH, LISTS, PAGES, Doomed, ledger
from tests.webserver import Asked, Site, serving

BODIES = "SELECT warc_file, warc_offset, body_sha256 FROM captures"
MOMENT = 0.02  # seconds that the portal takes to answer, so that most of a run is what may be killed


class Slow(Doomed):
    """That portal, a little slower."""

    def __call__(self, asked: Asked) -> Any:
        time.sleep(MOMENT)
        return super().__call__(asked)


@dataclass
class Victim:
    """A command run again and again in ``folder``: ``crawl`` or ``run``; what was killed, and how long a whole run took."""

    site: Site
    command: str
    seconds: float = 0.0
    expected: list[list[Any]] = field(default_factory=list)
    killed: Counter[str] = field(default_factory=Counter)

    def start(self, folder: Path) -> subprocess.Popen[bytes]:
        folder.mkdir(exist_ok=True)
        (folder / "portals.csv").write_text(f"{HEADER}\none,,,{self.site.base}/list/,,,\n", "utf-8")
        pairs = [
            part for name, value in {**FAST, "HARVEST_CONTACT": "mailto:desk@example.org"}.items() for part in ("-s", f"{name}={value}")
        ]
        command = [sys.executable, "-m", "harvester", self.command, "--portals", "portals.csv", *pairs]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SCRAPY_")} | {"PYTHONPATH": str(ROOT)}
        self.site.asked.clear()
        return subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def whole(self, folder: Path) -> None:
        """A run that nobody kills: how long it takes from its first question, and what it must hold."""
        with self.start(folder) as process:
            begun = self.first_question(process)
            assert process.wait(120) == 0, log_of(folder)
        self.seconds = time.monotonic() - begun
        self.expected = ledger(folder)
        assert len(self.expected[0]) == PAGES * EACH

    def first_question(self, process: subprocess.Popen[bytes]) -> float:
        while not self.site.asked and process.poll() is None:
            time.sleep(0.005)
        return time.monotonic()

    def kill(self, folder: Path, draw: random.Random, reader: bool) -> bool:
        """One run and one kill, most of them after its first question; whether the run died of it."""
        with self.start(folder) as process:
            if draw.random() < 0.85:
                self.first_question(process)
                time.sleep(draw.uniform(0, self.seconds))
            else:
                time.sleep(draw.uniform(0, 1))
            children = readers_of(process.pid)
            for pid in children if reader else [process.pid]:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    self.killed["reader" if reader else self.command] += 1
            status = process.wait(120)
        assert status == 0 or (status == -signal.SIGKILL and not reader), log_of(folder)
        ends(children)
        return status != 0


def readers_of(pid: int) -> list[int]:
    """The processes that read for a crawl."""
    try:
        children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return [child for child in children if "pipelines.worker" in command_of(child)]


def command_of(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    return ""


def ends(readers: list[int]) -> None:
    """Nobody reads on for a run that is dead."""
    end = time.monotonic() + 20
    while any("pipelines.worker" in command_of(pid) for pid in readers):
        assert time.monotonic() < end, "a process that reads outlived its run"
        time.sleep(0.02)


def log_of(folder: Path) -> str:
    return (folder / "data" / "harvest.log").read_text("utf-8")[-3000:]


def kept_lists(folder: Path) -> set[str]:
    """Paths of the list pages that the killed run had finished."""
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(f"file:{folder / 'data/harvest.db'}?mode=ro", uri=True)) as connection:
        return {str(url).partition("127.0.0.1:")[2].partition("/")[2] for (url,) in connection.execute("SELECT url FROM list_page")}
    return set()


def is_whole(folder: Path) -> None:
    """At any moment: the database in order, a body in the archive for every capture, a published folder of one piece or none."""
    path = folder / "data/harvest.db"
    if path.exists():
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            captures = (
                connection.execute(BODIES).fetchall()
                if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'captures'").fetchone()
                else []
            )
        for file, offset, sha256 in captures:
            assert hashlib.sha256(archive.read_body(folder / "data/archive", file, offset)).hexdigest() == sha256
    site = folder / "data/site"
    if site.exists():
        with closing(sqlite3.connect(f"file:{site / 'harvest.db'}?mode=ro", uri=True)) as connection:
            count = connection.execute("SELECT count(*) FROM reports WHERE superseded_by IS NULL").fetchone()[0]
        assert json.loads((site / "measures.json").read_text("utf-8"))["reports"] == count == PAGES * EACH


def go_on(victim: Victim, folder: Path, draw: random.Random, of_readers: list[bool]) -> None:
    """Some kills, those ``of_readers`` and those of the command itself, and then a run to the end."""
    for reader in of_readers:
        kept = kept_lists(folder)
        victim.kill(folder, draw, reader)
        asked_once(victim, kept)
        is_whole(folder)
    kept = kept_lists(folder)
    with victim.start(folder) as process:
        assert process.wait(120) == 0, log_of(folder)
    asked_once(victim, kept)
    is_whole(folder)
    assert ledger(folder) == victim.expected
    problems: list[str] = []
    bodies = {page.url for page in archive.pages(folder / "data/archive", problems)}
    assert (problems, len(bodies)) == ([], PAGES * (EACH + 1))
    assert not list((folder / "data/archive").glob("*.open"))
    if victim.command == "run":
        assert {path.name for path in (folder / "data").iterdir() if path.name.startswith(".")} == set()
        assert json.loads((folder / "data/runs/latest.json").read_text("utf-8"))["publication"]["outcome"] == "published"


def asked_once(victim: Victim, kept: set[str]) -> None:
    """No page twice in a run, no list page that the run before had finished."""
    paths = victim.site.paths
    assert not kept & {path.removeprefix("/") for path in paths if path in LISTS}
    assert max(Counter(paths).values(), default=1) == 1


def until(kills: int, command: str, folder: Path, seed: int, reader: float = 0.0, validators: bool = True) -> Counter[str]:
    site = Site(Slow(validators))
    victim, draw, rounds = Victim(site, command), random.Random(seed), 0
    with serving(site):
        victim.whole(folder / "whole")
        while victim.killed.total() < kills:
            rounds += 1
            go_on(victim, folder / str(rounds), draw, [draw.random() < reader for _ in range(3)])
            print(f"{rounds} rounds: {dict(victim.killed)}", flush=True)
    return victim.killed


def test_a_crawl_and_its_reader_killed_at_some_moments(tmp_path: Path) -> None:
    site = Site(Slow(validators=False))
    victim, draw = Victim(site, "crawl"), random.Random(5)
    with serving(site):
        victim.whole(tmp_path / "whole")
        go_on(victim, tmp_path / "killed", draw, [False, True])
    assert victim.killed["crawl"] == 1


@pytest.mark.proof
@pytest.mark.parametrize(("command", "kills", "reader"), [("crawl", 80, 0.0), ("crawl", 60, 1.0), ("run", 60, 0.15)])
def test_two_hundred_kills_at_random_moments(tmp_path: Path, command: str, kills: int, reader: float) -> None:
    killed = until(kills, command, tmp_path, seed=kills, reader=reader, validators=command == "run")
    assert killed.total() >= kills
