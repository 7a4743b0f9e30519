"""What invented reports print in their forms: ready sets of figures with their checks, and the tables as lines of a text."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.accuracy import reports
from harvester import checks, forms
from harvester.items import Figure, Report, Status
from storage import tables
from storage.coding import Codes, Flat, Words

SETS = 400  # a form; each is printed by many reports
OLD = ("national_2014", "fujian_2014", "fujian_2009", "shanghai_2006")
TABLES = ("table_2", "table_3", "table_4")


@dataclass(frozen=True, slots=True)
class Filled:
    """A form filled in: its rows for the tables ``value`` and ``check_result`` (plain ones, others), its quality, its blocks of text."""

    form: str
    values: tuple[Flat, Flat]
    checks: tuple[Flat, Flat]
    quality: str
    blocks: tuple[str, ...]


def filled(codes: Codes, form_id: str, count: int = SETS) -> list[Filled]:
    """``count`` sets of a form's figures that mostly check: one in five breaks a sum or leaves a cell empty."""
    return [_filled(codes, form_id, f"publication {form_id} {number}") for number in range(count)]


def _filled(codes: Codes, form_id: str, seed: str) -> Filled:
    report = Report(source="", kind="report", form=form_id)
    report.figures = list(_modern(form_id, seed) if form_id in reports.FORMS else _old(form_id, seed))
    checks.check(report)
    words = Words()
    plain, rest, passed, failed = codes.rows(words.code(report.figures, report.checks), words)
    return Filled(form_id, (plain, rest), (passed, failed), report.quality, tuple(_blocks(report.figures)))


def _modern(form_id: str, seed: str) -> Iterator[Figure]:
    truth = reports.make(seed, form_id)
    units = _units(form_id)
    for number, (place, entry) in enumerate(truth.cells.items()):
        status: Status = "blank" if entry.value is None else "printed"
        yield Figure(*place, entry.value, units[place], entry.printed, status, number // 80, number % 80 // 7, number % 7)


def _old(form_id: str, seed: str) -> Iterator[Figure]:
    rng = random.Random(seed)
    units = _units(form_id)
    for number, place in enumerate(forms.load(form_id).places):
        value = int(10 ** (3 * rng.random())) - 1
        blank = rng.random() < 0.1
        printed = "" if blank else str(value)
        yield Figure(*place, None if blank else value, units.get(place), printed, "blank" if blank else "printed", 0, number, 2)


def _units(form_id: str) -> dict[tuple[str, str, str], str | None]:
    parts = forms.load(form_id).parts
    return {(part.table, row, column.key): column.unit for part in parts for row in part.rows or (part.line,) for column in part.columns}


def _blocks(figures: list[Figure]) -> Iterator[str]:
    """The tables of sections two, three and four; the indicators of an old form all stand in the second."""
    lines: dict[str, dict[str, list[str]]] = {}
    for figure in figures:
        lines.setdefault(figure.table, {}).setdefault(figure.row, []).append(figure.printed or "")
    for table in TABLES:
        found = lines.get(table) or (lines.get("statistics", {}) if table == TABLES[0] else {})
        yield "\n".join(f"{tables.label('row', row)[0]}\t" + "\t".join(cells) for row, cells in found.items()) or "见附表。"
