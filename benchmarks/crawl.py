"""Pages a second of a crawl with the whole belt (archive, reading, checks, database) beside a bare Scrapy spider on the same server."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.memory import run_watched
from benchmarks.server import portal

PAGES, ROUNDS = 2000, 3
BARE, WHOLE, ALONE = "bare Scrapy", "whole belt", "whole belt in one process"
PROMISED = 0.45  # of bare Scrapy's pages/s
# Scrapy's own defaults for the things both must share: how fast and how many at a time.
SAME_PACE = ("DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=False", "CONCURRENT_REQUESTS_PER_DOMAIN=8", "ROBOTSTXT_OBEY=False")
REGISTRY = "portal_id,name,region_code,list_url,family,min_reports,note\nbench,云溪县人民政府,990121,{url},trs,,\n"


def measure(pages: int = PAGES, rounds: int = ROUNDS) -> dict[str, Any]:
    """Medians over ``rounds``; each crawl is a process of its own (as it comes, with the one that reads), they take turns."""
    runs: dict[str, list[dict[str, Any]]] = {BARE: [], WHOLE: [], ALONE: []}
    with portal(pages) as url:
        for _ in range(rounds):
            runs[BARE].append(bare_crawl(url, pages))
            runs[WHOLE].append(whole_crawl(url, pages))
            runs[ALONE].append(whole_crawl(url, pages, "HARVEST_READERS=0"))
    speed = {name: median_speed(made) for name, made in runs.items()}
    share, whole = speed[WHOLE] / speed[BARE], runs[WHOLE]
    return {
        "pages": pages,
        "pages_per_second": {name: round(value, 1) for name, value in speed.items()},
        "share_of_bare_scrapy": round(share, 2),
        "share_in_one_process": round(speed[ALONE] / speed[BARE], 2),
        "peak_mb": {name: peak(made) for name, made in runs.items()},
        "bytes_a_report": round(whole[-1]["database_bytes"] / pages),
        "archive_bytes_a_page": round(whole[-1]["archive_bytes"] / pages),
        "promised_share": PROMISED,
        "kept": share >= PROMISED,
    }


def measure_memory(pages: int) -> float:
    """Peak memory in MB of one crawl of ``pages`` pages with the whole belt."""
    with portal(pages) as url:
        return peak([whole_crawl(url, pages)])


def median_speed(runs: list[dict[str, Any]]) -> float:
    return statistics.median(float(run["pages"] / run["seconds"]) for run in runs)


def peak(runs: list[dict[str, Any]]) -> float:
    return max(float(run["peak_mb"]) for run in runs)


def bare_crawl(url: str, pages: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.bare", url, str(pages)]
    told: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1])
    assert told["pages"] == pages, told
    return told


def whole_crawl(url: str, pages: int, *settings: str) -> dict[str, Any]:
    """A first crawl into an empty database and archive. Raises ``AssertionError`` when it did not find every page."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        registry = place / "portals.csv"
        registry.write_text(REGISTRY.format(url=url), encoding="utf-8")
        peak = run_watched(crawl_command(place, registry, *settings), place / "stderr.txt")
        summary = json.loads((place / "summary.json").read_text("utf-8"))
        assert summary["portals"][0]["new"] == pages, summary
        sizes = {
            "database_bytes": (place / "bench.db").stat().st_size,
            "archive_bytes": sum(file.stat().st_size for file in (place / "archive").iterdir()),
        }
        return {"seconds": summary["seconds"], "pages": pages, "peak_mb": peak, **sizes}


def crawl_command(place: Path, registry: Path, *settings: str) -> list[str]:
    paths = ["--portals", registry, "--db", place / "bench.db", "--archive", place / "archive", "--summary", place / "summary.json"]
    pace = [word for setting in (*SAME_PACE, *settings) for word in ("-s", setting)]
    return [sys.executable, "-m", "harvester", "crawl", *map(str, paths), *pace]
