"""An archive of files (zip, rar, 7z) as the pages in it: each member goes down the belt by itself, under an address of its own. A picture
of a page that shows several is kept and read with the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

from harvester.errors import Unreadable
from harvester.items import Page, Report
from harvester.readers import archive
from harvester.readers.sniff import format_of
from spiders.attachments import can_be_report

OPENED = "opened"  # the note of a page that went before its members
CONTAINER = "container"  # the note of a member: the page it came out of
IDS = "ids"  # the note of a page from our archive: address of a member -> the id that was given to it


def expanded(page: Page) -> Iterator[Page]:
    """The page; when it is an archive, or a part of something, it is not read (``report`` is set). Members of an archive follow.

    A member's address is ``…/x.zip#name``, percent-encoded. It has no capture of its own: the archive's record holds its bytes.
    """
    if page.part_of:
        page.report = Report(source=page.url, kind="not_report", format=format_of(page.body))
        page.notes[OPENED] = True
        yield page
        return
    if not archive.is_container(page.body):
        yield page
        return
    fetched = replace(page, notes=dict(page.notes))  # as it is now: the belt adds to what it was given
    try:
        found = [member for member in archive.members(page.body) if can_be_report(member.name.rpartition("/")[2], "frame")]
    except Unreadable as error:
        page.report = Report(source=page.url, kind="unreadable", reason=str(error))
        yield page
        return
    reason = "" if found else "an archive without a document that can be a report"
    page.report = Report(source=page.url, kind="not_report", reason=reason, format=format_of(page.body))
    if found:
        page.notes[OPENED] = True
    yield page
    yield from (_page_of(member, fetched, page) for member in found)


def _page_of(member: archive.Member, fetched: Page, container: Page) -> Page:
    url = f"{fetched.url.partition('#')[0]}#{quote(member.name)}"
    return replace(
        fetched,
        url=url,
        body=member.body,
        content_type="",
        link_text=member.name.rpartition("/")[2],
        report_id=fetched.notes.get(IDS, {}).get(url, ""),
        carrier=fetched.carrier or fetched.url,
        carrier_title=fetched.carrier_title or fetched.link_text,
        report=Report(source=url, kind="unreadable", reason=member.problem) if member.problem else None,
        notes={CONTAINER: container},
    )
