"""What a revision changed, cell by cell: figures of two versions of a report that differ, each with the capture it was read from."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

TABLE = """CREATE TABLE revisions (report_id TEXT, previous_id TEXT, table_key TEXT, row_key TEXT, column_key TEXT, old_value NUMERIC,
    old_printed TEXT, old_status TEXT, new_value NUMERIC, new_printed TEXT, new_status TEXT, old_capture_id INTEGER, new_capture_id INTEGER,
    PRIMARY KEY (report_id, previous_id, table_key, row_key, column_key))"""
SUCCESSORS = "SELECT id, superseded_by FROM reports WHERE superseded_by IS NOT NULL"
# What the addresses of these reports showed, in time.
SHOWN = """SELECT url, report_id FROM captures WHERE report_id IN (SELECT id FROM reports WHERE superseded_by IS NOT NULL
    UNION SELECT superseded_by FROM reports) ORDER BY url, fetched_at, id"""
# In the order of print, whatever order the cells have in the dictionary.
CELLS = """SELECT table_key, row_key, column_key, value, printed, status FROM figures WHERE report_id = ?
    ORDER BY source_table IS NULL, source_table, source_row, source_column"""
CAPTURE = "SELECT capture_id FROM reports WHERE id = ?"


class Change(NamedTuple):
    """A cell of two versions. A version on another form that has no such cell gives null in all three columns."""

    table: str
    row: str
    column: str
    old_value: Any
    old_printed: str | None
    old_status: str | None
    new_value: Any
    new_printed: str | None
    new_status: str | None


def build(connection: sqlite3.Connection) -> None:
    """The table ``revisions``, one row a cell that differs between a report and the version that stood there before."""
    connection.execute("DROP TABLE IF EXISTS revisions")
    connection.execute(TABLE)
    write = f"INSERT INTO revisions VALUES ({', '.join('?' * 13)})"
    for report, previous in sorted(versions(connection)):
        captures = (_capture(connection, previous), _capture(connection, report))
        connection.executemany(write, [(report, previous, *change, *captures) for change in changes(connection, previous, report)])


def versions(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    """(report, the version before it), by ids: what stood one after the other at one address, else what is known to have taken a place.

    Of three versions each is held against the one before it, though the first two are both superseded by the third. A version that came
    back is a change too, in both directions.
    """
    successors = dict(connection.execute(SUCCESSORS).fetchall())
    shown: dict[str, list[str]] = defaultdict(list)
    for url, report in connection.execute(SHOWN):
        shown[url].append(report)
    pairs = {
        (after, before)
        for reports in shown.values()
        for before, after in pairwise(reports)
        if before != after and _last(before, successors) == _last(after, successors)
    }
    followed = {before for _, before in pairs}
    return pairs | {(after, before) for before, after in successors.items() if before not in followed}


def changes(connection: sqlite3.Connection, before: str, after: str) -> Iterator[Change]:
    """The cells in which two reports (by their ids) differ in value, print or status.

    What was printed in neither (absent here, no cell of the form there) is no difference.
    """
    old, new = ({row[:3]: row[3:] for row in connection.execute(CELLS, (report,))} for report in (before, after))
    nothing = (None, None, None)
    for place in dict.fromkeys((*old, *new)):
        was, now = old.get(place, nothing), new.get(place, nothing)
        if was != now and not {was[2], now[2]} <= {None, "absent"}:
            yield Change(*place, *was, *now)


def _last(report: str, successors: dict[str, str]) -> str:
    passed = {report}
    while report in successors and successors[report] not in passed:
        report = successors[report]
        passed.add(report)
    return report


def _capture(connection: sqlite3.Connection, report: str) -> int | None:
    row = connection.execute(CAPTURE, (report,)).fetchone()
    return row[0] if row else None
