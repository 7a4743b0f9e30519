"""Tables torn in running text: list numbers beside values, headers twice or out of place, lost labels, pipes in some lines only."""

from __future__ import annotations

import pytest

from harvester import readers
from tests.test_flow import FIVE, MODERN, TABLE_3, TITLE_4, figures, read

Row = list[tuple[str, str]]
START = "一、总体情况\n现行有效件数\n"
START_2019 = "一、总体情况\n本年新制作数量\n"
CHANGES = "信息内容 上一年项目数量 本年增/减 处理决定数量\n"
APPLICANTS = "自然人 法人或其他组织 总计\n商业企业 科研机构 社会公益组织 法律服务机构 其他\n"


def row(text: str, key: str) -> Row:
    """What a row prints and how sure it is, its absent cells left out."""
    return [(figure.printed or "", figure.status) for place, figure in figures(read(text)).items() if place[1] == key and figure.printed]


def told(*texts: str, status: str = "printed") -> Row:
    return [(text, status) for text in texts]


SECRET = "denied_state_secret"
NEXT_LABEL = "2.其他法律行政法规禁止公开 0 0 0 0 0 0 0"


@pytest.mark.parametrize("between", ["\n", " "])
@pytest.mark.parametrize(
    ("values", "below", "printed"),
    [
        ("1 1850 0 0 0 0 1851", "）不予处理 1.信访举报投诉类申请 0 0 0 0 0 0 0", told("1", "1850", "0", "0", "0", "0", "1851")),
        ("1 4 0 0 0 0 5", "）其他处理 3.其他 0 0 0 0 0 0 0", told("1", "4", "0", "0", "0", "0", "5")),
        ("1 4 0 0 0 0 5", "2 .其他法律行政法规禁止公开 0 0 0 0 0 0 0", told("1", "4", "0", "0", "0", "0", "5")),
        ("5 0 0 0 1 0 62、", NEXT_LABEL[2:], told("5", "0", "0", "0", "1", "0", "6")),
        ("5 0 0 0 1 0 62.", NEXT_LABEL, [*told("5", "0", "0", "0", "1", "0"), *told("62.", status="doubtful")]),
        ("5 0 0 0 1 0 63、", NEXT_LABEL[2:], [*told("5", "0", "0", "0", "1", "0"), *told("63、", status="doubtful")]),
    ],
)
def test_digits_before_a_stop_are_a_list_number_only_where_the_form_prints_it(values: str, below: str, printed: Row, between: str) -> None:
    text = START + (TABLE_3 + f"1.属于国家秘密 {values} {below}").replace(" ", between)
    assert row(text, SECRET) == printed


@pytest.mark.parametrize("form_start", [START, START_2019])
def test_a_group_label_without_its_last_words_is_not_the_row_of_that_name(form_start: str) -> None:
    report = read(form_start + (TABLE_3 + "（六）其他 5 0 0 0 0 0 5 处理 （七）总计 5 0 0 0 0 0 5").replace(" ", "\n"))
    assert {figure.row for figure in report.figures if figure.printed == "5"} == {"total_handled"}
    mended = read(form_start + TABLE_3 + "（六）其他 5 0 0 0 0 0 5\n处理\n（七）总计 5 0 0 0 0 0 5")
    assert {figure.row for figure in mended.figures if figure.printed == "5"} == {"total_handled", "other_handling"}


def test_a_group_label_is_no_row_beside_the_rows_of_its_group() -> None:
    """The label of 1.申请人无正当理由… is lost: what stands behind （六）其他处理 are its values, and whose they are cannot be told."""
    fees = "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"
    rows = f"（六）其他处理 1 0 0 0 0 0 1\n{fees} 0 0 0 0 0 0 0\n3.其他 0 0 0 0 0 0 0"
    assert row(START + TABLE_3 + rows, "other_handling") == []
    assert row(START + TABLE_3 + rows, "other_other") == told(*"0000000")
    assert row(START + TABLE_3 + rows.split("\n", maxsplit=1)[0], "other_handling") == told(*"1000001")


@pytest.mark.parametrize(
    ("text", "penalties"),
    [
        (f"第二十条第（六）项\n{CHANGES}第二十条第（八）项\n信息内容 上一年项目数量 本年增/减\n行政处罚 0 4 1\n", told("0", "4", "1")),
        (f"第二十条第（八）项\n信息内容 上一年项目数量 本年增/减\n第二十条第（六）项\n{CHANGES}行政处罚 0 4 1\n", told("0", "4", "1")),
        (f"第二十条第（六）项\n{CHANGES}第二十条第（六）项\n{CHANGES}行政处罚 0 4 1\n", told("0", "4", "1")),
        (f"第二十条第（六）项\n{CHANGES}行政处罚 0 -4 1\n", told("0", "-4", "1")),
        (f"第二十条第（六）项\n{CHANGES}行政处罚 -4 1 0\n", told("-4", "1", "0", status="doubtful")),
        (f"第二十条第（六）项\n{CHANGES}行政处罚 4 1 减9\n", told("4", "1", "减9", status="doubtful")),
        (
            f"{CHANGES}行政强制 9 0 0\n{CHANGES.replace('本年增/减 处理决定数量', '处理决定数量 本年增/减')}行政处罚 4 1 -9\n",
            told("4", "-9", "1", status="doubtful"),
        ),
    ],
)
def test_the_header_of_a_block_is_the_one_under_its_caption(text: str, penalties: Row) -> None:
    """Rows of table 2 have no sums: only their header proves them, and a number below 0 in a column that counts speaks against it."""
    assert row(START_2019 + text, "art20_6.penalties") == penalties


@pytest.mark.parametrize("between", [" ", "\n"])
def test_two_years_side_by_side_are_in_doubt(between: str) -> None:
    """Where empty cells leave nothing, as many values as one year has columns may be of both."""
    names = "上一年项目数量 本年增/减 处理决定数量"
    block = f"第二十条第（六）项\n信息内容 {names} {names}\n行政处罚 150 17 0\n行政强制 1 2 3 4 5 6\n"
    assert {status for _, status in row(START_2019 + block.replace(" ", between), "art20_6.penalties")} == {"doubtful"}
    years = "自然人 法人或其他组织 总计 自然人 法人或其他组织 总计 " + "商业企业 科研机构 社会公益组织 法律服务机构 其他 " * 2
    rows = "一、本年新收政府信息公开申请数量 1 0 0 0 0 0 1 2 3\n二、上年结转政府信息公开申请数量 10 / 9 / / / 19\n"
    assert {status for _, status in row(START + (years + rows).replace(" ", between), "carried_over")} == {"doubtful"}


def test_a_header_that_is_printed_again_on_the_next_page_is_one() -> None:
    header = "申请人情况\n" + APPLICANTS
    assert row(START + header + header + TABLE_3, "new_received") == told(*"3000003")


@pytest.mark.parametrize("stray", ["", "\n9"])
def test_rows_in_another_order_and_with_a_page_number_are_in_doubt(stray: str) -> None:
    """The columns of a template of its own are known by the header alone, and a row that stands apart from it has none."""
    header = APPLICANTS.replace("商业企业 科研机构", "科研机构 商业企业")
    rows = "一、本年新收政府信息公开申请数量 1 2 3 4 5 6 21\n二、上年结转政府信息公开申请数量 1 2 3 4 5 6 21\n"
    texts = [text for text, status in row(START + header + (rows + stray).replace(" ", "\n"), "new_received") if status == "printed"]
    assert texts in ([], ["1", "3", "2", "4", "5", "6", "21"])
    long = (rows + "（一）予以公开 0 0 0 0 0 0 0 0").replace(" ", "\n")
    assert {status for _, status in row(START + header + long, "new_received")} == {"doubtful"}


def test_the_page_below_a_running_head_is_no_value() -> None:
    text = "四、结转下年度继续办理\n0\n3\n0\n2\n云溪县年报\n- 7 -\n0\n0\n5\n"
    assert row(START + TABLE_3 + text, "carried_forward") == told("0", "3", "0", "2", "0", "0", "5")


HALF_FRAMED = """
|信息内容 | 本年制发件数 | 本年废止件数 | 现行有效件数 | |
|规章 |  |  | 14 |
行政规范性文件 |  | 11 |  | |
|第二十条第（五）项 |  |  |
|信息内容 | 本年处理决定数量 |  |  | |
行政许可 | 5 |  |  |
"""


def test_rows_without_the_frame_of_others_keep_their_first_cell() -> None:
    assert row(START + HALF_FRAMED, "art20_1.normative_documents") in (told("11"), told("11", status="doubtful"))
    found = figures(read(START + HALF_FRAMED))
    assert found["table_2", "art20_1.normative_documents", "issued"].status != "printed"
    assert found["table_2", "art20_1.regulations", "in_force"].status in ("printed", "doubtful")
    assert row(START + HALF_FRAMED, "art20_5.licensing") == told("5")


@pytest.mark.parametrize("first", ["|", " |", "| "])
def test_a_line_of_table_4_with_empty_cells_at_its_ends(first: str) -> None:
    """Which end of it is a frame cannot be told where both are empty: its lone 0 has no certain place."""
    header = (
        f"{TITLE_4}\n | 行政复议 |  |  |  |  | 行政诉讼 |\n| {FIVE.replace(' ', ' | ')} | 未经复议直接起诉 |  |  |  |  | 复议后起诉 |\n"
    )
    below = "|" + f" {FIVE.replace(' ', ' | ')} |" * 2
    line = first + " |  | 0" + " | " * 12 + "\n"
    assert {status for _, status in row(START + header + below + "\n" + line, "cases")} <= {"doubtful"}


@pytest.mark.parametrize(
    "text",
    [
        "本年废止件数 | 现行有效件数\n规章 1100 | 0\n0\n行政规范性文件\n0\n0\n0\n",
        "本年废止件数 | 现行有效件数\n规章 1100 | 0\n云溪县年报\n0\n行政规范性文件\n0\n0\n0\n",
        "本年制发件数 | 本年废止件数\n现行有效件数|\n规章 1100 | 0\n0\n行政规范性文件\n0\n0\n0\n",
    ],
)
def test_pipes_that_tell_only_some_of_the_cells_tell_none(text: str) -> None:
    found = row(START.replace("现行有效件数", "本年制发件数") + text, "art20_1.regulations")
    assert "printed" not in {status for _, status in found} or [text for text, _ in found] == ["1100", "0", "0"]


def grids(text: str) -> list[list[list[str]]]:
    document = readers.read(text.encode())
    return [[[cell.text for cell in line] for line in block.grid.rows] for block in document.blocks if block.grid]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("甲 | 1 | 2\n乙 | 3 | 4\n丙", 2),
        ("甲 | 1 | 2\n乙 | 3 | 4\n5\n丙", 0),
        ("3 丁 4\n甲 | 1 | 2\n乙 | 3 | 4\n", 0),
        ("3\n\n甲 | 1 | 2\n乙 | 3 | 4\n\n5\n丙", 2),
        ("| 甲 | 1 | 2 |\n| 乙 | 3 | 4 |\n5\n", 2),
        ("甲\t1\t2\n乙\t3\t4\n5\n", 2),
        ("甲 1 | 2\n乙 3 | 4\n", 0),
        ("甲 1 | 乙\n丙 | 4\n", 2),
        (" | 甲 | 1\n| 乙 | 3 |\n丙 | 4 |\n", 0),
        ("|甲 | 1\n丙 | 4\n", 0),
        (" | 甲 | 1\n丙 | 4 | \n", 2),
        ("甲\t1\t2\n乙 3 4 5 丙\t6\t7\n", 0),
        ("甲\t1\t2\n| 乙 | 3 | 4 | / | 丙\t6\t7\n", 0),
        ("甲\t1\t2\n2019 2020 2021\t6\t7\n", 2),
    ],
)
def test_pipes_are_a_table_where_they_tell_every_cell(text: str, rows: int) -> None:
    assert sum(map(len, grids(text))) == rows


@pytest.mark.parametrize(
    ("text", "cells"), [("甲\t第7页\t1\t2\n", ["甲", "1", "2"]), ("甲 | 1 | 第 7 页 共 9 页 | 2\n丙 | 3\n", ["甲", "1", "2"])]
)
def test_the_number_of_a_page_is_no_cell(text: str, cells: list[str]) -> None:
    assert grids(text)[0][0] == cells


def test_a_pipe_that_ends_a_line_of_tabs_is_no_cell() -> None:
    assert grids("甲\t1\t2 |\n乙\t3 |\n") == [[["甲", "1", "2"], ["乙", "3"]]]


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        ("三、本年度办理结果 | （一）予以公开 |  |  |  |  |  |  | 0 |  | |", []),
        ("三、本年度办理结果 | （一）予以公开 |  | 2 | 0 | 1 | 0 | 0 | 0 | 3 |", [*"2010003"]),
        ("1.属于国家秘密 |  | 2 |  |  |  | 1 | 3", ["2", "1", "3"]),
    ],
)
def test_empty_cells_behind_a_label_may_be_the_labels(line: str, printed: list[str]) -> None:
    """（一）予以公开 covers two cells of its row: a lone 0 behind empty ones may stand in more than one column."""
    key = SECRET if "秘密" in line else "granted"
    found = row(f"{START}{TABLE_3}{line}\n- 7 -", key)
    assert [text for text, status in found if status == "printed"] == printed


@pytest.mark.parametrize(("year", "form"), [(START, "national_2021"), (START_2019, "national_2019")])
def test_where_tables_print_rows_alone_the_text_around_tells_their_form(year: str, form: str) -> None:
    report = read(year + "\n" + "\n".join(f"{name}\t0\t0\t0\t0\t0\t0\t0" for name in ROWS))
    assert report.form == form and form in MODERN


ROWS = (
    *(
        "一、本年新收政府信息公开申请数量",
        "二、上年结转政府信息公开申请数量",
        "（一）予以公开",
        "（二）部分公开",
        "1.属于国家秘密",
        "重复申请",
    ),
    *(
        "2.其他法律行政法规禁止公开",
        "保护第三方合法权益",
        "属于三类内部事务信息",
        "属于四类过程性信息",
        "属于行政执法案卷",
        "属于行政查询事项",
    ),
)


def test_a_table_that_is_printed_twice_with_other_numbers_fills_no_empty_cell() -> None:
    """Of two reports in one document: what one leaves empty is not what the other prints. A copy of the same table fills what it lacks."""
    empty = "（一）予以公开 / / / / / / /"
    once, again = START + APPLICANTS + TABLE_3 + empty, "\n" + APPLICANTS + TABLE_3 + empty.replace("/", "0")
    assert {status for _, status in row(once + again, "granted")} == {"doubtful"}  # a marked cell is not one that was left out
    assert {status for _, status in row(once + again.replace("3 0 0 0 0 0 3", "4 0 0 0 0 0 4"), "granted")} == {"doubtful"}
    twice = again.replace("3 0 0 0 0 0 3", "4 0 0 0 0 0 4").replace("请数量 0 0 0 0 0 0 0", "请数量 5 0 0 0 0 0 5")
    lone = "\n2.重复申请 0 0 0 0 0 0 0"
    assert {status for _, status in row(once + "\n" + APPLICANTS + TABLE_3 + empty + lone, "not_processed_repeat")} == {"printed"}
    assert {status for _, status in row(once + twice + lone, "not_processed_repeat")} == {"doubtful"}
