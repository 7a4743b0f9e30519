"""WARC 1.1 records: a page -> the bytes of its records, and a record -> the page again."""

from __future__ import annotations

import hashlib
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import IO
from uuid import uuid4

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from harvester.items import Page
from storage import payload
from storage.payload import KEPT, MAX_RECORD, TRANSFER_HEADERS

GZIP_LEVEL = 1  # level 6 saves a tenth of the space and takes three times as long; the archive stands before everything else
SMALL_GZIP = 16 + 9  # zlib's number for gzip with the smallest window: less memory to clear
FIELDS = (
    *(("portal-id", "portal_id"), ("link-text", "link_text"), ("via", "via"), ("listed-on", "listed_on"), ("run-id", "run_id")),
    ("region-code", "region_code"),
    *(("carrier", "carrier"), ("carrier-title", "carrier_title"), ("carrier-source", "carrier_source")),
    ("part-of", "part_of"),
)
LENGTH = re.compile("[0-9]{1,18}")
LINE_BREAKS = re.compile(r"[\r\n]+")


def warcinfo(date: str, filename: str, fields: Iterable[tuple[str, str]]) -> bytes:
    """The first record of a file: which software wrote it, for which run."""
    return _fields_record("warcinfo", date, fields, ("WARC-Filename", filename))


def capture(page: Page, sha256: str) -> tuple[bytes, str]:
    """The record of a fetched body and its WARC-Record-ID: ``response`` for http(s), ``resource`` for anything else, also for what no
    server sent so: it has a type and no headers.

    ``sha256`` of the body (64 hex digits) is its payload digest: the one the database knows it by. The gzip member's own CRC-32 covers
    the block, so no block digest is added (it is optional).
    """
    http = page.url.startswith(("http://", "https://")) and bool(page.headers or not page.content_type)
    record = WarcRecord()
    record.init_headers(WarcRecordType.response if http else WarcRecordType.resource)
    record.headers["WARC-Date"] = page.fetched_at
    record.headers["Content-Type"] = "application/http; msgtype=response" if http else page.content_type or "application/octet-stream"
    record.headers["WARC-Target-URI"] = page.url
    record.headers["WARC-Payload-Digest"] = f"sha256:{sha256}"
    record.set_bytes_content(http_head(page) + page.body if http else page.body)
    return packed(record), record.record_id or ""


def packed(record: WarcRecord) -> bytes:
    """A record as one gzip member."""
    buffer = io.BytesIO()
    writer = GzipWriter(buffer, compression_level=GZIP_LEVEL)
    record.write(writer)
    writer.finish()
    return buffer.getvalue()


def metadata(uri: str, date: str, refers_to: str, fields: Iterable[tuple[str, str]]) -> bytes:
    """A record of ``application/warc-fields`` about the record ``refers_to``."""
    return _fields_record("metadata", date, fields, ("WARC-Target-URI", uri), ("WARC-Refers-To", refers_to))


def _fields_record(kind: str, date: str, fields: Iterable[tuple[str, str]], *about: tuple[str, str]) -> bytes:
    """A record of ``application/warc-fields`` as one gzip member. Stored in it, not deflated: at 300 bytes that saves 60 of them and
    takes five times as long, twice a page."""
    block = _fields(fields)
    head = (("WARC-Type", kind), ("WARC-Record-ID", f"<urn:uuid:{uuid4()}>"), ("WARC-Date", date), *about)
    rest = (("Content-Type", "application/warc-fields"), ("Content-Length", str(len(block))))
    member = zlib.compressobj(0, zlib.DEFLATED, SMALL_GZIP, 1)
    return member.compress(b"".join((b"WARC/1.1\r\n", _fields([*head, *rest]), b"\r\n", block, b"\r\n\r\n"))) + member.flush()


def page_fields(page: Page) -> list[tuple[str, str]]:
    """What the fetch knew about a page, as WARC fields; empty ones are left out."""
    return [(name, getattr(page, attribute)) for name, attribute in FIELDS if getattr(page, attribute)]


def http_head(page: Page) -> bytes:
    """Status line and headers of the page, with the length of the body that is kept."""
    try:
        reason = HTTPStatus(page.status).phrase
    except ValueError:
        reason = "Unknown"
    lines = [f"HTTP/1.1 {page.status} {reason}"]
    for name, value in page.headers:
        lines.append(f"{KEPT if name.lower() in TRANSFER_HEADERS else ''}{name}: {LINE_BREAKS.sub(' ', value)}")
    lines.append(f"Content-Length: {len(page.body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape")


def _fields(fields: Iterable[tuple[str, str]]) -> bytes:
    return "".join([f"{name}: {LINE_BREAKS.sub(' ', value)}\r\n" for name, value in fields]).encode("utf-8", "surrogateescape")


def read_fields(content: bytes) -> dict[str, str]:
    """The body of an ``application/warc-fields`` record as a dict (lower-case names)."""
    pairs = (line.partition(":") for line in content.decode("utf-8", "replace").splitlines() if ":" in line)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def read_page(record: WarcRecord, content: bytes) -> Page:
    """The page of a ``response`` or ``resource`` record whose block is ``content``; ``notes["cut"]`` says why its body is not all of it."""
    page = Page(record.headers.get("WARC-Target-URI") or "", content, fetched_at=seconds(record.headers.get("WARC-Date") or ""))
    page.url = page.url.strip("<>")  # WARC 1.0 writers put angle brackets round the target
    if record.record_type == WarcRecordType.resource:
        page.content_type = record.headers.get("Content-Type") or ""
        return page
    page.status, page.headers, page.body, cut = payload.of_http(content)
    if cut := cut or _cut_by_its_writer(record):
        page.notes["cut"] = cut
    page.content_type = next((value for name, value in page.headers if name.lower() == "content-type"), "")
    return page


def _cut_by_its_writer(record: WarcRecord) -> str:
    """Why the record does not hold the whole body, as its own headers say; empty when they say nothing of the kind."""
    if reason := record.headers.get("WARC-Truncated"):
        return f"cut by the crawler that kept it ({reason})"
    return "the first part of several records" if record.headers.get("WARC-Segment-Number") else ""


def seconds(date: str) -> str:
    """A WARC date without its fraction of a second, which only some writers print."""
    return re.sub(r"\.\d+Z$", "Z", date)


def body_sha256(body: bytes) -> str:
    """SHA-256 (64 hex digits) of a body as it is kept."""
    return hashlib.sha256(body).hexdigest()


class Torn(Exception):
    """Raised while reading: at byte ``offset`` the file stops making sense, or right behind the record there when that is ``whole``."""

    def __init__(self, offset: int, whole: bool, why: str = "torn or damaged") -> None:
        super().__init__(f"{why} at byte {offset}")
        self.offset = offset
        self.whole = whole
        self.why = why


def scan(stream: IO[bytes], wanted: WarcRecordType) -> Iterator[tuple[WarcRecord, bytes, int]]:
    """(record, its block, its offset) for each record of ``wanted`` kinds, from where ``stream`` stands. Raises :class:`Torn`."""
    offset = stream.tell()
    whole = False
    try:
        for record in ArchiveIterator(stream, record_types=wanted, parse_http=False):
            offset, whole = record.stream_pos, False
            stated = record.headers.get("Content-Length") or ""
            length = int(stated) if LENGTH.fullmatch(stated) else 0
            if length > MAX_RECORD:
                raise Torn(offset, whole, f"too large ({length / 1e6:,.0f} MB)")
            content = record.reader.read()
            # The library ends a truncated record in silence: the stated length is the only witness.
            if len(content) < length:
                raise Torn(offset, whole)
            whole = True
            yield record, content, offset
    except OSError as error:
        raise Torn(offset, whole) from error
