"""Where the columns of a part stand when its header does not say it for every row: what most rows show, by it or by their sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import NamedTuple

from harvester.alignments import Steps, Sum, TooMany, holds, row_sums, totalled
from harvester.forms import Form
from harvester.headers import Layout
from harvester.rows import Printed, Row, Section

Placed = list[tuple[int, Printed]]  # index of the form's column, and the cell there
Spots = list[tuple[Placed | None, bool]]
MOST = 1.5  # two rows of three
MANY = 5  # in shorter tables, the pieces of a torn one, a full row that does not add up may hold the page's number
SOME = 3  # a column that fewer than a third of the rows print in may be the place of rows that moved
MAX_SPARE = 3  # grid columns with strings beyond those of the form: a 小计, a line number, rows moved sideways


class Stand(NamedTuple):
    """Grid column -> index of the form's column; and grid columns with strings that are none of the form's."""

    columns: dict[int, int]
    strangers: frozenset[int] = frozenset()


def agrees(row: Row, stand: Stand) -> bool:
    """The row has a cell under every column, and prints nothing right of its label outside of them."""
    others = [cell for cell in row.cells if cell.column not in stand.columns]
    return len(row.cells) - len(others) == len(stand.columns) and all(cell.blank or cell.column in stand.strangers for cell in others)


def place(form: Form, section: Section, rows: Sequence[Row], header: Layout, steps: Steps) -> tuple[Spots, bool]:
    """The cells of each row of a part with the indexes of their columns (None: they must be proved), and whether these are sure.

    By the header when every row agrees with it (then also True); else by what most rows show, else by the count of the cells.
    """
    spans, count = section.grid.spans, len(rows[0].part.columns)
    columns = header.columns if _is_credible(header.columns, rows) and not _followed(rows, header) else {}
    if not columns and spans and not section.header and not header.disorder:  # a page break left the header on the page before
        width = max(row.width for row in rows)
        columns = {width - count + index: index for index in range(count)}
    named = Stand(columns, frozenset(header.strangers if len(columns) == count else ()))
    if columns and (shown := _by_header(rows, named)):
        last = max(columns)
        return [(placed, row.cells[-1].column <= last) for placed, row in zip(shown, rows, strict=True)], True
    if header.disorder or header.permuted:
        # A template in another order: what does not stand under its words cannot be counted into the form's columns.
        alike = [_by_header([row], named) if columns and not header.disorder else [] for row in rows]
        return [(cut[0] if cut else None, bool(cut)) for cut in alike], False
    most, strange = _by_most(form, rows, named, spans, steps)
    counts = [None] * len(rows) if strange or header.foreign or _crowded(rows) or widened(rows) else [_by_count(row) for row in rows]
    alone = rows[0].key == rows[0].part.line  # a row without a label is one by its header
    regular = alone or (len(rows) >= MANY and sum(counted is not None for counted in counts) * MOST >= len(rows))
    late = section.set_in if len(header.columns) < count else set()  # what a shift adds may hide what a lost column takes
    return [
        (None, False)
        if row.number in late
        else (placed, True)
        if placed and counted in (None, placed)
        else (counted, regular and counted is not None and _ends(row, counted))
        for row, placed, counted in zip(rows, most, counts, strict=True)
    ], False


def _by_header(rows: Sequence[Row], header: Stand) -> list[Placed]:
    """The rows in the header's columns; nothing unless every one agrees with it."""
    columns, shown = list(header.columns), list[Placed]()
    indexes = header.columns.values()
    for row in rows:
        if [column for column, _, _ in row.cells] == columns:  # nearly every row
            shown.append(list(zip(indexes, row.cells, strict=True)))
        elif agrees(row, header):
            shown.append([(header.columns[cell.column], cell) for cell in row.cells if cell.column in header.columns])
        else:
            return []
    return shown


def _is_credible(columns: dict[int, int], rows: Sequence[Row]) -> bool:
    """What is left of a header proves nothing, nor does one that lost a word and left its column there, in it or in the rows."""
    count = len(rows[0].part.columns)
    if len(columns) == count:
        return True
    kept = sum(len(row.cells) >= count for row in rows) * MOST >= len(rows)
    return len(columns) * 2 > count and max(columns) - min(columns) < len(columns) and not kept


def _followed(rows: Sequence[Row], header: Layout) -> bool:
    """A word the form does not know stands behind the total, and numbers under it: in a flattened header 小计 comes to stand there."""
    behind = [column for column in header.strangers if header.columns and column > max(header.columns)]
    return any(cell.column in behind and not cell.blank for row in rows for cell in row.cells) if behind else False


def _crowded(rows: Sequence[Row]) -> bool:
    """Rows print more than the form has columns, and not just one of them: then as many as it has may be any."""
    return sum(map(_is_long, rows)) > 1


def widened(rows: Sequence[Row]) -> bool:
    """Of the rows without an empty cell a third does: a column of the report is none of the form's, even if its word is gone."""
    long = sum(map(_is_long, rows))
    return long > 0 and long * 2 >= sum(sum(not cell.blank for cell in row.cells) == len(row.part.columns) for row in rows)


def _is_long(row: Row) -> bool:
    return sum(not cell.blank for cell in row.cells) > len(row.part.columns)


def _by_most(form: Form, rows: Sequence[Row], header: Stand, spans: bool, steps: Steps) -> tuple[list[Placed | None], bool]:
    """As most rows show: in the header's columns, or in those their sums tell, of the grid or counted from the label of each row.

    True when most rows print a column that is none of the form's: then the count of a row's cells says nothing.
    """
    sums = row_sums(form.id, rows[0].part.table, rows[0].key)
    if header.columns and _vouched(rows, header, spans):
        return [placed if (placed := _placed(row, row, [header])) and totalled(placed, sums) else None for row in rows], bool(
            header.strangers
        )
    counted = [replace(row, cells=[cell._replace(column=at) for at, cell in enumerate(row.cells)]) for row in rows]
    found: list[tuple[list[Placed | None], bool]] = []
    count = len(rows[0].part.columns)
    for view in (rows, counted):
        stands, told = _stands(sums, view, steps) if view is rows or not _exact(rows) else ([_from_label(count)], True)
        cuts = [_placed(row, seen, stands) for row, seen in zip(rows, view, strict=True)]
        sure = [
            cut
            if cut
            and (view is rows or not _spans(row))
            and ((told and (view is rows or len(row.cells) == count)) or not any(cell.blank for _, cell in cut))
            and totalled(cut, sums)
            else None
            for row, cut in zip(rows, cuts, strict=True)
        ]
        found.append((sure, any(stand.strangers for stand in stands)))
    return max(found, key=lambda shown: sum(cut is not None for cut in shown[0]))


def _placed(row: Row, seen: Row, stands: list[Stand]) -> Placed | None:
    """Only where all ways to see the row's columns print the same."""
    ways = [[(stand.columns[cell.column], at) for at, cell in enumerate(seen.cells) if cell.column in stand.columns] for stand in stands]
    same = len({tuple((index, row.cells[at].text) for index, at in way) for way in ways}) == 1
    return [(index, row.cells[at]) for index, at in ways[0]] if same and all(agrees(seen, stand) for stand in stands) else None


def _vouched(rows: Sequence[Row], header: Stand, spans: bool) -> bool:
    """Header positions lie in flattened tables: there two full rows must stand in its columns.

    Nor does a header stand over its rows that names a column in which none of them prints, and not one in which some do.
    """
    printed = {cell.column for row in rows for cell in row.cells if not cell.blank}
    between = {
        column for column in printed - header.columns.keys() - header.strangers if column in range(min(header.columns), max(header.columns))
    }
    if between and not header.columns.keys() <= printed:
        return False
    agreeing = [row for row in rows if agrees(row, header)]
    full = sum(all(not cell.blank for cell in row.cells if cell.column in header.columns) for row in agreeing)
    return len(agreeing) * MOST >= len(rows) and (spans or full > 1)


def _from_label(count: int) -> Stand:
    return Stand({index: index for index in range(count)})


def _exact(rows: Sequence[Row]) -> bool:
    """Whether most rows have as many cells behind their label as the form has columns, empty ones too, and print the last: the total."""
    count = len(rows[0].part.columns)
    exact = sum(len(row.cells) == count and not row.cells[-1].blank for row in rows)
    return count > 1 and len(rows) > 2 and exact * MOST >= len(rows) and _leaves_out(rows)


def _leaves_out(rows: Sequence[Row]) -> bool:
    """Whether a column without any string is the report's habit: one that prints its zeros does not leave a whole column empty."""
    count = len(rows[0].part.columns)
    addends = [cell for row in rows for cell in row.cells[: count - 1] if not cell.blank]
    used = {cell.column - row.cells[0].column for row in rows for cell in row.cells[:count] if not cell.blank}
    return len(used) == count or not any(cell.value.number == 0 for cell in addends)


def _stands(sums: tuple[Sum, ...], rows: Sequence[Row], steps: Steps) -> tuple[list[Stand], bool]:
    """The stands that most rows agree with and that fit their sums best, and whether sums of more than 0 told."""
    try:
        possible = list(_agreeing(rows, steps))
    except TooMany:
        return [], False
    scores = [_score(rows, stand, sums) for stand in possible]
    best = max(scores, default=-1)
    if len(rows) < 3 or best < 0:
        return [], False
    return [stand for stand, score in zip(possible, scores, strict=True) if score >= best - 1], best > 1


def _agreeing(rows: Sequence[Row], steps: Steps) -> Iterator[Stand]:
    """Raises :class:`TooMany` when the document has no steps left."""
    for stand in _possible(rows):
        steps.spend(len(rows))
        if sum(agrees(row, stand) for row in rows) * MOST >= len(rows):
            yield stand


def _possible(rows: Sequence[Row]) -> Iterator[Stand]:
    """Every choice of grid columns that many rows print in. One too many is a line number, the first, or a 小计, the last but one."""
    used = Counter(cell.column for row in rows for cell in row.cells if not cell.blank)
    count = len(rows[0].part.columns)
    printed = sorted(column for column, _ in used.most_common(count + MAX_SPARE))
    if sum(max((cell.column for cell in row.cells if not cell.blank), default=-1) == count - 1 for row in rows) * MOST >= len(
        rows
    ) and _leaves_out(rows):
        yield _from_label(count)  # most rows end where the total stands, counted from their label
    for chosen in combinations(printed, count):
        strangers = frozenset(printed) - set(chosen)
        if all(used[column] * SOME >= len(rows) for column in chosen):
            if len(strangers) == 1 and (strangers == {printed[-2]} or (strangers == {printed[0]} and used[printed[0]] * MOST >= len(rows))):
                yield Stand({column: index for index, column in enumerate(chosen)}, strangers)
            elif not any(used[column] * MOST >= len(rows) for column in strangers):
                yield Stand({column: index for index, column in enumerate(chosen)})


def _score(rows: Sequence[Row], stand: Stand, sums: tuple[Sum, ...]) -> int:
    """Rows that add up in this stand, those of nothing but 0 left out, less those that stand in it and do not: reports break their sums."""
    score = 0
    for row in rows if sums else ():
        if agrees(row, stand):
            counts = {stand.columns[cell.column]: cell.value.number or 0 for cell in row.cells if cell.column in stand.columns}
            score += -1 if not holds(sums, counts) else 1 if any(counts.values()) else 0
    return score


def _by_count(row: Row) -> Placed | None:
    """As many printed cells as the form has columns, side by side, are those columns; a row that prints nothing is blank throughout.

    So is a row without a label that has as many cells, empty ones too.
    """
    printed, count = [cell for cell in row.cells if not cell.blank], len(row.part.columns)
    if len(printed) == count and printed[-1].column - printed[0].column == count - 1:
        return list(enumerate(printed))
    if (not printed and len(row.cells) >= count) or (row.key == row.part.line and len(row.cells) == count and not _spans(row)):
        return list(enumerate(row.cells[:count]))
    return None


def _spans(row: Row) -> bool:
    """One of its cells covers several columns: the count of the others may be right by another's doubling."""
    return bool(row.cells) and row.cells[-1].column - row.cells[0].column >= len(row.cells)


def _ends(row: Row, placed: Placed) -> bool:
    """The row prints a string for every column, and has no cell behind the last: nothing of it can have been lost or moved."""
    return row.cells[-1] is placed[-1][1] and not any(cell.blank for _, cell in placed)
