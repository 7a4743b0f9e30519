"""The form's arithmetic: outcomes are what the arithmetic says, a blank makes it unknown."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from harvester import checks, forms
from harvester.items import Figure, Report

FORM = forms.load("national_2021")


def report(values: list[int | None]) -> Report:
    made = Report(form=FORM.id)
    made.figures = [Figure(*place, value, None, str(value), "printed") for place, value in zip(FORM.places, values, strict=True)]
    checks.check(made)
    return made


def test_official_counts_of_checks() -> None:
    """7 columns flow, 7 columns outcomes, 25 rows applicants, 3 blocks of table 4; two rows fewer in the form of 2019."""
    assert len(report([0] * len(FORM.places)).checks) == 42
    assert sum(len(identity.places) for identity in forms.load("national_2019").identities) == 40


def test_quality() -> None:
    zeros: list[int | None] = [0] * len(FORM.places)
    assert report(zeros).quality == "verified"
    assert report([*zeros[:-1], 1]).quality == "inconsistent"
    assert report([*zeros[:-1], None]).quality == "consistent"
    partial = report(zeros)
    for figure in partial.figures:
        if figure.table == "table_4":
            figure.value, figure.status = None, "absent"
    checks.check(partial)
    assert partial.quality == "partial"
    for figure in partial.figures:
        figure.value, figure.status = None, "absent"
    checks.check(partial)
    assert partial.quality == "none"


@given(st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=len(FORM.places), max_size=len(FORM.places)))
@settings(deadline=None, max_examples=60)
def test_outcomes_equal_arithmetic(values: list[int | None]) -> None:
    at = dict(zip(FORM.places, values, strict=True))
    for check in report(values).checks:
        if check.check == "t3_flow":
            operands = [at["table_3", row, check.at] for row in ("new_received", "carried_over", "total_handled", "carried_forward")]  # type: ignore[index]
            known = [value for value in operands if value is not None]
            if len(known) < 4:
                assert check.outcome == "unknown" and check.if_blank_zero == (
                    (operands[0] or 0) + (operands[1] or 0) == (operands[2] or 0) + (operands[3] or 0)
                )
            else:
                assert check.outcome == ("pass" if known[0] + known[1] == known[2] + known[3] else "fail")
                assert (check.left, check.right) == (known[0] + known[1], known[2] + known[3])
