"""A web page saved as one file (.mht, and Word's and Excel's "single file web page" named .doc or .xls): the HTML in a MIME message."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message

from harvester.errors import Unreadable
from harvester.items import Document
from harvester.readers import html
from harvester.readers.bounds import check_markup
from harvester.readers.encoding import decode

HEADERS = re.compile(
    rb"\s*(?:[A-Za-z][A-Za-z-]*:[^\n]*\n(?:[ \t][^\n]*\n)*)*?content-type:\s*(?:multipart/related|multipart/alternative|text/html)", re.I
)
MAX_LINES = 300_000  # the parser takes microseconds over each
MAX_PARTS = 20_000  # and twenty over each part; a page saved with all its pictures has hundreds
BOUNDARY = re.compile(rb"^--\S", re.MULTILINE)
FRAMES = re.compile("<frameset", re.IGNORECASE)


def is_mhtml(body: bytes) -> bool:
    """Whether ``body`` begins with the headers of a message that holds HTML."""
    return HEADERS.match(body[:2048].removeprefix(b"\xef\xbb\xbf")) is not None


def read(body: bytes) -> Document:
    """Document of the page. Raises :class:`Unreadable` for a message without one."""
    content = page(body)
    check_markup(content)
    document = html.read(content)
    document.format = "mhtml"
    return document


def page(body: bytes) -> str:
    """The page's HTML; of a page of frames, that of all frames: each sheet of a workbook is one."""
    if body.count(b"\n") > MAX_LINES:
        raise Unreadable(f"too large: more than {MAX_LINES:,} lines; no report has that many")
    if sum(1 for _ in BOUNDARY.finditer(body)) > MAX_PARTS:
        raise Unreadable(f"too large: a page in more than {MAX_PARTS:,} parts")
    try:
        parts = [part for part in message_from_bytes(body.lstrip(b"\xef\xbb\xbf\r\n ")).walk() if part.get_content_type() == "text/html"]
        pages = [_text(part) for part in parts]
    except (RecursionError, MessageError, ValueError, LookupError) as error:
        raise Unreadable("the web page in one file is damaged") from error
    if not pages:
        raise Unreadable("the web page in one file holds no page; it may be cut off")
    return "\n".join(pages[1:]) if FRAMES.search(pages[0]) and len(pages) > 1 else pages[0]


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    return decode(content, str(part["Content-Type"]))[0] if isinstance(content, bytes) else ""
