"""A web page saved as one file (.mht, and Word's and Excel's "single file web page" named .doc or .xls): the HTML in a MIME message,
and the pictures where it is nothing but these."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message
from importlib import import_module
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from harvester.errors import Unreadable
from harvester.items import Document
from harvester.readers import gallery, html
from harvester.readers.bounds import check_markup
from harvester.readers.encoding import decode
from harvester.readers.gallery import Shown

HEADERS = re.compile(
    rb"\s*(?:[A-Za-z][A-Za-z-]*:[^\n]*\n(?:[ \t][^\n]*\n)*)*?content-type:\s*(?:multipart/related|multipart/alternative|text/html)", re.I
)
MAX_LINES = 300_000  # the parser takes microseconds over each
MAX_PARTS = 20_000  # and twenty over each part; a page saved with all its pictures has hundreds
BOUNDARY = re.compile(rb"^--\S", re.MULTILINE)
DAMAGED = "the web page in one file is damaged"
FRAMES = re.compile("<frameset", re.IGNORECASE)


def is_mhtml(body: bytes) -> bool:
    """Whether ``body`` begins with the headers of a message that holds HTML."""
    return HEADERS.match(body[:2048].removeprefix(b"\xef\xbb\xbf")) is not None


def read(body: bytes) -> Document:
    """Document of the page; of one that is nothing but pictures, what these show. Raises :class:`Unreadable` for a message without a page,
    :class:`NotSupported` for pictures without the extra ``ocr``."""
    parts = _parts(body)
    content = _page(parts)
    check_markup(content)
    document = html.read(content)
    document.format = "mhtml"
    shown = _shown(content, parts) if gallery.is_bare(document) else []
    return _with_pictures(document, shown) if any(one.body for one in shown) else document


def page(body: bytes) -> str:
    """The page's HTML; of a page of frames, that of all frames: each sheet of a workbook is one."""
    return _page(_parts(body))


def _parts(body: bytes) -> list[Message]:
    if body.count(b"\n") > MAX_LINES:
        raise Unreadable(f"too large: more than {MAX_LINES:,} lines; no report has that many")
    if sum(1 for _ in BOUNDARY.finditer(body)) > MAX_PARTS:
        raise Unreadable(f"too large: a page in more than {MAX_PARTS:,} parts")
    try:
        return list(message_from_bytes(body.lstrip(b"\xef\xbb\xbf\r\n ")).walk())
    except (RecursionError, MessageError, ValueError, LookupError) as error:
        raise Unreadable(DAMAGED) from error


def _page(parts: Sequence[Message]) -> str:
    try:
        pages = [_text(part) for part in parts if part.get_content_type() == "text/html"]
    except (MessageError, ValueError, LookupError) as error:
        raise Unreadable(DAMAGED) from error
    if not pages:
        raise Unreadable("the web page in one file holds no page; it may be cut off")
    return "\n".join(pages[1:]) if FRAMES.search(pages[0]) and len(pages) > 1 else pages[0]


def _text(part: Message) -> str:
    return decode(_bytes(part), str(part["Content-Type"]))[0]


def _bytes(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _shown(content: str, parts: Sequence[Message]) -> list[Shown]:
    """The pictures that the page shows, in its order, each once: those of the message, and those it says it has not."""
    named: dict[str, Message] = {}
    for part in parts:
        if part.get_content_maintype() == "image":
            named.setdefault(str(part["Content-Location"] or ""), part)
            named.setdefault(f"cid:{str(part['Content-ID'] or '').strip(' <>')}", part)
    found: dict[str, Shown] = {}
    for node in LexborHTMLParser(content).css("img[src]"):
        source, lost = node.attributes.get("src") or "", node.attributes.get(gallery.LOST) or ""
        if source in named or lost:
            found.setdefault(source, Shown(source, _bytes(named[source]) if source in named else b"", lost))
    return list(found.values())


def _with_pictures(document: Document, shown: Sequence[Shown]) -> Document:
    """The page's few words, and what its pictures show."""
    import_module("harvester.readers.image")  # says which extra is missing
    sequence: Any = import_module("harvester.readers.sequence")
    lost = {number: one.lost or "its bytes are damaged" for number, one in enumerate(shown) if not one.body}
    seen: Document = sequence.read([one.body for one in shown], lost)
    seen.blocks, seen.meta = [*document.blocks, *seen.blocks], document.meta
    return seen
