"""Where the columns of a part stand when its header does not say it for every row: what most rows show, by it or by their sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from harvester.alignments import Sum, row_sums
from harvester.forms import Form
from harvester.rows import Row

MOST = 1.25  # four rows of five
FEW = 5  # one row of five may break its own sum
MAX_SPARE = 3  # grid columns with strings beyond those of the form: a 小计, a line number, rows moved sideways


class Stand(NamedTuple):
    """Grid column -> index of the form's column; and grid columns with strings that are none of the form's."""

    columns: dict[int, int]
    strangers: frozenset[int] = frozenset()


def agrees(row: Row, stand: Stand) -> bool:
    """The row has a cell under every column, and prints nothing right of its label outside of them."""
    others = [cell for cell in row.cells if cell.column not in stand.columns]
    return len(row.cells) - len(others) == len(stand.columns) and all(cell.blank or cell.column in stand.strangers for cell in others)


def stands(form: Form, rows: Sequence[Row], header: Stand, spans: bool) -> list[Stand]:
    """The stands that most rows agree with: the header's, else the best by the rows' sums (several where they tell no difference)."""
    if header.columns and _vouched(rows, header, spans):
        return [header]
    possible = [stand for stand in _possible(rows) if sum(agrees(row, stand) for row in rows) * MOST >= len(rows)]
    sums = row_sums(form.id, rows[0].part.table, rows[0].key)
    scores = [_score(rows, stand, sums) for stand in possible]
    best = max(scores, default=-len(rows))
    return (
        [stand for stand, score in zip(possible, scores, strict=True) if score >= best - 1]
        if len(rows) > 2 and best * FEW >= -len(rows)
        else []
    )


def _vouched(rows: Sequence[Row], header: Stand, spans: bool) -> bool:
    """Header positions lie in flattened tables: there two full rows must stand in its columns."""
    agreeing = [row for row in rows if agrees(row, header)]
    full = sum(all(not cell.blank for cell in row.cells if cell.column in header.columns) for row in agreeing)
    return len(agreeing) * MOST >= len(rows) if spans else full > 1 and len(agreeing) * 3 >= len(rows) * 2


def _possible(rows: Sequence[Row]) -> Iterator[Stand]:
    """Every choice of grid columns. One that most rows print in may be left out, as a stranger, but not the last: that is the total."""
    used = Counter(cell.column for row in rows for cell in row.cells if not cell.blank)
    count = len(rows[0].part.columns)
    printed = sorted(column for column, _ in used.most_common(count + MAX_SPARE))
    for chosen in combinations(printed, count):
        strangers = frozenset(column for column in printed if column not in chosen and used[column] * MOST >= len(rows))
        if not strangers or chosen[-1] == printed[-1]:
            yield Stand({column: index for index, column in enumerate(chosen)}, strangers)


def _score(rows: Sequence[Row], stand: Stand, sums: tuple[Sum, ...]) -> int:
    """Rows that add up in this stand, those of nothing but 0 left out, less those that stand in it and do not: reports break their sums."""
    score = 0
    for row in rows if sums else ():
        if agrees(row, stand):
            counts = {stand.columns[cell.column]: cell.value.number or 0 for cell in row.cells if cell.column in stand.columns}
            holds = all(sum(counts[index] for index in left) == sum(counts[index] for index in right) for left, right in sums)
            score += -1 if not holds else 1 if any(counts.values()) else 0
    return score
