"""Which readings of the damaged rows of a table hold together: the form's sums down its columns, solved over all rows at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import product
from typing import NamedTuple

from harvester.alignments import TooMany, Vector
from harvester.forms import load

# Partial sums that are kept for one equation; a whole table 3, fused row by row, needs some hundred. More would hold up the belt.
MAX_SUMS = 5_000
MAX_SHARED = 400


class Equation(NamedTuple):
    """In every column the sum of these rows equals the sum of those."""

    left: tuple[str, ...]
    right: tuple[str, ...]


@cache
def equations(form_id: str, table: str) -> tuple[Equation, ...]:
    """The form's sums down the columns of a table."""
    form, found = load(form_id), []
    for identity in form.identities:
        _, left, right = identity.places[0]
        rows = Equation(tuple(form.places[at].row for at in left), tuple(form.places[at].row for at in right))
        if form.places[left[0]].table == table and len({*rows.left, *rows.right}) > 1:
            found.append(rows)
    return tuple(found)


def viable(known: Mapping[str, Vector], loose: Mapping[str, Sequence[Vector]], sums: Sequence[Equation]) -> dict[str, set[Vector]]:
    """The counts of each loose row that are part of a solution of every equation; none at all when the equations cannot hold.

    ``known`` are the counts of rows that stand fast, ``loose`` the possible ones of the others. An equation that lacks a row says nothing,
    and a row of which no equation speaks is not in the answer. Raises :class:`TooMany`.
    """
    usable = [entry for entry in sums if all(row in known or row in loose for row in (*entry.left, *entry.right))]
    spoken = {row for entry in usable for row in (*entry.left, *entry.right) if row in loose}
    shared = sorted(row for row in spoken if sum(row in (*entry.left, *entry.right) for entry in usable) > 1)
    answer: dict[str, set[Vector]] = {row: set() for row in spoken}
    if _many(loose[row] for row in shared) > MAX_SHARED:
        raise TooMany
    for choice in product(*(loose[row] for row in shared)):
        chosen = dict(zip(shared, choice, strict=True))
        fixed = {**known, **chosen}
        parts = [_solve(fixed, loose, entry) for entry in usable]
        if all(part is not None for part in parts):
            for row, vector in chosen.items():
                answer[row].add(vector)
            for part in parts:
                for row, vectors in (part or {}).items():
                    answer[row] |= vectors
    return answer


def _many(choices: Iterable[Sequence[Vector]]) -> int:
    count = 1
    for vectors in choices:
        count *= len(vectors)
    return count


def _solve(fixed: Mapping[str, Vector], loose: Mapping[str, Sequence[Vector]], entry: Equation) -> dict[str, set[Vector]] | None:
    """The counts of each loose row of one equation that are part of a solution; None when there is no solution."""
    signs = {**dict.fromkeys(entry.left, 1), **dict.fromkeys(entry.right, -1)}
    target = tuple([-sum(column) for column in zip(*(_times(signs[row], fixed[row]) for row in signs if row in fixed), strict=True)])
    steps = {row: [_times(sign, vector) for vector in set(loose[row])] for row, sign in signs.items() if row not in fixed}
    order = sorted(steps, key=lambda row: len(steps[row]))
    zero = tuple([0] * len(next(iter((*fixed.values(), *(options[0] for options in loose.values()))))))
    target = target or zero
    layers = [{zero}]
    for row, (least, most) in zip(order, _rest(order, steps, zero), strict=True):
        if len(layers[-1]) * len(steps[row]) > MAX_SUMS:
            raise TooMany
        low, high = _plus(target, _times(-1, most)), _plus(target, _times(-1, least))
        layers.append({sums for before in layers[-1] for step in steps[row] if _between(low, sums := _plus(before, step), high)})
    return _backwards(layers, order, signs, steps, target) if target in layers[-1] else None


def _backwards(
    layers: list[set[Vector]], order: list[str], signs: Mapping[str, int], steps: Mapping[str, list[Vector]], target: Vector
) -> dict[str, set[Vector]]:
    """From the target back through the layers: a step that no way to the target takes is no part of a solution."""
    reached, answer = {target}, {}
    for row, before in zip(reversed(order), reversed(layers[:-1]), strict=True):
        origins = {step: {origin for one in reached if (origin := _plus(one, _times(-1, step))) in before} for step in steps[row]}
        answer[row] = {_times(signs[row], step) for step, found in origins.items() if found}
        reached = set().union(*origins.values())
    return answer


def _times(sign: int, vector: Vector) -> Vector:
    return vector if sign > 0 else tuple([-count for count in vector])


def _plus(one: Vector, other: Vector) -> Vector:
    return tuple([left + right for left, right in zip(one, other, strict=True)])


def _rest(order: list[str], steps: Mapping[str, list[Vector]], zero: Vector) -> list[tuple[Vector, Vector]]:
    """For each row the least and the most that all rows after it can still add in each column."""
    found, least, most = [], zero, zero
    for row in reversed(order):
        found.append((least, most))
        least = _plus(least, tuple(map(min, zip(*steps[row], strict=True))))
        most = _plus(most, tuple(map(max, zip(*steps[row], strict=True))))
    return found[::-1]


def _between(low: Vector, sums: Vector, high: Vector) -> bool:
    return all(least <= count <= most for least, count, most in zip(low, sums, high, strict=True))
