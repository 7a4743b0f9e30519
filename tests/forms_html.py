"""Pages with the official tables in them, made from figures: what the tests of the readers feed on."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from importlib.resources import files
from typing import Any

from harvester import forms

Cell = tuple[str, int, int]
Values = Callable[[str, str, str], str]


def labels() -> dict[str, Any]:
    return tomllib.loads(files("harvester.data").joinpath("forms", "shared.toml").read_text("utf-8"))


def form_data(form_id: str) -> dict[str, Any]:
    return tomllib.loads(files("harvester.data").joinpath("forms", f"{form_id}.toml").read_text("utf-8"))


def table_2(form_id: str, value: Values) -> list[list[Cell]]:
    """Rows of ``(text, rowspan, colspan)``; four columns wide, a single value column spans three."""
    rows: list[list[Cell]] = []
    for block in form_data(form_id)["tables"][0]["blocks"]:
        wide = 3 if len(block["columns"]) == 1 else 1
        rows.append([(block["caption"], 1, 4)])
        rows.append([("信息内容", 1, 1), *((column["label"], 1, wide) for column in block["columns"])])
        for row in block["rows"]:
            cells = [(value("table_2", f"{block['key']}.{row['key']}", column["key"]), 1, wide) for column in block["columns"]]
            rows.append([(row["label"], 1, 1), *cells])
    return rows


def table_3(form_id: str, value: Values) -> list[list[Cell]]:
    shared, table = labels(), form_data(form_id)["tables"][1]
    columns = [column["key"] for column in shared["columns"]["applicants"]]
    entries = [row for name in table["rows_from"] for row in shared["rows"][name]]
    results = [row for row in entries if row["key"] not in ("new_received", "carried_over", "carried_forward")]
    corner = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    rows: list[list[Cell]] = [
        [(corner, 3, 3), ("申请人情况", 1, 7)],
        [("自然人", 2, 1), ("法人或其他组织", 1, 5), ("总计", 2, 1)],
        [(label, 1, 1) for label in ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")],
    ]
    done: set[str] = set()
    for row in entries:
        cells = [(value("table_3", row["key"], column), 1, 1) for column in columns]
        head: list[Cell] = [(shared["groups"]["results"], len(results), 1)] if row is results[0] else []
        group = row.get("group")
        if group in (None, "results"):
            head.append((row["numeral"] + row["label"], 1, 2 if group else 3))
        else:
            if group not in done:
                head.append((shared["groups"][group], sum(entry.get("group") == group for entry in entries), 1))
                done.add(group)
            head.append((row["numeral"] + row["label"], 1, 1))
        rows.append(head + cells)
    return rows


def table_4(value: Values) -> list[list[Cell]]:
    five = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
    columns = [column["key"] for column in labels()["columns"]["review_litigation"]]
    return [
        [("行政复议", 1, 5), ("行政诉讼", 1, 10)],
        [*((label, 2, 1) for label in five), ("未经复议直接起诉", 1, 5), ("复议后起诉", 1, 5)],
        [(label, 1, 1) for label in five * 2],
        [(value("table_4", "cases", column), 1, 1) for column in columns],
    ]


def tables(form_id: str, value: Values) -> list[list[list[Cell]]]:
    return [table_2(form_id, value), table_3(form_id, value), table_4(value)]


def plain_cell(text: str, rowspan: int, colspan: int) -> str:
    spans = (f' rowspan="{rowspan}"' if rowspan > 1 else "") + (f' colspan="{colspan}"' if colspan > 1 else "")
    return f"<td{spans}>{text}</td>"


def word_cell(text: str, rowspan: int, colspan: int) -> str:
    """A cell as Word saves it: the text cut into spans at every other character, an empty ``o:p`` behind it."""
    style = "border:solid windowtext 1.0pt;mso-border-alt:solid windowtext .5pt;padding:0cm 5.4pt 0cm 5.4pt"
    runs = "".join(f'<span lang="EN-US" style="mso-bidi-font-size:10.5pt">{text[at : at + 2]}</span>' for at in range(0, len(text), 2))
    return f'<TD width=61 rowspan={rowspan} colspan={colspan} style="{style}"><P class=MsoNormal>{runs}<o:p></o:p></P></TD>'


def html_table(rows: Iterable[list[Cell]], cell: Callable[[str, int, int], str] = plain_cell) -> str:
    return "<table>" + "".join("<tr>" + "".join(cell(*entry) for entry in row) + "</tr>" for row in rows) + "</table>"


def page(
    form_id: str,
    value: Values,
    cell: Callable[[str, int, int], str] = plain_cell,
    title: str = "云溪县人民政府2021年政府信息公开工作年度报告",
) -> str:
    second, third, fourth = (html_table(rows, cell) for rows in tables(form_id, value))
    return (
        f'<html><head><title>{title}-云溪县人民政府</title></head><body><div class="nav"><a href="/">首页</a></div>'
        f'<h1>{title}</h1><div id="zoom">'
        f"<p>一、总体情况</p><p>全年工作平稳。</p><p>二、主动公开政府信息情况</p>{second}<p>三、收到和处理政府信息公开申请情况</p>{third}"
        f"<p>四、政府信息公开行政复议、行政诉讼情况</p>{fourth}<p>五、存在的主要问题及改进情况</p><p>继续改进。</p><p>六、其他需要报告的事项</p><p>无</p>"
        '</div><div class="footer">版权所有</div></body></html>'
    )


def numbered(form_id: str) -> dict[tuple[str, str, str], str]:
    """A different number for every cell of the form: a value in a wrong place cannot go unseen."""
    return {tuple(place): str(1000 + number) for number, place in enumerate(forms.load(form_id).places)}  # type: ignore[misc]
