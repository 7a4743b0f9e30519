"""Which way up a scan lies: sideways where its lines of text stand, and the way in which these can be read."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from harvester.readers import recogniser, scanned
from harvester.readers.ruled import Box
from harvester.readers.scanned import Pixels

LOOKED = 1000  # pixels: the longer side of what is looked at to find lines of text
TALLEST = 2.5  # sides of a page; what is longer is no scan, and was made upright
LONG = 3.0  # a line is as many times longer than high: words, not single characters
FEW, SAMPLE = 4, 8  # lines: fewer tell nothing, more are not needed
STANDING = 0.7  # of the lines of a page that lies sideways
SURE, SURER = 0.75, 0.2  # of a recogniser: what it says of lines it can read, and how much more than upside down


def quarters(grey: Pixels) -> int:
    """By how many quarters, counter-clockwise, a page is to be turned; 0 wherever that is not clear."""
    if max(grey.shape) > TALLEST * min(grey.shape):
        return 0
    scale = min(LOOKED / max(grey.shape), 1.0)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    found = [Box(*(side / scale for side in box)) for box in recogniser.lines(np.asarray(small, np.uint8))]
    lines = sorted((box for box in found if _long(box) > LONG * _short(box)), key=_long, reverse=True)
    if len(lines) < FEW:
        return 0
    standing = sum(box.bottom - box.top > box.x1 - box.x0 for box in lines) > STANDING * len(lines)
    first, other = (_legible(grey, lines[:SAMPLE], turn) for turn in ((1, 3) if standing else (0, 2)))
    if standing:
        return 0 if max(first, other) < SURE else 1 if first > other else 3
    return 2 if other >= SURE and other > first + SURER else 0


def _legible(grey: Pixels, lines: Sequence[Box], turn: int) -> float:
    """How surely the lines are read when the page is turned so, 0 to 1."""
    crops = [np.ascontiguousarray(np.rot90(scanned.cut(grey, line), turn)) for line in lines]
    return sum(said.score for said in recogniser.said(crops) if said.text) / len(lines)


def _long(box: Box) -> float:
    return max(box.x1 - box.x0, box.bottom - box.top)


def _short(box: Box) -> float:
    return min(box.x1 - box.x0, box.bottom - box.top)
