"""Which reports a question is about: the current ones, those of a region and all below it. Words alone: who publishes asks so too, and
need not load what serves."""

from __future__ import annotations

import re

NATION = "100000"
CURRENT = "r.superseded_by IS NULL AND r.rendition_of IS NULL"


def prefix(code: str) -> str:
    """The digits that all codes below a region begin with: ``410100`` is ``4101``; the whole country none."""
    return "" if code == NATION else re.sub("(00){1,2}$", "", code)


def bounds(code: str) -> dict[str, str]:
    """``low`` and ``high`` of the codes of a region and all below it, for an index to follow."""
    return {"low": prefix(code), "high": prefix(code) + ":"}  # ":" follows "9"


def inside(code: str) -> str:
    """SQL that keeps the reports of a region and below (words: ``bounds``). One without a region is the country's."""
    return "1" if code == NATION else "r.region_code >= :low AND r.region_code < :high"


def below(code: str) -> str:
    """SQL of the region right below ``code`` in which a report lies. Counties of a municipality, and those that a province leads itself,
    have no prefecture above them."""
    if code == NATION:
        return "substr(r.region_code, 1, 2) || '0000'"
    if code.endswith("0000"):
        return "coalesce((SELECT g.code FROM regions g WHERE g.code = substr(r.region_code, 1, 4) || '00'), r.region_code)"
    return "r.region_code"
