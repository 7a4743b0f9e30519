"""Which hosts may be asked: those of the registry's lines, and every one under gov.cn."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}


def host_of(url: str) -> str:
    """``host:port`` of an address, lower case; without the port when it is the usual one of http or https."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return ""
    usual = port is None or port in DEFAULT_PORTS.values()
    return host if usual else f"{host}:{port}"


class AllowedHosts:
    """The registry's hosts and ``*.gov.cn``: hijacked look-alikes replay these reports, so nothing else is ever asked."""

    def __init__(self, list_urls: Iterable[str]) -> None:
        self._hosts = frozenset(host_of(url) for url in list_urls if url)

    def __contains__(self, url: object) -> bool:
        host = host_of(str(url))
        name = host.partition(":")[0]
        return host in self._hosts or name == "gov.cn" or name.endswith(".gov.cn")
