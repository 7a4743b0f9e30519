"""How the same report looks in the markup of different editors: pasted from Word, clean, a CMS editor's inline styles, and old capitals."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from importlib.resources import files
from typing import NamedTuple

from harvester.sample.tables import Cell, Table

Markup = Callable[[str], str]


class Skin(NamedTuple):
    """An editor: how it writes a heading, a paragraph, a table, and what it wraps around all of them."""

    heading: Markup
    paragraph: Markup
    table: Callable[[Table], str]
    whole: Markup


def _spans(cell: Cell, form: str = '{name}="{count}"') -> str:
    found = (("rowspan", cell.rows), ("colspan", cell.columns))
    return "".join(" " + form.format(name=name, count=count) for name, count in found if count > 1)


# Word: each run of Latin or of Chinese signs is a span of its own; every cell carries its borders and its paragraph.
RUN = re.compile(r"[ -~]+|[^ -~]+")
CELL = "border:solid windowtext 1.0pt;mso-border-alt:solid windowtext .5pt;padding:0cm 5.4pt"


def _runs(text: str, size: str) -> str:
    latin = f'<span lang="EN-US" style="font-size:{size};mso-font-kerning:0pt">%s</span>'
    chinese = f'<span style="font-size:{size};font-family:宋体;mso-font-kerning:0pt">%s</span>'
    return "".join((latin if run.isascii() else chinese) % escape(run, quote=False) for run in RUN.findall(text))


def _word_line(text: str, bold: bool = False) -> str:
    style = "text-indent:32.0pt;mso-char-indent-count:2.0;line-height:28.0pt;mso-line-height-rule:exactly"
    inner = _runs(text, "16.0pt")
    return f'<p class="MsoNormal" style="{style}">{f"<b>{inner}</b>" if bold else inner}<span lang="EN-US"><o:p></o:p></span></p>\n'


def _word_cell(cell: Cell) -> str:
    text = _runs(cell.text, "10.0pt") if cell.text else '<span lang="EN-US" style="font-size:10.0pt">&nbsp;</span>'
    paragraph = f'<p class="MsoNormal" align="center" style="text-align:center">{text}<o:p></o:p></p>'
    return f'<td width="{61 * cell.columns}"{_spans(cell)} style="width:{46 * cell.columns}.0pt;{CELL}">{paragraph}</td>'


def _word_table(table: Table) -> str:
    rows = [
        f'<tr style="mso-yfti-irow:{index};height:22.7pt">{"".join(_word_cell(cell) for cell in row)}</tr>\n'
        for index, row in enumerate(table)
    ]
    style = "border-collapse:collapse;border:none;mso-border-alt:solid windowtext .5pt;mso-yfti-tbllook:1184"
    attributes = f'class="MsoTableGrid" border="1" cellspacing="0" cellpadding="0" style="{style}"'
    return f"<table {attributes}><tbody>{''.join(rows)}</tbody></table>\n"


def _word_whole(inner: str) -> str:
    noise = files("harvester.sample.templates").joinpath("word_head.html").read_text("utf-8")
    return f'{noise}<div class="WordSection1" style="layout-grid:15.6pt">\n{inner}</div>\n'


def _clean_table(table: Table) -> str:
    rows = ["<tr>" + "".join(f"<td{_spans(cell)}>{escape(cell.text, quote=False)}</td>" for cell in row) + "</tr>\n" for row in table]
    return f'<div class="table-responsive"><table class="table table-bordered"><tbody>\n{"".join(rows)}</tbody></table></div>\n'


def _editor_line(text: str) -> str:
    style = "text-indent: 2em; line-height: 2em; font-family: 仿宋_GB2312; font-size: 21px;"
    return f'<p style="{style}"><span style="font-family: 仿宋_GB2312; font-size: 21px;">{escape(text, quote=False)}</span></p>'


def _editor_cell(cell: Cell) -> str:
    """A long label is broken where the editor's column was narrow: 商业 / 企业."""
    text = escape(cell.text, quote=False) or "&nbsp;"
    if len(text) == 4 and text.isalpha() and not cell.text.isdigit():
        text = f"{text[:2]}<br/>{text[2:]}"
    return f'<td{_spans(cell)} style="border: 1px solid #000; padding: 2px;"><p style="text-align: center;">{text}</p></td>'


def _editor_table(table: Table) -> str:
    rows = ["<tr>" + "".join(_editor_cell(cell) for cell in row) + "</tr>" for row in table]
    return f'<table cellspacing="0" cellpadding="0" style="width: 100%;"><tbody>{"".join(rows)}</tbody></table>\n'


def _old_table(table: Table) -> str:
    """Capitals, attributes without quotes, cells and rows that are never closed."""
    rows = [
        "\r\n<TR>" + "".join(f"\r\n<TD align=middle{_spans(cell, '{name}={count}')}><FONT size=2>{_old(cell.text)}</FONT>" for cell in row)
        for row in table
    ]
    return f"\r\n<TABLE border=1 cellSpacing=0 cellPadding=0 width=620>{''.join(rows)}</TABLE>\r\n"


def _old(text: str) -> str:
    return escape(text, quote=False) or "&nbsp;"


SKINS = {
    "word": Skin(lambda text: _word_line(text, bold=True), _word_line, _word_table, _word_whole),
    "clean": Skin(
        lambda text: f"<h3>{escape(text, quote=False)}</h3>\n",
        lambda text: f"<p>　　{escape(text, quote=False)}</p>\n",
        _clean_table,
        lambda inner: inner,
    ),
    "editor": Skin(
        lambda text: f'<p style="text-indent: 2em;"><strong>{escape(text, quote=False)}</strong></p>',
        _editor_line,
        _editor_table,
        lambda inner: f'<div class="view TRS_UEDITOR">{inner}</div>',
    ),
    "old": Skin(
        lambda text: f"\r\n<P><B>　　{escape(text, quote=False)}</B></P>",
        lambda text: f"\r\n<P>　　{escape(text, quote=False)}</P>",
        _old_table,
        lambda inner: f"<FONT face=仿宋_GB2312 size=4>{inner}</FONT>",
    ),
}
