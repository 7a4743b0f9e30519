"""What speaks for a page being a portal's column of annual reports, and which of several pages is it: signs with points, no requests."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from harvester import titles
from harvester.organs import looks_like_organ
from spiders.entries import COLUMN_PATH, judge, place_of
from spiders.families import Link, Listing, anchors
from spiders.leads import Lead, is_article, nearness, rules
from spiders.notices import are_notices
from spiders.walk import once

REPORTS = re.compile(r"年报|年度报告")
MARKUP = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)
PLACE = re.compile(r"(?:当前|所在|现在)的?位置")
CRUMB = re.compile(r"[>»›＞→/]\s*([^\n>»›＞→/]{0,18}(?:年报|年度报告))\s*$", re.MULTILINE)
CRUMB_LINES = 14
MANY = 5  # reports on a page that nothing else calls a column
NAMED = 8  # units named in words; the JSON has all


@dataclass(slots=True)
class Find:
    """A page that can be the column. ``reports`` maps addresses to titles; ``below``: names of lists below it by address; ``elsewhere``:
    links to other hosts by address; ``seen_below``: of its lists below, those asked, with the years of the reports there."""

    list_url: str
    lead: Lead
    family: str = ""
    column: str = ""
    crumb: str = ""
    total: int | None = None
    itself: str = ""
    reports: dict[str, str] = field(default_factory=dict)
    below: dict[str, str] = field(default_factory=dict)
    elsewhere: dict[str, str] = field(default_factory=dict)
    seen_below: dict[str, set[int]] = field(default_factory=dict)
    steps: int = 0

    @property
    def years(self) -> list[int]:
        titled = [*self.reports.values(), self.itself]
        return sorted({year for title in titled if (year := titles.year_of(title))})

    @property
    def units(self) -> list[str]:
        """Names of the units whose reports were seen, as their titles print them."""
        names = (titles.organ_of(title) or (title if looks_like_organ(title) else "") for title in [*self.reports.values(), self.itself])
        return list(dict.fromkeys(filter(None, names)))

    @property
    def signs(self) -> list[dict[str, Any]]:
        """``name``, ``points`` and ``reason`` of all that speaks for or against this page."""
        return [_sign(name, *told) for name, told in _signs(self)]

    @property
    def points(self) -> int:
        return sum(sign["points"] for sign in self.signs)

    @property
    def covers(self) -> str:
        """What the list covers, in words."""
        said = [f"{len(self.reports)} reports seen" + (f" of {self.total} entries" if self.total else "")] if self.reports else []
        said += [f"of {_listed(self.units)}"] if self.units else []
        said += [_span(self.years)] if self.years else []
        said += [f"{len(self.below)} lists below ({_listed(list(self.below.values()))})"] if self.below else []
        said += [f"{len(self.elsewhere)} links to other hosts"] if self.elsewhere else []
        return ", ".join(said)

    @property
    def remarks(self) -> list[str]:
        """What a crawl of this list meets: folders of years that hold another year's reports, units on other hosts, a single unit."""
        lying = [
            f"the folder {self.below[url]} holds reports of {', '.join(map(str, sorted(years)))}"
            for url, years in self.seen_below.items()
            if years and (year := titles.year_of(self.below.get(url, ""))) and year not in years
        ]
        alone = [f"it shows reports of {self.units[0]} only"] if len(self.units) == 1 and not self.below and len(self.reports) > 1 else []
        return lying + alone

    def take(self, listing: Listing, shown: list[Link], menu: frozenset[str]) -> None:
        """A page of the column, or of a list below it: what it shows of reports and of folders."""
        self.total = self.total if listing.total is None else listing.total
        for link in once(listing.links):
            if judge(link, self.list_url, True).kind == "report" and self._is_row(link, menu):
                target = self.reports if nearness(link.url, self.list_url) == "own" else self.elsewhere
                target.setdefault(link.url, link.text)
            elif looks_like_organ(link.text) and nearness(link.url, self.list_url) != "own" and link.url not in menu:
                self.elsewhere.setdefault(link.url, link.text)
        names = {link.url: link.text for link in shown}
        folders = [request.url for request in listing.more if request.sublist and request.url in names and request.url not in menu]
        self.below |= {url: names[url] for url in folders if place_of(url) != place_of(self.list_url)}
        if listing.itself:
            self.itself = listing.itself.text

    @staticmethod
    def _is_row(link: Link, menu: frozenset[str]) -> bool:
        """A title with its year is a report wherever it stands; 部门信息公开年报 in a menu is a column."""
        return titles.year_of(link.text) is not None or link.url not in menu


def find_at(url: str, text: str, lead: Lead, family: str, listing: Listing, menu: frozenset[str]) -> Find | None:
    """The page as a find; None when nothing says that it is a column, or it is one of look-alikes or a single report of many."""
    column = listing.column
    article = bool(lead.trail) and is_article(titles.fold(lead.trail[-1]))
    if titles.verdict(column).kind == "lookalike" or article or (listing.itself and not lead.names):
        return None
    found = Find(lead.list_url or url, lead, family, column if REPORTS.search(column) else "", _crumb(text))
    found.take(listing, anchors.links(url, text), menu)
    named = lead.names or found.column or found.crumb or COLUMN_PATH.search(found.list_url)
    listed = [title for title in found.reports.values() if titles.verdict(title).kind == "report"]
    return found if named or (listed and are_notices(lead, listing)) or (len(listed) >= MANY and lead.trail) else None


def ranked(finds: Iterable[Find]) -> list[Find]:
    """The finds that show something, best first, without those that another one covers: lists below it, or the same reports again."""
    kept: list[Find] = []
    for find in sorted(finds, key=lambda one: -one.points):
        shows = find.reports or find.itself or find.below or find.elsewhere
        if shows and find.points > 0 and not any(_covers(better, find) for better in kept):
            kept.append(find)
    return kept


def sure(finds: list[Find]) -> list[Find]:
    """Of ranked finds those to propose: the best one, and others that are nearly as good."""
    return [find for find in finds if find.points * 2 >= finds[0].points]


def _covers(better: Find, find: Find) -> bool:
    places = {place_of(url) for url in [*better.below, better.list_url, *better.reports]}
    same = bool(find.reports) and find.reports.keys() <= better.reports.keys()
    return place_of(find.list_url) in places or same


def _signs(find: Find) -> Iterable[tuple[str, tuple[int, str]]]:
    address = COLUMN_PATH.search(find.list_url)
    folder_year = titles.year_of(find.lead.trail[-1]) if find.lead.trail else None
    notices = not find.column and not find.lead.names and not find.crumb and not address
    told = {
        "column": (bool(find.column), find.column),
        "menu": (find.lead.names, find.lead.trail[-1] if find.lead.trail else ""),
        "crumb": (bool(find.crumb), find.crumb),
        "address": (bool(address), address[0] if address else ""),
        "reports": (len(find.reports), str(len(find.reports))),
        "years": (len(find.years), _span(find.years)),
        "below": (len(find.below), _listed(list(find.below.values()))),
        "itself": (bool(find.itself), find.itself),
        "notices": (notices, find.lead.trail[-1] if find.lead.trail else find.list_url),
        "one year": (folder_year is not None and not find.below, str(folder_year)),
        "empty": (not find.reports and not find.itself and not any(find.seen_below.values()), ""),
    }
    return ((name, (int(count), what)) for name, (count, what) in told.items() if count)


def _sign(name: str, count: int, what: str) -> dict[str, Any]:
    rule = rules()["sign"][name]
    return {"name": name, "points": rule["points"] * min(count, rule.get("most", 1)), "reason": rule["reason"].format(what=what)}


def _crumb(text: str) -> str:
    """The last step of the breadcrumb when it names a column of reports."""
    lines = [line.strip() for line in unescape(MARKUP.sub("\n", text)).splitlines() if line.strip()]
    start = next((number for number, line in enumerate(lines) if PLACE.search(line)), None)
    steps = CRUMB.findall("\n".join(lines[start : start + CRUMB_LINES])) if start is not None else []
    return next((step for step in reversed(steps) if titles.verdict(step).kind == "other"), "")


def _span(years: list[int]) -> str:
    return f"{years[0]}-{years[-1]}" if len(years) > 1 else "".join(map(str, years))


def _listed(names: list[str]) -> str:
    more = len(names) - NAMED
    return "、".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")
