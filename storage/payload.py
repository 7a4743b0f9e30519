"""What an HTTP record holds: status, headers and the body as it was before it was packed for the way; and whether all of it is there."""

from __future__ import annotations

import re
import zlib
from typing import Literal, NamedTuple

from fastwarc.warc import WarcRecord, WarcRecordType

# These headers describe the transfer, not the body we keep (already decoded), so they are kept under another name.
TRANSFER_HEADERS = frozenset(("content-encoding", "transfer-encoding", "content-length"))
KEPT = "X-Archive-Orig-"
MAX_RECORD = 80 * 1024 * 1024  # bytes, a quarter more than a crawl fetches; a record is held in memory, and gzip can swell to any size
DEFLATED = ("gzip", "x-gzip", "deflate")
WINDOWS = (47, -15)  # zlib's numbers: gzip or zlib, as it says; the bare stream that some servers send for deflate
HEADERS_END = re.compile(rb"\r?\n\r?\n")
LAST_CHUNK = re.compile(rb"(^|\n)0+[ \t]*(;[^\r\n]*)?\r?\n")
CHUNK_HEAD = re.compile(rb"[0-9A-Fa-f]+[ \t]*(;[^\r\n]*)?\r?\n")


class Payload(NamedTuple):
    """An HTTP response. ``cut``: why the body is not all of what was sent; empty when nothing says so."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    cut: str = ""


def of_http(content: bytes) -> Payload:
    """The response in a record's block. A body that lies about its encoding, or would swell beyond measure, is given as it is."""
    content = _with_crlf(content)
    try:
        status, headers, body = _parsed(content, "transfer")
    except OSError:
        status, headers, body = _parsed(content, "none")
        return Payload(status, _as_sent(headers), body, _cut_chunks(content))
    stated = {name.lower(): value.strip().lower() for name, value in headers}
    encoding, chunked = stated.get("content-encoding", ""), "chunked" in stated.get("transfer-encoding", "")
    cut = _cut_chunks(content) if chunked else _short(body, stated.get("content-length", "")) if not encoding else ""
    if encoding in DEFLATED:
        body, torn = _inflated(body, encoding)
        cut = torn or cut
    elif encoding:
        body = _otherwise(content, body)
    return Payload(status, _as_sent(headers), body, cut)


def _with_crlf(content: bytes) -> bytes:
    """Some writers end the lines of the headers with a bare line feed, which the library takes for headers without end."""
    end = HEADERS_END.search(content)
    if end is None or end[0] == b"\r\n\r\n":
        return content
    head = content[: end.start()].replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return head + b"\r\n\r\n" + content[end.end() :]


def _short(body: bytes, length: str) -> str:
    stated = int(length) if re.fullmatch("[0-9]{1,18}", length) else 0
    return f"{len(body):,} of {stated:,} bytes" if len(body) < stated else ""


def _cut_chunks(content: bytes) -> str:
    """Crawlers that took the chunks apart keep the header all the same: only a body that begins as a chunk does can lack its last one."""
    end = HEADERS_END.search(content)
    start = end.end() if end else len(content)
    is_chunked = CHUNK_HEAD.match(content, start) is not None
    return "its last chunk is missing" if is_chunked and not LAST_CHUNK.search(content, max(start, len(content) - 1000)) else ""


def _inflated(body: bytes, encoding: str) -> tuple[bytes, str]:
    """The body unpacked, and why it is not whole; as it is when it was not packed, or is larger unpacked than any page that was fetched."""
    for window in WINDOWS if encoding == "deflate" else WINDOWS[:1]:
        unpacking = zlib.decompressobj(window)
        try:
            found = unpacking.decompress(body, MAX_RECORD + 1)
        except zlib.error:
            continue
        if len(found) > MAX_RECORD:
            break
        return found, "" if unpacking.eof else "its compressed body breaks off"
    return body, ""


def _otherwise(content: bytes, body: bytes) -> bytes:
    """Brotli; any other word leaves the body as it is."""
    try:
        return _parsed(content, "all")[2]
    except OSError:
        return body


def _parsed(content: bytes, decode: Literal["none", "transfer", "all"]) -> tuple[int, list[tuple[str, str]], bytes]:
    record = WarcRecord()
    record.init_headers(WarcRecordType.response)
    record.is_http = True
    record.set_bytes_content(content)
    record.parse_http(auto_decode=decode)
    return record.http_headers.status_code or 0, list(record.http_headers.items()), record.reader.read()


def _as_sent(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The headers that the server sent: those that our archive keeps under another name stand for its own."""
    ours = {name[len(KEPT) :].lower() for name, _ in headers if name.startswith(KEPT)}
    return [(name.removeprefix(KEPT), value) for name, value in headers if name.lower() not in ours]
