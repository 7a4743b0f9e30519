"""One command for cron: crawl, hold the result against the assertions, publish, report; killed anywhere, it can be typed again."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from harvester import assertions
from harvester.assertions import Measure, Verdict
from harvester.commands import lock
from harvester.commands.options import EXISTING, archive_option, db_option, registry_option, scrapy_option
from harvester.errors import StorageError, UsageError

OUT = Path("data/site")
FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("portal_ids", nargs=-1, metavar="[PORTAL_ID]...")
@registry_option
@click.option("--sample", is_flag=True, help="Serve the embedded sample portals on 127.0.0.1 and crawl those.")
@db_option
@archive_option
@click.option("--out", type=FOLDER, default=OUT, show_default=True, help="The published folder.")
@click.option("--reports", type=FOLDER, help="The folder of the run reports; default: runs, beside the database.")
@click.option("--years", default="", metavar="2019-2025", help="Report years wanted: one year or a range; default all.")
@click.option("--assertions", "limits", type=EXISTING, help="TOML that changes limits of harvester/data/assertions.toml.")
@click.option("--force", is_flag=True, help="Publish although assertions fail, and say so.")
@scrapy_option
def run(portal_ids: tuple[str, ...], registry_file: Path | None, sample: bool, years: str, overrides: tuple[str, ...], **given: Any) -> int:
    """Crawl, check, publish, report: for cron.

    The published folder is replaced only when the assertions hold; the run report tells the rest. Two runs never overlap. After a kill
    the same command goes on from there.

    \b
    harvester run --sample
    harvester run --portals mine.csv --db mine.db --archive mine-archive --out site -s HARVEST_CONTACT=you@example.org
    """
    if sample and (portal_ids or registry_file):
        raise UsageError("--sample crawls the embedded portals: leave out the portal ids and --portals, or leave out --sample")
    limits, db = assertions.load(given["limits"]), given["db"]
    folder = given["reports"] or db.parent / "runs"
    with lock.held(db) as left_behind:
        said(left_behind)
        finished = crawl(portal_ids, registry_file, sample, years, {"db": db, "archive": given["archive"], "overrides": overrides})
        with interruptible():
            return after(finished, limits, db, given["out"], folder, given["force"], [left_behind] if left_behind else [])


def crawl(portal_ids: Sequence[str], registry_file: Path | None, sample: bool, years: str, options: Mapping[str, Any]) -> Any:
    """The crawl itself, as ``harvester crawl`` does it."""
    from harvester.commands.replaying import leftover
    from spiders import launch

    leftover.store(options["db"], options["archive"], options["overrides"])
    given = {**options, "summary": None}
    return launch.crawl_sample(years, **given) if sample else launch.crawl(portal_ids, registry_file, years, **given)


def after(finished: Any, limits: list[assertions.Assertion], db: Path, out: Path, folder: Path, force: bool, notes: list[str]) -> int:
    """What follows a crawl: its closing summary, the verdicts, publication, the report. Returns the exit status."""
    from spiders.closing import conclude
    from storage.reporting import folder as reports

    broken = ""
    try:
        status = conclude(finished, db)
    except StorageError as error:
        status, broken = 1, str(error)
    since, until = reports.told_until(folder), f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    facts = gathered(finished, db, out, since, until)
    verdicts = assertions.judge(limits, facts["measures"], until[:10])
    published = handed_on(verdicts, db, out, force and not finished.interrupted)
    page = reported(facts, verdicts, published, [*notes, *filter(None, [broken])], db, folder)
    click.echo(f"{published.told}\nreport: {page}")
    for line in [broken, *(f"assertion: {verdict.told()}" for verdict in verdicts if verdict.outcome == "fail")]:
        said(line)
    if published.outcome in ("blocked", "failed"):
        said(published.told)
    return 0 if status == 0 and published.outcome == "published" else 1


def gathered(finished: Any, db: Path, out: Path, since: str, until: str) -> dict[str, Any]:
    """Everything that verdicts and report need of the database: the run's ``summary``, ``news``, ``measures``."""
    from storage import measures, news
    from storage.database import Database

    summary = finished.spider.summary.as_dict()
    with Database(db) as database:
        told = {**news.since(database.connection, since, until), "since": since, "until": until}
        now = measures.of_database(database.connection)
        found = measures.measured(database.connection, now, measures.published(out), told, summary)
    unfinished = Measure(float(finished.interrupted or bool(finished.stopped_by)))
    return {"summary": summary, "news": told, "measures": {**found, "unfinished": unfinished, "disk_room": measures.room(db, out)}}


def handed_on(verdicts: Sequence[Verdict], db: Path, out: Path, force: bool) -> Any:
    """Publishes, unless a verdict blocks it; what stood there before stays in that case."""
    from storage import publish
    from storage.reporting.facts import Published

    blocking = [verdict.assertion.key for verdict in verdicts if verdict.blocks]
    if blocking and not force:
        stays = f"{out} stays as it was" if out.exists() else f"{out} is not made"
        return Published(
            "blocked", str(out), f"not published, {stays}: {', '.join(blocking)}; look at the report, then --force if it is right"
        )
    try:
        told = publish.publish(db, out)
    except StorageError as error:
        return Published("failed", str(out), str(error))
    by_force = f"; published by --force although these assertions fail: {', '.join(blocking)}" if blocking else ""
    return Published("forced" if blocking else "published", str(out), told + by_force)


def reported(facts: Mapping[str, Any], verdicts: Sequence[Verdict], published: Any, notes: list[str], db: Path, folder: Path) -> Path:
    """Writes the run report; returns its page."""
    from storage import news
    from storage.database import Database
    from storage.reporting import folder as reports
    from storage.reporting.facts import report_of

    with Database(db) as database:
        report = report_of(database.connection, facts["summary"], facts["news"], verdicts, published, notes)
        return reports.write(folder, report, news.feed(database.connection))


def said(line: str) -> None:
    if line:
        print(f"harvester: {line}", file=sys.stderr)


@contextmanager
def interruptible() -> Iterator[None]:
    """Ctrl-C and SIGTERM end what follows a crawl at once: Scrapy leaves handlers behind that ask a crawl to end which is over."""
    before = {name: signal.signal(name, signal.default_int_handler) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
