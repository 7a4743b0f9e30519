"""A process that does nothing but read: what is to be read comes in on stdin, what was read goes out on stdout in the same order, until
stdin is closed."""

from __future__ import annotations

import os
import pickle
import sys
import traceback
from collections.abc import Callable
from typing import IO, Any

from harvester import memory
from harvester.reading import read_report
from harvester.regions import Gazetteer, default
from pipelines.messages import LENGTH, READY, Answer, Asked, Broken, Read, message, packed
from storage.coding import Words


def broken(error: Exception) -> Broken:
    """A defect of ours, for whoever asked: it ends nothing here."""
    return Broken(repr(error), "".join(traceback.format_exception(error)))


class Pages:
    """Reads one page after another."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self.words = Words()

    def __call__(self, asked: Asked) -> Read | Broken:
        """The report of a page."""
        try:
            report = read_report(asked.body, asked.context.source, asked.content_type, asked.context, self.gazetteer)
        except Exception as error:  # noqa: BLE001
            return broken(error)
        return packed(report, self.words)


def serve(asked: IO[bytes], answers: IO[bytes], read: Callable[[Any], Any], words: Words) -> None:
    """Answers what comes in on ``asked`` until it ends, be it in the middle of a message."""
    answers.write(message(READY))
    answers.flush()
    while len(head := asked.read(LENGTH.size)) == LENGTH.size:
        (length,) = LENGTH.unpack(head)
        if len(content := asked.read(length)) == length:
            known = len(words.cells), len(words.places)
            made = read(pickle.loads(content))
            answers.write(message(Answer(made, *words.since(*known))))
            answers.flush()


def run(read: Callable[[Any], Any], words: Words) -> None:
    """Serves stdin and stdout."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not stand between two answers
    memory.keep_between_pages()
    serve(sys.stdin.buffer, answers, read, words)


def main() -> None:
    """Reads pages with the regions of the files named on the command line beside the packaged ones."""
    pages = Pages(default(tuple(sys.argv[1:])))
    run(pages, pages.words)
