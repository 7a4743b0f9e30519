"""At the door to the network: who may be asked, who we say we are, one cookie jar a host, and what an answer really is."""

from __future__ import annotations

import gzip
import logging
import zlib
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares import cookies, httpproxy, redirect, stats
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Request, Response
from tldextract import TLDExtract

from spiders.hosts import AllowedHosts

log = logging.getLogger(__name__)


class OffTheList(IgnoreRequest):
    """Raised for a request to a host that is neither in the registry nor under gov.cn."""


class AllowList:
    """Lets requests pass to allowed hosts only, redirects and robots.txt included, and gives each host a pace and a jar of its own."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        allowed: AllowedHosts = getattr(self.crawler.spider, "allowed", AllowedHosts(()))
        if request.url not in allowed:
            raise OffTheList(f"{urlsplit(request.url).netloc} is neither in the registry nor under gov.cn")
        # A redirect brings the meta of the host it came from. Portals that share an address (127.0.0.1:8001, :8002) are still two.
        request.meta["download_slot"] = request.meta["cookiejar"] = urlsplit(request.url).netloc


class Introduce:
    """Names the project, its version and the contact of ``HARVEST_CONTACT`` in every request."""

    def __init__(self, user_agent: str) -> None:
        self.user_agent = user_agent

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        contact = crawler.settings["HARVEST_CONTACT"]
        if not contact:
            log.warning("HARVEST_CONTACT is not set: whoever this crawl disturbs cannot write to you")
        return cls(f"{crawler.settings['USER_AGENT']} (+{contact or 'no contact given'})")

    def process_request(self, request: Request) -> None:
        request.headers["User-Agent"] = self.user_agent


class Redirects(redirect.RedirectMiddleware):
    """Scrapy's redirects; the address that named the page stays its Referer, as in a browser."""

    def handle_referer(self, request: Request, response: Response) -> None:
        """Nothing is to be done."""

    def _engine_started(self) -> None:
        """Scrapy looks here for who else would."""


class HostCookies(cookies.CookiesMiddleware):
    """Scrapy's cookies, with the list of public suffixes that comes with the package instead of a download from a host off our list."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        cookies._split_domain = TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)

    def process_request(self, request: Request) -> None:  # type: ignore[override]
        """With an empty jar, which most portals leave, there is nothing to look for in it."""
        if request.cookies or len(self.jars[request.meta.get("cookiejar")]):
            super().process_request(request)

    def process_response(self, request: Request, response: Response) -> Response:  # type: ignore[override]
        """A cookie comes in its header or not at all."""
        if "Set-Cookie" in response.headers:
            super().process_response(request, response)
        return response


class Proxies(httpproxy.HttpProxyMiddleware):
    """Scrapy's proxies of the environment, where it names any."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        made = super().from_crawler(crawler)
        if not made.proxies:
            raise NotConfigured
        return made


class Counts(stats.DownloaderStats):
    """Scrapy's counts of requests and answers, but for the bytes of requests: it writes each one out to measure it."""

    def process_request(self, request: Request) -> None:  # type: ignore[override]
        """One more."""
        self.stats.inc_value("downloader/request_count")


class ForcedGzip:
    """Unpacks bodies that are gzip and do not say so, as some portals send to everyone."""

    def process_response(self, request: Request, response: Response) -> Any:
        packed = response.body.startswith(b"\x1f\x8b\x08") and not urlsplit(request.url).path.endswith((".gz", ".tgz"))
        if not packed:
            return response
        try:
            return response.replace(body=gzip.decompress(response.body))
        except (OSError, EOFError, zlib.error):
            return response  # no gzip after all: what came is kept as it came
