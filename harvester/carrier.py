"""What a page says of the report that hangs on it as a file: the title, who published it, and when."""

from __future__ import annotations

from typing import NamedTuple

from harvester import titles
from harvester.dates import published_on
from harvester.headings import offered
from harvester.items import Document


class Carrier(NamedTuple):
    """A page that carries attachments: its URL, the title it gives the report, the publisher, the ISO day (both may be empty)."""

    url: str
    title: str = ""
    source: str = ""
    published: str = ""


def carrier_of(document: Document, url: str, link_text: str = "", listed_on: str = "") -> Carrier:
    """What the page ``document`` at ``url``, listed as ``link_text`` with a date beside it, tells of its attachments."""
    meta = document.meta
    named = (title for title in offered(document, titles.unmarked(link_text)) if titles.verdict(title).kind == "report")
    source = meta.get("contentsource") or meta.get("publisher") or ""
    day = published_on((meta.get("pubdate", ""), meta.get("published", ""), listed_on), url)
    return Carrier(url, next(named, "") or link_text, source, day or "")
