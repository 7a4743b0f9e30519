"""Several renditions of one report are one row with several captures: who is shown, under which id, in whatever order they came."""

from __future__ import annotations

import itertools
import random
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from harvester import renditions
from harvester.items import Figure, Page
from harvester.renditions import Reading
from storage.database import Database
from tests.storing import dump, figures, page, report, rows

PAGE = "http://www.qinglan.gov.cn/2024.html"
PDF = "http://www.qinglan.gov.cn/files/2024.pdf"
DOCX = "http://www.qinglan.gov.cn/files/2024.docx"
SCAN = "http://www.qinglan.gov.cn/files/2024-scan.pdf"
WEEK = ("2025-02-01T00:00:00Z", "2025-02-08T00:00:00Z", "2025-02-15T00:00:00Z", "2025-02-22T00:00:00Z")


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return Database(tmp_path / "harvest.db")


def rendition(url: str, text: str, at: str = WEEK[0], form: str = "html", carrier: str = PAGE, **given: Any) -> Page:
    """A page or an attachment of ``PAGE``, read as the same organ's report of the same year."""
    made = {"format": form, **given.pop("report", {})}
    return page(url, text, at, carrier="" if url == carrier else carrier, report=made, **given)


def spoilt(how: str, count: int, seed: int = 1) -> list[Figure]:
    """The figures of a report, the first ``count`` of them not read for certain."""
    made = figures(seed=seed)
    for figure in made[:count]:
        figure.status, figure.value, figure.printed = how, None, None if how == "absent" else ""  # type: ignore[assignment]
    return made


def in_all_orders(tmp_path: Path, make: Any) -> tuple[str, Path]:
    """Stores the pages in every order, of more than a hundred in every twentieth; the one dump of them all, and the last database."""
    dumps = set()
    Database(tmp_path / "empty.db").close()
    orders = list(itertools.permutations(range(len(make()))))
    path = tmp_path / "one.db"
    for order in orders[:: 1 if len(orders) < 100 else 19]:
        shutil.copyfile(tmp_path / "empty.db", path)
        with Database(path) as db:
            made = make()
            for index in order:
                db.save(made[index])
            dumps.add("\n".join(dump(db)))
    assert len(dumps) == 1
    return dumps.pop(), path


def shown(path: Path, *columns: str) -> list[tuple[Any, ...]]:
    with Database(path) as db:
        return rows(db, f"SELECT {', '.join(columns)} FROM reports ORDER BY superseded_by IS NOT NULL, text")


# --- the rule ------------------------------------------------------------------------------------------------------------------------


def best(*readings: Reading) -> Reading:
    return min(readings, key=renditions.merit)


def test_the_best_reading_has_the_most_cells_then_the_most_checks_then_the_better_format() -> None:
    html, docx, pdf = (Reading(False, 200, 0, 30, form) for form in ("html", "docx", "pdf"))
    assert best(pdf, docx, html) is html
    assert best(pdf, docx, html._replace(cells=199)) is docx
    assert best(pdf, docx._replace(passes=29), html._replace(doubtful=1)) is pdf
    assert best(pdf, docx._replace(passes=29), html._replace(passes=29)) is pdf
    assert best(Reading(False, 200, 0, 30, "strange"), Reading(False, 200, 0, 30, "image")).format == "image"


def test_what_was_recognised_from_a_picture_never_beats_a_text() -> None:
    scan = Reading(True, 200, 0, 30, "pdf")
    assert best(scan, Reading(False, 0, 0, 0, "rtf")).format == "rtf"
    assert best(scan, scan._replace(cells=150)) is scan


def test_amounts_are_the_same_in_whatever_unit_they_are_printed() -> None:
    assert not renditions.differ(318000, "元", 31.8, "万元")
    assert renditions.differ(318001, "元", 31.8, "万元")
    assert renditions.differ(3, "件", 4, "件")
    assert not renditions.differ(3, "件", 3, "条")


# --- one row -------------------------------------------------------------------------------------------------------------------------


def three() -> list[Page]:
    return [
        rendition(PAGE, "网页", WEEK[0]),
        rendition(PDF, "版式", "2025-02-01T00:00:05Z", "pdf"),
        rendition(DOCX, "文档", "2025-02-01T00:00:06Z", "docx"),
    ]


def test_renditions_of_one_report_are_one_row_with_several_captures_in_all_orders(tmp_path: Path) -> None:
    told, path = in_all_orders(tmp_path, three)
    first = report("网页").id
    assert shown(path, "id", "url", "text", "first_seen", "last_seen") == [(first, PAGE, "网页", WEEK[0], "2025-02-01T00:00:06Z")]
    with Database(path) as db:
        assert rows(db, "SELECT url, format, carrier FROM captures WHERE report_id = ? ORDER BY format", first) == [
            (DOCX, "docx", PAGE),
            (PAGE, "html", None),
            (PDF, "pdf", PAGE),
        ]
        assert rows(db, "SELECT DISTINCT report_id FROM figures UNION SELECT report_id FROM checks UNION SELECT report_id FROM prose") == [
            (first,)
        ]
        for view in ("requests", "proactive", "disputes"):
            assert rows(db, f"SELECT report_id FROM {view}") == [(first,)]
        assert rows(db, "SELECT count(*) FROM issues") == [(1,)]  # the page's own, not those of the others
    assert "rendition_mismatch" not in told


def test_a_page_without_a_text_of_its_own_leaves_its_report_to_the_attachment(tmp_path: Path) -> None:
    def made() -> list[Page]:
        empty = page(PAGE, "见附件", WEEK[0], report={"kind": "not_report", "reason": "none of its text", "id": ""})
        return [empty, rendition(PDF, "版式", "2025-02-01T00:00:05Z", "pdf"), rendition(DOCX, "文档", "2025-02-01T00:00:05Z", "docx")]

    _, path = in_all_orders(tmp_path, made)
    # Fetched in the same second: the address decides, as it would in any other order.
    assert shown(path, "id", "url", "text") == [(report("版式").id, DOCX, "文档")]
    with Database(path) as db:
        assert rows(db, "SELECT code FROM issues WHERE url IS NOT NULL") == []
        visit = db.visit(PAGE)
        assert visit is not None and (visit.report_id, visit.known_whole) == ("", False)


@pytest.mark.parametrize(
    ("html", "pdf", "winner"),
    [
        ({}, {}, PAGE),
        ({"figures": spoilt("doubtful", 3)}, {}, PDF),
        ({"figures": spoilt("absent", 1)}, {"figures": spoilt("doubtful", 1)}, PAGE),
        ({"figures": []}, {"figures": spoilt("doubtful", 90)}, PDF),
        ({"figures": []}, {"recognised": True}, PAGE),
        ({"checks": []}, {}, PDF),
    ],
)
def test_the_best_reading_is_shown_whoever_came_first(tmp_path: Path, html: Any, pdf: Any, winner: str) -> None:
    def made() -> list[Page]:
        return [rendition(PAGE, "网页", report=html), rendition(PDF, "版式", form="pdf", report=pdf)]

    _, path = in_all_orders(tmp_path, made)
    assert shown(path, "id", "url") == [(report("网页").id, winner)]


def test_a_figure_printed_differently_in_two_renditions_is_an_issue_with_both_numbers_and_both_places(tmp_path: Path) -> None:
    def made() -> list[Page]:
        other = figures()
        other[40].value, other[40].printed = 77777, "77,777"
        other[41].status, other[41].value = "doubtful", 88888
        other[42].status, other[42].value, other[42].printed = "blank", None, "/"
        return [
            rendition(PAGE, "网页"),
            rendition(PDF, "版式", form="pdf", report={"figures": other}),
            rendition(DOCX, "文档", form="docx"),
        ]

    _, path = in_all_orders(tmp_path, made)
    with Database(path) as db:
        ((ident, where, message),) = rows(db, 'SELECT report_id, "where", message FROM issues WHERE code = ?', "rendition_mismatch")
    cell = figures()[40]
    assert (ident, where) == (report("网页").id, f"{cell.table} {cell.row} {cell.column}")
    assert message == f"{cell.printed} in {PAGE} (html, fetched {WEEK[0]}), 77,777 in {PDF} (pdf, fetched {WEEK[0]})"


def test_the_same_pages_again_change_nothing(db: Database) -> None:
    made = three()
    assert [db.save(one).outcome for one in made] == ["new", "unchanged", "unchanged"]
    before = dump(db)
    assert {db.save(one).outcome for one in made} == {"unchanged"}
    assert dump(db) == before


def test_attachments_of_several_units_and_years_are_reports_of_their_own(db: Database) -> None:
    units = [
        ("a", {"organ_id": "990100-a", "organ": "甲局"}),
        ("b", {"organ_id": "990100-b", "organ": "乙局"}),
        ("c", {"organ_id": "990100-a", "organ": "甲局", "year": 2023}),
        ("d", {"organ_id": "990100-a", "organ": "甲局", "scope": "own"}),
    ]
    for name, told in units:
        saved = db.save(rendition(f"http://www.qinglan.gov.cn/{name}.pdf", name, form="pdf", report=told))
        assert saved.outcome == "new"
    assert rows(db, "SELECT count(*), count(superseded_by) FROM reports") == [(4, 0)]


# --- time ----------------------------------------------------------------------------------------------------------------------------


def test_a_rendition_that_comes_a_week_later_joins_the_report_and_keeps_its_id(tmp_path: Path) -> None:
    def made() -> list[Page]:
        return [rendition(PDF, "版式", WEEK[0], "pdf"), rendition(PAGE, "网页", WEEK[1]), rendition(DOCX, "文档", WEEK[2], "docx")]

    _, path = in_all_orders(tmp_path, made)
    assert shown(path, "id", "text", "first_seen", "last_seen") == [(report("版式").id, "网页", WEEK[0], WEEK[2])]
    with Database(tmp_path / "in-time.db") as db:
        outcomes = [(saved.outcome, saved.report_id) for saved in map(db.save, made())]
        assert outcomes == [("new", report("版式").id), *[("unchanged", report("版式").id)] * 2]


def test_a_report_is_withdrawn_when_its_last_rendition_is(db: Database) -> None:
    for one in three():
        db.save(one)
    ident = report("网页").id
    assert db.urls("qinglan") == {PAGE: "", PDF: PAGE, DOCX: PAGE}
    assert [db.gone(url, WEEK[1]) for url in (PAGE, DOCX)] == ["", ""]
    assert rows(db, "SELECT id, url, withdrawn_on FROM reports") == [(ident, PAGE, None)]
    assert db.gone(PDF, WEEK[2]) == ident
    assert rows(db, "SELECT withdrawn_on FROM reports") == [(WEEK[2],)]
    assert db.seen(DOCX, WEEK[3]) == ident
    assert rows(db, "SELECT withdrawn_on, last_seen FROM reports") == [(None, WEEK[3])]


def corrected(*urls: str) -> list[Page]:
    """The three renditions, and a week later those at ``urls`` with corrected figures."""
    forms = {PAGE: "html", PDF: "pdf", DOCX: "docx"}
    return [*three(), *(rendition(url, f"更正{forms[url]}", WEEK[1], forms[url], seed=2) for url in urls)]


def test_when_all_renditions_are_corrected_the_report_is_revised_once(tmp_path: Path) -> None:
    _, path = in_all_orders(tmp_path, lambda: corrected(PAGE, PDF, DOCX))
    old, new = report("网页").id, report("更正html").id
    assert shown(path, "id", "text", "superseded_by") == [(new, "更正html", None), (old, "网页", new)]
    with Database(path) as db:
        assert rows(db, "SELECT count(*) FROM issues WHERE code = 'rendition_mismatch'") == [(0,)]
        assert rows(db, "SELECT count(*) FROM captures WHERE report_id = ?", new) == [(3,)]
    with Database(tmp_path / "in-time.db") as db:
        told = [(saved.outcome, saved.report_id) for saved in map(db.save, corrected(PAGE, PDF, DOCX))][3:]
    assert told[0] == ("changed", new) and {ident for _, ident in told} == {new} and "new" not in dict(told)


def test_when_the_page_alone_is_corrected_the_renditions_left_behind_disagree_with_it(tmp_path: Path) -> None:
    _, path = in_all_orders(tmp_path, lambda: corrected(PAGE))
    old, new = report("网页").id, report("更正html").id
    assert shown(path, "id", "text", "superseded_by") == [(new, "更正html", None), (old, "网页", new)]
    with Database(path) as db:
        found = rows(
            db, "SELECT report_id, count(DISTINCT substr(message, instr(message, ', '))) FROM issues WHERE code = 'rendition_mismatch'"
        )
        assert found[0][0] == new
        assert rows(db, "SELECT count(*) FROM captures WHERE report_id = ?", new) == [(3,)]


def test_when_an_attachment_alone_is_corrected_the_report_stays_and_its_renditions_disagree(tmp_path: Path) -> None:
    _, path = in_all_orders(tmp_path, lambda: corrected(PDF))
    assert shown(path, "id", "text", "superseded_by") == [(report("网页").id, "网页", None)]
    with Database(path) as db:
        ((count,),) = rows(db, "SELECT count(*) FROM issues WHERE code = 'rendition_mismatch' AND message LIKE '%' || ? || '%'", PDF)
        assert count > 100


def test_a_page_that_is_a_report_no_longer_leaves_its_place_to_another_rendition(tmp_path: Path) -> None:
    def made() -> list[Page]:
        gone = page(PAGE, "改版", WEEK[1], report={"kind": "not_report", "reason": "a menu", "id": ""})
        return [*three(), gone]

    _, path = in_all_orders(tmp_path, made)
    assert shown(path, "id", "text") == [(report("网页").id, "文档")]


def test_a_rendition_that_a_replay_reads_as_another_years_report_leaves_the_row(db: Database) -> None:
    made = three()
    for one in made:
        db.save(one)
    made[0].report = report("网页", id=report("网页").id, year=2023, format="html")
    db.save(made[0])
    assert rows(db, "SELECT id, year, text FROM reports ORDER BY year") == [
        (report("网页").id, 2023, "网页"),
        (report("版式").id, 2024, "文档"),
    ]
    made[0].report.kind = "not_report"
    db.save(made[0])
    assert rows(db, "SELECT id, year, text FROM reports") == [(report("版式").id, 2024, "文档")]


# --- without a page that carries them ------------------------------------------------------------------------------------------------


def entries(pdf: Iterable[Figure] = (), **told: Any) -> list[Page]:
    """Two entries of one list: the page, and the same report as a PDF."""
    made = {"figures": list(pdf) or figures(), **told}
    return [rendition(PAGE, "网页"), rendition(PDF, "版式", form="pdf", carrier="", report=made)]


def test_two_entries_of_a_list_with_the_same_figures_are_renditions_of_one_report(tmp_path: Path) -> None:
    _, path = in_all_orders(tmp_path, lambda: entries(spoilt("doubtful", 20)))
    assert shown(path, "id", "url") == [(report("网页").id, PAGE)]


@pytest.mark.parametrize(
    "told",
    [
        {"published_on": "2025-03-30"},
        {"organ_id": "990100-2"},
        {"year": 2023},
        {"scope": "own"},
        {"figures": figures(seed=2)},
        {"figures": []},
    ],
)
def test_what_differs_in_day_organ_year_scope_or_figures_stays_apart(tmp_path: Path, told: Any) -> None:
    _, path = in_all_orders(tmp_path, lambda: entries(**told))
    assert len(shown(path, "id")) == 2


def test_two_pages_with_the_same_figures_and_another_text_are_two_reports(db: Database) -> None:
    for one in (rendition(PAGE, "网页"), rendition("http://www.qinglan.gov.cn/copy.html", "网页（二）", carrier="")):
        db.save(one)
    assert rows(db, "SELECT count(*) FROM reports") == [(2,)]


def test_renditions_on_two_portals_stay_with_their_portals(db: Database) -> None:
    one, other = entries()
    other.portal_id = "another"
    db.save(one)
    db.save(other)
    assert rows(db, "SELECT count(*) FROM reports") == [(2,)]


# --- any mixture ---------------------------------------------------------------------------------------------------------------------


def mixture(seed: int) -> list[Page]:
    """Pages and files of one organ over three weeks, corrected now and then, some of them no report, some with doubtful cells."""
    dice = random.Random(seed)
    places = [(PAGE, "html", ""), (PDF, "pdf", PAGE), (DOCX, "docx", PAGE), (SCAN, "pdf", dice.choice(["", PAGE]))]
    made = []
    for week, (url, form, carrier) in itertools.product(range(3), dice.sample(places, 3)):
        if dice.random() < 0.3:
            continue
        version = dice.choice((1, 1, 2))
        told: dict[str, Any] = {"format": form, "recognised": url == SCAN, "figures": spoilt("doubtful", dice.choice((0, 0, 3)), version)}
        told |= dice.choice(({}, {}, {}, {"year": 2023}, {"organ_id": ""}, {"scope": "unclear"}, {"kind": "not_report", "reason": "none"}))
        told |= {"id": ""} if "kind" in told else {}
        made.append(
            page(url, f"{form}{url == SCAN}{version}", f"2025-0{week + 2}-01T00:00:0{dice.choice('0009')}Z", report=told, carrier=carrier)
        )
    return made


@pytest.mark.parametrize("seed", range(24))
def test_any_mixture_gives_the_same_database_in_any_order(tmp_path: Path, seed: int) -> None:
    Database(tmp_path / "empty.db").close()
    dumps = set()
    for number in range(5):
        shutil.copyfile(tmp_path / "empty.db", tmp_path / f"{number}.db")
        with Database(tmp_path / f"{number}.db") as db:
            made = mixture(seed)
            random.Random(number).shuffle(made)
            for one in made:
                db.save(one)
            before = dump(db)
            for one in made:
                db.save(one)
            assert dump(db) == before
            dumps.add("\n".join(before))
            assert rows(db, "SELECT id FROM reports GROUP BY id HAVING count(*) > 1") == []
            assert rows(db, "SELECT 1 FROM reports WHERE superseded_by NOT IN (SELECT id FROM reports)") == []
    assert len(dumps) == 1
