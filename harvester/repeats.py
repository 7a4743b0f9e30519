"""Rows and tables that a document prints twice: what both prints say is believed, what they say differently is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from harvester.forms import Place
from harvester.items import Figure, Issue

RowKey = tuple[str, str]  # table and row of the form
WHOLE = 3  # rows printed twice: fewer may be those that a page break repeats


@dataclass(slots=True)
class Repeats:
    """``rows`` were printed twice; of these ``_apart`` not the same; ``_same`` are the places that say the same both times.

    ``_halves`` are rows with a number in one print only: where the empty cell stands, in the first or in the second, or that it is marked.
    """

    rows: set[RowKey] = field(default_factory=set)
    _same: set[Place] = field(default_factory=set)
    _apart: set[RowKey] = field(default_factory=set)
    _halves: dict[RowKey, set[str]] = field(default_factory=dict)

    def meet(self, before: Figure, figure: Figure, where: str) -> tuple[Figure, list[Issue]]:
        """Of two prints of one cell the one that counts; ``before`` becomes doubtful where they print two numbers."""
        place = Place(before.table, before.row, before.column)
        row = (place.table, place.row)
        self.rows.add(row)
        if (before.value, before.status) == (figure.value, figure.status):
            self._same.add(place)
        elif "blank" in (before.status, figure.status):
            empty, other = (before, figure) if before.status == "blank" else (figure, before)
            self._halves.setdefault(row, set()).add("marked" if empty.printed else "first" if empty is before else "second")
            return other, []
        else:
            before.value, before.status = None, "doubtful"
            self._apart.add(row)
            told = f"{place.row} / {place.column} is printed twice: {before.printed!r} and {figure.printed!r}"
            return before, [Issue("repeated_row", where, told)]
        return before, []

    def settle(self, found: Mapping[Place, Figure]) -> Iterator[Issue]:
        """Makes doubtful what only one print says of a row, or of a whole table, that is printed twice and not the same.

        An empty print of a row takes nothing from the other; one that prints something else, or marks where the other has numbers, does.
        """
        for row in sorted(self._halves.keys() - self._apart):
            figures = [figure for place, figure in found.items() if place[:2] == row]
            both = any(place in self._same and figure.status == "printed" for place, figure in found.items() if place[:2] == row)
            if figures and (both or self._halves[row] not in ({"first"}, {"second"})):
                self._apart.add(row)
                where = f"table {figures[0].source_table} row {figures[0].source_row}"
                yield Issue("repeated_row", where, f"{row[1]} is printed twice, with other cells empty")
        tables = {table for table, _ in self._apart if sum(other == table for other, _ in self.rows) >= WHOLE}
        for place, figure in found.items() if self._apart else ():
            apart, alone = place[:2] in self._apart, place not in self._same
            if (figure.status == "printed" and apart) or (
                figure.status in ("printed", "blank") and alone and (apart or place.table in tables)
            ):
                figure.status = "doubtful"
