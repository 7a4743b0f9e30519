"""What a file is called, by the header that sends it and by its address, in whatever way servers of two decades encode Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import parse_qsl, unquote_to_bytes, urlsplit

STAR = re.compile(rb"filename\*\s*=\s*\"?([\w.:()-]*)'[^']*'([^;\"]+)", re.IGNORECASE)
CONTINUED = re.compile(rb"filename\*(\d+)\*?\s*=\s*(\"[^\"]*\"|[^;]+)", re.IGNORECASE)
QUOTED = re.compile(rb"filename\s*=\s*\"((?:[^\"\\]|\\.)*)\"", re.IGNORECASE)
TOKEN = re.compile(rb"filename\s*=\s*([^;\"]+)", re.IGNORECASE)
CHARSET = re.compile(rb"^[\w-]*'[\w-]*'")  # before the first part of a continued name
ENCODED_WORD = re.compile(rb"=\?([\w-]+)\?([BbQq])\?([^?]*)\?=")
FIELDS = ("filename", "file", "name", "title", "attachname")
KNOWN = re.compile(r"\.(?:pdf|docx?|wps|rtf|xlsx?|et|ofd|zip|rar|7z|html?|txt|jpe?g|png|tiff?|bmp)$", re.IGNORECASE)
UNSEEN = re.compile(r"[\x00-\x1f\x7f]")


def in_header(disposition: bytes) -> str:
    """File name of a Content-Disposition header as its bytes came; empty when it names none.

    ``filename*`` (RFC 6266, 5987) before ``filename``, which servers fill with UTF-8 or GBK, percent-encoded, as an encoded word, or raw.
    """
    star = STAR.search(disposition)
    if star and (name := decoded_bytes(unquote_to_bytes(star[2].strip()), star[1].decode("ascii", "replace"))):
        return _last(name)
    parts = [(int(number), CHARSET.sub(b"", value.strip().strip(b'"'))) for number, value in CONTINUED.findall(disposition)]
    plain = QUOTED.search(disposition) or TOKEN.search(disposition)
    raw = b"".join(value for _, value in sorted(parts)) or (plain[1] if plain else b"")
    return _last(_worded(raw) or decoded_bytes(unquote_to_bytes(raw.strip())))


def in_address(url: str) -> list[str]:
    """Names in an address: the value of a field for it, and the last part of its path."""
    parts = urlsplit(url)
    told = [decoded(value) for field in FIELDS for name, value in _fields(parts.query) if name.lower() == field]
    return [_last(name) for name in (*told, decoded_bytes(unquote_to_bytes(parts.path.rpartition("/")[2]))) if name]


def stem(name: str) -> str:
    """``name`` without folder and the ending of its format."""
    return KNOWN.sub("", name.strip())


def decoded(value: str) -> str:
    """``value`` without the percent signs that a second encoding left."""
    return decoded_bytes(unquote_to_bytes(value)) if "%" in value else value


def decoded_bytes(raw: bytes, told: str = "") -> str:
    """``raw`` by the encoding it is ``told`` to have, else UTF-8, else GB18030; what is none of these is Latin-1."""
    for encoding in (told, "utf-8", "gb18030"):
        with suppress(LookupError, UnicodeDecodeError):
            return raw.decode(encoding) if encoding else raw.decode("utf-8")
    return raw.decode("latin-1")


def _fields(query: str) -> Iterator[tuple[str, str]]:
    """Name and value, decoded as UTF-8 or GBK: the query of an old portal is in its own encoding."""
    for name, value in parse_qsl(query, encoding="latin-1"):
        yield name, decoded_bytes(value.encode("latin-1"))


def _worded(raw: bytes) -> str:
    """``=?UTF-8?B?…?=``, as mail headers are written; empty when there is none."""
    from email.header import decode_header, make_header

    if not ENCODED_WORD.search(raw):
        return ""
    with suppress(LookupError, ValueError):
        return str(make_header(decode_header(raw.decode("ascii", "replace"))))
    return ""


def _last(name: str) -> str:
    """The name alone: old browsers send the folder it came from."""
    return UNSEEN.sub("", name.replace("\\", "/").rpartition("/")[2]).strip()
