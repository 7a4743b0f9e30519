"""Invented reports of both modern forms: what each cell prints, and the number a reader should make of it."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from benchmarks.accuracy import blanks, numerals
from harvester import forms

Place = tuple[str, str, str]
Number = int | float

FORMS = ("national_2019", "national_2021")
APPLICANTS = ("natural_person", "commercial_enterprise", "research_institution", "social_welfare_org", "legal_service_org", "other_org")
NOT_OUTCOMES = ("new_received", "carried_over", "total_handled", "carried_forward")
RESULTS = ("upheld", "corrected", "other_result", "pending")
LITIGATION = ("review", "litigation_direct", "litigation_after_review")
# Most reporters are bureaus and townships that receive nothing or a handful; cities sum hundreds to thousands.
SCALES = {"none": 30, "tiny": 33, "small": 20, "city": 13, "province": 4}
REQUESTS = {"none": (0, 0), "tiny": (1, 6), "small": (7, 60), "city": (100, 900), "province": (1000, 30000)}
# Common outcomes; every other one is rare.
COMMON = {"granted": 12.0, "partially_granted": 4.0, "unable_not_held": 8.0, "denied_third_party_rights": 1.0, "not_processed_repeat": 1.0}


class Entry(NamedTuple):
    """One cell: the string it prints, and its number; ``value`` None is a cell that prints none (empty, ``/``, 无)."""

    printed: str
    value: Number | None


@dataclass(slots=True)
class Truth:
    """An invented report. ``cells`` has every place of the form; ``broken`` tells that it was made to break its own sums."""

    form: str
    scale: str
    broken: bool
    cells: dict[Place, Entry] = field(default_factory=dict)


def make(seed: str, form: str | None = None, full: bool = False) -> Truth:
    """A report by ``seed``. ``full``: every cell prints a number (for layouts that cannot print an empty cell)."""
    rng = random.Random(seed)
    truth = Truth(form or rng.choice(FORMS), rng.choices(list(SCALES), list(SCALES.values()))[0], rng.random() < 0.2)
    values = _values(rng, truth)
    if truth.broken:
        _break(rng, values)
    printed = numerals.printed(rng, truth.form, values)
    if not full:
        blanks.spread(rng, printed, values)
    truth.cells = {place: Entry(text, values[place] if blanks.is_number(text) else None) for place, text in printed.items()}
    return truth


def _values(rng: random.Random, truth: Truth) -> dict[Place, Number]:
    """A number for each place of the form, in print order; all sums hold."""
    values: dict[Place, Number] = dict.fromkeys(forms.load(truth.form).places, 0)
    _requests(rng, truth.scale, values)
    _disputes(rng, truth.scale, values)
    for place in values:
        if place[0] == "table_2":
            values[place] = _proactive(rng, truth.scale, place)
    return values


def _requests(rng: random.Random, scale: str, values: dict[Place, Number]) -> None:
    outcomes = outcome_rows(values)
    weights = [COMMON.get(row, 0.3 if rng.random() < 0.5 else 0.0) for row in outcomes]
    few = [1.0, *(rng.choice((0.0, 0.02, 0.2)) for _ in APPLICANTS[1:])] if rng.random() < 0.5 else [1.0, *[0.0] * 5]
    for column, new in zip(APPLICANTS, split(rng, rng.randint(*REQUESTS[scale]), few)):
        carried = rng.randint(0, new // 8) if rng.random() < 0.5 else 0
        forward = rng.randint(0, (new + carried) // 6) if rng.random() < 0.6 else 0
        handled = new + carried - forward
        for row, value in zip(NOT_OUTCOMES, (new, carried, handled, forward)):
            values["table_3", row, column] = value
        for row, value in zip(outcomes, split(rng, handled, weights)):
            values["table_3", row, column] = value
    for row in (*NOT_OUTCOMES, *outcomes):
        values["table_3", row, "total"] = sum(values["table_3", row, column] for column in APPLICANTS)


def outcome_rows(places: Iterable[Place]) -> list[str]:
    """The rows of table 3 that add up to （七）总计."""
    return [row for table, row, column in places if table == "table_3" and column == "total" and row not in NOT_OUTCOMES]


def _disputes(rng: random.Random, scale: str, values: dict[Place, Number]) -> None:
    most = {"none": 0, "tiny": 1, "small": 6, "city": 90, "province": 600}[scale]
    for group in LITIGATION:
        cases = rng.randint(0, most) if rng.random() < 0.7 else 0
        for result, value in zip(RESULTS, split(rng, cases, [5, 1, 2, 2])):
            values["table_4", "cases", f"{group}_{result}"] = value
        values["table_4", "cases", f"{group}_total"] = cases


def _proactive(rng: random.Random, scale: str, place: Place) -> Number:
    most = {"none": 3, "tiny": 20, "small": 300, "city": 9000, "province": 900_000}[scale]
    if place[2] == "amount":
        return round(rng.uniform(0, most * 9), rng.choice((0, 1, 2, 4, 4, 6))) if rng.random() < 0.6 else 0
    if rng.random() < 0.35 or place[1].endswith("regulations"):
        return rng.choice((0, 0, 0, 0, 1, 3)) if scale in ("city", "province") else 0
    value = rng.randint(0, max(1, int(most ** rng.uniform(0.3, 1))))
    return -value if place[2] == "items_change" and rng.random() < 0.4 else value


def split(rng: random.Random, total: int, weights: Sequence[float]) -> list[int]:
    """``total`` in as many parts as ``weights``, by chance in their proportion."""
    parts = [0] * len(weights)
    sure = 0 if total < 300 else int(total * 0.9)  # what need not be drawn one by one
    for number, weight in enumerate(weights):
        parts[number] = int(sure * weight / sum(weights))
    for number in rng.choices(range(len(parts)), weights, k=total - sum(parts)):
        parts[number] += 1
    return parts


def _break(rng: random.Random, values: dict[Place, Number]) -> None:
    """The report's own errors: one to three cells mistyped, totals not brought up to date, a flow that does not close."""
    for _ in range(rng.choice((1, 1, 2, 3))):
        rng.choice((_mistyped, _total_forgotten, _outcomes_off, _flow_open, _dispute_off))(rng, values)


def _mistyped(rng: random.Random, values: dict[Place, Number]) -> None:
    table_3 = [place for place in values if place[0] == "table_3"]
    place = rng.choice([place for place in table_3 if values[place]] or table_3)
    value = int(values[place])
    digits = str(value)
    slips = [value + 1, value + 10, abs(value - 1), int(digits[::-1]), int(digits + digits[-1]), int(digits[1:] or 0)]
    values[place] = rng.choice([slip for slip in slips if slip != value])


def _total_forgotten(rng: random.Random, values: dict[Place, Number]) -> None:
    """A row's applicants changed and its 总计 did not."""
    row = rng.choice(outcome_rows(values))
    values["table_3", row, rng.choice(APPLICANTS)] += rng.choice((1, 1, 2, 5))


def _outcomes_off(rng: random.Random, values: dict[Place, Number]) -> None:
    """The （七）总计 of one column says another number than the outcomes above it."""
    place = ("table_3", "total_handled", rng.choice((*APPLICANTS, "total")))
    values[place] = max(0, values[place] + rng.choice((-1, 1, 2, -3, 10))) or 1


def _flow_open(rng: random.Random, values: dict[Place, Number]) -> None:
    values["table_3", rng.choice(("carried_forward", "carried_over")), rng.choice((*APPLICANTS, "total"))] += rng.choice((1, 1, 2, 7))


def _dispute_off(rng: random.Random, values: dict[Place, Number]) -> None:
    values["table_4", "cases", f"{rng.choice(LITIGATION)}_{rng.choice((*RESULTS, 'total'))}"] += rng.choice((1, 1, 3))
