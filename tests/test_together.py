"""Pages that show a report as several pictures: one file of them all, read as one; crawled, crawled again, replayed."""

from __future__ import annotations

import base64
import itertools
import json
import time
from dataclasses import replace
from email import message_from_bytes
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from PIL import Image, ImageDraw
from scrapy.http import HtmlResponse
from test_attachments import FAST, entry, listing, run, tagged
from test_image import file_of, judged, needs_chromium, report_of
from webserver import Asked, Site, serving

from benchmarks.documents import printing, scans
from benchmarks.documents.content import Content, html, make
from benchmarks.documents.scans import SCANNERS
from harvester.errors import Unreadable
from harvester.items import Document, Issue
from harvester.readers import bounds, gallery, mhtml, read, sniff
from harvester.readers.gallery import Shown
from spiders.answers import attachments_of
from spiders.families import Link
from storage.archive import read_body
from storage.database import Database

pytest.importorskip("cv2", reason="the extra ocr is not installed")
pytest.importorskip("rapidocr", reason="the extra ocr is not installed")

from harvester.readers import sequence

KEYS = {"table_2", "table_3", "table_4"}


@cache
def content(seed: str = "scan 2", *keys: str) -> Content:
    needs_chromium()
    made = make(seed, "national_2021")
    return replace(made, tables=[table for table in made.tables if table.key in (keys or KEYS)])


@cache
def page(seed: str, *keys: str) -> Image.Image:
    """A report with some of its tables on one sheet, as a screen shows it."""
    picture = scans.rendered(printing.pdf(html(content(seed, *keys))), 150)[0]
    return picture.crop((0, 0, picture.width, int(np.flatnonzero((np.asarray(picture) < 128).any(axis=1))[-1]) + 60))


def strips(picture: Image.Image, *cuts: int) -> list[bytes]:
    ends = [0, *cuts, picture.height]
    return [scans.jpeg(picture.crop((0, top, picture.width, bottom))) for top, bottom in itertools.pairwise(ends)]


def shown(bodies: list[bytes], lost: str = "", missing: int = -1) -> list[Shown]:
    urls = [f"http://www.h.gov.cn/f/{number}.jpg" for number in range(len(bodies))]
    return [Shown(url, lost=lost) if at == missing else Shown(url, body) for at, (url, body) in enumerate(zip(urls, bodies, strict=True))]


def grids(document: Document) -> list[tuple[int, int]]:
    return [(block.grid.index, len(block.grid.rows)) for block in document.blocks if block.grid]


# --- the file ------------------------------------------------------------------------------------------------------------------------


def test_the_same_pictures_make_the_same_file_and_it_holds_their_bytes() -> None:
    bodies = [bytes(range(256)) * 40, b"\x89PNG\r\n" + b"\r\n--" * 3000]
    made = gallery.made(shown(bodies))
    assert made == gallery.made(shown(bodies)) != gallery.made(shown(bodies[::-1]))
    assert sniff.format_of(made) == "mhtml"
    parts = list(message_from_bytes(made).walk())
    assert [part.get_content_type() for part in parts] == ["multipart/related", "text/html", "image/tiff", "image/png"]
    assert [part.get_payload(decode=True) for part in parts[2:]] == bodies
    assert [part["Content-Location"] for part in parts[2:]] == ["http://www.h.gov.cn/f/0.jpg", "http://www.h.gov.cn/f/1.jpg"]


def test_what_is_too_large_together_is_named_as_left_out() -> None:
    third = bytes(gallery.ROOM // 3 + 1)
    made = gallery.made(shown([third] * 3))
    assert len(made) < bounds.MAX_BYTES and made.count(b"Content-Location") == 2
    assert gallery.TOO_MUCH in mhtml.page(made)


def test_an_address_of_its_own_that_no_server_knows() -> None:
    assert gallery.address("http://h/t1.html#top") == "http://h/t1.html#pictures"


# --- reading it ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.proof
def test_a_table_that_is_cut_through_a_row_is_one() -> None:
    picture = page("scan 2", "table_2", "table_4")
    bodies = strips(picture, 200, 700, picture.height - 450)
    document = read(gallery.made(shown(bodies)))
    assert (document.format, document.recognised, document.issues) == ("mhtml", True, [])
    assert "云溪县人民政府" in document.blocks[0].text and [index for index, _ in grids(document)] == [0, 1]
    share, wrong = judged(report_of(document), content("scan 2"), {"table_2", "table_4"})
    assert (share, wrong) == (1, [])


@pytest.mark.proof
def test_a_saved_page_of_pictures_alone_is_read_as_one_too() -> None:
    (body,) = strips(page("scan 2", "table_4"))
    html = b'<html><body><h1>\xe5\xb9\xb4\xe6\x8a\xa5</h1><img src="cid:1@x"><img src="logo.png"></body></html>'
    kinds = [("text/html; charset=utf-8", "Content-Location: http://h/1.html", html), ("image/jpeg", "Content-ID: <1@x>", body)]
    parts = "".join(
        f"--b\r\nContent-Type: {kind}\r\n{name}\r\nContent-Transfer-Encoding: base64\r\n\r\n{base64.encodebytes(part).decode()}\r\n"
        for kind, name, part in kinds
    )
    document = read(f'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n{parts}--b--\r\n'.encode())
    assert document.blocks[0].text == "年报" and document.recognised and len(grids(document)) == 1 and document.issues == []


@pytest.mark.proof
@pytest.mark.parametrize("scanner", SCANNERS)
def test_pages_of_a_scan_are_one_report(scanner: str) -> None:
    """As a PDF of the same scans is: table 3 begins on one page and goes on at the next."""
    report = make("21", "national_2021")
    bodies = [scans.jpeg(picture) for picture in scans.pictures(report, SCANNERS[scanner])]
    document = read(gallery.made(shown(bodies)))
    assert len(bodies) > 1 and len(grids(document)) == 3
    made = report_of(document)
    share, wrong = judged(made, report, KEYS)
    assert share == 1 and wrong == []
    assert all(figure.status == "printed" for figure in made.figures if figure.table == "table_3")


@pytest.mark.proof
def test_nothing_goes_on_over_a_picture_that_is_missing() -> None:
    report = make("21", "national_2021")
    first, second = (scans.jpeg(picture) for picture in scans.pictures(report, SCANNERS["150 dpi"]))
    document = read(gallery.made(shown([first, b"", second], "HTTP 404", 1)))
    assert [(issue.code, issue.where, issue.message) for issue in document.issues] == [("pages_unread", "picture 2", "HTTP 404")]
    assert len(grids(document)) == 4
    assert judged(report_of(document), report, KEYS)[1] == []


def looks(*bodies: bytes) -> list[list[int]]:
    return [[strip.number for strip in sheet] for sheet in sequence._sheets(bodies, {}, [])]


def ruled(width: int = 600, height: int = 300, margin: int = 0) -> bytes:
    picture = Image.new("L", (width, height), 255)
    for x in (50, 200, 400, 550):
        ImageDraw.Draw(picture).rectangle((x, margin, x + 1, height - margin), fill=0)
    return file_of(picture)


def test_strips_are_one_page_and_pages_are_not() -> None:
    assert looks(ruled(), ruled(), ruled()) == [[0, 1, 2]]
    assert looks(ruled(margin=20), ruled(margin=20)) == [[0], [1]]
    assert looks(ruled(), ruled(width=610)) == [[0], [1]]
    black = file_of(Image.new("L", (600, 300), 0))
    assert looks(black, black) == [[0], [1]]


def test_what_is_as_narrow_as_a_code_to_scan_is_no_page() -> None:
    assert looks(ruled(), ruled(width=200), ruled()) == [[0, 2]]


def test_damaged_pictures_and_those_beyond_the_most_are_told() -> None:
    issues: list[Issue] = []
    bodies = [ruled()[:150], *[ruled(margin=20)] * bounds.MAX_SCANNED]
    sheets = list(sequence._sheets(bodies, {2: "HTTP 410"}, issues))
    assert [len(sheet) for sheet in sheets] == [0, 1, 0, *[1] * (bounds.MAX_SCANNED - 3), 0]
    told = {issue.where: issue.message for issue in issues}
    assert "truncated or damaged" in told["picture 1"] and told["picture 3"] == "HTTP 410"
    assert "no more than" in told[f"picture {bounds.MAX_SCANNED + 1}"]


def test_pictures_without_a_word_are_unreadable() -> None:
    with pytest.raises(Unreadable, match="no text is recognised"):
        read(gallery.made(shown([ruled(), ruled()])))
    with pytest.raises(Unreadable, match="picture 1: the picture is truncated"):
        read(gallery.made(shown([ruled()[:150]])))


# --- which pictures of a page ---------------------------------------------------------------------------------------------------------


AT = "http://www.h.gov.cn/a/t1.html"


def pictures_of(markup: str, titled: bool = False) -> list[str]:
    response = HtmlResponse(AT, body=f"<html><body>{markup}</body></html>".encode(), headers={"Content-Type": "text/html; charset=utf-8"})
    title = "某某市教育局2021年政府信息公开工作年度报告"
    return [
        file.url.removeprefix("http://www.h.gov.cn")
        for file in attachments_of(response, Link(AT, f"{title}（图片版）" if titled else title))[1]
    ]


CHROME = (
    '<div class="top"><img src="/images/logo.png"><a href="/index.html"><img src="/images/top1.jpg"></a></div>'
    '<div class="foot"><img src="/images/gh.png" alt="二维码"><img src="/i/jgdj.png"><img src="/i/3.png" width="120"></div>'
)


@pytest.mark.parametrize(
    ("article", "expected"),
    [
        ('<img src="1.jpg"><img src="2.JPG?v=3">', ["/a/1.jpg", "/a/2.JPG?v=3"]),
        ('<img src="/i/loading.gif" data-original="1.png"><img src="1.png">', ["/a/1.png"]),
        ('<a href="/big/1.jpg"><img src="/thumb/1.jpg"></a>', ["/big/1.jpg"]),
        ('<img src="/u/微信图片_20220120.jpg" alt="微信图片_20220120.jpg">', ["/u/%E5%BE%AE%E4%BF%A1%E5%9B%BE%E7%89%87_20220120.jpg"]),
        (
            '<img src="1.jpg" style="width:100.5px;height:90px"><img src="2.jpg" style="width: 800px"><img src="3.png" height="30">',
            ["/a/2.jpg"],
        ),
        ('<a href="/zt/1.html"><img src="zt.jpg"></a><a href="#"><img src="1.jpg"></a>', ["/a/1.jpg"]),
        ('<img src="data:image/png;base64,AAAA"><img src="/i/icon_pdf.gif">', []),
        ('<img src="1.jpg"><p><a href="2.pdf">附件</a></p>', ["/a/2.pdf"]),
        ("<p>" + "本机关主动公开政府信息。" * 30 + '</p><img src="1.jpg">', []),
        ("<table>" + "<tr><td>1</td><td>2</td></tr>" * 30 + '</table><img src="1.jpg">', []),
    ],
)
def test_pictures_of_the_article_are_found_and_nothing_else(article: str, expected: list[str]) -> None:
    assert pictures_of(f'{CHROME}<div id="zoom"><p>附图：</p>{article}</div>') == expected


def test_without_an_article_that_is_known_only_the_title_tells() -> None:
    markup = f'{CHROME}<div class="none"><img src="1.jpg"><img src="2.jpg"></div>'
    assert pictures_of(markup) == []
    assert pictures_of(markup, titled=True) == ["/a/1.jpg", "/a/2.jpg"]


def test_thousands_of_pictures_in_thousands_of_elements_take_no_time() -> None:
    begin = time.process_time()
    pictures_of("<div>" * 3000 + '<img src="1.jpg">' * 20_000, titled=True)
    assert time.process_time() - begin < 5


# --- a crawl -------------------------------------------------------------------------------------------------------------------------


def article(*pictures: str) -> str:
    images = "".join(f'<p><img src="/f/{name}"></p>' for name in pictures)
    return f'<html><body><img src="/i/logo.png"><div id="zoom">{images}</div><img src="/i/gzh.png" alt="二维码"></body></html>'


def site_pages() -> dict[str, Any]:
    picture = page("scan 2", "table_2", "table_4")
    upper, middle, lower = strips(picture, 700, picture.height - 450)
    return {
        "/list/": listing(entry("/r/2021.html", "教育局", 2021), entry("/r/2019.html", "水利局", 2019)),
        "/r/2021.html": article("1.jpg", "2.jpg", "3.jpg", "never.jpg"),
        "/f/1.jpg": upper,
        "/f/2.jpg": middle,
        "/f/3.jpg": lower,
        "/r/2019.html": article("one.jpg"),
        "/f/one.jpg": ruled()[:150],
        "/half/": listing(entry("/r/half.html", "林业局", 2018)),
        "/r/half.html": article("1.jpg", "half.jpg"),
    }


def crawl(folder: Path, site: Site) -> dict[str, Any]:
    header = "portal_id,name,region_code,list_url,family,min_reports,note"
    lines = [f"{name},,,{site.base}/{name}/,,," for name in ("list", "half")]
    (folder / "portals.csv").write_text("\n".join([header, *lines]), "utf-8")
    run(folder, "crawl", "--portals", "portals.csv", "--summary", "s.json", **FAST)
    return {portal["portal_id"]: portal for portal in json.loads((folder / "s.json").read_text("utf-8"))["portals"]}


def counted(told: dict[str, Any]) -> tuple[int, ...]:
    return tuple(told[name] for name in ("new", "changed", "unchanged", "withdrawn"))


class Done(NamedTuple):
    folder: Path
    site: Site
    told: tuple[dict[str, Any], ...]
    asked: list[Asked]
    again: list[Asked]
    replayed: str


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """A crawl, the same when one more picture is gone, once more when the page is, and a replay of their archive."""
    folder, site = tmp_path_factory.mktemp("together"), Site({})
    pages = site_pages()
    answers = tagged(pages)
    site.answers = lambda asked: 500 if asked.path == "/f/half.jpg" else answers(asked)
    with serving(site):
        first, asked = crawl(folder, site), list(site.asked)
        site.asked.clear()
        del pages["/f/2.jpg"]
        second, again = crawl(folder, site), list(site.asked)
        del pages["/r/2021.html"]
        pages |= {"/list/": listing(entry("/r/2019.html", "水利局", 2019)), "/r/2019.html": f"{article('one.jpg')} "}
        third = crawl(folder, site)
    return Done(folder, site, (first, second, third), asked, again, run(folder, "replay", "--db", "replayed.db").stderr)


def rows(folder: Path, sql: str, *values: object, name: str = "data/harvest.db") -> list[tuple[Any, ...]]:
    with Database(folder / name) as database:
        return [tuple(row) for row in database.connection.execute(sql, values)]


def test_pictures_of_a_page_are_one_report_and_what_is_missing_is_told(done: Done) -> None:
    folder, site, (first, *_), asked, *_ = done
    assert counted(first["list"]) == (1, 0, 0, 0)
    told = rows(folder, "SELECT id, replace(url, ?, ''), title, year, published_on, form FROM reports", site.base)
    ((report, *told),) = told
    assert told == ["/r/2021.html#pictures", "云溪县人民政府2021年政府信息公开工作年度报告", 2021, "2022-01-20", "national_2021"]
    issues = rows(folder, 'SELECT "where", message FROM issues WHERE report_id = ? AND code = ?', report, "pages_unread")
    assert issues == [("picture 4", "the page is not there (HTTP 404)")]
    figures = rows(folder, "SELECT table_key, row_key, column_key, value, source_table FROM figures WHERE source_table IS NOT NULL")
    truth = content("scan 2", "table_2", "table_4").truth.cells
    assert len(figures) > 20 and {table for *_, table in figures} == {0, 1}
    assert [place for *place, value, _ in figures if truth[tuple(place)].value != value] == []
    assert not [one.path for one in asked if one.path.startswith("/i/")]
    assert {one.headers.get("referer", "").removeprefix(site.base) for one in asked if one.path == "/f/2.jpg"} == {"/r/2021.html"}


def test_each_picture_is_kept_by_itself_and_figures_lead_to_the_file_of_all(done: Done) -> None:
    folder, site, *_ = done
    found = rows(folder, "SELECT replace(url, ?, ''), format, report_id IS NULL, carrier, warc_file, warc_offset FROM captures", site.base)
    kept = {url: (form, none) for url, form, none, *_ in found}
    assert kept["/f/1.jpg"] == kept["/f/2.jpg"] == ("image", 1) and kept["/r/2021.html#pictures"] == ("mhtml", 0)
    bodies = {url: read_body(folder / "data" / "archive", name, offset) for url, _, _, _, name, offset in found}
    parts = [part.get_payload(decode=True) for part in message_from_bytes(bodies["/r/2021.html#pictures"]).walk()][2:]
    assert parts == [bodies[f"/f/{number}.jpg"] for number in (1, 2, 3)]
    used = rows(folder, "SELECT DISTINCT replace(c.url, ?, '') FROM figures f JOIN captures c ON c.id = f.capture_id", site.base)
    assert used == [("/r/2021.html#pictures",)]


def test_a_single_picture_is_a_file_as_any_other(done: Done) -> None:
    folder, site, (first, *_), *_ = done
    urls = {url for (url,) in rows(folder, "SELECT replace(url, ?, '') FROM captures", site.base)}
    assert "/f/one.jpg" in urls and "/r/2019.html#pictures" not in urls
    assert "/f/one.jpg: the picture is truncated" in first["list"]["reason"]


def test_half_a_report_is_none_while_the_other_half_may_come(done: Done) -> None:
    folder, site, (first, *_), *_ = done
    assert (first["half"]["outcome"], counted(first["half"])) == ("incomplete", (0, 0, 0, 0))
    assert "/f/half.jpg: HTTP 500" in first["half"]["reason"]
    assert rows(folder, "SELECT 1 FROM captures WHERE url = ?", f"{site.base}/r/half.html#pictures") == []


def test_what_did_not_change_costs_no_body_and_what_is_gone_stays_in_the_report(done: Done) -> None:
    folder, site, (_, second, _), *_ = done
    assert counted(second["list"]) == (0, 0, 1, 0)
    known = {one.path: "if-none-match" in one.headers for one in done.again}
    assert known["/f/1.jpg"] and known["/f/2.jpg"]
    count = "SELECT count(*) FROM captures WHERE url IN (?, ?, ?)"
    urls = [f"{site.base}{path}" for path in ("/f/1.jpg", "/f/2.jpg", "/r/2021.html#pictures")]
    assert rows(folder, count, *urls) == [(3,)]
    ((first_seen, last_seen),) = rows(folder, "SELECT first_seen, last_seen FROM reports")
    assert first_seen < last_seen


def test_with_its_page_the_report_is_withdrawn(done: Done) -> None:
    assert counted(done.told[2]["list"])[3] == 1
    ((withdrawn,),) = rows(done.folder, "SELECT withdrawn_on IS NOT NULL FROM reports")
    assert withdrawn


def test_a_replay_gives_the_same(done: Done) -> None:
    folder = done.folder
    for sql in (
        "SELECT id, url, text_sha256, quality, first_seen, last_seen, withdrawn_on FROM reports ORDER BY id",
        "SELECT url, fetched_at, http_status, content_type, body_sha256, format, carrier, report_id FROM captures ORDER BY 1, 2",
        "SELECT row_key, column_key, value, printed, status, source_table, source_row FROM figures ORDER BY 1, 2",
        'SELECT report_id, url, code, "where", message FROM issues ORDER BY 1, 2, 3, 4',
    ):
        assert rows(folder, sql) == rows(folder, sql, name="replayed.db"), (sql, done.replayed)
