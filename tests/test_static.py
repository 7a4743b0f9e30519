"""The site as plain files: every page of every report is there, every link leads to a file or out, nothing is asked of a server."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from harvester.errors import StorageError
from storage import static
from storage.database import Database
from storage.export import export
from tests.serving import browser
from tests.storing import page, rows


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("static") / "harvest.db"
    with Database(path) as database:
        database.load_reference()
        database.connection.execute(
            "DELETE FROM regions WHERE code NOT LIKE '31%' AND code <> '100000'"
        )  # one of the country's thousands of pages
        database.start_run("r1", "crawl", "2025-02-01T00:00:00Z")
        hostile = '<b>甲</b> & "乙" </ul>'
        database.save(page("http://q.gov.cn/2024.html", "二〇二四年，收到申请12件。", report={"title": hostile, "organ": hostile}))
        database.save(page("http://q.gov.cn/2023.html", "旧稿", report={"year": 2023}))
        database.save(page("http://q.gov.cn/2023.html", "新稿", "2025-06-01T00:00:00Z", report={"year": 2023}))
        database.save(page("http://q.gov.cn/x.html", "没有年度", report={"year": None}))
    return path


@pytest.fixture(scope="module")
def pages(db: Path) -> Path:
    out = db.parent / "pages"
    assert "static pages of 4 reports" in export(db, "html", out)
    return out


def links(file: Path) -> list[str]:
    parsed = LexborHTMLParser(file.read_text("utf-8"))
    return [node.attributes[name] or "" for name in ("href", "src", "action") for node in parsed.css(f"[{name}]")]


def test_every_link_leads_to_a_file_or_out(pages: Path) -> None:
    inside = outside = 0
    for file in pages.rglob("*.html"):
        for link in links(file):
            if re.match(r"(https?|mailto|data):", link):
                outside += 1
                assert "127.0.0.1" not in link and "static.invalid" not in link and "localhost" not in link
                continue
            assert not link.startswith("/"), f"{file}: {link} is an address of a server"
            target = file if link.startswith("#") else file.parent / unquote(urlsplit(link).path)
            assert target.is_file(), f"{file}: {link}"
            inside += 1
    assert inside > 20 and outside >= 3


def test_every_report_has_its_page_with_its_text_and_can_be_found(db: Path, pages: Path) -> None:
    with Database(db) as database:
        held = rows(database, "SELECT id, text, superseded_by FROM reports")
    for report_id, text, _ in held:
        shown = LexborHTMLParser((pages / "report" / f"{report_id}.html").read_text("utf-8"))
        assert shown.body is not None and text in shown.body.text()
    listed = [link for file in pages.glob("reports*.html") for link in links(file)]
    assert {f"report/{report_id}.html" for report_id, _, _ in held} <= set(listed)
    assert {path.name for path in pages.glob("reports*.html")} == {"reports.html", "reports-2023.html", "reports-2024.html"}
    assert "<b>甲</b>" not in (pages / "reports-2024.html").read_text("utf-8")
    assert (pages / "reports-2023.html").read_text("utf-8").count("replaced") == 1


def test_home_leads_to_the_reports_and_says_what_a_copy_cannot(pages: Path) -> None:
    assert "dynamic.html" in links(pages / "index.html")
    assert {"reports.html", "reports-2023.html", "index.html"} <= set(links(pages / "dynamic.html"))
    assert "静态副本" in (pages / "dynamic.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("link", "address", "expected"),
    [
        ("/-/report/00ff", "/", ("report/00ff.html", ["/-/report/00ff"])),
        ("/-/organ/990100-1#years", "/-/report/00ff", ("../organ/990100-1.html#years", ["/-/organ/990100-1"])),
        ("/", "/-/report/00ff", ("../index.html", ["/"])),
        ("/-/static/app.css?2f5d", "/", ("static/app.css", ["/-/static/app.css"])),
        ("/harvest/reports?_search=x", "/-/report/00ff", ("../dynamic.html", [])),
        ("/-/dashboard/requests?year=2024", "/", ("dynamic.html", [])),
        ("/-/report/../../etc/passwd", "/", ("dynamic.html", [])),
        ("/assets/../../../x.css", "/", ("dynamic.html", [])),
        ("#top", "/", ("#top", [])),
        ("http://www.q.gov.cn/1.html", "/", ("http://www.q.gov.cn/1.html", [])),
        ("//evil.example/x", "/", ("//evil.example/x", [])),
        ("javascript:alert(1)", "/", ("javascript:alert(1)", [])),
    ],
)
def test_where_a_link_leads(link: str, address: str, expected: tuple[str, list[str]]) -> None:
    assert static._link(link, address) == expected


@pytest.mark.proof
def test_pages_replace_pages_and_nothing_else(db: Path, pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = shutil.copytree(pages, tmp_path / "pages")
    (folder / "report" / "0000000000000000.html").write_text("gone from the database since")
    monkeypatch.setattr(static, "MOST", 3)
    with pytest.raises(StorageError, match="too many"):
        export(db, "html", folder)
    assert (folder / "report" / "0000000000000000.html").exists(), "what stood there stands"
    monkeypatch.undo()
    export(db, "html", folder)
    assert not (folder / "report" / "0000000000000000.html").exists()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "index.html").write_text("mine")
    with pytest.raises(StorageError, match="holds something else"):
        export(db, "html", tmp_path / "mine")


def test_chromium_reads_the_files_without_a_server(pages: Path) -> None:
    told: list[str] = []
    with browser() as chromium:
        shown = chromium.new_page()
        shown.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
        shown.on("requestfailed", lambda request: told.append(request.url))
        shown.on("request", lambda request: told.append(request.url) if not request.url.startswith(("file:", "data:")) else None)
        shown.goto((pages / "index.html").as_uri())
        shown.click("a[href='dynamic.html'] >> text=一览")
        shown.click("a[href='reports-2023.html']")
        shown.click("a[href^='report/']")
        assert "政府信息公开" in shown.inner_text("body")
    assert told == []
