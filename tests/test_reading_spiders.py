"""Files, folders, WARC files and our own archive, read as if they were a portal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scrapy.crawler import Crawler
from scrapy.settings import Settings

from harvester.errors import UsageError
from harvester.items import Page
from spiders.files import FilesSpider
from spiders.replay import ReplaySpider
from spiders.warc import WarcSpider
from storage.archive import Archive

BODY = "<html><body><p>政府信息公开</p></body></html>".encode()


def spider_of(kind: Any, **arguments: Any) -> Any:
    settings = arguments.pop("settings", {})
    return kind.from_crawler(Crawler(kind, Settings(settings)), **arguments)


async def given(spider: Any) -> list[Page]:
    return [page async for page in spider.start()]


def pages_of(spider: Any) -> list[Page]:
    """What ``start`` yields, without a running reactor: nothing in it waits for anything."""
    running: Any = given(spider)
    try:
        running.send(None)
    except StopIteration as done:
        return list(done.value)
    raise AssertionError("start() waited for something")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "archive"
    with Archive(folder, "run1") as written:
        for number, kind in enumerate(("text/html", "text/css", "application/pdf")):
            page = Page(
                f"http://a.gov.cn/{number}", BODY, 200, [("Content-Type", kind)], kind, "2026-01-02T03:04:05Z", "henan", link_text="年报"
            )
            capture = written.add(page)
            if number == 0:
                written.note_id(capture, page.url, "0123456789abcdef")
        written.add(Page("http://a.gov.cn/gone", b"no", 404, [("Content-Type", "text/html")], "text/html", "2026-01-02T03:04:05Z"))
    yield folder


def test_a_folder_gives_its_documents_in_order_and_nothing_else(tmp_path: Path) -> None:
    for name in ("b.html", "a.txt", "c/d.PDF", "truth.json", "notes.csv", ".hidden.html", ".git/x.html"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(BODY)
    spider = spider_of(FilesSpider, paths=[tmp_path])
    pages = pages_of(spider)
    assert [page.url for page in pages] == [(tmp_path / name).resolve().as_uri() for name in ("a.txt", "b.html", "c/d.PDF")]
    assert all(page.body == BODY and page.fetched_at.endswith("Z") and page.run_id == spider.summary.run_id for page in pages)
    assert (spider.summary.portal("").listed, spider.summary.portal("").outcome) == (3, "complete")


def test_a_file_that_is_named_is_read_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "truth.json"
    path.write_bytes(b"{}")
    assert [page.body for page in pages_of(spider_of(FilesSpider, paths=[path]))] == [b"{}"]


def test_a_corpus_gives_back_addresses_portals_and_ids(tmp_path: Path) -> None:
    (tmp_path / "000_aa.txt").write_bytes(BODY)
    (tmp_path / "001_bb.txt").write_bytes(BODY)
    line = {
        "file": "000_aa.txt",
        "id": "a" * 16,
        "url": "http://a.gov.cn/1.html",
        "portal_id": "henan",
        "fetched_at": "2026-01-02T03:04:05Z",
        "published_on": "2026-01-01",
        "region_code": "411202",
    }
    (tmp_path / "manifest.jsonl").write_text(json.dumps(line) + "\n")
    spider = spider_of(FilesSpider, paths=str(tmp_path))
    known, other = pages_of(spider)
    assert (known.url, known.portal_id, known.report_id, known.fetched_at) == (line["url"], "henan", "a" * 16, "2026-01-02T03:04:05Z")
    assert (known.listed_on, other.listed_on) == ("2026-01-01", "")
    assert (known.region_code, other.region_code) == ("411202", "")
    assert (other.url, other.report_id) == ((tmp_path / "001_bb.txt").resolve().as_uri(), "")
    assert set(spider.summary.portals) == {"henan", ""}


@pytest.mark.parametrize("line", ["not json", '["a list"]', '{"id": "x"}'])
def test_a_manifest_that_is_not_ours_is_one_line_and_the_files_are_read(tmp_path: Path, line: str) -> None:
    (tmp_path / "a.txt").write_bytes(BODY)
    (tmp_path / "manifest.jsonl").write_text(line + "\n")
    spider = spider_of(FilesSpider, paths=[tmp_path])
    assert [page.report_id for page in pages_of(spider)] == [""]
    assert ["manifest.jsonl:1" in failure for failure in spider.summary.portal("").failures] == [True]


def test_what_cannot_be_read_is_a_failure_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "b.html").write_bytes(BODY)
    (tmp_path / "c.warc.gz").write_bytes(b"no warc at all")
    spider = spider_of(FilesSpider, paths=[tmp_path / "c.warc.gz", tmp_path / "b.html"])
    assert [page.url.rpartition("/")[2] for page in pages_of(spider)] == ["b.html"]
    assert spider.summary.portal("").outcome == "incomplete"
    assert "c.warc.gz" in spider.summary.portal("").reason


def test_paths_must_be_there() -> None:
    with pytest.raises(UsageError, match="no such file"):
        FilesSpider(paths=["/no/such/thing"])
    with pytest.raises(UsageError, match="paths=PATH"):
        WarcSpider()


@pytest.mark.parametrize("kind", [FilesSpider, WarcSpider])
def test_a_warc_gives_what_can_be_a_report_to_be_kept_again(kind: Any, archive: Path) -> None:
    (file,) = archive.glob("*.warc.gz")
    first, second = pages_of(spider_of(kind, paths=[file]))
    assert (first.url, first.report_id, first.portal_id, first.link_text) == ("http://a.gov.cn/0", "0123456789abcdef", "henan", "年报")
    assert second.url == "http://a.gov.cn/2"
    assert first.capture is None


def test_replay_gives_every_capture_with_its_place(archive: Path) -> None:
    spider = spider_of(ReplaySpider, settings={"HARVEST_ARCHIVE": str(archive)})
    pages = pages_of(spider)
    assert [page.url for page in pages] == [f"http://a.gov.cn/{name}" for name in (0, 1, 2, "gone")]
    assert all(page.capture and page.capture.warc_file for page in pages)
    assert pages[0].report_id == "0123456789abcdef"


def test_replay_of_nothing_is_said(tmp_path: Path) -> None:
    spider = spider_of(ReplaySpider, settings={"HARVEST_ARCHIVE": str(tmp_path / "absent")})
    assert pages_of(spider) == []
    assert "no such archive" in spider.summary.portal("").reason
