"""Lists that gather the columns of units on hosts of their own: those are read, at each host's own pace, and nothing else is asked."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from spiders.elsewhere import is_column
from spiders.families import Link
from tests.test_portal_spider import PAGE, Crawl, crawl, listing, report
from tests.webserver import Asked, Site, serving

DELAY = 0.3


def unit(column: str, *numbers: int) -> Any:
    """A host whose column lists reports, and which has a front page nobody is to ask for."""

    def answers(asked: Asked) -> Any:
        if asked.path == column:
            return listing(*(report(number) for number in numbers), '<li><a href="/2020n/">2020年</a></li>')
        return PAGE if asked.path.startswith("/r/") else None

    return answers


SITES = {
    "gathers": Site({}),
    "water": Site(unit("/zfxxgknb/", 1, 2)),
    "roads": Site(unit("/col/col7/index.html", 3)),
    "own_line": Site(unit("/zfxxgknb/", 4)),
    "dead_column": Site({}),
    "leads_on": Site({}),
    "news": Site(unit("/xwzx/", 5)),
}
STRANGER = Site(unit("/zfxxgknb/", 6))
# Hosts of the registry whose lines name another list: what a gathering page may be followed to.
LIST_OF = {"gathers": "/nb/", "own_line": "/zfxxgknb/", "leads_on": "/nb/"}


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawl]:
    with serving(*SITES.values(), STRANGER):
        base = {name: site.base for name, site in SITES.items()}
        rows = [
            f'<li><a href="{base["water"]}/zfxxgknb/">某某市水利局</a></li>',
            f'<li><a href="{base["water"]}/zfxxgknb/index.html">某某市水利局政府信息公开年报</a></li>',
            f'<li><a href="{base["roads"]}/col/col7/index.html">某某市交通运输局政府信息公开年报</a></li>',
            f'<li><a href="{base["own_line"]}/zfxxgknb/">某某市民政局</a></li>',
            f'<li><a href="{base["dead_column"]}/zfxxgknb/">某某市审计局</a></li>',
            f'<li><a href="{base["leads_on"]}/ndbg/">某某市统计局</a></li>',
            f'<li><a href="{base["news"]}/">某某市司法局</a></li>',
            f'<li><a href="{base["news"]}/xwzx/">某某市司法局</a></li>',
            f'<li><a href="{base["news"]}/wznb/">政府网站工作年度报表</a></li>',
            f'<li><a href="{STRANGER.base}/zfxxgknb/">某某市商务局</a></li>',
        ]
        SITES["gathers"].answers = {"/nb/": listing(*rows)}
        SITES["leads_on"].answers = {
            "/ndbg/": listing(report(7), f'<li><a href="{base["news"]}/zfxxgknb/">某某市林业局</a></li>'),
            "/r/7.html": PAGE,
        }
        lines = [f"{name},,,{site.base}{LIST_OF.get(name, '/other/')},,," for name, site in SITES.items()]
        ids = "gathers,own_line"
        yield crawl(tmp_path_factory.mktemp("elsewhere"), lines, HARVEST_PORTAL_IDS=ids, DOWNLOAD_DELAY=DELAY)


def test_columns_on_other_hosts_are_read_with_their_reports(done: Crawl) -> None:
    told = done.portals["gathers"]
    assert told["listed"] == told["fetched"] == 4, told
    assert sorted(SITES["water"].paths) == ["/r/1.html", "/r/2.html", "/zfxxgknb/"], "one column under two spellings is one"
    assert SITES["roads"].paths == ["/col/col7/index.html", "/r/3.html"]
    assert "/r/7.html" in SITES["leads_on"].paths


def test_nothing_else_is_asked(done: Crawl) -> None:
    assert (STRANGER.asked, STRANGER.robots_asked) == ([], 0), "neither of the registry nor under gov.cn"
    assert (SITES["news"].asked, SITES["news"].robots_asked) == ([], 0), "front pages, news, look-alikes, and what a third host leads to"


def test_a_column_with_a_line_of_its_own_is_read_once_and_by_that(done: Crawl) -> None:
    assert SITES["own_line"].paths.count("/zfxxgknb/") == 1
    assert done.portals["own_line"]["listed"] == 1


def test_a_column_that_is_not_there_is_told(done: Crawl) -> None:
    told = done.portals["gathers"]
    assert told["outcome"] == "incomplete"
    assert f"{SITES['dead_column'].base}/zfxxgknb/" in told["reason"]


def test_each_host_has_its_own_pace(done: Crawl) -> None:
    for name in ("water", "roads", "leads_on"):
        moments = [asked.at for asked in SITES[name].asked]
        assert min(later - sooner for sooner, later in pairwise(moments)) >= DELAY * 0.8


@pytest.mark.parametrize(
    ("address", "words", "column"),
    [
        ("/zfxxgknb/", "某某市水利局", True),
        ("/zwgk/nb/index.shtml", "某某县人民政府", True),
        ("/col/col93261/index.html", "南京市政府信息公开年报", True),
        ("/", "某某市水利局", False),
        ("/index.html", "某某市信息公开年报", False),
        ("/zfxxgknb/t20240101_1.html", "某某市水利局", False),
        ("/zfxxgknb/2023/", "某某市水利局2023年政府信息公开工作年度报告", False),
        ("/wznb/", "政府网站工作年度报表", False),
        ("/zwgk/", "某某市水利局", False),
    ],
)
def test_what_a_column_elsewhere_is(address: str, words: str, column: bool) -> None:
    assert is_column(Link(f"http://slj.mou.gov.cn{address}", words)) is column
