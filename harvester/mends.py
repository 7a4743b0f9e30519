"""What an operator can do about a portal that is not complete, by its outcome and the words of its reason; rules as data."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Mend(NamedTuple):
    """One advice in both languages."""

    zh: str
    en: str


NONE = Mend("", "")


def mend(outcome: str, reason: str) -> Mend:
    """What to do about a portal with this outcome and reason; nothing for one that is complete."""
    fits = (advice for kind, pattern, advice in _rules() if kind == outcome and pattern.search(reason))
    return next(fits, NONE)


@cache
def _rules() -> tuple[tuple[str, re.Pattern[str], Mend], ...]:
    lines = csv.DictReader(files("harvester.data").joinpath("mends.csv").read_text("utf-8").splitlines())
    return tuple((line["outcome"], re.compile(line["pattern"]), Mend(line["zh"], line["en"])) for line in lines)
