"""What a run report is made of: the portals' history, the news, the measures and their limits, the feed, the page; and how a folder is
replaced."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harvester import assertions, feed, mends
from harvester.assertions import Measure
from harvester.errors import UsageError
from harvester.summary import OUTCOMES
from storage import history, measures, news, replacing, status
from storage.database import Database
from storage.reporting.facts import Published, report_of
from storage.reporting.folder import told_until
from storage.reporting.page import page as page_of
from tests.storing import figures, page

ATOM = "{http://www.w3.org/2005/Atom}"
COUNTS = ("listed", "fetched", "new", "changed", "unchanged", "withdrawn", "rejected")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with Database(tmp_path / "harvest.db") as opened:
        opened.load_reference()
        yield opened


def crawled(database: Database, run: str, started: str, command: str = "crawl", **portals: tuple[Any, ...]) -> dict[str, Any]:
    """Stores a finished run: portal -> (outcome, listed, fetched, reason). Returns its summary."""
    database.start_run(run, command, started)
    lines = []
    for portal, told in portals.items():
        outcome, listed, fetched, reason = (*told, *(0, 0, "")[len(told) - 1 :])
        line = dict.fromkeys(COUNTS, 0) | {"portal_id": portal, "outcome": outcome, "reason": reason, "listed": listed, "fetched": fetched}
        lines.append(line)
    summary = {"run_id": run, "started": started, "seconds": 1.0, "requests": 2, "bytes": 3, "portals": lines}
    database.finish_run(summary)
    return summary


# --- history -------------------------------------------------------------------------------------------------------------------------


def standing(database: Database) -> dict[str, tuple[Any, ...]]:
    found = history.portals(database.connection)
    return {row["portal"]: (row["outcome"], row["since"][:10], (row["last_success"] or "-")[:10], row["asked"][:10]) for row in found}


def test_since_when_a_portal_is_as_it_is_and_when_it_was_last_read(database: Database) -> None:
    days = {
        "2026-01-01": {"a": "complete", "b": "unreachable", "c": "complete"},
        "2026-01-08": {"a": "unreachable", "b": "blocked", "c": "complete"},
        "2026-01-15": {"a": "complete", "b": "unreachable", "c": "complete"},
        "2026-01-22": {"a": "unreachable", "b": "unreachable"},
        "2026-01-29": {"a": "unreachable", "b": "unreachable"},
    }
    for number, (day, told) in enumerate(days.items()):
        crawled(database, f"r{number}", f"{day}T03:00:00Z", **{portal: (outcome, 5) for portal, outcome in told.items()})
    assert standing(database) == {
        "a": ("unreachable", "2026-01-22", "2026-01-15", "2026-01-29"),
        "b": ("unreachable", "2026-01-15", "-", "2026-01-29"),
        "c": ("complete", "2026-01-01", "2026-01-15", "2026-01-15"),
    }
    told = status.status_of(database.path)["portals"]
    assert [row["portal"] for row in told] == ["a", "b", "c"], "the broken ones first"


def test_a_replay_asks_nobody_and_hides_no_failure(database: Database) -> None:
    crawled(database, "r1", "2026-01-01T03:00:00Z", a=("unreachable",))
    crawled(database, "r2", "2026-01-02T03:00:00Z", command="replay", a=("complete", 9), files_only=("complete", 3))
    assert standing(database)["a"] == ("unreachable", "2026-01-01", "-", "2026-01-01")
    assert standing(database)["files_only"][0] == "complete"
    crawled(database, "r3", "2026-01-03T03:00:00Z", a=("unreachable",), b=("complete",))
    crawled(database, "r4", "2026-01-04T03:00:00Z", command="replay", b=("complete", 9))
    crawled(database, "r5", "2026-01-05T03:00:00Z", b=("complete",))
    assert standing(database)["a"] == ("unreachable", "2026-01-01", "-", "2026-01-03")
    assert standing(database)["b"] == ("complete", "2026-01-03", "2026-01-05", "2026-01-05")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(OUTCOMES), min_size=1, max_size=12))
def test_since_is_the_first_run_of_the_last_row_of_one_outcome(database: Database, outcomes: list[str]) -> None:
    for table in ("run_portals", "runs"):
        database.connection.execute(f"DELETE FROM {table}")
    for number, outcome in enumerate(outcomes, 1):
        database.connection.execute(
            "INSERT INTO runs (key, id, command, started) VALUES (?1, ?1, 'crawl', ?2)", (number, f"2026-01-{number:02}")
        )
        database.connection.execute("INSERT INTO run_portals (run, portal_id, outcome) VALUES (?, 'a', ?)", (number, outcome))
    first = len(outcomes)
    while first > 1 and outcomes[first - 2] == outcomes[-1]:
        first -= 1
    assert standing(database)["a"][:2] == (outcomes[-1], f"2026-01-{first:02}")


def test_the_run_before_and_the_run_a_year_before(database: Database) -> None:
    began = date(2025, 1, 6)
    for week in range(60):
        crawled(database, f"r{week}", f"{began + timedelta(weeks=week)}T03:00:00Z", a=("complete", week))
    run = history.run(database.connection, "r59")
    assert run and run["listed"] == 59
    before, year = (
        history.run_before(database.connection, run["key"]),
        history.run_a_year_before(database.connection, run["key"], run["started"]),
    )
    assert before and before["run_id"] == "r58"
    assert year and year["run_id"] == "r7"
    assert history.run_a_year_before(database.connection, 30, "2025-08-01T00:00:00Z") is None
    assert [listed for _, _, listed in history.lists(database.connection)["a"]] == list(range(30, 60))


def test_the_season_is_compared_by_the_days_that_portals_print(database: Database) -> None:
    for number, (year, day) in enumerate(
        [(2024, "2025-01-20"), (2024, "2025-03-30"), (2025, "2026-01-10"), (2025, "2026-01-25"), (2025, "2026-02-27")]
    ):
        database.save(page(f"http://a.gov.cn/{number}", f"文{number}", "2026-03-01T00:00:00Z", report={"year": year, "published_on": day}))
    assert history.season(database.connection, "2026-01-31") == {"year": 2025, "by": "01-31", "published": 2, "year_before": 1}


# --- news ----------------------------------------------------------------------------------------------------------------------------


def told(database: Database, since: str) -> dict[str, list[str]]:
    found = news.since(database.connection, since, "9999")
    return {kind: sorted(entry["url"].rpartition("/")[2] for entry in entries) for kind, entries in found.items()}


def test_news_are_what_addresses_answered_after_a_moment(database: Database) -> None:
    database.save(page("http://a.gov.cn/1", "一", "2026-01-01T00:00:00Z"))
    database.save(page("http://a.gov.cn/2", "二", "2026-01-01T00:00:00Z", report={"year": 2023}))
    assert told(database, "") == {"new": ["1", "2"], "changed": [], "withdrawn": []}
    database.save(page("http://a.gov.cn/1", "一，更正", "2026-01-08T00:00:00Z", report={"figures": figures(seed=3)}))
    database.save(page("http://a.gov.cn/2", "二", "2026-01-08T00:00:00Z", markup="<hr>", report={"year": 2023}))  # redecorated
    database.save(page("http://a.gov.cn/3", "三", "2026-01-08T00:00:00Z", report={"year": 2022}))
    database.save(page("http://b.gov.cn/3", "三", "2026-01-08T00:00:00Z", report={"year": 2022}))  # at a second address
    database.gone("http://a.gov.cn/2", "2026-01-08T00:00:00Z")
    assert told(database, "2026-01-01T00:00:00Z") == {"new": ["3"], "changed": ["1"], "withdrawn": ["2"]}
    assert told(database, "2026-01-08T00:00:00Z") == {"new": [], "changed": [], "withdrawn": []}
    (changed,) = news.since(database.connection, "2026-01-01T00:00:00Z", "9999")["changed"]
    expected = sum(a.value != b.value for a, b in zip(figures(), figures(seed=3), strict=True))
    assert changed["cells"] == expected > 0
    assert "table_2 art20_1.regulations.repealed: 1 → 3" in changed["differences"]
    assert len(changed["differences"]) == min(expected, news.MOST_CELLS)


def test_a_correction_that_is_taken_back_is_a_change_again(database: Database) -> None:
    for week, text in enumerate(("甲", "乙", "甲"), 1):
        database.save(page("http://a.gov.cn/1", text, f"2026-01-{week:02}T00:00:00Z", markup=f"<i>{week}</i>"))
    assert told(database, "2026-01-02T00:00:00Z") == {"new": [], "changed": ["1"], "withdrawn": []}


def test_renditions_of_one_report_are_news_once_under_its_public_id(database: Database) -> None:
    """A page and its PDF are one report: one of them coming later is no news, and the id is that of what was fetched first."""
    carrier = "http://a.gov.cn/1.html"
    files = {"1.pdf": ("pdf", carrier), "1.html": ("html", "")}
    for week, (name, (form, carried)) in enumerate(files.items(), 1):
        database.save(
            page(f"http://a.gov.cn/{name}", f"文{form}", f"2026-01-{week:02}T00:00:00Z", carrier=carried, report={"format": form})
        )
    (new,) = news.since(database.connection, "", "9999")["new"]
    ((ident, seen),) = database.connection.execute("SELECT id, first_seen FROM reports").fetchall()
    assert (new["id"], new["first_seen"], new["at"]) == (ident, seen, "2026-01-01T00:00:00Z")
    assert told(database, "2026-01-01T00:00:00Z") == {"new": [], "changed": [], "withdrawn": []}
    for name, (form, carried) in files.items():
        given = {"format": form, "figures": figures(seed=2)}
        database.save(page(f"http://a.gov.cn/{name}", f"更正{form}", "2026-01-09T00:00:00Z", carrier=carried, report=given))
    found = news.since(database.connection, "2026-01-08T00:00:00Z", "9999")
    assert [len(found[kind]) for kind in ("new", "changed", "withdrawn")] == [0, 1, 0]
    assert found["changed"][0]["before"] == ident
    assert found["changed"][0]["id"] in {
        one for (one,) in database.connection.execute("SELECT id FROM reports WHERE superseded_by IS NULL")
    }


def test_a_block_page_in_between_hides_no_change(database: Database) -> None:
    database.save(page("http://a.gov.cn/1", "甲", "2026-01-01T00:00:00Z"))
    database.save(page("http://a.gov.cn/1", "请稍候", "2026-01-02T00:00:00Z", report={"kind": "not_report", "reason": "a notice"}))
    database.save(page("http://a.gov.cn/1", "乙", "2026-01-03T00:00:00Z"))
    assert told(database, "2026-01-02T00:00:00Z")["changed"] == ["1"]


# --- measures and limits -------------------------------------------------------------------------------------------------------------


def measured(database: Database, summary: Mapping[str, Any], before: Mapping[str, Any] = {}, since: str = "") -> dict[str, Measure]:
    found = {**news.since(database.connection, since, "2026-12-01T00:00:00Z"), "since": since, "until": "2026-12-01T00:00:00Z"}
    return measures.measured(database.connection, measures.of_database(database.connection), before, found, summary)


def failing(found: Mapping[str, Measure], day: str = "2026-06-01") -> set[str]:
    return {verdict.assertion.key for verdict in assertions.judge(assertions.load(), found, day) if verdict.outcome == "fail"}


def test_every_assertion_has_a_measure_and_is_told_in_both_languages(database: Database, tmp_path: Path) -> None:
    summary = crawled(database, "r1", "2026-01-01T00:00:00Z", a=("complete", 3))
    keys = {*measured(database, summary), "disk_room", "unfinished"}
    assert {one.key for one in assertions.load()} == keys
    for one in assertions.load():
        assert (one.at_most is None) != (one.at_least is None), one.key
        assert all((one.zh, one.en, one.why_zh, one.why_en, one.do_zh, one.do_en)), one.key
    assert (measures.room(database.path, tmp_path / "no" / "such").value or 0) > 1


def test_zero_where_there_were_some_last_year_fails_and_silence_is_another_thing(database: Database) -> None:
    crawled(database, "r1", "2025-03-01T00:00:00Z", a=("complete", 9), b=("complete", 9), c=("empty", 0))
    crawled(database, "r2", "2025-12-01T00:00:00Z", a=("incomplete", 0), b=("complete", 9), c=("empty", 0))
    summary = crawled(database, "r3", "2026-01-01T00:00:00Z", a=("empty", 0), b=("unreachable", 0), c=("empty", 0))
    found = measured(database, summary)
    assert found["emptied_portals"] == Measure(0.5, 2)
    assert found["silenced_portals"] == Measure(round(1 / 3, 6), 3)
    assert failing(found) == {"emptied_portals", "reports"}
    later = crawled(database, "r4", "2027-06-01T00:00:00Z", a=("empty", 0), b=("unreachable", 0), c=("empty", 0))
    assert measured(database, later)["emptied_portals"] == Measure(None), "nobody listed anything within that year"


def test_a_server_in_trouble_is_silent_and_a_list_that_is_gone_is_emptied(database: Database) -> None:
    names = ("a", "b", "c", "d")
    crawled(database, "r1", "2026-01-01T00:00:00Z", **dict.fromkeys(names, ("complete", 9)))
    given = {**dict.fromkeys(names, ("complete", 9)), "a": ("incomplete", 0, 0, "HTTP 503: http://a.gov.cn/list/")}
    for run_id, silenced in (("r2", Measure(0.25, 4)), ("r3", Measure(0, 3))):  # one that was silent before fell silent then
        found = measured(database, crawled(database, run_id, "2026-01-08T00:00:00Z", **given))
        assert (found["emptied_portals"], found["silenced_portals"]) == (Measure(0, 4), silenced)
        assert failing(found) == {"reports"}
    gone = {**given, "a": ("incomplete", 0, 0, "HTTP 404: http://a.gov.cn/list/")}
    assert failing(measured(database, crawled(database, "r4", "2026-01-15T00:00:00Z", **gone))) == {"reports", "emptied_portals"}


def test_a_few_withdrawals_are_never_too_many_and_a_dozen_are() -> None:
    shares = {part: failing({"withdrawn_share": Measure(round(part / 60, 6), 60)}) for part in (3, 5, 6, 12)}
    assert shares == {3: set(), 5: set(), 6: {"withdrawn_share"}, 12: {"withdrawn_share"}}
    assert failing({"unfinished": Measure(1)}) == {"unfinished"}


def test_a_silent_loss_of_figures_fails(database: Database) -> None:
    for number in range(12):
        database.save(page(f"http://a.gov.cn/{number}", f"文{number}", "2026-01-01T00:00:00Z", report={"year": 2000 + number}))
    summary = crawled(database, "r1", "2026-01-01T00:00:00Z", qinglan=("complete", 12, 12))
    before = json.loads(json.dumps(measures.of_database(database.connection)))
    assert failing(measured(database, summary, before)) == set()
    assert measured(database, summary, before)["fill_drop"].value == 0
    blank = figures()
    for figure in blank:
        figure.status, figure.value, figure.printed = "absent", None, None
    for number in range(20, 24):
        database.save(
            page(
                f"http://a.gov.cn/{number}", f"文{number}", "2026-02-01T00:00:00Z", report={"year": 2000, "organ_id": "", "figures": blank}
            )
        )
    found = measured(database, summary, before, "2026-01-01T00:00:00Z")
    assert found["fill_new"].value == 1
    assert found["fill_drop"].value == 0.25
    assert failing(found) >= {"fill_drop"}


def test_lost_and_doubled_reports_fail(database: Database) -> None:
    for number in range(60):
        given = {"year": 1950 + number, "organ_id": "990100-00000001"}
        database.save(page(f"http://a.gov.cn/{number}", f"文{number}", "2026-01-01T00:00:00Z", report=given))
    before = json.loads(json.dumps(measures.of_database(database.connection)))
    summary = crawled(database, "r1", "2026-01-01T00:00:00Z", qinglan=("complete", 60, 60))
    for number in range(2):
        given = {"year": 1950 + number, "organ_id": "990100-00000001"}
        database.save(page(f"http://b.gov.cn/{number}", f"又{number}", "2026-01-02T00:00:00Z", report=given))
    found = measured(database, summary, before)
    assert found["doubled_rise"] == Measure(round(2 / 60, 6), 60)
    assert failing(found) == {"doubled_rise"}
    fewer = measured(database, summary, before | {"reports": 70, "years": before["years"] | {"1999": 40}})
    assert failing(fewer) == {"doubled_rise", "coverage_drop", "year_drop"}
    assert fewer["year_drop"] == Measure(round(39 / 40, 6), 40)


def test_unreadable_pages_and_mass_withdrawals_fail(database: Database) -> None:
    for number in range(60):
        database.save(page(f"http://a.gov.cn/{number}", f"文{number}", "2026-01-01T00:00:00Z", report={"year": 1950 + number}))
    for number in range(6):
        database.gone(f"http://a.gov.cn/{number}", "2026-01-08T00:00:00Z")
    for number in range(3):
        unread = {"kind": "unreadable", "reason": "torn"}
        database.save(page(f"http://c.gov.cn/{number}", f"坏{number}", "2026-01-08T00:00:00Z", run_id="r2", report=unread))
    summary = crawled(database, "r2", "2026-01-08T00:00:00Z", qinglan=("complete", 60, 12))
    found = measured(database, summary, since="2026-01-01T00:00:00Z")
    assert found["unreadable_pages"] == Measure(0.25, 12)
    assert failing(found) == {"unreadable_pages", "withdrawn_share"}


def test_the_season_is_judged_in_its_time_and_only_told() -> None:
    found = {"season": Measure(0.1, 100)}
    assert failing(found, "2026-02-01") == set()
    (verdict,) = [verdict for verdict in assertions.judge(assertions.load(), found, "2026-04-20") if verdict.outcome == "fail"]
    assert (verdict.assertion.key, verdict.blocks) == ("season", False)
    assert "10%, ≥ 30%" in verdict.told()


def test_a_share_of_a_handful_says_nothing_and_a_limit_itself_holds() -> None:
    (one,) = [one for one in assertions.load() if one.key == "unreadable_pages"]
    outcomes = {
        measure: assertions.judge([one], {one.key: measure}, "2026-01-01")[0].outcome
        for measure in (Measure(0.9, 9), Measure(0.2, 10), Measure(0.21, 10))
    }
    assert list(outcomes.values()) == ["unknown", "pass", "fail"]
    assert assertions.judge([one], {}, "2026-01-01")[0].outcome == "unknown"


def test_settings_of_ones_own(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text("[reports]\nat_least = 100\nblocks = false\n", "utf-8")
    (changed,) = [one for one in assertions.load(own) if one.key == "reports"]
    assert (changed.at_least, changed.blocks, changed.at_most) == (100, False, None)
    with pytest.raises(UsageError, match="no assertions can be read"):
        assertions.load(tmp_path / "none.toml")


def test_every_outcome_has_a_mend() -> None:
    for outcome in OUTCOMES:
        assert bool(mends.mend(outcome, "whatever").en) == (outcome != "complete")
    assert "robots.txt" in mends.mend("blocked", "its robots.txt forbids the page: http://a/").zh
    assert "DNS" in mends.mend("unreachable", "the host name is not known (DNS): http://a/").en


# --- the feed ------------------------------------------------------------------------------------------------------------------------

WHEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
TEXT = st.text(max_size=30)


def event(**given: Any) -> dict[str, Any]:
    whose = {"id": "0123456789abcdef", "title": "某市2024年报告", "organ": "某市人民政府", "year": 2024, "url": "http://a.gov.cn/1"}
    return {**whose, "at": "2026-01-08T00:00:00Z", "first_seen": "2026-01-01T00:00:00Z", "before": None, **given}


def valid(written: bytes) -> ElementTree.Element:
    """The feed parsed, after what RFC 4287 asks of it was seen to be there."""
    root = ElementTree.fromstring(written)
    assert root.tag == f"{ATOM}feed"
    for element in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            (found,) = element.findall(f"{ATOM}{name}")
            assert found.text and found.text.strip(), name
        assert (element.findtext(f"{ATOM}id") or "").startswith("tag:harvester.invalid,2026:")
        assert WHEN.fullmatch(element.findtext(f"{ATOM}updated") or "")
    for entry in root.findall(f"{ATOM}entry"):
        assert entry.findtext(f"{ATOM}author/{ATOM}name")
        links = [link for link in entry.findall(f"{ATOM}link") if link.get("rel") == "alternate" and link.get("href")]
        assert len(links) == 1 or entry.findtext(f"{ATOM}content")
    ids = [entry.findtext(f"{ATOM}id") for entry in root.findall(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids)
    return root


def test_the_feed_is_atom_bounded_and_its_ids_stay() -> None:
    events = [event(id=f"{number:016x}", before="f" * 16 if number % 2 else None) for number in range(feed.MOST + 5)]
    root = valid(feed.atom(events, "r1"))
    assert len(root.findall(f"{ATOM}entry")) == feed.MOST
    assert [entry.find(f"{ATOM}category").get("term") for entry in root.findall(f"{ATOM}entry")][:2] == ["new", "changed"]  # type: ignore[union-attr]
    assert feed.atom(events, "r1") == feed.atom(events, "r1")
    assert root.findtext(f"{ATOM}updated") == "2026-01-08T00:00:00Z"
    assert root.findtext(f"{ATOM}id") != valid(feed.atom(events, "r2")).findtext(f"{ATOM}id")


def test_a_feed_without_entries_is_valid() -> None:
    valid(feed.atom([], ""))


@settings(max_examples=60, deadline=None)
@given(TEXT, TEXT, st.text(min_size=1, max_size=20))
def test_whatever_a_title_holds_the_feed_is_xml(title: str, organ: str, url: str) -> None:
    valid(feed.atom([event(title=title, organ=organ, url=f"http://a.gov.cn/{url}")], "r1"))


def test_the_feed_of_a_database_tells_new_and_changed(database: Database) -> None:
    database.start_run("r1", "crawl", "2026-01-01T00:00:00Z")
    database.save(page("http://a.gov.cn/1", "一", "2026-01-01T00:00:00Z"))
    database.save(page("http://a.gov.cn/2", "二", "2026-01-02T00:00:00Z", report={"year": 2023}))
    database.save(page("http://a.gov.cn/1", "一，更正", "2026-01-08T00:00:00Z"))
    root = valid(news.feed(database.connection))
    terms = [(entry.find(f"{ATOM}category").get("term"), entry.find(f"{ATOM}link").get("href")) for entry in root.findall(f"{ATOM}entry")]  # type: ignore[union-attr]
    assert terms == [("changed", "http://a.gov.cn/1"), ("new", "http://a.gov.cn/2")]
    assert root.findtext(f"{ATOM}id") == "tag:harvester.invalid,2026:feed/r1"


# --- the page ------------------------------------------------------------------------------------------------------------------------


def test_what_pages_and_portals_say_is_never_markup_nor_a_script(database: Database) -> None:
    database.save(
        page("http://a.gov.cn/1", "一", "2026-01-01T00:00:00Z", report={"title": "<script>alert(1)</script>", "organ": "<b>甲</b>"})
    )
    summary = crawled(database, "r1", "2026-01-01T00:00:00Z", a=("blocked", 0, 0, "<img src=x onerror=alert(2)>"))
    found = {**news.since(database.connection, "", "9999"), "since": "", "until": "2026-01-01T00:00:00Z"}
    found["new"][0]["url"] = "javascript:alert(3)"
    verdicts = assertions.judge(assertions.load(), {}, "2026-01-01")
    report = report_of(database.connection, summary, found, verdicts, Published("blocked", "site", "<i>no</i>"), ["<u>note</u>"])
    shown = page_of(json.loads(json.dumps(report)))
    for evil in ("<script", "<b>甲", "<img", "<i>", "<u>", 'href="javascript'):
        assert evil not in shown, evil
    assert "&lt;script&gt;alert(1)" in shown
    assert not re.search(r"(src|href)=\"(?!http://a\.gov\.cn|data:,|feed\.xml)", shown)


def test_a_report_that_cannot_be_read_counts_as_none(tmp_path: Path) -> None:
    assert told_until(tmp_path) == ""
    for broken in ("", "[]", "{}", "\0"):
        (tmp_path / "latest.json").write_text(broken)
        assert told_until(tmp_path) == ""
    (tmp_path / "latest.json").write_text('{"until": "2026-01-01T00:00:00Z"}')
    assert told_until(tmp_path) == "2026-01-01T00:00:00Z"


# --- a folder replaced ---------------------------------------------------------------------------------------------------------------


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("at_once", [True, False])
def test_a_folder_is_replaced_whole_and_keeps_what_is_not_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: bool) -> None:
    if not at_once:
        monkeypatch.setattr(replacing, "_at_once", lambda one, other: False)
    site = tmp_path / "site"
    for number in range(2):
        with replacing.whole(site) as folder:
            assert not list(folder.iterdir())
            (folder / "a.txt").write_text(str(number))
        (site / "CNAME").write_text("example.org")
        (site / ".git" / "refs").mkdir(parents=True, exist_ok=True)
        (site / "link").unlink(missing_ok=True)
        (site / "link").symlink_to("a.txt")
        assert (site / "a.txt").read_text() == str(number)
    with pytest.raises(ZeroDivisionError), replacing.whole(site) as folder:
        (folder / "a.txt").write_text("half")
        raise ZeroDivisionError
    assert (site / "a.txt").read_text() == "1"
    assert names(site) == [".git", "CNAME", "a.txt", "link"]
    assert names(tmp_path) == ["site"]


def test_a_folder_that_cannot_be_exchanged_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "here" / "below").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here" / "below")
    for place in (tmp_path / "file", tmp_path / "here", Path(), Path("..")):
        with pytest.raises(OSError), replacing.whole(place):
            pass
    assert (tmp_path / "file").read_text() == "mine"
    assert names(tmp_path) == ["file", "here"]


def test_a_link_to_a_folder_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o750)
    (tmp_path / "site").symlink_to("real")
    for number in range(2):
        with replacing.whole(tmp_path / "site") as folder:
            (folder / "a.txt").write_text(str(number))
    assert (tmp_path / "site").is_symlink()
    assert (tmp_path / "real" / "a.txt").read_text() == "1"
    assert (tmp_path / "real").stat().st_mode & 0o777 == 0o750
    assert names(tmp_path) == ["real", "site"]


def test_a_kill_between_two_renames_is_mended(tmp_path: Path) -> None:
    """On a file system that cannot exchange two folders."""
    (tmp_path / ".site.old").mkdir()
    (tmp_path / ".site.old" / "CNAME").write_text("example.org")
    (tmp_path / ".site.new").mkdir()
    (tmp_path / ".site.new" / "half").touch()
    with replacing.whole(tmp_path / "site") as folder:
        (folder / "a.txt").touch()
    assert names(tmp_path / "site") == ["CNAME", "a.txt"]
    assert names(tmp_path) == ["site"]
