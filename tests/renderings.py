"""One report as a dozen sites, editors and savers render it: the same text every time, and everything around it different."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

from harvester.sample.numbers import sheet
from harvester.sample.places import in_year
from harvester.sample.printed import cells, form_of
from harvester.sample.prose import closing, narrative, overview, words
from harvester.sample.tables import Table, table_2, table_3, table_4
from harvester.sample.world import title_of

Part = tuple[str, str | Table]  # ("h" | "p" | "t", text or table)
Markup = Callable[[str], str]


def report(key: str, year: int) -> tuple[str, list[Part]]:
    """Title, and the headings, paragraphs and tables of a report of the sample world."""
    organ, shown, counts = in_year(key, year), cells(key, year, 1), sheet(key, year)
    said = words(organ, year, shown, counts)
    if not shown:
        return title_of(key, year), [("h" if line.heading else "p", line.text) for line in narrative(organ, year, said, counts)]
    before, after = ([("h" if line.heading else "p", line.text) for line in part(organ, year, said)] for part in (overview, closing))
    tables: list[Part] = [("h", "二、主动公开政府信息情况"), *(("t", table) for table in table_2(form_of(key, year), shown))]
    tables += [("h", "三、收到和处理政府信息公开申请情况"), ("t", table_3(form_of(key, year), shown))]
    tables += [("h", "四、政府信息公开行政复议、行政诉讼情况"), ("t", table_4(shown))]
    return title_of(key, year), [*before, *tables, *after]


def body(parts: list[Part], heading: Markup, paragraph: Markup, cell: Markup, table: str = "<table>%s</table>") -> str:
    marks = {"h": heading, "p": paragraph}
    return "".join(marks[kind](content) if isinstance(content, str) else table % _rows(content, cell) for kind, content in parts)


def _rows(table: Table, cell: Markup) -> str:
    return "".join("<tr>" + "".join(_cell(entry.text, entry.rows, entry.columns, cell) for entry in row) + "</tr>" for row in table)


def _cell(text: str, rows: int, columns: int, cell: Markup) -> str:
    spans = (f' rowspan="{rows}"' if rows > 1 else "") + (f' colspan="{columns}"' if columns > 1 else "")
    return f"<td{spans}>{cell(escape(text, quote=False)) if text else '&nbsp;'}</td>"


def p(text: str) -> str:
    return f"<p>{escape(text, quote=False)}</p>\n"


def bold(text: str) -> str:
    return f"<p><strong>　　{escape(text, quote=False)}</strong></p>\n"


def same(text: str) -> str:
    return text


def plain(parts: list[Part]) -> str:
    return body(parts, bold, p, same)


def clean_div(title: str, parts: list[Part]) -> str:
    """TRS: meta tags, title outside the text."""
    return (
        f'<html><head><title>{title}-云溪县人民政府</title><meta name="ArticleTitle" content="{title}">'
        '<meta name="PubDate" content="2024-01-20">'
        '</head><body><div class="top"><a href="/">首页</a> <a href="/zw/">政务公开</a></div>'
        '<div class="dqwz">您现在的位置：首页 &gt; 年报</div>'
        f'<h1>{title}</h1><div class="info"><span>发布时间：2024-01-20</span><span>来源：办公室</span></div>'
        f'<div class="TRS_Editor">{plain(parts)}</div>'
        '<div class="footer">主办：云溪县人民政府 版权所有 网站标识码：0000000000 ICP备00000000号</div></body></html>'
    )


def chrome_inside(title: str, parts: list[Part]) -> str:
    """Hanweb: everything inside ``#zoom``: title over two lines, the line of publication, tools, neighbours, who edited it."""
    head = "".join(f"<h2>{part}</h2>" for part in re.split(r"(?<=[局府室])(?=[2二])", title))
    return (
        f'<html><head><title>{title}</title></head><body><ul class="menu"><li>首页</li><li>新闻</li></ul><div id="zoom">{head}'
        "<p>发布日期：2024-01-20 09:12　信息来源：县政府办公室　浏览次数：<span>1024</span>"
        "　字体：[<a>大</a> <a>中</a> <a>小</a>]　[打印本页]</p>"
        f"{plain(parts)}<p>责任编辑：张三</p><p>【打印】 【关闭】</p>"
        '<div class="share">分享到：<a>微信</a><a>微博</a></div><p>扫一扫在手机打开当前页</p>'
        '<p>上一篇：<a href="1.html">2022年政府信息公开工作年度报告</a></p><p>下一篇：<a>没有了</a></p><p>相关链接：</p></div>'
        "<div>版权所有</div></body></html>"
    )


def phone(title: str, parts: list[Part]) -> str:
    """The wap twin: no known container, each paragraph an indented ``div``."""
    text = body(
        parts,
        lambda line: f"<div><b>{line}</b></div>",
        lambda line: f"<div>&nbsp;&nbsp;&nbsp;&nbsp;{escape(line, quote=False)}</div>",
        same,
    )
    return (
        f'<!DOCTYPE html><html><head><meta name="viewport" content="width=device-width"><title>{title}</title></head><body>'
        f'<header><a href="/m/">返回首页</a></header><section class="detail"><h3>{title}</h3><p class="time">2024-01-20</p>'
        f'<div class="m-con">{text}</div></section><footer>电脑版 | 手机版</footer></body></html>'
    )


def line_breaks(title: str, parts: list[Part]) -> str:
    """Ucap: running text with ``br``, every second character in a span of its own."""

    def line(text: str) -> str:
        runs = "".join(f'<span style="font-size:16pt">{escape(text[at : at + 2], quote=False)}</span>' for at in range(0, len(text), 2))
        return f"&nbsp; &nbsp; {runs}<br/>\n<br/>"

    return (
        f"<html><head><title>{title}_年报_云溪县</title></head><body><div class='h'>{title}</div><ucapcontent><div>"
        f"{body(parts, line, line, same)}</div></ucapcontent></body></html>"
    )


def layout_tables(title: str, parts: list[Part]) -> str:
    """An old ASP page: tables in tables, capitals, cells never closed, the text in one of them."""
    text = body(
        parts,
        lambda line: f"<P><B>{line}</B>",
        lambda line: f"<P>　　{line}",
        lambda cell: f"<P align=center><FONT size=2>{cell}</FONT></P>",
    )
    return (
        f"<HTML><HEAD><TITLE>{title}</TITLE></HEAD><BODY><TABLE width=1000><TR><TD><IMG src=top.jpg>"
        "<TR><TD><A href=1>首页</A> <A href=2>机构</A>"
        f"<TR><TD><TABLE><TR><TD width=200><A href=3>信息公开指南</A><BR><A href=4>信息公开目录</A><BR><A href=5>信息公开年报</A>"
        f"<TD><TABLE><TR><TD align=center><B>{title}</B><TR><TD align=center>发布时间：2024-1-20 点击数：33"
        f"<TR><TD id=BodyLabel>{text}</TABLE></TABLE>"
        "<TR><TD>版权所有：云溪县人民政府 技术支持：某公司</TABLE></BODY></HTML>"
    )


def layout_without_names(title: str, parts: list[Part]) -> str:
    return layout_tables(title, parts).replace(" id=BodyLabel", "").replace("<IMG", "<A href=0>无障碍浏览</A> <A href=9>长者模式</A><IMG")


def flat(title: str, parts: list[Part]) -> str:
    """No wrapper at all: menu, path, title, text and foot are children of the body."""
    menu = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("首页", "新闻", "政务公开", "办事服务", "互动交流"))
    return (
        f'<!DOCTYPE html><html><body><ul>{menu}</ul><p><a href="/">首页</a> &gt; <a href="/n">信息公开年报</a></p><h1>{title}</h1>'
        f"<p>来源：办公室　发布时间：2024-01-20　字号：【大 中 小】</p>{plain(parts)}"
        "<p>[关闭窗口]</p><ul><li><a href=a>国务院</a></li><li><a href=b>省政府</a></li></ul><p>主办：县政府办公室</p></body></html>"
    )


def saved_again(title: str, parts: list[Part]) -> str:
    """Saved by a browser or a tool that breaks and indents lines wherever it likes."""
    page = clean_div(title, parts)
    return re.sub(r"(?<=[\u4e00-\u9fff，。])(?=[\u4e00-\u9fff]{9})", "\n            ", re.sub(r">\s*<", ">\n    <", page))


def half_width(title: str, parts: list[Part]) -> str:
    """An editor that writes half-width signs."""
    page = clean_div(title, parts)
    for wide, narrow in zip("（）：；，％", "():;,%", strict=True):
        page = page.replace(wide, narrow)
    return page


def word(title: str, parts: list[Part]) -> str:
    """Pasted from Word: a run for Latin, a run for Chinese, empty ``o:p``, comments, a class for everything."""

    def runs(text: str) -> str:
        found = re.findall(r"[ -~]+|[^ -~]+", text)
        return (
            "".join(f'<span lang="EN-US" style="mso-font-kerning:0pt">{escape(run, quote=False)}\u200b</span>' for run in found)
            + "<o:p></o:p>"
        )

    def line(text: str) -> str:
        return f'<p class="MsoNormal" style="text-indent:32.0pt">{runs(text)}</p>\n'

    return (
        f'<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><title>{title}</title></head><body><h1>{title}</h1>'
        "<!--[if gte mso 9]><xml><o:p>正文之外</o:p></xml><![endif]--><style>p.MsoNormal{margin:0}</style><div class='WordSection1'>"
        f"{body(parts, line, line, lambda cell: f'<p class=MsoNormal align=center>{cell}<o:p></o:p></p>')}</div></body></html>"
    )


def hidden_things(title: str, parts: list[Part]) -> str:
    """Headings as headings, and what nobody sees: scripts, templates, hidden copies, forms, menus of links, windows that float."""
    text = body(
        parts,
        lambda line: f"<h2>{line}</h2>",
        p,
        lambda cell: f'{cell}<span style="display:none">9</span>',
        "<table><tbody>%s</tbody></table>",
    )
    return (
        f"<html><head><title>{title}</title></head><body><noscript>请开启脚本</noscript><div style='display:none'>{title}</div>"
        '<div id="wza" class="accessibility">无障碍 长者模式 <button>关闭</button></div><div class="article-content">'
        f'<div style="display: none">微信分享摘要：全年公开情况</div><script>var a="脚本"</script>'
        f"<template><p>模板里的字</p></template>{text}"
        "<p hidden>隐藏段落</p><form><input type='hidden' value='7'><select onchange='go()'>"
        "<option>国务院部门</option><option>省政府</option></select>"
        "</form><!-- 注释 --><video controls>您的浏览器不支持video标签</video></div>"
        '<div class="float" style="position:fixed">返回顶部</div></body></html>'
    )


def catalogue(title: str, parts: list[Part]) -> str:
    """信息公开目录: the table of 索引号 above the text, attachments below."""
    head = (
        "<table><tr><td>索引号：</td><td>000014349/2024-00001</td><td>主题分类：</td><td>政务公开</td></tr>"
        f"<tr><td>发布机构：</td><td>办公室</td><td>成文日期：</td><td>2024年01月20日</td></tr>"
        f"<tr><td>标题：</td><td colspan=3>{title}</td></tr></table>"
    )
    return (
        f'<html><head><title>{title}</title></head><body><div class="xxgk_content">{head}'
        f'<p style="text-align:center">{title}</p>{plain(parts)}'
        f'<p>附件：<a href="/files/1.pdf">{title}.pdf</a></p><p><a href="/files/1.docx">{title}.docx</a></p></div></body></html>'
    )


def printed_version(title: str, parts: list[Part]) -> str:
    return f"<html><body><center><b>{title}</b></center><hr>{plain(parts)}<center>[打印] [关闭]</center></body></html>"


RENDERINGS: dict[str, Callable[[str, list[Part]], str]] = {
    made.__name__: made
    for made in (
        *(clean_div, chrome_inside, phone, line_breaks, layout_tables, saved_again, half_width, word, hidden_things, catalogue),
        *(printed_version, layout_without_names, flat),
    )
}
