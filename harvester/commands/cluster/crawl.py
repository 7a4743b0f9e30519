"""``harvester crawl --scheduler``: the registry in shards of whole hosts, a worker a shard; all merged; then what lies between them."""

from __future__ import annotations

import json
import secrets
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from harvester import console
from harvester.commands import lock
from harvester.commands.cluster import driver, summing, task
from harvester.commands.cluster.driver import Job
from harvester.errors import UsageError
from harvester.registry import Portal

PLAN, TURN, LAST, PORTALS = "plan.json", "turn.json", "last", "portals.csv"
SHARDS_A_SLOT = 4  # so that a worker which is done early takes on another one
STAMP = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a user asked for, as one process would crawl it."""

    portal_ids: Sequence[str]
    registry_file: Path | None
    years: str
    overrides: Sequence[str]
    db: Path
    archive: Path
    summary: Path | None


def crawl(address: str, count: int | None, shared: Path | None, wanted: Wanted) -> int:
    """Crawls by the workers of the scheduler at ``address``; returns 0, or 1 when something was left undone (told on stderr).

    ``shared``: a folder that every worker sees under the same path; the shards stay there from run to run, with what they know of their
    hosts. Killed anywhere, the same command goes on: it hands out what the folder does not say is done.
    """
    from spiders import launch

    launch.checked_years(wanted.years)
    launch.checked_overrides(wanted.overrides)
    portals = launch.portals_of(wanted.registry_file, wanted.portal_ids)
    folder = (shared or wanted.db.with_suffix(".shards")).resolve()
    with lock.held(folder / TURN):
        plan = _plan(folder, portals, count, address)
        turn = _turn(folder)
        jobs = _jobs(folder, plan, portals, wanted, turn)
        failed = driver.perform(address, turn["id"], jobs)
        _merge(jobs, wanted)
        left = [] if failed else _last(folder, jobs, wanted, turn["id"])
        told = summing.total([job.folder for job in jobs if job.folder.name not in failed], folder / LAST if left else None, turn)
        if not failed:
            _write(folder / TURN, {**turn, "ended": True})
    return _conclude(told, failed, turn, wanted)


def _plan(folder: Path, portals: Sequence[Portal], count: int | None, address: str) -> dict[str, int]:
    """Registered host -> shard, as the folder remembers it; new hosts are added."""
    from spiders import shards

    known = _read(folder / PLAN) or {"shards": 0, "hosts": {}}
    if count and known["shards"] not in (0, count):
        raise UsageError(f"--shards {count}: {folder} has {known['shards']} shards; leave it out, or name another folder with --shared")
    hosts = {shards.registered(portal.list_url) for portal in portals if portal.list_url}
    number = known["shards"] or count or max(1, min(len(hosts), SHARDS_A_SLOT * max(1, driver.slots(address))))
    plan = shards.planned(portals, number, known["hosts"])
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / PLAN, {"shards": number, "hosts": plan})
    return plan


def _turn(folder: Path) -> dict[str, Any]:
    """The crawl that the folder is in the middle of, or a new one."""
    turn = _read(folder / TURN)
    if not turn or turn["ended"]:
        turn = {"id": secrets.token_hex(4), "started": datetime.now(UTC).strftime(STAMP), "began": time.time(), "ended": False}
        _write(folder / TURN, turn)
    return turn


def _jobs(folder: Path, plan: Mapping[str, int], portals: Sequence[Portal], wanted: Wanted, turn: Mapping[str, Any]) -> list[Job]:
    from spiders import shards

    if wanted.registry_file:
        shutil.copyfile(wanted.registry_file, folder / PORTALS)
    ids = [portal.portal_id for portal in portals if portal.list_url]
    _shard(folder / LAST, [shards.ALL], ids, turn["id"])
    jobs = []
    for number in sorted(set(plan.values())):
        its = [portal.portal_id for portal in portals if portal.list_url and plan[shards.registered(portal.list_url)] == number]
        place = folder / f"shard-{number:04}"
        _shard(place, [host for host, shard in plan.items() if shard == number], ids, turn["id"])
        if its:
            jobs.append(Job(place, _arguments(folder, its, wanted, place)))
    return jobs


def _shard(place: Path, hosts: Sequence[str], portals: Sequence[str], turn: str) -> None:
    """The folder of a shard: the hosts it may ask, and the portals of the whole crawl."""
    from spiders import shards

    (place / "archive").mkdir(parents=True, exist_ok=True)
    for name, lines in ((shards.HOSTS, hosts), (shards.PORTALS, portals)):
        (place / name).write_text("".join(f"{line}\n" for line in lines), "utf-8")
    if not _begun(place, turn):
        (place / shards.ELSEWHERE).unlink(missing_ok=True)


def _begun(place: Path, turn: str) -> bool:
    """Whether this turn's crawl of the shard was handed out before; from now on it was."""
    mark = place / "turn.txt"
    begun = mark.is_file() and mark.read_text("utf-8") == turn
    mark.write_text(turn, "utf-8")
    return begun


def _arguments(
    folder: Path, ids: Sequence[str], wanted: Wanted, place: Path, db: Path | None = None, archive: Path | None = None
) -> tuple[str, ...]:
    """``harvester crawl`` of these portals into the folder ``place``, or into another database and archive."""
    paths = {"--db": db or place / "harvest.db", "--archive": archive or place / "archive", "--summary": place / "summary.json"}
    registry = ("--portals", str(folder / PORTALS)) if wanted.registry_file else ()
    options = [part for name, path in paths.items() for part in (name, str(path.resolve()))]
    given = [part for override in (*wanted.overrides, f"HARVEST_SHARD={place}") for part in ("-s", override)]
    return ("crawl", *ids, *registry, *options, *(("--years", wanted.years) if wanted.years else ()), *given)


def _merge(jobs: Sequence[Job], wanted: Wanted) -> None:
    from spiders import kept
    from storage import merging
    from storage.shards import Shard

    if wanted.registry_file:
        kept.keep(wanted.archive, wanted.registry_file)
    shards = [Shard(job.folder / "harvest.db", job.folder / "archive") for job in jobs]
    found = [shard for shard in shards if shard.db.is_file()]
    merging.merge(found, wanted.db, wanted.archive, told=lambda given: console.bar(given, "merging"))


def _last(folder: Path, jobs: Sequence[Job], wanted: Wanted, turn: str) -> list[str]:
    """What the shards' portals show on hosts of others, when nobody else asks anybody: into the merged database, which knows the rest.

    Returns the ids of these portals.
    """
    from spiders import shards

    notes = [job.folder / shards.ELSEWHERE for job in jobs]
    ids = sorted({portal_id for note in notes if note.is_file() for portal_id in note.read_text("utf-8").split()})
    if ids:
        task.perform(str(folder / LAST), turn, _arguments(folder, ids, wanted, folder / LAST, wanted.db, wanted.archive))
    return ids


def _conclude(told: Mapping[str, Any], failed: Mapping[str, str], turn: Mapping[str, Any], wanted: Wanted) -> int:
    """The closing summary of all portals; returns the exit status."""
    from storage import news
    from storage.database import Database
    from storage.status import closing

    before = (datetime.strptime(turn["started"], STAMP) - timedelta(seconds=1)).strftime(STAMP)
    with Database(wanted.db) as database:
        happened = news.since(database.connection, before, "9999")
    titles = {name: sorted(report["title"] or "" for report in happened[name]) for name in ("changed", "new", "withdrawn")}
    held, _ = closing(wanted.db, {})
    told = summing.with_news(told, happened)
    if wanted.summary:
        wanted.summary.parent.mkdir(parents=True, exist_ok=True)
        wanted.summary.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    console.show_run(told, titles, held, "harvester serve" + ("" if wanted.db == Path("data/harvest.db") else f" --db {wanted.db}"))
    undone = [*console.left_undone(told), *(f"{name}: not done, the same command tries again: {why}" for name, why in failed.items())]
    return console.show_undone(undone)


def _read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text("utf-8"))) if path.is_file() else {}


def _write(path: Path, told: Mapping[str, Any]) -> None:
    from spiders.kept import whole

    with whole(path) as work:
        work.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
