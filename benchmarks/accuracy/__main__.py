"""``python -m benchmarks.accuracy``: damages many tables, reads them, and tells by kind of damage what was right, doubted or wrong."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from benchmarks.accuracy import damage, run, score
from benchmarks.accuracy.run import ALL, Outcome, Tally

PROMISED = 0.97
SHOWN = 40  # figures of a page
COLUMNS = (
    "pages",
    "figures",
    "survive",
    "right",
    "doubtful",
    "absent",
    "silent",
    "WRONG",
    "| else",
    "right",
    "silent",
    "WRONG",
    "| mean",
    "p99",
    "max ms",
)


def main(arguments: list[str]) -> int:
    """Exit status 1 when a figure is wrong under ``printed`` or too few of those that survive are right."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="damaged pages (default 1000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", choices=sorted(damage.KINDS), help="only pages with this damage among theirs")
    parser.add_argument(
        "--show", type=int, nargs="?", const=3, default=0, metavar="N", help="print the first N pages read wrong, beside the truth"
    )
    parser.add_argument("--page", metavar="SEED", help="print one page by its seed, with its reading, and end")
    options = parser.parse_args(arguments)
    if options.page:
        sys.stdout.write("\n".join(shown(options.page, options.kind)) + "\n")
        return 0
    outcome = run.many(options.count, options.seed, options.kind)
    sys.stdout.write("\n".join(table(outcome)) + "\n")
    for seed in (outcome.wrong or outcome.silent)[: options.show]:
        sys.stdout.write("\n".join(shown(seed, options.kind)) + "\n")
    whole = outcome.kinds[ALL]
    return 0 if not whole.count(ALL, "wrong") and whole.share("right") >= PROMISED else 1


def table(outcome: Outcome) -> Iterator[str]:
    """A line for each kind of damage and each way of printing."""
    yield " " * 24 + "".join(f"{name:>10}" for name in COLUMNS)
    for title, tallies in (("damage", outcome.kinds), ("printed as", outcome.coats)):
        yield f"-- {title}"
        for name, tally in sorted(tallies.items(), key=lambda item: (item[0] != ALL, item[0])):
            yield f"{name:24}" + "".join(f"{cell:>10}" for cell in _line(tally))
    yield f"pages with something wrong: {len(outcome.wrong)} {' '.join(outcome.wrong[:20])}"
    yield f"pages with a blank for a number: {len(outcome.silent)} {' '.join(outcome.silent[:20])}"


def _line(tally: Tally) -> Iterator[str]:
    survive = tally.count("survives", ALL)
    yield from (str(len(tally.seconds)), str(tally.count(ALL, ALL)), str(survive))
    yield from (f"{tally.share(verdict):.2%}" for verdict in ("right", "doubtful", "absent"))
    yield from (str(tally.count("survives", verdict)) for verdict in ("silent", "wrong"))
    yield "| " + str(tally.count(ALL, ALL) - survive)
    yield from (str(tally.count(ALL, verdict) - tally.count("survives", verdict)) for verdict in ("right", "silent", "wrong"))
    times = sorted(tally.seconds)
    ms = (sum(times) / len(times), times[min(len(times) - 1, int(len(times) * 0.99))], times[-1])
    yield from (f"| {ms[0] * 1000:.1f}", f"{ms[1] * 1000:.1f}", f"{ms[2] * 1000:.1f}")


def shown(seed: str, kind: str | None) -> Iterator[str]:
    """The damaged tables as printed, and each figure that is not right: what it prints, what became of it, how it was read."""
    case = damage.case(seed, kind)
    report, _ = run.read(case)
    found = score.figures(report)
    yield f"== {seed}: {', '.join(case.kinds)}; {case.coat}; {case.truth.form}{', breaks its own sums' if case.truth.broken else ''}"
    for part in case.page:
        if part.key in case.hit:
            yield f"-- {part.key}"
            yield from ("\t".join(cell.text or "·" for cell in line.cells) for line in part.lines)
    told = [(verdict, fate, place) for place, fate, verdict in run.verdicts(case, report) if verdict != "right"]
    order = {"wrong": 0, "silent": 1}
    for verdict, fate, place in sorted(told, key=lambda one: (order.get(one[0], 2), one[1] != "survives"))[:SHOWN]:
        yield f"{verdict:9} {fate:9} {'/'.join(place)}: {case.truth.cells[place].printed!r} read as {score.told(found.get(place))}"
    yield from (f"issue {issue.code} {issue.where}: {issue.message}" for issue in report.issues[:8])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
