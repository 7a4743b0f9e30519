"""The two readers read the same pages and agree: what neither of them can be wrong about unseen."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from harvester import audit, forms
from harvester.reading import read_report
from harvester.sample.skins import SKINS
from harvester.sample.tables import Cell
from tests import forms_html as html

PAGES = sorted(Path(__file__).parent.glob("pages/*/page.*"))
MODERN = ["national_2019", "national_2021"]
STRANGE = ["", "/", "—", "-76", "1,234", "１２", "7件", "5 3", "0", "12"]


def agreed(body: bytes) -> int:
    """Cells that both readers read alike; fails on any that they do not."""
    compared = audit.compare(read_report(body).figures, audit.read(body))
    assert [issue.message for issue in compared.issues] == []
    return compared.agreed


def drawn(form_id: str, seed: int) -> list[list[list[Cell]]]:
    """The tables of a form with a number of its own in every cell; blanks, marks, signs and separators where no sum is at stake."""
    chance, values = random.Random(seed), html.numbered(form_id)
    for place in values:
        if place[0] == "table_2" and seed:
            values[place] = chance.choice(STRANGE)
    return [[[Cell(*cell) for cell in row] for row in rows] for rows in html.tables(form_id, lambda *place: values[place])]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.parent.name)
def test_they_agree_on_the_pages_we_keep(path: Path) -> None:
    agreed(path.read_bytes())


def test_there_is_something_to_agree_on() -> None:
    """In every form, and on most pages: a second reader that is silent agrees with anybody."""
    counts = {path.parent.name: agreed(path.read_bytes()) for path in PAGES}
    assert sum(count >= 25 for count in counts.values()) > len(counts) / 2
    assert counts["statistics_2014_word_html"] > 40 and counts["statistics_shanghai_2006_with_codes"] > 40


@pytest.mark.parametrize("skin", sorted(SKINS))
@pytest.mark.parametrize("form_id", MODERN)
@pytest.mark.parametrize("seed", [0, 1])
def test_they_agree_in_every_skin(form_id: str, skin: str, seed: int) -> None:
    made = SKINS[skin]
    title = "<h1>云溪县人民政府2021年政府信息公开工作年度报告</h1><p>一、总体情况</p>"
    body = made.whole(title + "".join(map(made.table, drawn(form_id, seed)))).encode()
    cells = len(forms.load(form_id).places)
    assert agreed(body) >= (cells if seed == 0 else cells - 30)


@pytest.mark.parametrize("form_id", MODERN)
def test_they_agree_where_a_word_processor_cut_every_string(form_id: str) -> None:
    values = html.numbered(form_id)
    assert agreed(html.page(form_id, lambda *place: values[place], html.word_cell).encode()) == len(values)


@pytest.mark.parametrize("form_id", MODERN)
def test_they_agree_on_flattened_text(form_id: str) -> None:
    lines = ["# 云溪县人民政府2021年政府信息公开工作年度报告", "", "一、总体情况", ""]
    for rows in drawn(form_id, 0):
        lines += ["\t".join(text for cell in row for text in (cell.text, *[""] * (cell.columns - 1))) for row in rows] + [""]
    # A row whose numbers do not add up is not believed without a grid: in table 2 nothing must.
    assert agreed("\n".join(lines).encode()) >= 10
