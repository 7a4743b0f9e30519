"""The CSV files as a Frictionless data package, version 2: types, keys, units, what a column may hold, bytes and hashes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from storage import reference, schema, tables
from storage.release.checksums import of_file
from storage.release.facts import LICENCE, TITLE, Facts
from storage.release.rowfiles import CSV, present

NAME = "datapackage.json"
HEAD = {
    "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
    "name": "government-information-disclosure-reports",
    "title": TITLE,
    "licenses": [{"name": LICENCE.name, "path": LICENCE.url, "title": LICENCE.title}],
}
# Said, for a reader that guesses it from the first lines guesses wrong where they are texts.
DIALECT = {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True}
DAYS = ("published_on",)
MOMENTS = ("first_seen", "last_seen", "fetched_at", "started")
# "table.column", or a column wherever it stands -> what it may hold. ``labels``: the keys of that kind in labels.csv, and ``also``.
HOLDS: dict[str, dict[str, Any]] = {
    "figures.status": {"labels": "status"},
    "checks.outcome": {"labels": "outcome"},
    "source_errors.strength": {"labels": "strength"},
    "scope": {"labels": "scope"},
    "form": {"labels": "form"},
    "quality": {"labels": "quality"},
    "level": {"labels": "level"},
    "totals.level": {"labels": "level", "also": ["all"]},
    "regions.level": {"enum": ["nation", "province", "prefecture", "county", "township"]},
    "report_id": {"pattern": "[0-9a-f]{16}"},
    "text_sha256": {"pattern": "[0-9a-f]{64}"},
    "body_sha256": {"pattern": "[0-9a-f]{64}"},
    "region_code": {"pattern": "[0-9]{6}"},
    "captures.http_status": {"minimum": 100, "maximum": 599},
    "reports.year": {"minimum": 2000, "maximum": 2099},
}
UNITS = {"runs.seconds": "s", "runs.bytes": "B"}
UNIT_COLUMN = {"figures.value": "unit", "prose.value": "unit"}


def write(connection: sqlite3.Connection, folder: Path, told: Facts) -> None:
    """Writes ``datapackage.json`` for the CSV files of a release."""
    files = {table: CSV.format(table) for table in present(connection)}
    described = {**HEAD, "version": told.version, "created": f"{told.as_of}T00:00:00Z", "resources": resources(connection, folder, files)}
    (folder / NAME).write_text(json.dumps(described, ensure_ascii=False, indent=1) + "\n", "utf-8")


def resources(connection: sqlite3.Connection, folder: Path, files: Mapping[str, str]) -> list[dict[str, Any]]:
    """One resource a table. ``files``: table -> path of its CSV in the folder."""
    return [_resource(connection, table, folder, path) for table, path in files.items()]


def _resource(connection: sqlite3.Connection, table: str, folder: Path, path: str) -> dict[str, Any]:
    zh, en = tables.label("view", table)
    key, references = tables.EVERY[table]
    units = tables.units(connection, table) if table in schema.WIDE else {}
    fields = [_field(table, column, column.name in key, units.get(column.name, "")) for column in tables.columns(connection, table)]
    described: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if key:
        described["primaryKey"] = list(key)
    described["foreignKeys"] = [_foreign_key(table, column, target) for column, target in references.items()]
    head = {"name": table, "path": path, "type": "table", "title": f"{zh} / {en}", "format": "csv", "mediatype": "text/csv"}
    file = folder / path
    return {
        **head,
        "encoding": "utf-8",
        "dialect": DIALECT,
        "bytes": file.stat().st_size,
        "hash": f"sha256:{of_file(file)}",
        "schema": described,
    }


def _field(table: str, column: tables.Column, is_key: bool, unit: str) -> dict[str, Any]:
    place = f"{table}.{column.name}"
    described: dict[str, Any] = {"name": column.name, "type": _type(column), "title": column.zh, "description": column.en}
    if unit or place in UNITS:
        described["unit"] = unit or UNITS[place]
    if place in UNIT_COLUMN:
        described["unitField"] = UNIT_COLUMN[place]
    holds = ({"required": True} if is_key else {}) | _holds(place)
    return described | ({"constraints": holds} if holds else {})


def _type(column: tables.Column) -> str:
    return "date" if column.name in DAYS else "datetime" if column.name in MOMENTS else column.type


def _holds(place: str) -> dict[str, Any]:
    told = HOLDS.get(place, HOLDS.get(place.partition(".")[2], {}))
    if "labels" not in told:
        return told
    return {"enum": [row["key"] for row in reference.labels() if row["kind"] == told["labels"]] + told.get("also", [])}


def _foreign_key(table: str, column: str, target: str) -> dict[str, Any]:
    resource, _, field = target.partition(".")
    return {"fields": [column], "reference": {"resource": "" if resource == table else resource, "fields": [field]}}
