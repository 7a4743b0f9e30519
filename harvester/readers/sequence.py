"""Pictures that one page shows below each other: pages of a scan, or strips of one long picture; they are read as one document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image

from harvester.errors import NotSupported, Unreadable
from harvester.items import Document, Issue
from harvester.readers import image, pages
from harvester.readers.bounds import MAX_SCANNED
from harvester.readers.pages import Page
from harvester.readers.pictured import numbered, unread
from harvester.readers.scanned import Pixels

NARROW = 220  # pixels: what is narrower is a sign, a button or a code to scan, and no table
PAPER = 595.0  # points: what is shown below each other is as wide as a page, whatever its pixels
LYING = (0.6, 0.85)  # height to width of a page that lies on its side
EDGE = 4  # rows of pixels at an edge; a level line is thinner
DARK = 0.35  # of the way from ink to paper
CROSSING = 2  # columns at least in which ink goes on from one strip in the next
SAME = 0.5  # share of the columns in which it does, of the edge that has fewer: lines of text are cut through beside the table's
RIM = 0.02  # of the width, on either side: the shadow of a scanner's lid, and no table
MOST_CROSSING = 0.3  # of the width: more is a black edge


class Look(NamedTuple):
    """A picture, by its number: its size in pixels, and in which columns ink reaches its upper and lower edge."""

    number: int
    width: int
    height: int
    upper: Pixels
    lower: Pixels


def read(bodies: Sequence[bytes], lost: Mapping[int, str]) -> Document:
    """Document of the pictures, ``recognised``: a table that goes on in the next one is one, a row that is cut between two strips too.

    ``lost``: number of a picture that could not be had -> why. It is an issue (``pages_unread``), and so is one that is damaged; nothing
    goes on over the gap. Raises :class:`Unreadable` where no text is recognised at all.
    """
    issues: list[Issue] = []
    sheets = list(_sheets(bodies, lost, issues))
    blocks = pages.blocks(_page(sheet, bodies) for sheet in sheets)
    if not blocks:
        raise Unreadable("; ".join(f"{issue.where}: {issue.message}" for issue in issues[:3]) or "no text is recognised in the pictures")
    return Document(blocks, format="mhtml", recognised=True, issues=issues)


def _sheets(bodies: Sequence[bytes], lost: Mapping[int, str], issues: list[Issue]) -> Iterator[list[Look]]:
    """The pages, each as the strips it is made of; an empty one where a picture is not to be had."""
    sheet: list[Look] = []
    for look in _looks(bodies, lost, issues):
        if sheet and (look is None or not _goes_on(sheet, look)):
            yield sheet
            sheet = []
        if look is None:
            yield []
        else:
            sheet.append(look)
    if sheet:
        yield sheet


def _looks(bodies: Sequence[bytes], lost: Mapping[int, str], issues: list[Issue]) -> Iterator[Look | None]:
    for number, body in enumerate(bodies):
        try:
            if number in lost:
                raise Unreadable(lost[number])
            if number >= MAX_SCANNED:
                raise Unreadable(f"a picture; no more than {MAX_SCANNED} are recognised")
            grey = _grey(body)
        except NotSupported:
            raise
        except Unreadable as error:
            issues.append(unread(numbered("picture", [number]), str(error)))
            yield None
            continue
        if grey.width >= NARROW:
            yield _look(number, grey)


def _grey(body: bytes) -> Image.Image:
    return image.on_white(next(image.frames(body)))


def _look(number: int, grey: Image.Image) -> Look:
    pixels = np.asarray(grey)
    darkest, paper = np.percentile(pixels, (0.5, 90))
    ink = pixels < darkest + DARK * (paper - darkest)
    rim = int(RIM * grey.width)
    ink[:, :rim] = ink[:, grey.width - rim :] = False
    return Look(number, grey.width, grey.height, *(np.asarray(rows.all(axis=0), np.uint8) for rows in (ink[:EDGE], ink[-EDGE:])))


def _goes_on(sheet: Sequence[Look], look: Look) -> bool:
    """Whether a picture is the next strip of a long one: as wide, and the ink at the edges is cut through."""
    last, height = sheet[-1], look.height + sum(strip.height for strip in sheet)
    if look.width != last.width or height > image.MAX_SIDE or height * look.width > image.MAX_PIXELS:
        return False
    both, least, most = int((last.lower & look.upper).sum()), *sorted((int(last.lower.sum()), int(look.upper.sum())))
    return both >= max(CROSSING, SAME * least) and most < MOST_CROSSING * look.width


def _page(sheet: Sequence[Look], bodies: Sequence[bytes]) -> Page:
    if not sheet:
        return pages.MISSING
    whole = Image.new("L", (sheet[0].width, sum(strip.height for strip in sheet)), 255)
    top = 0
    for strip in sheet:
        whole.paste(_grey(bodies[strip.number]), (0, top))
        top += strip.height
    lying = LYING[0] < whole.height / whole.width < LYING[1]
    return image.page(whole, 72 * (whole.height if lying else whole.width) / PAPER)
