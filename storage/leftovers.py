"""What killed runs had fetched and not stored: records of the archive behind the last one that the database knows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from harvester.items import GONE, Page
from storage import stretches, warcs
from storage.database import Database

KILLED = "SELECT id FROM runs WHERE seconds IS NULL AND command IN ('crawl', 'ingest') ORDER BY key"
LAST = "SELECT max(c.warc_offset) FROM capture c JOIN warc_file w ON w.code = c.warc_file WHERE w.name = ?"


class Leftover(NamedTuple):
    """A file of a killed run: all behind its record at ``last`` is unknown to the database, all when that is None. ``ids``: those that were
    given to reports there, by record and URL."""

    run_id: str
    path: Path
    last: int | None
    ids: dict[tuple[str, str], str]

    def is_new(self, page: Page) -> bool:
        """Whether the page was not stored. That an address was gone is no page: the next crawl asks it again."""
        return page.status not in GONE and bool(page.capture) and (self.last is None or page.capture.warc_offset > self.last)  # type: ignore[union-attr]


def find(database: Database, folder: Path) -> list[Leftover]:
    """The files that hold pages which no database knows, in the order of the runs; those of a run that is still at work are left alone."""
    found = []
    for (run_id,) in database.connection.execute(KILLED).fetchall():
        if not list(folder.glob(f"*-{run_id}-*{warcs.OPEN}")):
            for path in sorted(folder.glob(f"harvester-*-{run_id}-*.warc.gz")):
                (last,) = database.connection.execute(LAST, (path.name,)).fetchone()
                leftover = Leftover(run_id, path, last, dict(_ids(path, last or 0)))
                stretch = stretches.Stretch(str(path), path.name, last or 0, path.stat().st_size, True)
                if any(leftover.is_new(page) for page in stretches.Reading(stretch)):
                    found.append(leftover)
    return found


def _ids(path: Path, begin: int) -> Iterator[tuple[tuple[str, str], str]]:
    for record, content in stretches.notes_and_revisits(path, path.name, begin):
        if note := stretches.note_of(record, content):
            yield note[:2], note[2]
