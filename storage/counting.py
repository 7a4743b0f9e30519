"""How many rows the tables and views of the published copy have: counted once, for Datasette counts a view anew for every page of it."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from storage import searching

NAME = "inspect-data.json"  # the name under which Datasette looks for it in a folder
SHOWN = f"SELECT name FROM sqlite_master WHERE type = ? AND name NOT LIKE '{searching.INDEX}%' AND name NOT LIKE 'sqlite_%' ORDER BY name"


def write(database: Path) -> None:
    """Writes what ``datasette inspect`` would tell of the database beside it, and under ``views`` the rows of the views. The tables of the
    search index are no business of readers."""
    with closing(sqlite3.connect(database)) as connection:
        told = {kind: {name: _rows(connection, name) for (name,) in connection.execute(SHOWN, (kind,))} for kind in ("table", "view")}
    with database.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    found: dict[str, Any] = {"hash": digest, "size": database.stat().st_size, "file": database.name}
    found |= {"tables": {name: {"count": count} for name, count in told["table"].items()}, "views": told["view"]}
    database.with_name(NAME).write_text(json.dumps({database.stem: found}, indent=1) + "\n", "utf-8")


def _rows(connection: sqlite3.Connection, name: str) -> int:
    (count,) = connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()
    return int(count)
