"""What incremental crawling adds to a first crawl, and what the same portal costs a week later when nothing changed."""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from benchmarks.crawl import REGISTRY, crawl_command
from benchmarks.memory import run_watched
from benchmarks.server import COUNTS, portal

PAGES, ROUNDS = 2000, 3
PROMISED_BYTES, PROMISED_TIME = 0.01, 0.10  # of the first crawl's
# The command without all that a second crawl and a killed one need: what addresses last answered, validators, list pages that were read.
WITHOUT = """
from harvester import settings
from spiders.resume import Unfinished
from storage.database import Database
from storage.saving import Saver
for name in ("spiders.resume.KeptPages", "spiders.revalidation.Validators"):
    del settings.DOWNLOADER_MIDDLEWARES[name]
Unfinished.keep = Unfinished.find = lambda *given: None
Database.visit = lambda *given: None
Saver._point = lambda self, visit, capture, *rest: self._execute("UPDATE visit SET capture = ? WHERE key = ?", (capture, visit))
from harvester.cli import main
main()
"""


def measure(pages: int = PAGES, rounds: int = ROUNDS) -> dict[str, Any]:
    """Seconds of first crawls with and without it, which take turns; bytes and answers of the first crawl and of the second.

    All is done in one process and its processor time counts, the best of the rounds: what else the machine does must not.
    """
    plain: list[dict[str, float]] = []
    whole: list[dict[str, float]] = []
    with portal(pages) as url:
        for _ in range(rounds):
            with tempfile.TemporaryDirectory() as folder:
                plain.append(crawled(Path(folder), url, ("-c", WITHOUT)))
            with tempfile.TemporaryDirectory() as folder:
                whole.append(crawled(Path(folder), url))
                again = crawled(Path(folder), url)
    first = whole[-1]
    added = {name: round(least(whole, name) / least(plain, name) - 1, 3) for name in ("seconds", "cpu_seconds")}
    share = again["bytes"] / first["bytes"]
    return {
        "pages": pages,
        "first_crawl": first,
        "second_crawl": again,
        "share_of_bytes": round(share, 5),
        "added_to_a_first_crawl": added,
        "promised_share_of_bytes": PROMISED_BYTES,
        "promised_added": PROMISED_TIME,
        "kept": share <= PROMISED_BYTES and again["answers_304"] == pages and added["cpu_seconds"] <= PROMISED_TIME,
    }


def least(runs: Sequence[dict[str, float]], name: str) -> float:
    return min(run[name] for run in runs)


def crawled(place: Path, url: str, program: tuple[str, ...] = ("-m", "harvester")) -> dict[str, float]:
    """One crawl into ``place``, as the portal saw it too. Raises ``AssertionError`` when the portal was not read to its end."""
    registry = place / "portals.csv"
    registry.write_text(REGISTRY.format(url=url), encoding="utf-8")
    command = crawl_command(place, registry, "HARVEST_READERS=0")
    before = cpu_seconds()
    run_watched([command[0], *program, *command[3:]], place / "stderr.txt")
    summary = json.loads((place / "summary.json").read_text("utf-8"))
    assert summary["portals"][0]["outcome"] == "complete", summary
    with urllib.request.urlopen(urljoin(url, COUNTS)) as answer:
        sent = json.load(answer)
    counts = {"bytes": sent["bytes"], "answers_200": sent["200"], "answers_304": sent.get("304", 0)}
    told = {name: summary["portals"][0][name] for name in ("new", "unchanged")}
    return {"seconds": summary["seconds"], "cpu_seconds": round(cpu_seconds() - before, 2), **counts, **told}


def cpu_seconds() -> float:
    """Processor time of everything this process started and waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    print(json.dumps(measure(*map(int, sys.argv[1:])), indent=1))
