"""The ledger against worlds whose every report is known: who was expected, what was found, when it was due, and what must not be said."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from conftest import Crawled

from harvester import deadlines
from harvester.items import Figure
from harvester.organs import name_key
from harvester.registry import Portal
from storage import publish
from storage.database import Database
from tests.storing import page

Row = dict[str, Any]
COUNTY, CITY = "411202", "411200"
PLACES = {"411202": "湖滨区", "411203": "陕州区", "411221": "渑池县", "411224": "卢氏县"}


class Body(NamedTuple):
    """An organ of a test world; ``name`` as it is written without its place."""

    name: str
    level: str = "county_department"
    code: str = COUNTY
    scope: str = "own"

    @property
    def id(self) -> str:
        return f"{self.code}-{name_key(self.name)}"


GOVERNMENT = Body("人民政府", "county_government", scope="consolidated")
SCHOOLS, WATER, VILLAGE = Body("教育局"), Body("水利局"), Body("府店镇人民政府", "township_government")
LANDS, RESOURCES = Body("国土资源局"), Body("自然资源和规划局")


class World:
    """A database that is filled by hand and published once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = Database(folder / "world.db")
        self._runs = 0

    def registry(self, *portals: Portal) -> None:
        self.database.load_reference(portals)

    def crawl(self, started: str, command: str = "crawl", years: str = "", **outcomes: str) -> None:
        """A run that asked these portals; ``_`` in an id is ``-``."""
        self._runs += 1
        name = f"run{self._runs}"
        self.database.start_run(name, command, started, years)
        portals = [{"portal_id": portal.replace("_", "-"), "outcome": outcome, "listed": 5} for portal, outcome in outcomes.items()]
        self.database.finish_run({"run_id": name, "seconds": 1, "requests": 1, "bytes": 1, "portals": portals})

    def put(self, body: Body, year: int, published: str | None, portal: str = "sanmenxia", **given: Any) -> str:
        """A report as a portal shows it; returns its address."""
        at = given.pop("at", f"{year + 1}-12-01T00:00:00Z")
        url = given.pop("url", f"http://{portal}.gov.cn/{body.id}/{year}{given.get('scope', '')}.html")
        told = {"organ": f"湖滨区{body.name}", "organ_id": body.id, "level": body.level, "scope": body.scope, "region_code": body.code}
        told |= {"year": year, "published_on": published, "quality": "verified"} | given
        text = told.pop("text", f"{body.id} {year} {told['scope']} {published}")
        self.database.save(page(url, text, at, portal_id=portal, run_id="run1", report=told))
        return str(url)

    def publish(self) -> sqlite3.Connection:
        self.database.close()
        publish.publish(self.folder / "world.db", self.folder / "site")
        connection = sqlite3.connect(self.folder / "site" / "harvest.db")
        connection.row_factory = sqlite3.Row
        return connection


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    made.registry(Portal("sanmenxia", "湖滨区", COUNTY, "http://sanmenxia.gov.cn/"))
    yield made
    made.database.close()


def ledger(connection: sqlite3.Connection) -> dict[tuple[str, int], Row]:
    rows = [dict(row) for row in connection.execute("SELECT * FROM ledger")]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    return {(row["organ_id"], row["year"]): row for row in rows}


def due(body: Body, year: int) -> date | None:
    """The deadline as the test knows it, from the text of both Regulations."""
    if year <= 2018 or body.name == "人民政府":
        return date(year + 1, 3, 31)
    return None if body.level == "township_government" else date(year + 1, 1, 31)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_ledger_equals_the_truth(world: World, seed: int) -> None:
    """Four counties of organs over eight years: reports that never came, came late, were withdrawn; portals that block and break off."""
    outcomes = {"p411202": "complete", "p411203": "blocked", "p411221": "incomplete", "p411224": "unreachable"}
    told = {"complete": "missing", "blocked": "blocked", "unreachable": "blocked", "incomplete": "unknown"}
    world.registry(*(Portal(f"p{code}", name, code, f"http://p{code}.gov.cn/") for code, name in PLACES.items()))
    # What breaks off today was read to its end in March 2022: what was due before that is missing, the rest nobody knows.
    world.crawl("2022-03-01T00:00:00Z", **dict.fromkeys(outcomes, "complete"))
    dice, truth = Random(seed), {}
    for code in PLACES:
        levels = {
            "人民政府": "county_government",
            "教育局": "county_department",
            "水利局": "county_department",
            "甲镇人民政府": "township_government",
        }
        for name, level in levels.items():
            body = Body(name, level, code, "consolidated" if name == "人民政府" else "own")
            for year in range(2016, 2024):
                fate = "on time" if year == 2016 else dice.choice(["on time", "on time", "late", "withdrawn", "absent"])
                if fate == "absent":
                    was_due = code == "411221" and (due(body, year) or date(year + 1, 3, 31)) < date(2022, 3, 1)
                    truth[body.id, year] = ("missing" if was_due else told[outcomes[f"p{code}"]], None)
                    continue
                limit, late = due(body, year), dice.randint(1, 60) if fate == "late" else 0
                day = (limit or date(year + 1, 1, 31)) + timedelta(days=late or -dice.randint(0, 25))
                url = world.put(body, year, day.isoformat(), f"p{code}")
                if fate == "withdrawn":
                    world.database.gone(url, "2024-12-01T00:00:00Z")
                truth[body.id, year] = ("withdrawn" if fate == "withdrawn" else "found", late if limit else None)
    world.crawl("2024-11-20T00:00:00Z", "replay", p411221="complete", p411203="complete")  # a replay reads no list
    world.crawl("2024-12-01T00:00:00Z", **outcomes)
    with closing(world.publish()) as connection:
        rows = ledger(connection)
        found = {key: (row["status"], row["days_late"]) for key, row in rows.items()}
        coverage = connection.execute("SELECT expected, found, verified FROM coverage WHERE kind = 'all'").fetchone()
        years = {row["year"]: row["found"] for row in connection.execute("SELECT * FROM coverage WHERE kind = 'year'")}
    assert found == truth
    here = [key for key, (status, _) in truth.items() if status in ("found", "withdrawn")]
    assert tuple(coverage) == (len(truth), len(here), len(here))
    assert years == {year: sum(one == year for _, one in here) for year in range(2016, 2024)}


def test_deadlines_are_those_of_the_law_of_the_time() -> None:
    told = deadlines.deadline
    assert told(2007, "county_department", "own").day is None
    assert told(2018, "township_government", "own") == told(2018, "county_government", "consolidated")
    assert told(2018, "township_government", "own").day == "2019-03-31"
    assert "2007" in told(2018, "county_department", "own").basis
    assert told(2019, "county_department", "own").day == "2020-01-31"
    assert told(2019, "central_department", "own").day == "2020-01-31"
    assert told(2019, "county_government", "consolidated").day == "2020-03-31"
    assert told(2019, "county_department", "consolidated").day == "2020-03-31"  # the office publishes its government's
    for level in (
        "township_government",
        "subdistrict_office",
        "functional_zone",
        "vertical_agency",
        "public_institution",
        "unknown",
        "new",
    ):
        assert told(2019, level, "own").day is None
    assert told(2019, "township_government", "consolidated").day is None


@pytest.mark.parametrize(
    ("published", "first_seen", "shared", "days", "note"),
    [
        ("2024-01-31", "2024-02-01", False, 0, ""),
        ("2024-01-31", "2024-02-01", True, 0, ""),  # in time, whoever shares the day
        ("2024-02-29", "2024-03-01", False, 29, ""),
        ("2024-02-29", "2024-03-01", True, 29, "shared_day"),
        ("2024-02-29", "2024-02-28T23:00:00Z", False, 29, "after_first_seen"),
        ("2025-01-30", "2026-01-01", False, 365, ""),
        ("2025-01-31", "2026-01-01", False, 366, "years_later"),
        ("2029-01-31", "2029-02-01", False, 1827, "years_later"),
        ("2023-12-31", "2024-02-01", False, None, "before_year_end"),
        ("2022-03-01", "2024-02-01", True, None, "before_year_end"),
        (None, "2024-02-01", False, None, "no_date"),
        ("", "2024-02-01", False, None, "no_date"),
        ("2024-02-30", "2024-02-01", False, None, "no_date"),
    ],
)
def test_a_late_day_that_may_be_a_migration_is_uncertain(published: str, first_seen: str, shared: bool, days: int, note: str) -> None:
    told = deadlines.lateness(2023, "2024-01-31", published, first_seen, shared)
    assert told == (days, deadlines.note(note) if note else "")


def test_without_a_deadline_nothing_is_late() -> None:
    assert deadlines.lateness(2023, None, "2029-06-01", "2024-02-01", True) == (None, "")
    assert deadlines.lateness(2023, None, None, "2024-02-01", False) == (None, "")


def test_reports_of_several_years_that_bear_one_day(world: World) -> None:
    for year in (2019, 2020, 2021):  # three years of a portal
        world.put(Body(f"第{year}局"), year, "2022-06-15", at="2022-07-01T00:00:00Z")
    for year in (2019, 2020):  # two years of an organ elsewhere
        world.put(VILLAGE._replace(level="county_department"), year, "2021-07-01", "other", at="2022-07-01T00:00:00Z")
    for name in ("甲局", "乙局", "丙局"):  # one year of many is a day on which a portal puts up its reports
        world.put(Body(name), 2023, "2024-02-05")
    with closing(world.publish()) as connection:
        rows = ledger(connection)
    shared = deadlines.note("shared_day")
    assert [rows[Body(f"第{year}局").id, year]["lateness_note"] for year in (2019, 2020, 2021)] == [shared] * 3
    assert [rows[VILLAGE.id, year]["lateness_note"] for year in (2019, 2020)] == [shared] * 2
    assert [(rows[Body(name).id, 2023]["days_late"], rows[Body(name).id, 2023]["lateness_note"]) for name in ("甲局", "乙局", "丙局")] == [
        (5, "")
    ] * 3


def test_of_two_reports_for_one_year_the_one_that_stands_counts(world: World) -> None:
    world.put(GOVERNMENT, 2022, "2023-01-20", scope="own")
    world.put(GOVERNMENT, 2022, "2023-03-20")
    gone = world.put(SCHOOLS, 2022, "2023-01-10", url="http://x.gov.cn/1")
    world.put(SCHOOLS, 2022, "2023-02-10", url="http://x.gov.cn/2")
    world.database.gone(gone, "2023-11-01T00:00:00Z")
    with closing(world.publish()) as connection:
        rows = ledger(connection)
    assert (rows[GOVERNMENT.id, 2022]["published_on"], rows[GOVERNMENT.id, 2022]["days_late"]) == ("2023-03-20", 0)
    assert (rows[SCHOOLS.id, 2022]["status"], rows[SCHOOLS.id, 2022]["days_late"]) == ("found", 10)


def test_a_revision_does_not_make_a_report_late(world: World) -> None:
    url = "http://x.gov.cn/revised.html"
    for number, day in enumerate(("2023-01-20", "2023-05-05", "2023-09-09")):
        world.put(SCHOOLS, 2022, day, url=url, at=f"2023-1{number}-01T00:00:00Z")
    with closing(world.publish()) as connection:
        row = ledger(connection)[SCHOOLS.id, 2022]
        (current,) = connection.execute("SELECT id FROM reports WHERE superseded_by IS NULL").fetchone()
    assert (row["report_id"], row["published_on"], row["days_late"], row["lateness_note"]) == (current, "2023-01-20", 0, "")


def test_what_has_no_year_or_no_organ_is_not_in_the_ledger(world: World) -> None:
    world.put(SCHOOLS, 2022, "2023-01-10")
    world.database.save(page("http://x.gov.cn/a", "无年度", report={"year": None, "organ_id": SCHOOLS.id}))
    world.database.save(page("http://x.gov.cn/b", "无机关", report={"organ": "", "organ_id": ""}))
    with closing(world.publish()) as connection:
        rows = ledger(connection)
        coverage = connection.execute("SELECT expected, found FROM coverage WHERE kind = 'all'").fetchone()
    assert [key for key in rows if rows[key]["status"] == "found"] == [(SCHOOLS.id, 2022)]
    assert tuple(coverage) == (None, 1)  # no list was read: nobody knows what is expected


def test_before_the_deadline_nothing_is_missing(world: World) -> None:
    for body in (GOVERNMENT, SCHOOLS, VILLAGE):
        world.put(body, 2022, "2023-01-10")
    world.put(WATER, 2023, "2024-01-05")
    world.crawl("2024-01-31T09:00:00Z", sanmenxia="complete")
    with closing(world.publish()) as connection:
        told = {key: row["status"] for key, row in ledger(connection).items() if key[1] == 2023}
        coverage = {row["year"]: row["expected"] for row in connection.execute("SELECT * FROM coverage WHERE kind = 'year'")}
    pending = dict.fromkeys([(GOVERNMENT.id, 2023), (SCHOOLS.id, 2023), (VILLAGE.id, 2023)], "not_yet_due")
    assert told == pending | {(WATER.id, 2023): "found"}
    assert coverage == {2022: 3, 2023: 1}


def test_the_day_after_its_deadline_a_department_is_missing_and_its_government_is_not(world: World) -> None:
    for body in (GOVERNMENT, SCHOOLS, VILLAGE):
        world.put(body, 2022, "2023-01-10")
    world.crawl("2024-02-01T00:00:00Z", sanmenxia="complete")
    with closing(world.publish()) as connection:
        told = {key[0]: row["status"] for key, row in ledger(connection).items() if key[1] == 2023}
    assert told == {SCHOOLS.id: "missing", GOVERNMENT.id: "not_yet_due", VILLAGE.id: "not_yet_due"}


def test_a_crawl_of_some_years_misses_no_others(world: World) -> None:
    for year in (2017, 2021):
        world.put(SCHOOLS, year, f"{year + 1}-01-10")
    world.crawl("2024-06-01T00:00:00Z", years="2018-2019", sanmenxia="complete")
    world.crawl("2024-06-02T00:00:00Z", years="2022", sanmenxia="complete")
    with closing(world.publish()) as connection:
        told = {key[1]: row["status"] for key, row in ledger(connection).items() if key[0] == SCHOOLS.id}
    missed = {2018: "missing", 2019: "missing", 2020: "unknown", 2022: "missing", 2023: "unknown"}
    assert told == missed | {2017: "found", 2021: "found"}


def test_a_government_of_the_registry_that_nobody_saw_is_expected(world: World) -> None:
    world.registry(
        Portal("luoyang", "洛阳市", "410300", "http://a.gov.cn/"), Portal("luolong-swj", "洛阳市洛龙区商务局", "410311", "http://b.gov.cn/")
    )
    world.crawl("2025-06-01T00:00:00Z", luoyang="unreachable", luolong_swj="complete", sanmenxia="complete")
    with closing(world.publish()) as connection:
        rows = [tuple(row) for row in connection.execute("SELECT organ, level, year, status FROM ledger ORDER BY organ")]
        assert connection.execute("SELECT count(*) FROM organs").fetchone()[0] == 2
    assert rows == [("洛阳市人民政府", "prefecture_government", 2024, "blocked"), ("湖滨区人民政府", "county_government", 2024, "missing")]


def test_the_number_in_the_registry_is_what_is_expected_of_a_portal_nobody_read(world: World) -> None:
    world.registry(Portal("luoyang", "洛阳市", "410300", "http://a.gov.cn/", min_reports=40))
    world.crawl("2025-06-01T00:00:00Z", luoyang="blocked", sanmenxia="blocked")
    with closing(world.publish()) as connection:
        counts = {
            (row["kind"], row["region_code"]): row["expected"]
            for row in connection.execute("SELECT * FROM coverage WHERE kind IN ('all', 'region')")
        }
    assert counts == {
        ("all", None): 41,
        ("region", "410300"): 40,
        ("region", "410000"): 41,
        ("region", "411200"): None,
        ("region", "411202"): None,
    }


def test_an_organ_that_was_merged_is_not_missed_afterwards(world: World) -> None:
    for year in (2015, 2017):
        world.put(LANDS, year, f"{year + 1}-01-20")
    for year in (2020, 2021):
        world.put(RESOURCES, year, f"{year + 1}-01-20")
    world.crawl("2023-06-01T00:00:00Z", sanmenxia="complete")
    with closing(world.publish()) as connection:
        rows = {key: row["status"] for key, row in ledger(connection).items()}
        links = [tuple(row)[:4] for row in connection.execute("SELECT * FROM organ_links")]
    assert links == [(LANDS.id, RESOURCES.id, "merged", "2018-03")]
    assert {year: rows[LANDS.id, year] for organ, year in rows if organ == LANDS.id} == {2015: "found", 2016: "missing", 2017: "found"}
    told = {year: rows[RESOURCES.id, year] for organ, year in rows if organ == RESOURCES.id}
    assert told == {2018: "missing", 2019: "missing", 2020: "found", 2021: "found", 2022: "missing"}


def test_an_heir_begins_when_the_old_organ_has_reported_for_the_last_time(world: World) -> None:
    """The county's reform came in 2019: the old body still reported for 2018."""
    world.put(LANDS, 2018, "2019-01-20")
    world.put(RESOURCES, 2019, "2020-01-20")
    world.crawl("2020-06-01T00:00:00Z", sanmenxia="complete")
    with closing(world.publish()) as connection:
        assert {key for key in ledger(connection) if key[0] in (LANDS.id, RESOURCES.id)} == {(LANDS.id, 2018), (RESOURCES.id, 2019)}


def test_an_organ_whose_name_was_given_up_is_unknown_where_its_heir_was_not_seen(world: World) -> None:
    world.put(LANDS, 2016, "2017-01-20")
    world.crawl("2021-06-01T00:00:00Z", sanmenxia="complete")
    with closing(world.publish()) as connection:
        told = {key[1]: (row["status"], row["lateness_note"]) for key, row in ledger(connection).items() if key[0] == LANDS.id}
    unknown = ("unknown", deadlines.note("renamed"))
    assert told == {2016: ("found", ""), 2017: ("missing", ""), 2018: unknown, 2019: unknown, 2020: unknown}


def test_a_split_leaves_the_old_organ_where_it_was(world: World) -> None:
    old, new = Body("民政局"), Body("退役军人事务局")
    world.put(old, 2017, "2018-01-20")
    world.put(new, 2019, "2020-01-20")
    world.crawl("2021-06-01T00:00:00Z", sanmenxia="complete")
    with closing(world.publish()) as connection:
        rows = {key: row["status"] for key, row in ledger(connection).items()}
        assert connection.execute("SELECT relation FROM organ_links").fetchone()[0] == "split"
    assert (rows[old.id, 2020], (new.id, 2018) in rows) == ("missing", False)


@pytest.mark.parametrize(("names", "unconfirmed"), [(("环境保护局", "生态环境局"), False), (("粮食局", "粮食和物资储备局"), True)])
def test_a_reform_that_nobody_compared_with_its_text_says_so_where_it_is_published(
    world: World, names: tuple[str, str], unconfirmed: bool
) -> None:
    world.put(Body(names[0]), 2015, "2016-01-20")
    world.put(Body(names[1]), 2019, "2020-01-20")
    with closing(world.publish()) as connection:
        ((source,),) = connection.execute("SELECT source FROM organ_links").fetchall()
    assert "2018年3月" in source and ("unconfirmed" in source) is unconfirmed


def test_a_name_that_came_up_again_is_no_heir_of_an_older_reform(world: World) -> None:
    """广播电视局 is what 2013 merged and what 2018 made anew: only a body that was there at the reform was merged by it."""
    world.put(Body("新闻出版广电局"), 2015, "2016-01-20")
    world.put(Body("广播电视局"), 2019, "2020-01-20")
    with closing(world.publish()) as connection:
        assert connection.execute("SELECT count(*) FROM organ_links").fetchone()[0] == 0


def test_nobody_is_missed_before_its_region_was_there_nor_for_the_code_it_had_then(world: World) -> None:
    """330114 钱塘区 was made in 2021; 密云区 is 密云县 under the code it got in 2016. Their portals show departments since 2014."""
    new, renumbered = Body("人民政府", "county_government", "330114"), Body("人民政府", "county_government", "110118")
    for body, portal in ((new, "qiantang"), (renumbered, "miyun")):
        world.put(Body("教育局", code="330109" if body is new else "110118"), 2014, "2015-01-20", portal)
        world.put(body, 2022, "2023-01-20", portal, scope="consolidated")
    world.crawl("2023-06-01T00:00:00Z", qiantang="complete", miyun="complete")
    with closing(world.publish()) as connection:
        rows = ledger(connection)
    assert {year for organ, year in rows if organ == new.id} == {2021, 2022}
    assert {year for organ, year in rows if organ == renumbered.id} == set(range(2014, 2023))
    assert (rows[renumbered.id, 2014]["region_code"], rows[renumbered.id, 2022]["region_code"]) == ("110228", "110118")


def test_a_district_that_was_absorbed_is_linked_and_not_missed(world: World) -> None:
    """崇文区 became part of 东城区 in 2010."""
    old, new = Body("教育局", code="110103"), Body("教育局", code="110101")
    world.put(old, 2008, "2009-01-20")
    world.put(new, 2008, "2009-01-20")
    world.crawl("2013-06-01T00:00:00Z", sanmenxia="complete")
    with closing(world.publish()) as connection:
        rows = {key: row["status"] for key, row in ledger(connection).items()}
        links = [tuple(row)[:4] for row in connection.execute("SELECT * FROM organ_links")]
    assert links == [(old.id, new.id, "merged", "2010-12-31")]
    assert {year for organ, year in rows if organ == old.id} == {2008, 2009}
    assert {year for organ, year in rows if organ == new.id} == {2008, 2009, 2010, 2011, 2012}


def test_sums_count_what_is_printed_and_say_of_how_many_reports(world: World) -> None:
    def printed(value: int | None, status: str = "printed") -> list[Figure]:
        return [Figure("table_3", "new_received", "total", value, "件", "" if value is None else str(value), status)]  # type: ignore[arg-type]

    for body, told in (
        (SCHOOLS, printed(5)),
        (WATER, printed(0)),
        (Body("民政局"), printed(None, "blank")),
        (Body("甲局"), printed(7, "doubtful")),
    ):
        world.put(body, 2022, "2023-01-10", figures=told)
    world.put(Body("乙局"), 2022, "2023-01-10", figures=[], form="narrative")
    world.put(GOVERNMENT, 2022, "2023-03-10", figures=printed(100))
    for body in (SCHOOLS, WATER):
        world.put(body, 2021, "2022-01-10", figures=printed(None, "blank"))
    world.crawl("2023-06-01T00:00:00Z", sanmenxia="complete")
    with closing(world.publish()) as connection:
        asked = """SELECT level, scope, value, n, blank, doubtful, reports FROM totals WHERE region_code = ? AND year = 2022
            ORDER BY scope, level"""
        country, province = ([tuple(row) for row in connection.execute(asked, (code,))] for code in ("100000", "410000"))
        (unprinted,) = connection.execute("SELECT max(value) FROM totals WHERE year = 2021").fetchone()
    assert province == [("all", "consolidated", 100, 1, 0, 0, 1), ("all", "own", 5, 2, 1, 1, 4)]
    assert country == [
        province[0],
        ("county_government", "consolidated", 100, 1, 0, 0, 1),
        province[1],
        ("county_department", "own", 5, 2, 1, 1, 4),
    ]
    assert unprinted is None


def test_an_empty_database_has_an_empty_ledger(tmp_path: Path) -> None:
    with closing(World(tmp_path).publish()) as connection:
        for table in ("ledger", "coverage", "organ_links", "revisions", "totals"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0


def test_the_sample_shows_what_a_ledger_is_for(crawled: Crawled, tmp_path: Path) -> None:
    """One department late, a portal whose days are those of its migration, and organs that did not report for a year."""
    publish.publish(crawled.database, tmp_path / "site")
    with closing(sqlite3.connect(tmp_path / "site" / "harvest.db")) as connection:
        connection.row_factory = sqlite3.Row
        rows = ledger(connection).values()
        coverage = connection.execute("SELECT expected, found FROM coverage WHERE kind = 'all'").fetchone()
    late = [(row["organ"], row["year"], row["days_late"]) for row in rows if row["days_late"] and not row["lateness_note"]]
    assert late == [("青岚市教育局", 2021, 18)]
    uncertain = {(row["organ"], row["published_on"]) for row in rows if row["days_late"] and row["lateness_note"]}
    assert uncertain == {("石桥区人民政府", "2021-06-15")}
    missing = {(row["organ"], row["year"]) for row in rows if row["status"] == "missing" and row["region_code"] == "990121"}
    assert missing == {("云溪县水利局", 2025), ("云溪县青石镇人民政府", 2025)}
    assert coverage["found"] == sum(row["status"] == "found" for row in rows) == 248
    assert coverage["expected"] == len(rows)
