"""The ways in which the strings of one damaged row can stand in the form's columns, as the sums within the row allow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from harvester.forms import load
from harvester.rows import Printed
from harvester.values import parse

# A row of table 4 has 6,435 ways to place seven strings; what is beyond this is told as doubtful, a page must not stall the belt.
MAX_STEPS = 5_000
# A document full of such rows must not either; of a thousand damaged pages one takes more than 20,000 steps.
MAX_ALL = 60_000
# No organ counts a million applications a year: longer strings are several counts that were printed side by side.
MAX_DIGITS = 6

Sum = tuple[tuple[int, ...], tuple[int, ...]]  # columns whose sum equals the sum of the others
Vector = tuple[int, ...]


class Alignment(NamedTuple):
    """One way to read a row: what stands in each of the form's columns (None: nothing), and the counts if the row's sums hold.

    A column without a string counts 0, but for at most one in a sum: its number is lost, and the sum says how much it was.
    """

    cells: tuple[Printed | None, ...]
    counts: Vector

    @property
    def lost(self) -> bool:
        """A number is missing in one of its columns. A cell that the report itself misprints looks the same beside one that is gone."""
        return any(count for count, cell in zip(self.counts, self.cells, strict=True) if cell is None)


class TooMany(Exception):
    """The strings can be read in more ways than are tried."""


@dataclass(slots=True)
class Steps:
    """What the rows of one document may still spend on the search for their columns and readings."""

    left: int = MAX_ALL

    def spend(self, count: int = 1) -> None:
        """Raises :class:`TooMany` when nothing is left."""
        self.left -= count
        if self.left < 0:
            raise TooMany


@cache
def row_sums(form_id: str, table: str, row: str) -> tuple[Sum, ...]:
    """The form's sums within one row, as column indexes; they cover the columns from left to right without a gap."""
    form, found = load(form_id), []
    for _, places, left in form.row_sums:
        if (places[0].table, places[0].row) == (table, row):
            in_row = [place for place in form.places if (place.table, place.row) == (table, row)]
            columns = tuple([in_row.index(place) for place in places])
            found.append((columns[:left], columns[left:]))
    return tuple(found)


def holds(sums: Iterable[Sum], counts: Sequence[float] | dict[int, float]) -> bool:
    """Whether the counts of a row's columns, by index, fit every sum."""
    return all(sum(counts[index] for index in left) == sum(counts[index] for index in right) for left, right in sums)


def totalled(placed: Iterable[tuple[int, Printed]], sums: Sequence[Sum]) -> bool:
    """Whether a row that prints addends prints their totals too. Forms nearly always do; a row that was moved to the left does not."""
    printed = {index for index, cell in placed if not cell.blank}
    return all(printed.issuperset(right) or not printed.intersection(left) for left, right in sums)


def alignments(cells: Sequence[Printed], width: int, sums: tuple[Sum, ...], steps: Steps | None = None) -> list[Alignment]:
    """Every way to place the strings of ``cells`` (empty ones are none) in ``width`` columns, in print order.

    Fewer strings than columns: some columns have none, or strings were fused and are cut. More: some are not the form's.
    A string that is no count has no way at all. Raises :class:`TooMany`.
    """
    tokens = [cell for cell in cells if not cell.blank]
    if not all(_is_count(cell) for cell in tokens):
        return []
    spare, search = width - len(tokens), _Search(tokens, width, sums, steps or Steps())
    if spare > 0:
        return [*search.ways(gaps=spare), *search.ways(cuts=spare)]
    return list(search.ways(skips=-spare))


def _is_count(cell: Printed) -> bool:
    if cell.text.isdecimal():
        return True
    number = cell.value.number
    return cell.value.kind != "words" and (number is None or (isinstance(number, int) and number >= 0))


class _State(NamedTuple):
    """How far a walk has come: what stands in the columns so far, the next string (and digit of it), and what is still to be spent."""

    placed: tuple[Printed | None, ...]
    counts: Vector
    token: int
    offset: int
    gaps: int
    cuts: int
    skips: int


class _Search:
    """Walks over the columns from left to right; where a sum closes that its columns do not allow, a walk ends."""

    def __init__(self, tokens: list[Printed], width: int, sums: tuple[Sum, ...], shared: Steps) -> None:
        self.tokens, self.width, self.shared = tokens, width, shared
        self.closing = {max(*left, *right): (left, right) for left, right in sums}
        self.steps = 0

    def ways(self, gaps: int = 0, cuts: int = 0, skips: int = 0) -> Iterator[Alignment]:
        """Alignments with exactly so many columns without a string, cuts in fused strings, strings left out."""
        open_ends = [_State((), (), 0, 0, gaps, cuts, skips)]
        while open_ends:
            state = open_ends.pop()
            self.steps += 1
            self.shared.spend()
            if self.steps > MAX_STEPS:
                raise TooMany
            if len(state.placed) < self.width:
                open_ends.extend(self._next(state))
            elif state.token == len(self.tokens) - state.skips and all(map(self._twice, range(state.token, len(self.tokens)))):
                yield Alignment(state.placed, state.counts)

    def _next(self, state: _State) -> Iterator[_State]:
        placed, counts, token, offset, gaps, cuts, skips = state
        if gaps:
            yield from self._settled(_State((*placed, None), (*counts, 0), token, offset, gaps - 1, cuts, skips))
        for skipped in range(min(skips, len(self.tokens) - 1 - token) + 1 if token < len(self.tokens) else 0):
            at = token + skipped
            if skipped and not self._spare(at - 1, counts):
                break
            for piece, end in self._pieces(self.tokens[at], offset, cuts, at == len(self.tokens) - 1):
                whole = end == len(self.tokens[at].text)
                onward = (at + 1, 0, gaps, cuts) if whole else (at, end, gaps, cuts - 1)
                number = int(piece.value.number or 0)
                yield from self._settled(_State((*placed, piece), (*counts, number), *onward, skips - skipped))

    def _spare(self, token: int, counts: Vector) -> bool:
        """Whether a string may be none of the form's: a 0, one printed twice, a 小计 of the columns before it.

        Any other number that is too much would explain away what the report itself misprints.
        """
        return (self.tokens[token].value.number or 0) in (0, *accumulate(reversed(counts))) or self._twice(token)

    def _twice(self, token: int) -> bool:
        beside = self.tokens[max(token - 1, 0) : token] + self.tokens[token + 1 : token + 2]
        return self.tokens[token].text in [cell.text for cell in beside]

    def _pieces(self, cell: Printed, offset: int, cuts: int, last: bool) -> Iterator[tuple[Printed, int]]:
        """What the next column can take of a string, and where that ends: all that is left, or when it is cut its first digits."""
        digits = cell.text.isdecimal()
        stop = len(cell.text) - (cuts - 1 if last else 0)  # the last string must leave a digit for every cut
        ends = range(offset + 1, stop) if cuts and digits else ()
        for end in ends if cuts and last else (*ends, len(cell.text)):
            text = cell.text[offset:end]
            if not digits or len(text) == 1 or (len(text) <= MAX_DIGITS and text[0] not in "0０"):  # 03 is no count
                yield (cell if text == cell.text else cell._replace(text=text, value=parse(text))), end

    def _settled(self, state: _State) -> Iterator[_State]:
        """The state, if the sum that closes at its last column can hold; with each column that may have lost the number it asks for."""
        closing = self.closing.get(len(state.placed) - 1)
        if closing is None:
            yield state
            return
        left, right = closing
        missing = sum(state.counts[index] for index in right) - sum(state.counts[index] for index in left)
        if missing == 0:
            yield state
        for index in left if missing > 0 else right if missing < 0 else ():
            if state.placed[index] is None:
                yield state._replace(counts=(*state.counts[:index], abs(missing), *state.counts[index + 1 :]))
