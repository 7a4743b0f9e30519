"""The text of an invented report, five to eight kilobytes, no two alike: sentences filled in, and the form's tables between them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from benchmarks.publication import words

SPREAD = 400  # places of a pool that the most frequent word of a list fills


SHORTEST, LONGEST = 850, 1500  # characters of sentences; the tables come to them


def make(rng: random.Random, organ: str, year: int, tables: Sequence[str]) -> str:
    """A text whose ``tables`` (blocks of lines with tabs, those of sections two, three and four, or none) stand where forms have them."""
    heads = words.HEADS["national" if tables else "narrative"]
    length = rng.randint(SHORTEST, LONGEST) + (0 if tables else LONGEST)
    overview = _paragraphs(rng, "overview", organ, year, length * 7 // 10)
    middle = tables or ["".join(_sentences(rng, "overview", organ, year, length // 8)) for _ in range(3)]
    ends = ["".join(_sentences(rng, section, organ, year, length * 3 // 20)) for section in ("problems", "other")]
    bodies = [overview, *middle, *ends]
    parts = [f"# {organ}{year}年政府信息公开工作年度报告"]
    for head, body in zip(heads, bodies, strict=True):
        parts += (head, body)
    return "\n\n".join(parts) + "\n"


def _paragraphs(rng: random.Random, section: str, organ: str, year: int, length: int) -> str:
    sentences = list(_sentences(rng, section, organ, year, length))
    return "\n\n".join("".join(sentences[begin : begin + 4]) for begin in range(0, len(sentences), 4))


def _sentences(rng: random.Random, section: str, organ: str, year: int, length: int) -> Iterator[str]:
    written = 0
    while written < length:
        sentence = rng.choice(words.SENTENCES[section]).format_map(_filling(rng, organ, year))
        written += len(sentence)
        yield sentence


def _pool(choices: Sequence[str]) -> list[str]:
    """How often a word is chosen falls with its rank, as in all writing: the last of a list stands in far fewer reports than the first."""
    return [word for rank, word in enumerate(choices, 1) for _ in range(SPREAD // rank)]


POOLS = {name: _pool(getattr(words, name)) for name in ("KIND", "THEMES", "ACTS", "OUTLETS", "WEAK")}


def _filling(rng: random.Random, organ: str, year: int) -> dict[str, object]:
    number = rng.random

    def pick(choices: Sequence[str]) -> str:
        return choices[int(number() * len(choices))]

    return {
        "o": organ,
        "y": year,
        "n": int(10 ** (1 + 3 * number())),
        "m": 1 + int(98 * number()),
        "k": 1 + int(9 * number()),
        "p": pick(words.NAME) + pick(words.NAME) + pick(POOLS["KIND"]),
        "t": pick(POOLS["THEMES"]),
        "t2": pick(POOLS["THEMES"]),
        "a": pick(POOLS["ACTS"]),
        "a2": pick(POOLS["ACTS"]),
        "c": pick(POOLS["OUTLETS"]),
        "w": pick(POOLS["WEAK"]),
        "w2": pick(POOLS["WEAK"]),
    }
