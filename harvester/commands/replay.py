"""The archive again, by today's extraction: as many processes as wanted, the same database whatever their number."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from harvester.commands.options import archive_option, db_option, scheduler_option, scrapy_option, shared_option, summary_option
from harvester.errors import UsageError

if TYPE_CHECKING:
    from spiders.launch import Finished


@click.command()
@archive_option
@db_option
@click.option("--workers", type=click.IntRange(min=1), metavar="N", help="Processes that read; default: as many as there are cores.")
@summary_option
@scheduler_option
@shared_option
@scrapy_option
def replay(workers: int | None, scheduler: str | None, shared: Path | None, **options: Any) -> int:
    """Read the whole archive again.

    With today's extraction; every report keeps its id. A replay that was stopped goes on where it was.

    \b
    harvester replay
    harvester replay --archive data/archive --db fresh.db --workers 4
    """
    from spiders.closing import conclude

    if scheduler:
        return _by_many_machines(workers, scheduler, shared, **options)
    if shared:
        raise UsageError("--shared is for many machines: name their --scheduler")
    return conclude(replayed(workers, **options), options["db"])


def _by_many_machines(
    workers: int | None, scheduler: str, shared: Path | None, archive: Path, db: Path, summary: Path | None, overrides: tuple[str, ...]
) -> int:
    from harvester.commands.cluster import replay as cluster

    if summary:
        raise UsageError("--summary: a replay by many machines writes none; leave it out")
    if workers:
        raise UsageError("--workers are processes of this machine: leave out --workers, or leave out --scheduler")
    return cluster.replay(scheduler, shared, archive, db, overrides)


def replayed(workers: int | None, archive: Path, db: Path, summary: Path | None, overrides: tuple[str, ...]) -> Finished:
    """The whole archive through the belt again, read by ``workers`` processes. Raises ``UsageError`` when there is none."""
    from harvester.commands.replaying.archive import run
    from pipelines import cores
    from spiders import kept, launch

    if not archive.is_dir():
        raise UsageError(f"{archive}: no such archive; name its folder with --archive")
    with kept.known_to(archive) as known:
        settings, log = launch.prepared({**launch.common(db, archive, summary), **known}, overrides)
        broken = launch.listen()
        spider, reason = run(settings, workers or cores())
        return launch.Finished(spider, reason, log, broken.told)
