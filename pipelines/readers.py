"""As many processes that read as the machine has cores for, and pages that come back in the order in which they were given away."""

from __future__ import annotations

import asyncio
from typing import Any

from pipelines.reader import PAGES, Reader
from storage.coding import Words

# A crawl at the pace of portals keeps one process half asleep: the next one is started, and its memory taken, when so many pages wait.
BUSY = 4


class Readers:
    """``count`` processes like :class:`pipelines.reader.Reader`, each started when it is needed; ``regions``: files of regions."""

    def __init__(self, count: int, *regions: str) -> None:
        self._readers = [Reader(PAGES, *regions) for _ in range(count)]
        self._last: asyncio.Event | None = None

    def begin(self) -> None:
        """Starts the first process, so that it is there before the first page is."""
        self._readers[0].begin()

    async def read(self, asked: Any) -> tuple[Any, Words]:
        """As :meth:`pipelines.reader.Reader.read`, when all that was asked before is answered."""
        before, self._last = self._last, (mine := asyncio.Event())
        try:
            return await self._least_busy().read(asked)
        finally:
            try:
                if before:
                    await before.wait()
            finally:
                mine.set()

    def _least_busy(self) -> Reader:
        at_hand = (reader for reader in self._readers if reader.waiting < BUSY)
        return next(at_hand, None) or min(self._readers, key=lambda reader: reader.waiting)

    async def close(self) -> None:
        """Nothing more is read; ends all of them."""
        for reader in self._readers:
            await reader.close()
