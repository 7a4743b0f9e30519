"""``harvester discover``: every sample portal's list from its home page alone, odd shapes of real portals, and portals that mean ill."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import ROOT, Command

from harvester import registry, sample
from harvester.sample.cms import front
from harvester.sample.places import PORTALS, Portal
from spiders import families
from spiders.families import Link, Listing, ListRequest
from spiders.leads import Frontier, Lead, lead_of, leads_in, nearness, sitemap_leads
from spiders.notices import begin_of, further
from tests.webserver import Site, serving

Found = dict[str, Any]
# Families of the sample whose lists are taken for another's by design of the portal.
FAMILIES = {"hanweb_plain": "hanweb_jpage", "hanweb_proxy": "hanweb_jpage", "hanweb_annual": "hanweb_xxgk", "trs_script": "trs"}
FAMILIES |= {"ucap_json": "ucap", "aspx": "generic", "aggregator": "generic", "attached": "generic"}


def discovered(*homes: str) -> dict[str, Found]:
    command = [sys.executable, "-m", "tests.discovering", *homes]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SCRAPY_")} | {"PYTHONPATH": str(ROOT)}
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, env=environment)
    assert told.returncode == 0 and "Traceback" not in told.stderr, told.stderr[-2000:]
    found: dict[str, Found] = json.loads(told.stdout)
    return found


# --- the sample portals -----------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def samples() -> Iterator[tuple[sample.Sample, dict[str, Found]]]:
    with sample.serve(first_port=0) as served:
        homes = {f"{base}/": name for name, base in served.base_urls.items()}
        yield served, {homes[home]: found for home, found in discovered(*homes).items()}


@pytest.mark.parametrize("portal", PORTALS, ids=lambda portal: portal.id)
def test_the_list_of_every_sample_portal_is_found_from_its_home_page(
    samples: tuple[sample.Sample, dict[str, Found]], portal: Portal
) -> None:
    served, all_found = samples
    found = all_found[portal.id]
    assert [proposal["list_url"] for proposal in found["proposals"]] == [served.list_urls[portal.id]], found
    proposal = found["proposals"][0]
    assert proposal["family"] == FAMILIES.get(portal.family, portal.family)
    assert proposal["line"]["name"] == portal.name
    assert found["site_code"] == f"{portal.region}0001"
    assert proposal["reports"] + len(proposal["below"]) >= 2 and (
        set(proposal["years"]) & {2023, 2024, 2025} or portal.family == "aggregator"
    )
    assert proposal["path"][0] == "home" and proposal["found_by"]
    assert found["requests"] <= 12


def test_the_sample_portals_lead_to_their_lists_in_many_ways_and_nobody_else_is_asked(
    samples: tuple[sample.Sample, dict[str, Found]],
) -> None:
    served, found = samples
    assert set(front.WAYS) <= {portal.family for portal in PORTALS}
    assert served.witness_hits() == 0
    elsewhere = found["sample-aggregator"]
    assert {"jtj.shating.example", served.base_urls["sample-yunxi"].removeprefix("http://")} <= set(elsewhere["hosts_elsewhere"])


# --- shapes of real portals, and hostile ones -------------------------------------------------------------------------------------------


def page(*links: tuple[str, str], title: str = "某县人民政府门户网站", body: str = "") -> str:
    shown = "".join(f'<li><a href="{href}">{text}</a></li>' for href, text in links)
    return f"<html><head><title>{title}</title></head><body><ul>{shown}</ul>{body}{'<!-- -->' * 400}</body></html>"


def reports(*years: int, stem: str = "t", unit: str = "某县") -> list[tuple[str, str]]:
    return [(f"{stem}{year}_1.html", f"{unit}{year}年政府信息公开工作年度报告") for year in years]


COLUMN = "政府信息公开年报"
PLATFORM = ("/zwgk/", "政府信息公开")
REPORT = f"<h1>某镇2023年政府信息公开工作年度报告</h1><p>一、总体情况</p><p>第二十条 第（一）项</p><p>{'本镇主动公开信息。' * 120}</p>"
CHALLENGE = (412, {}, b"<html><script r='m'>$_ts={};$_ts.nsd=61766;</script></html>")


def loop(asked: Any) -> str | None:
    """A menu that leads on for ever, every time by other words and another address."""
    step = asked.path.count("/z")
    return None if asked.path == "/robots.txt" else page((f"{asked.path.rstrip('/')}/z{step}/", f"第{step}政府信息公开"), title=asked.path)


def calendar(asked: Any) -> str | None:
    """A column without reports, beside a calendar that has a page for every day there ever will be."""
    if asked.path == "/robots.txt":
        return None
    days = [(f"/xxgknb/?date={hash(asked.path + str(day)) % 10**8}", f"{day}日公开") for day in range(1, 31)]
    return page(("/xxgknb/", COLUMN), *days, title=asked.path)


def soft(asked: Any) -> str:
    """Only the home page is there; for the rest the server says 200 and that it is not."""
    menu = [PLATFORM, ("/nb/", COLUMN), ("/zfxxgknb/", COLUMN), ("/map/", "网站地图")]
    return page(*menu) if asked.path == "/" else "<html><title>提示</title><p>您访问的页面不存在或已被删除</p></html>"


def mirror(asked: Any) -> str:
    """Every address shows the home page."""
    return page(PLATFORM, ("/nb/", COLUMN), *reports(2024, 2023), title="某县 政府信息公开年报")


def tree() -> dict[str, str]:
    """Year -> level -> unit; the folder of 2023 was used again for the reports of 2024."""
    column = page(("2024n/", "2024年"), ("2023n/", "2023年"), ("2022n/", "2022年"), title=f"{COLUMN}-某市")
    return {
        "/": page(PLATFORM, title="某市人民政府"),
        "/zwgk/": page(("/zwgk/xxgknb/", COLUMN), title="政府信息公开"),
        "/zwgk/xxgknb/": column,
        "/zwgk/xxgknb/2024n/": page(("bm/", "市直部门"), title=f"2024年-{COLUMN}"),
        "/zwgk/xxgknb/2024n/bm/": page(("jyj/", "教育局"), title=f"市直部门-{COLUMN}"),
        "/zwgk/xxgknb/2024n/bm/jyj/": page(*reports(2024, unit="某市教育局"), title=f"教育局-{COLUMN}"),
    }


def lying() -> dict[str, str]:
    return {
        "/": page(("/xxgknb/", COLUMN)),
        "/xxgknb/": page(("2023n_51464/", "2023年"), ("2022n/", "2022年"), title=f"{COLUMN}-某市"),
        "/xxgknb/2023n_51464/": page(*reports(2024), title=f"2023年-{COLUMN}"),
        "/xxgknb/2022n/": page(*reports(2022), title=f"2022年-{COLUMN}"),
    }


def deep(folder: str, at: int, year: int) -> dict[str, str]:
    """Notices of November on the first page, of ``year`` on the others; reports on page ``at``."""
    found = {}
    for number in range(1, 9):
        day = "2025-11-03" if number == 1 else f"{year}-02-0{number}"
        rows = "".join(f'<li><a href="{folder}{number}{n}.html">关于第{number}{n}号事项的通知</a><span>{day}</span></li>' for n in range(5))
        named = f'<li><a href="/r/{number}.html">某县教育局{year - 1}年政府信息公开工作年度报告</a><span>{day}</span></li>'
        following = f'<a href="{folder}list_{number + 1}.html">下一页</a>'
        name = folder if number == 1 else f"{folder}list_{number}.html"
        body = f"<ul>{rows}{named if number == at else ''}</ul>{following}"
        found[name] = f"<html><head><title>通知公告-某县</title></head><body>{body}</body></html>"
    return found


def sites(witness: str) -> dict[str, Any]:
    return {
        "loop": loop,
        "calendar": calendar,
        "soft": soft,
        "mirror": mirror,
        "refreshes": {
            "/": '<html><meta http-equiv="refresh" content="0;url=/a.html"></html>',
            "/a.html": '<html><meta http-equiv="refresh" content="0;url=/"></html>',
        },
        "framed": {
            "/": '<html><body><iframe src="/main.html"></iframe></body></html>',
            "/main.html": page(("/x/", "首页"), body='<iframe src="/left.html"></iframe><iframe src="/top.html"></iframe>'),
            "/left.html": page(("/col/1/", COLUMN), title="左侧"),
            "/col/1/": page(*reports(2024, 2023, 2022), title=COLUMN),
        },
        "away": {"/": page((f"{witness}/zfxxgknb/", COLUMN), ("http://nb.example.com/xxgknb/", COLUMN))},
        "challenged": lambda asked: None if asked.path == "/robots.txt" else CHALLENGE,
        "challenged later": {
            "/": page(PLATFORM, ("/nb/", COLUMN), ("/zfxxgknb/", COLUMN)),
            "/zwgk/": CHALLENGE,
            "/nb/": CHALLENGE,
            "/zfxxgknb/": CHALLENGE,
        },
        "forbidden folder": {
            "/": page(("/zfxxgk/", "政府信息公开平台"), ("/zfxxgk/nb/", COLUMN)),
            "/zfxxgk/": 403,
            "/zfxxgk/nb/": page(*reports(2023, 2022), title=COLUMN),
        },
        "robots": {"/robots.txt": "User-agent: *\nDisallow: /\n", "/": page(("/nb/", COLUMN))},
        "tree": tree(),
        "lying": lying(),
        "notices": {
            "/": page(("/tzgg/", "通知公告"), ("/gk/zd/", "信息公开年度报告制度")),
            "/tzgg/": page(*reports(2023), ("/tzgg/1.html", "关于停水的通知"), ("/tzgg/2.html", "关于放假的通知"), title="通知公告-某县"),
        },
        "deep notices": {"/": page(("/tzgg/", "通知公告")), **deep("/tzgg/", 3, 2025)},
        "old notices": {"/": page(("/tzgg/", "通知公告")), **deep("/tzgg/", 4, 2021)},
        "itself": {"/": page(("/zfxxgk/nb.htm", COLUMN)), "/zfxxgk/nb.htm": page(PLATFORM, title=f"{COLUMN}-某镇", body=REPORT)},
        "breadcrumb": {
            "/": page(("/c/88.html", "某县民政局2023年政府信息公开工作年度报告")),
            "/c/88.html": page(("/c7/", COLUMN), ("/", "首页"), title="某县民政局2023年政府信息公开工作年度报告", body=REPORT),
            "/c7/": page(*reports(2023, 2022), title="列表"),
        },
        "two": {
            "/": page(("/xxgknb/", "县政府信息公开年报"), ("/bmxxgknb/", "部门信息公开年报")),
            "/xxgknb/": page(*reports(2024, 2023), title="县政府信息公开年报"),
            "/bmxxgknb/": page(*reports(2024, 2023, unit="某县教育局"), title="部门信息公开年报"),
        },
        "decoys": {
            "/": page(("/wz/", "政府网站年报"), ("/fz/ndbg/", "法治政府建设年度报告"), ("/gzbg/", "政府工作报告")),
            "/wz/": page(*[(f"{year}.html", f"{year}年政府网站工作年度报表") for year in range(2018, 2025)], title="政府网站年报"),
        },
        "jumps": lambda asked: None if asked.path == "/robots.txt" else (302, {"Location": f"{asked.path}x"}, b""),
        "garbage": lambda asked: None if asked.path == "/robots.txt" else (200, {"Content-Type": "text/html"}, bytes(range(256)) * 40),
        "dead": {},
    }


@pytest.fixture(scope="module")
def odd() -> Iterator[tuple[dict[str, Found], dict[str, Site], Site]]:
    with serving(witness := Site(lambda asked: page(*reports(2020)))):
        served = {name: Site(answers) for name, answers in sites(witness.base).items()}
        with serving(*served.values()):
            found = discovered(*(f"{site.base}/" for site in served.values()))
            yield {name: found[f"{site.base}/"] for name, site in served.items()}, served, witness


Odd = tuple[dict[str, Found], dict[str, Site], Site]


@pytest.mark.parametrize(
    ("name", "paths"),
    [
        ("framed", ["/col/1/"]),
        ("forbidden folder", ["/zfxxgk/nb/"]),
        ("tree", ["/zwgk/xxgknb/"]),
        ("lying", ["/xxgknb/"]),
        ("notices", ["/tzgg/"]),
        ("deep notices", ["/tzgg/"]),
        ("itself", ["/zfxxgk/nb.htm"]),
        ("breadcrumb", ["/c7/"]),
        ("two", ["/xxgknb/", "/bmxxgknb/"]),
    ],
)
def test_the_list_is_found_where_real_portals_have_it(odd: Odd, name: str, paths: list[str]) -> None:
    found, served, _ = odd
    got = [proposal["list_url"].removeprefix(served[name].base) for proposal in found[name]["proposals"]]
    assert sorted(got) == sorted(paths), found[name]
    assert found[name]["outcome"] == "found"


@pytest.mark.parametrize("name", ["loop", "calendar", "soft", "mirror", "refreshes", "away", "decoys", "jumps", "garbage", "dead"])
def test_portals_that_lead_nowhere_end_soon_and_give_no_line(odd: Odd, name: str) -> None:
    found, _, _ = odd
    good = [proposal for proposal in found[name]["proposals"] if proposal["reports"]]
    assert not good or name == "mirror", found[name]
    assert found[name]["outcome"] != "found" or name == "mirror"
    assert found[name]["requests"] <= (30 if name == "loop" else 14)


def test_notices_are_turned_while_they_can_hold_the_last_reports(odd: Odd) -> None:
    _, served, _ = odd
    turned = {name: [path for path in served[name].paths if path.startswith("/tzgg/")] for name in ("deep notices", "old notices")}
    assert turned["deep notices"] == ["/tzgg/", "/tzgg/list_2.html", "/tzgg/list_3.html"]
    assert turned["old notices"] == ["/tzgg/", "/tzgg/list_2.html"], "the second page is all of years before"


@pytest.mark.parametrize(("newest", "since"), [("2025-11-03", "2025-01-01"), ("2025-02-11", "2024-01-01"), ("", "")])
def test_the_last_season_is_this_years_or_the_one_before(newest: str, since: str) -> None:
    assert begin_of(newest) == since


def test_notices_end_after_the_pages_allowed() -> None:
    lead = Lead(ListRequest("http://x.gov.cn/tzgg/"), 16, ("通知公告",))
    listing = Listing(more=[ListRequest("http://x.gov.cn/tzgg/list_2.html")])
    second = further("http://x.gov.cn/tzgg/", lead, listing, 2)
    assert second and second.list_url == "http://x.gov.cn/tzgg/" and further(second.url, second, listing, 2) is None


def test_a_portal_that_shows_its_front_page_for_every_address_gives_no_address_but_the_front_page(odd: Odd) -> None:
    found, served, _ = odd
    assert {proposal["list_url"] for proposal in found["mirror"]["proposals"]} <= {f"{served['mirror'].base}/"}


def test_a_column_on_another_host_is_told_and_never_asked(odd: Odd) -> None:
    found, _, witness = odd
    told = {entry["url"]: entry["words"] for entry in found["away"]["elsewhere"]}
    assert told == {f"{witness.base}/zfxxgknb/": COLUMN, "http://nb.example.com/xxgknb/": COLUMN}
    assert witness.asked == [] and witness.robots_asked == 0


def test_a_challenge_ends_the_search_at_once(odd: Odd) -> None:
    found, served, _ = odd
    for name, most in (("challenged", 1), ("challenged later", 2)):
        assert found[name]["outcome"] == "blocked" and "瑞数" in found[name]["why"]
        assert len(served[name].asked) == most
    assert found["robots"]["outcome"] == "blocked" and "robots.txt" in found["robots"]["why"]
    assert served["robots"].asked == []


def test_what_a_list_covers_is_told(odd: Odd) -> None:
    found, _, _ = odd
    tree = found["tree"]["proposals"][0]
    assert [entry["name"] for entry in tree["below"]][:3] == ["2024年", "2023年", "2022年"]
    assert "某市教育局" in tree["units"] and tree["years"] == [2024]
    lying = found["lying"]["proposals"][0]
    assert any("2023年" in remark and "2024" in remark for remark in lying["remarks"])
    assert "2024" in lying["line"]["note"]
    assert any(sign["name"] == "notices" and sign["points"] < 0 for sign in found["notices"]["proposals"][0]["signs"])
    assert any("某县教育局 only" in remark for proposal in found["two"]["proposals"] for remark in proposal["remarks"])


# --- the command ------------------------------------------------------------------------------------------------------------------------


def test_lines_go_to_stdout_as_the_registry_has_them(command: Command, tmp_path: Any) -> None:
    quick = ("-s", "DOWNLOAD_DELAY=0", "-s", "HARVEST_CONTACT=x")
    with serving(site := Site(lying())):
        told = command("discover", site.base, *quick)
        few = command("discover", site.base, "--requests", "2", "--json", *quick)
    assert told.returncode == 0, told.stderr
    (tmp_path / "mine.csv").write_text(told.stdout, "utf-8")
    (line,) = registry.read(tmp_path / "mine.csv", families.names())
    assert line.list_url == f"{site.base}/xxgknb/" and line.seen_in.startswith("harvester discover ") and line.min_reports is None
    assert next(csv.reader(io.StringIO(told.stdout))) == [*registry.REQUIRED, *registry.EVIDENCE]
    assert "the page calls its column" in told.stderr
    assert not (tmp_path / "data").exists(), "nothing is kept"
    facts = json.loads(few.stdout)
    assert few.returncode == 1 and facts["proposals"] == [] and len(site.asked) == len(set(site.paths)) + 1
    assert any("requests allowed" in reason for reason in facts["gave_nothing"].values())


@pytest.mark.parametrize("url", ["ftp://x.gov.cn/", "http://", "http://a b/", "http://x:0/"])
def test_what_is_no_home_page_is_told(command: Command, url: str) -> None:
    told = command("discover", url)
    assert told.returncode == 2 and "home page" in told.stderr and "Traceback" not in told.stderr


# --- the pure parts ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("政府信息公开年报", True),
        ("信息公开年度报告", True),
        ("年报汇总", True),
        ("历年年报", True),
        ("公开年报", True),
        ("政府信息公开", False),
        ("2024年政府信息公开年报", True),
    ],
)
def test_words_of_menus(text: str, names: bool) -> None:
    lead = lead_of(Link("http://www.x.gov.cn/c/1/", text))
    assert lead and lead.names == names


@pytest.mark.parametrize(
    "text", ["政府工作报告", "法治政府建设年度报告", "政府网站工作年度报表", "信息公开年度报告制度", "本地要闻", "22", "下一页"]
)
def test_decoys_are_no_leads(text: str) -> None:
    assert lead_of(Link("http://www.x.gov.cn/zfxxgk/zfwznb/", text)) is None or text == "本地要闻"
    assert lead_of(Link("http://www.x.gov.cn/c/1/", text)) is None


def test_hosts_of_the_same_government() -> None:
    home = "https://www.jl.gov.cn/"
    told = [nearness(url, home) for url in ("http://jl.gov.cn/a", "http://xxgk.jl.gov.cn/", "http://www.gov.cn/", "http://x.example/")]
    assert told == ["own", "kin", "other", "other"]


def test_a_lonsun_menu_tells_the_column_of_yearly_reports() -> None:
    text = '<a href="/public/column/6638681?type=4&catId=12&action=list">目录</a>'
    assert "http://www.x.gov.cn/public/column/6638681?type=3&action=list" in {lead.url for lead in leads_in("http://www.x.gov.cn/", text)}


def test_a_sitemap_of_articles_tells_their_column_once() -> None:
    urls = [f"http://x.gov.cn/zwgk/zfxxgknb/202{n}01/t202{n}0101_{n}.html" for n in range(6)] + ["http://x.gov.cn/m/1.html"]
    assert [lead.url for lead in sitemap_leads(urls)] == ["http://x.gov.cn/zwgk/zfxxgknb/"]


def test_the_frontier_gives_the_best_first_and_few_of_one_shape() -> None:
    frontier = Frontier()
    for number in range(100):
        frontier.add(Lead(ListRequest(f"http://x.gov.cn/d/{number}.html"), 20))
    frontier.add(Lead(ListRequest("http://x.gov.cn/nb/"), 90))
    frontier.add(Lead(ListRequest("http://x.gov.cn/nb/index.html"), 95))
    asked = list(iter(lambda: frontier.next(8), None))
    assert [lead.points for lead in asked] == [95, *[20] * 6]
