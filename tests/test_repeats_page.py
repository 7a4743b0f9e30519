"""The page that shows what a report repeats: both texts, shared passages marked, nothing of it markup; in a browser, at two widths."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from datasette.app import Datasette
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import repeats
from harvester.boilerplate import plain
from storage import publish
from storage.database import Database
from storage.site.plugins import repeats_page
from tests.serving import browser, server
from tests.storing import page, rows
from tests.test_publish import get

ESSAYS = [repeats.paragraph(repeats.random.Random(seed)) for seed in range(3)]
HOSTILE = "本机关<script>alert(1)</script><mark>没有印出的标记</mark>需要说明。"
SHORT = "六、其他需要报告的事项"


def text(year: int, *essays: str) -> str:
    return repeats.text(year, {"一、总体情况": [*essays, f"全年公开{year}条。", "甲\t乙\n1\t2", HOSTILE], SHORT: ["无。"]})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("repeats")
    given = {2022: (ESSAYS[0], ESSAYS[1]), 2023: (ESSAYS[2], ESSAYS[0])}
    with Database(place / "harvest.db") as database:
        database.load_reference()
        database.start_run("r1", "crawl", "2025-01-01T00:00:00Z")
        for year, essays in given.items():
            title = f"青岚市{year}年<b>报告</b>"
            database.save(page(f"http://q.gov.cn/{year}.html", text(year, *essays), report={"year": year, "title": title}))
    publish.publish(place / "harvest.db", place / "site")
    return place / "site"


@pytest.fixture(scope="module")
def ids(folder: Path) -> dict[int, str]:
    with Database(folder.parent / "harvest.db") as database:
        return dict(rows(database, "SELECT year, id FROM reports"))


def marked(article: str) -> list[str]:
    return [html.unescape(piece) for piece in re.findall("<mark>(.*?)</mark>", article)]


def test_both_texts_stand_side_by_side_with_what_they_share_marked(folder: Path, ids: dict[int, str]) -> None:
    (answer,) = get(folder, f"/-/repeats/{ids[2023]}")
    assert answer.status_code == 200
    own, other = re.findall("<article>(.*?)</article>", answer.text, re.DOTALL)
    (_, *ours), (_, *theirs) = (marked(f"<mark></mark>{side}") for side in (own, other))
    assert [piece for piece in ours if len(piece) > 1] == [ESSAYS[0], "全年公开2023条。", HOSTILE]
    assert [piece for piece in theirs if len(piece) > 1][-2:] == ["全年公开2022条。", HOSTILE]
    assert ESSAYS[2] in re.sub("<.*?>", "", own) and ESSAYS[1] in re.sub("<.*?>", "", other)
    assert f'href="/-/report/{ids[2022]}"' in other and f'href="/-/report/{ids[2023]}"' in answer.text
    whole = plain("".join((ESSAYS[2], ESSAYS[0], "全年公开2023条。", HOSTILE))).text
    share = re.search(r"<b>([\d.]+)%</b> <small>(\d+) / (\d+)", answer.text)
    assert share and int(share[3]) == len(whole)
    assert float(share[1]) == round(100 * int(share[2]) / int(share[3]), 1) == pytest.approx(60, abs=8)


def test_what_a_report_says_is_never_markup(folder: Path, ids: dict[int, str]) -> None:
    (answer,) = get(folder, f"/-/repeats/{ids[2023]}")
    assert "<script>alert" not in answer.text and "<b>报告" not in answer.text
    assert "&lt;mark&gt;没有印出的标记" in answer.text
    assert "甲" not in answer.text, "a table is not compared"


def test_a_report_without_anything_to_compare_says_so(folder: Path, ids: dict[int, str]) -> None:
    answer, missing = get(folder, f"/-/repeats/{ids[2022]}", "/-/repeats/0000000000000000")
    assert "没有可比的文字" in answer.text and "Nothing to compare" in answer.text
    assert missing.status_code == 404


def test_the_page_is_right_below_a_base_url(folder: Path, ids: dict[int, str]) -> None:
    async def ask() -> str:
        served = Datasette(
            immutables=[str(folder / "harvest.db")],
            plugins_dir=str(folder / "plugins"),
            template_dir=str(folder / "templates"),
            metadata={"plugins": {"repeats_page": publish.boilerplate.CODES}},
            settings={"base_url": "/data/"},
        )
        await served.invoke_startup()
        return str((await served.client.get(f"/-/repeats/{ids[2023]}")).text)

    told = asyncio.run(ask())
    assert f'href="/data/-/report/{ids[2022]}"' in told and f'href="/data/-/repeats/{ids[2022]}"' in told


@given(st.text(max_size=40), st.integers(0, 50), st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9)), max_size=5))
def test_the_pieces_are_the_text(text: str, begin: int, turns: list[tuple[int, int]]) -> None:
    told = " ".join(f"{begin * (not number) + gap} {length}" for number, (gap, length) in enumerate(turns))
    found = list(repeats_page.pieces(text, begin, told))
    assert "".join(piece for _, piece in found) == text
    shown = "".join("x" * len(piece) if shared else "." * len(piece) for shared, piece in found)
    assert shown == "".join("." * gap + "x" * length for gap, length in turns).ljust(len(text), ".")[: len(text)]


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with server(folder) as address:
        yield address


def test_the_page_in_a_browser(address: str, ids: dict[int, str]) -> None:
    """No console errors, nothing asked of another server; at the width of a phone nothing sticks out and the texts stand in one column."""
    told: list[str] = []
    asked: list[str] = []
    with browser() as chromium:
        for width, beside in ((1280, True), (360, False)):
            shown = chromium.new_page(viewport={"width": width, "height": 800})
            shown.on("console", lambda message: told.append(message.text) if message.type in ("error", "warning") else None)
            shown.on("pageerror", lambda error: told.append(str(error)))
            shown.on("request", lambda request: asked.append(request.url))
            shown.goto(f"{address}/-/repeats/{ids[2023]}", wait_until="networkidle")
            assert shown.evaluate("document.documentElement.scrollWidth") <= width
            own, other = (shown.locator(".sides article").nth(place).bounding_box() for place in (0, 1))
            assert own and other and (own["y"] == other["y"]) == beside
            assert shown.locator(".sides mark").filter(has_text=ESSAYS[0]).count() == 2
            assert shown.locator("mark mark, .sides script").count() == 0
        shown.locator(".sides h4 a").first.click()
        assert shown.url == f"{address}/-/report/{ids[2022]}"
    assert told == []
    assert all(url.startswith(address) for url in asked)
