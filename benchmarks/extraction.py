"""Pages a second, one core: a report page of about 90 KB read into checked figures, beside trafilatura and beside a bare lxml parse."""

from __future__ import annotations

import logging
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import lxml.html
import trafilatura

from benchmarks.pages import report_page
from harvester import checks, digest, memory, readers, tables
from harvester.items import Report
from harvester.reading import read_report

PAGES, ROUNDS = 60, 5
PROMISED = 15.0  # times trafilatura


def extract_and_parse(body: bytes) -> None:
    """Text with its hash, every cell of the form, every identity: what replaces trafilatura and a table reader."""
    document = readers.read(body)
    report = Report(kind="report")
    digest.text_sha256(digest.clean_text(document))
    tables.fill(document, report)
    checks.check(report)


SUBJECTS: dict[str, Callable[[bytes], Any]] = {
    "harvester: text, figures, checks": extract_and_parse,
    "harvester: the same, its sentences and whose report it is": read_report,
    "trafilatura.extract (text and tables)": lambda body: trafilatura.extract(body.decode()),
    "lxml parse only": lambda body: lxml.html.fromstring(body.decode()),
}


def measure(pages: int = PAGES, rounds: int = ROUNDS) -> dict[str, Any]:
    """Medians of pages/s over ``rounds``, the subjects taking turns so that a slow moment of the machine meets all of them."""
    stay_on_one_core()
    memory.keep_between_pages()  # as the processes of a crawl do; it serves all subjects
    logging.disable(logging.ERROR)
    bodies = [report_page(number) for number in range(pages)]
    for subject in SUBJECTS.values():
        subject(bodies[0])
    speeds: dict[str, list[float]] = {name: [] for name in SUBJECTS}
    for _ in range(rounds):
        for name, subject in SUBJECTS.items():
            speeds[name].append(pages / seconds_for(subject, bodies))
    return result(bodies, {name: statistics.median(values) for name, values in speeds.items()})


def result(bodies: Sequence[bytes], speed: dict[str, float]) -> dict[str, Any]:
    ours, whole, theirs, bare = speed.values()
    return {
        "pages": len(bodies),
        "bytes_a_page": round(statistics.mean(map(len, bodies))),
        "pages_per_second": {name: round(value, 1) for name, value in speed.items()},
        "times_trafilatura": round(ours / theirs, 1),
        "times_trafilatura_with_identity": round(whole / theirs, 1),
        "share_of_bare_lxml_parse": round(ours / bare, 2),
        "promised_times_trafilatura": PROMISED,
        "kept": ours / theirs >= PROMISED,
    }


def seconds_for(subject: Callable[[bytes], Any], bodies: Sequence[bytes]) -> float:
    start = time.perf_counter()
    for body in bodies:
        subject(body)
    return time.perf_counter() - start


def stay_on_one_core() -> None:
    """Linux only; elsewhere the scheduler decides."""
    if sys.platform == "linux":
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
