"""Exports: what other programs read is what the database holds, and a corpus that is taken in again keeps its ids."""

from __future__ import annotations

import csv
import gc
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from harvester.errors import StorageError
from storage import tables
from storage.database import Database
from storage.export import FORMATS, export
from tests.storing import page, report, rows

ROOT = Path(__file__).parent.parent


@pytest.fixture
def db(tmp_path: Path) -> Path:
    path = tmp_path / "harvest.db"
    with Database(path) as database:
        database.load_reference()
        database.save(page("http://q.gov.cn/2024.html", "二〇二四年，\n\n甲\t乙\n"))
        database.save(page("http://q.gov.cn/2023.html", "旧稿", report={"year": 2023}))
        database.save(page("http://q.gov.cn/2023.html", "新稿", "2025-06-01T00:00:00Z", report={"year": 2023}))
    return path


def test_corpus_holds_current_reports_with_their_ids_and_addresses(db: Path, tmp_path: Path) -> None:
    told = export(db, "corpus", tmp_path / "corpus")
    assert "2 reports" in told
    lines = [json.loads(line) for line in (tmp_path / "corpus" / "manifest.jsonl").read_text("utf-8").splitlines()]
    texts = {line["file"]: (tmp_path / "corpus" / line["file"]).read_text("utf-8") for line in lines}
    ids = {text: report(text).id for text in ("新稿", "二〇二四年，\n\n甲\t乙\n")}
    assert texts == {f"000_{ids['新稿']}.txt": "新稿", f"001_{report('二〇二四年，甲乙').id}.txt": ""} or set(texts.values()) == set(ids)
    assert {line["id"] for line in lines} == set(ids.values())
    assert all(line["file"] == f"{number:03}_{line['id']}.txt" for number, line in enumerate(lines))
    assert {(line["url"], line["portal_id"]) for line in lines} == {(f"http://q.gov.cn/{year}.html", "qinglan") for year in (2023, 2024)}


def test_a_second_corpus_leaves_nothing_of_the_first(db: Path, tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    export(db, "corpus", out)
    with Database(db) as database:
        database.save(page("http://q.gov.cn/2024.html", "更正", "2025-07-01T00:00:00Z"))
    export(db, "corpus", out)
    names = {json.loads(line)["file"] for line in (out / "manifest.jsonl").read_text("utf-8").splitlines()}
    assert {path.name for path in out.iterdir()} == names | {"manifest.jsonl"}


def test_csv_says_what_the_database_says(db: Path, tmp_path: Path) -> None:
    export(db, "csv", tmp_path / "csv")
    with (tmp_path / "csv" / "reports.csv").open(encoding="utf-8", newline="") as stream:
        found = list(csv.DictReader(stream))
    with Database(db) as database:
        expected = rows(database, "SELECT id, text, superseded_by FROM reports ORDER BY id")
        ((figures,),) = rows(database, "SELECT count(*) FROM figures")
    assert [(row["id"], row["text"], row["superseded_by"] or None) for row in found] == expected
    with (tmp_path / "csv" / "figures.csv").open(encoding="utf-8", newline="") as stream:
        assert sum(1 for _ in csv.DictReader(stream)) == figures > 0


def test_jsonl_has_one_whole_report_a_line(db: Path, tmp_path: Path) -> None:
    export(db, "jsonl", tmp_path / "out")
    lines = [json.loads(line) for line in (tmp_path / "out" / "reports.jsonl").read_text("utf-8").splitlines()]
    assert len(lines) == 3
    made = report("新稿")
    (line,) = [line for line in lines if line["id"] == made.id]
    assert len(line["figures"]) == len(made.figures)
    assert line["checks"][0] == {"check_id": "t3_flow", "at": "total", "left_value": 5, "right_value": 5, "outcome": "pass"}
    assert line["prose"][0]["sentence"] == "共收到申请12件。"
    assert line["issues"] == [{"code": "unknown_label", "where": "table 3, row 4", "message": "小计"}]


def test_datapackage_describes_its_files(db: Path, tmp_path: Path) -> None:
    out = tmp_path / "package"
    export(db, "datapackage", out)
    package = json.loads((out / "datapackage.json").read_text("utf-8"))
    assert package["$schema"].endswith("/2.0/datapackage.json")
    names = {resource["name"] for resource in package["resources"]}
    assert names == set(tables.KEYS)
    for resource in package["resources"]:
        content = (out / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        fields = {field["name"]: field for field in resource["schema"]["fields"]}
        assert list(fields) == content.decode("utf-8").partition("\n")[0].split(",")
        assert set(resource["schema"].get("primaryKey", [])) <= set(fields)
        assert all(field["title"] and field["description"] for field in fields.values()), resource["name"]
        for key in resource["schema"]["foreignKeys"]:
            assert key["reference"]["resource"] in names | {""}


def test_every_value_has_the_type_its_column_says(db: Path) -> None:
    kinds: dict[str, tuple[type, ...]] = {"integer": (int,), "number": (int, float), "string": (str,)}
    with Database(db) as database:
        for table in tables.KEYS:
            described = tables.columns(database.connection, table)
            for row in tables.rows(database.connection, table):
                for column, value in zip(described, row, strict=True):
                    assert value is None or isinstance(value, kinds[column.type]), (table, column, value)


def test_parquet_holds_the_same_rows(db: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    export(db, "parquet", tmp_path / "parquet")
    found = parquet.read_table(tmp_path / "parquet" / "figures.parquet").to_pylist()
    with Database(db) as database:
        expected = rows(database, "SELECT report_id, row_key, column_key, value, printed FROM figures")
    assert sorted((f["report_id"], f["row_key"], f["column_key"], f["value"], f["printed"]) for f in found) == sorted(expected)


def test_parquet_without_its_extra_names_the_extra(db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(StorageError, match=r"harvester\[publish\]"):
        export(db, "parquet", tmp_path / "parquet")


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_a_folder_that_cannot_be_written_is_one_line(db: Path, tmp_path: Path, form: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be written"):
        export(db, form, tmp_path / "file" / "out")


def test_a_corpus_taken_in_again_gives_the_same_ids(tmp_path: Path) -> None:
    """Through the front door, with the corpus the project was begun with."""
    seeds = ROOT.parent / "shared" / "seeds"
    if not seeds.is_dir():
        pytest.skip("the seeds are not here")
    command = [sys.executable, "-m", "harvester"]

    def ingest(source: Path, name: str) -> list[tuple[str, str]]:
        given = ["ingest", str(source), "--db", str(tmp_path / f"{name}.db"), "--archive", str(tmp_path / name)]
        subprocess.run([*command, *given], cwd=ROOT, check=True, capture_output=True)
        with Database(tmp_path / f"{name}.db") as database:
            return rows(database, "SELECT id, text_sha256 FROM reports ORDER BY id")

    first = ingest(seeds, "first")
    assert len(first) == 5
    export(tmp_path / "first.db", "corpus", tmp_path / "corpus")
    assert ingest(tmp_path / "corpus", "second") == first
    (tmp_path / "corpus" / "manifest.jsonl").unlink()
    assert ingest(tmp_path / "corpus", "third") == first


def test_export_to_a_full_disk_is_told_in_one_line(db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cursor that was being read must not outlive its database and complain on stderr."""
    complaints: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", complaints.append)
    monkeypatch.setattr("storage.export.csv.writer", lambda stream, **_: FullDisk())
    with pytest.raises(StorageError, match="cannot be written"):
        export(db, "csv", tmp_path / "out")
    gc.collect()
    assert complaints == []


class FullDisk:
    """A writer of CSV whose disk is full after the header."""

    lines = 0

    def writerow(self, row: object) -> int:
        self.lines += 1
        if self.lines > 1:
            raise OSError(28, "No space left on device")
        return 1
