"""Where an organ is: its name, the portal and the page that shows it, weighed; places of one name are told apart or left open."""

from __future__ import annotations

import re
from dataclasses import dataclass

from harvester import organs
from harvester.divisions import Region, contains
from harvester.items import Document
from harvester.regions import Gazetteer
from harvester.titles import CUT

TOWN = re.compile(r".{1,10}?(?:街道|[镇乡])|.{1,8}(?:苏木|管理区|农场)")


@dataclass(frozen=True, slots=True)
class Place:
    """An organ's place: ``code`` empty when it is not certain, then ``candidates``; ``rest`` is the name behind the regions in it.

    ``of_town``: the code was found by a township's name (cities without counties, as 东莞, have townships of their own).
    """

    code: str
    level: str
    rest: str
    candidates: tuple[Region, ...] = ()
    of_town: bool = False


def site_of(document: Document, portal_name: str, year: int | None, gazetteer: Gazetteer) -> str:
    """Code of the place that the name of the page's site tells; empty when it tells none."""
    meta = document.meta
    for name in (portal_name, meta.get("sitename", ""), *CUT.split(meta.get("title", ""))[1:]):
        if len(name) < 30 and len(found := gazetteer.mentioned(name, year).regions) == 1:
            return found[0].code
    return ""


def locate(organ: str, year: int | None, home: str, texts: tuple[str, ...], gazetteer: Gazetteer) -> Place:
    """Place of ``organ`` in ``year``; ``home`` is the portal's code or empty, ``texts`` are what the page says, the surest first."""
    mention = gazetteer.mentioned(organ, year, home)
    found, rest = mention.regions, mention.rest
    below: list[Region] = []
    town = TOWN.match(rest)
    if town and (not found or found[0].level != "county"):
        within = found[0].code if len(found) == 1 else home
        below = _below(gazetteer.towns(town[0], year, within), found, within)
        found = below or found
    if len(found) > 1:
        found = _told_apart(found, texts, gazetteer, by_name=bool(below))
    if len(found) == 1:
        return Place(found[0].code, found[0].level, rest, of_town=bool(below))
    if found:
        return Place("", found[0].level if len({region.level for region in found}) == 1 else "", rest, tuple(found))
    return _at_home(home, year, rest, gazetteer)


def _at_home(home: str, year: int | None, rest: str, gazetteer: Gazetteer) -> Place:
    region = gazetteer.get(home, year)
    if region and region.level != "county" and organs.BELOW_CITY.match(rest):
        return Place("", "county", rest)  # 区城管局 on a city's portal: one of its districts, who knows which
    return Place(home, region.level if region else "", rest)


def _below(counties: list[Region], named: list[Region], within: str) -> list[Region]:
    """Counties of a township's name that lie where the organ's name, or the portal, says."""
    return [county for county in counties if contains(within, county.code)] if named or within else counties


def _told_apart(found: list[Region], texts: tuple[str, ...], gazetteer: Gazetteer, by_name: bool) -> list[Region]:
    """Of places with one name those whose prefecture, else whose province, a text names.

    ``by_name``: they are the counties of a township's name, and one that is named alone is it.
    """
    for text in filter(None, texts):
        if by_name and len(named := [region for region in found if _names(text, region)]) == 1:
            return named
        for above in (gazetteer.parent, gazetteer.province):
            if named := [region for region in found if _names(text, gazetteer.get(above(region.code)))]:
                return named
    return found


def _names(text: str, region: Region | None) -> bool:
    """Whether ``text`` has the region's name; one of two characters stands in other words too (示范县, 市和县)."""
    return region is not None and len(region.name) > 2 and region.name in text


def prefix(expanded: str, rest: str) -> int:
    """Length of the regions' names in front of an organ that was expanded (漯河市|人民政府, 府店镇人民政府)."""
    place = expanded.rfind(rest) if rest else -1
    if place >= 0:
        return place
    return len(expanded) - len("人民政府") if expanded.endswith("人民政府") else 0


def whole_name(organ: str, place: Place, year: int | None, gazetteer: Gazetteer) -> str:
    """``organ`` with its place in front when it says only 市, 县 or 区: 市教育局 -> 漯河市教育局."""
    region = gazetteer.get(place.code, year) if place.code and place.rest == organ else None
    return region.name + organ[1:] if region and organs.OF_PLACE.match(organ) and region.name.endswith(organ[0]) else organ
