"""The embedded sample portals: a made-up province on loopback, built as real portals are, whose every figure is known.

``serve()`` runs them and says what a harvest must find. Edition 2 is the week after: one report corrected under its address, one page
remodelled with the same text, everything else byte for byte as before.
"""

from __future__ import annotations

import csv
import os
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory

from harvester.sample.cms import answer, list_url, needs
from harvester.sample.cms.frame import Site
from harvester.sample.places import ORGANS, PORTALS, published
from harvester.sample.server import Desk, Response, bound, running
from harvester.sample.truth import Truth, rejected, truths

__all__ = ["FIRST_PORT", "Sample", "Truth", "serve"]

# Below the range that Linux hands out by itself. The same ports each time, so that a second crawl meets the same URLs; two crawls at
# once on one machine need ports of their own.
FIRST_PORT = int(os.environ.get("HARVEST_SAMPLE_PORT", "28471"))
WITNESS = "witness"
HEADER = ("portal_id", "name", "region_code", "list_url", "family", "min_reports", "note")


@dataclass(frozen=True)
class Sample:
    """The portals while they run.

    ``portals_csv`` and ``regions_csv`` are files in the registry's and the gazetteer's columns; ``base_urls`` maps portal ids to
    ``http://127.0.0.1:port``; ``truth`` holds every true report, ``rejected`` the look-alikes' URLs, ``requests`` counts by portal id.
    """

    portals_csv: Path
    regions_csv: Path
    base_urls: dict[str, str]
    truth: list[Truth]
    rejected: set[str]
    list_urls: dict[str, str]
    requests: Counter[str] = field(default_factory=Counter)

    def witness_hits(self) -> int:
        """How often the host was asked that no registry names: never, if the allow-list holds."""
        return self.requests[WITNESS]


@contextmanager
def serve(edition: int = 1, first_port: int = FIRST_PORT) -> Iterator[Sample]:
    """Runs the portals on 127.0.0.1 for the length of the block.

    ``edition`` 1 or 2. Ports count up from ``first_port``; one that is taken is replaced by any free one, 0 takes free ones throughout.
    """
    names = [*(portal.id for portal in PORTALS), WITNESS]
    sockets = {name: bound(first_port + index if first_port else 0) for index, name in enumerate(names)}
    bases = {name: f"http://127.0.0.1:{port.getsockname()[1]}" for name, port in sockets.items()}
    sites = {portal.id: Site(portal, bases, edition) for portal in PORTALS}
    requests: Counter[str] = Counter()
    with TemporaryDirectory(prefix="sample-") as folder, as_file(files(__name__).joinpath("regions.csv")) as regions:
        sample = _sample(Path(folder), regions, sites, requests)
        with running(_desks(sockets, sites, requests)):
            yield sample


def _sample(folder: Path, regions: Path, sites: dict[str, Site], requests: Counter[str]) -> Sample:
    return Sample(
        portals_csv=_registry(folder / "portals.csv", sites),
        regions_csv=regions,
        base_urls={name: site.base for name, site in sites.items()},
        truth=truths(sites),
        rejected=rejected(sites),
        list_urls={name: list_url(site) for name, site in sites.items()},
        requests=requests,
    )


def _desks(sockets: dict[str, socket.socket], sites: dict[str, Site], requests: Counter[str]) -> dict[socket.socket, Desk]:
    desks = {sockets[name]: Desk(name, partial(_respond, site), requests, needs(site.portal)) for name, site in sites.items()}
    return desks | {sockets[WITNESS]: Desk(WITNESS, _mirror, requests)}


def _respond(site: Site, path: str, form: dict[str, str]) -> Response:
    found = answer(site, path, form)
    return Response(found.status, found.content_type, found.body, found.modified, site.portal.validators, found.disposition)


def _mirror(path: str, form: dict[str, str]) -> Response:
    """The witness answers as a hijacked domain does: with something that looks like the report."""
    text = "<html><body><h1>青岚市交通运输局2021年政府信息公开工作年度报告</h1></body></html>"
    return Response(200, "text/html; charset=utf-8", text.encode())


def _registry(path: Path, sites: dict[str, Site]) -> Path:
    """The registry of these portals, as a user would write it."""
    counts = Counter(ORGANS[key].portal for key, _ in published())
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        for name, site in sites.items():
            portal = site.portal
            writer.writerow((name, portal.name, portal.region, list_url(site), portal.registry_family, counts[name], "sample portal"))
    return path
