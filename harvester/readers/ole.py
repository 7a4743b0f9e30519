"""The compound file that doc, wps, xls and locked documents are: a small file system of named streams."""

from __future__ import annotations

import io
import logging

import olefile

from harvester.errors import Unreadable

# What the parser raises over bytes that are not what their headers say.
DAMAGED = (OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, MemoryError)
logging.getLogger("olefile").setLevel(logging.CRITICAL)


def streams(body: bytes) -> set[str]:
    """Names of the streams at the top of the file: a document may hold a workbook, and a workbook a document.

    Of a damaged file, those names of Office that stand anywhere in it.
    """
    try:
        with olefile.OleFileIO(io.BytesIO(body)) as file:
            return {path[0] for path in file.listdir() if len(path) == 1}
    except DAMAGED:
        return {name for name in ("WordDocument", "Workbook", "Book", "EncryptedPackage") if name.encode("utf-16-le") in body}


def stream(body: bytes, *names: str) -> bytes:
    """Bytes of the first of these streams. Raises :class:`Unreadable` when there is none, or the file is cut off."""
    try:
        with olefile.OleFileIO(io.BytesIO(body)) as file:
            found = next((name for name in names if file.exists(name)), "")
            if found:
                return bytes(file.openstream(found).read())
    except DAMAGED as error:
        raise Unreadable("the document is cut off or damaged") from error
    raise Unreadable(f"the document is damaged: it has no {names[0]}")


def changed(body: bytes, name: str, content: bytes) -> bytes:
    """The file with other bytes, as many, in the stream ``name``. Raises :class:`Unreadable` when the file is cut off."""
    file = io.BytesIO(body)
    try:
        with olefile.OleFileIO(file, write_mode=True) as opened:
            opened.write_stream(name, content)
            return file.getvalue()
    except DAMAGED as error:
        raise Unreadable("the document is cut off or damaged") from error
