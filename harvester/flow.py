"""Tables that reach us as running text -> grids: rows of the form where labels and values follow each other as only a table prints them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from harvester.flow_headers import Heading, heading
from harvester.forms import Form, Label, Part, fold
from harvester.grid import from_lines
from harvester.items import Document, Grid
from harvester.tokens import NUMERAL, Line, Token, tokens
from harvester.wrapped import mended

LABEL_CELLS = 3  # left of the values of table 3 stand 三、本年度办理结果, （三）不予公开, 1.属于国家秘密
MAX_TEXT = 200_000  # characters of running text; a report of a hundred pages has fewer
NEXT = re.compile(rf"[（(\[【*※]|[{NUMERAL}]{{1,2}}、|注")  # what may follow a row on its line: a title, a remark
ENOUGH = 2  # rows that print every value of theirs: a sentence does not do that, least of all twice


def grids(document: Document, form: Form, start: int) -> list[Grid]:
    """Grids of the form's tables that ``document`` prints outside its own tables, numbered from ``start``.

    A labelled line is a row only where nothing but values stands behind it and the lines around it are rows too, or a header of its part
    stands over it. Values that are printed as one string of digits stay one cell. Grids have no spans. A header whose words are all there
    stands over its columns; another one, or one over rows that were put together from several lines, stands beside them and proves nothing.
    """
    made: list[list[list[str]]] = []
    for lines in _runs(document):
        text = _Text(form)
        for token in tokens(form.id, "\n".join(mended(form.id, lines))):
            text.take(token)
        text.flush()
        made.extend(text.tables)
    return [from_lines(start + number, rows) for number, rows in enumerate(made)]


def _runs(document: Document) -> Iterator[list[str]]:
    """The text between the document's own tables, a line a block."""
    run, left = list[str](), MAX_TEXT
    for block in document.blocks:
        if block.grid is None and left > 0:
            run.append(block.text[:left])
            left -= len(block.text)
        elif run:
            yield run
            run = []
    if run:
        yield run


class _Values(NamedTuple):
    """The values of a row. ``alone``: one of them has a line for itself. ``beside``: some share a line, with each other or the label."""

    texts: list[str]
    alone: bool = False
    beside: bool = False


@dataclass(slots=True, eq=False)
class _Row:
    """A row as read: its groups and label, its values, the header words since the row before, how many words name columns of its part."""

    part: Part
    labels: list[str]
    read: _Values
    header: list[Token] = field(default_factory=list)
    headed: int = 0

    @property
    def values(self) -> list[str]:
        return self.read.texts

    @property
    def whole(self) -> bool:
        """All values are there, each alone or all in one string of digits."""
        count, printed = len(self.part.columns), [value for value in self.values if value]
        fused = len(printed) == 1 and printed[0].isdigit() and len(printed[0]) >= count
        return fused or len(self.values) == count


class _Text:
    """The tables found so far in one run of text, and the rows since the last line that belongs to none."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.tables: list[list[list[str]]] = []
        self.rows: list[_Row] = []
        self.header: list[Token] = []
        self.headed: set[tuple[str, str]] = set()  # table and key of the columns named so far
        self.groups: list[str] = []
        self.title: Part | None = None  # the part whose only line may stand right under the title of its section
        self.beside = False  # two labels share a line

    def take(self, token: Token) -> None:
        self.beside |= token.follows
        if not token.labels:
            self.flush()
            self.title = _titled(self.form, token.text)
            self.line(token)
        elif label := self._names_row(token):
            self.row(token, label)
        elif token.has("group"):
            self.groups.append(token.text)
        else:
            self.header.append(token)
            self.headed |= {(label.table, label.key) for label in token.labels if label.role in ("column", "caption")}
            self.line(token)
        if any(line.prose for line in token.lines):
            self.flush()

    def _names_row(self, token: Token) -> Label | None:
        """The row that the label names here. 其他 and 总计 without their number are rows only where the form has them next."""
        label = next((label for label in token.labels if label.role == "row"), None)
        if label is None or (token.has("group") and not self._has_cells(token, label)):
            return None
        if not token.has("column") or token.numbered:
            return label
        part, last = self.form.part(label), self.rows[-1] if self.rows else None
        return label if last and last.part is part and not self.header and token.printed else None

    def _has_cells(self, token: Token, label: Label) -> bool:
        """（六）其他处理 is a row in one form and a group in the other; as a row of the other form it must print something."""
        own = label.key in self.form.part(label).rows
        return any(line.values for line in token.lines) if own else token.printed

    def row(self, token: Token, label: Label) -> None:
        part = self.form.part(label)
        count = len(part.columns)
        read = _values(token.lines, count, True)
        if _in_a_sentence(token.lines[0], read.texts, count):
            return
        headed = sum((part.table, column.key) in self.headed for column in part.columns) or (part.table, part.key) in self.headed
        self.rows.append(_Row(part, [*self.groups, token.text], read, self.header, headed))
        self.rows += [_Row(part, [line.words], _Values(line.after)) for line in token.lines[1:] if _unknown(line, count)]
        self.header, self.groups, self.title = [], [], None

    def line(self, token: Token) -> None:
        """Values behind a header word or a title: the line without a label (table 4), or a list of pairs, which is no header."""
        part = named = _line_part(self.form, self.header)
        part = part or self.title
        if part is None:
            row = None
        else:
            row = _Row(part, [], _values(_past_header(token.lines, part), len(part.columns), False), self.header)
        if row and (row.whole or (named and len(row.values) > len(row.part.columns) // 2)):
            self.rows.append(row)
        if token.printed or (row and row.whole):
            self.header, self.title = [], None
            self.headed.clear()

    def flush(self) -> None:
        """Ends the table: what was read becomes a grid when it has the shape of one."""
        counts = Counter(row.part for row in self.rows if row.whole)
        whole = {part for part, count in counts.items() if count >= ENOUGH}
        rows = [row for row in self.rows if self._believed(row, whole)]
        if any(row.values for row in rows):
            mixed = self.beside or any(row.read.beside or len(row.values) > len(row.part.columns) for row in rows)
            doubted = [row for row in rows if mixed and row.read.alone]
            self.tables += [[[*row.labels[-1:], *row.values]] for row in doubted if _is_block(row.part)]  # no header, no proof
            self.tables.append(list(_cells(rows, doubted)))
        self.rows, self.header, self.groups, self.title, self.beside = [], [], [], None, False
        self.headed.clear()

    def _believed(self, row: _Row, whole: set[Part]) -> bool:
        if row.part.line:
            return True
        if _is_block(row.part):
            return row.headed > 0
        return row.part in whole or row.headed >= len(row.part.columns) // 2


def _values(lines: Sequence[Line], count: int, labelled: bool) -> _Values:
    """The values of a row, from its own line and those below. Where a row is whole on one line, a number under it is the page's."""
    values = [] if lines[0].drawn and not labelled else list(lines[0].values)
    whole, beside, alone = len(values) >= count, bool(values), False
    for number, line in enumerate(lines[1:] if not lines[0].words else (), 2):
        if line.drawn or line.page:
            continue
        if line.words or whole:
            # One of the values may be a page's number: then what stands behind the head of the next page is the row's.
            values += [value for rest in lines[number:] if alone and not rest.words for value in rest.values]
            break
        whole = not values and len(line.values) >= max(count, 2)
        alone, beside = alone or len(line.values) == 1, beside or len(line.values) > 1
        values += line.values
    return _Values(_unframed(values, count, labelled), alone, beside)


def _past_header(lines: list[Line], part: Part) -> list[Line]:
    """The lines without what is left of broken header words before the values: 维持 纠正 结果 审结 0 0 0."""
    own = {sign for words in (_words(part), _groups(part)) for word in words for sign in word}
    rest = [line for line in lines[1:] if not line.words or line.after or not set(fold(line.words)) <= own]
    first = Line(lines[0].after) if lines[0].words and not lines[0].values and set(fold(lines[0].words)) <= own else lines[0]
    return [first, *rest]


def _in_a_sentence(line: Line, values: list[str], count: int) -> bool:
    """Whether words behind the values of a label's own line take them away: 行政处罚 5 起, 规章 2021 年."""
    return len(values) != count if line.broken else count == 1 and bool(line.words) and not NEXT.match(line.words)


def _unknown(line: Line, count: int) -> bool:
    """A row with a label that the form does not have: the reader of the grid tells of it."""
    return bool(line.words) and not line.values and not line.prose and len(line.after) == count > 1


def _unframed(values: list[str], count: int, labelled: bool) -> list[str]:
    """Values without the empty cells that pad a row or come of its frame (``| a | 0 | | b | 0 |``), where it is certain which these are."""
    while len(values) > count and not values[-1] and (labelled or values[0]):
        values = values[:-1]
    if labelled or values[:1] != [""] or not any(values):
        return values[:count] if not any(values) else values
    return values[1 : count + 1] if len(values) - count == (1 if values[-1] else 2) else values


def _line_part(form: Form, header: list[Token]) -> Part | None:
    words = {fold(token.text) for token in header}
    return next((part for part in form.parts if part.line and len(words & _words(part)) > 2), None)


def _titled(form: Form, title: str) -> Part | None:
    """The part with a line of its own whose groups the title of a section names."""
    return next((part for part in form.parts if part.line and sum(group in fold(title) for group in _groups(part)) > 1), None)


@lru_cache(maxsize=64)
def _words(part: Part) -> frozenset[str]:
    return frozenset(word for column in part.columns for word in column.words)


@lru_cache(maxsize=64)
def _groups(part: Part) -> frozenset[str]:
    return frozenset(group for column in part.columns for group in column.groups)


def _is_block(part: Part) -> bool:
    """One of several parts of its table, each under a header of its own; their rows have no sums."""
    return part.key != part.table


def _cells(rows: list[_Row], doubted: list[_Row]) -> Iterator[list[str]]:
    """The rows as lines of a grid, the header words that stand over them first."""
    unproved = {row.part for row in doubted}
    barred: set[Part] = set()
    for row in rows:
        part, left = row.part, len(row.labels[-1:]) if _is_block(row.part) or not row.labels else LABEL_CELLS
        yield from ([token.text] for token in row.header if token.has("caption"))
        over = heading(part, row.header) if row.header or row.labels else Heading([min(column.words) for column in part.columns])
        if over.words and not over.strange:
            yield [""] * (left if over.aligned and part not in unproved else 0 if left else 1) + over.words
        barred = barred | {part} if over.strange else barred - {part} if over.words else barred
        if part not in barred and not (row in doubted and _is_block(part)):
            labels = row.labels[-left:] if left else []
            yield [""] * (left - len(labels)) + labels + row.values
