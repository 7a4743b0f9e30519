"""``python -m benchmarks.publication``: publishes invented reports, serves them, and tells what was promised and what was measured."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.publication.measure import PROMISED, REPORTS, TIMES, measure


def main(arguments: list[str]) -> int:
    """Exit status 1 when a promise is not kept."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.publication", description=__doc__)
    parser.add_argument("--reports", type=int, default=REPORTS, help=f"how many (default {REPORTS:,}, for which the promises are made)")
    parser.add_argument("--times", type=int, default=TIMES, help="requests of each address, of which the median counts")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="make database and site there and leave them; what is there is taken")
    given = parser.parse_args(arguments)
    told = measure(given.reports, given.times, given.keep)
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n" if given.json else "\n".join(lines(told)) + "\n")
    return 0 if told["kept"] else 1


def lines(told: dict[str, Any]) -> list[str]:
    """What is measured, a line each, and what was missed."""
    published = f"published in {told['publish_s']:.0f} s ({PROMISED['publish']:.0f}), {told['publish_cpu_s']:.0f} s of a processor"
    head = [f"{told['reports']:,} reports made in {told['made_s']:.0f} s, {published}"]
    head += [f"{taken:7.1f} s   {name}" for name, taken in told["parts_s"].items()]
    apart = f"{told['texts_bytes_a_report']:,} of text, {told['search_bytes_a_report']:,} to search it"
    head.append(f"{told['bytes_a_report']:,.0f} bytes a report ({PROMISED['bytes']:,.0f}), beside {apart}")
    head.append(f"{told['by_year_ms']:7.0f} ms  counting reports by year")
    pages = [f"{taken:7.0f} ms  {name}" for part in ("pages_ms", "others_ms", "queries_ms") for name, taken in told[part].items()]
    words = [f"{found['ms']:7.0f} ms  search {word} (in {found['share']:.1%})" for word, found in told["search_ms"].items()]
    return [*head, *pages, *words, *(f"missed: {miss}" for miss in told["missed"])]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
