"""One file per format: bytes in, a Document out (headings, paragraphs and tables in reading order)."""

from __future__ import annotations

import re

from harvester.errors import NotSupported, Unreadable
from harvester.items import Document
from harvester.readers import bounds, html, text
from harvester.readers.encoding import decode, is_utf8

# Extensions and Content-Types lie on these portals; the first bytes do not.
MAGIC = (
    (b"%PDF", "PDF"),
    (b"\xd0\xcf\x11\xe0", "Word 97 / WPS (.doc, .wps) or Excel 97 (.xls)"),
    (b"PK\x03\x04", "docx, xlsx, ofd or zip"),
    (b"{\\rtf", "RTF"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x89PNG", "a PNG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\x1f\x8b", "gzip"),
)

STRANGE = re.compile("[\ufffd\x00-\x08\x0e-\x1f]")


def read(body: bytes, content_type: str = "", url: str = "") -> Document:
    """Document of ``body``, by what the bytes are.

    Raises :class:`Unreadable` for an empty, binary or too large body and :class:`NotSupported` for a known format that is not read yet.
    """
    head = body[:2048].lstrip(b" \t\r\n\xef\xbb\xbf\x00")
    if not head:
        raise Unreadable("the file is empty")
    for magic, name in MAGIC:
        if head.startswith(magic):
            raise NotSupported(f"{name} is not supported yet; save it as HTML or text, the bytes are kept")
    bounds.check_size(len(body))
    content, encoding = decode(body, content_type)
    if _binary(content):
        raise Unreadable("the bytes are neither text nor a known document format")
    if markup := _is_markup(content):
        bounds.check_markup(content)
    # The parser wants UTF-8: what came as it need not be encoded again.
    document = html.read(body if is_utf8(body, content, encoding) else content) if markup else text.read(content)
    document.encoding = encoding
    return document


def _binary(content: str) -> bool:
    sample = content[:4096]
    return len(STRANGE.findall(sample)) * 10 > len(sample)


def _is_markup(content: str) -> bool:
    start = content[:4096]
    if "<html" in start:
        return True
    start = start.lower()
    return "<html" in start or "<!doctype" in start or start.count("</") >= 2 or "<body" in start or "<table" in start
