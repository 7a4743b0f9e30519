"""The model of a national crawl: computed from named assumptions, and what it takes as measured or as data is."""

from __future__ import annotations

import csv
import json
import runpy
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
MODEL: dict[str, Any] = runpy.run_path(str(ROOT / "docs" / "scale.py"))
TOLD = MODEL["values"]()


def test_the_page_is_current() -> None:
    page = (ROOT / "docs" / "scale.md").read_text("utf-8")
    assert MODEL["page"](page) == page, "python docs/scale.py"


def test_every_assumption_says_how_it_is_known() -> None:
    entries = [entry for named in MODEL["assumptions"]().values() for entry in named.values()]
    assert {entry["kind"] for entry in entries} <= {"measured", "data", "published", "recalled", "assumed"}
    assert all(entry["source"] for entry in entries)


def test_what_is_data_is_in_the_data() -> None:
    with (files("harvester.data") / "regions.csv").open(encoding="utf-8-sig", newline="") as stream:
        levels = [row["level"] for row in csv.DictReader(stream) if not row["valid_to"] and not row["code"].startswith("99")]
    assert levels.count("province") == TOLD["organs"]["provinces"]
    assert levels.count("prefecture") == TOLD["organs"]["prefectures"]
    assert levels.count("county") == pytest.approx(TOLD["organs"]["counties"], rel=0.01)
    with (files("harvester.data") / "townships.csv").open(encoding="utf-8-sig", newline="") as stream:
        townships = sum(not row["valid_to"] and not row["county_code"].startswith("99") for row in csv.DictReader(stream))
    assert townships == pytest.approx(TOLD["organs"]["townships"], rel=0.01)


def test_what_is_measured_is_near_the_last_measurement() -> None:
    told = json.loads((ROOT / "benchmarks" / "results.json").read_text("utf-8"))
    assert TOLD["machine"]["pages"] == pytest.approx(told["crawl"]["pages_per_second"]["whole belt"], rel=0.5)
    assert TOLD["bytes"]["database"] == pytest.approx(told["crawl"]["bytes_a_report"], rel=0.5)
    assert TOLD["bytes"]["archived_page"] == pytest.approx(2 * told["crawl"]["archive_bytes_a_page"], rel=0.5)


@pytest.mark.parametrize("reports", MODEL["REPORTS"])
def test_workers_help_until_one_host_alone_takes_longer(reports: int) -> None:
    taken = [MODEL["days"](reports, workers, TOLD) for workers in (1, 2, 10, 50)]
    assert [days for days, _ in taken] == sorted((days for days, _ in taken), reverse=True)
    assert taken[1][0] >= taken[0][0] / 2 * 0.999
    alone = reports * TOLD["portals"]["largest"] * max(TOLD["pace"]["delay"], TOLD["pace"]["latency"]) / MODEL["DAY"]
    assert taken[-1] == (pytest.approx(alone, rel=0.3), "the largest host")


def test_a_night_window_takes_as_many_times_longer() -> None:
    nights = TOLD | {"pace": TOLD["pace"] | {"hours": 8}}
    assert MODEL["days"](1e6, 1, nights)[0] == pytest.approx(3 * MODEL["days"](1e6, 1, TOLD)[0])
