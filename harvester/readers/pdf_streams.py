"""Whether a PDF may take minutes or gigabytes to lay out: told by its streams, before pdfium has unpacked any of them for good."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

STREAM = re.compile(rb"(?<!end)stream\r?\n")
FILTERS = re.compile(rb"/Filter\s*(\[[^\]]*\]|/\w+)")
NAME = re.compile(rb"/(\w+)")
DRAWS = re.compile(rb"[\s\x00]Do(?![A-Za-z])")
# What unpacks to no more than a picture, or by a filter that is followed here. Others (LZW, run lengths, packed twice) do occur, seldom.
PLAIN = frozenset((b"FlateDecode", b"Fl", b"DCTDecode", b"DCT", b"JPXDecode", b"CCITTFaxDecode", b"CCF", b"JBIG2Decode"))
FLATE = (b"FlateDecode", b"Fl")
MAX_STREAM = 32_000_000  # bytes unpacked: a page's text and lines take some hundred thousand, a picture of it 26 million
MAX_ALL = 256_000_000
MANY = 2  # things that one form draws: ten forms that draw ten each, or one that draws itself twice, draw thousands of millions
BEFORE = 2_000  # bytes before a stream that hold its dictionary
CHUNK = 1 << 20


def is_heavy(body: bytes) -> bool:
    """Whether something in a PDF unpacks to more than any report has, draws itself manifold, or is packed so that this cannot be seen."""
    if b"/Encrypt" in body:
        return True
    whole = end = 0
    for found in STREAM.finditer(body):
        head = body[max(end, found.start() - BEFORE) : found.start()]
        head = head[head.rfind(b"obj") :]
        filters = _filters(head)
        if filters is None or not PLAIN.issuperset(filters) or len(filters) > 1 or b"#" in head:
            return True
        size, drawn = _weighed(_unpacked(body, found.end()) if filters and filters[0] in FLATE else _bare(body, found.end()))
        whole += size
        if size > MAX_STREAM or whole > MAX_ALL or (drawn >= MANY and b"/Form" in head):
            return True
        end = found.end()
    return False


def _filters(head: bytes) -> list[bytes] | None:
    """The filters that a stream's dictionary names; None where they are told elsewhere."""
    found = FILTERS.search(head)
    if found is None:
        return None if b"/Filter" in head else []
    return NAME.findall(found[1])


def _weighed(parts: Iterator[bytes]) -> tuple[int, int]:
    """How many bytes a stream unpacks to, counted to what is too many, and how many forms and pictures it draws."""
    size = drawn = 0
    for part in parts:
        size += len(part)
        drawn += len(DRAWS.findall(part))
        if size > MAX_STREAM:
            break
    return size, drawn


def _bare(body: bytes, start: int) -> Iterator[bytes]:
    """A stream that is not packed, or a picture."""
    end = body.find(b"endstream", start)
    yield body[start : end if end >= 0 else len(body)]


def _unpacked(body: bytes, start: int) -> Iterator[bytes]:
    """The stream that begins here, unpacked piece by piece; a damaged one as far as pdfium unpacks it."""
    unpacker, rest = zlib.decompressobj(), body[start : start + CHUNK]
    while rest and not unpacker.eof:
        try:
            yield unpacker.decompress(rest, CHUNK)
        except zlib.error:
            return
        rest = unpacker.unconsumed_tail
        if not rest:
            start += CHUNK
            rest = body[start : start + CHUNK]
