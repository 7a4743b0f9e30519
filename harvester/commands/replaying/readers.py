"""Files of the archive read in order by several processes, whatever becomes of them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Iterable, Iterator
from itertools import islice

from scrapy.settings import Settings

from harvester.commands.replaying.stretches import PROGRAM, Found, Stretches
from harvester.errors import Unreadable
from harvester.regions import default
from pipelines import database_of
from pipelines.reader import Reader
from storage.coding import Words
from storage.progress import File
from storage.stretches import Stretch, cut

AHEAD = 3  # stretches for each process that reads: one it is at, one in its hands, one on its way back
Answer = tuple[Found, Words | None]


class Readers:
    """``processes`` that read stretches; without any, this process does."""

    def __init__(self, settings: Settings, processes: int) -> None:
        regions = tuple(map(str, settings.getlist("HARVEST_REGION_FILES")))
        self.here = Stretches(database_of(settings), default(regions)) if not processes else None
        self._readers = [Reader(PROGRAM, settings["HARVEST_DB"], *regions, tries=1) for _ in range(processes)]
        self._ahead = AHEAD * processes or 1

    def _asked(self, stretch: Stretch) -> Awaitable[Answer]:
        """What is in a stretch; it is being read from now on."""
        return asyncio.ensure_future(self._ask(stretch))

    async def _ask(self, stretch: Stretch) -> Answer:
        """When a process ended over the stretch it is read page by page; the page that ends another one, alone, is not read."""
        if self.here:
            return self.here.here(stretch), None
        reader = min(self._readers, key=lambda reader: reader.waiting)
        try:
            return await reader.read(stretch)
        except Unreadable:
            return await self._ask(stretch._replace(read=False) if stretch.most == 1 else stretch._replace(most=1))

    async def close(self) -> None:
        """Nothing more is read."""
        await asyncio.gather(*(reader.close() for reader in self._readers))

    async def in_order(self, files: Iterable[File]) -> AsyncIterator[tuple[File, Stretch, Answer]]:
        """Every record once, in the archive's order. A stretch is read before it is known where the one before it ends; one that began
        elsewhere (a page may hold what looks like a record) is read again from there."""
        end: int | None = None
        async for file, stretch, asked in self._each(_stretches(files)):
            answer = await asked
            if not stretch.exact and answer[0].begin != end:
                if end is None or end >= stretch.stop:
                    continue
                stretch = stretch._replace(start=end, exact=True)
                answer = await self._ask(stretch)
            yield file, stretch, answer
            while (end := answer[0].end) is not None and end < stretch.stop:
                stretch = stretch._replace(start=end, exact=True)
                answer = await self._ask(stretch)
                yield file, stretch, answer

    async def _each(self, todo: Iterator[tuple[File, Stretch]]) -> AsyncIterator[tuple[File, Stretch, Awaitable[Answer]]]:
        waiting = deque((file, stretch, self._asked(stretch)) for file, stretch in islice(todo, self._ahead))
        while waiting:
            yield waiting.popleft()
            waiting.extend((file, stretch, self._asked(stretch)) for file, stretch in islice(todo, 1))


def _stretches(files: Iterable[File]) -> Iterator[tuple[File, Stretch]]:
    for file in files:
        for stretch in cut(file.path, file.name, file.size, file.read_to):
            yield file, stretch
