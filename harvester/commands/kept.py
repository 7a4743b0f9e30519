"""The commands on what is kept already: hand it on, look at it, read it a second time."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import NoReturn

import click

from harvester import console
from harvester.commands.options import FILE, archive_option, db_option, existing, shown_archive
from harvester.errors import UsageError


@click.command()
@click.option("--format", "form", type=click.Choice(["corpus", "csv", "parquet", "jsonl", "datapackage", "html"]), required=True)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder to write.")
@db_option
def export(form: str, out: Path, db: Path) -> int:
    """Write the database out for other programs.

    \b
    harvester export --format corpus --out corpus      one text file a report, and a manifest; ingest takes it back
    harvester export --format csv --out tables         one CSV a table
    harvester export --format html --out pages         the site as plain files, for any web host
    """
    from storage import export as exports

    return told(exports.export(existing(db), form, out))


@click.command()
@db_option
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder to write.")
@shown_archive
def publish(db: Path, out: Path, archive: Path | None) -> int:
    """Make the Datasette-ready folder.

    Database, descriptions in Chinese and English, search, views, plugins. The site shows archived pages where the archive is.

    \b
    harvester publish --out site
    harvester publish --out site --archive /srv/archive
    """
    from storage import publish as publishing

    return told(publishing.publish(existing(db), out, archive))


@click.command()
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder to write: new, empty or a release."
)
@db_option
@click.option("--previous", type=click.Path(exists=True, file_okay=False, path_type=Path), help="An earlier release to compare with.")
@click.option("--version", default="", help="The release's version; default the day of the data.")
def release(out: Path, db: Path, previous: Path | None, version: str) -> int:
    """Make a release: the data to take home, cite and verify.

    CSV, Parquet, JSON lines, texts and SQLite with their descriptions (Frictionless, Croissant), CITATION.cff, checksums, known faults,
    and what changed since the release before. The same database gives the same bytes.

    \b
    harvester release --out releases/2026-04
    harvester release --out releases/2026-05 --previous releases/2026-04
    """
    from storage.release import making

    return told(making.release(existing(db), out, previous, version))


@click.command()
@db_option
@click.option("--site", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Serve this published folder as it stands.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen; another one only in a container.")
@click.option("--port", type=click.IntRange(1, 65535), default=8001, show_default=True)
@shown_archive
def serve(db: Path, site: Path | None, host: str, port: int, archive: Path | None) -> NoReturn:
    """Look at the database in a browser.

    Datasette on 127.0.0.1, until Ctrl-C.

    \b
    harvester serve
    harvester serve --db mine.db --port 8080
    harvester serve --site data/site
    """
    from storage import publish as publishing

    if site and not (site / f"{publishing.NAME}.db").is_file():
        raise UsageError(f"{site}: no published folder; make one with: harvester publish --out {site}")
    if busy(port):
        raise UsageError(f"--port {port}: another program listens there; end it or give another --port")
    folder = site or publishing.fresh(existing(db), archive)
    click.echo(f"http://{host}:{port}/  (Ctrl-C ends it)", err=True)
    os.execv(sys.executable, [sys.executable, "-m", "datasette", *publishing.serve_args(folder, port, host)])


@click.command()
@db_option
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
def status(db: Path, as_json: bool) -> int:
    """Last runs, portals, coverage, and what is broken.

    \b
    harvester status
    harvester status --json | jq .portals
    """
    from storage.status import status_of

    facts = status_of(existing(db))
    console.show_json(facts) if as_json else console.show_status(facts, db)
    return 0


@click.command()
@click.argument("files", nargs=-1, type=FILE)
@click.option("--sample", type=click.IntRange(min=1), metavar="N", help="Only N reports, drawn at random.")
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed draws others; the same draws the same.")
@db_option
@archive_option
def audit(files: tuple[Path, ...], sample: int | None, seed: int, db: Path, archive: Path) -> int:
    """Read archived reports by a second reader, tell where the two differ.

    Another parser, another grid, another way to know a label and a number. Each cell that they read differently becomes an issue
    (reader_disagreement) of its report. With FILES, those are read by both readers, without a database.

    \b
    harvester audit
    harvester audit --sample 200 --seed 7
    harvester audit report.html
    """
    from storage import audit as audits

    if files and sample:
        raise UsageError("--sample draws from the database: leave it out, or leave out the files")
    if files:
        return console.show_audit(audits.of_files(files, console.bar))
    existing(db)
    if not archive.is_dir():
        raise UsageError(f"{archive}: no such archive; name its folder with --archive")
    return console.show_audit(audits.of_database(db, archive, sample, seed, console.bar))


def busy(port: int) -> bool:
    """Whether a program listens on ``port`` of this machine already."""
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


def told(line: str) -> int:
    click.echo(line)
    return 0


COMMANDS = (audit, export, publish, release, serve, status)
