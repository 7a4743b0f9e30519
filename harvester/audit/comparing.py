"""The second reader's cells against the figures of the first: agreed, not comparable, or an issue that tells both readings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from harvester.audit.reading import Reading
from harvester.audit.strings import squeezed
from harvester.forms import Place
from harvester.items import Figure, Issue

CODE = "reader_disagreement"


@dataclass(slots=True)
class Comparison:
    """Cells that both readers read alike, cells that only one of them claims to know, and an issue for each that they read differently."""

    agreed: int = 0
    not_comparable: int = 0
    issues: list[Issue] = field(default_factory=list)


def compare(figures: Iterable[Figure], readings: Mapping[Place, Reading]) -> Comparison:
    """Compares value and printed string of every figure with what the second reader saw at its place.

    Not comparable: cells that the second reader left alone, and those that the first one left in doubt. A number that only the second
    reader found, where the first says that the document prints none, is a disagreement.
    """
    result = Comparison()
    left = dict(readings)
    for figure in figures:
        reading = left.pop(Place(figure.table, figure.row, figure.column), None)
        _judge(result, figure, reading)
    for place, reading in left.items():
        _judge(result, Figure(*place, None, None, None, "absent"), reading)
    return result


def _judge(result: Comparison, figure: Figure, reading: Reading | None) -> None:
    absent = figure.status == "absent"
    if reading is None or figure.status == "doubtful" or reading.said.kind == "unclear" or (absent and reading.said.kind != "number"):
        result.not_comparable += not (absent and reading is None)
    elif not absent and _same(figure, reading):
        result.agreed += 1
    else:
        result.issues.append(_issue(figure, reading))


def _same(figure: Figure, reading: Reading) -> bool:
    if squeezed(figure.printed or "") != squeezed(reading.printed):
        return False
    if figure.status == "blank":
        return reading.said.kind == "blank" and figure.value is None
    return reading.said.kind == "number" and figure.value == reading.said.number


def _issue(figure: Figure, reading: Reading) -> Issue:
    first = "not in the document"
    if figure.status != "absent":
        first = f"{_told(figure.value, figure.printed)} ({_at(figure.source_table, figure.source_row, figure.source_column)})"
    where = _at(reading.table, reading.row, reading.column)
    second = f"{_told(reading.said.number, reading.printed)} ({where} of the page)"
    return Issue(CODE, where, f"{figure.table} / {figure.row} / {figure.column}: {first} by the first reader, {second} by the second")


def _at(table: int | None, row: int | None, column: int | None) -> str:
    return f"table {table} row {row} column {column}"


def _told(value: object, printed: str | None) -> str:
    return f"{'no number' if value is None else value} printed as {' '.join((printed or '').split())!r}"
