"""A published folder behind Datasette in a process of its own, as a visitor meets it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage import publish

# The published folder has to work where the harvester is not installed: importing it fails in this server.
ALONE = "import sys; sys.modules['harvester'] = sys.modules['storage'] = None; from datasette.cli import cli; cli()"


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Its address; the server ends with the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", ALONE, *publish.serve_args(folder, port)]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            end = time.monotonic() + 40
            while socket.socket().connect_ex(("127.0.0.1", port)):
                assert time.monotonic() < end, "the server did not start"
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
