"""Of whom a report is expected, and for which years: from the registry, from what was seen, and from when organs came up and ended."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from harvester.organs import GOVERNMENTS, name_key
from harvester.reforms import given_up
from harvester.regions import Gazetteer
from storage import organ_links

PORTALS = """SELECT p.id, p.name, r.code, r.name, r.level FROM portals p JOIN regions r ON r.code = p.region_code
    WHERE r.level IN ('province', 'prefecture', 'county') ORDER BY p.id"""
PORTAL_YEARS = "SELECT portal_id, min(year) FROM reports WHERE superseded_by IS NULL AND year IS NOT NULL GROUP BY portal_id"
NEWEST = """SELECT organ_id, portal_id, scope, max(year) FROM reports WHERE organ_id IS NOT NULL AND year IS NOT NULL
    AND superseded_by IS NULL AND portal_id IS NOT NULL GROUP BY organ_id"""
FIRST_LIST = 2007  # of the national lists of regions: what stands in it may be any age


@dataclass(slots=True)
class Expected:
    """An organ of which reports are expected for the years ``first`` to ``last``. ``portal_id``: where its newest report is shown, or whose
    registry line names its government. ``given_up``: from this year on its name is one that a reform gave up, and nobody knows its heir."""

    organ_id: str
    name: str
    region_code: str | None
    level: str
    scope: str
    portal_id: str | None
    first: int
    last: int
    given_up: int = 9999


def expected(connection: sqlite3.Connection, until: int) -> list[Expected]:
    """Everybody who is expected to report, for years up to ``until``. Governments that the registry names and nobody saw are added to
    ``organs``, for the ledger refers to them."""
    known = _seen(connection, until)
    shown = {portal: year for portal, year in connection.execute(PORTAL_YEARS) if portal}
    for entry in known.values():
        if entry.level in {f"{tier}_government" for tier in GOVERNMENTS.values()}:
            entry.first = min(entry.first, shown.get(entry.portal_id or "", entry.first))
    last_seen = {organ: last for organ, _, last in connection.execute(organ_links.SEEN)}
    first_seen = {organ: first for organ, first, _ in connection.execute(organ_links.SEEN)}
    _link(known, organ_links.read(connection), last_seen)
    _within_regions(connection, known, first_seen, last_seen)
    _give_up(known, first_seen, last_seen)
    return [*known.values(), *_of_registry(connection, known, shown, until)]


def _seen(connection: sqlite3.Connection, until: int) -> dict[str, Expected]:
    """Organs with a report: from its first year on. ``last`` is the last year that is due, or a later one that was seen."""
    sql = f"""SELECT s.organ_id, o.name, o.region_code, o.level, n.scope, n.portal_id, s.first, max(s.last, :until)
        FROM (SELECT organ_id, min(year) AS first, max(year) AS last FROM reports WHERE organ_id IS NOT NULL AND year IS NOT NULL
        GROUP BY organ_id) s JOIN organs o ON o.id = s.organ_id LEFT JOIN ({NEWEST}) n ON n.organ_id = s.organ_id"""
    found = (Expected(*row) for row in connection.execute(sql, {"until": until}))
    return {entry.organ_id: entry for entry in found}


def _link(known: Mapping[str, Expected], links: Iterable[organ_links.Link], last_seen: Mapping[str, int]) -> None:
    """An organ that was renamed or merged ends with the year before, or the last in which it reported after all; its heir begins there."""
    for link in links:
        if link.relation == "split":
            continue
        old, new, year = known[link.organ_id], known[link.other_id], int(link.on_date[:4])
        old.last = min(old.last, max(year - 1, last_seen[old.organ_id]))
        new.first = min(new.first, max(year, last_seen[old.organ_id] + 1))


def _within_regions(
    connection: sqlite3.Connection, known: Mapping[str, Expected], first_seen: Mapping[str, int], last_seen: Mapping[str, int]
) -> None:
    """No organ is missed before its region was there, nor after it was gone."""
    gazetteer = Gazetteer()
    regions = {code: (start, end) for code, start, end in connection.execute("SELECT code, valid_from, valid_to FROM regions")}
    for organ_id, entry in known.items():
        start, end = regions.get(organ_id[:6], (None, None))
        # A place that had another code before is older than its code.
        if start and int(start[:4]) > FIRST_LIST and not _renumbered(gazetteer, organ_id[:6], entry.first):
            entry.first = max(entry.first, min(int(start[:4]), first_seen[organ_id]))
        if end:
            entry.last = min(entry.last, max(int(end[:4]), last_seen[organ_id]))


def _renumbered(gazetteer: Gazetteer, code: str, year: int) -> bool:
    """Whether the same body had another code at the end of the year."""
    before = gazetteer.at(code, year)
    return before != code and gazetteer.lineage(before) == code


def _give_up(known: Mapping[str, Expected], first_seen: Mapping[str, int], last_seen: Mapping[str, int]) -> None:
    for organ_id, entry in known.items():
        year = given_up().get(organ_id[7:], 9999)
        if first_seen[organ_id] < year:
            entry.given_up = max(year, last_seen[organ_id] + 1)


def _of_registry(connection: sqlite3.Connection, known: Mapping[str, Expected], shown: Mapping[str, int], until: int) -> list[Expected]:
    """The governments whose portals the registry has, where no report of theirs was seen: from the first year their portal shows on."""
    gazetteer = Gazetteer()
    found: dict[str, Expected] = {}
    for portal, name, code, region, level in connection.execute(PORTALS).fetchall():
        organ_id = f"{gazetteer.lineage(code)}-{name_key('人民政府')}"
        if organ_id in known or organ_id in found or not _is_government(gazetteer, name, region):
            continue
        level = f"{GOVERNMENTS[level]}_government"
        found[organ_id] = Expected(organ_id, f"{region}人民政府", code, level, "consolidated", portal, shown.get(portal, until), until)
    rows = [(entry.organ_id, entry.name, entry.region_code, entry.level) for entry in found.values()]
    connection.executemany("INSERT OR IGNORE INTO organs (id, name, region_code, level) VALUES (?, ?, ?, ?)", rows)
    return list(found.values())


def _is_government(gazetteer: Gazetteer, name: str, region: str) -> bool:
    """Whether a portal is a government's own: its name is that of a region, and of nothing in it."""
    place = name.removesuffix("人民政府")
    mention = gazetteer.mentioned(place)
    return place.endswith(region) or bool(mention.regions and not mention.rest)
