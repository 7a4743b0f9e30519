"""What an answer really is, by its status and first bytes: a page, a refusal dressed as one, or a page that is not there; rules as data."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

from harvester.readers.encoding import decode

Outcome = Literal["page", "blocked", "missing", "broken"]
# A script may say 出错了 in an alert that nobody ever sees; a challenge is nothing but script. So a signature says where it looks.
UNSEEN = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
TAG = re.compile(r"<[^>]*>")
FEW = 30  # characters of a page that is nothing but a script: 请稍候 and the like
READ = 60_000  # bytes; every signature of a page that is larger is about its status


class Answer(NamedTuple):
    """``page``: something to read; ``blocked``: the portal refuses; ``missing``: the page is not there; ``broken``: the server failed."""

    outcome: Outcome
    reason: str = ""


class Signature(NamedTuple):
    """A line of ``signatures.csv``: statuses from ``low`` to ``high``, at most ``size`` bytes, a ``pattern`` in the
    ``source``, in the ``words`` that a reader sees, or in the source of a ``shell``: a page that shows hardly any words."""

    what: str
    low: int
    high: int
    size: float
    where: str
    pattern: re.Pattern[str] | None
    answer: Answer


PAGE = Answer("page")


def classify(status: int, body: bytes) -> Answer:
    """What an answer with this status and body is; the first signature that fits decides."""
    signature = fitting(status, body)
    answer = signature.answer if signature else PAGE
    return answer if answer.reason or answer is PAGE else answer._replace(reason=f"HTTP {status}")


def fitting(status: int, body: bytes) -> Signature | None:
    """The first signature that fits an answer; None for a page."""
    if status < 400 and len(body) > _largest():
        return None
    texts: dict[str, str] = {}
    for signature in _signatures():
        fits = signature.low <= status <= signature.high and len(body) <= signature.size
        if fits and (signature.pattern is None or signature.pattern.search(_text(body, signature.where, texts))):
            return signature
    return None


def _text(body: bytes, where: str, known: dict[str, str]) -> str:
    """The body's source or words, or its source if it is a shell; ``known`` keeps them between signatures."""
    if not known:
        known["source"] = decode(body[:READ])[0]
    if where != "source" and "words" not in known:
        known["words"] = UNSEEN.sub(" ", known["source"])
        known["shell"] = known["source"] if len("".join(TAG.sub(" ", known["words"]).split())) <= FEW else ""
    return known[where]


@cache
def _signatures() -> tuple[Signature, ...]:
    lines = csv.DictReader(files("harvester.data").joinpath("signatures.csv").read_text("utf-8").splitlines())
    return tuple(_signature(line) for line in lines)


def _signature(line: dict[str, str]) -> Signature:
    low, _, high = line["status"].partition("-")
    pattern = re.compile(line["pattern"], re.IGNORECASE) if line["pattern"] else None
    size = float(line["max_bytes"] or "inf")
    answer = Answer(line["outcome"], line["reason"])  # type: ignore[arg-type]
    return Signature(line["what"], int(low), int(high or low), size, line["where"], pattern, answer)


@cache
def _largest() -> float:
    """No signature of a good status fits a body larger than this."""
    return max(signature.size for signature in _signatures() if signature.low < 400)
