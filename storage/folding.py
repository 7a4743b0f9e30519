"""The rows of one database into another that is open beside it: the same words, addresses, pages and readings, under keys of their own.

The other database is attached as ``shard``. What both have is decided by what the rows say, never by who came first.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from storage import preference
from storage.reference import Organs
from storage.shard_rows import (
    ANSWERS,
    CHILDREN,
    GONE_AGAIN,
    POINT,
    READ_BY,
    READING,
    REFERENCE,
    REPORT,
    SAME,
    SEEN,
    SHOWN,
    STATED,
    TOLD,
    VISITS,
    WRITE_CHILDREN,
)
from storage.withdrawing import days_gone

TEMPORARY = ("its_run", "its_cell", "its_place", "its_visit", "its_capture", "its_file", "taken")


@dataclass(slots=True)
class Touched:
    """Keys of what has to be settled anew: reports, and addresses that answer otherwise than before."""

    reports: set[int] = field(default_factory=set)
    visits: set[int] = field(default_factory=set)


def version(told: str) -> tuple[tuple[int, ...], ...]:
    """Versions (``0.1.0``, several apart by spaces) in the order of their numbers, the newest first."""
    return tuple(sorted((tuple(map(int, re.findall("[0-9]+", one))) for one in told.split()), reverse=True))[:1]


class Fold:
    """One attached database into ours, inside the caller's transaction. ``files``: its names of WARC files -> ours.

    ``again``: its pages are ours, read again; what it says of them goes before what we say.
    """

    def __init__(self, connection: sqlite3.Connection, files: Mapping[str, str], again: bool = False) -> None:
        self._execute = connection.execute
        self._many = connection.executemany
        self._connection = connection
        self._files = files
        self._again = again
        self.touched = Touched()
        self.last = 0  # capture that was ours before
        self._read_by: dict[int, str] = {}  # capture of ours -> whose reading stands: "theirs", "ours"; left out: both say the same

    def fold(self) -> Touched:
        """Writes every row; what is tied to others (``superseded_by``, renditions) is left to be settled."""
        self._all(REFERENCE)
        self._keep_organs()
        self._name_files()
        self._all(VISITS)
        self._take_reports()
        self._take_captures()
        self._read_anew()
        self._write_readings()
        self._answer()
        self.touched.reports |= {key for (key,) in self._execute(STATED).fetchall()}
        return self.touched

    def _all(self, statements: Iterable[str]) -> None:
        for statement in statements:
            self._execute(statement)

    def _keep_organs(self) -> None:
        organs = Organs(self._connection)
        for organ_id, name, region, level in self._execute("SELECT id, name, region_code, level FROM shard.organs").fetchall():
            organs.keep(organ_id, name, region or "", level or "")

    def _name_files(self) -> None:
        self._execute("CREATE TEMP TABLE its_file (theirs INTEGER PRIMARY KEY, mine INTEGER)")
        self._many("INSERT OR IGNORE INTO main.warc_file (name) VALUES (?)", [(name,) for name in self._files.values()])
        mine = "SELECT s.code, m.code FROM shard.warc_file s JOIN main.warc_file m ON m.name = ? WHERE s.name = ?"
        self._many(f"INSERT INTO its_file {mine}", [(ours, theirs) for theirs, ours in self._files.items()])

    def _take_reports(self) -> None:
        """Which readings are written: those of new reports, and of known ones where theirs is the better."""
        known = {row[0]: row[1:] for row in self._execute(f"{SHOWN.format('main')} WHERE r.id IN (SELECT id FROM shard.report)")}
        self._execute("CREATE TEMP TABLE taken (mine INTEGER PRIMARY KEY, theirs INTEGER NOT NULL UNIQUE, new INTEGER)")
        (last,) = self._execute("SELECT coalesce(max(key), 0) FROM main.report").fetchone()
        for name, key, *told in self._execute(f"{SHOWN.format('shard')} ORDER BY r.key").fetchall():
            if name not in known:
                last += 1
                self._execute("INSERT INTO taken VALUES (?, ?, 1)", (last, key))
            elif self._is_better(key, told, known[name]):
                self._execute("INSERT INTO taken VALUES (?, ?, 0)", (known[name][0], key))
        columns = ", ".join(REPORT)
        self._execute(
            f"""INSERT INTO main.report (key, id, first_seen, last_seen, withdrawn_on, {columns})
            SELECT mine, id, first_seen, last_seen, withdrawn_on, {columns} FROM temp.taken JOIN shard.report ON key = theirs WHERE new"""
        )

    def _is_better(self, key: int, told: list[object], ours: tuple[object, ...]) -> bool:
        """The newest extraction, then the capture that every crawl shows; of the same page read twice by one version what says more."""
        mine, my_version, *my_place = ours
        its_version, *its_place = told
        its, my = version(str(its_version)), version(str(my_version))
        its_key, my_key = preference.key(*its_place), preference.key(*my_place)  # type: ignore[arg-type]
        if self._again or its == my:
            same = its_key == my_key and (self._again or self._reading("shard", key) > self._reading("main", mine))
            return its_key < my_key or same
        return its > my

    def _reading(self, side: str, key: object) -> list[str]:
        return [repr(self._execute(sql.format(side), (key,)).fetchall()) for sql in READING]

    def _take_captures(self) -> None:
        """New captures, and where those lie that both have: in the file whose name comes first."""
        self._execute("CREATE TEMP TABLE its_capture (theirs INTEGER PRIMARY KEY, mine INTEGER NOT NULL)")
        both = "INSERT INTO its_capture SELECT c.key, min(m.key) FROM shard.capture c JOIN temp.its_visit v ON v.theirs = c.visit {}"
        same = f"JOIN main.capture m ON {SAME} {{}} GROUP BY c.key"
        self._execute(both.format(same.format("")))
        (old,) = self._execute("SELECT coalesce(max(key), 0) FROM main.capture").fetchone()
        self.last = old
        self._execute(
            """INSERT INTO main.capture (visit, fetched_at, http_status, content_type, body_sha256, warc_file, warc_offset, record_id, run,
            portal_id, rank) SELECT v.mine, c.fetched_at, c.http_status, (SELECT m.code FROM shard.content_type s
            JOIN main.content_type m ON m.name = s.name WHERE s.code = c.content_type), c.body_sha256, f.mine, c.warc_offset, c.record_id,
            r.mine, c.portal_id, c.rank FROM shard.capture c JOIN temp.its_visit v ON v.theirs = c.visit
            LEFT JOIN temp.its_file f ON f.theirs = c.warc_file LEFT JOIN temp.its_run r ON r.theirs = c.run
            WHERE c.key NOT IN (SELECT theirs FROM its_capture) ORDER BY c.key"""
        )
        left = f"{same.format(f'AND m.key > {old}').replace('GROUP BY', 'WHERE c.key NOT IN (SELECT theirs FROM its_capture) GROUP BY')}"
        self._execute(both.format(left))
        self._execute("CREATE INDEX temp.its_capture_mine ON its_capture (mine)")
        self._place_first()

    def _place_first(self) -> None:
        read = """SELECT i.mine, f.mine, c.warc_offset, n.name, w.name, m.warc_offset FROM temp.its_capture i
            JOIN shard.capture c ON c.key = i.theirs JOIN main.capture m ON m.key = i.mine JOIN temp.its_file f ON f.theirs = c.warc_file
            JOIN main.warc_file n ON n.code = f.mine JOIN main.warc_file w ON w.code = m.warc_file
            WHERE (n.name, c.warc_offset) < (w.name, m.warc_offset) ORDER BY n.name DESC, c.warc_offset DESC"""
        rows = [(file, offset, mine) for mine, file, offset, *_ in self._execute(read).fetchall()]
        self._many("UPDATE main.capture SET warc_file = ?, warc_offset = ? WHERE key = ?", rows)

    def _read_anew(self) -> None:
        """As what each capture was read: by the newest version; of two readings by one version the larger, which names a report."""
        mine = {
            row[0]: row[1:]
            for row in self._execute(
                f"{READ_BY.format('main')} WHERE c.key IN (SELECT mine FROM temp.its_capture) AND c.key <= ?", (self.last,)
            )
        }
        places = dict(self._execute("SELECT theirs, mine FROM temp.its_capture").fetchall())
        reports = dict(self._execute("SELECT s.key, m.key FROM shard.report s JOIN main.report m ON m.id = s.id").fetchall())
        write = """UPDATE main.capture SET report = ?, rank = c.rank, format = c.format, recognised = c.recognised,
            carrier = (SELECT mine FROM temp.its_visit WHERE theirs = c.carrier) FROM shard.capture c
            WHERE main.capture.key = ? AND c.key = ?"""
        for key, report, *told, read_by in self._execute(READ_BY.format("shard")).fetchall():
            place, now = places[key], reports.get(report)
            before, *ours, ours_by = mine.get(place, (None, None))
            its, my = (version(read_by), told), (version(ours_by or ""), ours)
            if place not in mine or self._again or its > my:
                self._execute(write, (now, place, key))
                self.touched.reports |= {one for one in (before, now) if one}
                mine[place] = (now, *told, read_by)
            if its != my or self._again:
                self._read_by[place] = "theirs" if self._again or its > my else "ours"

    def _write_readings(self) -> None:
        for table in CHILDREN:
            self._execute(f"DELETE FROM main.{table} WHERE report IN (SELECT mine FROM temp.taken WHERE NOT new)")
        sets = ", ".join(f"{column} = s.{column}" for column in REPORT)
        self._execute(
            f"UPDATE main.report SET {sets} FROM temp.taken t JOIN shard.report s ON s.key = t.theirs WHERE main.report.key = t.mine"
        )
        self._all(WRITE_CHILDREN)
        self._execute(
            """UPDATE main.report SET capture = i.mine FROM temp.taken t JOIN shard.report s ON s.key = t.theirs
            JOIN temp.its_capture i ON i.theirs = s.capture WHERE main.report.key = t.mine"""
        )
        self.touched.reports |= {key for (key,) in self._execute("SELECT mine FROM temp.taken")}

    def _answer(self) -> None:
        """What each address answers: the newest body of both, what was told of that, when it was seen, since when it is gone."""
        for theirs, mine, capture, *told in self._execute(ANSWERS).fetchall():
            ours, its = told[:3], told[6:9]
            if told[6:] > told[:6]:
                self._execute(POINT, (mine, capture, theirs))
            if its > ours:
                self.touched.visits.add(mine)
            if its > ours or (its == ours and self._read_by.get(capture) == "theirs"):
                self._execute("DELETE FROM main.issue WHERE visit = ?", (mine,))
            if its > ours or (its == ours and self._read_by.get(capture) != "ours"):
                self._execute(TOLD, (mine, theirs))
        self._execute("""DELETE FROM main.issue WHERE code IN ('not_report', 'unreadable') AND visit IN (SELECT v.key FROM main.visit v
            JOIN main.capture c ON c.key = v.capture WHERE c.report IS NOT NULL)""")
        known = "SELECT 1 FROM shard.sqlite_master WHERE name = '_gone'"
        told = ("SELECT url, gone_on FROM shard._gone",) if self._execute(known).fetchone() else days_gone("shard")
        self._all(f"INSERT OR IGNORE INTO main._gone {sql}" for sql in told)
        self.touched.visits |= {key for (key,) in self._execute(SEEN).fetchall()}
        self.touched.visits |= {key for (key,) in self._execute(GONE_AGAIN).fetchall()}
