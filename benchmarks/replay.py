"""Pages a second of a replay with one and with two workers, beside trafilatura in one and two processes over the same pages; memory."""

from __future__ import annotations

import json
import logging
import multiprocessing
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import trafilatura

from benchmarks.memory import run_watched
from benchmarks.pages import report_page
from harvester.items import Page
from storage.archive import Archive

PAGES, ROUNDS, SAMPLE = 4000, 3, 60
FEW, MANY = 1000, 5000
PROMISED_TIMES, PROMISED_WORKERS, PROMISED_GROWTH = 9.0, 1.7, 48.0
SMALL = """<html><head><title>云溪县人民政府{0}年政府信息公开工作年度报告</title></head><body>
<h1>云溪县人民政府{0}年政府信息公开工作年度报告</h1>
<p>一、总体情况</p><p>本年度主动公开政府信息{1}条，收到政府信息公开申请{1}件，均已办结。</p></body></html>"""
URL = "http://www.example.gov.cn/zwgk/ndbg/202601/t20260101_{}.html"


def measure(pages: int = PAGES, rounds: int = ROUNDS, sample: int = SAMPLE, few: int = FEW, many: int = MANY) -> dict[str, Any]:
    """Medians over ``rounds``; each replay is a process of its own into an empty database, trafilatura reads a ``sample`` of the pages in
    each process. They take turns. Memory is the peak of the replaying process and of those that read for it."""
    logging.disable(logging.ERROR)
    runs: dict[str, list[float]] = {}
    busy: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        archive = write(Path(folder) / "archive", pages)
        for _ in range(rounds):
            for workers in (1, 2):
                made = replay(archive, pages, workers)
                runs.setdefault(f"replay --workers {workers}", []).append(made["pages"] / made["seconds"])
                busy.append(made["cpu_ms_a_page"])
                runs.setdefault(f"trafilatura.extract, {workers} processes", []).append(extract(workers, sample))
    return result(
        pages, {name: statistics.median(found) for name, found in runs.items()}, busy, memory_of(few), memory_of(many), (few, many)
    )


def result(pages: int, speed: dict[str, float], busy: list[float], small: float, large: float, counts: tuple[int, int]) -> dict[str, Any]:
    one, one_theirs, two, two_theirs = speed.values()
    return {
        "pages": pages,
        "pages_per_second": {name: round(value, 1) for name, value in speed.items()},
        "cpu_ms_a_page": {"one worker": round(statistics.median(busy[::2]), 2), "two workers": round(statistics.median(busy[1::2]), 2)},
        "times_trafilatura": {"one": round(one / one_theirs, 1), "two": round(two / two_theirs, 1)},
        "times_one_worker": round(two / one, 2),
        "peak_mb": {f"{count} pages": value for count, value in zip(counts, (small, large))},
        "promised": {"times_trafilatura": PROMISED_TIMES, "times_one_worker": PROMISED_WORKERS, "mb_more_for_many": PROMISED_GROWTH},
        "kept": two / two_theirs >= PROMISED_TIMES and two / one >= PROMISED_WORKERS and large - small <= PROMISED_GROWTH,
    }


def small_page(number: int) -> bytes:
    """A report of a few sentences, for counts where the size of a page is no matter."""
    return SMALL.format(2015 + number % 10, number).encode()


def write(folder: Path, pages: int, body: Callable[[int], bytes] = report_page) -> Path:
    """An archive of so many pages, each another report, as a crawl leaves it."""
    with Archive(folder, "bench") as archive:
        for number in range(pages):
            head = [("Content-Type", "text/html")]
            page = Page(URL.format(number), body(number), 200, head, "text/html", "2026-01-02T03:04:05Z", "bench")
            archive.note_id(archive.add(page), page.url, f"{number:016x}")
    return folder


def replay(archive: Path, pages: int, workers: int) -> dict[str, Any]:
    """One replay into an empty database. Raises ``AssertionError`` when it did not find every page."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        paths = ["--archive", archive, "--db", place / "bench.db", "--summary", place / "summary.json"]
        command = [sys.executable, "-m", "harvester", "replay", *map(str, paths), "--workers", str(workers)]
        peak = run_watched(command, place / "stderr.txt")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        summary = json.loads((place / "summary.json").read_text("utf-8"))
        assert summary["portals"][0]["new"] == pages, summary
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return {"pages": pages, "seconds": summary["seconds"], "cpu_ms_a_page": 1000 * cpu / pages, "peak_mb": peak}


def memory_of(pages: int, body: Callable[[int], bytes] = report_page) -> float:
    """Peak memory in MB of a replay of ``pages`` pages with two workers."""
    with tempfile.TemporaryDirectory() as folder:
        return float(replay(write(Path(folder), pages, body), pages, 2)["peak_mb"])


def extract(processes: int, pages: int) -> float:
    """Pages a second of trafilatura in so many processes, ``pages`` in each; starting them does not count."""
    context = multiprocessing.get_context("fork")
    start, seconds = context.Barrier(processes), context.SimpleQueue()
    workers = [context.Process(target=_extract, args=(number, pages, start, seconds)) for number in range(processes)]
    for worker in workers:
        worker.start()
    slowest = max(seconds.get() for _ in workers)
    for worker in workers:
        worker.join()
    return float(processes * pages / slowest)


def _extract(number: int, pages: int, start: Any, seconds: Any) -> None:
    bodies = [report_page(number * pages + one).decode() for one in range(pages)]
    trafilatura.extract(bodies[0])
    start.wait()
    begun = time.perf_counter()
    for body in bodies:
        trafilatura.extract(body)
    seconds.put(time.perf_counter() - begun)


def main(pages: int) -> None:
    """Only the memory of a replay of so many small pages."""
    print(json.dumps({"pages": pages, "peak_mb": memory_of(pages, small_page)}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
