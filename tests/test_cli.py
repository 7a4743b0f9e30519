"""The command line as users script against it: what it prints, what it leaves behind, how it ends."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import ROOT, Command, Crawled, run_harvester

from harvester import __version__, reading, sample
from harvester.cli import cli
from harvester.sample import Truth

COMMANDS = (
    "run",
    "crawl",
    "parse",
    "ingest",
    "replay",
    "export",
    "release",
    "publish",
    "serve",
    "status",
    "portals",
    "discover",
    "merge",
    "audit",
)
SEEDS = ROOT.parent / "shared" / "seeds"
SUMMARY_KEYS = {"run_id", "started", "seconds", "requests", "bytes", "portals"}
HEADER = "portal_id,name,region_code,list_url,family,min_reports,note\n"
PORTAL_KEYS = {"portal_id", "outcome", "reason", "listed", "fetched", "new", "changed", "unchanged", "withdrawn", "rejected"}


@pytest.fixture(scope="module")
def truth() -> list[Truth]:
    with sample.serve(first_port=0) as served:
        return served.truth


@pytest.fixture
def copy(crawled: Crawled, tmp_path: Path) -> Path:
    """A folder of its own with what the crawl of the sample left behind."""
    shutil.copytree(crawled.folder / "data", tmp_path / "data")
    return tmp_path


def one_line(told: subprocess.CompletedProcess[str]) -> str:
    assert "Traceback" not in told.stderr + told.stdout
    assert len(told.stderr.strip().splitlines()) == 1, told.stderr
    assert told.stderr.startswith("harvester: ")
    return told.stderr


def rows(database: Path, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


CURRENT = "SELECT id, title, organ, year, form, region_code FROM reports WHERE superseded_by IS NULL ORDER BY id"


# --- help and wrong usage ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMMANDS)
def test_help_shows_an_example(name: str) -> None:
    told = CliRunner().invoke(cli, [name, "--help"])
    assert told.exit_code == 0
    assert f"\n  harvester {name}" in told.output


def test_there_are_no_other_commands() -> None:
    assert sorted(cli.commands) == sorted(COMMANDS)


def test_version(command: Command) -> None:
    assert command("--version").stdout.strip() == f"harvester, version {__version__}"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["harvest"], "No such command 'harvest'"),
        (["crawl", "--yeers", "2021"], "--yeers"),
        (["crawl", "--years", "2021-"], "--years 2021-: write one year (2021) or a range"),
        (["crawl", "--years", "2025-2019"], "write one year"),
        (["crawl", "-s", "DOWNLOAD_DELAY"], "-s DOWNLOAD_DELAY: write a Scrapy setting as NAME=VALUE"),
        (["crawl", "--sample", "henan"], "--sample crawls the embedded portals"),
        (["crawl", "no-such-portal"], "unknown portal id 'no-such-portal'"),
        (["crawl", "longnan-zfb"], "the list of longnan-zfb is not known yet"),
        (["portals", "check", "no-such-portal"], "unknown portal id 'no-such-portal'"),
        (["parse"], "Missing argument"),
        (["parse", "no-such-file.html"], "no-such-file.html"),
        (["ingest", "no-such-folder"], "no-such-folder"),
        (["replay"], "data/archive: no such archive"),
        (["status"], "data/harvest.db: no such database; make one with"),
        (["audit"], "data/harvest.db: no such database; make one with"),
        (["audit", "--sample", "0"], "0 is not in the range"),
        (["audit", "--sample", "3", "README.md"], "README.md"),
        (["publish", "--out", "site"], "data/harvest.db: no such database"),
        (["export", "--format", "corpus", "--out", "corpus"], "data/harvest.db: no such database"),
        (["export", "--format", "docx", "--out", "corpus"], "'docx' is not one of"),
        (["serve", "--port", "0"], "0 is not in the range"),
    ],
)
def test_wrong_usage_is_one_line_and_status_2(command: Command, arguments: list[str], told: str, tmp_path: Path) -> None:
    finished = command(*arguments)
    assert finished.returncode == 2
    assert told in one_line(finished)
    assert not (tmp_path / "data").exists(), "wrong usage leaves nothing behind"


def test_a_malformed_registry_line_is_named_by_its_number(command: Command, tmp_path: Path) -> None:
    registry = tmp_path / "mine.csv"
    registry.write_text(
        "portal_id,name,region_code,list_url,family,min_reports,note\na,甲,410000,http://a.gov.cn/,,,\nb,乙,41,,,,\n", "utf-8"
    )
    finished = command("crawl", "--portals", registry)
    assert finished.returncode == 2
    assert f"{registry}:3:" in one_line(finished)


# --- parse ---------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """One report page as the sample's county serves it."""
    with sample.serve(first_port=0) as served:
        report = next(report for report in served.truth if report.portal_id == "sample-yunxi" and report.figures)
        with urllib.request.urlopen(report.urls[0]) as answer:
            (tmp_path / "报告.html").write_bytes(answer.read())
    return tmp_path / "报告.html"


def test_parse_prints_one_object_a_line_with_the_promised_keys(command: Command, page: Path) -> None:
    finished = command("parse", page.name, page.name)
    assert (finished.returncode, finished.stderr) == (0, "")
    line, same = map(json.loads, finished.stdout.splitlines())
    assert line == same
    assert tuple(line) == reading.KEYS
    assert line["source"] == "报告.html"
    assert line["kind"] == "report"
    for part, keys in reading.PART_KEYS.items():
        assert all(tuple(entry) == keys for entry in line[part])
    assert line["figures"] and line["checks"]


def test_parse_tells_an_unreadable_file_and_reads_the_rest(command: Command, page: Path, tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.7\n...")
    (tmp_path / "empty.html").write_bytes(b"")
    finished = command("parse", "scan.pdf", "empty.html", page.name)
    assert finished.returncode == 1
    assert [json.loads(line)["kind"] for line in finished.stdout.splitlines()] == ["unreadable", "unreadable", "report"]
    assert [line.split(": ")[1] for line in finished.stderr.splitlines()] == ["scan.pdf", "empty.html"]


def test_parse_ends_quietly_when_nobody_reads(page: Path) -> None:
    reader = subprocess.Popen(["head", "-c", "100"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    told = subprocess.run(
        [sys.executable, "-m", "harvester", "parse", *[str(page)] * 30],
        stdout=reader.stdin,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        check=False,
    )
    assert reader.stdin
    reader.stdin.close()
    reader.wait()
    assert told.stderr == b""


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the five seed reports are not here")
def test_parse_reads_the_seed_reports(command: Command) -> None:
    expected = json.loads((SEEDS / "truth.json").read_text("utf-8"))["seeds"]
    finished = command("parse", *sorted(SEEDS.glob("*.txt")))
    assert finished.returncode == 0
    found = {Path(line["source"]).name: line for line in map(json.loads, finished.stdout.splitlines())}
    for name, truth in expected.items():
        line = found[name]
        told = (line["title"], line["organ"], line["year"], line["form"])
        assert told == (truth["title"], truth["issuer"], truth["year"], truth["form_era"])


# --- a crawl of the sample portals ---------------------------------------------------------------------------------------------------


def test_crawl_finds_every_report_and_no_look_alike(crawled: Crawled, truth: list[Truth]) -> None:
    found = rows(crawled.database, "SELECT title, organ, year, form, region_code, level, scope FROM reports WHERE superseded_by IS NULL")
    expected = [(one.title, one.organ, one.year, one.form, one.region_code, one.level, one.scope) for one in truth]
    assert sorted(found) == sorted(expected)


def test_crawl_stores_what_the_pages_print(crawled: Crawled, truth: list[Truth]) -> None:
    """Every cell of every sample report: its printed string, under the report of that organ and year."""
    sql = """SELECT r.title, r.year, f.table_key, f.row_key, f.column_key, f.printed FROM figures f JOIN reports r ON r.id = f.report_id
        WHERE f.status <> 'absent'"""
    found = {(title, year, (table, row, column)): printed for title, year, table, row, column, printed in rows(crawled.database, sql)}
    expected = {(one.title, one.year, place): text for one in truth for place, text in one.figures.items() if text is not None}
    assert {place: found.get(place) for place in expected} == expected


def test_crawl_writes_the_run_summary(crawled: Crawled) -> None:
    summary = json.loads(crawled.summary.read_text("utf-8"))
    assert set(summary) == SUMMARY_KEYS
    assert all(set(portal) == PORTAL_KEYS for portal in summary["portals"])
    assert sum(portal["new"] for portal in summary["portals"]) == rows(crawled.database, "SELECT count(*) FROM reports")[0][0]
    assert summary["requests"] > 100


def test_crawl_ends_with_what_is_new_and_what_to_type_next(crawled: Crawled) -> None:
    assert "Traceback" not in crawled.told.stderr
    lines = crawled.told.stdout.splitlines()
    assert lines[-1].strip() == "next: harvester serve"
    assert any(line.startswith("new (") for line in lines)
    summary = json.loads(crawled.summary.read_text("utf-8"))
    undone = [portal["portal_id"] for portal in summary["portals"] if portal["outcome"] != "complete"]
    assert [line.split(": ")[1] for line in crawled.told.stderr.splitlines()] == undone
    assert crawled.told.returncode == (1 if undone else 0)


def test_a_second_crawl_fetches_what_changed_and_says_so(copy: Path, crawled: Crawled) -> None:
    summary = copy / "second.json"
    finished = run_harvester("crawl", "--sample", "--summary", summary, cwd=copy)
    told = json.loads(summary.read_text("utf-8"))
    total = {name: sum(portal[name] for portal in told["portals"]) for name in ("new", "changed", "unchanged", "withdrawn")}
    assert (total["new"], total["changed"], total["withdrawn"]) == (0, 1, 0)
    reports = len(rows(crawled.database, "SELECT 1 FROM reports WHERE superseded_by IS NULL"))
    assert total["unchanged"] >= reports - 1, "a report that two portals show is unchanged at both"
    assert "changed (1)" in finished.stdout
    assert f"1 changed, {reports - 1} unchanged; " in finished.stdout
    assert told["bytes"] < json.loads(crawled.summary.read_text("utf-8"))["bytes"] / 2
    superseded = rows(copy / "data" / "harvest.db", "SELECT superseded_by FROM reports WHERE superseded_by IS NOT NULL")
    assert len(superseded) == 1


def test_an_interrupted_crawl_keeps_what_it_has_and_goes_on(tmp_path: Path, truth: list[Truth]) -> None:
    command = [sys.executable, "-m", "harvester", "crawl", "--sample", "-s", "DOWNLOAD_DELAY=0.2"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        wait_for(lambda: captures(tmp_path) > 5)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "interrupted; what was finished is kept" in stderr
    assert "Traceback" not in stderr
    kept = rows(tmp_path / "data" / "harvest.db", "SELECT id FROM reports")
    assert 0 < len(kept) < len(truth)
    assert not list((tmp_path / "data" / "archive").glob("*.open"))


def captures(folder: Path) -> int:
    try:
        return int(str(rows(folder / "data" / "harvest.db", "SELECT count(*) FROM captures")[0][0]))
    except sqlite3.Error:
        return 0


def wait_for(condition: object, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end, "it never came"
        time.sleep(0.1)


@pytest.mark.skipif(sys.platform != "linux", reason="limits the size of files as Linux does")
@pytest.mark.parametrize("most", [pytest.param(300_000, marks=pytest.mark.proof), 1_300_000])
def test_a_full_disk_is_told_and_the_run_goes_on_when_there_is_room(tmp_path: Path, truth: list[Truth], most: int) -> None:
    """Files may not grow beyond ``most`` bytes: the run meets that before its first page, or in the middle."""
    code = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most})); from harvester.cli import main; main()"
    command = [sys.executable, "-c", code, "crawl", "--sample"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    full = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert full.returncode == 1
    assert "Traceback" not in full.stdout + full.stderr
    assert re.search(r"^harvester: data/(archive/|harvest\.db).*make room", full.stderr, flags=re.MULTILINE)
    again = run_harvester("crawl", "--sample", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert len(rows(tmp_path / "data" / "harvest.db", "SELECT 1 FROM reports WHERE superseded_by IS NULL")) == len(truth)


def test_a_summary_that_cannot_be_written_is_told_before_the_crawl(command: Command, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    finished = command("crawl", "--sample", "--summary", "file/summary.json")
    assert finished.returncode == 1
    assert "name another place with --summary" in one_line(finished)


# --- ingest, replay, export ----------------------------------------------------------------------------------------------------------


def test_ingest_takes_a_folder_in_and_twice_changes_nothing(command: Command, page: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    shutil.move(page, tmp_path / "in" / "a.html")
    first, database = command("ingest", "in"), tmp_path / "data" / "harvest.db"
    assert first.returncode == 0, first.stderr
    before = rows(database, "SELECT * FROM reports"), rows(database, "SELECT * FROM figures"), rows(database, "SELECT * FROM captures")
    second = command("ingest", "in")
    assert second.returncode == 0
    assert "1 unchanged; " in second.stdout
    assert before == (
        rows(database, "SELECT * FROM reports"),
        rows(database, "SELECT * FROM figures"),
        rows(database, "SELECT * FROM captures"),
    )
    assert len(before[0]) == 1


def test_ingest_keeps_going_after_an_unreadable_file(command: Command, page: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    shutil.move(page, tmp_path / "in" / "b.html")
    (tmp_path / "in" / "a.pdf").write_bytes(b"%PDF-1.7\n...")
    finished = command("ingest", "in")
    assert finished.returncode == 1
    assert "a.pdf" in one_line(finished)
    assert len(rows(tmp_path / "data" / "harvest.db", "SELECT 1 FROM reports")) == 1


def test_replay_into_a_new_database_gives_the_same_reports(copy: Path, crawled: Crawled) -> None:
    finished = run_harvester("replay", "--db", "fresh.db", cwd=copy)
    assert finished.returncode == 0, finished.stderr
    for question in (CURRENT, "SELECT * FROM checks ORDER BY 1, 2, 3", "SELECT * FROM source_errors ORDER BY 1, 2, 3"):
        assert rows(copy / "fresh.db", question) == rows(crawled.database, question)


def test_an_exported_corpus_comes_back_with_the_same_ids(copy: Path, crawled: Crawled) -> None:
    assert run_harvester("export", "--format", "corpus", "--out", "corpus", cwd=copy).returncode == 0
    finished = run_harvester("ingest", "corpus", "--db", "again.db", "--archive", "again", cwd=copy)
    assert finished.returncode == 0, finished.stderr
    # The sample's regions are unknown to a database of its own; the manifest holds each report's code.
    ids = "SELECT id, year, region_code FROM reports WHERE superseded_by IS NULL ORDER BY id"
    assert rows(copy / "again.db", ids) == rows(crawled.database, ids)
    assert run_harvester("replay", "--db", "once-more.db", "--archive", "again", cwd=copy).returncode == 0
    assert rows(copy / "once-more.db", ids) == rows(crawled.database, ids)


@pytest.mark.parametrize("form", ["corpus", "csv", "jsonl", "datapackage", "parquet"])
def test_export_writes_every_format(copy: Path, form: str) -> None:
    finished = run_harvester("export", "--format", form, "--out", "out", cwd=copy)
    assert finished.returncode == 0, finished.stderr
    assert any((copy / "out").iterdir())


# --- databases that are not ours -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["status"], ["publish", "--out", "site"], ["ingest", "a.txt"], ["crawl", "--sample"]])
def test_a_foreign_database_is_left_alone(command: Command, tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "a.txt").write_text("政府信息公开工作年度报告", "utf-8")
    other = tmp_path / "other.db"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE addresses (name TEXT)")
    connection.commit()
    connection.close()
    before = other.read_bytes()
    finished = command(*arguments, "--db", other)
    assert finished.returncode == 1
    assert "other.db: a database of another program" in one_line(finished)
    assert other.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_one_line(command: Command, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be", "utf-8")
    finished = command("crawl", "--sample")
    assert finished.returncode == 1
    assert "data" in one_line(finished)


# --- looking -------------------------------------------------------------------------------------------------------------------------


def test_status_tells_what_is_there(copy: Path, truth: list[Truth]) -> None:
    facts = json.loads(run_harvester("status", "--json", cwd=copy).stdout)
    assert facts["reports"] == len(truth)
    assert {row["year"]: row["reports"] for row in facts["years"]} == {
        year: sum(one.year == year for one in truth) for year in {one.year for one in truth}
    }
    assert len(facts["runs"]) == 1
    human = run_harvester("status", cwd=copy).stdout
    assert f"{len(truth)} reports" in human
    assert all(row["portal"] in human for row in facts["portals"])


def test_portals_lists_the_registry(command: Command) -> None:
    finished = command("portals")
    assert finished.returncode == 0
    assert "portals; the list of" in finished.stdout


def test_portals_check_asks_each_list_once(command: Command) -> None:
    with sample.serve(first_port=0) as served:
        finished = command("portals", "check", "--portals", served.portals_csv, "-s", "DOWNLOAD_DELAY=0")
        asked = dict(served.requests)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert f"{len(served.base_urls)} of {len(served.base_urls)} lists answer" in finished.stdout
    assert all(asked[name] <= 4 for name in served.base_urls), "the list, two requests for its first rows at most, and robots.txt"


def test_portals_check_says_what_is_silent(command: Command, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    registry = tmp_path / "mine.csv"
    registry.write_text(f"{HEADER}gone,无,,http://127.0.0.1:{port}/,,,\n", "utf-8")
    finished = command("portals", "check", "--portals", registry, "-s", "RETRY_ENABLED=False", "-s", "DOWNLOAD_DELAY=0")
    assert finished.returncode == 1
    assert "unreachable" in finished.stdout
    assert "Traceback" not in finished.stderr


def test_serve_publishes_and_answers(copy: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "harvester", "serve", "--port", str(port)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=copy, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            wait_for(lambda: answers(port))
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/-/databases.json") as answer:
                assert json.load(answer)
        finally:
            process.terminate()
            process.communicate(timeout=30)


def answers(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def test_serve_on_a_port_in_use_is_one_line(copy: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        finished = run_harvester("serve", "--port", port, cwd=copy)
    assert finished.returncode == 2
    assert finished.stderr.splitlines() == [f"harvester: --port {port}: another program listens there; end it or give another --port"]
