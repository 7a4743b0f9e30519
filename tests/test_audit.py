"""The second reader is never wrong where it speaks, shares nothing with the first, and an audit tells each disagreement once."""

from __future__ import annotations

import random
import shutil
import sqlite3
from pathlib import Path

import pytest
from conftest import ROOT, Command, Crawled, run_harvester

from benchmarks.accuracy import damage, score
from harvester import audit, forms
from harvester.audit.strings import Said, understood, unnumbered, word
from harvester.forms import Place
from harvester.items import Capture, Figure, Page
from harvester.reading import read_report
from harvester.sample.skins import SKINS
from harvester.sample.tables import Cell
from storage.archive import body_sha256
from storage.audit import of_database
from storage.database import Database
from tests import forms_html as html
from tests import storing
from tests.test_damage import DAMAGE, lines, strike
from tests.test_layout import imports_of
from tests.test_tables import SEEDS, _cells, _truth

PAGES = sorted(Path(__file__).parent.glob("pages/*/page.*"))
MODERN = ["national_2019", "national_2021"]
# What the two readers may both know: the official forms, the records, and nothing of how a page becomes figures.
SHARED = ("harvester.forms", "harvester.items", "harvester.audit", "harvester.harvester")


def body(form_id: str, values: dict[tuple[str, str, str], str]) -> bytes:
    return html.page(form_id, lambda *place: values[place]).encode()


def summing(form_id: str, seed: int) -> dict[tuple[str, str, str], str]:
    """Numbers for every cell of the form that obey its identities."""
    chance, form = random.Random(seed), forms.load(form_id)
    values = {place: chance.choice([0, 0, 1, 2, 3, 12, 40]) for place in form.places}
    for identity in reversed(form.identities):
        for _, left, right in identity.places:
            if len(right) == 1:
                values[form.places[right[0]]] = sum(values[form.places[index]] for index in left)
    return {tuple(place): str(value) for place, value in values.items()}  # type: ignore[misc]


# --- the reader ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted((ROOT / "harvester" / "audit").glob("*.py")), ids=lambda path: path.name)
def test_the_second_reader_shares_no_code_with_the_first(path: Path) -> None:
    ours = [name for name in imports_of(path) if name.startswith("harvester") and name != "harvester"]
    assert [name for name in ours if not name.startswith(SHARED)] == []
    assert "selectolax" not in path.read_text("utf-8")


@pytest.mark.parametrize("form_id", MODERN)
def test_every_cell_of_a_clean_page_is_read(form_id: str) -> None:
    values = html.numbered(form_id)
    found = audit.read(body(form_id, values))
    assert {tuple(place): reading.printed for place, reading in found.items()} == values
    assert all(reading.said == Said("number", int(reading.printed)) for reading in found.values())


@pytest.mark.parametrize("skin", sorted(SKINS))
@pytest.mark.parametrize("form_id", MODERN)
def test_every_skin_is_read(form_id: str, skin: str) -> None:
    """Word's spans, labels broken by ``<br>``, capitals without closing tags."""
    values, made = summing(form_id, 3), SKINS[skin]
    drawn = [[[Cell(*cell) for cell in row] for row in rows] for rows in html.tables(form_id, lambda *place: values[place])]
    found = audit.read(made.whole("".join(map(made.table, drawn))).encode("gb18030"))
    assert {tuple(place): reading.printed for place, reading in found.items()} == values


@pytest.mark.parametrize(("name", "truth"), _truth())
def test_the_second_reader_is_right_about_the_seed_reports(name: str, truth: dict[str, object]) -> None:
    cells = _cells(truth)
    found = audit.read((SEEDS / name).read_bytes())
    assert len(found) > 50
    assert [(place, reading.printed) for place, reading in found.items() if cells[tuple(place)] != reading.said.number] == []  # type: ignore[index]


def test_it_is_never_wrong_about_a_damaged_table() -> None:
    """Cells cut, moved, doubled, fused: what it still reads is what was printed there, and the first reader has nothing against it."""
    read = 0
    for seed in range(60):
        chance = random.Random(seed)
        form_id = chance.choice(MODERN)
        values = summing(form_id, seed)
        rows = lines(form_id, values)
        for _ in range(chance.randrange(4)):
            strike(rows, chance.choice([kind for kind in DAMAGE if kind != "blank"]), chance.randrange(60), chance.randrange(15))
        text = "\n".join("\t".join(row) for row in rows)
        if chance.random() < 0.5:
            text = html.html_table([[(cell, 1, 1) for cell in row] for row in rows if row != [""]])
        found = audit.read(text.encode())
        read += len(found)
        assert {place: reading.printed for place, reading in found.items() if reading.printed != values[tuple(place)]} == {}, seed  # type: ignore[index]
    assert read > 60 * 100


@pytest.mark.parametrize("count", [40, pytest.param(2000, marks=pytest.mark.proof)])
def test_it_is_never_wrong_about_the_damaged_pages_of_the_benchmark(count: int) -> None:
    """Every skin and text form, every kind of damage, up to three on a page; and the first reader has nothing against it."""
    read = 0
    for number in range(count):
        case = damage.case(f"second {number}")
        found = audit.read(case.body)
        read += len(found)
        clear = {place: reading.said.number for place, reading in found.items() if reading.said.kind != "unclear"}
        wrong = {place: number for place, number in clear.items() if number != case.truth.cells[place].value}
        assert wrong == {}, case.kinds
        assert audit.compare(score.read(case.body).figures, found).issues == [], case.kinds
    assert read > count * 60


@pytest.mark.parametrize(
    ("plain", "changed", "lost"),
    [
        (">自然人<", ">小计<", 25 * 7),
        (">商业企业<", ">科研机构<", 25 * 7),
        (">行政复议<", ">行政诉讼<", 15),
        (">1009<", ">1<sup>009</sup><", 1),
        (">1009<", '>1009<span style="display: none">5</span><', 1),
        (">行政强制<", ">行政强制和处罚<", 1),
        ("</table>", "<tr><td>行政许可</td><td>3</td></tr></table>", 0),
    ],
)
def test_what_is_not_plain_is_left_alone(plain: str, changed: str, lost: int) -> None:
    values = html.numbered("national_2021")
    page = body("national_2021", values).decode()
    assert plain in page
    found = audit.read(page.replace(plain, changed, 1).encode())
    assert len(found) == len(values) - lost
    assert all(reading.printed == values[tuple(place)] for place, reading in found.items())  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("12", Said("number", 12)),
        ("１２", Said("number", 12)),
        ("-76", Said("number", -76)),
        ("1,234", Said("number", 1234)),
        ("1,23", Said("unclear")),
        ("318000元", Said("number", 318000)),
        ("69608.8964", Said("number", 69608.8964)),
        ("减76", Said("unclear")),
        ("", Said("blank")),
        ("—", Said("blank")),
        ("／", Said("blank")),
        ("无", Said("blank")),
        ("5 3", Said("words")),
        ("5\n3", Said("words")),
        ("见附件", Said("words")),
        ("5²", Said("unclear")),
        ("9" * 5000, Said("unclear")),
    ],
)
def test_what_a_cell_says(text: str, said: Said) -> None:
    assert understood(text) == said


def test_labels_are_compared_without_numeral_spaces_and_quotes() -> None:
    assert unnumbered(word("（三） 不予 公开")) == unnumbered(word("不予公开")) == "不予公开"
    assert unnumbered(word("3.危及“三安全一稳定”")) == "危及三安全一稳定"


# --- the comparison ------------------------------------------------------------------------------------------------------------------

PLACE = ("table_3", "granted", "total")


@pytest.mark.parametrize(
    ("figure", "printed", "agreed", "disagreed"),
    [
        (Figure(*PLACE, 5, "件", "5", "printed"), "5", 1, 0),
        (Figure(*PLACE, 5, "件", "5", "printed"), " 5\n", 1, 0),
        (Figure(*PLACE, 6, "件", "5", "printed"), "5", 0, 1),
        (Figure(*PLACE, 5, "件", "5", "printed"), "6", 0, 1),
        (Figure(*PLACE, 53, "件", "53", "printed"), "5 3", 0, 1),
        (Figure(*PLACE, 5, "件", "5", "printed"), "５", 0, 1),
        (Figure(*PLACE, None, "件", "", "blank"), "", 1, 0),
        (Figure(*PLACE, 0, "件", "0", "printed"), "", 0, 1),
        (Figure(*PLACE, None, "件", "", "blank"), "0", 0, 1),
        (Figure(*PLACE, None, "件", "/", "blank"), "—", 0, 1),
        (Figure(*PLACE, None, None, None, "absent"), "5", 0, 1),
        (Figure(*PLACE, None, None, None, "absent"), "", 0, 0),
        (Figure(*PLACE, None, "件", "5", "doubtful"), "6", 0, 0),
        (Figure(*PLACE, 76, "件", "减76", "printed"), "减76", 0, 0),
    ],
)
def test_what_counts_as_a_disagreement(figure: Figure, printed: str, agreed: int, disagreed: int) -> None:
    reading = audit.Reading(printed, understood(printed), 2, 6, 9)
    compared = audit.compare([figure], {Place(*PLACE): reading})
    assert (compared.agreed, len(compared.issues), compared.not_comparable) == (agreed, disagreed, 1 - agreed - disagreed)
    for issue in compared.issues:
        assert (issue.code, issue.where) == ("reader_disagreement", "table 2 row 6 column 9")
        assert "table_3 / granted / total" in issue.message


def test_a_form_that_the_first_reader_missed_is_a_disagreement() -> None:
    found = audit.read(body("national_2021", summing("national_2021", 1)))
    assert len(audit.compare([], found).issues) == 200


# --- the command ---------------------------------------------------------------------------------------------------------------------

DISAGREEMENTS = """SELECT report_id, code, "where", message, run_id FROM issues WHERE code = 'reader_disagreement' ORDER BY 1, 3"""


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the database and the archive of the pages we keep; read it, do not write to it."""
    folder = tmp_path_factory.mktemp("ingested")
    told = run_harvester("ingest", *PAGES, cwd=folder)
    assert told.returncode == 0, told.stderr
    return folder


@pytest.fixture
def copy(ingested: Path, tmp_path: Path) -> Path:
    shutil.copytree(ingested / "data", tmp_path / "data")
    return tmp_path


def falsify(folder: Path, value: int) -> str:
    """Makes one stored figure another number than the page prints; returns the id of its report."""
    connection = sqlite3.connect(folder / "data" / "harvest.db")
    read = """SELECT f.report_id, v.report, v.cell FROM figures f JOIN report r ON r.id = f.report_id JOIN cell k ON k.row_key = f.row_key
        AND k.column_key = f.column_key JOIN value v ON v.report = r.key AND v.cell = k.code
        WHERE f.row_key = 'new_received' AND f.column_key = 'total' AND f.status = 'printed' ORDER BY 1 LIMIT 1"""
    report_id, *key = connection.execute(read).fetchone()
    connection.execute("UPDATE value SET value = ?, printed = NULL WHERE report = ? AND cell = ?", (value, *key))
    connection.commit()
    connection.close()
    return str(report_id)


def disagreements(folder: Path) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(folder / "data" / "harvest.db")
    try:
        return connection.execute(DISAGREEMENTS).fetchall()
    finally:
        connection.close()


def test_the_readers_agree_on_the_sample_portals(crawled: Crawled, tmp_path: Path) -> None:
    shutil.copytree(crawled.folder / "data", tmp_path / "data")
    told = run_harvester("audit", "--sample", "30", cwd=tmp_path)
    assert told.returncode == 0, told.stdout
    assert told.stdout.startswith("30 reports compared") and " 0 disagreed" in told.stdout
    assert disagreements(tmp_path) == []


def test_a_false_figure_is_told_once_however_often_it_is_audited(copy: Path) -> None:
    report_id = falsify(copy, 987_654)
    told = run_harvester("audit", cwd=copy)
    assert told.returncode == 1 and " 1 disagreed" in told.stdout
    assert told.stdout.startswith(f"{report_id}: table_3 / new_received / total: 987654 printed as '987654'")
    once = disagreements(copy)
    assert [row[0] for row in once] == [report_id]
    assert run_harvester("audit", cwd=copy).returncode == 1
    assert disagreements(copy) == once
    replayed = run_harvester("replay", cwd=copy)  # the figure is read again, and with it what was said against it goes
    assert replayed.returncode == 0, replayed.stderr
    assert disagreements(copy) == []


def test_a_sample_is_drawn_by_its_seed(copy: Path) -> None:
    drawn = [[*of_database(copy / "data" / "harvest.db", copy / "nowhere", 4, seed).unread] for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2] and [len(lines) for lines in drawn] == [4, 4, 4]


def test_a_capture_that_the_archive_lacks_is_told(copy: Path) -> None:
    shutil.rmtree(copy / "data" / "archive")
    (copy / "data" / "archive").mkdir()
    told = run_harvester("audit", "--sample", "2", cwd=copy)
    assert told.returncode == 1 and "was the archive moved?" in told.stderr and "0 reports compared" in told.stdout


def test_files_are_audited_without_a_database(command: Command, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(body("national_2021", summing("national_2021", 2)))
    (tmp_path / "b.html").write_bytes(b"%PDF")
    good, bad = command("audit", "a.html"), command("audit", "a.html", "b.html")
    assert (good.returncode, good.stdout) == (0, "1 reports compared; of their cells 200 agreed, 0 disagreed, 0 not comparable\n")
    assert bad.returncode == 1 and bad.stderr.startswith("harvester: b.html: the PDF is cut off")
    assert not (tmp_path / "data").exists()


def test_a_report_written_anew_is_audited_anew(tmp_path: Path) -> None:
    """What was said against figures stays as long as it holds of those that replace them."""
    content = body("national_2021", summing("national_2021", 4))
    with Database(tmp_path / "a.db") as database:
        for value, expected in ((5000, 0), (5001, 1), (None, 0)):
            report = read_report(content)
            if value is not None:
                next(figure for figure in report.figures if figure.row == "granted" and figure.column == "total").value = value
            capture = Capture(body_sha256(content), "a.warc.gz", 0, "<urn:uuid:a>")
            database.save(Page("http://a.gov.cn/1.html", content, fetched_at="2025-01-01T00:00:00Z", capture=capture, report=report))
            told = storing.rows(database, "SELECT message FROM issues WHERE code = 'reader_disagreement'")
            assert len(told) == expected and all("5001" in line for (line,) in told)
            if value == 5000:
                found = audit.compare(report.figures, audit.read(content))
                database.replace_issues(1, audit.CODE, found.issues)
