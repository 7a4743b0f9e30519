"""The front door: every command of ``harvester``, its options and examples; what is done lies in the rooms it calls."""

from __future__ import annotations

import json
import sys
from itertools import chain
from pathlib import Path
from typing import Any, NoReturn

import click

from harvester import __version__, console
from harvester.commands import discover, kept, merge, replay, run
from harvester.commands.options import (
    EXISTING,
    archive_option,
    db_option,
    registry_option,
    scheduler_option,
    scrapy_option,
    shared_option,
    summary_option,
)
from harvester.errors import UsageError
from harvester.guard import guard


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="harvester")
def cli() -> None:
    """Annual reports on government information disclosure (政府信息公开工作年度报告): found, kept, read and checked.

    \b
    harvester crawl --sample      the embedded sample portals into data/harvest.db
    harvester parse report.html   one file, figures as JSON, no database
    harvester serve               the database in a browser
    """


@cli.command()
@click.argument("portal_ids", nargs=-1, metavar="[PORTAL_ID]...")
@registry_option
@click.option("--sample", is_flag=True, help="Serve the embedded sample portals on 127.0.0.1 and crawl those.")
@db_option
@archive_option
@click.option("--years", default="", metavar="2019-2025", help="Report years wanted: one year or a range; default all.")
@summary_option
@scheduler_option
@click.option("--shards", type=click.IntRange(min=1), metavar="N", help="Shards to cut the registry into, for --scheduler.")
@shared_option
@scrapy_option
def crawl(
    portal_ids: tuple[str, ...],
    registry_file: Path | None,
    sample: bool,
    years: str,
    scheduler: str | None,
    shards: int | None,
    shared: Path | None,
    **options: Any,
) -> int:
    """Crawl the portals of the registry.

    All of them, or those named.

    \b
    harvester crawl --sample
    harvester crawl henan zhengzhou --years 2021-2025
    harvester crawl --portals mine.csv --db mine.db --archive mine-archive -s DOWNLOAD_DELAY=3
    """
    from harvester.commands.replaying import leftover
    from spiders import launch
    from spiders.closing import conclude

    if sample and scheduler:
        raise UsageError("--sample crawls portals on this machine alone: leave out --sample, or leave out --scheduler")
    if not scheduler and (shards or shared):
        raise UsageError("--shards and --shared are for many machines: name their --scheduler")
    if scheduler:
        from harvester.commands.cluster import crawl as cluster

        return cluster.crawl(scheduler, shards, shared, cluster.Wanted(portal_ids, registry_file, years, **options))
    if sample and (portal_ids or registry_file):
        raise UsageError("--sample crawls the embedded portals: leave out the portal ids and --portals, or leave out --sample")
    leftover.store(options["db"], options["archive"], options["overrides"])
    if sample:
        return conclude(launch.crawl_sample(years, **options), options["db"])
    return conclude(launch.crawl(portal_ids, registry_file, years, **options), options["db"])


@cli.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def parse(files: tuple[Path, ...]) -> int:
    """Read files, print one JSON object a line.

    Identity, figures, prose, checks and issues of each, and of each document in an archive. No database, no network.

    \b
    harvester parse report.html
    harvester parse reports/*.txt | jq -r '[.year, .organ, .checks[].outcome] | @tsv'
    """
    from harvester.reading import as_json, read_members

    unreadable = 0
    for report in chain.from_iterable(map(read_members, files)):
        sys.stdout.buffer.write(json.dumps(as_json(report), ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n")
        if report.kind == "unreadable":
            unreadable += 1
            click.echo(f"harvester: {report.source}: {report.reason}", err=True)
    sys.stdout.flush()
    return 1 if unreadable else 0


@cli.command()
@click.argument("paths", nargs=-1, required=True, type=EXISTING, metavar="PATH...")
@db_option
@archive_option
@summary_option
@scrapy_option
def ingest(paths: tuple[Path, ...], **options: Any) -> int:
    """Take in files, folders, WARC or WACZ.

    The same belt as a crawl, no network. Taking the same in twice changes nothing.

    \b
    harvester ingest reports/
    harvester ingest crawl-2024.warc.gz --db other.db --archive other-archive
    """
    from spiders import launch
    from spiders.closing import conclude

    return conclude(launch.ingest(paths, **options), options["db"])


@cli.command()
@click.argument("action", type=click.Choice(["check"]), required=False)
@click.argument("portal_ids", nargs=-1, metavar="[PORTAL_ID]...")
@registry_option
@scrapy_option
def portals(action: str | None, portal_ids: tuple[str, ...], registry_file: Path | None, overrides: tuple[str, ...]) -> int:
    """Show the registry, or check what answers.

    With "check", each list is asked once.

    \b
    harvester portals
    harvester portals check henan
    """
    from spiders import launch

    known = launch.portals_of(registry_file, portal_ids)
    if not action:
        return console.show_portals(known)
    return console.show_answers(known, launch.check(registry_file, portal_ids, overrides))


for command in (replay.replay, *kept.COMMANDS, discover.discover, merge.merge, run.run):
    cli.add_command(command)


def main() -> NoReturn:
    """Entry point of the ``harvester`` command: exit status 0, 1 or 2, and never a traceback."""
    sys.exit(guard(cli, sys.argv[1:]))
