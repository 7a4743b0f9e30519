"""Spreadsheets: what the cells print, whatever is stored in them, and the tables where they stand on the sheet."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from xml.sax.saxutils import quoteattr

import pytest

from benchmarks.accuracy import score
from benchmarks.documents import content, office, sheets
from harvester import readers
from harvester.errors import Unreadable
from harvester.items import Block
from harvester.readers import sniff
from harvester.readers.number_format import plain, printed
from harvester.reading import read_file, read_report

FORMS = ("national_2019", "national_2021")
BOOKS = [name for name in office.MAKERS if name.endswith((".xls", ".xlsx"))]
ZERO_AS_DASH = '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ '
CHINESE_DATE = 'yyyy"年"m"月"d"日"'


def data(rows: dict[int, dict[str, str]], more: str = "") -> str:
    """``sheetData`` of rows by number, each with the elements of its cells by column."""
    made = "".join(
        f'<row r="{row}">{"".join(cell(f"{column}{row}", inner) for column, inner in cells.items())}</row>' for row, cells in rows.items()
    )
    return f"<sheetData>{made}</sheetData>{more}"


def cell(name: str, inner: str) -> str:
    if inner.startswith("<c"):
        return inner.replace("<c", f'<c r="{name}"', 1)
    kind = "" if inner.replace(".", "").replace("-", "").isdigit() else ' t="str"'
    return f'<c r="{name}"{kind}><v>{inner}</v></c>'


def merged(*ranges: str) -> str:
    return f"<mergeCells>{''.join(f'<mergeCell ref={quoteattr(one)}/>' for one in ranges)}</mergeCells>"


def shown(*inner: str, **options: str) -> list[list[str]]:
    return next(rows(block) for block in readers.read(sheets.xlsx(*inner, **options)).blocks if block.grid)  # type: ignore[arg-type]


def rows(block: Block) -> list[list[str]]:
    assert block.grid and block.grid.spans
    return [[one.text for one in row] for row in block.grid.rows]


def told(body: bytes) -> list[object]:
    """Texts, and tables as lists of rows."""
    return [rows(block) if block.grid else block.text for block in readers.read(body).blocks]


# --- whole reports ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("maker", BOOKS)
def test_every_cell_of_a_report_is_read(maker: str, form: str) -> None:
    for seed in ("one", "two", "three"):
        made = content.make(f"{maker} {seed}", form)
        body = office.MAKERS[maker](made)
        assert score.faults(score.read(body), made.truth) == [], seed
        assert read_report(body).title == made.title


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("ending", ["xlsx", "xls"])
def test_every_cell_of_a_stored_workbook_is_read(ending: str, form: str) -> None:
    path = office.FOLDER / f"{form}.{ending}"
    assert score.faults(score.read(path.read_bytes()), office.stored(form)) == []
    report = read_file(path)
    assert (report.kind, report.form, report.year) == ("report", form, 2021)


# --- numbers ------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (3.0, "General", "3"),
        (0.0, "General", "0"),
        (-0.0, "", "0"),
        (0.1 + 0.2, "General", "0.3"),
        (318000.456, "@", "318000.456"),
        (1e20, "General", "100000000000000000000"),
        (1e-7, "General", "0.0000001"),
        (1234, "#,##0", "1,234"),
        (1234567.5, "#,##0.00", "1,234,567.50"),
        (12.345, "0.00", "12.35"),
        (2.5, "0", "3"),
        (-3, "0.0", "-3.0"),
        (-0.4, "0", "0"),
        (3.14159, "0.0#", "3.14"),
        (3, "0.0#", "3.0"),
        (0.5, "#.##", ".5"),
        (0.125, "0.0%", "12.5%"),
        (12345678, "0.00,,", "12.35"),
        (5, "000", "005"),
        (5, '0"件"', "5件"),
        (5, 'G/通用格式"件"', "5件"),
        (1234.5, "[$¥-804]#,##0.00", "¥1,234.50"),
        (7, ZERO_AS_DASH, "7"),
        (-5, ZERO_AS_DASH, "-5"),
        (0, ZERO_AS_DASH, "-"),
        (0, "0;-0;;@", ""),
        (9, ";;;", ""),
        (-5, "0_);[Red]\\(0\\)", "(5)"),
        (-1, "0;", ""),
        (44592, CHINESE_DATE, "2022年1月31日"),
        (44592.5, "yyyy-mm-dd hh:mm:ss", "2022-01-31 12:00:00"),
        (44592.75, "yyyy/m/d h:mm", "2022/1/31 18:00"),
        (-1, "yyyy/m/d", "-1"),
        (1e9, "yyyy/m/d", "1000000000"),
        # What is beyond the ordinary stays the stored number.
        (1234567, "0.00E+00", "1234567"),
        (0.5, "# ?/?", "0.5"),
        (3, "[>2]0.0;0", "3"),
        (13800138000, "000-0000-0000", "13800138000"),
        (36.5, "[h]:mm", "36.5"),
        (7, '"' * 300, "7"),
        (7, '0"', '7"'),
    ],
)
def test_a_number_is_printed_as_its_cell_prints_it(value: float, code: str, text: str) -> None:
    assert printed(value, code) == text


def test_a_number_that_is_no_number_of_a_report_is_printed_too() -> None:
    assert len(printed(1e300, "0.00")) == 301 and plain(float("1e-300")).startswith("0.000")


def test_dates_may_begin_in_1904() -> None:
    assert printed(0, "yyyy/m/d", from_1904=True) == "1904/1/1"


def test_cells_of_all_kinds() -> None:
    styles = (
        '<numFmts><numFmt numFmtId="176" formatCode="0.00_ "/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="176"/><xf numFmtId="3"/>'
        '<xf numFmtId="31"/><xf numFmtId="999"/></cellXfs>'
    )
    strings = "<si><t>行政</t></si><si><r><t>许</t></r><r><rPr/><t>可</t></r><rPh><t>xuke</t></rPh></si>"
    cells = {
        "A": '<c t="s"><v>0</v></c>',
        "B": '<c t="s"><v>1</v></c>',
        "C": '<c t="s"><v>9</v></c>',
        "D": "<c><v>3.0</v></c>",
        "E": '<c s="1"><v>12.345</v></c>',
        "F": '<c s="2"><v>1234</v></c>',
        "G": '<c s="3"><v>44592</v></c>',
        "H": '<c s="4"><v>0</v></c>',
        "I": '<c s="77"><v>5</v></c>',
        "J": "<c/>",
        "K": '<c t="b"><v>1</v></c>',
        "L": '<c t="e"><v>#REF!</v></c>',
        "M": '<c t="str"><f>A1</f><v>甲\n乙</v></c>',
        "N": "<c><f>SUM(D1:E1)</f></c>",
        "O": "<c><f>SUM(D1:E1)</f><v>15</v></c>",
        "P": "<c><v>abc</v></c>",
        "Q": "<c><v>NaN</v></c>",
        "R": '<c t="inlineStr"><is><t> 0 </t></is></c>',
        "S": '<c t="d"><v>2022-01-31</v></c>',
    }
    found = shown(data({1: cells}), styles=styles, strings=strings)[0]
    want = [
        "行政",
        "许可",
        "?",
        "3",
        "12.35",
        "1,234",
        "2022年1月31日",
        "0",
        "5",
        "",
        "TRUE",
        "#REF!",
        "甲 乙",
        "=SUM(D1:E1)",
        "15",
        "abc",
        "NaN",
        "0",
    ]
    assert found == [*want, "2022-01-31"]


def test_a_formula_that_nobody_calculated_is_not_blank() -> None:
    made = content.make("a city's", "national_2021")
    with zipfile.ZipFile(io.BytesIO(sheets.workbook(made))) as archive:
        sheet = archive.read("xl/worksheets/sheet0.xml").decode()
    label, value = "四、结转下年度继续办理</t></is></c>", r'(<c r="\w+")[^>]*>(?:<v>.*?</v>|<is>.*?</is>)</c>'
    changed, times = re.subn(label + value, label + r"\1><f>SUM(A1:A2)</f></c>", sheet)
    report = score.read(sheets.xlsx(re.sub("^<worksheet[^>]*>|</worksheet>$", "", changed)))
    figure = score.figures(report)["table_3", "carried_forward", "natural_person"]
    assert (times, figure.status, figure.printed) == (1, "doubtful", "=SUM(A1:A2)")


def test_a_sheet_that_hides_zeros_prints_none() -> None:
    zeros = '<sheetViews><sheetView showZeros="0"/></sheetViews>'
    assert shown(zeros + data({1: {"A": "甲", "B": "0", "C": "7"}})) == [["甲", "", "7"]]


# --- what is seen -------------------------------------------------------------------------------------------------------------------------


def test_merged_cells_are_one_and_what_they_cover_is_not_seen() -> None:
    inner = data({1: {"A": "甲", "B": "盖住", "C": "1"}, 2: {"A": "盖住", "C": "2"}}, merged("A1:B2"))
    assert shown(inner) == [["甲", "甲", "1"], ["甲", "甲", "2"]]
    body = sheets.xlsx(inner)
    (grid,) = [block.grid for block in readers.read(body).blocks if block.grid]
    assert [(one.row, one.column) for one in grid.rows[1]] == [(0, 0), (0, 0), (1, 2)]


def test_hidden_rows_columns_and_sheets_are_not_seen() -> None:
    hidden = '<cols><col min="2" max="3" hidden="1"/><col min="5" max="16384" hidden="1"/></cols>'
    inner = hidden + data({1: {"A": "甲", "B": "8", "C": "8", "D": "1", "E": "8"}, 3: {"A": "乙", "D": "2"}}, merged("B1:D1"))
    inner = inner.replace('<row r="3">', '<row r="2" hidden="1"><c r="A2"><v>9</v></c></row><row r="3">')
    other = data({1: {"A": "丙", "B": "9"}})
    assert told(sheets.xlsx(inner, other, other, other, states={1: "hidden", 2: "veryHidden"})) == [
        [["甲", "8"], ["乙", "2"]],
        [["丙", "9"]],
    ]


def test_empty_merged_cells_keep_their_columns() -> None:
    inner = data({1: {"A": "甲", "B": "乙", "C": "丙", "D": "丁"}, 2: {"A": "戊", "D": "1"}}, merged("B2:C2"))
    (grid,) = [block.grid for block in readers.read(sheets.xlsx(inner)).blocks if block.grid]
    assert [(one.text, one.column) for one in grid.rows[1]] == [("戊", 0), ("", 1), ("", 1), ("1", 3)]


def test_tables_apart_are_tables_and_lines_alone_are_text() -> None:
    title, section = "云溪县2021年政府信息公开工作年度报告", "三、收到和处理政府信息公开申请情况"
    rows_ = {1: {"A": title}, 2: {"A": "单位：件"}, 3: {"A": "甲", "B": "1"}, 4: {"A": "乙", "B": "2"}, 6: {"A": "丙", "B": "3"}}
    rows_ |= {7: {"A": section}, 8: {"A": "丁", "B": "4"}, 9: {"A": "一、本年新收"}, 10: {"A": "长" * 50}, 12: {"C": "总计"}}
    assert told(sheets.xlsx(data(rows_, merged("A1:B1", "A10:B10")))) == [
        title,
        "单位：件",
        [["甲", "1"], ["乙", "2"]],
        [["丙", "3"]],
        section,
        [["丁", "4"], ["一、本年新收", ""]],
        "长" * 50,
        "总计",
    ]


def test_tables_beside_one_another_are_cut_only_where_each_is_one() -> None:
    two = {1: {"A": "甲", "B": "1", "D": "丙", "E": "3"}, 2: {"A": "乙", "B": "2", "D": "丁", "E": "4"}}
    assert told(sheets.xlsx(data(two))) == [[["甲", "1"], ["乙", "2"]], [["丙", "3"], ["丁", "4"]]]
    spacer = {1: {"A": "甲", "C": "1", "D": "2"}, 2: {"A": "乙", "C": "3", "D": "4"}}
    assert told(sheets.xlsx(data(spacer))) == [[["甲", "", "1", "2"], ["乙", "", "3", "4"]]]


def test_rows_and_cells_that_do_not_say_their_place_follow_one_another() -> None:
    inner = "<sheetData><row><c><v>1</v></c><c><v>2</v></c></row><row><c/><c><v>3</v></c></row></sheetData>"
    assert shown(inner) == [["1", "2"], ["", "3"]]


# --- the XML of Excel 2003 ------------------------------------------------------------------------------------------


def excel_2003(table: str, more: str = "", styles: str = "") -> bytes:
    names = 'xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="x"'
    head = '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
    sheet = f"<Worksheet ss:Name='a'><Table>{table}</Table>{more}</Worksheet>"
    return f"{head}<Workbook {names}><Styles>{styles}</Styles>{sheet}</Workbook>".encode()


def test_the_xml_of_excel_2003() -> None:
    number, text = '<Data ss:Type="Number">{}</Data>', '<Data ss:Type="String">{}</Data>'
    styles = '<Style ss:ID="s1"><NumberFormat ss:Format="Fixed"/></Style><Style ss:ID="s2"><NumberFormat ss:Format="0%"/></Style>'
    table = (
        '<Column/><Column ss:Index="4" ss:Hidden="1"/>'
        f'<Row><Cell ss:MergeDown="1">{text.format("甲<B>乙</B>")}</Cell><Cell ss:StyleID="s1">{number.format("3")}</Cell>'
        f"<Cell>{number.format('3.0')}</Cell><Cell>{number.format('9')}</Cell></Row>"
        f'<Row><Cell ss:Index="2" ss:StyleID="s2">{number.format("0.5")}</Cell><Cell>{number.format("x")}</Cell></Row>'
        f'<Row ss:Hidden="1"><Cell>{text.format("丙")}</Cell></Row>'
        f'<Row ss:Index="4"><Cell ss:MergeAcross="1">{text.format("丁")}</Cell>'
        '<Cell><Data ss:Type="DateTime">2022-01-31T00:00:00</Data></Cell></Row>'
    )
    assert told(excel_2003(table, styles=styles)) == [[["甲乙", "3.00", "3"], ["甲乙", "50%", "x"], ["丁", "丁", "2022-01-31"]]]
    assert told(excel_2003(table, "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>")) == []


def test_empty_rows_down_to_the_last_are_left_out() -> None:
    row = '<Row><Cell><Data ss:Type="String">{}</Data></Cell><Cell><Data ss:Type="Number">1</Data></Cell></Row>'
    ghosts = '<Row ss:Height="12"><Cell ss:Index="27"/></Row>'
    assert told(excel_2003(row.format("甲") + ghosts + row.format("乙") + ghosts * 300_000)) == [[["甲", "1"]], [["乙", "1"]]]


# --- hostile ------------------------------------------------------------------------------------------------------------------------------

XLS = (office.FOLDER / "national_2021.xls").read_bytes()
XLSX = (office.FOLDER / "national_2021.xlsx").read_bytes()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (XLSX[: len(XLSX) // 2], "cut off"),
        (XLS[: len(XLS) // 3], "cut off"),
        (XLS[:600] + b"\x00" * 9000, "cut off"),
        (XLS + b"\x00" * 17_000_000, "too large"),
        (sheets.xlsx("<sheetData>" + '<row><c t="str"><v>x</v></c></row>' * 200_001), "too large"),
        (sheets.xlsx("<sheetData><row>"), "is no XML"),
        (sheets.xlsx(data({1: {"A": "1"}, 999_999: {"ZZ": "2"}}, merged("A1:ZZ999999"))), "merged cells"),
        (excel_2003("")[:-20], "is no XML"),
    ],
)
def test_what_is_damaged_or_hostile_is_told_in_one_line(body: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason) as caught:
        readers.read(body)
    assert "\n" not in str(caught.value)


def test_a_cell_in_the_last_corner_costs_nothing() -> None:
    assert told(sheets.xlsx(data({1: {"A": "甲", "B": "1"}, 1_048_576: {"XFD": "乙"}}))) == [[["甲", "1"]], "乙"]


def test_a_sheet_formatted_to_its_last_row_is_read() -> None:
    ghosts = "".join(f'<row r="{row}" s="1"/>' for row in range(4, 600_000)) + '<row r="600000"><c r="A600000" s="1"/></row>'
    inner = data({1: {"A": "甲", "B": "1"}, 3: {"A": "乙", "B": "2"}}).replace('<row r="3">', '<row r="2" hidden="1"/><row r="3">')
    assert told(sheets.xlsx(inner.replace("</sheetData>", ghosts + "</sheetData>"))) == [[["甲", "1"], ["乙", "2"]]]


def test_merged_cells_that_overlap_are_merged_once() -> None:
    assert shown(data({1: {"A": "甲", "B": "1"}, 2: {"A": "乙", "B": "2"}}, merged("A1:A2", "A1:B2", "bad"))) == [["甲", "1"], ["甲", "2"]]


def test_tables_within_tables_within_tables_end() -> None:
    stairs = {row: dict.fromkeys("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[row % 20 :][:3], "1") for row in range(1, 200)}
    assert readers.read(sheets.xlsx(data(stairs))).blocks


def directory(body: bytes) -> int:
    """Where the directory of a compound file begins."""
    (sector,) = struct.unpack_from("<i", body, 48)
    return 512 * (sector + 1)


def test_a_directory_that_goes_round_in_circles_ends() -> None:
    circle = bytearray(XLS)
    start = directory(XLS)
    for entry in range(4):
        struct.pack_into("<iii", circle, start + entry * 128 + 68, *(((entry + 1) % 4,) * 3))
    try:
        readers.read(bytes(circle))
    except Unreadable as error:
        assert "\n" not in str(error)


def test_a_workbook_with_a_document_in_it_is_a_workbook() -> None:
    """An embedded object is a folder with streams of its own: only those at the top say what the file is."""
    inside = bytearray(XLS)
    assert sniff.format_of(bytes(inside)) == "xls"
    assert sniff.format_of(bytes(inside) + "WordDocument".encode("utf-16-le")) == "xls"


def test_a_workbook_with_a_password_says_so() -> None:
    """The record that says so (FILEPASS) stands right behind the first one."""
    locked = bytearray(XLS)
    at = XLS.index(b"\x09\x08\x10\x00\x00\x06\x05\x00")  # BOF of the workbook's globals
    locked[at + 20 : at + 24] = struct.pack("<HH", 0x2F, struct.unpack_from("<H", XLS, at + 22)[0])
    with pytest.raises(Unreadable, match="password"):
        readers.read(bytes(locked))
