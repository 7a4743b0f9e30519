"""Tables flattened to text: every form of flattening is read cell for cell, and no number of a sentence becomes a figure."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from harvester import checks, flow, forms, readers, tables
from harvester.items import Figure, Report
from harvester.rows import sections
from tests import forms_html as html
from tests import text_forms

Values = dict[tuple[str, str, str], str]
MODERN = ["national_2019", "national_2021"]
KEEP_EMPTY = ("tabs", "pipes with placeholders", "markdown", "each cell ends in a pipe and a line")  # elsewhere an empty cell may be lost


def read(body: str) -> Report:
    report = Report()
    tables.fill(readers.read(body.encode()), report)
    checks.check(report)
    return report


def figures(report: Report) -> dict[tuple[str, str, str], Figure]:
    return {(figure.table, figure.row, figure.column): figure for figure in report.figures}


def consistent(form_id: str, seed: int, most: int = 30) -> Values:
    """Small numbers, many of them 0, with which every sum of the form holds."""
    rng, form = random.Random(seed), forms.load(form_id)
    numbers = [rng.choice((0, 0, rng.randint(0, most))) for _ in form.places]
    sums = {identity.id: identity for identity in form.identities}
    for identity in (sums["t3_outcomes" if "t3_outcomes" in sums else "t3_outcomes_2019"], sums["t3_flow"], *form.identities):
        for _, left, right in identity.places:
            if identity.id == "t3_flow":
                numbers[right[1]] = max(numbers[left[1]], numbers[right[1]])
                numbers[left[0]] = sum(numbers[index] for index in right) - numbers[left[1]]
            else:
                numbers[right[0]] = sum(numbers[index] for index in left)
    return {tuple(place): str(number) for place, number in zip(form.places, numbers, strict=True)}  # type: ignore[misc]


def value_of(values: Values) -> html.Values:
    return lambda *place: values[place]


def rows_of(body: str, form_id: str) -> dict[tuple[str, str], list[str]]:
    """Value strings of each row that the text's derived grids, and its own, hold."""
    document = readers.read(body.encode())
    form = forms.load(form_id)
    own = [block.grid for block in document.blocks if block.grid]
    found = {}
    for grid in [*own, *flow.grids(document, form, len(own))]:
        for section in sections(form, grid):
            found.update({(row.part.table, row.key): [cell.text for cell in row.cells] for row in section.rows})
    return found


def by_row(values: Values) -> dict[tuple[str, str], list[str]]:
    rows: dict[tuple[str, str], list[str]] = {}
    for (table, row, _), text in values.items():
        rows.setdefault((table, row), []).append(text)
    return rows


@pytest.mark.parametrize("form_id", MODERN)
@pytest.mark.parametrize("name", text_forms.FORMS)
def test_each_row_has_its_values(form_id: str, name: str) -> None:
    """A different number in every cell: none may stand in another row or in another order."""
    values = html.numbered(form_id)
    found = rows_of(text_forms.page(form_id, value_of(values), text_forms.FORMS[name]), form_id)
    assert {row: [text for text in cells if text] for row, cells in found.items()} == by_row(values)


@pytest.mark.parametrize("form_id", MODERN)
@pytest.mark.parametrize("name", text_forms.FORMS)
@pytest.mark.parametrize("zero", ["0", "/", "—", "无", ""])
def test_every_cell_is_read(form_id: str, name: str, zero: str) -> None:
    values = {place: zero if text == "0" else text for place, text in consistent(form_id, len(name)).items()}
    report = read(text_forms.page(form_id, value_of(values), text_forms.FORMS[name]))
    found = figures(report)
    read_as = {place: figure.printed for place, figure in found.items() if figure.status in ("printed", "blank")}
    assert {place: text for place, text in read_as.items() if values[place] != text} == {}
    if zero or name in KEEP_EMPTY:
        assert set(read_as) == set(values)


def in_html(text: str, kind: str) -> str:
    lines = text.split("\n\n") if "\n\n" in text else text.split("\n")
    body = {
        "paragraphs": "".join(f"<p>{line}</p>" for part in lines for line in part.split("\n")),
        "breaks": "<br>".join(text.split("\n")),
        "divs": "".join(f"<div><span>{line}</span></div>" for part in lines for line in part.split("\n")),
        "pre": f"<pre>{text}</pre>",
        "a cell a row": "".join(f"<table><tr><td>{line}</td></tr></table>" for part in lines for line in part.split("\n")),
    }[kind]
    return f"<html><body><div id='zoom'>{body}</div></body></html>"


@pytest.mark.parametrize("form_id", MODERN)
@pytest.mark.parametrize("kind", ["paragraphs", "breaks", "divs", "pre", "a cell a row"])
@pytest.mark.parametrize("name", ["a row a line", "a cell a line", "framed pipes", "fused rows"])
def test_pages_whose_tables_are_text(form_id: str, kind: str, name: str) -> None:
    values = consistent(form_id, 7)
    report = read(in_html(text_forms.page(form_id, value_of(values), text_forms.FORMS[name]), kind))
    assert {place: figure.printed for place, figure in figures(report).items() if figure.status == "printed"} == values


@pytest.mark.parametrize("name", [name for name in text_forms.FORMS if name.startswith(("a ", "one", "fused"))])
def test_each_figure_leads_to_its_cell_in_the_grid_that_was_made_of_the_text(name: str) -> None:
    body = text_forms.page("national_2021", value_of(consistent("national_2021", 3)), text_forms.FORMS[name])
    document = readers.read(body.encode())
    made = [block.grid for block in document.blocks if block.grid]
    made += flow.grids(document, forms.load("national_2021"), len(made))
    assert [grid.index for grid in made] == list(range(len(made)))
    for figure in read(body).figures:
        assert figure.source_table is not None and figure.source_row is not None and figure.source_column is not None
        assert made[figure.source_table].rows[figure.source_row][figure.source_column].text == figure.printed


HEAD = "信息内容 本年制发件数 本年废止件数 现行有效件数\n"
TABLE_3 = "一、本年新收政府信息公开申请数量 3 0 0 0 0 0 3\n二、上年结转政府信息公开申请数量 0 0 0 0 0 0 0\n"


@pytest.mark.parametrize(
    "prose",
    [
        "全年本年制发件数5件。予以公开17件，部分公开2件，（三）不予公开 1.属于国家秘密 0 件；（七）总计 25件。",
        "本年制发件数、本年废止件数、现行有效件数均为0。规章0件，行政规范性文件3件。",
        "本年制发件数 3 本年废止件数 2 现行有效件数 10 规章 5 行政规范性文件 4",
        "本年处理决定数量统计如下：行政许可 3 件 行政处罚 5 件",
        "信息内容 本年处理决定数量\n行政许可 2021 年共办理 3 件\n行政处罚 5 家企业",
        HEAD + "规章 我局无\n行政规范性文件 2021 年共 3 件",
        HEAD + "规章制度 3 2 1\n行政规范性文件的 3 2 1",
        HEAD + "规章 3、2、1。",
        "现行有效件数\n一、本年新收政府信息公开申请数量 5\n二、上年结转政府信息公开申请数量 0\n（一）予以公开 5\n（七）总计 5",
        "现行有效件数\n自然人 5 商业企业 0 科研机构 0 总计 5\n予以公开 4\n部分公开 1",
        "现行有效件数\n四、政府信息公开行政复议、行政诉讼情况\n全年行政复议 3 件，结果维持 2 件\n1\n2\n3",
        "现行有效件数\n总计 1 2 3 4 5 6 7",
    ],
)
def test_a_number_of_a_sentence_or_a_list_is_no_figure(prose: str) -> None:
    report = read(prose)
    assert [figure for figure in report.figures if figure.status in ("printed", "blank")] == []


def found_in(text: str) -> dict[str, list[str]]:
    return {row: cells for (_, row), cells in rows_of("本年收费金额\n\n" + text, "national_2021").items()}


@pytest.mark.parametrize(
    ("text", "row", "values"),
    [
        ("5.要求行政机关确认或\n重新出具已获取信息 1 0 0 0 0 0 1", "not_processed_confirm_or_reissue", "1000001"),
        ("5.要求行政机关确认或\n1 0 0 0 0 0 1\n重新出具已获取信息", "not_processed_confirm_or_reissue", "1000001"),
        ("5.要求行政机关确认或 1 0 0 0 0 0 1\n重新出具已获取信息", "not_processed_confirm_or_reissue", "1000001"),
        (
            "1.申请人无正当理由逾期不补正、行政机\n关不再处理其政府信息公 1 0 0 0 0 0 1\n开申请",
            "other_no_correction_overdue",
            "1000001",
        ),
        ("（二）部分公开（区分处理的，\n只计这一情形，不计其他情形） 1 0 0\n0 0 0 1", "partially_granted", "1000001"),
        ("（三）\n不予\n公开\n1.属于国家秘密 1 0 0 0 0 0 1", "denied_state_secret", "1000001"),
        ("三\n、\n本\n年\n度\n办\n理\n结\n果\n（一）予以公开 1 0 0 0 0 0 1", "granted", "1000001"),
        ("不 2.其他法律、行政法规禁止公开 1 0 0 0 0 0 1", "denied_forbidden_by_law", "1000001"),
        ("2.其他法律行政法规禁止公开 1 0 0 0 0 0 1\n- 3 -", "denied_forbidden_by_law", "1000001"),
        ("2.其他法律行政法规禁止公开 1 0 0 0 0 0 1\n3\n", "denied_forbidden_by_law", "1000001"),
        ("（一）予以公开\n1\n0\n0\n第 3 页 共 8 页\n0\n0\n0\n1", "granted", "1000001"),
        ("（一）予以公开,1,0,0,0,0,0,1", "granted", "1000001"),
        ("（一）予以公开：1 0 0 0 0 0 1", "granted", "1000001"),
        ("（一）予以公开｜1｜0｜0｜0｜0｜0｜1", "granted", "1000001"),
        ("（一）予以公开 减1 0 0 0 0 0 1 件", "granted", "减1000001 件"),
    ],
)
def test_rows_however_they_are_broken(text: str, row: str, values: str) -> None:
    assert "".join(found_in(TABLE_3 + text)[row]) == values


def test_values_printed_without_a_space_stay_one_cell() -> None:
    found = found_in(HEAD + "规章000行政规范性文件4731382\n一、本年新收政府信息公开申请数量17260254二、上年结转政府信息公开申请数量0000000")
    assert found["art20_1.normative_documents"] == ["4731382"] and found["art20_1.regulations"] == ["000"]
    assert found["new_received"] == ["17260254"] and found["carried_over"] == ["0000000"]


def test_a_list_number_behind_values_is_not_theirs_only_when_it_is_its_turn() -> None:
    rows = TABLE_3 + "（三）不予公开1.属于国家秘密00000002.其他法律行政法规禁止公开00000019.危及“三安全一稳定”0000000"
    found = found_in(rows)
    assert found["denied_state_secret"] == ["0000000"] and "denied_security_stability" in found
    assert found.get("denied_forbidden_by_law", []) in ([], ["00000019."])


TITLE_4 = "四、政府信息公开行政复议、行政诉讼情况\n"
FIVE = "结果维持 结果纠正 其他结果 尚未审结 总计"
FIFTEEN = ["1", "0", "0", "0", "1", "0", "2", "0", "0", "2", "0", "0", "3", "0", "3"]


@pytest.mark.parametrize("between", [" ", "\n"])
@pytest.mark.parametrize(
    "header",
    [
        "",
        f"行政复议 行政诉讼\n{FIVE} 未经复议直接起诉 复议后起诉\n{FIVE} {FIVE}\n",
        f"行政复议 {FIVE} 行政诉讼 未经复议直接起诉 {FIVE} 复议后起诉 {FIVE}\n",
        " ".join(["结果 结果 其他 尚未 总"] * 3) + "\n" + " ".join(["维持 纠正 结果 审结 计"] * 3) + "\n",
        f"行政复议 行政诉讼\n{FIVE}\n".replace("果", "\n果") + f"未经复议\n直接起诉 复议后\n起诉\n{FIVE} {FIVE}\n",
        f"{FIVE} {FIVE} {FIVE}\n--- --- --- --- ---\n",
        f"行政复议 行政诉讼 {FIVE} 结果 结果 其他 尚未 总计 结果 结果 其他 尚未 总计 维持 纠正 结果 审结 维持 纠正 结果 审结 ",
    ],
)
def test_fifteen_numbers_of_table_4(header: str, between: str) -> None:
    found = figures(read(f"现行有效件数\n{TITLE_4}{header}{between.join(FIFTEEN)}\n五、存在的主要问题及改进情况\n3"))
    line = [found[place] for place in found if place[0] == "table_4"]
    assert [(figure.printed, figure.status) for figure in line] == [(text, "printed") for text in FIFTEEN]


@pytest.mark.parametrize("count", [14, 16, 22])
def test_without_a_header_only_fifteen_numbers_are_table_4(count: int) -> None:
    assert found_in(TITLE_4 + " ".join(["0"] * count)) == {}


@pytest.mark.parametrize(
    "header",
    [
        f"行政诉讼 行政复议\n{FIVE} 复议后起诉 未经复议直接起诉\n{FIVE} {FIVE}\n",
        f"行政复议 行政诉讼\n{FIVE} 复议后起诉 未经复议直接起诉\n{FIVE} {FIVE}\n",
        f"{FIVE} {FIVE} {FIVE}\n".replace("结果维持 结果纠正", "结果纠正 结果维持"),
    ],
)
def test_table_4_under_a_header_in_another_order_is_not_read(header: str) -> None:
    found = figures(read(f"现行有效件数\n{TABLE_3}{TITLE_4}{header}{' '.join(FIFTEEN)}\n"))
    assert [figure for figure in found.values() if figure.table == "table_4" and figure.status == "printed"] == []


@pytest.mark.parametrize(
    ("header", "order"),
    [
        ("自然人 法人或其他组织 总计\n商业企业 科研机构 社会公益组织 法律服务机构 其他\n", "0123456"),
        ("自然人 法人或其他组织 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计\n", "0123456"),
        ("自然 法人或其他组织 总\n人 计\n商业 科研 社会公 法律服 其他\n企业 机构 益组织 务机构\n", "0123456"),
        ("自然人 法人或其他组织 总计\n科研机构 商业企业 社会公益组织 法律服务机构 其他\n", "0213456"),
        ("", "0123456"),
        ("总计 自然人 法人或其他组织\n商业企业 科研机构 社会公益组织 法律服务机构 其他\n", ""),
    ],
)
def test_the_header_of_table_3_along_its_rows(header: str, order: str) -> None:
    found = figures(read("现行有效件数\n" + header + TABLE_3.replace("3 0 0 0 0 0 3", "1 2 3 4 5 6 21")))
    row = [figure for figure in found.values() if figure.row == "new_received"]
    values = ["1", "2", "3", "4", "5", "6", "21"]
    if order:
        assert [figure.printed for figure in row if figure.status == "printed"] in ([values[int(index)] for index in order], [])
    else:
        assert {figure.status for figure in row} <= {"absent", "doubtful"}


def borders(form_id: str, values: Values) -> list[str]:
    """Every printed cell of the three tables and the titles over them, in reading order."""
    cells: list[str] = []
    for heading, rows in zip(text_forms.HEADINGS, html.tables(form_id, value_of(values)), strict=True):
        cells += [heading, *(text for row in text_forms.bare(rows) for text in row)]
    return cells


@given(
    st.sampled_from(MODERN),
    st.integers(0, 50),
    st.lists(st.sampled_from([" ", "\n", "\n\n", " | ", "|\n", "\n- 7 -\n", "\n第 7 页\n", "\n云溪县年报\n"]), min_size=5, max_size=40),
    st.lists(st.tuples(st.booleans(), st.integers(0, 400)), max_size=2),
)
@example("national_2019", 0, ["\n", " | ", " ", " ", " | ", "\n", " ", " ", "\n", " ", " "], [])
@settings(deadline=None, max_examples=150)
def test_wherever_lines_break_no_number_is_read_in_another_place(
    form_id: str, seed: int, gaps: list[str], damage: list[tuple[bool, int]]
) -> None:
    """Tables printed with any mix of separators, some cells lost or bare page numbers between: what is printed is right, or in doubt."""
    values = consistent(form_id, seed, 5000)
    cells = borders(form_id, values)
    assume(len({lost for lost, _ in damage}) < 2)  # a page number that stands where a cell is lost could be that cell
    for lost, place in damage:
        cells[place % len(cells)] = "" if lost else cells[place % len(cells)] + "\n7\n"
    body = "".join(cell + gaps[number * 7 % len(gaps)] for number, cell in enumerate(cells))
    for place, figure in figures(read(f"一、总体情况\n全年平稳。\n{body}\n五、存在的主要问题及改进情况\n")).items():
        assert figure.status != "printed" or figure.printed == values.get(place), place


SEEDS = Path(__file__).parents[2] / "shared" / "seeds"
AGAIN: dict[str, Callable[[list[str]], str]] = {
    "pipes": lambda cells: " | ".join(cells),
    "framed": lambda cells: f"| {' | '.join(cells)} |",
    "spaces": lambda cells: " ".join(filter(None, cells)),
    "a cell a line": lambda cells: "\n".join(filter(None, cells)),
    "paragraphs": lambda cells: "\n\n".join(filter(None, cells)) + "\n",
}


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the five real reports lie outside this project and are not here")
@pytest.mark.parametrize("name", AGAIN)
@pytest.mark.parametrize("number", range(5))
def test_real_reports_printed_again_in_another_form(number: int, name: str) -> None:
    """What is read of the report as text is what is read of its table; where empty cells held it together, less of it."""
    source = sorted(SEEDS.glob("0*.txt"))[number].read_text("utf-8")
    lines = [AGAIN[name](line.split("\t")) if "\t" in line else line for line in source.split("\n")]
    first, again = figures(read(source)), figures(read("\n".join(lines)))
    told = {place: figure.value for place, figure in again.items() if figure.status == "printed"}
    known = {place: figure.value for place, figure in first.items() if figure.status == "printed"}
    assert told and {place: value for place, value in told.items() if known.get(place, value) != value} == {}
    assert len(told) >= len(known) * 0.9
