"""A picture of a page -> straight, with its ruling lines, and where there is ink in a cell; what the ink says is told elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from harvester.readers.ruled import Box, Segment

Pixels = npt.NDArray[np.uint8]
Inked = npt.NDArray[np.bool_]

# In heights of a character (em), which the parts of characters that hang together tell: most are lower, and a digit is.
FEW = 10  # parts: fewer tell nothing
PART, USUAL = 0.82, 70  # their height, and its percentile among all that is printed
RULE = (3.0, 1.4)  # shorter strokes, level and upright, belong to characters; side by side these make longer ones
FLAT = 0.4  # what is as low, and wider, is a dash
FAINT = 0.12  # gaps in a line where its ink is weak
GAP = 1.0  # a line that breaks off for less goes on
STRIP = 8.0  # a line on curved paper is straight over this much
THICK = 0.6  # what is higher is no line
ONE_LINE = 1.15  # ink parted by gaps is one line of text up to this height
TWO_LINES, PITCH = 1.7, 1.25  # higher ink is of lines that touch; from line to line at least
MARGIN = 0.25  # of what stands around a line, where the cell has room
CONTRAST = 0.2  # of the way from paper to ink: darker than its surroundings by as much is ink
ASKEW, COARSE, FINE = 5.0, 0.25, 0.05  # degrees: looked for, in steps
AROUND = 51  # pixels: what ink is compared with while the size of the type is not known
PROFILED = 1000  # pixels: a page as wide tells its angle


class Seen(NamedTuple):
    """A page that stands straight: its grey levels, its ink without ruling lines, its lines, the height of a character; all in pixels."""

    grey: Pixels
    ink: Pixels
    segments: list[Segment]
    em: float


def seen(grey: Pixels) -> Seen:
    """What is on a page, after it was turned upright by the few degrees it lay askew."""
    grey = _turned(grey, _angle(_ink(grey, AROUND)))
    rough = _ink(grey, AROUND)
    em = _em(rough)
    ink = _ink(grey, 2 * int(1.3 * em) + 1)
    level, upright = _ruling(ink, em, 0), _ruling(ink, em, 1)
    segments = [*_segments(level, em, 0), *_segments(upright, em, 1)]
    lines = cv2.dilate(level | upright, np.ones((5, 5), np.uint8))
    ink[lines > 0] = 0
    return Seen(grey, _without_specks(ink, em), segments, em)


def type_size(grey: Pixels) -> float:
    """Height of a character of a page, in pixels."""
    return _em(_ink(grey, AROUND))


def size_within(page: Seen, box: Box) -> float:
    """Height of a character of what stands in a box."""
    return _em(cut(page.ink, box), page.em)


def _ink(grey: Pixels, around: int) -> Pixels:
    """255 where a page is darker than what is ``around`` (odd, pixels), 0 elsewhere."""
    paper, darkest = np.percentile(grey, (90, 0.5))
    less = max(CONTRAST * float(paper - darkest), 8)
    return _pixels(
        cv2.adaptiveThreshold(
            cv2.GaussianBlur(grey, (3, 3), 0), 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, max(around, 15), less
        )
    )


def _pixels(array: Any) -> Pixels:
    return np.asarray(array, np.uint8)


def _em(ink: Pixels, unknown: float = 20.0) -> float:
    """Height of a character, by what is printed; ``unknown`` where that is too little."""
    _, _, found, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    width, height, area = found[1:, cv2.CC_STAT_WIDTH], found[1:, cv2.CC_STAT_HEIGHT], found[1:, cv2.CC_STAT_AREA]
    usual = height[(height >= 5) & (height <= 120) & (width <= 120) & (area >= 8)]
    return max(float(np.percentile(usual, USUAL)) / PART, 8.0) if len(usual) >= FEW else unknown


def _angle(ink: Pixels) -> float:
    """Degrees by which lines and text lie askew: where their shadow on the side of the page is sharpest."""
    scale = min(PROFILED / ink.shape[1], 1.0)
    small = cv2.resize(ink[: 2 * ink.shape[1]], None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)

    def sharpness(angle: float) -> float:
        shadow = _turned(_pixels(small), angle, 0).sum(1, dtype=np.float64)
        return float(((shadow[1:] - shadow[:-1]) ** 2).sum())

    best = max(np.arange(-ASKEW, ASKEW + COARSE, COARSE), key=sharpness)
    return float(max(np.arange(best - COARSE, best + COARSE + FINE / 2, FINE), key=sharpness))


def _turned(picture: Pixels, angle: float, background: int = 255) -> Pixels:
    if abs(angle) < FINE / 2:
        return picture
    height, width = picture.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    return _pixels(cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(background,)))


def _ruling(ink: Pixels, em: float, upright: int) -> Pixels:
    """The ruling lines of one direction."""

    def bar(length: float) -> Any:
        size = max(int(length), 1)
        return cv2.getStructuringElement(cv2.MORPH_RECT, (1, size) if upright else (size, 1))

    whole = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, bar(FAINT * em))
    return _pixels(cv2.morphologyEx(whole, cv2.MORPH_OPEN, bar(RULE[upright] * em)))


def _segments(lines: Pixels, em: float, upright: int) -> Iterator[Segment]:
    """The lines in pieces, each short enough to be straight on curved paper, drawn over small gaps."""
    size = max(int(GAP * em), 1)
    lines = _pixels(cv2.morphologyEx(lines, cv2.MORPH_CLOSE, np.ones((size, 1) if upright else (1, size), np.uint8)))
    strip = int(STRIP * em)
    for cut in range(strip, lines.shape[1 - upright], strip):
        lines[(slice(cut, cut + 1), slice(None)) if upright else (slice(None), slice(cut, cut + 1))] = 0
    _, _, found, _ = cv2.connectedComponentsWithStats(lines, connectivity=8)
    for left, top, width, height, _ in found[1:].tolist():
        if (width if upright else height) <= THICK * em:
            x, y = left + width / 2, top + height / 2
            yield Segment(x, top - 1, x, top + height + 1) if upright else Segment(left - 1, y, left + width + 1, y)


def _without_specks(ink: Pixels, em: float) -> Pixels:
    count, labels, found, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    large = found[:, cv2.CC_STAT_AREA] >= max((em / 10) ** 2, 4)
    large[0] = False
    return _pixels(np.where(large[labels], 255, 0)) if count > 1 else ink


def text_lines(page: Seen, cell: Box) -> list[Box]:
    """Where the lines of text in a cell stand, with what margin the cell leaves them, from top to bottom; none in an empty cell."""
    inset, margin = max(page.em / 10, 2), int(page.em * MARGIN)
    left, top, right, bottom = int(cell.x0 + inset), int(cell.top + inset), int(cell.x1 - inset), int(cell.bottom - inset)
    inside = page.ink[top:bottom, left:right]
    if not inside.size or not inside.any():
        return []
    found: list[Box] = []
    for begin, end in _apart(np.count_nonzero(inside, axis=1), page.em):
        columns = np.flatnonzero(np.any(inside[begin:end], axis=0))
        x0, x1 = left + int(columns[0]), left + int(columns[-1]) + 1
        # A dash is seen as one only in its place on a line as high as others.
        wide, high = max(margin, int(page.em - x1 + x0) // 2), max(margin, int(page.em - end + begin) // 2)
        found.append(Box(max(x0 - wide, left), max(top + begin - high, top), min(x1 + wide, right), min(top + end + high, bottom)))
    return found


def _apart(inked: npt.NDArray[np.int_], em: float) -> Iterator[tuple[int, int]]:
    """Rows of the lines of text in a cell, by how many pixels of each have ink; lines that touch are parted where there is least."""
    for begin, end in _rows(inked > 0, ONE_LINE * em):
        count = round((end - begin) / (PITCH * em)) if end - begin > TWO_LINES * em else 1
        for line in range(1, count):
            middle, reach = begin + (end - begin) // (count - line + 1), int(em / 3)
            cut = middle - reach + int(np.argmin(inked[middle - reach : middle + reach]))
            yield begin, cut
            begin = cut
        yield begin, end


def _rows(inked: Inked, most: float) -> list[tuple[int, int]]:
    """Runs of rows with ink; those that are together no higher than a line (二, 三, i) are one."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], inked.astype(np.int8), [0]))))
    found: list[tuple[int, int]] = []
    for begin, end in edges.reshape(-1, 2).tolist():
        if found and end - found[-1][0] <= most:
            found[-1] = found[-1][0], end
        else:
            found.append((begin, end))
    return found


def is_dash(page: Seen, line: Box) -> bool:
    """Whether there is nothing but a stroke on a line; a recogniser of words takes it for one."""
    rows, columns = (np.flatnonzero(np.any(cut(page.ink, line), axis=axis)) for axis in (1, 0))
    high, wide = (int(found[-1] - found[0]) + 1 for found in (rows, columns))
    return high < FLAT * page.em and high <= wide < 2 * page.em


def crop(page: Seen, line: Box, margin: float) -> Pixels:
    """A line of text with ``margin`` em of paper around it."""
    wide = int(margin * page.em)
    inner = cut(page.grey, line)
    return _pixels(cv2.copyMakeBorder(inner, wide, wide, wide, wide, cv2.BORDER_CONSTANT, value=(int(np.percentile(inner, 90)),)))


def side_by_side(page: Seen, lines: Sequence[Box]) -> Pixels:
    """Lines of one character each as one line."""
    tiles = [cut(page.grey, line) for line in lines]
    height = max(tile.shape[0] for tile in tiles)
    paper = int(np.percentile(tiles[0], 90))
    return _pixels(
        np.hstack([cv2.copyMakeBorder(tile, 0, height - tile.shape[0], 0, 0, cv2.BORDER_CONSTANT, value=(paper,)) for tile in tiles])
    )


def bands(ink: Pixels, em: float, far: float, most: int) -> Iterator[tuple[int, int]]:
    """Stretches of rows with ink, with a margin; parted where nothing is printed for ``far`` em, and into pieces of ``most`` pixels."""
    inked = np.any(ink, axis=1)
    margin = int(em)
    for begin, end in _rows_apart(inked, far * em):
        top, bottom = max(begin - margin, 0), min(end + margin, len(inked))
        while bottom - top > most:
            empty = np.flatnonzero(~inked[top + most // 2 : top + most])
            cut = top + most // 2 + int(empty[-1]) if len(empty) else top + most
            yield top, cut
            top = cut
        yield top, bottom


def _rows_apart(inked: Inked, far: float) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], inked.astype(np.int8), [0]))))
    found: list[tuple[int, int]] = []
    for begin, end in edges.reshape(-1, 2).tolist():
        if found and begin - found[-1][1] < far:
            found[-1] = found[-1][0], end
        else:
            found.append((begin, end))
    return found


def cut(grey: Pixels, box: Box) -> Pixels:
    """The part of a page in a box."""
    x0, top, x1, bottom = (int(value) for value in box)
    return grey[max(top, 0) : max(bottom, top + 2), max(x0, 0) : max(x1, x0 + 2)]
