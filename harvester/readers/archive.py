"""Archives that hold reports (zip, rar, 7z, a gzipped file): their documents, inflated within bounds, in memory and nowhere else."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from ctypes import c_int, c_void_p
from lzma import LZMAError
from typing import Any, NamedTuple

from harvester.errors import NotSupported, Unreadable
from harvester.items import Document
from harvester.readers import sniff
from harvester.readers.blocks import word_list
from harvester.readers.bounds import MAX_BYTES

CONTAINERS = frozenset(("zip", "rar", "7z", "gzip"))
MAX_MEMBERS = 1000
MAX_INFLATED = 4 * MAX_BYTES  # all members together
MAX_DEPTH = 2  # an archive in an archive; what is packed once more is no report's
MAX_DIRECTORY = 4_000_000  # bytes of the list at the end of a zip: some forty thousand members
DIRECTORY_SIZE = slice(12, 16)  # in the record that ends a zip
UTF_8, ENCRYPTED = 0x800, 0x1  # of the flags of a member
BLOCK = 1 << 20
LOCKED = "encrypted: a password is needed; the bytes are kept"
BROKEN = (zipfile.BadZipFile, zlib.error, LZMAError, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)
RAR_5 = b"Rar!\x1a\x07\x01"
# Companions of documents: parts of saved pages, programs, what systems leave in folders.
NEVER = re.compile("|".join(word_list("archive_chrome.txt")), re.IGNORECASE)
PICTURE = re.compile(r"\.(?:jpe?g|png|gif|bmp|tiff?|webp)$", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x1f\x7f\ufffd]")


class Member(NamedTuple):
    """A document in an archive. ``problem`` says why its ``body`` is empty: encrypted, damaged, too large."""

    name: str
    body: bytes
    problem: str = ""


class Packed(NamedTuple):
    """A file as an archive lists it. ``inflate`` gives its bytes, no more than are asked for, in pieces."""

    name: str
    blocks: Iterator[bytes]


def is_container(body: bytes) -> bool:
    """Whether a body is an archive of files, by its bytes."""
    return sniff.format_of(body) in CONTAINERS


def read(body: bytes) -> Document:
    """An archive is no document: raises :class:`Unreadable`, with what is in it."""
    names = [member.name for member in members(body)]
    listed = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
    raise Unreadable(f"an archive with {len(names)} documents: {listed or 'none that can be read'}; its members are read one by one")


def members(body: bytes) -> list[Member]:
    """The documents in an archive, in its order, those of archives inside it as ``inner.zip#name``.

    Left out are folders, companions of saved pages, programs, and pictures beside documents; pictures alone may be a scanned report.
    Raises :class:`Unreadable` for an archive that is damaged, encrypted as a whole or larger than any, :class:`NotSupported` for rar and 7z
    without the extra.
    """
    found = list(_opened(body, 1, [MAX_INFLATED]))
    documents = [member for member in found if not PICTURE.search(member.name)]
    return documents or found


def _opened(body: bytes, depth: int, room: list[int]) -> Iterator[Member]:
    """Members of one archive. ``room``: bytes that may still be inflated."""
    count = 0
    for name, blocks in _packed(body):
        if NEVER.search(name):
            continue
        count += 1
        if count > MAX_MEMBERS:
            raise Unreadable(f"too large: an archive with more than {MAX_MEMBERS:,} documents")
        yield from _expanded(_inflated(name, blocks, room), depth, room)


def _inflated(name: str, blocks: Iterator[bytes], room: list[int]) -> Member:
    """A member with its bytes, or why they cannot be had."""
    parts, size = [], 0
    try:
        for block in blocks:
            parts.append(block)
            size += len(block)
            room[0] -= len(block)
            if size > MAX_BYTES or room[0] < 0:
                return Member(name, b"", f"too large: it inflates to more than {MAX_BYTES // 1_000_000} MB, or the archive to much more")
    except Unreadable as error:
        return Member(name, b"", str(error))
    return Member(name, b"".join(parts))


def _expanded(member: Member, depth: int, room: list[int]) -> Iterator[Member]:
    """The member; an archive as its members."""
    if member.problem or not is_container(member.body):
        yield member
    elif depth == MAX_DEPTH:
        yield Member(member.name, b"", "an archive inside an archive inside an archive is not opened")
    else:
        try:
            for inner in _opened(member.body, depth + 1, room):
                yield inner._replace(name=f"{member.name}#{inner.name}")
        except Unreadable as error:
            yield Member(member.name, b"", str(error))


def _packed(body: bytes) -> Iterator[Packed]:
    found = sniff.format_of(body)
    if found == "zip":
        return _zip(body)
    return _gzip(body) if found == "gzip" else _libarchive(body, "7zip" if found == "7z" else "rar5" if body.startswith(RAR_5) else "rar")


def _zip(body: bytes) -> Iterator[Packed]:
    end = body.rfind(b"PK\x05\x06")
    if end >= 0 and MAX_DIRECTORY < int.from_bytes(body[end:][DIRECTORY_SIZE], "little") < 0xFFFFFFFF:
        raise Unreadable("too large: a zip file with more members than are listed")
    try:
        archive = zipfile.ZipFile(io.BytesIO(body))
    except BROKEN as error:
        raise Unreadable("the zip file is truncated or damaged") from error
    for info in archive.infolist():
        if not info.is_dir():
            yield Packed(_safe(_zip_name(info)), _zip_blocks(archive, info))


def _zip_name(info: zipfile.ZipInfo) -> str:
    """Without the flag for UTF-8 a name is in what the packer's system wrote: on these portals GBK, or UTF-8 all the same."""
    return info.orig_filename if info.flag_bits & UTF_8 else _decoded(info.orig_filename.encode("cp437"))


def _zip_blocks(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    if info.flag_bits & ENCRYPTED:
        raise Unreadable(LOCKED)
    try:
        with archive.open(info) as stream:
            while block := stream.read(BLOCK):
                yield block
    except BROKEN as error:
        raise Unreadable("damaged, or packed in a way that is not known") from error


def _gzip(body: bytes) -> Iterator[Packed]:
    """One file; its name is in the header, if anywhere."""
    name = re.match(rb"\x1f\x8b\x08[\x08-\x0f].{6}([^\x00]{1,200})\x00", body, re.DOTALL)
    yield Packed(_safe(_decoded(name[1])) if name else "gzipped", _gzip_blocks(body))


def _gzip_blocks(body: bytes) -> Iterator[bytes]:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as stream:
            while block := stream.read(BLOCK):
                yield block
    except BROKEN as error:
        raise Unreadable("the gzip file is truncated or damaged") from error


def _libarchive(body: bytes, kind: str) -> Iterator[Packed]:
    library = _library()
    # Of some encrypted members libarchive gives the bytes as they are; its binding has no name for the question.
    encrypted = library.ffi.ffi("entry_is_encrypted", [c_void_p], c_int)
    try:  # no filter: libarchive's run programs of the system
        with library.memory_reader(body, format_name=kind, filter_name="none") as archive:
            for entry in archive:
                name = entry.pathname
                if not entry.isdir:
                    blocks = _entry_blocks(entry, bool(encrypted(entry._entry_p)))
                    yield Packed(_safe(_decoded(name) if isinstance(name, bytes) else name or ""), blocks)
    except library.ArchiveError as error:
        raise Unreadable(_told(error)) from error


def _library() -> Any:
    try:
        import libarchive
    except ImportError as error:
        raise NotSupported("reading rar and 7z needs the extra archives: pip install 'harvester[archives]'; the bytes are kept") from error
    except (OSError, AttributeError, TypeError) as error:
        raise NotSupported("reading rar and 7z needs libarchive: apt-get install libarchive13; the bytes are kept") from error
    return libarchive


def _entry_blocks(entry: Any, locked: bool) -> Iterator[bytes]:
    from libarchive import ArchiveError

    if locked:
        raise Unreadable(LOCKED)
    try:
        yield from entry.get_blocks(BLOCK)
    except ArchiveError as error:
        raise Unreadable(_told(error)) from error


def _told(error: Any) -> str:
    said = str(error.msg or "").strip()
    if "ncrypt" in said or "assphrase" in said:
        return LOCKED
    return f"the archive is truncated, damaged or packed in a way that is not known ({' '.join(said.split())[:100]})"


def _decoded(name: bytes) -> str:
    """A name of unknown encoding: what is UTF-8 is hardly ever GBK by chance."""
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return name.decode("gb18030", "replace")


def _safe(name: str) -> str:
    """A name as it is shown: no way out of a folder, no control characters. No file is ever made of it."""
    parts = CONTROL.sub("", name).replace("\\", "/").split("/")
    return "/".join(part for part in parts if part.strip() not in ("", ".", "..")) or "unnamed"
