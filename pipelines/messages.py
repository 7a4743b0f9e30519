"""What goes through the pipes of a process that reads: pages one way, reports the other, as few and plain objects as can be."""

from __future__ import annotations

import pickle
import struct
from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from typing import Any, NamedTuple

from harvester.identity import Context
from harvester.items import Issue, Page, Prose, Report
from storage.coding import ROWS, Cell, Coded, Place, Words

LENGTH = struct.Struct(">Q")  # before each message: bytes that follow
READY = "ready"  # the first message: from here on a death is a page's doing
NAMES = tuple(field.name for field in fields(Report))
CODED = ("figures", "checks")  # go as rows
PARTS = {"prose": Prose, "issues": Issue}
VALUES: dict[str, Callable[[Any], tuple[Any, ...]]] = {
    name: attrgetter(*(field.name for field in fields(part))) for name, part in PARTS.items()
}


class Asked(NamedTuple):
    """A page to read, with what is known of it without reading."""

    body: bytes
    content_type: str
    context: Context


class Read(NamedTuple):
    """A report as it goes through a pipe: its values, and its figures and checks ready to be stored."""

    values: list[Any]
    coded: Coded

    def into(self, page: Page, words: Words) -> None:
        """Sets the page's report; its figures and checks stay rows (:func:`storage.coding.figures_of` has figures)."""
        whole: list[Any] = [[PARTS[name](*part) for part in value] if name in PARTS else value for name, value in zip(NAMES, self.values)]
        page.report = Report(*whole)
        page.notes[ROWS] = self.coded, words


class Broken(NamedTuple):
    """In the place of a report: what was raised while the page was read, and where."""

    error: str
    where: str


class Answer(NamedTuple):
    """What was made of what was asked, and the words in it that this process met first there."""

    content: Any
    cells: list[Cell]
    places: list[Place]


def message(thing: object) -> bytes:
    """``thing`` as it goes through a pipe."""
    content = pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(content)) + content


def packed(report: Report, words: Words) -> Read:
    """The report's values as plain lists and tuples, which takes a tenth of the time to take in; :meth:`Read.into` gives it back."""
    values = [
        [] if name in CODED else [VALUES[name](part) for part in getattr(report, name)] if name in PARTS else getattr(report, name)
        for name in NAMES
    ]
    return Read(values, words.code(report.figures, report.checks))
