"""Releases: what is taken home is what the database holds, in every format; described, cited, checked and compared by others' programs."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Command, Crawled

from harvester.errors import StorageError
from storage import export, tables
from storage.database import Database
from storage.release import making, rowfiles
from storage.release.making import DATABASE, release
from tests.storing import figures, page, rows

SNIPPETS = ROOT / "docs" / "snippets"
CFFCONVERT = Path(sys.executable).parent.parent / "validators" / "bin" / "cffconvert"


def nothings() -> list[Any]:
    """Figures of which the first four are a zero, a blank, an absent and a doubtful one."""
    made = figures()
    for place, (value, printed, status) in enumerate(
        [(0, "0", "printed"), (None, "", "blank"), (None, None, "absent"), (None, "l2", "doubtful")]
    ):
        made[place].value, made[place].printed, made[place].status = value, printed, status
        if status == "absent":
            made[place].source_table = made[place].source_row = made[place].source_column = None
    return made


def fill(path: Path, *, second: bool = False) -> Path:
    """A database of four reports; ``second``: some time later, with one revised, one withdrawn, one new, one read otherwise."""
    with Database(path) as database:
        database.load_reference()
        database.start_run("r1", "crawl", "2025-02-01T00:00:00Z")
        database.save(page("http://q.gov.cn/2024.html", '二〇二四年，\n"甲"\t乙\nNA\n', report={"figures": nothings()}))
        database.save(page("http://q.gov.cn/2023.html", "旧稿", report={"year": 2023}))
        database.save(page("http://q.gov.cn/2022.html", "一稿", report={"year": 2022}))
        database.save(page("http://q.gov.cn/2021.html", "没有日期", report={"year": None, "published_on": None}))
        if second:
            database.save(page("http://q.gov.cn/2023.html", "新稿", "2025-06-01T00:00:00Z", seed=2, report={"year": 2023}))
            database.save(page("http://q.gov.cn/2020.html", "另一稿", "2025-06-01T00:00:00Z", report={"year": 2020}))
            database.connection.execute("UPDATE report SET withdrawn_on = '2025-06-02' WHERE year = 2022")
            of_2021 = "(SELECT key FROM report WHERE year IS NULL)"
            database.connection.execute("UPDATE report SET organ = '青岚市教育局' WHERE year IS NULL")
            first = f"report = {of_2021} AND cell = (SELECT min(cell) FROM value WHERE report = {of_2021})"
            database.connection.execute(f"UPDATE value SET value = NULL, printed = '', status = 1 WHERE {first}")
            database.connection.commit()
    return path


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("db") / "harvest.db")


@pytest.fixture(scope="module")
def made(db: Path) -> Path:
    out = db.parent / "release"
    assert "4 reports in" in release(db, out)
    return out


@pytest.fixture(scope="module")
def sample(crawled: Crawled, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sample") / "release"
    release(crawled.database, out)
    return out


@pytest.fixture(scope="module")
def second(db: Path, made: Path) -> Path:
    out = db.parent / "second"
    release(fill(db.parent / "second.db", second=True), out, previous=made, version="2")
    return out


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def from_csv(folder: Path, table: str) -> list[dict[str, str]]:
    with gzip.open(folder / "csv" / f"{table}.csv.gz", "rt", encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def from_parquet(folder: Path, table: str) -> list[dict[str, Any]]:
    import pyarrow.parquet as parquet

    read: list[dict[str, Any]] = parquet.read_table(folder / "parquet" / f"{table}.parquet").to_pylist()
    return read


# --- the bytes -----------------------------------------------------------------------------------------------------------------------


def test_the_same_database_gives_the_same_bytes(db: Path, made: Path, tmp_path: Path) -> None:
    shutil.copy(db, tmp_path / "other.db")
    release(tmp_path / "other.db", tmp_path / "again")
    one, other = files_of(made), files_of(tmp_path / "again")
    assert [name for name in {*one, *other} if one.get(name) != other.get(name)] == []
    assert {"README.md", "LICENSE.md", "CITATION.cff", "datapackage.json", "croissant.json", "corpus.tar.gz", DATABASE} <= set(one)
    assert {f"{kind}/{table}.{end}" for table in tables.EVERY for kind, end in (("csv", "csv.gz"), ("parquet", "parquet"))} <= set(one)


def test_no_release_tells_where_it_was_made(db: Path, tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    shutil.copy(db, tmp_path / "harvest.db")
    release(tmp_path / "harvest.db", tmp_path / "out")
    named = str(tmp_path).encode()
    assert [name for name, content in files_of(tmp_path / "out").items() if named in content] == []


def test_sha256sum_checks_every_file(made: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(made, tmp_path / "copy")
    listed = {line.split("  ", 1)[1] for line in (folder / "SHA256SUMS").read_text("utf-8").splitlines()}
    assert listed == set(files_of(folder)) - {"SHA256SUMS"}
    check = [shutil.which("sha256sum") or pytest.skip("no sha256sum"), "-c", "--quiet", "SHA256SUMS"]
    assert subprocess.run(check, cwd=folder).returncode == 0
    (folder / "csv" / "labels.csv.gz").write_bytes(b"")
    assert subprocess.run(check, cwd=folder, capture_output=True).returncode == 1


def test_all_formats_hold_the_rows_of_the_database(db: Path, made: Path) -> None:
    with Database(db) as database, closing(rowfiles.opened(made / DATABASE)) as published:
        for table in tables.EVERY:
            connection = database.connection if table in tables.KEYS else published
            types = {column.name: column.type for column in tables.columns(connection, table)}
            held = [dict(zip(types, row)) for row in tables.rows(connection, table)]
            assert sorted(map(repr, from_parquet(made, table))) == sorted(repr(floats(row, types)) for row in held), table
            printed = [{name: "" if value is None else str(value) for name, value in row.items()} for row in held]
            assert sorted(map(repr, from_csv(made, table))) == sorted(map(repr, printed)), table


def floats(row: dict[str, Any], types: dict[str, str]) -> dict[str, Any]:
    """As Parquet gives numbers back: all of a column in one type."""
    return {name: float(value) if types[name] == "number" and value is not None else value for name, value in row.items()}


def test_a_table_is_in_the_order_of_its_key(made: Path) -> None:
    for table, (key, _) in tables.EVERY.items():
        if key:
            found = [
                tuple(str(row[name]) if name != "id" or table != "captures" else row[name] for name in key)
                for row in from_parquet(made, table)
            ]
            assert found == sorted(found) and len(set(found)) == len(found), table


def test_the_corpus_is_the_one_that_is_exported(db: Path, made: Path, tmp_path: Path) -> None:
    export.export(db, "corpus", tmp_path / "corpus")
    with tarfile.open(made / "corpus.tar.gz") as archive:
        archive.extractall(tmp_path / "packed", filter="data")
    assert files_of(tmp_path / "packed" / "corpus") == files_of(tmp_path / "corpus")


# --- missing is null -----------------------------------------------------------------------------------------------------------------

WANTED = [("printed", 0.0), ("blank", None), ("absent", None), ("doubtful", None)]


def first_four(found: list[dict[str, Any]], db: Path) -> list[tuple[str, Any]]:
    """(status, value) of the four cells, of figures in any format."""
    with Database(db) as database:
        ((report_id,),) = rows(database, "SELECT id FROM reports WHERE year = 2024")
    by_place = {(row["table_key"], row["row_key"], row["column_key"]): row for row in found if row.get("report_id", report_id) == report_id}
    places = [(one.table, one.row, one.column) for one in figures()[:4]]
    return [(by_place[place]["status"], by_place[place]["value"]) for place in places]


def test_missing_is_null_in_every_format(db: Path, made: Path) -> None:
    assert first_four(from_parquet(made, "figures"), db) == WANTED
    as_text = first_four(from_csv(made, "figures"), db)
    assert as_text == [("printed", "0"), ("blank", ""), ("absent", ""), ("doubtful", "")]
    with gzip.open(made / "jsonl" / "reports.jsonl.gz", "rt", encoding="utf-8") as stream:
        line = next(line for line in map(json.loads, stream) if line["year"] == 2024)
    assert first_four(line["figures"], db) == WANTED
    with closing(rowfiles.opened(made / DATABASE)) as connection:
        cursor = connection.execute("SELECT * FROM figures")
        names = [column[0] for column in cursor.description]
        assert first_four([dict(zip(names, row)) for row in cursor], db) == WANTED


def test_missing_is_null_in_pandas(db: Path, made: Path) -> None:
    pandas = pytest.importorskip("pandas")
    read = pandas.read_csv(made / "csv" / "figures.csv.gz", keep_default_na=False, na_values=[""])
    for frame in (read, pandas.read_parquet(made / "parquet" / "figures.parquet")):
        found = first_four(frame.to_dict("records"), db)
        assert [(status, None if pandas.isna(value) else value) for status, value in found] == WANTED
    texts = pandas.read_csv(made / "csv" / "reports.csv.gz", keep_default_na=False, na_values=[""])
    assert texts["year"].isna().sum() == 1
    assert '二〇二四年，\n"甲"\t乙\nNA\n' in set(texts["text"])


def r_of(script: str, *arguments: Path, locale: str = "C.UTF-8") -> str:
    found = shutil.which("Rscript")
    if found is None:
        pytest.skip("no R: apt-get install r-base-core")
    environment = os.environ | {"LC_ALL": locale}
    told = subprocess.run([found, "--vanilla", script, *arguments], capture_output=True, text=True, env=environment, check=False)
    assert told.returncode == 0, told.stderr
    return told.stdout


def test_missing_is_null_in_r(db: Path, made: Path, tmp_path: Path) -> None:
    script = tmp_path / "figures.R"
    script.write_text(
        "folder <- commandArgs(trailingOnly = TRUE)[1]\n"
        'd <- read.csv(file.path(folder, "csv", "figures.csv.gz"), na.strings = "", encoding = "UTF-8")\n'
        'write.csv(d[, c("report_id", "table_key", "row_key", "column_key", "status", "value")], stdout(), row.names = FALSE, na = "NA")\n'
    )
    found = first_four(list(csv.DictReader(io.StringIO(r_of(str(script), made)))), db)
    assert found == [("printed", "0"), ("blank", "NA"), ("absent", "NA"), ("doubtful", "NA")]


# --- what others' programs say -------------------------------------------------------------------------------------------------------


def test_frictionless_finds_nothing_wrong_and_sees_a_changed_byte(made: Path, sample: Path, tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    for folder in (made, sample):
        told = frictionless.validate(str(folder / "datapackage.json"))
        assert told.valid, told.flatten(["name", "type", "message"])[:5]
    folder = shutil.copytree(made, tmp_path / "copy")
    spoilt = gzip.decompress((folder / "csv" / "figures.csv.gz").read_bytes()).replace(b",blank,", b",empty,")
    (folder / "csv" / "figures.csv.gz").write_bytes(gzip.compress(spoilt))
    assert "hash-count" in {kind for (kind,) in frictionless.validate(str(folder / "datapackage.json")).flatten(["type"])}


def test_the_data_package_tells_units_keys_and_what_a_column_may_hold(made: Path) -> None:
    package = json.loads((made / "datapackage.json").read_text("utf-8"))
    described = {one["name"]: {column["name"]: column for column in one["schema"]["fields"]} for one in package["resources"]}
    assert set(described) == set(tables.EVERY)
    assert all(column["title"] and column["description"] for table in described.values() for column in table.values())
    assert described["requests"]["new_received"]["unit"] == "件"
    assert described["figures"]["value"]["unitField"] == "unit"
    assert described["figures"]["status"]["constraints"]["enum"] == ["printed", "blank", "absent", "doubtful"]
    assert described["reports"]["published_on"]["type"] == "date"
    keys = {one["name"]: one["schema"].get("primaryKey", []) for one in package["resources"]}
    assert keys["figures"] == ["report_id", "table_key", "row_key", "column_key"]
    assert package["licenses"][0]["name"] == "CC-BY-4.0"


def test_croissant_is_valid_and_its_records_can_be_read(made: Path, db: Path) -> None:
    croissant = pytest.importorskip("mlcroissant")
    dataset = croissant.Dataset(jsonld=str(made / "croissant.json"))
    assert dataset.metadata.issues.errors == set() and dataset.metadata.issues.warnings == set()
    assert {one.id for one in dataset.metadata.record_sets} == set(tables.EVERY)
    found = [{key.partition("/")[2]: text(value) for key, value in record.items()} for record in dataset.records("reports")]
    with Database(db) as database:
        expected = rows(database, "SELECT id, organ, text FROM reports ORDER BY id")
    assert [(row["id"], row["organ"], row["text"]) for row in found] == expected
    some = itertools.islice(dataset.records("figures"), 1000)
    read = [{key.partition("/")[2]: text(value) for key, value in record.items()} for record in some]
    assert [(status, None if value is None or value != value else value) for status, value in first_four(read, db)] == WANTED


def text(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value


def test_cffconvert_accepts_the_citation(made: Path) -> None:
    if not CFFCONVERT.exists():
        pytest.skip("cffconvert wants an environment of its own: make test builds it")
    told = subprocess.run([CFFCONVERT, "--validate", "-i", made / "CITATION.cff"], capture_output=True, text=True, check=False)
    assert told.returncode == 0 and "valid" in told.stdout, told.stderr
    apa = subprocess.run([CFFCONVERT, "-f", "apalike", "-i", made / "CITATION.cff"], capture_output=True, text=True, check=True).stdout
    assert "The Harvester" in apa and "2025.2.1" in apa
    (line,) = [line for line in (made / "README.md").read_text("utf-8").splitlines() if line.startswith("Cite as")]
    assert "2025.2.1" in line


# --- snippets ------------------------------------------------------------------------------------------------------------------------


def wanted_of(database: Path) -> tuple[list[list[str]], tuple[str, str, str]]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        by_year = connection.execute("""SELECT year, count(*), count(new_received), sum(new_received) FROM requests
            WHERE scope = 'own' AND year IS NOT NULL GROUP BY year ORDER BY year""").fetchall()
        first = connection.execute("""SELECT f.report_id, f.printed, c.url FROM figures f JOIN captures c ON c.id = f.capture_id
            WHERE f.row_key = 'new_received' AND f.column_key = 'total' ORDER BY f.report_id LIMIT 1""").fetchone()
    return [["" if cell is None else str(cell) for cell in row] for row in by_year], first


def check_snippet(told: str, database: Path) -> None:
    by_year, (report_id, printed, url) = wanted_of(database)
    lines = list(csv.reader(io.StringIO(told)))
    head = lines.index(["report_id", "value", "printed", "url"])
    assert lines[0] == ["year", "reports", "with_figure", "received"]
    assert lines[1:head] == by_year and len(by_year) > 5
    ((found_id, value, found, address),) = lines[head + 1 :]
    assert (found_id, found, address) == (report_id, printed, url)
    assert float(value) == float(printed)


def test_the_pandas_snippet_says_what_the_database_says(sample: Path, crawled: Crawled) -> None:
    pytest.importorskip("pandas")
    told = subprocess.run([sys.executable, SNIPPETS / "read_pandas.py", sample], capture_output=True, text=True, check=True)
    check_snippet(told.stdout, crawled.database)


@pytest.mark.parametrize("locale", ["C.UTF-8", "C"])
def test_the_r_snippet_says_what_the_database_says(sample: Path, crawled: Crawled, locale: str) -> None:
    check_snippet(r_of(str(SNIPPETS / "read.R"), sample, locale=locale), crawled.database)


def test_the_stata_snippet_says_that_it_is_untested_and_names_columns_that_exist(made: Path) -> None:
    snippet = (SNIPPETS / "read.do").read_text("utf-8")
    assert "UNTESTED" in snippet
    columns = list(from_csv(made, "requests")[0])
    texts = [int(place) for place in snippet.split("stringcols(")[1].split(")")[0].split()]
    assert [columns[place - 1] for place in texts] == [name for name in columns[:11] if name != "year"]
    assert {"scope", "new_received", "year"} <= set(columns)


# --- the release before --------------------------------------------------------------------------------------------------------------


def test_the_diff_tells_new_revised_withdrawn_and_every_cell(second: Path) -> None:
    told = json.loads((second / "diff.json").read_text("utf-8"))
    assert {kind: number for kind, number in told["reports"].items() if number} == {"new": 1, "revised": 1, "withdrawn": 1}
    assert told["schema"] == [] and told["fields"] == {"organ": 1}
    with (second / "diff.csv").open(encoding="utf-8", newline="") as stream:
        changes = list(csv.DictReader(stream))
    cells = {cause: [row for row in changes if row["change"] == "figure" and row["cause"] == cause] for cause in ("revision", "reading")}
    differing = [place for place, (one, other) in enumerate(zip(figures(), figures(seed=2))) if one.value != other.value]
    assert len(cells["revision"]) == len(differing) and {row["kind"] for row in cells["revision"]} == {"value"}
    (emptied,) = cells["reading"]
    assert (emptied["kind"], emptied["old_status"], emptied["new_status"], emptied["new_value"]) == ("emptied", "printed", "blank", "")
    assert sum(line["figures"] for line in told["figures"]) == len(differing) + 1
    assert sum(sum(value for value in cell.values() if isinstance(value, int)) for cell in told["cells"]) == len(differing) + 1
    page_told = (second / "DIFF.md").read_text("utf-8")
    assert "# What changed: 2025.2.1 → 2" in page_told
    assert "## revised" in page_told and "before `" in page_told
    assert "1 new, 1 revised, 1 withdrawn" in (second / "README.md").read_text("utf-8")


def test_the_diff_backwards_tells_what_is_gone(db: Path, second: Path, tmp_path: Path) -> None:
    release(db, tmp_path / "back", previous=second)
    told = json.loads((tmp_path / "back" / "diff.json").read_text("utf-8"))
    assert {kind: number for kind, number in told["reports"].items() if number} == {"gone": 2, "returned": 1, "restored": 1}
    assert [line["kind"] for line in told["figures"]] == ["filled"]


def test_the_diff_tells_of_tables_and_columns(made: Path, db: Path, tmp_path: Path) -> None:
    before = shutil.copytree(made, tmp_path / "before")
    package = json.loads((before / "datapackage.json").read_text("utf-8"))
    package["resources"] = [one for one in package["resources"] if one["name"] != "labels"]
    fields = package["resources"][0]["schema"]["fields"]
    fields[0]["type"] = "integer"
    fields[1]["name"] = "heading"
    (before / "datapackage.json").write_text(json.dumps(package), "utf-8")
    release(db, tmp_path / "now", previous=before)
    assert json.loads((tmp_path / "now" / "diff.json").read_text("utf-8"))["schema"] == [
        "table labels: added",
        "column reports.id: integer is string now",
        "column reports.heading: removed",
        "column reports.title: added",
    ]


def test_nothing_changed_is_said(db: Path, made: Path, tmp_path: Path) -> None:
    assert "no report changed, 0 figures differ" in release(db, tmp_path / "same", previous=made)
    assert len((tmp_path / "same" / "diff.csv").read_text("utf-8").splitlines()) == 1


# --- the folder ----------------------------------------------------------------------------------------------------------------------


def test_a_release_replaces_one_and_may_be_compared_with_what_it_replaces(db: Path, tmp_path: Path) -> None:
    out = tmp_path / "release"
    release(db, out)
    (out / "csv" / "left over.csv").write_text("")
    assert "no report changed" in release(db, out, previous=out)
    assert (out / "DIFF.md").exists() and not (out / "csv" / "left over.csv").exists()
    release(db, out)
    assert not (out / "DIFF.md").exists(), "a release without one before it keeps no comparison"


def test_a_release_that_breaks_off_leaves_the_old_one(db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "release"
    release(db, out)
    before = files_of(out)
    monkeypatch.setattr(making.checksums, "write", full_disk)
    with pytest.raises(StorageError, match="cannot be written"):
        release(db, out)
    assert files_of(out) == before
    assert [path.name for path in tmp_path.iterdir()] == ["release"]


def full_disk(*_: object) -> Iterator[None]:
    raise OSError(28, "No space left on device")


def test_refusals_are_one_line_each(db: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.doc").write_text("")
    (tmp_path / "file").write_text("")
    empty = tmp_path / "empty.db"
    with Database(empty):
        pass
    asked: list[tuple[str, dict[str, Any]]] = [
        ("holds something else", {"db": db, "out": tmp_path / "mine"}),
        ("no release", {"db": db, "out": tmp_path / "out", "previous": tmp_path / "mine"}),
        ("cannot be written", {"db": db, "out": tmp_path / "file" / "out"}),
        ("nothing to release", {"db": empty, "out": tmp_path / "out"}),
    ]
    for words, given in asked:
        with pytest.raises(StorageError, match=words) as told:
            release(**given)
        assert "\n" not in str(told.value)
    assert (tmp_path / "mine" / "thesis.doc").exists() and not (tmp_path / "out").exists()


def test_parquet_without_its_extra_names_the_extra(db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(StorageError, match=r"harvester\[publish\]"):
        release(db, tmp_path / "out")


def test_the_command_makes_a_release(db: Path, command: Command, tmp_path: Path) -> None:
    told = command("release", "--db", db, "--out", tmp_path / "out", "--version", "1.0.0")
    assert (told.returncode, told.stderr) == (0, "")
    assert "release 1.0.0" in told.stdout
    refused = command("release", "--db", db, "--out", db.parent)
    assert refused.returncode == 1 and len(refused.stderr.splitlines()) == 1


def test_hostile_titles_break_neither_page_nor_citation(tmp_path: Path) -> None:
    title = "|`a`](x) {{ 7*7 }} <b>\n# 标题"
    with Database(tmp_path / "h.db") as database:
        database.load_reference()
        database.save(page(report={"title": title, "organ": title}))
    release(tmp_path / "h.db", tmp_path / "one", version='1": [\n')
    release(tmp_path / "h.db", tmp_path / "two", previous=tmp_path / "one")
    assert 'version: "1\\": [\\n"' in (tmp_path / "one" / "CITATION.cff").read_text("utf-8")
    assert {row["title"] for row in from_csv(tmp_path / "two", "reports")} == {title}


def test_memory_does_not_grow_with_the_reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rowfiles, "BATCH", 200)
    monkeypatch.setattr(rowfiles, "BATCH_OF_TEXTS", 5)
    peaks = []
    for number in (20, 100):
        with Database(tmp_path / f"{number}.db") as database:
            for place in range(number):
                database.save(page(f"http://q.gov.cn/{place}.html", f"第{place}份" * 2000, report={"organ_id": f"990100-{place:08}"}))
        out = tmp_path / f"out{number}"
        out.mkdir()
        with Database(tmp_path / f"{number}.db") as database:
            tracemalloc.start()
            rowfiles.write(database.connection, out)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5, peaks
