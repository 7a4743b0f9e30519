"""What an archive must carry to be read again without the registry of its crawl: the portals and regions that came from outside."""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from harvester import registry
from harvester.errors import StorageError
from harvester.registry import Portal

PORTALS, REGIONS = "portals.csv", "regions.csv"


def keep(archive: Path, portals_csv: Path, regions_csv: Path | None = None) -> None:
    """Copies the lines of a user's own registry into ``archive`` (newer ones win), and a file of regions of their own.

    Raises ``StorageError`` when the archive cannot be written.
    """
    try:
        archive.mkdir(parents=True, exist_ok=True)
        write(archive / PORTALS, union(kept(archive), registry.read(portals_csv)))
        if regions_csv:
            with whole(archive / REGIONS) as path:
                shutil.copyfile(regions_csv, path)
    except OSError as error:
        raise StorageError(f"{archive}: cannot be written ({error.strerror}); name another place with --archive") from error


def kept(archive: Path) -> list[Portal]:
    """The portals that earlier crawls into ``archive`` brought with them."""
    return registry.read(archive / PORTALS) if (archive / PORTALS).is_file() else []


def union(*lists: Iterable[Portal]) -> list[Portal]:
    """All portals, one a portal id: of several the last."""
    return list({portal.portal_id: portal for portals in lists for portal in portals}.values())


@contextmanager
def known_to(archive: Path) -> Iterator[dict[str, Any]]:
    """Settings for reading ``archive`` again: its own portals beside those of the project, and its own regions."""
    with TemporaryDirectory(prefix="harvester-") as folder:
        settings: dict[str, Any] = {}
        if portals := kept(archive):
            settings["HARVEST_PORTALS"] = str(write(Path(folder) / PORTALS, union(portals, registry.read(None))))
        if (archive / REGIONS).is_file():
            settings["HARVEST_REGION_FILES"] = [str(archive / REGIONS)]
        yield settings


def write(path: Path, portals: Iterable[Portal]) -> Path:
    """A registry file at ``path`` with these portals; returns ``path``."""
    with whole(path) as work, work.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, [*registry.REQUIRED, *registry.EVIDENCE])
        writer.writeheader()
        writer.writerows(asdict(portal) for portal in portals)
    return path


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A place to write what becomes ``path`` in one step: neither another run nor one after a full disk reads half a file."""
    work = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield work
        work.replace(path)
    finally:
        work.unlink(missing_ok=True)
