"""Rows whose strings the grid does not place: every way to read them, and which of these the form's sums leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from harvester.alignments import MAX_DIGITS, Alignment, TooMany, Vector, alignments, row_sums, totalled
from harvester.forms import Form, Place
from harvester.items import Figure, Issue
from harvester.proof import equations, viable
from harvester.rows import Printed, Row, Section
from harvester.values import BLANK

Units = dict[int, str | None]  # index of the form's column -> unit its header prints
FEW = 2  # rows without their total are an exception where half of the others print it
Verdict = tuple[Printed | None, bool]  # what stands in a column of the form, and whether that is sure


@dataclass(slots=True, eq=False)
class Damaged:
    """A row that waits for proof: ``placed`` where the grid has its cells, ``ways`` the readings possible, ``proved`` if sums chose them.

    ``disorder`` says why its strings cannot even be counted into columns, ``foreign`` that the header names a column the form has not,
    ``sure`` that the columns of its grid are certain: only its own strings can have moved.
    """

    section: Section
    row: Row
    units: Units
    disorder: str = ""
    foreign: bool = False
    sure: bool = False
    placed: dict[int, Printed] = field(default_factory=dict)
    ways: list[Alignment] = field(default_factory=list)
    proved: bool = False

    @property
    def counts(self) -> Vector:
        """What the grid's own reading counts in each column; an empty cell counts 0."""
        cells = [self.placed.get(index) for index in range(len(self.row.part.columns))]
        return tuple([int(cell.value.number or 0) if cell else 0 for cell in cells])

    @property
    def empty(self) -> bool:
        """It has a cell without any string."""
        return any(cell.blank for cell in (self.placed.values() or self.row.cells))

    def verdicts(self) -> list[Verdict]:
        """What stands in each of the form's columns, or might; a cell in doubt keeps the number all its candidates share."""
        return [self._verdict(column, cell) for column, cell in enumerate(self._likeliest())]

    def _verdict(self, column: int, cell: Printed | None) -> Verdict:
        options = self._options(column)
        strings = {option.text if option else None for option in options}
        if self.proved and len(strings) == 1:
            option = next(iter(options))
            return option or (self._nothing() if self.empty else None), True
        if cell is None:
            return (self._nothing() if self.empty else None), False
        return (cell if _shared(options) else cell._replace(value=BLANK)), False

    def _nothing(self) -> Printed:
        return Printed(-1, "", BLANK)

    def _options(self, column: int) -> set[Printed | None]:
        """What can stand in a column of the form; None: nothing."""
        if self.ways:
            own = {self.placed.get(column)} if self.placed and not self.proved else set[Printed | None]()
            return {way.cells[column] for way in self.ways} | own
        printed = [cell for cell in self.row.cells if not cell.blank]
        slack = len(self.row.part.columns) - len(printed)
        if self.disorder or slack < 0 or (self.placed and self.empty):
            return set()
        return {*printed[max(column - slack, 0) : column + 1], *([None] if slack else [])}

    def _likeliest(self) -> list[Printed | None]:
        """The reading shown for cells in doubt: the grid's own, else the first in print order that the sums leave.

        A lone number in the last cell is the total: reports that leave the applicants blank print it.
        """
        width, printed = len(self.row.part.columns), [cell for cell in self.row.cells if not cell.blank]
        if self.placed:
            return [self.placed.get(index) for index in range(width)]
        last = width > len(printed) == 1 and printed[0].column == self.row.width - 1
        if self.ways:
            return list((max if last else min)(self.ways, key=lambda way: [index for index, cell in enumerate(way.cells) if cell]).cells)
        gaps: list[Printed | None] = [None] * (width - len(printed))
        return [*gaps, *printed] if last else [*printed[:width], *gaps]

    def issue(self, where: str) -> Issue:
        """What is told when the row stays in doubt: what it prints and how it may be read."""
        printed = [cell.text for cell in self.row.cells if not cell.blank]
        names = [column.key for column in self.row.part.columns]
        code = "doubtful_cell" if self.placed else "short_row" if len(printed) <= len(names) else "long_row"
        told = f"{self.row.key} prints {len(printed)} values for {len(names)} columns: {' '.join(printed) or 'nothing'}"
        if self.disorder:
            return Issue("header_disorder", where, f"{told}; {self.disorder}")
        ways = [" ".join(f"{name}={cell.text}" for name, cell in zip(names, way.cells, strict=True) if cell) for way in self.ways[:4]]
        more = f"; and {len(self.ways) - 4} more" if len(self.ways) > 4 else ""
        return Issue(code, where, f"{told}; it may be read {'; '.join(ways)}{more}" if ways else f"{told}; no reading adds up")


def _shared(options: set[Printed | None]) -> bool:
    """Whether all candidates print one number; a 0 may also be missing from its place."""
    numbers = {cell.value.number for cell in options if cell is not None}
    return len(numbers) == 1 and (None not in options or numbers == {0})


def moved(form: Form, rows: Sequence[Damaged]) -> list[Damaged]:
    """Rows whose sums say that their strings moved, and with them the rows with empty cells under the same header.

    What moved one row moved others; but two rows must tell so: one alone may be the report's own error.
    """
    gapped = {id(damaged.section) for damaged in rows if _gapped(damaged)}
    there = Counter(id(damaged.section) for damaged in rows if _moved(form, damaged))
    untotalled = Counter(id(damaged.section) for damaged in rows if not _totalled(form, damaged, id(damaged.section) in gapped))
    return [
        damaged
        for damaged in rows
        if (damaged.empty and there[id(damaged.section)] > 1)
        or (damaged.empty and (_outgrown(damaged) or (not gapped and _trailing(form, damaged))))
        or (
            not _totalled(form, damaged, id(damaged.section) in gapped)
            and (id(damaged.section) not in gapped or untotalled[id(damaged.section)] * FEW <= len(damaged.section.rows))
        )
        or _moved(form, damaged)
    ]


def _outgrown(damaged: Damaged) -> bool:
    """A row that is longer than its header was moved, where the source kept its cells."""
    section = damaged.section
    return section.grid.spans and bool(section.header) and damaged.row.width > max(map(len, section.header))


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
    """It prints the totals of what it prints. A report that leaves cells empty may leave out a total too, but not for one lone addend."""
    alone = sum(not cell.blank for cell in damaged.placed.values()) == 1
    return (_kept(damaged) and gapped and not alone) or totalled(
        damaged.placed.items(), row_sums(form.id, damaged.row.part.table, damaged.row.key)
    )


def _moved(form: Form, damaged: Damaged) -> bool:
    sums, counts = row_sums(form.id, damaged.row.part.table, damaged.row.key), damaged.counts
    if not sums or not _countable(damaged):
        return False
    if any(_fused(cell.text) for cell in damaged.placed.values()):
        return True
    addends = any(counts[index] for left, _ in sums for index in left)
    if addends and any(sum(counts[index] for index in left) != sum(counts[index] for index in right) for left, right in sums):
        return not damaged.empty or ((_at_an_end(damaged) or not _kept(damaged)) and _may_move(form, damaged))
    return False


def _may_move(form: Form, damaged: Damaged) -> bool:
    """Whether the row's strings can be read in other columns so that its sums hold."""
    try:
        return bool(
            alignments(damaged.row.cells, len(damaged.row.part.columns), row_sums(form.id, damaged.row.part.table, damaged.row.key))
        )
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
    return text.isdecimal() and (len(text) > MAX_DIGITS or (len(text) > 1 and text[0] in "0０"))


def _countable(damaged: Damaged) -> bool:
    return all(cell.value.number is None or isinstance(cell.value.number, int) for cell in damaged.placed.values())


def moved_down(form: Form, found: Mapping[Place, Figure], rows: Sequence[Damaged]) -> list[Damaged]:
    """Rows with empty cells whose own sums hold, where the columns' sums fail and would hold if those rows were read otherwise."""
    emptied = [damaged for damaged in rows if damaged.empty and _countable(damaged)]
    doubted = []
    for table in dict.fromkeys(damaged.row.part.table for damaged in emptied):
        if not _holds(form, found, table):
            here = [damaged for damaged in emptied if damaged.row.part.table == table]
            rest = {place: figure for place, figure in found.items() if place.row not in {damaged.row.key for damaged in here}}
            trials = [replace(damaged) for damaged in here]
            settle(form, rest, trials)
            doubted += [replace(one, ways=trial.ways) for one, trial in zip(here, trials, strict=True) if _elsewhere(one, trial)]
    return doubted


def _elsewhere(damaged: Damaged, trial: Damaged) -> bool:
    return trial.proved and damaged.counts not in {way.counts for way in trial.ways}


def settle(form: Form, found: Mapping[Place, Figure], rows: Sequence[Damaged]) -> None:
    """Fills ``ways`` and ``proved`` of ``rows``. Where a table has sums down its columns, a row is proved only when one confirms it."""
    for damaged in rows:
        damaged.ways = _ways(form, damaged)
    for table in dict.fromkeys(damaged.row.part.table for damaged in rows):
        here = [damaged for damaged in rows if damaged.row.part.table == table]
        once = [damaged for damaged in here if damaged.ways and sum(other.row.key == damaged.row.key for other in here) == 1]
        left = _left(form, found, once, table) if equations(form.id, table) else None
        for damaged in once:
            if left is not None:
                vectors = left.get(damaged.row.key, set())
                damaged.ways = [way for way in damaged.ways if way.counts in vectors] or damaged.ways
            told = bool(vectors) if left is not None else bool(row_sums(form.id, table, damaged.row.key))
            damaged.proved = told and not any(way.lost for way in damaged.ways) and not (damaged.foreign and damaged.empty)


def _ways(form: Form, damaged: Damaged) -> list[Alignment]:
    """All readings of a row that its own sums allow; none when they are more than are tried."""
    row = damaged.row
    if damaged.disorder or all(cell.blank for cell in row.cells):
        return []
    try:
        return alignments(row.cells, len(row.part.columns), row_sums(form.id, row.part.table, row.key))
    except TooMany:
        return []


def _left(form: Form, found: Mapping[Place, Figure], rows: Sequence[Damaged], table: str) -> dict[str, set[Vector]]:
    known = _known(form, found, table)
    loose = {damaged.row.key: list({way.counts for way in damaged.ways}) for damaged in rows if damaged.row.key not in known}
    try:
        return viable(known, loose, equations(form.id, table))
    except TooMany:
        return {}


def _known(form: Form, found: Mapping[Place, Figure], table: str) -> dict[str, Vector]:
    """Counts of the rows that stand fast; a blank counts 0."""
    known = {}
    for part in form.parts:
        for key in part.rows if part.table == table else ():
            figures = [found.get(place) for place in form.row_places(part, key)]
            if any(figures) and all(figure is None or figure.status in ("printed", "blank") for figure in figures):
                known[key] = tuple([int(figure.value or 0) if figure else 0 for figure in figures])
    return known


def _holds(form: Form, found: Mapping[Place, Figure], table: str) -> bool:
    known = _known(form, found, table)
    for left, right in equations(form.id, table):
        if all(row in known for row in (*left, *right)):
            sides = [[sum(column) for column in zip(*(known[row] for row in side), strict=True)] for side in (left, right)]
            if sides[0] != sides[1]:
                return False
    return True
