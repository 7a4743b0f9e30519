"""What several test files share: the command line as a user calls it, and one crawl of the sample portals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from harvester import readers
from harvester.errors import Unreadable

ROOT = Path(__file__).parent.parent
# A shell that starts us in the background lets us ignore Ctrl-C, and what we start would inherit that: some tests press it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
# Ports of this run's own, so that two suites on one machine do not meet; set before anything imports the sample.
os.environ["HARVEST_SAMPLE_PORT"] = str(20000 + os.getpid() % 200 * 40)  # not inherited: each process of a suite has its own
Command = Callable[..., "subprocess.CompletedProcess[str]"]


def run_harvester(*arguments: object, cwd: Path = ROOT, timeout: float = 300) -> subprocess.CompletedProcess[str]:
    """``harvester ARGUMENTS`` in a process of its own, with nothing of the caller's Scrapy environment."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SCRAPY_")} | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "harvester", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=timeout, env=environment)


def refusal(body: bytes) -> str:
    """Why ``body`` is not read: one line, within ten seconds."""
    begin = time.perf_counter()
    with pytest.raises(Unreadable) as told:
        readers.read(body)
    assert time.perf_counter() - begin < 10
    assert "\n" not in str(told.value)
    return str(told.value)


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """The command, run in an empty folder: its defaults (``data/harvest.db``) land there."""

    def run(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
        return run_harvester(*arguments, **{"cwd": tmp_path, **options})  # type: ignore[arg-type]

    return run


@dataclass(frozen=True)
class Crawled:
    """A finished crawl of the sample portals: where it lies and what it said."""

    folder: Path
    database: Path
    archive: Path
    summary: Path
    told: subprocess.CompletedProcess[str]


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    """``harvester crawl --sample`` into an empty folder, once for all tests; read it, do not write to it."""
    folder = tmp_path_factory.mktemp("crawled")
    summary = folder / "summary.json"
    told = run_harvester("crawl", "--sample", "--summary", summary, cwd=folder)
    return Crawled(folder, folder / "data" / "harvest.db", folder / "data" / "archive", summary, told)
