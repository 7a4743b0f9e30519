"""Replays by several processes: the same database whatever their number, stopped anywhere they go on, no page ends them; what a killed
crawl left in its archive is stored by the next one."""

from __future__ import annotations

import gzip
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from harvester.items import Page
from storage import archive, stretches, warcs
from storage.archive import Archive
from storage.database import Database
from storage.progress import NAMES, Progress
from tests import forms_html
from tests.conftest import ROOT, Crawled, run_harvester
from tests.storing import VIEWS, dump
from tests.test_foreign_warcs import BODY
from tests.test_resume import EACH, Doomed, start
from tests.webserver import Site, serving

RUN = re.compile(r'"run_id": [^,}]*,? ?')
SMALL = 40_000  # bytes of a stretch: a handful of pages
PROGRAM = """
import sys
from harvester.commands.replaying import readers
from storage import stretches
stretches.SIZE = {size}
readers.PROGRAM = {program!r}
sys.argv = ["harvester", "replay", *sys.argv[1:]]
from harvester.cli import main
main()
"""
READS = "from harvester.commands.replaying.stretches import main; main()"
# One that ends at some pages.
MORTAL = """
import os
from harvester.commands.replaying import stretches
whole = stretches.read_report
def read_report(body, *rest):
    if b"DEADLY" in body:
        os.kill(os.getpid(), 9)
    if b"ONCE" in body and not os.path.exists("once"):
        open("once", "w").close()
        os._exit(3)
    if b"BROKEN" in body:
        raise ZeroDivisionError("a defect")
    return whole(body, *rest)
stretches.read_report = read_report
stretches.main()
"""


def report(number: int, note: str = "") -> bytes:
    title = f"府店镇人民政府{2008 + number % 16}年政府信息公开工作年度报告"
    made = forms_html.page("national_2021", lambda *place: str(number), title=title)
    return made.replace("</body>", f"<p>编号{number}</p><p>{note}</p></body>").encode()


def written(folder: Path, bodies: list[bytes]) -> Path:
    """An archive of these bodies; every second has an id that was given long ago."""
    with Archive(folder, "r1") as kept:
        for number, body in enumerate(bodies):
            page = Page(f"http://www.yunxi.gov.cn/{number}.html", body, 200, [], "text/html", "2026-01-02T03:04:05Z", "yunxi")
            capture = kept.add(page)
            if number % 2:
                kept.note_id(capture, page.url, f"{number:016x}")
    return folder


def command(*arguments: object, size: int = SMALL, program: str = READS) -> list[str]:
    return [sys.executable, "-c", PROGRAM.format(size=size, program=program), *map(str, arguments)]


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("SCRAPY_")} | {"PYTHONPATH": str(ROOT)}


def replay(folder: Path, source: Path, workers: int, status: int = 0, **how: Any) -> dict[str, Any]:
    """A replay into ``workers.db``; its summary."""
    paths = ("--archive", source, "--db", folder / f"{workers}.db", "--summary", folder / f"{workers}.json")
    told = subprocess.run(
        command(*paths, "--workers", workers, **how), cwd=folder, env=environment(), capture_output=True, text=True, timeout=120
    )
    assert told.returncode == status, told.stderr
    summary: dict[str, Any] = json.loads((folder / f"{workers}.json").read_text("utf-8"))
    return summary


def held(path: Path) -> list[str]:
    """All that the database tells, but for runs."""
    with Database(path) as database:
        return sorted(RUN.sub("", line) for line in dump(database, *VIEWS))


def tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


@pytest.fixture(scope="module")
def some(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("some") / "archive", [report(number) for number in range(120)])


def test_the_same_database_whatever_the_number_of_workers(crawled: Crawled, tmp_path: Path) -> None:
    told = [replay(tmp_path, crawled.archive, workers)["portals"] for workers in (1, 3)]
    assert told[0] == told[1]
    first, *others = [held(tmp_path / f"{workers}.db") for workers in (1, 3)]
    assert len(first) > 10_000
    assert all(other == first for other in others)
    assert not tables(tmp_path / "3.db") & set(NAMES), "what a replay remembers is gone when it ends"


def test_stretches_hold_every_record_once(crawled: Crawled) -> None:
    """Cut anywhere: at each byte of the first records, and by sizes that no record knows."""
    ((_, path, name, size),) = stretches.files(crawled.archive)
    whole = [page.capture.warc_offset for page in archive.pages(crawled.archive) if page.capture]
    for width in (size, 99_991, 40_000):
        parts = [stretches.Stretch(str(path), name, at, min(at + width, size), not at) for at in range(0, size, width)]
        readings = [stretches.Reading(part) for part in parts]
        assert [page.capture.warc_offset for reading in readings for page in reading if page.capture] == whole
        assert [reading.begin for reading in readings[1:]] == [reading.end for reading in readings[:-1]]
    few = stretches.Reading(stretches.Stretch(str(path), name, 0, size, True, 2))
    assert [page.capture.warc_offset for page in few if page.capture] == whole[:2]
    assert few.end == whole[2]


def test_what_a_page_holds_is_no_record(tmp_path: Path) -> None:
    """A WARC file as an attachment, too dense to be packed: its records look like ours."""
    inner = written(tmp_path / "inner", [report(number) for number in range(200, 220)])
    noise = random.Random(7).randbytes(60_000)
    forged = noise + next(inner.glob("*.gz")).read_bytes() + noise
    source = written(tmp_path / "archive", [report(0), forged, report(2), forged, report(4), forged])
    for workers in (1, 2):
        replay(tmp_path, source, workers, 1, size=10_000)
        with Database(tmp_path / f"{workers}.db") as database:
            urls = [url for (url,) in database.connection.execute("SELECT url FROM captures ORDER BY warc_offset")]
        assert urls == [f"http://www.yunxi.gov.cn/{number}.html" for number in range(6)]
    assert held(tmp_path / "1.db") == held(tmp_path / "2.db")


def test_damage_is_told_once_and_what_lies_behind_it_keeps_its_place(tmp_path: Path) -> None:
    source = written(tmp_path / "archive", [report(number) for number in range(30)])
    (path,) = source.glob("*.gz")
    whole = [page.capture.warc_offset for page in archive.pages(path) if page.capture]
    content = bytearray(path.read_bytes())
    content[whole[10] + 200 : whole[10] + 300] = bytes(100)
    path.write_bytes(content)
    told = [replay(tmp_path, source, workers, 1, size=10_000)["portals"] for workers in (1, 2)]
    assert told[0] == told[1]
    assert json.dumps(told).count("torn or damaged") == 2
    for workers in (1, 2):
        with Database(tmp_path / f"{workers}.db") as database:
            places = [place for (place,) in database.connection.execute("SELECT warc_offset FROM captures ORDER BY 1")]
        assert places == whole[:10] + whole[11:]
        assert all(warcs.read_body(source, path.name, place) for place in places)


def test_a_page_that_ends_its_reader_is_tried_once_more_and_then_unreadable(tmp_path: Path) -> None:
    notes = {7: "DEADLY", 20: "ONCE", 31: "BROKEN"}
    source = written(tmp_path / "archive", [report(number, notes.get(number, "")) for number in range(40)])
    summary = replay(tmp_path, source, 2, 1, program=MORTAL)
    with Database(tmp_path / "2.db") as database:
        told = database.connection.execute("SELECT url, message FROM issues WHERE code = 'unreadable' ORDER BY url").fetchall()
        read = {int(url.rpartition("/")[2][:-5]) for (url,) in database.connection.execute("SELECT url FROM reports")}
    assert told == [("http://www.yunxi.gov.cn/7.html", "reading it ended the process that reads")]
    assert read == set(range(40)) - {7, 31}
    assert "ZeroDivisionError" in summary["portals"][0]["reason"]


@pytest.mark.parametrize(
    ("workers", "most"), [(2, 2), pytest.param(1, 6, marks=pytest.mark.proof), pytest.param(3, 12, marks=pytest.mark.proof)]
)
def test_killed_anywhere_it_goes_on_where_it_stopped(some: Path, tmp_path: Path, workers: int, most: int) -> None:
    replay(tmp_path, some, 4)
    expected, path = held(tmp_path / "4.db"), tmp_path / f"{workers}.db"
    draw, kills, count = random.Random(workers), 0, 0
    while kills < most:
        paths = ("--archive", some, "--db", path, "-s", "HARVEST_BATCH=10")
        with subprocess.Popen(command(*paths, "--workers", workers), cwd=tmp_path, env=environment(), stderr=subprocess.DEVNULL) as victim:
            aim = count + draw.randrange(3, 12)
            while victim.poll() is None and captures(path) < aim:
                time.sleep(0.002)
            victim.kill()
        if victim.wait() == 0:
            break
        kills += 1
        count = captures(path)
    assert kills >= min(2, most)
    summary = replay(tmp_path, some, workers)
    assert sum(portal["listed"] for portal in summary["portals"]) < 120, "what was stored is not read again"
    assert held(path) == expected
    assert not tables(path) & set(NAMES)


def captures(path: Path) -> int:
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM capture").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def read_to(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT sum(read_to) FROM replay_file").fetchone()[0])


def test_interrupted_it_says_so_and_goes_on(some: Path, tmp_path: Path) -> None:
    path = tmp_path / "2.db"
    paths = ("--archive", some, "--db", path, "-s", "HARVEST_BATCH=5")
    with subprocess.Popen(command(*paths, "--workers", 2), cwd=tmp_path, env=environment(), stderr=subprocess.PIPE, text=True) as victim:
        while victim.poll() is None and captures(path) < 10:
            time.sleep(0.005)
        victim.send_signal(signal.SIGINT)
        _, told = victim.communicate(timeout=60)
    assert victim.returncode == 1 and "interrupted" in told
    before = read_to(path)
    replay(tmp_path, some, 2)
    assert captures(path) == 120 and before > 0


def test_another_extraction_begins_anew(some: Path, tmp_path: Path) -> None:
    with Database(tmp_path / "x.db") as database:
        first = Progress(database, some, "one")
        file = first.files()[0]
        first.came_to(file, 77)
        database.commit()
        again = Progress(database, some, "one")
        assert again.resumed and again.files()[0].read_to == 77
        other = Progress(database, some, "two")
        assert not other.resumed and other.files()[0].read_to == 0
        assert len(list(other.seen_again())) == 0
        assert database.connection.execute("SELECT count(*) FROM replay_note").fetchone()[0] >= 60


def test_files_that_cannot_be_cut_are_read_too(some: Path, tmp_path: Path) -> None:
    """Not packed at all, as other software may leave them."""
    (path,) = some.glob("*-r1-*.gz")
    folder = tmp_path / "archive"
    folder.mkdir()
    (folder / "plain.warc").write_bytes(gzip.decompress(path.read_bytes()))
    assert replay(tmp_path, folder, 2)["portals"][0]["new"] == 120


def test_the_audit_of_a_page_that_another_process_read_has_its_body(tmp_path: Path) -> None:
    with Archive(tmp_path / "archive", "r1") as kept:
        capture = kept.add(Page("http://www.yunxi.gov.cn/1.html", BODY, 200, [], "text/html", "2026-01-02T03:04:05Z"))
        page = Page("http://www.yunxi.gov.cn/1.html", b"", capture=capture, notes={"archive": kept})
    assert archive.body_of(page) == BODY


@pytest.fixture
def portal() -> Iterator[tuple[Any, Doomed]]:
    doomed = Doomed()
    site = Site(doomed)
    with serving(site):
        yield site, doomed


def test_what_was_fetched_and_not_stored_is_stored_without_asking_again(portal: tuple[Any, Doomed], tmp_path: Path) -> None:
    """Killed just before a commit, started again while the portal is down."""
    site, doomed = portal
    settings = ("HARVEST_BATCH=10000", "HARVEST_BATCH_SECONDS=10000")
    folder = tmp_path / "killed"
    folder.mkdir()
    site.asked.clear()
    with start(folder, site.base, *settings) as victim:
        path = folder / "data" / "archive"
        while len(kept_in(path)) < 14 and victim.poll() is None:
            time.sleep(0.01)
        victim.kill()
    before = kept_in(path)
    assert captures(folder / "data" / "harvest.db") < len(before), "a list page that was read commits, nothing else does"
    doomed.pages, asked = {}, len(site.asked)
    told = run_harvester("crawl", "--portals", "portals.csv", "-s", "DOWNLOAD_DELAY=0", "-s", "RETRY_ENABLED=False", cwd=folder)
    assert "had fetched and not stored are stored now" in told.stderr
    with Database(folder / "data" / "harvest.db") as database:
        urls = {url for (url,) in database.connection.execute("SELECT url FROM captures WHERE report_id IS NOT NULL")}
        runs = {run for (run,) in database.connection.execute("SELECT DISTINCT run_id FROM captures")}
    assert urls == before and len(runs) == 1
    again = {one.path for one in site.asked[asked:]} & {url.removeprefix(site.base) for url in before}
    assert again <= {f"/r/{number}.html" for number in range(1, 20, EACH)}, "only pages that carry files are looked at again"
    third = run_harvester("crawl", "--portals", "portals.csv", "-s", "DOWNLOAD_DELAY=0", "-s", "RETRY_ENABLED=False", cwd=folder)
    assert "had fetched and not stored" not in third.stderr, "stored once"


def kept_in(folder: Path) -> set[str]:
    return {page.url for page in archive.pages(folder, []) if page.status == 200} if folder.is_dir() else set()
