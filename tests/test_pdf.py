"""PDF: every cell of reports as Chromium, LibreOffice and hands print them; damaged tables, which are never read wrong."""

from __future__ import annotations

import random
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest
from pdf_sheets import laid_out

from benchmarks.accuracy import score
from benchmarks.accuracy.reports import Truth
from benchmarks.documents import content, handmade, pdf
from benchmarks.documents.handmade import Hand
from harvester import checks, readers, tables
from harvester.items import Document, Report
from harvester.readers import pages
from harvester.readers.pages import Page
from harvester.readers.printed import Piece

HERE = Path(__file__).parent
FORMS = ("national_2019", "national_2021")
HANDS = {
    "strokes": Hand(),
    "bars": Hand("bars", padding=1),
    "frames, low": Hand("frames", low=True),
    "one path, runs": Hand("path", runs=True),
    "bold twice, low": Hand(twice=True, low=True),
}


def faults(body: bytes, truth: Truth) -> list[str]:
    return score.faults(score.read(body), truth)


# Every cell of undamaged reports


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("hand", HANDS)
def test_every_cell_of_reports_drawn_by_hand_is_right(hand: str, form: str) -> None:
    for seed in ("a", "b"):
        made = content.make(f"{hand} {seed}", form)
        assert faults(handmade.report(made, HANDS[hand]), made.truth) == []


def test_every_cell_that_libreoffice_printed_is_right() -> None:
    """Kept: low pages that cut header and rows, a number at their feet."""
    body = (HERE / "documents" / "libreoffice.pdf").read_bytes()
    assert faults(body, content.make("kept", "national_2019").truth) == []
    document = readers.read(body)
    assert [len(block.grid.rows[0]) for block in document.blocks if block.grid] == [4, 10, 15]


def test_rows_that_chromium_cut_are_one_again() -> None:
    """Kept: pages so low that rows are cut in the middle, with no line where the page breaks."""
    document = readers.read((HERE / "documents" / "chromium.pdf").read_bytes())
    (grid,) = [block.grid for block in document.blocks if block.grid]
    table = content.make("kept", "national_2021").tables[0]
    assert [[cell.text for cell in row if cell.row == at] for at, row in enumerate(grid.rows)] != []
    printed = [[cell.text for cell in line.cells] for line in table.lines[:10]]
    assert [[cell.text for column, cell in enumerate(row) if cell.column == column] for row in grid.rows] == printed


@pytest.fixture(scope="module")
def browser() -> Iterator[pdf.Browser]:
    if pdf.CHROMIUM is None:
        pytest.skip("no Chromium: apt-get install chromium")
    pytest.importorskip("playwright")
    with pdf.Browser() as found:
        yield found


@pytest.mark.parametrize("look", pdf.LOOKS)
def test_every_cell_that_chromium_prints_is_right(browser: pdf.Browser, look: str) -> None:
    made = content.make(look, FORMS[len(look) % 2])
    assert faults(pdf.made(browser, made, pdf.LOOKS[look]), made.truth) == []


@pytest.mark.parametrize("look", pdf.UNRULED)
def test_columns_that_are_not_drawn_are_never_read_wrong(browser: pdf.Browser, look: str) -> None:
    made = content.make(look, FORMS[len(look) % 2])
    report = score.read(pdf.made(browser, made, pdf.UNRULED[look]))
    assert wrong(report, made.truth) == []
    assert sum(figure.status == "printed" for figure in report.figures) > 100


@pytest.mark.skipif(pdf.OFFICE is None, reason="no LibreOffice: apt-get install libreoffice-writer")
@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_every_cell_that_libreoffice_prints_is_right_however_it_is_turned(quarters: int, office: tuple[bytes, Truth]) -> None:
    body, truth = office
    assert faults(pdf.turned(body, quarters) if quarters else body, truth) == []
    assert faults(pdf.rotated(body, quarters), truth) == []


@pytest.fixture(scope="module")
def office() -> tuple[bytes, Truth]:
    made = content.make("office")
    return pdf.office(made), made.truth


@pytest.mark.proof
@pytest.mark.parametrize("form", FORMS)
def test_every_look_with_several_reports(browser: pdf.Browser, form: str) -> None:
    for look in pdf.LOOKS:
        for seed in range(6):
            made = content.make(f"{look} {seed}", form)
            found = faults(pdf.made(browser, made, pdf.LOOKS[look]), made.truth)
            assert [fault for fault in found if not (ends_empty(made.truth, fault) and " doubtful " in fault)] == [], (look, seed)


def ends_empty(truth: Truth, fault: str) -> bool:
    """Whether the row of a fault ends in an empty cell: where all others are 0, no sum tells that none was lost."""
    row = tuple(fault.partition(":")[0].split("/")[:2])
    return [entry.printed for place, entry in truth.cells.items() if place[:2] == row][-1] == ""


# Damage


def lines_gone(rng: random.Random, page: Page) -> None:
    for _ in range(rng.choice((1, 2, 5, 20))):
        page.segments.pop(rng.randrange(len(page.segments)))


def level_gone(rng: random.Random, page: Page) -> None:
    gone = rng.choice([segment for segment in page.segments if segment.bottom - segment.top < 2])
    page.segments[:] = [one for one in page.segments if one.bottom - one.top > 2 or abs(one.top - gone.top) > 2]


def upright_gone(rng: random.Random, page: Page) -> None:
    gone = rng.choice([segment for segment in page.segments if segment.x1 - segment.x0 < 2])
    page.segments[:] = [one for one in page.segments if one.x1 - one.x0 > 2 or abs(one.x0 - gone.x0) > 2]


def corner_gone(rng: random.Random, page: Page) -> None:
    gone, reach = rng.choice(page.segments), rng.choice((20, 50, 120))
    page.segments[:] = [one for one in page.segments if abs(one.x0 - gone.x0) > reach or abs(one.top - gone.top) > reach]


def all_gone(rng: random.Random, page: Page) -> None:
    page.segments.clear()


def strayed(rng: random.Random, page: Page) -> None:
    """Text not quite where it belongs."""
    page.pieces[:] = [shifted(piece, rng.uniform(-1.5, 1.5), rng.uniform(-1.5, 1.5)) for piece in page.pieces]


def skewed(rng: random.Random, page: Page) -> None:
    slope = rng.uniform(-0.004, 0.004)
    page.pieces[:] = [shifted(piece, 0, slope * piece.x0) for piece in page.pieces]


def page_lost(rng: random.Random, page: Page) -> None:
    page.segments.clear()
    page.pieces.clear()


def shifted(piece: Piece, across: float, down: float) -> Piece:
    return Piece(piece.text, piece.x0 + across, piece.top + down, piece.x1 + across, piece.bottom + down)


DAMAGE = (lines_gone, level_gone, upright_gone, corner_gone, all_gone, strayed, skewed, page_lost)


def wrong(report: Report, truth: Truth) -> list[str]:
    """Numbers and blanks that are told and not printed: the one thing no damage excuses."""
    found = score.figures(report)
    judged = ((place, entry, score.verdict(entry, found.get(place))) for place, entry in truth.cells.items())
    return [
        f"{place}: {entry.printed!r} read as {score.told(found.get(place))}" for place, entry, said in judged if said in ("wrong", "silent")
    ]


def damaged(seed: int, hands: list[tuple[Truth, list[Page]]]) -> tuple[str, list[str]]:
    rng = random.Random(seed)
    truth, whole = rng.choice(hands)
    page = deepcopy(whole)
    hits = rng.choices(DAMAGE, k=rng.choice((1, 1, 2)))
    for hit in hits:
        ruled = [one for one in page if one.segments]
        if ruled:
            hit(rng, rng.choice(ruled))
    report = Report()
    tables.fill(Document(pages.blocks(page), format="pdf"), report)
    checks.check(report)
    return "+".join(hit.__name__ for hit in hits), wrong(report, truth)


@pytest.fixture(scope="module")
def drawn() -> list[tuple[Truth, list[Page]]]:
    made = [(content.make(f"damage {hand}", form), HANDS[hand]) for hand in HANDS for form in FORMS]
    return [(one.truth, laid_out(handmade.report(one, hand))) for one, hand in made]


def test_damaged_tables_are_never_read_wrong(drawn: list[tuple[Truth, list[Page]]]) -> None:
    for seed in range(80):
        kinds, found = damaged(seed, drawn)
        assert found == [], f"{kinds}, seed {seed}"


@pytest.mark.proof
def test_thousands_of_damaged_tables_are_never_read_wrong(drawn: list[tuple[Truth, list[Page]]]) -> None:
    for seed in range(1000, 6000):
        kinds, found = damaged(seed, drawn)
        assert found == [], f"{kinds}, seed {seed}"
