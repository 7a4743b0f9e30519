"""Archives that no free program writes, byte by byte: RAR 4 and RAR 5 with stored members, zip with names in the packer's encoding."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

RAR_4 = b"Rar!\x1a\x07\x00"
RAR_5 = b"Rar!\x1a\x07\x01\x00"
LOCKED = 0x04  # flag of a RAR 4 member with a password


def rar4(members: Mapping[bytes, bytes], flags: int = 0) -> bytes:
    """Names as the packer's system writes them (GBK, mostly) -> bytes."""
    made = RAR_4 + _block4(0x73, 0, bytes(6))
    for name, body in members.items():
        fields = struct.pack("<LLBLLBBHL", len(body), len(body), 2, zlib.crc32(body), 0x5A21_0000, 20, 0x30, len(name), 0x20)
        made += _block4(0x74, 0x8000 | flags, fields + name) + body
    return made + _block4(0x7B, 0x4000, b"")


def _block4(kind: int, flags: int, fields: bytes) -> bytes:
    head = struct.pack("<BHH", kind, flags, 7 + len(fields)) + fields
    return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head


def rar5(members: Mapping[str, bytes]) -> bytes:
    """Names, always UTF-8 -> bytes."""
    made = RAR_5 + _block5(vint(1) + vint(0) + vint(0))
    for name, body in members.items():
        data, size = name.encode(), vint(len(body))
        fields = vint(2) + vint(2) + size + vint(4) + size + vint(0o100644) + struct.pack("<L", zlib.crc32(body))
        made += _block5(fields + vint(0) + vint(1) + vint(len(data)) + data) + body
    return made + _block5(vint(5) + vint(0) + vint(0))


def _block5(fields: bytes) -> bytes:
    sized = vint(len(fields)) + fields
    return struct.pack("<L", zlib.crc32(sized)) + sized


def vint(value: int) -> bytes:
    """A number in groups of seven bits, the lowest first."""
    made = bytearray()
    while value > 0x7F:
        made.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*made, value])


def zipped(members: Mapping[bytes, bytes]) -> bytes:
    """A zip whose names are these very bytes, without the flag for UTF-8, as Windows in Chinese writes them."""
    stream = io.BytesIO()
    places: dict[bytes, bytes] = {}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, body) in enumerate(members.items()):
            place = chr(ord("A") + number) * len(name)
            places[place.encode()] = name
            archive.writestr(zipfile.ZipInfo(place), body)
    made = stream.getvalue()
    for placed, name in places.items():
        made = made.replace(placed, name)
    return made


def locked(body: bytes) -> bytes:
    """The zip with all members marked as encrypted."""
    made = bytearray(body)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = made.find(mark)
        while place >= 0:
            made[place + at] |= 1
            place = made.find(mark, place + 4)
    return bytes(made)
