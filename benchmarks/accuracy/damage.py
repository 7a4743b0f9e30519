"""Damaged pages: an invented report, one to three kinds of damage to its tables, printed by a skin or as text."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.accuracy import cells, layout, reports, rows, skins, survive, texts, words
from benchmarks.accuracy.layout import Table
from benchmarks.accuracy.reports import Place, Truth

Kind = Callable[[random.Random, list[Table], Table], bool]
KINDS: dict[str, Kind] = {
    "shifted right": cells.shifted_right,
    "shifted left": cells.shifted_left,
    "padding columns": cells.padded,
    "empty column": cells.empty_column,
    "dropped cells": cells.dropped,
    "dropped column": cells.dropped_column,
    "blanks collapsed": cells.collapsed,
    "column lost": cells.column_lost,
    "last columns cut": cells.last_columns_cut,
    "fused row": cells.fused_row,
    "fused pair": cells.fused_pair,
    "fused with label": cells.fused_with_label,
    "stray list number": cells.list_number,
    "row dropped": rows.row_dropped,
    "row doubled": rows.row_doubled,
    "rows out of order": rows.out_of_order,
    "rows merged": rows.merged,
    "row broken": rows.broken_row,
    "row one cell in": rows.nested_in,
    "ragged rows": rows.ragged,
    "subtotal column": cells.subtotal,
    "header column lost": words.header_column_lost,
    "header words lost": words.header_words_lost,
    "header words broken": words.header_words_broken,
    "header over two rows": words.header_over_two_rows,
    "header gone": words.header_gone,
    "header doubled": words.header_doubled,
    "header orphaned": words.orphaned_header,
    "separator row": words.separator_row,
    "split": words.split,
    "split, header again": words.split_with_header,
    "group label again": words.group_again,
    "group label cut": words.group_cut,
    "group label lost": words.group_lost,
    "label cut": words.label_cut,
    "label lost": words.label_lost,
    "total unlabelled": words.unlabelled_total,
    "inner spaces": words.inner_spaces,
    "mixed brackets": words.mixed_brackets,
    "label variants": words.label_variants,
    "title inside": words.title_inside,
}
# Two kinds of damage that make up for each other print, without a flaw, a report that is not this one, and no reader could tell: a header
# that misses one column over rows that miss another; a cell too many in a row that lost one.
HEADER_SHORT = ("header column lost", "column lost")
ROWS_SHORT = ("dropped cells", "dropped column", "blanks collapsed", "last columns cut")
ROWS_LONG = ("shifted right", "empty column", "subtotal column")
CONFLICTS = (
    *((HEADER_SHORT, ROWS_SHORT), (ROWS_SHORT, HEADER_SHORT), (HEADER_SHORT, HEADER_SHORT)),
    *((ROWS_LONG, (*ROWS_SHORT, "column lost")), ((*ROWS_SHORT, "column lost"), ROWS_LONG)),
)
PATIENCE = 15  # reports that are tried until all the damage that is wanted finds something to do
TITLE = "云溪县人民政府2021年政府信息公开工作年度报告"
TABLES = {"table_2": 1, "table_3": 4, "table_4": 1}
# Skins that print whatever cells they are given; the others are layouts of an undamaged table.
COATS = (
    "bare",
    "ueditor",
    "kindeditor",
    "word",
    "wps",
    "nested spans",
    "nbsp and debris",
    "tags not closed",
    "units apart",
    "laid-out source",
)
LINELESS = ("cell a paragraph", "cell a line", "one line")


@dataclass(slots=True)
class Case:
    """A damaged page: its bytes, what it really says, what was done to which tables, and what is left of each figure."""

    truth: Truth
    kinds: list[str]
    coat: str
    body: bytes
    hit: set[str]
    fates: dict[Place, survive.Fate]
    page: list[Table]


def case(seed: str, kind: str | None = None) -> Case:
    """The damaged page of this seed; ``kind`` is sure to be among its damage."""
    rng = random.Random(f"damage {seed}")
    wanted = rng.sample(list(KINDS), rng.choice((1, 1, 2, 3)))
    wanted = [kind, *(other for other in wanted[1:] if other != kind)] if kind else wanted
    for attempt in range(100):
        truth = reports.make(f"{seed} {attempt}")
        page = layout.tables(truth)
        coat, flat = _coat(rng)
        if flat:
            page = [layout.flat(table) for table in page]
        hit = strike(rng, page, wanted)
        if len(hit) == len(wanted) or (attempt >= PATIENCE and hit and kind in (None, *hit)):
            return _case(rng, truth, page, coat, hit)
    raise ValueError(f"no report of seed {seed} can be damaged by {kind}")


def strike(rng: random.Random, page: list[Table], kinds: list[str]) -> dict[str, set[str]]:
    """Damages the page's tables in place; the kinds that took effect, and the tables they hit."""
    hit: dict[str, set[str]] = {}
    for kind in kinds:
        if any(kind in here and any(other in hit for other in there) for here, there in CONFLICTS):
            continue
        tables = [table for table in page if table.data()]
        for table in rng.choices(tables, [TABLES[table.key] for table in tables], k=6):
            if KINDS[kind](rng, page, table):
                hit.setdefault(kind, set()).add(table.key)
                break
    return hit


def _coat(rng: random.Random) -> tuple[str, bool]:
    """How the page is printed, and whether its tables lose their spans before damage comes."""
    if rng.random() < 0.5:
        return rng.choice(COATS), rng.random() < 0.5
    return rng.choice(("tabs, placeholders", "tabs, placeholders", *texts.TEXTS)), True


def _case(rng: random.Random, truth: Truth, page: list[Table], coat: str, hit: dict[str, set[str]]) -> Case:
    if coat in skins.SKINS:
        body, lines, empties = skins.SKINS[coat](TITLE, page, rng), True, True
    else:
        form = texts.TEXTS[coat]
        body, lines, empties = texts.page(TITLE, page, form), coat not in LINELESS, not form.vanishing
    fates = survive.fates(truth, page, lines, empties)
    return Case(truth, list(hit), coat, body, set().union(*hit.values()), fates, page)
