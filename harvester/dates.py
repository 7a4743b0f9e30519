"""When a page was published: the day its metadata, its text, its list or its address gives."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

# A month alone (/202301/) is no day, and none is made up for it.
URL_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        r"/t(20\d\d)(\d\d)(\d\d)_",
        r"/(20\d\d)[-/]?(\d{1,2})[-/](\d{1,2})/",
        r"/(20\d\d)(\d\d)(\d\d)/",
        r"[/_](20\d\d)(\d\d)(\d\d)\d{9}(?!\d)",
    )
)
DATE = re.compile(r"((?:19|20)\d\d)\s*[-年./]\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})|((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)")


def published_on(said: Iterable[str], url: str) -> str | None:
    """ISO day of the first of ``said`` that holds a real date, else of ``url``; None when there is none."""
    for text in said:
        if (match := DATE.search(text)) and (day := _day([part for part in match.groups() if part])):
            return day
    return next((day for pattern in URL_DATES if (match := pattern.search(url)) and (day := _day(list(match.groups())))), None)


def _day(parts: list[str]) -> str | None:
    try:
        return date(*map(int, parts)).isoformat()
    except ValueError:
        return None
