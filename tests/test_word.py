"""Word's documents: what is printed, in order and with true spans, and nothing that is only in the file."""

from __future__ import annotations

import base64
import zipfile
from pathlib import Path

import pytest

from benchmarks.accuracy import score
from benchmarks.documents import content, office, word
from harvester import readers
from harvester.errors import Unreadable
from harvester.items import Document, Grid
from harvester.readers import sniff
from harvester.reading import read_file, read_report

FORMS = ("national_2019", "national_2021")
TEXT_MAKERS = [name for name in office.MAKERS if name.endswith((".docx", ".doc", ".mht"))]


def read(body: str, **parts: str) -> Document:
    return readers.read(word.docx(body, **parts))


def texts(body: str, **parts: str) -> list[str]:
    return [block.text for block in read(body, **parts).blocks]


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def para(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def cell(inner: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner if inner.startswith('<') else para(run(inner))}</w:tc>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def grid(body: str) -> list[list[str]]:
    (found,) = [block.grid for block in read(body).blocks if block.grid]
    assert found.spans
    return [[one.text for one in row] for row in found.rows]


def shape(found: Grid) -> list[list[tuple[int, int]]]:
    return [[(one.row, one.column) for one in row] for row in found.rows]


def field(code: str, result: str) -> str:
    marks = {kind: f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")}
    return f"{marks['begin']}<w:r><w:instrText>{code}</w:instrText></w:r>{marks['separate']}{run(result)}{marks['end']}"


# --- whole reports ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("maker", TEXT_MAKERS)
def test_every_cell_of_a_report_is_read(maker: str, form: str) -> None:
    for seed in ("one", "two", "three"):
        made = content.make(f"{maker} {seed}", form)
        body = office.MAKERS[maker](made)
        assert score.faults(score.read(body), made.truth) == [], seed
        report = read_report(body)
        assert (report.kind, report.form, report.title) == ("report", form, made.title)


@pytest.mark.parametrize("form", FORMS)
def test_every_cell_of_a_stored_docx_is_read(form: str) -> None:
    body = (office.FOLDER / f"{form}.docx").read_bytes()
    assert score.faults(score.read(body), office.stored(form)) == []


def test_sections_and_tables_stand_in_their_order() -> None:
    blocks = readers.read(office.MAKERS["word.docx"](content.make("order", "national_2021"))).blocks
    told = ["table" if block.grid else block.text[:2] for block in blocks if block.grid or block.level]
    assert told == ["一、", "二、", "table", "三、", "table", "四、", "table", "五、", "六、"]


def test_the_name_of_a_file_does_not_decide_what_it_is(tmp_path: Path) -> None:
    made = content.make("name", "national_2021")
    for name, maker in (("a.doc", "word.docx"), ("a.wps", "word-page.doc"), ("a.pdf", "word-page.mht"), ("a.html", "python-docx.docx")):
        (tmp_path / name).write_bytes(office.MAKERS[maker](made))
        assert read_file(tmp_path / name).kind == "report"


# --- what is in a line --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("runs", "printed"),
    [
        (run("政府") + run("信息") + run("公开"), "政府信息公开"),
        (run("新增") + f"<w:ins>{run('12')}</w:ins><w:del><w:r><w:delText>13</w:delText></w:r></w:del>" + run("件"), "新增12件"),
        (f"<w:moveFrom>{run('旧')}</w:moveFrom><w:moveTo>{run('新')}</w:moveTo>", "新"),
        (run("一") + run("隐藏", "<w:vanish/>") + run("二", '<w:vanish w:val="0"/>'), "一二"),
        (run("隐", '<w:rStyle w:val="hid"/>') + run("见"), "见"),
        (field(" PAGE ", "7"), "7"),
        (field(" =SUM(LEFT) ", "12"), "12"),
        (field(' SET a "3" ', "3") + run("4"), "4"),
        (field(f" IF {field(' MERGEFIELD n ', '8')} = 8 ", "9"), "9"),
        (f'<w:fldSimple w:instr="DATE">{run("2022")}</w:fldSimple>', "2022"),
        ('<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>X</w:instrText></w:r>' + run("丢"), ""),
        (f'<w:hyperlink r:id="x">{run("链接")}</w:hyperlink><w:smartTag>{run("地名")}</w:smartTag>', "链接地名"),
        (f"<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent>{run('控件')}</w:sdtContent></w:sdt>", "控件"),
        ("<w:r><w:t>公</w:t><w:softHyphen/><w:t>开</w:t><w:noBreakHyphen/><w:t>1</w:t><w:tab/><w:t>2</w:t></w:r>", "公开-1 2"),
        ('<w:r><w:sym w:font="Symbol" w:char="F037"/><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>', "7\uf0fc"),
        ('<w:r><w:sym w:font="Symbol" w:char="zz"/><w:t>甲</w:t></w:r>', "甲"),
        (f"{run('甲')}<w:r><w:footnoteReference w:id='2'/></w:r>", "甲"),
        (f"<w:r><w:ruby><w:rt>{run('yún')}</w:rt><w:rubyBase>{run('云')}</w:rubyBase></w:ruby></w:r>", "云"),
        (run("甲&lt;b&gt;乙&amp;nbsp;"), "甲<b>乙&nbsp;"),
    ],
)
def test_a_line_is_what_is_printed(runs: str, printed: str) -> None:
    styles = '<w:style w:styleId="hid"><w:rPr><w:vanish/></w:rPr></w:style>'
    assert texts(para(runs), styles=styles) == ([printed] if printed else [])


def test_a_field_that_never_ends_takes_no_more_than_its_paragraph() -> None:
    begun = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>X</w:instrText></w:r>'
    assert texts(para(begun + run("丢")) + para(run("第二段"))) == ["第二段"]


def test_a_line_break_ends_a_block() -> None:
    assert texts(para("<w:r><w:t>一、总体情况</w:t><w:br/><w:t>正文。</w:t></w:r>")) == ["一、总体情况", "正文。"]


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    box = f"<w:txbxContent>{para(run('框内'))}{table(cell('甲') + cell('1'))}</w:txbxContent>"
    both = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent>"
    found = read(para(run("前"), f"<w:r>{both}</w:r>", run("后"))).blocks
    assert [block.text or "table" for block in found] == ["前后", "框内", "table"]
    assert texts(para(f"<w:r><w:pict>{box}</w:pict></w:r>"))[0] == "框内"  # as programs before 2010 wrote it
    assert texts(para(f"<w:r><w:rPr><w:vanish/></w:rPr><w:pict>{box}</w:pict></w:r>")) == []


def test_headings_are_those_of_the_outline_and_short() -> None:
    styles = '<w:style w:styleId="2"><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
    body = para(run("（一）工作"), properties='<w:pStyle w:val="2"/>') + para(run("长" * 80), properties='<w:pStyle w:val="2"/>')
    blocks = read(body + para(run("正文"), properties='<w:outlineLvl w:val="9"/>'), styles=styles).blocks
    assert [block.level for block in blocks] == [3, 0, 0]


def test_headers_footers_and_notes_are_no_part_of_the_report() -> None:
    other = {f"word/{name}.xml": f"<w:x>{para(run('页眉'))}</w:x>" for name in ("header1", "footer1", "footnotes", "comments")}
    assert [block.text for block in readers.read(word.docx(para(run("正文")), parts=other)).blocks] == ["正文"]


# --- numbers of lists ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "pattern", "printed"),
    [
        ("chineseCountingThousand", "%1、", ["一、", "二、"]),
        ("japaneseCounting", "（%1）", ["（一）", "（二）"]),
        ("decimal", "%1.", ["1.", "2."]),
        ("decimalEnclosedCircleChinese", "%1", ["①", "②"]),
        ("upperRoman", "%1.", ["I.", "II."]),
        ("lowerLetter", "%1)", ["a)", "b)"]),
        ("ideographTraditional", "%1", ["甲", "乙"]),
        ("decimalZero", "第%1条", ["第01条", "第02条"]),
        ("unheardOf", "%1.", ["1.", "2."]),
        ("bullet", "●", ["", ""]),
        ("none", "", ["", ""]),
    ],
)
def test_numbers_of_lists_are_counted(name: str, pattern: str, printed: list[str]) -> None:
    body = para(run("甲"), properties=word.NUMBERED) + para(properties=word.NUMBERED) + para(run("乙"), properties=word.NUMBERED)
    found = texts(body, numbering=word.listed(word.level(name, pattern)))
    assert found == [f"{number} {text}".strip() for number, text in zip(printed, ("甲", "乙"))]


def test_numbers_above_ten_are_written_as_in_print() -> None:
    body = "".join(para(run("x"), properties=word.NUMBERED) for _ in range(21))
    found = texts(body, numbering=word.listed(word.level(start=9)))
    assert found[:4] == ["九、 x", "十、 x", "十一、 x", "十二、 x"] and found[-1] == "二十九、 x"


def test_a_list_within_a_list_starts_again() -> None:
    levels = word.level() + word.level("decimal", "%1.%2", depth=1)
    deep = word.NUMBERED.replace('ilvl w:val="0"', 'ilvl w:val="1"')
    order = (word.NUMBERED, deep, deep, word.NUMBERED, deep)
    found = texts("".join(para(run("x"), properties=one) for one in order), numbering=word.listed(levels))
    assert found == ["一、 x", "一.1 x", "一.2 x", "二、 x", "二.1 x"]


def test_a_list_may_come_with_the_style_and_start_where_it_is_told() -> None:
    styles = '<w:style w:styleId="a"><w:pPr><w:numPr><w:numId w:val="9"/></w:numPr></w:pPr></w:style>'
    styles += '<w:style w:styleId="b"><w:basedOn w:val="a"/></w:style><w:style w:styleId="c"><w:basedOn w:val="c"/></w:style>'
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="3"/></w:lvlOverride>'
    lists = f'{word.listed(word.level())}<w:num w:numId="9"><w:abstractNumId w:val="3"/>{override}</w:num>'
    body = "".join(para(run("x"), properties=f'<w:pStyle w:val="{name}"/>') for name in "bbc")
    assert texts(body, styles=styles, numbering=lists) == ["三、 x", "四、 x", "x"]


def test_the_number_of_a_list_never_joins_the_number_in_the_cell() -> None:
    body = word.docx(table(cell(para(run("5"), properties=word.NUMBERED)) + cell("6")), numbering=word.listed(word.level("decimal", "%1")))
    (found,) = [block.grid for block in readers.read(body).blocks if block.grid]
    assert [one.text for one in found.rows[0]] == ["1 5", "6"]


# --- tables -------------------------------------------------------------------------------------------------------------------------------


def test_merged_cells_are_one_cell() -> None:
    start, on, wide = '<w:vMerge w:val="restart"/>', "<w:vMerge/>", '<w:gridSpan w:val="2"/>'
    body = table(cell("甲", start + wide) + cell("1"), cell("被盖", on + wide) + cell("2"), cell("乙") + cell("丙") + cell("3"))
    assert grid(body) == [["甲", "甲", "1"], ["甲", "甲", "2"], ["乙", "丙", "3"]]
    (found,) = [block.grid for block in read(body).blocks if block.grid]
    assert shape(found)[1] == [(0, 0), (0, 0), (1, 2)]


def test_two_merged_cells_below_one_another_stay_two() -> None:
    start, on = '<w:vMerge w:val="restart"/>', '<w:vMerge w:val="continue"/>'
    body = table(*(cell(text, merge) + cell(str(n)) for n, (text, merge) in enumerate([("甲", start), ("", on), ("乙", start), ("", on)])))
    assert [row[0] for row in grid(body)] == ["甲", "甲", "乙", "乙"]


def test_a_cell_that_continues_nothing_is_its_own() -> None:
    on = "<w:vMerge/>"
    assert grid(table(cell("甲", on) + cell("1"), cell("乙") + cell("2"), cell("丙", on) + cell("3"))) == [
        ["甲", "1"],
        ["乙", "2"],
        ["丙", "3"],
    ]


def test_old_ways_to_merge_sideways() -> None:
    row = cell("甲", '<w:hMerge w:val="restart"/>') + cell("", "<w:hMerge/>") + cell("1")
    assert grid(table(row, cell("乙") + cell("丙") + cell("2"))) == [["甲", "甲", "1"], ["乙", "丙", "2"]]


def test_a_row_may_begin_later() -> None:
    late = f'<w:trPr><w:gridBefore w:val="1"/></w:trPr>{cell("2")}'
    assert grid(table(cell("甲") + cell("1"), late)) == [["甲", "1"], ["", "2"]]


def test_rows_and_cells_in_content_controls_are_rows_and_cells() -> None:
    control = "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>"
    row = f"<w:tr>{control.format(cell('甲'))}{cell('1')}</w:tr>"
    assert grid(control.format(f"<w:tbl>{control.format(row)}<w:tr>{cell('乙')}{cell('2')}</w:tr></w:tbl>")) == [["甲", "1"], ["乙", "2"]]


def test_hidden_and_deleted_rows_and_cells_are_gone() -> None:
    hidden, deleted = (f"<w:trPr><w:{name}/></w:trPr>{cell('x')}{cell('9')}" for name in ("hidden", "del"))
    gone = cell("x", "<w:cellDel/>")
    assert grid(table(cell("甲") + cell("1"), hidden, deleted, cell("乙") + gone + cell("2"))) == [["甲", "1"], ["乙", "2"]]


def test_a_table_in_a_cell_leaves_no_number_out() -> None:
    inner = table(cell("1") + cell("2"))
    assert grid(table(cell("甲") + cell(inner + para(), '<w:gridSpan w:val="2"/>'), cell("乙") + cell("3") + cell("4"))) == [
        ["甲", "1", "2"],
        ["乙", "3", "4"],
    ]
    layout = read(table(cell(para(run("正文")) + table(cell("甲") + cell("1"), cell("乙") + cell("2")))))
    assert [block.text or "table" for block in layout.blocks] == ["正文", "table"]


@pytest.mark.parametrize(
    ("inner", "printed"),
    [
        (para(run("12")) + para(run("3")), "12 3"),
        (para("<w:r><w:t>12</w:t><w:br/><w:t>3</w:t></w:r>"), "12 3"),
        (para(run("12"), run("3", '<w:vertAlign w:val="superscript"/>')), "12 3"),
        (para(run("12"), run("3", "<w:strike/>")), "12 3"),
        (para(run("12"), run("3")), "123"),
        (para(run("行政")) + para(run("许可")), "行政许可"),
        (para(), ""),
    ],
)
def test_digits_that_do_not_run_on_are_not_one_number(inner: str, printed: str) -> None:
    assert grid(table(cell("甲") + cell(inner))) == [["甲", printed]]


# --- other containers ---------------------------------------------------------------------------------------------------------------------


def test_word_2003_xml_and_a_package_in_one_file() -> None:
    start, on = '<w:vmerge w:val="restart"/>', "<w:vmerge/>"
    heading = para(run("总体情况"), properties='<w:listPr><wx:t wx:val="一、"/></w:listPr>')
    sect = f"<wx:sect>{heading}{table(cell('甲', start) + cell('1'), cell('', on) + cell('2'))}</wx:sect>"
    names = 'xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml" xmlns:wx="u"'
    head = '<?xml version="1.0"?><?mso-application progid="Word.Document"?>'
    blocks = readers.read(f"{head}<w:wordDocument {names}><w:body>{sect}</w:body></w:wordDocument>".encode()).blocks
    assert (blocks[0].text, blocks[0].level) == ("一、 总体情况", 2)
    assert blocks[1].grid and [[one.text for one in row] for row in blocks[1].grid.rows] == [["甲", "1"], ["甲", "2"]]
    document = f"<w:document {word.NAMESPACES}><w:body>{para(run('正文'))}</w:body></w:document>"
    part = f'<pkg:part pkg:name="/word/document.xml"><pkg:xmlData>{document}</pkg:xmlData></pkg:part>'
    flat = f'<?xml version="1.0"?><pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">{part}</pkg:package>'
    assert [block.text for block in readers.read(flat.encode()).blocks] == ["正文"]


@pytest.mark.parametrize("single", [False, True])
def test_a_page_taken_over_whole_is_read(single: bool) -> None:
    """Exporters of web sites put a page into a docx and leave the rest to Word."""
    page = "<html><body><p>一、总体情况</p><table><tr><td>甲</td><td>1</td></tr></table></body></html>"
    chunk = office.mht(page) if single else page.encode()
    link = f'<Relationship Id="c" Type="{word.OFFICE}/officeDocument/2006/relationships/aFChunk" Target="/word/page.htm"/>'
    body = word.docx('<w:altChunk r:id="c"/><w:altChunk r:id="none"/>', parts={"word/page.htm": chunk}, links=link)
    assert [block.text or "table" for block in readers.read(body).blocks] == ["一、总体情况", "table"]


def test_excels_page_of_frames_has_a_table_a_sheet() -> None:
    frames = "<html><frameset><frame src=sheet1></frameset></html>"
    sheets = [f"<table><tr><td>{name}</td><td>1</td></tr></table>" for name in "甲乙"]
    encoded = [base64.encodebytes(page.encode()).decode() for page in (frames, *sheets)]
    parts = "".join(f"--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n{one}\r\n" for one in encoded)
    body = f"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nContent-Type: multipart/related; boundary=b\r\n\r\n{parts}--b--\r\n".encode()
    grids = [block.grid for block in readers.read(body).blocks if block.grid]
    assert [found.rows[0][0].text for found in grids] == ["甲", "乙"]


def test_a_page_that_word_saved_shows_what_word_shows() -> None:
    page = (
        "<html xmlns:o='urn:schemas-microsoft-com:office:office'><head><style><!-- p.MsoNormal {margin:0} --></style>"
        "<!--[if gte mso 9]><xml><o:DocumentProperties><o:Author>甲</o:Author></o:DocumentProperties></xml><![endif]--></head><body>"
        "<p><![if !supportLists]><span style='mso-list:Ignore'>一、<span>&nbsp;</span></span><![endif]>总体情况<o:p></o:p></p>"
        "<p><span style='display:none;mso-hide:all'>隐藏</span>正文<ins>增</ins><![if !supportEmptyParas]>&nbsp;<![endif]></p>"
        "<table><tr style='mso-yfti-irow:0'><td>甲<o:p></o:p></td><td>1<span lang=EN-US>2<o:p></o:p></span></td></tr></table>"
        "</body></html>"
    )
    blocks = readers.read(page.encode("gb18030")).blocks
    assert [block.text for block in blocks[:2]] == ["一、 总体情况", "正文增"] and blocks[0].level == 2
    assert blocks[2].grid and [one.text for one in blocks[2].grid.rows[0]] == ["甲", "12"]


def test_a_zip_with_a_folder_called_word_is_a_zip() -> None:
    assert sniff.format_of(word.package({"word/报告.txt": "x", "xl/a.txt": "x"})) == "zip"
    assert sniff.format_of(word.docx("")) == "docx"
    assert sniff.format_of(word.package({"[Content_Types].xml": "", "xl/workbook.bin": ""})) == "xlsb"


# --- hostile ------------------------------------------------------------------------------------------------------------------------------

WHOLE = word.docx(para(run("正文")) * 50)


def laugh(depth: int) -> str:
    return f"&a{depth - 1};" * 50 if depth else "ha"


LAUGHS = "".join(f'<!ENTITY a{n} "{laugh(n)}">' for n in range(8))


def declaring(declared: str, named: str) -> bytes:
    """A document with declarations in front, and a paragraph that uses one of them."""
    body = f"<w:body><w:p><w:r><w:t>{named}</w:t></w:r></w:p></w:body>"
    document = f"<!DOCTYPE a [{declared}]><w:document {word.NAMESPACES}>{body}</w:document>"
    return word.docx("", parts={"word/document.xml": document})


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (WHOLE[: len(WHOLE) // 2], "cut off"),
        (WHOLE.replace(b"word/document.xml", b"word/documint.xml"), "has no word/document.xml"),
        (word.docx("", parts={"word/document.xml": "<w:document"}), "is no XML"),
        (word.docx("", parts={"word/document.xml": "<document/>"}), "has no body"),
        (word.docx("", parts={"word/document.xml": b" " * 40_000_000}), "too large"),
        (word.docx("", parts={"word/document.xml": "<a>" + "<b/>" * 1_000_001}), "too large"),
        (word.docx("<w:tbl><w:tr><w:tc>" * 100 + "</w:tc></w:tr></w:tbl>" * 100), "Excessive depth"),
        (b"<?xml version='1.0'?><w:wordDocument xmlns:w='u'><w:x/></w:wordDocument>", "has no body"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: image/png\r\n\r\nx", "no page"),
    ],
)
def test_what_is_damaged_or_hostile_is_told_in_one_line(body: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason) as caught:
        readers.read(body)
    assert "\n" not in str(caught.value)


def test_entities_are_neither_multiplied_nor_fetched() -> None:
    for body in (declaring(LAUGHS, "&a7;"), declaring('<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;前")):
        try:
            found = "".join(block.text for block in readers.read(body).blocks)
        except Unreadable:
            continue
        assert "root:" not in found and len(found) < 100


def test_spans_beyond_all_measure_are_cut() -> None:
    found = grid(
        table(cell("甲", '<w:gridSpan w:val="999999"/>') + cell("1"), '<w:trPr><w:gridBefore w:val="999999"/></w:trPr>' + cell("2"))
    )
    assert max(map(len, found)) <= 200


def test_macros_are_bytes_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "a.docm"
    path.write_bytes(word.docx(para(run("正文")), parts={"word/vbaProject.bin": b"\xd0\xcf\x11\xe0Sub AutoOpen"}))
    assert zipfile.is_zipfile(path) and [block.text for block in readers.read(path.read_bytes()).blocks] == ["正文"]


def test_an_empty_document_has_no_blocks() -> None:
    assert texts("") == [] and read_report(word.docx("<w:p/>")).kind == "not_report"
