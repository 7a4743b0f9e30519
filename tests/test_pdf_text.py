"""What is read from a PDF's page: characters that lie, numbers that almost touch, lines that are missing, pages that follow each other."""

from __future__ import annotations

from pdf_sheets import FULL, laid_out, prose, rows, table, texts

from benchmarks.documents.handmade import Sheet, document
from harvester import readers
from harvester.readers import pages
from harvester.readers.pdf_page import ideographs
from harvester.readers.ruled import Segment

# Text


def test_a_space_between_digits_is_kept() -> None:
    made = table("行政许可|1 234|5")
    assert texts(document([made])) == ["行政许可|1 234|5"]


def test_digits_printed_one_by_one_are_a_number_and_two_numbers_are_not() -> None:
    made = table("行政许可||", write=True)
    for number, digit in enumerate("1234"):
        made.text(115 + 4.5 * number, 64, digit)
    made.text(175, 64, "12")
    made.text(175 + 9 + 3, 64, "34")
    assert texts(document([made])) == ["行政许可|1234|12 34"]


def test_a_number_too_wide_for_its_cell_is_one_and_stands_where_its_middle_is() -> None:
    made = table("许可||7", across=30, write=True)
    made.text(76, 64, "12345678")
    assert texts(document([made])) == ["许可|12345678|7"]


def test_numbers_that_almost_touch_across_a_line_are_two() -> None:
    made = table("许可||", across=30, write=True)
    made.text(110 - 13.5 - 0.6, 64, "123")
    made.text(110 + 0.5, 64, "45")
    assert texts(document([made])) == ["许可|123|45"]


def test_digits_printed_upon_each_other_are_no_number() -> None:
    made = table("行政许可|", write=True)
    made.text(115, 64, "112")
    made.text(118, 64, "3")
    assert readers.read(document([made])).blocks[0].grid.rows[0][1].text.count(" ")  # type: ignore[union-attr]


def test_a_number_broken_over_two_lines_is_one_where_its_neighbours_are_whole() -> None:
    made = table("行政许可||8", across=40, down=40, write=True)
    made.text(92, 64, "12345678")
    made.text(92, 75, "90")
    assert texts(document([made])) == ["行政许可|1234567890|8"]


def test_two_rows_without_a_line_between_are_not_put_together() -> None:
    made = table("|||", across=40, down=40, write=True)
    for row, cells in enumerate((("规章", "12345678", "12", "1"), ("文件", "90", "34", "2"))):
        for column, text in enumerate(cells):
            made.text(52 + 40 * column, 64 + 11 * row, text)
    assert texts(document([made])) == ["规章文件|12345678 90|12 34|1 2"]


def test_two_numbered_labels_without_a_line_between_are_two_rows() -> None:
    made = table("|||", across=80, down=40, write=True)
    for row, cells in enumerate((("1.国家秘密", "3", "", "3"), ("2.法律禁止", "", "1", "1"))):
        for column, text in enumerate(cells):
            made.text(52 + 80 * column, 64 + 18 * row, text)
    assert texts(document([made])) == ["1.国家秘密|3||3", "2.法律禁止||1|1"]


def test_a_line_that_is_missing_between_two_numbers_is_seen_by_where_they_stand() -> None:
    made = table("自然人|企业|总计", "0|1|2")
    body = document([made]).replace(b"", b"")
    page = laid_out(body)[0]
    page.segments.append(Segment(50, 50, 230, 50))
    page.segments[:] = [one for one in page.segments if not (one.x1 - one.x0 < 2 and abs(one.x0 - 110) < 1 and one.top > 65)]
    (block,) = pages.blocks([page])
    assert block.grid is not None
    assert rows(block.grid.rows) == ["自然人|企业|总计", "0|1|2"]


def test_what_nobody_sees_is_not_read() -> None:
    made = table("行政许可|5|6")
    made.text(140, 64, "9", more="1 g")
    made.text(200, 64, "8", more="3 Tr")
    assert texts(document([made])) == ["行政许可|5|6"]


def test_white_text_on_a_dark_cell_is_read() -> None:
    made = Sheet()
    made.fill(50, 50, 170, 70, 0.2)
    made.text(53, 64, "信息内容", more="1 g")
    made.text(113, 64, "数量", more="1 g")
    for x in (50, 110, 170):
        made.line(x, 50, x, 90)
    for y in (50, 70, 90):
        made.line(50, y, 170, y)
    made.text(53, 84, "规章")
    made.text(113, 84, "3")
    assert texts(document([made])) == ["信息内容|数量", "规章|3"]


def test_a_glyph_of_which_the_font_says_nothing_is_not_left_out_of_a_number() -> None:
    unknown = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /Differences [ 50 /g17 ] >> >>"
    made = table("行政许可|")
    made.drawn.append("BT /F1 9 Tf 113 778 Td <0031> Tj ET BT /F2 9 Tf 117.5 778 Td (2) Tj ET BT /F1 9 Tf 122 778 Td <0033> Tj ET")
    body = document([made], more=[unknown]).replace(b"/F1 3 0 R >>", b"/F1 3 0 R /F2 4 0 R >>")
    assert texts(body) != ["行政许可|13"]


def test_radicals_are_the_ideographs_that_they_look_like() -> None:
    assert texts(document([table("三⻔峡市|⻋辆", "⾏政许可|⾦额")])) == ["三门峡市|车辆", "行政许可|金额"]
    assert len(ideographs()) > 320 and all(0x2E80 <= code <= 0x2FDF for code in ideographs())


def test_upright_text_is_read_down_its_columns_from_the_right() -> None:
    made = table("|1", down=80)
    for number, character in enumerate("本年度办理结果"):
        made.text(90 - 15 * (number // 4), 64 + 12 * (number % 4), character)
    assert texts(document([made])) == ["本年度办理结果|1"]


def test_shades_are_cells_where_no_lines_are_drawn() -> None:
    made = Sheet()
    for row, cells in enumerate((("信息内容", "数量"), ("规章", "3"), ("许可", "4"))):
        for column, text in enumerate(cells):
            made.fill(50 + 60 * column, 50 + 20 * row, 109 + 60 * column, 69 + 20 * row, 0.9)
            made.text(53 + 60 * column, 64 + 20 * row, text)
    assert texts(document([made])) == ["信息内容|数量", "规章|3", "许可|4"]


def test_the_marker_behind_words_is_no_table() -> None:
    made = Sheet()
    for number, line in enumerate(
        ("本机关认真贯彻落实条例要求，坚持以公开为常态", "平稳有序推进各项工作，全年", "通过门户网站发布各类信息")
    ):
        made.fill(50, 50 + 14 * number, 50 + 9 * len(line), 64 + 14 * number, 0.8)
        made.text(50, 61 + 14 * number, line)
    assert all(block.grid is None for block in readers.read(document([made])).blocks)


# Pages


def test_lines_are_paragraphs_over_page_breaks_and_numbers_and_running_heads_are_none() -> None:
    sheets = [prose("　　" + FULL[2:], FULL), prose("为止。", "　　另一段。"), prose("　　第三页。")]
    for number, made in enumerate(sheets, 1):
        made.text(220, 30, "云溪县人民政府文件", 9)
        made.text(290, 820, str(number), 9)
    assert texts(document(sheets)) == [FULL[2:] + FULL + "为止。", "另一段。", "第三页。"]


def test_a_heading_is_no_part_of_the_paragraph_before() -> None:
    assert texts(document([prose(FULL, "二、主动公开政府信息情况", "正文。")]))[1] == "二、主动公开政府信息情况"


def test_a_title_is_a_heading_of_the_first_level_also_over_two_lines() -> None:
    made = prose(FULL, FULL, "为止。")
    title = Sheet()
    title.text(278 - 70, 60, "云溪县人民政府", 20)
    title.text(278 - 120, 90, "政府信息公开工作年度报告", 20)
    for number, line in enumerate((FULL, FULL)):
        title.text(50, 130 + 20 * number, line, 12)
    blocks = readers.read(document([title, made])).blocks
    assert (blocks[0].text, blocks[0].level) == ("云溪县人民政府政府信息公开工作年度报告", 1)


def test_two_columns_are_read_one_after_the_other() -> None:
    made = Sheet()
    made.text(50, 40, "云溪县人民政府公报今年第三期全文刊登如下各项内容请予查阅为盼", 12)
    for number in range(6):
        made.text(50, 70 + 18 * number, f"左栏第{number}行文字若干若干若干", 11)
        made.text(320, 70 + 18 * number, f"右栏第{number}行文字若干若干若干", 11)
    said = "".join(texts(document([made])))
    assert said.index("左栏第5行") < said.index("右栏第0行") and said.index("云溪县") == 0


def test_a_table_goes_on_over_page_breaks_with_its_header_said_once() -> None:
    first, second = table("信息内容|数量", "规章|1"), table("信息内容|数量", "许可|2", "处罚|3")
    first.text(290, 820, "- 1 -")
    second.text(290, 820, "- 2 -")
    assert texts(document([first, second])) == ["信息内容|数量", "规章|1", "许可|2", "处罚|3"]


def test_a_table_below_a_line_of_text_is_another() -> None:
    second = table("许可|2", "处罚|3")
    second.text(50, 40, "三、收到和处理政府信息公开申请情况", 12)
    document_ = readers.read(document([table("规章|1", "文件|4"), second]))
    assert [block.grid.index for block in document_.blocks if block.grid] == [0, 1]


def test_a_row_that_a_page_break_cut_without_a_line_is_one() -> None:
    first, second = table("规章|1"), Sheet()
    for x in (50, 110, 170):
        first.line(x, 70, x, 95)
        second.line(x, 50, x, 75)
    first.text(53, 84, "要求行政机关")
    second.text(53, 64, "确认")
    second.text(113, 64, "2")
    second.line(50, 75, 170, 75)
    assert texts(document([first, second])) == ["规章|1", "要求行政机关确认|2"]


def test_rows_between_which_no_line_was_drawn_at_the_page_break_stay_two() -> None:
    first, second = table("规章|1"), Sheet()
    for x in (50, 110, 170):
        first.line(x, 70, x, 90)
        second.line(x, 50, x, 70)
    for made, label, value, y in ((first, "1.许可", "2", 84), (second, "2.处罚", "3", 64)):
        made.text(53, y, label)
        made.text(113, y, value)
    second.line(50, 70, 170, 70)
    assert texts(document([first, second])) == ["规章|1", "1.许可|2", "2.处罚|3"]


def test_a_group_goes_on_over_the_page_break() -> None:
    first, second = Sheet(), Sheet()
    for made, rows_ in ((first, ("1.国家秘密", "2.法律禁止")), (second, ("3.危及稳定", "4.第三方"))):
        made.frame(50, 50, 110, 90)
        for number, text in enumerate(rows_):
            made.frame(110, 50 + 20 * number, 170, 70 + 20 * number)
            made.frame(170, 50 + 20 * number, 230, 70 + 20 * number)
            made.text(112, 64 + 20 * number, text)
            made.text(180, 64 + 20 * number, str(number))
    first.text(53, 74, "不予公开")
    assert texts(document([first, second])) == ["不予公开|1.国家秘密|0", "^|2.法律禁止|1", "^|3.危及稳定|0", "^|4.第三方|1"]


def test_page_numbers_inside_a_table_are_left_out() -> None:
    sheets = []
    for number in (1, 2, 3):
        made = table("规章|1", "文件|2", down=380)
        made.text(113, 806, str(number))
        sheets.append(made)
    assert texts(document(sheets)) == ["规章|1", "文件|2"] * 3 or "2 1" not in "".join(texts(document(sheets)))


def test_a_frame_around_a_page_is_no_table() -> None:
    made = prose("　　" + FULL[2:], FULL, "为止。", "　　另一段。", "　　第三段。")
    made.frame(40, 40, 560, 800)
    assert [block.grid for block in readers.read(document([made])).blocks] == [None] * 3


def test_what_is_typed_into_a_field_is_part_of_the_table() -> None:
    look = b"BT /F1 9 Tf 2 5 Td <0035> Tj ET"
    field = (
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (5) /F 4 /Rect [ 112 774 168 790 ] /AP << /N 5 0 R >> >>",
        b"<< /Type /XObject /Subtype /Form /BBox [ 0 0 56 16 ] /Resources << /Font << /F1 3 0 R >> >> /Length %d >>\nstream\n%s\nendstream"
        % (len(look), look),
    )
    assert texts(document([table("行政许可|")], page=b"/Annots [ 4 0 R ]", more=field)) == ["行政许可|5"]
