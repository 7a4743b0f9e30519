"""The platforms of the sample portals, one file each: a pure function from a path to what the platform would answer.

A family's file holds ``LIST`` (the path of its list), ``address(article, twin) -> str`` (the path of an article) and
``answer(site, path, form) -> Answer | None`` (None: no such page). That file and a line in ``neighbours.SMALL`` add a portal.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from harvester.sample.cms import front
from harvester.sample.cms.frame import Answer, Site, html, page
from harvester.sample.places import Portal
from harvester.sample.world import Article

SOFT_404 = "您访问的页面不存在或已被删除"
# Where the menu and the breadcrumb lead: columns that answer, and hold no report.
OTHER_COLUMN = re.compile(r"/m\d/(c\d/)?|/xxgk/\d/|/zwgk/(zfxxgk/)?")


class Family(Protocol):
    """What a family's file offers."""

    LIST: str

    def address(self, article: Article, twin: str = "") -> str:
        """Path of an article, or of another address of it."""
        ...

    def answer(self, site: Site, path: str, form: dict[str, str]) -> Answer | None:
        """What the platform says to a GET of ``path`` (query included), ``form`` being the fields of a POST; None: no such page."""
        ...


@cache
def family(portal: Portal) -> Family:
    """The file that a portal's line names."""
    return cast(Family, import_module(f"harvester.sample.cms.{portal.family}"))


def needs(portal: Portal) -> dict[str, tuple[str, ...]]:
    """Which headers which addresses of a portal want: ``NEEDS`` of its family's file, which most have not."""
    return getattr(family(portal), "NEEDS", {})


def answer(site: Site, path: str, form: dict[str, str] | None = None) -> Answer:
    """Whole answer of a portal to a path: its platform's pages, robots.txt, a front page, and its own kind of not found."""
    if path == "/robots.txt":
        return _robots(site)
    found = family(site.portal)
    if shown := front.front(site, path, found.LIST, found.address, _charset(site)):
        return shown
    if OTHER_COLUMN.fullmatch(path):
        return html(page("column", site), *_charset(site))
    return found.answer(site, path, form or {}) or _missing(site)


def list_url(site: Site) -> str:
    """Absolute URL of a portal's list, as a registry line holds it."""
    return site.base + family(site.portal).LIST


def _charset(site: Site) -> tuple[str, str]:
    """How the portal's plain pages are written, and what their header says."""
    return ("gbk", "text/html") if site.portal.family == "aspx" else ("utf-8", "text/html; charset=utf-8")


def _robots(site: Site) -> Answer:
    if site.portal.robots == "permissive":
        return Answer(200, "text/plain", b"User-agent: *\nDisallow: /manage/\n" + front.sitemap_line(site))
    return _missing(site)


def _missing(site: Site) -> Answer:
    """Not found: an honest 404, or the error page with status 200 that many portals send."""
    soft = site.portal.robots == "soft"
    return html(page("missing", site, words=SOFT_404))._replace(status=200 if soft else 404)
