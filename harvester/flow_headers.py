"""The words over a table in running text: whether they name its columns in the order of the values, when no spans are left to tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from harvester.forms import Part, fold
from harvester.tokens import Token


class Heading(NamedTuple):
    """Header words in the order of the columns. ``aligned``: one for every column. ``strange``: in no order that can be told.

    ``moved``: that order is not the form's, or the columns are named twice.
    """

    words: list[str]
    aligned: bool = False
    strange: bool = False
    moved: bool = False


class _Leaf(NamedTuple):
    text: str
    columns: tuple[int, ...]  # indexes of the part's columns that the word may name
    grouped: bool
    place: int


def heading(part: Part, header: list[Token]) -> Heading:
    """What the header words since the last row say of the columns of ``part``; no words when they are of another part.

    Words run along the rows of the header: those of 法人或其他组织 come behind 总计, and belong where 法人或其他组织 stands.
    """
    header = _under_caption(part, header)
    leaves = [leaf for place, token in enumerate(header) if (leaf := _leaf(part, token, place))]
    if _side_by_side(part, header, leaves):
        return Heading([leaf.text for leaf in leaves], moved=True)
    leaves = _once(part, leaves)
    groups = {fold(token.text): place for place, token in reversed(list(enumerate(header))) if _first(part, token) is not None}
    spliced = _spliced(leaves, min(groups.values(), default=None))
    words, whole = [leaf.text for leaf in spliced], len(spliced) == len(part.columns)
    firsts = [_first(part, header[place]) or 0 for place in sorted(groups.values())]
    if firsts != sorted(firsts):
        return Heading(words, strange=True)
    if part.key != part.table and not whole and any(line.words for token in header for line in token.lines):
        return Heading(words, strange=True)  # a column of another name stands here, or a word that is not known
    moved = not _run(spliced, range(len(part.columns)))
    if not moved or (whole and _reordered(part, spliced)):
        return Heading(words, aligned=whole, moved=moved)
    words = [leaf.text for leaf in sorted(leaves, key=lambda leaf: leaf.columns)]
    return Heading(words, strange=not _along_rows(part, header, leaves))


def _under_caption(part: Part, header: list[Token]) -> list[Token]:
    """The words from the part's own caption to the next one; those behind the last caption when its own is not there."""
    starts = [place for place, token in enumerate(header) if token.has("caption")]
    own = [place for place in starts if any(label.role == "caption" and label.block == part.key for label in header[place].labels)]
    start = (own or starts or [0])[-1]
    return header[start : next((place for place in starts if place > start), None)]


def _leaf(part: Part, token: Token, place: int) -> _Leaf | None:
    keys = {label.key for label in token.labels if label.role == "column" and label.table == part.table}
    columns = tuple(index for index, column in enumerate(part.columns) if column.key in keys)
    return _Leaf(token.text, columns, bool(part.columns[columns[0]].groups), place) if columns else None


def _first(part: Part, token: Token) -> int | None:
    """The first column under the group that the token names."""
    word = fold(token.text)
    return next((index for index, column in enumerate(part.columns) if word in column.groups), None)


def _side_by_side(part: Part, header: list[Token], leaves: list[_Leaf]) -> bool:
    """Columns are named again without the words in the header's corner: by last year's beside this year's, not by a page that begins."""
    corners = [place for place, token in enumerate(header) if token.has("furniture") and _first(part, token) is None]
    seen: dict[tuple[int, ...], int] = {}
    again = set()
    for leaf in leaves:
        if leaf.columns in seen and not any(seen[leaf.columns] < place < leaf.place for place in corners):
            again.add(leaf.columns)
        seen[leaf.columns] = leaf.place
    return len(again) * 2 > len(part.columns) and all(len(columns) == 1 for columns in again)


def _once(part: Part, leaves: list[_Leaf]) -> list[_Leaf]:
    """The words of a header that is printed twice, as page breaks do, once; as they are when the second time they run another way."""
    count = len(part.columns)
    if any(len(leaf.columns) > 1 for leaf in leaves):  # 结果维持 stands three times in a header that is printed once
        again = [leaf.text for leaf in leaves[count:]] == [leaf.text for leaf in leaves[: len(leaves) - count]]
        return leaves[:count] if len(leaves) > count and again else leaves
    first, last = (sorted({leaf.columns: leaf for leaf in run}.values(), key=lambda leaf: leaf.place) for run in (leaves[::-1], leaves))
    grouped = [[leaf.columns for leaf in run if leaf.grouped] for run in (first, last)]
    return last if grouped[0] == grouped[1] else leaves


def _spliced(leaves: list[_Leaf], group: int | None) -> list[_Leaf]:
    """Columns of a group that are printed behind all others, set where the word over the group stands."""
    grouped, others = [leaf for leaf in leaves if leaf.grouped], [leaf for leaf in leaves if not leaf.grouped]
    if group is None or not grouped or not others or grouped[0].place < others[-1].place:
        return leaves
    return [*(leaf for leaf in others if leaf.place < group), *grouped, *(leaf for leaf in others if leaf.place > group)]


def _run(leaves: list[_Leaf], order: Sequence[int]) -> bool:
    """Whether the words name columns in this order, with or without gaps."""
    rest = iter(order)
    return all(any(index in leaf.columns for index in rest) for leaf in leaves)


def _along_rows(part: Part, header: list[Token], leaves: list[_Leaf]) -> bool:
    """Whether the words run along the rows of the official header: 自然人 and 总计 come first, or 总计 beside 申请人情况."""
    grouped_last = sorted(range(len(part.columns)), key=lambda index: bool(part.columns[index].groups))
    above = leaves[0].place > 0 and header[leaves[0].place - 1].has("furniture") and not leaves[0].grouped
    return _run(leaves, grouped_last) or (above and _run([*leaves[1:], leaves[0]], range(len(part.columns))))


def _reordered(part: Part, leaves: list[_Leaf]) -> bool:
    """Whether the words name every column once, those outside a group where the form has them: a template with an order of its own."""
    indexes = [leaf.columns[0] for leaf in leaves if len(leaf.columns) == 1]
    fixed = [index for index, column in enumerate(part.columns) if not column.groups]
    mixed = 0 < len(fixed) < len(part.columns)
    return sorted(indexes) == list(range(len(part.columns))) and not (mixed and any(indexes[index] != index for index in fixed))
