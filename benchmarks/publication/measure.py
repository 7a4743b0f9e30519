"""What is promised of the published site, measured: time to publish, room a report, milliseconds of home, report, queries and search."""

from __future__ import annotations

import random
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.publication import make
from benchmarks.publication.serving import median_ms, served
from storage import publish, queries, searching

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
# Empty: all of the country, which is the most to work out.
GIVEN = {"word": "诉讼", "organ": "财政局", "scope": "own", "region": "", "year": "2023", "strength": "", "key": ""}
APART = (f"{searching.INDEX}%", "texts")


def measure(reports: int = REPORTS, times: int = TIMES) -> dict[str, Any]:
    """All of it with ``reports`` invented reports in a folder of its own, thrown away afterwards."""
    with tempfile.TemporaryDirectory(prefix="publication-") as place:
        database, folder = Path(place) / "harvest.db", Path(place) / "site"
        began = time.perf_counter()
        make.write(database, reports)
        made = time.perf_counter()
        publish.publish(database, folder)
        told: dict[str, Any] = {"reports": reports, "made_s": made - began, "publish_s": time.perf_counter() - made}
        told |= {"bytes_a_report": room(folder / "harvest.db", reports)}
        with served(folder) as port:
            told["pages_ms"] = {path: median_ms(port, path, times) for path in ("/", *_report_pages(folder))}
            told["queries_ms"] = {name: median_ms(port, path, times) for name, path in _queries(folder)}
            told["search_ms"] = dict(_searches(folder, port, times))
    return told | {"missed": (missed := list(broken(told))), "kept": not missed}


def room(database: Path, reports: int) -> float:
    """Bytes a report of all that is neither text nor its index."""
    with closing(sqlite3.connect(database)) as connection:
        apart = " OR ".join("name LIKE ?" for _ in APART)
        (taken,) = connection.execute(f"SELECT sum(pgsize) FROM dbstat WHERE aggregate = 1 AND NOT ({apart})", APART).fetchone()
    return float(taken) / reports


def broken(told: dict[str, Any]) -> Iterator[str]:
    """What took longer, or more room, than is promised."""
    home, *others = told["pages_ms"].items()
    pairs = [(*home, PROMISED["home"]), *((path, taken, PROMISED["report"]) for path, taken in others)]
    pairs += [(name, taken, PROMISED["query"]) for name, taken in told["queries_ms"].items()]
    pairs += [(word, found["ms"], PROMISED["rare" if found["share"] < RARE else "frequent"]) for word, found in told["search_ms"].items()]
    pairs += [("publish", told["publish_s"], PROMISED["publish"]), ("bytes a report", told["bytes_a_report"], PROMISED["bytes"])]
    yield from (f"{name}: {taken:,.0f} of {most:,.0f}" for name, taken, most in pairs if taken > most)


def _report_pages(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "harvest.db")) as connection:
        (count,) = connection.execute("SELECT max(key) FROM reports").fetchone()
        chosen = sorted(random.Random(7).sample(range(1, count + 1), 3))
        ids = connection.execute(f"SELECT id FROM reports WHERE key IN ({', '.join(map(str, chosen))})").fetchall()
    return [f"/-/report/{ident}" for (ident,) in ids]


def _queries(folder: Path) -> Iterator[tuple[str, str]]:
    """Each ready-made question with parameters that have an answer."""
    with closing(sqlite3.connect(folder / "harvest.db")) as connection:
        head = "SELECT id, organ_id, organ FROM reports WHERE year = 2023 AND form = 'national_2021' LIMIT 1"
        ident, organ_id, organ = connection.execute(head).fetchone()
    given = {
        **GIVEN,
        "report_id": ident,
        "id": ident,
        "organ_id": organ_id,
        "name": organ,
        "row_key": "new_received",
        "column_key": "total",
    }
    for name in queries.QUERIES:
        yield name, f"/harvest/{name}?{urlencode(given)}"


def _searches(folder: Path, port: int, times: int) -> Iterator[tuple[str, dict[str, float]]]:
    """The page of each word, of one in a section, of one in a year and a region; the share of the reports that hold it."""
    with closing(sqlite3.connect(folder / "harvest.db")) as connection:
        (whole,) = connection.execute("SELECT count(*) FROM texts").fetchone()
        narrower: list[dict[str, str]] = [{}, {"section": "problems"}, {"year": "2023", "region": "河南"}]
        for word, filters in [(word, {}) for word in WORDS] + [("信息", filters) for filters in narrower]:
            (held,) = connection.execute("SELECT count(*) FROM texts WHERE instr(text, ?)", (word,)).fetchone()
            path = f"/-/search?{urlencode({'q': word, **filters})}"
            yield " ".join((word, *filters.values())), {"ms": median_ms(port, path, times), "share": held / whole}
