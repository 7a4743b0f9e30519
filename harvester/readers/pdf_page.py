"""One page of a PDF as pdfium lays it out: the characters that are seen and the lines drawn between them, upright however it was turned."""

from __future__ import annotations

import ctypes
from collections import Counter
from functools import cache
from importlib.resources import files
from math import hypot, pi
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from harvester.readers.pages import Page, size_of
from harvester.readers.pdf_paint import Bounds, Painted, Shape, painted
from harvester.readers.printed import Piece
from harvester.readers.ruled import Box, Segment, edges

NEW = tuple.__new__  # a third of a NamedTuple's own constructor, and there are 1,000 characters a page
MAX_CHARACTERS = 50_000  # of one page; the fullest in small print have 6,000
SAMPLED = 60  # characters that are asked which way they stand
THIN = 0.4  # of a character's height: filled shapes below it are lines
HYPHENS = (0x02, 0xFFFE)  # what pdfium makes of a hyphen at the end of a line
UNKNOWN = "\ufffd"  # a glyph of which the font does not say what it is; left out, 1?3 would become 13
FEW = 40  # characters: a page number and a running head stand on scans as well
PICTURE = 0.5  # share of the page that is picture: below it, pictures adorn
ALIKE = (0.8, 1.25)  # of the height of the character before: what is as high need not be measured
TYPE = (0.6, 1.8)  # of the size of the type: what a box may be high; fonts without proper measures give the ink, or thousands
RISE, FALL = 0.88, 0.12  # of the size of the type: how far a character's box reaches above and below its base line
LEAST = 0.01  # points: nobody sees smaller characters, and what has no size has no place
OUTLINES = 300  # shapes with curves: letters that were converted to outlines


class Character(NamedTuple):
    """A character by its number on the page, and its box."""

    number: int
    text: str
    box: Bounds


class Sheet(NamedTuple):
    """``page`` as laid out, in points. ``scanned``: what it says is in a picture or in outlines, not in characters."""

    page: Page
    scanned: bool


def sheet(page: Any) -> Sheet:
    """What a page (pypdfium2's ``PdfPage``) shows."""
    frame: Bounds = page.get_bbox()
    textpage = page.get_textpage()
    try:
        paint = painted(page)
        characters = _characters(textpage.raw)
        if paint.unseen or paint.pale:
            characters = [one for one in characters if _is_seen(textpage.raw, one, paint)]
        turn = _turn(textpage.raw, characters)
    finally:
        textpage.close()
    pieces = [NEW(Piece, (text, *_upright(box, turn, frame))) for _, text, box in characters]
    drawn, shades = _segments([(_upright(shape.box, turn, frame), shape) for shape in paint.shapes], THIN * size_of(pieces))
    wide, high = frame[2] - frame[0], frame[3] - frame[1]
    width, height = (high, wide) if turn % 2 else (wide, high)
    return Sheet(Page(width, height, pieces, drawn, shades), _is_scanned(wide * high, characters, paint))


@cache
def ideographs() -> dict[int, str]:
    """Radicals, by code point, as the ideographs they stand for (data/radicals.txt)."""
    found: dict[int, str] = {}
    for line in files("harvester.data").joinpath("radicals.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            radicals, ideograph = line.split(" ; ")
            first, _, last = radicals.partition("..")
            found.update(dict.fromkeys(range(int(first, 16), int(last or first, 16) + 1), chr(int(ideograph, 16))))
    return found


def _characters(text: Any) -> list[Character]:
    """The characters in the order in which they are painted, without those that pdfium puts between words and lines."""
    found: list[Character] = []
    same = ideographs()
    box = pdfium.FS_RECTF()
    place = ctypes.byref(box)
    code_of, boxed, made, unmapped = (
        pdfium.FPDFText_GetUnicode,
        pdfium.FPDFText_GetLooseCharBox,
        pdfium.FPDFText_IsGenerated,
        pdfium.FPDFText_HasUnicodeMapError,
    )
    usual = 0.0
    for index in range(min(pdfium.FPDFText_CountChars(text), MAX_CHARACTERS)):
        if made(text, index) == 1 or not boxed(text, index, place):
            continue
        code = code_of(text, index)
        said = UNKNOWN if unmapped(text, index) == 1 else same.get(code) or _said(code)
        bounds: Bounds = (box.left, box.bottom, box.right, box.top)
        if not ALIKE[0] * usual < box.top - box.bottom < ALIKE[1] * usual:
            bounds = _measured(text, index, bounds)
            usual = bounds[3] - bounds[1]
        if not min(bounds[3] - bounds[1], bounds[2] - bounds[0]) >= LEAST:
            continue
        found.append(Character(index, said, bounds))
    return found


def _measured(text: Any, index: int, bounds: Bounds) -> Bounds:
    """A character's box as high as its type: by its base line where the font does not tell it, and for what was printed as a radical."""
    frame = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(text, index, frame)
    points = pdfium.FPDFText_GetFontSize(text, index)
    left, bottom, right, top = bounds
    aside = abs(frame.c) > abs(frame.d)  # turned by a quarter
    size = points * hypot(frame.c, frame.d)
    if not size or TYPE[0] * size <= (right - left if aside else top - bottom) <= TYPE[1] * size:
        return bounds
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(text, index, x, y)
    base, up = (x.value, frame.c * points) if aside else (y.value, frame.d * points)
    low, high = sorted((base - FALL * up, base + RISE * up))
    return (low, bottom, high, top) if aside else (left, low, right, high)


def _said(code: int) -> str:
    if code in HYPHENS:
        return "-"
    return chr(code) if code and not 0xD800 <= code <= 0xDFFF else UNKNOWN


def _is_seen(text: Any, one: Character, paint: Painted) -> bool:
    """Whether a character shows: white text does so only on something that is not."""
    drawn = ctypes.cast(pdfium.FPDFText_GetTextObject(text, one.number), ctypes.c_void_p).value
    return drawn not in paint.unseen and not (drawn in paint.pale and paint.is_pale_at(one.box))


def _turn(text: Any, characters: list[Character]) -> int:
    """Quarter turns by which most characters are turned: 0 upright, 1 reading upwards, 2 upside down, 3 reading downwards."""
    sample = characters[:: len(characters) // SAMPLED + 1]
    turns = Counter(round(-pdfium.FPDFText_GetCharAngle(text, one.number) / (pi / 2)) % 4 for one in sample)
    return turns.most_common(1)[0][0] if turns else 0


def _upright(box: Bounds, turn: int, frame: Bounds) -> Box:
    """The box as it stands on the page when that is held so that it can be read; y grows downwards from its upper edge."""
    left, bottom, right, top = box
    if turn == 1:
        return Box(bottom - frame[1], left - frame[0], top - frame[1], right - frame[0])
    if turn == 2:
        return Box(frame[2] - right, bottom - frame[1], frame[2] - left, top - frame[1])
    if turn == 3:
        return Box(frame[3] - top, frame[2] - right, frame[3] - bottom, frame[2] - left)
    return Box(left - frame[0], frame[3] - top, right - frame[0], frame[3] - bottom)


def _segments(shapes: list[tuple[Box, Shape]], thin: float) -> tuple[list[Segment], list[Segment]]:
    """The lines that are drawn, and those that only shades and white lines draw: the cells of tables that have no others."""
    drawn: list[Segment] = []
    shades: list[Segment] = []
    for box, shape in shapes if thin else ():
        sides = edges(box, thin)
        (shades if shape.pale or (shape.filled and len(sides) > 1) else drawn).extend(sides)
    return drawn, shades


def _is_scanned(area: float, characters: list[Character], paint: Painted) -> bool:
    """Whether hardly a character is seen, or none can be told, where a picture or outlines fill the page."""
    if sum(one.text != UNKNOWN and not one.text.isspace() for one in characters) > FEW:
        return 2 * sum(one.text == UNKNOWN for one in characters) > len(characters)
    covered = sum((right - left) * (top - bottom) for left, bottom, right, top in paint.pictures)
    return covered > PICTURE * area or paint.outlines > OUTLINES or any(one.text == UNKNOWN for one in characters)
