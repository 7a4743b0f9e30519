"""What stands in a sentence made plain, whoever reports it: offices write one sentence into hundreds of reports, with other numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Generic, TypeVar

from harvester.phrases import CONTEXT, Rule

LONGEST = 200  # characters of a sentence that is kept; longer ones do not come again
BREAK = re.compile("[,;:。、()]")

T = TypeVar("T")
Marks = list[tuple[int, str]]  # what is found in a sentence, and where it ends


class Once(Generic[T]):
    """What is looked for in a sentence at most once; ``functools.cached_property`` takes a lock each time."""

    def __init__(self, find: Callable[[Any], T]) -> None:
        self.find = find

    def __get__(self, sentence: object, owner: type) -> T:
        found = sentence.__dict__[self.find.__name__] = self.find(sentence)
        return found


class Said:
    """One sentence made plain."""

    def __init__(self, plain: str) -> None:
        self.plain = plain
        self._matches: dict[Rule, list[re.Match[str]]] = {}

    def matches(self, rule: Rule) -> list[re.Match[str]]:
        """Where the rule's patterns are found. Few are: to search first takes half of the time of finditer."""
        found = self._matches.get(rule)
        if found is None:
            hit = [pattern for pattern in rule.patterns if pattern.search(self.plain)]
            found = self._matches[rule] = [match for pattern in hit for match in pattern.finditer(self.plain)]
        return found

    @Once
    def parted(self) -> re.Match[str] | None:
        """Where it begins to break a sum down."""
        return CONTEXT["parts"].search(self.plain)

    @Once
    def standing(self) -> int:
        """Where it begins to count from another day than the first of the year."""
        found = CONTEXT["standing"].search(self.plain)
        return found.end() if found else len(self.plain) + 1

    @Once
    def times(self) -> Marks:
        """The times it names, but for the years between which something is carried."""
        found = ((match.end(), str(match.lastgroup)) for match in CONTEXT["time"].finditer(self.plain))
        return [entry for entry in found if entry[1] != "neutral"]

    @Once
    def subjects(self) -> Marks:
        """Nouns of an organ or a place that begin a clause."""
        found = []
        for match in CONTEXT["subject"].finditer(self.plain):
            clause = BREAK.split(self.plain[: match.end()])[-1]
            subject = CONTEXT["begins"].sub("", clause, count=1)
            if not CONTEXT["no_subject"].search(subject):
                found.append((match.end(), subject))
        return found


def said(plain: str) -> Said:
    """What stands in ``plain``, looked for once while it is remembered."""
    return _remembered(plain) if len(plain) <= LONGEST else Said(plain)


_remembered = lru_cache(maxsize=1024)(Said)
