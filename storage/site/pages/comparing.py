"""Regions beside each other: sums with their denominators, rates ranked only where enough reports print them."""

from __future__ import annotations

from typing import Any

from . import coverage, sums
from .kit import Row, Site, years

RATE = "granted"


async def regions(site: Site, region: Row, scope: str) -> dict[str, Any]:
    """``ranked``: the regions right below with a rate over at least 30 reports, the highest on top; ``unranked``: the rest."""
    code, known = region["code"], await years(site)
    year = site.number("year", known[-1] if known else None) or 0
    rate = site.word("rate", RATE, [line[0] for line in sums.RATES])
    rates = {row["region_code"]: row for row in await sums.by_child(site, code, scope, year) if row["rate"] == rate}
    totals: dict[str, dict[str, Row]] = {}
    for cell in await sums.by_child(site, code, scope, year, "totals"):
        if (cell["table_key"], cell["column_key"]) == ("table_3", "total"):
            totals.setdefault(cell["region_code"], {})[cell["row_key"]] = cell
    covered = await coverage.by_child(site, code, year)
    names = {row["code"]: row["name"] for row in await site.rows("SELECT code, name FROM regions")}
    lines = [
        {
            "code": child,
            "name": names.get(child, child),
            "rate": sums.rate_link(site, rates[child], scope, child) if child in rates else None,
            "coverage": covered.get(child),
            "cells": [
                _cell(site, totals.get(child, {}).get(row), row, year, scope, child) for row in ("new_received", "granted", "total_handled")
            ],
        }
        for child in sorted({*rates, *totals, *covered} - {None})
    ]
    ranked = sorted((line for line in lines if _ranks(line["rate"])), key=lambda line: -_share(line["rate"]))
    context = {"ranked": ranked, "unranked": [line for line in lines if not _ranks(line["rate"])], "year": year, "years": known}
    return {**context, "rate": rate, "rates": [line[0] for line in sums.RATES]}


def _cell(site: Site, cell: Row | None, row: str, year: int, scope: str, code: str) -> Row | None:
    return cell and {**cell, "link": sums.link(site, "table_3", row, "total", year, scope, code)}


def _ranks(rate: Row | None) -> bool:
    return rate is not None and rate["n"] >= sums.LEAST and bool(rate["denominator"])


def _share(rate: Row) -> float:
    return float(rate["numerator"] / rate["denominator"])
