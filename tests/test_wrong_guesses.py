"""Platforms whose paging is known from hearsay: a portal that does it otherwise is told, with its family and what was not understood."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from spiders import families
from tests.test_portal_spider import PAGE, Crawl, crawl, listing, report
from tests.webserver import Asked, Site, serving

UUID = "0123abcd-0000-1111-2222-0123456789ab"
SCRIPTED = '<a href="javascript:void(0)">1</a><a href="javascript:toPage(2)">2</a><a href="javascript:toPage(2)">下一页</a>'
PRESSED = '<span onclick="go(1)">1</span><span onclick="go(2)">2</span><button onclick="go(2)">下一页</button>'
CHOICE = '<select onchange="location=this.value"><option value="a.html">第1页</option><option value="b.html">第2页</option></select>'
LOADS = '<a href="javascript:;" onclick="load()">加载更多</a>'
LABEL = "<script>$.ajax({url:'/site/label/8888?IsAjax=1&dataType=JSON&labelName=publicInfoList&siteId=9'})</script>"
ORDER = '<a href="/nothing.html">政策</a>'
BASE = '<script>var siteInfo = {"siteGuid": "abc", "projectName": "/EWB"};</script>'


def easysite(number: int) -> str:
    return f'<li><a href="/columns/{UUID}/202401/0{number}/{UUID}.html">某某局202{number}年政府信息公开工作年度报告</a></li>'


def smx(number: int) -> str:
    return f'<li><a href="/4051/2024/1/{number}.html">某某局202{number}年政府信息公开工作年度报告</a></li>'


def siteserver(number: int) -> str:
    return f'<li><a href="/contents/12/{number}.html">某某局202{number}年政府信息公开工作年度报告</a></li>'


def lonsun(number: int) -> str:
    return f'<li><a href="/public/7/{number}.html">某某局202{number}年政府信息公开工作年度报告</a></li>'


def one_page(path: str, row: Any, foot: str) -> Any:
    """A list of two rows on its first page, whatever its pager is."""
    return lambda asked: listing(row(1), row(2), foot=foot) if asked.path == path else None if asked.path == "/robots.txt" else PAGE


def label(answer: Any) -> Any:
    """Lonsun's column filled by the label service, which answers ``answer`` to every page."""

    def answers(asked: Asked) -> Any:
        if asked.path.startswith("/site/label/"):
            return json.dumps(answer) if not callable(answer) else answer(asked)
        column = "/public/column/7?type=3"
        return listing(ORDER, LABEL) if asked.path == column else None if asked.path == "/robots.txt" else PAGE

    return answers


def rows(count: int, link: str = "link") -> list[dict[str, str]]:
    return [{link: f"/public/7/{number}.html", "title": f"第{number}局2023年政府信息公开工作年度报告"} for number in range(count)]


def epoint(answer: Any, settings: str = BASE) -> Any:
    def answers(asked: Asked) -> Any:
        if asked.path.startswith("/govInfoPub.html"):
            return "<html><head><title>年报</title></head><body>EWB-FRONT</body></html>"
        if asked.path.startswith("/js/"):
            return settings
        if asked.path.startswith("/EWB/rest/"):
            return json.dumps(answer)
        return None if asked.path == "/robots.txt" else PAGE

    return answers


def told(count: int, link: str = "infourl") -> dict[str, Any]:
    found = [{link: f"/r/{number}.html", "realtitle": f"第{number}局2023年政府信息公开工作年度报告"} for number in range(count)]
    return {"custom": {"data": found}}


COLUMN, VIEW, CHANNEL, UNIT = (
    f"/columns/{UUID}/index.html",
    "/pageView/list.html?rlmid=1&lmid=4051",
    "/channels/12.html",
    "/public/column/7?type=3",
)
INFO = "/govInfoPub.html?deptcode=1&categorynum=2"
CASES: dict[str, tuple[str, str, Any, str]] = {
    "easysite_pager": ("easysite", COLUMN, one_page(COLUMN, easysite, SCRIPTED), "page 2 by a script"),
    "easysite_loads": ("easysite", COLUMN, one_page(COLUMN, easysite, LOADS), "loads more rows"),
    "easysite_other_articles": ("easysite", COLUMN, one_page(COLUMN, report, ""), "filled by a script"),
    "easysite_counts": ("easysite", COLUMN, one_page(COLUMN, easysite, "<p>共 <b>38</b> 条记录</p>"), "holds 38 entries"),
    "smx_pager": ("smx_pageview", VIEW, one_page(VIEW, smx, PRESSED), "page 2 by a script"),
    "smx_choice": ("smx_pageview", VIEW, one_page(VIEW, smx, CHOICE), "chosen from a box"),
    "smx_count": ("smx_pageview", VIEW, one_page(VIEW, smx, "<script>var totalPage = 4;</script>"), "4 pages and showed 1"),
    "siteserver_pager": ("siteserver", CHANNEL, one_page(CHANNEL, siteserver, SCRIPTED), "page 2 by a script"),
    "siteserver_choice": ("siteserver", CHANNEL, one_page(CHANNEL, siteserver, CHOICE), "chosen from a box"),
    "siteserver_none": (
        "siteserver",
        CHANNEL,
        lambda asked: listing(f'<a href="{CHANNEL}">年报</a>') if "chan" in asked.path else None,
        "shows no report",
    ),
    "lonsun_pager": ("lonsun", UNIT, one_page(UNIT, lonsun, PRESSED), "page 2 by a script"),
    "lonsun_other_shape": ("lonsun", UNIT, label({"rows": rows(3)}), "KeyError"),
    "lonsun_other_names": ("lonsun", UNIT, label({"data": rows(3, "href")}), "no row has a link, they have href, title"),
    "lonsun_deaf": ("lonsun", UNIT, label({"data": rows(15)}), "counts its pages in a way we do not know"),
    "lonsun_list": ("lonsun", UNIT, label(rows(3)), "AttributeError"),
    "epoint_other_names": ("epoint", INFO, epoint(told(3, "url")), "no row has an infourl, they have url, realtitle"),
    "epoint_deaf": ("epoint", INFO, epoint(told(50)), "counts its pages in a way we do not know"),
    "epoint_as_text": ("epoint", INFO, epoint({"custom": json.dumps(told(3)["custom"])}), "TypeError"),
    "epoint_other_base": ("epoint", INFO, epoint(told(3), BASE.replace("/EWB", "/other")), "no list of the family"),
    "epoint_settings": ("epoint", INFO, epoint(told(3), "var siteInfo = makeSite();"), "no siteGuid"),
    "epoint_nothing": ("epoint", INFO, epoint({"custom": {"data": []}}), "shows nothing"),
}


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawl]:
    sites = {name: Site(answers) for name, (_, _, answers, _) in CASES.items()}
    with serving(*sites.values()):
        lines = [f"{name},,,{site.base}{CASES[name][1]},,," for name, site in sites.items()]
        yield crawl(tmp_path_factory.mktemp("guesses"), lines)


@pytest.mark.parametrize("name", CASES)
def test_a_wrong_guess_is_told(done: Crawl, name: str) -> None:
    family, _, _, words = CASES[name]
    portal = done.portals[name]
    assert portal["outcome"] == ("empty" if words == "shows no report" else "incomplete"), portal
    assert words in portal["reason"], portal
    assert family in portal["reason"], portal


LAST = '<a href="javascript:void(0)">1</a><a href="javascript:void(0)">下一页</a>'
QUIET = {
    "a last page": LAST,
    "a pager of one page that counts": f"{SCRIPTED}<span>共1页</span>",
    "a pager with addresses": '<a href="list_2.html">2</a><a href="list_2.html">下一页</a>',
    "as many as it says": "<p>共2条</p>",
    "a calendar": "".join(f'<a href="javascript:day({day})">{day}</a>' for day in range(1, 31)),
    "a box of other sites": "<select><option>友情链接</option><option>某某市人民政府</option></select>",
    "a way to the news": '<a href="/xw/">查看更多</a>',
}


@pytest.mark.parametrize("name", QUIET)
def test_what_ends_is_not_said_to_go_on(name: str) -> None:
    page = listing(siteserver(1), siteserver(2), foot=QUIET[name])
    assert families.look("http://x.gov.cn/channels/12.html", page)[1].dead_end == ""
