"""What a damaged page still tells: which figures a careful reader with the form in hand could still place, and which nobody could.

Deliberately cautious: a figure survives only where its own row proves it, by its label, an intact line or the row's own sum. What takes
the sums of the columns to find out is ``unclear``: right is welcome there, doubtful is fine, and wrong is as wrong as anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, islice
from typing import Literal

from benchmarks.accuracy.layout import Cell, Line, Table
from benchmarks.accuracy.reports import LITIGATION, RESULTS, Entry, Place, Truth

Fate = Literal["survives", "unclear", "gone"]
MOST = 4000  # readings of one row that are still tried


@dataclass(slots=True)
class Segment:
    """A row's label and what is printed after it up to the next label. ``intact``: no damage to the line or to the header above it."""

    table: str
    row: str
    intact: bool
    cells: list[Cell] = field(default_factory=list)


def fates(truth: Truth, page: Sequence[Table], lines: bool, empties: bool) -> dict[Place, Fate]:
    """The fate of each figure. ``lines``: the page keeps rows apart; ``empties``: an empty cell leaves a trace in it."""
    made: dict[Place, Fate] = dict.fromkeys(truth.cells, "gone")
    for segment in [segment for table in page for segment in segments(table, lines)]:
        for place, fate in _judge(segment, truth, empties).items():
            if made[place] == "gone" or fate == "survives":
                made[place] = fate
    return made


def segments(table: Table, lines: bool) -> Iterator[Segment]:
    """The rows of a table as a reader meets them. Where the page keeps no lines, a row ends only where other words begin."""
    current: Segment | None = None
    for line in table.lines:
        if lines and not line.follows:
            current = None
        for cell in line.cells:
            if starts := _starts(table, line, cell, current):
                current = starts
                yield current
            elif cell.role in ("head", "group", "caption", "corner", "label") and cell.text:
                current = None
            elif current is not None and cell.role in ("value", "pad", "extra"):
                current.cells.append(cell)
                current.intact &= not line.touched


def _starts(table: Table, line: Line, cell: Cell, current: Segment | None) -> Segment | None:
    """The segment that begins with this cell; table 4 has no labels and begins with its first value."""
    intact = not line.touched and not table.header_touched
    if cell.role == "label" and cell.text and not (cell.row == "total_handled" and "计" not in cell.text):
        digits = [Cell(cell.text[len(cell.text.rstrip("0123456789")) :], "value", fused=cell.fused)] if cell.fused else []
        return Segment(table.key, cell.row, intact and not digits, digits)
    if table.key == "table_4" and (cell.place or cell.fused) and current is None:
        return Segment(table.key, "cases", intact, [cell])
    return None


def _judge(segment: Segment, truth: Truth, empties: bool) -> dict[Place, Fate]:
    entries = {place: entry for place, entry in truth.cells.items() if place[:2] == (segment.table, segment.row)}
    made: dict[Place, Fate] = {place: "unclear" for cell in segment.cells for place in (cell.place, *cell.fused) if place in entries}
    printed = [cell for cell in segment.cells if cell.text]
    if any(place not in entries for cell in segment.cells for place in (cell.place, *cell.fused) if place):
        return {place: fate for place, fate in made.items() if place in entries}  # another row's values run on in it
    if _complete(printed, entries) or (segment.intact and empties and len(made) == len(entries)):
        return dict.fromkeys(made, "survives")
    return made | dict.fromkeys(_proved(printed, entries), "survives")


def _complete(printed: Sequence[Cell], entries: Mapping[Place, Entry]) -> bool:
    """As many strings as the row has places, each its own."""
    return [cell.place for cell in printed] == list(entries)


def _proved(printed: Sequence[Cell], entries: Mapping[Place, Entry]) -> list[Place]:
    """The places that print the same in every reading of the row that its sum allows."""
    places, true = list(entries), tuple(entry.printed for entry in entries.values())
    if any(cell.role == "extra" for cell in printed) or not adds_up(places, true):
        return []
    tried = list(islice(_readings([cell.text for cell in printed], len(places)), MOST + 1))
    readings = [reading for reading in tried if adds_up(places, reading)]
    here = {place for cell in printed for place in (cell.place, *cell.fused) if place}
    if len(tried) > MOST:
        return []
    seen = [{reading[at] for reading in readings} for at in range(len(places))]
    return [place for place, texts, text in zip(places, seen, true) if texts == {text} and text and place in here]


def _readings(strings: Sequence[str], columns: int) -> Iterator[tuple[str, ...]]:
    """The ways to put strings in columns in order: leaving columns empty, or cutting strings of digits when there are too few."""
    yield from _spaced(strings, columns)
    for way in _cuts(strings, columns):
        if len(way) > len(strings):
            yield tuple(way)


def _spaced(strings: Sequence[str], columns: int) -> Iterator[tuple[str, ...]]:
    for chosen in combinations(range(columns), len(strings)):
        reading = [""] * columns
        for at, text in zip(chosen, strings):
            reading[at] = text
        yield tuple(reading)


def _cuts(strings: Sequence[str], columns: int) -> Iterator[list[str]]:
    """Every way to cut the long ones so that each column has one number; no number begins with a 0 but 0 itself."""
    if not strings:
        if columns == 0:
            yield []
        return
    first, *rest = strings
    for parts in _numbers(first, columns - len(rest)):
        yield from ([*parts, *more] for more in _cuts(rest, columns - len(parts)))


def _numbers(digits: str, most: int) -> Iterator[list[str]]:
    """Every way to cut a string of digits in at most so many numbers."""
    if most < 1:
        return
    yield [digits]
    for at in range(1, 2 if digits[0] == "0" else len(digits)) if digits.isdigit() and len(digits) > 1 else ():
        yield from ([digits[:at], *rest] for rest in _numbers(digits[at:], most - 1))


def adds_up(places: Sequence[Place], reading: Sequence[str]) -> bool:
    """Does the row's own sum hold, empty cells counted as nothing?"""
    table = places[0][0]
    if table == "table_2":
        return True
    value = {place[2]: _number(text) for place, text in zip(places, reading)}
    if table == "table_3":
        return sum(number for key, number in value.items() if key != "total") == value["total"]
    return all(sum(value[f"{group}_{result}"] for result in RESULTS) == value[f"{group}_total"] for group in LITIGATION)


def _number(text: str) -> int:
    digits = "".join(character for character in text if character.isdigit())
    return int(digits) if digits else 0
