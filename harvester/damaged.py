"""Rows whose strings the grid does not place: every way to read them, and which of these the form's sums leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from harvester.alignments import Alignment, Steps, TooMany, Vector, alignments, holds, row_sums
from harvester.forms import Form, Place
from harvester.items import Figure, Issue
from harvester.proof import equations, viable
from harvester.rows import Printed, Row, Section
from harvester.values import BLANK

Units = dict[int, str | None]  # index of the form's column -> unit its header prints
Verdict = tuple[Printed | None, bool]  # what stands in a column of the form, and whether that is sure


@dataclass(slots=True, eq=False)
class Damaged:
    """A row that waits for proof: ``placed`` where the grid has its cells, ``ways`` the readings possible, ``proved`` if sums chose them.

    ``disorder`` says why its strings cannot even be counted into columns, ``foreign`` that the header names a column the form has not,
    ``sure`` that the columns of its grid are certain: only its own strings can have moved. ``untried``: its readings are too many.
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
    untried: bool = False

    @property
    def counts(self) -> Vector:
        """What the grid's own reading counts in each column; an empty cell counts 0."""
        cells = [self.placed.get(index) for index in range(len(self.row.part.columns))]
        return tuple([int(cell.value.number or 0) if cell else 0 for cell in cells])

    @property
    def empty(self) -> bool:
        """It has a cell without any string."""
        return "" in [text for _, text, _ in (self.placed.values() or self.row.cells)]

    @property
    def lacks(self) -> bool:
        """Of the form's columns and one that it does not have, some cell is empty, or may have been and is gone."""
        return self.empty or len(self.row.cells) <= len(self.row.part.columns)

    def verdicts(self) -> list[Verdict]:
        """What stands in each of the form's columns, or might; a cell in doubt keeps the number all its candidates share."""
        return [self._verdict(column, cell) for column, cell in enumerate(self._likeliest())]

    def _verdict(self, column: int, cell: Printed | None) -> Verdict:
        options = self._options(column)
        strings = {option.text if option else None for option in options}
        if self.proved and len(strings) == 1:
            option = min(options, key=lambda one: one.column if one else -1)  # of equals the first: every reading names one cell
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
        none = "it may be read in more ways than are tried" if self.untried else "no reading adds up"
        more = f"; and {len(self.ways) - 4} more" if len(self.ways) > 4 else ""
        return Issue(code, where, f"{told}; it may be read {'; '.join(ways)}{more}" if ways else f"{told}; {none}")


def _shared(options: set[Printed | None]) -> bool:
    """Whether all candidates print one number; a 0 may also be missing from its place."""
    numbers = {cell.value.number for cell in options if cell is not None}
    return len(numbers) == 1 and (None not in options or numbers == {0})


def settle(form: Form, found: Mapping[Place, Figure], rows: Sequence[Damaged], steps: Steps) -> None:
    """Fills ``ways`` and ``proved`` of ``rows``, in as many ``steps`` as the document has left.

    Where a table has sums down its columns, a row is proved only when one confirms it.
    """
    for damaged in rows:
        damaged.ways = [way for way in _ways(form, damaged, steps) if not (_cuts(way, damaged) and _is_narrow(damaged))]
    for table in dict.fromkeys(damaged.row.part.table for damaged in rows):
        here = [damaged for damaged in rows if damaged.row.part.table == table]
        times = Counter(damaged.row.key for damaged in here)
        once = [damaged for damaged in here if damaged.ways and times[damaged.row.key] == 1]
        left, sound = (_left(form, found, once, table), _adds_up(form, found, table)) if equations(form.id, table) else (None, True)
        for damaged in once:
            if left is not None:
                vectors = left.get(damaged.row.key, set())
                damaged.ways = [way for way in damaged.ways if way.counts in vectors] or damaged.ways
            told = bool(vectors) if left is not None else bool(row_sums(form.id, table, damaged.row.key))
            one = len({way.counts for way in damaged.ways}) == 1 and not any(way.lost for way in damaged.ways)
            damaged.proved = told and sound and one and not (damaged.foreign and damaged.lacks)


def _ways(form: Form, damaged: Damaged, steps: Steps) -> list[Alignment]:
    """All readings of a row that its own sums allow; none, and the row is ``untried``, when they are more than are tried."""
    row = damaged.row
    if damaged.disorder or all(cell.blank for cell in row.cells):
        return []
    try:
        return alignments(row.cells, len(row.part.columns), row_sums(form.id, row.part.table, row.key), steps)
    except TooMany:
        damaged.untried = True
        return []


def _cuts(way: Alignment, damaged: Damaged) -> bool:
    return sum(cell is not None for cell in way.cells) > sum(not cell.blank for cell in damaged.row.cells)


def _is_narrow(damaged: Damaged) -> bool:
    """Most rows beside it have one cell less than the form: a column is gone, and no number ran into its neighbour in all of them."""
    rows = [row for row in damaged.section.rows if row.part is damaged.row.part]
    return len(rows) > 2 and sum(len(row.cells) == len(row.part.columns) - 1 for row in rows) * 2 > len(rows)


def _left(form: Form, found: Mapping[Place, Figure], rows: Sequence[Damaged], table: str) -> dict[str, set[Vector]]:
    fast = known(form, found, table)
    loose = {damaged.row.key: list({way.counts for way in damaged.ways}) for damaged in rows if damaged.row.key not in fast}
    try:
        return viable(fast, loose, equations(form.id, table))
    except TooMany:
        return {}


def known(form: Form, found: Mapping[Place, Figure], table: str) -> dict[str, Vector]:
    """Counts of the rows that stand fast; a blank counts 0."""
    fast = {}
    for part in form.parts:
        for key in part.rows if part.table == table else ():
            figures = _figures(form, found, table, key)
            if any(figures) and all(figure is None or figure.status in ("printed", "blank") for figure in figures):
                fast[key] = tuple([int(figure.value or 0) if figure else 0 for figure in figures])
    return fast


def _adds_up(form: Form, found: Mapping[Place, Figure], table: str) -> bool:
    """Whether every full row that stands fast holds its own sums: where the report breaks one, its sums choose no columns."""
    for row, counts in known(form, found, table).items():
        full = all(figure is not None and figure.value is not None for figure in _figures(form, found, table, row))
        sums = row_sums(form.id, table, row) if full else ()
        if not holds(sums, counts):
            return False
    return True


def _figures(form: Form, found: Mapping[Place, Figure], table: str, row: str) -> list[Figure | None]:
    return [found.get(place) for part in form.parts if part.table == table and row in part.rows for place in form.row_places(part, row)]
