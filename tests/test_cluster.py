"""Many machines, as processes on loopback: the same corpus as one process, whatever dies; and no host is ever asked by two at once."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from harvester.commands.cluster import driver, task
from harvester.errors import UsageError
from harvester.items import Page
from harvester.registry import Portal as Row
from spiders import shards
from storage import records
from storage.database import Database
from tests import sharding
from tests.conftest import ROOT, Crawled, run_harvester
from tests.test_merging import VIEWS, dump
from tests.test_portal_spider import FAST, HEADER, listing, report, told_report, trs
from tests.webserver import Asked, Site, serving

pytest.importorskip("distributed")
DASK = Path(sys.executable).with_name("dask")
PAGES, EACH = 2, 4
# Appended to every crawl on a worker: the witness reads in the user agent which process asks.
SIGNED = """
import os, sys
if "crawl" in sys.argv or "crawl" in sys.orig_argv:
    sys.argv += ["-s", f"USER_AGENT=harvester-test process {os.getpid()}"]
"""


@dataclass
class Portal:
    """A portal of ``PAGES`` list pages with ``EACH`` reports; ``also`` are rows of reports on other hosts."""

    number: int
    pause: float = 0.02
    also: Callable[[], list[str]] = list

    def __call__(self, asked: Asked) -> Any:
        time.sleep(self.pause)
        names = ["/list/", *(f"/list/index_{page}.html" for page in range(1, PAGES))]
        if asked.path in names:
            page = names.index(asked.path)
            first = self.number * 100 + page * EACH
            rows = [report(n, 1900 + n % 100 + 100) for n in range(first, first + EACH)]
            return listing(*rows, *(self.also() if page == 0 else []), foot=trs(PAGES, page))
        if asked.path.startswith("/r/"):
            n = int(asked.path[3:-5])
            page = told_report(n, 1900 + n % 100 + 100)
            return 200, {"ETag": f'"{n}"', "Content-Type": "text/html; charset=utf-8"}, page.encode()
        return None


@dataclass
class World:
    """Portals on loopback with their registry; who asked which host when stands in ``asked`` of each."""

    folder: Path
    sites: list[Site] = field(default_factory=list)

    @property
    def asked(self) -> int:
        return sum(len(site.asked) for site in self.sites)

    def register(self) -> Path:
        path = self.folder / "portals.csv"
        lines = [f"p{number},,,{site.base}/list/,,," for number, site in enumerate(self.sites)]
        path.write_text("\n".join([HEADER, *lines]) + "\n", "utf-8")
        return path

    def askers(self, site: Site) -> list[str]:
        """The processes that asked a host, one after another."""
        told = [asked.headers["user-agent"] for asked in site.asked]
        return [name for place, name in enumerate(told) if place == 0 or told[place - 1] != name]

    def forget(self) -> None:
        for site in self.sites:
            site.asked.clear()


@contextmanager
def world(folder: Path, count: int, pause: float = 0.02) -> Iterator[World]:
    """``count`` portals; the last is an aggregator: it also lists reports that lie on the hosts of the first two."""
    made = World(folder)

    def elsewhere() -> list[str]:
        rows = [report(99 + 100 * number, 2019 - number) for number in (0, 1)]
        return [row.replace('href="', f'href="{site.base}') for row, site in zip(rows, made.sites)]

    made.sites = [Site(Portal(number, pause, elsewhere if number == count - 1 else list)) for number in range(count)]
    with serving(*made.sites):
        made.register()
        yield made


@dataclass
class Cluster:
    """A scheduler and workers, each a process as an administrator starts it; ``kill`` is ``kill -9``."""

    folder: Path
    address: str
    environment: dict[str, str]
    options: tuple[str, ...] = ()
    scheduler: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def start_scheduler(self) -> None:
        port = self.address.rpartition(":")[2]
        given = ("--host", "127.0.0.1", "--port", port, "--no-dashboard", "--no-show", *self.options)
        self.scheduler = self._start("scheduler", *given)

    def start_worker(self, slots: int = 1) -> None:
        given = (self.address, "--nthreads", str(slots), "--no-nanny", "--no-dashboard", "--resources", f"crawl={slots}", *self.options)
        self.workers.append(self._start("worker", *given))

    def _start(self, what: str, *given: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{what}.log").open("ab") as log:
            return subprocess.Popen([DASK, what, *given], stdout=log, stderr=log, env=self.environment, cwd=self.folder)

    def restart_scheduler(self) -> None:
        """Killed and started again at its address."""
        assert self.scheduler
        self.scheduler.kill()
        self.scheduler.wait()
        time.sleep(1)
        self.start_scheduler()

    def keep_up(self) -> None:
        """As a service manager does: a worker that ended, or was killed, is started again."""
        while not self.stopped.wait(0.5):
            for worker in [worker for worker in self.workers if worker.poll() is not None]:
                self.workers.remove(worker)
                self.start_worker()

    def stop(self) -> None:
        self.stopped.set()
        for process in [*self.workers, *filter(None, [self.scheduler])]:
            process.kill()
            process.wait()


@contextmanager
def cluster(folder: Path, workers: int, slots: int = 1, given: Mapping[str, str] | None = None) -> Iterator[Cluster]:
    signed = folder / "signed"
    signed.mkdir(parents=True)
    (signed / "sitecustomize.py").write_text(SIGNED, "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SCRAPY_")}
    environment |= {"PYTHONPATH": f"{signed}:{ROOT}", "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "10s"}
    protocol = "tls" if given else "tcp"
    made = Cluster(folder, f"{protocol}://127.0.0.1:{port}", environment | dict(given or {}), ("--protocol", protocol))
    with ExitStack() as stack:
        stack.callback(made.stop)
        made.start_scheduler()
        for _ in range(workers):
            made.start_worker(slots)
        yield made


def start(folder: Path, what: str, *given: object) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SCRAPY_")} | {"PYTHONPATH": str(ROOT)}
    pace = [part for name, value in {**FAST, "HARVEST_CONTACT": "mailto:desk@example.org"}.items() for part in ("-s", f"{name}={value}")]
    command = [sys.executable, "-m", "harvester", what, *given, *pace]
    return subprocess.Popen(list(map(str, command)), cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def corpus(db: Path) -> list[tuple[Any, ...]]:
    with Database(db) as database:
        reports = """SELECT id, title, organ, year, scope, url, text_sha256, text, superseded_by, withdrawn_on FROM reports
            UNION ALL SELECT c.url, c.body_sha256, c.report_id, c.portal_id, 0, 0, 0, 0, 0, 0 FROM captures c"""
        figures = "SELECT report_id, table_key, row_key, column_key, value, unit, printed, status, 0, 0 FROM figures"
        return sorted(database.connection.execute(f"{reports} UNION ALL {figures}").fetchall(), key=repr)


@pytest.mark.proof
def test_certificates_on_both_sides(tmp_path: Path) -> None:
    """The options of the runbook: who has a certificate of the authority is served, who has none is refused."""
    trustme = pytest.importorskip("trustme")
    authority, mine = trustme.CA(), tmp_path / "me.pem"
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(mine)
    name = "DASK_DISTRIBUTED__COMM__TLS"
    given = {f"{name}__{who}__{what}": str(mine) for who in ("SCHEDULER", "WORKER", "CLIENT") for what in ("CERT", "KEY")}
    given |= {f"{name}__CA_FILE": str(tmp_path / "ca.pem"), "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "true"}
    with cluster(tmp_path / "cluster", 1, slots=2, given=given) as machines:
        assert machines.address.startswith("tls://")
        assert offered(machines, given) == "2"
        assert "no scheduler answers" in offered(machines, {})


def offered(machines: Cluster, given: dict[str, str]) -> str:
    """How many shards the workers take on, as a client with these settings sees it; or why it does not."""
    code = f"""
import time
from harvester.commands.cluster import driver
until = time.monotonic() + 60
while not (found := driver.slots({machines.address!r})) and time.monotonic() < until:
    time.sleep(0.2)
print(found)
"""
    environment = {name: value for name, value in machines.environment.items() if "TLS" not in name and "ENCRYPT" not in name} | given
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=200)
    return told.stdout.strip() or told.stderr


REPLAYED = tuple(view for view in VIEWS if view not in ("runs", "run_portals"))


@pytest.fixture(scope="module")
def archived(crawled: Crawled, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's archive as three WARC files: its records dealt out, an id noted in another file than its record's, a page gone later."""
    folder = tmp_path_factory.mktemp("archived")
    (source,) = crawled.archive.glob("*.warc.gz")
    found = sharding.members(crawled.archive)
    pieces = [b"".join(record for _, record in found[number::3]) for number in range(3)]
    renamed, gone = found[0][0], found[1][0]
    assert renamed.capture
    pieces[2] += records.metadata(renamed.url, "2030-01-01T00:00:00Z", renamed.capture.record_id, [("report-id", "00112233445566ff")])
    answer = Page(gone.url, b"gone", status=404, fetched_at="2030-01-02T00:00:00Z")
    record, record_id = records.capture(answer, records.body_sha256(answer.body))
    pieces[2] += record + records.metadata(gone.url, answer.fetched_at, record_id, [("portal-id", gone.portal_id)])
    for number, piece in enumerate(pieces):
        (folder / source.name.replace("-00000", f"-{number:05}")).write_bytes(piece)
    for name in ("portals.csv", "regions.csv"):
        shutil.copy(crawled.archive / name, folder)
    return folder


def alone(folder: Path, portals: World) -> tuple[list[tuple[Any, ...]], int]:
    """What one process makes of these portals, and how many requests that took."""
    process = start(folder, "crawl", "--portals", "portals.csv", "--db", "one.db", "--archive", "one-archive")
    told = process.communicate(timeout=300)
    assert process.returncode == 0, told
    asked = portals.asked
    portals.forget()
    return corpus(folder / "one.db"), asked


def shared(folder: Path, machines: Cluster, count: int) -> subprocess.Popen[str]:
    """The same crawl by many."""
    given = ("--scheduler", machines.address, "--shards", count, "--db", "many.db", "--archive", "many-archive", "--summary", "s.json")
    return start(folder, "crawl", "--portals", "portals.csv", *given)


def reached(portals: World, count: int, process: subprocess.Popen[str]) -> bool:
    """Waits for the portals to have been asked ``count`` times; whether the crawl still goes on."""
    while portals.asked < count and process.poll() is None:
        time.sleep(0.01)
    return process.poll() is None


def assert_no_host_saw_two_at_once(portals: World) -> None:
    for site in portals.sites:
        askers = portals.askers(site)
        assert len(askers) == len(set(askers)), (site.base, askers)


@pytest.mark.proof
def test_two_workers_one_killed(tmp_path: Path) -> None:
    with world(tmp_path, 4, pause=0.05) as portals, cluster(tmp_path / "cluster", 2) as machines:
        whole, asked = alone(tmp_path, portals)
        many = shared(tmp_path, machines, 3)
        assert reached(portals, asked // 3, many)
        machines.workers[0].send_signal(signal.SIGKILL)
        told = many.communicate(timeout=300)
        assert many.returncode == 0, told
        assert_no_host_saw_two_at_once(portals)
        assert corpus(tmp_path / "many.db") == whole
        summary = json.loads((tmp_path / "s.json").read_text("utf-8"))
        counts = {line["portal_id"]: (line["outcome"], line["listed"], line["new"]) for line in summary["portals"]}
        assert counts == {"p0": ("complete", 8, 8), "p1": ("complete", 8, 8), "p2": ("complete", 8, 8), "p3": ("complete", 10, 10)}
        assert "34 new" in told[0] and "next: harvester serve --db many.db" in told[0]
        # The aggregator's own lists and pages are asked once; its links to others when all shards are done, by one process.
        assert [asked.path for asked in portals.sites[0].asked][-1] == "/r/99.html"


@pytest.mark.proof
@pytest.mark.parametrize("workers", [2, 4])
def test_kills_in_each_third_and_the_scheduler_restarted(tmp_path: Path, workers: int) -> None:
    with world(tmp_path, 10, pause=0.1) as portals, cluster(tmp_path / "cluster", workers) as machines:
        whole, asked = alone(tmp_path, portals)
        manager = threading.Thread(target=machines.keep_up)
        manager.start()
        try:
            many = shared(tmp_path, machines, 8)
            for third in (1, 3, 5):
                assert reached(portals, asked * third // 6, many), many.communicate()
                machines.workers[0].kill()
                if third == 3:
                    machines.restart_scheduler()
            told = many.communicate(timeout=600)
        finally:
            machines.stopped.set()
            manager.join()
        assert many.returncode == 0, told
        assert "does not answer; trying again" in told[1]
        assert_no_host_saw_two_at_once(portals)
        assert corpus(tmp_path / "many.db") == whole


@pytest.mark.proof
def test_the_next_week_knows_what_the_shards_know(tmp_path: Path) -> None:
    """Asked again, the portals say of every page that nothing changed, and of what is gone that it is."""
    with world(tmp_path, 4), cluster(tmp_path / "cluster", 2, slots=2) as machines:
        assert shared(tmp_path, machines, 3).wait(timeout=400) == 0
        before = corpus(tmp_path / "many.db")
        many = shared(tmp_path, machines, 3)
        assert many.communicate(timeout=400)[0].count("8          0          0") == 0 and many.returncode == 0
        summary = json.loads((tmp_path / "s.json").read_text("utf-8"))
        assert [(line["new"], line["unchanged"]) for line in summary["portals"]] == [(0, 8), (0, 8), (0, 8), (0, 10)]
        assert corpus(tmp_path / "many.db") == before
        refused = start(tmp_path, "crawl", "--portals", "portals.csv", "--scheduler", machines.address, "--shards", 5, "--db", "many.db")
        assert "has 3 shards" in refused.communicate(timeout=60)[1] and refused.returncode == 2


@pytest.mark.proof
def test_a_driver_that_was_killed_goes_on(tmp_path: Path) -> None:
    with world(tmp_path, 3, pause=0.05) as portals, cluster(tmp_path / "cluster", 1) as machines:
        whole, asked = alone(tmp_path, portals)
        many = shared(tmp_path, machines, 2)
        assert reached(portals, asked // 2, many)
        many.kill()
        many.wait()
        many = shared(tmp_path, machines, 2)
        told = many.communicate(timeout=300)
        assert many.returncode == 0, told
        assert_no_host_saw_two_at_once(portals)
        assert corpus(tmp_path / "many.db") == whole


def performing(folder: Path, code: str) -> subprocess.Popen[str]:
    """A worker that runs ``code`` as the command of the shard ``folder``."""
    setup = f"from harvester.commands.cluster import task; task.COMMAND = [task.sys.executable, '-c', {code!r}]"
    worker = f"{setup}; print(task.perform({str(folder)!r}, 't', ()))"
    return subprocess.Popen([sys.executable, "-c", worker], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_a_task_that_runs_twice_works_once(tmp_path: Path) -> None:
    """The scheduler gave a worker up and handed its shard to another: the second waits, and finds the work done."""
    place = tmp_path / "shard"
    both = [performing(place, f"import time; time.sleep(1); open({str(tmp_path / 'ran')!r}, 'a').write('x')") for _ in range(2)]
    assert [process.communicate(timeout=60)[0].strip() for process in both] == ["0", "0"]
    assert (tmp_path / "ran").read_text() == "x"
    assert task.done(place, "t") == 0 and task.done(place, "another") is None


def test_what_a_worker_started_dies_with_it(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    worker = performing(tmp_path, f"import os, time; open({str(told)!r}, 'w').write(str(os.getpid())); time.sleep(60)")
    until = time.monotonic() + 30
    while not (told.is_file() and told.read_text()) and time.monotonic() < until:
        time.sleep(0.02)
    worker.kill()
    worker.communicate()
    while alive(told.read_text()) and time.monotonic() < until:
        time.sleep(0.02)
    assert not alive(told.read_text())
    with task.held(tmp_path / task.LOCK):
        assert task.done(tmp_path, "t") is None


def alive(process: str) -> bool:
    """Whether a process works; one that is dead and not yet buried does not."""
    try:
        return (Path("/proc") / process / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_command_that_ends_otherwise_is_told_with_its_last_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import sys; print('harvester: no such portal', file=sys.stderr); sys.exit(2)"
    monkeypatch.setattr(task, "COMMAND", [sys.executable, "-c", code])
    with pytest.raises(task.TaskFailed, match=f"{tmp_path.name}: no such portal"):
        task.perform(str(tmp_path), "t", ())


def test_without_a_scheduler_one_line(tmp_path: Path) -> None:
    (tmp_path / "portals.csv").write_text(f"{HEADER}\np0,,,http://127.0.0.1:1/list/,,,\n", "utf-8")
    process = start(tmp_path, "crawl", "--portals", "portals.csv", "--scheduler", "http://x", "--db", "many.db")
    told = process.communicate(timeout=60)[1].strip()
    assert process.returncode == 2 and len(told.splitlines()) == 1 and "tcp://HOST:PORT" in told, told


def test_without_the_extra_one_line_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r"harvester\[cluster\]"):
        driver.slots("tcp://127.0.0.1:1")


@pytest.mark.parametrize("given", [("--shards", 2), ("--shared", "x"), ("--sample", "--scheduler", "tcp://127.0.0.1:1")])
def test_options_that_do_not_go_together(tmp_path: Path, given: tuple[object, ...]) -> None:
    process = start(tmp_path, "crawl", *given)
    assert len(process.communicate(timeout=60)[1].splitlines()) == 1 and process.returncode == 2


def test_all_addresses_of_a_registered_host_lie_in_one_shard() -> None:
    names = "www.jj.gov.cn zwgk.jj.gov.cn www.beijing.gov.cn xxgk.tjft.gov.cn tjft.gov.cn:8080 127.0.0.1:81 127.0.0.1:82"
    hosts = names.split()
    portals = [Row(f"p{number}", list_url=f"http://{host}/list/") for number, host in enumerate(hosts)]
    plan = shards.planned(portals, 3, {})
    assert sorted(plan) == ["127.0.0.1:81", "127.0.0.1:82", "beijing.gov.cn", "jj.gov.cn", "tjft.gov.cn"]
    assert sorted(plan.values()) == [0, 0, 1, 2, 2]
    more = [*portals, Row("new", list_url="http://www.new.gov.cn/")]
    assert shards.planned(more, 3, plan) | plan == shards.planned(more, 3, plan)
    assert shards.planned(portals[::-1], 3, {}) == plan


@pytest.mark.proof
def test_each_warc_is_replayed_by_itself(archived: Path, tmp_path: Path) -> None:
    """Ids noted in one file for records of another, pages gone in a later file, attachments apart from what carries them."""
    shutil.copytree(archived, tmp_path / "one")
    shutil.copytree(archived, tmp_path / "again")
    assert run_harvester("replay", "--archive", tmp_path / "one", "--db", tmp_path / "one.db").returncode == 0
    with cluster(tmp_path / "cluster", 2) as machines:
        given = ("replay", "--archive", tmp_path / "again", "--db", tmp_path / "many.db", "--scheduler", machines.address)
        for _ in range(2):
            told = run_harvester(*given)
            assert told.returncode == 0, told.stderr
    assert "3 of 3 shards folded in" in told.stdout
    one = dump(tmp_path / "one.db", REPLAYED, "run_id")
    assert dump(tmp_path / "many.db", REPLAYED, "run_id") == one
    assert any("00112233445566ff" in line for line in one) and any("2030-01-02" in line for line in one)
    assert sorted(path.name for path in (tmp_path / "again").iterdir()) == sorted(path.name for path in archived.iterdir())
