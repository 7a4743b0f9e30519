"""Invented weeks of addresses that answer, change and go, told to one database whole and to three others in parts."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from harvester.items import Capture
from storage.archive import Archive
from storage.database import Database
from storage.shards import Shard
from tests.storing import page

URLS = [f"http://www.qinglan.gov.cn/{number}.html" for number in range(3)]
TEXTS = "甲乙丙丁戊己"  # an address goes on to later ones mostly, and sometimes back: then two take each other's place


def happen(folder: Path, seed: int) -> tuple[Path, list[Shard]]:
    """A database of everything, and three shards; each event is told to one or two of those that know its address."""
    chance = random.Random(seed)
    shards = {name: Shard(folder / name / "h.db", folder / name / "archive") for name in ("whole", "a", "b", "c")}
    archives = {name: Archive(shard.archive, name) for name, shard in shards.items()}
    databases = {name: Database(shard.db, batch=1000) for name, shard in shards.items()}
    state, knowing, gone = dict.fromkeys(URLS, 0), dict[str, list[str]](), set[str]()
    for day in range(1, chance.randint(4, 11)):
        at, url = f"2025-02-{day:02}T00:00:00Z", chance.choice(URLS)
        kind = chance.choice(["save", "save", "save", "gone", "seen"])
        if url not in knowing or (kind == "seen" and url in gone) or kind == "save":
            knowing[url] = chance.sample("abc", chance.choice([1, 1, 2]))
            state[url] = max(0, min(5, state[url] + chance.choice([0, 0, 1, 2, -1])))
            gone.discard(url)
            save(databases, archives, ["whole", *knowing[url]], url, TEXTS[state[url]], at, f"<urn:{seed}:{day}>")
        else:
            gone |= {url} if kind == "gone" else set()
            for name in ("whole", chance.choice(knowing[url])):
                (databases[name].gone if kind == "gone" else databases[name].seen)(url, at)
    for name, database in databases.items():
        database.close()
        archives[name].close()
        shards[name].archive.mkdir(exist_ok=True)
    return shards["whole"].db, [shards[name] for name in "abc"]


def save(
    databases: dict[str, Database], archives: dict[str, Archive], names: Iterable[str], url: str, text: str, at: str, record_id: str
) -> None:
    """A page that answered at ``at``: the same record, in each of these archives at a place of its own."""
    for name in names:
        made = page(url, text, at)
        kept = archives[name].add(made)
        made.capture = replace(kept, record_id=record_id)
        assert isinstance(made.capture, Capture)
        databases[name].save(made)
