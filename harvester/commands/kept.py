"""The commands on what is kept already: hand it on, look at it, read it a second time."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import NoReturn

import click

from harvester import console
from harvester.commands.options import FILE, archive_option, db_option, existing
from harvester.errors import UsageError


@click.command()
@click.option("--format", "form", type=click.Choice(["corpus", "csv", "parquet", "jsonl", "datapackage"]), required=True)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder to write.")
@db_option
def export(form: str, out: Path, db: Path) -> int:
    """Write the database out for other programs.

    \b
    harvester export --format corpus --out corpus      one text file a report, and a manifest; ingest takes it back
    harvester export --format csv --out tables         one CSV a table
    """
    from storage import export as exports

    return told(exports.export(existing(db), form, out))


@click.command()
@db_option
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder to write.")
def publish(db: Path, out: Path) -> int:
    """Make the Datasette-ready folder.

    Database, descriptions in Chinese and English, search, views, plugins.

    \b
    harvester publish --out site
    """
    from storage import publish as publishing

    return told(publishing.publish(existing(db), out))


@click.command()
@db_option
@click.option("--port", type=click.IntRange(1, 65535), default=8001, show_default=True)
def serve(db: Path, port: int) -> NoReturn:
    """Look at the database in a browser.

    Datasette on 127.0.0.1, until Ctrl-C.

    \b
    harvester serve
    harvester serve --db mine.db --port 8080
    """
    from storage import publish as publishing

    existing(db)
    if busy(port):
        raise UsageError(f"--port {port}: another program listens there; end it or give another --port")
    folder = publishing.fresh(db)
    click.echo(f"http://127.0.0.1:{port}/  (Ctrl-C ends it)", err=True)
    os.execv(sys.executable, [sys.executable, "-m", "datasette", *publishing.serve_args(folder, port)])


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


COMMANDS = (audit, export, publish, serve, status)
