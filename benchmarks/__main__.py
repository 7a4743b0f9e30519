"""``make bench``: runs all measurements and writes benchmarks/results.json and benchmarks/RESULTS.md with the machine and the date."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import crawl, extraction, persistence
from harvester import __version__

HERE = Path(__file__).parent
MEASUREMENTS: dict[str, Callable[[], dict[str, Any]]] = {
    "extraction": extraction.measure,
    "crawl": crawl.measure,
    "persistence": persistence.measure,
}


def main(arguments: list[str]) -> int:
    """Exit status 1 when a promise is not kept."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("only", nargs="*", help=f"some of {', '.join(MEASUREMENTS)}; default all, and only all are written down")
    only = parser.parse_args(arguments).only or list(MEASUREMENTS)
    results: dict[str, Any] = {"machine": machine(), "date": f"{datetime.now(UTC):%Y-%m-%d}", "version": __version__}
    for name in only:
        results[name] = in_a_process_of_its_own(name)
        sys.stdout.write("\n".join(lines_of(name, results[name])) + "\n\n")
        sys.stdout.flush()
    if set(only) == set(MEASUREMENTS):
        (HERE / "results.json").write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        (HERE / "RESULTS.md").write_text("\n".join(page(results)) + "\n", encoding="utf-8")
    return 0 if all(results[name]["kept"] for name in only) else 1


def in_a_process_of_its_own(name: str) -> dict[str, Any]:
    """One measurement does not inherit the memory, the caches or the one core of another."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        with os.fdopen(write, "w") as stream:
            json.dump(MEASUREMENTS[name](), stream)
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as stream:
        told = stream.read()
    os.waitpid(child, 0)
    if not told:
        raise SystemExit(f"benchmarks: {name} did not end well; what it said stands above")
    result: dict[str, Any] = json.loads(told)
    return result


def machine() -> str:
    """Processor, cores, system and Python in one line."""
    return f"{processor()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"


def processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text("utf-8").splitlines() if info.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or "unknown processor")


def page(results: dict[str, Any]) -> Iterator[str]:
    yield from ("# Results", "", f"{results['date']}, version {results['version']}, {results['machine']}.")
    yield "Medians; the things compared took turns in the same run. Made by `make bench`."
    for name in MEASUREMENTS:
        yield ""
        yield from lines_of(name, results[name])


def lines_of(name: str, result: dict[str, Any]) -> Iterator[str]:
    """One measurement as a table of Markdown."""
    yield from (f"## {name}", "", "| | |", "|---|---|")
    for key, value in result.items():
        if isinstance(value, dict):
            yield from (f"| {key.replace('_', ' ')}: {part.replace('_', ' ')} | {number(entry)} |" for part, entry in value.items())
        else:
            yield f"| {key.replace('_', ' ')} | {number(value)} |"


def number(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "**no**"
    return f"{value:,}" if isinstance(value, int | float) else str(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
