"""What must hold before the figures of a run are handed on: limits as data, and how a measure stands against its limit."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, NamedTuple

from harvester.errors import UsageError

Outcome = Literal["pass", "fail", "unknown"]


class Measure(NamedTuple):
    """``value`` of a measure, None when there is nothing to compare with; ``of`` how many things a share is a share of."""

    value: float | None
    of: int = 0


@dataclass(frozen=True, slots=True)
class Assertion:
    """A table of ``assertions.toml``: its name is that of the measure it limits.

    ``at_most`` / ``at_least`` is the limit, ``of_at_least`` how many things a share must be a share of to mean anything, ``few`` how many
    of them are never too many, whatever share they are, ``begins`` and ``ends`` (``MM-DD``) the part of the year it holds in. ``blocks``:
    publication waits; else it is only told. ``unit``: ``share`` for one.
    """

    key: str
    zh: str
    en: str
    why_zh: str
    why_en: str
    do_zh: str
    do_en: str
    at_most: float | None = None
    at_least: float | None = None
    of_at_least: int = 0
    few: int = 0
    begins: str = "01-01"
    ends: str = "12-31"
    blocks: bool = True
    unit: str = ""


class Verdict(NamedTuple):
    """An assertion held against a run; ``unknown``: there was nothing to compare with, too little, or it is not the time of year."""

    assertion: Assertion
    measure: Measure
    outcome: Outcome

    @property
    def blocks(self) -> bool:
        return self.outcome == "fail" and self.assertion.blocks

    def told(self) -> str:
        """The verdict in one line: what is wrong, and the mend."""
        return f"{self.assertion.en}: {self.found()}, {self.limit()}; {self.assertion.do_en}"

    def found(self) -> str:
        return "-" if self.measure.value is None else printed(self.measure.value, self.assertion.unit)

    def limit(self) -> str:
        """The limit in words that stand between two languages: ``≤ 2%``."""
        least = self.assertion.at_least
        sign, limit = ("≤", self.assertion.at_most) if least is None else ("≥", least)
        return f"{sign} {printed(limit or 0, self.assertion.unit)}"


def printed(value: float, unit: str) -> str:
    """A share as percent, anything else as a plain number."""
    return f"{value * 100:.1f}%".replace(".0%", "%") if unit == "share" else f"{value:,.1f}".removesuffix(".0")


def load(path: Path | None = None) -> list[Assertion]:
    """The assertions of ``assertions.toml``; a file at ``path`` changes single settings of them by name, no more.

    Raises :class:`UsageError` for a file that is none, and for a name or a setting that does not exist.
    """
    tables = tomllib.loads(files("harvester.data").joinpath("assertions.toml").read_text("utf-8"))
    for key, changes in (_own(path) if path else {}).items():
        if key not in tables:
            raise UsageError(f"{path}: there is no assertion {key!r}; those are {', '.join(tables)}")
        if not isinstance(changes, dict) or (unknown := set(changes) - {field.name for field in fields(Assertion)}):
            raise UsageError(
                f"{path}: {key}: {', '.join(sorted(unknown)) if isinstance(changes, dict) else 'no table'} is no setting of one"
            )
        tables[key] |= changes
    return [Assertion(key, **table) for key, table in tables.items()]


def _own(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: no assertions can be read from it ({error})") from error


def judge(assertions: list[Assertion], measures: Mapping[str, Measure], day: str) -> list[Verdict]:
    """A verdict for each assertion on ``day`` (``YYYY-MM-DD``)."""
    found = [(one, measures.get(one.key, Measure(None))) for one in assertions]
    return [Verdict(one, measure, _outcome(one, measure, day)) for one, measure in found]


def _outcome(assertion: Assertion, measure: Measure, day: str) -> Outcome:
    if measure.value is None or measure.of < assertion.of_at_least or not assertion.begins <= day[5:] <= assertion.ends:
        return "unknown"
    too_few = assertion.few and round(measure.value * measure.of) <= assertion.few
    too_much = assertion.at_most is not None and measure.value > assertion.at_most and not too_few
    too_little = assertion.at_least is not None and measure.value < assertion.at_least
    return "fail" if too_much or too_little else "pass"
