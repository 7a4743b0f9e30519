"""The measurements run, with tiny counts here; with full counts and against what is promised in ``make bench`` and ``make proof``."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks import comparing, crawl, extraction, pages, persistence, recrawl, repeats, replay, subjects

ROOT = Path(__file__).parent.parent


def test_pages_weigh_what_they_say_and_differ() -> None:
    bodies = [pages.report_page(number) for number in range(30)]
    assert len(set(bodies)) == len(bodies)
    assert all(abs(len(body) - pages.SIZE) < pages.SIZE * 0.25 for body in bodies)


def test_extraction_measures_every_subject() -> None:
    code = "import json; from benchmarks import extraction; print(json.dumps(extraction.measure(3, 1)))"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert all(name in told.stdout for name in extraction.SUBJECTS)


def test_extraction_reads_the_pages_it_measures() -> None:
    """A fast reader that finds nothing would be no yardstick."""
    report = extraction.read_report(pages.report_page(1))
    assert report.kind == "report"
    assert sum(figure.status == "printed" for figure in report.figures) > 150


def test_crawl_measures_both_spiders() -> None:
    result = crawl.measure(pages=20, rounds=1)
    assert set(result["pages_per_second"]) == {"bare Scrapy", "whole belt", "whole belt in one process"}
    assert result["share_of_bare_scrapy"] > 0


def test_persistence_measures_and_stores_little() -> None:
    result = persistence.measure(reports=100, rounds=1, few=50, many=100)
    assert result["share_of_raw"] > 0
    assert result["bytes_a_report"] < 30_000, "a hundred reports, with the reference tables' share"


def test_comparing_measures_checks_between_reports() -> None:
    result = comparing.measure(reports=160)
    assert result["checks"] > 160 * 40
    assert result["one_report_ms"]["median"] > 0


def test_an_unchanged_portal_costs_a_hundredth_of_its_bytes_and_no_page_twice() -> None:
    result = recrawl.measure(pages=100, rounds=1)
    first, again = result["first_crawl"], result["second_crawl"]
    assert (first["new"], first["answers_200"], first["answers_304"]) == (100, 102, 0)
    assert (again["new"], again["unchanged"], again["answers_200"], again["answers_304"]) == (0, 100, 2, 100), "two pages of lists"
    assert result["share_of_bytes"] <= recrawl.PROMISED_BYTES


@pytest.mark.proof
def test_an_unchanged_portal_of_2_000_reports_and_what_that_costs_a_first_crawl() -> None:
    result = recrawl.measure()
    assert result["kept"], result


def test_repeats_measures_the_index_beside_difflib() -> None:
    result = repeats.measure(reports=80, pairs=6)
    ours, theirs = result["pairs_a_second"].values()
    assert ours > theirs > 0
    assert result["rows"] > 80


def test_one_command_measures_what_is_named_and_a_smoke_run_writes_nothing_down() -> None:
    written = {path: path.stat().st_mtime_ns for path in (ROOT / "benchmarks").glob("*.*")}
    asked = [sys.executable, "-m", "benchmarks", "--smoke", "comparing", "persistence"]
    told = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    table = told[told.index("| subject |") :].splitlines()
    assert [line.split(" | ")[0] for line in table[2:]] == ["| comparing", "| persistence"]
    assert "share of raw " in table[3] and "bytes a report " in table[3]
    assert {path: path.stat().st_mtime_ns for path in (ROOT / "benchmarks").glob("*.*")} == written


@pytest.mark.proof
def test_everything_that_can_be_measured_runs() -> None:
    asked = [sys.executable, "-m", "benchmarks", "--smoke", "all"]
    told = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert all(f"| {name} | " in told for name in subjects.SUBJECTS)


def test_a_run_is_a_line_of_the_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "HERE", tmp_path)
    for count in (1, 2):
        command.keep(["comparing"], {"machine": "M", "date": "2026-01-01", "version": "1", "comparing": {"kept": True, "checks": count}})
    lines = [json.loads(line) for line in (tmp_path / "history.jsonl").read_text("utf-8").splitlines()]
    assert [(line["version"], line["comparing"]["checks"]) for line in lines] == [("1", 1), ("1", 2)]
    assert not (tmp_path / "results.json").exists(), "not all of the usual was measured"


@pytest.mark.proof
def test_the_index_of_repeats_of_many_reports_takes_minutes() -> None:
    assert repeats.measure()["kept"]


@pytest.mark.proof
def test_checks_between_reports_are_quick_in_a_large_database() -> None:
    assert comparing.measure()["kept"]


@pytest.mark.proof
@pytest.mark.parametrize("name", ["extraction", "crawl", "persistence", "hosts", "replay"])
def test_what_is_promised_is_kept(name: str) -> None:
    told = subprocess.run([sys.executable, "-m", "benchmarks", name], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def test_a_replay_is_measured_beside_trafilatura() -> None:
    told = replay.measure(30, 1, 2, 5, 10)
    assert set(told["pages_per_second"]) >= {"replay --workers 1", "replay --workers 2", "trafilatura.extract, 2 processes"}
    assert all(speed > 0 for speed in told["pages_per_second"].values())
    assert all(size > 50 for size in told["peak_mb"].values())


@pytest.mark.proof
def test_memory_of_a_replay_is_flat_up_to_100_000_pages() -> None:
    small, large = (replay.memory_of(count, replay.small_page) for count in (2_000, 100_000))
    assert large - small <= replay.PROMISED_GROWTH, f"{small} MB at 2,000 pages, {large} MB at 100,000"


@pytest.mark.proof
def test_memory_is_flat_from_1_000_to_20_000_pages() -> None:
    small, large = (crawl.measure_memory(count) for count in (1_000, 20_000))
    assert large - small <= persistence.PROMISED_GROWTH, f"{small} MB at 1,000 pages, {large} MB at 20,000"


def test_the_seconds_of_all_readers_are_one_table_between_the_marks_of_the_page(tmp_path: Path) -> None:
    pytest.importorskip("cv2", reason="the extra ocr is not installed")
    from benchmarks.documents import __main__ as seconds

    of_pdf = {"by hand": 0.01, "by hand: pdfplumber": 0.2}
    told = seconds.table({"pdf": {"seconds_a_page": of_pdf, "times_pdfplumber": {"by hand": 20.0}}, "doc": {"seconds_a_page": 0.6}})
    assert told[2:4] == ["| pdf, by hand | 0.01 | pdfplumber 0.2: 20.0 times as long |", "| doc | 0.6 |  |"]
    page = tmp_path / "reading.md"
    page.write_text(f"before\n{seconds.BEGIN}old\n{seconds.END}\nafter\n", "utf-8")
    for _ in range(2):
        seconds.write(page, told)
    text = page.read_text("utf-8")
    assert text.startswith("before\n") and text.endswith("\nafter\n") and "old" not in text and text.count("| doc |") == 1
    page.write_text("nothing", "utf-8")
    with pytest.raises(SystemExit, match="lost the marks"):
        seconds.write(page, told)
    assert seconds.PAGE.read_text("utf-8").count(seconds.BEGIN) == 1
