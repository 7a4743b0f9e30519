"""What the header over some rows says of their columns: which of the form's columns stand where, or why that cannot be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from harvester.forms import Form, Part, fold, load
from harvester.rows import Section
from harvester.values import header_unit

Above = tuple[tuple[str, ...], ...]  # header rows, each with the word that stands over every grid column


class Layout(NamedTuple):
    """Where the columns of a part stand under a header.

    ``columns``: grid column -> index of the part's column, empty when the header does not say. ``units``: index -> unit the header prints.
    ``strangers``: grid column -> label of a column the form does not have (小计). ``disorder``: why the values of a row must not even be
    counted into the form's columns; empty when they may. ``foreign``: a word is printed that the form does not know, wherever it stands.
    """

    columns: dict[int, int]
    units: dict[int, str | None]
    strangers: dict[int, str]
    disorder: str
    foreign: bool = False

    @property
    def permuted(self) -> bool:
        """The columns stand in another order than the form's: sums cannot tell one applicant from another, only its words can."""
        order = [self.columns[column] for column in sorted(self.columns)]
        return order != sorted(order)


class _Named(NamedTuple):
    column: int
    row: int
    origin: int  # where a cell that reaches down to ``row`` begins
    word: str
    text: str


def layout(form: Form, section: Section, part: Part) -> Layout:
    """The section's header as ``part`` understands it."""
    printed = tuple(
        [
            (column, number, cell.row, cell.text)
            for number, row in enumerate(section.header)
            for column, cell in enumerate(row)
            if cell.text and cell.column == column
        ]
    )
    return _layout(form.id, part, printed, _above(section) if any(column.groups for column in part.columns) else ())


@lru_cache(maxsize=1024)
def _layout(form_id: str, part: Part, printed: tuple[tuple[int, int, int, str], ...], above: Above) -> Layout:
    named, unknown = _named(form_id, part, printed)
    strangers = {column: unknown[column] for column in unknown.keys() - {entry.column for entry in named}}
    words = tuple(entry.word for entry in named)
    in_order = embed(part, words)
    indexes = in_order or _by_word(part, words)
    disorder = ""
    if not named and part.key != part.table:
        disorder = "no header names the columns of this part"
    elif _repeated(form_id, part, printed):
        indexes, disorder = None, "the header names a column twice"
    elif indexes and (not in_order or _repeats(part)) and not _grouped(part, named, indexes, above, whole=not in_order):
        lost_group = all(_in_order(part, row) for row in _by_row(part, named)) and _groups_in_order(part, above)
        indexes, disorder = None, "" if lost_group else "the header's groups stand in another order than the form's"
    elif in_order and strangers and _elsewhere(named, in_order, strangers):
        indexes, disorder = None, "the header's broken words stand in another order than the form's"
    elif not indexes and not _in_order(part, words) and not all(_in_order(part, row) for row in _by_row(part, named)):
        disorder = "the header's columns stand in another order than the form's"
    columns = {entry.column: index for entry, index in zip(named, indexes or (), strict=False)}
    units = {index: header_unit(entry.text) for entry, index in zip(named, indexes or (), strict=False)}
    return Layout(columns, units, strangers, disorder, foreign=bool(unknown))


def _named(form_id: str, part: Part, printed: tuple[tuple[int, int, int, str], ...]) -> tuple[list[_Named], dict[int, str]]:
    """The lowest word over each grid column that names one of the part's, and the lowest of those that name nothing."""
    own: dict[int, _Named] = {}
    strangers: dict[int, str] = {}
    for column, row, origin, text in printed:
        labels = load(form_id).find(text)
        keys = {label.key for label in labels if label.role == "column" and label.table == part.table}
        first = next((entry for entry in part.columns if entry.key in keys), None)
        if first:
            own[column] = _Named(column, row, origin, min(first.words), text)
        elif not labels:
            strangers[column] = text
    return [own[column] for column in sorted(own)], strangers


@lru_cache(maxsize=1024)
def embed(part: Part, words: tuple[str, ...]) -> tuple[int, ...] | None:
    """Indexes of the columns of ``part`` that the words name, in the form's order; None when they fit in no way or in several."""
    found = list(_embeddings(part, words, 0)) if words else []
    return found[0] if len(found) == 1 else None


def _embeddings(part: Part, words: tuple[str, ...], start: int) -> Iterator[tuple[int, ...]]:
    if not words:
        yield ()
        return
    for index in range(start, len(part.columns) - len(words) + 1):
        if words[0] in part.columns[index].words:
            for rest in _embeddings(part, words[1:], index + 1):
                yield (index, *rest)


def _by_word(part: Part, words: tuple[str, ...]) -> tuple[int, ...] | None:
    """Indexes for a template that reorders the form's columns: only where each word names one column and stands once."""
    fits = [[index for index, column in enumerate(part.columns) if word in column.words] for word in words]
    if not words or len(set(words)) < len(words) or any(len(indexes) != 1 for indexes in fits):
        return None
    return tuple(indexes[0] for indexes in fits)


def _in_order(part: Part, words: tuple[str, ...]) -> bool:
    """Whether a header that is broken (a word lost or printed twice) still runs the way the form does."""
    last = 0
    for word in words:
        later = [index for index in range(last, len(part.columns)) if word in part.columns[index].words]
        if not later:
            return False
        last = later[0]
    return True


def _elsewhere(named: list[_Named], indexes: tuple[int, ...], strangers: dict[int, str]) -> bool:
    """Whether columns that are not named stand between some of the named ones while between others there is no room for the form's.

    So looks a template in another order whose words were broken: 商业企业 | 社会公益组织 | 其他 | 科 | 总计.
    """
    beside = list(zip(pairwise(named), pairwise(indexes), strict=True))
    crowded = any(last.column - first.column < upto - start for (first, last), (start, upto) in beside)
    return crowded and any(
        first.column < column < last.column and last.column - first.column > upto - start
        for (first, last), (start, upto) in beside
        for column in strangers
    )


def _repeated(form_id: str, part: Part, printed: tuple[tuple[int, int, int, str], ...]) -> bool:
    """One header row names a column more often than the form has it: last year's figures beside this year's."""
    form = load(form_id)
    for row in {origin for _, _, origin, _ in printed}:
        texts = Counter(text for _, text in {(column, text) for column, _, origin, text in printed if origin == row})
        keys = {text: {label.key for label in form.find(text) if label.role == "column" and label.table == part.table} for text in texts}
        if any(count > sum(column.key in keys[text] for column in part.columns) > 0 for text, count in texts.items()):
            return True
    return False


def _by_row(part: Part, named: list[_Named]) -> list[tuple[str, ...]]:
    """The words of each header row by itself: where a group's cell is lost, words move between those of other rows, not among their own.

    A header that was flattened into one row prints first the words that stand over one column, then those under a group.
    """
    rows = [tuple(entry.word for entry in named if entry.origin == row) for row in sorted({entry.origin for entry in named})]
    alone = {word for column in part.columns if not column.groups for word in column.words}
    return [run for row in rows for run in (tuple(word for word in row if word in alone), tuple(word for word in row if word not in alone))]


def _groups_in_order(part: Part, above: Above) -> bool:
    """Whether the groups that a header row names run the way the form's do."""
    starts: dict[str, int] = {}
    for index, column in enumerate(part.columns):
        for group in column.groups:
            starts.setdefault(group, index)
    rows = [[starts[word] for word in map(fold, row) if word in starts] for row in above]
    return all(row == sorted(row) for row in rows)


def _repeats(part: Part) -> bool:
    return len({min(column.words) for column in part.columns}) < len(part.columns)


def _above(section: Section) -> Above:
    """Over a column without a word of its own in a row stands the one to its left, when the source kept no spans."""
    rows = []
    for row in section.header:
        texts = [cell.text for cell in row]
        for column in range(1, len(texts)) if not section.grid.spans else ():
            texts[column] = texts[column] or texts[column - 1]
        rows.append(tuple(texts))
    return tuple(rows)


def _grouped(part: Part, named: list[_Named], indexes: tuple[int, ...], above: Above, whole: bool) -> bool:
    """结果维持 stands three times in table 4: the words over it must be those over that column of the form (``whole``: all of them).

    Where 法人或其他组织 is lost the words under it move to other columns, and look like those of a template in another order.
    """
    known = frozenset().union(*(column.groups for column in part.columns))
    for entry, index in zip(named, indexes, strict=True):
        over, groups = (
            {fold(row[entry.column]) for row in above[: entry.row] if entry.column < len(row)} & known,
            part.columns[index].groups,
        )
        if not over <= groups or (whole and over != groups):
            return False
    return True
