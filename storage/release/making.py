"""A release is made in one folder that stands whole or not at all; the same database gives the same bytes."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from harvester import __version__
from harvester.errors import StorageError
from storage import opening, publish, replacing
from storage.release import checksums, citation, croissant, differing, facts, lines, package, pages, rowfiles

SITE = "site"  # the published folder, with the SQLite database
DATABASE = f"{SITE}/{publish.NAME}.db"


def release(db: str | Path, out: str | Path, previous: str | Path | None = None, version: str = "") -> str:
    """Writes the release of the database ``db`` into ``out``, compared with the release in ``previous``; one line tells what is in it.

    ``version`` is the day of the data (``2026.4.15``) when it is not given: the clock is not asked. Raises :class:`StorageError` when
    there is nothing to release, ``previous`` is no release, ``out`` holds something else or cannot be written.
    """
    place, before = Path(out), Path(previous).resolve() if previous else None
    rowfiles.need_parquet()
    replacing.refuse_strangers(place, checksums.NAME)
    if before and not (before / DATABASE).is_file():
        raise StorageError(f"{before}: no release ({DATABASE} is not in it); give the folder of an earlier one as --previous")
    try:
        with replacing.whole(place, strangers=False) as folder:
            publish.publish(db, folder / SITE)
            (folder / SITE / "archive.txt").unlink(missing_ok=True)  # where the archive lies on this machine is nobody else's
            with opening.one_line(place):
                return f"{place}: {_fill(folder, before, version)}"
    except OSError as error:
        raise StorageError(f"{place}: cannot be written ({error.strerror}); make room or give another --out DIR") from error


def _fill(folder: Path, before: Path | None, version: str) -> str:
    with closing(rowfiles.opened(folder / DATABASE)) as connection:
        told = facts.of_release(connection, version)
        counts = rowfiles.write(connection, folder)
        lines.jsonl(connection, folder / "jsonl" / "reports.jsonl.gz")
        lines.corpus(connection, folder / "corpus.tar.gz")
        package.write(connection, folder, told)
        croissant.write(connection, folder, told)
    differences = differing.write(before, folder, told, DATABASE) if before else None
    citation.write(folder, told)
    pages.write(folder, told, counts, differences, SITE)
    checksums.write(folder)
    news = f"; {differences.line}" if differences else ""
    return f"release {told.version} by harvester {__version__}: {told.reports:,} reports in {len(counts)} tables{news}"
