"""Tables flattened to text: every form of flattening is read cell for cell, and no number of a sentence becomes a figure."""

from __future__ import annotations

import random

import pytest

from harvester import checks, flow, forms, readers, tables
from harvester.items import Figure, Report
from harvester.rows import sections
from tests import forms_html as html
from tests import text_forms

Values = dict[tuple[str, str, str], str]
MODERN = ["national_2019", "national_2021"]
KEEP_EMPTY = ("tabs", "pipes with placeholders", "markdown", "each cell ends in a pipe and a line")  # elsewhere an empty cell may be lost


def read(body: str) -> Report:
    report = Report()
    tables.fill(readers.read(body.encode()), report)
    checks.check(report)
    return report


def figures(report: Report) -> dict[tuple[str, str, str], Figure]:
    return {(figure.table, figure.row, figure.column): figure for figure in report.figures}


def consistent(form_id: str, seed: int) -> Values:
    """Small numbers, many of them 0, with which every sum of the form holds."""
    rng, form = random.Random(seed), forms.load(form_id)
    numbers = [rng.choice((0, 0, rng.randint(0, 30))) for _ in form.places]
    sums = {identity.id: identity for identity in form.identities}
    for identity in (sums["t3_outcomes" if "t3_outcomes" in sums else "t3_outcomes_2019"], sums["t3_flow"], *form.identities):
        for _, left, right in identity.places:
            if identity.id == "t3_flow":
                numbers[right[1]] = max(numbers[left[1]], numbers[right[1]])
                numbers[left[0]] = sum(numbers[index] for index in right) - numbers[left[1]]
            else:
                numbers[right[0]] = sum(numbers[index] for index in left)
    return {tuple(place): str(number) for place, number in zip(form.places, numbers, strict=True)}  # type: ignore[misc]


def value_of(values: Values) -> html.Values:
    return lambda *place: values[place]


def rows_of(body: str, form_id: str) -> dict[tuple[str, str], list[str]]:
    """Value strings of each row that the text's derived grids, and its own, hold."""
    document = readers.read(body.encode())
    form = forms.load(form_id)
    own = [block.grid for block in document.blocks if block.grid]
    found = {}
    for grid in [*own, *flow.grids(document, form, len(own))]:
        for section in sections(form, grid):
            found.update({(row.part.table, row.key): [cell.text for cell in row.cells] for row in section.rows})
    return found


def by_row(values: Values) -> dict[tuple[str, str], list[str]]:
    rows: dict[tuple[str, str], list[str]] = {}
    for (table, row, _), text in values.items():
        rows.setdefault((table, row), []).append(text)
    return rows


@pytest.mark.parametrize("form_id", MODERN)
@pytest.mark.parametrize("name", text_forms.FORMS)
def test_each_row_has_its_values(form_id: str, name: str) -> None:
    """A different number in every cell: none may stand in another row or in another order."""
    values = html.numbered(form_id)
    found = rows_of(text_forms.page(form_id, value_of(values), text_forms.FORMS[name]), form_id)
    assert {row: [text for text in cells if text] for row, cells in found.items()} == by_row(values)


@pytest.mark.parametrize("form_id", MODERN)
@pytest.mark.parametrize("name", text_forms.FORMS)
@pytest.mark.parametrize("zero", ["0", "/", "—", "无", ""])
def test_every_cell_is_read(form_id: str, name: str, zero: str) -> None:
    values = {place: zero if text == "0" else text for place, text in consistent(form_id, len(name)).items()}
    report = read(text_forms.page(form_id, value_of(values), text_forms.FORMS[name]))
    found = figures(report)
    read_as = {place: figure.printed for place, figure in found.items() if figure.status in ("printed", "blank")}
    assert {place: text for place, text in read_as.items() if values[place] != text} == {}
    if zero or name in KEEP_EMPTY:
        assert set(read_as) == set(values)
