"""The cell of an archived page that a figure was read from, marked for the eye: found again by what its table prints, or not marked."""

from __future__ import annotations

import re
from itertools import groupby, pairwise
from operator import itemgetter
from typing import NamedTuple

from .kit import Row, Site

MARK = "harvest-here"
STYLE = f"<style>#{MARK}{{outline:4px solid #c8701a;outline-offset:1px;background:#fff0bf;scroll-margin:30vh 4em}}</style>".encode()
TABLE, ROW, CELL = (re.compile(rb"<%s\b" % name, re.IGNORECASE) for name in (b"table", b"tr", b"t[dh]"))
END = re.compile(rb"</(td|th|tr|table)\b", re.IGNORECASE)
TAG = re.compile(rb"^[^>]*>|<[^>]*>|&nbsp;|\xc2\xa0|\xe3\x80\x80|\s")
PRINTED = """SELECT source_row, source_column, coalesce(printed, '') AS printed FROM figures
    WHERE report_id = :id AND capture_id = :capture AND source_table = :at ORDER BY source_row, source_column"""


class Cell(NamedTuple):
    """Where its tag ends its name, and what it prints, without blanks."""

    at: int
    text: bytes


async def pointed(site: Site, html: bytes, came: Row | None, capture: int) -> bytes:
    """``html`` with a mark at the cell of the figure ``came``; as it is when no table prints what the figures of its table say."""
    if came is None or came["source_table"] is None or came["capture_id"] != capture:
        return html
    figures = await site.rows(PRINTED, id=came["report_id"], capture=capture, at=came["source_table"])
    place = find(html, figures, came["source_row"], came["source_column"])
    return html if place is None else html[:place] + f' id="{MARK}"'.encode() + html[place:] + STYLE


def find(html: bytes, figures: list[Row], row: int, column: int) -> int | None:
    """Where the cell's tag takes an attribute. The table is the one of the page whose rows print most of the figures in their order."""
    told = {at: list(group) for at, group in groupby(figures, key=itemgetter("source_row"))}
    wanted = {at: [one["printed"].encode() for one in group] for at, group in told.items()}
    tables = [rows(html, start, end) for start, end in spans(html, TABLE, 0, len(html))]
    best = max(tables, key=lambda table: sum(tail(table, at, wanted[at]) is not None for at in wanted), default=[])
    cells = tail(best, row, wanted.get(row, []))
    columns = [one["source_column"] for one in told.get(row, [])]
    return cells[columns.index(column)].at if cells and column in columns else None


def tail(table: list[list[Cell]], at: int, printed: list[bytes]) -> list[Cell] | None:
    """The last cells of a row when they print just this; None otherwise."""
    cells = table[at][-len(printed) :] if printed and at < len(table) else []
    return cells if cells and [cell.text for cell in cells] == printed else None


def rows(html: bytes, start: int, end: int) -> list[list[Cell]]:
    """The cells of a table, row by row."""
    return [[Cell(*cell(html, *part)) for part in spans(html, CELL, *line)] for line in spans(html, ROW, start, end)]


def cell(html: bytes, start: int, end: int) -> tuple[int, bytes]:
    """Tags that end a cell may be left out."""
    last = END.search(html, start, end)
    return start + len(b"<td"), TAG.sub(b"", html[start : last.start() if last else end])


def spans(html: bytes, begins: re.Pattern[bytes], start: int, end: int) -> list[tuple[int, int]]:
    """From each beginning to the next, or to the end."""
    return list(pairwise([*(match.start() for match in begins.finditer(html, start, end)), end]))
