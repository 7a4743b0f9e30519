"""HTML skins: the ways in which editors, Word and content management systems save the same tables."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape

from benchmarks.accuracy import layout, markup
from benchmarks.accuracy.layout import Cell, Line, Table
from benchmarks.accuracy.markup import Draw, spans, table, words

Skin = Callable[[str, Sequence[Table], random.Random], bytes]
HEADS = ("head", "corner", "group", "label", "caption")


def _skin(
    draw: Callable[[random.Random], Draw], heads: str = "p", head: str = "", box: str = 'div id="zoom"', encoding: str = "utf-8"
) -> Skin:
    def skin(title: str, tables: Sequence[Table], rng: random.Random) -> bytes:
        page = markup.page(markup.body(title, tables, draw(rng), heads), title, head, box)
        return page.replace('charset="utf-8"', f'charset="{encoding}"').encode(encoding)

    return skin


def _bare(rng: random.Random) -> Draw:
    return table


def _ueditor(rng: random.Random) -> Draw:
    style = ' style="padding: 0px 7px; border-width: 1px; border-style: solid; border-color: windowtext; word-break: break-all;"'
    run = '<span style=";font-family:宋体;font-size:14px">'
    inner = markup.paragraph(
        lambda cell: f"{run}{words(cell)}</span>" if cell.text else "<br/>", ' style="text-align:center;line-height:29px"'
    )
    cell = f' width="61" valign="middle" align="center"{style}'
    return lambda made: table(made, inner, ' data-sort="sortDisabled" width="618"', cell, ' class="firstRow"', "<tbody>", "</tbody>")


def _kindeditor(rng: random.Random) -> Draw:
    frame = ' style="width:100%;" cellpadding="2" cellspacing="0" border="1" bordercolor="#000000"'
    return lambda made: table(made, lambda cell: words(cell) + "<br />\n", frame, "", "", "\n\t<tbody>\n\t\t", "</tbody>\n")


def _word(rng: random.Random) -> Draw:
    style = "width:45.9pt;border:solid windowtext 1.0pt;border-left:none;mso-border-alt:solid windowtext .5pt;padding:0cm 5.4pt 0cm 5.4pt"
    wrap = ('<SPAN style="FONT-SIZE: 10.5pt; mso-hansi-font-family: Calibri">', "<SPAN lang=EN-US>", '<B><SPAN style="COLOR: black">')
    empty = "<SPAN lang=EN-US><![if !supportEmptyParas]>&nbsp;<![endif]><o:p></o:p></SPAN>"

    def inner(cell: Cell) -> str:
        text = markup.runs(cell.text, rng, wrap) + "<SPAN lang=EN-US><o:p></o:p></SPAN>" if cell.text else empty
        return f"<P class=MsoNormal style='TEXT-ALIGN: center' align=center>{text}</P>"

    ghost = "<![if !supportMisalignedColumns]><tr height=0>" + "<td width=61 style='border:none'></td>" * 10 + "</tr><![endif]>"
    after = f"<!--[if gte mso 9]><xml><w:View>Normal</w:View></xml><![endif]-->{ghost}"
    return lambda made: table(
        made, inner, " class=MsoNormalTable border=1", f" width=61 nowrap style='{style}'", " style='HEIGHT: 1.0cm'", after=after
    )


def _wps(rng: random.Random) -> Draw:
    wrap = (
        '<font face="宋体">',
        "<span style=\"mso-spacerun:'yes';font-family:宋体;mso-ascii-font-family:Calibri;font-size:10.5000pt;mso-font-kerning:1.0000pt;\">",
    )
    inner = markup.paragraph(lambda cell: markup.runs(cell.text, rng, wrap, 6) or "<o:p></o:p>", ' class="MsoNormal" align="center"')
    columns = "<colgroup>" + '<col style="width: 54.00pt;" width="72"/>' * 10 + "</colgroup><tbody>"
    return lambda made: table(
        made, inner, ' class="MsoTableGrid" style="border-collapse:collapse;mso-table-layout-alt:fixed"', "", "", columns, "</tbody>"
    )


def _nested_spans(rng: random.Random) -> Draw:
    wrap = ("<span><span style='color:#333'><font><strong>", "<font><span>", "<span>", "<em><span><span>", "<u><b>")
    return lambda made: table(made, lambda cell: markup.runs(cell.text, rng, wrap, 2))


def _empty_cells(rng: random.Random) -> Draw:
    return lambda made: table(layout.flat(made))


def _five_columns(rng: random.Random) -> Draw:
    """A grid laid for another table: table 2's values stand in a grid of five, table 3's labels over five columns."""
    return lambda made: table(replace(made, lines=[Line([_wider(cell, made.key) for cell in line.cells]) for line in made.lines]))


def _wider(cell: Cell, key: str) -> Cell:
    first = (cell.role == "label" and cell.colspan == (3 if key == "table_3" else 1)) or cell.role in ("corner", "caption")
    deep = key == "table_3" and cell.role == "label" and not first
    more = {"table_2": 1, "table_3": 2}.get(key, 0) if first or cell.text == "信息内容" else 2 if deep else 0
    return replace(cell, colspan=cell.colspan + more)


def _paragraph_labels(rng: random.Random) -> Draw:
    """Labels cut in two or three paragraphs, as a narrow column makes the typist do."""

    def inner(cell: Cell) -> str:
        parts = broken(cell.text, rng, rng.randint(1, 2)) if cell.role in HEADS else [cell.text]
        return "".join(f"<p align=center>{escape(part, quote=False)}</p>" for part in parts)

    return lambda made: table(made, inner, "", ' align="center"')


def broken(text: str, rng: random.Random, times: int) -> list[str]:
    """``text`` in parts, cut at any character."""
    cuts = sorted(rng.sample(range(1, len(text)), min(times, len(text) - 1))) if len(text) > 1 else []
    return [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)])]


def _broken_words(rng: random.Random) -> Draw:
    glue = ("<br>", "<br/>", " ", "&nbsp;", "\n   ", "</span><span>", "</p><p>", "&#8203;", "　")

    def inner(cell: Cell) -> str:
        parts = broken(cell.text, rng, rng.randint(1, 4)) if cell.role in HEADS else [cell.text]
        return (
            "<p><span>"
            + "".join(escape(part, quote=False) + rng.choice(glue) for part in parts[:-1])
            + words(replace(cell, text=parts[-1]))
            + "</span></p>"
        )

    return lambda made: table(made, inner)


def _heavy(rng: random.Random) -> Draw:
    """300 KB of style for three tables."""
    noise = ";".join(f"mso-style-{number}:'{rng.randrange(10**9):09d}'" for number in range(19))
    inner = markup.paragraph(
        lambda cell: f'<span style="{noise}">{words(cell)}<o:p></o:p></span>', ' class="MsoNormal" style="margin:0;text-indent:0"'
    )
    return lambda made: table(made, inner, f' style="{noise}"', f' style="{noise}"')


def _thead(rng: random.Random) -> Draw:
    def draw(made: Table) -> str:
        header = made.header()
        top = header if made.lines[: len(header)] == header else []
        rest = markup.lines_html(made.lines[len(top) :], "td")
        return f"<table><thead>{markup.lines_html(top, 'th')}</thead><tbody>{rest}</tbody><tfoot></tfoot></table>"

    return draw


def _th_labels(rng: random.Random) -> Draw:
    def tag(cell: Cell) -> str:
        return "th scope=row" if cell.role in HEADS else "td"

    def row(line: Line) -> str:
        return "<tr>" + "".join(f"<{tag(cell)}{spans(cell)}>{words(cell)}</{tag(cell)[:2]}>" for cell in line.cells) + "</tr>"

    return lambda made: "<table>" + "".join(row(line) for line in made.lines) + "</table>"


def _nested_layout(rng: random.Random) -> Draw:
    return lambda made: f'<table width="98%" border="0"><tr><td><div align="center">{table(made)}</div></td></tr></table>'


def _nbsp(rng: random.Random) -> Draw:
    debris = ("&nbsp;", "&nbsp;&nbsp;", "\u200b", "\ufeff", "　", " \n\t ", "&ensp;", "")
    return lambda made: table(made, lambda cell: rng.choice(debris) + words(cell) + rng.choice(debris))


def _label_and_blanks(rng: random.Random) -> Draw:
    """Labels of one column, and an empty cell for each further column that they should span."""

    def line(old: Line) -> Line:
        cells = [part for cell in old.cells for part in ((replace(cell, colspan=1), *_blanks(cell)) if cell.role == "label" else (cell,))]
        return Line(cells)

    return lambda made: table(replace(made, lines=[line(old) for old in made.lines]))


def _blanks(cell: Cell) -> list[Cell]:
    return [Cell("", "fill", cell.rowspan, 1) for _ in range(cell.colspan - 1)]


def _caption(rng: random.Random) -> Draw:
    def draw(made: Table) -> str:
        wide = max(sum(cell.colspan for cell in line.cells) for line in made.lines)
        title = f'<tr><td colspan="{wide}" align="center"><strong>{made.title}</strong></td></tr>'
        return table(made, before=f"<caption>{made.title[2:]}统计表</caption>{title}")

    return draw


def _page_break(rng: random.Random, again: bool) -> Draw:
    """Table 3 goes on in a second table on the next page; with its header printed again, or without."""

    def draw(made: Table) -> str:
        rows = layout.flat(made).lines if made.key == "table_3" else made.lines
        if made.key != "table_3":
            return table(made)
        at = rng.randint(6, len(rows) - 3)
        header = made.header() if again else []
        first, second = replace(made, lines=rows[:at]), replace(made, lines=[*header, *rows[at:]])
        return f"{table(first)}<p>&nbsp;</p>{table(second)}"

    return draw


def _units_apart(rng: random.Random) -> Draw:
    """Number and unit, or sign and number, in spans of their own."""

    def inner(cell: Cell) -> str:
        if cell.role != "value":
            return words(cell)
        number = cell.text.rstrip("万元件")
        return f"<span>{number}</span><span>{cell.text[len(number) :]}</span>"

    return lambda made: table(made, inner)


def _unclosed(rng: random.Random) -> Draw:
    def row(line: Line) -> str:
        return "<TR>" + "".join(f"\n<TD{unquoted(cell)}>{words(cell)}" for cell in line.cells)

    def unquoted(cell: Cell) -> str:
        return spans(cell).replace('"', "")

    return lambda made: "<TABLE BORDER=1>" + "\n".join(row(line) for line in made.lines) + "</TABLE>"


def _laid_out(rng: random.Random) -> Draw:
    """Source laid out by an editor, a line a tag, with rows that have no cells and comments between."""

    def row(line: Line) -> str:
        cells = "".join(f"\n        <td{spans(cell)}>\n            {words(cell)}\n        </td>" for cell in line.cells)
        return f"\n    <tr>{cells}\n    </tr>{rng.choice(('', '', '<tr></tr>', '<!-- <td>0</td> -->'))}"

    return lambda made: "<table>\n  <tbody>" + "".join(row(line) for line in made.lines) + "\n  </tbody>\n</table>"


def _entities(rng: random.Random) -> Draw:
    return lambda made: table(made, lambda cell: "<!-- -->" + "".join(f"&#{ord(character)};" for character in cell.text))


SKINS: dict[str, Skin] = {
    "bare": _skin(_bare),
    "ueditor": _skin(_ueditor, box='div class="TRS_UEDITOR trs_paper_default"'),
    "kindeditor": _skin(_kindeditor, box='div class="content"'),
    "word": _skin(_word, head="<style>p.MsoNormal{mso-style-parent:''}</style>", box='div class="TRS_Editor"'),
    "word, gbk": _skin(_word, box='div class="TRS_Editor"', encoding="gb18030"),
    "wps": _skin(_wps),
    "nested spans": _skin(_nested_spans),
    "empty cells for spans": _skin(_empty_cells),
    "five-column grid": _skin(_five_columns),
    "labels over paragraphs": _skin(_paragraph_labels, heads="h2"),
    "words broken": _skin(_broken_words),
    "300 KB": _skin(_heavy),
    "thead and th": _skin(_thead),
    "th labels": _skin(_th_labels),
    "nested layout table": _skin(_nested_layout, heads="strong"),
    "nbsp and debris": _skin(_nbsp),
    "labels and blanks": _skin(_label_and_blanks),
    "caption inside": _skin(_caption),
    "page break, header again": _skin(lambda rng: _page_break(rng, True)),
    "page break": _skin(lambda rng: _page_break(rng, False)),
    "units apart": _skin(_units_apart),
    "tags not closed": _skin(_unclosed),
    "laid-out source": _skin(_laid_out),
    "entities": _skin(_entities),
}
