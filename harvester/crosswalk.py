"""What a line of one era's form is in another's: the same, a sum, a part, or nothing that compares; and what the law says about each line.

A key names a line: the row of table 3 or of an indicator form, the column of table 4, row and column of table 2. What is said of a row
holds of each of its columns. Eras are compared from the older form to the newer.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import combinations, product
from typing import NamedTuple

from harvester import forms

NO_LINE = ("{to} 无对应的行", "No line of {to} counts this")
SAME = ("两版为同一行", "The same line in both")
# What the article says is not what the line is called: which article a line counts by is then our reading, and nobody's word.
UNCONFIRMED = "（对应关系未经核实 / unconfirmed: our reading）"
UNITS = ("；单位不同：{old}、{new}", "; units differ: {old}, {new}")


class Crossing(NamedTuple):
    """How ``from_key`` compares with ``to_key`` of a later form.

    ``comparability``: ``same``; ``sum``: of the keys marked so on the side where there are several; ``part``: one holds more than the
    other; ``not_comparable``: never one series, ``to_key`` is the line that looks like it, or None.
    """

    from_form: str
    from_key: str
    to_form: str
    to_key: str | None
    comparability: str
    note_zh: str
    note_en: str


class Key(NamedTuple):
    """A line of a form: its table, the places' row and column where they name it, its unit, and what the law says about it."""

    form: str
    key: str
    table: str
    row: str
    column: str
    unit: str
    first_year: int
    last_year: int | None
    legal_basis: str


def eras() -> list[str]:
    """Ids of the forms, oldest first."""
    return list(reversed(forms.form_ids()))


@cache
def keys(form_id: str) -> dict[str, Key]:
    """The lines of a form by their keys, in print order; chapters carry no number and are none."""
    form, era = forms.load(form_id), _eras()[form_id]
    units = {
        (part.table, row, column.key): column.unit for part in form.parts for row in part.rows or (part.line,) for column in part.columns
    }
    found: dict[str, Key] = {}
    for table, row, column in form.places:
        if form.indicators and form.indicators[row].unit is None:
            continue
        key, named = _named(table, row, column)
        unit = (form.indicators[row].unit if form.indicators else units.get((table, row, column))) or ""
        last = int(era["last_year"]) if era["last_year"] else None
        basis = _article(key) if table != "statistics" else ""
        found.setdefault(key, Key(form_id, key, table, *named, unit, int(era["first_year"]), last, basis or era["basis_zh"]))
    return found


@cache
def crossings() -> tuple[Crossing, ...]:
    """For every key of every form and every later form at least one row."""
    return tuple(row for old, new in combinations(eras(), 2) for key in keys(old) for row in _crossed(old, key, new))


def _named(table: str, row: str, column: str) -> tuple[str, tuple[str, str]]:
    """The key of a place's line, and the row and column that its name is made of."""
    if table == "table_2":
        return f"{row}.{column}", (row, column)
    return (column, ("", column)) if table == "table_4" else (row, (row, ""))


def _crossed(old: str, key: str, new: str) -> Iterator[Crossing]:
    told = _written().get((old, key, new))
    if told:
        yield from told
    elif key in keys(new):
        units = {"old": keys(old)[key].unit, "new": keys(new)[key].unit}
        notes = (note + (more.format(**units) if units["old"] != units["new"] else "") for note, more in zip(SAME, UNITS, strict=True))
        yield Crossing(old, key, new, key, "same", *notes)
    else:
        yield Crossing(old, key, new, None, "not_comparable", *(note.format(to=new) for note in NO_LINE))


@cache
def _written() -> dict[tuple[str, str, str], list[Crossing]]:
    """The rows of ``crosswalk.csv``, spelled out: every named key of the old forms with every named key of the new ones.

    ``=`` stands for the same key; where two lists of equal length are not a sum they go pair by pair.
    """
    found: dict[tuple[str, str, str], list[Crossing]] = {}
    for line in _rows("crosswalk.csv"):
        for old, new in product(line["from_forms"].split("|"), line["to_forms"].split("|")):
            for key, other in _pairs(line):
                if key in keys(old):
                    row = Crossing(old, key, new, other or None, line["comparability"], line["note_zh"], line["note_en"])
                    found.setdefault((old, key, new), []).append(row)
    return found


def _pairs(line: dict[str, str]) -> list[tuple[str, str]]:
    old, new = line["from_keys"].split("|"), line["to_keys"].split("|")
    if new == ["="]:
        return list(zip(old, old, strict=True))
    if line["comparability"] != "sum" and len(old) == len(new):
        return list(zip(old, new, strict=True))
    return list(product(old, new))


def _article(key: str) -> str:
    """The article that a line counts by; a name that ends in a dot or a line stands for all that begin so."""
    for line in _rows("legal_bases.csv"):
        name = line["key"]
        if key == name or (name[-1] in "._" and key.startswith(name)):
            return line["basis"] + (UNCONFIRMED if line["status"] == "unconfirmed" else "")
    return ""


@cache
def _eras() -> dict[str, dict[str, str]]:
    return {line["form"]: line for line in _rows("eras.csv")}


@cache
def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(files("harvester.data").joinpath(name).read_text("utf-8").splitlines()))
