"""The crosswalk: every line of every form is described, and in every pair of eras said to be comparable or not."""

from __future__ import annotations

import csv
import re
import sqlite3
from contextlib import closing
from importlib.resources import files
from itertools import combinations
from pathlib import Path

import pytest

from harvester import crosswalk, forms
from storage import crosswalk as tables
from storage import publish
from storage.database import Database

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT.parent / "shared" / "reference" / "forms.yaml"
PAIRS = list(combinations(crosswalk.eras(), 2))


@pytest.mark.parametrize("form", crosswalk.eras())
def test_every_key_of_every_form_has_definition_unit_era_and_legal_basis(form: str) -> None:
    described = {row[1]: row for row in tables.described() if row[0] == form}
    assert set(described) == set(crosswalk.keys(form))
    for _, key, _, zh, en, unit, first, last, basis, _ in described.values():
        assert zh and en and first and basis, key
        assert last is None or int(first) <= int(last)
        assert unit or key == "art20_9.central_procurement.amount", f"{key}: the form prints a unit for every other line"
    cells = {(place.table, place.row, place.column) for place in forms.load(form).places}
    for table, row, column in cells:
        chapter = form in ("national_2014",) and forms.load(form).indicators[row].unit is None
        assert chapter or {row, column, f"{row}.{column}"} & set(described), (table, row, column)


def test_a_basis_that_is_our_reading_says_so_where_it_is_published() -> None:
    rows = list(csv.DictReader(files("harvester.data").joinpath("legal_bases.csv").read_text("utf-8").splitlines()))
    assert {row["status"] for row in rows} == {"confirmed", "unconfirmed"}
    told = {(form, key): basis for form, key, *_, basis, _ in tables.described() if form in ("national_2019", "national_2021")}
    for row in rows:
        name, open_ended = row["key"], row["key"][-1] in "._"
        published = [basis for (_, key), basis in told.items() if key == name or (open_ended and key.startswith(name))]
        assert published and {basis == row["basis"] for basis in published} == {row["status"] == "confirmed"}, row["key"]
        assert all(("unconfirmed" in basis) == (row["status"] == "unconfirmed") for basis in published), row["key"]


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_every_pair_of_eras_says_of_every_key_whether_it_compares(old: str, new: str) -> None:
    rows = [row for row in crosswalk.crossings() if (row.from_form, row.to_form) == (old, new)]
    assert {row.from_key for row in rows} == set(crosswalk.keys(old))
    for row in rows:
        assert row.comparability in ("same", "sum", "part", "not_comparable")
        assert row.note_zh and row.note_en
        assert not re.search("[A-Za-z]{4}", re.sub(new, "", row.note_zh)), row
        assert row.to_key in crosswalk.keys(new) if row.to_key else row.comparability == "not_comparable", row


def test_a_sum_has_several_keys_on_one_side() -> None:
    summed = [row for row in crosswalk.crossings() if row.comparability == "sum"]
    for row in summed:
        from_side = [
            other for other in summed if (other.from_form, other.from_key, other.to_form) == (row.from_form, row.from_key, row.to_form)
        ]
        to_side = [other for other in summed if (other.from_form, other.to_form, other.to_key) == (row.from_form, row.to_form, row.to_key)]
        assert len(from_side) > 1 or len(to_side) > 1, row


def test_every_line_of_the_data_is_used() -> None:
    used = {(row.from_form, row.from_key, row.to_form, row.to_key) for row in crosswalk.crossings()}
    with (ROOT / "harvester" / "data" / "crosswalk.csv").open(encoding="utf-8", newline="") as stream:
        for line in csv.DictReader(stream):
            for old in line["from_forms"].split("|"):
                for new in line["to_forms"].split("|"):
                    named = {key for form, key, to, _ in used if (form, to) == (old, new)}
                    assert set(line["from_keys"].split("|")) <= named, line
                    assert (old, new) in PAIRS, line


def test_what_must_never_be_one_series_is_said_not_to_compare() -> None:
    told = {(row.from_form, row.from_key, row.to_form): row.comparability for row in crosswalk.crossings()}
    assert told["national_2019", "art20_8.administrative_fees.items_prev_year", "national_2021"] == "not_comparable"  # items and money
    for row in ("regulations", "normative_documents"):
        for column in ("newly_made", "newly_disclosed", "total_disclosed"):
            assert told["national_2019", f"art20_1.{row}.{column}", "national_2021"] == "not_comparable"
    assert told["national_2019", "new_received", "national_2021"] == "same"


@pytest.mark.skipif(not REFERENCE.exists(), reason="../shared is not here")
def test_the_years_of_the_forms_are_those_of_the_reference() -> None:
    yaml = pytest.importorskip("yaml")
    known = {form["id"]: form["report_years"] for form in yaml.safe_load(REFERENCE.read_text("utf-8"))["forms"]}
    for form in crosswalk.eras():
        key = next(iter(crosswalk.keys(form).values()))
        assert (key.first_year, key.last_year) == (known[form]["from"], known[form]["to"])


def test_both_tables_stand_in_the_published_copy(tmp_path: Path) -> None:
    with Database(tmp_path / "harvest.db"):
        pass
    publish.publish(tmp_path / "harvest.db", tmp_path / "site")
    with closing(sqlite3.connect(tmp_path / "site" / "harvest.db")) as connection:
        assert connection.execute("SELECT count(*) FROM crosswalk").fetchone() == (len(crosswalk.crossings()),)
        sql = "SELECT zh, unit, first_year, last_year, legal_basis FROM form_keys WHERE form = 'national_2021' AND key = ?"
        found = connection.execute(sql, ["denied_third_party_rights"]).fetchone()
    assert found == ("（三）不予公开 4.保护第三方合法权益", "件", 2021, None, "条例（2019）第十五条")
