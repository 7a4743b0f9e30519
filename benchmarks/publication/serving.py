"""A real ``datasette`` on loopback over a published folder, and how long its addresses take, warm."""

from __future__ import annotations

import http.client
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from storage.publish import serve_args

START = 120  # seconds until it answers


@contextmanager
def served(folder: Path) -> Iterator[int]:
    """The port of Datasette on ``folder``."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "-m", "datasette", *serve_args(folder, port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + START
    while time.monotonic() < end and process.poll() is None:
        with suppress(OSError):
            get(port, "/-/versions.json")
            return
        time.sleep(0.2)
    raise RuntimeError("datasette did not start")


def median_ms(port: int, path: str, times: int) -> float:
    """Milliseconds of the median of ``times`` requests, after one that warms the caches."""
    get(port, path)
    return round(statistics.median(get(port, path) for _ in range(times)), 1)


def get(port: int, path: str) -> float:
    """Milliseconds of one answer, read to its end. Raises ``RuntimeError`` unless it is 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    began = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    taken = (time.perf_counter() - began) * 1000
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status} {body[:300]!r}")
    return taken
