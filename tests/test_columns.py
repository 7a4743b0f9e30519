"""Rows and columns of tables that came to us torn: what is printed is found, and nothing is found that is not."""

from __future__ import annotations

import pytest

from harvester import readers, tables
from harvester.items import Report
from tests import forms_html as html

HEADER = "\t自然人\t商业企业\t科研机构\t社会公益组织\t法律服务机构\t其他\t总计\n"
NEW, OVER = "一、本年新收政府信息公开申请数量", "二、上年结转政府信息公开申请数量"
FORM = "信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t0\t0\t0\n\n"


def read(*rows: str, header: str = HEADER) -> dict[tuple[str, str], tuple[str | None, str]]:
    """(row, column) of table 3 -> printed string and status."""
    report = Report()
    tables.fill(readers.read((FORM + header + "\n".join(rows) + "\n").encode()), report)
    return {(figure.row, figure.column): (figure.printed, figure.status) for figure in report.figures if figure.table == "table_3"}


def row(found: dict[tuple[str, str], tuple[str | None, str]], key: str) -> list[str | None]:
    return [printed if status == "printed" else None for (name, _), (printed, status) in found.items() if name == key]


SEVEN = ["1", "2", "0", "0", "0", "3", "6"]


def test_two_rows_printed_as_one_are_two() -> None:
    found = read("\t".join([NEW, *SEVEN, OVER, "0", "0", "0", "4", "0", "0", "4"]))
    assert row(found, "new_received") == SEVEN and row(found, "carried_over") == ["0", "0", "0", "4", "0", "0", "4"]


@pytest.mark.parametrize("between", [[], ["7"]])
def test_a_label_that_a_page_break_cut_keeps_its_values(between: list[str]) -> None:
    first = "\t".join(["3.补正后申请内容", *SEVEN])
    found = read("\t".join([NEW, *SEVEN]), first, *["\t".join([text, *[""] * 7]) for text in between], "仍不明确" + "\t" * 7)
    assert row(found, "unable_still_unclear") == SEVEN


def test_digits_glued_to_their_label_are_values() -> None:
    rows = ["\t".join([NEW, *SEVEN]), "\t".join([OVER, *["0"] * 7]), "（一）予以公开1200036" + "\t" * 7]
    assert {status for (name, _), (_, status) in read(*rows).items() if name == "granted"} <= {"printed", "doubtful"}
    assert [printed for (name, _), (printed, _) in read(*rows).items() if name == "granted"] == SEVEN


def test_a_subtotal_is_left_out_and_the_rest_is_read() -> None:
    lines = {
        NEW: ["4", "0", "1", "0", "0", "2", "3", "7"],
        OVER: ["1", "0", "0", "0", "0", "0", "0", "1"],
        "（一）予以公开": ["3", "1", "0", "0", "0", "0", "1", "4"],
        "（七）总计": ["5", "0", "1", "0", "0", "2", "3", "8"],
    }
    found = read(*["\t".join([label, *cells]) for label, cells in lines.items()], header="\t申请人情况\n")
    assert row(found, "new_received") == ["4", "0", "1", "0", "0", "2", "7"] and row(found, "total_handled")[6] == "8"


def test_a_header_left_on_the_page_before_is_the_next_tables() -> None:
    found = read("", "\t".join([NEW, "1", "", "", "", "", "", "1"]), "\t".join([OVER, *["0"] * 7]))
    assert found["new_received", "natural_person"] == ("1", "printed") and found["new_received", "total"] == ("1", "printed")


def test_what_is_left_of_a_header_proves_nothing() -> None:
    found = read("\t".join([NEW, "5"]), "\t".join([OVER, "0"]), header="申请人情况\t自然人\n")
    assert {status for (name, _), (_, status) in found.items() if name == "new_received"} == {"doubtful", "absent"}


@pytest.mark.parametrize("rule", ["---", ":---:", "-----"])
def test_a_line_drawn_between_rows_is_no_row(rule: str) -> None:
    found = read("\t".join([rule] * 8), "\t".join([NEW, *SEVEN]), "\t".join([rule] * 8), "\t".join([OVER, *["0"] * 7]))
    assert row(found, "new_received") == SEVEN and row(found, "carried_over") == ["0"] * 7


@pytest.mark.parametrize("digits", ["0000000", "4000004", "17260254"])
def test_fused_digits_are_no_count(digits: str) -> None:
    found = read("\t".join([NEW, *SEVEN]), "\t".join([OVER, digits, *[""] * 6]))
    assert found["carried_over", "natural_person"][1] == "doubtful"
    assert not any(status == "blank" for (name, _), (_, status) in found.items() if name == "carried_over")


def test_a_page_leaves_nothing_behind_for_the_next() -> None:
    """A row of table 2 with empty cells once gave its block's columns to the rows of all others."""
    form = "national_2019"
    tables.fill(
        readers.read("信息内容\t本年新制作数量\t本年新公开数量\t对外公开总数量\n规章\t\t\t120\n规范性文件\t\t0\t\n".encode()), Report()
    )
    report, values = Report(), html.numbered(form)
    tables.fill(readers.read(html.page(form, lambda *place: values[place]).encode()), report)
    assert {(figure.table, figure.row, figure.column): figure.printed for figure in report.figures} == values


ORDER = "自然人\t社会公益组织\t其他\t科研机构\t商业企业\t法律服务机构\t总计"


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        (ORDER, [[NEW, "59", "0", "41", "61", "32", "37", "230"], [OVER, "0", "0", "0", "0", "0", "0"]]),
        ("行次\t" + ORDER, [[NEW, "1", "59", "0", "41", "61", "32", "37", "230"], [OVER, "2", *["0"] * 7]]),
        (ORDER, [[NEW, "", "59", "0", "41", "61", "32", "37", "230"], [OVER, *["0"] * 7]]),
    ],
)
def test_columns_in_another_order_are_never_read_in_the_forms(header: str, rows: list[list[str]]) -> None:
    found = read(*["\t".join(cells) for cells in rows], header="\t" + header + "\n")
    wrong = {"commercial_enterprise": "32", "research_institution": "61", "social_welfare_org": "0", "other_org": "41"}
    for column, text in wrong.items():
        assert found["new_received", column][1] != "printed" or found["new_received", column][0] == text


def test_last_years_figures_beside_this_years_are_not_taken_for_them() -> None:
    page = (
        "<table><tr><td></td><td>本年</td><td>上一年</td></tr><tr><td>信息内容</td><td>本年处理决定数量</td><td>本年处理决定数量</td></tr>"
    )
    report = Report()
    tables.fill(readers.read(f"{page}<tr><td>行政处罚</td><td></td><td>7</td></tr></table>".encode()), report)
    assert not [figure for figure in report.figures if figure.status == "printed"]


def test_a_row_printed_twice_and_not_the_same_is_not_mixed() -> None:
    once, again = [NEW, "1", "2", "", "0", "0", "3", "6"], [NEW, "1", "", "4", "0", "0", "3", "8"]
    found = read("\t".join(once), "\t".join([OVER, *["0"] * 7]), "", HEADER + "\t".join(again))
    assert "printed" not in {status for (name, _), (_, status) in found.items() if name == "new_received"}


def test_values_that_slid_down_a_row_are_in_doubt() -> None:
    labels = ["1.属于国家秘密", "2.其他法律行政法规禁止公开", "3.危及“三安全一稳定”", "4.保护第三方合法权益", ""]
    values = [[""] * 7, ["5", *["0"] * 5, "5"], ["4", *["0"] * 5, "4"], ["0"] * 7, ["0"] * 7]
    rows = ["\t".join([label, *cells]) for label, cells in zip(labels, values, strict=True)]
    found = read("\t".join([NEW, *SEVEN]), *rows)
    assert not [key for key, (_, status) in found.items() if key[0].startswith("denied") and status == "printed"]
    assert row(found, "new_received") == SEVEN


def test_an_addend_without_a_total_where_others_print_theirs_is_in_doubt() -> None:
    found = read("\t".join([NEW, *SEVEN]), "\t".join([OVER, *["0"] * 7]), "\t".join(["（一）予以公开", "0", *[""] * 6]))
    assert found["granted", "natural_person"][1] == "doubtful" and row(found, "carried_over") == ["0"] * 7


def test_an_empty_cell_that_cannot_be_told_from_its_neighbours_has_no_place() -> None:
    report, short = Report(), "\t".join([OVER, "0", "", "0", "0"])
    tables.fill(readers.read((FORM + "\t".join([NEW, *SEVEN]) + "\n" + short + "\n").encode()), report)
    places = [figure.source_column for figure in report.figures if figure.row == "carried_over" and figure.printed == ""]
    assert places and set(places) == {None}


def test_values_that_slid_down_to_a_row_that_prints_two_rows_are_in_doubt() -> None:
    """As above, where the text's reader took the last row, without a label, for the end of the one before."""
    lines = [[NEW, *SEVEN], ["1.属于国家秘密", *[""] * 7], ["2.其他法律行政法规禁止公开", "5", *["0"] * 5, "5"]]
    lines += [["3.危及“三安全一稳定”", "4", *["0"] * 5, "4"], ["4.保护第三方合法权益", *["0"] * 14]]
    found = read(*["\t".join(cells) for cells in lines])
    assert not [key for key, (_, status) in found.items() if key[0].startswith("denied") and status == "printed"]
    assert row(found, "new_received") == SEVEN
