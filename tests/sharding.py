"""Shards for tests: the pages of one archive, read once, dealt out to databases with archives of their own, as many at a time as wanted."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from harvester import registry
from harvester.items import GONE, Page
from harvester.reading import read_report
from harvester.regions import default
from pipelines.identify import context_of
from spiders.containers import expanded
from storage import archive
from storage.database import Database
from storage.shards import Shard

PLACES = {"warc_file", "warc_offset"}


@dataclass
class Corpus:
    """The pages of an archive in the order of their records, each with its members; and the bytes of each record with its notes."""

    folder: Path
    pages: list[list[Page]]
    records: list[bytes]

    @property
    def urls(self) -> list[str]:
        return sorted({pages[0].url for pages in self.pages})

    def shard(self, place: Path, wanted: Collection[str], first: int = 0, last: int = 1_000_000) -> Shard:
        """A database at ``place`` of the pages at the ``wanted`` addresses, with an archive of their records."""
        shard = Shard(place / "harvest.db", place / "archive")
        shard.archive.mkdir(parents=True)
        name = f"harvester-20260101000000-{place.name}-00000.warc.gz"
        with Database(shard.db, batch=1000) as database, (shard.archive / name).open("wb") as warc:
            load(database, self.folder)
            for pages, record in list(zip(self.pages, self.records, strict=True))[first:last]:
                if pages[0].url in wanted:
                    store(database, pages, name, warc.tell())
                    warc.write(record)
        return shard


def read(folder: Path, scratch: Path) -> Corpus:
    """Every page of the archive ``folder`` as the belt reads it, in this process."""
    regions = default((str(folder / "regions.csv"),))
    found = list(archive.pages(folder))
    corpus = Corpus(folder, [], [])
    with Database(scratch / "names.db") as names:
        load(names, folder)
        for page in found:
            corpus.pages.append([page] if page.status in GONE else list(expanded(page)))
            for one in corpus.pages[-1] if page.status not in GONE else ():
                if not one.report:
                    context = context_of(one, names)
                    one.report = read_report(one.body, context.source, one.content_type, context, regions)
                    one.report.id = one.report_id or one.report.id
    corpus.records += [record for _, record in members(folder)]
    return corpus


def members(folder: Path) -> list[tuple[Page, bytes]]:
    """Each page of an archive with the bytes of its record and of what is noted behind it."""
    found, told = list(archive.pages(folder)), []
    for number, page in enumerate(found):
        assert page.capture
        path = folder / page.capture.warc_file
        following = found[number + 1].capture if number + 1 < len(found) else None
        end = following.warc_offset if following and following.warc_file == path.name else path.stat().st_size
        told.append((page, path.read_bytes()[page.capture.warc_offset : end]))
    return told


def load(database: Database, folder: Path) -> None:
    database.load_reference(registry.read(folder / "portals.csv"), [folder / "regions.csv"])


def store(database: Database, pages: Iterable[Page], name: str, offset: int) -> None:
    """Saves the pages of one record as lying at ``offset`` of the file ``name``."""
    for page in pages:
        if page.status in GONE:
            for url in database.under(page.url):
                database.gone(url, page.fetched_at)
            continue
        if container := page.notes.get("container"):
            page = replace(page, capture=replace(container.capture, body_sha256=archive.body_sha256(page.body)))
        assert page.capture
        page.capture = replace(page.capture, warc_file=name, warc_offset=offset)
        database.save(page)
