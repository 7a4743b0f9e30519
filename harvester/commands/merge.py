"""``harvester merge``: several databases with their archives become one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from harvester import console
from harvester.commands.options import EXISTING, archive_option, db_option


@click.command()
@click.argument("shards", nargs=-1, required=True, type=EXISTING, metavar="SHARD...")
@db_option
@archive_option
def merge(shards: tuple[Path, ...], db: Path, archive: Path) -> int:
    """Fold databases with their archives into one.

    A shard is a folder that holds one database (*.db) and its archive (archive/), or that database. The order does not matter, twice
    changes nothing, and what was killed goes on when it is typed again. Ids stay; the shards are only read.

    \b
    harvester merge shards/* --db all.db --archive all-archive
    """
    from storage import merging
    from storage.shards import found

    click.echo(told(merging.merge([found(shard) for shard in shards], db, archive, told=bar), db))
    return 0


def bar(shards: Sequence[Any]) -> Iterable[Any]:
    """The shards one by one, with a bar on stderr."""
    return console.bar(shards, "shards")


def told(merged: Any, db: Path) -> str:
    """What came of a merge, and what to type next."""
    folded = f"{merged.folded:,} of {merged.shards:,} shards folded in" + (
        f" ({merged.shards - merged.folded:,} were in already)" if merged.folded < merged.shards else ""
    )
    held = f"{db} holds {merged.reports:,} reports and {merged.captures:,} captures in {merged.files:,} WARC files"
    return f"{folded}; {held}\nnext: harvester serve --db {db}"
