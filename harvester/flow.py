"""Tables that reach us as running text -> grids: rows of the form where labels and values follow each other as only a table prints them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from harvester.flow_grids import laid_out
from harvester.flow_rows import Row, Values, groups_of, in_a_sentence, is_unknown, past_header, values_of, words_of
from harvester.forms import Form, Label, Part, fold, shared_rows
from harvester.grid import from_lines
from harvester.items import Document, Grid
from harvester.tokens import Token, numeral, tokens
from harvester.wrapped import mended

MAX_TEXT = 200_000  # characters of running text; a report of a hundred pages has fewer
ENOUGH = 2  # rows that print every value of theirs: a sentence does not do that, least of all twice


def grids(document: Document, form: Form, start: int) -> list[Grid]:
    """Grids of the form's tables that ``document`` prints outside its own tables, numbered from ``start``.

    A labelled line is a row only where nothing but values stands behind it and the lines around it are rows too, or a header of its part
    stands over it. Values that are printed as one string of digits stay one cell. Grids have no spans. A header whose words are all there
    stands over its columns; another one, or one over rows that were put together from several lines, stands beside them and proves nothing.
    """
    made: list[list[list[str]]] = []
    for lines in _runs(document):
        text = _Text(form, mixed=document.format == "text" and start > 0)
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


class _Text:
    """The tables found so far in one run of text, and the rows since the last line that belongs to none.

    ``mixed``: other pieces of the text's tables stand in lines with tabs or pipes.
    """

    def __init__(self, form: Form, mixed: bool) -> None:
        self.form, self.mixed = form, mixed
        self.tables: list[list[list[str]]] = []
        self.rows: list[Row] = []
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
        elif token.has("group") or (token.numbered and token.has("row")):
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
        if not token.has("column") or (token.numbered and _is_numbered(token, label)):
            return label
        if token.numbered:
            return None  # （六）其他 is what a cut left of a group's label
        part, last = self.form.part(label), self.rows[-1] if self.rows else None
        return label if last and last.part is part and not self.header and token.printed else None

    def _has_cells(self, token: Token, label: Label) -> bool:
        """（六）其他处理 is a row in one form and a group in the other; as a row of the other form it must print something."""
        own = label.key in self.form.part(label).rows
        return any(line.values for line in token.lines) if own else token.printed

    def row(self, token: Token, label: Label) -> None:
        part = self.form.part(label)
        count = len(part.columns)
        read = values_of(token.lines, count, True, spanning=count > 1 and numeral(label)[:1] > "9")
        if in_a_sentence(token.lines[0], read.texts, count):
            return
        headed = sum((part.table, column.key) in self.headed for column in part.columns) or (part.table, part.key) in self.headed
        self.rows.append(Row(part, [*self.groups, token.text], read, token.labels, self.header, headed))
        self.rows += [Row(part, [line.words], Values(line.after)) for line in token.lines[1:] if is_unknown(line, count)]
        self.header, self.groups, self.title = [], [], None

    def line(self, token: Token) -> None:
        """Values behind a header word or a title: the line without a label (table 4), or a list of pairs, which is no header."""
        part = named = _line_part(self.form, self.header)
        part = part or self.title
        if part is None:
            row = None
        else:
            row = Row(part, [], values_of(past_header(token.lines, part), len(part.columns), False), header=self.header)
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
        _orphan(rows)
        if any(row.values for row in rows):
            self.tables += laid_out(rows, self.mixed or self.beside)
        self.rows, self.header, self.groups, self.title, self.beside = [], [], [], None, False
        self.headed.clear()

    def _believed(self, row: Row, whole: set[Part]) -> bool:
        if row.part.line:
            return True
        if row.in_block:
            return row.headed > 0
        return row.part in whole or row.headed >= len(row.part.columns) // 2


def _orphan(rows: list[Row]) -> None:
    """Takes the label （六）其他处理 off a row beside rows of that group: it prints the values of one of these, whose own label is lost."""
    groups = {shared_rows().get(label.key, {}).get("group") for row in rows for label in row.named if label.role == "row"}
    for row in rows:
        if any(label.role == "group" and label.key in groups for label in row.named):
            row.labels = [""]


def _is_numbered(token: Token, label: Label) -> bool:
    """Whether its list number is of the kind that the form prints before the row: 3. or （七）."""
    return fold(token.text)[0].isdigit() == numeral(label)[:1].isdigit()


def _line_part(form: Form, header: list[Token]) -> Part | None:
    words = {fold(token.text) for token in header}
    return next((part for part in form.parts if part.line and len(words & words_of(part)) > 2), None)


def _titled(form: Form, title: str) -> Part | None:
    """The part with a line of its own whose groups the title of a section names."""
    return next((part for part in form.parts if part.line and sum(group in fold(title) for group in groups_of(part)) > 1), None)
