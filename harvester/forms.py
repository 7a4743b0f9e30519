"""The official forms, each a file of ``data/forms``, and which of them a document's tables print (no label and no year stands in code)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from harvester.form import Column, Form, Identity, Indicator, Label, Part, Place, Role, loose
from harvester.spelling import NUMBERING, PARENTHESIS, bare, fold

__all__ = [
    "NUMBERING",
    "Column",
    "Form",
    "Label",
    "Part",
    "Place",
    "Role",
    "contenders",
    "detect",
    "fold",
    "form_ids",
    "load",
    "shared_rows",
    "toml",
]

LEAST = 1 / 3  # share of a form's rows that names it where none of its own words is printed: a few rows stand in anybody's table


@cache
def form_ids() -> tuple[str, ...]:
    """Ids of the forms that have tables, newest first: an id ends in the year the form came into use."""
    names = (entry.name[:-5] for entry in files("harvester.data").joinpath("forms").iterdir() if entry.name.endswith(".toml"))
    return tuple(sorted((name for name in names if name != "shared"), key=lambda name: (name.rpartition("_")[2], name), reverse=True))


@cache
def load(form_id: str) -> Form:
    """The form of this id. Raises :class:`KeyError` for an unknown one."""
    if form_id not in form_ids():
        raise KeyError(form_id)
    data, shared = toml(form_id), toml("shared")
    parts = tuple(part for table in data["tables"] for part in _parts(table, shared))
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
        detect_all=data.get("detect_all", False),
        parts=parts,
        sister_rows=_listed(data, shared, "sister_rows_from"),
        replaced_rows=_listed(data, shared, "sister_rows_for"),
        identities=identities,
        places=places,
        labels=labels,
        needles=tuple(_needles(data, shared)),
        indicators={entry.key: entry for table in data["tables"] for entry in _indicators(table, data["status"])},
        row_sums=tuple(_row_sums(identities, places)),
    )


def _listed(data: dict[str, Any], shared: dict[str, Any], key: str) -> frozenset[tuple[str, str]]:
    return frozenset((table["key"], row["key"]) for table in data["tables"] for name in table.get(key, ()) for row in shared["rows"][name])


def detect(words: Iterable[str]) -> Form | None:
    """The form the tables print; None when they print none (a prose report). By labels, never by year."""
    return next(iter(contenders(words)), None)


def contenders(words: Iterable[str], around: Iterable[str] = ()) -> list[Form]:
    """The forms whose own words the tables print, the one with most of its rows first; of the matrices only the one with most words.

    Where no form's own word is printed, the form with most of its rows, when that is a third of them. Rows alone do not tell the matrices
    apart: then the words of the text ``around`` the tables do, when it has any.
    """
    cells = set(words)
    printed = _run(cells)
    matrix, others = _matrix(cells, printed), [form for form in _all() if form.indicators and form.cued(printed)]
    if not others:
        return [matrix] if matrix else _by_rows(cells, around) if printed else []
    found = others + ([matrix] if matrix else [])
    return sorted(found, key=lambda form: (-form.share(cells), bool(form.indicators)))


def _matrix(cells: set[str], printed: str) -> Form | None:
    forms = [form for form in _all() if not form.indicators]
    best = max(forms, key=lambda form: len(cells.intersection(form.detect)))
    if cells.isdisjoint(best.detect):  # no label stands whole in a cell of its own: broken by spaces, or among other words
        best = max(forms, key=lambda form: form.cued(printed))
    return best if best.cued(printed) else None


def _by_rows(cells: set[str], around: Iterable[str]) -> list[Form]:
    best = max(_all(), key=lambda form: form.share(cells))
    if best.share(cells) < LEAST:
        return []
    text = set() if best.indicators else set(around)
    return [_matrix(text, _run(text)) or best]


def _run(texts: set[str]) -> str:
    return "\n".join(texts).replace(" ", "")


@cache
def _all() -> tuple[Form, ...]:
    return tuple(map(load, form_ids()))


def toml(name: str) -> dict[str, Any]:
    """What a form file says, as it stands in it."""
    return tomllib.loads(files("harvester.data").joinpath("forms", f"{name}.toml").read_text("utf-8"))


@cache
def shared_rows() -> dict[str, dict[str, str]]:
    """What the file of the modern forms says of each row of table 3, by its key: its ``numeral``, the ``group`` it stands in."""
    return {row["key"]: row for rows in toml("shared")["rows"].values() for row in rows}


def _parts(table: dict[str, Any], shared: dict[str, Any]) -> Iterator[Part]:
    for block in table.get("blocks") or [_whole(table, shared)]:
        columns = tuple(
            Column(
                entry["key"],
                frozenset(_spellings(entry)),
                entry.get("unit", table.get("unit")),
                entry.get("decimal", False),
                frozenset(map(fold, entry.get("group", ()))),
                entry.get("signed", False),
            )
            for entry in block["columns"]
        )
        rows = tuple(f"{block['key']}.{row['key']}" if "blocks" in table else row["key"] for row in block["rows"])
        yield Part(table["key"], block["key"], columns, rows, table.get("line", ""))


def _whole(table: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    if "indicators" in table:
        rows = [row for row in table["indicators"] if "unit" in row]
        return {"key": table["key"], "columns": table["columns"], "rows": rows}
    rows = [row for name in table.get("rows_from", ()) for row in shared["rows"][name]]
    return {"key": table["key"], "columns": shared["columns"][table["columns_from"]], "rows": rows}


def _indicators(table: dict[str, Any], status: str) -> Iterator[Indicator]:
    for row in table.get("indicators", ()):
        parent, code = row.get("parent", ""), row.get("code", "")
        yield Indicator(row["key"], row["label"], row.get("unit"), parent, code, row.get("status", status))


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
        if "indicators" in table:
            yield from _indicator_words(table, shared["indicators"]["heads"])
            continue
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
    for word in data.get("furniture", ()):
        yield fold(word), Label("furniture", "", "", "")


def _indicator_words(table: dict[str, Any], heads: dict[str, list[str]]) -> Iterator[tuple[str, Label]]:
    """Bare names of an indicator table. A row without unit is a chapter; what heads a column that carries no figure is furniture."""
    key = table["key"]
    for row in table["indicators"]:
        for name in map(bare, (row["label"], *row.get("variants", ()))):
            label = Label("row" if "unit" in row else "group", key, key, row["key"])
            yield from ((word, label) for word in {name, loose(name)})
    for column in table["columns"]:
        for text in (column["label"], *column.get("variants", ())):
            yield bare(text.replace("{year}", "Y")), Label("column", key, key, column["key"])
    for kind, words in heads.items():
        yield from ((bare(word), Label("furniture", key, "", kind)) for word in words)


def _needles(data: dict[str, Any], shared: dict[str, Any]) -> Iterator[tuple[str, Label]]:
    for table in data["tables"]:
        for word in shared["indicators"]["furniture"] if "indicators" in table else ():
            yield fold(word), Label("furniture", table["key"], "", "around")
        for name in (*table.get("rows_from", ()), *table.get("sister_rows_from", ())):
            for row in shared["rows"][name]:
                if "match" in row:
                    yield fold(row["match"]), Label("row", table["key"], table["key"], row["key"])
    for word in data.get("furniture", ()):
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
    found = tuple((name, members("left", name), members("right", name)) for name in names)
    return Identity(entry["id"], found, entry.get("status", ""))
