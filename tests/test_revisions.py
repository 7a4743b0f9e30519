"""Revisions cell by cell: what differs between two versions, through chains, between forms, and nothing else."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from harvester.items import Figure
from storage import publish, revisions
from storage.database import Database
from tests.storing import figures, page

URL = "http://q.gov.cn/2024.html"
TOTAL = ("table_3", "new_received", "total")


def changed(told: list[Figure] | None = None, **cells: tuple[Any, str, str]) -> list[Figure]:
    """The figures of a report in which cells of the column ``total`` of table 3 are (value, printed, status) as given, by row."""
    found = told or figures()
    for figure in found:
        if (figure.table, figure.column) == ("table_3", "total") and figure.row in cells:
            figure.value, figure.printed, figure.status = cells[figure.row]  # type: ignore[assignment]
    return found


def put(database: Database, text: str, at: str, url: str = URL, **report: Any) -> str:
    return database.save(page(url, text, f"{at}T00:00:00Z", report=report)).report_id


def revised(database: Database) -> list[tuple[Any, ...]]:
    """The rows of ``revisions`` as they are published."""
    database.close()
    publish.publish(database.path, database.path.parent / "site")
    with closing(sqlite3.connect(database.path.parent / "site" / "harvest.db")) as connection:
        return connection.execute("SELECT * FROM revisions ORDER BY rowid").fetchall()


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "harvest.db")


def test_a_corrected_cell_is_told_with_both_captures(database: Database) -> None:
    first = put(database, "一", "2025-02-01", figures=changed(new_received=(12, "12", "printed")))
    second = put(database, "二", "2025-06-01", figures=changed(new_received=(15, "15", "printed")))
    captures = dict(database.connection.execute("SELECT report_id, id FROM captures").fetchall())
    assert revised(database) == [
        (second, first, *TOTAL, 12, "12", "printed", 15, "15", "printed", captures[first], captures[second]),
    ]


def test_print_and_status_are_changes_too(database: Database) -> None:
    before = changed(new_received=(12, "12", "printed"), carried_over=(3, "3", "printed"), granted=(None, "", "blank"))
    after = changed(new_received=(12, "12件", "printed"), carried_over=(3, "3", "doubtful"), granted=(0, "0", "printed"))
    put(database, "一", "2025-02-01", figures=before)
    put(database, "二", "2025-06-01", figures=after)
    told = {row[3]: row[5:11] for row in revised(database)}
    assert told == {
        "new_received": (12, "12", "printed", 12, "12件", "printed"),
        "carried_over": (3, "3", "printed", 3, "3", "doubtful"),
        "granted": (None, "", "blank", 0, "0", "printed"),  # a blank is not a zero
    }


def test_each_version_of_a_chain_is_held_against_the_one_before(database: Database) -> None:
    ids = [put(database, str(n), f"2025-0{n}-01", figures=changed(new_received=(n, str(n), "printed"))) for n in (2, 3, 4, 5)]
    assert [(row[0], row[1], row[5], row[8]) for row in revised(database)] == sorted(
        [(ids[1], ids[0], 2, 3), (ids[2], ids[1], 3, 4), (ids[3], ids[2], 4, 5)]
    )


def test_a_version_that_came_back_is_told_both_ways(database: Database) -> None:
    old, new = changed(new_received=(1, "1", "printed")), changed(new_received=(2, "2", "printed"))
    first = put(database, "一", "2025-02-01", figures=old)
    second = put(database, "二", "2025-03-01", figures=new)
    assert put(database, "一", "2025-04-01", figures=old) == first
    assert {(row[0], row[1], row[5], row[8]) for row in revised(database)} == {(second, first, 1, 2), (first, second, 2, 1)}


def test_words_alone_and_another_page_revise_no_cell(database: Database) -> None:
    put(database, "一", "2025-02-01")
    put(database, "二", "2025-06-01")
    put(database, "三", "2025-06-01", "http://q.gov.cn/2023.html", year=2023, figures=figures(seed=5))
    assert revised(database) == []


def test_a_page_that_shows_each_year_in_turn_revises_nothing(database: Database) -> None:
    put(database, "一", "2025-02-01", year=2023, figures=figures(seed=2))
    put(database, "二", "2026-02-01", year=2024, figures=figures(seed=3))
    assert revised(database) == []


def test_between_two_forms_only_what_was_printed_differs(database: Database) -> None:
    """A body used the form of 2019 for 2021 and was told to print the right one."""
    put(database, "一", "2025-02-01", form="national_2019", figures=figures("national_2019"))
    new = figures("national_2021")
    for figure in new:
        if figure.table == "table_2":
            figure.value, figure.printed, figure.status = None, None, "absent"
    put(database, "二", "2025-06-01", figures=new)
    told = {row[2:5]: row for row in revised(database)}
    assert told["table_2", "art20_1.regulations", "newly_made"][8:11] == (None, None, None)  # no cell of the new form
    assert ("table_2", "art20_1.regulations", "issued") not in told  # absent in the new one, no cell of the old one
    assert told["table_2", "art20_5.licensing", "decisions"][8:11] == (None, None, "absent")  # a cell of both
    assert told["table_3", "other_handling", "total"][10] is None
    assert told["table_3", "other_other", "total"][7] is None
    shared = {place for place in told if place[:2] == ("table_3", "granted")}
    assert all(told[place][5:8] != told[place][8:11] for place in shared)


def test_an_attachment_is_no_revision_of_its_page(database: Database) -> None:
    """Two addresses with one report, read from each in another text: renditions are not versions."""
    put(database, "一", "2025-02-01")
    put(database, "二", "2025-02-02", "http://q.gov.cn/other.html", figures=figures(seed=4), organ_id="990100-00000002")
    database.connection.commit()
    assert revisions.versions(database.connection) == set()


def test_the_same_diff_is_had_from_the_database_itself(database: Database) -> None:
    first = put(database, "一", "2025-02-01", figures=changed(new_received=(12, "12", "printed")))
    second = put(database, "二", "2025-06-01", figures=changed(new_received=(15, "15", "printed")))
    database.commit()
    assert revisions.versions(database.connection) == {(second, first)}
    (change,) = revisions.changes(database.connection, first, second)
    assert (change.row, change.old_value, change.new_value) == ("new_received", 12, 15)
