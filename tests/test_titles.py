"""Titles as portals print them: is it a report, whose, and of which year."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.titles import clean, organ_of, verdict, year_of

REPORTS = [
    "驻马店市城乡一体化示范区管委会2021年政府信息公开工作年度报告",
    "郑州市政务服务办公室政府信息公开工作年度报告",
    "关于漯河市２０２１年政府信息公开工作年度报告",
    "二○一三年信阳市政府信息公开年报",
    "2018年度平顶山市政府信息公开工作情况报告",
    "政府信息公开2021年度报告",
    "漯河市 教育局 2021 年 政府信息公开\n工作年度报告",
    "南阳市人民政府信息公开年度报告（2016年）",
    "长安区学院路街道办事处2021年政府信息公开年报",
    "漯河市城市管理综合行政执法局2021年政府信息公开工作年度报告",
    "漯河市统计局2021年政府信息公开工作年度报告",
    "中共漯河市委全面依法治市委员会办公室2022年政府信息公开工作年度报告",
    "漯河市医院管理中心2020年政府信息公开年报",
    "漯河市人民政府办公室关于印发漯河市2021年政府信息公开工作年度报告的通知",
    "中国科学院某基地所在的光明区2022年政府信息公开年度报告",
]
LOOKALIKES = [
    "湖北省人民政府网站工作年度报表（2021年度）",
    "2022年政府网站工作年度报表",
    "漯河市政府网站2020年年度报告",
    "2024年政府工作报告",
    "漯河市司法局2022年法治政府建设年度报告",
    "漯河市2022年度行政执法统计年报",
    "漯河统计年鉴2021",
    "政府信息公开工作年度报告制度",
    "漯河市政府信息公开年度报告编制规范",
    "关于报送2023年政府信息公开工作年度报告的通知",
    "关于做好2024年度政府信息公开年报编制工作的通知",
    "图解：漯河市人民政府2022年政府信息公开工作年度报告",
    "【一图读懂】云溪县2023年政府信息公开工作年度报告",
    "漯河市教育局2021年政府信息公开年度报告（图片版）",
    "政府信息公开年度报告解读：石桥区2023年",
    "漯河职业技术学院2021-2022学年信息公开年度报告",
    "河南大学信息公开年度报告",
    "漯河市中级人民法院2020年信息公开年度报告",
    "漯河市人民检察院2020年检务公开年度报告",
    "漯河市中心医院2021年信息公开年度报告",
    "漯河市自来水公司2021年信息公开年报",
    "漯河市第一中学2021年政府信息公开年度报告",
    "2021年党务公开工作年度报告",
]
OTHERS = [
    "政府信息公开年报",
    "政府信息公开工作年度报告",
    "信息公开指南",
    "首页",
    "2021年政务公开工作要点一览",
    "公开年报汇总",
    "漯河市教育局",
    "",
]


@pytest.mark.parametrize("title", REPORTS)
def test_report(title: str) -> None:
    assert verdict(title).kind == "report"


@pytest.mark.parametrize("title", LOOKALIKES)
def test_lookalike(title: str) -> None:
    found = verdict(title)
    assert found.kind == "lookalike"
    assert found.reason
    assert verdict(title, context_is_report_list=True).kind == "lookalike"


@pytest.mark.parametrize("title", OTHERS)
def test_other(title: str) -> None:
    assert verdict(title).kind == "other"


@pytest.mark.parametrize(
    ("anchor", "kind"),
    [
        ("漯河市教育局", "report"),
        ("漯河市教育局.pdf", "report"),
        ("易家街道", "report"),
        ("2021年年报", "report"),
        ("2021年", "other"),
        ("首页", "other"),
        ("更多", "other"),
        ("政府信息公开年报", "other"),
        ("漯河日报社", "other"),
    ],
)
def test_anchor_in_a_list_of_reports(anchor: str, kind: str) -> None:
    assert verdict(anchor).kind == "other"
    assert verdict(anchor, context_is_report_list=True).kind == kind


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("漯河市2021年政府信息公开年报", 2021),
        ("２０２１ 年度政府信息公开年报", 2021),
        ("二〇二一年政府信息公开年报", 2021),
        ("二○一三年政府信息公开年报", 2013),
        ("二零二一年政府信息公开年报", 2021),
        ("政府信息公开年报（2019）", 2019),
        ("发布时间：2022-01-20 2021年政府信息公开年报", 2021),
        ("2022年1月20日发布的2021年度报告", 2021),
        ("2022年发布的2021年度报告", 2021),
        ("2022年1月公布", None),
        ("20220120 政府信息公开年报", None),
        ("政府信息公开条例第711号", None),
        ("电话0395-20211234", None),
        ("政府信息公开年报", None),
    ],
)
def test_year(text: str, year: int | None) -> None:
    assert year_of(text) == year


@pytest.mark.parametrize(
    ("title", "organ"),
    [
        ("湖滨区政府办2021年政府信息公开工作年度报告", "湖滨区政府办"),
        ("关于漯河市2021年政府信息公开工作年度报告", "漯河市"),
        ("2021年度漯河市教育局政府信息公开工作年度报告", "漯河市教育局"),
        ("漯河市教育局关于2021年度政府信息公开工作情况的报告", "漯河市教育局"),
        ("漯河市人民政府信息公开工作年度报告（2021年度）", "漯河市人民政府"),
        ("湖滨区政府政府信息公开年报", "湖滨区政府"),
        ("政府信息公开年度报告（2021年）——漯河市教育局", "漯河市教育局"),
        ("2021年政府信息公开工作年度报告（漯河市教育局）", "漯河市教育局"),
        ("关于公布漯河市水利局2019年信息公开年度报告的公告", "漯河市水利局"),
        ("漯河市人民政府办公室关于印发漯河市2021年政府信息公开工作年度报告的通知", "漯河市"),
        ("漯河市教育局关于公布2020年信息公开年报的公告", "漯河市教育局"),
        ("青岚市政务服务局（行政审批局）2021年政府信息公开工作年度报告", "青岚市政务服务局（行政审批局）"),
        ("二○一三年信阳市政府信息公开年报", "信阳市"),
        ("漯河市\n教育局２０２１年政府信息公开年报", "漯河市教育局"),
        ("2021年政府信息公开工作年度报告", ""),
        ("漯河市教育局", ""),
    ],
)
def test_organ(title: str, organ: str) -> None:
    assert organ_of(title) == organ


@pytest.mark.parametrize(
    ("printed", "cleaned"),
    [
        ("漯河市教育局2021年政府信息公开年报-漯河市人民政府", "漯河市教育局2021年政府信息公开年报"),
        ("漯河市教育局2021年政府信息公开年报_信息公开_漯河市", "漯河市教育局2021年政府信息公开年报"),
        ("漯河市教育局\r\n  2021年政府信息公开年报", "漯河市教育局2021年政府信息公开年报"),
        ("漯河市教育局２０２１年政府信息公开年报.pdf", "漯河市教育局２０２１年政府信息公开年报"),
        ("【年报】漯河市教育局2021年政府信息公开年报", "漯河市教育局2021年政府信息公开年报"),
        ("· 漯河市教育局2021年政府信息公开年报[2022-01-20]", "漯河市教育局2021年政府信息公开年报"),
        ("附件1：漯河市教育局2021年政府信息公开年报", "漯河市教育局2021年政府信息公开年报"),
        ("《漯河市教育局2021年政府信息公开年报》", "漯河市教育局2021年政府信息公开年报"),
        ("2019-2020年政府信息公开工作年度报告", "2019-2020年政府信息公开工作年度报告"),
        ("【一图读懂】云溪县2023年政府信息公开工作年度报告", "【一图读懂】云溪县2023年政府信息公开工作年度报告"),
        ("图解-2021年政府信息公开年度报告", "图解-2021年政府信息公开年度报告"),
        ("漯河市人民政府", "漯河市人民政府"),
    ],
)
def test_clean(printed: str, cleaned: str) -> None:
    assert clean(printed) == cleaned


@given(st.text(max_size=60))
def test_any_text_has_a_verdict(text: str) -> None:
    assert verdict(text).kind in ("report", "lookalike", "other")
    assert organ_of(clean(text)) in text.translate({ord(sign): None for sign in " \t\r\n"}) or organ_of(clean(text))
    assert (year := year_of(text)) is None or 2006 <= year <= 2039


@given(st.sampled_from(REPORTS), st.sampled_from(["", " ", "\u3000", "\u00a0", "\n"]), st.integers(0, 12))
def test_spaces_do_not_change_a_verdict(title: str, space: str, place: int) -> None:
    assert verdict(title[:place] + space + title[place:]) == verdict(title)
