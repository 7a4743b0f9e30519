"""What a body is, by its bytes: extensions and Content-Types lie on these portals."""

from __future__ import annotations

import io
import zipfile

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
# A member that only this format has. Office documents and OFD are zip files.
MEMBERS = (("word/", "docx"), ("xl/", "xlsx"), ("OFD.xml", "ofd"))
# Names of streams as the directory of an OLE file spells them. WPS writes Word's and Excel's; Excel before 97 says Book.
STREAMS = (("WordDocument", "doc"), ("Workbook", "xls"), ("Book", "xls"), ("EncryptedPackage", "encrypted"))
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
    return found or ("pdf" if b"%PDF-" in body[:PDF_MAY_START] and b"<html" not in body[:PDF_MAY_START].lower() else "")


def _is_bitmap(head: bytes) -> bool:
    """BM may begin a text; a bitmap's reserved bytes are zero."""
    return head[6:10] == b"\x00\x00\x00\x00"


def _in_zip(body: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return "zip"
    return next((name for start, name in MEMBERS if any(member.startswith(start) for member in names)), "zip")


def _in_ole(body: bytes) -> str:
    return next((name for stream, name in STREAMS if stream.encode("utf-16-le") in body), "ole")
