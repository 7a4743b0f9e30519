"""Options that several commands share, and what they stand for when they are not given."""

from __future__ import annotations

from pathlib import Path

import click

from harvester.errors import UsageError

DB = Path("data/harvest.db")
ARCHIVE = Path("data/archive")
EXISTING = click.Path(exists=True, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
PATH = click.Path(path_type=Path)

db_option = click.option("--db", type=PATH, default=DB, show_default=True, help="The database.")
archive_option = click.option("--archive", type=PATH, default=ARCHIVE, show_default=True, help="The folder of the WARC files.")
shown_archive = click.option(
    "--archive", type=PATH, help="The folder of the WARC files to show pages from; else archive beside the database."
)
registry_option = click.option("--portals", "registry_file", type=EXISTING, help="Another registry than harvester/data/portals.csv.")
summary_option = click.option("--summary", type=PATH, help="Write the run summary as JSON.")
scrapy_option = click.option("-s", "overrides", multiple=True, metavar="NAME=VALUE", help="A Scrapy setting; may be repeated.")
scheduler_option = click.option("--scheduler", metavar="tcp://HOST:PORT", help="Share the work with the workers of this Dask scheduler.")
shared_option = click.option(
    "--shared", type=click.Path(file_okay=False, path_type=Path), help="The folder all workers see, for --scheduler; default: beside --db."
)


def existing(db: Path) -> Path:
    """``db`` itself when it is a file. Raises ``UsageError``."""
    if not db.is_file():
        raise UsageError(f"{db}: no such database; make one with: harvester crawl --sample")
    return db
