"""Running text -> the form's labels in it, wherever lines break, and what stands between them: values, and words that are neither."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from harvester.forms import Label, fold, load, shared_rows
from harvester.outline import PRINTED
from harvester.spelling import FOLDED
from harvester.values import is_value, parse

BETWEEN = "[\\s\"“”‘’'＂〝〞]*"  # between two characters of a label: line breaks, and quotes, which fold drops
OPTIONAL = "、,;./"  # signs that copies of a label change or lose
NUMERAL = "一二三四五六七八九十"
NUMBERED = re.compile(
    rf"(?:[（(]\s*[{NUMERAL}]{{1,2}}\s*[）)]|[{NUMERAL}]{{1,2}}\s*[、.．,，]|[（(]\s*\d{{1,2}}\s*[）)]|[①-⑳]"
    r"|\d\s*[.．、)）])[\s|]*$"
)
REMARK = re.compile(rf"\s*[（(](?!\s*[{NUMERAL}]{{1,2}}\s*[）)])[^（()）\n]*[^\W\d][^（()）\n]*[）)]")  # （单位：万元）, not （一）
LETTER = re.compile(r"(?!无(?![^\W\d_])|[增减]少?加?\s*\d)[^\W\d_]|[、%％。；！？]")  # 无 and 减76 may stand right behind a label
SENTENCE = re.compile(r"[。；！？]")
RUN_ON = re.compile(rf"(?<=[\d/—-])(?=[（(]?[{NUMERAL}]{{1,2}}[）)、])")  # 7五、存在的…: a number that runs into the next heading
APART = re.compile(r"\d\s")
GLUED = re.compile(r"\d{2,}[.．、]")  # a value and the list number of the next line, of which the stop is left
STROKES = re.compile(r"[-—_=*~·.]{4,}")  # a drawn line; no mark of an empty cell has four dashes
DASHES = re.compile(r"-{2,}|[—_=]{3,}")
COUNTED = re.compile(r"[年月日时分秒号第届期点倍%％，。；：、,;:件条次个项人家名份篇宗万亿元]")  # what a number in a sentence stands before
LONGEST_DEBRIS = 40  # a running head or foot; longer words are prose
PAGE = re.compile(r"(?a)第?\s*\d{1,3}\s*页.{0,12}|\d{1,3}\s*/\s*\d{1,3}|[-—–－·]+\s*\d{1,3}\s*[-—–－·]+|[Pp]age\s*\d+.{0,12}")
PAGE_INSIDE = re.compile(r"第\s*\d{1,3}\s*页(?:\s*[,，/]?\s*共\s*\d{1,3}\s*页)?")
# Titles that stand for themselves in running text: 概况 and 基本情况 are words of any sentence.
SECTION_TITLES = [title for title, (national, _) in PRINTED.items() if national or len(title) > 7]
PIPES = str.maketrans("｜│┃║", "||||")


@dataclass(slots=True)
class Line:
    """What one line prints between two labels: value strings (``""`` for an empty cell between pipes), words, and the values behind those.

    ``broken``: the words count the last value (``2021 年``), so it is none and not among them. ``page``: the line is a page number.
    ``closed``: it ends in a pipe.
    """

    values: list[str] = field(default_factory=list)
    words: str = ""
    after: list[str] = field(default_factory=list)
    broken: bool = False
    page: bool = False
    closed: bool = False

    @property
    def drawn(self) -> bool:
        """It is a row of dashes between two rows of the table."""
        return len(self.values) > 2 and not self.words and all(DASHES.fullmatch(value) for value in self.values)

    @property
    def prose(self) -> bool:
        """The words are a sentence, not a running head or a word of the table."""
        return len(self.words) > LONGEST_DEBRIS or SENTENCE.search(self.words) is not None


class Token(NamedTuple):
    """A label of the form, or the title of a section (no ``labels``), as printed from ``start`` (its list number) to ``end``.

    ``lines`` is what is printed between it and the next token: first the rest of its own line, then the others that are not empty.
    ``follows``: the token before stands on the same line.
    """

    start: int
    end: int
    text: str
    labels: tuple[Label, ...]
    numbered: bool
    lines: list[Line]
    follows: bool = False

    def has(self, role: str) -> bool:
        """Whether the label can play this role."""
        return any(label.role == role for label in self.labels)

    @property
    def printed(self) -> bool:
        """Whether a value stands behind it."""
        return any(value for line in self.lines for value in line.values if not line.drawn)


def tokens(form_id: str, text: str) -> list[Token]:
    """The tokens of ``text`` in print order; the first has neither text nor labels and holds what stands before the others."""
    made, pieces = [Token(0, 0, "", (), False, [])], _pieces(form_id)
    for token in _standing(text, list(_spans(form_id, text))):
        between = text[made[-1].end : token.start]
        made[-1] = made[-1]._replace(lines=list(_lines(between, pieces)))
        inside = token.start < made[-1].end  # of a remark behind the title before: its own line is another
        made.append(token._replace(follows=bool(made[-1].text) and not inside and "\n" not in between))
    made[-1] = made[-1]._replace(lines=list(_lines(text[made[-1].end :], pieces)))
    return made


@lru_cache(maxsize=16)
def _vocabulary(form_id: str) -> tuple[re.Pattern[str], dict[str, tuple[Label, ...]]]:
    """A pattern that finds every label and section title, the longest first, and what each names."""
    known: dict[str, tuple[Label, ...]] = {key(title): () for title in SECTION_TITLES}
    spellings = [fold(title) for title in SECTION_TITLES]
    for word, labels in load(form_id).labels.items():
        if word:
            known[key(word)] = tuple(dict.fromkeys((*known.get(key(word), ()), *labels)))
            spellings.append(word)
    longest = sorted(spellings, key=len, reverse=True)
    return re.compile("(?:" + "|".join(BETWEEN.join(map(_sign, word)) for word in longest) + ')["”’＂〞]*'), known


def key(text: str) -> str:
    return "".join(sign for sign in fold(text) if sign not in OPTIONAL)


def _sign(sign: str) -> str:
    """Pattern of one character of a folded label: itself, in every width; a sign that copies change may also be missing."""
    if sign in OPTIONAL:
        return "[、,，;；./．／·]?"
    return "[" + re.escape(sign) + "".join(re.escape(chr(wide)) for wide, narrow in FOLDED.items() if narrow == ord(sign)) + "]"


@lru_cache(maxsize=16)
def _pieces(form_id: str) -> frozenset[str]:
    """Parts of the group labels: narrow columns print these a few characters a line, between the rows."""
    groups = [word for word, labels in load(form_id).labels.items() if any(label.role == "group" for label in labels)]
    return frozenset(word[start:end] for word in groups for start in range(len(word)) for end in range(start + 1, len(word) + 1))


def _spans(form_id: str, text: str) -> Iterator[Token]:
    pattern, known = _vocabulary(form_id)
    end = 0
    for match in pattern.finditer(text):
        labels = known[key(match[0])]
        number = NUMBERED.search(text, max(end, match.start() - 12), match.start()) if not labels or _may_be_numbered(labels) else None
        glued = number and (text[number.start() - 1 : number.start()].isdigit() or APART.match(number[0]))
        if number and glued and not _is_own(number[0], labels):
            number = None  # the digit before the stop is a value's: 62、, or 5 ）其他处理 where the label was cut
        remark = REMARK.match(text, match.end())
        start, end = number.start() if number else match.start(), remark.end() if remark else match.end()
        if labels or number or _alone(text, start, end):
            yield Token(start, end, " ".join(text[start:end].split()), labels, number is not None, [])


def _is_own(number: str, labels: tuple[Label, ...]) -> bool:
    """Whether the form prints this list number before one of the labels."""
    return any(number[0] == numeral(label)[:1] for label in labels)


def numeral(label: Label) -> str:
    """The list number that the form prints before a label; empty for those that have none."""
    return shared_rows().get(label.key, {}).get("numeral", "")


def _may_be_numbered(labels: tuple[Label, ...]) -> bool:
    return any(label.role in ("row", "group", "caption") for label in labels)


def _alone(text: str, start: int, end: int) -> bool:
    return text[:start].rstrip(" #")[-1:] in ("", "\n") and text[end:].lstrip(" ")[:1] in ("", "\n")


def _standing(text: str, found: list[Token]) -> list[Token]:
    """Tokens that no other word runs into: 规章制度 is not 规章, and 其他 in 其他单位 is no label."""
    while True:
        kept = [token for place, token in enumerate(found) if _stands(text, found, place)]
        if len(kept) == len(found):
            return kept
        found = kept


def _stands(text: str, found: list[Token], place: int) -> bool:
    token = found[place]
    before = found[place - 1].end if place else -1
    after = found[place + 1].start if place + 1 < len(found) else -1
    left = token.numbered or token.start == before or not LETTER.match(text[token.start - 1 : token.start])
    return left and (token.end == after or not LETTER.match(text, token.end))


def _lines(text: str, pieces: frozenset[str]) -> Iterator[Line]:
    lines = text.lstrip(":：,，").translate(PIPES).split("\n")
    for number, line in enumerate(lines):
        if line.strip() == "|" and 0 < number < len(lines) - 1:
            yield Line([""])  # every cell on its own line, a pipe behind it
        elif line.strip() or not number:
            yield _line(line, pieces)


def _line(text: str, pieces: frozenset[str]) -> Line:
    line = Line(page=PAGE.fullmatch(text.strip()) is not None, closed=text.rstrip().endswith("|"))
    segments = PAGE_INSIDE.sub(" ", text).split("|")
    for number, segment in enumerate(segments):
        if not segment.strip() and 0 < number < len(segments) - 1 and not line.words:
            line.values.append("")
        for chunk in _chunks(segment, pieces):
            if len(line.words) > LONGEST_DEBRIS:
                break
            if not (is_value(chunk) or GLUED.fullmatch(chunk)):
                line.words, line.after = "".join((line.words, *line.after, chunk)), []
            else:
                (line.after if line.words else line.values).append(chunk)
    if line.values and COUNTED.match(line.words):
        line.broken = True
        line.values.pop()
    return line


def _chunks(text: str, pieces: frozenset[str]) -> Iterator[str]:
    """What stands apart in a piece of a line; a sign or a unit together with its number, cells with commas between them each alone."""
    chunks = [chunk for word in text.split() for chunk in RUN_ON.split(word)][::-1]
    while chunks:
        chunk = chunks.pop()
        if chunks and _is_one(chunk, chunks[-1]):
            chunk += " " + chunks.pop()
        commas = chunk.replace('"', "").split(",")
        if not is_value(chunk) and len(commas) > 4 and all(map(is_value, commas)):
            yield from commas
        elif not (STROKES.fullmatch(chunk) or fold(chunk) in pieces or NUMBERED.fullmatch(chunk)) or chunk == "无":
            yield chunk


def _is_one(first: str, second: str) -> bool:
    """A number and its unit, or its sign and the number, print one value."""
    kinds = (parse(first).kind, parse(second).kind)
    return kinds in (("number", "words"), ("words", "number")) and parse(first + second).kind == "number"
