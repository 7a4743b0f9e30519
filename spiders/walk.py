"""How far a list is followed: page after page as long as each shows an entry that this list has not shown before in this run."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from spiders.entries import judge
from spiders.families import Link, Listing, ListRequest

# 7,500 entries: no list of reports seen comes near. One that leads from page to page beside a box of random news would never end by
# itself; one that says on its first page how many pages it has ends there.
MOST_PAGES = 500
REPORTS = re.compile(r"年报|年度报告")
DATED = re.compile(r"/[\d-]+(?=/)")  # the folders of an address that are years, months and days
HANWEB = re.compile(r"/art_\d+_")


@dataclass(slots=True)
class ListWalk:
    """One list on its way: what it has shown, and which of its pages wait. ``depth`` counts folders from the registry's list down.

    ``of_reports``: it is, or stands below, a column of reports. ``rest``: why the list was not read to its end, empty as long as nothing
    speaks against it. ``told`` counts the pages that showed something new.
    """

    url: str
    depth: int = 0
    of_reports: bool = False
    family: str = ""
    pages: int = 0
    told: int = 0
    entries: int = 0
    total: int | None = None
    declared: int | None = None
    rest: str = ""
    most: int = MOST_PAGES
    waiting: deque[ListRequest] = field(default_factory=deque)
    _seen: set[int] = field(default_factory=set)
    _asked: set[tuple[str, str, str]] = field(default_factory=set)
    _column: str = ""
    _homes: set[str] = field(default_factory=set)

    def take(self, listing: Listing, expected: bool = True) -> list[Link]:
        """The links of a page that are new to this list. ``expected``: the list itself said that this page exists."""
        self.pages += 1
        if foreign := self._foreign(listing):
            return self._end(f"page {self.pages} of the list shows {foreign}" if expected else "")
        new = [link for link in once(listing.links) if hash(link.url) not in self._seen]
        if self.pages > 1 and not listing.others and not any(map(self._own, new)):
            empty = f"page {self.pages} of the list shows nothing" if expected and not listing.links else ""
            return self._end(empty or self._deaf(listing))
        self._go_on(listing)
        self._seen.update(hash(link.url) for link in new)
        return new

    def next(self) -> ListRequest | None:
        """The page to ask for now, None at the end of the list."""
        while self.waiting:
            request = self.waiting.popleft()
            key = (request.method, request.url, request.body)
            if self.pages >= self.most:
                self.rest = self.rest or f"the list goes on after {self.pages} pages"
            elif key not in self._asked:
                self._asked.add(key)
                return request
        return None

    def stop(self) -> None:
        """A page failed: what lies behind it cannot be reached."""
        self.waiting.clear()

    def lacking(self) -> str:
        """Why the list, now at its end, is not complete; empty when it is."""
        if self.rest:
            return self.rest
        if self.total is not None and self.entries < self.total:
            return f"the list says it holds {self.total} entries and showed {self.entries}"
        if self.declared is not None and self.told < self.declared:
            repeated = f", and page {self.pages} only repeats what was shown" if self.pages > self.told else ""
            return f"the list says it has {self.declared} pages and showed {self.told}{repeated}"
        return ""

    def _go_on(self, listing: Listing) -> None:
        if self.pages == 1:
            self._column = listing.column
            self._homes = {home_of(link.url) for link in listing.links if self._kind(link) == "report"}
        self.told += 1
        self.entries += listing.entries
        self.total = listing.total if self.total is None else self.total
        self.declared = listing.pages if self.declared is None else self.declared
        self.waiting.extend(request for request in listing.more if not request.sublist)
        self.most = max(self.most, len(self.waiting) + 1)
        self.rest = self.rest or listing.dead_end

    def _end(self, why: str) -> list[Link]:
        self.rest = self.rest or why
        self.waiting.clear()
        return []

    def _deaf(self, listing: Listing) -> str:
        """A service that gives its first rows whatever page it is asked for: told when they are so many that there can be others."""
        again = {hash(link.url) for link in listing.links} == self._seen and self.total is None and self.declared is None
        told = f"page {self.pages} of the list only repeats the first rows, as many as were asked for"
        return f"{told}: the service counts its pages in a way we do not know" if again and listing.full else ""

    def _foreign(self, listing: Listing) -> str:
        """What a page shows that is not this list's any more: wrong templates answer later pages with another column's rows, or news."""
        if self.pages == 1 or not listing.links:
            return ""
        if REPORTS.search(self._column) and listing.column and not REPORTS.search(listing.column):
            return f"another column ({listing.column[:30]})"
        return "" if any(map(self._own, listing.links)) else "the rows of another column"

    def _own(self, link: Link) -> bool:
        """Whether a link can be a row of this list: it stands where its first reports do, or is a report, or a new one that looks so.

        Not one that was seen before: 视频新闻 in a site's menu looks like no report on every page.
        """
        if not self._homes or home_of(link.url) in self._homes:
            return True
        kind = self._kind(link)
        return kind == "report" or (kind == "lookalike" and hash(link.url) not in self._seen)

    def _kind(self, link: Link) -> str:
        return judge(link, self.url, self.of_reports).kind


def once(links: list[Link]) -> list[Link]:
    """Each address once, under the longest of its texts: a picture without words, or 详情, leads where the title beside it does."""
    found: dict[str, Link] = {}
    for link in links:
        known = found.get(link.url)
        if known is None or len(link.text) > len(known.text):
            found[link.url] = link._replace(date=link.date or (known.date if known else ""))
    return list(found.values())


def home_of(url: str) -> str:
    """Where a page stands: its host and folder without years and days (``/nb/202301/t1.html`` -> ``/nb/``), and its column if told."""
    parts = urlsplit(url)
    column = HANWEB.search(parts.path)
    folder = parts.path if parts.query else DATED.sub("", parts.path.rpartition("/")[0] + "/")
    return f"{parts.netloc}{column[0] if column else folder}"
