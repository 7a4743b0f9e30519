"""PDF: pdfium says what is printed where, ``pages`` makes paragraphs and tables of it; pages that are pictures are recognised."""

from __future__ import annotations

from importlib import import_module
from math import sqrt
from typing import Any, cast

import pypdfium2
import pypdfium2.raw as pdfium

from harvester.errors import Unreadable
from harvester.items import Document, Issue
from harvester.readers import apart, pictured
from harvester.readers.bounds import MAX_PAGES
from harvester.readers.pages import Page
from harvester.readers.pdf_page import MAX_CHARACTERS, sheet
from harvester.readers.pdf_streams import is_heavy
from harvester.readers.pictured import numbered, told, unread

MAX_ALL = 400_000  # characters of a document; those of whole provinces have 60,000
DPI = 200
MAX_PIXELS = 40_000_000  # of a page that is drawn to be recognised
POINTS = 72  # an inch
TAIL = 2_048  # bytes at the end of a file within which it says that it ends
# Annotations that print something where a reader of the page sees it: typed text, the field of a form, a stamp.
PRINTED = (pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_STAMP)
MAX_ANNOTATIONS = 1_000


def read(body: bytes) -> Document:
    """Document of a PDF; nothing in it is executed. Pages without text that are pictures are recognised when the others hold no table.

    Raises :class:`Unreadable` for one that is encrypted, damaged or empty, and :class:`NotSupported` for scans without the extra ``ocr``.
    """
    return apart.read("pdf", body) if is_heavy(body) else laid_out(body)


def laid_out(body: bytes) -> Document:
    """The same in this process, whatever it takes."""
    try:
        file = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(_why(body, error.err_code)) from error
    try:
        return _document(file, body)
    finally:
        file.close()


def _why(body: bytes, code: int | None) -> str:
    """Why pdfium does not open a file, in words a user can act on."""
    if code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
        return "the PDF is encrypted: it opens only with a password, or in its publisher's own viewer"
    if not _is_whole(body):
        return "the PDF is cut off: its end, which says where its pages are, is missing"
    return "the PDF is damaged, or has no pages"


def _is_whole(body: bytes) -> bool:
    return b"%%EOF" in body[-TAIL:]


def _document(file: Any, body: bytes) -> Document:
    issues = [] if _is_whole(body) else [unread("end", "the file is cut off before its end: pages may be missing")]
    found, scanned = _pages(file, issues)
    if not len(file):
        raise Unreadable("the PDF has no pages")
    return pictured.completed("pdf", found, scanned, lambda number: _scanned(file[number]), issues)


def _pages(file: Any, issues: list[Issue]) -> tuple[list[Page | None], list[int]]:
    """The pages laid out, and which of them (from 0) are pictures: these, and pages that cannot be read, are None."""
    found: list[Page | None] = []
    scanned: list[int] = []
    damaged: list[int] = []
    left = MAX_ALL
    for number in range(min(len(file), MAX_PAGES)):
        read = _sheet(file, number) if left > 0 else None
        found.append(read.page if read and not read.scanned else None)
        left -= len(read.page.pieces) if read else 0
        if read is None and left > 0:
            damaged.append(number)
        elif read and read.scanned:
            scanned.append(number)
        if left <= 0:
            break
    issues += told(damaged, "damaged")
    if len(found) < len(file):
        issues.append(
            unread(numbered("page", range(len(found), len(file))), f"no report has more than {MAX_PAGES} pages or {MAX_ALL:,} characters")
        )
    return found, scanned


def _sheet(file: Any, number: int) -> Any:
    """A page as laid out; None where it is damaged or fuller than any page of a report."""
    try:
        page = _printed(file, number)
    except pypdfium2.PdfiumError:
        return None
    try:
        read = sheet(page)
    finally:
        page.close()
    return None if len(read.page.pieces) >= MAX_CHARACTERS else read


def _printed(file: Any, number: int) -> Any:
    """A page with what was typed into its fields as part of it."""
    page = file[number]
    for at in range(min(pdfium.FPDFPage_GetAnnotCount(page), MAX_ANNOTATIONS)):
        annotation = pdfium.FPDFPage_GetAnnot(page, at)
        kind = pdfium.FPDFAnnot_GetSubtype(annotation)
        pdfium.FPDFPage_CloseAnnot(annotation)
        if kind in PRINTED:
            pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
            page.close()
            return file[number]
    return page


def _scanned(page: Any) -> Page:
    """What is recognised on a page that is a picture: the one place where reading PDF meets recognition."""
    image = import_module("harvester.readers.image")
    width, height = page.get_size()
    dpi = min(DPI, POINTS * sqrt(MAX_PIXELS / max(width * height, 1)))
    picture = page.render(scale=dpi / POINTS, grayscale=True).to_pil()
    return cast(Page, image.page(picture, dpi))
