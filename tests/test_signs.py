"""Signs that a grid is not what it seems: page numbers among values, headers out of step, two orders of columns, labels that are gone."""

from __future__ import annotations

import pytest

from harvester import readers, tables
from harvester.forms import Place
from harvester.items import Report
from tests import forms_html as html
from tests import text_forms
from tests.test_intact import page, read, told, zeros


def agrees(found: str, truth: str) -> bool:
    """Whether a row is right where it is not in doubt."""
    return all(one in ("?", "-", true) for one, true in zip(found.split(), truth.split(), strict=True))


@pytest.mark.parametrize("mark", ["第3页", "- 3 -", "3/5"])
@pytest.mark.parametrize("at", [0, 3, 9, 15])
def test_a_pages_number_among_the_values_moves_none_of_them(mark: str, at: int) -> None:
    truth = "1 . . . 1 0 . . . 0 4 . . . 4"
    cells = [("" if text == "." else text) for text in truth.split()]
    cells.insert(at, mark)
    header = "\n".join(
        "\t".join(text for cell in row for text in (cell[0], *[""] * (cell[2] - 1))) for row in html.table_4(lambda *_: "")[:-1]
    )
    report = Report()
    tables.fill(
        readers.read(
            f"信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t0\t0\t0\n\n{header}\n".encode() + "\t".join(cells).encode()
        ),
        report,
    )
    assert agrees(told(report, "cases"), truth) and "1" not in told(report, "cases").split()[1:4]


def test_a_pages_number_in_a_row_that_adds_up_without_it_is_left_out() -> None:
    values = zeros(**dict.fromkeys(("granted", "total_handled", "new_received"), "3 1 0 0 0 0 4"))
    rows = html.table_3("national_2021", lambda *place: values[place])
    at = next(number for number, row in enumerate(rows) if any("予以公开" in text for text, _, _ in row))
    rows[at].insert(-3, ("- 3 -", 1, 1))
    found = read(page(values, {3: rows}))
    assert told(found, "granted") == "3 1 0 0 0 0 4" and told(found, "carried_over") == "0 0 0 0 0 0 0"


def tabbed(values: dict[Place, str]) -> str:
    """The same report as text with tabs, which says nothing of spans."""
    return text_forms.page(
        "national_2021", lambda *place: values[Place(*place)], lambda rows: text_forms.lines(text_forms.padded(rows), "\t")
    )


@pytest.mark.parametrize(("line", "doubted"), [("10 8 .", True), ("700 . 0", True), ("7 . 3", False), (". 8 0", False)])
def test_the_only_empty_cell_of_a_report_may_be_what_is_left_of_two_numbers(line: str, doubted: bool) -> None:
    columns = ("issued", "repealed", "in_force")
    values = zeros() | {
        ("table_2", "art20_1.normative_documents", column): "" if text == "." else text for column, text in zip(columns, line.split())
    }
    found = told(read(tabbed(values)), "art20_1.normative_documents")
    assert ("?" in found) == doubted and (doubted or found == line)
    assert told(read(page(values)), "art20_1.normative_documents") == line, "a grid that kept its cells is believed"
    values["table_2", "art20_1.regulations", "issued"] = ""  # this report leaves cells empty
    assert told(read(tabbed(values)), "art20_1.normative_documents") == line


def reordered(rows: list[list[html.Cell]], order: list[int]) -> list[list[html.Cell]]:
    """Table 3 with the five organisations in another order, in header and rows."""
    header = [rows[2][at] for at in order]
    return [*rows[:2], header, *([*row[:-6], *(row[-6:-1][at] for at in order), row[-1]] for row in rows[3:])]


def test_a_table_in_another_order_goes_on_in_that_order_after_a_page_break() -> None:
    values = zeros(**dict.fromkeys(("granted", "total_handled", "new_received"), "3 1 0 0 2 0 6"))
    rows = reordered(html.table_3("national_2021", lambda *place: values[place]), [3, 4, 2, 0, 1])
    at = next(number for number, row in enumerate(rows) if any("（七）总计" in text for text, _, _ in row))
    body = page(values, {3: rows[:at]}).replace(
        "<p>四、", html.html_table([[(rows[at][0][0], 1, 3), *rows[at][1:]], rows[at + 1]]) + "<p>四、", 1
    )
    found = read(body)
    assert told(found, "granted") == "3 1 0 0 2 0 6" and agrees(told(found, "total_handled"), "3 1 0 0 2 0 6")


def test_words_of_a_header_in_another_order_that_were_broken_do_not_stand_in_the_forms() -> None:
    values = zeros(**dict.fromkeys(("granted", "total_handled", "new_received"), "3 1 0 0 2 0 6"))
    rows = reordered(html.table_3("national_2021", lambda *place: values[place]), [0, 2, 3, 4, 1])
    header = [("科", 1, 1) if text == "科研机构" else (text, down, across) for text, down, across in rows[2]]
    above = [[(text, down + (down > 1), across) for text, down, across in row] for row in rows[:2]]
    below = [("研机构" if text == "科研机构" else "", 1, 1) for text, _, _ in rows[2]]
    found = read(page(values, {3: [*above, header, below, *rows[3:]]}))
    assert agrees(told(found, "granted"), "3 1 0 0 2 0 6") and "header_disorder" in {issue.code for issue in found.issues}


@pytest.mark.parametrize("gone", ["label", "words"])
def test_a_group_beside_its_own_rows_is_not_the_row_of_another_form(gone: str) -> None:
    """（六）其他处理 is a row where it stands for the three below it; beside them, the label of the first of these is gone."""
    form = "national_2021" if gone == "label" else "national_2019"
    body = html.page(form, lambda *place: "7" if place[1] in ("other_no_correction_overdue", "other_handling") else "0")
    if gone == "label":
        body = body.replace("1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请", "")
    else:
        body = body.replace("（六）其他处理", "（六）其他")
    found = read(body)
    sisters = [figure for figure in found.figures if figure.row in ("other_handling", "other_other") and figure.printed == "7"]
    assert {(figure.status, figure.value) for figure in sisters} == {("doubtful", None)}


@pytest.mark.parametrize(
    ("once", "again"), [("/ / / / / / /", "/ 0 / / / / /"), ("3 . 0 . . . 3", ". . 0 . 2 . 2"), ("3 . . . . . 3", "3 1 . . . . 3")]
)
def test_a_row_printed_twice_once_with_a_number_and_once_without_is_in_doubt(once: str, again: str) -> None:
    values = zeros(granted=once)
    rows = html.table_3("national_2021", lambda *place: values[place])
    at = next(number for number, row in enumerate(rows) if any("予以公开" in text for text, _, _ in row))
    copy: list[html.Cell] = [("（一）予以公开", 1, 2), *(("" if text == "." else text, 1, 1) for text in again.split())]
    rows = [*rows[:at], [(rows[at][0][0], rows[at][0][1] + 1, 1), *rows[at][1:]], copy, *rows[at + 1 :]]
    found = told(read(page(values, {3: rows})), "granted").split()
    differ = [one for one, first, second in zip(found, once.split(), again.split(), strict=True) if first != second]
    assert not [one for one in differ if one.isdecimal()], found


def test_an_empty_copy_of_a_row_takes_the_numbers_of_the_other() -> None:
    values = zeros(granted=". . . . . . .")
    table = html.html_table(html.table_3("national_2021", lambda *place: values[place]))
    other = html.html_table(html.table_3("national_2021", lambda *place: "3" if place[1:] == ("granted", "total") else "0"))
    found = read(page(values).replace(table, table + other))
    assert told(found, "granted") == "0 0 0 0 0 0 3"


def test_several_cells_that_ran_into_their_neighbours_do_not_make_a_habit_of_each_other() -> None:
    lines = {"art20_1.normative_documents": "10 8 .", "art20_1.regulations": "700 . 0"}
    values = zeros()
    for row, line in lines.items():
        for column, text in zip(("issued", "repealed", "in_force"), line.split(), strict=True):
            values["table_2", row, column] = "" if text == "." else text
    found = read(tabbed(values))
    assert all("?" in told(found, row) for row in lines)


def test_a_table_with_headers_of_two_orders_is_in_doubt() -> None:
    values = zeros(**dict.fromkeys(("granted", "total_handled", "new_received"), "3 1 0 0 2 0 6"))
    rows = html.table_3("national_2021", lambda *place: values[place])
    other = [row[2] for row in (reordered(rows, [3, 4, 2, 0, 1]), rows)]
    again = [[("", 1, 3), ("自然人", 1, 1), *header, ("总计", 1, 1)] for header in other]
    found = read(page(values, {3: [*rows[:2], other[0], *rows[3:-1], again[1], rows[-1]]}))
    assert set(told(found, "granted").split()) == {"?"} and "header_disorder" in {issue.code for issue in found.issues}


def test_a_header_that_is_out_of_step_with_its_rows_places_none_of_them() -> None:
    """An empty column stands before the second value in the rows, and before the fifth word in the header."""
    rows = {"granted": "34 8 . 31 32 . 105", "denied_state_secret": ". 8 . . . 18 26", "unable_not_held": "2 . . . 5 . 7"}
    rows |= {"not_processed_repeat": ". . . . 1 . 1", "total_handled": "36 16 . 31 38 18 139", "new_received": "36 16 . 31 38 18 139"}
    values = {place: "" if place[0] == "table_3" else text for place, text in zeros().items()}
    values |= {place: text for place, text in zeros(**rows).items() if place[1] in rows}
    table = html.table_3("national_2021", lambda *place: values[place])
    above = [[(text, down, across + (text in ("申请人情况", "法人或其他组织"))) for text, down, across in row] for row in table[:2]]
    header = [*table[2][:3], ("", 1, 1), *table[2][3:]]
    found = read(page(values, {3: [*above, header, *([*row[:-6], ("", 1, 1), *row[-6:]] for row in table[3:])]}))
    assert all(agrees(told(found, row), line) for row, line in rows.items())


def test_a_document_of_tables_that_may_be_read_in_many_ways_is_told_and_not_searched_for_ever() -> None:
    """Seven counts of each row in one string, in fifty tables: the search ends with the document's steps, and nothing is believed."""
    rows = [[(label, 1, 1), ("1" * 21, 1, 1)] for label in ("一、本年新收政府信息公开申请数量", "（一）予以公开", "（七）总计")]
    body = page(zeros(), {3: [[("申请人情况", 1, 1)], *rows]})
    table = html.html_table([[("申请人情况", 1, 1)], *rows])
    found = read(body.replace(table, table * 50))
    told_of = [issue.message for issue in found.issues if issue.code == "short_row"]
    assert len(told_of) == 150 and sum("more ways than are tried" in message for message in told_of) > 100
    assert not [figure for figure in found.figures if figure.table == "table_3" and figure.status == "printed"]


def test_a_row_as_long_as_the_form_in_a_table_with_a_column_more_may_have_lost_a_blank() -> None:
    """Running text, a row a line, empty cells gone: 小计 stands in the rows, and which of eight cells was empty cannot be told."""
    labels = [
        "一、本年新收政府信息公开申请数量",
        "二、上年结转政府信息公开申请数量",
        "（一）予以公开",
        "（七）总计",
        "四、结转下年度继续办理",
    ]
    lines = [f"{label} {'0 ' * (7 if '结转' in label else 8)}" for label in labels]
    text = "信息内容 本年制发件数 本年废止件数 现行有效件数\n规章 0 0 0\n\n自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计\n"
    found = read(text + "\n".join(lines))
    assert set(told(found, "carried_over").split()) == {"?"}, told(found, "carried_over")


def test_a_line_without_spans_none_of_whose_sums_holds_is_in_doubt() -> None:
    """A cell came in at the start of the row and one of its numbers is gone."""
    report, header = Report(), html.table_4(lambda *_: "")[:-1]
    lines = [[text for cell in row for text in (cell[0], *[""] * (cell[2] - 1))] for row in header]
    lines[2] = [""] * 5 + lines[2]
    values = ["", *map(str, (33, 6, 11, 15, 65, 3, 0, 0, 5, 21, 5, 9, 10, 46))]
    body = "\n".join(" | ".join(line) for line in [*lines, values])
    tables.fill(readers.read(f"信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数\n规章 | 0 | 0 | 0\n\n{body}".encode()), report)
    assert not [figure for figure in report.figures if figure.table == "table_4" and figure.status == "printed" and figure.value]


def test_a_lone_zero_in_a_row_shorter_than_its_table_may_be_the_total() -> None:
    """A line drawn between the rows took the place of a group's label: the row below begins a column too early."""
    rows = {"granted": ". . . . . . 0", "unable_still_unclear": ". . . . . . 0", "unable_not_held": "0 . 0 . . 0 0"}
    values = zeros(**rows)
    table = [[*row, ("", 1, 1)] for row in html.table_3("national_2021", lambda *place: values[place])]
    at = next(number for number, row in enumerate(table) if any("补正后申请" in text for text, _, _ in row))
    cut = [row[1:] if number == at else row for number, row in enumerate(table)]
    cut[at] = [("3.补正后申请内容仍不明确", 1, 1), *table[at][-8:]]
    shorter = [[(text, down - (down == 3 and "无法提供" in text), across) for text, down, across in row] for row in cut]
    found = read(page(values, {3: shorter}))
    assert agrees(told(found, "unable_still_unclear").replace(".", "?"), rows["unable_still_unclear"])


def test_where_a_column_is_gone_no_number_is_cut_in_two() -> None:
    """1 | 1 … 4 is what is left of 11 | 0 | 1 … 4: the report breaks its own sum, and a cut would mend it."""
    header = "\t自然人\t商业企业\t科研机构\t社会公益组织\t法律服务机构\t其他\t总计"
    lines = ["一、本年新收政府信息公开申请数量 1 0 0 0 2 4", "二、上年结转政府信息公开申请数量 0 0 0 0 0 0", "（一）予以公开 1 0 0 0 2 4"]
    lines += ["（七）总计 11 0 0 0 2 4", "四、结转下年度继续办理 0 0 0 0 0 0"]
    text = "信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n规章\t0\t0\t0\n\n" + "\n".join(
        [header, *(line.replace(" ", "\t") for line in lines)]
    )
    assert told(read(text), "total_handled").split()[0] == "?"
