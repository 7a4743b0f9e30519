"""One run in this process: settings put together, Scrapy started with one of the spiders, and what came of it handed back."""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from harvester import memory, registry, sample
from harvester.errors import HarvesterError, RegistryError, StorageError, UsageError
from spiders import families, kept, transport, window
from spiders.check import Answer
from spiders.proposals import Discovery
from storage.archive import recover
from storage.status import was_crawled

INTERRUPTED = "shutdown"  # Scrapy's finish reason after Ctrl-C or SIGTERM
BROKEN = "storage: "  # what the belt puts before the reason when it ends the run because nothing more can be stored
YEARS = re.compile(r"((?:19|20)\d\d)(?:-((?:19|20)\d\d))?")
# The sample portals stand on this machine and belong to us: nobody is disturbed, so nothing is waited for.
SAMPLE_PACE = {
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 4,
    "HARVEST_CONTACT": "the person at this machine",
}
ASKING = ("portal", "check", "discover")  # spiders that ask servers of others
NO_CONTACT = "HARVEST_CONTACT is not set: whoever this crawl disturbs cannot write to you; give -s HARVEST_CONTACT=ADDRESS"


class StorageErrors(logging.Handler):
    """Collects storage errors that Scrapy logs and goes on after, as it does when a run is closing: the user must hear of them."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, StorageError):
            self.told.append(str(error))


@dataclass(slots=True)
class Finished:
    """A run that ended: its spider (with ``summary``), Scrapy's finish reason, the log, and the storage errors that Scrapy only logged."""

    spider: Spider
    reason: str
    log: Path
    broken: list[str]

    @property
    def interrupted(self) -> bool:
        return self.reason in (INTERRUPTED, window.ENDED)

    @property
    def stopped_by(self) -> str:
        """Why storage ended the run before its end, in one line; empty when it did not."""
        return self.reason.removeprefix(BROKEN) if self.reason.startswith(BROKEN) else next(iter(self.broken), "")


def crawl(
    portal_ids: Sequence[str],
    registry_file: Path | None,
    years: str,
    db: Path,
    archive: Path,
    summary: Path | None,
    overrides: Sequence[str],
) -> Finished:
    """Crawl the named portals of the registry, or all. Raises ``UsageError`` for an unknown id, a bad line, a bad range of years."""
    years, overrides = checked_years(years), checked_overrides(overrides)
    portals = portals_of(registry_file, portal_ids)
    if portal_ids and (unknown := [portal.portal_id for portal in portals if not portal.list_url]):
        raise UsageError(f"the list of {', '.join(unknown)} is not known yet; put its address into list_url of the registry")
    if registry_file:
        kept.keep(archive, registry_file)
    options = {
        **common(db, archive, summary),
        "HARVEST_PORTALS": str(registry_file or ""),
        "HARVEST_PORTAL_IDS": list(portal_ids),
        "HARVEST_YEARS": years,
    }
    return run("portal", options, overrides)


def crawl_sample(years: str, db: Path, archive: Path, summary: Path | None, overrides: Sequence[str]) -> Finished:
    """Serve the embedded sample portals and crawl them: their first week, or their second when ``db`` has seen them before."""
    years = checked_years(years)
    edition = 2 if was_crawled(db, "sample-") else 1
    with sample.serve(edition) as served:
        if elsewhere := [url for place, url in enumerate(served.base_urls.values(), sample.FIRST_PORT) if not url.endswith(f":{place}")]:
            taken = "their ports are taken, so this database does not know their pages again"
            print(f"harvester: {len(elsewhere)} sample portals stand at other addresses today ({elsewhere[0]} …): {taken}", file=sys.stderr)
        kept.keep(archive, served.portals_csv, served.regions_csv)
        options = {
            **common(db, archive, summary),
            **SAMPLE_PACE,
            "HARVEST_PORTALS": str(served.portals_csv),
            "HARVEST_REGION_FILES": [str(served.regions_csv)],
            "HARVEST_YEARS": years,
        }
        return run("portal", options, overrides)


def ingest(paths: Sequence[Path], db: Path, archive: Path, summary: Path | None, overrides: Sequence[str]) -> Finished:
    """Files, folders, WARC and WACZ through the belt, without a network."""
    with kept.known_to(archive) as known:
        return run("files", {**common(db, archive, summary), **known}, overrides, paths=[str(path) for path in paths])


def check(registry_file: Path | None, portal_ids: Sequence[str], overrides: Sequence[str]) -> dict[str, Answer]:
    """Ask each list once; the answers by portal id."""
    options = {"HARVEST_PORTALS": str(registry_file or ""), "HARVEST_PORTAL_IDS": list(portal_ids), "HARVEST_DB": ""}
    answers: dict[str, Answer] = run("check", {**options, "LOG_LEVEL": "CRITICAL"}, overrides).spider.answers  # type: ignore[attr-defined]
    return answers


def discover(home: str, registry_file: Path | None, most: int, overrides: Sequence[str]) -> Discovery:
    """Look for the list of the portal at ``home`` with at most ``most`` requests. Raises ``UsageError`` for what is no web address."""
    address = home if "://" in home else f"http://{home}"
    try:
        registry.check_url("URL", address)
    except RegistryError as error:
        raise UsageError(f"{home}: no web address; give a portal's home page, such as https://www.example.gov.cn/") from error
    portals_of(registry_file)
    asked = {"HARVEST_PORTALS": str(registry_file or ""), "HARVEST_DB": "", "HARVEST_ARCHIVE": "", "HARVEST_REQUESTS": most}
    found: Discovery = run("discover", {**asked, "LOG_LEVEL": "CRITICAL"}, overrides, home=address).spider.discovery  # type: ignore[attr-defined]
    return found


def portals_of(registry_file: Path | None, portal_ids: Sequence[str] = ()) -> list[registry.Portal]:
    """The lines of the registry with these ids, or all. Raises ``UsageError`` for an id it does not have."""
    return registry.named(registry.read(registry_file, families.names()), portal_ids)


def checked_years(years: str) -> str:
    """``years`` itself when it is a year or a range of years, or empty. Raises ``UsageError``."""
    found = YEARS.fullmatch(years)
    if years and (not found or (found[2] and found[2] < found[1])):
        raise UsageError(f"--years {years}: write one year (2021) or a range (2019-2025)")
    return years


def common(db: Path, archive: Path, summary: Path | None) -> dict[str, Any]:
    """The settings that options of every command that stores give."""
    return {
        "HARVEST_DB": str(db),
        "HARVEST_ARCHIVE": str(archive),
        "HARVEST_SUMMARY": str(summary or ""),
        "HARVEST_PROGRESS": sys.stderr.isatty(),
    }


def run(spider: str, options: Mapping[str, Any], overrides: Iterable[str] = (), **arguments: Any) -> Finished:
    """Run the spider named ``spider`` to its end.

    ``options`` are settings of ours (``HARVEST_DB`` …), ``overrides`` the user's ``NAME=VALUE`` and win over them; ``arguments`` are
    the spider's own. Raises the :class:`HarvesterError` that kept the run from starting, ``UsageError`` for a wrong override.
    """
    settings, log = prepared(options, overrides)
    if spider in ASKING and not settings["HARVEST_CONTACT"]:
        print(f"harvester: {NO_CONTACT}", file=sys.stderr)
    broken = listen()
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(spider)
    transport.make_room()
    task = process.crawl(crawler, **arguments)
    process.start()
    if task.done() and not task.cancelled() and (error := task.exception()):
        raise error
    if crawler.spider is None:
        raise HarvesterError(f"the run did not start; the log says why: {log}")
    reason = crawler.stats.get_value("finish_reason") or INTERRUPTED
    return Finished(crawler.spider, reason, log, broken.told)


def prepared(options: Mapping[str, Any], overrides: Iterable[str]) -> tuple[Settings, Path]:
    """Settings and log of a run, when all that it writes can be written; what a killed run left of the archive is whole then.

    Raises ``StorageError``, ``UsageError`` for a wrong override.
    """
    settings = settings_for(options, overrides)
    log = Path(settings["LOG_FILE"] or os.devnull)
    make_room_for(log, "--db")
    if settings["HARVEST_SUMMARY"]:
        make_room_for(Path(settings["HARVEST_SUMMARY"]), "--summary")
    if settings["HARVEST_ARCHIVE"]:
        for message in recover(settings["HARVEST_ARCHIVE"]):
            print(f"harvester: {message}", file=sys.stderr)
    return settings, log


def listen() -> StorageErrors:
    """Of this run's storage errors none is missed; memory is held as reading many pages wants it."""
    logging.raiseExceptions = False  # a log that cannot be written (a full disk) must not fill stderr with tracebacks
    logging.getLogger().addHandler(broken := StorageErrors())
    memory.keep_between_pages()
    return broken


def settings_for(options: Mapping[str, Any], overrides: Iterable[str] = ()) -> Settings:
    """Scrapy's settings: ``harvester.settings``, then ``options``, then the user's overrides, each over the one before."""
    settings = Settings()
    settings.setmodule("harvester.settings", priority="project")
    given = dict(options)
    if given["HARVEST_DB"]:
        given.setdefault("LOG_FILE", str(log_beside(Path(given["HARVEST_DB"]))))
    settings.setdict(given, priority="cmdline")
    settings.setdict(dict(override.split("=", 1) for override in checked_overrides(overrides)), priority="cmdline")
    return settings


def log_beside(database: Path) -> Path:
    """The log of the runs into ``database``: ``data/harvest.db`` has ``data/harvest.log``."""
    return database.with_suffix(".log")


def make_room_for(path: Path, option: str) -> None:
    """Creates the folder of ``path``. Raises ``StorageError``, naming the ``option`` to change, when the file cannot be written there."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.open("ab").close()
    except OSError as error:
        raise StorageError(f"{path}: cannot be written ({error.strerror}); name another place with {option}") from error


def checked_overrides(overrides: Iterable[str]) -> list[str]:
    """``overrides`` as they are when each is ``NAME=VALUE``. Raises ``UsageError``."""
    for override in overrides:
        name, equals, _ = override.partition("=")
        if not equals or not name.isidentifier():
            raise UsageError(f"-s {override}: write a Scrapy setting as NAME=VALUE, for example -s DOWNLOAD_DELAY=2")
    return list(overrides)
