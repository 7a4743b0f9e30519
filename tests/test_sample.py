"""The sample portals are what they claim: their sums, their links between years and levels, their editions, and how they answer."""

from __future__ import annotations

import http.client
import json
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from html import unescape
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

import pytest

from harvester.sample import Sample, Truth, serve
from harvester.sample.cms import OTHER_COLUMN, answer, attached, family, list_url
from harvester.sample.cms.frame import Site
from harvester.sample.labels import APPLICANTS, COLUMNS, DISPUTES, RESULTS, Place, outcomes, places, public_key, table_3_rows
from harvester.sample.lookalikes import LOOKALIKES
from harvester.sample.places import CITY_COMPLETE, ORGANS, PORTALS, SHIQIAO_COMPLETE, Portal, in_year, published
from harvester.sample.printed import CORRECTED
from harvester.sample.world import REMODELLED, body
from spiders import families
from spiders.entries import judge
from spiders.families import Listing, ListRequest, shell
from spiders.walk import ListWalk

ROOT = Path(__file__).resolve().parents[1]
BASES = {name: f"http://{name}" for name in [*(portal.id for portal in PORTALS), "witness"]}
SITES = {edition: {portal.id: Site(portal, BASES, edition) for portal in PORTALS} for edition in (1, 2)}
Reply = tuple[int, dict[str, str], bytes]


@pytest.fixture(scope="module")
def sample() -> Iterator[Sample]:
    with serve(first_port=0) as running:
        yield running


@pytest.fixture(scope="module")
def second() -> Iterator[Sample]:
    with serve(2, first_port=0) as running:
        yield running


def ask(url: str, method: str = "GET", body: str = "", **headers: str) -> Reply:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection.request(method, target, body or None, {name.replace("_", "-"): value for name, value in headers.items()})
    reply = connection.getresponse()
    found = reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read()
    connection.close()
    return found


def number(truth: Truth, table: str, row: str, column: str) -> float:
    """A printed number, a blank counted as 0."""
    return truth.values[table, row, column] or 0


def broken_in(truth: Truth) -> set[tuple[str, str]]:
    """The in-report identities that fail where all their cells print a number."""
    form = "national_2019" if ("table_3", "other_handling", "total") in truth.figures else "national_2021"
    single = [key for key, _ in APPLICANTS]
    sides: dict[tuple[str, str], tuple[list[Place], list[Place]]] = {}
    for column, _ in COLUMNS:
        third = {row: ("table_3", row, column) for row in table_3_rows(form)}
        sides["t3_flow", column] = [third["new_received"], third["carried_over"]], [third["total_handled"], third["carried_forward"]]
        sides["t3_outcomes", column] = [third[row] for row in outcomes(form)], [third["total_handled"]]
    for row in table_3_rows(form):
        sides["t3_applicants", row] = [("table_3", row, column) for column in single], [("table_3", row, "total")]
    for dispute in DISPUTES:
        cells = [("table_4", "cases", f"{dispute}_{result}") for result, _ in RESULTS]
        sides[f"t4_{dispute}", "cases"] = cells[:-1], cells[-1:]
    return {name for name, (left, right) in sides.items() if fails(truth, left, right)}


def fails(truth: Truth, left: list[Place], right: list[Place]) -> bool:
    values = [[truth.values[place] for place in side] for side in (left, right)]
    return None not in values[0] + values[1] and sum(values[0]) != sum(values[1])  # type: ignore[arg-type]


LARGE_PORTALS = {"sample-qinglan", "sample-yunxi", "sample-songhe", "sample-linze", "sample-shiqiao", "sample-daihu"}


def formed(sample: Sample) -> list[Truth]:
    return [truth for truth in sample.truth if truth.form != "narrative"]


def by_name(sample: Sample) -> dict[tuple[str, int], Truth]:
    return {(truth.organ, truth.year): truth for truth in sample.truth}


def of(sample: Sample, key: str, year: int) -> Truth:
    return by_name(sample)[in_year(key, year).name, year]


# What a file of the sample shows, where it is not called as the family is.
SHOWS = {
    "aspx": "generic",
    "aggregator": "generic",
    "attached": "ucap",
    "trs_script": "trs",
    "hanweb_plain": "hanweb_jpage",
    "hanweb_proxy": "hanweb_jpage",
    "hanweb_annual": "hanweb_xxgk",
    "ucap_json": "ucap",
}


def shows(portal: Portal) -> str:
    """The family of lists that a portal shows."""
    return SHOWS.get(portal.family, portal.family)


def test_reports_over_all_families_and_all_forms(sample: Sample) -> None:
    assert 110 <= sum(ORGANS[key].portal in LARGE_PORTALS for key, _ in published()) <= 140
    assert len(by_name(sample)) == len(sample.truth) == len(published())
    assert {shows(portal) for portal in PORTALS} == set(families.names()) - {"shell"}
    assert {truth.portal_id for truth in sample.truth} == set(sample.base_urls)
    assert {truth.year for truth in sample.truth} == set(range(2018, 2026))
    years = {form: {truth.year for truth in sample.truth if truth.form == form} for form in ("narrative", "national_2019", "national_2021")}
    assert years == {"narrative": {2018}, "national_2019": {2019, 2020, 2022}, "national_2021": set(range(2021, 2026))}
    assert sum(truth.form == "national_2019" and truth.year == 2022 for truth in sample.truth) == 1


def test_every_cell_of_the_form_is_told(sample: Sample) -> None:
    for truth in formed(sample):
        assert {public_key(truth.form, place) for place in places(truth.form)} <= set(truth.figures)
        assert all((truth.values[place] is None) == (text in (None, "", "/", "—", "无")) for place, text in truth.figures.items())
    assert not any(truth.figures for truth in sample.truth if truth.form == "narrative")


@pytest.mark.parametrize("edition", [1, 2])
def test_identities_hold_except_where_declared(sample: Sample, second: Sample, edition: int) -> None:
    for truth in formed(sample if edition == 1 else second):
        assert broken_in(truth) == {slip for slip in truth.broken if not slip[0].startswith("x_")}, truth.title


def test_the_declared_slips_cover_columns_rows_disputes_and_the_chain(sample: Sample, second: Sample) -> None:
    checks = {check for truth in sample.truth for check, _ in truth.broken}
    assert checks == {"t3_flow", "t3_outcomes", "t3_applicants", "t4_review", "x_carry"}
    assert of(sample, *CORRECTED).broken and not of(second, *CORRECTED).broken


def test_carried_over_is_last_years_carried_forward(sample: Sample) -> None:
    known, pairs = by_name(sample), 0
    for key, organ in ORGANS.items():
        for year in organ.years:
            before, after = known.get((in_year(key, year - 1).name, year - 1)), known[in_year(key, year).name, year]
            if before is None or not before.figures:
                continue
            pairs += 1
            for column, _ in COLUMNS:
                same = number(before, "table_3", "carried_forward", column) == number(after, "table_3", "carried_over", column)
                assert same != (("x_carry", column) in after.broken), (after.title, column)
    assert pairs > 80


@pytest.mark.parametrize(("key", "years"), [("qinglan", CITY_COMPLETE), ("shiqiao", SHIQIAO_COMPLETE)])
def test_a_government_is_the_sum_of_its_parts(sample: Sample, key: str, years: tuple[int, ...]) -> None:
    for year in years:
        whole, parts = of(sample, key, year), [of(sample, part, year) for part in ORGANS[key].parts]
        for place in whole.figures:
            if place[2] != "amount":
                assert sum(number(part, *place) for part in parts) == number(whole, *place), (whole.title, place)


def test_amounts_add_up_in_yuan(sample: Sample) -> None:
    place = ("table_2", "art20_9.central_procurement", "amount")
    whole = of(sample, "qinglan", 2020)
    parts = [of(sample, part, 2020) for part in ORGANS["qinglan"].parts]
    in_yuan = [round(number(part, *place) * (1 if (part.figures[place] or "").endswith("元") else 10_000)) for part in parts]
    assert sum(in_yuan) == round(number(whole, *place) * 10_000)
    assert sum((part.figures[place] or "").endswith("元") for part in parts) == 1


def test_blanks_of_every_kind_and_odd_digits_are_printed(sample: Sample) -> None:
    printed = {text for truth in sample.truth for text in truth.figures.values()}
    assert {None, "", "/", "—", "0", "无"} <= printed
    assert any(text and re.fullmatch(r"\d{1,3}(,\d{3})+", text) for text in printed)
    assert any(text and re.fullmatch("[０-９]+", text) for text in printed)
    assert any(text and text.startswith("-") for text in printed)
    hollow = [truth for truth in formed(sample) if truth.figures["table_3", "granted", "natural_person"] == ""]
    assert hollow and all(truth.figures["table_3", "granted", "total"] == "0" for truth in hollow)


def test_the_renamed_county_has_both_codes(sample: Sample) -> None:
    codes = {truth.year: (truth.organ, truth.region_code) for truth in sample.truth if truth.organ in ("石桥县人民政府", "石桥区人民政府")}
    assert codes[2020] == ("石桥县人民政府", "990122") and codes[2021] == ("石桥区人民政府", "990103")
    regions = sample.regions_csv.read_text("utf-8")
    assert regions.startswith("code,name,level,parent,valid_from,valid_to,source\n")
    assert all(f"\n{truth.region_code}," in regions for truth in sample.truth)


def every_page(edition: int) -> dict[str, bytes]:
    """Body of every list page, service answer and article, under fixed host names."""
    found: dict[str, bytes] = {}
    for site in SITES[edition].values():
        for path in sorted({*_list_paths(site), *_article_paths(site), "/robots.txt", "/", "/nothing"}):
            found[site.base + path] = answer(site, path).body
    return found


def _article_paths(site: Site) -> list[str]:
    twins = ("", "mobile") if site.portal.family == "gkmlpt" else ("",)
    return [family(site.portal).address(row.article, twin) for row in site.rows if row.article for twin in (*twins, row.twin)]


def _list_paths(site: Site) -> list[str]:
    shapes = {
        "trs": ["/zwgk/zfxxgk/zfxxgknb/", *(f"/zwgk/zfxxgk/zfxxgknb/index_{page}.html" for page in range(1, 9))],
        "hanweb_jpage": ["/col/col1229114055/index.html", *(f"/module/web/jpage/dataproxy.jsp?page={page}" for page in range(9))],
        "ucap": ["/songhe/c100231/zfxxgknb/list.shtml", *(f"/songhe/c100231/zfxxgknb/list_{page}.shtml" for page in range(1, 9))],
        "gkmlpt": ["/gkmlpt/annualreport", *(f"/gkmlpt/api/all/2629?page={page}&sid=990181" for page in range(9))],
        "aspx": [f"/iList.aspx?cat_id=1032&page={page}" for page in range(1, 9)],
    }
    if site.portal.family == "attached":
        return [attached.LIST, *(file.path for row in site.rows for file in attached.files_of(row.article))]
    return shapes.get(site.portal.family, [family(site.portal).LIST])


def test_the_editions_differ_in_exactly_two_pages(sample: Sample, second: Sample) -> None:
    first, later = every_page(1), every_page(2)
    assert first.keys() == later.keys() and len(first) > 150
    changed = {url for url in first if first[url] != later[url]}
    pages = {urlsplit(of(sample, *report).urls[0]).path for report in (CORRECTED, REMODELLED)}
    assert {urlsplit(url).path for url in changed} == pages and len(changed) == 2
    assert of(sample, *CORRECTED).figures != of(second, *CORRECTED).figures
    assert of(sample, *REMODELLED).figures == of(second, *REMODELLED).figures


def test_the_remodelled_page_keeps_its_text() -> None:
    texts = []
    for edition in (1, 2):
        site = SITES[edition][ORGANS[REMODELLED[0]].portal]
        article = next(row.article for row in site.rows if row.article and (row.article.organ, row.article.year) == REMODELLED)
        texts.append(re.sub(r"<[^>]*>", "", body(article, edition)))
    assert texts[0] == texts[1] and len(texts[0]) > 1500


def test_bodies_are_the_same_in_another_process() -> None:
    code = "import sys; sys.path[:0] = ['.', 'tests']; import test_sample as t; print(t.fingerprint())"
    runs = [
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True)
        for seed in ("1", "2")
    ]
    assert {run.stdout.strip() for run in runs} == {fingerprint()}


def fingerprint() -> str:
    return sha256(b"".join(url.encode() + page for url, page in every_page(1).items())).hexdigest()


# Each list walked by hand, as its platform wants it.


def walk_trs(start: str) -> list[str]:
    page = ask(start)[2].decode()
    count, current = map(int, re.findall(r'createPageHTML\((\d+), (\d+), "index", "html"\)', page)[0])
    pages = [page, *(ask(urljoin(start, f"index_{index}.html"))[2].decode() for index in range(current + 1, count))]
    assert ask(urljoin(start, f"index_{count}.html"))[0] == 404
    return [urljoin(start, href) for text in pages for href in re.findall(r'<li><a href="([^"]+)" target="_blank" title=', text)]


def walk_hanweb(start: str) -> list[str]:
    page = ask(start)[2].decode()
    total, proxy = int(re.findall(r"totalRecord:(\d+)", page)[0]), re.findall(r"proxyUrl:'([^']+)'", page)[0]
    size = 2 * int(re.findall(r"perPage:(\d+)", page)[0])
    stores, follow = [page], page
    while more := re.findall(r'<nextgroup><!\[CDATA\[<a href="([^"]+)"', follow):
        follow = ask(urljoin(start, more[0]))[2].decode()
        stores.append(follow)
    by_record = [page]
    for record in range(1 + size, total + 1, size):
        query = urlencode({"startrecord": record, "endrecord": record + size - 1, "perpage": size // 2})
        by_record.append(ask(urljoin(start, f"{proxy}?{query}"), "POST", "col=1&unitid=5332876&columnid=1229114055")[2].decode())
    links = [[urljoin(start, href) for text in texts for href in re.findall(r"href='([^']+)'", text)] for texts in (stores, by_record)]
    assert links[0] == links[1] and len(links[0]) == total
    return links[0]


def walk_ucap(start: str) -> list[str]:
    page = ask(start)[2].decode()
    count, current = map(int, re.findall(r"createPageHTML\('page_div',(\d+), (\d+),'list','shtml',\d+\)", page)[0])
    assert current == 1
    pages = [page, *(ask(start.replace("list.", f"list_{index}."))[2].decode() for index in range(2, count + 1))]
    return [urljoin(start, href) for text in pages for href in re.findall(r'</span><a href="([^"]+)"', text)]


def walk_gkmlpt(start: str) -> list[str]:
    sid = re.findall(r"SID: '(\w+)'", ask(start)[2].decode())[0]
    found: list[str] = []
    for page in range(1, 99):
        status, _, text = ask(urljoin(start, f"/gkmlpt/api/all/{urlsplit(start).fragment}?page={page}&sid={sid}"))
        if status == 404:
            break
        found += [entry["url"] for entry in json.loads(text)["articles"]]
    assert json.loads(ask(urljoin(start, f"/gkmlpt/api/all/2629?page=0&sid={sid}"))[2])["total"] == len(found)
    return found


def walk_aspx(start: str) -> list[str]:
    found, url, seen = [], start, set()
    while url not in seen:
        seen.add(url)
        text = ask(url)[2].decode("gbk")
        found += [urljoin(url, unescape(href)) for href in re.findall(r"<A href='([^']+)' target=_blank>", text)]
        following = re.findall(r'<a href="([^"]+)">下一页</a>', text)
        url = urljoin(url, unescape(following[0])) if following else url
    assert ask(f"{start}&page=99")[2] == ask(f"{start}&page=3")[2]
    return found


def walk_by_family(start: str) -> list[str]:
    """A small portal's list as its family reads it, with nothing of the spider but how far a list goes."""
    found: list[str] = []
    waiting = [(ListWalk(start, of_reports=True), ListRequest(start))]
    while waiting:
        walk, asked = waiting.pop()
        headers = {"Referer": walk.url, **dict(asked.headers)}
        status, _, content = ask(asked.url, asked.method, asked.body, **headers)
        listing = read_list(walk, asked.url, content.decode()) if status == 200 or asked.expected else Listing()
        assert status == 200 or not asked.expected, asked
        found += [listing.itself.url] if listing.itself else []
        found += [link.url for link in walk.take(listing, asked.expected) if judge(link, walk.url, walk.of_reports).kind != "other"]
        below = [request for request in listing.more if request.sublist]
        waiting += [(ListWalk(request.url, of_reports=True), request) for request in below]
        following = walk.next()
        waiting += [(walk, following)] if following else []
        assert following or not walk.lacking(), walk.lacking()
    return list(dict.fromkeys(found))


def read_list(walk: ListWalk, url: str, text: str) -> Listing:
    if shell.recognise(url, text):
        return shell.read(url, text)
    walk.family = walk.family or families.detect(url, text)
    SEEN.setdefault(urlsplit(url).netloc, set()).add(walk.family)
    return families.read(walk.family, url, text)


SEEN: dict[str, set[str]] = {}  # host -> families its lists were taken for


def walk_attached(url: str) -> list[str]:
    return [urljoin(url, href) for href in re.findall(r'</span><a href="([^"]+)"', ask(url)[2].decode())]


WALKS = {
    "trs": walk_trs,
    "hanweb_jpage": walk_hanweb,
    "ucap": walk_ucap,
    "gkmlpt": walk_gkmlpt,
    "aspx": walk_aspx,
    "attached": walk_attached,
}


@pytest.mark.parametrize("portal", PORTALS, ids=lambda portal: portal.id)
def test_every_list_leads_to_every_report_and_look_alike(sample: Sample, portal: Portal) -> None:
    name, walk = portal.id, WALKS.get(portal.family, walk_by_family)
    base = sample.base_urls[name]
    listed = [url for url in walk(sample.list_urls[name]) if not OTHER_COLUMN.fullmatch(urlsplit(url).path)]
    assert len(listed) == len(set(listed)) and len(listed) > (15 if name in LARGE_PORTALS else 6)
    truth = {url for report in sample.truth for url in report.urls if url.startswith(base)}
    away = {url for url in listed if not url.startswith(base)}
    assert {url for url in listed if not silent(url)} - away == truth | {url for url in sample.rejected if url.startswith(base)}
    assert len(away) == (2 if name in ("sample-qinglan", "sample-aggregator") else 0)
    assert {ask(url)[0] for url in truth} == {200}


def silent(url: str) -> bool:
    """Whether a page of year and unit says that there is no report."""
    return "xxgkAnnualReport" in url and "暂无数据" in ask(url)[2].decode()


@pytest.mark.parametrize("portal", [portal for portal in PORTALS if portal.id not in LARGE_PORTALS], ids=lambda portal: portal.id)
def test_every_list_is_taken_for_its_own_family(sample: Sample, portal: Portal) -> None:
    walk_by_family(sample.list_urls[portal.id])
    assert SEEN[urlsplit(sample.base_urls[portal.id]).netloc] == {shows(portal)}


def test_one_report_under_several_addresses(sample: Sample) -> None:
    several = [report for report in sample.truth if len(report.urls) > 1]
    assert len(several) == 6
    hosts = Counter(len({urlsplit(url).netloc for url in report.urls}) for report in several)
    assert hosts == {1: 5, 2: 1}
    shapes = " ".join(url for report in several for url in report.urls)
    assert all(
        shape in shapes for shape in ("/www/zwgk/", "/mpost_", "&page=2", "/public/content/", "/sitesources/", "/zwgk/zfxxgk/zfxxgknb/")
    )


def test_look_alikes_are_listed_and_one_convinces_by_its_title(sample: Sample) -> None:
    assert len(sample.rejected) == sum(map(len, LOOKALIKES.values())) + len(PORTALS) - len(LARGE_PORTALS)
    assert not sample.rejected & {url for report in sample.truth for url in report.urls}
    titles = [re.findall("<h1[^>]*>(.*?)</h1>", ask(url)[2].decode("utf-8", "replace")) for url in sample.rejected]
    assert ["青岚市教育系统2022年政府信息公开工作年度报告"] in titles


def test_pages_print_the_cells_of_the_truth(sample: Sample) -> None:
    for report in (report for report in formed(sample) if report.portal_id != "sample-daihu"):
        text = ask(report.urls[0])[2].decode("gbk" if report.portal_id == "sample-shiqiao" else "utf-8")
        cells = re.findall(r"(?is)<td[^>]*>(.*?)(?=</td>|<td|<tr|</table>)", text)
        found = Counter(unescape(re.sub("<[^>]*>", "", cell)).strip() for cell in cells)
        wanted = Counter(cell for cell in report.figures.values() if cell)
        assert all(found[cell] >= count for cell, count in wanted.items()), report.title


def test_gbk_pages_decode_and_their_headers_do_not_help(sample: Sample) -> None:
    said = set()
    for report in (report for report in sample.truth if report.portal_id == "sample-shiqiao"):
        _, headers, text = ask(report.urls[0])
        said.add(headers["content-type"])
        assert report.title in text.decode("gbk")
        with pytest.raises(UnicodeDecodeError):
            text.decode("utf-8")
    assert said == {"text/html", "text/html; charset=utf-8"}


def test_word_pages_are_heavy(sample: Sample) -> None:
    sizes = [len(ask(report.urls[0])[2]) for report in formed(sample) if report.portal_id == "sample-yunxi"]
    assert min(sizes) > 80_000
    page = ask(of(sample, "yunxi", 2021).urls[0])[2].decode()
    assert page.count("<o:p></o:p>") > 200 and "MsoTableGrid" in page and 'class="WordSection1"' in page and 'rowspan="22"' in page


@pytest.mark.parametrize("portal", [portal.id for portal in PORTALS if portal.validators])
def test_validators_give_304(sample: Sample, portal: str) -> None:
    url = next(report.urls[0] for report in sample.truth if report.portal_id == portal)
    _, headers, _ = ask(url)
    status, again, text = ask(url, If_None_Match=headers["etag"])
    assert (status, text, again["etag"]) == (304, b"", headers["etag"])
    assert ask(url, If_Modified_Since=headers["last-modified"])[0] == 304
    assert ask(url, If_Modified_Since="Mon, 01 Jan 2018 00:00:00 GMT")[0] == 200
    assert ask(url, If_None_Match='"other"', If_Modified_Since=headers["last-modified"])[0] == 200
    assert ask(url, If_Modified_Since="yesterday")[0] == 200


def test_one_portal_has_no_validators(sample: Sample) -> None:
    url = next(report.urls[0] for report in sample.truth if report.portal_id == "sample-shiqiao")
    assert not {"etag", "last-modified"} & ask(url)[1].keys()


def test_a_changed_page_is_not_304_and_an_unchanged_one_is(sample: Sample, second: Sample) -> None:
    for report, status in ((CORRECTED, 200), (REMODELLED, 200), (("shuili", 2021), 304)):
        headers = ask(of(sample, *report).urls[0])[1]
        url = of(second, *report).urls[0]
        assert ask(url, If_None_Match=headers["etag"])[0] == status
        assert ask(url, If_Modified_Since=headers["last-modified"])[0] == status


def test_the_menu_leads_to_columns_that_answer_and_hold_no_report(sample: Sample) -> None:
    for name, base in ((name, base) for name, base in sample.base_urls.items() if name in LARGE_PORTALS):
        menu = re.findall(r'href="(/m\d/(?:c\d/)?)"', ask(sample.list_urls[name])[2].decode("gbk" if name == "sample-shiqiao" else "utf-8"))
        assert len(menu) > 40
        status, _, text = ask(base + menu[-1])
        assert status == 200 and "年度报告".encode() not in text and "年度报告".encode("gbk") not in text


def test_robots_are_permissive_absent_or_a_page(sample: Sample) -> None:
    replies = {name: ask(f"{base}/robots.txt") for name, base in sample.base_urls.items()}
    assert replies["sample-qinglan"][0] == 200 and replies["sample-qinglan"][1]["content-type"] == "text/plain"
    assert replies["sample-yunxi"][0] == 404
    assert replies["sample-songhe"][0] == 200 and b"<html" in replies["sample-songhe"][2]


def test_connections_are_kept_and_heads_have_no_body(sample: Sample) -> None:
    connection = http.client.HTTPConnection(urlsplit(sample.base_urls["sample-songhe"]).netloc, timeout=10)
    for method in ("GET", "HEAD", "GET"):
        connection.request(method, "/songhe/c100231/zfxxgknb/list.shtml")
        first = connection.sock
        reply = connection.getresponse()
        length = len(reply.read())
        assert (length == 0) == (method == "HEAD") and int(reply.headers["content-length"]) > 1000
        assert connection.sock is first
    connection.close()


def test_requests_and_witness_hits_are_counted() -> None:
    with serve(first_port=0) as sample:
        assert sample.witness_hits() == 0
        away = [url for url in walk_trs(sample.list_urls["sample-qinglan"]) if not url.startswith(sample.base_urls["sample-qinglan"])]
        assert sample.requests["sample-qinglan"] == 6 and not sample.requests["sample-yunxi"]
        assert ask(next(url for url in away if "127.0.0.1" in url))[0] == 200
        assert sample.witness_hits() == 1
        assert any(urlsplit(url).netloc.endswith(".example") for url in away)


def test_the_ports_stay_unless_they_are_taken() -> None:
    with serve(first_port=0) as one:
        port = urlsplit(one.base_urls["sample-qinglan"]).port
    assert port is not None
    with serve(first_port=port) as first, serve(first_port=port) as other:
        assert urlsplit(first.base_urls["sample-qinglan"]).port == port
        assert urlsplit(other.base_urls["sample-qinglan"]).port != port
        assert ask(other.list_urls["sample-qinglan"])[0] == ask(first.list_urls["sample-qinglan"])[0] == 200
    with pytest.raises(ConnectionRefusedError):
        ask(first.list_urls["sample-qinglan"])


def test_the_registry_lists_every_portal(sample: Sample) -> None:
    lines = sample.portals_csv.read_text("utf-8").splitlines()
    assert lines[0] == "portal_id,name,region_code,list_url,family,min_reports,note"
    assert [line.split(",")[3] for line in lines[1:]] == list(sample.list_urls.values())
    assert [line.split(",")[0] for line in lines[1:] if line.split(",")[4]] == ["sample-linze"]
    assert list_url(SITES[1]["sample-linze"]) == "http://sample-linze/gkmlpt/annualreport#2629"


def test_serving_by_hand_names_the_lists_and_ends_with_ctrl_c() -> None:
    command = [sys.executable, "-m", "harvester.sample", "2"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None and run.stderr is not None
        lines = [run.stdout.readline() for _ in range(1 + len(PORTALS))]
        assert ask(lines[1].split()[1])[0] == 200
        run.send_signal(signal.SIGINT)
        assert run.wait(timeout=10) == 0 and run.stderr.read() == ""


def test_a_wrong_edition_is_refused_by_hand() -> None:
    run = subprocess.run([sys.executable, "-m", "harvester.sample", "3"], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 2 and "usage" in run.stderr
