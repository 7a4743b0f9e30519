"""Pictures in a Word document: read as scans are where the document prints no table of its own; its tables are then pictures of tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from itertools import groupby
from typing import Any, NamedTuple, cast

from harvester.errors import NotSupported, Unreadable
from harvester.items import Block, Document
from harvester.readers import pages
from harvester.readers.bounds import MAX_SCANNED
from harvester.readers.package import Element, attribute, child, local
from harvester.readers.pages import Page
from harvester.readers.pictured import numbered, unread

SIGN = "\ufdd0"  # stands, with its number, for a picture among the lines until it is read; no character at all, so no document has it
MARK = re.compile(f"{SIGN}([0-9]+)")
EMU = 12_700  # of Word's units in a point
LEAST = (170.0, 50.0)  # points: a smaller picture is a stamp or a letterhead, and no table
TABLES = 3  # that every form has
LENGTH = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*([0-9.]+)(pt|in|cm|mm|px)?")
POINTS = {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "px": 0.75, None: 0.75}
BESIDE = "a picture; the tables of the document were found in its text"


class Picture(NamedTuple):
    """A picture of the document: the id that leads to its bytes, and its width in points, 0 where the file does not say."""

    key: str
    width: float


def picture(element: Element) -> Picture | None:
    """What an element ``a:blip`` or ``v:imagedata`` shows, if it is as large as a table is."""
    if local(element) == "blip":
        key, size = attribute(element, "embed"), _extent(next(element.iterancestors("{*}inline", "{*}anchor"), None))
    else:
        shape = next(element.iterancestors("{*}shape", "{*}rect"), None)
        told = {name: float(number) * POINTS[unit or None] for name, number, unit in LENGTH.findall(attribute(shape, "style"))}
        key, size = attribute(element, "id"), (told.get("width", 0.0), told.get("height", 0.0))
    small = any(0 < side < least for side, least in zip(size, LEAST, strict=True))
    return Picture(key, size[0]) if key and not small else None


def _extent(frame: Element | None) -> tuple[float, float]:
    sides = (attribute(child(frame, "extent"), name) for name in ("cx", "cy"))
    width, height = (int(side) / EMU if side.isdecimal() and len(side) < 10 else 0.0 for side in sides)
    return width, height


def read_into(document: Document, found: Sequence[Picture], part: Callable[[str], bytes | None]) -> None:
    """Puts what the pictures show in the place of their signs. ``part`` gives a picture's bytes by its id.

    Where the document prints tables they are left alone. Without the extra ``ocr``, and for a picture that is damaged, an issue says so
    (``pages_unread``); raises :class:`NotSupported` where the document is nothing but pictures.
    """
    kept = [block for block in document.blocks if not MARK.fullmatch(block.text)]
    printed = sum(any(cell.text for row in block.grid.rows for cell in row) for block in kept if block.grid)
    if printed or not found:
        document.blocks = kept
        document.issues += [unread(numbered("picture", range(len(found))), BESIDE)] if found and printed < TABLES else []
        return
    try:
        seen = dict(_seen(document, found, part))
    except NotSupported as error:
        if not kept:
            raise
        document.blocks = kept
        document.issues.append(unread(numbered("picture", range(len(found))), str(error)))
        return
    document.blocks, document.recognised = list(_joined(document.blocks, seen)), bool(seen)
    for index, grid in enumerate(block.grid for block in document.blocks if block.grid):
        grid.index = index


def _seen(document: Document, found: Sequence[Picture], part: Callable[[str], bytes | None]) -> Iterator[tuple[int, Page]]:
    for number, one in enumerate(found):
        if number == MAX_SCANNED:
            why = f"a picture; no more than {MAX_SCANNED} are recognised"
            document.issues.append(unread(numbered("picture", range(number, len(found))), why))
            return
        try:
            yield number, _page(one, part(one.key) or b"")
        except NotSupported:
            raise
        except Unreadable as error:
            document.issues.append(unread(numbered("picture", [number]), str(error)))


def _page(one: Picture, body: bytes) -> Page:
    image: Any = import_module("harvester.readers.image")
    frame = next(image.frames(body))
    return cast(Page, image.page(frame, 72 * frame.width / one.width if one.width else image.SCREEN))


def _joined(blocks: Sequence[Block], seen: dict[int, Page]) -> Iterator[Block]:
    """The blocks with what the pictures show; a table that goes on in the next picture is one."""
    told = [(block, MARK.fullmatch(block.text)) for block in blocks]
    for is_picture, run in groupby(told, key=lambda pair: pair[1] is not None):
        if not is_picture:
            yield from (block for block, _ in run)
        else:
            yield from pages.blocks(seen.get(int(mark[1]), pages.MISSING) for _, mark in run if mark)
