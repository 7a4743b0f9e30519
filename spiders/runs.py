"""What every run begins with, whichever spider it is: an id, a summary to fill, and the moment in UTC."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from scrapy.settings import BaseSettings

from harvester.summary import RunSummary


def begin(settings: BaseSettings) -> RunSummary:
    """The empty summary of a run: its id is ``HARVEST_RUN_ID``, or a new one of 8 hex digits."""
    return RunSummary(settings.get("HARVEST_RUN_ID") or secrets.token_hex(4), now())


def now() -> str:
    """This moment as ``2026-11-21T12:00:00Z``."""
    return stamp(datetime.now(UTC))


def stamp(moment: datetime) -> str:
    """``moment`` (aware) as ``2026-11-21T12:00:00Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
