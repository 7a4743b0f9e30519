"""What a run tells at its end: what is new, what was left undone and why, what to type next, and the exit status of it all."""

from __future__ import annotations

import sys
from pathlib import Path

from harvester import console
from harvester.errors import StorageError
from harvester.summary import RunSummary
from spiders.launch import Finished
from storage.status import closing

INTERRUPTED = "interrupted; what was finished is kept, the same command goes on from there"
BROKE_OFF = "start_error"  # Scrapy's finish reason when a spider gave up


def conclude(finished: Finished, db: Path) -> int:
    """Prints the closing summary; returns 0, or 1 when something was left undone (told on stderr).

    Raises ``StorageError`` when storage ended the run.
    """
    summary: RunSummary = finished.spider.summary  # type: ignore[attr-defined]
    held, titles = closing(db, ids_of(summary))
    told = summary.as_dict()
    console.show_run(told, titles, held, "harvester serve" + ("" if db == Path("data/harvest.db") else f" --db {db}"))
    undone = console.left_undone(told) + ([INTERRUPTED] if finished.interrupted else [])
    if finished.reason == BROKE_OFF:
        undone.append(f"a defect of the harvester ended the reading; what was finished is kept, the details are in {finished.log}")
    for line in undone:
        print(f"harvester: {line}", file=sys.stderr)
    if finished.stopped_by:
        raise StorageError(finished.stopped_by)
    return 1 if undone else 0


def ids_of(summary: RunSummary) -> dict[str, list[str]]:
    """Outcome -> report ids of all portals together: what changed at one portal is not new or unchanged because another shows it too."""
    told: set[str] = set()
    ids = {}
    for name in ("changed", "new", "withdrawn", "unchanged"):
        found = {one for tally in summary.tallies() for one in getattr(tally, name)} - told
        told |= found
        ids[name] = sorted(found)
    return ids
