"""One archived body by its place in a WARC file, with nothing but Python's own library; its digest says whether it is the one."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

MOST = 80 * 1024 * 1024  # bytes: no page that is fetched is larger, and gzip can swell to any size
HEAD_END = re.compile(rb"\r?\n\r?\n")
CHUNK = re.compile(rb"([0-9A-Fa-f]+)[ \t]*(?:;[^\r\n]*)?\r?\n")
SAFE_NAME = re.compile(r"[\w.-]+")


class Lost(Exception):
    """The bytes are not where the database says; the sentence is for the reader."""


@dataclass(frozen=True)
class Body:
    """Archived bytes. ``whole``: they have the digest that is asked for; else they are a file that holds those bytes."""

    body: bytes
    whole: bool


def read(archive: Path, name: str, offset: int, sha256: str) -> Body:
    """The body with the digest ``sha256`` (64 hex digits) in the record at byte ``offset`` of the file ``name``. Raises :class:`Lost`."""
    block = _record(_open(archive, name), offset)
    head = HEAD_END.search(block)
    if head is None:
        raise Lost("the record is damaged")
    if re.search(rb"(?im)^WARC-Type:\s*response", block[: head.start()]):
        bodies = _of_http(block[head.end() :])
    else:
        bodies = [block[head.end() :]]
    for body in bodies:
        if _digest(body) == sha256:
            return Body(body, True)
    member = _member(bodies[0], sha256)
    if member is not None:
        return Body(member, True)
    if bodies[0][:4] in (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf"):
        return Body(bodies[0], False)
    raise Lost("the bytes there have another digest")


def _open(archive: Path, name: str) -> Path:
    if not SAFE_NAME.fullmatch(name):
        raise Lost("the name of the file is none of ours")
    for path in (archive / name, archive / f"{name}.open"):
        if path.is_file():
            return path
    raise Lost("the archive of pages is not on this server")


def _record(path: Path, offset: int) -> bytes:
    """Headers and block of one record, without the line ends behind it."""
    with path.open("rb") as stream:
        stream.seek(offset)
        raw = stream.read(MOST)
    if raw[:2] == b"\x1f\x8b":
        try:
            raw = zlib.decompressobj(31).decompress(raw, MOST)
        except zlib.error as error:
            raise Lost("the record is damaged") from error
    head = HEAD_END.search(raw)
    stated = re.search(rb"(?im)^Content-Length:\s*([0-9]{1,18})", raw[: head.start()]) if head else None
    if not raw.startswith(b"WARC/") or head is None or stated is None:
        raise Lost("no record begins there")
    return raw[: head.end() + int(stated[1])]


def _of_http(message: bytes) -> list[bytes]:
    """What the body of an HTTP message can be: as it lies there, without its chunks, unpacked. The digest chooses."""
    head = HEAD_END.search(message)
    body = message[head.end() :] if head else message
    found = [body, _unchunked(body)]
    for packed in tuple(found):
        for window in (47, -15):
            try:
                found.append(zlib.decompressobj(window).decompress(packed, MOST))
            except zlib.error:
                continue
    return found


def _unchunked(body: bytes) -> bytes:
    parts, at = [], 0
    while (head := CHUNK.match(body, at)) and (size := int(head[1], 16)):
        parts.append(body[head.end() : head.end() + size])
        at = head.end() + size + 2
    return b"".join(parts)


def _member(body: bytes, sha256: str) -> bytes | None:
    """The member of a zip file that has the digest."""
    if not body.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as bundle:
            for member in bundle.infolist():
                if not member.is_dir() and member.file_size <= MOST and not member.flag_bits & 1:
                    inside = bundle.read(member)
                    if _digest(inside) == sha256:
                        return inside
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError):
        return None
    return None


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
