"""The archive: what goes in comes out byte for byte, and a killed or full disk costs at most the record at work."""

from __future__ import annotations

import errno
import gzip
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from harvester.errors import StorageError
from harvester.items import Page
from storage import archive
from storage.archive import Archive

ROOT = Path(__file__).parent.parent


def page(number: int = 1, body: bytes = b"<p>\xd0\xc5\xcf\xa2</p>", **given: object) -> Page:
    values: dict[str, object] = {
        "url": f"http://www.example.gov.cn/art/{number}.html",
        "body": body,
        "headers": [("Content-Type", "text/html; charset=gbk"), ("Content-Encoding", "gzip"), ("Content-Length", "7")],
        "content_type": "text/html; charset=gbk",
        "fetched_at": "2026-01-30T08:00:00Z",
        "portal_id": "qinglan",
        "run_id": "r1",
        "link_text": "青岚市2025年\r\n年报",
        "via": "http://www.example.gov.cn/list.html",
        "listed_on": "2026-01-29",
    }
    return Page(**{**values, **given})  # type: ignore[arg-type]


def test_round_trip_gives_every_field_back(tmp_path: Path) -> None:
    with Archive(tmp_path, "r1") as kept:
        capture = kept.add(page())
        kept.note_id(capture, page().url, "0123456789abcdef")
    (found,) = archive.pages(tmp_path)
    assert found.body == page().body
    assert (found.url, found.status, found.fetched_at, found.portal_id) == (page().url, 200, "2026-01-30T08:00:00Z", "qinglan")
    assert (found.link_text, found.via, found.listed_on, found.run_id) == ("青岚市2025年 年报", page().via, "2026-01-29", "r1")
    assert found.headers == page().headers
    assert found.content_type == "text/html; charset=gbk"
    assert found.report_id == "0123456789abcdef"
    assert found.capture == capture


def test_file_pages_are_resource_records(tmp_path: Path) -> None:
    with Archive(tmp_path, "r1") as kept:
        kept.add(page(url="file:///data/%E5%B9%B4%E6%8A%A5.txt", content_type="text/plain", headers=[]))
    (found,) = archive.pages(tmp_path)
    assert (found.url, found.content_type, found.body) == ("file:///data/%E5%B9%B4%E6%8A%A5.txt", "text/plain", page().body)


def test_other_software_agrees_on_records_and_digests(tmp_path: Path) -> None:
    warcio = pytest.importorskip("warcio.archiveiterator")
    with Archive(tmp_path, "r1") as kept:
        first = kept.add(page(1))
        kept.add(page(2, b"x" * 90_000))
        kept.note_id(first, page(1).url, "0123456789abcdef")
    with (tmp_path / first.warc_file).open("rb") as stream:
        records = warcio.ArchiveIterator(stream, check_digests="raise")
        seen = []
        for record in records:
            record.content_stream().read()
            seen.append((record.rec_type, record.rec_headers.get_header("WARC-Target-URI")))
        offset_free = records.get_record_offset()
    one, two = page(1).url, page(2).url
    expected = [("warcinfo", None), ("response", one), ("metadata", one), ("response", two), ("metadata", two), ("metadata", one)]
    assert seen == expected
    assert offset_free > 0


def test_read_body_by_place_also_while_the_file_is_open(tmp_path: Path) -> None:
    kept = Archive(tmp_path, "r1")
    places = [kept.add(page(number, f"body {number}".encode())) for number in range(5)]
    assert archive.read_body(tmp_path, places[3].warc_file, places[3].warc_offset) == b"body 3"
    kept.close()
    kept.close()
    assert archive.read_body(tmp_path, places[3].warc_file, places[3].warc_offset) == b"body 3"
    with pytest.raises(StorageError, match="no record at byte"):
        archive.read_body(tmp_path, "gone.warc.gz", 0)


def test_a_file_is_closed_when_it_is_full_and_notes_may_follow_in_the_next(tmp_path: Path) -> None:
    with Archive(tmp_path, "r1", max_bytes=1) as kept:
        captures = [kept.add(page(number)) for number in range(3)]
        kept.note_id(captures[0], page(0).url, "00000000000000aa")
    assert [capture.warc_file[-13:] for capture in captures] == ["00000.warc.gz", "00001.warc.gz", "00002.warc.gz"]
    assert [found.report_id for found in archive.pages(tmp_path)] == ["00000000000000aa", "", ""]
    assert sorted(path.name for path in tmp_path.iterdir()) == [capture.warc_file for capture in captures]


WRITER = """
import sys
from harvester.items import Page
from storage.archive import Archive
kept = Archive(sys.argv[1], "killed")
number = 0
while True:
    body = (str(number) * 30000).encode()
    kept.add(Page(f"http://a.gov.cn/{number}", body, fetched_at="2026-01-30T08:00:00Z"))
    number += 1
    if number == 20:
        print("ready", flush=True)
"""


def test_kill_9_loses_nothing_and_the_file_is_closed_at_the_next_start(tmp_path: Path) -> None:
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, cwd=ROOT)
    assert writer.stdout is not None
    assert writer.stdout.readline() == b"ready\n"
    assert archive.recover(tmp_path) == []
    assert len(list(tmp_path.glob("*.open"))) == 1, "the file of a live run is left alone"
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait()
    archive.recover(tmp_path)
    assert not list(tmp_path.glob("*.open"))
    problems: list[str] = []
    bodies = [found.body for found in archive.pages(tmp_path, problems)]
    assert problems == []
    assert len(bodies) >= 20
    assert bodies == [(str(number) * 30000).encode() for number in range(len(bodies))]


@pytest.mark.parametrize("lost", [1, 9, 60, 200])
def test_a_torn_last_record_is_cut_and_told(tmp_path: Path, lost: int) -> None:
    kept = Archive(tmp_path, "r1")
    for number in range(3):
        kept.add(page(number, os.urandom(500)))
    (path,) = tmp_path.glob("*.open")
    os.close(kept._descriptor)
    path.write_bytes(path.read_bytes()[:-lost])
    (line,) = archive.recover(tmp_path)
    assert "was cut" in line
    assert path.name.removesuffix(".open") in line
    assert [found.url for found in archive.pages(tmp_path)] == [page(number).url for number in range(3)]
    assert archive.recover(tmp_path) == []


def test_damage_in_the_middle_costs_one_record_and_is_told(tmp_path: Path) -> None:
    with Archive(tmp_path, "r1") as kept:
        captures = [kept.add(page(number, os.urandom(500))) for number in range(3)]
        kept.note_id(captures[2], page(2).url, "00000000000000cc")
    path = tmp_path / captures[1].warc_file
    data = bytearray(path.read_bytes())
    data[captures[1].warc_offset + 400] ^= 0xFF
    path.write_bytes(data)
    problems: list[str] = []
    found = [(entry.url, entry.report_id) for entry in archive.pages(tmp_path, problems)]
    assert found == [(page(0).url, ""), (page(2).url, "00000000000000cc")]
    assert len(problems) == 1
    assert f"byte {captures[1].warc_offset} is torn" in problems[0]
    with pytest.raises(StorageError, match="torn or damaged"):
        list(archive.pages(tmp_path))


def test_truncated_foreign_file_does_not_end_in_silence(tmp_path: Path) -> None:
    with Archive(tmp_path, "r1") as kept:
        capture = kept.add(page(body=os.urandom(900)))
    path = tmp_path / capture.warc_file
    path.write_bytes(path.read_bytes()[: capture.warc_offset + 700])
    problems: list[str] = []
    assert list(archive.pages(path, problems)) == []
    assert len(problems) == 1


def test_foreign_warc_and_wacz_are_decoded(tmp_path: Path) -> None:
    body = gzip.compress("政府信息公开".encode())
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n" + body
    head = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: <http://b.gov.cn/>\r\nWARC-Date: 2020-01-02T03:04:05.678Z\r\n"
    head += f"WARC-Record-ID: <urn:uuid:1>\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    record = head.encode() + http + b"\r\n\r\n"
    (tmp_path / "foreign.warc").write_bytes(record)
    with zipfile.ZipFile(tmp_path / "foreign.wacz", "w") as bundle:
        bundle.writestr("archive/data.warc.gz", gzip.compress(record))
        bundle.writestr("pages/pages.jsonl", "{}")
    found = list(archive.pages(tmp_path))
    assert [(entry.url, entry.body.decode(), entry.fetched_at) for entry in found] == [
        ("http://b.gov.cn/", "政府信息公开", "2020-01-02T03:04:05Z")
    ] * 2


def test_a_full_disk_is_one_line_and_leaves_whole_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Archive(tmp_path, "r1")
    kept.add(page(1))
    write = os.write

    def full(descriptor: int, data: bytes) -> int:
        write(descriptor, data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(StorageError) as caught:
        kept.add(page(2))
    assert "No space left on device" in str(caught.value)
    assert "\n" not in str(caught.value)
    monkeypatch.undo()
    kept.close()
    assert [found.url for found in archive.pages(tmp_path)] == [page(1).url]


def test_a_directory_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be written"):
        Archive(tmp_path / "file" / "archive", "r1").add(page())
