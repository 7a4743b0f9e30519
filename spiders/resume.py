"""Going on where a killed run stopped: list pages it had finished are read from the database, reports it had stored are not asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Self

from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Request, Response

from spiders import runs
from spiders.answers import content_type
from spiders.crawling import PortalCrawl
from spiders.families import ListRequest
from storage import listpages
from storage.database import Database
from storage.listpages import ListPage

# Lists are read anew by every run, the daily ones included; this much after a kill nobody starts the same run again.
FRESH = timedelta(hours=20)


class Unfinished:
    """What the last run of each portal left behind when it did not come to its end; nothing when it did."""

    def __init__(self, database: Database | None) -> None:
        self.database = database
        self._since = runs.stamp(datetime.now(UTC) - FRESH)
        self._pages: dict[str, dict[str, ListPage]] = {}

    def find(self, crawl: PortalCrawl, asked: ListRequest) -> ListPage | None:
        """The page, if the unfinished run of this portal read it."""
        portal_id = crawl.portal.portal_id
        if self.database and portal_id not in self._pages:
            self._pages[portal_id] = listpages.kept(self.database, portal_id, self._since)
        return self._pages.get(portal_id, {}).pop(key_of(asked), None)

    def keep(self, crawl: PortalCrawl, asked: ListRequest, response: Response) -> None:
        """A page of a list was read as one."""
        if self.database and "kept" not in response.meta:
            page = ListPage(response.url, content_type(response), runs.now(), response.body)
            listpages.keep(self.database, crawl.portal.portal_id, key_of(asked), page)

    def read_since(self, url: str, moment: str) -> bool:
        """Whether a report at ``url`` was stored, whole, after its list was read at ``moment``; never without a moment."""
        visit = self.database.visit(url) if self.database and moment else None
        return bool(visit and visit.known_whole and visit.seen_at >= moment)

    def reports(self, url: str) -> list[str]:
        """The reports that the killed run stored from ``url``, or from the archive of files there."""
        visits = [self.database.visit(one) for one in self.database.under(url)] if self.database else []
        return [visit.report_id for visit in visits if visit and visit.report_id]


class KeptPages:
    """Answers a request for a list page that carries its answer in ``meta["kept"]``: the portal is not asked."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls()

    def process_request(self, request: Request) -> Response | None:
        page = request.meta.get("kept")
        if not isinstance(page, ListPage):
            return None
        return HtmlResponse(page.url, headers={"Content-Type": page.content_type}, body=page.body, request=request)


def key_of(asked: ListRequest) -> str:
    """One name for what was asked, its method and body included."""
    return f"{asked.method} {asked.url} {asked.body}".strip()


def moment_of(response: Response) -> str:
    """When the killed run read this page of a list; empty for one that was asked for now."""
    page = response.meta.get("kept")
    return page.read_at if isinstance(page, ListPage) else ""
