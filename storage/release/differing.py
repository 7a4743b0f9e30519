"""What a release has that the one before had not: reports new, revised, withdrawn and gone, figures cell by cell, tables and columns."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harvester.errors import StorageError
from storage.release import package
from storage.release.changes import COLUMNS, Change, changes
from storage.release.facts import Facts
from storage.release.rowfiles import opened

CSV, JSON = "diff.csv", "diff.json"
NAMED = 50  # reports of a kind that DIFF.md names; diff.csv has all
OF_REPORTS = ("new", "revised", "withdrawn", "returned", "restored", "interim", "gone")


@dataclass
class Differences:
    """Counts of a comparison. ``cells``: (table, row, column) -> how many figures changed, by kind. ``named``: the first of each kind."""

    before: str
    reports: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    figures: Counter[tuple[str, str]] = field(default_factory=Counter)
    cells: dict[tuple[str, str, str], Counter[str]] = field(default_factory=dict)
    named: dict[str, list[Change]] = field(default_factory=dict)
    schema: list[str] = field(default_factory=list)

    @property
    def line(self) -> str:
        told = ", ".join(f"{self.reports[kind]:,} {kind}" for kind in OF_REPORTS if self.reports[kind]) or "no report changed"
        return f"against {self.before}: {told}, {sum(self.figures.values()):,} figures differ"

    def count(self, change: Change) -> None:
        if change.change == "figure":
            self.figures[change.cause, change.kind] += 1
            self.cells.setdefault((change.table_key, change.row_key, change.column_key), Counter())[change.kind] += 1
        elif change.change == "field":
            self.fields[change.column_key] += 1
        else:
            self.reports[change.change] += 1
            if len(named := self.named.setdefault(change.change, [])) < NAMED:
                named.append(change)


def write(before: Path, folder: Path, told: Facts, database: str) -> Differences:
    """Writes ``diff.csv`` and ``diff.json``: ``folder`` against the release ``before``. ``database``: where both have their SQLite file.

    Raises :class:`StorageError` when ``before`` cannot be read as a release.
    """
    then, now = (_package(place) for place in (before, folder))
    found = Differences(str(then.get("version", "")), schema=list(_schema(then, now)))
    with ExitStack() as open_files:
        old, new = (open_files.enter_context(closing(opened(place / database))) for place in (before, folder))
        writer = csv.writer(open_files.enter_context((folder / CSV).open("w", encoding="utf-8", newline="")), lineterminator="\n")
        writer.writerow(COLUMNS)
        for change in changes(old, new):
            writer.writerow(getattr(change, name) for name in COLUMNS)
            found.count(change)
    (folder / JSON).write_text(json.dumps(_as_json(found, told), ensure_ascii=False, indent=1) + "\n", "utf-8")
    return found


def _package(folder: Path) -> dict[str, Any]:
    try:
        read: dict[str, Any] = json.loads((folder / package.NAME).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise StorageError(
            f"{folder}: no release ({package.NAME} cannot be read); give the folder of an earlier one as --previous"
        ) from error
    return read


def _schema(then: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    """One line a table or column that came, went or has another type."""
    old, new = (_types(described) for described in (then, now))
    for table in sorted({*old, *new}):
        if table not in old or table not in new:
            yield f"table {table}: {'added' if table in new else 'removed'}"
            continue
        for column in dict.fromkeys((*old[table], *new[table])):
            was, is_now = old[table].get(column), new[table].get(column)
            if was != is_now:
                yield f"column {table}.{column}: " + ("added" if not was else "removed" if not is_now else f"{was} is {is_now} now")


def _types(described: dict[str, Any]) -> dict[str, dict[str, str]]:
    return {one["name"]: {column["name"]: column["type"] for column in one["schema"]["fields"]} for one in described["resources"]}


def _as_json(found: Differences, told: Facts) -> dict[str, Any]:
    return {
        "version": told.version,
        "previous": found.before,
        "schema": found.schema,
        "reports": {kind: found.reports[kind] for kind in OF_REPORTS},
        "fields": dict(sorted(found.fields.items())),
        "figures": [{"cause": cause, "kind": kind, "figures": number} for (cause, kind), number in sorted(found.figures.items())],
        "cells": [
            {"table_key": table, "row_key": row, "column_key": column, **dict(sorted(kinds.items()))}
            for (table, row, column), kinds in sorted(found.cells.items())
        ],
    }
