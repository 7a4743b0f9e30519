"""One row in running text: which of the values behind its label, on its own line and those below, are its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from harvester.forms import Label, Part, fold
from harvester.tokens import NUMERAL, Line, Token

NEXT = re.compile(rf"[（(\[【*※]|[{NUMERAL}]{{1,2}}、|注")  # what may follow a row on its line: a title, a remark


class Values(NamedTuple):
    """The values of a row. ``alone``: one of them has a line for itself. ``beside``: some share a line, with each other or the label."""

    texts: list[str]
    alone: bool = False
    beside: bool = False


@dataclass(slots=True, eq=False)
class Row:
    """A row as read: its groups and label, its values, the header words since the row before, how many words name columns of its part.

    ``named`` is what its label can name.
    """

    part: Part
    labels: list[str]
    read: Values
    named: tuple[Label, ...] = ()
    header: list[Token] = field(default_factory=list)
    headed: int = 0

    @property
    def label(self) -> str:
        """What its own line prints before the values; empty for the line that has no label, or has lost it."""
        return self.labels[-1] if self.labels else ""

    @property
    def values(self) -> list[str]:
        return self.read.texts

    @property
    def in_block(self) -> bool:
        """Its part is one of several of its table, each under a header of its own; their rows have no sums."""
        return self.part.key != self.part.table

    @property
    def whole(self) -> bool:
        """All values are there, each alone or all in one string of digits."""
        count, printed = len(self.part.columns), [value for value in self.values if value]
        fused = len(printed) == 1 and printed[0].isdigit() and len(printed[0]) >= count
        return fused or len(self.values) == count


def values_of(lines: Sequence[Line], count: int, labelled: bool, spanning: bool = False) -> Values:
    """The values of a row, from its own line and those below. Where a row is whole on one line, a number under it is the page's.

    ``spanning``: its label covers more than one cell. Empty cells behind it may be the label's, and how many are cannot be told.
    """
    above = not labelled and (lines[0].drawn or (len(lines) > 1 and not any(lines[0].values)))  # what is left of the header's line
    values = [] if above else list(lines[0].values)
    if spanning and values[:1] == [""] and any(values):
        values = [value for value in values if value]
    whole, beside, alone = len(values) >= count, bool(values), False
    for number, line in enumerate(lines[1:] if not lines[0].words else (), 2):
        if line.drawn or line.page:
            continue
        if line.words or whole:
            # One of the values may be a page's number: then what stands behind the head of the next page is the row's.
            values += [value for rest in lines[number:] if alone and not (rest.words or rest.page or rest.drawn) for value in rest.values]
            break
        whole = not values and len(line.values) >= max(count, 2)
        alone, beside = alone or len(line.values) == 1, beside or len(line.values) > 1
        values += line.values
    if not labelled and _is_loose(lines):
        values = [value for value in values if value]
    return Values(_unframed(values, count, labelled), alone, beside)


def past_header(lines: list[Line], part: Part) -> list[Line]:
    """The lines without what is left of broken header words before the values: 维持 纠正 结果 审结 0 0 0."""
    own = {sign for words in (words_of(part), groups_of(part)) for word in words for sign in word}
    rest = [line for line in lines[1:] if not line.words or line.after or not set(fold(line.words)) <= own]
    first = Line(lines[0].after) if lines[0].words and not lines[0].values and set(fold(lines[0].words)) <= own else lines[0]
    return [first, *rest]


def in_a_sentence(line: Line, values: list[str], count: int) -> bool:
    """Whether words behind the values of a label's own line take them away: 行政处罚 5 起, 规章 2021 年."""
    return len(values) != count if line.broken else count == 1 and bool(line.words) and not NEXT.match(line.words)


def is_unknown(line: Line, count: int) -> bool:
    """A row with a label that the form does not have: the reader of the grid tells of it."""
    return bool(line.words) and not line.values and not line.prose and len(line.after) == count > 1


def _unframed(values: list[str], count: int, labelled: bool) -> list[str]:
    """Values without the empty cells that pad a row or come of its frame (``| a | 0 | | b | 0 |``), where it is certain which these are."""
    while len(values) > count and not values[-1] and (labelled or values[0]):
        values = values[:-1]
    if labelled or values[:1] != [""] or not any(values):
        return values[:count] if not any(values) else values
    return values[1 : count + 1] if len(values) - count == (1 if values[-1] else 2) else values


def _is_loose(lines: Sequence[Line]) -> bool:
    """Whether the frame of a line without a label may pass for empty cells: there are some at both its ends, or its header has no frame."""
    own = [line for line in lines if any(line.values)]
    if len(own) != 1 or "" not in own[0].values:
        return False
    values, above = own[0].values, lines[0]
    return values[0] == values[-1] == "" or (own[0] is not above and own[0].closed != above.closed)


@lru_cache(maxsize=64)
def words_of(part: Part) -> frozenset[str]:
    return frozenset(word for column in part.columns for word in column.words)


@lru_cache(maxsize=64)
def groups_of(part: Part) -> frozenset[str]:
    return frozenset(group for column in part.columns for group in column.groups)
