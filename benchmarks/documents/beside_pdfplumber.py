"""Seconds a page of the PDF reader, beside pdfplumber's own ``extract_tables()`` on the same files."""

from __future__ import annotations

import io
import logging
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pdfplumber

from benchmarks.documents import content, handmade, pdf
from benchmarks.documents.handmade import Sheet
from harvester import readers

KEPT = Path(__file__).parent.parent.parent / "tests" / "documents"
ROUNDS = 5
LINES, SENTENCE = 38, "本机关认真贯彻落实条例要求，坚持以公开为常态，平稳有序推进各项工作。"


def measure(rounds: int = ROUNDS) -> dict[str, Any]:
    """Seconds a page of both by kind of file, medians of some rounds taken in turns, and how many times faster the reader is."""
    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # complains of every font without measures
    result: dict[str, Any] = {"seconds_a_page": {}, "times_pdfplumber": {}}
    for name, body in files().items():
        count, own, other = len(pdfplumber.open(io.BytesIO(body)).pages), list[float](), list[float]()
        for _ in range(rounds):
            own.append(seconds(readers.read, body))
            other.append(seconds(_tables, body))
        ours, theirs = statistics.median(own), statistics.median(other)
        result["seconds_a_page"] |= {name: round(ours / count, 4), f"{name}: pdfplumber": round(theirs / count, 4)}
        result["times_pdfplumber"][name] = round(theirs / ours, 1)
    return {**result, "kept": min(result["times_pdfplumber"].values()) >= 1}


def files() -> dict[str, bytes]:
    """Files by what they are; what a producer that is not here would print is left out."""
    made = content.make("measured", "national_2021")
    found = {
        "drawn by hand": handmade.report(made),
        "by LibreOffice (kept)": (KEPT / "libreoffice.pdf").read_bytes(),
        "by Chromium (kept)": (KEPT / "chromium.pdf").read_bytes(),
        "text without tables": handmade.document([_prose() for _ in range(10)]),
    }
    if pdf.CHROMIUM:
        with pdf.Browser() as browser:
            found["by Chromium"] = pdf.made(browser, made, pdf.LOOKS["plain"])
    return found


def _prose() -> Sheet:
    page = Sheet()
    for line in range(LINES):
        page.text(50, 60 + 20 * line, SENTENCE, 12)
    return page


def seconds(read: Callable[[bytes], Any], body: bytes) -> float:
    """Of this processor: other programs on the machine do not count."""
    start = time.process_time()
    read(body)
    return time.process_time() - start


def _tables(body: bytes) -> None:
    with pdfplumber.open(io.BytesIO(body)) as file:
        for page in file.pages:
            page.extract_tables()
