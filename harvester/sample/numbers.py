"""The true counts of every organ and year: drawn for a single body, added up for a government, linked from year to year."""

from __future__ import annotations

from collections import Counter
from functools import cache
from hashlib import blake2b

from harvester.sample.labels import APPLICANTS, DISPUTES, RESULTS, Place, outcomes
from harvester.sample.places import FIRST_YEAR, ORGANS, Organ

Sheet = dict[Place, int]
SHARES = {
    "natural_person": 780,
    "commercial_enterprise": 130,
    "research_institution": 8,
    "social_welfare_org": 6,
    "legal_service_org": 55,
    "other_org": 21,
}
# How requests end, in parts of the whole; the order is that of the form of 2021.
PARTS = (420, 90, 4, 9, 6, 30, 22, 18, 24, 26, 170, 60, 22, 28, 16, 3, 5, 12, 14, 2, 19)
WEIGHTS = dict(zip(outcomes("national_2021"), PARTS, strict=True))


class Dice:
    """Numbers that look drawn and are the same on every machine and every Python: a linear congruence seeded with words."""

    def __init__(self, *key: object) -> None:
        self.state = int.from_bytes(blake2b("|".join(map(str, key)).encode(), digest_size=8).digest(), "big")

    def between(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both possible; ``low`` when the range is empty."""
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return low + (self.state >> 33) % max(1, high - low + 1)

    def weighted(self, weights: dict[str, int]) -> str:
        """A key of ``weights``, as often as its weight says."""
        left = self.between(0, sum(weights.values()) - 1)
        for key, weight in weights.items():
            left -= weight
            if left < 0:
                return key
        raise AssertionError("weights are never empty")


@cache
def sheet(key: str, year: int) -> Sheet:
    """All counts of an organ for a year under the keys of both forms; amounts in whole 元. A body with parts is their sum."""
    organ = ORGANS[key]
    if not organ.parts:
        return _proactive(organ, year) | _requests(organ, year) | _disputes(organ, year)
    total: Counter[Place] = Counter()
    for part in organ.parts:
        for place, count in sheet(part, year).items():
            total[place] += count
    return dict(total)


def _requests(organ: Organ, year: int) -> Sheet:
    columns = {column: _applicant(organ.key, year, column) for column, _ in APPLICANTS}
    rows = next(iter(columns.values()))
    columns["total"] = {row: sum(counts[row] for counts in columns.values()) for row in rows}
    return {("table_3", row, column): counts[row] for column, counts in columns.items() for row in rows}


@cache
def _applicant(key: str, year: int, column: str) -> dict[str, int]:
    """One column of table 3; what it carried over is what it carried forward a year before."""
    dice = Dice("requests", key, year, column)
    size = ORGANS[key].size
    carried = _applicant(key, year - 1, column)["carried_forward"] if year > FIRST_YEAR else dice.between(0, size * SHARES[column] // 40000)
    mean = size * SHARES[column] * (100 + 6 * (year - FIRST_YEAR)) // 100000
    new = dice.between(mean * 7 // 10, mean * 13 // 10) if mean else dice.between(0, 8) // 8
    forward = dice.between(0, min(new + carried, 1 + new // 12)) if new else 0
    ends = Counter(dice.weighted(WEIGHTS) for _ in range(new + carried - forward))
    counts = {"new_received": new, "carried_over": carried, "total_handled": new + carried - forward, "carried_forward": forward}
    others = sum(ends[row] for row in WEIGHTS if row.startswith("other_"))
    return counts | {row: ends[row] for row in WEIGHTS} | {"other_handling": others}


def _disputes(organ: Organ, year: int) -> Sheet:
    dice = Dice("disputes", organ.key, year)
    counts: Sheet = {}
    for dispute, rarity in zip(DISPUTES, (9, 14, 30), strict=True):
        parts = {result: dice.between(0, organ.size // rarity) // (1 + index) for index, (result, _) in enumerate(RESULTS[:-1])}
        parts["total"] = sum(parts.values())
        counts |= {("table_4", "cases", f"{dispute}_{result}"): count for result, count in parts.items()}
    return counts


def _proactive(organ: Organ, year: int) -> Sheet:
    dice = Dice("proactive", organ.key, year)
    decisions = {row: dice.between(organ.size * low, organ.size * high) * organ.powers for row, low, high in DECISIONS}
    sheet_2: Sheet = {("table_2", row, "decisions"): count for row, count in decisions.items()}
    sheet_2["table_2", "administrative_fees", "amount"] = dice.between(0, organ.size * 90_000) * organ.powers
    sheet_2["table_2", "central_procurement", "projects"] = projects = dice.between(organ.size // 20, organ.size // 4)
    sheet_2["table_2", "central_procurement", "amount"] = sum(dice.between(20_000, 900_000) for _ in range(projects))
    for row in ("regulations", "normative_documents"):
        sheet_2 |= {("table_2", row, column): count for column, count in _documents(organ.key, year, row).items()}
    for row in ITEMS:
        sheet_2 |= {("table_2", row, column): count for column, count in _items(organ.key, year, row).items()}
    return sheet_2


DECISIONS = (("licensing", 15, 60), ("other_management_services", 2, 12), ("penalties", 2, 9), ("coercive_measures", 0, 1))
ITEMS = ("licensing", "other_management_services", "penalties", "coercive_measures", "administrative_fees")


@cache
def _documents(key: str, year: int, row: str) -> dict[str, int]:
    """A row of 第二十条第（一）项 for both forms: what is in force is last year's, plus issued, less repealed."""
    organ, dice = ORGANS[key], Dice("documents", key, year, row)
    if row == "regulations" and not organ.makes_rules:
        return dict.fromkeys(("issued", "repealed", "in_force", "newly_made", "newly_disclosed", "total_disclosed"), 0)
    stock = 9 if row == "regulations" else organ.size // 3
    before = _documents(key, year - 1, row) if year > FIRST_YEAR else {"in_force": stock, "total_disclosed": stock}
    issued = dice.between(0, 2 if row == "regulations" else 1 + organ.size // 12)
    repealed = dice.between(0, min(before["in_force"], 1 + issued // 2))
    shown = dice.between(issued * 3 // 4, issued)
    counts = {"issued": issued, "repealed": repealed, "in_force": before["in_force"] + issued - repealed, "newly_made": issued}
    return counts | {"newly_disclosed": shown, "total_disclosed": before["total_disclosed"] + shown}


@cache
def _items(key: str, year: int, row: str) -> dict[str, int]:
    """A row of the power lists of the form of 2019: this year's start is last year's start plus last year's change."""
    organ, dice = ORGANS[key], Dice("items", key, year, row)
    if year == FIRST_YEAR:
        start = organ.size * organ.powers * (1 + ITEMS.index(row) % 3) // 2
    else:
        before = _items(key, year - 1, row)
        start = before["items_prev_year"] + before["items_change"]
    return {"items_prev_year": start, "items_change": dice.between(-(start // 6), start // 9)}
