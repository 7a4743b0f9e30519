"""What stands in the cells: the true counts as each organ prints them, with its blanks, its units and its mistakes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from harvester.sample.labels import COLUMNS, OTHER_2019, OTHER_2021, Place, places
from harvester.sample.numbers import Sheet, sheet
from harvester.sample.places import FIRST_YEAR

Number = int | float
Cells = dict[Place, "Printed"]
Printed = tuple[str | None, Number | None]
"""The cell's string (None: the document has no such cell, "": an empty cell) and the number it tells (None: it tells none)."""

ABSENT: Printed = (None, None)
# Still on the form of 2019 when everybody else had moved on.
STRAY_2019 = {("shichang", 2022)}
# The first year of the new form, filled in with （六）其他处理 as one row, as in the old one.
OLD_OTHER_ROW = {("shuili", 2021)}

# Mistakes in the source, as printed: what is added to which cell. Each breaks exactly the identities in BROKEN.
SLIPS: dict[tuple[str, int], dict[Place, int]] = {
    # An outcome counted twice: the column adds up to more than its （七）总计.
    ("shuili", 2023): {("table_3", "granted", "natural_person"): 2, ("table_3", "granted", "total"): 2},
    # One company too many in the first row.
    ("shichang", 2021): {("table_3", "new_received", "commercial_enterprise"): 1},
    ("shuili", 2024): {("table_4", "cases", "review_total"): 1},
    # A request of this year entered as one of last year: this report adds up, the chain of the years breaks.
    ("shichang", 2024): {
        ("table_3", row, column): step
        for row, step in (("new_received", -1), ("carried_over", 1))
        for column in ("natural_person", "total")
    },
}
BROKEN: dict[tuple[str, int], set[tuple[str, str]]] = {
    ("shuili", 2023): {("t3_outcomes", "natural_person"), ("t3_outcomes", "total")},
    ("shichang", 2021): {("t3_applicants", "new_received"), ("t3_flow", "commercial_enterprise")},
    ("shuili", 2024): {("t4_review", "cases")},
    ("shichang", 2024): {("x_carry", "natural_person"), ("x_carry", "total")},
}
# The report that is corrected between the two editions: three requests too many at first, in the table and in the prose.
CORRECTED = ("qingshi", 2024)
FIRST_SLIP: dict[Place, int] = {("table_3", "new_received", "natural_person"): 3, ("table_3", "new_received", "total"): 3}
FIRST_BROKEN = {("t3_flow", "total")}  # its other columns leave a row blank: nothing can be said of them

# How organs leave cells blank that others fill with 0.
HABITS = {
    "gaoxin": ("slash",),
    "shuili": ("slash",),
    "qingshi": ("slash", "hollow"),
    "liudu": ("hollow", "wu"),
    "hewan": ("empty", "dash"),
}
# One report each with the unit in the cell, thousands separators, and full-width digits.
UNIT_IN_CELL = ("ziran", 2020)
SEPARATORS = ("qinglan", 2019)
FULL_WIDTH = ("songhe", 2020)
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def form_of(key: str, year: int) -> str:
    """Key of the form a report is printed on."""
    if year == FIRST_YEAR:
        return "narrative"
    return "national_2019" if year <= 2020 or (key, year) in STRAY_2019 else "national_2021"


def broken(key: str, year: int, edition: int) -> set[tuple[str, str]]:
    """The identities (check, at) a report fails, cross-year ones included; empty for nearly all."""
    return FIRST_BROKEN if (key, year) == CORRECTED and edition == 1 else BROKEN.get((key, year), set())


@cache
def cells(key: str, year: int, edition: int) -> Cells:
    """Every cell of the report's form, in print order, as this edition prints it; empty for prose."""
    form = form_of(key, year)
    if form == "narrative":
        return {}
    counts = _slipped(key, year, edition)
    shown = {place: _cell(key, year, place, counts) for place in places(form)}
    return _old_other_row(shown, counts) if (key, year) in OLD_OTHER_ROW else shown


def _slipped(key: str, year: int, edition: int) -> Sheet:
    slips = FIRST_SLIP if (key, year) == CORRECTED and edition == 1 else SLIPS.get((key, year), {})
    counts = sheet(key, year)
    return counts | {place: counts[place] + step for place, step in slips.items()}


def _old_other_row(shown: Cells, counts: Sheet) -> Cells:
    """The sister form's single row in place of its own three."""
    absent = {("table_3", row, column): ABSENT for row, _ in OTHER_2021[1] for column, _ in COLUMNS}
    single: Iterable[Place] = [("table_3", OTHER_2019[0], column) for column, _ in COLUMNS]
    return shown | absent | {place: (str(counts[place]), counts[place]) for place in single}


def _cell(key: str, year: int, place: Place, counts: Sheet) -> Printed:
    count = counts[place]
    if place[2] == "amount":
        return _amount(key, year, place, count)
    if count == 0 and (mark := _blank_mark(key, place, counts)) is not None:
        return mark, None
    return _digits(key, year, place, count), count


def _blank_mark(key: str, place: Place, counts: Sheet) -> str | None:
    table, row, column = place
    habits = HABITS.get(key, ())
    if row == "regulations" and ("slash" in habits or "empty" in habits):
        return "/" if "slash" in habits else ""
    if "hollow" in habits and table == "table_3" and column != "total" and counts[table, row, "total"] == 0:
        return ""
    return "—" if "dash" in habits and table == "table_4" else None


def _amount(key: str, year: int, place: Place, yuan: int) -> Printed:
    if yuan == 0 and "wu" in HABITS.get(key, ()):
        return "无", None
    if (key, year) == UNIT_IN_CELL and place[1] == "central_procurement":
        return f"{yuan}元", yuan
    text = ten_thousands(yuan)
    return text, float(text) if "." in text else int(text)


def ten_thousands(yuan: int) -> str:
    """An amount in 万元, without zeros at the end: 3132571 -> ``313.2571``."""
    return f"{yuan // 10_000}.{yuan % 10_000:04d}".rstrip("0").rstrip(".")


def _digits(key: str, year: int, place: Place, count: int) -> str:
    if (key, year) == SEPARATORS and place[2] == "decisions":
        return f"{count:,}"
    if (key, year) == FULL_WIDTH and place[0] == "table_4":
        return str(count).translate(WIDE)
    return str(count)
