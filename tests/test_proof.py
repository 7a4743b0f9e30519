"""Sums down the columns choose between readings of the rows: exactly those that are part of a solution are left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.alignments import Vector
from harvester.proof import Equation, equations, viable

SUMS = (Equation(("a", "b", "c"), ("total",)), Equation(("new", "old"), ("total", "rest")))
ROWS = ("a", "b", "c", "total", "new", "old", "rest")
vectors = st.tuples(st.integers(0, 4), st.integers(0, 4))
choices = st.fixed_dictionaries({row: st.lists(vectors, min_size=1, max_size=3) for row in ROWS})


def plainly(known: Mapping[str, Vector], loose: Mapping[str, Sequence[Vector]]) -> dict[str, set[Vector]]:
    """All solutions tried one by one."""
    left: dict[str, set[Vector]] = {row: set() for row in loose}
    for choice in product(*loose.values()):
        rows = {**known, **dict(zip(loose, choice, strict=True))}
        if all(
            sum(rows[row][column] for row in entry.left) == sum(rows[row][column] for row in entry.right)
            for entry in SUMS
            for column in (0, 1)
        ):
            for row, vector in zip(loose, choice, strict=True):
                left[row].add(vector)
    return left


def test_the_forms_sums_are_known_by_row() -> None:
    outcomes, flow = sorted(equations("national_2019", "table_3"), key=lambda entry: -len(entry.left))
    assert len(outcomes.left) == 19 and outcomes.right == ("total_handled",)
    assert flow == Equation(("new_received", "carried_over"), ("total_handled", "carried_forward"))
    assert equations("national_2019", "table_2") == equations("national_2019", "table_4") == ()


@given(choices, st.sets(st.sampled_from(ROWS)))
@settings(max_examples=300, deadline=None)
def test_what_is_left_is_what_some_solution_uses(rows: dict[str, list[Vector]], fast: set[str]) -> None:
    known = {row: vectors[0] for row, vectors in rows.items() if row in fast}
    loose = {row: vectors for row, vectors in rows.items() if row not in fast}
    assert viable(known, loose, SUMS) == plainly(known, loose)


def test_a_sum_that_lacks_a_row_says_nothing() -> None:
    known = {"a": (1, 0), "b": (1, 1), "total": (9, 9), "old": (0, 0), "rest": (0, 0)}
    assert viable(known, {"new": [(9, 9), (9, 8)]}, SUMS) == {"new": {(9, 9)}}


def test_a_row_that_no_sum_speaks_of_is_not_in_the_answer() -> None:
    assert viable({"a": (1, 1)}, {"x": [(1, 1)]}, SUMS) == {}
