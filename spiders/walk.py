"""How far a list is followed: page after page as long as each shows a link that this list has not shown before in this run."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from spiders.families import Link, Listing, ListRequest

# 7,500 entries: no list of reports seen comes near. One that leads from page to page beside a box of random news would never end by
# itself; one that says on its first page how many pages it has ends there.
MOST_PAGES = 500


@dataclass(slots=True)
class ListWalk:
    """One list on its way: what it has shown, and which of its pages wait. ``depth`` counts folders from the registry's list down.

    ``rest``: why the list was not read to its end, empty as long as nothing speaks against it.
    """

    url: str
    depth: int = 0
    family: str = ""
    pages: int = 0
    entries: int = 0
    total: int | None = None
    rest: str = ""
    most: int = MOST_PAGES
    waiting: deque[ListRequest] = field(default_factory=deque)
    _seen: set[int] = field(default_factory=set)
    _asked: set[tuple[str, str, str]] = field(default_factory=set)

    def take(self, listing: Listing, expected: bool = True) -> list[Link]:
        """The links of a page that are new to this list. ``expected``: the list itself said that this page exists."""
        self.pages += 1
        new = [link for link in dict.fromkeys(listing.links) if not self._known(link.url)]
        self.total = listing.total if self.total is None else self.total
        if new or self.pages == 1:
            self.entries += listing.entries
            self.waiting.extend(request for request in listing.more if not request.sublist)
            self.most = max(self.most, len(self.waiting) + 1)
            self.rest = self.rest or listing.dead_end
        else:
            if expected and not listing.links:
                self.rest = self.rest or f"page {self.pages} of the list shows nothing"
            self.waiting.clear()
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
        return ""

    def _known(self, url: str) -> bool:
        before = len(self._seen)
        self._seen.add(hash(url))
        return len(self._seen) == before
