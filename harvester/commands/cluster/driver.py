"""Hands jobs to a Dask scheduler until each has left its mark on the disk, whatever dies meanwhile: workers, or the scheduler itself."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from harvester.commands.cluster import task
from harvester.errors import HarvesterError, UsageError

EXTRA = "many machines need the extra: pip install 'harvester[cluster]'"
ADDRESS = re.compile(r"(tcp|tls)://\S+:\d+")
SLOT = "crawl"  # what a worker must offer (--resources crawl=1): how many shards it works on at once
RETRIES = 3
LOOK = 0.5  # seconds between two looks at what is done
PATIENCE = 600.0  # seconds without a scheduler until we give up; what is done stays done
CONNECT = 10.0


@dataclass(frozen=True, slots=True)
class Job:
    """One shard's command: its folder, and the arguments of ``harvester``."""

    folder: Path
    arguments: tuple[str, ...]


class Lost(Exception):
    """Raised inside: the scheduler is gone, and with it all it knew."""


def perform(address: str, turn: str, jobs: Sequence[Job], patience: float = PATIENCE) -> dict[str, str]:
    """Has every job done by the workers of the scheduler at ``address``; returns folder name -> why, of those that could not be.

    What the disk says is done is not handed out again. Raises ``UsageError`` without the extra or for a wrong address,
    ``HarvesterError`` when no scheduler answers for ``patience`` seconds.
    """
    distributed = _library(address)
    failed: dict[str, str] = {}
    answered = time.monotonic()
    with _bar() as bar:
        shown = bar.add_task("shards", total=len(jobs))
        while left := [job for job in jobs if task.done(job.folder, turn) is None and job.folder.name not in failed]:
            try:
                with distributed.Client(address, timeout=CONNECT, set_as_default=False) as client:
                    _told_slots(client)
                    for _ in _watch(client, turn, left, failed):
                        answered = time.monotonic()
                        bar.update(shown, completed=sum(task.done(job.folder, turn) is not None for job in jobs))
            except (OSError, TimeoutError, Lost) as error:
                if time.monotonic() - answered > patience:
                    raise HarvesterError(f"{address}: no scheduler answers; start it, then the same command goes on") from error
                _say(f"the scheduler at {address} does not answer; trying again")
                time.sleep(1)
    return failed


def _library(address: str) -> Any:
    if not ADDRESS.fullmatch(address):
        raise UsageError(f"--scheduler {address}: write tcp://HOST:PORT, or tls://HOST:PORT")
    try:
        import distributed
    except ImportError as error:
        raise UsageError(EXTRA) from error
    return distributed


def slots(address: str) -> int:
    """How many shards the workers take on at once; 0 when none offers to. Raises ``HarvesterError`` when the scheduler does not answer."""
    try:
        with _library(address).Client(address, timeout=CONNECT, set_as_default=False) as client:
            return _offered(client)
    except (OSError, TimeoutError) as error:
        raise HarvesterError(f"{address}: no scheduler answers; start one with: dask scheduler") from error


def _offered(client: Any) -> int:
    workers: Mapping[str, Any] = client.scheduler_info(n_workers=-1)["workers"]
    return int(sum(worker["resources"].get(SLOT, 0) for worker in workers.values()))


def _told_slots(client: Any) -> None:
    if not _offered(client):
        _say(f"no worker is there that takes shards; start some with: dask worker ADDRESS --nthreads 2 --resources {SLOT}=2")


def _watch(client: Any, turn: str, jobs: Sequence[Job], failed: dict[str, str]) -> Any:
    """Hands the jobs out and looks after them; yields at each look. Raises :class:`Lost`."""
    waiting = {}
    for job in jobs:
        given = (str(job.folder.resolve()), turn, job.arguments)
        waiting[job] = client.submit(task.perform, *given, pure=False, retries=RETRIES, resources={SLOT: 1})
    while waiting:
        time.sleep(LOOK)
        if client.status != "running":
            raise Lost
        for job, future in list(waiting.items()):
            if future.status in ("lost", "cancelled"):
                raise Lost
            if future.status == "error":
                failed[job.folder.name] = f"{future.exception()}".splitlines()[0]
            if future.status in ("error", "finished"):
                del waiting[job]
        yield


def _bar() -> Progress:
    console = Console(file=sys.stderr)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _say(line: str) -> None:
    print(f"harvester: {line}", file=sys.stderr)
