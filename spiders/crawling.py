"""What the portal spider remembers while it works: the lists of each portal, and which report pages were asked for by whom."""

from __future__ import annotations

from dataclasses import dataclass, field

from harvester.registry import Portal
from harvester.summary import PortalTally
from spiders.entries import place_of
from spiders.walk import ListWalk


@dataclass(slots=True)
class PortalCrawl:
    """One portal at work. Addresses are kept as hashes: a crawl of 100,000 pages holds 100,000 integers."""

    portal: Portal
    tally: PortalTally
    lists_read: int = 0
    settled: bool = False
    _links: set[int] = field(default_factory=set)
    _places: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.tally.min_reports = self.portal.min_reports

    def open(self, url: str, above: ListWalk | None = None) -> ListWalk:
        """Begins a list of the portal: the registry's, or one ``above`` leads to."""
        self.tally.open_lists += 1
        self._places.add(place_of(url))
        return ListWalk(url, above.depth + 1, above.of_reports) if above else ListWalk(url)

    def close(self, walk: ListWalk) -> None:
        """The list is at its end; what it lacks makes the portal incomplete."""
        self.tally.open_lists -= 1
        self.tally.read_as = self.tally.read_as or walk.family
        if lacking := walk.lacking():
            self.tally.end("incomplete", f"{lacking}: {walk.url} (read as {walk.family})")

    def is_new_list(self, url: str) -> bool:
        """Whether no list of this portal has this address yet."""
        return place_of(url) not in self._places

    def is_new_link(self, url: str) -> bool:
        """Whether the portal's lists have not named this address before; a list's own address is no entry of it."""
        before = len(self._links)
        self._links.add(hash(url))
        return len(self._links) > before and self.is_new_list(url)

    @property
    def done(self) -> bool:
        """Whether every list was read and every report answered."""
        return not self.tally.open_lists and not self.tally.pending

    @property
    def sound(self) -> bool:
        """Whether the portal was read to its end, did not break or refuse, and shows reports that can be read: then what it lacks tells.

        Portals that let strangers in to their front pages only answer everything behind those with 404.
        """
        tally = self.tally
        return self.done and not tally.ended and not tally.refused and bool(tally.fetched or tally.unchanged)


class Wanted:
    """Report pages of the run. A page that several portals list is asked for once and counts for each of them."""

    def __init__(self) -> None:
        self._waiting: dict[int, list[PortalCrawl]] = {}
        self._answers: dict[int, str] = {}
        self._attached: set[int] = set()

    def first(self, url: str, crawl: PortalCrawl) -> bool:
        """Counts ``url`` as listed by ``crawl``; whether it must be asked for, because nobody listed it before."""
        key = hash(url)
        crawl.tally.listed += 1
        if key in self._answers:
            crawl.tally.pending += 1
            self._count(crawl.tally, self._answers[key])
            return False
        known = key in self._waiting
        self._waiting.setdefault(key, []).append(crawl)
        crawl.tally.pending += 1
        return not known

    def was_lost(self, url: str) -> bool:
        """Whether ``url`` is listed and could not be read."""
        return self._answers.get(hash(url)) in ("failed", "refused")

    def first_attached(self, url: str) -> bool:
        """Whether nobody has asked for ``url`` yet, as a report of a list or as what hangs on one."""
        key = hash(url)
        known = key in self._waiting or key in self._answers or key in self._attached
        self._attached.add(key)
        return not known

    def answered(self, url: str, answer: str, *details: str) -> list[PortalCrawl]:
        """The page is here: ``fetched``, ``unchanged`` (``details``: report ids), ``failed`` or ``refused`` (``details``: why).

        Returns the portals that listed it.
        """
        key = hash(url)
        # Those that list it later learn no more than this: what was unchanged or fetched counts as read.
        self._answers[key] = answer
        crawls = self._waiting.pop(key, [])
        for crawl in crawls:
            self._count(crawl.tally, answer, *details)
        return crawls

    @staticmethod
    def _count(tally: PortalTally, answer: str, *details: str) -> None:
        tally.pending -= 1
        if answer == "fetched":
            tally.fetched += 1
        elif answer == "unchanged":
            tally.unchanged.update(details)
        else:
            tally.fail("".join(details) or "a page that another portal lists too", refused=answer == "refused")
