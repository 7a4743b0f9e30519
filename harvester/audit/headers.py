"""The rows above the values, for the second reader: do they name the columns of a part of the form, in the form's order, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from harvester.audit.names import Head, Names
from harvester.audit.pages import Cell
from harvester.forms import Part

SILENT = frozenset(("furniture", "group", "caption"))  # words of the form that head no column


@dataclass(slots=True)
class Header:
    """Header rows that follow each other in the table of that number."""

    names: Names
    table: int
    lines: list[list[Cell]] = field(default_factory=list)

    def fits(self, part: Part) -> bool:
        """Whether the words are those of ``part``, row by row in its order, and no strange word stands among them.

        A narrow part (table 2) must be named whole; the wide ones repeat their words and may have lost one on their way here.
        """
        heads = self.names.heads[part]
        found = [self._indexes(line, heads) for line in self.lines]
        if any(indexes is None for indexes in found):
            return False
        named = {index for indexes in found for index in indexes or ()}
        return len(named) == len(heads) if len(heads) < 4 else len(named) > len(heads) // 3

    def columns(self, part: Part) -> list[int]:
        """Grid columns where the part's columns begin, by the lowest word over each; empty when they are not all there, in order."""
        lowest: dict[int, Cell] = {}
        for line in self.lines:
            for cell in line:
                if cell.text:
                    lowest.update(dict.fromkeys(range(cell.column, cell.end), cell))
        heads = self.names.heads[part]
        own = {word for head in heads for word in head.words}
        cells = list(dict.fromkeys(cell for _, cell in sorted(lowest.items()) if self.names.name(cell.text) in own))
        fits = len(cells) == len(heads) and all(self.names.name(cell.text) in head.words for cell, head in zip(cells, heads))
        return [cell.column for cell in cells] if fits else []

    def _indexes(self, line: Iterable[Cell], heads: list[Head]) -> list[int] | None:
        """The columns that the words of one row name, from left to right; None when they stand in another order or one is strange."""
        at, found = 0, []
        groups = set[str]()
        for cell in line:
            name = self.names.name(cell.text) if cell.text else ""
            own = next((index for index in range(at, len(heads)) if name and name in heads[index].words), None)
            above = next((index for index in range(at, len(heads)) if name and name in heads[index].above), None)
            if own is not None:
                found.append(own)
                at = own + 1
            elif above is not None and name not in groups:
                at = above
                groups.add(name)
            elif cell.text and (any(name in (*head.words, *head.above) for head in heads) or not self._silent(name, cell.text)):
                return None
        return found

    def _silent(self, name: str, text: str) -> bool:
        """A word of the form that heads no column, or a remark in brackets, as in the corner of table 3."""
        remark = text[0] in "(（" and text[-1] in ")）"
        return remark or any(label.role in SILENT for label in self.names.labels.get(name, ()))


def is_header(line: list[Cell], names: Names) -> bool:
    """Whether a row heads columns: some of its words are a column's or stand above columns."""
    words = {names.name(cell.text) for cell in line if cell.text} - {""}
    return any(words & (head.words | head.above) for heads in names.heads.values() for head in heads)
