"""Bytes to blocks: encodings, what is the report and what is the page around it, cells and their spans."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester import digest, grid, readers
from harvester.errors import NotSupported, Unreadable
from harvester.readers.encoding import decode

HEAD = "<html><head><meta charset={charset}><meta name='PubDate' content='2022-01-20'><title>甲县2021年年报</title></head><body>"


def blocks(html: str) -> list[str]:
    document = readers.read(html.encode())
    return [block.text or "T" for block in document.blocks]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("label", ["utf-8", "gbk", "iso-8859-1"])
def test_bytes_are_believed_before_labels(encoding: str, label: str) -> None:
    text = HEAD.format(charset=label) + "<p>漯河市郾城区㛃镇政府信息公开</p>"
    document = readers.read(text.encode(encoding), f"text/html; charset={label}")
    assert document.blocks[0].text == "漯河市郾城区㛃镇政府信息公开"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_one_bad_byte_does_not_make_mojibake(encoding: str) -> None:
    text = "政府信息公开工作年度报告" * 20
    body = text.encode(encoding) + b"\xff" + "无".encode(encoding)
    assert decode(body)[0].startswith(text) and decode(body)[0].endswith("无")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", Unreadable),
        (b"  \r\n", Unreadable),
        (bytes(range(32)) * 50, Unreadable),
        (b"%PDF-1.7 ...", Unreadable),
        (b"PK\x03\x04....", Unreadable),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", NotSupported),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(body: bytes, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        readers.read(body)
    assert str(caught.value) and "\n" not in str(caught.value)


def test_only_the_report_of_the_page_is_kept() -> None:
    page = (
        '<div class="top"><a href="/">首页</a><a href="/zw">政务</a></div><div>您当前的位置：首页 &gt; 政府信息公开年报</div>'
        '<div class="TRS_Editor"><p>一、总体情况</p><p>发布时间：2022-01-20 来源：办公室</p>'
        '<p>正文第一段，讲述全年工作。</p><script>var a="脚本";</script>'
        "<p>正文第二段。<br>正文第三段。</p></div><div>上一篇：旧闻</div><div>版权所有</div>"
    )
    assert blocks(page) == ["一、总体情况", "正文第一段，讲述全年工作。", "正文第二段。", "正文第三段。"]


def test_page_of_an_unknown_cms_is_read_at_its_densest() -> None:
    links = "".join(f'<li><a href="/{n}.html">栏目名称很长很长的链接{n}</a></li>' for n in range(80))
    prose = "".join(f"<p>第{n}段。{'全年主动公开政府信息，稳步推进各项工作。' * 4}</p>" for n in range(9))
    found = blocks(f'<div class="menu"><ul>{links}</ul></div><div class="w1"><div class="w2">{prose}</div></div><div>联系我们</div>')
    assert len(found) == 9 and found[0].startswith("第0段。")


def test_meta_of_the_page() -> None:
    page = (
        HEAD.format(charset="utf-8")
        + '<h1>甲县2021年<br>年报</h1><div>发布机构：甲县人民政府办公室 发布日期：2022-01-19</div><div id="zoom">'
        + "<p>正文</p>" * 80
        + "</div>"
    )
    meta = readers.read(page.encode()).meta
    assert meta["pubdate"] == "2022-01-20" and meta["title"] == "甲县2021年年报" and meta["publisher"] == "甲县人民政府办公室"
    assert meta["published"] == "2022-01-19"


def table(html: str) -> list[list[str]]:
    document = readers.read(f"<html><body><table>{html}</table></body></html>".encode())
    return [[cell.text for cell in row] for block in document.blocks if block.grid for row in block.grid.rows]


def test_spans_fill_the_rectangle_and_remember_their_cell() -> None:
    document = readers.read("<table><tr><td rowspan=2 colspan=2>甲</td><td>1</td></tr><tr><td>2</td></tr></table>".encode())
    rows = document.blocks[0].grid.rows  # type: ignore[union-attr]
    assert [[cell.text for cell in row] for row in rows] == [["甲", "甲", "1"], ["甲", "甲", "2"]]
    assert {(cell.row, cell.column) for row in rows for cell in row if cell.text == "甲"} == {(0, 0)}


@pytest.mark.parametrize("span", ["rowspan=99", "rowspan=0", "colspan=0", "colspan=-1", "rowspan=x", 'rowspan="99999999"'])
def test_a_span_never_invents_rows(span: str) -> None:
    assert len(table(f"<tr><td {span}>甲</td><td>1</td></tr><tr><td>2</td></tr>")) == 2


def test_digits_in_two_spans_are_one_number_and_in_two_lines_are_two() -> None:
    cells = "<tr><td><span>3</span><span>4</span></td><td><p>5</p><p>3</p></td><td>7<br/>8</td><td>&nbsp;</td><td>商业<br>企业</td></tr>"
    assert table(cells) == [["34", "5 3", "7 8", "", "商业企业"]]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("5<sup>1</sup>", "5 1"),
        ("5<sub>2</sub>", "5 2"),
        ("<s>4</s>5", "4 5"),
        ("<del>4</del>5", "4 5"),
        ('<span style="display: none">4</span>5', "5"),
        ("5<p>4</p>", "5 4"),
        ("<p>5</p>4", "5 4"),
        ("5<h3>4</h3>", "5 4"),
        ("<center>5</center>4", "5 4"),
        ("<p><span>3</span><b>18000</b><font>元</font></p>", "318000元"),
        ("<span>1.</span><span>属于国家秘密</span>", "1.属于国家秘密"),
    ],
)
def test_what_stands_beside_a_number_is_never_glued_to_it(cell: str, text: str) -> None:
    assert table(f"<tr><td>甲</td><td>{cell}</td></tr>") == [["甲", text]]


def test_layout_tables_are_walked_and_their_data_table_is_kept() -> None:
    inner = "<table><tr><td>规章</td><td>4</td></tr></table>"
    document = readers.read(f"<table><tr><td><p>正文。</p>{inner}<p>结束。</p></td><td>旁栏</td></tr></table>".encode())
    assert [block.text or "T" for block in document.blocks] == ["正文。", "T", "结束。", "旁栏"]


def test_deep_nesting_is_read_in_bounded_depth() -> None:
    deep = "<div>" * 5000 + "<table><tr><td>" * 300 + "正文" + "</div>" * 5000
    assert "正文" in "".join(block.text for block in readers.read(deep.encode()).blocks)


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=12)
sources = st.lists(st.lists(st.tuples(words, st.integers(-2, 30), st.integers(-2, 4)), max_size=6), max_size=8)


@given(sources)
@settings(deadline=None)
def test_every_grid_is_a_rectangle_of_cells_inside_itself(rows: list[list[tuple[str, int, int]]]) -> None:
    made = grid.from_spans(0, rows)
    assert len(made.rows) == len(rows)
    for number, row in enumerate(made.rows):
        for column, cell in enumerate(row):
            assert cell.row <= number and cell.column <= column
    printed = [
        cell.text for number, row in enumerate(made.rows) for column, cell in enumerate(row) if (cell.row, cell.column) == (number, column)
    ]
    assert sorted(text for text in printed if text) == sorted(text for row in rows for text, _, _ in row if text)


@given(st.binary(max_size=400))
@settings(deadline=None)
def test_any_bytes_give_a_document_or_a_reason(body: bytes) -> None:
    try:
        document = readers.read(body)
    except Unreadable as reason:
        assert str(reason)
    else:
        digest.clean_text(document)


lines = st.lists(st.lists(st.text("0123456789一二三（）甲乙丙/ -", max_size=5), min_size=2, max_size=5), min_size=1, max_size=5)


@given(st.lists(st.one_of(st.text("一、总体情况甲乙丙。#0 ", max_size=12), lines), max_size=6))
@settings(deadline=None)
def test_corpus_text_reads_back_to_the_same_canonical_text(parts: list[str | list[list[str]]]) -> None:
    source = "\n\n".join(part if isinstance(part, str) else "\n".join("\t".join(row) for row in part) for part in parts)
    first = digest.clean_text(readers.text.read(source))
    second = digest.clean_text(readers.text.read(first))
    assert digest.text_sha256(first) == digest.text_sha256(second)


def text_blocks(content: str) -> list[str | list[list[str]]]:
    blocks = readers.text.read(content).blocks
    return [[[cell.text for cell in row] for row in block.grid.rows] if block.grid else block.text for block in blocks]


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ("| 规章 | 4 |\n| 许可 | 12 |", [["规章", "4"], ["许可", "12"]]),
        ("|项目|件数|\n|:--|--:|\n|规章|**4**|\n|许可| |\n", [["项目", "件数"], ["规章", "4"], ["许可", ""]]),
        ("规章 | 4 | 0\n许可 | 12", [["规章", "4", "0"], ["许可", "12"]]),
        ("规章 | 4 | \n许可 | 12 | 0", [["规章", "4", ""], ["许可", "12", "0"]]),
        (" | 规章 | 4\n一 | 许可 | 12", [["", "规章", "4"], ["一", "许可", "12"]]),
        ("规章|4|\r\n许可|12|\r\n", [["规章", "4"], ["许可", "12"]]),
        ("| 规章 | 4 |\n\n| 许可 | 12 |\n\n| 处罚 | - |\n", [["规章", "4"], ["许可", "12"], ["处罚", "-"]]),
        ("规章｜4\n许可｜12", [["规章", "4"], ["许可", "12"]]),
        ("┌──┬──┐\n│规章│4 │\n├──┼──┤\n│许可│12│\n└──┴──┘", [["规章", "4"], ["许可", "12"]]),
        ("+----+---+\n| 规章 | 4 |\n+----+---+\n| 许可 | 12 |\n+----+---+", [["规章", "4"], ["许可", "12"]]),
        ("规章\t4\n| 许可 | 12 |\n处罚\t1|2", [["规章", "4"], ["许可", "12"], ["处罚", "1", "2"]]),
        ("| 本年<br>制发 | &nbsp; |\n| a\\|b | 1 |", [["本年制发", ""], ["a|b", "1"]]),
        ("规章 | 4 | 0 | 1\n0 | 2 | 7\n许可 | 1", [["规章", "4", "0", "1", "0", "2", "7"], ["许可", "1"]]),
        ("甲 | 乙 | 丙 | 丁\n4 | 0\n1 | 2", [["甲", "乙", "丙", "丁"], ["4", "0", "1", "2"]]),
    ],
)
def test_lines_of_pipes_are_a_table(content: str, rows: list[list[str]]) -> None:
    assert text_blocks(content) == [rows]


@pytest.mark.parametrize(
    "content",
    [
        "首页 | 政务公开 | 年报",
        "首页 | 政务公开 | 年报\n上一篇 | 下一篇",
        "4|\n5|\n6|",
        "一 | 二\n\n正文。",
        "甲|乙\n正文1\n丙|3",
        "---\n+1",
    ],
)
def test_other_lines_with_pipes_stay_paragraphs(content: str) -> None:
    assert text_blocks(content) == [line for line in content.split("\n") if line]


def test_a_page_on_one_line_is_cut_at_its_section_titles() -> None:
    prose = "全年平稳。" * 40
    second, third = "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况"
    whole = f"甲县2021年政府信息公开工作年度报告 一、总体情况 {prose} {second} 规章 0 0 0 {third} {prose}"
    document = readers.text.read(whole)
    assert [block.level for block in document.blocks] == [0, 2, 0, 2, 0, 2, 0] and document.blocks[4].text == "规章 0 0 0"
    sentence = f"见一、总体情况 和 {second} " + prose * 3
    assert len(readers.text.read(sentence).blocks) == 1


def test_two_tables_of_pipes_a_blank_line_apart_are_two() -> None:
    assert text_blocks("| 甲 | 1 |\n| 乙 | 2 |\n\n| 丙 | 3 |\n| 丁 | 4 |") == [[["甲", "1"], ["乙", "2"]], [["丙", "3"], ["丁", "4"]]]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<span style="display:none">5</span>', ""),
        ('<p STYLE="DISPLAY: none">5</p>7', "7"),
        ('<span style="visibility: hidden">5</span>', ""),
        ("<b hidden>5</b>", ""),
        ('<input value="5">', "5"),
        ('<INPUT TYPE="text" readonly value="1,234">件', "1,234件"),
        ('<input type="hidden" value="5">', ""),
        ('<input type="checkbox" value="5">0', "0"),
        ("<table><tr><td>5</td></tr></table>", "5"),
        ("<div><table><tbody><tr><td><p>5</p></td></tr></tbody></table></div>", "5"),
        ("<select><option>1</option><option>2</option></select>3", "3"),
        ("<!-- 5 -->7", "7"),
    ],
)
def test_only_what_is_seen_of_a_cell_counts(cell: str, text: str) -> None:
    assert table(f"<tr><td>规章</td><td>{cell}</td></tr><tr><td>许可</td><td>1</td></tr>") == [["规章", text], ["许可", "1"]]


def test_a_hidden_cell_is_none_and_a_hidden_row_neither() -> None:
    rows = '<tr><td>规章</td><td style="display:none">9</td><td>4</td></tr><tr style="display:none"><td>许可</td><td>9</td></tr>'
    assert table(f"{rows}<tr><td>处罚</td><td>5</td></tr>") == [["规章", "4"], ["处罚", "5"]]


def test_a_text_that_a_script_uncovers_is_read() -> None:
    text = "<p>全年主动公开政府信息，稳步推进各项工作。</p>" * 5
    assert blocks(f'<div id="zoom" style="display:none">{text}</div><p>请稍候</p>') == ["全年主动公开政府信息，稳步推进各项工作。"] * 5


def test_nested_hidden_elements_go_at_once() -> None:
    inner = '<div style="display:none">一<p hidden>二<b style="display:none">三</b></p></div>'
    assert blocks(f"<p>正文。</p><p>正文。</p>{inner * 3}") == ["正文。", "正文。"]


def test_a_row_split_by_a_table_in_its_cell() -> None:
    inner = "<table><tr><td>1</td><td>2</td><td>3</td></tr></table>"
    head = "<tr><td>信息内容</td><td>制发</td><td>废止</td><td>现行</td></tr>"
    assert table(f"{head}<tr><td>规章</td><td colspan=3>{inner}</td></tr>") == [
        ["信息内容", "制发", "废止", "现行"],
        ["规章", "1", "2", "3"],
    ]


def test_text_in_a_column_of_the_page_is_walked() -> None:
    prose = "".join(f"<p>第{n}段。{'稳步推进各项工作。' * 10}</p>" for n in range(6))
    document = readers.read(
        f"<table><tr><td>{prose}<table><tr><td>规章</td><td>4</td></tr></table></td><td>旁栏</td></tr></table>".encode()
    )
    assert len([block for block in document.blocks if block.text.startswith("第")]) == 6
    two = readers.read(f"<table><tr><td>旁栏</td><td>{prose}</td></tr></table>".encode())
    assert len([block for block in two.blocks if block.text.startswith("第")]) == 6


def test_a_paragraph_holds_a_table_where_no_doctype_closes_it() -> None:
    document = readers.read("<html><body><P>二、主动公开<TABLE><TR><TD>规章<TD>4</TABLE><P>三、申请</body></html>".encode())
    assert [block.text or "T" for block in document.blocks] == ["二、主动公开", "T", "三、申请"]


def test_the_caption_of_a_table_is_read() -> None:
    assert blocks("<table><caption>二、主动公开情况</caption><tr><td>规章</td><td>4</td></tr></table>") == ["二、主动公开情况", "T"]


@pytest.mark.parametrize(
    "line",
    [
        "发布时间：2022-01-20 来源：办公室 浏览次数：12",
        "2022-01-20 10:44",
        "来源：本站 | 作者：张三",
        "字体：【大 中 小】",
        "[ 大 中 小 ]",
        "【打印】 【关闭】",
        "[打印本页] [关闭窗口]",
        "打印 关闭",
        "视力保护色：",
        "分享到：微信 微博",
        "扫一扫在手机打开当前页",
        "上一篇：没有了",
        "下一条：2020年年报",
        "相关链接：",
        "责任编辑：张三",
        "首页 > 政务公开 > 年报",
        "您现在的位置：首页",
        "附件：漯河市教育局2021年政府信息公开工作年度报告.pdf",
        "漯河市教育局2021年政府信息公开工作年度报告.docx (35.2KB)",
        "主办：漯河市人民政府办公室",
        "豫ICP备05000000号",
        "您的浏览器不支持video标签",
        "无障碍浏览 长者模式",
    ],
)
def test_lines_of_the_page(line: str) -> None:
    assert blocks(f'<div id="zoom"><p>正文第一段。</p><p>{line}</p><p>正文第二段。</p></div>') == ["正文第一段。", "正文第二段。"]


@pytest.mark.parametrize(
    "line",
    [
        "承办市人大代表建议12件，均已答复。",
        "无障碍环境建设信息公开3条。",
        "相关信息及时更新。",
        "位置信息公开2条。",
        "首页设置年报专栏。",
        "打印政府信息公开目录200份。",
        "返回补正告知书2份。",
        "来源多样的信息由专人核对。",
        "附件：政府信息公开情况统计表",
        "2022年1月20日",
        "访问量12万人次。",
        "公开方式以网站为主。",
    ],
)
def test_sentences_that_begin_like_them_stay(line: str) -> None:
    assert line in blocks(f'<div id="zoom"><p>正文第一段。</p><p>{line}</p></div>')


def test_menus_and_tools_without_a_known_container() -> None:
    menu = "<ul><li><a href=1>首页</a></li><li><a href=2>政务公开</a></li></ul>"
    tools = '<div class="share-box">微信 微博</div><div class="print-area">正文。</div><div id="float_ad">咨询</div>'
    prose = "<p>全年主动公开政府信息，稳步推进各项工作。</p>" * 4
    assert blocks(f"{menu}{prose}{tools}{menu}")[:4] == ["全年主动公开政府信息，稳步推进各项工作。"] * 4
    assert "首页" not in blocks(f"{menu}{prose}{tools}{menu}")
    whole = blocks(f'<div class="print-area">{prose * 8}</div>')
    assert len(whole) == 32, "a name that usually means a tool may be the text's"


def test_a_span_may_have_two_digits() -> None:
    rows = "".join(f"<tr><td>{number}</td></tr>" for number in range(1, 12))
    document = readers.read(f"<table><tr><td rowspan=12>三、本年度办理结果</td><td>0</td></tr>{rows}</table>".encode())
    grid = next(block.grid for block in document.blocks if block.grid)
    assert [row[0].text for row in grid.rows] == ["三、本年度办理结果"] * 12


def test_a_comment_between_cells_is_no_cell() -> None:
    rows = "<tr><td>规章</td><!-- 本年 --><td>2</td><!----><td>3</td></tr><tr><td>a</td><td>b</td></tr>"
    document = readers.read(f"<table>{rows}</table>".encode())
    grid = next(block.grid for block in document.blocks if block.grid)
    assert [cell.text for cell in grid.rows[0]] == ["规章", "2", "3"]


GROUP = "<tr><td rowspan=3>三、本年度办理结果</td><td>予以公开</td><td>1</td></tr>"


@pytest.mark.parametrize("empty", [[1], [2], [1, 3], [0, 1, 2, 3]])
def test_an_empty_row_that_its_table_does_not_count_is_not_counted(empty: list[int]) -> None:
    """Editors leave rows without cells between others: counted, the spans over them end too soon and the last rows move to the left."""
    rows = [
        "<tr><td colspan=2>本年新收</td><td>7</td></tr>",
        GROUP,
        "<tr><td>部分公开</td><td>2</td></tr>",
        "<tr><td>其他</td><td>3</td></tr>",
    ]
    body = "".join(row + "<tr></tr>" * (number in empty) for number, row in enumerate(rows))
    grid_ = next(block.grid for block in readers.read(f"<table>{body}</table>".encode()).blocks if block.grid)
    full = [row for number, row in enumerate(grid_.rows) if any(cell.row == number for cell in row)]
    assert [row[2].text for row in full] == ["7", "1", "2", "3"] and [row[1].text for row in full[1:]] == ["予以公开", "部分公开", "其他"]


def test_an_empty_row_whose_cells_all_span_from_above_is_counted() -> None:
    body = "<tr><td rowspan=2>甲</td><td rowspan=2>1</td></tr><tr></tr><tr><td>乙</td><td>2</td></tr>"
    grid_ = next(block.grid for block in readers.read(f"<table>{body}</table>".encode()).blocks if block.grid)
    assert [[cell.text for cell in row] for row in grid_.rows] == [["甲", "1"], ["甲", "1"], ["乙", "2"]]
