"""Which of a report's captures its row is shown from: a key of the capture itself, so the order of arrival decides nothing."""

from __future__ import annotations

from urllib.parse import urlsplit

from harvester.items import Page

NOT_FROM_THE_WEB, NOT_ON_THE_LISTS_HOST, OF_ANOTHER_REGION = 4, 2, 1
Key = tuple[int, int, str, str, str]


def rank(page: Page, portal_region: str) -> int:
    """0 is best: fetched from the web, on the host of the list that names it, on a portal of the report's own region.

    A report is copied upwards (a county's onto the city's portal) and sideways (mirrors, mobile pages); the original is what the
    portal of the organ's own region serves from its own host. Files come last: their URL says nothing to others.
    """
    web = page.url.startswith(("http://", "https://"))
    home = web and urlsplit(page.url).netloc == urlsplit(page.via).netloc
    region = page.report.region_code if page.report else ""
    return (not web) * NOT_FROM_THE_WEB + (not home) * NOT_ON_THE_LISTS_HOST + (region != portal_region) * OF_ANOTHER_REGION


def key(rank: int, url: str, fetched_at: str, body_sha256: str) -> Key:
    """The smallest key wins: best rank, shortest URL, first URL in the alphabet, then its earliest capture."""
    return rank, len(url), url, fetched_at, body_sha256
