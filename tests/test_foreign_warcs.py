"""WARC files of other crawlers, with their habits; records that say "the same as before"; and our own in other software."""

from __future__ import annotations

import gzip
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
import zlib
from pathlib import Path

import brotli
import pytest
from conftest import Crawled, run_harvester

from harvester.items import Capture, Page
from spiders.warc import foreign_pages
from storage import archive
from storage.archive import Archive

BODY = "<html><p>某某市2024年政府信息公开工作年度报告</p></html>".encode() * 30
URL = "http://b.gov.cn/1.html"


def record(
    content: bytes, kind: str = "response", url: str = URL, version: str = "1.0", date: str = "2024-02-03T04:05:06Z", **more: str
) -> bytes:
    """One WARC record; ``more`` are further headers, underscores for hyphens."""
    head = [f"WARC/{version}", f"WARC-Type: {kind}", f"WARC-Target-URI: {url}", f"WARC-Date: {date}"]
    head += [f"Content-Type: {more.pop('content_type', 'application/http; msgtype=response')}"]
    head += [f"WARC-Record-ID: {more.pop('id', '<urn:uuid:1>')}", *(f"{name.replace('_', '-')}: {value}" for name, value in more.items())]
    return "\r\n".join([*head, f"Content-Length: {len(content)}", "", ""]).encode() + content + b"\r\n\r\n"


def http(body: bytes, *headers: str, first: str = "HTTP/1.1 200 OK", end: str = "\r\n") -> bytes:
    return end.join([first, "Content-Type: text/html", *headers, "", ""]).encode() + body


def chunked(body: bytes) -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:100], body[100:])) + b"0\r\n\r\n"


def read(path: Path) -> tuple[list[Page], list[str]]:
    problems: list[str] = []
    return list(foreign_pages(path, problems.append)), problems


def one(tmp_path: Path, *records: bytes, name: str = "a.warc.gz") -> tuple[list[Page], list[str]]:
    path = tmp_path / name
    path.write_bytes(b"".join(gzip.compress(one) for one in records) if name.endswith(".gz") else b"".join(records))
    return read(path)


WHOLE = {
    "plain": http(BODY),
    "chunks": http(chunked(BODY), "Transfer-Encoding: chunked"),
    "chunks taken apart, the header kept": http(BODY, "Transfer-Encoding: chunked"),
    "gzip": http(gzip.compress(BODY), "Content-Encoding: gzip"),
    "gzip in chunks": http(chunked(gzip.compress(BODY)), "Transfer-Encoding: chunked", "Content-Encoding: gzip"),
    "unpacked, the header kept": http(BODY, "Content-Encoding: gzip", "Content-Length: 99999"),
    "x-gzip": http(gzip.compress(BODY), "Content-Encoding: x-gzip"),
    "deflate": http(zlib.compress(BODY), "Content-Encoding: deflate"),
    "bare deflate": http(zlib.compress(BODY)[2:-4], "Content-Encoding: deflate"),
    "unpacked, the header of deflate kept": http(BODY, "Content-Encoding: deflate"),
    "brotli": http(brotli.compress(BODY), "content-encoding: br"),
    "a word that is no encoding": http(BODY, "Content-Encoding: UTF-8"),
    "a browser's status line": http(BODY, first="HTTP/2 200 "),
    "no reason": http(BODY, first="HTTP/1.0 200"),
    "bare line feeds": http(BODY, end="\n"),
    "Common Crawl": http(BODY, "X-Crawl-Content-Encoding: gzip", "X-Crawl-Content-Length: 321", f"Content-Length: {len(BODY)}"),
}


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize(
    ("suffix", "version", "url", "date"),
    [("warc", "1.0", f"<{URL}>", "2024-02-03T04:05:06Z"), ("warc.gz", "1.1", URL, "2024-02-03T04:05:06.789Z")],
)
def test_bodies_come_out_as_the_server_meant_them(tmp_path: Path, name: str, suffix: str, version: str, url: str, date: str) -> None:
    pages, problems = one(tmp_path, record(WHOLE[name], url=url, version=version, date=date), name=f"a.{suffix}")
    assert problems == []
    assert [(page.url, page.status, page.fetched_at, page.body == BODY) for page in pages] == [(URL, 200, "2024-02-03T04:05:06Z", True)]


CUT = {
    "a crawler's limit": record(http(BODY), WARC_Truncated="length"),
    "the first segment": record(http(BODY), WARC_Segment_Number="1"),
    "the connection broke": record(http(BODY[:300], f"Content-Length: {len(BODY)}")),
    "gzip": record(http(gzip.compress(BODY)[:-12], "Content-Encoding: gzip")),
    "bare deflate": record(http(zlib.compress(BODY)[2:-20], "Content-Encoding: deflate")),
    "chunks": record(http(chunked(BODY)[:-40], "Transfer-Encoding: chunked")),
    "chunks without the last": record(http(chunked(BODY)[:-5], "Transfer-Encoding: chunked")),
}


@pytest.mark.parametrize("name", CUT)
def test_a_cut_body_is_told_and_never_read_as_a_whole_one(tmp_path: Path, name: str) -> None:
    whole = record(http(BODY), url="http://b.gov.cn/2.html", id="<urn:uuid:2>")
    pages, problems = one(tmp_path, CUT[name], whole)
    assert [page.url for page in pages] == ["http://b.gov.cn/2.html"], "what stands behind it is read"
    (problem,) = problems
    assert f"{URL}: not the whole body is kept there" in problem


def test_a_cut_body_makes_an_ingest_incomplete(tmp_path: Path) -> None:
    (tmp_path / "slice.warc.gz").write_bytes(gzip.compress(CUT["a crawler's limit"]))
    told = run_harvester("ingest", "slice.warc.gz", cwd=tmp_path)
    assert told.returncode == 1
    assert "not the whole body is kept there (cut by the crawler that kept it (length))" in told.stderr


def test_notes_of_crawlers_are_no_pages(tmp_path: Path) -> None:
    """wget keeps its log, browsertrix the text, the picture and the resources of each page; all of them say they are resources."""
    notes = (
        "metadata://gnu.org/software/wget/warc/wget.log",
        "urn:text:http://b.gov.cn/1.html",
        "urn:pageinfo:http://b.gov.cn/1.html",
        "dns:b.gov.cn",
    )
    records = [record("某市2024年政府信息公开工作年度报告".encode(), "resource", url, content_type="text/plain") for url in notes]
    pages, problems = one(tmp_path, *records, record(b"GET / HTTP/1.1\r\n\r\n", "request"), record(http(BODY)))
    assert ([page.url for page in pages], problems) == ([URL], [])


def test_files_of_one_gzip_member_and_slices_put_together_are_read(tmp_path: Path) -> None:
    records = [record(http(BODY + b"%d" % number), url=f"http://b.gov.cn/{number}", id=f"<urn:uuid:{number}>") for number in range(3)]
    (tmp_path / "one.warc.gz").write_bytes(gzip.compress(b"".join(records)))
    (tmp_path / "slices.warc.gz").write_bytes(b"".join(map(gzip.compress, records)))
    for name in ("one", "slices"):
        pages, problems = read(tmp_path / f"{name}.warc.gz")
        assert ([page.url for page in pages], problems) == ([f"http://b.gov.cn/{number}" for number in range(3)], [])


def test_a_file_without_a_page_is_told(tmp_path: Path) -> None:
    pages, (problem,) = one(
        tmp_path, record("政府信息公开".encode(), "conversion", content_type="text/plain"), name="x.warc.wet.gz.warc.gz"
    )
    assert pages == []
    assert "holds no page" in problem


# --- revisits ------------------------------------------------------------------------------------------------------------------------

LATER = "2025-02-03T04:05:06Z"
SHA1 = "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"
REFERS = {
    "by its id": {"WARC_Refers_To": "<urn:uuid:1>"},
    "by its place": {"WARC_Refers_To_Target_URI": URL, "WARC_Refers_To_Date": "2024-02-03T04:05:06Z"},
    "by its digest": {"WARC_Payload_Digest": SHA1},
}


def revisit(url: str, **refers: str) -> bytes:
    profile = "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"
    return record(http(b""), "revisit", url, date=LATER, id="<urn:uuid:9>", WARC_Profile=profile, **refers)


@pytest.mark.parametrize("name", REFERS)
@pytest.mark.parametrize("order", [1, -1])
def test_a_revisit_is_the_page_it_refers_to(tmp_path: Path, name: str, order: int) -> None:
    other = "http://b.gov.cn/moved.html"
    records = [record(http(gzip.compress(BODY), "Content-Encoding: gzip"), WARC_Payload_Digest=SHA1), revisit(other, **REFERS[name])]
    pages, problems = one(tmp_path, *records[::order])
    assert problems == []
    assert [(page.url, page.fetched_at, page.body == BODY) for page in pages] == [(URL, "2024-02-03T04:05:06Z", True), (other, LATER, True)]


def test_a_revisit_may_refer_to_another_file_and_into_a_wacz(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.wacz", "w") as bundle:
        bundle.writestr("archive/1.warc.gz", gzip.compress(record(http(BODY))))
        bundle.writestr("archive/2.warc.gz", gzip.compress(revisit("http://b.gov.cn/2", WARC_Refers_To="<urn:uuid:1>")))
        bundle.writestr("pages/pages.jsonl", "{}")
    pages, problems = read(tmp_path / "b.wacz")
    assert ([page.url for page in pages], problems) == ([URL, "http://b.gov.cn/2"], [])
    assert pages[1].body == BODY


def test_revisits_of_what_is_not_there_are_counted(tmp_path: Path) -> None:
    pages, (problem,) = one(
        tmp_path, record(http(BODY)), *(revisit(f"http://b.gov.cn/{number}", WARC_Refers_To="<urn:uuid:77>") for number in range(3))
    )
    assert len(pages) == 1
    assert "3 records say that a page is the same as one that is in none of these files" in problem


def test_what_did_not_change_is_written_as_a_revisit(tmp_path: Path) -> None:
    iterator = pytest.importorskip("warcio.archiveiterator")
    page = Page(URL, BODY, fetched_at="2026-01-01T00:00:00Z", headers=[("Content-Type", "text/html")], content_type="text/html")
    with Archive(tmp_path, "r1") as kept:
        capture = kept.add(page)
    with Archive(tmp_path, "r2") as kept:
        kept.add_revisit(Page(URL, b"", 304, [("ETag", '"1"')], fetched_at="2026-01-08T00:00:00Z"), capture)
        kept.add_revisit(Page(URL, BODY, 200, page.headers, "text/html", "2026-01-15T00:00:00Z"), capture)
    (path,) = tmp_path.glob("*-r2-*.warc.gz")
    with path.open("rb") as stream:
        found = [record for record in iterator.ArchiveIterator(stream, check_digests="raise") if record.rec_type == "revisit"]
        told = [one.rec_headers["WARC-Profile"].rpartition("/")[2] for one in found]
    assert told == ["server-not-modified", "identical-payload-digest"]
    assert found[1].http_headers.get_statuscode() == "200"
    assert {one.rec_headers["WARC-Refers-To"] for one in found} == {capture.record_id}
    assert [page.url for page in archive.pages(tmp_path)] == [URL], "a replay reads each body once"
    assert [page.fetched_at[8:10] for page in archive.pages(tmp_path, with_revisits=True)] == ["01", "08", "15"]


def test_a_crawl_keeps_that_it_asked_and_nothing_had_changed(crawled: Crawled, tmp_path: Path) -> None:
    shutil.copytree(crawled.folder / "data", tmp_path / "data")
    before = {path.name for path in (tmp_path / "data/archive").iterdir()}
    assert run_harvester("crawl", "--sample", cwd=tmp_path).returncode == 0
    (new,) = [path for path in (tmp_path / "data/archive").iterdir() if path.name not in before]
    problems: list[str] = []
    again = [page for page in archive.pages(tmp_path / "data/archive", problems, with_revisits=True) if page.capture is None]
    assert problems == []
    assert len(again) > 100
    assert run_harvester("replay", "--db", "fresh.db", cwd=tmp_path).returncode == 0
    assert new.stat().st_size / len(again) < 1000, "bytes that an unchanged page costs"


# --- our archive in other software ---------------------------------------------------------------------------------------------------


def test_warcio_finds_no_fault(crawled: Crawled) -> None:
    pytest.importorskip("warcio")
    files = sorted(crawled.archive.glob("*.warc.gz"))
    told = subprocess.run([sys.executable, "-m", "warcio.cli", "check", "-v", *files], capture_output=True, text=True, check=False)
    assert files and told.returncode == 0, told.stdout


@pytest.mark.proof
def test_pywb_replays_a_page_and_a_revisit(tmp_path: Path, crawled: Crawled) -> None:
    """pywb wants other versions of what we use: it lives in an environment of its own, whose ``bin`` the variable PYWB names."""
    tools = {name: shutil.which(name, path=os.environ.get("PYWB") or os.environ["PATH"]) for name in ("wb-manager", "wayback")}
    if not all(tools.values()):
        pytest.skip("no pywb: python3 -m venv /tmp/pywb && /tmp/pywb/bin/pip install pywb && PYWB=/tmp/pywb/bin make proof")
    (found, *_) = archive.pages(crawled.archive)
    with Archive(tmp_path / "again", "r2") as kept:
        kept.add_revisit(Page(found.url, b"", 304, found.headers, fetched_at="2027-01-08T00:00:00Z"), capture_of(found))
    manager = [str(tools["wb-manager"])]
    subprocess.run([*manager, "init", "ours"], cwd=tmp_path, check=True, capture_output=True)
    files = [*crawled.archive.glob("*.warc.gz"), *(tmp_path / "again").glob("*.warc.gz")]
    subprocess.run([*manager, "add", "ours", *map(str, files)], cwd=tmp_path, check=True, capture_output=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen(
        [str(tools["wayback"]), "-b", "127.0.0.1", "-p", str(port)], cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            for moment in (found.fetched_at[:4], "20270108000000"):
                assert asked(f"http://127.0.0.1:{port}/ours/{moment}id_/{found.url}") == found.body
        finally:
            server.terminate()


def capture_of(page: Page) -> Capture:
    assert page.capture is not None
    return page.capture


def asked(url: str, seconds: float = 30) -> bytes:
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url) as answer:
                body: bytes = answer.read()
                return body
        except OSError:
            assert time.monotonic() < end, "pywb did not answer"
            time.sleep(0.2)
