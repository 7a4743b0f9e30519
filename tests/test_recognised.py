"""What is recognised from a picture: a figure is believed only where the form's sums prove it, whatever digits were misread."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from benchmarks.accuracy import score
from benchmarks.accuracy.reports import Truth
from benchmarks.documents.content import Content, html, make
from harvester import checks, prose, readers, recognised, tables
from harvester.items import Cell, Document, Figure, Report
from harvester.values import is_value

Change = Callable[[str], str]
DIGITS = "0123456789"


def document(content: Content) -> Document:
    found = readers.read(html(content).encode())
    found.recognised = True
    return found


def read(found: Document) -> Report:
    report = Report()
    tables.fill(found, report)
    prose.fill(found, report)
    checks.check(report)
    recognised.weigh(found, report)
    return report


def misread(found: Document, change: Callable[[int, int, int, str], str]) -> Document:
    """The document with other words in its cells: by table, row and column."""
    for block in found.blocks:
        if grid := block.grid:
            grid.rows = [[Cell(change(grid.index, row, column, text), row, column) for text, row, column in line] for line in grid.rows]
    return found


def wrong(report: Report, truth: Truth) -> list[str]:
    """Figures that are believed and are not what the report prints."""
    found = score.figures(report)
    return [
        f"{place} {entry.printed!r} {score.told(found.get(place))}"
        for place, entry in truth.cells.items()
        if score.verdict(entry, found.get(place)) in ("wrong", "silent")
    ]


def by_status(report: Report, status: str) -> list[Figure]:
    return [figure for figure in report.figures if figure.status == status]


def tidy(count: int, scale: str) -> list[Content]:
    """Reports of this size that keep their own sums and print every number plainly."""
    found = (make(f"tidy {number}", form) for number in range(10_000) for form in ("national_2019", "national_2021"))
    plain = (one for one in found if one.truth.scale == scale and not one.truth.broken and _is_plain(one.truth))
    return [next(plain) for _ in range(count)]


def _is_plain(truth: Truth) -> bool:
    return all(entry.printed == str(entry.value) for place, entry in truth.cells.items() if place[0] != "table_2")


CITIES = tidy(3, "city")


@pytest.mark.parametrize("content", CITIES, ids=lambda content: content.seed)
def test_what_sums_prove_is_printed_and_table_2_has_none(content: Content) -> None:
    report = read(document(content))
    assert {figure.table for figure in by_status(report, "printed")} == {"table_3", "table_4"}
    assert {figure.status for figure in report.figures if figure.table == "table_2"} == {"doubtful"}
    assert {figure.status for figure in report.figures if figure.table == "table_3"} == {"printed"}
    assert wrong(report, content.truth) == []


def test_a_figure_in_doubt_keeps_its_reading() -> None:
    report = read(document(CITIES[0]))
    for figure in by_status(report, "doubtful"):
        entry = CITIES[0].truth.cells[figure.table, figure.row, figure.column]
        assert (figure.value, figure.printed) == (entry.value, entry.printed)


def test_the_document_is_told_once_and_its_sentences_state_nothing() -> None:
    content = CITIES[0]
    found = document(content)
    found.blocks[2].text += "全年收到政府信息公开申请123456件。"
    assert read(found).prose == []
    assert [issue.message for issue in read(found).issues if issue.code == "from_picture"] == [
        f"read from a picture: the form's sums prove {len(by_status(read(found), 'printed'))} figures, "
        f"{len(by_status(read(found), 'doubtful'))} more are in doubt"
    ]
    found.recognised = False
    assert "from_picture" not in {issue.code for issue in read(found).issues}


@pytest.mark.parametrize("scale", ["none", "tiny", "small", "city"])
def test_one_misread_cell_is_never_believed(scale: str) -> None:
    """A cell of a report, one at a time, with another digit, a digit less or more, or nothing."""
    content = tidy(1, scale)[0]
    rng = random.Random(scale)
    places = [place for place in content.truth.cells if place[0] != "table_2"]
    at = {(figure.table, figure.row, figure.column): figure for figure in read(document(content)).figures}
    for place in rng.sample(places, 60):
        spot = (at[place].source_table, at[place].source_row, at[place].source_column)
        text = content.truth.cells[place].printed
        for other in {str(rng.randint(0, 9)), text + rng.choice(DIGITS), text[:-1], text.replace(text[0], rng.choice(DIGITS))} - {text}:
            if not other and text == "0":  # no sum tells an empty cell from a 0: that the picture has no ink there does
                continue
            report = read(misread(document(content), lambda *where, spot=spot, other=other: other if where[:3] == spot else where[3]))
            assert wrong(report, content.truth) == [], (place, other)


@pytest.mark.parametrize("scale", ["none", "tiny", "small", "city"])
def test_a_digit_misread_throughout_is_never_believed(scale: str) -> None:
    """A recogniser that takes every 7 for a 1: where numbers are only repeated, the sums still hold.

    A digit read as 0 is not among them: a 0 is what nearly every cell of nearly every report prints.
    """
    for content in tidy(2, scale):
        for true in DIGITS:
            for seen in DIGITS[1:]:
                report = read(misread(document(content), lambda *where, true=true, seen=seen: _confused(where[3], true, seen)))
                assert wrong(report, content.truth) == [], (content.seed, true, seen)


def _confused(text: str, true: str, seen: str) -> str:
    return text.replace(true, seen) if is_value(text) else text


def test_two_cells_of_a_row_that_make_up_for_each_other_are_not_believed() -> None:
    content = CITIES[0]
    figures = {(figure.row, figure.column): figure for figure in read(document(content)).figures if figure.table == "table_3"}
    one, other = figures["granted", "natural_person"], figures["granted", "commercial_enterprise"]
    change = {
        (one.source_table, one.source_row, one.source_column): str(int(one.value or 0) + 1),
        (other.source_table, other.source_row, other.source_column): str(int(other.value or 0) - 1),
    }
    report = read(misread(document(content), lambda *where: change.get(where[:3], where[3])))
    assert wrong(report, content.truth) == []


def test_a_number_that_is_only_repeated_is_in_doubt_and_the_zeros_beside_it_are_not() -> None:
    """One request, granted: six times 1 and nothing to add. Any other digit, misread alike, would hold as well."""
    truth = tidy(1, "none")[0]
    ones = [(row, column) for row in ("new_received", "granted", "total_handled") for column in ("natural_person", "total")]
    figures = {(figure.row, figure.column): figure for figure in read(document(truth)).figures if figure.table == "table_3"}
    spots = {(figures[place].source_table, figures[place].source_row, figures[place].source_column) for place in ones}
    report = read(misread(document(truth), lambda *where: "1" if where[:3] in spots else where[3]))
    found = {(figure.row, figure.column): figure for figure in report.figures if figure.table == "table_3"}
    assert {found[place].status for place in ones} == {"doubtful"} and {found[place].value for place in ones} == {1}
    assert {figure.status for place, figure in found.items() if place not in ones} == {"printed"}


def test_an_empty_cell_is_blank_where_the_sums_hold_without_it_and_else_in_doubt() -> None:
    content = CITIES[0]
    zero = next(place for place, entry in content.truth.cells.items() if place[0] == "table_3" and entry.value == 0)
    number = next(place for place, entry in content.truth.cells.items() if place[0] == "table_3" and entry.value)
    for place, status in ((zero, "blank"), (number, "doubtful")):
        figure = next(one for one in read(document(content)).figures if (one.table, one.row, one.column) == place)
        spot = (figure.source_table, figure.source_row, figure.source_column)
        report = read(misread(document(content), lambda *where, spot=spot: "" if where[:3] == spot else where[3]))
        found = score.figures(report)[place]
        assert (found.status, found.value, found.printed) == (status, None, "")


def test_a_sum_over_a_row_whose_label_is_misread_proves_nothing() -> None:
    report = read(misread(document(CITIES[0]), lambda *where: "二、甲乙丙丁" if "上年结转" in where[3] else where[3]))
    proved = {figure.row for figure in by_status(report, "printed") if figure.table == "table_3"}
    assert proved.isdisjoint({"new_received", "carried_over", "total_handled", "carried_forward"}) and "granted" in proved


def test_a_prose_report_has_no_figures_to_weigh() -> None:
    found = readers.read("2012年政府信息公开工作年度报告\n全年主动公开政府信息1234条。".encode())
    found.recognised = True
    report = read(found)
    assert report.figures == [] and report.prose == []
