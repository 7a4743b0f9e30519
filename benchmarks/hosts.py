"""Many portals at once, each a host of its own on loopback, at a delay that is kept: what a witness at their side saw of the pace."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.memory import run_watched
from benchmarks.pages import report_page, templates
from benchmarks.server import LIST, OK, ROW

HOSTS, REPORTS, DELAY = 500, 12, 5.0
PROMISED, PROMISED_MB = 0.80, 600  # of the requests that the delays allow; MB of all processes of the crawl
LATENCY = 0.05  # seconds an answer takes, so that two at a time would be seen
JITTER = 0.02  # of the delay; what the witness itself was late at its worst (another program had its core) comes to that
TICK = 0.01  # seconds
HEADER = "portal_id,name,region_code,list_url,family,min_reports,note"
ROBOTS = b"User-agent: *\nDisallow: /admin/\n"
STRANGER = '<li><a href="http://127.254.254.254:{port}/r/1.html">云溪县水利局2023年政府信息公开工作年度报告</a></li>\n'
LOG = "/-/log"


def host(number: int) -> str:
    """The address of a portal; on Linux the whole of 127.0.0.0/8 is this machine."""
    return f"127.1.{number // 250}.{number % 250 + 1}"


class Witness(asyncio.Protocol):
    """All portals on one port, told apart by the host that is asked; writes down who was asked when, and answers after :data:`LATENCY`."""

    reports = REPORTS
    port = 0
    asked: list[tuple[str, str, float, int]] = []  # host, path, moment, requests under way at that host
    under_way: dict[str, int] = defaultdict(int)
    late = 0.0  # seconds, the worst

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.received, self.loop = transport, b"", asyncio.get_running_loop()

    def data_received(self, data: bytes) -> None:
        self.received += data
        while b"\r\n\r\n" in self.received:
            head, _, self.received = self.received.partition(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode()
            if path == LOG:
                self._send(json.dumps({"asked": self.asked, "late": self.late}).encode())
            else:
                self._take(head.lower().partition(b"\nhost:")[2].split(b"\r")[0].decode().strip().partition(":")[0], path)

    def _take(self, name: str, path: str) -> None:
        self.under_way[name] += 1
        self.asked.append((name, path, self.loop.time(), self.under_way[name]))
        self.loop.call_later(LATENCY, self._answer, name, path)

    def _answer(self, name: str, path: str) -> None:
        self.under_way[name] -= 1
        self._send(self._body(name, path))

    def _send(self, body: bytes) -> None:
        self.transport.write(OK % (b"", len(body)) + body)

    def _body(self, name: str, path: str) -> bytes:
        parts = [int(part) for part in name.split(".")]
        first = (parts[2] * 250 + parts[3]) * 1000
        if path == "/robots.txt":
            return ROBOTS
        if path == "/ndbg/":
            rows = "".join(ROW.format(number=first + number) for number in range(self.reports))
            return LIST.format(rows=rows + STRANGER.format(port=self.port), pages=1, page=0).encode()
        return report_page(int(path.rpartition("_")[2].removesuffix(".html")))


async def serve(reports: int) -> None:
    """Serves until the process is ended; prints the port first."""
    Witness.reports = reports
    templates()
    server = await asyncio.get_running_loop().create_server(Witness, "0.0.0.0", 0, backlog=4096)
    Witness.port = server.sockets[0].getsockname()[1]
    print(Witness.port, flush=True)
    async with server:
        await watch()


async def watch() -> None:
    """How late this process is: a request is seen when its turn comes, and after a late one the next seems to come early."""
    loop = asyncio.get_running_loop()
    while True:
        before = loop.time()
        await asyncio.sleep(TICK)
        Witness.late = max(Witness.late, loop.time() - before - TICK)


@contextmanager
def witness(reports: int) -> Iterator[int]:
    """Port of a server process; it ends with the block."""
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.hosts", str(reports)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()


def measure(hosts: int = HOSTS, reports: int = REPORTS, delay: float = DELAY, *settings: str) -> dict[str, Any]:
    """One first crawl with the settings as they are. ``share_of_allowed``: the time in which the delays allow all these requests, of the
    time between the first and the last; start and end, when most hosts have nothing to say, are in it."""
    with witness(reports) as port, tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        summary, peak = crawl(place, port, hosts, delay, settings)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{LOG}", timeout=30) as answer:
            seen = json.load(answer)
        return judged(seen["asked"], seen["late"], summary, peak, (hosts, reports, delay))


def crawl(place: Path, port: int, hosts: int, delay: float, settings: tuple[str, ...]) -> tuple[dict[str, Any], float]:
    """The run summary, and the peak memory of all its processes in MB."""
    lines = [f"h{number},云溪县第{number}号单位,990121,http://{host(number)}:{port}/ndbg/,,," for number in range(hosts)]
    (place / "portals.csv").write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    paths = ["--portals", "portals.csv", "--db", "hosts.db", "--archive", "archive", "--summary", "summary.json"]
    given = (f"DOWNLOAD_DELAY={delay}", "HARVEST_CONTACT=the person at this machine", *settings)
    words = [str(place / word) if number % 2 else word for number, word in enumerate(paths)]
    command = [sys.executable, "-m", "harvester", "crawl", *words, *(word for one in given for word in ("-s", one))]
    peak = run_watched(command, place / "stderr.txt")
    return json.loads((place / "summary.json").read_text("utf-8")), peak


def judged(asked: list[list[Any]], late: float, summary: dict[str, Any], peak: float, planned: tuple[int, int, float]) -> dict[str, Any]:
    """What the witness saw, beside what is promised. ``planned``: hosts, reports at each, delay in seconds."""
    hosts, reports, delay = planned
    times: dict[str, list[float]] = defaultdict(list)
    for name, _, moment, _ in asked:
        times[name].append(moment)
    moments = sorted(moment for _, _, moment, _ in asked)
    gaps = [later - sooner for seen in times.values() for sooner, later in pairwise(sorted(seen))]
    each = reports + 2  # robots.txt and the list
    result = {
        "hosts": len(times),
        "requests": len(asked),
        "complete": sum(portal["outcome"] == "complete" for portal in summary["portals"]),
        "new": sum(portal["new"] for portal in summary["portals"]),
        "requests_per_second": round(len(asked) / (moments[-1] - moments[0]), 1),
        "share_of_allowed": round((each - 1) * delay / (moments[-1] - moments[0]), 3),
        "shortest_gap": round(min(gaps), 3),
        "witness_late": round(late, 3),
        "most_at_once": max(at_once for *_, at_once in asked),
        "off_the_list": sorted(set(times) - {host(number) for number in range(hosts)}),
        "seconds": round(summary["seconds"], 1),
        "peak_mb": peak,
    }
    polite = result["shortest_gap"] >= delay * (1 - JITTER) - late and result["most_at_once"] == 1 and not result["off_the_list"]
    whole = result["complete"] == hosts and result["new"] == hosts * reports
    return {**result, "polite": polite, "kept": polite and whole and result["share_of_allowed"] >= PROMISED and peak <= PROMISED_MB}


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
