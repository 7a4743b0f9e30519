"""Why a request got no answer, in the words of the run summary."""

from __future__ import annotations

from typing import NamedTuple

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)

from spiders.middlewares import OffTheList
from spiders.politeness import HostRefuses

ROBOTS = "Forbidden by robots.txt"  # Scrapy says it with a bare IgnoreRequest
OLD_TLS = "; if the host is only too old for today's TLS, name it in HARVEST_LEGACY_TLS_HOSTS"


class Trouble(NamedTuple):
    """``outcome`` is that of a portal whose first list fails so; ``reason`` is for its user."""

    outcome: str
    reason: str


# The first line that fits decides; an empty reason is the error's own words.
RULES: tuple[tuple[type[BaseException], str, str], ...] = (
    (OffTheList, "incomplete", "leads to {error}"),
    (HostRefuses, "blocked", "{error}"),
    (CannotResolveHostError, "unreachable", "the host name is not known (DNS)"),
    (DownloadConnectionRefusedError, "unreachable", "the connection was refused"),
    (DownloadTimeoutError, "unreachable", "no answer in time"),
    (DownloadCancelledError, "incomplete", "the answer is larger than DOWNLOAD_MAXSIZE"),
    (ResponseDataLossError, "unreachable", "the connection broke in the middle of the answer"),
    (DownloadFailedError, "unreachable", "the connection failed ({error}){mend}"),
    (IgnoreRequest, "incomplete", "{error}"),
)


def explain(error: BaseException | None) -> Trouble:
    """What an error of the network or of a middleware means for the portal."""
    if isinstance(error, IgnoreRequest) and str(error) == ROBOTS:
        return Trouble("blocked", "its robots.txt forbids the page")
    for kind, outcome, reason in RULES:
        if isinstance(error, kind):
            return Trouble(outcome, reason.format(error=first_line(error), mend=OLD_TLS if "SSL" in str(error) else ""))
    return Trouble("unreachable", f"{type(error).__name__}: {first_line(error)}")


def first_line(error: BaseException | None) -> str:
    """The error's words on one line of bearable length."""
    lines = str(error).splitlines()
    return (lines[0] if lines else type(error).__name__)[:200]
