"""WARC and WACZ files of other software, or of another harvester, read as if they were a portal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from harvester.errors import StorageError
from harvester.items import Page
from spiders.reading import ReadingSpider, paths_of
from storage import archive

SUFFIXES = (".warc", ".warc.gz", ".wacz", ".warc.gz.open")
# Crawlers keep their own notes as records too: wget its log (metadata:), browsertrix the text and the picture of each page (urn:).
PAGES = ("http://", "https://", "ftp://", "file:")
# A crawl of others holds what a browser loads; none of it can be a report.
NEVER_A_REPORT = re.compile(
    r"(text/(css|javascript|dns|xml)|font|audio|video|image/(svg|gif|x-icon)|application/(.*javascript|font|json|xml))\b"
)


class WarcSpider(ReadingSpider):
    """``scrapy crawl warc -a paths=FILE``: the pages of WARC and WACZ files, in the order they were written."""

    name = "warc"

    def __init__(self, paths: Any = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.paths = paths_of(paths)

    def pages(self) -> Iterator[Page]:
        for path in self.paths:
            yield from foreign_pages(path, self.problem)


def is_warc(path: Path) -> bool:
    """Whether the file's name says WARC or WACZ."""
    return path.name.lower().endswith(SUFFIXES)


def foreign_pages(path: Path, problem: Callable[[str], None]) -> Iterator[Page]:
    """The pages of ``path`` that can be reports, to be kept in our own archive; damage is told to ``problem``, one line each."""
    problems: list[str] = []
    seen = 0
    try:
        for page in archive.pages(path, problems, with_revisits=True):
            seen += 1
            if not _can_be_report(page):
                continue
            if cut := page.notes.get("cut"):  # what a cut table lacks would be taken for what the document lacks
                problem(f"{path}: {page.url}: not the whole body is kept there ({cut}); it is not read")
                continue
            page.capture = None
            yield page
    except StorageError as error:  # the files after it are read all the same
        problems.append(str(error))
    if not seen and not problems:
        problems.append(f"{path}: holds no page; of Common Crawl's files those named WARC do, WET and WAT do not")
    for line in problems:
        problem(line)


def _can_be_report(page: Page) -> bool:
    if page.status not in (0, 200) or not page.body or page.url.endswith("/robots.txt") or not page.url.startswith(PAGES):
        return False
    return not NEVER_A_REPORT.match(page.content_type.lower())
