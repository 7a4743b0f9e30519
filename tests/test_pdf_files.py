"""PDF files that are scans, damaged, encrypted, too large, or want to do harm."""

from __future__ import annotations

import io
import random
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pypdfium2
import pytest
from pdf_sheets import prose, table, texts

from benchmarks.documents import content, handmade
from benchmarks.documents.handmade import Hand, Sheet, document
from harvester import readers
from harvester.errors import NotSupported, Unreadable
from harvester.readers import apart
from harvester.readers import pdf as reader
from harvester.readers.pages import Page
from harvester.readers.pdf_streams import is_heavy
from harvester.readers.printed import Piece
from harvester.reading import read_report

HERE = Path(__file__).parent


# Scans


def picture(text: str = "") -> bytes:
    """A page that is a picture, with an invisible or a stamped text on it."""
    pixels = zlib.compress(b"\xff" * 100)
    image = b"<< /Type /XObject /Subtype /Image /Width 10 /Height 10 /ColorSpace /DeviceGray /BitsPerComponent 8"
    image += b" /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(pixels), pixels)
    made = Sheet()
    made.drawn.append("q 595 0 0 842 0 0 cm /X Do Q")
    if text:
        made.text(50, 50, text, more="3 Tr")
    made.text(290, 820, "3")
    return document([made], more=[image]).replace(b"/F1 3 0 R >>", b"/F1 3 0 R >> /XObject << /X 4 0 R >>")


def test_a_scan_names_the_extra_that_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cv2", None)
    for name in ("image", "orientation", "recogniser", "rereading", "scanned"):
        monkeypatch.delitem(sys.modules, f"harvester.readers.{name}", raising=False)
    for body in (picture(), picture("一行别人识别的文字" * 20)):
        with pytest.raises(NotSupported, match="extra ocr: pip install 'harvester"):
            readers.read(body)


def test_what_is_recognised_on_a_scan_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page(595, 842, [Piece("识别出来的一行字", 50, 50, 130, 60)])
    monkeypatch.setattr(reader, "_scanned", lambda page_: page)
    found = readers.read(picture())
    assert found.recognised and [block.text for block in found.blocks] == ["识别出来的一行字"]


def mixed(with_table: bool) -> bytes:
    """Two pages: text (or a table), then a scan."""
    target = pypdfium2.PdfDocument.new()
    for body in (document([table("规章|1", "文件|2") if with_table else prose("　　第一页。")]), picture()):
        target.import_pages(pypdfium2.PdfDocument(body))
    saved = io.BytesIO()
    target.save(saved)
    return saved.getvalue()


def test_scanned_pages_are_recognised_where_the_others_have_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page(595, 842, [Piece("识别出来的一行字", 50, 50, 130, 60)])
    monkeypatch.setattr(reader, "_scanned", lambda page_: page)
    found = readers.read(mixed(with_table=False))
    assert found.recognised and [block.text for block in found.blocks] == ["第一页。", "识别出来的一行字"]
    found = readers.read(mixed(with_table=True))
    assert not found.recognised
    assert [(issue.code, issue.where) for issue in found.issues] == [("pages_unread", "page 2")]


def test_without_recognition_the_other_pages_are_read_and_the_scans_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(page: object) -> Page:
        raise NotSupported("the extra ocr is missing")

    monkeypatch.setattr(reader, "_scanned", missing)
    found = readers.read(mixed(with_table=False))
    assert [block.text for block in found.blocks] == ["第一页。"]
    report = read_report(mixed(with_table=False))
    assert [issue.code for issue in report.issues if issue.where == "page 2"] == ["pages_unread"]


# Files that are damaged, too large, or want to do harm


def refused(body: bytes, seconds: float = 5) -> str:
    begun = time.monotonic()
    with pytest.raises(Unreadable) as error:
        readers.read(body)
    assert time.monotonic() - begun < seconds
    assert "\n" not in str(error.value)
    return str(error.value)


def test_why_a_file_is_not_read_is_one_line() -> None:
    whole = handmade.report(content.make("a"))
    assert "encrypted" in refused((HERE / "documents" / "encrypted.pdf").read_bytes())
    assert "cut off" in refused(whole[: len(whole) * 9 // 10])
    assert "damaged" in refused(b"%PDF-1.4\n" + bytes(50_000) + b"%%EOF\n")
    assert "shows nothing" in refused(document([Sheet()]))
    assert "damaged, or has no pages" in refused(document([]))


def test_a_file_that_may_only_not_be_changed_is_read() -> None:
    assert texts((HERE / "documents" / "restricted.pdf").read_bytes()) == ["二、主动公开政府信息情况", "规章|5"]


def test_a_file_without_its_last_bytes_is_read_and_told() -> None:
    body = handmade.report(content.make("a"))[:-7]
    assert [(issue.code, issue.where) for issue in readers.read(body).issues] == [("pages_unread", "end")]


def test_a_thousand_pages_are_read_as_far_as_reports_go() -> None:
    begun = time.monotonic()
    found = readers.read(document([prose(f"　　第{number}段。") for number in range(1000)]))
    assert time.monotonic() - begun < 10
    assert len(found.blocks) == 300
    assert [issue.where for issue in found.issues] == ["pages 301-1000"]


def test_pages_of_any_size_are_read() -> None:
    for width in (2.0, 14_400.0, 1e9):
        made = Sheet()
        made.text(1, 50, "规章")
        assert texts(document([made], width=width)) == ["规章"]


def test_maps_and_dense_grids_take_no_time() -> None:
    lines, grid = Sheet(), Sheet()
    lines.drawn = [f"{at % 500} {at // 200} m {at % 500 + 5} {at // 200} l S" for at in range(101_000)]
    for at in range(390):
        grid.line(20 + 1.4 * at, 20, 20 + 1.4 * at, 800)
        grid.line(20, 20 + 2 * at, 560, 20 + 2 * at)
    begun = time.monotonic()
    for made in (lines, grid):
        made.text(50, 400, "地图", 2)
        assert readers.read(document([made])).blocks
    assert time.monotonic() - begun < 15


def stream(data: bytes, entries: bytes) -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def one_page(drawn: bytes, *more: bytes) -> bytes:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 9 9 ] /Resources << /XObject << /X 5 0 R >> >> /Contents 4 0 R >>"
    return handmade.file([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [ 3 0 R ] >>", page, drawn, *more])


FORM = b"/Type /XObject /Subtype /Form /BBox [ 0 0 9 9 ] /Resources << /XObject << /X %d 0 R >> >>"


def bombs() -> dict[str, bytes]:
    lines = b"0 0 m 9 9 l S\n" * 3_000_000
    packed = zlib.compress(lines, 9)
    nested = [stream(b"/X Do\n" * 10, FORM % (6 + level)) for level in range(10)]
    return {
        "lines": one_page(stream(packed, b"/Filter /FlateDecode")),
        "packed twice": one_page(stream(zlib.compress(packed), b"/Filter [ /FlateDecode /FlateDecode ]")),
        "forms in forms": one_page(stream(b"/X Do", b""), *nested, stream(b"0 0 m 9 9 l S", FORM % 5)),
        "a form in itself": one_page(stream(b"/X Do", b""), stream(b"/X Do /X Do", FORM % 5)),
    }


def test_what_unpacks_to_too_much_is_laid_out_apart_and_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "SECONDS", 1)
    made = bombs()
    for name, body in made.items():
        assert is_heavy(body), name
    for name in ("lines", "a form in itself"):
        assert "more than" in refused(made[name], 5), name


def test_an_honest_file_is_not_taken_for_a_bomb() -> None:
    assert not is_heavy(handmade.report(content.make("a")))
    assert not is_heavy((HERE / "documents" / "libreoffice.pdf").read_bytes())


def test_nothing_in_a_file_is_executed_or_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    target = str(tmp_path / "touched").encode()
    catalog = (
        b"/OpenAction << /S /JavaScript /JS (app.launchURL\\('file:///tmp'\\)) >>"
        b" /AA << /WC << /S /Launch /F (%s) >> /O << /S /URI /URI (http://127.0.0.1:9/) >> >>"
        b" /Names << /EmbeddedFiles << /Names [ (a.exe) << /Type /Filespec /F (a.exe) /EF << /F 4 0 R >> >> ] >> >>" % target
    )
    body = document([prose("　　正文。")], catalog=catalog, more=[stream(b"MZ", b"/Type /EmbeddedFile")])
    assert texts(body) == ["正文。"]
    assert list(tmp_path.iterdir()) == []


def test_bytes_changed_anywhere_are_read_or_refused() -> None:
    whole = handmade.report(content.make("a", "national_2021"), Hand(low=True))
    rng = random.Random(5)
    for _ in range(25):
        body = bytearray(whole)
        for _ in range(rng.choice((1, 5, 50))):
            body[rng.randrange(9, len(body))] = rng.randrange(256)
        try:
            readers.read(bytes(body))
        except Unreadable as error:
            assert "\n" not in str(error)


def test_who_reads_html_waits_for_no_pdf_library() -> None:
    code = "import sys; from harvester import readers; readers.read('<html><p>正文</p></html>'.encode());"
    code += "print([name for name in sys.modules if name.startswith(('pypdfium2', 'pdfplumber', 'pdfminer', 'PIL'))])"
    ran = subprocess.run([sys.executable, "-c", code], cwd=HERE.parent, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
