"""Lines that a narrow column broke, put together: header words over two lines, a label above and below its values."""

from __future__ import annotations

import re
from functools import lru_cache

from harvester.forms import NUMBERING, fold, load
from harvester.tokens import key

VALUE = r"(?:[-+]?\d[\d,.]*|[/—-]{1,3})"
VALUES_LAST = re.compile(rf"(.*?)\s*({VALUE}(?:\s+{VALUE})*)")
HEADER_LINES = 3  # 社会公益组织 in three characters a line is the longest word of a header
LABEL_LINES = 3  # lines of a label above its values, or below; the longest has 36 characters
LONGEST = 40  # a line of a label or a header's; more is a paragraph


def mended(form_id: str, lines: list[str]) -> list[str]:
    """``lines`` with the words of broken headers and labels in one piece; lines that cannot be part of one are returned as they are."""
    return _labels(form_id, _headers(form_id, lines))


def _headers(form_id: str, lines: list[str]) -> list[str]:
    """``结果 结果 其他 / 维持 纠正 结果`` becomes ``结果维持 结果纠正 其他结果``, when every word of it is one of the form's."""
    made: list[str] = []
    at = 0
    while at < len(lines):
        words, height = _zipped(form_id, lines[at : at + HEADER_LINES])
        made.append(" ".join(words) if height > 1 else lines[at])
        at += height
    return made


def _zipped(form_id: str, lines: list[str]) -> tuple[list[str], int]:
    """The words that the first of the lines makes with the next ones, and how many lines these are; 1 when they make none."""
    known, begun = _header_words(form_id)
    words = _words(lines[0])
    if len(words) > 1 and not all(word in known for word in words):
        for height, line in enumerate(lines[1:], 2):
            words = _merged(words, _words(line), known, begun)
            if words and all(word in known for word in words):
                return words, height
            if not words:
                break
    return [], 1


def _words(line: str) -> list[str]:
    return [fold(word) for word in line.split()] if len(line) < 3 * LONGEST and not any(sign.isdigit() for sign in line) else []


def _merged(first: list[str], second: list[str], known: frozenset[str], begun: frozenset[str]) -> list[str]:
    """Each word of ``second`` set under one of ``first``, in order; a whole word may have none under it. Empty when it cannot be."""
    ways: dict[int, list[str]] = {0: []}  # by how many words of the second line are used
    for word in first:
        fits = {used: word + second[used] for used in ways if used < len(second) and word + second[used] in begun}
        longer = {used + 1: [*ways[used], made] for used, made in fits.items()}
        same = {used: [*way, word] for used, way in ways.items() if word in known}
        ways = same | longer
    return ways.get(len(second), []) if second else []


@lru_cache(maxsize=16)
def _header_words(form_id: str) -> tuple[frozenset[str], frozenset[str]]:
    """Words of the form's headers, and everything such a word begins with."""
    known = frozenset(
        word for word, labels in load(form_id).labels.items() if any(label.role in ("column", "furniture", "caption") for label in labels)
    )
    return known, frozenset(word[:end] for word in known for end in range(1, len(word) + 1))


def _labels(form_id: str, lines: list[str]) -> list[str]:
    """A label whose last words stand under its values is set before them."""
    made: list[str] = []
    at = 0
    while at < len(lines):
        above, label, below = _around(form_id, made, lines, at)
        if label:
            del made[len(made) - above :]
        made.append(label or lines[at])
        at += below + 1
    return made


def _around(form_id: str, made: list[str], lines: list[str], at: int) -> tuple[int, str, int]:
    """How many lines above and below the values of a line hold its label, and the whole row in one line; no text when none does."""
    match = VALUES_LAST.fullmatch(lines[at]) if len(lines[at]) < 3 * LONGEST else None
    for above in range(LABEL_LINES if match else 0):
        head = "".join(made[len(made) - above :] if above else []) + (match[1] if match else "")
        if above > len(made) or len(head) > 2 * LONGEST or (above and VALUES_LAST.fullmatch(made[-above])):
            break
        for below in range(1, LABEL_LINES + 1):
            rest = lines[at + 1 : at + 1 + below]
            tail = "".join(rest)
            if match and 0 < len(tail) < LONGEST and not any(map(VALUES_LAST.fullmatch, rest)) and _is_row(form_id, head, tail):
                return above, f"{head}{tail} {match[2]}", below
    return 0, "", 0


def _is_row(form_id: str, head: str, tail: str) -> bool:
    begins = [fold(head)]
    begins += [begins[0][place:] for place in range(1, len(begins[0])) if NUMBERING.match(begins[0][place:])]
    first = [key(NUMBERING.sub("", begin)) for begin in begins]
    return any(word and word + key(tail) in _row_words(form_id) for word in first)


@lru_cache(maxsize=16)
def _row_words(form_id: str) -> frozenset[str]:
    return frozenset(key(word) for word, labels in load(form_id).labels.items() if any(label.role == "row" for label in labels))
