"""What a perfect harvest of the sample portals holds: every report with its identity and cells, and every page that is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harvester.sample.cms import family
from harvester.sample.cms.frame import Site
from harvester.sample.labels import Place, public_key
from harvester.sample.places import ORGANS, in_year, published
from harvester.sample.printed import Number, broken, cells, form_of
from harvester.sample.world import COPIES, published_on, title_of


@dataclass(frozen=True)
class Truth:
    """One true report. ``urls``: every listed address that carries it, on whatever portal.

    ``figures`` holds each cell of the form under (table, row, column) as printed: ``""`` for an empty cell, None where the document has
    no such cell; ``values`` the number it tells, in the unit it is printed in, None where it tells none. Prose reports have neither.
    ``broken`` names the identities (check, at) that fail in the source.
    """

    portal_id: str
    urls: tuple[str, ...]
    title: str
    organ: str
    year: int
    form: str
    region_code: str
    level: str
    scope: str
    published_on: str
    figures: dict[Place, str | None]
    values: dict[Place, Number | None]
    broken: frozenset[tuple[str, str]]


def truths(sites: Mapping[str, Site]) -> list[Truth]:
    """Every true report of an edition, in a fixed order."""
    return [_truth(sites, key, year) for key, year in published()]


def rejected(sites: Mapping[str, Site]) -> set[str]:
    """Addresses in the lists that lead to look-alikes."""
    rows = ((site, row) for site in sites.values() for row in site.rows)
    return {site.base + family(site.portal).address(row.article) for site, row in rows if row.article and row.article.lookalike}


def _truth(sites: Mapping[str, Site], key: str, year: int) -> Truth:
    organ, form = in_year(key, year), form_of(key, year)
    printed = cells(key, year, sites[organ.portal].edition)
    shown = {public_key(form, place): cell for place, cell in printed.items()}
    return Truth(
        portal_id=organ.portal,
        urls=_urls(sites, key, year),
        title=title_of(key, year),
        organ=organ.name,
        year=year,
        form=form,
        region_code=organ.region,
        level=organ.level,
        scope=organ.scope,
        published_on=published_on(key, year),
        figures={place: text for place, (text, _) in shown.items()},
        values={place: number for place, (_, number) in shown.items()},
        broken=frozenset(broken(key, year, sites[organ.portal].edition)),
    )


def _urls(sites: Mapping[str, Site], key: str, year: int) -> tuple[str, ...]:
    homes = [ORGANS[key].portal, *(portal for portal, copies in COPIES.items() if (key, year) in copies)]
    rows = ((sites[home], row) for home in homes for row in sites[home].rows)
    found = ((site, row) for site, row in rows if row.article and (row.article.organ, row.article.year) == (key, year))
    return tuple(site.base + family(site.portal).address(row.article, row.twin) for site, row in found if row.article)
