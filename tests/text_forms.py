"""The official tables as extractors and indexes flatten them: one function a form, rows with spans in, text out."""

from __future__ import annotations

from collections.abc import Callable

from tests import forms_html as html

Rows = list[list[html.Cell]]
TITLE = "云溪县人民政府2021年政府信息公开工作年度报告"
PROSE = (
    "2021年，我局认真落实《条例》，全年主动公开信息739条，作出行政许可31969件、行政处罚12件，本年新收政府信息公开申请5件，上年结转政府信息公开申请2件，"
    "其中予以公开17件，部分公开2件，1.属于国家秘密0件。规章3件 行政规范性文件5件 总计25"
)
HEADINGS = (
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
)


def bare(rows: Rows) -> list[list[str]]:
    """Cells as they are printed: nothing stands for what a span covers."""
    return [[text for text, _, _ in row] for row in rows]


def padded(rows: Rows) -> list[list[str]]:
    """An empty string for every place that a span covers."""
    covered: set[tuple[int, int]] = set()
    made: list[list[str]] = []
    for number, row in enumerate(rows):
        line: list[str] = []
        for text, rowspan, colspan in row:
            while (number, len(line)) in covered:
                line.append("")
            covered |= {(number + down, len(line) + right) for down in range(1, rowspan) for right in range(colspan)}
            line += [text, *[""] * (colspan - 1)]
        made.append(line)
    return made


def lines(rows: list[list[str]], between: str, start: str = "", end: str = "") -> str:
    return "\n".join(start + between.join(row) + end for row in rows)


def ruled(rows: Rows) -> str:
    first, *rest = padded(rows)
    return lines([first, ["---"] * max(map(len, rest)), *rest], " | ", "| ", " |")


def fused(rows: Rows) -> str:
    """The values right behind the label, spaces between them."""
    return "\n".join(_glued(row) for row in bare(rows))


def _glued(row: list[str]) -> str:
    first = next((place for place, text in enumerate(row) if text in ("", "/", "—", "无") or text.lstrip("-").isdigit()), len(row))
    return " ".join(row[:first]) + " ".join(row[first:])


FORMS: dict[str, Callable[[Rows], str]] = {
    "tabs": lambda rows: lines(padded(rows), "\t"),
    "tabs without placeholders": lambda rows: lines(bare(rows), "\t"),
    "a cell a paragraph": lambda rows: "\n\n".join(text for row in bare(rows) for text in row),
    "a cell a line": lambda rows: "\n".join(text for row in bare(rows) for text in row),
    "pipes": lambda rows: lines(bare(rows), " | "),
    "pipes with placeholders": lambda rows: lines(padded(rows), " | "),
    "framed pipes": lambda rows: lines(bare(rows), " | ", "| ", " |"),
    "framed pipes a blank line apart": lambda rows: lines(bare(rows), " | ", "| ", " |").replace("\n", "\n\n"),
    "markdown": ruled,
    "each cell ends in a pipe": lambda rows: lines(bare(rows), "|", "", "|"),
    "each cell ends in a pipe and a line": lambda rows: "\n".join(f"{text}|" for row in bare(rows) for text in row),
    "a row a line": lambda rows: lines(bare(rows), " "),
    "fused rows": fused,
    "one line": lambda rows: lines(bare(rows), " ").replace("\n", " "),
    "one line with pipes": lambda rows: lines(bare(rows), " | ", "| ", " |").replace("\n", " "),
}


def page(form_id: str, value: html.Values, form: Callable[[Rows], str]) -> str:
    """A whole report in one text form, with prose that names the rows of the tables before them."""
    parts = [TITLE, "一、总体情况", PROSE]
    for heading, rows in zip(HEADINGS, html.tables(form_id, value), strict=True):
        parts += [heading, form(rows)]
    parts += [
        "五、存在的主要问题及改进情况",
        "2021年，一是人员不足；二是3个部门公开不及时。",
        "六、其他需要报告的事项",
        "无",
        "2022年1月20日",
    ]
    between = " " if form in (FORMS["one line"], FORMS["one line with pipes"]) else "\n\n"
    return between.join(parts)
