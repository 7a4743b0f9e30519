"""Reports that left their lists: asked for by their own address twice, and withdrawn when that is gone both times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from harvester.items import GONE
from spiders.answers import answer_of, page_of, plain_url, request
from spiders.crawling import PortalCrawl
from spiders.entries import place_of
from spiders.families import Link
from spiders.outcomes import explain
from spiders.revalidation import FLAG

if TYPE_CHECKING:
    from spiders.portal import PortalSpider


class Unlisted:
    """The part of the portal spider that is about what the lists no longer name.

    Once when the portal was read to its end, and once more when the whole run was: a server that is being repaired says 404 for a while.
    Both answers must be 404 or 410, from the address itself or from one that carried the report too and to which it leads now. A page that
    says so with 200, or leads to the front page or an error page, is no such answer.
    """

    def __init__(self, spider: PortalSpider) -> None:
        self.spider = spider
        self.doubtful: list[tuple[PortalCrawl, str]] = []
        spider.crawler.signals.connect(self.ask_again, signals.spider_idle)

    def requests(self, crawls: Iterable[PortalCrawl]) -> Iterator[Request]:
        """For each portal that was read to its end just now: requests for the reports of earlier runs that its lists did not name."""
        for crawl in crawls:
            if self.spider.database and not crawl.settled and crawl.sound:
                crawl.settled = True
                known = self.spider.database.urls(crawl.portal.portal_id)
                missing = [url for url, carrier in known.items() if crawl.is_new_link(url) and not self._out_of_sight(url, carrier)]
                yield from (self._request(crawl, url, self.first_answer) for url in missing)

    def _out_of_sight(self, url: str, carrier: str) -> bool:
        """Whether nothing can be said of ``url``: its host is off the list, or the page that carries it is listed and could not be read."""
        return url not in self.spider.allowed or self.spider.wanted.was_lost(carrier)

    def _request(self, crawl: PortalCrawl, url: str, callback: Any) -> Request:
        return request(url, callback, self.no_answer, {"crawl": crawl, "url": url}, FLAG)

    def first_answer(self, response: Response, crawl: PortalCrawl, url: str) -> None:
        """What is gone is asked for again at the end of the run."""
        if self._is_gone(response, url):
            self.doubtful.append((crawl, url))

    def ask_again(self) -> None:
        """Nothing else is left to do in this run: the second question, to portals that did not break or refuse since the first."""
        doubtful, self.doubtful = self.doubtful, []
        again = [self._request(crawl, url, self.second_answer) for crawl, url in doubtful if crawl.sound]
        engine = self.spider.crawler.engine
        if again and engine:
            for one in again:
                engine.crawl(one)
            raise DontCloseSpider

    def second_answer(self, response: Response, crawl: PortalCrawl, url: str) -> Iterator[Any]:
        """Gone both times: the answer goes down the belt as any other, so that it is kept and the archive tells it again."""
        if self._is_gone(response, url):
            page = page_of(response, crawl.portal.portal_id, Link(url, ""), "", self.spider.summary.run_id)
            page.url = url
            yield page

    def _is_gone(self, response: Response, url: str) -> bool:
        """Whether ``url`` itself (by http or https), or the address to which the report moved from there, answers that it is not there."""
        if response.status not in GONE or answer_of(response).outcome != "missing":
            return False
        moved = self.spider.database.moved if self.spider.database else None
        return place_of(response.url) == place_of(url) or (moved is not None and moved(url, plain_url(response)))

    def no_answer(self, failure: Failure) -> None:
        """No answer says nothing about a report."""
        self.spider.logger.info("no answer about a report that is not listed any more: %s", explain(failure.value).reason)
