"""The portal spider against servers that behave as portals do: one crawl of many, then what it did at each."""

from __future__ import annotations

import gzip
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from harvester import settings
from spiders.answers import MOST_JUMPS
from storage.database import Database
from tests.storing import rows
from tests.webserver import Asked, Site, serving

ROOT = Path(__file__).parent.parent
HEADER = "portal_id,name,region_code,list_url,family,min_reports,note"
FAST = {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False, "RETRY_TIMES": 1, "DOWNLOAD_TIMEOUT": 5}


def report(number: int, year: int = 2021, name: str = "某某市教育局") -> str:
    return f'<li><a href="/r/{number}.html">{name}{year}年政府信息公开工作年度报告</a><span>{year + 1}-01-{number % 28 + 1:02d}</span></li>'


def listing(*rows: str, foot: str = "", title: str = "政府信息公开年报") -> str:
    return f"<html><head><title>{title}</title></head><body><ul>{''.join(rows)}</ul>{foot}{'<!-- -->' * 900}</body></html>"


SHORT = "本镇及时公开群众关心的事项。" * 80
ITSELF = f"<html><body><h1>止水镇人民政府2022年政府信息公开工作年度报告</h1><p>一、总体情况</p><p>{SHORT}</p></body></html>"
PAGE = "<html><body><h1>某某市教育局政府信息公开工作年度报告</h1>" + "<p>一、总体情况</p>" * 300 + "</body></html>"


def trs(count: int, number: int) -> str:
    return f'<script>createPageHTML({count}, {number}, "index", "html");</script>'


def articles(asked: Asked) -> str | None:
    return PAGE if asked.path.startswith("/r/") else None


def repeating(asked: Asked) -> Any:
    """Whatever page is asked for past the third, the third comes, and it says there is a next one."""
    number = int(asked.path.partition("page=")[2] or 1)
    shown = min(number, 3)
    foot = f'<a href="/list?page={number + 1}">下一页</a>'
    return articles(asked) or (listing(report(shown * 2), report(shown * 2 + 1), foot=foot) if asked.path.startswith("/list") else None)


def in_circles(asked: Asked) -> Any:
    """Two pages that lead to each other and say nothing else, one of them listed."""
    other = "/r/2.html" if asked.path == "/r/1.html" else "/r/1.html"
    return listing(report(1)) if asked.path == "/list/" else f'<html><script>window.location.href="{other}";</script></html>'


def far_down(asked: Asked) -> Any:
    """A list of 25 pages whose last report only leads to where it stands."""
    if asked.path == "/r/25.html":
        return '<html><meta http-equiv="refresh" content="0;url=/r/here.html"></html>'
    number = int(asked.path.partition("page=")[2] or 1)
    foot = f'<a href="/list?page={number + 1}">下一页</a>' if number < 25 else ""
    return articles(asked) or listing(report(number), foot=foot)


def cookie_gate(asked: Asked) -> Any:
    if "gate=open" not in asked.headers.get("cookie", ""):
        return 302, {"Location": asked.path, "Set-Cookie": "gate=open; Path=/"}, b""
    return listing(report(1)) if asked.path == "/list/" else PAGE


def no_post(asked: Asked) -> Any:
    """A proxy that answers GET only, and obeys the record numbers."""
    if asked.path == "/list/":
        row = f"<record><![CDATA[{report(1)}]]></record>"
        call = "jpage({proxyUrl:'/module/web/jpage/dataproxy.jsp',perPage:1,param:{columnid:7,unitid:'u',webid:1}});"
        return f"<datastore><totalrecord>2</totalrecord><recordset>{row}</recordset></datastore><script>{call}</script>"
    if "dataproxy" in asked.path:
        found = f"<datastore><recordset><record><![CDATA[{report(2)}]]></record></recordset></datastore>"
        return 405 if asked.method == "POST" else found if "startrecord=2" in asked.path else 500
    return articles(asked)


def gkmlpt(asked: Asked) -> Any:
    """The service names five entries, shows two, and answers 404 for the second page."""
    if asked.path == "/gkmlpt/index":
        return "<script>window._CONFIG = {SID: '7', TREE: [{id: 3, name: '年度报告', jump_url: '', children: []}]}</script>"
    if asked.path == "/gkmlpt/api/all/3?page=1&sid=7":
        rows = [{"title": f"某某厅202{n}年政府信息公开工作年度报告", "url": f"/r/{n}.html"} for n in (1, 2)]
        return json.dumps({"total": 5, "articles": rows})
    return articles(asked)


def busy(asked: Asked) -> Any:
    """Too many requests, once: come back in a second."""
    first = not any(path == asked.path for path in SITES["busy"].paths[:-1])
    if asked.path == "/r/1.html" and first:
        return 503, {"Retry-After": "1"}, b"busy"
    return listing(report(1), report(2)) if asked.path == "/list/" else PAGE


def refusing(asked: Asked) -> Any:
    return listing(*(report(number, 2000 + number) for number in range(10, 25))) if asked.path == "/list/" else 403


def slowly(asked: Asked) -> Any:
    """Every page takes a while, so that connections beside each other would be seen."""
    if asked.path == "/list/":
        return listing(*(report(number) for number in range(8)))
    time.sleep(0.05)
    return articles(asked)


def always(status: int, body: str) -> Any:
    """The same to every question but robots.txt."""
    return lambda asked: (status, {}, body.encode()) if asked.path != "/robots.txt" else None


def another_column(asked: Asked) -> Any:
    """The second page is some other column's, by its title; it names a report all the same."""
    first = listing(report(1), foot=trs(3, 0), title="政府信息公开年报_某某市")
    pages = {"/list/": first, "/list/index_1.html": listing(report(2), foot=trs(3, 1), title="通知公告_某某市")}
    return articles(asked) or pages.get(asked.path)


def home_page_news(asked: Asked) -> Any:
    """A wrong template: the second page is the front page's news with 200, new ones each time."""
    if asked.path == "/list/":
        return listing(report(1), foot=trs(9, 0))
    return articles(asked) or listing(f"<li><a href=/zwdt/{time.monotonic_ns()}.html>全市春耕生产有序推进</a></li>", title="")


def deaf(asked: Asked) -> Any:
    """A jpaas that gives page 1 whatever it is asked for."""
    unit = "/api-gateway/jpaas-publish-server/front/page/build/unit"
    if asked.path.startswith(unit):
        return json.dumps({"data": {"html": report(1)}})
    query = "{'webId':'1','pageId':'2','tplSetId':'3','tagId':'列表'}"
    pager = f'<div><a href="/art/2022/1/1/art_2_1.html">通知</a><div count="60" rows="15" unitUrl="{unit}" queryData="{query}"></div></div>'
    return articles(asked) or (listing(report(1), pager) if asked.path == "/list/" else None)


def deep_nothing(asked: Asked) -> Any:
    """A proxy whose deep pages are some fifty bytes of nothing."""
    call = "jpage({proxyUrl:'/module/web/jpage/dataproxy.jsp',perPage:1,totalRecord:3,param:{columnid:7,unitid:'u',webid:1}});"
    if "dataproxy" in asked.path:
        row = f"<record><![CDATA[{report(2)}]]></record>" if "page=2" in asked.path else "\n"
        return f"<datastore><recordset>{row}</recordset></datastore>"
    return articles(asked) or (listing(f'<div id="u">{report(1)}</div>', f"<script>{call}</script>") if asked.path == "/list/" else None)


SOFT_404 = "<html><h2>您访问的页面不存在或已删除</h2></html>"
BLOCK_PAGE = "<html><body>您的请求存在异常，访问被拦截</body></html>"
SITES: dict[str, Site] = {
    "repeats": Site(repeating),
    "breaks": Site({"/list/": listing(report(1), foot=trs(3, 0)), "/list/index_1.html": None, "/r/1.html": PAGE}),
    "breaks_500": Site({"/list/": listing(report(1), foot=trs(2, 0)), "/list/index_1.html": 500, "/r/1.html": PAGE}),
    "goes_blank": Site({"/list/": listing(report(1), foot=trs(3, 0)), "/list/index_1.html": "<html></html>", "/r/1.html": PAGE}),
    "robots": Site({"/robots.txt": "User-agent: *\nDisallow: /\n", "/list/": listing(report(1))}),
    "robots_reports": Site({"/robots.txt": "User-agent: harvester\nDisallow: /r/\n", "/list/": listing(report(1))}),
    "empty": Site({"/list/": listing("<li><a href=/x.html>通知</a></li>")}),
    "empty_expected": Site({"/list/": listing("<li><a href=/x.html>通知</a></li>")}),
    "few": Site({"/list/": listing(report(1)), "/r/1.html": PAGE}),
    "refuses": Site(always(403, "")),
    "challenge": Site(always(412, "<script r='m'>$_ts=window['$_ts'];_$_t();</script>")),
    "jsl": Site(always(521, "<script>document.cookie=('_')+('_')</script>")),
    "block_page": Site({"/list/": BLOCK_PAGE}),
    "not_found": Site({}),
    "refusing": Site(refusing),
    "soft_404": Site({"/list/": listing(report(1), report(2)), "/r/1.html": PAGE, "/r/2.html": SOFT_404}),
    "to_front": Site({"/list/": listing(report(1)), "/r/1.html": (302, {"Location": "/"}, b""), "/": listing(title="首页")}),
    "lookalikes": Site(
        {
            "/list/": listing(
                report(1),
                "<li><a href=/w.html>某某市2021年政府网站工作年度报表</a></li>",
                "<li><a href=/t.html>一图读懂2021年政府信息公开工作年度报告</a></li>",
                "<li><a href=/list/index.html>政府信息公开年报</a></li>",
            ),
            "/r/1.html": PAGE,
        }
    ),
    "folders": Site(
        {
            "/list/": listing("<li><a href=2021n/>2021年</a></li><li><a href=2020n/>2020年</a></li>"),
            "/list/2021n/": listing(report(1), "<li><a href=../2020n/>2020年</a></li>"),
            "/list/2020n/": listing(report(2, 2020), "<li><a href=./bm/>部门</a></li>"),
            "/list/2020n/bm/": listing(report(3, 2020, "某某市财政局")),
            "/r/1.html": PAGE,
            "/r/2.html": PAGE,
            "/r/3.html": PAGE,
        }
    ),
    "cookie": Site(cookie_gate),
    "refresh": Site(
        {
            "/list/": '<html><meta http-equiv="refresh" content="0;url=/real/"></html>',
            "/real/": listing(report(1)),
            "/r/1.html": '<html><script>window.location.href="/r/2.html";</script></html>',
            "/r/2.html": PAGE,
        }
    ),
    "in_circles": Site(in_circles),
    "far_down": Site(far_down),
    "no_post": Site(no_post),
    "gkmlpt": Site(gkmlpt),
    "gzip": Site({"/list/": (200, {"Content-Type": "text/html"}, gzip.compress(listing(report(1)).encode())), "/r/1.html": PAGE}),
    "gbk": Site({"/list/": (200, {"Content-Type": "text/html; charset=utf-8"}, listing(report(1)).encode("gbk")), "/r/1.html": PAGE}),
    "busy": Site(busy),
    "crawl_delay": Site(
        {"/robots.txt": "User-agent: *\nCrawl-delay: 0.7\n", "/list/": listing(report(1), report(2)), "/r/1.html": PAGE, "/r/2.html": PAGE}
    ),
    "bad_json": Site(
        {
            "/gkmlpt/index": "<script>window._CONFIG={SID:'7',TREE:[{id:3,name:'年报'}]}</script>",
            "/gkmlpt/api/all/3?page=1&sid=7": "{",
        }
    ),
    "one_at_a_time": Site(slowly),
    "another_column": Site(another_column),
    "home_page_news": Site(home_page_news),
    "deaf": Site(deaf),
    "deep_nothing": Site(deep_nothing),
    "same_again": Site(lambda asked: articles(asked) or listing(report(1), foot=trs(4, 0))),
    "redesigned": Site({"/list/": listing("<div id=app></div>", foot=trs(4, 0)), "/list/index_1.html": listing("<div id=app></div>")}),
    "redesigned_json": Site({"/common/search/" + "0" * 32: json.dumps({"code": 0, "result": {"list": []}})}),
    "all_script": Site(
        {"/list/": f"<html><head><title>政府信息公开年报</title></head><body><div id=app></div>{'<!-- -->' * 900}</body></html>"}
    ),
    "easysite": Site({"/list/": listing("<li><a href=/zwdt/>动态</a></li>", "<script>var eportalCurrentColumnId='1';</script>")}),
    "soft_error": Site(
        {
            "/gkmlpt/index": "<script>window._CONFIG={SID:'7',TREE:[{id:3,name:'年报'}]}</script>",
            "/gkmlpt/api/all/3?page=1&sid=7": "<p>出错了</p>",
        }
    ),
    "postback": Site(
        {"/list/": listing(report(1), foot="<a href=\"javascript:__doPostBack('p','2')\">下一页</a>共2页"), "/r/1.html": PAGE}
    ),
    "itself": Site({"/list/": ITSELF}),
    "units": Site({"/nb/": listing("<li><a href=zsz/>止水镇人民政府</a></li>", "<li><a href=/jyj/>区教育局</a></li>"), "/nb/zsz/": ITSELF}),
    "later": Site({"/list/": (429, {"Retry-After": "3600"}, b"too many")}),
}
WITNESS = Site({})
OFFLIST = Site(lambda asked: None)
SHARED = Site({"/r/1.html": PAGE})
LIST_OF = {
    "redesigned_json": "/common/search/" + "0" * 32,
    "soft_error": "/gkmlpt/index",
    "units": "/nb/",
    "repeats": "/list?page=1",
    "far_down": "/list?page=1",
    "gkmlpt": "/gkmlpt/index",
    "bad_json": "/gkmlpt/index",
}
LEAST = {"few": 5, "empty_expected": 0}


@dataclass
class Crawl:
    portals: dict[str, dict[str, Any]]
    summary: dict[str, Any]
    log: str


def closed_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def command_for(folder: Path, lines: list[str], **settings: Any) -> list[str]:
    """``scrapy crawl portal`` over the registry ``lines``, without belt and database unless ``settings`` name them."""
    (folder / "portals.csv").write_text("\n".join([HEADER, *lines]), "utf-8")
    given = {
        **FAST,
        "ITEM_PIPELINES": "{}",
        "HARVEST_DB": "",
        "HARVEST_PORTALS": folder / "portals.csv",
        "HARVEST_SUMMARY": folder / "summary.json",
        "HARVEST_CONTACT": "mailto:desk@example.org",
        "LOG_FILE": folder / "log",
        **settings,
    }
    pairs = [part for name, value in given.items() for part in ("-s", f"{name}={value}")]
    return [sys.executable, "-m", "scrapy", "crawl", "portal", *pairs]


def crawl(folder: Path, lines: list[str], **settings: Any) -> Crawl:
    """That command run to its end, and what it wrote."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SCRAPY_")}
    subprocess.run(command_for(folder, lines, **settings), cwd=ROOT, env=environment, check=True, capture_output=True, timeout=120)
    return read_back(folder)


def read_back(folder: Path) -> Crawl:
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    return Crawl({portal["portal_id"]: portal for portal in summary["portals"]}, summary, (folder / "log").read_text("utf-8"))


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawl]:
    with serving(*SITES.values(), WITNESS, OFFLIST, SHARED):
        away = f'<li><a href="{WITNESS.base}/r/9.html">某某局2020年政府信息公开工作年度报告</a></li>'
        redirect = (302, {"Location": f"{WITNESS.base}/r/1.html"}, b"")
        OFFLIST.answers = {"/list/": listing(report(1), report(2), away), "/r/1.html": redirect, "/r/2.html": PAGE, "/moved/": redirect}
        shared = f'<li><a href="{SHARED.base}/r/1.html">某某局2020年政府信息公开工作年度报告</a></li>'
        shared += f'<li><a href="{SHARED.base}/">某某市人民政府</a></li><li><a href="{SHARED.base}/index.html">某某局</a></li>'
        SHARED.answers = {"/a/": listing(shared), "/b/": listing(shared), "/r/1.html": PAGE}
        lines = [f"{name},,,{site.base}{LIST_OF.get(name, '/list/')},,{LEAST.get(name, '')}," for name, site in SITES.items()]
        lines += [f"closed,,,http://127.0.0.1:{closed_port()}/list/,,,", "unknown,,,,,,"]
        lines += [f"offlist,,,{OFFLIST.base}/list/,,,", f"moved,,,{OFFLIST.base}/moved/,,,"]
        lines += [f"shared_a,,,{SHARED.base}/a/,,,", f"shared_b,,,{SHARED.base}/b/,,,"]
        yield crawl(tmp_path_factory.mktemp("crawl"), lines)


OUTCOMES = [
    ("repeats", "complete", "", 6),
    ("breaks", "incomplete", "the list broke off at", 1),
    ("breaks_500", "incomplete", "HTTP 500", 1),
    ("goes_blank", "incomplete", "page 2 of the list shows nothing", 1),
    ("robots", "blocked", "robots.txt", 0),
    ("robots_reports", "blocked", "robots.txt", 1),
    ("empty", "empty", "shows no report", 0),
    ("empty_expected", "complete", "", 0),
    ("few", "incomplete", "at least 5", 1),
    ("refuses", "blocked", "HTTP 403", 0),
    ("challenge", "blocked", "瑞数", 0),
    ("jsl", "blocked", "加速乐", 0),
    ("block_page", "blocked", "block page", 0),
    ("not_found", "incomplete", "HTTP 404", 0),
    ("refusing", "blocked", "15 listed reports", 15),
    ("soft_404", "incomplete", "/r/2.html: the page is not there", 2),
    ("to_front", "incomplete", "front page", 1),
    ("lookalikes", "complete", "", 1),
    ("folders", "complete", "", 3),
    ("cookie", "complete", "", 1),
    ("refresh", "complete", "", 1),
    ("in_circles", "complete", "", 1),
    ("far_down", "complete", "", 25),
    ("no_post", "complete", "", 2),
    ("gkmlpt", "incomplete", "holds 5 entries and showed 2", 2),
    ("gzip", "complete", "", 1),
    ("gbk", "complete", "", 1),
    ("busy", "complete", "", 2),
    ("crawl_delay", "complete", "", 2),
    ("bad_json", "incomplete", "no list of the family gkmlpt", 0),
    ("one_at_a_time", "complete", "", 8),
    ("another_column", "incomplete", "page 2 of the list shows another column (通知公告_某某市)", 1),
    ("home_page_news", "incomplete", "page 2 of the list shows the rows of another column", 1),
    ("deaf", "incomplete", "the list says it has 4 pages and showed 1, and page 2 only repeats", 1),
    ("deep_nothing", "incomplete", "the list says it holds 3 entries and showed 2", 2),
    ("same_again", "incomplete", "the list says it has 4 pages and showed 1, and page 2 only repeats", 1),
    ("redesigned", "incomplete", "page 2 of the list shows nothing", 0),
    ("redesigned_json", "incomplete", "this is no list of the family ucap", 0),
    ("all_script", "empty", "shows no report", 0),
    ("easysite", "incomplete", "the list is filled by a script", 0),
    ("soft_error", "incomplete", "it says so with HTTP 200", 0),
    ("postback", "incomplete", "the list says it has 2 pages and showed 1", 1),
    ("itself", "complete", "", 1),
    ("units", "complete", "", 1),
    ("later", "blocked", "come back in 3600 s", 0),
    ("closed", "unreachable", "refused", 0),
    ("offlist", "incomplete", "neither in the registry nor under gov.cn", 2),
    ("moved", "incomplete", "neither in the registry nor under gov.cn", 0),
    ("shared_a", "complete", "", 1),
    ("shared_b", "complete", "", 1),
]


@pytest.mark.parametrize(("portal", "outcome", "said", "listed"), OUTCOMES, ids=[line[0] for line in OUTCOMES])
def test_each_portal_has_its_outcome(done: Crawl, portal: str, outcome: str, said: str, listed: int) -> None:
    told = done.portals[portal]
    assert (told["outcome"], told["listed"]) == (outcome, listed), told
    assert said in told["reason"] if said else told["reason"] == ""


def test_every_site_is_judged(done: Crawl) -> None:
    assert {line[0] for line in OUTCOMES} == set(done.portals)
    assert "1 portals of the registry have no list yet" in done.log


def test_nobody_off_the_list_is_asked_not_even_for_robots_txt(done: Crawl) -> None:
    assert (WITNESS.paths, WITNESS.robots_asked) == ([], 0)
    assert done.portals["offlist"]["rejected"] == 1
    assert done.portals["offlist"]["fetched"] == 1


def test_a_list_that_repeats_itself_is_left_after_one_page_without_news(done: Crawl) -> None:
    assert [path for path in SITES["repeats"].paths if "list" in path] == [f"/list?page={number}" for number in (1, 2, 3, 4)]


def test_a_portal_closed_by_robots_is_asked_for_nothing_else(done: Crawl) -> None:
    assert (SITES["robots"].paths, SITES["robots"].robots_asked) == ([], 1)
    assert SITES["robots_reports"].paths == ["/list/"]


def test_lookalikes_are_counted_and_never_fetched(done: Crawl) -> None:
    assert done.portals["lookalikes"]["rejected"] == 2
    assert SITES["lookalikes"].paths == ["/list/", "/r/1.html"]


def test_a_host_that_goes_on_refusing_is_left_alone(done: Crawl) -> None:
    assert len(SITES["refusing"].paths) <= 8


def test_folders_of_years_are_lists_and_read_once(done: Crawl) -> None:
    lists = [path for path in SITES["folders"].paths if path.startswith("/list")]
    assert sorted(lists) == ["/list/", "/list/2020n/", "/list/2020n/bm/", "/list/2021n/"]


def test_a_column_that_is_the_report_is_asked_for_once(done: Crawl) -> None:
    assert SITES["itself"].paths == ["/list/"]
    assert SITES["units"].paths == ["/nb/", "/nb/zsz/"]
    assert [done.portals[name]["fetched"] for name in ("itself", "units")] == [1, 1]


def test_what_a_list_turned_into_is_not_followed(done: Crawl) -> None:
    assert sorted(SITES["another_column"].paths) == ["/list/", "/list/index_1.html", "/r/1.html"]
    assert len([path for path in SITES["home_page_news"].paths if "list" in path]) == 2


def test_pages_that_lead_to_each_other_are_followed_to_an_end(done: Crawl) -> None:
    assert len([path for path in SITES["in_circles"].paths if path != "/list/"]) == MOST_JUMPS + 1
    assert done.portals["in_circles"]["fetched"] == 1


def test_a_jump_is_followed_however_far_down_the_list_it_stands(done: Crawl) -> None:
    assert SITES["far_down"].paths[-2:] == ["/r/25.html", "/r/here.html"]


def test_a_page_that_two_portals_list_is_asked_for_once(done: Crawl) -> None:
    assert sorted(SHARED.paths) == ["/a/", "/b/", "/r/1.html"], "and no front page, although a unit's name leads there"
    assert [done.portals[name]["fetched"] for name in ("shared_a", "shared_b")] == [1, 1]


def test_a_host_has_one_connection_at_a_time_even_without_a_delay(done: Crawl) -> None:
    moments = [asked.at for asked in SITES["one_at_a_time"].asked if asked.path != "/list/"]
    assert all(later - sooner >= 0.049 for sooner, later in pairwise(moments))


def test_pauses_that_servers_ask_for_are_kept(done: Crawl) -> None:
    asked = SITES["busy"].asked
    first, again = (one.at for one in asked if one.path == "/r/1.html")
    assert again - first >= 0.99
    moments = [one.at for one in SITES["crawl_delay"].asked]
    assert all(later - sooner >= 0.65 for sooner, later in pairwise(moments))


def test_nobody_waits_an_hour_and_nobody_asks_before_it_is_over(done: Crawl) -> None:
    assert SITES["later"].paths == ["/list/"]


def test_a_crawl_delay_is_kept_although_autothrottle_would_shorten_it(tmp_path: Path) -> None:
    answers = {f"/r/{number}.html": PAGE for number in range(4)} | {"/list/": listing(*(report(number) for number in range(4)))}
    site = Site(answers | {"/robots.txt": "User-agent: *\nCrawl-delay: 0.5\n"})
    with serving(site):
        crawl(tmp_path, [f"one,,,{site.base}/list/,,,"], AUTOTHROTTLE_ENABLED=True)
    moments = [asked.at for asked in site.asked]
    assert len(moments) == 5
    assert all(later - sooner >= 0.48 for sooner, later in pairwise(moments))


def test_we_say_who_we_are(done: Crawl) -> None:
    told = {asked.headers["user-agent"] for site in SITES.values() for asked in site.asked}
    assert len(told) == 1
    assert told.pop().startswith("harvester/0.1.0 (+mailto:desk@example.org)")


def test_the_cost_of_the_run_is_told(done: Crawl) -> None:
    everything = [*SITES.values(), OFFLIST, SHARED]
    served = sum(len(site.asked) + site.robots_asked for site in everything)
    refused = done.summary["requests"] - served
    assert 0 < refused <= 6  # the closed port: robots.txt and list, each tried twice
    assert done.summary["bytes"] > 10_000
    assert done.summary["seconds"] > 1


def test_only_wanted_years_are_fetched(tmp_path: Path) -> None:
    site = Site(lambda asked: listing(report(1, 2020), report(2, 2021), report(3, 2022)) if asked.path == "/list/" else articles(asked))
    with serving(site):
        told = crawl(tmp_path, [f"one,,,{site.base}/list/,,3,"], HARVEST_YEARS="2021-2022").portals["one"]
    assert site.paths == ["/list/", "/r/2.html", "/r/3.html"] or site.paths == ["/list/", "/r/3.html", "/r/2.html"]
    assert (told["outcome"], told["listed"], told["fetched"]) == ("complete", 2, 2)


def test_a_column_that_is_the_report_of_another_year_is_left_out(tmp_path: Path) -> None:
    site = Site({"/list/": ITSELF})
    with serving(site):
        told = crawl(tmp_path, [f"one,,,{site.base}/list/,,,"], HARVEST_YEARS="2019").portals["one"]
    assert (told["outcome"], told["listed"], told["fetched"]) == ("complete", 0, 0)


def test_only_named_portals_are_crawled_and_an_unknown_list_is_said(tmp_path: Path) -> None:
    site = Site({"/a/": listing(report(1)), "/r/1.html": PAGE})
    with serving(site):
        lines = [f"a,,,{site.base}/a/,,,", f"b,,,{site.base}/b/,,,", "c,,,,,,"]
        told = crawl(tmp_path, lines, HARVEST_PORTAL_IDS="a,c")
    assert set(told.portals) == {"a", "c"}
    assert told.portals["c"]["outcome"] == "incomplete"
    assert "list_url" in told.portals["c"]["reason"]


def told_report(number: int, year: int) -> str:
    """A small report of the free layout."""
    title = f"某某市教育局{year}年政府信息公开工作年度报告"
    head = f'<head><title>{title}</title><meta name="ArticleTitle" content="{title}"></head>'
    texts = (
        f"根据《中华人民共和国政府信息公开条例》的要求，现公布{year}年度政府信息公开工作年度报告。",
        f"一、总体情况。{year}年，我局主动公开政府信息{number + 120}条，收到信息公开申请{number}件，均按期答复。",
        "二、存在的主要问题及改进情况。公开内容的深度还需要加强，下一步将做好政策解读。",
    )
    return f"<html>{head}<body><h1>{title}</h1><div id=zoom>{''.join(f'<p>{text * 8}</p>' for text in texts)}</div></body></html>"


def dated(site_pages: dict[str, str]) -> Any:
    """Pages with an ETag, 304 to whoever knows it."""

    def answers(asked: Asked) -> Any:
        page = site_pages.get(asked.path)
        if page is None:
            return None
        tag = f'"{hash(page) & 0xFFFF:x}"'
        known = asked.headers.get("if-none-match") == tag and asked.path.startswith("/r/")
        return (304, {"ETag": tag}, b"") if known else (200, {"ETag": tag, "Content-Type": "text/html; charset=utf-8"}, page.encode())

    return answers


def test_what_is_known_is_asked_for_by_its_validator_and_what_is_gone_is_withdrawn(tmp_path: Path) -> None:
    pages = {f"/r/{number}.html": told_report(number, 2018 + number) for number in (1, 2, 3)}
    pages["/list/"] = listing(*(report(number, 2018 + number) for number in (1, 2, 3)))
    site = Site(dated(pages))
    with serving(site):
        lines = [f"one,,,{site.base}/list/,,,"]
        whole = {
            "ITEM_PIPELINES": json.dumps(settings.ITEM_PIPELINES),
            "HARVEST_DB": tmp_path / "db",
            "HARVEST_ARCHIVE": tmp_path / "archive",
        }
        first = crawl(tmp_path, lines, **whole).portals["one"]
        pages["/list/"] = listing(report(1, 2019))
        del pages["/r/2.html"]
        site.asked.clear()
        second = crawl(tmp_path, lines, **whole).portals["one"]
    assert (first["outcome"], first["new"], first["fetched"]) == ("complete", 3, 3), first
    assert (second["outcome"], second["new"], second["fetched"], second["unchanged"], second["withdrawn"]) == ("complete", 0, 0, 1, 1), (
        second
    )
    assert sorted(site.paths) == ["/list/", "/r/1.html", "/r/2.html", "/r/2.html", "/r/3.html"]


def test_with_and_without_processes_that_read_a_crawl_finds_the_same(tmp_path: Path) -> None:
    pages: dict[str, Any] = {f"/r/{number}.html": told_report(number, 2018 + number) for number in (1, 2, 3)}
    pages |= {"/r/4.html": PAGE, "/r/5.html": (200, {"Content-Type": "application/pdf"}, b"%PDF-1.4")}
    pages["/list/"] = listing(*(report(number, 2018 + number) for number in range(1, 6)))
    site, found = Site(pages), []
    with serving(site):
        for readers in (0, 1, 3):
            folder = tmp_path / str(readers)
            folder.mkdir()
            whole = {
                "ITEM_PIPELINES": json.dumps(settings.ITEM_PIPELINES),
                "HARVEST_DB": folder / "db",
                "HARVEST_ARCHIVE": folder / "archive",
            }
            told = crawl(folder, [f"one,,,{site.base}/list/,,,"], HARVEST_READERS=readers, **whole).portals["one"]
            with Database(folder / "db") as database:
                figures = rows(database, "SELECT * FROM figures ORDER BY 1, 2, 3, 4")
                reports = rows(
                    database, "SELECT id, title, organ_id, year, quality, form, text_sha256, text, extraction FROM reports ORDER BY id"
                )
                issues = rows(database, 'SELECT report_id, url, code, "where", message FROM issues ORDER BY 1, 2, 3, 4')
            assert (told["new"], told["fetched"], len(reports)) == (3, 5, 3), told
            found.append((told, figures, reports, issues))
    assert found[0] == found[1] == found[2]


def test_an_interrupted_run_says_what_it_did_not_reach(tmp_path: Path) -> None:
    def slow(asked: Asked) -> Any:
        if asked.path.startswith("/r/"):
            time.sleep(0.3)
            return PAGE
        return listing(*(report(number) for number in range(40)))

    site = Site(slow)
    with serving(site):
        lines = [f"one,,,{site.base}/list/,,,"]
        process = subprocess.Popen(command_for(tmp_path, lines), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while len(site.asked) < 4 and process.poll() is None:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
    told = read_back(tmp_path).portals["one"]
    assert told["outcome"] == "incomplete"
    assert "interrupted" in told["reason"]
    assert 0 < told["fetched"] < 40
