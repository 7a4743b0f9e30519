"""What a body is, by its bytes: extensions and Content-Types lie on these portals."""

from __future__ import annotations

import io
import re
import zipfile
from itertools import islice

from harvester.errors import Unreadable
from harvester.readers import mhtml

# First bytes -> the format, or the kind of container that has to be looked into.
MAGIC = (
    (b"%PDF", "pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"{\\rtf", "rtf"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\xff\xd8\xff", "image"),
    (b"\x89PNG\r\n", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"RIFF", "image"),
    (b"\x1f\x8b", "gzip"),
)
# A member that only this format has. Office documents and OFD are zip files; a zip of reports may have a folder called word.
MEMBERS = (("word/", "docx"), ("xl/workbook.bin", "xlsb"), ("xl/", "xlsx"))
TYPES = "[Content_Types].xml"  # and this one all of them have
OPEN = ((b"mimetypeapplication/vnd.oasis.opendocument.text", "odt"), (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "ods"))
MEMBER = 16  # bytes of a name that tell which member it is
MAX_ENTRIES = 20_000  # of a zip: listing takes a thousand bytes and some microseconds for each
# Streams at the top of an OLE file. WPS writes Word's and Excel's; Excel before 97 says Book.
STREAMS = (("WordDocument", "doc"), ("Workbook", "xls"), ("Book", "xls"), ("EncryptedPackage", "encrypted"))
# Elements that begin the XML of Office 2003 and a package in one file; a page saved by Word names the same programs elsewhere.
XML = (
    ("wordxml", rb"<(?:\w+:wordDocument|pkg:package)\b"),
    ("sheetxml", rb"<(?:\w+:)?Workbook\b[^>]*urn:schemas-microsoft-com:office:spreadsheet"),
)
PDF_MAY_START = 1024  # bytes of something else before %PDF that PDF readers forgive
NOISE = b" \t\r\n\x00\xef\xbb\xbf"


def format_of(body: bytes) -> str:
    """Format of ``body``: a key of ``readers.READERS``; empty when the first bytes are no known signature (text and markup have none)."""
    head = body[:2048].lstrip(NOISE)
    found = next((name for magic, name in MAGIC if head.startswith(magic)), "")
    if found == "image" and head.startswith(b"BM") and not _is_bitmap(head):
        return ""
    if found == "image" and head.startswith(b"RIFF") and head[8:12] != b"WEBP":
        return ""
    if found == "zip":
        return _in_zip(body)
    if found == "ole":
        return _in_ole(body)
    return found or ("pdf" if b"%PDF-" in body[:PDF_MAY_START] and b"<html" not in body[:PDF_MAY_START].lower() else _in_text(body, head))


def _is_bitmap(head: bytes) -> bool:
    """BM may begin a text; a bitmap's reserved bytes are zero."""
    return head[6:10] == b"\x00\x00\x00\x00"


def _in_zip(body: bytes) -> str:
    """Raises :class:`Unreadable` for a zip with more entries than can be listed in time."""
    if body.count(b"PK\x01\x02") > MAX_ENTRIES:
        raise Unreadable(f"too large: a zip of more than {MAX_ENTRIES:,} files")
    if found := next((name for start, name in OPEN if body.startswith(start, 30)), ""):
        return found
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        # Cut off, and so without the list at its end: each member's name stands in front of it too.
        starts = (entry.end() + 26 for entry in islice(re.finditer(b"PK\x03\x04", body), MAX_ENTRIES))
        names = [TYPES, *(body[start : start + MEMBER].decode("latin-1") for start in starts)]
    if any(name.startswith("OFD.xml") for name in names):
        return "ofd"
    members = [name.replace("\\", "/") for name in names] if TYPES in names else []
    return next((name for start, name in MEMBERS if any(member.startswith(start) for member in members)), "zip")


def _in_ole(body: bytes) -> str:
    from harvester.readers.ole import streams  # few crawls meet such a file

    names = streams(body)
    return next((name for stream, name in STREAMS if stream in names), "ole")


def _in_text(body: bytes, head: bytes) -> str:
    """Formats that are text, but not a page: a web page in a MIME message, the XML of Office 2003."""
    if mhtml.is_mhtml(head):
        return "mhtml"
    if not head.startswith(b"<?xml"):
        return ""
    return next((name for name, start in XML if re.search(start, body[:4096])), "")
