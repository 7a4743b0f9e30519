"""One file per format: bytes in, a Document out (headings, paragraphs and tables in reading order)."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from typing import cast

from harvester.errors import NotSupported, Unreadable
from harvester.items import Document
from harvester.readers import bounds, html, sniff, text
from harvester.readers.encoding import decode, is_utf8

# Format -> the module of this package that reads it, imported when the first such file comes: who crawls only HTML waits for none of them.
READERS: dict[str, str] = {
    **dict.fromkeys(("docx", "wordxml"), "word"),
    **dict.fromkeys(("doc", "rtf", "odt", "ods", "xlsb"), "office"),
    **dict.fromkeys(("xlsx", "xls", "sheetxml"), "sheet"),
    "mhtml": "mhtml",
    "pdf": "pdf",
    "ofd": "ofd",
    "image": "image",
    "zip": "archive",
    "rar": "archive",
    "7z": "archive",
    "gzip": "archive",
}
STRANGE = re.compile("[\ufffd\x00-\x08\x0e-\x1f]")


def read(body: bytes, content_type: str = "", url: str = "") -> Document:
    """Document of ``body``, by what the bytes are.

    Raises :class:`Unreadable` for an empty, binary or too large body and :class:`NotSupported` for a known format that is not read yet.
    """
    if not body[:2048].lstrip(sniff.NOISE):
        raise Unreadable("the file is empty")
    bounds.check_size(len(body))
    if found := sniff.format_of(body):
        return _reader(found)(body)
    content, encoding = decode(body, content_type)
    if _binary(content):
        raise Unreadable("the bytes are neither text nor a known document format")
    if markup := _is_markup(content):
        bounds.check_markup(content)
    # The parser wants UTF-8: what came as it need not be encoded again.
    document = html.read(body if is_utf8(body, content, encoding) else content) if markup else text.read(content)
    document.encoding = encoding
    return document


def _reader(name: str) -> Callable[[bytes], Document]:
    """The function that reads a format; its module's imports may say (:class:`NotSupported`) which extra is to be installed."""
    if name == "encrypted":
        raise Unreadable("the document has a password; the bytes are kept")
    if name not in READERS:
        what = "an old Office file, cut off or of an unknown program," if name == "ole" else name
        raise NotSupported(f"{what} is not supported; save it as HTML or text, the bytes are kept")
    module = import_module(f"harvester.readers.{READERS[name]}")
    return cast(Callable[[bytes], Document], module.read)


def _binary(content: str) -> bool:
    sample = content[:4096]
    return len(STRANGE.findall(sample)) * 10 > len(sample)


def _is_markup(content: str) -> bool:
    start = content[:4096]
    if "<html" in start:
        return True
    start = start.lower()
    return "<html" in start or "<!doctype" in start or start.count("</") >= 2 or "<body" in start or "<table" in start
