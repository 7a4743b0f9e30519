"""A report's figures against the form's own arithmetic: pass, fail or unknown; nothing is repaired."""

from __future__ import annotations

from collections.abc import Sequence

from harvester import forms
from harvester.items import Check, Number, Outcome, Report


def check(report: Report) -> None:
    """Sets ``checks`` and ``quality`` of a report whose figures are read. A form without tables has neither."""
    if report.form not in forms.form_ids():
        report.checks, report.quality = [], "none"
        return
    form = forms.load(report.form)
    values = [figure.value for figure in report.figures[: len(form.places)]]
    report.checks = [
        _compare(identity.id, at, [values[i] for i in left], [values[i] for i in right])
        for identity in form.identities
        for at, left, right in identity.places
    ]
    report.quality = quality(report, form)


def _compare(name: str, at: str, left: Sequence[Number | None], right: Sequence[Number | None]) -> Check:
    known = [value for value in (*left, *right) if value is not None]
    if len(known) == len(left) + len(right):
        total_left, total_right = _sum(left), _sum(right)
        outcome: Outcome = "pass" if total_left == total_right else "fail"
        return Check(name, at, total_left, total_right, outcome)
    holds = _sum(left) == _sum(right)
    return Check(name, at, _side(left), _side(right), "unknown", holds)


def _sum(values: Sequence[Number | None]) -> Number:
    return sum(value for value in values if value)


def _side(values: Sequence[Number | None]) -> Number | None:
    return None if None in values else _sum(values)


def quality(report: Report, form: forms.Form) -> str:
    """``none`` no figure was read; ``inconsistent`` an identity fails; ``partial`` a table is missing; ``consistent`` none fails, some are
    unknown or the form has none; ``verified`` every identity passes."""
    read = {figure.table for figure in report.figures if figure.status != "absent"}
    outcomes = {entry.outcome for entry in report.checks}
    verdicts = (
        ("none", not read),
        ("inconsistent", "fail" in outcomes),
        ("partial", bool({part.table for part in form.parts} - read)),
        ("consistent", "unknown" in outcomes or not outcomes),
    )
    return next((name for name, holds in verdicts if holds), "verified")
