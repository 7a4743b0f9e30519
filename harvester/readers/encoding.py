"""Bytes to text: Chinese portals mislabel their pages, so the bytes are believed before any label."""

from __future__ import annotations

import codecs

BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# Every charset label seen on mainland portals (gb2312, gbk, cp936) is a subset of gb18030; rare place names need the superset.
CANDIDATES = ("utf-8", "gb18030")


def decode(body: bytes, header: str = "") -> tuple[str, str]:
    """Text of ``body`` and the encoding it was read with.

    Order: byte order mark; strict UTF-8; strict gb18030; the label of ``header`` (a Content-Type) when it is strict and neither of
    those; else whichever of UTF-8 and gb18030 leaves fewest U+FFFD (one bad byte must not turn a page into mojibake).
    """
    for bom, name in BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "replace"), name
    for name in (*CANDIDATES, *_labelled(header)):
        try:
            return body.decode(name), name
        except UnicodeDecodeError:
            continue
    readings = [(body.decode(name, "replace"), name) for name in CANDIDATES]
    return min(readings, key=lambda reading: reading[0].count("\ufffd"))


def is_utf8(body: bytes, content: str, encoding: str) -> bool:
    """Whether ``body``, which :func:`decode` read as ``content``, is that content in UTF-8, byte for byte."""
    return encoding == "utf-8" and "\ufffd" not in content and not body.startswith(codecs.BOM_UTF8)


def _labelled(header: str) -> tuple[str, ...]:
    _, found, label = header.lower().partition("charset=")
    try:
        return (codecs.lookup(label.split(";")[0].strip(" \"'")).name,) if found else ()
    except LookupError:
        return ()
