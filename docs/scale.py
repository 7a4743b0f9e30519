"""What a crawl of the whole country takes: computed from docs/scale.toml and written into docs/scale.md, by ``python docs/scale.py``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TARGET = HERE / "scale.md"
WORKERS = (1, 10, 50)
REPORTS = (200_000, 1_000_000, 5_000_000)
DAY = 24 * 3600
BLOCK = re.compile(r"(<!-- table: (\w+) -->\n).*?(?=<!-- end -->)", re.DOTALL)

Values = dict[str, dict[str, float]]


def assumptions() -> dict[str, dict[str, dict[str, Any]]]:
    """Group -> name -> value, kind and source."""
    return tomllib.loads((HERE / "scale.toml").read_text("utf-8"))


def values() -> Values:
    """Group -> name -> value."""
    return {group: {name: entry["value"] for name, entry in named.items()} for group, named in assumptions().items()}


def organs(told: Values) -> dict[str, float]:
    """Bodies that report, by the kind of government they belong to."""
    count = told["organs"]
    return {
        "State Council": count["ministries"],
        **{f"{name} level": count[f"{plural}"] * (1 + count[f"departments_of_a_{name}"]) for name, plural in PLURALS.items()},
        "townships and streets": count["townships"],
    }


PLURALS = {"province": "provinces", "prefecture": "prefectures", "county": "counties"}


def requests(reports: float, told: Values) -> float:
    """Requests of a first crawl: each report's page, its list pages, the files of those that carry one."""
    return reports * (1 + 1 / told["portals"]["links_a_list_page"] + told["bytes"]["files"])


def days(reports: float, workers: int, told: Values) -> tuple[float, str]:
    """(days of a first crawl, what bounds it). Hosts are divided between workers and each host is asked one page at a time."""
    pace, asked = told["pace"], requests(reports, told)
    a_host = max(pace["delay"], pace["latency"])
    rates = {
        "requests at a time": pace["concurrency"] / pace["latency"] * workers,
        "reading": told["machine"]["pages"] * workers,
        "hosts at their pace": told["portals"]["hosts"] / a_host,
    }
    bounds = {name: asked / rate for name, rate in rates.items()} | {"the largest host": asked * told["portals"]["largest"] * a_host}
    slowest = max(bounds, key=lambda name: bounds[name])
    return bounds[slowest] / DAY * 24 / pace["hours"], slowest


def sizes(reports: float, told: Values) -> dict[str, float]:
    """Bytes: on the wire, in the archive, in the database, in the published copy."""
    size = told["bytes"]
    files = reports * size["files"] * size["file"]
    database = reports * size["database"]
    return {
        "downloaded": reports * size["page"] + files,
        "archive": reports * size["archived_page"] + files,
        "database": database,
        "published": database + reports * size["search"],
    }


def whole(told: Values) -> float:
    """Reports that can still be found, all years."""
    return sum(organs(told).values()) * told["reports"]["years"] * told["reports"]["still_there"]


def _organs(told: Values) -> Iterator[str]:
    yield "| published by | reports a year |\n|---|---:|"
    for name, count in organs(told).items():
        yield f"| {name} | {count:,.0f} |"
    total = sum(organs(told).values())
    yield f"| together | {total:,.0f} |\n"
    years, share = told["reports"]["years"], told["reports"]["still_there"]
    yield f"{years:.0f} years, {share:.0%} of them still there: about {whole(told):,.0f} reports."


def _days(told: Values) -> Iterator[str]:
    yield (
        "| reports | "
        + " | ".join(f"{workers} worker{'s' if workers > 1 else ''}" for workers in WORKERS)
        + " |\n|---:|"
        + "---:|" * len(WORKERS)
    )
    for reports in REPORTS:
        found = [days(reports, workers, told) for workers in WORKERS]
        yield f"| {reports:,} | " + " | ".join(f"{_told(taken)} ({bound})" for taken, bound in found) + " |"


def _told(taken: float) -> str:
    return f"{taken:.1f} days" if taken >= 2 else f"{taken * 24:.1f} hours"


def _sizes(told: Values) -> Iterator[str]:
    yield "| reports | downloaded | archive | database | published | an unchanged re-crawl downloads |\n|---:|---:|---:|---:|---:|---:|"
    for reports in REPORTS:
        found = sizes(reports, told)
        cells = [f"{found[name] / 1e9:,.0f} GB" for name in ("downloaded", "archive", "database", "published")]
        yield f"| {reports:,} | {' | '.join(cells)} | {found['downloaded'] * told['bytes']['revalidated'] / 1e9:,.1f} GB |"


def _assumptions(_: Values) -> Iterator[str]:
    yield "| what | value | how it is known | source |\n|---|---:|---|---|"
    for group, named in assumptions().items():
        for name, entry in named.items():
            yield f"| {group}: {name.replace('_', ' ')} | {entry['value']:,} | {entry['kind']} | {entry['source']} |"


TABLES = {"organs": _organs, "days": _days, "sizes": _sizes, "assumptions": _assumptions}


def page(text: str) -> str:
    """The page with its tables computed anew."""
    told = values()
    return BLOCK.sub(lambda match: match[1] + "\n".join(TABLES[match[2]](told)) + "\n", text)


if __name__ == "__main__":
    TARGET.write_text(page(TARGET.read_text("utf-8")), "utf-8")
