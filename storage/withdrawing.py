"""When a report was withdrawn, worked out from what all its addresses answered and when they were gone, whoever was told first."""

from __future__ import annotations

import sqlite3
from itertools import groupby

# Every day an address was told to be gone: which of them counts depends on when it was seen again, in whichever database.
GONE = "CREATE TABLE _gone (url TEXT NOT NULL, gone_on TEXT NOT NULL, PRIMARY KEY (url, gone_on)) WITHOUT ROWID"
ALONE = """SELECT withdrawn_on, last_seen FROM report r WHERE key = ? AND rendition_of IS NULL
    AND NOT EXISTS (SELECT 1 FROM report WHERE rendition_of = r.key)"""
ANSWERS = """SELECT visit, fetched_at, report IS :report FROM capture WHERE visit IN (SELECT visit FROM capture WHERE report = :report)
    ORDER BY visit, fetched_at, body_sha256"""
DAYS = """SELECT v.key, g.gone_on FROM visit v JOIN _gone g ON g.url = v.url
    WHERE v.key IN (SELECT visit FROM capture WHERE report = :report)
    UNION SELECT key, gone_on FROM visit WHERE key IN (SELECT visit FROM capture WHERE report = :report) AND gone_on > ''"""
# An address that came back forgets that it was gone; that a report was withdrawn tells of all addresses that carried it then.
FORGOTTEN = """SELECT v.url, r.withdrawn_on FROM {0}.report r JOIN {0}.capture c ON c.report = r.key JOIN {0}.visit v ON v.key = c.visit
    WHERE r.withdrawn_on > '' AND c.fetched_at = (SELECT max(fetched_at) FROM {0}.capture
    WHERE visit = c.visit AND fetched_at <= r.withdrawn_on)"""
Answers = list[tuple[str, bool]]  # of one address: when it was fetched, and whether it carried the report


def days_gone(database: str) -> tuple[str, ...]:
    """SQL of the addresses, with days, that ``database`` (``main``, or the name of an attached one) knows to have been gone."""
    return f"SELECT url, gone_on FROM {database}.visit WHERE gone_on > ''", FORGOTTEN.format(database)


def begin(connection: sqlite3.Connection) -> None:
    """What is known of addresses that were gone, before anything is folded into the database."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = '_gone'").fetchone():
        connection.execute(GONE)
        for sql in days_gone("main"):
            connection.execute(f"INSERT OR IGNORE INTO _gone {sql}")


def settle(connection: sqlite3.Connection, report: int) -> None:
    """Sets ``withdrawn_on`` of a report: the first day after it was last seen on which an address of it was gone and no other stood.

    What renditions of one report do is settled with them (:mod:`storage.renditions`).
    """
    row = connection.execute(ALONE, (report,)).fetchone()
    if row is None:
        return
    before, last_seen = row
    gone = connection.execute(DAYS, {"report": report}).fetchall()
    told = None
    if gone or before:
        rows = connection.execute(ANSWERS, {"report": report}).fetchall()
        answers = {visit: [row[1:] for row in group] for visit, group in groupby(rows, key=lambda row: row[0])}
        days = {visit: [day for key, day in gone if key == visit] for visit in answers}
        left = {day for visit, day in gone if _carried(answers[visit], day)} | ({before} if before else set())
        told = next((day for day in sorted(left) if day > last_seen and not _stands(answers, days, day)), None)
    connection.execute("UPDATE report SET withdrawn_on = ? WHERE key = ? AND withdrawn_on IS NOT ?", (told, report, told))


def _carried(answers: Answers, day: str) -> str:
    """Since when the address carried the report on this day; empty when its last answer until then was none or another."""
    last = [(at, carries) for at, carries in answers if at <= day][-1:]
    return last[0][0] if last and last[0][1] else ""


def _stands(answers: dict[int, Answers], gone: dict[int, list[str]], day: str) -> bool:
    """Whether on this day some address carried the report and had not been gone since it answered."""
    return any((since := _carried(told, day)) and not any(since < one <= day for one in gone[visit]) for visit, told in answers.items())
