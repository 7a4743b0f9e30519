"""The database: a report whole or not at all, the same rows in whatever order pages came, one line for everything that goes wrong."""

from __future__ import annotations

import itertools
import random
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from harvester.errors import StorageError
from harvester.items import Figure, Page, Report
from storage import database
from storage.database import Database
from tests.storing import dump, figures, page, report, rows

ROOT = Path(__file__).parent.parent


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return Database(tmp_path / "harvest.db")


def test_a_report_comes_back_as_it_was_given(db: Database) -> None:
    given = page()
    saved = db.save(given)
    assert (saved.outcome, saved.report_id) == ("new", given.report.id)  # type: ignore[union-attr]
    (row,) = rows(db, "SELECT id, title, organ, organ_id, portal_id, year, scope, form, region_code, level, published_on FROM reports")
    made = report()
    head = (made.id, made.title, made.organ, made.organ_id, "qinglan", 2024, "consolidated", "national_2021", "990100")
    assert row == (*head, "prefecture_government", "2025-01-30")
    (row,) = rows(db, "SELECT url, text, text_sha256, quality, first_seen, last_seen, withdrawn_on, superseded_by FROM reports")
    assert row == (given.url, "青岛", made.text_sha256, "consistent", given.fetched_at, given.fetched_at, None, None)
    (row,) = rows(db, "SELECT url, http_status, content_type, body_sha256, warc_file, report_id, run_id FROM captures")
    sha256 = given.capture.body_sha256  # type: ignore[union-attr]
    assert row == (given.url, 200, "text/html; charset=utf-8", sha256, "harvester-test-00000.warc.gz", made.id, "r1")
    assert rows(db, "SELECT check_id, at, left_value, right_value, outcome, if_blank_zero FROM checks ORDER BY 1") == [
        ("t3_flow", "total", 5, 5, "pass", None),
        ("t4_review", "cases", None, 3, "unknown", 1),
    ]
    assert rows(db, 'SELECT report_id, url, code, "where", message, run_id FROM issues') == [
        (made.id, None, "unknown_label", "table 3, row 4", "小计", "r1")
    ]
    assert rows(db, "SELECT key, value, unit, section, sentence FROM prose") == [
        ("requests_received", 12, "件", "section_1_overview", "共收到申请12件。")
    ]


def test_every_figure_comes_back_with_value_print_unit_status_and_place(db: Database) -> None:
    odd = [
        Figure("table_2", "art20_8.administrative_fees", "amount", 69608.8964, "万元", "69608.8964", "printed", 0, 15, 1),
        Figure("table_2", "art20_1.regulations", "issued", None, "件", "", "blank", 0, 2, 1),
        Figure("table_2", "art20_1.regulations", "repealed", None, "件", "/", "blank", 0, 2, 2),
        Figure("table_2", "art20_1.regulations", "in_force", None, "件", None, "absent"),
        Figure("table_2", "art20_5.licensing", "decisions", -76, "件", "减76", "printed", 0, 5, 1),
        Figure("table_2", "art20_9.central_procurement", "amount", 318000, "元", "318000元", "printed", 0, 18, 2),
        Figure("table_2", "art20_9.central_procurement", "projects", 5, None, "5", "printed", 0, 18, 1),
        Figure("table_3", "granted", "total", None, "件", "5 3", "doubtful", 1, 30, 9),
        Figure("table_3", "granted", "other_org", 0, "件", "0", "doubtful", 1, 30, 8),
        Figure("table_3", "granted", "natural_person", 1234, "件", "1,234", "printed", 7, 4095, 255),
        Figure("statistics", "requests_received", "year_value", 3, "条", "3", "printed", 2, 1, 0),
    ]
    db.save(page(report={"figures": odd}))
    found = rows(
        db,
        """SELECT table_key, row_key, column_key, value, unit, printed, status, source_table, source_row, source_column
        FROM figures""",
    )
    expected = [
        (f.table, f.row, f.column, f.value, f.unit, f.printed, f.status, f.source_table, f.source_row, f.source_column) for f in odd
    ]
    assert sorted(map(str, found)) == sorted(map(str, expected))
    assert all(type(value) is int for (value,) in rows(db, "SELECT value FROM figures WHERE printed = '0'"))


def test_figures_lead_to_the_capture_they_stand_in(db: Database) -> None:
    db.save(page())
    ((count,),) = rows(db, "SELECT count(*) FROM figures f JOIN captures c ON c.id = f.capture_id AND c.report_id = f.report_id")
    assert count == len(figures())


def test_wide_views_show_totals_of_current_reports(db: Database) -> None:
    db.save(page())
    given = {(f.row, f.column): f.value for f in figures()}
    ((received, third, handled),) = rows(db, "SELECT new_received, denied_third_party_rights, total_handled FROM requests")
    assert received == given["new_received", "total"]
    assert third == given["denied_third_party_rights", "total"]
    assert handled == given["total_handled", "total"]
    ((issued, old),) = rows(db, "SELECT normative_documents_issued, normative_documents_newly_made FROM proactive")
    assert (issued, old) == (given["art20_1.normative_documents", "issued"], None)
    ((upheld,),) = rows(db, "SELECT litigation_direct_upheld FROM disputes")
    assert upheld == given["cases", "litigation_direct_upheld"]
    db.save(page(text="青岛 更正", at="2025-03-01T00:00:00Z", seed=2))
    assert len(rows(db, "SELECT * FROM requests")) == 1


def copies() -> list[Page]:
    """One text at several URLs, on two portals and in a file, and one URL with two bodies of that text."""
    county = {"portal_id": "songhe", "via": "http://songhe.gov.cn/list.html"}
    return [
        page("http://www.qinglan.gov.cn/zwgk/2024/a.html"),
        page("http://www.qinglan.gov.cn/a.html", at="2025-02-03T00:00:00Z"),
        page("http://www.qinglan.gov.cn/a.html", at="2025-02-02T00:00:00Z", markup="<!-- 浏览 7 次 -->"),
        page("http://m.qinglan.gov.cn/a", at="2025-02-04T00:00:00Z", report={"title": "手机版"}),
        page("http://songhe.gov.cn/b.html", at="2025-01-31T00:00:00Z", report={"organ": "青岚市政府"}, **county),
        page("file:///x.txt", at="2024-01-01T00:00:00Z", portal_id="", via="", report={"level": "unknown"}),
    ]


def test_copies_merge_into_one_report_whoever_came_first(tmp_path: Path) -> None:
    dumps = set()
    orders = list(itertools.permutations(range(6)))
    for number, order in enumerate([orders[0], orders[-1], *random.Random(1).sample(orders, 20)]):
        with Database(tmp_path / f"{number}.db") as db:
            made = copies()
            outcomes = [db.save(made[index]).outcome for index in order]
            assert sorted(outcomes) == ["new", *["unchanged"] * 5]
            dumps.add("\n".join(dump(db)))
    assert len(dumps) == 1
    (told,) = dumps
    # All five web copies stand on the host of their list: the shortest URL shows the report.
    assert '"url": "http://songhe.gov.cn/b.html"' in next(line for line in told.splitlines() if line.startswith("reports "))
    assert told.count("\ncaptures ") + told.startswith("captures ") == 6
    assert '"first_seen": "2024-01-01T00:00:00Z"' in told
    assert '"last_seen": "2025-02-04T00:00:00Z"' in told


def test_the_portal_of_the_reports_own_region_is_preferred(db: Database) -> None:
    from harvester.registry import Portal

    db.load_reference([Portal("city", region_code="990100"), Portal("county", region_code="990102")])
    own = {"region_code": "990102"}
    db.save(page("http://city.gov.cn/a.html", portal_id="city", via="http://city.gov.cn/", report=own))
    db.save(page("http://county.gov.cn/long/long/a.html", portal_id="county", via="http://county.gov.cn/", report=own))
    assert rows(db, "SELECT url, portal_id FROM reports") == [("http://county.gov.cn/long/long/a.html", "county")]


def revisions() -> list[Page]:
    return [
        page("http://q.gov.cn/a.html", "第一稿", "2025-02-01T00:00:00Z", seed=1),
        page("http://q.gov.cn/a.html", "第二稿", "2025-03-01T00:00:00Z", seed=2),
        page("http://q.gov.cn/a.html", "第三稿", "2025-04-01T00:00:00Z", seed=3),
        page("http://q.gov.cn/copy/a.html", "第一稿", "2025-02-02T00:00:00Z", seed=1),
        page("http://q.gov.cn/2023.html", "另一年", "2025-02-02T00:00:00Z", report={"year": 2023}),
    ]


def test_a_revision_is_a_new_row_and_the_old_ones_point_to_it_in_whatever_order_they_came(tmp_path: Path) -> None:
    dumps = set()
    for number, order in enumerate(itertools.permutations(range(5))):
        if number % 5 == 0:
            with Database(tmp_path / f"{number}.db") as db:
                made = revisions()
                for index in order:
                    db.save(made[index])
                dumps.add("\n".join(dump(db)))
                current = rows(db, "SELECT text FROM reports WHERE superseded_by IS NULL ORDER BY text")
                assert current == [("另一年",), ("第三稿",)]
    assert len(dumps) == 1


def test_the_newest_answer_of_an_address_counts_in_whatever_order_they_came(tmp_path: Path) -> None:
    url = "http://q.gov.cn/a.html"
    told = set()
    for number, order in enumerate(itertools.permutations(range(4))):
        none = page(url, "维护中", "2025-01-01T00:00:00Z")
        none.report = Report(kind="not_report", reason="no report")
        made = [
            none,
            page(url, "第一稿", "2025-02-01T00:00:00Z", seed=1),
            page(url, "第二稿", "2025-03-01T00:00:00Z", seed=2),
            page(url, "第二稿", "2025-03-01T00:00:00Z", seed=2, markup="<!-- 同一秒 -->"),
        ]
        newest = max(made[2:], key=lambda one: one.capture.body_sha256)  # type: ignore[union-attr]
        with Database(tmp_path / f"{number}.db") as db:
            for index in order:
                db.save(made[index])
            visit = db.visit(url)
            assert visit and (visit.body_sha256, visit.report_id) == (newest.capture.body_sha256, newest.report.id)  # type: ignore[union-attr]
            assert visit.etag == dict(newest.headers)["ETag"] and visit.seen_at == newest.fetched_at
            told.add(str(rows(db, "SELECT code, report_id IS NULL FROM issues ORDER BY 1, 2")))
    assert told == {"[('unknown_label', 0), ('unknown_label', 0)]"}


def test_a_revision_is_changed_never_new(db: Database) -> None:
    first, second, third, copy, _ = revisions()
    assert [db.save(one).outcome for one in (first, copy, second, third)] == ["new", "unchanged", "changed", "changed"]
    old = rows(db, "SELECT superseded_by FROM reports WHERE text = '第一稿'")
    assert old == [(third.report.id,)]  # type: ignore[union-attr]
    ((count,),) = rows(db, "SELECT count(*) FROM reports")
    assert count == 3


def test_a_text_that_comes_back_is_current_again(db: Database) -> None:
    url = "http://q.gov.cn/a.html"
    db.save(page(url, "甲", "2025-02-01T00:00:00Z"))
    db.save(page(url, "乙", "2025-03-01T00:00:00Z"))
    assert db.save(page(url, "甲", "2025-04-01T00:00:00Z", markup=" ")).outcome == "changed"
    current = rows(db, "SELECT text, superseded_by FROM reports ORDER BY first_seen")
    assert current[0] == ("甲", None)
    assert current[1][1] is not None


def test_a_page_that_shows_each_years_newest_report_revises_nothing(db: Database) -> None:
    url = "http://q.gov.cn/latest.html"
    assert db.save(page(url, "2023年", "2024-02-01T00:00:00Z", report={"year": 2023})).outcome == "new"
    assert db.save(page(url, "2024年", "2025-02-01T00:00:00Z")).outcome == "new"
    assert rows(db, "SELECT count(*) FROM reports WHERE superseded_by IS NULL") == [(2,)]


def test_a_changed_page_with_the_same_text_is_unchanged_with_a_new_capture(db: Database) -> None:
    db.save(page())
    assert db.save(page(markup="<!-- new skin -->", at="2025-05-01T00:00:00Z")).outcome == "unchanged"
    assert rows(db, "SELECT count(*) FROM captures") == [(2,)]
    assert rows(db, "SELECT count(*) FROM reports") == [(1,)]
    visit = db.visit(page().url)
    assert visit is not None
    assert visit.body_sha256 == page(markup="<!-- new skin -->").capture.body_sha256  # type: ignore[union-attr]


def test_the_same_pages_again_change_nothing(db: Database) -> None:
    made = [*copies(), *revisions()]
    for one in made:
        db.save(one)
    before = dump(db)
    assert {db.save(one).outcome for one in made} == {"unchanged"}
    assert dump(db) == before


def test_a_better_extraction_keeps_the_id_and_replaces_the_rest(db: Database) -> None:
    first = page()
    db.save(first)
    db.save(page("http://other.gov.cn/far/away/copy.html"))
    first.report = report("青岛（更好的文本）", seed=5, id=report().id, title="新标题", issues=[])
    assert db.save(first).outcome == "unchanged"
    ((ident, sha256, title, text),) = rows(db, "SELECT id, text_sha256, title, text FROM reports")
    assert (ident, title, text) == (report().id, "新标题", "青岛（更好的文本）")
    assert sha256 == report("青岛（更好的文本）").text_sha256
    assert db.find(sha256) == ident
    ((value,),) = rows(db, "SELECT new_received FROM requests")
    assert value == {(f.row, f.column): f.value for f in figures(seed=5)}["new_received", "total"]
    assert rows(db, "SELECT count(*) FROM issues") == [(0,)]


def test_two_reports_whose_texts_become_equal_count_once(db: Database) -> None:
    one, two = page("http://q.gov.cn/1.html", "甲"), page("http://q.gov.cn/2.html", "甲 浏览次数 3", at="2025-02-02T00:00:00Z")
    db.save(one)
    db.save(two)
    two.report = report("甲", id=two.report.id)  # type: ignore[union-attr]
    db.save(two)
    assert rows(db, "SELECT count(*) FROM reports WHERE superseded_by IS NULL") == [(1,)]
    assert rows(db, "SELECT superseded_by FROM reports WHERE url LIKE '%2.html'") == [(one.report.id,)]  # type: ignore[union-attr]


@pytest.mark.parametrize(("kind", "outcome"), [("not_report", "rejected"), ("unreadable", "unreadable")])
def test_what_is_no_report_is_kept_as_capture_and_issue(db: Database, kind: str, outcome: str) -> None:
    odd = page(report={"kind": kind, "reason": "a notice", "id": ""})
    for _ in range(2):
        assert db.save(odd).outcome == outcome
    assert rows(db, "SELECT count(*) FROM reports") == [(0,)]
    assert rows(db, "SELECT report_id, url, code, message FROM issues") == [(None, odd.url, kind, "a notice")]
    assert rows(db, "SELECT url, report_id FROM captures") == [(odd.url, None)]
    odd.report = report()
    assert db.save(odd).outcome == "new"
    assert rows(db, "SELECT url, code FROM issues WHERE url IS NOT NULL") == []


def test_a_report_that_a_replay_reads_as_none_is_taken_back(db: Database) -> None:
    first = page()
    db.save(first)
    first.report = Report(kind="not_report", reason="look-alike")
    db.save(first)
    for table in ("report", "value", "check_result", "report_text", "prose_value"):
        assert rows(db, f"SELECT count(*) FROM {table}") == [(0,)], table
    assert rows(db, "SELECT code, url FROM issues") == [("not_report", first.url)]


def test_visits_remember_validators_and_what_was_seen(db: Database) -> None:
    first = page()
    assert db.visit(first.url) is None
    db.save(first)
    visit = db.visit(first.url)
    assert visit is not None
    assert (visit.etag, visit.last_modified) == (first.headers[0][1], first.headers[1][1])
    assert (visit.report_id, visit.capture) == (report().id, first.capture)
    assert db.seen(first.url, "2025-06-01T00:00:00Z") == report().id
    assert rows(db, "SELECT first_seen, last_seen FROM reports") == [("2025-02-01T00:00:00Z", "2025-06-01T00:00:00Z")]
    assert db.seen(first.url, "2025-05-01T00:00:00Z") == report().id
    assert rows(db, "SELECT last_seen FROM reports") == [("2025-06-01T00:00:00Z",)]
    assert db.seen("http://nobody.gov.cn/", "2025-06-01T00:00:00Z") == ""


def test_a_report_is_withdrawn_when_its_last_url_is_gone_and_back_when_one_answers(db: Database) -> None:
    one, two = page("http://q.gov.cn/1.html"), page("http://q.gov.cn/copy/2.html")
    db.save(one)
    db.save(two)
    assert set(db.urls("qinglan")) == {one.url, two.url}
    assert db.gone(one.url, "2025-06-01T00:00:00Z") == ""
    assert db.gone(two.url, "2025-06-02T00:00:00Z") == report().id
    assert db.gone(two.url, "2025-06-03T00:00:00Z") == ""
    assert rows(db, "SELECT withdrawn_on FROM reports") == [("2025-06-02T00:00:00Z",)]
    assert db.urls("qinglan") == {}
    db.seen(two.url, "2025-07-01T00:00:00Z")
    assert rows(db, "SELECT withdrawn_on FROM reports") == [(None,)]


def test_what_was_read_is_committed_by_batch_and_by_the_clock(tmp_path: Path) -> None:
    db = Database(tmp_path / "harvest.db", batch=3)
    reader = sqlite3.connect(tmp_path / "harvest.db")

    def count() -> int:
        return int(reader.execute("SELECT count(*) FROM reports").fetchone()[0])

    seen = []
    for number in range(4):
        db.save(page(f"http://q.gov.cn/{number}.html", str(number)))
        seen.append(count())
    assert seen == [0, 0, 3, 3]
    db.commit_due()
    assert count() == 3
    db.seconds = 0.0
    db.commit_due()
    assert count() == 4


def test_a_report_that_cannot_be_stored_leaves_no_trace_and_the_others_stay(db: Database) -> None:
    db.save(page("http://q.gov.cn/1.html", "一"))
    twice = figures()[:1] * 2
    with pytest.raises(StorageError, match=r"harvest\.db"):
        db.save(page("http://q.gov.cn/2.html", "二", report={"figures": twice, "organ_id": "x-1", "region_code": "123456"}))
    db.save(page("http://q.gov.cn/3.html", "三", report={"organ_id": "x-1", "region_code": "123456"}))
    db.commit()
    assert rows(db, "SELECT text FROM reports ORDER BY key") == [("一",), ("三",)]
    assert rows(db, "SELECT count(*) FROM captures") == [(2,)]
    assert rows(db, "PRAGMA foreign_key_check") == []


KILLED = """
import os, sys
from storage.database import Database
from tests.storing import page
db = Database(sys.argv[1], batch=10)
for number in range(25):
    db.save(page(f"http://q.gov.cn/{number}.html", str(number)))
os.kill(os.getpid(), 9)
"""


def test_kill_9_leaves_whole_batches_of_whole_reports(tmp_path: Path) -> None:
    path = tmp_path / "harvest.db"
    subprocess.run([sys.executable, "-c", KILLED, str(path)], cwd=ROOT, check=False)
    with Database(path) as db:
        assert rows(db, "SELECT count(*) FROM reports") == [(20,)]
        counts = rows(db, "SELECT count(*) FROM figures GROUP BY report_id")
        assert set(counts) == {(len(figures()),)}
        assert rows(db, "PRAGMA integrity_check") == [("ok",)]
        assert rows(db, "PRAGMA foreign_key_check") == []


def test_runs_keep_their_summary(db: Database) -> None:
    db.start_run("r9", "crawl", "2026-01-01T00:00:00Z")
    portal = {"portal_id": "qinglan", "outcome": "incomplete", "reason": "a list broke off", "listed": 9, "fetched": 8}
    portal |= {"new": 7, "changed": 1, "unchanged": 0, "withdrawn": 0, "rejected": 2}
    db.finish_run({"run_id": "r9", "started": "2026-01-01T00:00:00Z", "seconds": 1.5, "requests": 20, "bytes": 999, "portals": [portal]})
    assert rows(db, "SELECT id, command, started, seconds, requests, bytes FROM runs") == [
        ("r9", "crawl", "2026-01-01T00:00:00Z", 1.5, 20, 999)
    ]
    assert rows(db, "SELECT portal_id, outcome, reason, listed, new, rejected FROM run_portals") == [
        ("qinglan", "incomplete", "a list broke off", 9, 7, 2)
    ]


def test_reference_tables_are_loaded_and_loaded_again(db: Database, tmp_path: Path) -> None:
    from harvester.registry import Portal

    extra = tmp_path / "regions.csv"
    extra.write_text("code,name,level,parent,valid_from,valid_to,source\n990000,示例省,province,,2000-01-01,,sample\n", "utf-8")
    portal = Portal("qinglan", "青岚市人民政府", "990000", "http://q.gov.cn/")
    for _ in range(2):
        db.load_reference([portal], [extra])
    assert rows(db, "SELECT name, region_code, list_url FROM portals") == [("青岚市人民政府", "990000", "http://q.gov.cn/")]
    assert rows(db, "SELECT name FROM regions WHERE code = '990000'") == [("示例省",)]
    assert rows(db, "SELECT name FROM regions WHERE code = '130502'") == [("襄都区",)]
    assert [name for (name,) in rows(db, "SELECT name FROM region_names WHERE code = '130502' ORDER BY valid_from")] == ["桥东区", "襄都区"]
    assert db.portal("qinglan") == ("青岚市人民政府", "990000")
    db.save(page(report={"region_code": "990100"}))
    assert rows(db, "SELECT province, province_code FROM reports") == [("示例省", "990000")]


def one_line(error: pytest.ExceptionInfo[StorageError], *words: str) -> None:
    assert "\n" not in str(error.value)
    for word in words:
        assert word in str(error.value)


def test_a_file_that_is_no_database_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("not a database, only notes " * 100)
    with pytest.raises(StorageError) as error:
        Database(path)
    one_line(error, "notes.db", "not a SQLite database", "--db")
    assert path.read_text().startswith("not a database")


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "foreign.db"
    foreign = sqlite3.connect(path)
    foreign.execute("CREATE TABLE bookmarks (url)")
    foreign.close()
    with pytest.raises(StorageError) as error:
        Database(path)
    one_line(error, "foreign.db", "another program", "--db")
    assert [name for (name,) in sqlite3.connect(path).execute("SELECT name FROM sqlite_master")] == ["bookmarks"]


def test_a_database_of_a_newer_version_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "newer.db"
    with Database(path) as db:
        db.db.table("_sqlite_migrations").insert({"migration_set": "harvester", "name": "m999_future", "applied_at": "2030"})
    with pytest.raises(StorageError) as error:
        Database(path)
    one_line(error, "newer.db", "newer harvester", "m999_future")


def test_a_locked_database_is_waited_for_then_one_line(tmp_path: Path) -> None:
    path = tmp_path / "busy.db"
    with Database(path, timeout=0.2) as db:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError) as error:
            db.save(page())
        one_line(error, "busy.db", "another program is writing")
        other.execute("COMMIT")
        assert db.save(page()).outcome == "new"


def test_two_processes_may_write_in_turn(tmp_path: Path) -> None:
    with Database(tmp_path / "a.db", batch=1) as one, Database(tmp_path / "a.db", batch=1) as two:
        for number in range(6):
            (one, two)[number % 2].save(page(f"http://q.gov.cn/{number}.html", str(number), report={"organ_id": f"o-{number}"}))
        assert rows(one, "SELECT count(*) FROM reports") == [(6,)]
        assert rows(two, "SELECT count(DISTINCT text_sha256) FROM reports") == [(6,)]


def test_a_full_disk_is_one_line_and_what_was_committed_stays(tmp_path: Path) -> None:
    db = Database(tmp_path / "full.db", batch=1)
    db.save(page("http://q.gov.cn/0.html", "0"))
    ((pages,),) = rows(db, "PRAGMA page_count")
    db.connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StorageError) as error:
        for number in range(1, 100):
            db.save(page(f"http://q.gov.cn/{number}.html", "政府信息公开" * 2000 + str(number)))
    one_line(error, "full.db", "disk is full", "make room")
    assert rows(db, "SELECT text FROM reports WHERE url LIKE '%/0.html'") == [("0",)]
    assert rows(db, "PRAGMA integrity_check") == [("ok",)]


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError) as error:
        Database(tmp_path / "file" / "deep" / "harvest.db")
    one_line(error, "folder cannot be made")


def test_one_database_a_process_is_shared_until_it_is_closed(tmp_path: Path) -> None:
    one = database.shared(tmp_path / "a.db")
    assert database.shared(str(tmp_path / "a.db")) is one
    one.save(page())
    one.close()
    one.close()
    two = database.shared(tmp_path / "a.db")
    assert two is not one
    assert rows(two, "SELECT count(*) FROM reports") == [(1,)]
    two.close()


def test_a_report_costs_at_most_13_kilobytes_with_its_text(tmp_path: Path) -> None:
    import dataclasses

    text = "政府信息公开工作年度报告。" * 180  # 7 KB, as the reports of the sample corpus
    checks = [dataclasses.replace(report().checks[0], at=f"place {number}") for number in range(42)]
    with Database(tmp_path / "size.db") as db:
        ((empty,),) = rows(db, "PRAGMA page_count")
        for number in range(400):
            url = f"http://www.qinglan.gov.cn/zwgk/zfxxgk/fdzdgknr/gknb/202501/t20250130_{number}.html"
            db.save(page(url, f"{number} {text}", report={"checks": checks}, seed=number % 13))
        db.commit()
        ((pages,), (size,)) = rows(db, "PRAGMA page_count") + rows(db, "PRAGMA page_size")
    assert len(text.encode()) >= 7000
    assert (pages - empty) * size / 400 <= 13 * 1024


def steps(db: Database, given: Page) -> int:
    """How many hundreds of SQLite's instructions saving a page takes."""
    count = itertools.count()
    db.connection.set_progress_handler(lambda: next(count) and 0, 100)
    db.save(given)
    db.connection.set_progress_handler(None, 0)
    return next(count)


def test_saving_a_page_costs_the_same_in_a_large_database(db: Database) -> None:
    """SQLite reads whole tables for rows that wait for a key (deferred foreign keys): a page must never leave it one to wait for."""

    def one(number: int) -> Page:
        return page(f"http://www.qinglan.gov.cn/{number}.html", f"第{number}号")

    for number in range(20):
        db.save(one(number))
    few = steps(db, one(20))
    for number in range(21, 800):
        db.save(one(number))
    assert steps(db, one(800)) <= few * 1.2
