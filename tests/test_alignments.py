"""The ways to read one damaged row: all that its sums allow, and no other."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.alignments import Steps, TooMany, alignments, row_sums
from harvester.rows import Printed
from harvester.values import parse

APPLICANTS = row_sums("national_2021", "table_3", "granted")
DISPUTES = row_sums("national_2021", "table_4", "cases")
small = st.lists(st.integers(0, 30), min_size=6, max_size=6)


def cells(*texts: str) -> list[Printed]:
    return [Printed(column, text, parse(text)) for column, text in enumerate(texts)]


def read(texts: list[str], width: int = 7, sums: tuple = APPLICANTS) -> set[tuple[str | None, ...]]:
    return {tuple(cell and cell.text for cell in way.cells) for way in alignments(cells(*texts), width, sums)}


def test_the_forms_sums_are_known_by_column() -> None:
    assert APPLICANTS == (((0, 1, 2, 3, 4, 5), (6,)),)
    assert DISPUTES == (((0, 1, 2, 3), (4,)), ((5, 6, 7, 8), (9,)), ((10, 11, 12, 13), (14,)))


def test_fused_digits_are_cut_where_the_sum_allows() -> None:
    assert ("17", "2", "6", "0", "0", "0", "25") in read(["1726000" + "25"])
    assert read(["17260" + "0025"]) == {("17", "2", "6", "0", "0", "0", "25")}


def test_a_count_has_no_zero_before_it() -> None:
    assert read(["0000000"]) == {("0",) * 7}


def test_a_column_that_lost_its_number_takes_what_the_sum_asks_for() -> None:
    ways = alignments(cells("3", "0", "0", "0", "0", "5"), 7, APPLICANTS)
    assert {way.counts for way in ways} >= {(3, 2, 0, 0, 0, 0, 5), (3, 0, 0, 0, 0, 2, 5), (2, 3, 0, 0, 0, 0, 5)}
    assert all(sum(way.counts[:6]) == way.counts[6] for way in ways)


def test_a_string_too_many_is_left_out_where_the_rest_adds_up() -> None:
    assert read(["1", "2", "3", "0", "0", "0", "5", "6"]) == {("1", "2", "3", "0", "0", "0", "6")}


@pytest.mark.parametrize("text", ["见附件", "-3", "1.5"])
def test_what_is_no_count_has_no_way(text: str) -> None:
    assert alignments(cells("1", text, "2"), 7, APPLICANTS) == []


def test_a_mark_takes_a_column_and_counts_nothing() -> None:
    ways = alignments(cells("/", "3", "0", "0", "0", "3"), 7, APPLICANTS)
    assert {way.counts for way in ways if way.cells[1] and way.cells[1].text == "/"} == {(0, 0, 3, 0, 0, 0, 3)}


def test_a_search_has_a_bound() -> None:
    with pytest.raises(TooMany):
        alignments(cells("1" * 30), 15, ())


def test_the_rows_of_a_document_share_a_bound() -> None:
    steps = Steps(left=200)
    assert alignments(cells("3", "0", "0", "0", "0", "5"), 7, APPLICANTS, steps) and 0 < steps.left < 200
    with pytest.raises(TooMany):
        for _ in range(20):
            alignments(cells("3", "0", "0", "0", "0", "5"), 7, APPLICANTS, steps)


@given(small, st.sets(st.integers(0, 6), max_size=3))
@settings(max_examples=150, deadline=None)
def test_the_true_reading_is_always_among_the_ways(addends: list[int], lost: set[int]) -> None:
    """Any strings may vanish; when at most one of them was more than 0, the truth is found."""
    truth = [*addends, sum(addends)]
    lost = {column for column in lost if truth[column] == 0} | set(list(lost)[:1])
    texts = [str(number) for column, number in enumerate(truth) if column not in lost]
    ways = alignments(cells(*texts), 7, APPLICANTS)
    expected = tuple(None if column in lost else str(number) for column, number in enumerate(truth))
    assert expected in {tuple(cell and cell.text for cell in way.cells) for way in ways}
    assert all(sum(way.counts[:6]) == way.counts[6] for way in ways)


@given(small)
@settings(max_examples=100, deadline=None)
def test_every_cut_of_fused_digits_that_adds_up_is_found(addends: list[int]) -> None:
    text = "".join(map(str, [*addends, sum(addends)]))
    expected = set()
    for cuts in combinations(range(1, len(text)), 6):
        pieces = [text[start:end] for start, end in zip((0, *cuts), (*cuts, len(text)), strict=True)]
        if all(piece == str(int(piece)) for piece in pieces) and sum(map(int, pieces[:6])) == int(pieces[6]):
            expected.add(tuple(pieces))
    assert {way for way in read([text]) if None not in way} == expected
