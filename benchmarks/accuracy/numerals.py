"""How reports print a number: plainly, mostly; with separators, signs, units and full-width digits, sometimes."""

from __future__ import annotations

import random
from collections.abc import Mapping

Place = tuple[str, str, str]
Number = int | float
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
STYLES = {"plain": 82, "thousands": 9, "wide": 4, "unit": 5}
SIGNS = {"-": ("-{}", "-{}", "-{}", "－{}", "减{}", "减少{}", "↓{}"), "+": ("{}", "{}", "{}", "+{}", "增{}", "↑{}")}


def printed(rng: random.Random, form: str, values: Mapping[Place, Number]) -> dict[Place, str]:
    """The string of each cell; one habit a report, as one clerk types it."""
    style = rng.choices(list(STYLES), list(STYLES.values()))[0]
    signs = {sign: rng.choice(ways) for sign, ways in SIGNS.items()}
    texts = {place: _signed(place, value, signs, style) for place, value in values.items()}
    if form == "national_2019" and rng.random() < 0.3:
        amount = ("table_2", "art20_9.central_procurement", "amount")
        texts[amount] += rng.choice(("万元", "元"))
    return texts


def _signed(place: Place, value: Number, signs: Mapping[str, str], style: str) -> str:
    if place[2] != "items_change" or not value:
        return _number(value, style, place)
    return signs["-" if value < 0 else "+"].format(_number(abs(value), style, place))


def _number(value: Number, style: str, place: Place) -> str:
    text = f"{value:,}" if style == "thousands" else str(value)
    if isinstance(value, float) and text.endswith(".0"):
        text = text[:-2]
    if style == "unit" and place[0] == "table_2" and place[2] == "decisions":
        return text + "件"
    return text.translate(WIDE) if style == "wide" else text
