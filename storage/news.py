"""What happened to the reports between two moments: new, changed, withdrawn; from what the addresses answered, not from a run's counts.

A run that was killed before it told its news leaves them in the database, so the next one tells them.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from harvester import feed as atom
from storage import revisions, schema
from storage.history import rows

ALWAYS = ""  # before every moment
FROM = """(SELECT v.url FROM capture c JOIN visit v ON v.key = c.visit WHERE c.key = r.capture) AS url,
    (SELECT portal_id FROM capture WHERE key = r.capture) AS portal_id"""
FIRST = "min(r.first_seen, coalesce((SELECT min(first_seen) FROM report WHERE rendition_of = r.key), r.first_seen))"
# A capture is news when its address carried another report of which this one is the revision, or when nobody had seen its report before,
# in none of its renditions.
EVENTS = f"""WITH told AS (
    SELECT coalesce(x.rendition_of, x.key) AS report, c.fetched_at AS at,
    lag(coalesce(x.rendition_of, x.key)) OVER (PARTITION BY c.visit ORDER BY c.fetched_at, c.key) AS before
    FROM capture c JOIN report x ON x.key = c.report)
    SELECT r.key, {schema.ID} AS id, r.title, r.organ, r.year, r.quality, r.published_on, {FIRST} AS first_seen, max(t.at) AS at,
    max(coalesce(o.named, o.id)) AS before, {FROM}
    FROM told t JOIN report r ON r.key = t.report AND r.superseded_by IS NULL
    LEFT JOIN report o ON o.key = t.before AND o.superseded_by = r.key
    WHERE t.at > :since AND t.at <= :until AND (o.key IS NOT NULL OR t.at = {FIRST})
    GROUP BY r.key ORDER BY at DESC, r.id LIMIT :most"""
WITHDRAWN = f"""SELECT {schema.ID} AS id, r.title, r.organ, r.year, r.withdrawn_on AS at, {FROM}
    FROM report r WHERE r.withdrawn_on > :since AND r.withdrawn_on <= :until AND r.superseded_by IS NULL ORDER BY at DESC, r.id"""
MOST_CELLS = 12  # changed cells of a report that are told one by one; all of them stand in the published table revisions
NO_LIMIT = -1
FEED = atom.NAME


def since(connection: sqlite3.Connection, moment: str, until: str) -> dict[str, list[dict[str, Any]]]:
    """``new``, ``changed`` and ``withdrawn`` reports after ``moment`` and up to ``until`` (UTC ISO 8601), the latest first.

    A report: id, title, organ, year, url (where it is shown from), portal_id, at (when it happened); of a changed one also ``before``, the
    id of the version that stood there, ``cells``, how many figures differ between the two, and ``differences``, the first of them in words.
    """
    told = {"since": moment, "until": until, "most": NO_LIMIT}
    events = rows(connection, EVENTS, told)
    changed = [_with_cells(connection, event) for event in events if event["before"]]
    new = [event for event in events if not event["before"]]
    return {"new": _plain(new), "changed": _plain(changed), "withdrawn": rows(connection, WITHDRAWN, told)}


def feed(connection: sqlite3.Connection) -> bytes:
    """The Atom feed of the latest new and changed reports."""
    owner = connection.execute("SELECT id FROM runs ORDER BY key LIMIT 1").fetchone()
    return atom.atom(latest(connection, atom.MOST), owner[0] if owner else "")


def latest(connection: sqlite3.Connection, most: int) -> list[dict[str, Any]]:
    """The latest new and changed reports, ``most`` at most: as :func:`since` tells them, ``before`` None for a new one."""
    return _plain(rows(connection, EVENTS, {"since": ALWAYS, "until": "9999", "most": most}))


def _with_cells(connection: sqlite3.Connection, event: dict[str, Any]) -> dict[str, Any]:
    found = list(revisions.changes(connection, event["before"], event["id"]))
    return event | {"cells": len(found), "differences": [_told(change) for change in found[:MOST_CELLS]]}


def _told(change: revisions.Change) -> str:
    """table_3 new_received.total: 12 → 15; what has no print is told by its status, and by a dash where the form has no such cell."""
    old, new = change.old_printed or change.old_status or "—", change.new_printed or change.new_status or "—"
    status = f" ({change.old_status} → {change.new_status})" if old == new else ""
    return f"{change.table} {change.row}.{change.column}: {old} → {new}{status}"


def _plain(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without the keys that only this database knows."""
    return [{name: value for name, value in event.items() if name != "key"} for event in events]
