"""Where reports print nothing, or a mark for nothing, in place of a 0."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

Place = tuple[str, str, str]
Number = int | float
MARKS = ("", "", "", "/", "/", "—", "--", "无", "-")


def is_number(text: str) -> bool:
    """Does a printed string say a number at all?"""
    return any(character.isdigit() for character in text)


def spread(rng: random.Random, printed: dict[Place, str], values: Mapping[Place, Number]) -> None:
    """Empties some of the cells whose number is 0, by one habit a report; about half of all reports print every 0."""
    habit = rng.choices((_none, _regulations, _only_totals, _no_zeros, _patchy, _whole_table), (50, 14, 10, 8, 10, 8))[0]
    mark = rng.choice(MARKS)
    for place in habit(rng, values):
        if not values[place]:
            printed[place] = mark


Habit = Callable[[random.Random, Mapping[Place, Number]], list[Place]]


def _none(rng: random.Random, values: Mapping[Place, Number]) -> list[Place]:
    return []


def _regulations(rng: random.Random, values: Mapping[Place, Number]) -> list[Place]:
    """A bureau makes no 规章: the row says / or stays empty."""
    return [place for place in values if place[1] == "art20_1.regulations"]


def _only_totals(rng: random.Random, values: Mapping[Place, Number]) -> list[Place]:
    """Rows of table 3 that received nothing: all applicants empty, only 总计 says 0; everywhere, or in some rows."""
    share = rng.choice((0.2, 0.6, 1.0))
    empty = {row for table, row, column in values if table == "table_3" and column == "total" and rng.random() < share}
    empty = {row for row in empty if not values["table_3", row, "total"]}
    return [place for place in values if place[0] == "table_3" and place[1] in empty and place[2] != "total"]


def _no_zeros(rng: random.Random, values: Mapping[Place, Number]) -> list[Place]:
    """No 0 is printed in one table, but for totals in some reports."""
    table, totals = rng.choice(("table_2", "table_3", "table_3", "table_4")), rng.random() < 0.5
    return [place for place in values if place[0] == table and not (totals and (place[2].endswith("total") or place[1] == "total_handled"))]


def _patchy(rng: random.Random, values: Mapping[Place, Number]) -> list[Place]:
    share = rng.choice((0.03, 0.15, 0.4))
    return [place for place in values if rng.random() < (share / 5 if place[2].endswith("total") else share)]


def _whole_table(rng: random.Random, values: Mapping[Place, Number]) -> list[Place]:
    """Nothing to say: table 4 is left empty, or table 2's numbers are."""
    table = rng.choice(("table_4", "table_4", "table_2"))
    return [place for place in values if place[0] == table]
