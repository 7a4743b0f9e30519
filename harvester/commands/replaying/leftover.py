"""Before a crawl: what a killed run had fetched and not stored is stored, out of the archive; nobody is asked for it again."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy.settings import Settings
from scrapy.utils.log import configure_logging

from harvester.errors import StorageError
from harvester.items import Page
from pipelines import database_of
from spiders import kept, launch, pictures
from spiders.attachments import may_carry
from storage import leftovers
from storage.archive import read_body
from storage.leftovers import Leftover
from storage.progress import File

if TYPE_CHECKING:
    from harvester.commands.replaying.archive import Driver


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
    # What reads is loaded for what was left over: it takes a third of a second, and most crawls find nothing.
    from harvester.commands.replaying.archive import Driver
    from harvester.commands.replaying.readers import Readers

    readers = Readers(settings, 1)  # a page that ends its reader must not end the crawl each time it is started
    try:
        for leftover in found:
            own = settings.copy()
            own.set("HARVEST_RUN_ID", leftover.run_id, priority="cmdline")
            file = File("", leftover.path, leftover.path.name, leftover.path.stat().st_size, leftover.last or 0)
            pages = await _stored(Driver(own), leftover, readers.in_order([file]))
            told = f"{pages} pages that the interrupted run {leftover.run_id} had fetched and not stored are stored now"
            print(f"harvester: {told}", file=sys.stderr)
    finally:
        await readers.close()


async def _stored(driver: Driver, leftover: Leftover, answers: AsyncIterator[Any]) -> int:
    pages = 0
    async for _, _, (answer, words) in answers:
        for page in answer.taken(words):
            if leftover.is_new(page) and page.capture:
                page.report_id = leftover.ids.get((page.capture.record_id, page.url), "")
                if _may_carry(leftover, page):
                    database_of(driver.crawler.settings).carries(page.url)  # the crawl looks at it again, for its files
                await driver.give(page)
                pages += 1
    await driver.belt.close()
    if driver.reason:
        raise StorageError(driver.reason.removeprefix(launch.BROKEN))
    return pages


def _may_carry(leftover: Leftover, page: Page) -> bool:
    """Whether files may hang on the page: the run that was killed need not have asked for them."""
    if page.carrier or not page.capture:
        return False
    body = read_body(leftover.path.parent, leftover.path.name, page.capture.warc_offset)
    return bool(may_carry(body) or pictures.is_said(page.link_text) or pictures.may_show(body))
