"""Many damaged pages read and compared, in as many processes as there are cores."""

from __future__ import annotations

import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from benchmarks.accuracy import damage, score
from benchmarks.accuracy.reports import Place
from harvester.items import Report

ALL = "all"
CHUNK = 50


@dataclass(slots=True)
class Tally:
    """Counts of figures: by fate and verdict ``(survives, right)``; and seconds a page."""

    figures: Counter[tuple[str, str]] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.figures.update(other.figures)
        self.seconds += other.seconds

    def count(self, fate: str, verdict: str) -> int:
        return sum(number for (one, other), number in self.figures.items() if fate in (ALL, one) and verdict in (ALL, other))

    def share(self, verdict: str) -> float:
        """Of the figures that survive."""
        return self.count("survives", verdict) / max(1, self.count("survives", ALL))


@dataclass(slots=True)
class Outcome:
    """Tallies by kind of damage and by coat, and the seeds of pages with a figure that is wrong, or blank although its number survives."""

    kinds: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    coats: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    wrong: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        for mine, others in ((self.kinds, other.kinds), (self.coats, other.coats)):
            for name, tally in others.items():
                mine[name].add(tally)
        self.wrong += other.wrong
        self.silent += other.silent


def read(case: damage.Case) -> tuple[Report, float]:
    start = time.perf_counter()
    report = score.read(case.body)
    return report, time.perf_counter() - start


def verdicts(case: damage.Case, report: Report) -> Iterator[tuple[Place, str, score.Verdict]]:
    """Place, fate and verdict of the figures of the damaged tables; of the others only those that are wrong."""
    found = score.figures(report)
    for place, entry in case.truth.cells.items():
        verdict = score.verdict(entry, found.get(place))
        if place[0] in case.hit or verdict == "wrong":
            yield place, case.fates[place], verdict


def one(seed: str, kind: str | None = None) -> Outcome:
    """One damaged page, read and compared."""
    case, outcome = damage.case(seed, kind), Outcome()
    report, seconds = read(case)
    tally = Tally(Counter((fate, verdict) for _, fate, verdict in verdicts(case, report)), [seconds])
    for name in (ALL, *case.kinds):
        outcome.kinds[name].add(tally)
    outcome.coats[case.coat].add(tally)
    outcome.wrong = [seed] if tally.count(ALL, "wrong") else []
    outcome.silent = [seed] if tally.count("survives", "silent") else []
    return outcome


def _chunk(seeds: list[str], kind: str | None) -> Outcome:
    return _sum(one(seed, kind) for seed in seeds)


def _sum(parts: Iterable[Outcome]) -> Outcome:
    whole = Outcome()
    for part in parts:
        whole.add(part)
    return whole


def many(count: int, seed: int = 1, kind: str | None = None, processes: int | None = None) -> Outcome:
    """``count`` damaged pages."""
    seeds = [f"{seed}-{number}" for number in range(count)]
    chunks = [seeds[at : at + CHUNK] for at in range(0, count, CHUNK)]
    if (processes or os.cpu_count() or 1) == 1 or len(chunks) == 1:
        return _sum(map(partial(_chunk, kind=kind), chunks))
    with ProcessPoolExecutor(processes) as pool:
        return _sum(pool.map(partial(_chunk, kind=kind), chunks))
