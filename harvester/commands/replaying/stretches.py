"""Stretches of the archive as pages that are read: in this process, or in one of several that hand them back ready to be stored."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import fields, replace
from operator import attrgetter
from typing import Any, NamedTuple

from harvester.errors import HarvesterError
from harvester.items import GONE, Capture, Page, Report
from harvester.reading import read_report
from harvester.regions import Gazetteer, default
from pipelines.context import Portals, context_of
from pipelines.messages import Broken, Read, packed
from pipelines.worker import broken, run
from spiders.containers import CONTAINER, OPENED, expanded
from storage.archive import body_sha256
from storage.coding import Words
from storage.portals import ReadOnly
from storage.stretches import Reading, Stretch

PROGRAM = "from harvester.commands.replaying.stretches import main; main()"
DEFECT = "defect"  # the note of a page on which reading broke: Broken
ENDED = "reading it ended the process that reads"
HEAD = tuple(field.name for field in fields(Page) if field.name not in ("body", "capture", "document", "report", "notes"))
PLACE = attrgetter(*(field.name for field in fields(Capture)))
VALUES = attrgetter(*HEAD)


class Sent(NamedTuple):
    """A page as it goes through a pipe: without its body. ``container``: which of the pages sent with it is the archive it came out of."""

    head: tuple[Any, ...]
    place: tuple[Any, ...] | None
    read: Read | Broken | None
    container: int | None
    opened: bool


class Found(NamedTuple):
    """What is in a stretch: :class:`storage.stretches.Reading`, and the pages."""

    begin: int | None
    end: int | None
    problems: list[str]
    pages: list[Any]

    def taken(self, words: Words | None) -> Iterator[Page]:
        """The pages; ``words`` are those of the process that sent them, None when they were read in this one."""
        made: list[Page] = []
        for one in self.pages:
            made.append(one if words is None else _page(one, words, made))
            yield made[-1]


class Stretches:
    """Reads stretches. A defect of ours on one page ends nothing."""

    def __init__(self, known: Portals, gazetteer: Gazetteer) -> None:
        self.known = known
        self.gazetteer = gazetteer
        self.words = Words()

    def here(self, stretch: Stretch) -> Found:
        """The pages with their reports."""
        return self._found(stretch, list)

    def sent(self, stretch: Stretch) -> Found:
        """The pages for another process."""
        return self._found(stretch, self._all_sent)

    def _found(self, stretch: Stretch, take: Any) -> Found:
        reading, pages = Reading(stretch), []
        try:
            pages = take(self._pages(reading))
        except HarvesterError as error:  # the file cannot be read; the others can
            reading.problems.append(str(error))
        return Found(reading.begin, reading.end, reading.problems, pages)

    def _pages(self, reading: Reading) -> Iterator[Page]:
        for whole in reading:
            if not reading.stretch.read:
                whole.report = Report(source=whole.url, kind="unreadable", reason=ENDED)
                yield whole
                continue
            try:
                for page in expanded(whole):
                    self._read(page)
                    yield page
            except HarvesterError:
                raise
            except Exception as error:  # noqa: BLE001
                whole.notes[DEFECT] = broken(error)
                yield whole

    def _read(self, page: Page) -> None:
        if page.report or page.status in GONE:
            return
        try:
            page.report = read_report(page.body, page.url, page.content_type, context_of(page, self.known), self.gazetteer)
        except Exception as error:  # noqa: BLE001
            page.notes[DEFECT] = broken(error)

    def _all_sent(self, pages: Iterator[Page]) -> list[Sent]:
        sent: list[Sent] = []
        places: dict[int, int] = {}  # of archives of files
        for page in pages:
            container = page.notes.get(CONTAINER)
            if container and container.capture:
                page.capture = replace(container.capture, body_sha256=body_sha256(page.body))
            if OPENED in page.notes:
                places[id(page)] = len(sent)
            read = page.notes.get(DEFECT) or (packed(page.report, self.words) if page.report else None)
            place = PLACE(page.capture) if page.capture else None
            sent.append(Sent(VALUES(page), place, read, places.get(id(container)), OPENED in page.notes))
        return sent


def _page(sent: Sent, words: Words, before: list[Page]) -> Page:
    page = Page(body=b"", **dict(zip(HEAD, sent.head)))
    page.capture = Capture(*sent.place) if sent.place else None
    if isinstance(sent.read, Broken):
        page.notes[DEFECT] = sent.read
    elif sent.read:
        sent.read.into(page, words)
    if sent.container is not None:
        page.notes[CONTAINER] = before[sent.container]
    if sent.opened:
        page.notes[OPENED] = True
    return page


def main() -> None:
    """Reads stretches, with the portals of the database that is named first and the regions of the files named behind it."""
    database, *region_files = sys.argv[1:]
    stretches = Stretches(ReadOnly(database), default(tuple(region_files)))
    run(stretches.sent, stretches.words)
