"""The loopback server: every portal on a port of its own, all in one thread, answers rendered once and kept."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from http import HTTPStatus
from types import MappingProxyType
from typing import cast
from urllib.parse import parse_qsl

Headers = dict[str, str]
Needs = Mapping[str, tuple[str, ...]]
END = b"\r\n\r\n"


class Response:
    """An answer as bytes, ready to send: whole, and as 304 when it has validators."""

    def __init__(
        self, status: int, content_type: str, body: bytes, modified: str = "", validators: bool = True, disposition: str = ""
    ) -> None:
        kept = validators and status == HTTPStatus.OK
        self.etag = f'"{sha256(body).hexdigest()[:24]}"' if kept else ""
        self.modified = datetime.fromisoformat(modified).replace(tzinfo=UTC) if kept and modified else None
        lines = [f"ETag: {self.etag}"] if self.etag else []
        lines += [f"Last-Modified: {format_datetime(self.modified, usegmt=True)}"] if self.modified else []
        lines += [f"Content-Disposition: {disposition}"] if disposition else []
        self.whole = _head(status, [f"Content-Type: {content_type}", *lines], len(body)) + body
        self.bodiless = _head(status, [f"Content-Type: {content_type}", *lines], len(body))
        self.unchanged = _head(HTTPStatus.NOT_MODIFIED, lines)

    def to(self, method: str, headers: Headers) -> bytes:
        """What goes out for a request with these headers (names in lower case)."""
        if self._known(headers):
            return self.unchanged
        return self.bodiless if method == "HEAD" else self.whole

    def _known(self, headers: Headers) -> bool:
        """Whether the client holds this very answer; If-None-Match decides before If-Modified-Since."""
        if "if-none-match" in headers:
            return bool(self.etag) and self.etag in headers["if-none-match"]
        since = headers.get("if-modified-since")
        return bool(since and self.modified and self.modified <= _moment(since))


def _moment(text: str) -> datetime:
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def _head(status: int, lines: list[str], length: int | None = None) -> bytes:
    sized = [f"Content-Length: {length}"] if length is not None else []
    head = [f"HTTP/1.1 {int(status)} {HTTPStatus(status).phrase}", "Server: sample", *lines, *sized, "Connection: keep-alive", "", ""]
    return "\r\n".join(head).encode("latin-1")


def _fields(body: bytes) -> dict[str, str]:
    """The fields of a form, or of the JSON object that some services want instead."""
    text = body.decode("utf-8", "replace")
    return {name: str(value) for name, value in json.loads(text).items()} if text.startswith("{") else dict(parse_qsl(text))


class Desk:
    """One port: counts what it is asked under its name, and keeps each response it has made.

    ``needs``: the headers (lower case) without which an address that begins so is not found.
    """

    def __init__(
        self, name: str, make: Callable[[str, dict[str, str]], Response], requests: Counter[str], needs: Needs = MappingProxyType({})
    ) -> None:
        self.name, self.make, self.requests, self.needs = name, make, requests, needs
        self.kept: dict[tuple[str, bytes], Response] = {}

    def answer(self, method: str, target: str, headers: Headers, body: bytes) -> bytes:
        """The bytes that answer one request."""
        self.requests[self.name] += 1
        if any(target.startswith(start) and not set(wanted) <= headers.keys() for start, wanted in self.needs.items()):
            return _head(HTTPStatus.NOT_FOUND, ["Content-Type: text/html"], 0)
        key = (target, body)
        if key not in self.kept:
            self.kept[key] = self.make(target, _fields(body))
        return self.kept[key].to(method, headers)


class _Connection(asyncio.Protocol):
    """Reads requests off one kept-alive connection, pipelined ones too, and answers them in order."""

    def __init__(self, desk: Desk, open_ones: set[asyncio.Transport]) -> None:
        self.desk, self.open_ones, self.buffer = desk, open_ones, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.open_ones.add(self.transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self.open_ones.discard(self.transport)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while END in self.buffer:
            head, rest = self.buffer.split(END, 1)
            (method, target), headers = _request(head)
            length = int(headers.get("content-length", "0"))
            if len(rest) < length:
                return
            self.buffer = rest[length:]
            self.transport.write(self.desk.answer(method, target, headers, rest[:length]))
            if headers.get("connection", "").lower() == "close":
                self.transport.close()


def _request(head: bytes) -> tuple[tuple[str, str], Headers]:
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target = first.split(" ")[:2]
    pairs = (line.partition(":") for line in lines)
    return (method, target), {name.lower(): value.strip() for name, _, value in pairs}


def bound(port: int) -> socket.socket:
    """A listening socket on 127.0.0.1: on ``port``, or on any free one when that is taken (or 0)."""
    try:
        return socket.create_server(("127.0.0.1", port), backlog=128)
    except OSError:
        return socket.create_server(("127.0.0.1", 0), backlog=128)


@contextmanager
def running(desks: dict[socket.socket, Desk]) -> Iterator[None]:
    """Serves each desk on its socket from a thread of its own until the block ends."""
    loop = asyncio.new_event_loop()
    open_ones: set[asyncio.Transport] = set()
    servers = [loop.run_until_complete(_listen(loop, port, desk, open_ones)) for port, desk in desks.items()]
    thread = threading.Thread(target=loop.run_forever, name="sample portals", daemon=True)
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        _close(loop, servers, open_ones)


async def _listen(loop: asyncio.AbstractEventLoop, port: socket.socket, desk: Desk, open_ones: set[asyncio.Transport]) -> asyncio.Server:
    return await loop.create_server(lambda: _Connection(desk, open_ones), sock=port)


def _close(loop: asyncio.AbstractEventLoop, servers: list[asyncio.Server], open_ones: set[asyncio.Transport]) -> None:
    for server in servers:
        server.close()
    for transport in list(open_ones):
        transport.abort()
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
