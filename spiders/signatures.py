"""What an answer really is, by its status and first bytes: a page, a refusal dressed as one, or a page that is not there; rules as data."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

from harvester.readers.encoding import decode

Outcome = Literal["page", "blocked", "missing", "broken"]
SCRIPTS = re.compile(r"<(script|style)\b.*?</\1>", re.IGNORECASE | re.DOTALL)


class Answer(NamedTuple):
    """``page``: something to read; ``blocked``: the portal refuses; ``missing``: the page is not there; ``broken``: the server failed."""

    outcome: Outcome
    reason: str = ""


class Signature(NamedTuple):
    """A line of ``signatures.csv``: statuses from ``low`` to ``high``, at most ``size`` bytes, a ``pattern`` in the text."""

    low: int
    high: int
    size: float
    pattern: re.Pattern[str] | None
    answer: Answer


PAGE = Answer("page")


def classify(status: int, body: bytes) -> Answer:
    """What an answer with this status and body is; the first signature that fits decides."""
    if status < 400 and len(body) > _largest():
        return PAGE
    text: str | None = None
    for signature in _signatures():
        if not signature.low <= status <= signature.high or len(body) > signature.size:
            continue
        if signature.pattern:
            text = decode(body[:60000])[0] if text is None else text
            if not signature.pattern.search(text):
                continue
        answer = signature.answer
        return answer if answer.reason else answer._replace(reason=f"HTTP {status}")
    return PAGE


@cache
def _signatures() -> tuple[Signature, ...]:
    lines = csv.DictReader(files("harvester.data").joinpath("signatures.csv").read_text("utf-8").splitlines())
    return tuple(_signature(line) for line in lines)


def _signature(line: dict[str, str]) -> Signature:
    low, _, high = line["status"].partition("-")
    pattern = re.compile(line["pattern"], re.IGNORECASE) if line["pattern"] else None
    size = float(line["max_bytes"] or "inf")
    return Signature(int(low), int(high or low), size, pattern, Answer(line["outcome"], line["reason"]))  # type: ignore[arg-type]


@cache
def _largest() -> float:
    """No signature of a good status fits a body larger than this."""
    return max(signature.size for signature in _signatures() if signature.low < 400)
