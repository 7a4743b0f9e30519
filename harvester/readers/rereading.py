"""What a line of a table says, read until two readings agree: a digit is misread more easily than a word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from harvester.readers import recogniser, scanned
from harvester.readers.recogniser import Said
from harvester.readers.ruled import Box
from harvester.readers.scanned import Seen

MARGINS = (0.3, 0.5, 0.15)  # em of paper around a line, in the first reading, the second and the third
SURE = 0.8  # score that one at least of the readings that agree must have
LEGIBLE = 0.5  # score below which words are none
UNREAD = "□"  # stands for ink that could not be read, in Chinese transcriptions too
DASH = "—"
BLUNDERS = str.maketrans("OoQDIl|丨〇一", "000011110-")  # what stands in a cell of nothing but these and digits
DIGITS = frozenset("0123456789OoQDIl|丨〇")
NUMERIC = DIGITS | frozenset(".,，．-—－一+↓↑")


def read(view: Seen, lines: Sequence[Box]) -> list[str]:
    """What each line says; what may be a number is read again with another margin, and a third time where two readings differ."""
    readings = [[said] for said in recogniser.said([scanned.crop(view, line, MARGINS[0]) for line in lines])]
    for margin in MARGINS[1:]:
        again = [at for at, said in enumerate(readings) if _is_open(said)]
        for at, said in zip(again, recogniser.said([scanned.crop(view, lines[at], margin) for at in again]), strict=True):
            readings[at].append(said)
    return [DASH if scanned.is_dash(view, line) else agreed(said) for line, said in zip(lines, readings, strict=True)]


def _is_open(readings: Sequence[Said]) -> bool:
    """Whether a line is to be read once more."""
    texts = [_mended(said.text) for said in readings]
    if len(readings) == 1:
        return readings[0].score < SURE or not texts[0] or _is_number(texts[0])
    return any(map(_is_number, texts)) and len(set(texts)) == len(texts)


def agreed(readings: Sequence[Said]) -> str:
    """What the readings of a line say together: words as the surest has them; of a number only what two surely read alike.

    Signs of a number on which they differ are :data:`UNREAD`, and so is ink in which nothing is recognised.
    """
    texts = [_mended(said.text) for said in readings]
    if not any(map(_is_number, texts)):
        best = max(readings, key=lambda said: (bool(said.text), said.score))
        return best.text if best.text and best.score > LEGIBLE else UNREAD
    text, count = Counter(texts).most_common(1)[0]
    if count > 1:
        surest = max(said.score for said, other in zip(readings, texts, strict=True) if other == text)
        return text if surest >= SURE else UNREAD * len(text)
    same = {len(text) for text in texts} == {len(text)}
    return "".join(signs[0] if len(set(signs)) == 1 else UNREAD for signs in zip(*texts)) if same else UNREAD


def _is_number(text: str) -> bool:
    return NUMERIC.issuperset(text) and any(sign in DIGITS for sign in text)


def _mended(text: str) -> str:
    """Letters in a cell that holds nothing else but digits are the digits that look like them."""
    text = text.replace(" ", "")
    return text.translate(BLUNDERS) if _is_number(text) else text


def is_word(said: Said) -> bool:
    """Whether one reading is enough: it is sure, and no number."""
    return said.score > SURE and not _is_number(said.text)
