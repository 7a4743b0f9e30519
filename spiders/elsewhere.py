"""Columns of reports on hosts of their own: where the lists that gather the units of a province or a city lead."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from urllib.parse import urlsplit

from harvester import titles
from harvester.organs import looks_like_organ
from harvester.registry import Portal
from spiders.entries import COLUMN_PATH, INDEX, place_of
from spiders.families import Link, ListRequest
from spiders.hosts import AllowedHosts, host_of
from spiders.walk import REPORTS, ListWalk


def columns(walk: ListWalk, portal: Portal, links: Iterable[Link], allowed: AllowedHosts, own: Collection[str]) -> list[ListRequest]:
    """Lists that a page of ``walk`` leads to on other hosts, as lists below it.

    Only from a column of reports, and only from the portal's own host: what stands elsewhere leads no farther. ``allowed`` hosts only;
    ``own``: places (``place_of``) of lists that the run reads for a portal of their own.
    """
    home = host_of(portal.list_url)
    if not walk.of_reports or host_of(walk.url) != home:
        return []
    found = (link for link in links if host_of(link.url) != home and link.url in allowed and is_column(link))
    return [ListRequest(link.url, sublist=True) for link in found if place_of(link.url) not in own]


def is_column(link: Link) -> bool:
    """Whether a link to another host leads to a column of reports: a folder that is called so, or one that has such a name under a unit's.

    A unit's name over its front page says nothing of where its reports are; a title with its year is a report.
    """
    parts, words = urlsplit(link.url), titles.fold(link.text)
    folder = INDEX.search(parts.path) is not None and INDEX.sub("", parts.path) != ""
    named = REPORTS.search(words) is not None or (looks_like_organ(words) and COLUMN_PATH.search(link.url) is not None)
    return folder and named and not titles.year_of(words) and titles.verdict(words).kind != "lookalike"
