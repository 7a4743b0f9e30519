"""The site in a real browser: every page at two widths, its numbers against SQL, and the way from each number to its archived page."""

from __future__ import annotations

import os
import random
import re
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from urllib.request import urlopen

import pytest
from selectolax.lexbor import LexborHTMLParser

from harvester.reading import as_json, read_report
from storage import publish, queries
from storage.site.plugins import zh_search
from tests.conftest import Crawled
from tests.serving import browser, server

WIDTHS = (1280, 390)


@dataclass
class Served:
    """The published sample, served: its address, its database, its pages by name."""

    address: str
    folder: Path
    pages: dict[str, str] = field(default_factory=dict)

    def sql(self, query: str, **words: Any) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.folder / "harvest.db")) as connection:
            zh_search.prepare_connection(connection)
            return connection.execute(query, words).fetchall()

    def get(self, path: str) -> tuple[str, bytes, Any]:
        """Where the address leads in the end, the body, the headers."""
        with urlopen(urljoin(self.address, path), timeout=20) as answer:
            return answer.geturl(), answer.read(), answer.headers

    def html(self, path: str) -> LexborHTMLParser:
        return LexborHTMLParser(self.get(path)[1])


@pytest.fixture(scope="module")
def site(crawled: Crawled, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("site") / "out"
    publish.publish(crawled.database, folder)
    with server(folder) as address:
        served = Served(address, folder)
        served.pages = addresses(served)
        yield served


def addresses(site: Served) -> dict[str, str]:
    ((report, organ),) = site.sql("SELECT id, organ_id FROM reports WHERE organ = '青岚市教育局' AND year = 2022")
    ((government,),) = site.sql("SELECT id FROM organs WHERE name = '青岚市人民政府'")
    ((wrong, capture),) = site.sql("SELECT report_id, r.capture_id FROM source_errors e JOIN reports r ON r.id = e.report_id LIMIT 1")
    return {
        "home": "/",
        "report": f"/-/report/{report}",
        "report_wrong": f"/-/report/{wrong}",
        "organ": f"/-/organ/{organ}",
        "organ_consolidated": f"/-/organ/{government}",
        "region": "/-/region/990100",
        "country": "/-/region/100000",
        **{name: f"/-/dashboard/{name}" for name in ("requests", "refusals", "disputes", "timeliness")},
        "organs": "/-/dashboard/organs?region=990100&year=2024",
        "rates": "/-/rates?rate=granted&year=2024&scope=own&region=990000",
        "regions": "/-/dashboard/regions?region=990000&year=2024",
        "ledger": "/-/ledger?year=2024",
        "about": "/-/about",
        "numbers": "/-/numbers?table=table_3&row=denied_*&column=total&year=2023&scope=own&region=990102",
        "capture": f"/-/capture/{capture}?report={wrong}&of=table_3/new_received/total",
        "dictionary": "/-/dictionary",
        "table": "/harvest/reports?superseded_by__isnull=1&_size=5",
        "query": "/harvest?sql=select+1",
        "ready_made": "/harvest/requests_by_year?scope=own&region=",
        "repeats": f"/-/repeats/{report}",
        "search": "/-/search?q=诉讼",
    }


# --- in the browser --------------------------------------------------------------------------------------------------------------------


class Browser:
    """A page of Chromium that reaches nothing but the site, and everything that went wrong in it."""

    def __init__(self, chromium: Any, site: Served, width: int) -> None:
        self.site, self.width = site, width
        self.context = chromium.new_context(viewport={"width": width, "height": 900})
        self.wrong: list[str] = []
        self.context.route(lambda url: not url.startswith(site.address), self._refuse)
        self.page = self.context.new_page()
        self.page.on("console", lambda told: self.wrong.append(told.text) if told.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))

    def _refuse(self, route: Any) -> None:
        self.wrong.append(f"asked for {route.request.url}")
        route.abort()

    def open(self, name: str) -> Any:
        self.wrong.clear()
        self.page.goto(self.site.address + self.site.pages.get(name, name), wait_until="load")
        return self.page


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def browsers(chromium: Any, site: Served) -> dict[int, Browser]:
    return {width: Browser(chromium, site, width) for width in WIDTHS}


NAMES = (
    *("home", "report", "report_wrong", "organ", "organ_consolidated", "region", "country", "requests", "refusals", "disputes"),
    *(
        "timeliness",
        "organs",
        "rates",
        "regions",
        "ledger",
        "about",
        "numbers",
        "capture",
        "dictionary",
        "table",
        "query",
        "ready_made",
        "repeats",
        "search",
    ),
)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_whole_quiet_and_for_everybody(browsers: dict[int, Browser], name: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    browser = browsers[width]
    page = browser.open(name)
    found = axe.Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    serious = [(one["id"], one["nodes"][0]["html"][:200]) for one in found if one["impact"] in ("serious", "critical")]
    keep(page, f"{name}-{width}")
    assert serious == []
    assert browser.wrong == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.lang") == "zh-CN"


def keep(page: Any, name: str) -> None:
    if folder := os.environ.get("HARVEST_SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def bars(page: Any) -> dict[tuple[str, str], float]:
    """(series, label) -> the value of each bar of the page's chart."""
    found = page.eval_on_selector_all("svg rect", "all => all.map(one => ({...one.dataset}))")
    return {(one.get("series", ""), one["label"]): float(one["value"]) for one in found}


SUM = """SELECT r.year, sum(f.value) FROM figures f JOIN reports r ON r.id = f.report_id
    WHERE r.superseded_by IS NULL AND f.status = 'printed' AND f.table_key = :table AND f.row_key GLOB :row AND f.column_key = :column
    AND r.scope = :scope AND r.region_code LIKE :region AND coalesce(:organ, r.organ_id) = r.organ_id GROUP BY r.year"""


def truth(site: Served, row: str, scope: str = "own", region: str = "%", **words: str | None) -> dict[str, float]:
    asked: dict[str, Any] = {"table": "table_3", "column": "total", "organ": None} | words
    return {str(year): value for year, value in site.sql(SUM, row=row, scope=scope, region=region, **asked) if value is not None}


@pytest.mark.parametrize("region", ["100000", "990000", "990100", "990102"])
def test_the_chart_of_requests_shows_what_the_reports_print(browsers: dict[int, Browser], site: Served, region: str) -> None:
    shown = bars(browsers[1280].open(f"/-/dashboard/requests?region={region}"))
    below = "%" if region == "100000" else re.sub("(00)*$", "", region) + "%"
    for series, row in (("本年新收", "new_received"), ("予以公开", "granted"), ("办理总计", "total_handled")):
        assert {label: value for (name, label), value in shown.items() if name == series} == truth(site, row, region=below)


def test_the_charts_of_an_organ_a_region_and_disputes_show_what_the_reports_print(browsers: dict[int, Browser], site: Served) -> None:
    ((organ,),) = site.sql("SELECT id FROM organs WHERE name = '青岚市人民政府'")
    shown = bars(browsers[1280].open("organ_consolidated"))
    assert {label: value for (name, label), value in shown.items() if "新收" in name} == truth(
        site, "new_received", "consolidated", organ=organ
    )
    shown = bars(browsers[390].open("region"))
    assert {label: value for (name, label), value in shown.items() if "总计" in name} == truth(
        site, "total_handled", "consolidated", "9901%"
    )
    shown = bars(browsers[390].open("disputes"))
    expected = truth(site, "cases", table="table_4", column="review_total")
    assert {label: value for (name, label), value in shown.items() if name == "行政复议 总计"} == expected


def test_the_reasons_and_the_days_are_what_the_tables_say(browsers: dict[int, Browser], site: Served) -> None:
    shown = bars(browsers[1280].open("/-/dashboard/refusals?year=2024"))
    assert shown["", "本机关不掌握"] == truth(site, "unable_not_held")["2024"]
    assert shown["", "第三方合法权益"] == truth(site, "denied_third_party_rights")["2024"]
    shown = bars(browsers[1280].open("timeliness"))
    late = dict(site.sql("SELECT year, sum(days_late > 0) FROM ledger GROUP BY year"))
    assert {int(label): value for (name, label), value in shown.items() if name == "逾期公布"} == late


def test_a_year_without_a_number_has_no_bar(browsers: dict[int, Browser], site: Served) -> None:
    shown = bars(browsers[1280].open("organ_consolidated"))
    (years,) = zip(*site.sql("SELECT year FROM reports WHERE organ = '青岚市人民政府' AND form = 'narrative'"), strict=True)
    assert years
    assert not [label for _, label in shown if int(label) in years]


def test_small_groups_are_not_ranked_and_scopes_are_never_added(site: Served) -> None:
    page = site.html(site.pages["regions"])
    assert "不排名" in (page.body.text() if page.body else "")
    assert {cell.text() for cell in page.css("td.rank")} <= {"—", *map(str, range(1, 100))}
    for row in page.css("tbody tr"):
        sizes = [int(size) for size in re.findall(r"n=(\d+)", row.css("td")[-1].text())]
        assert (row.css_first("td.rank").text() != "—") == bool(sizes and sizes[0] >= 30)


def test_each_sum_stands_beside_its_coverage(site: Served) -> None:
    counted = site.sql("SELECT year, expected, found, parsed, checked FROM coverage WHERE kind = 'year'")
    text = site.html(site.pages["requests"]).css_first("table.sums tr.meta").text()
    for _, expected, found, parsed, checked in counted[1:]:
        assert f"{found}/{expected} · {parsed} · {checked}" in text


# --- two clicks to the archived page ----------------------------------------------------------------------------------------------------

NUMBER = re.compile(r"-?[\d,]+(\.\d+)?")
WALKED = ("report", "report_wrong", "organ", "organ_consolidated", "region", "country", "requests", "refusals", "disputes", "timeliness")


@pytest.mark.parametrize("name", [*WALKED, "organs", "rates", "regions", "ledger", "numbers", "home"])
def test_every_number_is_two_clicks_from_its_archived_page(site: Served, name: str) -> None:
    page = site.html(site.pages[name]).css_first("main")
    links = [link for link in page.css("a") if NUMBER.fullmatch(link.text().strip()) and link.text().strip() != "0"]
    links = [link for link in links if "run_portals" not in (link.attributes["href"] or "")]  # portals read: not a number of a report
    assert links
    for link in random.Random(7).sample(links, min(5, len(links))):
        href, told = link.attributes["href"] or "", link.text().strip()
        source, printed = followed(site, href, told)
        capture = re.search(r"/-/capture/(\d+)", source)
        assert capture, (href, source)
        body = site.get(f"/-/capture/{capture[1]}/body?save=1")[1]
        cell = re.search(r"of=(.+)/(.+)/(.+)", source)
        assert cell is None or printed == read(body)[cell.groups()], (href, source)


def followed(site: Served, href: str, told: str) -> tuple[str, str]:
    """One click, and if that is not the archived page yet, another: its address, and the number that leads there."""
    if "/-/capture/" in href:
        return href, told
    page = LexborHTMLParser(site.get(href)[1])
    if cell := urlsplit(href).fragment:
        second = next(one for one in page.css("td a") if one.parent and one.parent.attributes.get("id") == cell)
        assert second.text() == told
        return second.attributes["href"] or "", told
    second = next((one for one in page.css("main a") if re.search(r"/-/(capture|source)/", one.attributes["href"] or "")), None)
    assert second is not None, href
    target = second.attributes["href"] or ""
    return (target if "/-/capture/" in target else site.get(target)[0]), second.text().strip()


def read(body: bytes) -> dict[tuple[str, ...], str | None]:
    """What the archived bytes print, cell by cell."""
    report = as_json(read_report(body, source="capture"))
    return {(figure["table"], figure["row"], figure["column"]): figure["printed"] for figure in report["figures"]}


def test_the_archived_bytes_are_those_that_were_fetched(site: Served, crawled: Crawled) -> None:
    kinds = site.sql("SELECT format, min(id), max(id) FROM captures WHERE report_id IS NOT NULL GROUP BY format")
    assert {kind for kind, _, _ in kinds} >= {"html", "pdf", "docx"}
    for _, *idents in kinds:
        for ident in set(idents):
            ((digest,),) = site.sql("SELECT body_sha256 FROM captures WHERE id = :id", id=ident)
            _, body, headers = site.get(f"/-/capture/{ident}/body?save=1")
            assert sha256(body).hexdigest() == digest
            assert "sandbox" in headers["Content-Security-Policy"]
            assert headers["Content-Disposition"].startswith("attachment")


def test_an_archived_page_can_do_nothing(site: Served) -> None:
    ((ident,),) = site.sql("SELECT min(id) FROM captures WHERE format = 'html'")
    _, body, headers = site.get(f"/-/capture/{ident}/body")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert not re.search(rb"<script|<iframe|<link|\ssrc=|\son\w+=", body, re.IGNORECASE)


# --- ready-made questions ---------------------------------------------------------------------------------------------------------------

ANSWERED = {
    "one_organ": {"organ": "教育局"},
    "requests_by_year": {"scope": "", "region": ""},
    "most_requests": {"year": "2024", "scope": ""},
    "why_denied": {"year": "2024", "scope": "own", "region": "990000"},
    "who_asks": {"scope": "consolidated", "region": ""},
    "reviews_and_lawsuits": {"scope": "", "region": ""},
    "provinces_compared": {"year": "2024", "scope": "own"},
    "published_late": {"year": "", "region": ""},
    "not_found": {"year": "2024", "region": "99"},
    "coverage_by_province": {},
    "failed_checks": {},
    "errors_by_check": {"strength": ""},
    "in_the_text": {"word": "诉讼"},
    "comparable": {"key": ""},
    "one_figure": {"row_key": "new_received", "column_key": "total"},
    "revised": {},
    "revised_figures": {},
    "repeats_last_year": {"year": "2024", "region": "", "section": ""},
}


@pytest.mark.parametrize("name", queries.QUERIES)
def test_a_ready_made_question_is_answered_at_once(site: Served, name: str) -> None:
    words = dict(ANSWERED[name])
    if name == "one_figure":
        words["report_id"] = site.pages["report"].rpartition("/")[2]
    begin = time.perf_counter()
    found = site.sql(queries.QUERIES[name]["sql"], **words)
    assert time.perf_counter() - begin < 1
    assert found or name in ("revised", "revised_figures", "failed_checks")  # one crawl has no revision


def test_sums_of_the_questions_count_current_reports_only(site: Served) -> None:
    shown = {str(row[0]): row[3] for row in site.sql(queries.QUERIES["requests_by_year"]["sql"], scope="", region="")}
    assert shown == truth(site, "new_received")
    granted = {str(row[0]): row[4] for row in site.sql(queries.QUERIES["requests_by_year"]["sql"], scope="own", region="990000")}
    assert granted == truth(site, "granted", region="99%")


# --- addresses that lead nowhere --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        *("/-/organ/990100-00000000", "/-/region/123456", "/-/capture/999999", "/-/capture/999999/body", "/-/source/0000000000000000"),
        *("/-/dashboard/nonsense", "/-/report/0000000000000000"),
    ],
)
def test_what_is_not_there_is_not_found(site: Served, path: str) -> None:
    with closing(socket.create_connection(("127.0.0.1", urlsplit(site.address).port or 0))) as asked:
        asked.sendall(f"GET {path} HTTP/1.0\r\nHost: x\r\n\r\n".encode())
        assert b" 404 " in asked.recv(64)


@pytest.mark.parametrize(
    "words", ["year=x'--", "region=%27;drop", "scope=<script>alert(1)</script>", "row=*&table=table_3&column=total&page=99999999999"]
)
def test_hostile_words_do_nothing(site: Served, words: str) -> None:
    for path in ("/-/numbers", "/-/ledger", "/-/dashboard/requests", "/-/dashboard/regions", "/-/region/990100"):
        _, body, _ = site.get(f"{path}?{words.replace(' ', '+').replace('<', '%3C').replace('>', '%3E')}")
        assert b"<script>alert" not in body


def test_headers_of_every_answer(site: Served) -> None:
    for path in ("/", "/harvest/reports", "/harvest/reports.json", site.pages["report"], "/assets/harvester.css"):
        headers = site.get(path)[2]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
