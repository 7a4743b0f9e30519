"""Two published databases compared report by report: every change as one record, a few hundred cells in memory at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from storage.history import rows

FIELDS = ("title", "organ", "organ_id", "year", "scope", "form", "region_code", "level", "published_on", "url", "quality")
REPORT = f"SELECT {', '.join(FIELDS)}, superseded_by, withdrawn_on FROM reports WHERE id = ?"
FIGURES = "SELECT table_key, row_key, column_key, value, printed, status, unit FROM figures WHERE report_id = ? ORDER BY 1, 2, 3"
Row = dict[str, Any]
Cell = tuple[Any, Any, Any, Any]  # value, printed, status, unit
NO_CELL: Cell = (None, None, None, None)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    ``change``: ``new``, ``revised`` (its organ replaced it: ``previous_id``), ``withdrawn``, ``returned``, ``restored`` (no longer
    replaced), ``interim`` (came and was replaced in between), ``gone``; ``field`` of a report (``column_key``); ``figure``. ``cause`` of a
    figure: ``revision`` of the report, or another ``reading`` of the same. ``kind``: ``value``, ``filled``, ``emptied``, ``print``.
    """

    change: str
    report_id: str
    previous_id: str | None = None
    organ: str | None = None
    year: int | None = None
    title: str | None = None
    cause: str = ""
    kind: str = ""
    table_key: str = ""
    row_key: str = ""
    column_key: str = ""
    old_value: Any = None
    old_printed: Any = None
    old_status: Any = None
    old_unit: Any = None
    new_value: Any = None
    new_printed: Any = None
    new_status: Any = None
    new_unit: Any = None


COLUMNS = tuple(Change.__slots__)


def changes(old: sqlite3.Connection, new: sqlite3.Connection) -> Iterator[Change]:
    """What changed from ``old`` to ``new``, by report id. Both are published databases; only columns of INTERFACES are read."""
    revised = _revised(old, new)
    successors = set(revised.values())
    for report_id in sorted({*_ids(old), *_ids(new)}):
        was, is_now = _report(old, report_id), _report(new, report_id)
        if is_now is None:
            yield _of_report("gone", report_id, was or {})
        elif was is None:
            kind = "interim" if is_now["superseded_by"] else "" if report_id in successors else "new"
            yield from (_of_report(kind, report_id, is_now) for _ in range(bool(kind)))
        else:
            yield from _of_both(report_id, was, is_now)
            yield from _figures(old, new, report_id, report_id, is_now)
            if report_id in revised:
                yield from _revision(old, new, report_id, revised[report_id])


def _ids(connection: sqlite3.Connection) -> Iterator[str]:
    return (report_id for (report_id,) in connection.execute("SELECT id FROM reports"))


def _revised(old: sqlite3.Connection, new: sqlite3.Connection) -> dict[str, str]:
    """Reports that were current and are replaced now -> what stands in their place."""
    following = dict(new.execute("SELECT id, superseded_by FROM reports WHERE superseded_by IS NOT NULL").fetchall())
    current = "SELECT 1 FROM reports WHERE id = ? AND superseded_by IS NULL"
    return {report_id: _end(following, report_id) for report_id in following if old.execute(current, (report_id,)).fetchone()}


def _end(following: dict[str, str], report_id: str) -> str:
    seen = {report_id}
    while (report_id := following.get(report_id, report_id)) not in seen:
        seen.add(report_id)
    return report_id


def _report(connection: sqlite3.Connection, report_id: str) -> Row | None:
    return next(iter(rows(connection, REPORT, (report_id,))), None)


def _of_report(change: str, report_id: str, told: Row, previous_id: str | None = None) -> Change:
    return Change(change, report_id, previous_id, told.get("organ"), told.get("year"), told.get("title"))


def _of_both(report_id: str, was: Row, is_now: Row) -> Iterator[Change]:
    if bool(was["withdrawn_on"]) != bool(is_now["withdrawn_on"]):
        yield _of_report("withdrawn" if is_now["withdrawn_on"] else "returned", report_id, is_now)
    if was["superseded_by"] and not is_now["superseded_by"]:
        yield _of_report("restored", report_id, is_now)
    told = (report_id, report_id, is_now["organ"], is_now["year"], is_now["title"], "reading", "", "reports", "")
    for name in FIELDS:
        if was[name] != is_now[name]:
            yield Change("field", *told, name, old_printed=was[name], new_printed=is_now[name])


def _revision(old: sqlite3.Connection, new: sqlite3.Connection, previous_id: str, report_id: str) -> Iterator[Change]:
    told = _report(new, report_id) or {}
    yield _of_report("revised", report_id, told, previous_id)
    yield from _figures(old, new, previous_id, report_id, told)


def _figures(old: sqlite3.Connection, new: sqlite3.Connection, old_id: str, new_id: str, told: Row) -> Iterator[Change]:
    was, is_now = (connection.execute(FIGURES, (one,)).fetchall() for connection, one in ((old, old_id), (new, new_id)))
    if was == is_now:
        return
    before, after = ({row[:3]: row[3:] for row in several} for several in (was, is_now))
    cause = "reading" if old_id == new_id else "revision"
    head = ("figure", new_id, old_id, told.get("organ"), told.get("year"), told.get("title"), cause)
    for place in sorted({*before, *after}):
        one, other = before.get(place, NO_CELL), after.get(place, NO_CELL)
        if one != other:
            yield Change(*head, _kind(one, other), *place, *one, *other)


def _kind(one: Cell, other: Cell) -> str:
    """``filled`` and ``emptied``: a number where there was none, or the other way round. ``print``: the number is the same."""
    if one[0] == other[0]:
        return "print"
    return "filled" if one[0] is None else "emptied" if other[0] is None else "value"
