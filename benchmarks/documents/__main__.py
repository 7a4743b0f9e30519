"""``python -m benchmarks.documents``: seconds a page for each reader of documents, as one table; of all, written into docs/reading.md."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.__main__ import machine
from benchmarks.documents import beside_pdfplumber, content, ofd, office, scans

# Format -> what is measured of its reader: named numbers, and under ``kept`` whether its promise is.
MEASURES: dict[str, Callable[[], dict[str, Any]]] = {
    "pdf": beside_pdfplumber.measure,
    **office.MEASURES,
    "ofd": lambda: {"seconds_a_page": round(ofd.seconds_a_page(content.make("1")), 4)},
    "scan": lambda: {"seconds_a_page": round(scans.seconds_a_page(content.make("1"), scans.Scanner(dpi=150)), 1)},
}
PAGE = Path(__file__).parents[2] / "docs" / "reading.md"
BEGIN, END = "<!-- seconds: written by python -m benchmarks.documents -->\n", "<!-- /seconds -->"


def main(arguments: list[str]) -> int:
    """Measures the formats named, or all. Exit status 1 when a promise is not kept."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.documents", description=__doc__)
    parser.add_argument("formats", nargs="*", help=f"some of {', '.join(MEASURES)}; default all, and only all are written down")
    names = parser.parse_args(arguments).formats or list(MEASURES)
    results = {name: MEASURES[name]() for name in names}
    told = table(results)
    sys.stdout.write("\n".join(told) + "\n")
    if set(names) == set(MEASURES):
        write(PAGE, told)
    return 0 if all(result.get("kept", True) for result in results.values()) else 1


def table(results: dict[str, dict[str, Any]]) -> list[str]:
    """A line a kind of file, in Markdown; then where and when it was measured."""
    lines = ["| file | seconds a page | beside it |", "|---|---|---|"]
    lines += [f"| {kind} | {seconds} | {beside} |" for name, result in results.items() for kind, seconds, beside in rows(name, result)]
    return [*lines, "", f"({machine()}, {datetime.now(UTC):%Y-%m-%d}; a page is a third of a report.)"]


def rows(name: str, result: dict[str, Any]) -> Iterator[tuple[str, float, str]]:
    """Kind of file, seconds a page, and what that is beside pdfplumber's ``extract_tables()``."""
    seconds = result["seconds_a_page"]
    if not isinstance(seconds, dict):
        yield name, seconds, ""
        return
    for kind, times in result["times_pdfplumber"].items():
        yield f"{name}, {kind}", seconds[kind], f"pdfplumber {seconds[f'{kind}: pdfplumber']}: {times} times as long"


def write(path: Path, told: list[str]) -> None:
    """Puts the table between the marks of a page. Raises :class:`SystemExit` where they are gone."""
    before, mark, rest = path.read_text("utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (mark and end):
        raise SystemExit(f"benchmarks: {path} has lost the marks between which the seconds stand")
    path.write_text(f"{before}{mark}\n" + "\n".join(told) + f"\n\n{end}{after}", "utf-8")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
