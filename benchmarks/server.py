"""A portal that is never the bottleneck: list pages and report pages of about 92 KB from memory, on 127.0.0.1, in a process of its own."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.pages import report_page, templates

A_LIST_PAGE = 50
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n%sContent-Length: %d\r\n\r\n"
VALIDATORS = b'ETag: "%x"\r\nLast-Modified: Tue, 30 Jan 2024 09:00:00 GMT\r\n'
SAME = b"HTTP/1.1 304 Not Modified\r\n%s\r\n"
COUNTS = "/counts"  # what was sent since this was last asked: answers by status, bytes
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n"
LIST = """<html><head><meta charset="utf-8"><title>政府信息公开年报</title></head><body><div class="position">政府信息公开年报</div><ul>
{rows}</ul><script>createPageHTML({pages}, {page}, "index", "html");</script></body></html>"""
ROW = '<li><a href="./t20240130_{number}.html">云溪县第{number}号单位2023年政府信息公开工作年度报告</a><span>2024-01-30</span></li>\n'


class Portal(asyncio.Protocol):
    """HTTP/1.1 with keep-alive, GET only. ``count`` report pages, each with validators; lists have none, as with most portals."""

    count = 0
    sent: Counter[str] = Counter()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport, self.received = transport, b""

    def data_received(self, data: bytes) -> None:
        self.received += data
        while b"\r\n\r\n" in self.received:
            request, _, self.received = self.received.partition(b"\r\n\r\n")
            self.transport.write(self.answer(request))

    def answer(self, request: bytes) -> bytes:
        """The whole answer to a request."""
        path = request.split(b" ", 2)[1].decode()
        if path == COUNTS:
            body = json.dumps(self.sent).encode()
            self.sent.clear()
            return OK % (b"", len(body)) + body
        told = self.told(path, request)
        self.sent.update({told[9:12].decode(): 1, "bytes": len(told)})
        return told

    def told(self, path: str, request: bytes) -> bytes:
        body = self.body(path)
        if body is None:
            return NOT_FOUND
        number = path.rpartition("_")[2].removesuffix(".html")
        validators = VALIDATORS % int(number) if "/t20240130_" in path else b""
        known = validators and b'if-none-match: "%x"' % int(number) in request.lower()
        return SAME % validators if known else OK % (validators, len(body)) + body

    def body(self, path: str) -> bytes | None:
        """``/ndbg/`` and ``/ndbg/index_N.html`` are the list, ``/ndbg/t20240130_N.html`` the reports; there is nothing else."""
        name = path.removeprefix("/ndbg/").removesuffix(".html")
        if name.startswith("t20240130_"):
            return report_page(int(name.removeprefix("t20240130_")))
        if name == "" or name.startswith("index_"):
            return list_page(int(name.removeprefix("index_") or 0), self.count)
        return None


def list_page(page: int, count: int) -> bytes:
    numbers = range(page * A_LIST_PAGE, min((page + 1) * A_LIST_PAGE, count))
    rows = "".join(ROW.format(number=number) for number in numbers)
    return LIST.format(rows=rows, pages=-(-count // A_LIST_PAGE), page=page).encode()


async def serve(count: int) -> None:
    """Serves ``count`` report pages until the process is ended; prints the port first."""
    Portal.count = count
    templates()
    server = await asyncio.get_running_loop().create_server(Portal, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def portal(count: int) -> Iterator[str]:
    """List address of a server process with ``count`` report pages; the process ends with the block."""
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.server", str(count)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/ndbg/"
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
