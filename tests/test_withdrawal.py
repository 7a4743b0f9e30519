"""What left its lists: when it is withdrawn, when it is not, that it comes back, and that the archive tells all of it again."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from harvester import settings
from harvester.items import Page
from storage.archive import Archive
from storage.database import Database
from tests.conftest import run_harvester
from tests.storing import rows
from tests.test_portal_spider import HEADER, SOFT_404, Crawl, crawl, dated, listing, report, told_report, trs
from tests.webserver import Asked, Site, serving

ERROR_PAGE = "<html><h1>404</h1></html>"
SLIDER = "<title>请稍候…</title><div class='puzzle-vcode'></div>"


class Changing:
    """A portal of three reports, each page with an ETag; ``edit`` changes what it answers from the second run on."""

    def __init__(self, number: int) -> None:
        self.pages = {f"/r/{n}.html": told_report(n + 10 * number, 2018 + n) for n in (1, 2, 3)}
        self.first = dict(self.pages)
        self.list = [report(n, 2018 + n) for n in (1, 2, 3)]
        self.foot, self.number = "", number
        self.others: dict[str, Any] = {}

    def carry(self) -> None:
        """The second report is a file that its page carries."""
        title = "某某市教育局2020年政府信息公开工作年度报告"
        self.pages["/f/2.doc"] = self.pages["/r/2.html"]
        self.pages["/r/2.html"] = f"<html><h1>{title}</h1><p>详见附件。</p><a href='/f/2.doc'>附件：{title}.doc</a></html>"

    def __call__(self, asked: Asked) -> Any:
        if asked.path == "/list/":
            return listing(*self.list, foot=self.foot)
        other = self.others.get(asked.path)
        if other is not None:
            return other.pop(0) if isinstance(other, list) and len(other) > 1 else other[0] if isinstance(other, list) else other
        return dated(self.pages)(asked)

    def drop(self, answer: Any = None) -> None:
        """The second report leaves the list; its page answers ``answer``, 404 when that is None."""
        self.list = [self.list[0], self.list[2]]
        self.others["/r/2.html"] = 404 if answer is None else answer

    def restore(self) -> None:
        self.list = [report(n, 2018 + n) for n in (1, 2, 3)]
        self.others, self.foot = {}, ""


def reply(status: int, body: str = "", **headers: str) -> tuple[int, dict[str, str], bytes]:
    return status, {"Content-Type": "text/html; charset=utf-8", **headers}, body.encode()


# What the page of the report that left its list answers in the second run (a list: one answer after the other) -> is it withdrawn?
ANSWERS: dict[str, tuple[Any, bool]] = {
    "missing": (None, True),
    "gone": (410, True),
    "stands": (reply(200, told_report(62, 2020)), False),
    "soft": (reply(200, SOFT_404), False),
    "front": (reply(302, "", Location="/"), False),
    "error_page": (reply(302, "", Location="/404.html"), False),
    "once": ([404, reply(200, told_report(62, 2020))], False),
    "then_refused": ([404, 403], False),
    "then_broken": ([404, 500], False),
    "slider": (reply(404, SLIDER), False),
}
# What else may happen to a portal whose second report is gone and not listed: nothing of these withdraws it.
TROUBLES = ("list_breaks", "list_refuses", "list_empties", "all_missing", "refuses_reports", "still_listed", "carrier_missing")


@dataclass
class Weeks:
    """Four runs: ``told`` each one's summary, ``asked`` the paths each site was asked for in each, ``withdrawn`` after each."""

    told: list[Crawl]
    asked: list[dict[str, list[Asked]]]
    withdrawn: list[set[str]]
    again: list[set[str]]


def trouble(name: str, site: Changing) -> None:
    if name not in ("still_listed", "carrier_missing"):
        site.drop()
    if name == "list_breaks":
        site.foot, site.others["/list/index_1.html"] = trs(3, 0), 500
    elif name == "list_refuses":
        site.foot, site.others["/list/index_1.html"] = trs(3, 0), 403
    elif name == "list_empties":
        site.list = []
    elif name in ("all_missing", "refuses_reports"):
        status = 404 if name == "all_missing" else 403
        site.others |= {"/r/1.html": status, "/r/3.html": status}
        site.others["/r/2.html"] = 404
    else:
        site.others["/r/2.html"] = site.others["/f/2.doc"] = 404


def withdrawn_in(path: Path, sites: dict[str, Site]) -> set[str]:
    """Portals with a withdrawn report."""
    with Database(path) as database:
        told = rows(database, "SELECT url FROM reports WHERE withdrawn_on IS NOT NULL")
    return {name for name, site in sites.items() for (url,) in told if url.startswith(site.base + "/")}


@pytest.fixture(scope="module")
def weeks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Weeks]:
    folder = tmp_path_factory.mktemp("weeks")
    portals = {name: Changing(number) for number, name in enumerate([*ANSWERS, *TROUBLES])}
    portals["carrier_missing"].carry()
    sites = {name: Site(portal) for name, portal in portals.items()}
    found = Weeks([], [], [], [])
    with serving(*sites.values()):
        lines = [f"{name},,,{site.base}/list/,,," for name, site in sites.items()]
        whole = {
            "ITEM_PIPELINES": json.dumps(settings.ITEM_PIPELINES),
            "HARVEST_DB": folder / "db",
            "HARVEST_ARCHIVE": folder / "archive",
            "RETRY_TIMES": 0,
        }
        for week in range(4):
            if week == 1:
                for name, (answer, _) in ANSWERS.items():
                    portals[name].drop(answer)
                for name in TROUBLES:
                    trouble(name, portals[name])
            elif week == 3:
                for portal in portals.values():
                    portal.restore()
            for site in sites.values():
                site.asked.clear()
            found.told.append(crawl(folder, lines, **whole))
            found.asked.append({name: list(site.asked) for name, site in sites.items()})
            found.withdrawn.append(withdrawn_in(folder / "db", sites))
            if week in (1, 3):
                (folder / "archive" / "portals.csv").write_text("\n".join([HEADER, *lines]), "utf-8")
                told = run_harvester("replay", "--archive", folder / "archive", "--db", folder / f"again{week}.db", cwd=folder)
                assert told.returncode == 0, told.stderr
                found.again.append(withdrawn_in(folder / f"again{week}.db", sites))
    yield found


def test_only_a_page_that_is_gone_twice_withdraws_its_report(weeks: Weeks) -> None:
    assert weeks.withdrawn[0] == set()
    assert weeks.withdrawn[1] == {name for name, (_, withdrawn) in ANSWERS.items() if withdrawn}
    told = {name: portal["withdrawn"] for name, portal in weeks.told[1].portals.items()}
    assert {name for name, count in told.items() if count} == weeks.withdrawn[1]


def test_the_page_is_asked_for_twice_the_second_time_at_the_end(weeks: Weeks) -> None:
    asked = Counter(one.path for one in weeks.asked[1]["missing"])
    assert asked == {"/list/": 1, "/r/1.html": 1, "/r/2.html": 2, "/r/3.html": 1}
    second = [one.at for one in weeks.asked[1]["missing"] if one.path == "/r/2.html"][1]
    others = [one.at for name, site in weeks.asked[1].items() for one in site if name not in ANSWERS or one.path != "/r/2.html"]
    assert second > max(others)
    for name in ("stands", "soft", "front"):
        assert Counter(one.path for one in weeks.asked[1][name])["/r/2.html"] == 1


@pytest.mark.parametrize("name", ["list_breaks", "list_refuses", "list_empties", "all_missing", "refuses_reports"])
def test_a_portal_that_breaks_or_refuses_is_not_even_asked(weeks: Weeks, name: str) -> None:
    assert "/r/2.html" not in [one.path for one in weeks.asked[1][name]]


@pytest.mark.parametrize("name", ["still_listed", "carrier_missing"])
def test_a_report_that_is_listed_and_missing_is_a_failure_and_not_withdrawn(weeks: Weeks, name: str) -> None:
    told = weeks.told[1].portals[name]
    assert (told["outcome"], told["withdrawn"]) == ("incomplete", 0)
    assert "/r/2.html" in told["reason"]


def test_what_is_withdrawn_is_left_alone_and_withdrawn_once(weeks: Weeks) -> None:
    assert "/r/2.html" not in [one.path for one in weeks.asked[2]["missing"]]
    assert sum(portal["withdrawn"] for portal in weeks.told[2].portals.values()) == 0
    assert weeks.withdrawn[2] == weeks.withdrawn[1]


def test_what_comes_back_is_no_longer_withdrawn_and_not_new(weeks: Weeks) -> None:
    assert weeks.withdrawn[3] == set()
    told = weeks.told[3].portals["missing"]
    assert (told["outcome"], told["new"], told["changed"], told["unchanged"]) == ("complete", 0, 0, 3)


def test_a_replay_into_a_new_database_tells_the_same(weeks: Weeks) -> None:
    assert weeks.again == [weeks.withdrawn[1], weeks.withdrawn[3]]


MOVED = "/r/9.html"
LEADS_ON = reply(301, "", Location=MOVED)
# A report's page moved in the second run. What its old and its new address answer in the third, when no list names it -> is it withdrawn?
MOVES: dict[str, tuple[Any, Any, bool]] = {
    "both_gone": (404, 404, True),
    "leads_on": (LEADS_ON, 404, True),
    "leads_on_to_410": (LEADS_ON, 410, True),
    "revised_as_it_moved": (LEADS_ON, 404, True),
    "leads_once": ([LEADS_ON, reply(200, told_report(82, 2020))], 404, False),
    "new_one_once": (LEADS_ON, [404, 404, reply(200, told_report(82, 2020))], False),
    "stands_at_the_old": (reply(200, told_report(52, 2020)), 404, False),
    "refuses_at_the_old": (403, 404, False),
    "leads_elsewhere": (reply(301, "", Location="/404.html"), 404, False),
    "leads_to_another_report": (reply(301, "", Location="/r/8.html"), 404, False),
}


def test_an_address_that_leads_on_to_one_that_is_gone_is_gone(tmp_path: Path) -> None:
    portals = {name: Changing(number) for number, name in enumerate(MOVES)}
    sites = {name: Site(portal) for name, portal in portals.items()}
    with serving(*sites.values()):
        lines = [f"{name},,,{site.base}/list/,,," for name, site in sites.items()]
        base = {"HARVEST_DB": tmp_path / "db", "HARVEST_ARCHIVE": tmp_path / "archive", "RETRY_TIMES": 0}
        whole = {"ITEM_PIPELINES": json.dumps(settings.ITEM_PIPELINES), **base}
        for portal in portals.values():  # a fourth report, which is gone from the second run on
            portal.pages["/r/8.html"] = told_report(90 + 10 * portal.number, 2017)
            portal.list.append(report(8, 2017))
        told = [crawl(tmp_path, lines, **whole)]
        for portal in portals.values():
            portal.pages[MOVED] = portal.pages["/r/2.html"]
            portal.list[1], portal.others["/r/2.html"] = report(9, 2020), LEADS_ON
        portals["revised_as_it_moved"].pages[MOVED] = told_report(1234, 2020)
        told.append(crawl(tmp_path, lines, **whole))
        for name, (old, new, _) in MOVES.items():
            portals[name].list = [portals[name].list[0], portals[name].list[2]]
            portals[name].others |= {"/r/2.html": old, MOVED: new, "/r/8.html": 404}
        told.append(crawl(tmp_path, lines, **whole))
        withdrawn = {name: withdrawn_reports(tmp_path / "db", site) for name, site in sites.items()}
        (tmp_path / "archive" / "portals.csv").write_text("\n".join([HEADER, *lines]), "utf-8")
        again = run_harvester("replay", "--archive", tmp_path / "archive", "--db", tmp_path / "again.db", cwd=tmp_path)
        assert again.returncode == 0, again.stderr
    assert [{portal["withdrawn"] for portal in week.portals.values()} for week in told[:2]] == [{0}, {0}]
    expected = {name: [2017, 2020] if is_withdrawn else [2017] for name, (_, _, is_withdrawn) in MOVES.items()}
    assert withdrawn == {**expected, "revised_as_it_moved": [2017, 2020, 2020]}
    assert {name: withdrawn_reports(tmp_path / "again.db", site) for name, site in sites.items()} == withdrawn


def withdrawn_reports(path: Path, site: Site) -> list[int]:
    """The years of a portal's withdrawn reports."""
    with Database(path) as database:
        told = rows(database, "SELECT url, year FROM reports WHERE withdrawn_on IS NOT NULL")
    return sorted(year for url, year in told if url.startswith(site.base + "/"))


def test_a_record_of_404_that_names_no_portal_is_no_failure_of_a_replay(tmp_path: Path) -> None:
    url, kind = "http://a.gov.cn/r/2.html", "text/html; charset=utf-8"
    with Archive(tmp_path / "archive", "run1") as written:
        for number in (1, 2):
            body = told_report(number, 2018 + number).encode()
            address = url.replace("2", str(number))
            written.add(Page(address, body, 200, [("Content-Type", kind)], kind, f"2026-01-0{number}T03:04:05Z", "one"))
        written.add(Page(url, b"not here", 404, [("Content-Type", kind)], kind, "2026-02-02T03:04:05Z"))
    (tmp_path / "archive" / "portals.csv").write_text(f"{HEADER}\none,,,http://a.gov.cn/list/,,,\n", "utf-8")
    told = run_harvester(
        "replay", "--archive", tmp_path / "archive", "--db", tmp_path / "db", "--summary", tmp_path / "s.json", cwd=tmp_path
    )
    assert told.returncode == 0, told.stderr
    portals = {portal["portal_id"]: portal for portal in json.loads((tmp_path / "s.json").read_text("utf-8"))["portals"]}
    assert {name: (portal["outcome"], portal["withdrawn"]) for name, portal in portals.items()} == {
        "one": ("complete", 0),
        "": ("complete", 1),
    }
    with Database(tmp_path / "db") as database:
        assert rows(database, "SELECT url, withdrawn_on FROM reports WHERE withdrawn_on > ''") == [(url, "2026-02-02T03:04:05Z")]
