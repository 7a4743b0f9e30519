"""List pages of each platform family: a folder of tests/lists holds a page and what must be read from it."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from harvester.readers.encoding import decode
from spiders import families
from spiders.families import Link, ListRequest, anchors, naming, pager, shell

CASES = sorted(path.parent for path in (Path(__file__).parent / "lists").glob("*/expect.json"))


def page_of(case: Path) -> tuple[dict[str, Any], str]:
    page = next(path for path in case.iterdir() if path.stem == "page")
    return json.loads((case / "expect.json").read_text("utf-8")), decode(page.read_bytes())[0]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_list_page_is_recognised_and_read(case: Path) -> None:
    expected, text = page_of(case)
    assert families.detect(expected["url"], text) == expected["family"]
    assert shell.recognise(expected["url"], text) == (expected["family"] == "shell"), "shells are looked for before anything else"
    listing = families.read(expected["family"], expected["url"], text)
    assert listing.links == [Link(*link) for link in expected["links"]]
    wanted = [{**request, "headers": tuple(map(tuple, request.get("headers", ())))} for request in expected["more"]]
    assert listing.more == [ListRequest(**request) for request in wanted]
    assert (listing.total, listing.entries) == (expected.get("total"), expected.get("entries", 0))
    assert (listing.pages, listing.others) == (expected.get("pages"), expected.get("others", 0))
    assert (listing.dead_end, listing.column) == (expected.get("dead_end", ""), expected.get("column", ""))
    assert listing.itself == (Link(*expected["itself"]) if "itself" in expected else None)


@pytest.mark.parametrize("name", families.names())
def test_every_family_has_a_case(name: str) -> None:
    assert name in {page_of(case)[0]["family"] for case in CASES}


def test_families_are_tried_from_the_surest_sign_to_none() -> None:
    order = ("gkmlpt", "jpaas", "hanweb_jpage", "hanweb_xxgk", "truecms", "epoint", "lonsun", "ucap", "trs", "vsb", "easysite", "henan_ymd")
    places = [families.names().index(name) for name in (*order, "shell", "generic")]
    assert places == sorted(places)
    assert families.names()[-1] == "generic"
    assert families.detect("http://a.gov.cn/", "") == "generic"


def test_an_unknown_family_is_an_error() -> None:
    with pytest.raises(KeyError):
        families.get("frontpage98")


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("a.html;jsessionid=1F0?x=1", "http://a.gov.cn/b/a.html?x=1"),
        ("..\\c\\d.html", "http://a.gov.cn/c/d.html"),
        (" //e.gov.cn/f.html\n", "http://e.gov.cn/f.html"),
        ("http://b.gov.cn/html/1//2/151/59946.html", "http://b.gov.cn/html/1//2/151/59946.html"),
        ("javascript:void(0)", ""),
        ("#", ""),
        ("", ""),
        ("${row.url}", ""),
        ("http://[bad/", ""),
        ("ftp://a.gov.cn/x", ""),
    ],
)
def test_an_address_is_made_absolute_or_left_out(href: str, url: str) -> None:
    assert anchors.absolute("http://a.gov.cn/b/index.html", href) == url


@pytest.mark.parametrize(
    ("text", "title", "whole"),
    [
        ("某局2021年政府信息公…", "某局2021年政府信息公开工作年度报告", "某局2021年政府信息公开工作年度报告"),
        ("某局2021年政府信息公", "某局2021年政府信息公开工作年度报告", "某局2021年政府信息公开工作年度报告"),
        ("某局2021年报告", "点击查看", "某局2021年报告"),
        ("某局2021年政府信息…", "新窗口打开", "某局2021年政府信息…"),
        ("", "某局2021年报告", "某局2021年报告"),
    ],
)
def test_a_title_is_taken_whole(text: str, title: str, whole: str) -> None:
    assert anchors.whole_title(text, title) == whole


def test_the_date_of_another_row_is_nobodys_date() -> None:
    rows = ("<a href=1.html>甲</a>", "<a href=2.html>乙</a> 2020-01-02", "<a href=3.html>丙</a>", "<a href=4.html>丁</a>")
    html = f"<ul>{''.join(f'<li>{row}</li>' for row in rows)}</ul>"
    assert [link.date for link in anchors.links("http://a.gov.cn/", html)] == ["", "2020-01-02", "", ""]


def test_pages_are_counted_as_the_first_page_counts() -> None:
    from_zero = pager.following("http://a.gov.cn/nb/", 3, 0, "index", "html")
    from_one = pager.following("http://a.gov.cn/nb/index.html", 3, 1, "index", "html")
    assert [request.url for request in from_zero] == ["http://a.gov.cn/nb/index_1.html", "http://a.gov.cn/nb/index_2.html"]
    assert [request.url for request in from_one] == ["http://a.gov.cn/nb/index_2.html", "http://a.gov.cn/nb/index_3.html"]
    assert pager.following("http://a.gov.cn/nb/", 1, 0, "index", "html") == []


HEADING = "<h1>某某县止水镇人民政府2022年政府信息公开工作年度报告</h1>"
TEXT = f"<p>一、总体情况</p><p>{'本镇及时公开群众关心的事项。' * 60}</p>"


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        (HEADING + TEXT, "某某县止水镇人民政府2022年政府信息公开工作年度报告"),
        (
            f"<META content='某某局2021年政府信息公开年度报告' NAME=ArticleTitle><h1>政府信息公开年报</h1>{TEXT}",
            "某某局2021年政府信息公开年度报告",
        ),
        (f"<meta name='ArticleTitle' content='某某局2021年政府信息公开年度报告'>{TEXT}", "某某局2021年政府信息公开年度报告"),
        (f"<title>某某局2021年政府信息公开年度报告_某某局</title>{TEXT}", "某某局2021年政府信息公开年度报告_某某局"),
        (f"{HEADING}<p>一、总体情况</p>", ""),
        (f"{HEADING}<p>一、总体情况</p>{'<a href=1.html>某某县止水镇2022年政府信息公开工作年度报告</a>' * 60}", ""),
        (f"{HEADING}{'<p>本镇及时公开群众关心的事项。</p>' * 60}", ""),
        (f"<h1>某某县2022年政府网站工作年度报表</h1>{TEXT}", ""),
        (f"<h1>政府信息公开工作年度报告</h1>{TEXT}", ""),
    ],
)
def test_a_page_that_is_a_report_says_so_and_no_list_does(text: str, heading: str) -> None:
    url = "http://a.gov.cn/nb/zsz.htm"
    assert naming.report(url, f"<html><body>{text}</body></html>") == (Link(url, heading) if heading else None)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('<meta name="ColumnName" content="政府信息公开年报"><title>某某市</title>', "政府信息公开年报"),
        ("<META CONTENT='政府信息&amp;公开年报' NAME='columnname'>", "政府信息&公开年报"),
        ("<title>\n 政府信息公开年报\n-某某市</title>", "政府信息公开年报 -某某市"),
        ('{"title": "x"}', ""),
        ("", ""),
    ],
)
def test_a_page_names_its_column(text: str, name: str) -> None:
    assert naming.column(text) == name


def test_a_page_without_end_of_letters_stalls_no_family() -> None:
    """Whatever a page holds, saying which family it is takes a moment: this one once took minutes."""
    start = time.process_time()
    for filling in ("正文" * 20_000, "a" * 40_000, "/" * 40_000, "'" * 40_000, "a(" * 20_000, "<li>" * 10_000):
        families.read(families.detect("http://www.example.gov.cn/", filling), "http://www.example.gov.cn/", filling)
    assert time.process_time() - start < 20
