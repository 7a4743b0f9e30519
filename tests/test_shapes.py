"""A table like one read before is read as if it were the first: what was kept of the other is its shape, never a number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from random import Random
from typing import Any

import pytest

from benchmarks.accuracy import damage
from harvester import readers, shapes, tables
from harvester.items import Cell, Grid, Report
from tests import forms_html as html

FORMS = ("national_2019", "national_2021")


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    shapes.forget()
    yield
    shapes.forget()


def read(body: str | bytes) -> dict[str, Any]:
    report = Report()
    tables.fill(readers.read(body.encode() if isinstance(body, str) else body), report)
    return asdict(report)


def numbers(seed: int, odd: str = "") -> Callable[[str, str, str], str]:
    """Numbers that add up to nothing; one cell prints ``odd`` in place of its own."""
    rng = Random(seed)
    values = {place: str(rng.randrange(10 ** rng.randrange(1, 6))) for place in html.numbered(FORMS[1])}
    strange = rng.choice(list(values)) if odd else None
    return lambda *place: odd if place == strange else values.get(place, "7")


@pytest.mark.parametrize("form", FORMS)
def test_the_second_page_of_a_shape_is_read_as_the_first_would_be(form: str) -> None:
    alone = []
    for seed in range(4):
        shapes.forget()
        alone.append(read(html.page(form, numbers(seed))))
    shapes.forget()
    assert [read(html.page(form, numbers(seed))) for seed in range(4)] == alone
    assert alone[0]["figures"] != alone[1]["figures"]


@pytest.mark.parametrize("odd", ["", "/", "—", "3.5", "3.00", "12件", "１２", "1,234", "007", "5 3", "无", "-4", "约三", "第 3 页"])
def test_what_is_no_plain_number_changes_nothing_for_those_before_and_after(odd: str) -> None:
    bodies = [html.page(FORMS[1], numbers(seed, odd if seed % 2 else "")) for seed in range(8)]
    together = [read(body) for body in bodies]
    for body, seen in zip(bodies, together, strict=True):
        shapes.forget()
        assert read(body) == seen


def test_a_figure_names_the_table_of_its_own_page() -> None:
    page = html.page(FORMS[1], numbers(1))
    first = read(page)
    shifted = read(page.replace("<table", "<table><tr><td>甲</td><td>乙</td></tr></table><table", 1))
    pairs = list(zip(first["figures"], shifted["figures"], strict=True))
    assert all(later["source_table"] == earlier["source_table"] + 1 for earlier, later in pairs)
    assert [figure["value"] for figure in first["figures"]] == [figure["value"] for figure in shifted["figures"]]


def test_a_table_that_is_printed_twice_is_met_twice() -> None:
    values = html.tables(FORMS[1], numbers(1))[1]
    others = html.tables(FORMS[1], numbers(2))[1]
    page = html.page(FORMS[1], numbers(1))
    twice = page.replace(html.html_table(values), html.html_table(values) + html.html_table(others))
    shapes.forget()
    alone = read(twice)
    read(page)
    assert read(twice) == alone
    assert "repeated_row" in {issue["code"] for issue in alone["issues"]}


def test_damaged_pages_leave_nothing_behind_that_changes_the_next() -> None:
    bodies = [damage.case(f"shapes-{number}").body for number in range(60)]
    alone = []
    for body in bodies:
        shapes.forget()
        alone.append(read(body))
    shapes.forget()
    assert [read(body) for body in bodies + bodies] == alone + alone


def test_shapes_of_hostile_pages_are_forgotten_again() -> None:
    page = html.page(FORMS[1], numbers(1))
    for number in range(2 * shapes.MANY):
        read(page.replace("商业企业", f"商业<!--{number}-->企业").replace("信息内容", f"信息内容（{number}）"))
    assert 0 < shapes.count() <= shapes.MANY


@pytest.mark.parametrize(
    ("cells", "text"),
    [(shapes.CELLS + 1, ""), (1, "注" * (shapes.LONGEST + 1)), (shapes.LONG // 10 + 1, "注" * 10)],
    ids=["many", "long", "all"],
)
def test_what_no_form_prints_is_not_kept(cells: int, text: str) -> None:
    row = [Cell(text, 0, column) for column in range(cells)]
    assert shapes.seen("any", Grid(0, [row]))[0] is None
    assert shapes.seen("any", Grid(0, [row[:-1]]))[0] is not None or cells == 1


def test_a_grid_without_cells_has_no_shape() -> None:
    assert shapes.seen("any", Grid(0, [])) == (None, ())
    assert shapes.seen("any", Grid(0, [[]])) == (None, ())
