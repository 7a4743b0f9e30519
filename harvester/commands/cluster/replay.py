"""``harvester replay --scheduler``: one WARC file a worker at a time, each into a database of its own, all merged into one."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Sequence
from pathlib import Path

import click

from harvester import console
from harvester.commands import lock, merge
from harvester.commands.cluster import driver, task
from harvester.commands.cluster.driver import Job
from harvester.errors import UsageError

TURN = "turn.txt"
NOTES = "notes.warc.gz"
CARRIED = ("portals.csv", "regions.csv")  # what an archive brings with it to be read again


def replay(address: str, shared: Path | None, archive: Path, db: Path, overrides: Sequence[str]) -> int:
    """Reads the whole archive again by the workers of the scheduler at ``address``; returns 0, or 1 when a file could not be read.

    ``shared``: a folder that every worker sees under the same path, as they must the archive; it is emptied when all is merged.
    """
    from storage import merging, rereading, shards

    if not archive.is_dir():
        raise UsageError(f"{archive}: no such archive; name its folder with --archive")
    folder = (shared or db.with_suffix(".replay")).resolve()
    with lock.held(folder / TURN):
        files, turn = shards.files_of(archive.resolve()), _turn(folder)
        across = rereading.across(list(files.values()))
        jobs = [_job(folder, path, archive.resolve(), across.notes, overrides) for path in files.values()]
        failed = driver.perform(address, turn, jobs)
        done = [shards.Shard(job.folder / "harvest.db", job.folder / "archive") for job in jobs if job.folder.name not in failed]
        for shard in done:
            (shard.archive / NOTES).unlink(missing_ok=True)  # told the worker what stands in the archive already
        merged = merging.merge(done, db, archive, lambda path: path.name, lambda given: console.bar(given, "merging"), again=True)
        rereading.tell(db, archive, across.gone)
        problems = [line for job in jobs if task.done(job.folder, turn) for line in task.told(job.folder)]
        for job in jobs if not failed else ():
            shutil.rmtree(job.folder)
        if not failed:
            (folder / TURN).unlink()
    click.echo(merge.told(merged, db))
    unread = [f"{name}: not read, the same command tries again: {why}" for name, why in failed.items()]
    return console.show_undone([*problems, *unread])


def _turn(folder: Path) -> str:
    """The replay that the folder is in the middle of, or a new one."""
    path = folder / TURN
    if not path.is_file():
        path.write_text(secrets.token_hex(4), "utf-8")
    return path.read_text("utf-8")


def _job(folder: Path, path: Path, archive: Path, notes: bytes, overrides: Sequence[str]) -> Job:
    """The WARC file in a folder of its own, with what lies in others and belongs to its records."""
    place = folder / path.name.removesuffix(".gz").removesuffix(".warc")
    inside = place / "archive"
    inside.mkdir(parents=True, exist_ok=True)
    if not (inside / path.name).exists():
        (inside / path.name).symlink_to(path)
    if notes:
        (inside / NOTES).write_bytes(notes)
    for name in CARRIED:
        if (archive / name).is_file():
            shutil.copyfile(archive / name, inside / name)
    given = [part for override in overrides for part in ("-s", override)]
    return Job(place, ("replay", "--workers", "1", "--archive", str(inside), "--db", str(place / "harvest.db"), *given))
