"""A small web server for tests of the spider: one port a portal, answers from a dictionary or a function, every request written down."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, dict[str, str], bytes]
Answers = Mapping[str, Any] | Callable[["Asked"], Any]


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    at: float


@dataclass
class Site:
    """A portal on its own port; ``asked`` in the order of arrival, without robots.txt."""

    answers: Answers
    base: str = ""
    asked: list[Asked] = field(default_factory=list)
    robots_asked: int = 0

    @property
    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def reply(self, asked: Asked) -> Reply:
        if asked.path == "/robots.txt":
            self.robots_asked += 1
        else:
            self.asked.append(asked)
        found = self.answers(asked) if callable(self.answers) else self.answers.get(asked.path)
        return as_reply(found)


def as_reply(found: Any) -> Reply:
    """A page (str), a status (int), a whole reply, or nothing (404)."""
    if found is None:
        return 404, {}, b"not here"
    if isinstance(found, int):
        return found, {}, b"status %d" % found
    if isinstance(found, str):
        return 200, {"Content-Type": "text/html; charset=utf-8"}, found.encode()
    return found


def handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = Asked(self.command, self.path, {name.lower(): value for name, value in self.headers.items()}, body, time.monotonic())
            status, headers, content = site.reply(asked)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Tests read ``asked``."""

    return Handler


@contextmanager
def serving(*sites: Site) -> Iterator[None]:
    """All ``sites`` on ports of 127.0.0.1; ``base`` of each is set."""
    with ExitStack() as stack:
        for site in sites:
            server = ThreadingHTTPServer(("127.0.0.1", 0), handler(site))
            server.daemon_threads = True
            site.base = f"http://127.0.0.1:{server.server_address[1]}"
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()  # seconds until it sees that it is ended
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
        yield
