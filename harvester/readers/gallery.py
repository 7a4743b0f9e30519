"""The pictures that a page shows as its report, as one file: a web page with nothing else on it, the way browsers save pages (MHTML)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import NamedTuple

from harvester.items import Document
from harvester.readers.bounds import MAX_BYTES

NAME = "pictures"  # behind the # of the file's address
CONTENT_TYPE = "multipart/related"
LOST = "data-lost"  # of an img: why its picture is not in the file
ROOM = MAX_BYTES * 7 // 10  # of pictures in one file, which base64 makes longer by a third
TOO_MUCH = f"not kept: the pictures of the page have more than {ROOM // 1_000_000} MB together"
FEW = 200  # characters: a page that says no more shows its report in another way
KINDS = ((b"\xff\xd8", "jpeg"), (b"\x89PNG", "png"), (b"GIF8", "gif"), (b"BM", "bmp"), (b"RIFF", "webp"))


class Shown(NamedTuple):
    """A picture that a page shows: its absolute address, and its bytes, or why there are none (``lost``)."""

    url: str
    body: bytes = b""
    lost: str = ""


def address(page: str) -> str:
    """The address of the file with the pictures of the page at ``page``: no server knows it."""
    return f"{page.partition('#')[0]}#{NAME}"


def is_bare(document: Document) -> bool:
    """Whether a page says hardly anything and prints no table."""
    grids = (block.grid for block in document.blocks if block.grid)
    printed = any(cell.text for grid in grids for row in grid.rows for cell in row)
    return not printed and sum(len(block.text) for block in document.blocks) < FEW


def made(pictures: Sequence[Shown]) -> bytes:
    """The file, in the order of the page; the same pictures make the same bytes. One that is lost is named in it, with the reason."""
    kept = list(_within_room(pictures))
    parts = [("text/html; charset=us-ascii", "", _page(kept)), *((_type(one.body), one.url, one.body) for one in kept if one.body)]
    digest = hashlib.sha256(b"".join(hashlib.sha256(content).digest() for _, _, content in parts)).hexdigest()
    line = f"--harvester-{digest[:32]}"
    head = f'MIME-Version: 1.0\r\nContent-Type: {CONTENT_TYPE}; type="text/html"; boundary="{line[2:]}"\r\n\r\n'
    return b"".join([head.encode(), *(_part(line, *part) for part in parts), f"{line}--\r\n".encode()])


def _within_room(pictures: Iterable[Shown]) -> Iterator[Shown]:
    room = ROOM
    for one in pictures:
        room -= len(one.body)
        yield one if room >= 0 or not one.body else Shown(one.url, lost=TOO_MUCH)


def _page(pictures: Iterable[Shown]) -> bytes:
    shown = "".join(f'<p><img src="{escape(one.url)}"{_why(one)}></p>\n' for one in pictures)
    return f"<!DOCTYPE html>\n<html><body>\n{shown}</body></html>\n".encode("ascii", "xmlcharrefreplace")


def _why(one: Shown) -> str:
    return f' {LOST}="{escape(one.lost)}"' if one.lost else ""


def _type(body: bytes) -> str:
    return f"image/{next((kind for start, kind in KINDS if body.startswith(start)), 'tiff')}"


def _part(line: str, content_type: str, url: str, content: bytes) -> bytes:
    place = f"Content-Location: {url}\r\n" if url else ""
    head = f"{line}\r\nContent-Type: {content_type}\r\nContent-Transfer-Encoding: base64\r\n{place}\r\n"
    return head.encode("ascii", "replace") + base64.encodebytes(content).replace(b"\n", b"\r\n")
