"""The parts of the portal spider that decide something by themselves: hosts, answers, pauses, entries, years, and where a list ends."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from importlib.resources import files
from pathlib import Path

import pytest
from scrapy import Spider
from scrapy.downloadermiddlewares import cookies
from scrapy.exceptions import CannotResolveHostError, DownloadTimeoutError, IgnoreRequest
from scrapy.http import HtmlResponse, Request
from scrapy.utils.test import get_crawler

from harvester.errors import UsageError
from harvester.items import Page
from harvester.registry import Portal
from harvester.summary import PortalTally
from spiders import kept
from spiders.answers import is_front_page
from spiders.crawling import PortalCrawl, Wanted
from spiders.entries import is_report_list, judge, place_of
from spiders.families import Link, Listing, ListRequest
from spiders.hosts import AllowedHosts
from spiders.logs import ShortLines
from spiders.middlewares import HostCookies
from spiders.outcomes import explain
from spiders.politeness import retry_after
from spiders.signatures import classify
from spiders.walk import MOST_PAGES, ListWalk, home_of
from spiders.years import wanted_years

ALLOWED = AllowedHosts(["http://39.102.231.87/list/", "http://1.25.240.11:8082/", "https://www.example.org/", ""])


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("http://39.102.231.87/x", True),
        ("https://39.102.231.87/x", True),
        ("http://39.102.231.87:80/x", True),
        ("http://39.102.231.87:8080/x", False),
        ("http://1.25.240.11:8082/x", True),
        ("http://1.25.240.11/x", False),
        ("http://WWW.Example.org./", True),
        ("http://example.org/", False),
        ("https://a.b.gov.cn/", True),
        ("http://a.gov.cn:8888/", True),
        ("http://a.gov.cn.evil.com/", False),
        ("http://evilgov.cn/", False),
        ("http://www.gov.cn@evil.com/", False),
        ("http://[bad/", False),
        ("", False),
    ],
)
def test_only_the_registry_and_gov_cn_may_be_asked(url: str, allowed: bool) -> None:
    assert (url in ALLOWED) is allowed


LONG = "<p>本机关严格落实政府信息公开条例</p>" * 2000


@pytest.mark.parametrize(
    ("status", "text", "outcome", "said"),
    [
        (200, "<p>报告</p>", "page", ""),
        (200, LONG + "您访问的页面不存在 访问被拦截 出错了", "page", ""),
        (200, "<ul><li>某某市教育局</li></ul><script>$.ajax({error:function(){alert('出错了，页面不存在')}})</script>", "page", ""),
        (200, "<p>本机关共收到申请12件，其中信息不存在的3件，已删除重复申请1件。</p>", "page", ""),
        (304, "", "page", ""),
        (200, "<html>访问被拦截</html>", "blocked", "block page"),
        (412, "<script r='m'>$_ts=window['$_ts'];$_ts.nsd=61766;</script>", "blocked", "瑞数"),
        (202, "<script>$_ts.nsd=61766;_$_t();</script>", "blocked", "瑞数"),
        (412, "", "blocked", "412"),
        (521, "<script>document.cookie=('_')+('_j')</script>", "blocked", "加速乐"),
        (200, "<title>请稍候…</title><div class='puzzle-vcode'></div>" + " " * 22000, "blocked", "slider"),
        (403, "reason:GeoBL", "blocked", "WZWS"),
        (403, "", "blocked", "403"),
        (429, "", "blocked", "429"),
        (405, "", "blocked", "405"),
        (404, "", "missing", "404"),
        (200, "<h2>您访问的页面不存在或已删除</h2>", "missing", "says so with HTTP 200"),
        (200, "<p>出错了</p>", "missing", ""),
        (500, "", "broken", "HTTP 500"),
        (418, "", "broken", "HTTP 418"),
    ],
)
def test_an_answer_is_what_its_signature_says(status: int, text: str, outcome: str, said: str) -> None:
    answer = classify(status, text.encode())
    assert answer.outcome == outcome
    assert said in answer.reason
    assert classify(status, text.encode("gb18030")).outcome == outcome


def test_every_signature_is_whole() -> None:
    lines = list(csv.DictReader(files("harvester.data").joinpath("signatures.csv").read_text("utf-8").splitlines()))
    for line in lines:
        assert line["outcome"] in ("blocked", "missing", "broken"), line
        assert line["where"] in ("source", "words", "shell"), line
        assert None not in line, "a comma in a pattern needs double quotes round it"
        re.compile(line["pattern"])


def test_retry_after_is_seconds_or_a_moment() -> None:
    def told(value: str) -> float | None:
        return retry_after(HtmlResponse("http://a.gov.cn/", headers={"Retry-After": value} if value else {}))

    assert (told("7"), told(""), told("soon")) == (7.0, None, None)
    later = told(format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True))
    assert later is not None
    assert 28 < later <= 30
    assert told("Thu, 01 Jan 2015 00:00:00 GMT") == 0.0


@pytest.mark.parametrize(
    ("error", "outcome", "said"),
    [
        (IgnoreRequest("Forbidden by robots.txt"), "blocked", "robots.txt"),
        (IgnoreRequest("max redirections reached"), "incomplete", "max redirections"),
        (CannotResolveHostError("x"), "unreachable", "DNS"),
        (DownloadTimeoutError("x"), "unreachable", "in time"),
        (RuntimeError("strange\nlines"), "unreachable", "RuntimeError: strange"),
    ],
)
def test_no_answer_has_a_reason(error: Exception, outcome: str, said: str) -> None:
    trouble = explain(error)
    assert trouble.outcome == outcome
    assert said in trouble.reason
    assert "\n" not in trouble.reason


@pytest.mark.parametrize(
    ("told", "years"),
    [("", None), (" ", None), ("2021", range(2021, 2022)), ("2019-2025", range(2019, 2026)), ("2019 - 2020", range(2019, 2021))],
)
def test_years_are_one_a_range_or_all(told: str, years: range | None) -> None:
    assert wanted_years(told) == years


@pytest.mark.parametrize("told", ["21", "2025-2019", "2019-", "last year", "2019,2020"])
def test_other_years_are_wrong_usage(told: str) -> None:
    with pytest.raises(UsageError, match="2019-2025"):
        wanted_years(told)


LIST = "http://a.gov.cn/zwgk/zfxxgknb/"


@pytest.mark.parametrize(
    ("text", "url", "listed", "kind"),
    [
        ("某某市教育局2021年政府信息公开工作年度报告", LIST + "1.html", False, "report"),
        ("某某市2021年政府网站工作年度报表", LIST + "2.html", True, "lookalike"),
        ("某某市教育局", LIST + "3.html", True, "report"),
        ("某某市教育局", LIST + "3.html", False, "other"),
        ("某某市教育局", "http://jyj.a.gov.cn/3.html", True, "other"),
        ("某某市教育局", "http://a.gov.cn/", True, "other"),
        ("某某市教育局", "http://a.gov.cn/jyj/index.html", True, "other"),
        ("政府信息公开年报", LIST + "index.html", True, "other"),
    ],
)
def test_a_short_title_counts_in_a_column_of_reports_only(text: str, url: str, listed: bool, kind: str) -> None:
    assert judge(Link(url, text), LIST, listed).kind == kind


def test_a_column_of_reports_says_so() -> None:
    assert is_report_list(LIST, "")
    assert is_report_list("http://a.gov.cn/l.aspx?c=1", "<TITLE>某某区 - 政府信息公开年报</TITLE>")
    assert is_report_list("http://a.gov.cn/l.aspx?c=1", '<meta content="年度报告" name="ColumnName">')
    assert not is_report_list("http://a.gov.cn/tzgg/", '<title>通知公告</title><a href="/nb.html">政府信息公开年报</a>')


def test_a_list_has_one_place_however_it_is_written() -> None:
    assert place_of("http://A.gov.cn/nb/index.html") == place_of("https://a.gov.cn/nb/")
    assert place_of("http://a.gov.cn/nb/?p=1") != place_of("http://a.gov.cn/nb/?p=2")


def links(*numbers: int) -> list[Link]:
    return [Link(f"{LIST}{number}.html", str(number)) for number in numbers]


def test_a_list_is_followed_while_it_shows_something_new() -> None:
    walk = ListWalk(LIST)
    assert len(walk.take(Listing(links(1, 2, 2), [ListRequest(LIST + "p2"), ListRequest(LIST + "p3")]))) == 2
    assert walk.next() == ListRequest(LIST + "p2")
    assert walk.take(Listing(links(2, 1), [ListRequest(LIST + "p9")])) == []
    assert (walk.next(), walk.lacking()) == (None, "")


def test_no_page_of_a_list_is_asked_for_twice_and_no_list_is_endless() -> None:
    walk = ListWalk(LIST)
    walk.take(Listing(links(1), [ListRequest(LIST + "p2"), ListRequest(LIST + "p2")]))
    assert walk.next() is not None
    assert walk.next() is None
    for number in range(2, MOST_PAGES + 2):
        walk.take(Listing(links(number), [ListRequest(f"{LIST}p{number}x")]))
        if walk.next() is None:
            break
    assert walk.pages == MOST_PAGES
    assert "goes on" in walk.lacking()


def test_a_list_that_announces_its_pages_is_read_to_the_last() -> None:
    walk = ListWalk(LIST)
    walk.take(Listing(links(0), [ListRequest(f"{LIST}p{number}") for number in range(MOST_PAGES + 200)]))
    while walk.next():
        walk.take(Listing(links(walk.pages)))
    assert walk.pages == MOST_PAGES + 201
    assert walk.lacking() == ""


def test_a_list_that_counts_itself_is_held_to_it() -> None:
    walk = ListWalk(LIST)
    walk.take(Listing(links(1, 2), total=3, entries=2))
    assert "holds 3 entries and showed 2" in walk.lacking()
    walk.take(Listing(links(3), total=3, entries=1))
    assert walk.lacking() == ""


def test_a_list_that_repeats_before_its_last_page_is_told() -> None:
    walk = ListWalk(LIST)
    walk.take(Listing(links(1, 2), [ListRequest(LIST + "p2"), ListRequest(LIST + "p3")], pages=3))
    assert walk.take(Listing(links(1, 2), pages=3)) == []
    assert walk.next() is None
    assert walk.lacking() == "the list says it has 3 pages and showed 1, and page 2 only repeats what was shown"


def test_a_list_that_shows_no_way_to_its_other_pages_is_told() -> None:
    walk = ListWalk(LIST)
    walk.take(Listing(links(1), pages=2))
    assert walk.lacking() == "the list says it has 2 pages and showed 1"


REPORT = Link(LIST + "202301/t20230130_1.html", "某某市教育局2022年政府信息公开工作年度报告")
OLDER = Link(LIST + "202201/t20220130_2.html", "某某市教育局2021年政府信息公开工作年度报告")
NEWS = Link("http://a.gov.cn/zwdt/202301/t20230130_3.html", "全市春耕生产有序推进")


def begun(column: str = "", **rest: int) -> ListWalk:
    """A walk that has read the first page of a list of reports."""
    walk = ListWalk(LIST, of_reports=True)
    walk.take(Listing([REPORT, Link("http://a.gov.cn/zwdt/", "动态")], [ListRequest(LIST + "p2")], column=column, **rest))
    return walk


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (Listing([OLDER], column="政府信息公开年报_某某市"), ""),
        (Listing([Link(LIST + "202201/t20220130_9.html", "关于做好春耕的意见")]), ""),
        (Listing([NEWS._replace(text="某某市2021年政府网站工作年度报表")]), ""),
        (Listing([NEWS, REPORT]), ""),
        (Listing([NEWS], others=2), "page 2 of the list shows the rows of another column"),
        (Listing([NEWS]), "page 2 of the list shows the rows of another column"),
        (Listing([OLDER], column="通知公告_某某市"), "page 2 of the list shows another column (通知公告_某某市)"),
        (Listing([]), "page 2 of the list shows nothing"),
    ],
)
def test_a_page_of_another_column_ends_a_list_and_is_told(page: Listing, said: str) -> None:
    walk = begun("政府信息公开年报_某某市人民政府")
    page.more = [ListRequest(LIST + "p3")]
    taken = walk.take(page)
    assert walk.lacking() == said
    assert bool(taken) == (not said and REPORT not in page.links)
    assert not (said and walk.waiting)


def test_a_menu_that_looks_like_no_report_is_nobodys_row() -> None:
    menu = Link("http://a.gov.cn/spxw/", "视频新闻")
    walk = ListWalk(LIST, of_reports=True)
    walk.take(Listing([menu, REPORT]))
    walk.take(Listing([menu, NEWS]))
    assert walk.lacking() == "page 2 of the list shows the rows of another column"


def test_a_page_that_was_only_tried_may_be_anything() -> None:
    walk = begun(pages=1)
    assert walk.take(Listing([NEWS]), expected=False) == []
    assert walk.lacking() == ""


def test_a_box_of_random_news_does_not_keep_a_list_going() -> None:
    walk = begun()
    for number in range(2, 9):
        walk.take(Listing([REPORT, NEWS._replace(url=f"http://a.gov.cn/zwdt/{number}.html")], [ListRequest(f"{LIST}p{number + 1}")]))
        if walk.next() is None:
            break
    assert (walk.pages, walk.lacking()) == (2, "")


def test_a_page_of_nothing_but_left_out_rows_is_no_end() -> None:
    walk = begun(pages=3)
    assert walk.take(Listing([], [ListRequest(LIST + "p3")], others=5)) == []
    assert walk.next() == ListRequest(LIST + "p2")
    assert walk.next() == ListRequest(LIST + "p3")
    assert walk.take(Listing([OLDER])) == [OLDER]
    assert walk.lacking() == ""


def test_a_list_whose_rows_stand_at_the_root_is_not_taken_for_another() -> None:
    walk = ListWalk("http://a.gov.cn/tzgg/")
    walk.take(Listing([Link("http://a.gov.cn/2023/01-19/1.html", "某某办2022年政府信息公开工作年度报告")]))
    other = Link("http://a.gov.cn/2022/12-01/2.html", "关于放假的通知")
    assert walk.take(Listing([other])) == [other]


def test_of_a_picture_and_a_title_that_lead_to_one_page_the_title_counts() -> None:
    walk = ListWalk(LIST)
    taken = walk.take(Listing([Link(REPORT.url, "", "2023-01-30"), REPORT, Link(REPORT.url, "[详情]"), OLDER]))
    assert taken == [REPORT._replace(date="2023-01-30"), OLDER]


@pytest.mark.parametrize(
    ("url", "home"),
    [
        ("http://a.gov.cn/nb/202301/t20230130_1.html", "a.gov.cn/nb/"),
        ("http://a.gov.cn/art/2024/1/30/art_1229_1.html", "a.gov.cn/art_1229_"),
        ("http://a.gov.cn/2023/01-19/1.html", "a.gov.cn/"),
        ("http://a.gov.cn/Show.aspx?id=3", "a.gov.cn/Show.aspx"),
        ("http://a.gov.cn/content_184341", "a.gov.cn/"),
    ],
)
def test_where_a_page_stands_does_not_change_from_year_to_year(url: str, home: str) -> None:
    assert home_of(url) == home


def test_a_page_that_two_portals_list_counts_for_both_whoever_comes_first() -> None:
    wanted = Wanted()
    first, second, late = (PortalCrawl(Portal(name), PortalTally(name)) for name in ("a", "b", "c"))
    assert wanted.first(LIST + "1.html", first)
    assert not wanted.first(LIST + "1.html", second)
    assert wanted.answered(LIST + "1.html", "fetched") == [first, second]
    assert not wanted.first(LIST + "1.html", late)
    assert [(crawl.tally.listed, crawl.tally.fetched, crawl.tally.pending) for crawl in (first, second, late)] == [(1, 1, 0)] * 3


def test_a_redirect_to_the_front_page_is_no_report() -> None:
    link = Link("http://a.gov.cn/r/1.html", "")
    assert is_front_page(HtmlResponse("http://a.gov.cn/", request=Request(link.url)), link)
    assert not is_front_page(HtmlResponse("http://a.gov.cn/r/2.html", request=Request(link.url)), link)
    assert not is_front_page(HtmlResponse("http://a.gov.cn/?id=3", request=Request(link.url)), link)


def test_public_suffixes_are_not_downloaded() -> None:
    HostCookies()
    assert cookies._split_domain.suffix_list_urls == ()
    assert cookies._is_public_domain("gov.cn")
    assert not cookies._is_public_domain("www.henan.gov.cn")


def test_a_registry_that_cannot_be_written_whole_leaves_the_one_before(tmp_path: Path) -> None:
    """A full disk, or a second run at the same moment, must not leave half a file in the archive: nothing could read it again."""
    path = kept.write(tmp_path / kept.PORTALS, [Portal("a")])
    before = path.read_text("utf-8")

    def full() -> Iterator[Portal]:
        yield Portal("a")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        kept.write(path, full())
    assert path.read_text("utf-8") == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(("level", "lines"), [("INFO", 0), (20, 0), ("DEBUG", 2), (10, 2)])
def test_a_line_a_page_is_made_only_for_who_wants_it(level: str | int, lines: int) -> None:
    formatter = ShortLines.from_crawler(get_crawler(settings_dict={"LOG_LEVEL": level}))
    request, spider = Request("http://a.gov.cn/r/1.html"), Spider("portal")
    response = HtmlResponse(request.url, request=request)
    told = [formatter.crawled(request, response, spider), formatter.scraped(Page(request.url, b"x" * 90_000), response, spider)]
    written = [line["msg"] % line["args"] for line in told if line]
    assert len(written) == lines
    assert all(request.url in line and len(line) < 200 for line in written)
