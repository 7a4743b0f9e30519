"""Whose report a page is, and that what is none is said to be none."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from harvester.dates import published_on
from harvester.identity import Context, identify
from harvester.items import Block, Cell, Document, Grid, Report
from harvester.readers import read

SEEDS = Path(__file__).parents[2] / "shared" / "seeds"
SECTIONS = ("一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "五、存在的主要问题及改进情况")
PROSE = "本年主动公开信息120条，收到申请3件，均已答复。认真贯彻《政府信息公开条例》，未发生行政复议、行政诉讼。"


def page(*lines: str, body: tuple[str, ...] = SECTIONS, **meta: str) -> Document:
    """A document of these lines and then the sections of a report, each with a paragraph."""
    blocks = [Block(line) for line in lines]
    for title in body:
        blocks += [Block(title, 2), Block(PROSE)]
    return Document(blocks, meta)


def grid(*rows: tuple[str, ...]) -> Block:
    return Block(grid=Grid(0, [[Cell(text, r, c) for c, text in enumerate(row)] for r, row in enumerate(rows)]))


FORM = grid(("第二十条第（一）项", ""), ("信息内容", "本年制发件数"), ("规章", ""))


def codes(report: Report) -> set[str]:
    return {issue.code for issue in report.issues}


@pytest.mark.skipif(not SEEDS.exists(), reason="the shared seeds are not here")
def test_the_seeds() -> None:
    truth = json.loads((SEEDS / "truth.json").read_text("utf-8"))["seeds"]
    places = ["411700", "411100", "411202", "410381", "410100"]
    for (name, wanted), place in zip(truth.items(), places, strict=True):
        report = identify(read((SEEDS / name).read_bytes()), Context(source=name))
        found = (report.kind, report.title, report.organ, report.year, report.level, report.region_code, report.source)
        assert found == ("report", wanted["title"], wanted["issuer"], wanted["year"], wanted["authority_level"], place, name)
        assert report.scope == wanted["scope"].removesuffix("_own_or_zone")
        unclear = {"scope_unclear"} if wanted["scope"] == "unclear_own_or_zone" else set()
        assert codes(report) == ({"year_from_text"} if "year_source" in wanted else unclear)


def test_title_over_two_lines() -> None:
    report = identify(page("郑州市政务服务办公室", "政府信息公开工作年度报告", "2021年，市政务办规范流程。2021年度收到1条申请。"))
    assert (report.title, report.year) == ("郑州市政务服务办公室政府信息公开工作年度报告", 2021)
    assert codes(report) == {"year_from_text"}


def test_order_of_trust() -> None:
    said = {"articletitle": "漯河市教育局2021年政府信息公开工作年度报告", "h1": "漯河市教育局2021年政府信息公开年报"}
    assert identify(page("漯河市教育局2021年公开年报", **said)).title == said["articletitle"]
    assert identify(page(h1=said["h1"], title="教育_漯河市")).title == said["h1"]
    assert identify(page(title="漯河市教育局2021年政府信息公开年报-漯河市人民政府")).title == "漯河市教育局2021年政府信息公开年报"
    cut = identify(page(articletitle="漯河市教育局2021年政府信息公开年…"), Context(link_text=said["h1"]))
    assert cut.title == said["h1"]
    sentence = identify(page("现将漯河市教育局2021年政府信息公开工作年度报告公布如下。", title=said["h1"]))
    assert (sentence.title, sentence.organ) == (said["h1"], "漯河市教育局")


def test_a_menu_in_front_of_the_text() -> None:
    report = identify(page("政府工作报告", "统计年鉴", title="漯河市教育局2021年政府信息公开年报"))
    assert (report.kind, report.organ) == ("report", "漯河市教育局")


def test_a_list_of_other_titles_in_front_of_the_text() -> None:
    others = [f"漯河市{name}2021年政府信息公开年报" for name in ("财政局", "水利局", "民政局", "司法局")]
    report = identify(page(*others, title="漯河市教育局2021年政府信息公开年报"))
    assert report.organ == "漯河市教育局"


@pytest.mark.parametrize(
    ("meta", "context", "organ", "where"),
    [
        ({"contentsource": "漯河市教育局"}, Context(portal_name="漯河市人民政府"), "漯河市教育局", "contentsource"),
        ({"contentsource": "01", "publisher": "漯河市水利局"}, Context(), "漯河市水利局", "publisher"),
        ({"contentsource": "本站原创"}, Context(link_text="漯河市民政局"), "漯河市民政局", "link text"),
        ({}, Context(portal_name="漯河市人民政府"), "漯河市人民政府", "portal"),
    ],
)
def test_organ_from_the_page(meta: dict[str, str], context: Context, organ: str, where: str) -> None:
    report = identify(page(articletitle="2021年政府信息公开工作年度报告", **meta), context)
    assert (report.organ, report.region_code) == (organ, "411100")
    assert [(issue.code, issue.where) for issue in report.issues] == [("organ_from_page", where)]


def test_organ_from_the_signature_and_of_the_whole_area() -> None:
    title = "2021年政府信息公开工作年度报告"
    signed = identify(Document([*page(title).blocks, Block("漯河市教育局"), Block("2022年1月20日")]), Context(portal_name="漯河市人民政府"))
    assert signed.organ == "漯河市教育局"
    whole = identify(
        page("2021年全市政府信息公开工作年度报告", contentsource="漯河市人民政府办公室"),
        Context(region_code="411100", portal_name="漯河市人民政府"),
    )
    assert (whole.organ, whole.scope) == ("漯河市人民政府", "consolidated")


def test_no_organ_at_all() -> None:
    report = identify(page("2021年政府信息公开工作年度报告"))
    assert (report.kind, report.organ, report.region_code, report.level) == ("report", "", "", "unknown")
    assert {"organ_missing", "region_unknown", "level_unknown"} <= codes(report)


def test_place_of_a_department_is_the_portals() -> None:
    for year, code in ((2020, "410381"), (2021, "410307")):
        report = identify(page(f"市教育局{year}年政府信息公开工作年度报告"), Context(region_code="410307"))
        assert (report.region_code, report.level) == (code, "county_department")
        assert report.organ_id.startswith("410307-"), "the key outlives the renumbering"


def test_places_that_share_a_name() -> None:
    title = "鼓楼区人民政府2021年政府信息公开工作年度报告"
    plain = identify(page(title))
    assert (plain.region_code, codes(plain), plain.level) == ("", {"region_ambiguous"}, "county_government")
    assert identify(page(title), Context(region_code="350102")).region_code == "350102"
    assert identify(page(title), Context(region_code="410200")).region_code == "410204"
    assert identify(page(title, "徐州市鼓楼区认真贯彻条例。")).region_code == "320302"
    elsewhere = identify(page("漯河市人民政府2021年政府信息公开工作年度报告"), Context(region_code="440100"))
    assert (elsewhere.region_code, codes(elsewhere)) == ("411100", {"region_not_of_portal"})


def test_the_page_tells_places_of_one_name_apart() -> None:
    title = "鼓楼区人民政府2021年政府信息公开工作年度报告"
    assert identify(page(title, sitename="南京市鼓楼区人民政府")).region_code == "320106"
    assert identify(page(title, title=f"{title}-福州市鼓楼区人民政府")).region_code == "350102"
    assert identify(page(title, "徐州市鼓楼区认真贯彻条例。"), Context(portal_name="南京市鼓楼区人民政府")).region_code == "320106"
    town = "城关镇人民政府2021年政府信息公开工作年度报告"
    assert (identify(page(town)).region_code, codes(identify(page(town)))) == ("", {"region_ambiguous"})
    assert identify(page(town, "城关镇在长垣市委市政府领导下。"), Context(region_code="410000")).region_code == ""
    assert identify(page(town, "在汤阴县委县政府领导下，我镇认真贯彻条例。")).region_code == "410523"
    assert identify(page(town, "创建示范县，市和县两级联动。")).region_code == "", "范县 and 和县 are not named"
    assert identify(page(town), Context(region_code="411523")).region_code == "411523"


def test_a_name_without_its_place_is_completed() -> None:
    here = identify(page("市教育局2021年政府信息公开工作年度报告", sitename="漯河市人民政府"))
    assert (here.organ, here.region_code, here.level) == ("漯河市教育局", "411100", "prefecture_department")
    assert here.organ_id == identify(page("漯河市教育局2021年政府信息公开工作年度报告")).organ_id
    county = identify(page("县人民政府2021年政府信息公开工作年度报告"), Context(region_code="411121"))
    assert (county.organ, county.level) == ("舞阳县人民政府", "county_government")


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("偃师市人民政府2020年政府信息公开年报", "410381"),
        ("偃师区人民政府2021年政府信息公开年报", "410307"),
        ("国家税务总局偃师市税务局2020年政府信息公开年报", "410381"),
        ("许昌市建安区人民政府2016年政府信息公开年报", "411003"),
        ("许昌县人民政府2015年政府信息公开年报", "411023"),
        ("北京市密云区人民政府2015年政府信息公开年报", "110118"),
        ("莱芜市人民政府2017年政府信息公开年报", "371200"),
        ("济南市莱芜区人民政府2018年政府信息公开年报", "370116"),
        ("毕节地区行政公署2010年政府信息公开年报", "522400"),
        ("孟津县人民政府2020年政府信息公开年报", "410322"),
        ("杭州市钱塘区人民政府2021年政府信息公开年报", "330114"),
        ("漯河经济技术开发区管理委员会2021年政府信息公开年报", "411100"),
    ],
)
def test_codes_as_of_the_end_of_the_report_year(title: str, code: str) -> None:
    assert identify(page(title)).region_code == code


@pytest.mark.parametrize(
    ("title", "line", "scope", "issue"),
    [
        ("湖滨区人民政府办公室", "本报告由区政府办公室根据各乡镇、街道和区政府各部门年度报告汇总编制而成。", "unclear", "scope_conflict"),
        ("湖滨区人民政府", "2021年，本机关认真贯彻条例。", "unclear", "scope_conflict"),
        ("湖滨区人民政府", "本报告由区政府办公室综合各部门年度报告编制而成。", "consolidated", ""),
        ("湖滨区人民政府（本级）", "2021年，本机关认真贯彻条例。", "own", ""),
        ("漯河经济技术开发区管委会", "2021年，我区认真贯彻条例。", "unclear", "scope_unclear"),
        ("漯河市税务系统", "", "subsystem", ""),
        ("漯河市教育局", "定期汇总各科室材料，编制目录。", "own", ""),
    ],
)
def test_scope_and_its_evidence(title: str, line: str, scope: str, issue: str) -> None:
    report = identify(page(f"{title}2021年政府信息公开工作年度报告", line))
    assert (report.scope, codes(report)) == (scope, {issue} - {""})
    if issue == "scope_conflict":
        assert any(line.rstrip("。") in found.message for found in report.issues), "the sentence is the evidence"


def test_places_that_only_half_tell() -> None:
    district = identify(page("区城管局2021年政府信息公开工作年度报告"), Context(region_code="411100"))
    assert (district.region_code, district.level, codes(district)) == ("", "county_department", {"region_unknown"})
    town = identify(page("漯河市某某不在册镇人民政府2021年政府信息公开工作年度报告"))
    assert (town.region_code, town.level, codes(town)) == ("411100", "township_government", {"region_coarse"})
    street = identify(page("东区街道办事处2021年政府信息公开工作年度报告"), Context(region_code="442000"))
    assert (street.region_code, street.level, codes(street)) == ("442000", "subdistrict_office", set())
    city = identify(page("东莞市虎门镇人民政府2021年政府信息公开工作年度报告"))
    assert (city.region_code, codes(city)) == ("441900", set())


def test_a_place_stands_for_its_government() -> None:
    report = identify(page("关于漯河市2021年政府信息公开工作年度报告"))
    assert (report.organ, report.level, report.scope) == ("漯河市人民政府", "prefecture_government", "consolidated")
    assert identify(page("2021年府店镇政府信息公开工作年度报告")).organ == "府店镇人民政府"


def test_central_bodies() -> None:
    report = identify(page("退役军人事务部2021年政府信息公开工作年度报告"))
    assert (report.region_code, report.level) == ("100000", "central_department")


@pytest.mark.parametrize(
    ("lines", "year", "issue"),
    [
        (("漯河市教育局政府信息公开年报", "本报告数据统计期限自2019年1月1日起至12月31日止。"), 2019, "year_from_text"),
        (("漯河市教育局政府信息公开年报", "现将2018年政府信息公开情况报告如下，2019年将继续努力。"), 2018, "year_from_text"),
        (("漯河市教育局政府信息公开年报", "2017年工作有序开展。2017年公开若干条。比2016年多。"), 2017, "year_from_text"),
        (("漯河市教育局政府信息公开年报", "2017年多于2016年。"), None, "year_missing"),
        (("漯河市教育局政府信息公开年报", "工作有序开展。"), None, "year_missing"),
    ],
)
def test_year_from_the_text(lines: tuple[str, ...], year: int | None, issue: str) -> None:
    report = identify(page(*lines))
    assert (report.year, codes(report)) == (year, {issue})


OF_2021 = "2021年，我局认真贯彻条例，主动公开信息120条。"


@pytest.mark.parametrize(
    ("title", "lines", "published", "year", "issue"),
    [
        ("漯河市教育局202020年政府信息公开年报", (), "", 2020, "year_misprinted"),
        ("漯河市教育局20221年政府信息公开年报", (OF_2021,), "", 2021, "year_misprinted"),
        ("漯河市教育局20221年政府信息公开年报", (), "2022-01-20", 2021, "year_misprinted"),
        ("漯河市教育局20221年政府信息公开年报", (), "", None, "year_missing"),
        ("2022年发布的2021年漯河市教育局政府信息公开年报", (), "", 2021, ""),
        ("2022年漯河市教育局2021年政府信息公开年报", (), "", 2021, "year_from_text"),
        ("漯河市教育局2019-2020年政府信息公开年报", (), "", None, "year_missing"),
        ("漯河市教育局2019-2020年政府信息公开年报", ("2019年，我局认真贯彻条例。",), "", 2019, "year_from_text"),
        ("漯河市教育局2019-2020年政府信息公开年报", (), "2021-01-20", 2020, "year_from_text"),
        ("漯河市教育局2022年政府信息公开年报", (OF_2021,), "2022-01-20", 2021, "year_conflict"),
        ("漯河市教育局2022年政府信息公开年报", (OF_2021, "2021年未收到申请。"), "", 2021, "year_conflict"),
        ("漯河市教育局2022年政府信息公开年报", (OF_2021,), "", 2022, "year_conflict"),
        (
            "漯河市教育局2021年政府信息公开年报",
            ("统计期限自2020年1月1日起至2020年12月31日止。", OF_2021),
            "2022-01-20",
            2021,
            "year_conflict",
        ),
        ("漯河市教育局2021年政府信息公开年报", ("2022年，我局认真贯彻。", "2022年增加5条。"), "2023-01-20", 2022, "year_conflict"),
        ("漯河市教育局2021年政府信息公开年报", (OF_2021, "比2020年多。"), "2022-01-20", 2021, ""),
        ("漯河市教育局政府信息公开年报", ("主动公开信息2021条，收到申请3件。",), "", None, "year_missing"),
        ("漯河市教育局政府信息公开年报", ("二〇二一年，我局认真贯彻条例。",), "", 2021, "year_from_text"),
    ],
)
def test_a_title_that_lies_about_the_year(title: str, lines: tuple[str, ...], published: str, year: int | None, issue: str) -> None:
    report = identify(page(title, *lines, pubdate=published))
    assert (report.year, codes(report), report.organ) == (year, {issue} - {""}, "漯河市教育局")


def test_a_year_of_the_link_alone_does_not_outweigh_the_text() -> None:
    """Columns name the year of publication: the report of 2021 stands in 2022年."""
    report = identify(page("漯河市教育局政府信息公开年报", OF_2021), Context(link_text="2022年"))
    assert (report.year, codes(report)) == (2021, {"year_conflict"})
    assert identify(page("漯河市教育局政府信息公开年报"), Context(link_text="2021年")).year == 2021


def test_a_year_that_was_not_over() -> None:
    report = identify(page("漯河市教育局2022年政府信息公开年报", pubdate="2022-01-20 10:44"))
    assert (report.published_on, codes(report)) == ("2022-01-20", {"year_not_over"})


@pytest.mark.parametrize(
    ("said", "url", "day"),
    [
        (("2023-01-30 09:00:00", "2020-01-01"), "", "2023-01-30"),
        (("无", "2023年1月3日"), "", "2023-01-03"),
        (("", "", "2023/1/30"), "", "2023-01-30"),
        (("20230130",), "", "2023-01-30"),
        (("2023-02-31",), "http://a/zfxxgk/202301/t20230130_115.html", "2023-01-30"),
        ((), "http://a/art/2024/1/30/art_12_89.html", "2024-01-30"),
        ((), "http://a/2023/01-19/2677014.html", "2023-01-19"),
        ((), "http://a/20240130/abc.html", "2024-01-30"),
        ((), "http://a/News/Detail/20230130151013579.html", "2023-01-30"),
        ((), "http://a/202301/7055.shtml", None),
        ((), "http://a/1414/2026/1/2206879.html", None),
        ((), "http://a/007055.html", None),
    ],
)
def test_publication_day(said: tuple[str, ...], url: str, day: str | None) -> None:
    assert published_on(said, url) == day


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (page("2022年政府网站工作年度报表"), "web site"),
        (page("漯河市教育局2021年政府信息公开年报", articletitle="2021年政府工作报告"), "congress"),
        (page("图解：漯河市教育局2021年政府信息公开年报"), "picture"),
        (page("漯河职业技术学院2020-2021学年信息公开年度报告"), "school"),
        (page("关于报送2021年政府信息公开年度报告的通知"), "notice"),
        (page("漯河市教育局2021年政府信息公开年报", "附件下载", body=()), "none of its text"),
        (page("漯河市教育局2021年政府信息公开年报", *["各单位：", "请于1月10日前报送纸质材料，逾期不候。" * 6], body=()), "notice"),
        (page("漯河市教育局2021年政府信息公开年报", "天气晴好，适宜出游，市民纷纷走出家门。" * 8, body=()), "neither the sections"),
        (page(*[f"{name}局2021年政府信息公开年报" for name in "甲乙丙丁戊"], body=()), "list of reports"),
        (
            page("漯河市2021年政府信息公开年度报告", *[f"漯河市{name}局" for name in ("教育", "财政", "水利", "民政", "司法")], body=()),
            "list",
        ),
        (page("漯河市教育局2021年政务公开工作总结", PROSE * 4, body=()), "summary of the work"),
        (page("市教育局发布2021年政府信息公开年度报告", PROSE * 4, body=()), "news"),
        (page("漯河市教育局2021年政府信息公开年报附表", *[PROSE] * 4, body=()), "only the tables"),
        (page("政府信息公开工作年度报告（模板）"), "template"),
        (Document([*page("政府信息公开工作年度报告").blocks, FORM]), "template"),
        (Document([*page("XX局2021年政府信息公开工作年度报告").blocks, FORM]), "template"),
        (page("搜索结果：政府信息公开年报", body=()), "about a report"),
        (page("政府信息公开指南", "本指南每年更新。" * 30, body=()), "neither the title"),
        (page(body=()), "neither the title"),
    ],
)
def test_what_is_no_report(document: Document, reason: str) -> None:
    report = identify(document)
    assert report.kind == "not_report"
    assert reason in report.reason


def test_bodies_that_are_reports() -> None:
    title = "漯河市教育局2021年政府信息公开年报"
    table = grid(("第二十条第（一）项", ""), ("信息内容", "本年制发件数"), ("规章", "0"))
    assert identify(Document([Block(title), table])).kind == "report", "the form alone"
    assert identify(page(title, "概述", PROSE * 4, body=())).kind == "report", "prose of the years before the form"
    assert identify(page("政府信息公开年报")).kind == "report", "a bare title over a body that is one"
    assert identify(page("漯河市教育局2009年政府信息公开工作总结", "概述", PROSE * 4, body=())).kind == "report", (
        "the name of the first years"
    )
    assert identify(page(title="漯河市教育局2021年政府信息公开工作年度…")).organ == "漯河市教育局", "cut off by the CMS"
    assert identify(Document([*page("漯河市教育局2021年政务公开年度报告").blocks, table])).kind == "report"
    blank = identify(Document([*page(title).blocks, FORM]))
    assert blank.kind == "report", "a report may leave every cell blank"
    odd = identify(Document([*page(h1="漯河市教育局").blocks, table], {"h1": "漯河市教育局"}))
    assert (odd.kind, codes(odd) >= {"title_unusual"}) == ("report", True)


def test_identify_is_fast() -> None:
    document = page("三门峡市湖滨区人民政府办公室2021年政府信息公开工作年度报告", *[PROSE] * 30, pubdate="2022-01-20")
    context = Context(url="http://a/t20220120_1.html", region_code="411202")
    identify(document, context)
    started = time.perf_counter()
    for _ in range(100):
        identify(document, context)
    assert (time.perf_counter() - started) / 100 < 0.002, "0.1 ms on a quiet machine"


def test_a_heading_of_a_section_names_no_organ() -> None:
    """六、其他需要报告的事项 holds the word 报告: 六其他需要 is nobody."""
    sections = ("一、总体情况", "二、主动公开政府信息情况", "五、存在的主要问题及改进情况", "六、其他需要报告的事项")
    report = identify(page("二〇二一年度政府信息公开工作年度报告", body=sections))
    assert (report.kind, report.year, report.organ) == ("report", 2021, "")
    assert "organ_missing" in codes(report)


def test_a_title_that_is_only_a_picture() -> None:
    """The organ is then the page's; the outline of a report, with its sentences or its tables, is enough."""
    outline = (
        "一、概述",
        "二、主动公开政府信息情况",
        "三、依申请公开政府信息情况",
        "四、行政复议情况",
        "五、存在的主要问题",
        "六、需要说明的事项",
    )
    prose = identify(page("2012年，我局认真贯彻条例。", body=outline, title="漯河市教育局"))
    assert (prose.kind, prose.organ, prose.year, prose.region_code) == ("report", "漯河市教育局", 2012, "411100")
    assert codes(prose) == {"title_unusual", "organ_from_page", "year_from_text"}
    assert identify(page("2012年，我局认真贯彻条例。", body=outline[:3], title="漯河市教育局")).kind == "not_report"


def test_the_heading_of_a_column_is_not_the_title() -> None:
    title = "漯河市教育局2021年政府信息公开年报"
    assert identify(page(h1="政策解读", title=title)).kind == "report"
    assert identify(page(title, h1="视频")).title == title
    assert identify(page(h1=f"{title}解读", title=title)).kind == "not_report"
