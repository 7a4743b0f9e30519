"""A reading beside the truth: what is right, what is only honest, and what is wrong under ``printed``."""

from __future__ import annotations

import re
from typing import Literal

from benchmarks.accuracy.reports import APPLICANTS, LITIGATION, NOT_OUTCOMES, RESULTS, Entry, Number, Place, Truth, outcome_rows
from harvester import checks, readers, tables
from harvester.items import Figure, Report

# right: the figure says what the cell says. wrong: a number under ``printed`` that this cell does not print. silent: ``blank`` where the
# cell printed a number. doubtful, absent: the reader says that it cannot tell, or that it is not there.
Verdict = Literal["right", "doubtful", "absent", "silent", "wrong"]
SPACE = re.compile("[\\s\u200b-\u200f\ufeff]+")


def read(body: bytes) -> Report:
    """The tables of a page as figures and checks, without the question whose report it is."""
    report = Report()
    tables.fill(readers.read(body), report)
    checks.check(report)
    return report


def figures(report: Report) -> dict[Place, Figure]:
    return {(figure.table, figure.row, figure.column): figure for figure in report.figures}


def verdict(entry: Entry, figure: Figure | None) -> Verdict:
    """What one figure of a reading is worth, beside what the cell really prints."""
    if figure is None or figure.status == "absent":
        return "absent"
    if figure.status == "doubtful":
        return "doubtful"
    if figure.status == "blank":
        return "right" if entry.value is None else "silent"
    return "right" if entry.value is not None and figure.value == entry.value else "wrong"


def faults(report: Report, truth: Truth) -> list[str]:
    """Every figure of an undamaged page that is not read, as a line; and every check that arithmetic on the truth contradicts."""
    found, read_as = [], figures(report)
    for place, entry in truth.cells.items():
        figure = read_as.get(place)
        if verdict(entry, figure) != "right" or figure is None or _bare(figure.printed) != _bare(entry.printed):
            found.append(f"{'/'.join(place)}: {entry.printed!r} read as {told(figure)}")
    got = {(check.check, check.at): check.outcome for check in report.checks}
    found += [
        f"{name} {at}: {outcome} told as {got.get((name, at))}"
        for (name, at), outcome in outcomes(truth).items()
        if got.get((name, at)) != outcome
    ]
    return found


def told(figure: Figure | None) -> str:
    return "nothing" if figure is None else f"{figure.status} {figure.printed!r} {figure.value}"


def _bare(text: str | None) -> str | None:
    return None if text is None else SPACE.sub("", text)


def outcomes(truth: Truth) -> dict[tuple[str, str], str]:
    """(check, place) -> pass, fail or unknown, by the arithmetic the notices prescribe, on what the report prints."""
    table_3 = {place[1:]: entry.value for place, entry in truth.cells.items() if place[0] == "table_3"}
    results = outcome_rows(truth.cells)
    made: dict[tuple[str, str], str] = {}
    sum_of_results = "t3_outcomes" if truth.form == "national_2021" else "t3_outcomes_2019"
    for column in (*APPLICANTS, "total"):
        new, carried, handled, forward = (table_3[row, column] for row in NOT_OUTCOMES)
        made["t3_flow", column] = _equal([new, carried], [handled, forward])
        made[sum_of_results, column] = _equal([table_3[row, column] for row in results], [handled])
    for row in (*NOT_OUTCOMES, *results):
        made["t3_applicants", row] = _equal([table_3[row, column] for column in APPLICANTS], [table_3[row, "total"]])
    for group in LITIGATION:
        values = [truth.cells["table_4", "cases", f"{group}_{result}"].value for result in (*RESULTS, "total")]
        made[f"t4_{group}", "cases"] = _equal(values[:4], values[4:])
    return made


def _equal(left: list[Number | None], right: list[Number | None]) -> str:
    numbers = [value for value in (*left, *right) if value is not None]
    if len(numbers) < len(left) + len(right):
        return "unknown"
    return "pass" if sum(numbers[: len(left)]) == sum(numbers[len(left) :]) else "fail"
