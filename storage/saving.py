"""One page into the tables: its capture, its report (whole), what it replaces; decided by the page itself, not by who came first."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Literal, NamedTuple

from harvester import __version__
from harvester.items import Page, Report
from storage import preference, renditions, succession
from storage.archive import body_of
from storage.bulk import Rows
from storage.coding import OUTCOME, ROWS, STATUS, Codes, Words, figures_of
from storage.reference import Organs, stub

Outcome = Literal["new", "changed", "unchanged", "rejected", "unreadable"]
CHILDREN = ("value", "check_result", "prose_value", "issue")
REPORT_COLUMNS = (
    *("key", "id", "text_sha256", "title", "organ", "organ_id", "year", "scope", "form", "region_code", "level"),
    *("published_on", "quality", "first_seen", "last_seen", "capture", "extraction", "format"),
)
INSERT_REPORT = f"INSERT INTO report ({', '.join(REPORT_COLUMNS)}) VALUES ({', '.join('?' * len(REPORT_COLUMNS))})"
SHOWN = tuple(column for column in REPORT_COLUMNS if column not in ("key", "id", "first_seen", "last_seen"))
UPDATE_REPORT = f"UPDATE report SET {', '.join(f'{column} = ?' for column in SHOWN)} WHERE key = ?"
SEEN_REPORT = """UPDATE report SET first_seen = min(first_seen, :at), last_seen = max(last_seen, :at),
    withdrawn_on = CASE WHEN withdrawn_on > :at THEN withdrawn_on END WHERE key = :report"""
INSERT_CAPTURE = """INSERT INTO capture (visit, fetched_at, http_status, content_type, body_sha256, warc_file, warc_offset, record_id,
    run, portal_id, report, rank, format, recognised, carrier) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
READ_AS = "UPDATE capture SET report = ?, rank = ?, format = ?, recognised = ?, carrier = ? WHERE key = ?"
# Nearly every figure is a plain number and nearly every check passes: those rows bind no more than they must.
VALUES = (
    Rows("value", ("cell", "value", "place"), status=STATUS["printed"]),
    Rows("value", ("cell", "value", "unit", "printed", "status", "place")),
)
CHECKS = (
    Rows("check_result", ("place", "left_value", "right_value"), outcome=OUTCOME["pass"]),
    Rows("check_result", ("place", "left_value", "right_value", "outcome", "if_blank_zero")),
)
SHOWN_FROM = """SELECT c.key, c.rank, v.url, c.fetched_at, lower(hex(c.body_sha256)) FROM report r
    JOIN capture c ON c.key = r.capture JOIN visit v ON v.key = c.visit WHERE r.key = ?"""
AUDITED = "SELECT 1 FROM issue WHERE report = ? AND code = 'reader_disagreement' LIMIT 1"


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a page; ``report_id`` is empty unless it is a report. ``absorbed``: ids that are no report's any more, because their
    texts turned out to be renditions of this report."""

    outcome: Outcome
    report_id: str = ""
    absorbed: frozenset[str] = frozenset()


class Latest(NamedTuple):
    """The newest body of a URL before this page came."""

    report: int | None
    fetched_at: str
    body_sha256: str


class Saver:
    """Writes pages through one connection. Transactions are the caller's."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._execute = connection.execute
        self.codes = Codes(connection)
        self._words = Words()
        self.organs = Organs(connection)
        self._runs: dict[str, int] = {}
        self._portals: dict[str, str] = {}

    def forget(self) -> None:
        """After a rollback: drops what was remembered of the rows written before it."""
        self.codes.forget()
        self.organs.forget()
        self._runs.clear()
        self._portals.clear()

    def run(self, run_id: str) -> int | None:
        """Key of the run, with a row of its own."""
        if run_id and run_id not in self._runs:
            self._execute("INSERT OR IGNORE INTO runs (id) VALUES (?)", (run_id,))
            self._runs[run_id] = int(self._execute("SELECT key FROM runs WHERE id = ?", (run_id,)).fetchone()[0])
        return self._runs.get(run_id)

    def _portal_region(self, portal_id: str) -> str:
        """Region code of the portal, which has a row of its own afterwards."""
        if portal_id and portal_id not in self._portals:
            stub(self._connection, "portals", portal_id)
            row = self._execute("SELECT region_code FROM portals WHERE id = ?", (portal_id,)).fetchone()
            self._portals[portal_id] = row[0] or ""
        return self._portals.get(portal_id, "")

    def save(self, page: Page) -> Saved:
        """Stores a page whose ``capture`` and ``report`` are set (and ``report.id`` when it is a report)."""
        report = page.report or Report(reason="nothing was read")
        visit, latest = self._visit(page)
        key, is_new = self._report_key(report)
        if key is not None and is_new:
            # Before its capture: while a row refers to a key that is still to come, SQLite reads whole tables for those that wait for it.
            self.organs.keep(report.organ_id, report.organ, report.region_code, report.level)
            self._execute(INSERT_REPORT, self._row(page, report, key, None))
        capture, lost = self._capture(page, visit, key)
        newest = latest is None or (page.fetched_at, _body(page)) >= latest[1:]
        if newest:
            self._point(visit, capture, page, latest)
        if lost is not None and lost != key:
            self.let_go(lost)
        if key is None:
            others = [key for (key,) in self._execute(succession.OTHERS_AT, (visit,)).fetchall()]
            if others and renditions.concerns(self._connection, visit, others[0]):
                renditions.settle(self._connection, others, others[0])
            return self._set_aside(page, report, visit, newest)
        self._keep_report(page, report, key, is_new, capture)
        if page.carrier or renditions.concerns(self._connection, visit, key):
            return self._among_renditions(page, key, is_new, latest.report if latest and newest else None)
        revised = succession.settle_visit(self._connection, visit) if latest else set()
        if latest and newest and latest.report in revised:
            return Saved("changed", report.id)
        return Saved("new" if is_new else "unchanged", report.id)

    def _among_renditions(self, page: Page, key: int, is_new: bool, before: int | None) -> Saved:
        """The report in its place among the renditions of one. ``before``: what its URL carried until now."""
        told = "DELETE FROM issue WHERE code = 'not_report' AND visit = (SELECT key FROM visit WHERE url = ?)"
        self._execute(told, (page.carrier,))  # the page that carries it is no report because this is
        settled = renditions.settle(self._connection, [before] if before else (), key)
        follows = """SELECT 1 FROM report h JOIN report r ON r.key = coalesce(h.rendition_of, h.key)
            WHERE h.key = ? AND r.superseded_by = ? AND r.key <> r.superseded_by"""
        if before != key and self._execute(follows, (before, settled.key)).fetchone():
            return Saved("changed", settled.id, settled.absorbed)
        return Saved("new" if is_new and settled.alone else "unchanged", settled.id, settled.absorbed)

    def _visit(self, page: Page) -> tuple[int, Latest | None]:
        read = """SELECT v.key, c.report, c.fetched_at, lower(hex(c.body_sha256)) FROM visit v LEFT JOIN capture c ON c.key = v.capture
            WHERE v.url = ?"""
        row = self._execute(read, (page.url,)).fetchone()
        if row is None:
            return int(self._execute("INSERT INTO visit (url) VALUES (?)", (page.url,)).lastrowid or 0), None
        return row[0], None if row[2] is None else Latest(*row[1:])

    def _report_key(self, report: Report) -> tuple[int | None, bool]:
        if report.kind != "report":
            return None, False
        row = self._execute("SELECT key FROM report WHERE id = ?", (report.id,)).fetchone()
        if row:
            return int(row[0]), False
        return int(self._execute("SELECT coalesce(max(key), 0) + 1 FROM report").fetchone()[0]), True

    def _capture(self, page: Page, visit: int, report: int | None) -> tuple[int, int | None]:
        """Key of the page's capture, and the report it carried before (a replay may read it differently)."""
        rank = preference.rank(page, self._portal_region(page.portal_id))
        place = page.capture
        file = self.codes.word("warc_file", place.warc_file) if place else None
        offset = place.warc_offset if place else None
        read = "SELECT key, report FROM capture WHERE warc_file = ? AND warc_offset = ? AND visit = ?"
        known = self._execute(read, (file, offset, visit)).fetchone()
        made = page.report
        reading = (report, rank, made.format or None if made else None, made.recognised if made else None, self._carrier(page))
        if known:
            self._execute(READ_AS, (*reading, known[0]))
            return int(known[0]), known[1]
        content_type = self.codes.word("content_type", page.content_type)
        row = (visit, page.fetched_at, page.status, content_type, bytes.fromhex(_body(page)), file, offset)
        record_id = place.record_id if place else None
        written = self._execute(INSERT_CAPTURE, (*row, record_id, self.run(page.run_id), page.portal_id or None, *reading))
        return int(written.lastrowid or 0), None

    def _carrier(self, page: Page) -> int | None:
        """Key of the page that carries this one, which has a row of its own afterwards."""
        if not page.carrier:
            return None
        self._execute("INSERT OR IGNORE INTO visit (url) VALUES (?)", (page.carrier,))
        return int(self._execute("SELECT key FROM visit WHERE url = ?", (page.carrier,)).fetchone()[0])

    def _point(self, visit: int, capture: int, page: Page, latest: Latest | None) -> None:
        """The URL answers this now; what was told of its answer before is past."""
        if latest:
            self._execute("DELETE FROM issue WHERE visit = ?", (visit,))
        headers = {name.lower(): value for name, value in page.headers}
        write = """UPDATE visit SET capture = ?, etag = ?, last_modified = ?, seen_at = max(coalesce(seen_at, ''), ?),
            gone_on = CASE WHEN gone_on > ? THEN gone_on END WHERE key = ?"""
        at = page.fetched_at
        self._execute(write, (capture, headers.get("etag"), headers.get("last-modified"), at, at, visit))

    def _set_aside(self, page: Page, report: Report, visit: int, newest: bool) -> Saved:
        """No report: the capture stays, and an issue says why, by URL; not where the page carries one, or is an archive of files."""
        carries = "SELECT 1 FROM capture WHERE carrier = ? AND report IS NOT NULL LIMIT 1"
        if newest and report.reason and not (report.kind == "not_report" and self._execute(carries, (visit,)).fetchone()):
            write = 'INSERT INTO issue (visit, code, "where", message, run) VALUES (?, ?, ?, ?, ?)'
            self._execute(write, (visit, report.kind, report.title or page.link_text, report.reason, self.run(page.run_id)))
        return Saved("unreadable" if report.kind == "unreadable" else "rejected")

    def let_go(self, report: int) -> None:
        """A capture was read as something else than before: the report is shown from its next best one, or was none at all."""
        rest = """SELECT c.key FROM capture c JOIN visit v ON v.key = c.visit WHERE c.report = ?
            ORDER BY c.rank, length(v.url), v.url, c.fetched_at, c.body_sha256 LIMIT 1"""
        row = self._execute(rest, (report,)).fetchone()
        if row:
            self._execute("UPDATE report SET capture = ? WHERE key = ?", (row[0], report))
        else:
            left = renditions.forget(self._connection, report)
            self._execute("UPDATE report SET superseded_by = NULL WHERE superseded_by = ?", (report,))
            self._execute("DELETE FROM report WHERE key = ?", (report,))
            if left:
                renditions.settle(self._connection, left, left[0])

    def _keep_report(self, page: Page, report: Report, key: int, is_new: bool, capture: int) -> None:
        if is_new:
            self._execute("UPDATE report SET capture = ? WHERE key = ?", (capture, key))
            self._write_children(page, report, key)
            return
        self.organs.keep(report.organ_id, report.organ, report.region_code, report.level)
        shown, *place = self._execute(SHOWN_FROM, (key,)).fetchone()
        mine = self._execute("SELECT rank FROM capture WHERE key = ?", (capture,)).fetchone()[0]
        if shown == capture or preference.key(mine, page.url, page.fetched_at, _body(page)) < preference.key(*place):
            self._rewrite(page, report, key, capture)
        self._execute(SEEN_REPORT, {"at": page.fetched_at, "report": key})

    def _rewrite(self, page: Page, report: Report, key: int, capture: int) -> None:
        (before,) = self._execute("SELECT text_sha256 FROM report WHERE key = ?", (key,)).fetchone()
        values = dict(zip(REPORT_COLUMNS, self._row(page, report, key, capture), strict=True))
        self._execute(UPDATE_REPORT, (*(values[column] for column in SHOWN), key))
        if self._execute(AUDITED, (key,)).fetchone():
            self._audit(page, report)
        for table in CHILDREN:
            self._execute(f"DELETE FROM {table} WHERE report = ?", (key,))
        self._write_children(page, report, key)
        after = bytes.fromhex(report.text_sha256)
        if after != before:
            succession.settle_twins(self._connection, before, after)

    def _audit(self, page: Page, report: Report) -> None:
        """What an audit said of figures that are being replaced is told again where it still holds."""
        from harvester import audit  # its parser takes longer to load than a page to store, and is hardly ever needed here

        report.issues.extend(audit.compare(figures_of(page), audit.read(body_of(page))).issues)

    def _row(self, page: Page, report: Report, key: int, capture: int | None) -> tuple[object, ...]:
        region = stub(self._connection, "regions", report.region_code)
        head = (key, report.id, bytes.fromhex(report.text_sha256), report.title, report.organ)
        middle = (
            report.organ_id or None,
            report.year,
            report.scope,
            report.form,
            region,
            report.level,
            report.published_on,
            report.quality,
        )
        tail = (page.fetched_at, page.fetched_at, capture, __version__, None if report.format in ("", "html") else report.format)
        return (*head, *middle, *tail)

    def _write_children(self, page: Page, report: Report, key: int) -> None:
        many = self._connection.executemany
        self._execute("INSERT OR REPLACE INTO report_text (report, text) VALUES (?, ?)", (key, report.text))
        coded, words = page.notes.get(ROWS) or (self._words.code(report.figures, report.checks), self._words)
        for rows, found in zip((*VALUES, *CHECKS), self.codes.rows(coded, words), strict=True):
            rows.insert(self._connection, key, found)
        if report.prose:
            prose = (
                (key, number, told.key, told.value, told.unit, told.section, told.sentence) for number, told in enumerate(report.prose)
            )
            many("INSERT INTO prose_value VALUES (?, ?, ?, ?, ?, ?, ?)", prose)
        if report.issues:
            run = self.run(page.run_id)
            issues = ((key, issue.code, issue.where, issue.message, run) for issue in report.issues)
            many('INSERT INTO issue (report, code, "where", message, run) VALUES (?, ?, ?, ?, ?)', issues)


def _body(page: Page) -> str:
    return page.capture.body_sha256 if page.capture else ""
