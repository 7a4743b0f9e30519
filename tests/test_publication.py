"""The published copy of many invented reports: the generator, the search index, what a page has to read, what is promised."""

from __future__ import annotations

import json
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.publication import __main__ as command
from benchmarks.publication import make, measure
from harvester.cli import cli
from harvester.errors import StorageError
from storage import beside, publish
from storage.database import Database
from storage.site.plugins import zh_search

REPORTS = 240


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("publication") / "harvest.db"
    make.write(path, REPORTS, sets=12)
    return path


@pytest.fixture(scope="module")
def copy(database: Path) -> sqlite3.Connection:
    publish.publish(database, database.parent / "site")
    return sqlite3.connect(database.parent / "site" / "harvest.db")


def test_invented_reports_make_a_valid_database(database: Path) -> None:
    with Database(database) as opened:
        asked = opened.connection.execute
        assert asked("PRAGMA foreign_key_check").fetchall() == []
        assert asked("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert asked("SELECT count(*) FROM reports WHERE superseded_by IS NULL").fetchone() == (REPORTS,)
        several = "SELECT count(*) FROM (SELECT report FROM capture GROUP BY report HAVING count(*) > 1)"
        for some in ("SELECT count(*) FROM reports WHERE superseded_by IS NOT NULL", "SELECT count(*) FROM issue", several):
            assert asked(some).fetchone()[0] > 0, some
        assert asked("SELECT count(*) FROM visit v JOIN capture c ON c.key = v.capture AND c.visit = v.key").fetchone() == (REPORTS,)
        years = asked("SELECT min(year), max(year), count(DISTINCT form), count(DISTINCT level) FROM reports").fetchone()
        assert years[0] < 2012
        assert years[1] == 2025
        assert years[2] >= 4
        assert years[3] >= 3
        sizes = [size for (size,) in asked("SELECT length(CAST(text AS BLOB)) FROM report_text")]
        assert 5000 < sum(sizes) / len(sizes) < 9000
        passed, failed = asked("SELECT sum(outcome = 'pass'), sum(outcome = 'fail') FROM checks").fetchone()
        assert 0 < failed < passed / 5
    told = CliRunner().invoke(cli, ["status", "--db", str(database)])
    assert told.exit_code == 0, told.output
    assert f"{REPORTS} reports" in told.output


def test_the_same_count_makes_the_same_reports(database: Path, tmp_path: Path) -> None:
    make.write(tmp_path / "again.db", REPORTS, sets=12)
    told = "SELECT group_concat(id), sum(year), sum(length(quality)) FROM (SELECT * FROM report ORDER BY key)"
    with Database(tmp_path / "again.db") as again, Database(database) as first:
        assert again.connection.execute(told).fetchone() == first.connection.execute(told).fetchone()


@pytest.mark.parametrize(
    ("view", "column"), [("reports", "id"), ("captures", "report_id"), ("figures", "report_id"), ("prose", "report_id")]
)
def test_what_is_read_for_one_report_is_looked_up(copy: sqlite3.Connection, view: str, column: str) -> None:
    plan = [row[3] for row in copy.execute(f"EXPLAIN QUERY PLAN SELECT * FROM {view} WHERE {column} = 'x'")]
    assert not [step for step in plan if step.startswith("SCAN") and step.split()[1] not in ("u", "t")], plan  # words of a few rows


def test_counting_by_year_goes_on_when_texts_and_captures_are_ruined(copy: sqlite3.Connection, tmp_path: Path) -> None:
    """What a query never reads may be anything."""
    (path,) = (row[2] for row in copy.execute("PRAGMA database_list"))
    ruined = tmp_path / "ruined.db"
    data = bytearray(Path(path).read_bytes())
    (size,) = copy.execute("PRAGMA page_size").fetchone()
    pages = copy.execute(
        "SELECT pageno FROM dbstat WHERE name IN ('texts', 'captures', '_capture', '_visit') OR name LIKE 'reports_fts%'"
    ).fetchall()
    for (page,) in pages:
        data[(page - 1) * size : page * size] = b"\xff" * size
    ruined.write_bytes(data)
    counted = "SELECT year, level, count(*) FROM reports WHERE superseded_by IS NULL GROUP BY year, level"
    with closing(sqlite3.connect(ruined)) as connection:
        assert connection.execute(counted).fetchall() == copy.execute(counted).fetchall()
        assert connection.execute("SELECT sum(new_received) FROM requests").fetchone()[0] > 0
        with pytest.raises(sqlite3.DatabaseError):
            connection.execute("SELECT sum(length(text)) FROM reports").fetchall()


def test_another_process_makes_the_same_index_of_repeats(
    database: Path, copy: sqlite3.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "FEW", 1)
    publish.publish(database, tmp_path / "site")
    assert not (tmp_path / "site" / "texts.db").exists()
    with closing(sqlite3.connect(tmp_path / "site" / "harvest.db")) as other:
        for told in ("SELECT * FROM boilerplate ORDER BY 1, 2, 3", "SELECT * FROM _section ORDER BY 1, 2"):
            found = other.execute(told).fetchall()
            assert found and found == copy.execute(told).fetchall()
    monkeypatch.setattr(beside, "PROGRAM", "raise SystemExit('no room')")
    with pytest.raises(StorageError, match="no room"):
        publish.publish(database, tmp_path / "site")


def test_columns_that_name_a_report_lead_to_it_by_an_index(copy: sqlite3.Connection) -> None:
    asked = "SELECT (SELECT r.title FROM reports r WHERE r.id = l.report_id) FROM ledger l"
    plan = [row[3] for row in copy.execute(f"EXPLAIN QUERY PLAN {asked}")]
    assert [step for step in plan if "report_public" in step], plan


def test_search_equals_like_on_words_of_the_texts(copy: sqlite3.Connection) -> None:
    rng = random.Random(6)
    texts = dict(copy.execute("SELECT key, text FROM texts"))
    for _ in range(150):
        text = rng.choice(list(texts.values()))
        begin = rng.randrange(len(text))
        line = text[begin : begin + rng.randint(1, 9)].split("\n")[0]
        words = line.split()
        asked = f"- head : ({zh_search.match(line)})"
        found = {key for (key,) in copy.execute("SELECT rowid FROM reports_fts WHERE reports_fts MATCH ?", (asked,))}
        clauses = " AND ".join("text LIKE ? ESCAPE '!'" for _ in words)
        escaped = ["%" + "".join(f"!{sign}" if sign in "!%_" else sign for sign in word) + "%" for word in words]
        assert not words or found == {key for (key,) in copy.execute(f"SELECT key FROM texts WHERE {clauses}", escaped)}, words


def test_everything_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    command.main(["--reports", "120", "--times", "1", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert set(told["queries_ms"]) == set(publish.queries.QUERIES)
    assert all(found["ms"] > 0 for found in told["search_ms"].values())
    assert told["search_ms"]["没有的词语"]["share"] == 0
    assert told["publish_s"] > 0
    assert told["kept"] == (not told["missed"])
    assert command.lines(told)


def test_what_is_missed_is_named() -> None:
    told = {"pages_ms": {"/": 301.0, "/-/report/x": 149.0}, "others_ms": {"/-/ledger": 1001.0}, "queries_ms": {"slow": 1001.0}}
    told |= {"publish_s": 901.0, "bytes_a_report": 8000.0}
    words = {"rare": {"ms": 101.0, "share": 0.01}, "frequent": {"ms": 499.0, "share": 0.9}}
    assert [miss.split(":")[0] for miss in measure.broken({**told, "search_ms": words})] == ["/", "/-/ledger", "slow", "rare", "publish"]


@pytest.mark.proof
def test_what_is_promised_of_the_published_site_is_kept() -> None:
    told = measure.measure()
    assert told["kept"], told["missed"]
