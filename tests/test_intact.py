"""Grids that kept their cells: what is printed stays where it stands, unless something in the grid says that it moved."""

from __future__ import annotations

import pytest

from harvester import readers, tables
from harvester.items import Report
from tests import forms_html as html

Place = tuple[str, str, str]
COLUMNS = [column["key"] for column in html.labels()["columns"]["applicants"]]
DISPUTES = [column["key"] for column in html.labels()["columns"]["review_litigation"]]


def zeros(**rows: str) -> dict[Place, str]:
    """The form with 0 everywhere but in the named rows of table 3 (``.`` is an empty cell); ``cases`` is the line of table 4."""
    values = dict.fromkeys(html.numbered("national_2021"), "0")
    for row, text in rows.items():
        table, columns = ("table_4", DISPUTES) if row == "cases" else ("table_3", COLUMNS)
        values |= {(table, row, column): "" if one == "." else one for column, one in zip(columns, text.split(), strict=True)}
    return values


def page(values: dict[Place, str], rows: dict[int, list[list[html.Cell]]] | None = None) -> str:
    """A page of these values, with the tables (2, 3, 4) in ``rows`` instead of its own."""
    made, body = html.tables("national_2021", lambda *place: values[place]), html.page("national_2021", lambda *place: values[place])
    for number, lines in (rows or {}).items():
        body = body.replace(html.html_table(made[number - 2]), html.html_table(lines))
    return body


def read(body: str) -> Report:
    report = Report()
    tables.fill(readers.read(body.encode()), report)
    return report


def told(report: Report, row: str) -> str:
    """What a row prints, ``.`` for a blank, ``?`` for a cell in doubt."""
    marks = {"printed": "", "blank": ".", "doubtful": "?", "absent": "-"}
    return " ".join(marks[one.status] or one.printed or "" for one in report.figures if one.row == row)


def test_an_intact_line_of_table_4_that_breaks_a_sum_stays_printed() -> None:
    line = ". . . . 0 24 8 8 14 54 8 2 5 3 17"
    assert told(read(page(zeros(cases=line))), "cases") == line


@pytest.mark.parametrize("line", [". 3 0 0 0 3 0 0 0 0 0 1 0 1 0", ". . 4 1 0 0 5 0 0 0 1 1 0 0 0"])
def test_a_line_that_adds_up_if_it_was_pushed_to_the_right_is_in_doubt(line: str) -> None:
    assert "3" not in (found := told(read(page(zeros(cases=line))), "cases")) and "?" in found


def test_a_misprinted_sum_behind_empty_cells_is_the_reports_where_it_leaves_others_empty() -> None:
    rows = {"granted": ". . . . . 2 0", "unable_not_held": ". . . . . . 0", "carried_over": ". . . . . . 0"}
    found = read(page(zeros(**rows)))
    assert {row: told(found, row) for row in rows} == rows


def test_digits_before_an_empty_cell_that_complete_the_sum_when_cut_had_run_together() -> None:
    found = read(page(zeros(granted="48 . 0 4 0 1 17", unable_not_held="0 . 0 4 0 1 5")))
    assert told(found, "granted").startswith("? ?") and told(found, "unable_not_held") == "0 . 0 4 0 1 5"


def test_a_lone_zero_between_empty_cells_stays_printed() -> None:
    found = read(page(zeros(granted=". 0 . . . . .", unable_not_held="0 . 0 . . 1 1")))
    assert told(found, "granted") == ". 0 . . . . ."


def test_of_a_table_printed_twice_with_other_numbers_only_what_both_print_is_believed() -> None:
    once, again = zeros(granted="3 . 0 0 0 0 3"), zeros(granted="4 1 0 0 0 0 5", unable_not_held=". 2 . . . . 2")
    first, second = (html.tables("national_2021", lambda *place, of=values: of[place])[1] for values in (once, again))
    lost = [row for row in second if "2.重复申请" not in [text for text, _, _ in row]]
    body = page(once)
    found = read(body.replace(html.html_table(first), html.html_table(first) + html.html_table(lost)))
    assert told(found, "granted") == "? ? ? ? ? ? ?" and told(found, "not_processed_repeat") == "? ? ? ? ? ? ?"
    assert told(found, "unable_not_held") == "? ? ? ? ? ? ?" and told(found, "new_received") == "0 0 0 0 0 0 0"


HEADER = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]


def flattened(values: dict[Place, str]) -> list[list[html.Cell]]:
    """Table 3 with an empty cell in every place that a span covered, as editors and converters save it."""
    rows, covered, made = html.table_3("national_2021", lambda *place: values[place]), set[tuple[int, int]](), []
    for number, row in enumerate(rows):
        line: list[html.Cell] = []
        for text, down, across in row:
            while (number, len(line)) in covered:
                line.append(("", 1, 1))
            covered |= {(below, len(line) + beside) for below in range(number + 1, number + down) for beside in range(across)}
            line += [(text, 1, 1), *[("", 1, 1)] * (across - 1)]
        while (number, len(line)) in covered:
            line.append(("", 1, 1))
        made.append(line)
    return made


def with_subtotal(rows: list[list[html.Cell]], named: bool) -> list[list[html.Cell]]:
    """The sum of the five organisations before the total; its header word, if any, comes to stand behind the total's column."""
    made = [[*row, *([("小计", 1, 1)] if named and number == 2 else [])] if number < 3 else list(row) for number, row in enumerate(rows)]
    for row in made[3:]:
        digits = [int(text or 0) for text, _, _ in row[-6:-1]]
        row.insert(len(row) - 1, (str(sum(digits)) if any(text for text, _, _ in row[-6:-1]) else "", 1, 1))
    return made


@pytest.mark.parametrize("named", [True, False])
def test_a_subtotal_whose_word_stands_behind_the_total_is_not_the_total(named: bool) -> None:
    rows = {
        "granted": "0 0 5 0 0 0 5",
        "unable_not_held": "3 0 0 2 0 0 5",
        "new_received": "3 0 5 2 0 0 8",
        "total_handled": "3 0 5 2 0 0 10",
    }
    values = zeros(**rows)
    found = read(page(values, {3: with_subtotal(flattened(values), named)}))
    for row, text in rows.items():
        assert all(one in ("?", true) for one, true in zip(told(found, row).split(), text.split(), strict=True)), row
    assert told(found, "unable_not_held") == rows["unable_not_held"]


def test_an_unnamed_subtotal_is_no_column_of_the_form_where_most_cells_are_empty() -> None:
    rows = {
        "granted": ". 0 5 . 0 . 5",
        "not_processed_repeat": ". . 0 5 19 0 24",
        "total_handled": "9 0 5 5 19 0 38",
        "new_received": "9 0 5 5 19 0 38",
    }
    rows |= {"unable_not_held": "9 . . . . . 9", "carried_over": ". . . . . . 0"}
    values = {place: "" if text == "0" and place[0] == "table_3" else text for place, text in zeros().items()}
    values |= {place: text for place, text in zeros(**rows).items() if place[1] in rows}
    found = read(page(values, {3: with_subtotal(flattened(values), named=False)}))
    for row, text in rows.items():
        assert all(one in ("?", true) for one, true in zip(told(found, row).split(), text.split(), strict=True)), row


@pytest.mark.parametrize("at", [3, 0])
def test_a_cell_over_two_columns_and_a_doubled_one_do_not_make_up_for_each_other(at: int) -> None:
    """Two zeros in one cell and another cell twice: fifteen cells, in other columns than those they were counted into."""
    texts = ["9", "0", "0", "0", "9", "7", "0", "5", "0", "12", "6", "0", "0", "0", "6"]
    line: list[html.Cell] = [(text, 1, 1) for text in texts]
    line[11:13] = [("0", 1, 2)]
    line.insert(at, line[at])
    values = zeros(cases=" ".join(texts))
    found = told(read(page(values, {4: [*html.table_4(lambda *place: values[place])[:-1], line]})), "cases").split()
    assert all(one in ("?", true) for one, true in zip(found, texts, strict=True)), found


def test_a_row_of_counted_cells_with_one_over_two_columns_is_not_counted() -> None:
    """The same in table 3 of a page that lost its spans: no header stands over the cells."""
    rows: dict[str, str] = {"granted": "1 0 0 0 0 2 3", "unable_not_held": "0 0 0 0 0 19 19"}
    values = zeros(**rows)
    bare = [[(text, 1, 1) for text, _, _ in row] for row in html.table_3("national_2021", lambda *place: values[place])]
    at = next(number for number, row in enumerate(bare) if any("本机关不掌握" in text for text, _, _ in row))
    bare[at] = [*bare[at][:-7], ("0", 1, 1), ("0", 1, 2), *[("0", 1, 1)] * 2, *[("19", 1, 1)] * 3]
    found = told(read(page(values, {3: bare})), "unable_not_held").split()
    assert all(one in ("?", true) for one, true in zip(found, rows["unable_not_held"].split(), strict=True)), found


def test_a_header_that_lost_a_word_over_rows_that_kept_the_column_proves_nothing() -> None:
    values = zeros()
    second = html.table_2("national_2021", lambda *place: values[place])
    block = [
        second[0],
        [cell for cell in second[1] if cell[0] != "本年废止件数"],
        *([row[0], ("14", 1, 1), ("0", 1, 1), ("", 1, 1)] for row in second[2:4]),
    ]
    found = read(page(values, {2: [*block, *second[4:]]}))
    assert all(figure.status == "doubtful" for figure in found.figures if figure.row.startswith("art20_1")), told(
        found, "art20_1.regulations"
    )


def test_rows_that_begin_a_column_too_early_do_not_make_their_first_column_a_line_number() -> None:
    """Of lines with pipes some have one in front and some have none; one of the latter prints a number twice."""
    rows = {"一、本年新收政府信息公开申请数量": "41 47 5 26 40 22 181", "二、上年结转政府信息公开申请数量": "0 0 0 0 0 0 0"}
    rows |= {"（一）予以公开": "0 18 0 0 0 0 18", "（二）部分公开": "0 0 1 0 0 21 21 22", "（七）总计": "41 47 2 26 40 22 178"}
    rows |= {"四、结转下年度继续办理": "0 0 3 0 0 0 3", "2.重复申请": "9 0 0 0 0 0 9", "3.其他": "0 0 0 0 5 1 6"}
    lines = [" |  | 申请人情况"]
    lines += [
        " | ".join([*([""] if number not in (1, 3) else []), label, "", *text.split(), ""])
        for number, (label, text) in enumerate(rows.items())
    ]
    found = told(
        read("信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数\n规章 | 0 | 0 | 0\n\n" + "\n".join(lines)), "partially_granted"
    ).split()
    assert all(one in ("?", true) for one, true in zip(found, ["0", "0", "1", "0", "0", "21", "22"], strict=True)), found
