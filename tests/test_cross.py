"""Checks between reports: years of one organ, a government against those it sums up, and the register of the sources' errors."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import count, product
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import Crawled

from harvester import cross, forms
from harvester.forms import Place
from harvester.items import Check, Figure, Issue
from storage import migrations, schema
from storage.database import Database
from tests.storing import dump, page, rows

HERE = Path(__file__).parent
COLUMNS = (
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "social_welfare_org",
    "legal_service_org",
    "other_org",
    "total",
)
CARRIED = {("table_3", row, column): 3 for row in ("carried_over", "carried_forward") for column in COLUMNS}
NEW, OLD = "national_2021", "national_2019"
Cell = tuple[str, str, str]
_numbers = count(1)


def put(db: Database, year: int, cells: Mapping[Cell, Any] = CARRIED, url: str = "", at: str = "", **given: Any) -> str:
    """Stores a report whose figures are ``cells`` (a number, None for a blank, or a whole Figure); returns its id."""
    number = next(_numbers)
    told = {"organ_id": "410100-00000001", "region_code": "410100", "scope": "own", "form": NEW, "checks": [], "issues": [], "prose": []}
    told |= {"year": year, "figures": [figure(place, value) for place, value in cells.items()], **given}
    made = page(url or f"http://www.example.gov.cn/{number}.html", f"text {number}", at or f"{year + 1}-02-01T00:00:00Z", report=told)
    return db.save(made).report_id


def figure(place: Cell, value: Any) -> Figure:
    if isinstance(value, Figure):
        return value
    return Figure(
        *place, value, "件" if value is not None else None, "" if value is None else str(value), "blank" if value is None else "printed"
    )


def checks(db: Database, report_id: str, check: str = "x_carry") -> dict[str, tuple[Any, ...]]:
    """at -> (left, right, outcome, if_blank_zero) of a check of the report."""
    sql = "SELECT at, left_value, right_value, outcome, if_blank_zero FROM checks WHERE report_id = ? AND check_id = ?"
    return {at: tuple(rest) for at, *rest in rows(db, sql, report_id, check)}


def errors(db: Database) -> list[tuple[Any, ...]]:
    return rows(db, "SELECT report_id, check_id, at, strength, left_value, right_value, cells FROM source_errors ORDER BY 1, 2, 3")


def carried(**given: Any) -> dict[Cell, Any]:
    """``CARRIED`` with other values in the column of natural persons."""
    return {**CARRIED, **{("table_3", row, "natural_person"): value for row, value in given.items()}}


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with Database(tmp_path / "harvest.db") as database:
        yield database


# --- one organ's years ---------------------------------------------------------------------------------------------------------------


def test_what_was_carried_forward_is_carried_over(db: Database) -> None:
    put(db, 2021)
    second = put(db, 2022, carried(carried_over=4))
    found = checks(db, second)
    assert set(found) == set(COLUMNS)
    assert found["natural_person"] == (4, 3, "fail", None)
    assert {found[column] for column in COLUMNS[1:]} == {(3, 3, "pass", None)}
    assert errors(db) == [
        (second, "x_carry", "natural_person", "cross_year", 4, 3, "carried_over.natural_person=4; carried_forward.natural_person@2021=3")
    ]


def test_the_quality_of_a_report_is_its_own(db: Database) -> None:
    put(db, 2021)
    put(db, 2022, carried(carried_over=4), quality="verified")
    assert rows(db, "SELECT quality FROM reports WHERE year = 2022") == [("verified",)]


def test_the_chain_goes_on_across_the_change_of_form(db: Database) -> None:
    put(db, 2020, form=OLD)
    assert checks(db, put(db, 2021, form=NEW))["total"] == (3, 3, "pass", None)
    assert checks(db, put(db, 2022, form=OLD))["total"] == (3, 3, "pass", None)


@pytest.mark.parametrize(("here", "before", "holds"), [(None, 3, 0), (3, None, 0), (None, 0, 1), (0, None, 1), (None, None, 1)])
def test_what_is_missing_leaves_the_check_unknown(db: Database, here: int | None, before: int | None, holds: int) -> None:
    put(db, 2021, carried(carried_forward=before))
    found = checks(db, put(db, 2022, carried(carried_over=here)))
    assert found["natural_person"] == (here, before, "unknown", holds)
    assert errors(db) == []


def test_a_figure_that_the_form_has_and_the_report_lacks_is_missing(db: Database) -> None:
    put(db, 2021, {})
    assert set(checks(db, put(db, 2022)).values()) == {(3, None, "unknown", 0)}


def test_a_doubtful_figure_accuses_nobody(db: Database) -> None:
    sure = Figure("table_3", "carried_forward", "natural_person", 5, "件", "5", "doubtful")
    none = Figure("table_3", "carried_forward", "total", None, "件", "5?", "doubtful")
    put(db, 2021, carried(carried_forward=sure) | {("table_3", "carried_forward", "total"): none})
    found = checks(db, put(db, 2022))
    assert (found["natural_person"], found["total"]) == ((3, 5, "fail", None), (3, None, "unknown", 0))
    assert errors(db) == []


def test_figures_in_different_units_are_not_compared(db: Database) -> None:
    in_tens = Figure("table_3", "carried_forward", "natural_person", 3, "十件", "3十件", "printed")
    put(db, 2021, carried(carried_forward=in_tens))
    found = checks(db, put(db, 2022))
    assert (found["natural_person"], found["total"]) == ((3, 3, "unknown", None), (3, 3, "pass", None))


def test_years_with_a_gap_are_not_compared(db: Database) -> None:
    put(db, 2020, form=OLD)
    assert checks(db, put(db, 2022)) == {}


def test_own_and_consolidated_reports_are_two_series(db: Database) -> None:
    put(db, 2021, carried(carried_forward=7))
    put(db, 2021, carried(carried_forward=9), scope="consolidated")
    assert checks(db, put(db, 2022, carried(carried_over=9), scope="consolidated"))["natural_person"] == (9, 9, "pass", None)
    assert checks(db, put(db, 2022, carried(carried_over=7)))["natural_person"] == (7, 7, "pass", None)


def test_organs_are_not_mixed(db: Database) -> None:
    put(db, 2021, organ_id="410100-00000002")
    put(db, 2021, organ_id="")
    assert checks(db, put(db, 2022)) == {}
    assert checks(db, put(db, 2022, organ_id="")) == {}


def test_only_the_revised_text_counts(db: Database) -> None:
    url = "http://www.example.gov.cn/2021.html"
    put(db, 2021, carried(carried_forward=9), url, "2022-02-01T00:00:00Z")
    second = put(db, 2022)
    assert checks(db, second)["natural_person"][2] == "fail"
    revised = put(db, 2021, carried(carried_over=1), url, "2022-03-01T00:00:00Z")
    assert checks(db, second)["natural_person"][2] == "pass"
    assert errors(db) == []
    assert revised


def test_a_superseded_report_has_no_checks_with_others(db: Database) -> None:
    put(db, 2020, form=OLD)
    url = "http://www.example.gov.cn/2021.html"
    old = put(db, 2021, CARRIED, url, "2022-02-01T00:00:00Z")
    new = put(db, 2021, CARRIED, url, "2022-03-01T00:00:00Z")
    assert (len(checks(db, old)), len(checks(db, new))) == (0, 7)


def test_a_withdrawn_report_was_published(db: Database) -> None:
    put(db, 2021, url="http://www.example.gov.cn/2021.html")
    db.gone("http://www.example.gov.cn/2021.html", "2023-01-01T00:00:00Z")
    assert rows(db, "SELECT count(*) FROM reports WHERE withdrawn_on IS NOT NULL") == [(1,)]
    assert checks(db, put(db, 2022))["total"] == (3, 3, "pass", None)


@pytest.mark.parametrize("twice", [2021, 2022])
def test_of_several_reports_of_a_year_nobody_knows_which_counts(db: Database, twice: int) -> None:
    put(db, 2021, carried(carried_forward=8))
    ids = [put(db, twice), put(db, 2022)]
    for report_id in ids[twice == 2021 :]:
        assert checks(db, report_id)["natural_person"] == (3, None, "unknown", None)
    assert errors(db) == []


@pytest.mark.parametrize("given", [{"scope": "unclear"}, {"region_code": "", "organ_id": "000000-00000001"}])
def test_an_uncertain_organ_is_compared_and_not_accused(db: Database, given: dict[str, str]) -> None:
    put(db, 2021, **given)
    assert checks(db, put(db, 2022, carried(carried_over=4), **given))["natural_person"] == (4, 3, "fail", None)
    assert errors(db) == []


IN_FORCE = {
    ("table_2", "art20_1.normative_documents", column): value for column, value in (("issued", 2), ("repealed", 1), ("in_force", 7))
}
ITEMS = {("table_2", "art20_6.penalties", "items_prev_year"): 5, ("table_2", "art20_6.penalties", "items_change"): -2}
SHOWN = {("table_2", "art20_1.regulations", "newly_disclosed"): 1, ("table_2", "art20_1.regulations", "total_disclosed"): 4}


@pytest.mark.parametrize(
    ("check", "form", "cells", "at", "column", "right"),
    [
        ("x_in_force", NEW, IN_FORCE, "art20_1.normative_documents", "in_force", 8),
        ("x_items", OLD, ITEMS, "art20_6.penalties", "items_prev_year", 3),
        ("x_total_disclosed", OLD, SHOWN, "art20_1.regulations", "total_disclosed", 5),
    ],
)
def test_soft_identities_are_told_and_are_no_errors(
    db: Database, check: str, form: str, cells: dict[Cell, int], at: str, column: str, right: int
) -> None:
    year = 2023 if form == NEW else 2019
    put(db, year, cells, form=form)
    good = put(db, year + 1, {**cells, ("table_2", at, column): right}, form=form)
    assert checks(db, good, check)[at] == (right, right, "pass", None)
    bad = put(db, year + 1, {**cells, ("table_2", at, column): 99}, form=form, scope="consolidated")
    put(db, year, cells, form=form, scope="consolidated")
    assert checks(db, bad, check)[at] == (99, right, "fail", None)
    assert rows(db, "SELECT DISTINCT strength FROM checks WHERE check_id = ?", check) == [("soft",)]
    assert errors(db) == []


def test_running_totals_hold_for_the_forms_that_have_them_across_years() -> None:
    places = [Place("statistics", "requests_received", column) for column in ("year_value", "cumulative")]
    found = list(cross.between_years({"fujian_2014": places, "fujian_2009": places, "shanghai_2006": places}))
    assert {(term.form, term.before) for term in found} == set(product(("fujian_2014", "fujian_2009"), repeat=2))
    one = [term for term in found if term.form == term.before == "fujian_2014"]
    told = {(term.side, term.sign, term.place.column, term.years_back) for term in one}
    assert told == {(0, 1, "cumulative", 0), (1, 1, "cumulative", 1), (1, 1, "year_value", 0)}


def test_running_totals_are_compared_across_the_forms_of_fujian(db: Database) -> None:
    def line(year_value: int, cumulative: int) -> dict[Cell, int]:
        return {
            ("statistics", "requests_received", "year_value"): year_value,
            ("statistics", "requests_received", "cumulative"): cumulative,
        }

    put(db, 2013, line(3, 10), form="fujian_2009")
    assert checks(db, put(db, 2014, line(4, 14), form="fujian_2014"), "fj_cumulative")["requests_received"] == (14, 14, "pass", None)
    restarted = put(db, 2015, line(4, 4), form="fujian_2014")
    assert checks(db, restarted, "fj_cumulative")["requests_received"] == (4, 18, "fail", None)
    assert errors(db) == []


# --- the same by hand, over many reports -----------------------------------------------------------------------------------------------

# check -> what is left, what is right: (row, column, years back, sign); ``*`` is where it is tried
BY_HAND: dict[str, tuple[str, tuple[str, ...], list[tuple[str, str, int, int]], list[tuple[str, str, int, int]]]] = {
    "x_carry": ("table_3", COLUMNS, [("carried_over", "*", 0, 1)], [("carried_forward", "*", 1, 1)]),
    "x_in_force": (
        "table_2",
        ("art20_1.regulations", "art20_1.normative_documents"),
        [("*", "in_force", 0, 1)],
        [("*", "in_force", 1, 1), ("*", "issued", 0, 1), ("*", "repealed", 0, -1)],
    ),
    "x_total_disclosed": (
        "table_2",
        ("art20_1.regulations", "art20_1.normative_documents"),
        [("*", "total_disclosed", 0, 1)],
        [("*", "total_disclosed", 1, 1), ("*", "newly_disclosed", 0, 1)],
    ),
}


class Kept(NamedTuple):
    id: str
    organ: str
    year: int
    scope: str
    form: str
    cells: dict[Cell, Figure]


def random_reports(db: Database, dice: random.Random, number: int) -> list[Kept]:
    kept = []
    for _ in range(number):
        organ, form = f"410100-0000000{dice.randrange(6)}", dice.choice((NEW, OLD))
        year, scope = dice.randrange(2019, 2025), dice.choice(("own", "consolidated"))
        cells = {place: random_figure(dice, place) for place in wanted(form) if dice.random() < 0.97}
        report_id = put(db, year, cells, organ_id=organ, scope=scope, form=form)
        kept.append(Kept(report_id, organ, year, scope, form, cells))
    return kept


def wanted(form: str) -> list[Cell]:
    columns = {"issued", "repealed", "in_force", "newly_disclosed", "total_disclosed"}
    rows_ = {"carried_over", "carried_forward"}
    return [tuple(place) for place in forms.load(form).places if place.row in rows_ or (place.column in columns and "art20_1" in place.row)]


def random_figure(dice: random.Random, place: Cell) -> Figure:
    status = dice.choices(("printed", "blank", "absent", "doubtful"), (30, 2, 1, 1))[0]
    value = dice.choice((0, 1, 1, 2, 0.5)) if status == "printed" or (status == "doubtful" and dice.random() < 0.5) else None
    unit = "万件" if dice.random() < 0.02 else "件"
    return Figure(*place, value, unit, None if status == "absent" else str(value), status)  # type: ignore[arg-type]


def by_hand(kept: list[Kept]) -> dict[tuple[str, str, str], tuple[Any, ...]]:
    """(report, check, at) -> (left, right, outcome, if_blank_zero), straight from the words of the forms' documentation."""
    series: dict[tuple[str, int, str], list[Kept]] = {}
    for report in kept:
        series.setdefault((report.organ, report.year, report.scope), []).append(report)
    found = {}
    for report in kept:
        before = sorted(series.get((report.organ, report.year - 1, report.scope), []))
        if before:
            sole = len(before) == len(series[report.organ, report.year, report.scope]) == 1
            for check, (table, places, left, right) in BY_HAND.items():
                for at in places:
                    one, other = (terms(report, before[0], table, at, side) for side in (left, right))
                    if one is not None and other is not None:
                        found[report.id, check, at] = verdict(one, other, sole)
    return found


def terms(report: Kept, before: Kept, table: str, at: str, side: list[tuple[str, str, int, int]]) -> list[tuple[int, Figure | None]] | None:
    """(sign, figure or None) of each term; None when a form has no such cell."""
    told = []
    for row, column, years_back, sign in side:
        place, of = Place(table, row.replace("*", at), column.replace("*", at)), before if years_back else report
        if place not in forms.load(of.form).places:
            return None
        told.append((sign, of.cells.get(tuple(place))))
    return told


def verdict(left: list[tuple[int, Figure | None]], right: list[tuple[int, Figure | None]], sole: bool) -> tuple[Any, ...]:
    sides = [[(sign, each.value if each else None) for sign, each in side] for side in (left, right)]
    known = [each for _, each in (*left, *right) if each and each.value is not None]
    missing = len(known) < len(left) + len(right)
    sums = [sum(sign * Fraction(value) for sign, value in side if value is not None) for side in sides]
    shown = [None if any(value is None for _, value in side) else total for side, total in zip(sides, sums, strict=True)]
    holds = sums[0] == sums[1]
    if not sole:
        return shown[0], None, "unknown", None
    if missing or len({each.unit for each in known}) > 1:
        return *shown, "unknown", int(holds) if missing else None
    return *shown, "pass" if holds else "fail", None


@pytest.mark.parametrize("seed", range(4))
def test_the_database_says_what_arithmetic_says(db: Database, seed: int) -> None:
    kept = random_reports(db, random.Random(seed), 60)
    expected = by_hand(kept)
    sql = "SELECT report_id, check_id, at, left_value, right_value, outcome, if_blank_zero FROM checks WHERE check_id IN ('{}')"
    found = {tuple(row[:3]): tuple(row[3:]) for row in rows(db, sql.format("', '".join(BY_HAND)))}
    assert found == expected
    assert {told[2] for told in expected.values()} == {"pass", "fail", "unknown"}
    accused = {(row[0], row[1], row[2]) for row in errors(db)}
    assert accused == {key for key, told in expected.items() if told[2] == "fail" and key[1] == "x_carry" and certain(kept, key)}


def certain(kept: list[Kept], key: tuple[str, str, str]) -> bool:
    report = next(report for report in kept if report.id == key[0])
    before = next(one for one in kept if (one.organ, one.year, one.scope) == (report.organ, report.year - 1, report.scope))
    pair = report.cells["table_3", "carried_over", key[2]], before.cells["table_3", "carried_forward", key[2]]
    return all(each.status == "printed" for each in pair)


# --- a government and those it sums up -------------------------------------------------------------------------------------------------

REGIONS = (("410100", None), ("410102", "410100"), ("410103", "410100"))
# who -> (region, level, scope); the last is not summed up by anyone
BODIES = {
    "city": ("410100", "prefecture_government", "consolidated"),
    "bureau": ("410100", "prefecture_department", "own"),
    "zone": ("410100", "functional_zone", "unclear"),
    "east": ("410102", "county_government", "consolidated"),
    "west": ("410103", "county_government", "consolidated"),
    "east bureau": ("410102", "county_department", "own"),
    "taxes": ("410100", "vertical_agency", "own"),
}
PARTS = ("bureau", "zone", "east", "west")
ROWS = ("new_received", "carried_over", "granted", "total_handled", "carried_forward")


def counts(*values: Any) -> dict[Cell, Any]:
    return {("table_3", row, "total"): value for row, value in zip(ROWS, values, strict=True)}


def body(db: Database, who: str, year: int, *values: Any, **given: Any) -> str:
    region, level, scope = BODIES[who]
    told = {"organ": who, "organ_id": f"{region}-{who}", "region_code": region, "level": level, "scope": scope, **given}
    return put(db, year, counts(*values), **told)


def region_tree(db: Database) -> None:
    for code, parent in REGIONS:
        db.connection.execute("INSERT OR REPLACE INTO regions (code, name, parent) VALUES (?, ?, ?)", (code, code, parent))


def year_of(db: Database, year: int, missing: tuple[str, ...] = (), city: tuple[Any, ...] = (40, 4, 20, 36, 8)) -> str:
    """Four bodies with 10, 1, 5, 9, 2 each, and the city's report; its id."""
    region_tree(db)
    for who in PARTS:
        if who not in missing:
            body(db, who, year, 10, 1, 5, 9, 2)
    body(db, "east bureau", year, 4, 0, 1, 3, 1)
    body(db, "taxes", year, 50, 0, 50, 50, 0)
    return body(db, "city", year, *city)


def test_a_government_is_the_sum_of_its_bodies_and_of_the_governments_below(db: Database) -> None:
    found = checks(db, year_of(db, 2022), "x_children")
    assert {at: found[at] for at in ROWS} == {
        "new_received": (40, 40, "pass", None),
        "carried_over": (4, 4, "pass", None),
        "granted": (20, 20, "pass", None),
        "total_handled": (36, 36, "pass", None),
        "carried_forward": (8, 8, "pass", None),
    }
    assert {told[2] for at, told in found.items() if at not in ROWS} == {"unknown"}
    assert errors(db) == []


def test_a_row_that_does_not_add_up_is_an_error_with_all_who_are_in_it(db: Database) -> None:
    city = year_of(db, 2022, city=(40, 4, 21, 36, 8))
    assert checks(db, city, "x_children")["granted"] == (21, 20, "fail", None)
    assert errors(db) == [(city, "x_children", "granted", "hierarchy", 21, 20, "city=21; bureau=5; zone=5; east=5; west=5")]


@pytest.mark.parametrize("missing", PARTS)
def test_with_one_report_missing_nothing_is_said(db: Database, missing: str) -> None:
    assert checks(db, year_of(db, 2022, (missing,)), "x_children") == {}


def test_a_total_that_does_not_add_up_is_told_only_between_two_years_that_do(db: Database) -> None:
    wrong = year_of(db, 2022, city=(47, 4, 20, 43, 8))
    year_of(db, 2021)
    assert checks(db, wrong, "x_children") == {}
    year_of(db, 2023)
    found = checks(db, wrong, "x_children")
    assert (found["new_received"], found["total_handled"]) == ((47, 40, "fail", None), (43, 36, "fail", None))
    assert [row[2] for row in errors(db) if row[1] == "x_children"] == ["new_received", "total_handled"]


def test_a_body_of_the_years_around_that_is_silent_this_year_is_missing(db: Database) -> None:
    wrong = year_of(db, 2022, ("zone",))
    year_of(db, 2021)
    year_of(db, 2023)
    assert checks(db, wrong, "x_children") == {}


@pytest.mark.parametrize("who", ["city", "bureau"])
def test_two_reports_of_one_body_leave_nothing_to_add_up(db: Database, who: str) -> None:
    city = year_of(db, 2022)
    body(db, who, 2022, 0, 0, 0, 0, 0)
    assert checks(db, city, "x_children") == {}


def test_a_missing_number_of_a_child_is_unknown(db: Database) -> None:
    region_tree(db)
    body(db, "bureau", 2022, 10, 1, 5, 9, 2)
    body(db, "zone", 2022, 10, 1, None, 9, 2)
    found = checks(db, body(db, "city", 2022, 20, 2, 5, 17, 4), "x_children")
    assert (found["granted"], found["total_handled"]) == ((5, None, "unknown", 1), (17, 18, "fail", None))


def test_an_own_report_sums_up_nobody(db: Database) -> None:
    region_tree(db)
    body(db, "bureau", 2022, 10, 1, 5, 9, 2)
    assert checks(db, body(db, "city", 2022, 10, 1, 5, 9, 2, scope="own"), "x_children") == {}


def adds_up(world: Mapping[tuple[str, int], tuple[int, ...]], year: int) -> bool:
    present = [world[who, year] for who in PARTS if (who, year) in world]
    city = world.get(("city", year))
    return bool(city and present and city[0] == sum(one[0] for one in present) and city[1] == sum(one[1] for one in present))


def known_whole(world: Mapping[tuple[str, int], tuple[int, ...]], year: int) -> bool:
    around = {who for who in PARTS for other in (year - 1, year + 1) if (who, other) in world}
    return adds_up(world, year) or (adds_up(world, year - 1) and adds_up(world, year + 1) and all((who, year) in world for who in around))


@pytest.mark.parametrize("seed", range(6))
def test_sums_over_random_worlds(db: Database, seed: int) -> None:
    dice, years = random.Random(seed), range(2021, 2027)
    region_tree(db)
    world: dict[tuple[str, int], tuple[int, ...]] = {}
    for year in years:
        bodies = {who: tuple(dice.randrange(3) for _ in ROWS) for who in PARTS if dice.random() < 0.95}
        slip = dice.choice((-1, *ROWS))
        sums = tuple(sum(one[place] for one in bodies.values()) + (row == slip) for place, row in enumerate(ROWS))
        world |= {(who, year): values for who, values in {**bodies, "city": sums}.items()}
    for who in bodies_with_a_silent_year(dice):
        world.pop((who, dice.choice(years)), None)
    ids = {key: body(db, *key, *values) for key, values in world.items()}
    for year in years:
        found = checks(db, ids["city", year], "x_children")
        present = [world[who, year] for who in PARTS if (who, year) in world]
        expected = {}
        if known_whole(world, year) and present:
            for place, row in enumerate(ROWS):
                left, right = world["city", year][place], sum(one[place] for one in present)
                expected[row] = (left, right, "pass" if left == right else "fail", None)
        assert {at: told for at, told in found.items() if at in ROWS} == expected, (seed, year)


def bodies_with_a_silent_year(dice: random.Random) -> Iterable[str]:
    return [who for who in PARTS if dice.random() < 0.2]


# --- the register ------------------------------------------------------------------------------------------------------------------------


def test_the_register_shows_a_reports_own_failures_with_their_cells(db: Database) -> None:
    cells = {("table_4", "cases", f"review_{name}"): 1 for name in ("upheld", "corrected", "other_result", "pending")}
    cells["table_4", "cases", "review_total"] = 5
    report_id = put(db, 2022, cells, checks=[Check("t4_review", "cases", 4, 5, "fail"), Check("t3_flow", "total", 1, 1, "pass")])
    ((*told, cells_told),) = errors(db)
    assert told == [report_id, "t4_review", "cases", "arithmetic", 4, 5]
    assert cells_told == (
        "cases.review_upheld=1; cases.review_corrected=1; cases.review_other_result=1; cases.review_pending=1; cases.review_total=5"
    )
    names = rows(db, "SELECT year, url, check_zh, definition_en FROM source_errors")
    assert names[0][0] == 2022
    assert names[0][1].startswith("http://www.example.gov.cn/")
    assert names[0][2] == "行政复议四项之和＝总计"
    assert "add up" in names[0][3]


@pytest.mark.parametrize("status", ["doubtful", "absent"])
def test_a_check_with_an_uncertain_figure_is_not_in_the_register(db: Database, status: Any) -> None:
    cells: dict[Cell, Any] = {("table_4", "cases", f"review_{name}"): 1 for name in ("upheld", "corrected", "other_result", "pending")}
    cells["table_4", "cases", "review_total"] = Figure("table_4", "cases", "review_total", 5, "件", "5", status)
    put(db, 2022, cells, checks=[Check("t4_review", "cases", 4, 5, "fail")])
    assert rows(db, "SELECT outcome FROM checks WHERE check_id = 't4_review'") == [("fail",)]
    assert errors(db) == []


def test_a_check_nobody_knows_any_more_is_not_in_the_register(db: Database) -> None:
    put(db, 2022, checks=[Check("of_an_old_version", "total", 4, 5, "fail")])
    assert errors(db) == []


def test_prose_against_tables_is_in_the_register(db: Database) -> None:
    told = "“共收到申请12件”: 表中为 13"
    report_id = put(db, 2022, issues=[Issue("prose_mismatch", "section_1_overview", told), Issue("short_row", "a", "b")])
    assert errors(db) == [(report_id, "prose_mismatch", "section_1_overview", "prose", None, None, told)]


def test_each_report_of_a_wrong_pair_is_current(db: Database) -> None:
    url = "http://www.example.gov.cn/2022.html"
    put(db, 2022, checks=[Check("t3_flow", "total", 4, 5, "fail")], url=url, at="2023-01-01T00:00:00Z")
    put(db, 2022, url=url, at="2023-02-01T00:00:00Z")
    assert errors(db) == []


def test_the_sample_portals_give_what_they_were_made_with(crawled: Crawled) -> None:
    """harvester/sample/printed.py breaks one chain of years; places.py says whose sums can be followed down."""
    connection = sqlite3.connect(f"file:{crawled.database}?mode=ro", uri=True)
    failed = connection.execute(
        "SELECT r.organ, r.year, c.check_id, c.at FROM checks c JOIN reports r ON r.id = c.report_id "
        "WHERE c.outcome = 'fail' AND c.strength IN ('cross_year', 'hierarchy', 'soft') ORDER BY at"
    ).fetchall()
    assert failed == [("松河区市场监督管理局", 2024, "x_carry", at) for at in ("natural_person", "total")]
    summed = connection.execute(
        "SELECT r.organ, min(r.year), max(r.year), group_concat(DISTINCT c.outcome) FROM checks c JOIN reports r ON r.id = c.report_id "
        "WHERE c.check_id = 'x_children' GROUP BY r.organ ORDER BY r.organ"
    ).fetchall()
    assert summed == [("石桥区人民政府", 2021, 2025, "pass"), ("青岚市人民政府", 2019, 2025, "pass")]
    accused = connection.execute("SELECT count(*), count(DISTINCT report_id), count(check_zh), count(url) FROM source_errors").fetchone()
    assert accused == (8, 5, 8, 8)
    connection.close()


# --- storing, earlier versions, speed ----------------------------------------------------------------------------------------------------


def test_checks_do_not_depend_on_the_order_of_storing(tmp_path: Path) -> None:
    dumps = []
    cells = (CARRIED, carried(carried_forward=8), carried(carried_over=4))
    pages = [(2021 + number % 3, cells[number % 3], f"http://www.example.gov.cn/{number}.html") for number in range(5)]
    for name, order in (("a", pages), ("b", pages[::-1])):
        with Database(tmp_path / f"{name}.db") as db:
            for year, told, url in order:
                made = {"year": year, "figures": [figure(place, value) for place, value in told.items()], "organ_id": "x", "checks": []}
                db.save(page(url, url, "2025-02-01T00:00:00Z", report=made))
            dumps.append(dump(db, "checks", "source_errors"))
    assert dumps[0] == dumps[1]
    assert any("unknown" in line for line in dumps[0])


def test_a_database_of_the_first_version_gets_the_new_checks(tmp_path: Path) -> None:
    path = tmp_path / "harvest.db"
    first = sqlite3.connect(path)
    first.executescript((HERE / "databases" / "version_1.sql").read_text("utf-8"))
    first.close()
    dumps = []
    for _ in range(2):
        with Database(path) as db:
            dumps.append("\n".join(db.connection.iterdump()))
            ((second,),) = rows(db, "SELECT id FROM reports WHERE year = 2024")
            assert checks(db, second)["total"] == (7, 2, "fail", None)
            assert checks(db, second, "t3_flow") == {"total": (5, 5, "pass", None), "natural_person": (5, 6, "fail", None)}
            assert rows(db, "PRAGMA foreign_key_check") == []
            names = {name for (name,) in rows(db, "SELECT name FROM sqlite_master WHERE type = 'index'")}
            assert "report_series" in names
            assert "report_organ" not in names
    assert dumps[0] == dumps[1]


def test_what_is_compared_follows_the_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "harvest.db"
    with Database(path) as db:
        put(db, 2021)
        assert checks(db, put(db, 2022))
    rest = [term for term in cross.terms() if term.check != "x_carry"]
    monkeypatch.setattr(cross, "terms", lambda: rest)
    migrations._fingerprint.cache_clear()
    try:
        with Database(path) as db:
            assert rows(db, "SELECT count(*) FROM checks WHERE check_id = 'x_carry'") == [(0,)]
    finally:
        migrations._fingerprint.cache_clear()


def test_the_checks_of_one_report_are_looked_up_not_searched_for(db: Database) -> None:
    """The plan names no whole table but the few rows of the check itself: it takes the same time in a large database."""
    plan = [row[3] for row in rows(db, "EXPLAIN QUERY PLAN SELECT * FROM checks WHERE report_id = 'x'")]
    assert [line for line in plan if line.startswith("SCAN") and line not in ("SCAN x", "SCAN checks")] == []


def test_every_term_is_a_cell_of_its_form() -> None:
    known = {form_id: set(forms.load(form_id).places) for form_id in forms.form_ids()}
    for term in cross.terms():
        assert term.place in known[term.before if term.years_back else term.form], term
    assert {child.level for child in cross.children()} <= {row["key"] for row in labels("level")}
    assert schema.STATUS[0] == "printed"


def labels(kind: str) -> list[dict[str, str]]:
    from storage import reference

    return [row for row in reference.labels() if row["kind"] == kind]
