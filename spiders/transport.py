"""Connections: how https is spoken (as today to everyone, as fifteen years ago to the hosts that are listed for it), and how many fit."""

from __future__ import annotations

import resource
import ssl
import warnings
from typing import Any
from urllib.parse import urlsplit

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Request, Response

MOST_OPEN = 10_240  # files and connections; more than macOS takes is refused there
OLD = "ALL:@SECLEVEL=0"  # small keys, SHA-1, RC4 where OpenSSL still has it


class Https:
    """Scrapy's handler, and for the hosts of ``HARVEST_LEGACY_TLS_HOSTS`` another one that takes TLS 1.0 and old ciphers.

    Scrapy's own cannot: Twisted drops the security level from a list of ciphers (twisted#11903). Some modern hosts hang when they are met
    with a lowered level, so this is for listed hosts only.
    """

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.hosts = frozenset(host.lower() for host in crawler.settings.getlist("HARVEST_LEGACY_TLS_HOSTS"))
        self._today = HTTP11DownloadHandler(crawler)
        self._old: Any = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Https:
        return cls(crawler)

    async def download_request(self, request: Request) -> Response:
        """The answer, by the handler of its host; a line of the setting may name a port (``old.gov.cn:8443``) or none."""
        parts = urlsplit(request.url)
        is_old = self.hosts and {parts.hostname, parts.netloc.lower()} & self.hosts
        response: Response = await (self._legacy() if is_old else self._today).download_request(request)
        return response

    def _legacy(self) -> Any:
        if self._old is None:
            # Loaded for who needs it: aiohttp takes longer to load than a page to read.
            from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler

            self._old = AiohttpDownloadHandler(self.crawler)
            self._old._ssl_context = old_context()
        return self._old

    async def close(self) -> None:
        """Ends both."""
        await self._today.close()
        if self._old is not None:
            await self._old.close()


def old_context() -> ssl.SSLContext:
    """TLS 1.0 and up, every cipher, renegotiation as it was before 2010; certificates are not checked, as Scrapy does not by default."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # Python calls TLS 1.0 old too
        context.minimum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers(OLD)
    context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
    return context


def make_room() -> None:
    """Lets this process hold more open files than the usual 1,024: one connection to each portal stays open between two requests."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_OPEN if hard == resource.RLIM_INFINITY else min(hard, MOST_OPEN)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
