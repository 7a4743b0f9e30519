"""The pieces of HTML that editors, Word and content management systems make of a cell, a row and a page."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from html import escape

from benchmarks.accuracy.layout import Cell, Line, Table

Inner = Callable[[Cell], str]
Draw = Callable[[Table], str]

PROSE = {
    "一、总体情况": (
        "本机关认真贯彻落实条例要求，坚持以公开为常态，平稳有序推进各项工作。",
        "全年通过门户网站发布各类信息，组织业务培训，及时答复群众关切。",
    ),
    "五、存在的主要问题及改进情况": ("工作中仍有公开内容不够细、更新不够及时的问题。", "今后将细化目录，加强审核，提高答复质量。"),
    "六、其他需要报告的事项": ("无其他需要报告的事项。",),
}


def spans(cell: Cell) -> str:
    return (f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else "") + (f' colspan="{cell.colspan}"' if cell.colspan > 1 else "")


def words(cell: Cell) -> str:
    return escape(cell.text, quote=False)


def table(made: Table, inner: Inner = words, attributes: str = "", cell: str = "", row: str = "", before: str = "", after: str = "") -> str:
    """A table with the same attributes for every cell; ``before`` and ``after`` stand inside it, around the rows."""
    rows = "".join(
        f"<tr{row}>" + "".join(f"<td{cell}{spans(one)}>{inner(one)}</td>" for one in line.cells) + "</tr>\n" for line in made.lines
    )
    return f"<table{attributes}>{before}{rows}{after}</table>"


def paragraph(inner: Inner, attributes: str) -> Inner:
    return lambda cell: f"<p{attributes}>{inner(cell)}</p>"


def runs(text: str, rng: random.Random, wrap: Sequence[str], longest: int = 3) -> str:
    """``text`` cut into runs of a few characters, each wrapped in the tags of ``wrap`` (``<span …>``, ``<font …>``)."""
    made, at = [], 0
    while at < len(text):
        size = rng.randint(1, longest)
        tags = rng.choice(wrap)
        closing = "".join(f"</{tag.split()[0].rstrip('>')}>" for tag in reversed(tags.split("<")[1:]))
        made.append(tags + escape(text[at : at + size], quote=False) + closing)
        at += size
    return "".join(made)


def section(heading: str, tables: Sequence[Table], draw: Draw, heads: str = "p") -> str:
    return f"<{heads}>{heading}</{heads}>" + "\n".join(draw(one) for one in tables if one.title == heading)


def body(title: str, tables: Sequence[Table], draw: Draw, heads: str = "p") -> str:
    """The report: six sections, the tables in theirs."""
    first, *last = (f"<{heads}>{name}</{heads}>" + "".join(f"<p>{line}</p>" for line in lines) for name, lines in PROSE.items())
    middle = [section(name, tables, draw, heads) for name in dict.fromkeys(one.title for one in tables)]
    return f"<h1>{title}</h1>" + "\n".join([first, *middle, *last])


def page(content: str, title: str, head: str = "", box: str = 'div id="zoom"') -> str:
    """A page of a portal around the report."""
    menu = "".join(f'<li><a href="/{name}/">{name}</a></li>' for name in ("首页", "要闻", "政务公开", "办事服务", "互动交流"))
    footer = '<div class="footer">主办单位：云溪县人民政府办公室</div>'
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>'
        f'<div class="header"><ul>{menu}</ul></div>'
        f"<{box}>{content}</{box.split()[0]}>{footer}</body></html>"
    )


def lines_html(lines: Sequence[Line], tag: str) -> str:
    return "".join("<tr>" + "".join(f"<{tag}{spans(one)}>{words(one)}</{tag}>" for one in line.cells) + "</tr>" for line in lines)
