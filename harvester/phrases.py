"""The rules of data/prose.toml: how reports word a figure, and what around the words says that it is another's or another year's."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from harvester.sentences import OTHER_YEAR, PART_OF_YEAR, REPORT_YEAR

Pattern = re.Pattern[str]
SIGNS = {"YEAR": REPORT_YEAR, "OTHER": OTHER_YEAR, "PART": PART_OF_YEAR}
SIGN = re.compile("|".join(SIGNS))
COUNT = "[\ue000-\ue0ff]"  # a number of a sentence made plain
WORD = re.compile(r"<(\w+)>")
NO = re.compile("[未没无]")


class Topic(NamedTuple):
    """The word for what is spoken of, and a pattern that finds it and what else could be."""

    word: str
    pattern: Pattern


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One entry of data/prose.toml, of which it is the patterns that find a number or (``none``) those that find the words for none.

    The other fields are described at the head of the file; None where the entry does not restrict.
    """

    key: str
    order: int
    patterns: tuple[Pattern, ...]
    none: bool
    units: frozenset[str | None]
    yuan: bool
    whole: bool
    zero: bool
    dated: bool
    alone: bool
    about: Topic | None
    near: Pattern | None
    not_after: Pattern | None
    unless: Pattern | None
    not_in: Pattern | None


def _rules(data: dict[str, Any]) -> Iterator[tuple[str, Rule]]:
    """Each cue with each rule it calls for, in the order of the file."""
    for order, entry in enumerate(data["rule"]):
        counting = [pattern for pattern in entry["patterns"] if "<n>" in pattern]
        for patterns in (counting, [pattern for pattern in entry["patterns"] if pattern not in counting]):
            if patterns:
                rule = _rule(entry, patterns, order, data)
                yield from ((cue, rule) for cue in entry["cue"])


def _rule(entry: dict[str, Any], patterns: list[str], order: int, data: dict[str, Any]) -> Rule:
    units = (unit for name in entry.get("units", "").split() for unit in data["units"].get(name, name).split())
    flags: dict[str, Any] = {name: entry.get(name, False) for name in ("yuan", "whole", "zero", "dated", "alone")}
    context: dict[str, Any] = {
        name: re.compile(entry[name]) if name in entry else None for name in ("near", "not_after", "unless", "not_in")
    }
    return Rule(
        key=entry["key"],
        order=order,
        patterns=tuple(re.compile(_spelled(pattern, data["words"])) for pattern in patterns),
        none="<n>" not in patterns[0],
        units=frozenset("" if unit == "-" else unit for unit in units),
        about=_topic(**data["topics"][entry["about"]]) if "about" in entry else None,
        **flags,
        **context,
    )


def _topic(word: str, not_after: list[str], others: list[str]) -> Topic:
    apart = "".join(f"(?<!{before}{word})" for before in not_after)
    return Topic(word, re.compile("|".join([word + apart, *others])))


def _spelled(pattern: str, words: dict[str, str]) -> str:
    """``pattern`` with its <words> written out; they may hold words themselves."""
    signs = {"n": f"({COUNT})", "_": COUNT}
    while (wider := WORD.sub(lambda name: signs.get(name[1]) or f"(?:{words[name[1]]})", pattern)) != pattern:
        pattern = wider
    return pattern


def _overlaps(cue: str, other: str) -> bool:
    """``other`` can stand where ``cue`` was found first: inside it, or begun by its end."""
    return other in cue or any(other.startswith(cue[start:]) for start in range(1, len(cue)))


def _by_cue(none: bool) -> dict[str, tuple[Rule, ...]]:
    """Each cue with the rules that it, or a cue that its finding hides, calls for."""
    found = {cue: [rule for other, rule in RULES if rule.none == none and _overlaps(cue, other)] for cue, _ in RULES}
    return {cue: tuple(rules) for cue, rules in found.items()}


DATA = tomllib.loads(files("harvester.data").joinpath("prose.toml").read_text("utf-8"))
CONTEXT = {name: re.compile(SIGN.sub(lambda sign: SIGNS[sign[0]], text)) for name, text in DATA["context"].items()}
RULES = list(_rules(DATA))
COUNTING, NONE = _by_cue(False), _by_cue(True)
CUES = re.compile("|".join(sorted(COUNTING, key=len, reverse=True)))


def cued(sentence: str) -> frozenset[Rule]:
    """The rules with a cue in the sentence; those for none only where it has a word for that."""
    text = "".join(sentence.split())
    return _called(frozenset(CUES.findall(text)), NO.search(text) is not None)


@lru_cache(maxsize=4096)
def _called(cues: frozenset[str], none: bool) -> frozenset[Rule]:
    return frozenset(rule for cue in cues for rule in (*COUNTING[cue], *(NONE[cue] if none else ())))
