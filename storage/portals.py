"""What a database knows of a portal, for those who read and for those who store."""

from __future__ import annotations

import sqlite3
from pathlib import Path


def portal(connection: sqlite3.Connection, portal_id: str) -> tuple[str, str]:
    """Name and region code of the portal, empty where they are not known: a row that only says its key is no name."""
    read = "SELECT coalesce(nullif(name, id), ''), coalesce(region_code, '') FROM portals WHERE id = ?"
    row: tuple[str, str] | None = connection.execute(read, (portal_id,)).fetchone()
    return row or ("", "")


class ReadOnly:
    """The portals of the database at ``path``, for a process that writes nothing."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(f"{Path(path).resolve().as_uri()}?mode=ro", uri=True)
        self._known: dict[str, tuple[str, str]] = {}

    def portal(self, portal_id: str) -> tuple[str, str]:
        """As :func:`portal`; asked once, a run changes nothing of it."""
        if portal_id not in self._known:
            self._known[portal_id] = portal(self._connection, portal_id)
        return self._known[portal_id]
