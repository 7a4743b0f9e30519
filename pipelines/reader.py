"""The other end of ``pipelines.worker``: pages handed over and reports taken back while the crawl goes on, whatever becomes of it."""

from __future__ import annotations

import asyncio
import fcntl
import os
import pickle
import sys
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast

from harvester.errors import HarvesterError, Unreadable
from pipelines.messages import LENGTH, READY, Broken, message
from storage.coding import Words

# Not -m: what that module defines would be of __main__ there, and unknown here.
PAGES = "from pipelines.worker import main; main()"
# Pages on their way to the process. Those behind them wait as they came: packed for the pipe and in its buffer each would be held three
# times over, and five hundred portals that answer in one breath are fifty MB each time.
AHEAD = 8
PIPE = 1 << 20  # bytes in the pipe, 64 KB by default: a page of 92 KB was written in two halves, with a look at the reader between them
STARTS = 3  # processes in a row that end before they are ready: one may be killed for want of memory, three are a machine that cannot
PATIENCE = 5.0  # seconds for a process that has nothing to do to end by itself


class NoReader(HarvesterError):
    """Raised when the process that reads does not start."""


@dataclass(slots=True)
class Handed:
    """What is with the reader, and who waits for its answer. ``deaths``: processes that ended while they read it."""

    asked: Any
    report: asyncio.Future[tuple[Any, Words]]
    deaths: int = 0


class Reader(asyncio.SubprocessProtocol):
    """One process that reads: ``program`` with ``arguments``. When it dies the page it was at is given to another one, so that it is tried
    ``tries`` times."""

    def __init__(self, program: str = PAGES, *arguments: str, tries: int = 2) -> None:
        self.command = [sys.executable, "-c", program, *arguments]
        self.tries = tries
        self._words = Words()
        self._waiting: deque[Handed] = deque()
        self._received = bytearray()
        self._transport: asyncio.SubprocessTransport | None = None
        self._start: asyncio.Task[Any] | None = None
        self._ended = asyncio.Event()
        self._ready = False
        self._failed = 0

    @property
    def waiting(self) -> int:
        """What was asked and is not answered yet."""
        return len(self._waiting)

    async def read(self, asked: Any) -> tuple[Any, Words]:
        """What is made of ``asked``, a page mostly, and the words of the process that made it. Raises ``Unreadable`` when reading it ends
        the process as often as it is tried, ``RuntimeError`` for a defect of ours, :class:`NoReader` when there is no process to be had."""
        handed = Handed(asked, asyncio.get_running_loop().create_future())
        self._waiting.append(handed)
        if self._ready and len(self._waiting) <= AHEAD:
            self._send(handed)
        elif self._start is None:
            self.begin()
        return await handed.report

    def begin(self) -> None:
        """Starts the process, which takes some tenths of a second; without this the first page does."""
        # What this process can import, that one can; Ctrl-C is for this one alone, which then reads what it has.
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        loop = asyncio.get_running_loop()
        process = loop.subprocess_exec(lambda: self, *self.command, stderr=None, env=environment, process_group=0)
        self._ended.clear()
        self._start = loop.create_task(process)
        self._start.add_done_callback(self._started)

    def _started(self, start: asyncio.Task[Any]) -> None:
        if not start.cancelled() and (error := start.exception()):
            self._give_up(str(error))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The process runs; it says itself when it is ready."""
        self._transport = cast(asyncio.SubprocessTransport, transport)
        with suppress(AttributeError, OSError):  # Linux alone lets a pipe grow, and not beyond what one user may have
            fcntl.fcntl(self._transport.get_pipe_transport(0).get_extra_info("pipe"), fcntl.F_SETPIPE_SZ, PIPE)  # type: ignore[union-attr]

    def _send(self, handed: Handed) -> None:
        pipe = self._transport.get_pipe_transport(0) if self._transport else None
        cast(asyncio.WriteTransport, pipe).write(message(handed.asked))

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """Parts of messages, in order."""
        self._received += data
        while len(self._received) >= LENGTH.size:
            end = LENGTH.size + LENGTH.unpack_from(self._received)[0]
            if len(self._received) < end:
                return
            told = pickle.loads(memoryview(self._received)[LENGTH.size : end].tobytes())
            del self._received[:end]
            self._take(told)

    def _take(self, told: Any) -> None:
        if told == READY:
            self._ready, self._failed, self._words = True, 0, Words()
            for handed in islice(self._waiting, AHEAD):
                self._send(handed)
            return
        handed = self._waiting.popleft()
        self._words.learn(told.cells, told.places)
        if len(self._waiting) >= AHEAD:
            self._send(self._waiting[AHEAD - 1])
        if handed.report.done():  # nobody waits for it any more
            return
        if isinstance(told.content, Broken):
            handed.report.set_exception(RuntimeError(f"{told.content.error}\n{told.content.where}"))
        else:
            handed.report.set_result((told.content, self._words))

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        """No report can come any more, be it that what came was none."""
        if fd == 1 and self._transport:
            with suppress(ProcessLookupError):
                self._transport.kill()

    def connection_lost(self, exc: Exception | None) -> None:
        """The process is gone: what it had is read by the next one, but for a page that has ended two of them."""
        code = self._transport.get_returncode() if self._transport else None
        started, self._ready, self._start, self._transport = self._ready, False, None, None
        self._received.clear()
        self._ended.set()
        self._failed += not started
        if not started and (self._failed >= STARTS or not self._waiting):
            self._give_up(f"exit status {code}")
        elif not started:
            self.begin()
        elif self._waiting:
            self._waiting[0].deaths += 1
            if self._waiting[0].deaths >= self.tries:
                reason = f"reading it ended the process that reads (exit status {code})"
                self._fail(self._waiting.popleft(), Unreadable(reason))
            if self._waiting:
                self.begin()

    def _give_up(self, reason: str) -> None:
        self._start = None
        while self._waiting:
            self._fail(self._waiting.popleft(), NoReader(f"the process that reads pages does not start ({reason})"))

    @staticmethod
    def _fail(handed: Handed, error: Exception) -> None:
        if not handed.report.done():
            handed.report.set_exception(error)

    async def close(self) -> None:
        """Nothing more is read: the process ends when its input does, or is ended."""
        if self._start:
            await asyncio.wait([self._start])
        if self._transport and (pipe := self._transport.get_pipe_transport(0)):
            pipe.close()
            try:
                await asyncio.wait_for(self._ended.wait(), PATIENCE)
            except TimeoutError:
                self._transport.kill()
