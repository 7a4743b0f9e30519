"""What figures of different reports have to do with each other (data/cross_checks.toml), spelled out cell by cell for each form."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any, Literal, NamedTuple

from harvester import forms
from harvester.forms import Place

TERM = re.compile(r"([+-]?)(\w+)@Y(-1)?")
Kind = Literal["report", "years", "children", "incoming"]


class Term(NamedTuple):
    """A figure's part in a check of a report on ``form``.

    ``kind``: ``report`` the form's own arithmetic, ``years`` with the report of the year before, which is on the form ``before``,
    ``children`` a government's report with those it sums up, ``incoming`` the rows of it that show whether any is missing. ``side`` is 0
    left, 1 right; ``sign`` 1 or -1; ``years_back`` 1 for a figure of the year before.
    """

    kind: Kind
    form: str
    before: str
    check: str
    at: str
    place: Place
    years_back: int = 0
    side: int = 0
    sign: int = 1


class Child(NamedTuple):
    """A government of level ``parent`` sums up reports of this level and scope; ``below``: of the regions below its own."""

    parent: str
    level: str
    scope: str
    below: bool


def terms() -> list[Term]:
    """Every check of every form, the forms' own included."""
    loaded = [forms.load(form_id) for form_id in forms.form_ids()]
    places = {form.id: form.places for form in loaded}
    return [*(term for form in loaded for term in _within(form)), *between_years(places), *with_children(places)]


def between_years(places: Mapping[str, Iterable[Place]]) -> Iterator[Term]:
    """The terms of the identities between years, for forms with these places."""
    known = {form_id: frozenset(found) for form_id, found in places.items()}
    for entry in _data()["identities"]:
        used = [form_id for form_id in entry.get("forms", known) if form_id in known]
        for form_id, before in product(used, used):
            yield from _yearly(entry, form_id, before, known)


def with_children(places: Mapping[str, Iterable[Place]]) -> Iterator[Term]:
    """The terms of a government's report in the sums over its children, for forms with these places."""
    data = _data()["children"]
    for form_id, found in places.items():
        for place in found:
            if (place.table, place.column) == (data["table"], data["column"]):
                yield Term("children", form_id, "", data["id"], place.row, place)
                if place.row in data["incoming"]:
                    yield Term("incoming", form_id, "", data["id"], place.row, place)


def incoming() -> int:
    """In how many rows the sums must agree before a government's children count as complete."""
    return len(_data()["children"]["incoming"])


def children() -> list[Child]:
    """Whom governments of each level sum up."""
    data = _data()["children"]
    return [
        Child(government["level"], level, scope, below)
        for government in data["governments"]
        for below, levels, scopes in ((False, government["own"], data["own_scopes"]), (True, government["below"], data["below_scopes"]))
        for level in levels
        for scope in scopes
    ]


@cache
def strengths() -> dict[str, str]:
    """Check id -> how strong it is. ``recalled``: of a form that nobody has read in a full copy, so that we may be the one in error."""
    found: dict[str, str] = {}
    for form_id in forms.form_ids():
        form = forms.load(form_id)
        plain = "arithmetic" if form.status == "verbatim" else "recalled"
        found |= {identity.id: plain for identity in form.identities}
    data = _data()
    found |= dict.fromkeys(data["official"], "official")
    return found | {entry["id"]: entry["strength"] for entry in (*data["identities"], data["children"])}


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("harvester.data").joinpath("cross_checks.toml").read_text("utf-8"))


def _within(form: forms.Form) -> Iterator[Term]:
    for identity in form.identities:
        for at, left, right in identity.places:
            for side, indexes in enumerate((left, right)):
                yield from (Term("report", form.id, "", identity.id, at, form.places[index], side=side) for index in indexes)


def _yearly(entry: dict[str, Any], form_id: str, before: str, known: Mapping[str, frozenset[Place]]) -> Iterator[Term]:
    parsed = [(side, *_parsed(term)) for side, name in enumerate(("left", "right")) for term in entry[name]]
    per_column = entry["per"] == "column"
    for at in sorted({place.column if per_column else place.row for place in known[form_id] if place.table == entry["table"]}):
        found = [
            Term("years", form_id, before, entry["id"], at, Place(entry["table"], *((key, at) if per_column else (at, key))), *rest)
            for side, sign, key, years_back in parsed
            for rest in [(years_back, side, sign)]
        ]
        if all(term.place in known[before if term.years_back else form_id] for term in found):
            yield from found


def _parsed(term: str) -> tuple[int, str, int]:
    found = TERM.fullmatch(term)
    if not found:
        raise ValueError(f"cross_checks.toml: {term!r} is not [sign]key@Y or [sign]key@Y-1")
    return -1 if found[1] == "-" else 1, found[2], int(bool(found[3]))
