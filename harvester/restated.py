"""What a report states in sentences against the figures of its tables: agreement, mismatch or unknown; neither is repaired."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from harvester import forms
from harvester.forms import Place
from harvester.items import Issue, Number, Outcome, Prose, Report

YUAN = {"元": 1, "万元": 10**4, "亿元": 10**8}  # amounts are compared in 元
ROUNDED = 1e-6  # what binary fractions lose


class Comparison(NamedTuple):
    """A figure told in ``prose`` and the sum of the cells at ``places`` that print it; null where one of them prints no number."""

    prose: Prose
    places: tuple[Place, ...]
    table_value: Number | None
    outcome: Outcome


def _read() -> dict[str, list[tuple[Place, ...]]]:
    """For each key of prose_figures.csv the ways forms print the figure: the places whose sum it is."""
    ways: dict[tuple[str, str], list[Place]] = {}
    for line in csv.DictReader(files("harvester.data").joinpath("prose_figures.csv").read_text("utf-8").splitlines()):
        ways.setdefault((line["key"], line["way"]), []).append(Place(line["table"], line["row"], line["column"]))
    restated: dict[str, list[tuple[Place, ...]]] = {}
    for (key, _), places in ways.items():
        restated.setdefault(key, []).append(tuple(places))
    return restated


RESTATED = _read()


def compare(report: Report) -> Iterator[Comparison]:
    """Every figure of ``report.prose`` that the report's form prints too, against the cells; rounded ones within their rounding."""
    for prose in report.prose:
        read = [(places, _value(report, places, numbers)) for places, numbers in _ways(report.form, prose.key)]
        if read:  # a form may print a figure in two ways, of which a report uses one: (六)其他处理 in one row or in three
            places, printed = next((way for way in read if way[1] is not None), read[0])
            times = YUAN.get(prose.unit or "", 1)
            agrees = printed is not None and abs(prose.value * times - printed) <= prose.slack * times + ROUNDED
            yield Comparison(prose, places, printed, "unknown" if printed is None else "pass" if agrees else "fail")


def mismatches(report: Report) -> Iterator[Issue]:
    """An issue for each figure that the sentence and the table tell differently."""
    for prose, places, printed, outcome in compare(report):
        if outcome == "fail":
            cells = " + ".join("/".join(place) for place in places)
            message = f"{prose.key}: told as {prose.value}{prose.unit or ''} in {prose.sentence!r}; {cells} print {printed}"
            yield Issue("prose_mismatch", prose.section, message)


def _value(report: Report, places: tuple[Place, ...], numbers: tuple[int, ...]) -> Number | None:
    """Sum of the figures at these places of the form, amounts in 元; None unless each of them prints a number beyond doubt."""
    if numbers:
        figures = [report.figures[number] for number in numbers]
    else:  # rows of another form stand behind the form's own
        figures = [figure for figure in report.figures if (figure.table, figure.row, figure.column) in places]
    values = [
        figure.value * YUAN.get(figure.unit or "", 1) for figure in figures if figure.status == "printed" and figure.value is not None
    ]
    return sum(values) if len(values) == len(places) else None


@cache
def _ways(form: str, key: str) -> tuple[tuple[tuple[Place, ...], tuple[int, ...]], ...]:
    """The ways a form prints the figure ``key``: places, and where they stand among its figures (nowhere: rows of a sister form)."""
    if form not in forms.form_ids():
        return ()
    loaded = forms.load(form)
    index = {place: number for number, place in enumerate(loaded.places)}
    return tuple(
        (places, tuple(index[place] for place in places if place in index))
        for places in RESTATED.get(key, ())
        if all(place in index for place in places) or all((place.table, place.row) in loaded.sister_rows for place in places)
    )
