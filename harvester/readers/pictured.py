"""Documents some of whose pages or parts are pictures: when those are recognised, and what is told of them where they are not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from harvester.errors import NotSupported, Unreadable
from harvester.items import Document, Issue
from harvester.readers.bounds import MAX_SCANNED
from harvester.readers.pages import MISSING, Page, blocks


def completed(
    name: str, found: Sequence[Page | None], pictures: Sequence[int], see: Callable[[int], Page], issues: list[Issue]
) -> Document:
    """The document of the format ``name`` whose pages are ``found`` and, numbered from 0, ``pictures``, which ``see`` recognises.

    They are recognised when the other pages hold no table; then, and without the extra ``ocr``, they are told as ``pages_unread``.
    Raises :class:`Unreadable` where nothing is said at all, :class:`NotSupported` where the extra would be needed for every page.
    """
    text = blocks(page for page in found if page is not None)
    if any(block.grid for block in text):
        issues = [*issues, *told(pictures, "a picture without text; the tables were found on other pages")]
        pictures = ()
    pages = list(found)
    for number in pictures[:MAX_SCANNED]:
        try:
            pages[number] = see(number)
        except NotSupported as error:
            if not text:
                raise
            return Document(text, format=name, issues=[*issues, *told(pictures, str(error))])
        except Unreadable as error:
            issues = [*issues, *told([number], str(error))]
    if pictures:
        text = blocks(page or MISSING for page in pages)
        issues = [*issues, *told(pictures[MAX_SCANNED:], f"a picture; no more than {MAX_SCANNED} are recognised")]
    if not text:
        raise Unreadable(
            f"the {name.upper()} {'has pictures in which no text is recognised' if pictures else 'shows nothing: it has no text'}"
        )
    return Document(text, format=name, recognised=bool(pictures), issues=issues)


def told(numbers: Iterable[int], why: str) -> list[Issue]:
    """The issue of some pages that were not read; none where there are none."""
    listed = list(numbers)
    return [unread(numbered("page", listed), why)] if listed else []


def unread(where: str, why: str) -> Issue:
    """What of a document was not read, and why."""
    return Issue("pages_unread", where, why)


def numbered(what: str, numbers: Iterable[int]) -> str:
    """``page 3``, ``pages 1-4, 7``: counted from 1, as a viewer shows them."""
    runs = [[number for _, number in run] for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])]
    said = ", ".join(f"{run[0] + 1}-{run[-1] + 1}" if len(run) > 1 else str(run[0] + 1) for run in runs)
    return f"{what}{'s' if len(runs) > 1 or '-' in said else ''} {said}"
