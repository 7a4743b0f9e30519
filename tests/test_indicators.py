"""Tables with one indicator a row: whatever their header, order, halves and damage, a number is claimed only where it is proved."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester import checks, forms, readers, tables
from harvester.items import Figure, Report
from tests import forms_html as html

HEADS = {
    "national_2014": ["统计指标", "单位", "统计数"],
    "fujian_2014": ["指标名称", "计量单位", "2015年度", "历年累计"],
    "fujian_2009": ["指标名称", "计量单位", "2015年度", "历年累计"],
    "shanghai_2006": ["指标名称", "计量单位", "代码", "本期实际", "本年累计"],
}
IDS = tuple(HEADS)


def read(text: str, year: int | None = 2015) -> Report:
    report = Report(year=year)
    tables.fill(readers.read(text.encode()), report)
    checks.check(report)
    return report


def flat(rows: list[list[str]]) -> str:
    return "\n".join("\t".join(row) for row in rows)


def cells(report: Report) -> dict[tuple[str, str], Figure]:
    return {(figure.row, figure.column): figure for figure in report.figures}


def codes(report: Report) -> list[str]:
    return sorted({issue.code for issue in report.issues})


def numbers(form_id: str) -> dict[tuple[str, str], int]:
    """A different number for every cell, the cumulative one the larger."""
    form = forms.load(form_id)
    return {(place.row, place.column): 1000 + at + 5000 * (place.column == "cumulative") for at, place in enumerate(form.places)}


def sheet(form_id: str) -> list[list[str]]:
    """The form as printed, without its header."""
    form, values = forms.load(form_id), numbers(form_id)
    rows = []
    for entry in form.indicators.values():
        printed = [str(values[entry.key, column.key]) if entry.unit else "——" for column in form.parts[0].columns]
        rows.append([entry.label, entry.unit or "——", *([entry.code] if entry.code else []), *printed])
    return rows


def test_every_form_of_this_kind_is_tried() -> None:
    assert set(IDS) == {form_id for form_id in forms.form_ids() if forms.load(form_id).indicators}


@pytest.mark.parametrize("form_id", IDS)
@pytest.mark.parametrize("headed", [True, False])
@pytest.mark.parametrize("markup", [html.plain_cell, html.word_cell, None])
def test_a_clean_table_is_read_whole(form_id: str, headed: bool, markup: Any) -> None:
    rows = [HEADS[form_id]] * headed + sheet(form_id)
    text = html.html_table([[(cell, 1, 1) for cell in row] for row in rows], markup) if markup else flat(rows)
    report = read(text)
    assert report.form == form_id and not report.issues
    assert {place: figure.value for place, figure in cells(report).items()} == numbers(form_id)
    assert {figure.status for figure in report.figures} == {"printed"}
    units = {entry.key: entry.unit for entry in forms.load(form_id).indicators.values()}
    assert all(figure.unit == units[figure.row] and figure.table == "statistics" for figure in report.figures)


@pytest.mark.parametrize("form_id", IDS)
@pytest.mark.parametrize("headed", [True, False])
def test_two_halves_side_by_side(form_id: str, headed: bool) -> None:
    rows = sheet(form_id)
    middle = (len(rows) + 1) // 2
    blank = [""] * len(rows[0])
    halves = [left + right for left, right in zip(rows[:middle], [*rows[middle:], blank])]
    report = read(flat([HEADS[form_id] * 2] * headed + halves))
    assert {place: figure.value for place, figure in cells(report).items()} == numbers(form_id)
    assert codes(report) == []


def row_of(form_id: str, label: str, *values: str, head: list[str] | None = None, year: int | None = 2015) -> Report:
    """The whole table with one row printed otherwise."""
    rows = [[label, *values] if row[0] == label else row for row in sheet(form_id)]
    return read(flat([head or HEADS[form_id], *rows]), year)


@pytest.mark.parametrize(
    ("printed", "status", "value", "unit"),
    [
        ("12", "printed", 12, "条"),
        ("１，２３４", "printed", 1234, "条"),
        ("减76", "printed", -76, "条"),
        ("1.2万", "printed", 1.2, "万条"),
        ("3万条", "printed", 3, "万条"),
        ("5件", "printed", 5, "件"),
        ("零", "printed", 0, "条"),
        ("0", "printed", 0, "条"),
        ("", "blank", None, "条"),
        ("/", "blank", None, "条"),
        ("—", "blank", None, "条"),
        ("1.5", "doubtful", None, "条"),
        ("30.00", "printed", 30, "条"),
        ("30.0", "doubtful", None, "条"),
        ("约30", "doubtful", None, "条"),
        ("34172.", "doubtful", None, "条"),
        ("5-8", "doubtful", None, "条"),
        ("30%", "doubtful", None, "条"),
    ],
)
def test_the_cell_is_what_it_prints(printed: str, status: str, value: float | None, unit: str) -> None:
    report = row_of("national_2014", "5.其他方式公开政府信息数", "条", printed)
    figure = cells(report)["channel_other", "year_value"]
    assert (figure.status, figure.value, figure.unit, figure.printed) == (status, value, unit, printed)
    assert codes(report) == (["not_a_number"] if status == "doubtful" else [])


def test_the_candidates_of_a_glued_list_number_are_told() -> None:
    (issue,) = row_of("national_2014", "5.其他方式公开政府信息数", "条", "34172.").issues
    assert "34172 or 3417" in issue.message


@pytest.mark.parametrize(
    ("label", "unit", "printed", "told"),
    [
        ("七、依申请公开信息收取的费用", "元", "520", "元"),
        ("七、依申请公开信息收取的费用", "万元", "0.052", "万元"),
        ("七、依申请公开信息收取的费用", "万元", "520元", "元"),
        ("七、依申请公开信息收取的费用", "", "520", "万元"),
        ("七、依申请公开信息收取的费用", "——", "520", "万元"),
        ("（一）收到申请数", "份", "5", "份"),
        ("（一）收到申请数", "件/次", "5", "件/次"),
    ],
)
def test_the_printed_unit_wins(label: str, unit: str, printed: str, told: str) -> None:
    figures = [figure for figure in row_of("national_2014", label, unit, printed).figures if figure.printed == printed]
    assert [figure.unit for figure in figures] == [told]


def test_a_unit_in_the_label() -> None:
    rows = [[f"{label}（{unit}）", value] for label, unit, value, _ in sheet("fujian_2014")]
    report = read(flat([["指标名称", "2015年度"], *rows]))
    assert report.form == "fujian_2014"
    assert cells(report)["disclosed_items", "year_value"].unit == "条" and cells(report)["lawsuits", "year_value"].unit == "件"
    assert {figure.status for figure in report.figures if figure.column == "cumulative"} == {"absent"}


@pytest.mark.parametrize(
    "label",
    [
        "1.政府公报公开政府信息数",
        "1．政府公报公开政府信息数",
        "1、政府公报公开政府信息数",
        "（1）政府公报公开政府信息数",
        "①政府公报公开政府信息数",
        "1政府公报公开政府信息数",
        "政府公报 公开政府信息数",
        "其中：1.政府公报公开政府信息数",
        "其中：政府公报公开政府信息数（条）",
        "政府公报公开政府信息",
        "政府公报公开政府信息数量",
    ],
)
def test_spellings_of_a_label(label: str) -> None:
    rows = [[label, *row[1:]] if row[0].startswith("1.政府公报") else row for row in sheet("national_2014")]
    report = read(flat([HEADS["national_2014"], *rows]))
    assert cells(report)["channel_gazette", "year_value"].value == numbers("national_2014")["channel_gazette", "year_value"]


def test_other_words_in_the_header_and_another_order_of_columns() -> None:
    rows = [[row[1], row[3], row[0], row[2], "备注"[: n % 3]] for n, row in enumerate(sheet("fujian_2014"))]
    turned = read(flat([["计量单位", "历年累计", "指标", "本年度", "备注"], *rows]))
    assert turned.form == "fujian_2014"  # a label behind its values leaves them without a row: nothing is claimed
    assert not [figure for figure in turned.figures if figure.status == "printed" and figure.column == "cumulative"]
    rows = [[row[0], row[3], row[2], row[1]] for row in sheet("fujian_2014")]
    report = read(flat([["统计指标", "累计", "2015年", "单位"], *rows]))
    assert {place: figure.value for place, figure in cells(report).items()} == numbers("fujian_2014")


def test_columns_in_another_order_without_a_header_are_told_by_their_size() -> None:
    report = read(flat([[row[0], row[1], row[3], row[2]] for row in sheet("fujian_2009")]))
    assert {place: figure.value for place, figure in cells(report).items()} == numbers("fujian_2009")


def test_without_header_equal_numbers_are_printed_and_others_in_doubt() -> None:
    rows = [[row[0], row[1], "7", "7"] for row in sheet("fujian_2009")]
    rows[3][2:], rows[4][2:] = ["2", "9"], ["9", "2"]
    report = read(flat(rows))
    found = cells(report)
    assert found["disclosed_items", "cumulative"].value == 7
    for key in ("requests_received", "requests_in_person"):
        assert {(found[key, column].status, found[key, column].value) for column in ("year_value", "cumulative")} == {("doubtful", None)}
    assert codes(report) == ["doubtful_cell"]


def test_a_header_over_two_rows() -> None:
    rows = [[(cell, 1, 1) for cell in row] for row in sheet("fujian_2014")]
    head = [[("指标名称", 2, 1), ("计量单位", 2, 1), ("统计数", 1, 2)], [("2015年度", 1, 1), ("历年累计", 1, 1)]]
    report = read(html.html_table(head + rows))
    assert {place: figure.value for place, figure in cells(report).items()} == numbers("fujian_2014")


def test_a_table_of_another_year_is_in_doubt() -> None:
    report = read(flat([HEADS["fujian_2014"], *sheet("fujian_2014")]), year=2016)
    assert {figure.status for figure in report.figures} == {"doubtful"} and codes(report) == ["doubtful_cell"]
    assert read(flat([HEADS["fujian_2014"], *sheet("fujian_2014")]), year=None).figures[0].status == "printed"


def test_a_column_of_another_year_beside_the_reports_own() -> None:
    rows = [[*row, "99999"] for row in sheet("fujian_2014")]
    report = read(flat([[*HEADS["fujian_2014"], "2014年度"], *rows]))
    assert {place: figure.value for place, figure in cells(report).items()} == numbers("fujian_2014")
    assert codes(report) == ["unknown_column"]


def test_a_column_the_form_does_not_have_is_not_read() -> None:
    rows = [[*row, "——" if row[1] == "——" else "99999"] for row in sheet("national_2014")]
    report = read(flat([[*HEADS["national_2014"], "其中：本级"], *rows]))
    assert {place: figure.value for place, figure in cells(report).items()} == numbers("national_2014")
    assert codes(report) == ["unknown_column"]
    blind = read(flat(rows))
    assert {figure.status for figure in blind.figures} == {"doubtful"}


def test_rows_the_form_does_not_have_are_told_and_never_dropped() -> None:
    report = read(flat([HEADS["fujian_2014"], ["政务微博公开数", "条", "5", "8"], *sheet("fujian_2014")]))
    assert [(issue.code, "政务微博公开数" in issue.message) for issue in report.issues] == [("unknown_label", True)]
    assert {place: figure.value for place, figure in cells(report).items()} == numbers("fujian_2014")


def test_a_chapter_that_prints_a_number_is_told() -> None:
    rows = [["二、回应解读情况", "次", "5"] if row[0].startswith("二、") else row for row in sheet("national_2014")]
    assert codes(read(flat([HEADS["national_2014"], *rows]))) == ["long_row"]


def test_labels_that_two_rows_share_are_told_apart_by_their_group() -> None:
    short = {"（一）维持具体行政行为数": "维持", "（一）维持具体行政行为或者驳回原告诉讼请求数": "维持", "（二）被依法纠错数": "纠错"}
    rows = [[short.get(row[0], row[0]), *row[1:]] for row in sheet("national_2014")]
    rows = [["其他", *row[1:]] if row[0] == "（三）其他情形数" else row for row in rows]
    report = read(flat([HEADS["national_2014"], *rows]))
    assert {place: figure.value for place, figure in cells(report).items()} == numbers("national_2014")
    assert codes(report) == []


def test_a_shared_label_whose_group_is_lost_is_in_doubt() -> None:
    rows = [row for row in sheet("national_2014") if row[0] not in ("五、行政诉讼数量", "（一）维持具体行政行为或者驳回原告诉讼请求数")]
    report = read(flat([HEADS["national_2014"], *rows]))
    for key in ("reviews_corrected", "lawsuits_corrected", "reviews_other", "lawsuits_other"):
        assert (cells(report)[key, "year_value"].status, cells(report)[key, "year_value"].value) == ("doubtful", None)
    assert codes(report) == ["doubtful_cell"]
    assert cells(report)["complaints", "year_value"].status == "printed"


def test_a_table_printed_twice_is_read_once_and_a_difference_is_in_doubt() -> None:
    rows = [HEADS["national_2014"], *sheet("national_2014")]
    assert codes(read(flat(rows) + "\n\n" + flat(rows))) == []
    again = [[row[0], row[1], "4"] if row[0] == "六、举报投诉数量" else row for row in rows]
    report = read(flat(rows) + "\n\n" + flat(again))
    assert codes(report) == ["repeated_row"]
    assert [figure.row for figure in report.figures if figure.status != "printed"] == ["complaints"]


def test_a_table_cut_by_a_page_break_goes_on_under_its_header() -> None:
    rows = sheet("fujian_2014")
    parts = [[HEADS["fujian_2014"], *rows[:7]], [[*row[:3], ""] for row in rows[7:]]]
    report = read("".join(html.html_table([[(cell, 1, 1) for cell in row] for row in part]) for part in parts))
    assert cells(report)["replies", "year_value"].value == numbers("fujian_2014")["replies", "year_value"]
    assert cells(report)["replies", "cumulative"].status == "blank"
    flattened = read("\n\n".join(map(flat, parts)))
    assert cells(flattened)["replies", "year_value"].status == cells(flattened)["replies", "cumulative"].status == "doubtful"


@pytest.mark.parametrize("form_id", IDS)
def test_the_other_form_of_a_mixed_document_is_an_issue(form_id: str) -> None:
    values = html.numbered("national_2019")
    page = html.page("national_2019", lambda *place: values[place])
    table = html.html_table([[(cell, 1, 1) for cell in row] for row in [HEADS[form_id], *sheet(form_id)]])
    report = read(page.replace("<p>五、", f"{table}<p>五、"))
    assert report.form == "national_2019" and [issue.code for issue in report.issues] == ["other_form"]
    assert {(f.table, f.row, f.column): f.printed for f in report.figures} == values


def test_a_fragment_of_the_2019_form_beside_a_whole_statistics_table() -> None:
    rows = [HEADS["national_2014"], *sheet("national_2014")]
    second = html.table_2("national_2019", lambda *_: "5")
    report = read(html.html_table([[(cell, 1, 1) for cell in row] for row in rows]) + html.html_table(second))
    assert report.form == "national_2014" and codes(report) == ["other_form"]
    assert {place: figure.value for place, figure in cells(report).items()} == numbers("national_2014")


def test_the_rest_of_a_statistics_table_after_a_page_break_is_not_taken_for_another_form() -> None:
    """涉及国家秘密 of the form of 2014 reads like 属于国家秘密 of the form of 2019."""
    values = html.numbered("national_2019")
    rows = sheet("national_2014")
    old = [html.html_table([[(cell, 1, 1) for cell in row] for row in part]) for part in (rows[:38], rows[38:46], rows[46:])]
    report = read(html.page("national_2019", lambda *place: values[place]).replace("<p>五、", "".join(old) + "<p>五、"))
    assert report.form == "national_2019"
    assert {(f.table, f.row, f.column): f.printed for f in report.figures if f.status == "printed"} == values


def test_a_statistics_table_of_no_known_form_is_told() -> None:
    report = read(flat([["指标名称", "单位", "数量"], ["信访件数", "件", "5"], ["热线接听数", "次", "8"]]))
    assert (report.form, report.figures, codes(report)) == ("narrative", [], ["unknown_form"])


@pytest.mark.parametrize("rows", [[["单位", "电话"], ["办公室", "0590"]], [["项目", "数量"], ["行政复议数", "3"], ["行政诉讼数", "1"]]])
def test_other_tables_are_no_form(rows: list[list[str]]) -> None:
    assert read(flat(rows)).form == "narrative"


BLOWS = ("cut", "blank", "insert", "drop", "repeat", "break")
blows = st.lists(st.tuples(st.sampled_from(BLOWS), st.integers(0, 200), st.integers(0, 4)), max_size=5)


def strike(rows: list[list[str]], kind: str, at: int, column: int) -> None:
    row = rows[at % len(rows)]
    column %= max(len(row), 1)
    if kind == "drop":
        del rows[at % len(rows)]
    elif kind == "repeat":
        rows.insert(at % len(rows), list(row))
    elif kind == "break":
        rows.insert(at % len(rows), [])
    elif kind == "insert":
        row.insert(column, "")
    elif row and kind == "cut":
        del row[column]
    elif row:
        row[column] = ""


SHIFTED = [
    (["", "35", "1068"], "doubtful"),  # the code moved under the year's head, and the year's value under the other
    (["", "35", "6069"], "doubtful"),
    (["", "30", "6069"], "doubtful"),  # codes differ from district to district
    (["", "35", "1068", "6069"], "printed"),  # every cell moved alike
    (["", "1068", "6069"], "printed"),
    (["", "05", "1068"], "doubtful"),
    (["", "0", "6069"], "printed"),  # no row has the code 0
    (["35", "12", "6069"], "printed"),
]


@pytest.mark.parametrize(("values", "status"), SHIFTED)
@pytest.mark.parametrize("markup", [True, False])
def test_a_code_that_may_have_moved_is_no_value(values: list[str], status: str, markup: bool) -> None:
    rows = [[*row[:2], *values] if row[2] == "35" else row for row in sheet("shanghai_2006")]
    rows = [HEADS["shanghai_2006"], *rows]
    report = read(html.html_table([[(cell, 1, 1) for cell in row] for row in rows]) if markup else flat(rows))
    found = [cells(report)["appeals_first_handling", column] for column in ("year_value", "cumulative")]
    assert {figure.status for figure in found} == {status}
    assert [figure.value for figure in found] == ([None, None] if status == "doubtful" else [int(value) for value in values[-2:]])
    assert codes(report) == ["doubtful_cell"] * (status == "doubtful")


def test_a_row_that_lost_a_value_and_gained_a_cell_is_in_doubt() -> None:
    rows = [list(row) for row in [HEADS["shanghai_2006"], *sheet("shanghai_2006")]]
    for blow in (("repeat", 0, 0), ("cut", 159, 3), ("insert", 200, 2)):
        strike(rows, *blow)
    found = cells(read(flat(rows)))
    assert found["appeals_first_handling", "year_value"].status == found["appeals_first_handling", "cumulative"].status == "doubtful"
    assert found["administrative_appeals", "year_value"].status == "printed"


def test_a_code_that_moved_in_the_only_row_behind_a_page_break_is_no_value() -> None:
    rows = [HEADS["shanghai_2006"], *sheet("shanghai_2006")]
    rows[-1] = [*rows[-1][:2], "", "51", "1076"]
    found = cells(read(flat(rows[:-1]) + "\n\n" + flat(rows[-1:])))
    assert {found["staff_designated", column].status for column in ("year_value", "cumulative")} == {"doubtful"}


def test_where_no_row_prints_its_code_small_numbers_are_values() -> None:
    rows = [[*row[:2], "", "35", "60"] for row in sheet("shanghai_2006")]
    report = read(flat([HEADS["shanghai_2006"], *rows]))
    assert {figure.value for figure in report.figures if figure.column == "year_value"} == {35} and codes(report) == []


@given(st.sampled_from(IDS), blows, st.booleans(), st.booleans(), st.booleans(), st.booleans())
@settings(deadline=None, max_examples=300)
def test_no_damage_puts_a_number_where_it_does_not_belong(
    form_id: str, damage: list[tuple[str, int, int]], headed: bool, turned: bool, halves: bool, markup: bool
) -> None:
    rows = [HEADS[form_id]] * headed + sheet(form_id)
    rows = [[*row[:-2], row[-1], row[-2]] for row in rows] if turned else rows
    if halves:
        middle = (len(rows) + headed + 1) // 2
        right = rows[:headed] + rows[middle:]
        rows = [left + other for left, other in zip(rows[:middle], [*right, [""] * len(rows[0])])]
    rows = [list(row) for row in rows]
    for kind, at, column in damage:
        if not (markup and kind == "insert"):  # cells of a saved page are lost, or moved by the rows' spans; empty ones do not come in
            strike(rows, kind, at, column)
    text = flat(rows)
    if markup:
        parts = [[[(cell, 1, 1) for cell in line.split("\t")] for line in part.split("\n")] for part in text.split("\n\n")]
        text = "".join(map(html.html_table, parts))
    report, truth = read(text), numbers(form_id)
    if report.form != form_id:
        assert report.form == "narrative"
        return
    wrong = {place: figure for place, figure in cells(report).items() if figure.status == "printed" and figure.value != truth[place]}
    assert wrong == {}
    if any(figure.status == "doubtful" for figure in report.figures):
        assert report.issues
