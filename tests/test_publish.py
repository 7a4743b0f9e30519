"""The published folder: what Datasette shows is what the database holds, in keys it can follow and words it can find."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from harvester.errors import StorageError
from storage import counting, publish, queries, static, tables
from storage.database import Database
from storage.publish import fresh, serve_args
from tests.storing import page, rows

TEXT = "# 报告\n\n2024年，湖滨区共收到申请12件，行政诉讼3起。\n\n甲\t乙\n1\t2\n"


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("published") / "harvest.db"
    with Database(path) as database:
        database.load_reference()
        database.start_run("r1", "crawl", "2025-01-01T00:00:00Z")
        database.save(page("http://q.gov.cn/2024.html", TEXT, report={"region_code": "411202"}))
        database.save(page("http://q.gov.cn/2023.html", "旧稿，湖。滨", report={"year": 2023}))
        database.save(page("http://q.gov.cn/2023.html", "新稿 <script>alert(1)</script>", "2025-06-01T00:00:00Z", report={"year": 2023}))
        database.save(page("http://q.gov.cn/notice.html", report={"kind": "not_report", "reason": "a notice"}))
    return path


@pytest.fixture(scope="module")
def folder(db: Path) -> Path:
    out = db.parent / "site"
    assert "2 reports" in publish.publish(db, out)
    return out


def get(folder: Path, *paths: str) -> list[Any]:
    async def ask() -> list[Any]:
        served = static.datasette(folder)
        await served.invoke_startup()
        return [await served.client.get(path) for path in paths]

    return asyncio.run(ask())


def test_the_copy_has_the_tables_and_columns_users_rely_on(db: Path, folder: Path) -> None:
    published = sqlite3.connect(folder / "harvest.db")
    with Database(db) as database:
        for table in tables.KEYS:
            ours = [column.name for column in tables.columns(database.connection, table)]
            theirs = [row[0] for row in published.execute(f"SELECT * FROM {table}").description]
            assert theirs == ours, table
            copied = sorted(map(repr, published.execute(f"SELECT * FROM {table}")))
            assert copied == sorted(map(repr, tables.rows(database.connection, table))), table
    assert published.execute("PRAGMA foreign_key_check").fetchall() == []
    assert published.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert published.execute("PRAGMA journal_mode").fetchall() == [("delete",)]
    assert not list(folder.glob("*-wal"))


def test_nothing_but_what_users_rely_on_is_shown(folder: Path) -> None:
    (answer,) = get(folder, "/harvest.json")
    shown = {table["name"] for table in answer.json()["tables"] if not table["hidden"]}
    named = {"source_errors", "captures", "issues", "organs", "regions", "portals", "runs", "labels", "region_names", "run_portals"}
    assert shown == named | set(tables.PUBLISHED) - {"boilerplate"}
    views = {"reports", "figures", "checks", "prose", "proactive", "requests", "disputes", "boilerplate"}
    assert {view["name"] for view in answer.json()["views"]} == views


def test_every_page_answers(folder: Path) -> None:
    asked = "word=诉讼&organ=青岚&scope=&region=&year=2024&report_id=x&row_key=y&column_key=z&section="
    paths = [
        "/",
        "/harvest",
        *(f"/harvest/{table}" for table in (*tables.KEYS, *tables.PUBLISHED)),
        *(f"/harvest/{name}?{asked}" for name in queries.QUERIES),
    ]
    for path, answer in zip(paths, get(folder, *paths), strict=True):
        assert answer.status_code == 200, (path, answer.text[:500])


def test_home_leads_to_the_tables_and_the_queries(folder: Path) -> None:
    (answer,) = get(folder, "/")
    for name in ("reports?superseded_by__isnull=1", "requests", *queries.QUERIES):
        assert re.search(rf'href="/harvest/{re.escape(name)}["?]', answer.text), name
    assert 'action="/-/search"' in answer.text


def test_reports_have_facets_descriptions_and_keys_to_follow(folder: Path) -> None:
    page_, facts = get(folder, "/harvest/reports", "/harvest/reports.json?_shape=objects&_labels=on&_sort=year")
    assert {facet["name"] for facet in facts.json()["facet_results"].values()} == {"year", "level", "province", "form"}
    assert "报告年度 / Report year" in page_.text
    assert [row["year"] for row in facts.json()["rows"]] == [2023, 2023, 2024]
    assert ("411202", "湖滨区") in {(row["region_code"], row["region"]) for row in facts.json()["rows"]}
    assert 'href="/-/report/' in page_.text


def test_runs_can_be_followed_from_what_they_brought(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "harvest.db")) as published:
        runs = [run for (run,) in published.execute("SELECT DISTINCT run_id FROM captures UNION SELECT run FROM run_portals")]
    assert all(runs)
    assert [answer.status_code for answer in get(folder, *(f"/harvest/runs/{run}" for run in runs))] == [200] * len(runs)


def opened(connection: sqlite3.Connection, sql: str) -> set[str]:
    """The tables whose pages, or whose indexes' pages, SQLite opens to answer ``sql``."""
    owner = dict(connection.execute("SELECT rootpage, tbl_name FROM sqlite_master"))
    return {owner[root] for _, operation, _, root, *_ in connection.execute(f"EXPLAIN {sql}") if operation == "OpenRead"}


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT year, count(*) FROM reports GROUP BY year",
        "SELECT year, level, form, count(*) FROM reports WHERE superseded_by IS NULL GROUP BY 1, 2, 3",
        "SELECT organ_id, region_code, scope, quality, published_on, count(*) FROM reports GROUP BY 1, 2, 3, 4, 5",
    ],
)
def test_counting_reports_reads_neither_texts_nor_captures(folder: Path, sql: str) -> None:
    with closing(sqlite3.connect(folder / "harvest.db")) as published:
        assert opened(published, sql) == {"_report"}
        assert opened(published, "SELECT text FROM reports") == {"_report", "texts"}
        assert "text" not in [row[1] for row in published.execute("PRAGMA table_info(_report)")]


def searched(folder: Path, word: str) -> set[str]:
    (answer,) = get(folder, f"/harvest/reports.json?_shape=objects&_search={word}")
    return {row["url"] + row["text"][:2] for row in answer.json()["rows"]}


@pytest.mark.parametrize("word", ["诉", "诉讼", "行政诉讼", "湖滨区", "收到 诉讼", "2024", "12", "旧稿", "滨", "湖滨", "没有的词"])
def test_search_finds_words_of_any_length_and_nothing_else(db: Path, folder: Path, word: str) -> None:
    with Database(db) as database:
        where = " AND ".join("title || char(10) || organ || char(10) || text LIKE ?" for _ in word.split())
        found = rows(database, f"SELECT url || substr(text, 1, 2) FROM reports WHERE {where}", *(f"%{part}%" for part in word.split()))
    assert searched(folder, word) == {key for (key,) in found}


def test_a_report_page_shows_figures_checks_text_and_captures(db: Path, folder: Path) -> None:
    with Database(db) as database:
        ((ident,),) = rows(database, "SELECT id FROM reports WHERE year = 2024")
        ((printed,),) = rows(
            database, "SELECT printed FROM figures WHERE report_id = ? AND row_key = 'granted' AND column_key = 'natural_person'", ident
        )
    answer, missing = get(folder, f"/-/report/{ident}", "/-/report/0000000000000000")
    assert missing.status_code == 404
    html = answer.text
    assert f">{printed}</a></td><td" in html.partition("（一）予以公开</th>")[2][:260]
    facts = ("青岚市人民政府", "t3_flow: 本年新收", "harvester-test-00000.warc.gz", "小计")
    for told in (*facts, "行政诉讼3起", "<td>甲</td><td>乙</td>", "共收到申请12件"):
        assert told in html, told


def test_what_a_page_says_is_never_markup(db: Path, folder: Path) -> None:
    with Database(db) as database:
        ((ident,),) = rows(database, "SELECT id FROM reports WHERE year = 2023 AND superseded_by IS NULL")
    (answer,) = get(folder, f"/-/report/{ident}")
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert" in answer.text


def test_the_folder_is_made_anew_only_when_the_database_is_newer(db: Path) -> None:
    made = fresh(db)
    assert made == db.parent / "harvest-site"
    before = (made / "harvest.db").stat().st_mtime_ns
    assert fresh(db) == made
    assert (made / "harvest.db").stat().st_mtime_ns == before
    os.utime(db, (2_000_000_000, 2_000_000_000))
    fresh(db)
    assert (made / "harvest.db").stat().st_mtime_ns != before


def test_served_on_this_machine_only(folder: Path) -> None:
    arguments = serve_args(folder, 8123)
    assert arguments[0] == "serve"
    assert arguments[arguments.index("--host") + 1] == "127.0.0.1"
    assert arguments[arguments.index("--port") + 1] == "8123"


def test_a_folder_of_an_earlier_version_is_served(folder: Path, tmp_path: Path) -> None:
    """Its rows were not counted when it was published."""
    older = Path(shutil.copytree(folder, tmp_path / "site"))
    (older / counting.NAME).unlink()
    assert "--inspect-file" not in serve_args(older, 8123)
    (listed,) = get(older, "/harvest/reports.json?_shape=objects")
    assert listed.json()["rows"]


def test_a_folder_that_cannot_be_written_is_one_line(db: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be written"):
        publish.publish(db, tmp_path / "file" / "out")
