"""What stands before portals, one sample front door a signature: told apart as data says, met politely, and never opened by force."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from spiders.politeness import REFUSALS
from spiders.signatures import _signatures, fitting
from tests.test_portal_spider import PAGE, Crawl, crawl, listing, report
from tests.webserver import Asked, Site, serving


class Door(NamedTuple):
    """A front door: the signature it must fit, its answer, and what becomes of the portal behind it."""

    what: str
    status: int
    body: str
    outcome: str
    cookie: str = ""


BOTGATE = (
    "<html><script r='m'>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=61766;</script><script src='/a.js' r='m'></script>_$_t();</html>"
)
JSL = "<script>document.cookie=('_')+('_')+('j')+('sl')+('_cl')+('=1');location.href=location.pathname+location.search</script>"
JSL_HASH = '<script>var _0x=[\'__jsl_clearance_s\'];go({"bts":["1","a"],"ha":"sha1","tn":"__jsl_clearance_s"})</script>'
SLIDER = "<html><title>请稍候…</title><div class='puzzle-vcode'></div><script>window._$ts={}</script>" + "<!-- -->" * 2800 + "</html>"
SHELL = "<html><head><script>{}</script></head><body>{}</body></html>"
EDGE = "document.cookie='EO_Bot_Ssid=1';window.location.reload();"
EDGE_BIG = "function a(b){return b^7}var t=" + "'0x1f'+" * 600 + "'';eval(t);"
BLOCKED = "<html><body><h1>{}</h1><p>事件编号 7</p></body></html>"

DOORS: dict[str, Door] = {
    "botgate_412": Door("瑞数", 412, BOTGATE, "blocked", "abcS=1; Path=/"),
    "botgate_202": Door("瑞数", 202, BOTGATE, "blocked"),
    "botgate_400": Door("瑞数", 400, BOTGATE, "blocked"),
    "jsl_521": Door("加速乐", 521, JSL, "blocked", "__jsluid_s=1; Path=/"),
    "jsl_521_hash": Door("加速乐", 521, JSL_HASH, "blocked"),
    "jsl_512": Door("加速乐", 512, JSL, "blocked"),
    "jsl_200": Door("加速乐", 200, JSL_HASH, "blocked"),
    "slider_200": Door("slider", 200, SLIDER, "blocked"),
    "slider_404": Door("slider", 404, SLIDER, "blocked"),
    "slider_500": Door("slider", 500, SLIDER, "blocked"),
    "cookie_script": Door(
        "cookie script", 200, SHELL.format("document.cookie='a=1';location.href='/'", "某某市人民政府欢迎您" * 5), "blocked"
    ),
    "edge_small": Door("script shell", 200, SHELL.format("__tst_status='7#';location.reload()", ""), "blocked"),
    "edge_2300": Door(
        "script shell", 200, SHELL.format(EDGE.replace("document.cookie=", "acw_sc__v2=") + "//" + "x" * 2300, ""), "blocked"
    ),
    "edge_4600": Door("script shell", 200, SHELL.format(EDGE_BIG, "请稍候"), "blocked"),
    "wzws_403": Door("WZWS", 403, "<html>wzws_sessionid reason:GeoBL</html>", "blocked", "wzws_sessionid=1; Path=/"),
    "waf_403": Door("refused", 403, "<html>Forbidden</html>", "blocked"),
    "waf_405": Door("refused", 405, BLOCKED.format("405"), "blocked"),
    "waf_406": Door("refused", 406, "", "blocked"),
    "waf_422": Door("refused", 422, "", "blocked"),
    "waf_493": Door("refused", 493, "", "blocked"),
    "waf_200": Door("block page", 200, BLOCKED.format("您的请求存在异常，访问被拦截"), "blocked"),
    "waf_200_short": Door("block page", 200, BLOCKED.format("请求异常"), "blocked"),
    "waf_200_parameters": Door("block page", 200, BLOCKED.format("不合法的参数"), "blocked"),
    "captcha": Door("captcha", 200, BLOCKED.format("请输入验证码后继续访问"), "blocked"),
    "password": Door("refused", 401, "", "blocked"),
    "challenge_412": Door("refused", 412, "", "blocked"),
    "too_many": Door("refused", 429, "", "blocked"),
    "legal": Door("refused", 451, "", "blocked"),
    "bare_512": Door("refused", 512, "", "blocked"),
    "bare_521": Door("refused", 521, "", "blocked"),
    "missing": Door("gone", 404, "", "incomplete"),
    "gone": Door("gone", 410, "", "incomplete"),
    "soft_404": Door("soft 404", 200, BLOCKED.format("您访问的页面不存在或已删除"), "incomplete"),
    "soft_404_short": Door("soft 404", 200, BLOCKED.format("抱歉，出错了"), "incomplete"),
    "broken": Door("broken", 500, "", "incomplete"),
}


def test_every_signature_has_a_sample_front_door() -> None:
    met = {id(fitting(door.status, door.body.encode())) for door in DOORS.values()}
    assert [signature for signature in _signatures() if id(signature) not in met] == []


@pytest.mark.parametrize("name", DOORS)
def test_a_front_door_fits_its_signature(name: str) -> None:
    door = DOORS[name]
    found = fitting(door.status, door.body.encode("gb18030"))
    assert found is not None and found.what == door.what


@pytest.mark.parametrize(
    "page",
    [
        SHELL.format("window.location.href='/real/'", ""),
        SHELL.format("var app=1", "<div id=app></div>"),
        SHELL.format(
            "document.cookie='skin=1'", "<p>某某市教育局2021年政府信息公开工作年度报告，现公布本年度政府信息公开工作情况，欢迎查阅。</p>"
        ),
        '<html><meta http-equiv="refresh" content="0;url=/real/"></html>',
    ],
)
def test_a_small_page_that_leads_on_or_says_something_is_no_front_door(page: str) -> None:
    assert fitting(200, page.encode()) is None


def door(of: Door) -> Any:
    headers = {"Content-Type": "text/html; charset=utf-8", **({"Set-Cookie": of.cookie} if of.cookie else {})}
    return lambda asked: (of.status, headers, of.body.encode()) if asked.path != "/robots.txt" else None


def bare_folder(asked: Asked) -> Any:
    answers = {"/nb/": 403, "/nb/index.html": listing(report(1)), "/r/1.html": PAGE}
    return answers.get(asked.path)


def chain(asked: Asked) -> Any:
    refresh = '<html><meta http-equiv="refresh" content="0;url={}"></html>'
    jump = '<html><script>window.location="{}"</script></html>'
    answers = {"/list/": refresh.format("/a/"), "/a/": jump.format("/b/"), "/b/": refresh.format("/real/"), "/real/": listing(report(1))}
    return answers.get(asked.path) or (PAGE if asked.path == "/r/1.html" else None)


SITES = {name: Site(door(of)) for name, of in DOORS.items()} | {"bare_folder": Site(bare_folder), "chain": Site(chain)}


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawl]:
    with serving(*SITES.values()):
        lines = [f"{name},,,{site.base}/{'nb' if name == 'bare_folder' else 'list'}/,,," for name, site in SITES.items()]
        yield crawl(tmp_path_factory.mktemp("doors"), lines)


@pytest.mark.parametrize("name", DOORS)
def test_a_portal_behind_a_front_door_is_told_as_what_it_is(done: Crawl, name: str) -> None:
    told = done.portals[name]
    assert (told["outcome"], told["listed"], told["fetched"]) == (DOORS[name].outcome, 0, 0), told
    assert told["reason"]
    assert 0 < len(SITES[name].asked) <= REFUSALS


@pytest.mark.parametrize("name", [name for name, of in DOORS.items() if of.status != 429])
def test_no_cookie_is_sent_that_no_header_gave(done: Crawl, name: str) -> None:
    given = DOORS[name].cookie.partition(";")[0]
    assert {one.headers.get("cookie", "") for one in SITES[name].asked} <= {"", given}


def test_a_folder_that_is_not_shown_may_have_an_index(done: Crawl) -> None:
    assert SITES["bare_folder"].paths == ["/nb/", "/nb/index.html", "/r/1.html"]
    assert done.portals["bare_folder"]["outcome"] == "complete"
    assert SITES["waf_403"].paths == ["/list/", "/list/index.html"]


def test_a_chain_of_refreshes_and_jumps_is_followed(done: Crawl) -> None:
    assert SITES["chain"].paths == ["/list/", "/a/", "/b/", "/real/", "/r/1.html"]
    assert (done.portals["chain"]["outcome"], done.portals["chain"]["fetched"]) == ("complete", 1)
