"""Pictures of pages (scans, photographed tables, long 图解): ruled cells are found first, then each is read; needs the extra ``ocr``."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Sequence

from harvester.errors import NotSupported, Unreadable
from harvester.items import Document
from harvester.readers import pages, ruled
from harvester.readers.bounds import MAX_SCANNED
from harvester.readers.pages import Page
from harvester.readers.printed import Piece
from harvester.readers.ruled import Box, Segment

MISSING = "reading scans and pictures needs the extra ocr: pip install 'harvester[ocr]'; the bytes are kept"
try:
    import numpy as np
    from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

    from harvester.readers import orientation, recogniser, rereading, scanned
    from harvester.readers.scanned import Seen
except ImportError as error:
    raise NotSupported(MISSING) from error

FORMATS = ("JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP")
MAX_PIXELS = 40_000_000  # of one picture: ten pages at 200 dpi below each other
MAX_SIDE = 30_000
LEAST, MOST = 17.0, 34.0  # pixels a character: smaller and larger type is scaled
SCALED = 3.0  # at most: what is smaller cannot be read
SCREEN = 96  # dpi where a picture does not say it
LARGE = 6.0  # em: smaller frames are characters such as 目
BAND = 1500  # pixels: long pictures are looked through in pieces
FAR = 3.0  # em between two pieces
STACKED = 1.9  # em, margins included: the width of a line of one character


def read(body: bytes) -> Document:
    """Document of a picture, ``recognised``. Raises :class:`Unreadable` for one that is damaged, too large, or shows no text."""
    found = [page(picture, _dpi(picture)) for picture in frames(body)]
    blocks = pages.blocks(found)
    if not blocks:
        raise Unreadable("no text is recognised in the picture")
    return Document(blocks, format="image", recognised=True)


def frames(body: bytes) -> Iterator[Image.Image]:
    """The pictures of a file: the pages of a TIFF, the first of an animation. Raises :class:`Unreadable` for a damaged or too large one."""
    try:
        with _opened(body) as file:
            count = getattr(file, "n_frames", 1) if file.format == "TIFF" else 1
            if count > MAX_SCANNED:
                raise Unreadable(f"too large: {count} scanned pages; at most {MAX_SCANNED} are read")
            for number, frame in enumerate(ImageSequence.Iterator(file)):
                if number == count:
                    break
                check_pixels(frame.size)
                yield ImageOps.exif_transpose(frame)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise Unreadable("the picture is truncated or damaged") from error


def _opened(body: bytes) -> Image.Image:
    """The file, nothing of it unpacked. What Pillow says of its size on stderr, :func:`check_pixels` says better."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        return Image.open(io.BytesIO(body), formats=FORMATS)


def check_pixels(size: tuple[int, int]) -> None:
    """Raises :class:`Unreadable` for a picture (width, height) that is larger than any report's, before it is unpacked."""
    width, height = size
    if width * height > MAX_PIXELS or max(size) > MAX_SIDE:
        raise Unreadable(f"too large: a picture of {width:,} by {height:,} pixels")


def laid(frames: Sequence[tuple[Image.Image, Box]], size: tuple[int, int]) -> Image.Image:
    """One page of pictures, each in its box, all in pixels: some programs keep a scan in strips."""
    canvas = Image.new("L", size, 255)
    for frame, box in frames:
        wide, high = max(round(box.x1 - box.x0), 1), max(round(box.bottom - box.top), 1)
        check_pixels((wide, high))
        canvas.paste(on_white(frame).resize((wide, high), Image.Resampling.BICUBIC), (round(box.x0), round(box.top)))
    return canvas


def _dpi(picture: Image.Image) -> float:
    told = picture.info.get("dpi", (SCREEN, SCREEN))[0]
    return float(told) if 50 <= told <= 1200 else SCREEN


def page(picture: Image.Image, dpi: float) -> Page:
    """What a picture of a page shows, in points: recognised lines of text, and the lines of its tables."""
    check_pixels(picture.size)
    grey, scale = _grey(picture)
    grey = np.ascontiguousarray(np.rot90(grey, orientation.quarters(grey)))
    view = scanned.seen(grey)
    tables = [table for table in ruled.tables(view.segments, pages.SLACK * view.em) if _is_table(table, view.em)]
    pieces = [*(piece for table in tables for piece in _cells(view, table)), *_text(view, tables)]
    points = 72 / dpi / scale
    made = Page(grey.shape[1] * points, grey.shape[0] * points)
    made.pieces = [Piece(text, *(side * points for side in box)) for text, *box in pieces]
    lines = [segment for segment in view.segments if any(_is_of(segment, table, view.em) for table in tables)]
    made.segments = [Segment(*(side * points for side in segment)) for segment in lines]
    return made


def _is_of(line: Segment, table: ruled.Table, em: float) -> bool:
    """Whether a line stands within a table; others may be strokes of large characters."""
    left, right, top, bottom = table.xs[0] - em, table.xs[-1] + em, table.ys[0] - em, table.ys[-1] + em
    return left <= line.x0 and line.x1 <= right and top <= line.top and line.bottom <= bottom


def _is_table(table: ruled.Table, em: float) -> bool:
    return table.xs[-1] - table.xs[0] > LARGE * em and table.ys[-1] - table.ys[0] > 2 * em


def _grey(picture: Image.Image) -> tuple[scanned.Pixels, float]:
    """The picture in grey, scaled to type of a size that is read well; and by how much it was."""
    grey = on_white(picture)
    em = scanned.type_size(np.asarray(grey))
    scale = min(LEAST * 1.3 / em, SCALED) if em < LEAST else MOST / em if em > MOST else 1.0
    width, height = (max(round(side * scale), 1) for side in grey.size)
    if scale != 1.0 and width * height <= MAX_PIXELS:
        return np.asarray(grey.resize((width, height), Image.Resampling.BICUBIC)), scale
    return np.asarray(grey), 1.0


def on_white(picture: Image.Image) -> Image.Image:
    """The picture in grey; where it is transparent, paper."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        whole = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", whole.size, "white"), whole)
    return picture.convert("L")


def _cells(view: Seen, table: ruled.Table) -> Iterator[Piece]:
    """What the cells of a table say, line by line. Its type is often smaller than that of the page."""
    view = view._replace(em=scanned.size_within(view, Box(table.xs[0], table.ys[0], table.xs[-1], table.ys[-1])))
    found = [scanned.text_lines(view, table.box(cell)) for cell in table.cells]
    stacked = [lines for lines in found if _is_stack(lines, view.em)]
    words = recogniser.said([scanned.side_by_side(view, lines) for lines in stacked])
    named = {_united(lines): said.text for lines, said in zip(stacked, words, strict=True) if rereading.is_word(said)}
    for place, text in named.items():
        yield Piece(text, *_inked(place, view.em))
    lines = [line for lines in found if lines and _united(lines) not in named for line in lines]
    for line, text in zip(lines, rereading.read(view, lines), strict=True):
        yield Piece(text, *_inked(line, view.em))


def _inked(line: Box, em: float) -> Box:
    """The place of a line without its margin."""
    less = min(scanned.MARGIN * em, (line.x1 - line.x0) / 4, (line.bottom - line.top) / 4)
    return Box(line.x0 + less, line.top + less, line.x1 - less, line.bottom - less)


def _is_stack(lines: Sequence[Box], em: float) -> bool:
    """A word of one character a line, as in the narrow cells of headers; singly they are read badly."""
    return len(lines) > 1 and all(line.x1 - line.x0 < STACKED * em for line in lines)


def _united(lines: Sequence[Box]) -> Box:
    return Box(min(line.x0 for line in lines), lines[0].top, max(line.x1 for line in lines), lines[-1].bottom)


def _text(view: Seen, tables: Sequence[ruled.Table]) -> list[Piece]:
    """The lines of text outside of tables."""
    ink, grey = view.ink.copy(), view.grey.copy()
    for table in tables:
        inside = slice(int(table.ys[0]), int(table.ys[-1]) + 1), slice(int(table.xs[0]), int(table.xs[-1]) + 1)
        ink[inside], grey[inside] = 0, 255
    found: list[Box] = []
    for begin, end in scanned.bands(ink, view.em, FAR, BAND):
        found += [box._replace(top=box.top + begin, bottom=box.bottom + begin) for box in recogniser.lines(grey[begin:end])]
    said = recogniser.said([scanned.cut(grey, box) for box in found])
    return [Piece(text, *_tight(box)) for box, (text, score) in zip(found, said, strict=True) if text and score > rereading.LEGIBLE]


def _tight(box: Box) -> Box:
    """The box of the type: the recogniser's is a third higher."""
    less = (box.bottom - box.top) / 8
    return Box(box.x0, box.top + less, box.x1, box.bottom - less)
