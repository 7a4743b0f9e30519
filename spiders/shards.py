"""A registry cut into shards: all addresses of one registered host lie in one of them, so no host is ever asked by two workers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Request
from tldextract import TLDExtract

from harvester.registry import Portal
from spiders.entries import place_of
from spiders.hosts import host_of

HOSTS, ELSEWHERE, PORTALS = "hosts.txt", "elsewhere.txt", "portals.txt"
ALL = "*"  # stands in hosts.txt of the last shard
LEFT = "harvester/left_to_the_last_shard"  # statistic: ids of the portals that have links which this shard may not follow


class AnotherShards(IgnoreRequest):
    """Raised for a request to a host that another shard, or none, may ask; it is asked when all shards are done."""


@cache
def _suffixes() -> TLDExtract:
    """The list of public suffixes that comes with the package: nothing is downloaded."""
    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def registered(url: str) -> str:
    """The registered host of an address: ``www.jj.gov.cn`` and ``zwgk.jj.gov.cn`` are ``jj.gov.cn``; a number keeps its port."""
    host = host_of(url)
    return _suffixes()(host.partition(":")[0]).top_domain_under_public_suffix or host


def planned(portals: Iterable[Portal], count: int, known: Mapping[str, int]) -> dict[str, int]:
    """Registered host -> number of its shard, of ``count``. Those ``known`` stay where they are; a new one joins the smallest shard."""
    sizes: dict[str, int] = {}
    for portal in portals:
        if portal.list_url:
            sizes[registered(portal.list_url)] = sizes.get(registered(portal.list_url), 0) + 1
    plan = {host: number for host, number in known.items() if number < count}
    load = [sum(sizes.get(host, 0) for host, number in plan.items() if number == shard) for shard in range(count)]
    for host in sorted(sizes.keys() - plan.keys(), key=lambda host: (-sizes[host], host)):
        plan[host] = load.index(min(load))
        load[plan[host]] += sizes[host]
    return plan


def lists_of_others(folder: str, known: Iterable[Portal]) -> frozenset[str]:
    """Places of the lists that all shards of a crawl read for portals of their own (``portals.txt`` in ``folder``); none for no shard."""
    if not folder:
        return frozenset()
    ids = frozenset((Path(folder) / PORTALS).read_text("utf-8").split())
    return frozenset(place_of(portal.list_url) for portal in known if portal.portal_id in ids)


class OnlyItsHosts:
    """Lets a shard ask its own registered hosts only (``hosts.txt`` in ``HARVEST_SHARD``); which portals lead elsewhere is noted there."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings["HARVEST_SHARD"]:
            raise NotConfigured
        self.folder = Path(crawler.settings["HARVEST_SHARD"])
        self.hosts = frozenset((self.folder / HOSTS).read_text("utf-8").split())
        self.left: set[str] = set()
        crawler.stats.set_value(LEFT, self.left)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        if ALL in self.hosts or registered(request.url) in self.hosts or request.meta.get("kept"):
            return
        crawl: Any = request.cb_kwargs.get("crawl")
        if crawl and crawl.portal.portal_id not in self.left:
            self.left.add(crawl.portal.portal_id)
            with (self.folder / ELSEWHERE).open("a", encoding="utf-8") as stream:
                stream.write(f"{crawl.portal.portal_id}\n")
        raise AnotherShards(f"{urlsplit(request.url).netloc} is asked when all shards are done")
