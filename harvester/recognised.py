"""Which figures of a recognised document the form's own sums prove; all others are in doubt: a misread digit looks like any other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from harvester import forms
from harvester.items import Document, Figure, Issue, Number, Report

DIGITS = "0123456789"
READ = ("printed", "blank")
OF_PROSE = ("prose_contradiction", "prose_mismatch")


class Sum(NamedTuple):
    """One identity at one place: indexes of the figures on its left and on its right."""

    left: tuple[int, ...]
    right: tuple[int, ...]

    @property
    def members(self) -> tuple[int, ...]:
        """All its figures."""
        return (*self.left, *self.right)


def weigh(document: Document, report: Report) -> None:
    """Puts the figures of a recognised document that nothing proves in doubt, and adds the issue ``from_picture``; others are left alone.

    A figure is proved when the document prints every figure of every sum it takes part in, all these sums hold (an empty cell counts 0),
    and one of them is over sure members only, a printed number among them. Not sure is a number in which a digit may have been taken for
    another throughout: where the report never shows that other digit, and all its sums would hold as well (1 = 1 may be 7 = 7). A doubtful
    figure keeps its reading, the only candidate there is. Numbers told in sentences are left out: no sum proves them.
    """
    if not document.recognised:
        return
    report.prose = []
    report.issues = [issue for issue in report.issues if issue.code not in OF_PROSE]
    proved = _proved(report.figures, list(_sums(report)))
    told = [at for at, figure in enumerate(report.figures) if figure.status in READ]
    for at in told:
        if at not in proved:
            report.figures[at].status = "doubtful"
    message = f"read from a picture: the form's sums prove {len(proved)} figures, {len(told) - len(proved)} more are in doubt"
    report.issues.append(Issue("from_picture", "document", message))


def _sums(report: Report) -> Iterator[Sum]:
    form = forms.load(report.form) if report.form in forms.form_ids() else None
    for identity in form.identities if form else ():
        for _, left, right in identity.places:
            yield Sum(left, right)


def _proved(figures: Sequence[Figure], sums: Sequence[Sum]) -> set[int]:
    values = {at: figure.value or 0 for at, figure in enumerate(figures) if figure.status in READ}
    good = [entry for entry in sums if _holds(entry, values)]
    broken = {at for entry in sums if entry not in good for at in entry.members}
    shown = {sign for figure in figures for sign in figure.printed or ""}
    unsure = set[int]() if shown.issuperset(DIGITS) else _confusable(figures, good)
    telling = [entry for entry in good if unsure.isdisjoint(entry.members) and any(figures[at].status == "printed" for at in entry.members)]
    return {at for entry in telling for at in entry.members} - broken - unsure


def _holds(entry: Sum, values: Mapping[int, Number]) -> bool:
    """Whether all members were read and the sum holds."""
    if not all(at in values for at in entry.members):
        return False
    return sum(values[at] for at in entry.left) == sum(values[at] for at in entry.right)


def _confusable(figures: Sequence[Figure], sums: Sequence[Sum]) -> set[int]:
    """Figures in which some digit, read as another wherever it stands, would leave all ``sums`` whole.

    A lone 0 is taken for what it is: most cells of most reports are one, and a number read as 0 must be so in every row and column it adds
    to. A digit that would change its numbers by d changes those of every other by a multiple of it: one system of equations a digit.
    """
    texts = {at: figures[at].printed or "" for entry in sums for at in entry.members}
    found: set[int] = set()
    for digit in DIGITS:
        steps = {at: _step(text, digit) for at, text in texts.items() if digit in text and text != "0"}
        if steps:
            rows = [{at: steps[at] if at in entry.left else -steps[at] for at in entry.members if at in steps} for entry in sums]
            found |= _free(rows)
    return found


def _step(text: str, digit: str) -> int:
    """By how much a number changes when each ``digit`` in it is one more."""
    places = [sign for sign in reversed(text) if sign.isdecimal()]
    return sum(10**place for place, sign in enumerate(places) if sign == digit)


def _free(rows: Sequence[Mapping[int, int]]) -> set[int]:
    """Unknowns that need not be 0 where each row (unknown -> factor) adds up to 0."""
    solved: dict[int, dict[int, Fraction]] = {}
    for row in rows:
        left = {at: Fraction(factor) for at, factor in row.items()}
        for pivot in solved.keys() & left.keys():
            left = _less(left, solved[pivot], left[pivot])
        if left:
            pivot = min(left)
            left = {at: factor / left[pivot] for at, factor in left.items()}
            solved = {at: _less(other, left, other[pivot]) if pivot in other else other for at, other in solved.items()} | {pivot: left}
    return {at for row in solved.values() if len(row) > 1 for at in row}


def _less(row: Mapping[int, Fraction], other: Mapping[int, Fraction], times: Fraction) -> dict[int, Fraction]:
    made = {at: row.get(at, Fraction(0)) - times * other.get(at, Fraction(0)) for at in row.keys() | other.keys()}
    return {at: factor for at, factor in made.items() if factor}
