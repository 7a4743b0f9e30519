"""Reading in a process of its own, with an end to its time and memory: for files that may take minutes or gigabytes, and for no others."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from importlib import import_module
from typing import cast

from harvester.errors import NotSupported, Unreadable
from harvester.items import Document

SECONDS = 60
MEMORY = 3 << 30  # bytes; addresses, of which libraries take more than memory
# Not -m: what that module defines would be of __main__ there, and unknown here.
PROGRAM = "from harvester.readers.apart import main; main()"


def read(name: str, body: bytes) -> Document:
    """What ``harvester.readers.<name>.laid_out(body)`` gives. Raises what it raises, and :class:`Unreadable` where it comes to no end."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", PROGRAM, name]
    try:
        ran = subprocess.run(command, input=body, capture_output=True, timeout=SECONDS, env=environment, check=False)
    except subprocess.TimeoutExpired:
        ran = None
    if ran is None or ran.returncode:
        raise Unreadable(f"laying it out takes more than {SECONDS} seconds or {MEMORY >> 30} GB: damaged, or made to be so")
    told = pickle.loads(ran.stdout)
    if isinstance(told, Unreadable):
        raise told
    return cast(Document, told)


def main() -> None:
    """Reads the body on stdin with the reader that the command line names."""
    _limit()
    told: Document | Unreadable
    try:
        told = import_module(f"harvester.readers.{sys.argv[1]}").laid_out(sys.stdin.buffer.read())
    except NotSupported as error:
        told = NotSupported(str(error))
    except Unreadable as error:
        told = Unreadable(str(error))
    sys.stdout.buffer.write(pickle.dumps(told))


def _limit() -> None:
    """Sets the limits of this process, where the system has such."""
    try:
        import resource
    except ImportError:  # Windows: the time is limited all the same
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
