"""``python -m benchmarks``: measures what is named, one table of all; each run is a line of benchmarks/history.jsonl, and what is usual
(``make bench``) is written into benchmarks/results.json, benchmarks/RESULTS.md and the README."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.subjects import SUBJECTS, USUAL
from harvester import __version__

HERE = Path(__file__).parent
# What the four lines of a README's table say.
README = {
    "README.md": (
        "report pages of about 95 KB read into checked figures, one core",
        "the whole crawl: fetch, archive, read, check, store",
        "reports stored",
        "a report in the database with its text",
    ),
    "README.zh-CN.md": (
        "读一页约 95 KB 的报告并核对，单核",
        "整个爬取：抓取、存档、阅读、核对、入库",
        "报告入库",
        "一份报告（含全文）在库中所占",
    ),
}


def main(arguments: list[str]) -> int:
    """Exit status 1 when a promise is not kept; with ``--smoke`` none is made."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measures; the things compared take turns in the same run.")
    parser.add_argument("subjects", nargs="*", help=f"some of {', '.join(SUBJECTS)}, or all; default {', '.join(USUAL)}")
    parser.add_argument("--smoke", action="store_true", help="a run of seconds that only shows that it runs; nothing is written down")
    given = parser.parse_args(arguments)
    names = list(SUBJECTS) if given.subjects == ["all"] else given.subjects or USUAL
    if unknown := sorted({*names} - SUBJECTS.keys()):
        parser.error(f"no subject of that name: {', '.join(unknown)}")
    results: dict[str, Any] = {"machine": machine(), "date": f"{datetime.now(UTC):%Y-%m-%d}", "version": __version__}
    for name in names:
        results[name] = in_a_process_of_its_own(name, given.smoke)
        sys.stdout.write("\n".join(lines_of(name, results[name])) + "\n\n")
        sys.stdout.flush()
    sys.stdout.write("\n".join(summary(names, results)) + "\n")
    if given.smoke:
        return 0
    keep(names, results)
    return 0 if all(results[name]["kept"] for name in names) else 1


def keep(names: list[str], results: dict[str, Any]) -> None:
    """The run into the history; when all that is usual was measured, also into the pages that show the last one."""
    with (HERE / "history.jsonl").open("a", encoding="utf-8") as history:
        history.write(json.dumps(results, ensure_ascii=False) + "\n")
    if set(names) >= set(USUAL):
        shown = {name: results[name] for name in ("machine", "date", "version", *USUAL)}
        (HERE / "results.json").write_text(json.dumps(shown, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        (HERE / "RESULTS.md").write_text("\n".join(page(shown)) + "\n", encoding="utf-8")
        for readme, words in README.items():
            into_readme(HERE.parent / readme, words, shown)


def summary(names: list[str], results: dict[str, Any]) -> Iterator[str]:
    """All that was measured in one table."""
    yield f"{results['date']}, version {results['version']}, {results['machine']}"
    yield from ("", "| subject | measured | kept |", "|---|---|---|")
    for name in names:
        yield f"| {name} | {SUBJECTS[name].line(results[name])} | {number(results[name]['kept'])} |"


def into_readme(path: Path, words: tuple[str, ...], results: dict[str, Any]) -> None:
    """Puts the table of the four figures that matter between the marks in a README."""
    before, mark, rest = path.read_text("utf-8").partition("<!-- speed: written by make bench -->\n")
    _, end, after = rest.partition("<!-- /speed -->")
    if not (mark and end):
        raise SystemExit(f"benchmarks: {path} has lost the marks between which the figures stand")
    lines = ["| | | |", "|---|---|---|", *(f"| {word} | {told} | {beside} |" for word, (told, beside) in zip(words, headline(results)))]
    told = f"{results['date']}, {results['version']}: {results['machine']}"
    path.write_text(before + mark + "\n".join(["", *lines, "", told, ""]) + "\n" + end + after, encoding="utf-8")


def headline(results: dict[str, Any]) -> list[tuple[str, str]]:
    """(figure, what it is beside) for extraction, crawl, persistence and size."""
    extraction, crawl, persistence = (results[name] for name in ("extraction", "crawl", "persistence"))
    whole, bare = crawl["pages_per_second"]["whole belt"], crawl["pages_per_second"]["bare Scrapy"]
    read = next(iter(extraction["pages_per_second"].values()))
    stored, raw = persistence["reports_per_second"].values()
    return [
        (f"{read:,.0f}/s", f"{extraction['times_trafilatura']} × trafilatura"),
        (f"{whole:,.0f}/s", f"{crawl['share_of_bare_scrapy']} × bare Scrapy ({bare:,.0f}/s)"),
        (f"{stored:,.0f}/s", f"{persistence['share_of_raw']} × executemany ({raw:,.0f}/s)"),
        (f"{persistence['bytes_a_report'] / 1000:.1f} KB", "SQLite"),
    ]


def in_a_process_of_its_own(name: str, small: bool = False) -> dict[str, Any]:
    """One measurement does not inherit the memory, the caches or the one core of another."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        with os.fdopen(write, "w") as stream:
            json.dump(SUBJECTS[name].measure(small), stream)
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
    for name in USUAL:
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
