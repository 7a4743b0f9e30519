"""The Parquet files described as Croissant (JSON-LD), so that machine learning tools find and read them."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

from storage import tables
from storage.release import citation
from storage.release.checksums import of_file
from storage.release.facts import AUTHOR, LICENCE, TITLE, Facts
from storage.release.rowfiles import PARQUET, present

NAME = "croissant.json"
TYPES = {"integer": "sc:Integer", "number": "sc:Float", "string": "sc:Text"}
# The context that Croissant 1.1 prescribes: https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html
CROISSANT_TERMS = (
    *("citeAs", "column", "equivalentProperty", "extract", "field", "fileObject", "fileProperty", "fileSet", "format", "includes"),
    *("isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex", "repeated", "replace"),
    *("samplingRate", "separator", "source", "subField", "transform"),
)
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{term: f"cr:{term}" for term in CROISSANT_TERMS},
}


def write(connection: sqlite3.Connection, folder: Path, told: Facts) -> None:
    """Writes ``croissant.json``."""
    names = present(connection)
    described = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": "government-information-disclosure-reports",
        "description": f"{TITLE}: figures as printed, each with its cell, text, checks and sources. A missing value is null, never 0.",
        "license": LICENCE.url,
        "version": told.version,
        "datePublished": told.as_of,
        "citeAs": citation.line(told),
        "creator": {"@type": "sc:Organization", "name": AUTHOR},
        "inLanguage": ["zh", "en"],
        "distribution": [_file(folder, table) for table in names],
        "recordSet": [_records(connection, table) for table in names],
    }
    (folder / NAME).write_text(json.dumps(described, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _file(folder: Path, table: str) -> dict[str, Any]:
    path = PARQUET.format(table)
    size = (folder / path).stat().st_size
    head = {"@type": "cr:FileObject", "@id": f"{table}.parquet", "name": f"{table}.parquet", "contentUrl": path}
    return {**head, "contentSize": f"{size} B", "encodingFormat": "application/x-parquet", "sha256": of_file(folder / path)}


def _records(connection: sqlite3.Connection, table: str) -> dict[str, Any]:
    key = [{"@id": f"{table}/{name}"} for name in tables.EVERY[table][0]]
    fields = [_field(table, column) for column in tables.columns(connection, table)]
    head = {"@type": "cr:RecordSet", "@id": table, "name": table, "description": " / ".join(tables.label("view", table))}
    return {**head, **({"key": key} if key else {}), "field": fields}


def _field(table: str, column: tables.Column) -> dict[str, Any]:
    source = {"fileObject": {"@id": f"{table}.parquet"}, "extract": {"column": column.name}}
    described = {"@type": "cr:Field", "@id": f"{table}/{column.name}", "name": column.name, "description": f"{column.zh} / {column.en}"}
    return {**described, "dataType": TYPES[column.type], "source": source}
