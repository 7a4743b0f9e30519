"""What the printed words can name in a form, for the second reader: whole labels only, never a part of one."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from harvester import forms
from harvester.audit.strings import unnumbered, word
from harvester.forms import Form, Label, Part

Line = tuple[str, str]  # table and row


class Sum(NamedTuple):
    """An identity within one row: its columns, of which the first ``left`` make the left side."""

    columns: tuple[str, ...]
    left: int


class Head(NamedTuple):
    """How a column may be headed: its own words, and those above it."""

    words: frozenset[str]
    above: frozenset[str]


class Names:
    """The words of one form, and the order of its rows."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.labels: dict[str, list[Label]] = {}
        for printed, labels in form.labels.items():
            known = self.labels.setdefault(_bare(printed), [])
            known.extend(label for label in labels if label not in known)
        self.parts = {(part.table, part.key): part for part in form.parts}
        self.heads = {part: [Head(_all(c.words), _all(c.groups)) for c in part.columns] for part in form.parts}
        self.before: dict[Line, Line] = {
            (part.table, row): (part.table, before) for part in form.parts for before, row in zip(part.rows, part.rows[1:])
        }
        self.sums = _sums(form)

    def name(self, text: str) -> str:
        """The known word that ``text`` prints, with or without its numeral and what stands in brackets behind it; "" for a strange one."""
        whole = word(text)
        bare = unnumbered(whole)
        return next((name for name in (whole, bare, bare.partition("(")[0]) if name in self.labels), "")

    def of(self, text: str) -> list[Label]:
        """Every meaning of a whole printed label."""
        return self.labels.get(self.name(text), [])

    def row(self, text: str, previous: Line) -> Label | None:
        """The row that a label names. 其他 and 总计 are columns too: they name a row only behind the row that the form prints before it."""
        labels = self.of(text)
        rows = [label for label in labels if label.role == "row"]
        if len(rows) != 1:
            return None
        expected = self.before.get((rows[0].table, rows[0].key))
        sure = len(labels) == 1 or expected == previous or previous in self.form.sister_rows
        return rows[0] if sure else None

    def part(self, label: Label) -> Part:
        """The part of the form whose rows or columns the label names."""
        return self.parts[label.table, label.block]


def _bare(printed: str) -> str:
    return unnumbered(word(printed))


def _all(words: Iterable[str]) -> frozenset[str]:
    return frozenset(map(_bare, words))


def _sums(form: Form) -> dict[Line, list[Sum]]:
    found: dict[Line, list[Sum]] = {}
    for identity in form.identities:
        for _, left, right in identity.places:
            places = [form.places[index] for index in (*left, *right)]
            if len({place.row for place in places}) == 1:
                line = (places[0].table, places[0].row)
                found.setdefault(line, []).append(Sum(tuple(place.column for place in places), len(left)))
    return found


@cache
def names_of(form_id: str) -> Names:
    return Names(forms.load(form_id))


def chosen(texts: Iterable[str]) -> Names | None:
    """The form that names more of the words as rows and columns than any other; None where two are even or none names any."""
    cells = set(texts)
    scores = sorted(((_score(names_of(form_id), cells), form_id) for form_id in forms.form_ids()), reverse=True)
    if not scores or not scores[0][0] or (len(scores) > 1 and scores[0][0] == scores[1][0]):
        return None
    return names_of(scores[0][1])


def _score(names: Names, cells: Iterable[str]) -> int:
    return sum(any(label.role in ("row", "column") for label in names.of(text)) for text in cells)
