"""Pages as a browser lays them out: HTML -> PDF by Chromium, and where it put each character and line."""

from __future__ import annotations

import ctypes
import math
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from harvester.readers.pages import Page
from harvester.readers.printed import Piece
from harvester.readers.ruled import Box, edges

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
MILLIMETRES = 25.4 / 72
SECONDS = 60
THIN = 2.0  # points: a rectangle as thin is a line


def browser() -> str | None:
    """The Chromium of this system, if there is one."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def pdf(page: str) -> bytes:
    """The page printed by Chromium. Raises :class:`RuntimeError` when there is none or it prints nothing."""
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder, "page.html"), Path(folder, "page.pdf")
        source.write_text(page, "utf-8")
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--user-data-dir={folder}/profile"]
        command = [browser() or BROWSERS[0], *options, f"--print-to-pdf={made}", source.as_uri()]
        try:
            subprocess.run(command, capture_output=True, check=True, timeout=SECONDS)
            return made.read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise RuntimeError(f"Chromium printed nothing: {error}") from error


def laid_out(body: bytes) -> list[Page]:
    """Characters and lines of a PDF's pages, in millimetres from the upper left corner."""
    with pypdfium2.PdfDocument(body) as document:
        return [_page(page) for page in document]


def _page(page: pypdfium2.PdfPage) -> Page:
    width, height = page.get_size()
    made = Page(width * MILLIMETRES, height * MILLIMETRES)
    made.pieces = [Piece(text, *_scaled(box, height)) for text, box in _characters(page)]
    boxes = [_scaled(item.get_bounds(), height) for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH])]
    made.segments = [segment for box in boxes for segment in edges(Box(*box), THIN * MILLIMETRES)]
    return made


def _characters(page: pypdfium2.PdfPage) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    text = page.get_textpage()
    origin_x, origin_y, matrix = ctypes.c_double(), ctypes.c_double(), pdfium.FS_MATRIX()
    for index in range(text.count_chars()):
        character = text.get_text_range(index, 1)
        pdfium.FPDFText_GetMatrix(text, index, matrix)
        size = pdfium.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d)
        if character.strip() and size:
            left, _, right, _ = text.get_charbox(index, loose=True)
            pdfium.FPDFText_GetCharOrigin(text, index, origin_x, origin_y)
            yield character, (left, origin_y.value - 0.12 * size, right, origin_y.value + 0.88 * size)


def _scaled(box: tuple[float, float, float, float], height: float) -> tuple[float, float, float, float]:
    left, bottom, right, top = (value * MILLIMETRES for value in box)
    return left, height * MILLIMETRES - top, right, height * MILLIMETRES - bottom
