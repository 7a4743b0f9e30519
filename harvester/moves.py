"""Signs that the strings of a row moved to other columns: its own sums, those of the columns, and the rows beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from itertools import pairwise

from harvester.alignments import MAX_DIGITS, Steps, Sum, TooMany, alignments, holds, row_sums, totalled
from harvester.damaged import Damaged, known, settle
from harvester.forms import Form, Place
from harvester.items import Figure
from harvester.proof import equations

LONE = 3  # rows with one empty cell: as many as damage is likely to leave
FEW = 2  # rows without their total are an exception where half of the others print it


def moved(form: Form, rows: Sequence[Damaged], torn: Set[str], steps: Steps) -> list[Damaged]:
    """Rows that do not stand where their grid has them, as far as their sums and the rows beside them tell.

    ``torn`` are the tables of which the grid does not place some row at all. Two rows whose sums fail bring down those with empty cells
    under the same header: what moved one row moved others; one alone may be the report's own error.
    """
    gapped = {id(damaged.section) for damaged in rows if _gapped(damaged)}
    breaking = [damaged for damaged in rows if _breaks(form, damaged, steps)]
    breaking = [damaged for damaged in breaking if not _is_habit(form, damaged, rows, breaking)]
    broken = Counter(id(damaged.section) for damaged in breaking)
    lacking = [damaged for damaged in rows if not _totalled(form, damaged, id(damaged.section) in gapped)]
    bare = Counter(id(damaged.section) for damaged in lacking)
    return [
        damaged
        for damaged in rows
        if damaged in breaking
        or _is_moved(form, damaged, torn, bool(gapped), broken)
        or (damaged in lacking and _is_exception(damaged, gapped, bare))
        or (damaged.empty and _is_lone(form, damaged, rows))
    ]


def _is_moved(form: Form, damaged: Damaged, torn: Set[str], gaps: bool, broken: Mapping[int, int]) -> bool:
    if not damaged.empty:
        return False
    signs = (
        broken[id(damaged.section)] > 1,
        _outgrown(form, damaged),
        not gaps and _trailing(form, damaged),
        damaged.row.part.table in torn and _at_an_end(damaged) and sum(not cell.blank for cell in damaged.placed.values()) > 1,
    )
    return any(signs)


def _is_lone(form: Form, damaged: Damaged, rows: Sequence[Damaged]) -> bool:
    """No sum speaks of the row, and in all the report empty cells are few, each alone in its row, at its end or behind a longer number.

    A report that prints something in every other cell left none empty: a string is gone, or ran into the one before.
    """
    if row_sums(form.id, damaged.row.part.table, damaged.row.key) or _kept(damaged):
        return False
    emptied = [other for other in rows if other.empty]
    return len(emptied) <= LONE and all(map(_lacks_one, emptied))


def _lacks_one(damaged: Damaged) -> bool:
    cells = [damaged.placed[index] for index in sorted(damaged.placed)]
    behind = any(after.blank and len(cell.text) > 1 for cell, after in pairwise(cells))
    return sum(cell.blank for cell in cells) == 1 < len(cells) and (behind or cells[-1].blank)


def _is_exception(damaged: Damaged, gapped: Set[int], bare: Mapping[int, int]) -> bool:
    """Most rows print their totals (it has addends and none), or no row has an empty cell but at its end."""
    section = id(damaged.section)
    return bare[section] * FEW <= len(damaged.section.rows) or section not in gapped


def _outgrown(form: Form, damaged: Damaged) -> bool:
    """A row that is longer than its header was moved: where the source kept its cells, and in table 2, whose header has one row."""
    section, sums = damaged.section, row_sums(form.id, damaged.row.part.table, damaged.row.key)
    return (section.grid.spans or not sums) and bool(section.header) and damaged.row.width > max(map(len, section.header))


def _trailing(form: Form, damaged: Damaged) -> bool:
    """A row without sums in a flattened table that ends in empty cells: one of its strings may be gone, and the others moved up."""
    row, cells = damaged.row, [damaged.placed[index] for index in sorted(damaged.placed)]
    bare = not row_sums(form.id, row.part.table, row.key) and not damaged.section.grid.spans
    return bare and cells[-1].blank and not all(cell.blank for cell in cells)


def _gapped(damaged: Damaged) -> bool:
    """A row with an empty cell before a printed one: the report leaves cells empty, none of them moved up."""
    blanks = [damaged.placed[index].blank for index in sorted(damaged.placed)]
    return any(blank and not after for blank, after in pairwise(blanks))


def _totalled(form: Form, damaged: Damaged, gapped: bool) -> bool:
    """It prints the totals of what it prints. A report that leaves cells empty may leave out a total too, but not for one lone addend.

    (In a row as wide as its table, a 0 with an empty cell before it is no total that moved up.)
    """
    lone = [index for index in sorted(damaged.placed) if not damaged.placed[index].blank]
    wide = damaged.row.width == max(map(len, damaged.section.grid.rows))
    alone = len(lone) == 1 and not (wide and lone[0] > 0 and damaged.placed[lone[0]].value.number == 0)
    return (_kept(damaged) and gapped and not alone) or totalled(
        damaged.placed.items(), row_sums(form.id, damaged.row.part.table, damaged.row.key)
    )


def _breaks(form: Form, damaged: Damaged, steps: Steps) -> bool:
    """Its sums fail, and hold if its strings stood in other columns; or one of its strings is digits of several cells."""
    sums, counts = row_sums(form.id, damaged.row.part.table, damaged.row.key), damaged.counts
    if not sums or not _countable(damaged):
        return False
    if any(_fused(cell.text) for cell in damaged.placed.values()):
        return True
    addends = any(counts[index] for left, _ in sums for index in left)
    if (addends or not damaged.empty) and not holds(sums, counts):  # a row of empty cells and a total is a report's habit
        if damaged.empty and len(sums) > 1 and not _kept(damaged) and not any(holds([one], counts) for one in sums):
            return True
        return not damaged.empty or (_may_be_cut(damaged, sums) if _trusted(damaged, sums) else _may_move(form, damaged, steps))
    return False


def _trusted(damaged: Damaged, sums: Sequence[Sum]) -> bool:
    """The grid keeps its cells, and none of them can be one of those that damage leaves: at its end, or at its start when it was moved."""
    stays = not _at_an_end(damaged) or (_begins_empty(damaged) and not _may_have_been_pushed(damaged, sums))
    return _kept(damaged) and stays and totalled(damaged.placed.items(), sums)


def _begins_empty(damaged: Damaged) -> bool:
    """Empty cells are its first ones and no other, and it has no cell more than its header."""
    cells, width = [damaged.placed[index] for index in sorted(damaged.placed)], max(map(len, damaged.section.grid.rows))
    return cells[0].blank and not cells[-1].blank and _at_an_end(damaged) and damaged.row.width == width == cells[-1].column + 1


def _may_have_been_pushed(damaged: Damaged, sums: Sequence[Sum]) -> bool:
    """Whether its sums allow that its empty first cells came in from the left and as many strings fell off its end."""
    counts, width = damaged.counts, len(damaged.counts)
    empty = next(index for index in range(width) if not damaged.placed[index].blank)
    whole = [[(left, right) for left, right in sums if max(*left, *right) < width - by] for by in range(1, empty + 1)]
    return any(holds(sums_left, counts[by:]) for by, sums_left in enumerate(whole, 1))


def _may_be_cut(damaged: Damaged, sums: Sequence[Sum]) -> bool:
    """Whether the digits before an empty cell, cut in two, fill it so that the row's sums hold: two numbers had run together."""
    for index, number in enumerate(damaged.counts[:-1]):
        digits, after = str(number), damaged.placed.get(index + 1)
        for at in range(1, len(digits)) if after and after.blank else ():
            pair = (int(digits[:at]), int(digits[at:]))
            if holds(sums, (*damaged.counts[:index], *pair, *damaged.counts[index + 2 :])):
                return True
    return False


def _is_habit(form: Form, damaged: Damaged, rows: Sequence[Damaged], breaking: Sequence[Damaged]) -> bool:
    """A single row of its table that fails beside others with empty cells that do not: it misprints a sum."""
    table, sums = damaged.row.part.table, row_sums(form.id, damaged.row.part.table, damaged.row.key)
    alone = sum(other.row.part.table == table for other in breaking) == 1
    others = any(other.row.part.table == table and other.empty for other in rows if other is not damaged)
    sound = _kept(damaged) and totalled(damaged.placed.items(), sums) and not _may_be_cut(damaged, sums)
    return alone and others and sound and _begins_empty(damaged)


def _may_move(form: Form, damaged: Damaged, steps: Steps) -> bool:
    """Whether the row's strings can be read in other columns so that its sums hold."""
    try:
        sums = row_sums(form.id, damaged.row.part.table, damaged.row.key)
        return bool(alignments(damaged.row.cells, len(damaged.row.part.columns), sums, steps))
    except TooMany:
        return True


def _kept(damaged: Damaged) -> bool:
    """The source kept its cells, and the header stands over them: a sum that fails is the report's."""
    return damaged.sure and damaged.section.grid.spans


def _at_an_end(damaged: Damaged) -> bool:
    """Its empty cells are the first or the last ones and no other: so looks a row that moved by as many."""
    blanks = [damaged.placed[index].blank for index in sorted(damaged.placed)]
    return blanks == sorted(blanks) or blanks == sorted(blanks, reverse=True)


def _fused(text: str) -> bool:
    """Digits of several cells in one: no count is that long, or has a zero before it."""
    return len(text) > 1 and text.isdecimal() and (len(text) > MAX_DIGITS or text[0] in "0０")


def _countable(damaged: Damaged) -> bool:
    return all(cell.value.number is None or isinstance(cell.value.number, int) for cell in damaged.placed.values())


def moved_down(form: Form, found: Mapping[Place, Figure], rows: Sequence[Damaged], steps: Steps) -> list[Damaged]:
    """Rows with empty cells whose own sums hold, where the columns' sums fail and would hold if those rows were read otherwise."""
    emptied = [damaged for damaged in rows if damaged.empty and _countable(damaged) and not _kept(damaged)]
    doubted = []
    for table in dict.fromkeys(damaged.row.part.table for damaged in emptied):
        if not _holds(form, found, table):
            here = [damaged for damaged in emptied if damaged.row.part.table == table]
            rest = {place: figure for place, figure in found.items() if place.row not in {damaged.row.key for damaged in here}}
            trials = [replace(damaged) for damaged in here]
            settle(form, rest, trials, steps)
            doubted += [replace(one, ways=trial.ways) for one, trial in zip(here, trials, strict=True) if _elsewhere(one, trial)]
    return doubted


def _elsewhere(damaged: Damaged, trial: Damaged) -> bool:
    return trial.proved and damaged.counts not in {way.counts for way in trial.ways}


def _holds(form: Form, found: Mapping[Place, Figure], table: str) -> bool:
    fast = known(form, found, table)
    for left, right in equations(form.id, table):
        if all(row in fast for row in (*left, *right)):
            sides = [[sum(column) for column in zip(*(fast[row] for row in side), strict=True)] for side in (left, right)]
            if sides[0] != sides[1]:
                return False
    return True
