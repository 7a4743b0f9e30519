"""Our own archive, read again by today's extraction: the same belt, the same ids, no network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from harvester.errors import UsageError
from harvester.items import Capture, Page
from spiders.reading import ReadingSpider
from storage import archive


class ReplaySpider(ReadingSpider):
    """``harvester replay``: every capture of ``HARVEST_ARCHIVE``, in the order it was written, with the place it keeps there."""

    name = "replay"

    def pages(self) -> Iterator[Page]:
        folder = Path(self.settings["HARVEST_ARCHIVE"])
        if not folder.is_dir():
            raise UsageError(f"{folder}: no such archive; name its folder with --archive")
        problems: list[str] = []
        yield from archive.pages(folder, problems)
        # When a page was seen again is no page: it comes last, when what it was is stored, wherever its record stands.
        for found in archive.revisits_in(folder):
            yield Page(found.url, b"", 304, fetched_at=found.at, capture=Capture("", "", 0, found.refers_to))
        for line in problems:
            self.problem(line)
