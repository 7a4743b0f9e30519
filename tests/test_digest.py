"""Canonical text: what editors vary does not count, what the report says does."""

from __future__ import annotations

from harvester import digest, readers
from harvester.items import Block, Document

TITLE = "甲县人民政府2021年政府信息公开工作年度报告"
BODY = "<p>一、总体情况</p><p>全年公开信息５条（其中规章0件）。</p>"
BODY += "<table><tr><td>规章</td><td>4</td></tr><tr><td>许可</td><td>12</td></tr></table>"


def sha(html: str, title: str = TITLE) -> str:
    return digest.text_sha256(digest.clean_text(readers.read(html.encode()), title))


def test_layout_of_the_corpus_text() -> None:
    document = readers.read(f'<div id="zoom"><h1>{TITLE}</h1>{BODY}</div>'.encode())
    assert digest.clean_text(document, TITLE) == f"# {TITLE}\n\n## 一、总体情况\n\n全年公开信息５条（其中规章0件）。\n\n规章\t4\n许可\t12\n"


def test_same_text_in_other_markup_has_the_same_hash() -> None:
    plain = sha(f"<html><body>{BODY}</body></html>")
    word = (
        BODY.replace("<p>", '<p class="MsoNormal"><span lang="EN-US">&nbsp;&nbsp;')
        .replace("</p>", "</span><o:p></o:p></p>")
        .replace("５", "5")
        .replace("（", "(")
    )
    assert sha(f'<html><body><div class="nav"><a>首页</a></div><div class="TRS_Editor"><p>{TITLE}</p>{word}</div></body></html>') == plain


def test_title_over_two_lines_is_said_once() -> None:
    document = Document([Block("甲县人民政府", 1), Block("2021年政府信息公开工作年度报告", 1), Block("正文。")])
    assert digest.clean_text(document, TITLE).count("甲县人民政府") == 1


def test_any_figure_and_any_cell_border_counts() -> None:
    first = sha(BODY)
    assert (
        len({first, sha(BODY.replace("<td>4", "<td>5")), sha(BODY.replace("<td>12", "<td>1</td><td>2")), sha(BODY, "乙" + TITLE[1:])}) == 4
    )


def test_id_is_the_head_of_the_hash() -> None:
    assert digest.report_id("0123456789abcdef" * 4) == "0123456789abcdef"
