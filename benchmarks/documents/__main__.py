"""``python -m benchmarks.documents``: seconds a page for each reader of documents. Exit status 1 when a promise is not kept."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Any

from benchmarks.documents import beside_pdfplumber, content, ofd, office, scans

# Format -> what is measured of its reader: named numbers, and under ``kept`` whether its promise is.
MEASURES: dict[str, Callable[[], dict[str, Any]]] = {
    "pdf": beside_pdfplumber.measure,
    **office.MEASURES,
    "ofd": lambda: {"seconds_a_page": round(ofd.seconds_a_page(content.make("1")), 4)},
    "scan": lambda: {"seconds_a_page": round(scans.seconds_a_page(content.make("1"), scans.Scanner(dpi=150)), 1)},
}


def main(arguments: list[str]) -> int:
    """Measures the formats named, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.documents", description=__doc__)
    parser.add_argument("formats", nargs="*", help=f"some of {', '.join(MEASURES)}; default all")
    kept = True
    for name in parser.parse_args(arguments).formats or list(MEASURES):
        result = MEASURES[name]()
        kept = kept and bool(result.get("kept", True))
        sys.stdout.write("\n".join([name, *lines(result)]) + "\n")
    return 0 if kept else 1


def lines(result: dict[str, Any], indent: int = 2) -> list[str]:
    """A line a number."""
    made: list[str] = []
    for name, value in result.items():
        head = " " * indent + name.replace("_", " ")
        made += [head, *lines(value, indent + 2)] if isinstance(value, dict) else [f"{head}: {value}"]
    return made


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
