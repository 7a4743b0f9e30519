"""The belt: bytes first, nothing dropped in silence, ids that outlive the extraction, and a replay that gives the same database."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.exceptions import DropItem
from scrapy.settings import Settings
from scrapy.signalmanager import SignalManager
from scrapy.utils.misc import load_object
from twisted.python.failure import Failure

from harvester import digest, readers
from harvester.errors import StorageError
from harvester.items import Page
from harvester.registry import Portal
from harvester.settings import ITEM_PIPELINES
from harvester.summary import RunSummary
from storage import archive
from storage.database import Database, shared
from tests import forms_html
from tests.storing import dump, rows

ROOT = Path(__file__).parent.parent
VIEWS = ("reports", "figures", "checks", "source_errors", "issues", "prose", "organs", "requests")
PORTAL = Portal("yunxi", "云溪县人民政府", "410381", "http://www.yunxi.gov.cn/list.html")


def html(year: int = 2021, note: str = "", form: str = "national_2021") -> bytes:
    values = forms_html.numbered(form)
    title = f"府店镇人民政府{year}年政府信息公开工作年度报告"
    made = forms_html.page(form, lambda *place: values[place], title=title)
    return made.replace("<p>继续改进。</p>", f"<p>继续改进。{note}</p>").encode()


def fetched(body: bytes, url: str = "http://www.yunxi.gov.cn/2021.html", at: str = "2022-01-20T00:00:00Z") -> Page:
    list_url = "http://www.yunxi.gov.cn/list.html"
    return Page(
        url, body, headers=[("Content-Type", "text/html")], content_type="text/html", fetched_at=at, portal_id="yunxi", via=list_url
    )


class Belt:
    """The steps of ``ITEM_PIPELINES`` in their order, without a crawl around them."""

    def __init__(self, folder: Path, run_id: str = "r1", db: str = "harvest.db") -> None:
        self.closed_because = ""
        self.folder = folder
        self.summary = RunSummary(run_id, "2022-01-20T00:00:00Z")
        paths = {"HARVEST_DB": str(folder / db), "HARVEST_ARCHIVE": str(folder / "archive"), "HARVEST_REGION_FILES": []}
        settings = Settings({**paths, "HARVEST_READERS": 0})
        engine = SimpleNamespace(close_spider_async=self._close_spider)
        spider = SimpleNamespace(name="portal", summary=self.summary)
        self.crawler: Any = SimpleNamespace(settings=settings, spider=spider, signals=SignalManager(), engine=engine)
        self.database = shared(settings["HARVEST_DB"])
        self.database.load_reference([PORTAL])
        self.steps = [load_object(path).from_crawler(self.crawler) for path, _ in sorted(ITEM_PIPELINES.items(), key=lambda item: item[1])]

    async def _close_spider(self, reason: str) -> None:
        self.closed_because = reason

    def __enter__(self) -> Belt:
        return self

    def __exit__(self, *_: object) -> None:
        self.steps[0].close_spider()
        self.database.close()

    def run(self, pages: Iterable[Page]) -> RunSummary:
        for page in pages:
            page.run_id = self.summary.run_id
            self.summary.portal(page.portal_id).listed += 1
            try:
                for step in self.steps:
                    step.process_item(page)
            except DropItem:
                continue
            except Exception as error:  # noqa: BLE001 - as Scrapy does: the signal, then the next item
                self.steps[-1].failed(page, Failure(error))
        return self.summary

    def counts(self) -> dict[str, int]:
        told = self.summary.portal("yunxi").as_dict()
        return {name: told[name] for name in ("listed", "new", "changed", "unchanged", "rejected")}


def captures(folder: Path) -> list[Page]:
    return list(archive.pages(folder / "archive"))


def test_a_page_goes_the_whole_way(tmp_path: Path) -> None:
    with Belt(tmp_path) as belt:
        belt.run([fetched(html())])
        assert belt.counts() == {"listed": 1, "new": 1, "changed": 0, "unchanged": 0, "rejected": 0}
        ((ident, title, year, form, region, portal),) = rows(
            belt.database, "SELECT id, title, year, form, region_code, portal_id FROM reports"
        )
        assert (title, year, form, portal) == ("府店镇人民政府2021年政府信息公开工作年度报告", 2021, "national_2021", "yunxi")
        assert region == "410307", "the portal's old code, as at the end of 2021"
        printed = rows(belt.database, "SELECT table_key, row_key, column_key, printed FROM figures WHERE status = 'printed'")
        assert {tuple(row[:3]): row[3] for row in printed} == forms_html.numbered("national_2021")
        assert rows(belt.database, "SELECT count(*) FROM checks") == [(42,)]
    (kept,) = captures(tmp_path)
    assert kept.body == html()
    assert kept.report_id == ident
    assert ident == digest.report_id(digest.text_sha256(digest.clean_text(readers.read(html()), title)))


@pytest.mark.parametrize(
    ("portal", "told", "expected"),
    [("nobody", "990121", "990121"), ("nobody", "99 0121'; --", None), ("nobody", "", None), ("yunxi", "990121", "410307")],
)
def test_a_manifests_region_counts_where_the_registry_knows_none(tmp_path: Path, portal: str, told: str, expected: str | None) -> None:
    page = fetched(html().replace("府店镇".encode(), "没有镇".encode()))
    page.portal_id, page.region_code = portal, told
    with Belt(tmp_path) as belt:
        belt.run([page])
        assert rows(belt.database, "SELECT region_code FROM reports") == [(expected,)]
    (kept,) = captures(tmp_path)
    assert kept.region_code == told


def test_a_figure_leads_back_to_the_printed_cell(tmp_path: Path) -> None:
    with Belt(tmp_path) as belt:
        belt.run([fetched(html(note=str(number)), f"http://www.yunxi.gov.cn/{number}.html") for number in range(3)])
        query = """SELECT c.warc_file, c.warc_offset, f.source_table, f.source_row, f.source_column, f.printed
            FROM figures f JOIN captures c ON c.id = f.capture_id WHERE f.printed <> '' ORDER BY random() LIMIT 40"""
        for file, offset, table, row, column, printed in rows(belt.database, query):
            document = readers.read(archive.read_body(tmp_path / "archive", file, offset))
            (grid,) = [block.grid for block in document.blocks if block.grid and block.grid.index == table]
            assert grid is not None
            assert grid.rows[row][column].text == printed


def test_the_same_body_again_is_unchanged_and_kept_once(tmp_path: Path) -> None:
    for run_id in ("r1", "r2"):
        with Belt(tmp_path, run_id) as belt:
            belt.run([fetched(html(), at=f"2022-0{run_id[1]}-20T00:00:00Z")])
    assert belt.counts() == {"listed": 1, "new": 0, "changed": 0, "unchanged": 1, "rejected": 0}
    assert len(captures(tmp_path)) == 1
    with Database(tmp_path / "harvest.db") as db:
        assert rows(db, "SELECT first_seen, last_seen FROM reports") == [("2022-01-20T00:00:00Z", "2022-02-20T00:00:00Z")]


def test_a_new_skin_is_unchanged_and_a_new_text_is_changed(tmp_path: Path) -> None:
    skin = html().replace(b"<body>", b"<body class=new><!-- 2 -->")
    assert skin != html()
    revised = html(note="更正：本年新收数以此为准。")
    with Belt(tmp_path) as belt:
        belt.run([fetched(html())])
    with Belt(tmp_path, "r2") as belt:
        belt.run([fetched(skin, at="2022-02-01T00:00:00Z")])
        assert belt.counts() == {"listed": 1, "new": 0, "changed": 0, "unchanged": 1, "rejected": 0}
    with Belt(tmp_path, "r3") as belt:
        belt.run([fetched(revised, at="2022-03-01T00:00:00Z")])
        assert belt.counts() == {"listed": 1, "new": 0, "changed": 1, "unchanged": 0, "rejected": 0}
    assert [page.body for page in captures(tmp_path)] == [html(), skin, revised]


def test_what_is_no_report_or_cannot_be_read_is_told_and_kept_once(tmp_path: Path) -> None:
    notice = "<html><body><h1>关于报送2021年政府信息公开工作年度报告的通知</h1><p>各单位：请按时报送。</p></body></html>".encode()
    broken = b"%PDF-1.7 broken"
    for run_id in ("r1", "r2"):
        with Belt(tmp_path, run_id) as belt:
            pages = [fetched(notice, "http://www.yunxi.gov.cn/n.html"), fetched(broken, "http://www.yunxi.gov.cn/b.pdf")]
            belt.run(pages)
            assert belt.counts() == {"listed": 1, "new": 0, "changed": 0, "unchanged": 0, "rejected": 1}
            tally = belt.summary.portal("yunxi")
            assert tally.outcome == "incomplete"
            assert "http://www.yunxi.gov.cn/b.pdf" in tally.reason
            assert rows(belt.database, "SELECT url, code FROM issues ORDER BY url") == [
                ("http://www.yunxi.gov.cn/b.pdf", "unreadable"),
                ("http://www.yunxi.gov.cn/n.html", "not_report"),
            ]
    assert [page.body for page in captures(tmp_path)] == [notice, broken]


def test_the_body_is_archived_before_anything_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError("a reader with a bug")

    monkeypatch.setattr(readers, "read", breaks)
    with Belt(tmp_path) as belt:
        belt.run([fetched(html())])
        tally = belt.summary.portal("yunxi")
        assert tally.outcome == "incomplete"
        assert "a reader with a bug" in tally.reason
        assert [page.body for page in archive.pages(tmp_path / "archive")] == [html()]


def test_a_full_disk_ends_the_run_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise StorageError("harvest.db: the disk is full; make room")

    ended: list[str] = []
    monkeypatch.setattr("pipelines.persist.deferred_from_coro", lambda coroutine: (coroutine.close(), ended.append("closed")))
    with Belt(tmp_path) as belt:
        monkeypatch.setattr(belt.database, "save", full)
        belt.run([fetched(html()), fetched(html(2022), "http://www.yunxi.gov.cn/2022.html")])
        assert ended == ["closed"], "once, however many pages were on their way"
        tally = belt.summary.portal("yunxi")
        assert (tally.outcome, tally.reason) == ("incomplete", "not everything could be stored")


def better(monkeypatch: pytest.MonkeyPatch) -> None:
    """A better extraction: the texts it gives are others than today's."""
    plain = digest.clean_text
    monkeypatch.setattr(digest, "clean_text", lambda document, title="": plain(document, title).replace("规章", "规  章（改进）"))


def first_runs(folder: Path) -> list[str]:
    """Two runs over several URLs: copies, a revision, an odd page; returns the dump."""
    bodies = {
        "a": html(),
        "copy/a": html().replace(b"<body>", b"<body id=x>"),
        "b": html(2022),
        "n": b"<html><body><p>404</p></body></html>",
    }
    with Belt(folder) as belt:
        belt.run(fetched(body, f"http://www.yunxi.gov.cn/{name}.html") for name, body in bodies.items())
    with Belt(folder, "r2") as belt:
        belt.run([fetched(html(2022, note="更正"), "http://www.yunxi.gov.cn/b.html", "2023-03-01T00:00:00Z")])
    with Database(folder / "harvest.db") as db:
        return dump(db, *VIEWS)


def without_runs(lines: list[str]) -> list[str]:
    import re

    return [re.sub(r'"run_id": "[^"]*"', "", line) for line in lines]


def test_a_replay_into_an_empty_database_gives_the_same(tmp_path: Path) -> None:
    before = first_runs(tmp_path)
    with Belt(tmp_path, "r3", "fresh.db") as belt:
        belt.run(archive.pages(tmp_path / "archive"))
        assert without_runs(dump(belt.database, *VIEWS)) == without_runs(before)
    assert not list((tmp_path / "archive").glob("*r3*")), "nothing new to keep"


def test_a_replay_over_the_same_database_changes_nothing(tmp_path: Path) -> None:
    before = first_runs(tmp_path)
    with Belt(tmp_path, "r3") as belt:
        belt.run(archive.pages(tmp_path / "archive"))
        assert belt.counts()["new"] == 0
        assert without_runs(dump(belt.database, *VIEWS)) == without_runs(before)


@pytest.mark.parametrize("db", ["harvest.db", "fresh.db"])
def test_ids_survive_a_better_extraction(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: str) -> None:
    first_runs(tmp_path)
    with Database(tmp_path / "harvest.db") as old:
        ids = rows(old, "SELECT id, year, superseded_by FROM reports ORDER BY id")
        hashes = {sha256 for (sha256,) in rows(old, "SELECT text_sha256 FROM reports")}
    better(monkeypatch)
    with Belt(tmp_path, "r3", db) as belt:
        belt.run(archive.pages(tmp_path / "archive"))
        assert rows(belt.database, "SELECT id, year, superseded_by FROM reports ORDER BY id") == ids
        assert not hashes & {sha256 for (sha256,) in rows(belt.database, "SELECT text_sha256 FROM reports")}
        assert rows(belt.database, "SELECT count(*) FROM reports WHERE text LIKE '%改进%'") == [(3,)]
        belt.run([fetched(html(), "http://www.yunxi.gov.cn/third/a.html", "2023-05-01T00:00:00Z")])
        assert rows(belt.database, "SELECT count(*) FROM reports") == [(3,)], "a copy found later joins the report it is a copy of"


def test_a_page_that_was_killed_before_it_was_read_gets_its_id_at_the_replay_and_keeps_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with archive.Archive(tmp_path / "archive", "killed") as kept:
        kept.add(fetched(html()))
    with Belt(tmp_path, "r2") as belt:
        belt.run(archive.pages(tmp_path / "archive"))
        ((ident,),) = rows(belt.database, "SELECT id FROM reports")
    assert [page.report_id for page in captures(tmp_path)] == [ident]
    better(monkeypatch)
    with Belt(tmp_path, "r3", "fresh.db") as belt:
        belt.run(archive.pages(tmp_path / "archive"))
        assert rows(belt.database, "SELECT id FROM reports") == [(ident,)]


def test_an_id_from_a_manifest_is_honoured_and_kept(tmp_path: Path) -> None:
    with Belt(tmp_path) as belt:
        belt.run([replace(fetched(html()), report_id="00000000000000ff")])
        assert rows(belt.database, "SELECT id FROM reports") == [("00000000000000ff",)]
    assert [page.report_id for page in captures(tmp_path)] == ["00000000000000ff"]


def test_copies_give_the_same_database_whoever_came_first(tmp_path: Path) -> None:
    bodies = [fetched(html(note=""), f"http://www.yunxi.gov.cn/{name}.html") for name in ("zwgk/a", "a", "b/c")]
    dumps = []
    for number, order in enumerate(((0, 1, 2), (2, 1, 0), (1, 0, 2))):
        with Belt(tmp_path / str(number)) as belt:
            belt.run(replace(bodies[index], notes={}) for index in order)
            dumps.append(dump(belt.database, *VIEWS))
    assert dumps[0] == dumps[1] == dumps[2]


def test_a_whole_run_of_files_through_scrapy(tmp_path: Path) -> None:
    source = tmp_path / "files"
    source.mkdir()
    for year in (2021, 2022, 2023):
        (source / f"{year}.html").write_bytes(html(year))
    (source / "broken.pdf").write_bytes(b"%PDF-1.7 broken")
    command = [
        sys.executable,
        "-m",
        "harvester",
        "ingest",
        str(source),
        "--db",
        str(tmp_path / "h.db"),
        "--archive",
        str(tmp_path / "archive"),
    ]
    for _ in range(2):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 1, done.stderr
        assert "broken.pdf" in done.stderr
        assert "Traceback" not in done.stderr
    connection = sqlite3.connect(tmp_path / "h.db")
    assert connection.execute("SELECT count(*) FROM reports").fetchall() == [(3,)]
    assert connection.execute("SELECT new, unchanged FROM run_portals ORDER BY run").fetchall() == [(3, 0), (0, 3)]
    assert connection.execute("SELECT count(*) FROM runs WHERE seconds > 0").fetchall() == [(2,)]
    assert len(list(archive.pages(tmp_path / "archive"))) == 4
    assert not list((tmp_path / "archive").glob("*.open"))
