"""Shards folded into one database: the same whatever the order, however often, wherever it was killed; figures lead to their bytes."""

from __future__ import annotations

import fcntl
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from itertools import permutations
from pathlib import Path

import pytest

from harvester.errors import StorageError
from storage import archive, merging, publish, shards
from storage.archive import Archive
from storage.database import Database
from storage.shards import Shard
from tests import happenings, sharding
from tests.conftest import ROOT, Crawled, run_harvester
from tests.sharding import Corpus
from tests.storing import page

NAMELESS = {
    "reports": ("capture_id", "key"),
    "captures": ("id", "warc_file", "warc_offset"),
    "figures": ("capture_id",),
    "source_errors": ("capture_id",),
}
VIEWS = (
    *("reports", "captures", "figures", "checks", "source_errors", "issues", "prose", "proactive", "requests", "disputes", "organs"),
    *("regions", "portals", "runs", "run_portals", "labels"),
)
REPORTED = tuple(view for view in VIEWS if view not in ("regions", "labels"))  # of databases that never read the reference files
SHOWN_FROM = "SELECT r.id, v.url, c.record_id FROM report r JOIN capture c ON c.key = r.capture JOIN visit v ON v.key = c.visit"
ANSWERS = """SELECT v.url, v.etag, v.last_modified, v.seen_at, v.gone_on, v.carries, c.record_id, c.fetched_at
    FROM visit v LEFT JOIN capture c ON c.key = v.capture"""
RENDITIONS = """SELECT h.id, h.named, r.id, s.id, h.text_sha256, t.text FROM report h LEFT JOIN report r ON r.key = h.rendition_of
    LEFT JOIN report s ON s.key = h.superseded_by JOIN report_text t ON t.report = h.key"""


def dump(db: Path, views: Sequence[str] = VIEWS, apart: str = "") -> list[str]:
    """Everything a database says, sorted, but for what numbers the order of storing, where a record lies, and the column ``apart``."""
    lines = []
    with Database(db) as database:
        for view in views:
            cursor = database.connection.execute(f"SELECT * FROM {view}")
            names = [column[0] for column in cursor.description]
            skipped = ("key", "run") if view in ("runs", "run_portals") else NAMELESS.get(view, ())
            kept = [number for number, name in enumerate(names) if name not in (*skipped, apart)]
            lines += [f"{view} {[row[number] for number in kept]}" for row in cursor]
        for sql in (SHOWN_FROM, ANSWERS, RENDITIONS):
            lines += [str(row) for row in database.connection.execute(sql)]
    return sorted(lines)


@pytest.fixture(scope="module")
def corpus(crawled: Crawled, tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Two weeks of the sample portals: revisions, withdrawals, attachments, archives of files."""
    folder = tmp_path_factory.mktemp("weeks")
    shutil.copytree(crawled.archive, folder / "archive")
    shutil.copy(crawled.database, folder / "harvest.db")
    run_harvester("crawl", "--sample", "--db", folder / "harvest.db", "--archive", folder / "archive")
    return sharding.read(folder / "archive", folder)


@pytest.fixture(scope="module")
def whole(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    shard = corpus.shard(tmp_path_factory.mktemp("one") / "whole", corpus.urls)
    return dump(shard.db)


def dealt(corpus: Corpus, folder: Path, count: int, seed: int, overlap: float = 0.2, every: int = 1) -> list[Shard]:
    """The addresses (one of ``every`` so many) dealt out to ``count`` shards, some of them to two."""
    chance = random.Random(seed)
    wanted: list[set[str]] = [set() for _ in range(count)]
    for url in corpus.urls[::every]:
        for number in chance.sample(range(count), 2 if chance.random() < overlap else 1):
            wanted[number].add(url)
    return [corpus.shard(folder / f"shard{seed}{number}", urls) for number, urls in enumerate(wanted)]


def merged(shards: Sequence[Shard], folder: Path, views: Sequence[str] = VIEWS) -> list[str]:
    merging.merge(shards, folder / "out.db", folder / "archive")
    return dump(folder / "out.db", views)


def test_eight_shards_in_any_order_are_the_whole(corpus: Corpus, whole: list[str], tmp_path: Path) -> None:
    shards = dealt(corpus, tmp_path, 8, seed=1)
    for seed in range(3):
        random.Random(seed).shuffle(shards)
        assert merged(shards, tmp_path / f"out{seed}") == whole


def test_three_shards_in_all_orders_are_the_whole(corpus: Corpus, tmp_path: Path) -> None:
    whole = dump(corpus.shard(tmp_path / "whole", corpus.urls[::4]).db)
    shards = dealt(corpus, tmp_path, 3, seed=2, overlap=0.5, every=4)
    for number, order in enumerate(permutations(shards)):
        assert merged(order, tmp_path / f"out{number}") == whole


@pytest.mark.parametrize("seed", [8, 50, 58, 83, 103])
def test_what_happens_to_addresses_is_told_by_any_of_the_shards(tmp_path: Path, seed: int) -> None:
    """Revisions, withdrawals, returns: in parts, in any order, and in two steps."""
    told_in_parts_is_told(tmp_path, seed)


@pytest.mark.proof
def test_many_weeks_of_addresses(tmp_path: Path) -> None:
    for seed in range(1000, 1100):
        told_in_parts_is_told(tmp_path / str(seed), seed)
        shutil.rmtree(tmp_path / str(seed))


def told_in_parts_is_told(folder: Path, seed: int) -> None:
    db, shards = happenings.happen(folder, seed)
    whole = dump(db, REPORTED)
    for number, order in enumerate(list(permutations(shards))[::2]):
        assert merged(order, folder / f"out{number}", REPORTED) == whole, f"seed {seed}"
    merged(shards[:2], folder / "half")
    assert merged([Shard(folder / "half" / "out.db", folder / "half" / "archive"), shards[2]], folder / "steps", REPORTED) == whole


# What each address answered, one text after the other, and what is current: of a ring the text that an address answers with since last.
RINGS = {
    "two": ({"a": [("甲", 1), ("乙", 2)], "b": [("乙", 3), ("甲", 4)]}, ["甲"]),
    "two_at_once": ({"a": [("甲", 1), ("乙", 3)], "b": [("乙", 2), ("甲", 3)]}, None),
    "three": ({"a": [("甲", 1), ("乙", 6)], "b": [("乙", 2), ("丙", 4)], "c": [("丙", 3), ("甲", 5)]}, ["乙"]),
    "two_and_a_way_out": ({"a": [("甲", 1), ("乙", 6)], "b": [("乙", 2), ("甲", 3)], "c": [("甲", 4), ("丁", 5)]}, ["丁", "乙"]),
}


@pytest.mark.parametrize("name", RINGS)
def test_reports_that_replace_each_other_have_one_that_counts_whichever_shard_comes_first(tmp_path: Path, name: str) -> None:
    answers, current = RINGS[name]
    given = {
        url: [page(f"http://q.gov.cn/{url}.html", text, f"2025-02-0{day}T00:00:00Z") for text, day in told] for url, told in answers.items()
    }
    parts = {url: Shard(tmp_path / url / "h.db", tmp_path / url / "archive") for url in given}
    for number, order in enumerate(permutations(one for pages in given.values() for one in pages) if name != "three" else ()):
        if number % 7 == 0:
            with Database(tmp_path / f"{number}.db") as whole:
                for one in order:
                    whole.save(one)
                assert_current(whole, current)
    for url, pages in given.items():
        with Archive(parts[url].archive, url) as kept, Database(parts[url].db) as database:
            for one in pages:
                one.capture = kept.add(one)
                database.save(one)
    dumps = {tuple(merged(order, tmp_path / f"out{number}", REPORTED)) for number, order in enumerate(permutations(parts.values()))}
    assert len(dumps) == 1
    with Database(tmp_path / "out0" / "out.db") as database:
        assert_current(database, current)


def assert_current(database: Database, expected: list[str] | None) -> None:
    """These are current, or, where ``expected`` is None, one of them."""
    read = "SELECT text FROM reports WHERE superseded_by IS NULL ORDER BY text"
    current = [text for (text,) in database.connection.execute(read)]
    assert current == expected if expected else len(current) == 1


def test_a_merge_done_twice_changes_nothing(corpus: Corpus, whole: list[str], tmp_path: Path) -> None:
    shards = dealt(corpus, tmp_path, 2, seed=3)
    merged(shards, tmp_path / "out")
    assert merging.merge(shards, tmp_path / "out" / "out.db", tmp_path / "out" / "archive").folded == 0
    with sqlite3.connect(tmp_path / "out" / "out.db") as connection:
        connection.execute("DELETE FROM _merged")
    connection.close()
    assert merged(shards, tmp_path / "out") == whole
    assert len(list((tmp_path / "out" / "archive").glob("*.warc.gz"))) == 2


def test_every_capture_leads_to_its_bytes(corpus: Corpus, tmp_path: Path) -> None:
    merged(dealt(corpus, tmp_path, 4, seed=4), tmp_path / "out")
    with Database(tmp_path / "out" / "out.db") as database:
        rows = database.connection.execute("SELECT warc_file, warc_offset, body_sha256 FROM captures WHERE url NOT LIKE '%#%'").fetchall()
    assert len(rows) > 200
    for file, offset, digest in rows:
        assert archive.body_sha256(archive.read_body(tmp_path / "out" / "archive", file, offset)) == digest


def test_one_file_in_two_shards_is_kept_once(corpus: Corpus, tmp_path: Path) -> None:
    shard = corpus.shard(tmp_path / "one", corpus.urls[:9])
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    renamed = tmp_path / "two" / "archive"
    before = merged([shard], tmp_path / "single")
    after = merged([shard, shards.found(tmp_path / "two")], tmp_path / "out")
    assert (after, len(list(renamed.iterdir()))) == (before, 1)
    assert len(list((tmp_path / "out" / "archive").iterdir())) == 1


def test_the_published_copy_tells_nothing_of_the_shards(corpus: Corpus, tmp_path: Path) -> None:
    merged([corpus.shard(tmp_path / "one", corpus.urls[:9])], tmp_path / "out")
    publish.publish(tmp_path / "out" / "out.db", tmp_path / "site")
    with sqlite3.connect(next((tmp_path / "site").glob("*.db"))) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    assert tables.isdisjoint(merging.TABLES) and "reports" in tables


def test_a_killed_merge_goes_on(corpus: Corpus, whole: list[str], tmp_path: Path) -> None:
    shards = dealt(corpus, tmp_path, 6, seed=5)
    db = tmp_path / "out" / "out.db"
    given = [str(shard.db) for shard in shards]
    command = [sys.executable, "-m", "harvester", "merge", *given, "--db", str(db), "--archive", str(tmp_path / "out" / "archive")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as victim:
        while folded(db) < 2 and victim.poll() is None:
            time.sleep(0.005)
        victim.send_signal(signal.SIGKILL)
    assert 2 <= folded(db) < 6
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert "were in already" in told.stdout and f"next: harvester serve --db {db}" in told.stdout
    assert dump(db) == whole


def folded(db: Path) -> int:
    """How many shards are in the database so far."""
    if not db.is_file():
        return 0
    connection = sqlite3.connect(db)
    try:
        return int(connection.execute("SELECT count(*) FROM _merged").fetchone()[0])
    except sqlite3.OperationalError:
        return 0
    finally:
        connection.close()


@pytest.mark.parametrize("turned", [False, True])
def test_the_newer_extraction_of_a_page_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, turned: bool) -> None:
    """0.10.0 is newer than 0.9.0, be it read from the worse copy of the page."""
    found = []
    for version, title, url in (
        ("0.9.0", "旧", "http://www.qinglan.gov.cn/a.html"),
        ("0.10.0", "新", "http://www.qinglan.gov.cn/longer.html"),
    ):
        monkeypatch.setattr("storage.saving.__version__", version)
        shard = Shard(tmp_path / version / "h.db", tmp_path / version / "archive")
        with Archive(shard.archive, "r1") as warcs, Database(shard.db) as database:
            made = page(url, report={"title": title})
            made.capture = warcs.add(made)
            database.save(made)
        found.append(shard)
    merged(found[::-1] if turned else found, tmp_path / "out")
    with Database(tmp_path / "out" / "out.db") as database:
        assert database.connection.execute("SELECT title, url, extraction FROM reports").fetchall() == [
            ("新", "http://www.qinglan.gov.cn/longer.html", "0.10.0")
        ]
        assert database.connection.execute("SELECT count(*) FROM captures").fetchone() == (2,)


def newer(shard: Shard) -> None:
    with sqlite3.connect(shard.db) as connection:
        connection.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('harvester', 'm999_far', '2030')")


def foreign(shard: Shard) -> None:
    for path in shard.db.parent.glob("harvest.db*"):
        path.unlink()
    with sqlite3.connect(shard.db) as connection:
        connection.execute("CREATE TABLE others (a)")


def without_a_file(shard: Shard) -> None:
    next(shard.archive.glob("*.warc.gz")).unlink()


def with_other_bytes(shard: Shard) -> None:
    path = next(shard.archive.glob("*.warc.gz"))
    with sqlite3.connect(shard.db) as connection:
        connection.execute("UPDATE capture SET body_sha256 = zeroblob(32)")
    assert path.is_file()


def being_written(shard: Shard) -> None:
    path = next(shard.archive.glob("*.warc.gz"))
    path = path.rename(f"{path}.open")
    HELD.append(os.open(path, os.O_RDWR))
    fcntl.flock(HELD[-1], fcntl.LOCK_EX)


def without_an_archive(shard: Shard) -> None:
    shutil.rmtree(shard.archive)


HELD: list[int] = []
BROKEN = {
    newer: "made by a newer harvester",
    foreign: "a database of another program",
    without_a_file: "missing;",
    with_other_bytes: "is not what",
    being_written: "a run is writing it",
    without_an_archive: "its archive is not beside it",
}


@pytest.mark.parametrize("breaking", BROKEN, ids=lambda breaking: breaking.__name__)
def test_what_is_wrong_with_a_shard_is_told_in_one_line(corpus: Corpus, tmp_path: Path, breaking: Callable[[Shard], None]) -> None:
    good, bad = (corpus.shard(tmp_path / name, corpus.urls[:3]) for name in ("good", "bad"))
    breaking(bad)
    with pytest.raises(StorageError, match=BROKEN[breaking]) as told:
        merging.merge([good, shards.found(bad.db)], tmp_path / "out.db", tmp_path / "archive")
    assert len(str(told.value).splitlines()) == 1
    while HELD:
        os.close(HELD.pop())


def test_a_database_is_not_merged_into_itself(corpus: Corpus, tmp_path: Path) -> None:
    shard = corpus.shard(tmp_path / "one", corpus.urls[:3])
    with pytest.raises(StorageError, match="is one of the shards"):
        merging.merge([shard], shard.db, tmp_path / "archive")


def test_a_folder_with_two_databases_is_no_shard(tmp_path: Path) -> None:
    for name in ("a.db", "b.db"):
        (tmp_path / name).touch()
    with pytest.raises(StorageError, match="holds 2 databases"):
        shards.found(tmp_path)
