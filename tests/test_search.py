"""Search finds what LIKE finds, whatever is typed, in the whole text and in a section of it. (LIKE ends at a NUL, search does not.)"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from benchmarks.publication.serving import served
from storage import publish, searching
from storage.database import Database
from storage.site.plugins import search_page, zh_search
from tests.serving import browser
from tests.storing import page
from tests.test_publish import get

FORM = """# 湖滨区2024年政府信息公开工作年度报告

现将情况公布如下。

### 一、总体情况

共收到申请12件，比上年增长50%，其中WiFi_A类3件。

### 二、主动公开政府信息情况

第二十条第（一）项\t规章\t0
全角ＡＢＣ与半角abc

### 三、收到和处理政府信息公开申请情况

收到“诉讼”材料的申请，it's \\"quoted\\"。

### 四、政府信息公开行政复议、行政诉讼情况

行政诉讼3起，𠮷林市，😀。

### 五、存在的主要问题及改进情况

主动性不强<b>。公 开

### 六、其他需要报告的事项

无。
"""
TEXTS = {
    ("411202", 2024): FORM,
    ("411221", 2023): "渑池县没有诉。讼，100%，a_b，A B，公 开",
    ("110105", 2022): "朝阳区 诉讼 abc\ue02c\U0010fe2c行政\n诉讼 ſ K Straße",
    ("220104", 2022): "朝阳区，ABC，信息公开情况，0 1 2",
    ("990100", 2021): "信息 NEAR OR AND NOT * ^ : - + { } ( )",
}
WORDS = [
    "诉",
    "诉讼",
    "诉。讼",
    "湖滨区",
    "的",
    "%",
    "50%",
    "100%",
    "_",
    "a_b",
    "A B",
    "abc",
    "ABC",
    "ａｂｃ",
    "ＡＢＣ",
    "𠮷林",
    "𠮷",
    "😀",
    '"',
    "'",
    "\\",
]
HOSTILE = [
    "wifi",
    "WIFI_a",
    "<b>",
    "。",
    "，",
    "行政 诉讼",
    "NEAR",
    "OR",
    "*",
    "^",
    "{ }",
    "( )",
    ":",
    "\ue02c",
    "\U0010fe2c",
    "ſ",
    "k",
    "K",
    "SS",
    "没有的词",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("searched") / "harvest.db"
    with Database(path) as database:
        database.load_reference()
        database.start_run("r1", "crawl", "2025-01-01T00:00:00Z")
        for (region, year), text in TEXTS.items():
            organ = {"region_code": region, "year": year, "organ_id": f"{region}-0", "organ": "某机关"}
            database.save(page(f"http://q.gov.cn/{region}.html", text, report=organ))
        database.save(page("http://q.gov.cn/411202.html", FORM + "修订后", "2026-01-01T00:00:00Z", report={"region_code": "411202"}))
    publish.publish(path, path.parent / "site")
    return path.parent / "site"


def ask(folder: Path, **asked: object) -> dict[str, Any]:
    (answer,) = get(folder, "/-/search.json?" + urlencode(asked))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def like(folder: Path, words: list[str], where: str = "superseded_by IS NULL") -> set[str]:
    terms = "".join(" AND text LIKE ? ESCAPE '\\'" for _ in words)
    escaped = [f"%{word.replace(chr(92), chr(92) * 2).replace('%', chr(92) + '%').replace('_', chr(92) + '_')}%" for word in words]
    rows = sqlite3.connect(folder / "harvest.db").execute(f"SELECT id FROM reports WHERE {where}{terms}", escaped)
    return {ident for (ident,) in rows}


@pytest.mark.parametrize("word", WORDS + HOSTILE)
def test_the_page_finds_what_like_finds(folder: Path, word: str) -> None:
    found = ask(folder, q=word)
    assert {report["id"] for report in found["reports"]} == like(folder, word.split())
    assert found["total"] == len(found["reports"]) == sum(found["years"].values())
    whole = ask(folder, q=word, whole="1")
    assert {report["id"] for report in whole["reports"]} == like(folder, [word])
    assert all("<mark>" in snippet["html"] for report in whole["reports"] for snippet in report["snippets"])


ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
LIKELY = st.text("公开信息aA1%_。，“\" '\\\U0010fe2c\ue02c𠮷ſ\x00İ", max_size=6)
CUT = st.tuples(st.sampled_from([*TEXTS.values()]), st.integers(0, 300), st.integers(1, 9)).map(
    lambda cut: cut[0][cut[1] : cut[1] + cut[2]]
)


def test_a_query_of_many_words_is_looked_for_as_a_whole(folder: Path) -> None:
    assert ask(folder, q="朝 " * 98 + "阳")["total"] == 2
    assert ask(folder, q="朝 " * 98 + "麒")["total"] == 0


def test_a_blank_question_finds_nothing(folder: Path) -> None:
    for path in ("/harvest/in_the_text.json?word=&_shape=array", "/harvest/reports.json?_shape=array&_search=%E3%80%80"):
        (answer,) = get(folder, path)
        assert answer.json() == []


@settings(deadline=None, max_examples=200)
@given(st.lists(ANY | LIKELY, max_size=4), CUT | ANY | LIKELY)
@example(["a\x00b"], "\x00")
@example(["\U0010fe80\U0010fe90"], "\U0010fe00")
def test_any_string_is_found_where_it_stands(texts: list[str], query: str) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5(text, content='', tokenize='ascii')")
    everywhere = [*texts, *TEXTS.values(), f"前{query}后"]
    connection.executemany("INSERT INTO t (rowid, text) VALUES (?, ?)", ((n, zh_search.tokens(text)) for n, text in enumerate(everywhere)))
    for asked, words in ((zh_search.whole(query), [query] if query else []), (zh_search.match(query), query.split())):
        found = {key for (key,) in connection.execute("SELECT rowid FROM t WHERE t MATCH ?", (asked,))}
        held = {n for n, text in enumerate(everywhere) if words and all(folded(word) in folded(text) for word in words)}
        assert found == held, (query, asked)


def folded(text: str) -> str:
    """As LIKE folds: A to Z and nothing else."""
    return "".join(sign.lower() if sign.isascii() else sign for sign in text)


@pytest.mark.parametrize(
    ("section", "word", "held"),
    [
        ("overview", "申请", 1),
        ("requests", "诉讼", 1),
        ("disputes", "诉讼", 1),
        ("problems", "诉讼", 0),
        ("problems", "主动", 1),
        ("proactive", "全角", 1),
        ("other", "修订后", 1),
        ("rest", "现将", 1),
        ("overview", "现将", 0),
        ("nonsense", "现将", 1),
        ("rest", "渑池", 1),
    ],
)
def test_a_word_is_found_in_its_section(folder: Path, section: str, word: str, held: int) -> None:
    found = ask(folder, q=word, section=section)
    assert found["total"] == held
    assert {snippet["section"] for report in found["reports"] for snippet in report["snippets"]} <= {section} or section == "nonsense"


def test_sections_are_the_whole_text() -> None:
    for text in TEXTS.values():
        places = list(searching.sections(text))
        assert "".join(text[begin:end] for begin, end, _ in places) == text
    assert [name for _, _, name in searching.sections(FORM)] == ["rest", *list(searching.COLUMNS)[:6]]


@pytest.mark.parametrize(
    ("region", "held"),
    [
        ("河南", {"411202", "411221"}),
        ("河南省", {"411202", "411221"}),
        ("三门峡市", {"411202", "411221"}),
        ("湖滨", {"411202"}),
        ("4112", {"411202", "411221"}),
        ("410000", {"411202", "411221"}),
        ("朝阳区", {"110105", "220104"}),
        ("110105", {"110105"}),
        ("没有的地方", set()),
        ("%", set()),
    ],
)
def test_a_region_is_named_or_given_by_its_code(folder: Path, region: str, held: set[str]) -> None:
    codes = ", ".join(f"'{code}'" for code in held)
    found = ask(folder, q="。" if held & {"411202"} else "A", region=region)
    where = f"superseded_by IS NULL AND region_code IN ({codes})"
    assert {report["id"] for report in found["reports"]} == like(folder, ["。" if held & {"411202"} else "A"], where)


def test_years_levels_and_replaced_texts(folder: Path) -> None:
    assert ask(folder, q="朝阳区", year=2022)["total"] == 2
    assert ask(folder, q="朝阳区", year=2021)["total"] == 0
    assert ask(folder, q="朝阳区", level="prefecture_government")["total"] == 2
    assert ask(folder, q="朝阳区", level="county_department")["total"] == 0
    assert (ask(folder, q="𠮷林")["total"], ask(folder, q="𠮷林", every=1)["total"]) == (1, 2)


@pytest.mark.parametrize("query", ["", " ", "　", "q" * 5000, "词 " * 300, "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")])
def test_odd_queries_are_answered(folder: Path, query: str) -> None:
    page_, told = get(
        folder, "/-/search?" + urlencode({"q": query}), "/-/search.json?" + urlencode({"q": query, "page": "9999999", "year": "x"})
    )
    assert page_.status_code == told.status_code == 200
    assert told.json()["reports"] == []


def test_the_page_marks_words_and_nothing_is_markup(folder: Path) -> None:
    (answer,) = get(folder, "/-/search?" + urlencode({"q": "<b>"}))
    assert "<mark>&lt;b&gt;</mark>" in answer.text
    assert 'value="&lt;b&gt;"' in answer.text
    assert "<b>。" not in answer.text
    (answer,) = get(folder, "/-/search?" + urlencode({"q": "朝阳区 abc", "region": '"><i>'}))
    assert '"><i>' not in answer.text


def test_pages_follow_each_other() -> None:
    text, word = "诉讼" * 50 + "甲", "诉讼"
    (only,) = search_page.snippets(text, [(0, len(text), "rest")], [word], "")
    assert only["html"].count("<mark>") > 1
    assert list(search_page.snippets(text, [(0, len(text), "rest")], [word], "other")) == []


def test_the_page_in_a_browser(folder: Path) -> None:
    """A word typed and sent; nothing asked of another server, no errors, and nothing sticks out at the width of a phone."""
    told: list[str] = []
    asked: list[str] = []
    with served(folder) as port, browser() as chromium:
        for width in (1280, 360):
            shown = chromium.new_page(viewport={"width": width, "height": 800})
            shown.on("console", lambda message: told.append(message.text) if message.type in ("error", "warning") else None)
            shown.on("request", lambda request: asked.append(request.url))
            shown.goto(f"http://127.0.0.1:{port}/-/search", wait_until="networkidle")
            shown.get_by_label("词语").fill("诉讼")
            shown.get_by_label("部分").select_option("disputes")
            shown.get_by_role("button", name="检索 Search").first.click()
            shown.wait_for_load_state("networkidle")
            assert shown.locator("ol.hits mark").all_inner_texts() == ["诉讼", "诉讼"]  # the section's title and a sentence
            assert shown.get_by_label("词语").input_value() == "诉讼"
            assert shown.evaluate("document.documentElement.scrollWidth") <= width
        shown.locator("ol.hits h2 a").first.click()
        assert "/-/report/" in shown.url
    assert told == []
    assert all(url.startswith(f"http://127.0.0.1:{port}/") for url in asked)
