"""The schema: the names users script against, a label for every key, and databases of earlier versions that open."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database as Plain

from harvester import cross, forms
from harvester.summary import OUTCOMES as RUN_OUTCOMES
from storage import boilerplate, migrations, reference, schema, tables
from storage.database import Database
from tests.storing import page, rows

ROOT = Path(__file__).parent.parent
RELIED_ON = {
    "reports": "id title organ organ_id portal_id year scope form region_code level published_on url text text_sha256 quality first_seen "
    "last_seen withdrawn_on superseded_by",
    "captures": "id url fetched_at http_status content_type body_sha256 warc_file warc_offset report_id run_id",
    "figures": "report_id table_key row_key column_key value unit printed status capture_id source_table source_row source_column",
    "checks": "report_id check_id at left_value right_value outcome",
    "issues": "report_id url code where message run_id",
    "organs": "id name",
    "regions": "code name",
    "portals": "id name",
    "runs": "id started",
    "labels": "kind key zh en",
}


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return Database(tmp_path / "harvest.db")


@pytest.mark.parametrize("name", RELIED_ON)
def test_the_columns_users_rely_on_are_there(db: Database, name: str) -> None:
    found = {column[0] for column in db.connection.execute(f"SELECT * FROM {name}").description}
    assert set(RELIED_ON[name].split()) <= found


def test_wide_views_have_one_column_a_total_of_both_eras(db: Database) -> None:
    for view, (table, wanted) in schema.WIDE.items():
        names = [column.name for column in tables.columns(db.connection, view)][tables.WIDE_HEAD :]
        assert len(names) == len(set(names)), view
        cells = {tuple(place) for form_id in forms.form_ids() for place in forms.load(form_id).places if place.table == table}
        assert len(names) == len({cell for cell in cells if wanted in ("", cell[2])}), view


def test_counting_reads_no_texts(db: Database) -> None:
    for question in ("SELECT count(*) FROM reports WHERE year = 2024", "SELECT year, count(*) FROM reports GROUP BY year"):
        plan = str(rows(db, f"EXPLAIN QUERY PLAN {question}"))
        assert "report_year" in plan
        assert "report_text" not in plan
        assert "capture" not in plan


def test_the_files_are_ours_by_their_mark(db: Database) -> None:
    assert rows(db, "PRAGMA application_id") == [(schema.APPLICATION_ID,)]
    assert rows(db, "PRAGMA journal_mode") == [("wal",)]
    assert rows(db, "PRAGMA foreign_keys") == [(1,)]


def test_a_database_of_an_earlier_version_is_brought_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "harvest.db"
    with Database(path) as db:
        db.save(page())
    newer = type(migrations.migrations)("harvester")
    newer._migrations = [*migrations.migrations._migrations]
    newer(name="m900_note")(lambda plain: plain.execute("ALTER TABLE report ADD COLUMN note TEXT"))
    monkeypatch.setattr(migrations, "migrations", newer)
    with Database(path) as db:
        assert rows(db, "SELECT title, note FROM report") == [(page().report.title, None)]  # type: ignore[union-attr]
    with Database(path) as db:
        assert [entry.name for entry in newer.applied(db.db)] == [entry.name for entry in newer._migrations]


def test_a_migration_that_fails_leaves_the_database_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "harvest.db"
    with Database(path) as db:
        db.save(page())

    def half(plain: Plain) -> None:
        plain.execute("ALTER TABLE report ADD COLUMN note TEXT")
        plain.execute("ALTER TABLE nowhere ADD COLUMN note TEXT")

    newer = type(migrations.migrations)("harvester")
    newer._migrations = [*migrations.migrations._migrations]
    newer(name="m900_half")(half)
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "migrations", newer)
        with pytest.raises(Exception, match="nowhere"):
            Database(path)
    with Database(path) as db:
        assert "note" not in db.db["report"].columns_dict
        assert rows(db, "SELECT count(*) FROM reports") == [(1,)]


def test_views_follow_their_definition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "harvest.db"
    Database(path).close()
    monkeypatch.setitem(schema.VIEWS, "organs_by_name", "SELECT name, id FROM organs")
    migrations._fingerprint.cache_clear()
    try:
        with Database(path) as db:
            assert rows(db, "SELECT * FROM organs_by_name") == []
    finally:
        migrations._fingerprint.cache_clear()


LABELS = {(row["kind"], row["key"]): row for row in reference.labels()}


def keys_of_the_forms() -> set[tuple[str, str]]:
    found = {("form", "narrative")} | {("check", check) for check in cross.strengths()}
    for form_id in forms.form_ids():
        form = forms.load(form_id)
        found |= {("form", form_id)} | {("check", identity.id) for identity in form.identities}
        found |= {("table", place.table) for place in form.places}
        found |= {("row", place.row) for place in form.places} | {("column", place.column) for place in form.places}
        found |= {("block", part.key) for part in form.parts if part.key != part.table}
        found |= {("row", row) for _, row in form.sister_rows}
    return found


def test_every_key_of_the_forms_has_a_chinese_and_an_english_name() -> None:
    for key in sorted(keys_of_the_forms()):
        assert key in LABELS, f"{key} needs a line in harvester/data/labels.csv"
        assert LABELS[key]["zh"], key
        assert LABELS[key]["en"], key


def test_every_word_of_a_column_with_few_words_has_a_name() -> None:
    words = {"status": schema.STATUS, "outcome": schema.OUTCOMES, "run_outcome": RUN_OUTCOMES}
    words |= {"quality": ("verified", "consistent", "inconsistent", "partial", "none")}
    words |= {"strength": {*cross.strengths().values(), "official", "recalled", "prose"}}
    words |= {"against": boilerplate.AGAINST}
    words |= {"scope": ("own", "consolidated", "system", "subsystem", "unclear")}
    for kind, keys in words.items():
        assert {key for found, key in LABELS if found == kind} == set(keys)


def test_every_issue_code_has_a_name() -> None:
    source = "\n".join(path.read_text("utf-8") for path in (ROOT / "harvester").rglob("*.py"))
    codes = set(re.findall(r'(?:\bIssue|\.issue|\b_issue)\(\s*"([a-z_]+)"', source)) | {"unreadable", "not_report"}
    assert len(codes) > 10
    assert codes <= {key for kind, key in LABELS if kind == "issue"}


def test_every_column_users_see_has_a_description(db: Database) -> None:
    for name in tables.KEYS:
        for column in tables.columns(db.connection, name):
            assert column.zh, f"{name}.{column.name} needs a line (field) in harvester/data/labels.csv"
            assert column.en, f"{name}.{column.name}"


def test_labels_of_rows_are_those_the_form_prints() -> None:
    """Every label of the official form is found again by the form's own reader."""
    for form_id in forms.form_ids():
        form = forms.load(form_id)
        for place in form.places if not form.indicators else ():
            zh = LABELS["row", place.row]["zh"]
            if place.row != "cases":
                printed = re.sub(r"^（[一二三四五六]）\S+ (?=\d)", "", zh)
                assert place.row in {label.key for label in form.find(printed) if label.role == "row"}, (form_id, place.row, printed)


def test_no_label_is_said_twice() -> None:
    lines = (ROOT / "harvester" / "data" / "labels.csv").read_text("utf-8").splitlines()
    keys = [tuple(line.split(",")[:2]) for line in lines]
    assert len(keys) == len(set(keys))


def test_the_packaged_tables_fit_their_foreign_keys(db: Database) -> None:
    from harvester import registry

    db.load_reference(registry.read())
    assert rows(db, "PRAGMA foreign_key_check") == []
    assert rows(db, "SELECT count(*) FROM labels") == [(len(LABELS),)]
    connection: sqlite3.Connection = db.connection
    assert connection.execute("SELECT name FROM regions WHERE code = '410381'").fetchone() == ("偃师市",)
