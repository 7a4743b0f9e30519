"""Before a crawl: what a killed run had fetched and not stored is stored, out of the archive; nobody is asked for it again."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from scrapy.settings import Settings
from scrapy.utils.log import configure_logging

from harvester.commands.replaying.archive import Driver
from harvester.commands.replaying.readers import Readers
from harvester.errors import StorageError
from pipelines import database_of
from spiders import kept, launch
from storage import leftovers
from storage.leftovers import Leftover
from storage.progress import File


def store(db: Path, archive: Path, overrides: Sequence[str]) -> None:
    """Stores it. Raises ``StorageError`` when that cannot be done."""
    if not (db.is_file() and archive.is_dir()):
        return
    with kept.known_to(archive) as known:
        settings, _ = launch.prepared({**launch.common(db, archive, None), **known}, overrides)
        database = database_of(settings)
        try:
            if found := leftovers.find(database, archive):
                configure_logging(settings)
                asyncio.run(_store(settings, found))
        finally:
            database.close()


async def _store(settings: Settings, found: list[Leftover]) -> None:
    readers = Readers(settings, 1)  # a page that ends its reader must not end the crawl each time it is started
    try:
        for leftover in found:
            pages = await _stored(settings, leftover, readers)
            told = f"{pages} pages that the interrupted run {leftover.run_id} had fetched and not stored are stored now"
            print(f"harvester: {told}", file=sys.stderr)
    finally:
        await readers.close()


async def _stored(settings: Settings, leftover: Leftover, readers: Readers) -> int:
    own = settings.copy()
    own.set("HARVEST_RUN_ID", leftover.run_id, priority="cmdline")
    driver, pages = Driver(own), 0
    file = File("", leftover.path, leftover.path.name, leftover.path.stat().st_size, leftover.last or 0)
    async for _, _, (answer, words) in readers.in_order([file]):
        for page in answer.taken(words):
            if leftover.is_new(page) and page.capture:
                page.report_id = leftover.ids.get((page.capture.record_id, page.url), "")
                await driver.give(page)
                pages += 1
    await driver.belt.close()
    if driver.reason:
        raise StorageError(driver.reason.removeprefix(launch.BROKEN))
    return pages
