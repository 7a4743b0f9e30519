"""The official forms as data, and the words of a table -> what they name in a form (no label and no year stands in this code)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple

Role = Literal["row", "column", "group", "caption", "furniture"]
FOLDED = str.maketrans("（）：；，．／０１２３４５６７８９“”‘’〝〞'＂", '():;,./0123456789""""""""')
DEBRIS = re.compile(r"[\s\u00a0\u200b-\u200f\u3000\ufeff]+")
NUMBERING = re.compile(r"^(?:[(][一二三四五六七八九十]{1,2}[)]|[一二三四五六七八九十]{1,2}[、.,]|\d{1,2}[.、,)])")
PARENTHESIS = re.compile(r"[(][^()]*[)]?")
MAX_LABEL = 60  # the longest label of any form has 36 characters; longer cells are prose


class Place(NamedTuple):
    """Key of one cell of a form."""

    table: str
    row: str
    column: str


class Label(NamedTuple):
    """What a printed label names. ``block`` is the part of the table it belongs to; ``key`` a row's, column's or group's key."""

    role: Role
    table: str
    block: str
    key: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a block: its key, the label's folded spellings, the unit the form gives it (None: it prints none), the words above it."""

    key: str
    words: frozenset[str]
    unit: str | None
    decimal: bool
    groups: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)  # one object a form: it is its own key
class Part:
    """A block of rows under one header: a block of table 2, or all of table 3 or 4. ``line`` is the key of a row without a label."""

    table: str
    key: str
    columns: tuple[Column, ...]
    rows: tuple[str, ...]
    line: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Sum of the ``left`` figures = sum of the ``right`` ones, at each of ``places``: name, left and right indexes into ``Form.places``."""

    id: str
    places: tuple[tuple[str, tuple[int, ...], tuple[int, ...]], ...]


@dataclass(slots=True)
class Form:
    """One era's form. ``places`` are its cells in print order; ``parts`` its tables' blocks; ``labels`` every word it prints."""

    id: str
    title: str
    notice: str
    status: str
    detect: tuple[str, ...]
    parts: tuple[Part, ...]
    sister_rows: frozenset[tuple[str, str]]
    identities: tuple[Identity, ...]
    places: tuple[Place, ...]
    labels: dict[str, list[Label]]
    needles: tuple[tuple[str, Label], ...]
    row_sums: tuple[tuple[str, tuple[Place, ...], int], ...] = ()  # identities within one row: id, places, how many are on the left
    _row_places: dict[tuple[str, str], tuple[Place, ...]] = field(default_factory=dict)
    _found: dict[str, list[Label]] = field(default_factory=dict)

    def part(self, label: Label) -> Part:
        """The part of the form that a row's or column's label belongs to."""
        return next(part for part in self.parts if part.key == label.block and part.table == label.table)

    def row_places(self, part: Part, row: str) -> tuple[Place, ...]:
        """The places of one row, own or of the sister form, in the order of the part's columns."""
        known = self._row_places.get((part.table, row))
        if known is None:
            known = self._row_places[part.table, row] = tuple(Place(part.table, row, column.key) for column in part.columns)
        return known

    def find(self, text: str) -> list[Label]:
        """Every meaning of a printed label, best first by how exact; empty for a word the form does not know."""
        known = self._found.get(text)
        if known is None:
            known = self._look_up(text)
            if len(self._found) < 5000:
                self._found[text] = known
        return known

    def _look_up(self, text: str) -> list[Label]:
        whole = fold(text)
        if not whole or len(whole) > MAX_LABEL:
            return []
        bare = NUMBERING.sub("", whole)
        for word in (whole, bare, PARENTHESIS.sub("", bare)):
            if word in self.labels:
                return self.labels[word]
        return [label for needle, label in self.needles if needle in bare][:1]


def fold(text: str) -> str:
    """``text`` as labels are compared: no spaces, half-width signs, one kind of quote."""
    return DEBRIS.sub("", text).translate(FOLDED).replace('"', "")


@cache
def form_ids() -> tuple[str, ...]:
    """Ids of the forms that have tables, newest first."""
    names = (entry.name[:-5] for entry in files("harvester.data").joinpath("forms").iterdir() if entry.name.endswith(".toml"))
    return tuple(sorted((name for name in names if name != "shared"), reverse=True))


@cache
def load(form_id: str) -> Form:
    """The form of this id. Raises :class:`KeyError` for an unknown one."""
    if form_id not in form_ids():
        raise KeyError(form_id)
    data, shared = _toml(form_id), _toml("shared")
    parts = tuple(part for table in data["tables"] for part in _parts(table, shared))
    sisters = [
        (table["key"], row) for table in data["tables"] for name in table.get("sister_rows_from", ()) for row in shared["rows"][name]
    ]
    places = tuple(_places(parts))
    entries = list(_entries(data, shared))
    labels: dict[str, list[Label]] = {}
    for word, label in entries:
        if label not in labels.setdefault(word, []):
            labels[word].append(label)
    identities = tuple(_identity(entry, places) for entry in data.get("identities", ()))
    return Form(
        id=data["id"],
        title=data["title"],
        notice=data["notice"],
        status=data["status"],
        detect=tuple(map(fold, data["detect"])),
        parts=parts,
        sister_rows=frozenset((table, row["key"]) for table, row in sisters),
        identities=identities,
        places=places,
        labels=labels,
        needles=tuple(_needles(data, shared)),
        row_sums=tuple(_row_sums(identities, places)),
    )


def detect(words: Iterable[str]) -> Form | None:
    """The form whose own labels the tables print most of; None when they print none (a prose report). Never by year."""
    cells = set(words)
    scores = [(len(cells.intersection(load(form_id).detect)), form_id) for form_id in form_ids()]
    if not max(scores, default=(0, ""))[0]:  # no label stands whole in a cell of its own: broken by spaces, or among other words
        printed = "".join(cells).replace(" ", "")
        scores = [(sum(needle in printed for needle in load(form_id).detect), form_id) for form_id in form_ids()]
    best = max(scores, default=(0, ""))
    return load(best[1]) if best[0] else None


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(files("harvester.data").joinpath("forms", f"{name}.toml").read_text("utf-8"))


def _parts(table: dict[str, Any], shared: dict[str, Any]) -> Iterator[Part]:
    blocks = table.get("blocks") or [_whole(table, shared)]
    for block in blocks:
        columns = tuple(
            Column(
                entry["key"],
                frozenset(_spellings(entry)),
                entry.get("unit", table.get("unit")),
                entry.get("decimal", False),
                frozenset(map(fold, entry.get("group", ()))),
            )
            for entry in block["columns"]
        )
        rows = tuple(f"{block['key']}.{row['key']}" if "blocks" in table else row["key"] for row in block["rows"])
        yield Part(table["key"], block["key"], columns, rows, table.get("line", ""))


def _whole(table: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    rows = [row for name in table.get("rows_from", ()) for row in shared["rows"][name]]
    return {"key": table["key"], "columns": shared["columns"][table["columns_from"]], "rows": rows}


def _places(parts: Iterable[Part]) -> Iterator[Place]:
    for part in parts:
        for row in part.rows or (part.line,):
            for column in part.columns:
                yield Place(part.table, row, column.key)


def _spellings(entry: dict[str, Any]) -> Iterator[str]:
    for text in (entry["label"], *entry.get("variants", ())):
        yield NUMBERING.sub("", fold(text))


def _entries(data: dict[str, Any], shared: dict[str, Any]) -> Iterator[tuple[str, Label]]:
    for table in data["tables"]:
        for block in table.get("blocks") or [_whole(table, shared)]:
            if "caption" in block:
                yield fold(block["caption"]), Label("caption", table["key"], block["key"], block["key"])
            for entry in block["columns"]:
                for word in _spellings(entry):
                    yield word, Label("column", table["key"], block["key"], entry["key"])
            for row in block["rows"]:
                key = f"{block['key']}.{row['key']}" if "blocks" in table else row["key"]
                for word in _spellings(row):
                    yield word, Label("row", table["key"], block["key"], key)
                    yield PARENTHESIS.sub("", word), Label("row", table["key"], block["key"], key)
        for name in table.get("sister_rows_from", ()):
            for row in shared["rows"][name]:
                for word in _spellings(row):
                    yield word, Label("row", table["key"], table["key"], row["key"])
        if "rows_from" in table:
            for key, label in shared["groups"].items():
                yield NUMBERING.sub("", fold(label)), Label("group", table["key"], table["key"], key)
    for word in data["furniture"]:
        yield fold(word), Label("furniture", "", "", "")


def _needles(data: dict[str, Any], shared: dict[str, Any]) -> Iterator[tuple[str, Label]]:
    for table in data["tables"]:
        for name in (*table.get("rows_from", ()), *table.get("sister_rows_from", ())):
            for row in shared["rows"][name]:
                if "match" in row:
                    yield fold(row["match"]), Label("row", table["key"], table["key"], row["key"])
    for word in data["furniture"]:
        yield fold(word), Label("furniture", "", "", "")


def _row_sums(identities: Iterable[Identity], places: tuple[Place, ...]) -> Iterator[tuple[str, tuple[Place, ...], int]]:
    for identity in identities:
        for _, left, right in identity.places:
            members = tuple(places[index] for index in (*left, *right))
            if len({place.row for place in members}) == 1:
                yield identity.id, members, len(left)


def _identity(entry: dict[str, Any], places: tuple[Place, ...]) -> Identity:
    index = {place: number for number, place in enumerate(places)}
    table, per = entry["table"], entry.get("per")
    rows = list(dict.fromkeys(place.row for place in places if place.table == table))
    columns = list(dict.fromkeys(place.column for place in places if place.table == table))

    def members(side: str, at: str) -> tuple[int, ...]:
        keys = [(key, at) if per == "column" else (at, key) for key in entry[side]]
        return tuple(index[Place(table, row, column)] for row, column in keys)

    names = columns if per == "column" else rows
    return Identity(entry["id"], tuple((name, members("left", name), members("right", name)) for name in names))
