"""A report's figures against the form's own arithmetic: pass, fail or unknown; nothing is repaired."""

from __future__ import annotations

from collections.abc import Sequence

from harvester import forms
from harvester.items import Check, Number, Report


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
    total_left, total_right = _sum(left), _sum(right)
    holds = total_left == total_right
    if None in left or None in right:
        return Check(name, at, None if None in left else total_left, None if None in right else total_right, "unknown", holds)
    return Check(name, at, total_left, total_right, "pass" if holds else "fail")


def _sum(values: Sequence[Number | None]) -> Number:
    return sum(filter(None, values))


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
