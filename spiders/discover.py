"""Finds the column of annual reports of one portal from its home page alone: one request at a time, few of them, the best lead first."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

import scrapy
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from scrapy.utils.gz import gunzip
from scrapy.utils.sitemap import Sitemap
from twisted.python.failure import Failure

from harvester import registry, settings
from harvester.readers.encoding import decode
from harvester.readers.sniff import format_of
from spiders import families, notices, outcomes, runs
from spiders.answers import address_of, answer_of, content_type, request
from spiders.families import Listing, ListRequest, anchors, naming, shell
from spiders.finds import Find, find_at, ranked, sure
from spiders.hosts import AllowedHosts, host_of
from spiders.leads import Frontier, Lead, leads_in, nearness, rules, sitemap_leads
from spiders.proposals import Discovery

CONFIRMING = 110  # points: what a column needs to show itself goes before every other lead
MOST_STEPS = 3  # requests further for one find that shows no report yet: its service, a year, a level, a unit
MOST_SITEMAP = 50_000  # addresses, the most that one sitemap may hold
MOST_BYTES = 52_428_800  # of a sitemap unpacked, as the protocol says
FORBIDDEN_FOLDERS = 2  # answers 403: bare folders answer so on good portals; a challenge is believed at once


class DiscoverSpider(scrapy.Spider):
    """``harvester discover``: ``discovery`` says what was found and how. Nothing is kept, no registry is written."""

    name = "discover"
    custom_settings = {
        "ITEM_PIPELINES": {},
        "EXTENSIONS": {"spiders.politeness.Pace": 10},
        # Nearest to the network: everything that is really sent passes here.
        "DOWNLOADER_MIDDLEWARES": {**settings.DOWNLOADER_MIDDLEWARES, "spiders.budget.Budget": 595},
        "DOWNLOAD_TIMEOUT": 30,
        "DOWNLOAD_MAXSIZE": 16 * 1024 * 1024,
        "RETRY_TIMES": 1,
        "REDIRECT_MAX_TIMES": 4,
        "CLOSESPIDER_TIMEOUT": 1800,
    }
    handle_httpstatus_list = list(range(400, 600))
    allowed: AllowedHosts

    def __init__(self, home: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.home = home
        self.frontier = Frontier()
        self.discovery = Discovery(home)
        self.finds: list[Find] = []
        self.menu: frozenset[str] = frozenset()
        self.shown: set[int] = set()
        self.refused: dict[str, int] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        known = registry.read(crawler.settings["HARVEST_PORTALS"] or None, families.names())
        parts = urlsplit(spider.home)
        www = f"{parts.scheme}://www.{parts.netloc.removeprefix('www.')}"
        spider.allowed = AllowedHosts([spider.home, www, www.replace("//www.", "//"), *(portal.list_url for portal in known)])
        spider.discovery.known = [portal for portal in known if host_of(portal.list_url) == host_of(spider.home)]
        crawler.signals.connect(spider.read_robots, signals.robots_parsed)
        crawler.signals.connect(spider.conclude, signals.spider_closed)
        crawler.signals.connect(spider.count, signals.request_reached_downloader)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        yield self._ask(Lead(ListRequest(self.home), CONFIRMING))

    # --- what comes back --------------------------------------------------------------------------------------------------------------

    def answered(self, response: Response, lead: Lead) -> Iterator[Request]:
        """Something came: a page to read, or what stands in its place; then the next lead."""
        answer = answer_of(response)
        if answer.outcome == "page":
            self._read(response, lead)
        elif answer.outcome == "blocked":
            self._refused(response, lead, answer.reason)
        else:
            self._failed(lead, "incomplete", answer.reason)
        yield from self._go_on()

    def failed(self, failure: Failure) -> Iterator[Request]:
        """Nothing came; the next lead."""
        trouble = outcomes.explain(failure.value)
        self._failed(failure.request.cb_kwargs["lead"], trouble.outcome, trouble.reason)  # type: ignore[attr-defined]
        yield from self._go_on()

    def read_robots(self, robotparser: Any, request: Request) -> None:
        """The sitemaps that the home host's robots.txt names are leads for when the menus name no column."""
        if nearness(request.url, self.home) == "own":
            for address in list(robotparser.rp.sitemaps)[:2]:
                lead = Lead(ListRequest(urljoin(request.url, address)), 30, ("sitemap.xml",), ("robots.txt names it as a sitemap",))
                self._add(lead)

    def count(self, request: Request) -> None:
        """A request goes out."""
        self.discovery.requests += 1

    def conclude(self, reason: str) -> None:
        """The end: the finds, ranked."""
        found = ranked(self.finds)
        self.discovery.conclude(sure(found) if found else [], found, runs.now()[:10])

    # --- pages ------------------------------------------------------------------------------------------------------------------------

    def _read(self, response: Response, lead: Lead) -> None:
        if self._sitemap(response):
            return
        if format_of(response.body):
            return
        url = address_of(response)
        text, _ = decode(response.body, content_type(response))
        if not lead.trail:
            self.discovery.introduce(text)
        try:
            family, listing = families.look(url, text, lead.family)
        except families.NoList as error:
            self.discovery.tell(url, str(error))
            return
        if family == shell.NAME:
            self._through(url, listing, lead)
        elif self._is_new(text, lead):
            self._look(url, text, lead, listing, family)

    def _is_new(self, text: str, lead: Lead) -> bool:
        """Whether a page shows other links than one that was seen: servers that know no 404 answer everything with their front page."""
        print_of = hash((naming.column(text), tuple(re.findall(r"href\s*=\s*[\"']?([^\"'\s>]+)", text)) or text))
        known = print_of in self.shown and lead.root < 0 and "#" not in lead.url  # gkmlpt shows one page for all its categories
        self.shown.add(print_of)
        return not known

    def _through(self, url: str, listing: Listing, lead: Lead) -> None:
        """A page that only leads on: what stands behind it is entered by the address that the menu names."""
        entered = lead.list_url or (url if lead.names else "")
        for asked in listing.more:
            self._add(lead._replace(asked=asked._replace(sublist=False), points=lead.points + 1, list_url=entered))

    def _look(self, url: str, text: str, lead: Lead, listing: Listing, family: str) -> None:
        if lead.root >= 0:
            self._confirm(self.finds[lead.root], lead, url, text, listing, family)
            return
        if not lead.trail:
            self.menu = frozenset(link.url for link in anchors.links(url, text))
        for further in leads_in(url, text, lead.trail):
            self._add(further)
        if find := find_at(url, text, lead, family, listing, self.menu):
            self.finds.append(find)
            self._show(find, len(self.finds) - 1, listing, family)
        elif notices.are_notices(lead, listing) and (
            page := notices.further(url, lead, listing, self.settings.getint("HARVEST_NOTICE_PAGES"))
        ):
            self._add(page)

    def _confirm(self, find: Find, lead: Lead, url: str, text: str, listing: Listing, family: str) -> None:
        """An answer that a find waited for: of its service, or a list below it."""
        before = set(find.reports)
        find.take(listing, anchors.links(url, text) if text.lstrip().startswith("<") else [], self.menu)
        fresh = Find(url, lead, reports={one: title for one, title in find.reports.items() if one not in before}, itself=naming_of(listing))
        find.seen_below[lead.url] = set(fresh.years)
        if not find.reports and not find.itself:
            self._show(find, lead.root, listing, family)

    def _show(self, find: Find, root: int, listing: Listing, family: str) -> None:
        """A column that shows no report yet is asked for more: what its script would ask, else the newest of its folders."""
        here = [asked for asked in listing.more if not asked.sublist or asked.url not in find.below]
        below = [asked for asked in listing.more if asked.sublist and asked.url in find.below]
        wanted = (here[:1] or below[:1]) if not find.reports and not find.itself else [asked for asked in here if asked.sublist][:1]
        wanted += below[:2] if find.reports and not wanted and find.steps == 0 else []
        for asked in wanted:
            if find.steps < MOST_STEPS:
                find.steps += 1
                own = "" if asked in below else family
                self._add(Lead(asked, CONFIRMING, (*find.lead.trail, find.below.get(asked.url, "(service)")), family=own, root=root))

    def _sitemap(self, response: Response) -> bool:
        """Whether the answer was a sitemap; its leads are added."""
        body = gunzip(response.body, max_size=MOST_BYTES) if response.body.startswith(b"\x1f\x8b") else response.body
        if b"<urlset" not in body[:2000] and b"<sitemapindex" not in body[:2000]:
            return False
        found = Sitemap(body)
        urls = [str(entry.get("loc", "")).strip() for entry, _ in zip(found, range(MOST_SITEMAP))]
        if found.type == "sitemapindex":
            for url in urls[:2]:
                self._add(Lead(ListRequest(url), 28, ("sitemap.xml",), ("a sitemap names it",)))
        for lead in sitemap_leads(urls) if found.type == "urlset" else ():
            self._add(lead)
        return True

    # --- what goes out ----------------------------------------------------------------------------------------------------------------

    def _add(self, lead: Lead) -> None:
        """Waits for its turn when its host may be asked; a column elsewhere is told and never asked."""
        near = nearness(lead.url, self.home)
        strong = lead.points >= rules()["column"] or lead.root >= 0
        if lead.url not in self.allowed or (near == "other" and not strong):
            if strong and lead.trail:
                self.discovery.further(lead.url, lead.trail[-1])
        else:
            self.frontier.add(lead if near == "own" else lead._replace(points=lead.points - 20))

    def _go_on(self) -> Iterator[Request]:
        least = rules()["column"] if any(find.points >= rules()["good"] for find in self.finds) else rules()["follow"]
        while lead := self.frontier.next(least):
            if self.refused.get(host_of(lead.url), 0) < FORBIDDEN_FOLDERS:
                yield self._ask(lead)
                return

    def _ask(self, lead: Lead) -> Request:
        headers = {**({"Referer": self.home} if lead.trail else {}), **dict(lead.asked.headers)}
        return request(
            lead.url, self.answered, self.failed, {"lead": lead}, method=lead.asked.method, body=lead.asked.body, headers=headers
        )

    def _refused(self, response: Response, lead: Lead, reason: str) -> None:
        host = host_of(response.url)
        folder = response.status == 403 and bool(lead.trail) and "HTTP 403" in reason
        self.refused[host] = self.refused.get(host, 0) + (1 if folder else FORBIDDEN_FOLDERS)
        self._failed(lead, "blocked", reason)
        if self.refused[host] >= FORBIDDEN_FOLDERS:
            self.discovery.blocked = self.discovery.blocked or f"{reason}: {response.url}"

    def _failed(self, lead: Lead, outcome: str, reason: str) -> None:
        if not lead.trail:
            self.discovery.outcome = outcome
        self.discovery.tell(lead.url, reason)


def naming_of(listing: Listing) -> str:
    """What a page that is a report calls it, empty for others."""
    return listing.itself.text if listing.itself else ""
