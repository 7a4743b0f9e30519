"""Stored figures against a second reading of the archived bytes they came from; each disagreement becomes an issue of its report."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

from harvester import audit
from harvester.errors import StorageError
from harvester.items import Figure, Issue
from harvester.reading import read_file
from storage import schema
from storage.archive import read_body
from storage.database import Database

SHOWN = f"""SELECT r.key, {schema.ID}, w.name, c.warc_offset FROM report r JOIN capture c ON c.key = r.capture
    LEFT JOIN warc_file w ON w.code = c.warc_file WHERE {schema.SHOWN} ORDER BY 2"""
FIGURES = """SELECT table_key, row_key, column_key, value, unit, printed, status, source_table, source_row, source_column
    FROM figures WHERE report_id = ?"""


Thing = TypeVar("Thing")


class Source(NamedTuple):
    """A report and where the archive keeps the bytes it is shown from."""

    key: int
    report_id: str
    warc_file: str | None
    warc_offset: int | None


class Progress(Protocol):
    """What shows how far the work is: gives the things back one by one."""

    def __call__(self, things: Sequence[Thing], /) -> Iterable[Thing]: ...


@dataclass(slots=True)
class Audited:
    """What an audit found: cells by outcome, the issues with the id of their report, and a line for each report that was not compared."""

    reports: int = 0
    agreed: int = 0
    not_comparable: int = 0
    issues: list[tuple[str, Issue]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def add(self, name: str, found: audit.Comparison) -> None:
        """Counts one compared report in."""
        self.reports += 1
        self.agreed += found.agreed
        self.not_comparable += found.not_comparable
        self.issues.extend((name, issue) for issue in found.issues)


def of_files(paths: Sequence[Path], progress: Progress = iter) -> Audited:
    """Reads files by both readers, without a database."""
    audited = Audited()
    for path in progress(paths):
        report = read_file(path)
        if report.kind != "report":
            audited.unread.append(f"{path}: {report.reason}")
        else:
            audited.add(str(path), audit.compare(report.figures, audit.read(path.read_bytes())))
    return audited


def of_database(db: Path, archive: Path, sample: int | None = None, seed: int = 0, progress: Progress = iter) -> Audited:
    """Compares all reports of the database, or ``sample`` of them drawn with ``seed``; superseded ones too: their figures are published.

    The issues of an earlier audit of the same report are replaced, so auditing twice tells everything once. Raises :class:`StorageError`
    for a database that cannot be written; a capture that the archive lacks is a line of ``unread``.
    """
    audited = Audited()
    with Database(db) as database:
        sources = [Source(*row) for row in database.connection.execute(SHOWN)]
        if sample is not None and sample < len(sources):
            sources = sorted(random.Random(seed).sample(sources, sample), key=lambda source: source.report_id)
        for source in progress(sources):
            try:
                body = read_body(archive, source.warc_file or "", source.warc_offset or 0)
            except StorageError as error:
                audited.unread.append(f"{source.report_id}: {error}")
                continue
            found = audit.compare(_figures(database, source.report_id), audit.read(body))
            database.replace_issues(source.key, audit.CODE, found.issues)
            audited.add(source.report_id, found)
    return audited


def _figures(database: Database, report_id: str) -> list[Figure]:
    return [Figure(*row) for row in database.connection.execute(FIGURES, (report_id,))]
