"""Columns of notices (通知公告), among which some portals publish their reports: how far a discovery turns their pages."""

from __future__ import annotations

import re

from spiders.families import Listing
from spiders.leads import Lead

NOTICES = re.compile(r"通知|公告|公示")
SEASON = 4  # reports are published from January to April; a column whose newest notice is of these months may have them a year back


def are_notices(lead: Lead, listing: Listing) -> bool:
    """Whether a page that ``lead`` led to is a column of notices, by its own name or that of the link."""
    return bool(lead.trail) and NOTICES.search(listing.column + lead.trail[-1]) is not None


def further(url: str, lead: Lead, listing: Listing, most: int) -> Lead | None:
    """The next page of a column of notices that showed no report yet; None after ``most`` pages, at the column's end, and when a page
    holds nothing any more of the year in which the last reports were published."""
    step = next((asked for asked in listing.more if not asked.sublist), None)
    newest = max((link.date for link in listing.links), default="")
    since = lead.since or begin_of(newest)
    if step is None or lead.pages + 1 >= most or (newest and newest < since):
        return None
    return lead._replace(asked=step, points=lead.points - 1, list_url=lead.list_url or url, pages=lead.pages + 1, since=since)


def begin_of(newest: str) -> str:
    """First day of the year of the last season of reports, seen from the newest notice (``YYYY-MM-DD`` or empty)."""
    return f"{int(newest[:4]) - (int(newest[5:7]) <= SEASON)}-01-01" if newest else ""
