"""Scans made of printed pages: rendered, turned, blurred, made noisy, kept as JPEG; as pictures, as a PDF, as one long picture."""

from __future__ import annotations

import io
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pypdfium2
from PIL import Image, ImageFilter

from benchmarks.documents.content import Content, html
from benchmarks.documents.printing import pdf
from harvester.readers import image

INK = 40  # grey level of black as a scanner sees it


@dataclass(frozen=True, slots=True)
class Scanner:
    """``dpi``; the most a page lies askew, in degrees; radius of the blur in pixels; noise in grey levels; quality of the JPEG."""

    dpi: int = 150
    askew: float = 1.5
    blur: float = 0.5
    noise: float = 12
    quality: int = 75
    paper: int = 245


SCANNERS = {"150 dpi": Scanner(), "200 dpi": Scanner(200), "200 dpi, clean": Scanner(200, 0, 0, 0, 92, 255)}


def pictures(content: Content, scanner: Scanner) -> list[Image.Image]:
    """The pages of the report as this scanner sees them; by the report's seed, each time the same."""
    rng = random.Random(f"{content.seed} {scanner}")
    return [_scanned(page, scanner, rng) for page in rendered(pdf(html(content)), scanner.dpi)]


def rendered(body: bytes, dpi: int) -> list[Image.Image]:
    """Pages of a PDF as grey pictures."""
    with pypdfium2.PdfDocument(body) as document:
        return [page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L") for page in document]


def _scanned(page: Image.Image, scanner: Scanner, rng: random.Random) -> Image.Image:
    angle = rng.uniform(-scanner.askew, scanner.askew)
    page = page.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255).filter(ImageFilter.GaussianBlur(scanner.blur))
    levels = INK + np.asarray(page, np.float64) * (scanner.paper - INK) / 255
    levels += np.random.default_rng(rng.randrange(1 << 30)).normal(0, scanner.noise, levels.shape)
    return Image.open(io.BytesIO(jpeg(Image.fromarray(levels.clip(0, 255).astype(np.uint8)), scanner.quality)))


def jpeg(page: Image.Image, quality: int = 90) -> bytes:
    """The picture as a JPEG file."""
    stream = io.BytesIO()
    page.save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def scanned_pdf(pages: Sequence[Image.Image], dpi: int) -> bytes:
    """The pictures as a PDF without any text."""
    stream = io.BytesIO()
    pages[0].save(stream, "PDF", save_all=True, append_images=list(pages[1:]), resolution=dpi)
    return stream.getvalue()


def long_picture(pages: Sequence[Image.Image]) -> Image.Image:
    """The pages below each other in one picture, as sites publish a 图解."""
    whole = Image.new("L", (max(page.width for page in pages), sum(page.height for page in pages)), 255)
    top = 0
    for page in pages:
        whole.paste(page, (0, top))
        top += page.height
    return whole


def seconds_a_page(content: Content, scanner: Scanner) -> float:
    """What recognising a page takes, models loaded."""
    pages = pictures(content, scanner)
    image.page(pages[0], scanner.dpi)
    start = time.perf_counter()
    for page in pages:
        image.page(page, scanner.dpi)
    return (time.perf_counter() - start) / len(pages)
