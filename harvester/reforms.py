"""Which organ came out of which: names that the reforms of the State Council's institutions gave up, and what took their place."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from itertools import product
from typing import NamedTuple

from harvester.organs import name_key

# 国土资源~ stands for whatever a government of its rank calls such a body.
UNCONFIRMED = "（未经核实 / unconfirmed）"  # what nobody has compared with the text that is named
ENDINGS = ("局", "厅", "委员会", "办公室", "部")


class Reform(NamedTuple):
    """``old`` and ``new`` are keys of names (:func:`harvester.organs.name_key`). ``relation``: ``renamed``, ``merged``, or ``split``, where
    the old organ goes on. ``on_date``: month of the reform in Peking; provinces, prefectures and counties followed within about a year."""

    old: str
    new: str
    relation: str
    on_date: str
    source: str


@cache
def reforms() -> tuple[Reform, ...]:
    """Every pair of names of ``organ_reforms.csv``."""
    rows = csv.DictReader(files("harvester.data").joinpath("organ_reforms.csv").read_text("utf-8").splitlines())
    found = {
        (old, new): Reform(old, new, row["relation"], row["on_date"], _source(row))
        for row in rows
        for old, new in product(_keys(row["old"]), _keys(row["new"]))
        if old != new
    }
    return tuple(found.values())


@cache
def given_up() -> dict[str, int]:
    """Key of a name -> the year in which a reform gave it up."""
    found: dict[str, int] = {}
    for reform in reforms():
        if reform.relation != "split":
            found[reform.old] = min(found.get(reform.old, 9999), int(reform.on_date[:4]))
    return found


def _source(row: dict[str, str]) -> str:
    return row["source"] + (UNCONFIRMED if row["status"] == "unconfirmed" else "")


def _keys(names: str) -> list[str]:
    return [name_key(name.replace("~", ending)) for name in names.split("|") for ending in (ENDINGS if "~" in name else ("",))]
