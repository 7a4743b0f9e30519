"""Pages of an OFD file that are nothing but pictures, scans mostly: which pictures, where, and what is recognised on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import NamedTuple, cast

from harvester.errors import Unreadable
from harvester.readers.pages import Page
from harvester.readers.ruled import Box

MAX_STRIPS = 20  # pictures that make up one page
FEW = 30  # characters beside a scan: the number of its page, what a stamp says
MOST = 0.5  # of its page a scan covers at least
DOTS = 400 / 25.4  # pixels a millimetre, at most: a scan of 400 dpi
UNIT = 72  # what the reader of pictures takes for an inch: handed a page in pixels a millimetre times this, it answers in millimetres


class Picture(NamedTuple):
    """A picture on a page: name of its part in the package, and its place in millimetres."""

    part: str
    box: Box


def is_scanned(page: Page, pictures: Sequence[Picture]) -> bool:
    """Whether a page is a picture: pictures cover it, together, and hardly anything is written."""
    covered = sum(max(box.x1 - box.x0, 0) * max(box.bottom - box.top, 0) for _, box in pictures)
    return covered > MOST * page.width * page.height and sum(not piece.text.isspace() for piece in page.pieces) < FEW


def seen(page: Page, pictures: Sequence[Picture], part: Callable[[str], bytes | None]) -> Page:
    """What the pictures show, side by side as they lie; ``part`` gives the bytes of a part.

    Raises :class:`Unreadable` where one is missing or damaged, :class:`NotSupported` without the extra ``ocr``.
    """
    if len(pictures) > MAX_STRIPS:
        raise Unreadable(f"a page of {len(pictures):,} pictures; no scanner makes more than {MAX_STRIPS} of one")
    image = import_module("harvester.readers.image")
    frames = [(next(image.frames(part(one.part) or b"")), one.box) for one in pictures]
    width, height = max(page.width, 1), max(page.height, 1)
    finest = max((frame.width / max(box.x1 - box.x0, 1) for frame, box in frames), default=1)
    dots = min(finest, DOTS, (image.MAX_PIXELS / (width * height)) ** 0.5, image.MAX_SIDE / max(width, height))
    canvas = image.laid([(frame, _scaled(box, dots)) for frame, box in frames], (round(width * dots), round(height * dots)))
    return cast(Page, image.page(canvas, dots * UNIT))


def _scaled(box: Box, by: float) -> Box:
    return Box(*(side * by for side in box))
