"""New and changed reports as an Atom feed (RFC 4287), for whoever wants to hear of them without asking."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from xml.etree import ElementTree as etree

from harvester import __version__

NAME = "feed.xml"
MOST = 200  # entries; a reader that comes once a week in the season sees all, and a first crawl of thousands stays a feed
ATOM = "http://www.w3.org/2005/Atom"
# Ids of RFC 4151, for good: nobody owns a name under .invalid (RFC 2606), and a report's id is a hash of its text, so that two who
# harvest the same report call it the same.
TAG = "tag:harvester.invalid,2026:"
EPOCH = "1970-01-01T00:00:00Z"  # of a feed without entries
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NOBODY = "机关不明 / organ not known"
KINDS = {"new": "新报告 / new report", "changed": "修订 / revised report"}
TITLE = "政府信息公开工作年度报告：新增与修订 / Annual reports on open government information: new and revised"


def atom(events: Iterable[Mapping[str, Any]], owner: str) -> bytes:
    """The feed of ``events``, the latest first (as ``storage.news.latest`` tells them), at most :data:`MOST` of them.

    ``owner`` tells this feed from those of others who harvest: the id of the database's first run.
    """
    etree.register_namespace("", ATOM)
    entries = [_entry(event) for _, event in zip(range(MOST), events)]
    feed = _element("feed")
    _add(feed, "id", f"{TAG}feed/{owner}")
    _add(feed, "title", TITLE)
    _add(feed, "updated", max((entry.findtext(f"{{{ATOM}}}updated") or EPOCH for entry in entries), default=EPOCH))
    _add(feed, "link", rel="self", href=NAME, type="application/atom+xml")
    _add(feed, "generator", "harvester", version=__version__)
    feed.extend(entries)
    etree.indent(feed, " ")
    written: bytes = etree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _entry(event: Mapping[str, Any]) -> etree.Element:
    kind = "changed" if event["before"] else "new"
    entry = _element("entry")
    # The same text may come back after a revision of it was taken back: that is news again, under the id it has.
    _add(entry, "id", f"{TAG}report/{event['id']}")
    _add(entry, "title", _words(event["title"]) or event["id"])
    _add(entry, "updated", event["at"])
    _add(entry, "published", event["first_seen"])
    _add(_add(entry, "author"), "name", _words(event["organ"]) or NOBODY)
    if event["url"].startswith(("http://", "https://")):  # a file that was taken in stands on a disk nobody else sees
        _add(entry, "link", rel="alternate", href=event["url"])
    _add(entry, "category", term=kind, label=KINDS[kind])
    # Not a summary: an entry without content would have to have a link.
    _add(entry, "content", _told(event, kind), type="text")
    return entry


def _told(event: Mapping[str, Any], kind: str) -> str:
    year = f"{event['year']}年度 / report year {event['year']}" if event["year"] else "年度不明 / year not known"
    replaced = f"；取代 / replaces {event['before']}" if event["before"] else ""
    return f"{KINDS[kind]}：{_words(event['organ']) or NOBODY}，{year}{replaced}。id {event['id']}"


def _words(text: str | None) -> str:
    """The text without what XML cannot hold, and without space around it."""
    return NOT_XML.sub("", text or "").strip()


def _element(name: str, **attributes: str) -> etree.Element:
    return etree.Element(f"{{{ATOM}}}{name}", {key: _words(value) for key, value in attributes.items()})


def _add(parent: etree.Element, name: str, text: str = "", **attributes: str) -> etree.Element:
    child = _element(name, **attributes)
    child.text = text or None
    parent.append(child)
    return child
