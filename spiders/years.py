"""The report years a run wants: ``2021``, ``2019-2025``, or all."""

from __future__ import annotations

import re

from harvester.errors import UsageError


def wanted_years(told: str) -> range | None:
    """Years of ``HARVEST_YEARS``, None for all. Raises ``UsageError`` for anything but a year or a range that runs forward."""
    match = re.fullmatch(r"\s*(\d{4})(?:\s*-\s*(\d{4}))?\s*", told)
    if not told.strip():
        return None
    years = range(int(match[1]), int(match[2] or match[1]) + 1) if match else range(0)
    if not years:
        raise UsageError(f"years {told!r}: write one year such as 2021, or a range such as 2019-2025")
    return years
