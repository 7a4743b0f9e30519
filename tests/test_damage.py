"""Damaged tables: whatever is cut, blanked, moved or doubled, every cell gets a verdict and no number is claimed that is not there."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from harvester import checks, forms, readers, tables
from harvester.items import Report
from harvester.values import parse
from tests import forms_html as html

DAMAGE = ("cut", "blank", "insert", "double", "fuse", "drop_row", "repeat_row")
blows = st.lists(st.tuples(st.sampled_from(DAMAGE), st.integers(0, 60), st.integers(0, 14)), max_size=6)


def lines(form_id: str, values: dict[tuple[str, str, str], str]) -> list[list[str]]:
    """The three tables as flattened rows, a blank line between them."""
    made: list[list[str]] = []
    for rows in html.tables(form_id, lambda *place: values[place]):
        made += [[""], *([text for text, _, colspan in row for text in (text, *[""] * (colspan - 1))] for row in rows)]
    return made


def strike(rows: list[list[str]], kind: str, at: int, column: int) -> None:
    at %= len(rows)
    row = rows[at]
    column %= max(len(row), 1)
    if kind == "drop_row":
        del rows[at]
    elif kind == "repeat_row":
        rows.insert(at, list(row))
    elif kind == "insert":
        row.insert(column, "")
    elif row and kind == "cut":
        del row[column]
    elif row and kind == "blank":
        row[column] = ""
    elif row and kind == "double":
        row.insert(column, row[column])
    elif kind == "fuse" and len(row) > column + 1:
        row[column] += row.pop(column + 1)


@given(st.sampled_from(["national_2019", "national_2021"]), blows, st.booleans())
@settings(deadline=None, max_examples=300)
def test_a_damaged_table_is_read_to_the_end(form_id: str, damage: list[tuple[str, int, int]], as_html: bool) -> None:
    rows = lines(form_id, html.numbered(form_id))
    for kind, at, column in damage:
        strike(rows, kind, at, column)
    text = "\n".join("\t".join(row) for row in rows)
    if as_html:
        text = html.html_table([[(cell, 1, 1) for cell in row] for row in rows if row != [""]])
    report = Report()
    tables.fill(readers.read(text.encode()), report)
    checks.check(report)
    if report.form == "narrative":
        return
    places = {(figure.table, figure.row, figure.column) for figure in report.figures}
    assert len(report.figures) == len(places) >= len(forms.load(report.form).places)
    for figure in report.figures:
        assert (figure.status == "absent") == (figure.printed is None)
        if figure.status == "printed":
            assert figure.value is not None and parse(figure.printed or "").number == figure.value
        elif figure.status != "doubtful":
            assert figure.value is None
    if any(figure.status == "doubtful" for figure in report.figures):
        assert report.issues
