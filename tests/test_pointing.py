"""The cell of an archived page that a figure came from is marked where the page prints what was read, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from storage.site.pages import pointing

MENU = b"<table><tr><td><a href=/>1</a></td></tr></table>"
FORM = b"<TABLE border=1><tr><th>a<th>b<th>c</tr><tr><td>x</td><td class=n> 1 </td><td>&nbsp;2</td></tr><tr><td>y<td>3<td>4</table>"


def figures(*rows: tuple[int, list[str]]) -> list[dict[str, Any]]:
    return [
        {"source_row": at, "source_column": column, "printed": text} for at, texts in rows for column, text in enumerate(texts, start=1)
    ]


@pytest.mark.parametrize(("row", "column", "text"), [(1, 1, b" class=n> 1 "), (1, 2, b">&nbsp;2"), (2, 1, b">3"), (2, 2, b">4</table")])
def test_the_cell_is_found_in_whichever_table_prints_the_figures(row: int, column: int, text: bytes) -> None:
    html = MENU + FORM + MENU
    place = pointing.find(html, figures((1, ["1", "2"]), (2, ["3", "4"])), row, column)
    assert place is not None
    assert html[place:].startswith(text)


@pytest.mark.parametrize(
    ("told", "row", "column"),
    [
        (figures((1, ["1", "5"])), 1, 1),  # the page prints another number beside it
        (figures((1, ["1", "2"])), 1, 9),
        (figures((1, ["1", "2"])), 9, 1),
        (figures((7, ["1", "2"])), 7, 1),
        ([], 1, 1),
    ],
)
def test_what_the_page_does_not_print_is_not_marked(told: list[dict[str, Any]], row: int, column: int) -> None:
    assert pointing.find(MENU + FORM, told, row, column) is None


def test_broken_pages_have_no_such_cell() -> None:
    for html in (b"", b"<table", b"<table><tr><td", b"<tr><td>1<td>2", b"<table>" * 500):
        assert pointing.find(html, figures((1, ["1", "2"])), 1, 1) is None
