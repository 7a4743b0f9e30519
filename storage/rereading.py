"""An archive read file by file, each alone: what one file says of the records of another is gathered first, and told to all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fastwarc.warc import WarcRecordType

from harvester.items import GONE
from storage import records, warcs
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Across:
    """``notes``: a WARC file of the ids that were given to records of other files than they are noted in; ``gone``: (moment, URL) of
    answers that a page is not there, in order of time."""

    notes: bytes
    gone: list[tuple[str, str]]


def across(files: Sequence[Path]) -> Across:
    """What must be known of all the WARC files to read one of them."""
    notes: list[bytes] = []
    gone: list[tuple[str, str]] = []
    for path in files:
        here: set[str] = set()
        told: list[tuple[str, str, str, str]] = []
        with path.open("rb") as stream:
            for record, content, _ in warcs.scan(stream, path.name, warcs.HOLD_PAGES | WarcRecordType.metadata):
                if record.record_type != WarcRecordType.metadata:
                    here.add(record.record_id or "")
                    if content[:12].split(b" ", 2)[1:2] in STATUSES:
                        page = records.read_page(record, content)
                        gone.append((page.fetched_at, page.url))
                elif name := records.read_fields(content).get("report-id"):
                    headers = record.headers
                    told.append(
                        (headers.get("WARC-Target-URI") or "", headers.get("WARC-Date") or "", headers.get("WARC-Refers-To") or "", name)
                    )
        notes += [records.metadata(url, date, of, [("report-id", name)]) for url, date, of, name in told if of not in here]
    return Across(b"".join(notes), sorted(gone))


STATUSES = [[str(status).encode()] for status in GONE]


def tell(db: Path, archive: Path, gone: Sequence[tuple[str, str]]) -> None:
    """Addresses that were gone when they were last asked, and those that answered again what a record of another file holds."""
    with Database(db) as database:
        for at, asked in gone:
            for url in database.under(asked):
                if (visit := database.visit(url)) and visit.seen_at < at:
                    database.gone(url, at)
        for found in warcs.revisits_in(archive):
            database.seen_again(found.url, found.refers_to, found.at)
