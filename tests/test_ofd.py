"""OFD: every cell of both forms in every way of writing that is known; hostile, damaged and encrypted files in bounded time."""

from __future__ import annotations

import io
import re
import time
import zipfile
from functools import cache

import pytest
from conftest import refusal
from rar import locked

from benchmarks.accuracy import score
from benchmarks.documents import ofd as written
from benchmarks.documents import printing
from benchmarks.documents.content import html, make
from benchmarks.documents.ofd import STYLES, Style
from harvester.errors import Unreadable
from harvester.items import Document
from harvester.readers import bounds, read
from harvester.readers.pages import Page
from harvester.readers.printed import Piece
from harvester.readers.ruled import Segment
from harvester.reading import read_report

FORMS = ("national_2019", "national_2021")
CONTENT = "Doc_0/Pages/Page_0/Content.xml"


@cache
def printed(seed: str, form: str) -> list[Page]:
    if not printing.browser():
        pytest.skip("needs Chromium and Chinese type: apt-get install chromium fonts-noto-cjk")
    return printing.laid_out(printing.pdf(html(make(seed, form))))


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", ["1", "21"])
def test_every_cell_of_the_forms(seed: str, form: str, style: str) -> None:
    body = written.written(printed(seed, form), STYLES[style])
    assert score.faults(score.read(body), make(seed, form).truth) == []


@pytest.mark.proof
@pytest.mark.parametrize("form", FORMS)
def test_every_cell_of_many_reports(form: str) -> None:
    styles = list(STYLES.values())
    for number in range(40):
        body = written.written(printed(f"many {number}", form), styles[number % len(styles)])
        assert score.faults(score.read(body), make(f"many {number}", form).truth) == [], number


def test_a_report_is_known_and_read() -> None:
    report = read_report(written.written(printed("1", "national_2021"), Style()))
    assert (report.kind, report.year, report.organ, report.form) == ("report", 2021, "云溪县人民政府", "national_2021")
    assert {figure.status for figure in report.figures} <= {"printed", "blank"}


# --- pages written by hand -----------------------------------------------------------------------------------------------------------


def line(text: str, x: float, y: float, size: float = 4) -> list[Piece]:
    """Characters side by side, a digit half as wide as an ideograph."""
    pieces = []
    for character in text:
        wide = size if character > "\x7f" else size / 2
        pieces.append(Piece(character, x, y, x + wide, y + size))
        x += wide
    return pieces


def ruled(xs: list[float], ys: list[float]) -> list[Segment]:
    level = [Segment(xs[0], y, xs[-1], y) for y in ys]
    return level + [Segment(x, ys[0], x, ys[-1]) for x in xs]


def grid(document: Document, index: int = 0) -> list[list[str]]:
    """Each cell where it stands; empty where a span covers."""
    rows = [block.grid for block in document.blocks if block.grid][index].rows
    return [[cell.text if (cell.row, cell.column) == (r, c) else "" for c, cell in enumerate(row)] for r, row in enumerate(rows)]


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if block.text]


def changed(body: bytes, name: str, change: dict[str, str]) -> bytes:
    """The package with words of one part exchanged."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as before, zipfile.ZipFile(stream, "w") as after:
        for part in before.namelist():
            content = before.read(part)
            for old, new in change.items() if part == name else ():
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode())
            after.writestr(part, content)
    return stream.getvalue()


TABLE = Page(210, 297, [*line("总计", 22, 21), *line("12", 42, 21), *line("其他", 22, 31)], ruled([20, 40, 60], [20, 30, 40]))


def test_pages_stand_in_the_order_of_the_list_not_of_their_names() -> None:
    pages = [Page(210, 297, line(f"第{word}页的话，不长。", 20, 20)) for word in "甲乙丙"]
    said = "".join(texts(read(written.written(pages, Style(backwards=True)))))
    assert said == "第甲页的话，不长。第乙页的话，不长。第丙页的话，不长。"


def test_a_table_that_goes_on_over_the_page_is_one() -> None:
    first = Page(210, 297, line("甲", 22, 271), ruled([20, 40, 60], [270, 280]))
    second = Page(210, 297, line("乙", 22, 21) + line("7", 42, 21), ruled([20, 40, 60], [20, 30]))
    document = read(written.written([first, second], Style()))
    assert grid(document) == [["甲", ""], ["乙", "7"]]


def test_a_cell_spans_where_no_line_is_drawn() -> None:
    lines = [
        Segment(20, 20, 80, 20),
        Segment(20, 40, 80, 40),
        Segment(40, 30, 80, 30),
        *ruled([20, 80], [20, 40])[2:],
        Segment(40, 20, 40, 40),
    ]
    lines.append(Segment(60, 30, 60, 40))
    pieces = line("组", 22, 28) + line("上", 50, 22) + line("1", 42, 32) + line("2", 62, 32)
    rows = next(block.grid for block in read(written.written([Page(210, 297, pieces, lines)], Style())).blocks if block.grid).rows
    assert [[(cell.text, cell.row, cell.column) for cell in row] for row in rows] == [
        [("组", 0, 0), ("上", 0, 1), ("上", 0, 1)],
        [("组", 0, 0), ("1", 1, 1), ("2", 1, 2)],
    ]


@pytest.mark.parametrize(
    "change",
    [
        {'BaseLoc="Pages/Page_0/Content.xml"': 'BaseLoc="/Doc_0/Pages/Page_0/Content.xml"'},
        {'BaseLoc="Pages/Page_0/Content.xml"': 'BaseLoc=".\\Pages\\Page_0\\Content.xml"'},
        {'BaseLoc="Pages/Page_0/Content.xml"': 'BaseLoc="pages/page_0/content.XML"'},
    ],
)
def test_places_in_the_package_are_found_however_they_are_written(change: dict[str, str]) -> None:
    assert grid(read(changed(written.written([TABLE], Style()), "Doc_0/Document.xml", change))) == [["总计", "12"], ["其他", ""]]


def test_what_is_not_visible_is_not_read() -> None:
    body = written.written([TABLE], Style(single=True))
    hidden = re.sub(r"<ofd:TextObject (?=[^>]*>(?:(?!TextObject).)*>2<)", '<ofd:TextObject Visible="false" ', content_of(body))
    assert hidden != content_of(body)
    assert grid(read(changed(body, CONTENT, {content_of(body): hidden}))) == [["总计", "1"], ["其他", ""]]


def content_of(body: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        return package.read(CONTENT).decode()


def test_text_without_distances_is_read() -> None:
    """Some producers leave DeltaX out where the font tells it."""
    body = written.written([Page(210, 297, line("总计", 22, 21) + line("1234", 42, 31), TABLE.segments)], Style())
    bare = re.sub(r' DeltaX="[^"]*"', "", content_of(body))
    assert grid(read(changed(body, CONTENT, {content_of(body): bare}))) == [["总计", ""], ["", "1234"]]


def test_digits_that_stand_apart_are_not_one_number() -> None:
    page = Page(210, 297, [*line("总计", 22, 21), *line("1", 42, 21), *line("2", 50, 21)], TABLE.segments)
    assert grid(read(written.written([page], Style())))[0] == ["总计", "1 2"]


# --- damaged and hostile -------------------------------------------------------------------------------------------------------------


def test_a_truncated_file_is_told_in_one_line() -> None:
    body = written.written([TABLE], Style())
    for length in range(300, len(body), 97):
        assert refusal(body[:length])


def test_an_encrypted_package_says_so() -> None:
    assert "password" in refusal(locked(written.written([TABLE], Style())))


def test_encrypted_parts_are_told() -> None:
    """As GM/T 0099 encrypts them, the parts of the package are no XML."""
    body = written.written([TABLE], Style())
    assert CONTENT in refusal(changed(body, CONTENT, {content_of(body): "\x11\x12 secret"}))


def test_a_missing_page_is_no_shorter_report() -> None:
    body = changed(written.written([TABLE, TABLE], Style()), "Doc_0/Document.xml", {"Page_1/Content.xml": "Page_7/Content.xml"})
    assert "Page_7" in refusal(body)


def test_entities_are_not_expanded() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    body = changed(written.written([TABLE], Style()), CONTENT, {"<ofd:Page xmlns": f"{bomb}<ofd:Page xmlns", ">总计12<": ">&b;<"})
    assert "a" not in said_of(body)


def said_of(body: bytes) -> str:
    """What is read, or why nothing is; in bounded time."""
    begin = time.perf_counter()
    try:
        document = read(body)
    except Unreadable as error:
        assert "\n" not in str(error)
        return ""
    finally:
        assert time.perf_counter() - begin < 2
    return "".join(texts(document)) + "".join(
        cell for block in document.blocks if block.grid for row in block.grid.rows for cell, _, _ in row
    )


def test_more_pages_than_any_report_has() -> None:
    page = '<ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"></ofd:Page>'
    body = changed(written.written([TABLE], Style()), "Doc_0/Document.xml", {page: page * (bounds.MAX_PAGES + 1)})
    assert "too large" in refusal(body)


def test_pages_that_inflate_to_more_than_any_report_are_not_read() -> None:
    page = '<ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"></ofd:Page>'
    body = changed(written.written([TABLE], Style()), "Doc_0/Document.xml", {page: page * 20})
    content = content_of(body)
    swollen = changed(body, CONTENT, {content: content.replace("</ofd:Content>", f"</ofd:Content>{' ' * 3_000_000}")})
    assert "too large" in refusal(swollen)


def test_an_ofd_without_text_says_what_it_is() -> None:
    assert "no text" in refusal(written.written([Page(210, 297)], Style()))


@pytest.mark.parametrize(
    "change",
    [
        {'Boundary="': 'Boundary="nan inf '},
        {'Size="4.000"': 'Size="1e999"'},
        {'X="0"': 'X="-"'},
        {'DeltaX="': 'DeltaX="g 999999999999 0.1 '},
        {"M 0.125": "M L L B C 0.125"},
        {'Boundary="': 'CTM="0 0 0 0 0 0" Boundary="'},
    ],
)
def test_numbers_that_make_no_sense_end_nothing(change: dict[str, str]) -> None:
    assert set(said_of(changed(written.written([TABLE], Style()), CONTENT, change))) <= set("总计12其他 ")
