"""Scans and pictures: cells by their ruling, digits read twice; no network, nothing wrong believed, hostile files in bounded time."""

from __future__ import annotations

import builtins
import importlib
import io
import shutil
import socket
import sys
import zipfile
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from conftest import refusal
from PIL import Image, ImageDraw

from benchmarks.accuracy import score
from benchmarks.documents import ofd, office, printing, scans, word
from benchmarks.documents.content import Content, html, make
from benchmarks.documents.scans import SCANNERS
from harvester import checks, recognised, tables
from harvester.errors import NotSupported
from harvester.items import Document, Report
from harvester.readers import READERS, bounds, read

cv2 = pytest.importorskip("cv2", reason="the extra ocr is not installed")
pytest.importorskip("rapidocr", reason="the extra ocr is not installed")

from harvester.readers import image, orientation, pages, rereading  # noqa: E402  (they need the extra)
from harvester.readers.pages import Page  # noqa: E402
from harvester.readers.printed import Piece  # noqa: E402
from harvester.readers.recogniser import Said  # noqa: E402
from harvester.readers.ruled import Segment  # noqa: E402

FORMS = ("national_2019", "national_2021")


def report_of(document: Document) -> Report:
    report = Report()
    tables.fill(document, report)
    checks.check(report)
    recognised.weigh(document, report)
    return report


def needs_chromium() -> None:
    if not printing.browser():
        pytest.skip("needs Chromium and Chinese type: apt-get install chromium fonts-noto-cjk")


def judged(report: Report, content: Content, keys: set[str]) -> tuple[float, list[str]]:
    """The share of cells with the right number, believed or in doubt, and the cells that are believed and wrong."""
    found, places = score.figures(report), [place for place in content.truth.cells if place[0] in keys]
    right = [
        place
        for place in places
        if place in found and found[place].status != "absent" and found[place].value == content.truth.cells[place].value
    ]
    wrong = [place for place in places if score.verdict(content.truth.cells[place], found.get(place)) in ("wrong", "silent")]
    return len(right) / len(places), [f"{place} {score.told(found[place])}" for place in wrong]


@cache
def small() -> tuple[Content, bytes]:
    """A page with tables 2 and 4, scanned."""
    needs_chromium()
    content = make("scan 2", "national_2021")
    page = replace(content, tables=[table for table in content.tables if table.key != "table_3"])
    return content, scans.jpeg(scans.pictures(page, SCANNERS["150 dpi"])[0])


def test_a_small_scan_without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was tried")

    content, body = small()
    monkeypatch.setattr(socket.socket, "connect", refuse)
    document = read(body)
    assert (document.format, document.recognised) == ("image", True)
    assert "云溪县人民政府" in document.blocks[0].text
    share, wrong = judged(report_of(document), content, {"table_2", "table_4"})
    assert wrong == [] and share == 1


@pytest.mark.proof
@pytest.mark.parametrize("scanner", SCANNERS)
@pytest.mark.parametrize("form", FORMS)
def test_scans_of_both_forms(form: str, scanner: str) -> None:
    needs_chromium()
    shares = []
    for seed in ("1", "21", "31", "47", "51"):
        content = make(seed, form)
        found = [image.page(picture, SCANNERS[scanner].dpi) for picture in scans.pictures(content, SCANNERS[scanner])]
        report = report_of(Document(pages.blocks(found), recognised=True))
        share, wrong = judged(report, content, {"table_2", "table_3", "table_4"})
        assert wrong == [], (seed, wrong)
        shares.append(share)
    assert sum(shares) / len(shares) >= 0.99, shares


@pytest.mark.proof
def test_a_long_picture() -> None:
    needs_chromium()
    content = make("21", "national_2021")
    whole = scans.long_picture(scans.rendered(printing.pdf(html(content)), 150))
    share, wrong = judged(report_of(read(scans.jpeg(whole))), content, {"table_2", "table_3", "table_4"})
    assert wrong == [] and share >= 0.99


@pytest.mark.proof
def test_a_pdf_of_scans() -> None:
    needs_chromium()
    if "pdf" not in READERS:
        pytest.skip("PDF is not read")
    content = make("21", "national_2021")
    body = scans.scanned_pdf(scans.pictures(content, SCANNERS["200 dpi"]), 200)
    share, wrong = judged(report_of(read(body)), content, {"table_2", "table_3", "table_4"})
    assert wrong == [] and share >= 0.99


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_scan_that_lies_on_its_side_or_upside_down_is_turned(quarters: int) -> None:
    _, body = small()
    grey, _ = image._grey(Image.open(io.BytesIO(body)).rotate(90 * quarters, expand=True))
    assert orientation.quarters(grey) == 4 - quarters


def test_a_page_on_which_nothing_tells_which_way_is_up_is_left_as_it_is() -> None:
    for size in ((400, 600), (600, 400), (300, 3000)):
        assert orientation.quarters(image._grey(Image.new("L", size, 255))[0]) == 0


@pytest.mark.proof
@pytest.mark.parametrize("quarters", [1, 2, 3])
@pytest.mark.parametrize("form", FORMS)
def test_scans_that_do_not_lie_upright(form: str, quarters: int) -> None:
    needs_chromium()
    content = make("21", form)
    pages = [page.rotate(90 * quarters, expand=True) for page in scans.pictures(content, SCANNERS["150 dpi"])]
    share, wrong = judged(report_of(read(scans.scanned_pdf(pages, 150))), content, {"table_2", "table_3", "table_4"})
    assert wrong == [] and share >= 0.98  # one report: two cells of two hundred


def test_an_ofd_of_scans_in_strips_is_one_of_pictures() -> None:
    content, body = small()
    document = read(ofd.of_pictures([body], strips=3))
    assert (document.format, document.recognised, document.issues) == ("ofd", True, [])
    share, wrong = judged(report_of(document), content, {"table_2", "table_4"})
    assert wrong == [] and share == 1


def test_an_ofd_with_a_damaged_scan_beside_text_says_so() -> None:
    said = '<ofd:TextCode X="0" Y="4">云溪县人民政府年度报告</ofd:TextCode>'
    title = f'<ofd:TextObject ID="9" Boundary="10 10 150 8" Size="5">{said}</ofd:TextObject>'
    assert "no text is recognised" in refusal(ofd.of_pictures([b"no picture"], beside=title))


@pytest.mark.proof
def test_an_ofd_of_scans() -> None:
    needs_chromium()
    content = make("21", "national_2019")
    body = ofd.of_pictures([scans.jpeg(page) for page in scans.pictures(content, SCANNERS["200 dpi"])])
    share, wrong = judged(report_of(read(body)), content, {"table_2", "table_3", "table_4"})
    assert wrong == [] and share >= 0.99


def pasted(*parts: str | bytes | list[list[str]], centimetres: float = 16) -> bytes:
    """A Word document of lines, pictures of this width, and tables."""
    from docx import Document as WordDocument
    from docx.shared import Cm

    document = WordDocument()
    for part in parts:
        if isinstance(part, str):
            document.add_paragraph(part)
        elif isinstance(part, bytes):
            document.add_picture(io.BytesIO(part), Cm(centimetres))
        else:
            table = document.add_table(len(part), len(part[0]))
            for row, texts in zip(table.rows, part, strict=True):
                for cell, text in zip(row.cells, texts, strict=True):
                    cell.text = text
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_a_word_document_whose_tables_are_pictures() -> None:
    content, body = small()
    document = read(pasted(content.title, "各项数据如下：", body, "特此报告。"))
    assert (document.format, document.recognised, document.issues) == ("docx", True, [])
    assert [block.text for block in document.blocks][:2] == [content.title, "各项数据如下："] and document.blocks[-1].text == "特此报告。"
    share, wrong = judged(report_of(document), content, {"table_2", "table_4"})
    assert wrong == [] and share == 1


def lined(picture: Image.Image, _: float) -> Page:
    """Stands in for what is recognised: a table of two cells from edge to edge, which say how wide the picture is."""
    page = Page(500, 700)
    page.segments = [edge for y in (0.0, 699.0) for edge in (Segment(10, y, 490, y),)]
    page.segments += [Segment(x, 0, x, 699) for x in (10.0, 250.0, 490.0)]
    page.pieces = [Piece(str(picture.width), x, 300, x + 40, 312) for x in (20.0, 260.0)]
    return page


def wide(width: int) -> bytes:
    return file_of(Image.new("L", (width, 300), 200), "JPEG")


def told(document: Document) -> list[tuple[int, int] | str]:
    return [(block.grid.index, len(block.grid.rows)) if block.grid else block.text for block in document.blocks]


def test_pictures_that_follow_each_other_are_one_table_and_others_are_counted_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image, "page", lined)
    document = read(pasted("年报", wide(600), wide(610), "其他", wide(620)))
    assert told(document) == ["年报", (0, 2), "其他", (1, 1)]
    assert told(read(pasted("年报", wide(600), wide(610)[:-400], wide(620)))) == ["年报", (0, 1), (1, 1)]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice: apt-get install libreoffice-writer")
@pytest.mark.parametrize("kind", ["doc", pytest.param("rtf", marks=pytest.mark.proof), pytest.param("odt", marks=pytest.mark.proof)])
def test_an_old_document_whose_tables_are_pictures(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image, "page", lined)
    (made,) = office.libreoffice({"a.docx": pasted("年报", "各项数据如下：", wide(600), wide(610), "特此报告。")}, kind).values()
    document = read(made)
    assert (document.format, document.recognised, document.issues) == (kind, True, [])
    assert told(document) == ["年报", "各项数据如下：", (0, 2), "特此报告。"]


@pytest.mark.proof
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice: apt-get install libreoffice-writer")
def test_pictures_in_an_old_document_are_recognised() -> None:
    content, body = small()
    (made,) = office.libreoffice({"a.docx": pasted(content.title, body)}, "doc").values()
    share, wrong = judged(report_of(read(made)), content, {"table_2", "table_4"})
    assert wrong == [] and share == 1


# --- what several readings say together ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("readings", "said"),
    [
        ([("12", 0.99), ("12", 0.8)], "12"),
        ([("12", 0.7), ("12", 0.6)], "□□"),
        ([("12", 0.99), ("17", 0.99)], "1□"),
        ([("12", 0.99), ("17", 0.99), ("17", 0.95)], "17"),
        ([("5", 0.9), ("-5", 0.95)], "□"),
        ([("1O", 0.99), ("10", 0.99)], "10"),
        ([("", 0.0), ("", 0.0), ("", 0.0)], "□"),
        ([("總計", 0.3), ("总计", 0.9)], "总计"),
        ([("際", 0.2)], "□"),
    ],
)
def test_readings_that_differ_are_no_number(readings: list[tuple[str, float]], said: str) -> None:
    assert rereading.agreed([Said(*reading) for reading in readings]) == said


# --- what cannot be read -------------------------------------------------------------------------------------------------------------


def file_of(picture: Image.Image, kind: str = "PNG", **more: Any) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, **more)
    return stream.getvalue()


def test_an_empty_picture_has_no_text() -> None:
    assert "no text" in refusal(file_of(Image.new("L", (400, 300), 255)))


def test_a_photograph_has_no_text() -> None:
    picture = Image.new("RGB", (300, 200), "white")
    ImageDraw.Draw(picture).ellipse((20, 20, 250, 180), fill="green")
    assert "no text" in refusal(file_of(picture, "JPEG"))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"])
def test_a_truncated_picture_is_told_in_one_line(kind: str) -> None:
    body = file_of(Image.effect_noise((200, 200), 90), kind)
    assert "truncated or damaged" in refusal(body[: len(body) // 2])


def test_a_picture_that_unpacks_to_gigabytes_is_not_unpacked() -> None:
    assert "too large" in refusal(file_of(Image.new("1", (20_000, 8_000))))


def test_more_scanned_pages_than_are_read() -> None:
    frames = [Image.new("1", (50, 50), 1)] * (bounds.MAX_SCANNED + 1)
    assert "too large" in refusal(file_of(frames[0], "TIFF", save_all=True, append_images=frames[1:]))


@pytest.mark.parametrize("missing", ["cv2", "rapidocr"])
def test_without_the_extra_its_name_is_told(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    known = builtins.__import__

    def importing(name: str, *rest: Any, **more: Any) -> Any:
        if name.split(".")[0] == missing:
            raise ImportError(name)
        return known(name, *rest, **more)

    for name in ("image", "orientation", "scanned", "recogniser", "rereading"):
        monkeypatch.delitem(sys.modules, f"harvester.readers.{name}", raising=False)
        monkeypatch.delattr(importlib.import_module("harvester.readers"), name, raising=False)
    monkeypatch.setattr(builtins, "__import__", importing)
    picture = Image.new("L", (200, 60), 255)
    ImageDraw.Draw(picture).text((20, 20), "12345 12345", fill=0)
    with pytest.raises(NotSupported, match=r"harvester\[ocr\]"):
        read(file_of(picture))
    with pytest.raises(NotSupported, match=r"harvester\[ocr\]"):
        read(pasted(file_of(picture)))
    (issue,) = read(pasted("年度报告", file_of(picture))).issues
    assert (issue.code, issue.where) == ("pages_unread", "picture 1") and "harvester[ocr]" in issue.message


def test_pictures_beside_tables_and_stamps_are_left_alone() -> None:
    empty, table = file_of(Image.new("L", (600, 300), 255)), [["信息内容", "数量"], ["行政许可", "12"]]
    document = read(pasted("年度报告", empty, table))
    assert not document.recognised and [issue.where for issue in document.issues] == ["picture 1"]
    assert read(pasted("年度报告", empty, table, "一", table, "二", table)).issues == []
    assert read(pasted("年度报告", empty, centimetres=4)).issues == []


def test_a_damaged_picture_in_a_word_document_is_told() -> None:
    body = pasted("年度报告", file_of(Image.effect_noise((600, 300), 90)))
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    name = next(name for name in parts if name.startswith("word/media/"))
    document = read(word.package({**parts, name: parts[name][:500]}))
    assert [(issue.code, issue.where) for issue in document.issues] == [("pages_unread", "picture 1")]
    assert "truncated or damaged" in document.issues[0].message and [block.text for block in document.blocks] == ["年度报告"]


def test_a_transparent_picture_stands_on_white() -> None:
    grey, _ = image._grey(Image.new("RGBA", (60, 40), (0, 0, 0, 0)))
    assert grey.min() == 255
