"""What a page of a PDF paints beside its characters: shapes that may be ruling lines, pictures, and text that nobody sees."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

Bounds = tuple[float, float, float, float]  # left, bottom, right, top in points; y grows upwards, as PDF has it
Matrix = tuple[float, float, float, float, float, float]

MAX_OBJECTS = 100_000
MAX_POINTS = 2_000  # of one path that is looked at point by point: a table drawn at once has some hundred, a map many thousand
MAX_DEPTH = 8  # of forms in one another
HAIR = 4.0  # points: a path no thicker than this is a line, whatever its points
PALE = 245  # of 255: white, for an eye
UNSEEN = (3, 7)  # PDF 32000-1, 9.3.6: text that is neither filled nor stroked
AS_IS: Matrix = (1, 0, 0, 1, 0, 0)


class Shape(NamedTuple):
    """A line or a filled area: where it is, whether it is white, whether it is filled rather than stroked."""

    box: Bounds
    pale: bool
    filled: bool


@dataclass(slots=True)
class Painted:
    """``unseen``, ``pale``: addresses of text objects that show nothing, or are white. ``outlines``: shapes that have curves."""

    shapes: list[Shape] = field(default_factory=list)
    pictures: list[Bounds] = field(default_factory=list)
    unseen: set[int | None] = field(default_factory=set)
    pale: set[int | None] = field(default_factory=set)
    outlines: int = 0

    def is_pale_at(self, box: Bounds) -> bool:
        """Whether what was painted last behind the middle of ``box`` is white, as paper is."""
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        behind = [shape for shape in self.shapes if shape.filled and _holds(shape.box, x, y)]
        return behind[-1].pale if behind else not any(_holds(picture, x, y) for picture in self.pictures)


def painted(page: Any) -> Painted:
    """What a page (pypdfium2's ``PdfPage``) paints."""
    found = Painted()
    for count, (thing, matrix) in enumerate(_objects(page.raw, AS_IS, 0)):
        if count > MAX_OBJECTS:  # half of a table's lines would be another table
            found.shapes.clear()
            break
        kind = pdfium.FPDFPageObj_GetType(thing)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            _path(thing, matrix, found)
        elif kind == pdfium.FPDF_PAGEOBJ_TEXT:
            _text(thing, found)
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            found.pictures.append(_bounds(thing, matrix))
    return found


def _objects(parent: Any, matrix: Matrix, depth: int) -> Iterator[tuple[Any, Matrix]]:
    """The objects of a page or of a form on it, in the order in which they are painted, each with the form's place on the page."""
    count, get = (
        (pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject)
        if depth
        else (pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject)
    )
    for number in range(count(parent)):
        thing = get(parent, number)
        if pdfium.FPDFPageObj_GetType(thing) != pdfium.FPDF_PAGEOBJ_FORM:
            yield thing, matrix
        elif depth < MAX_DEPTH:
            yield from _objects(thing, _product(_matrix(thing), matrix), depth + 1)


def _path(thing: Any, matrix: Matrix, found: Painted) -> None:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(thing, fill, stroke)
    if not fill.value and not stroke.value:  # what only clips
        return
    look = pdfium.FPDFPageObj_GetFillColor if fill.value else pdfium.FPDFPageObj_GetStrokeColor
    pale, seen = _colour(thing, look)
    if not seen:
        return
    box = _bounds(thing, matrix)
    if min(box[2] - box[0], box[3] - box[1]) <= HAIR:
        found.shapes.append(Shape(box, pale, bool(fill.value)))
        return
    straight, curved = _parts(thing, _product(_matrix(thing), matrix), bool(stroke.value) and not fill.value)
    found.outlines += curved
    found.shapes += [Shape(part, pale, bool(fill.value)) for part in straight]


def _parts(thing: Any, matrix: Matrix, stroked: bool) -> tuple[list[Bounds], bool]:
    """Boxes of what a path draws: each stroke that is level or upright, each filled rectangle; and whether it has curves."""
    points, curved = _points(thing, matrix)
    made: list[Bounds] = []
    for run in points:
        xs, ys = [x for x, _ in run], [y for _, y in run]
        if stroked:
            made += [(min(x, u), min(y, v), max(x, u), max(y, v)) for (x, y), (u, v) in pairwise(run) if _is_straight(x - u, y - v)]
        elif all(_is_straight(x - u, y - v) for (x, y), (u, v) in pairwise(run)):
            made.append((min(xs), min(ys), max(xs), max(ys)))
    return made, curved


def _points(thing: Any, matrix: Matrix) -> tuple[list[list[tuple[float, float]]], bool]:
    """The runs of points that a pen draws without being lifted; closed ones end where they began."""
    runs: list[list[tuple[float, float]]] = []
    curved = False
    a, b, c, d, e, f = matrix
    px, py = ctypes.c_float(), ctypes.c_float()
    for number in range(min(pdfium.FPDFPath_CountSegments(thing), MAX_POINTS)):
        piece = pdfium.FPDFPath_GetPathSegment(thing, number)
        kind = pdfium.FPDFPathSegment_GetType(piece)
        pdfium.FPDFPathSegment_GetPoint(piece, px, py)
        point = a * px.value + c * py.value + e, b * px.value + d * py.value + f
        if kind == pdfium.FPDF_SEGMENT_MOVETO or not runs:
            runs.append([point])
        else:
            runs[-1].append(point)
        curved = curved or kind == pdfium.FPDF_SEGMENT_BEZIERTO
        if pdfium.FPDFPathSegment_GetClose(piece):
            runs[-1].append(runs[-1][0])
    return runs, curved


def _is_straight(across: float, along: float) -> bool:
    """Level or upright, but for what rounding leaves."""
    return abs(across) < 0.5 or abs(along) < 0.5


def _text(thing: Any, found: Painted) -> None:
    pale, seen = _colour(thing, pdfium.FPDFPageObj_GetFillColor)
    mode = pdfium.FPDFTextObj_GetTextRenderMode(thing)
    if mode in UNSEEN or not seen:
        found.unseen.add(_address(thing))
    elif pale and mode == 0:
        found.pale.add(_address(thing))


def _address(thing: Any) -> int | None:
    return ctypes.cast(thing, ctypes.c_void_p).value


def _colour(thing: Any, look: Any) -> tuple[bool, bool]:
    """Whether an object is white, and whether it shows at all. A pattern has no colour to ask for: it shows."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not look(thing, red, green, blue, alpha):
        return False, True
    return min(red.value, green.value, blue.value) >= PALE, alpha.value > 0


def _bounds(thing: Any, matrix: Matrix) -> Bounds:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(thing, left, bottom, right, top)
    box = left.value, bottom.value, right.value, top.value
    if matrix is AS_IS:
        return box
    a, b, c, d, e, f = matrix
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in box[::2] for y in box[1::2]]
    return min(x for x, _ in corners), min(y for _, y in corners), max(x for x, _ in corners), max(y for _, y in corners)


def _matrix(thing: Any) -> Matrix:
    found = pdfium.FS_MATRIX()
    return (found.a, found.b, found.c, found.d, found.e, found.f) if pdfium.FPDFPageObj_GetMatrix(thing, found) else AS_IS


def _product(first: Matrix, then: Matrix) -> Matrix:
    (a, b, c, d, e, f), (p, q, r, s, t, u) = first, then
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _holds(box: Bounds, x: float, y: float) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]
