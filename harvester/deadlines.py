"""By when a report had to be published as the law of its time had it, and how late it was, with what speaks against its printed day."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

LAST_DAY = "03-31"  # of the next year: the last day that either Regulations know. Where there is no deadline nobody is missed before it.
YEAR = 365  # days after the deadline from which a printed day says more about the site than about the organ


class Deadline(NamedTuple):
    """``day`` as ISO date, None where the law sets none; ``basis`` the article, in Chinese and English."""

    day: str | None
    basis: str


class Lateness(NamedTuple):
    """``days`` after the deadline, 0 on time, None where it cannot be told; ``note`` why not, or why the number is not certain."""

    days: int | None
    note: str


@cache
def deadline(year: int, level: str, scope: str) -> Deadline:
    """When the report of ``year`` was due, of an organ of this level (``authority_levels``) that reports for this scope.

    Source: 政府信息公开条例 (2007) 第三十一条 for report years to 2018, (2019) 第四十九条 from 2019 (``deadlines.toml``).
    """
    for rule in _data()["rules"]:
        if year <= rule.get("to", year) and level in rule.get("levels", [level]) and scope in rule.get("scopes", [scope]):
            return Deadline(f"{year + 1}-{rule['day']}" if rule["day"] else None, rule["basis"])
    return Deadline(None, _data()["rules"][0]["basis"])


def due(year: int, day: str | None) -> str:
    """The day (ISO) after which a report that is not there is missed: its deadline, or the last that the law knows for anybody."""
    return day or f"{year + 1}-{LAST_DAY}"


def lateness(year: int, day: str | None, published: str | None, first_seen: str, shared: bool) -> Lateness:
    """How late the report of ``year`` is that prints ``published`` (ISO date) and was due on ``day``.

    ``first_seen``: when an archive first saw it; ``shared``: reports of other years bear the same day on that portal.
    """
    printed = _day(published)
    if printed is None:
        return Lateness(None, note("no_date") if day else "")
    if printed.year <= year:
        return Lateness(None, note("before_year_end"))
    if day is None:
        return Lateness(None, "")
    days = max((printed - date.fromisoformat(day)).days, 0)
    signs = (("after_first_seen", printed.isoformat() > first_seen[:10] > ""), ("shared_day", shared), ("years_later", days > YEAR))
    return Lateness(days, next((note(name) for name, told in signs if told and days), ""))


def plausible(year: int, published: str | None) -> bool:
    """Whether a report of ``year`` can have been published that day: its year was over."""
    printed = _day(published)
    return printed is not None and printed.year > year


def note(name: str) -> str:
    """The words of a note of ``deadlines.toml``."""
    return str(_data()["notes"][name])


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("harvester.data").joinpath("deadlines.toml").read_text("utf-8"))
