"""What is promised of the published site, measured: time to publish, room a report, milliseconds of home, report, queries and search."""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.publication import addresses, building
from benchmarks.publication.serving import median_ms, served
from storage import searching

REPORTS = 100_000
TIMES = 7
RARE = 0.05  # share of the reports that hold a word
# Milliseconds, but for seconds of publishing and bytes a report.
PROMISED = {"home": 300.0, "report": 150.0, "query": 1000.0, "rare": 100.0, "frequent": 500.0, "publish": 900.0, "bytes": 8192.0}
# One sign to a dozen, rare and frequent, and one that is nowhere.
WORDS = (
    "诉",
    "麒",
    "申请",
    "诉讼",
    "鹿苑镇",
    "麒麟村",
    "信息处理费",
    "科技成果转化",
    "政府信息公开",
    "政府信息公开工作年度报告",
    "，群众",
    "2023年",
    "没有的词语",
)
ROOM = """SELECT CASE WHEN name LIKE :index THEN 'search' WHEN name = 'texts' THEN 'texts' ELSE 'rest' END, sum(pgsize)
    FROM dbstat WHERE aggregate = 1 GROUP BY 1"""


def measure(reports: int = REPORTS, times: int = TIMES, keep: Path | None = None) -> dict[str, Any]:
    """All of it with ``reports`` invented reports: in the folder ``keep``, where what is there already is taken as it is, or in one that is
    thrown away afterwards."""
    with tempfile.TemporaryDirectory(prefix="publication-") as fresh:
        place = keep or Path(fresh)
        place.mkdir(parents=True, exist_ok=True)
        told = building.built(place, reports)
        folder = place / "site"
        rooms = room(folder / "harvest.db", reports)
        told |= {"bytes_a_report": rooms["rest"], "texts_bytes_a_report": rooms["texts"], "search_bytes_a_report": rooms["search"]}
        told["by_year_ms"] = by_year(folder / "harvest.db", times)
        with served(folder) as port:
            told["pages_ms"] = {path: median_ms(port, path, times) for path in ("/", *addresses.reports(folder))}
            told["others_ms"] = {path: median_ms(port, path, times) for path in addresses.others(folder)}
            told["queries_ms"] = {name: median_ms(port, path, times) for name, path in addresses.questions(folder)}
            told["search_ms"] = dict(_searches(folder, port, times))
    return told | {"missed": (missed := list(broken(told))), "kept": not missed}


def by_year(database: Path, times: int) -> float:
    """Milliseconds of counting the reports by year, which reads no text."""
    with closing(sqlite3.connect(database)) as connection:
        taken = []
        for _ in range(times + 1):
            began = time.perf_counter()
            connection.execute("SELECT year, count(*) FROM reports WHERE superseded_by IS NULL GROUP BY year").fetchall()
            taken.append((time.perf_counter() - began) * 1000)
    return round(statistics.median(taken[1:]), 1)


def room(database: Path, reports: int) -> dict[str, int]:
    """Bytes a report of the texts, of the index for searching them, and of the rest."""
    with closing(sqlite3.connect(database)) as connection:
        taken = dict(connection.execute(ROOM, {"index": f"{searching.INDEX}%"}))
    return {part: round(taken.get(part, 0) / reports) for part in ("texts", "search", "rest")}


def broken(told: dict[str, Any]) -> Iterator[str]:
    """What took longer, or more room, than is promised."""
    home, *others = told["pages_ms"].items()
    pairs = [(*home, PROMISED["home"]), *((path, taken, PROMISED["report"]) for path, taken in others)]
    pairs += [(name, taken, PROMISED["query"]) for part in ("others_ms", "queries_ms") for name, taken in told[part].items()]
    pairs += [(word, found["ms"], PROMISED["rare" if found["share"] < RARE else "frequent"]) for word, found in told["search_ms"].items()]
    pairs += [("publish", told["publish_s"], PROMISED["publish"]), ("bytes a report", told["bytes_a_report"], PROMISED["bytes"])]
    yield from (f"{name}: {taken:,.0f} of {most:,.0f}" for name, taken, most in pairs if taken > most)


def _searches(folder: Path, port: int, times: int) -> Iterator[tuple[str, dict[str, float]]]:
    """The page of each word, of one in a section, of one in a year and a region; the share of the reports that hold it."""
    with closing(sqlite3.connect(folder / "harvest.db")) as connection:
        (whole,) = connection.execute("SELECT count(*) FROM texts").fetchone()
        narrower: list[dict[str, str]] = [{}, {"section": "problems"}, {"year": "2023", "region": "河南"}]
        for word, filters in [(word, {}) for word in WORDS] + [("信息", filters) for filters in narrower]:
            (held,) = connection.execute("SELECT count(*) FROM texts WHERE instr(text, ?)", (word,)).fetchone()
            path = f"/-/search?{urlencode({'q': word, **filters})}"
            yield " ".join((word, *filters.values())), {"ms": median_ms(port, path, times), "share": held / whole}
