"""Parts of the site by themselves: bodies out of WARC files, archived pages made inert, bars, revisions shown cell by cell."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import io
import re
import zipfile
import zlib
from importlib.resources import files
from pathlib import Path

import pytest

from harvester.items import Page
from storage import publish, static
from storage.archive import Archive
from storage.database import Database
from storage.site.pages import charts, security, warc
from storage.site.pages.inert import inert
from tests.storing import page

BODY = "<p>湖滨区 12 件</p>".encode()


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def record(http: bytes, packed: bool = True, kind: str = "response") -> bytes:
    head = f"WARC/1.1\r\nWARC-Type: {kind}\r\nContent-Length: {len(http)}\r\n\r\n".encode()
    whole = head + http + b"\r\n\r\n"
    return gzip.compress(whole, mtime=0) if packed else whole


def kept(folder: Path, content: bytes, name: str = "a.warc.gz") -> int:
    """The record at an offset behind another one; returns the offset."""
    before = record(b"HTTP/1.1 200 OK\r\n\r\nother", packed=name.endswith("gz"))
    (folder / name).write_bytes(before + content)
    return len(before)


HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n" + f"{len(BODY):x}".encode() + b";x=1\r\n" + BODY + b"\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    "http",
    [
        HEAD + b"\r\n" + BODY,
        b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n" + BODY,
        HEAD + CHUNKED,
        HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(BODY, mtime=0),
        HEAD + b"Content-Encoding: deflate\r\n\r\n" + zlib.compress(BODY),
    ],
)
@pytest.mark.parametrize("name", ["a.warc.gz", "a.warc"])
def test_a_body_is_found_however_it_was_sent(tmp_path: Path, http: bytes, name: str) -> None:
    offset = kept(tmp_path, record(http, packed=name.endswith("gz")), name)
    assert warc.read(tmp_path, name, offset, digest(BODY)) == warc.Body(BODY, True)


def test_what_our_archive_wrote_is_read(tmp_path: Path) -> None:
    with Archive(tmp_path, "r1") as archive:
        archive.add(Page("http://x.gov.cn/1", b"first", fetched_at="2025-01-01T00:00:00Z"))
        second = archive.add(Page("http://x.gov.cn/2", BODY, fetched_at="2025-01-01T00:00:00Z"))
        # The file at work has another name until its run ends.
        assert warc.read(tmp_path, second.warc_file, second.warc_offset, second.body_sha256).body == BODY
    assert warc.read(tmp_path, second.warc_file, second.warc_offset, second.body_sha256).body == BODY


def test_a_member_of_a_zip_is_found_by_its_digest(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as bundle:
        bundle.writestr("年报/一.docx", b"another")
        bundle.writestr("年报/二.docx", BODY)
    offset = kept(tmp_path, record(HEAD + b"\r\n" + packed.getvalue()))
    assert warc.read(tmp_path, "a.warc.gz", offset, digest(BODY)).body == BODY
    assert warc.read(tmp_path, "a.warc.gz", offset, digest(b"in none")) == warc.Body(packed.getvalue(), False)


@pytest.mark.parametrize(
    ("name", "content", "offset"),
    [
        ("../secret.warc.gz", record(HEAD + b"\r\n" + BODY), 0),
        ("/etc/passwd", b"", 0),
        ("b.warc.gz", b"", 0),
        ("a.warc.gz", record(HEAD + b"\r\n" + BODY)[:-20], None),
        ("a.warc.gz", record(HEAD + b"\r\nforged"), None),
        ("a.warc.gz", record(HEAD + b"\r\n" + BODY), 3),
        ("a.warc.gz", record(HEAD + b"\r\n" + BODY), 10**9),
        ("a.warc.gz", gzip.compress(b"WARC/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", mtime=0), None),
    ],
)
def test_what_is_not_the_body_is_never_shown(tmp_path: Path, name: str, content: bytes, offset: int | None) -> None:
    found = kept(tmp_path, content)
    with pytest.raises(warc.Lost):
        warc.read(tmp_path, name, found if offset is None else offset, digest(BODY))


def test_a_record_that_swells_is_held_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warc, "MOST", 1 << 20)
    offset = kept(tmp_path, record(HEAD + b"\r\n" + bytes(1 << 24)))
    with pytest.raises(warc.Lost):
        warc.read(tmp_path, "a.warc.gz", offset, digest(BODY))


ACTIVE = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=gbk"><meta http-equiv="refresh" content="0;url=//x">
<link rel="stylesheet" href="//x/a.css"><style>@import "b.css"; p { background: url( '//x/c.png') }</style><SCRIPT src=//x/d.js>1</SCRIPT>
</head><body onload = "go()" background="//x/e.png"><img SRC="//x/f.png" srcset="g 2x"><iframe src="//x/h"></iframe><p>第3条 src 说明</p>"""


def test_an_inert_page_keeps_its_words_and_fetches_nothing() -> None:
    found = inert(ACTIVE.encode("gbk")).decode("gbk")
    assert "第3条 src 说明" in found
    assert 'http-equiv="Content-Type"' in found
    assert not re.search(
        r"<script|<link|<iframe|[\s\"']src\s*=|srcset\s*=(?<!data-srcset=)|\sonload|@import|(?<!data-)http-equiv=\"refresh", found, re.I
    )
    assert "url(data:," in found


def test_bars_have_the_height_of_their_values_and_gaps_stay_gaps() -> None:
    line = {"zh": "收", "en": "in", "values": [10, None, 0, 40], "links": list("abcd")}
    told = charts.bars("x", [2021, 2022, 2023, 2024], [line])
    drawn = {bar["label"]: bar for bar in told["bars"]}
    assert set(drawn) == {2021, 2023, 2024}
    assert drawn[2023]["height"] == 0
    assert drawn[2024]["height"] == pytest.approx(4 * drawn[2021]["height"])
    assert [tick["label"] for tick in told["ticks"]] == ["0", "10", "20", "30", "40"]
    assert charts.bars("x", [2021], [{**line, "values": [None], "links": ["a"]}])["bars"] == []


@pytest.mark.parametrize(("top", "end"), [(0, 4), (1, 4), (3, 4), (35, 40), (41, 80), (1320, 2000), (1_900_000, 2_000_000)])
def test_an_axis_ends_at_a_round_number(top: float, end: float) -> None:
    assert charts.nice(top) == end


def test_every_script_of_datasette_is_known_and_no_other() -> None:
    templates = files("datasette").joinpath("templates")
    inline = [name.name for name in templates.iterdir() if name.name.endswith(".html") and "<script>" in name.read_text("utf-8")]
    of_its_tools = {"allow_debug.html", "permissions_debug.html", "patterns.html", "messages_debug.html"}
    assert set(inline) - of_its_tools == {"_close_open_menus.html", "_codemirror_foot.html", "table.html"}
    assert "'unsafe-inline'" not in security.policy().partition("script-src")[2].partition(";")[0]


def test_a_revision_is_shown_cell_by_cell_with_both_captures(tmp_path: Path) -> None:
    with Database(tmp_path / "harvest.db") as database:
        database.load_reference()
        database.start_run("r1", "crawl", "2025-01-01T00:00:00Z")
        first = page("http://q.gov.cn/2023.html", "旧稿", report={"year": 2023})
        database.save(first)
        later = page("http://q.gov.cn/2023.html", "新稿", "2025-06-01T00:00:00Z", report={"year": 2023})
        assert later.report
        changed = next(figure for figure in later.report.figures if (figure.row, figure.column) == ("granted", "total"))
        changed.value, changed.printed = 4711, "4711"
        database.save(later)
    publish.publish(tmp_path / "harvest.db", tmp_path / "site")

    async def ask() -> str:
        served = static.datasette(tmp_path / "site")
        await served.invoke_startup()
        listed = (await served.client.get("/harvest/reports.json?_shape=objects&superseded_by__isnull=1")).json()["rows"]
        return str((await served.client.get(f"/-/report/{listed[0]['id']}")).text)

    shown = asyncio.run(ask())
    part = shown.partition('class="data revisions"')[2].partition("</table>")[0]
    assert "（一）予以公开 · 总计" in part
    assert len(set(re.findall(r"/-/capture/(\d+)", part))) == 2
    assert ">4711</a>" in part
    assert "这里看不到存档的字节" not in shown
