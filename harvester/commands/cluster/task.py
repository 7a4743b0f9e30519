"""What a worker does: one ``harvester`` command in a process that dies with it, in a folder that no two processes work in at once."""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

DONE, LOCK, OUTPUT = "done.json", "lock", "output.txt"
COMMAND = [sys.executable, "-m", "harvester"]
WAIT = 0.5  # seconds between two looks at a lock that another holds
UNDONE = (0, 1)  # exit statuses of a run that came to its end; 1: it left something undone and says so
SAID = "harvester: "  # begins each line of ours on stderr
PR_SET_PDEATHSIG = 1


class TaskFailed(Exception):
    """Raised to the scheduler, which tries again: the command did not come to its end; one line."""


def perform(folder: str, turn: str, arguments: Sequence[str]) -> int:
    """Runs ``harvester ARGUMENTS`` for the shard in ``folder``; returns its exit status, that of another worker when one did it already.

    ``turn`` names the crawl or replay that this is a part of. Another worker at work on the same folder, which the scheduler may have
    given up, is waited for.
    """
    place = Path(folder)
    with held(place / LOCK) as lock:
        if (status := done(place, turn)) is None:
            status = _run(place, arguments, lock)
            if status not in UNDONE:
                raise TaskFailed(f"{place.name}: {(told(place) or [f'ended with status {status}'])[-1]}")
            _write(place / DONE, json.dumps({"turn": turn, "status": status}))
    return status


def done(folder: Path, turn: str) -> int | None:
    """Exit status of the shard's command in this turn; None when it has not come to its end."""
    try:
        told = json.loads((folder / DONE).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return int(told["status"]) if told.get("turn") == turn else None


@contextmanager
def held(path: Path) -> Iterator[int]:
    """Descriptor of a lock on ``path``, waited for. The process that is started inherits it: until that is dead nobody else has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o644)
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                time.sleep(WAIT)
        yield descriptor
    finally:
        os.close(descriptor)


def _run(place: Path, arguments: Sequence[str], lock: int) -> int:
    with (place / OUTPUT).open("wb") as output:
        given: dict[str, Any] = {"stdout": output, "stderr": output, "pass_fds": (lock,), "preexec_fn": dying_with(os.getpid())}
        return subprocess.Popen([*COMMAND, *arguments], **given).wait()


def dying_with(parent: int) -> Callable[[], None]:
    """For a child to call first: from now on it is killed as soon as ``parent`` is dead, so that no crawl goes on without its worker."""
    libc = ctypes.CDLL(None)  # loaded before the fork: a child of a process with threads must not take locks

    def bind() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return bind


def told(place: Path) -> list[str]:
    """What the command told of things left undone or gone wrong."""
    lines = (place / OUTPUT).read_text("utf-8", "replace").splitlines()
    return [line.removeprefix(SAID) for line in lines if line.startswith(SAID)]


def _write(path: Path, text: str) -> None:
    work = path.with_name(f".{path.name}.{os.getpid()}")
    work.write_text(text, "utf-8")
    work.replace(path)
