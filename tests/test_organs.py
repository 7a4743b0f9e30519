"""Organs: level, scope, and one key however the name is written."""

from __future__ import annotations

import pytest

from harvester.organs import Rank, expanded, looks_like_organ, organ_id, rank, scope
from harvester.regions import default

OWN, ALL, OPEN = "own", "consolidated", "unclear"


def ranked(organ: str) -> Rank:
    places = default()
    mention = places.mentioned(organ, 2022)
    return rank(organ, mention.rest, mention.regions[0].level if mention.regions else "")


@pytest.mark.parametrize(
    ("organ", "level", "of"),
    [
        ("河南省人民政府", "provincial_government", ALL),
        ("河南省人民政府办公厅", "provincial_department", OWN),
        ("漯河市人民政府", "prefecture_government", ALL),
        ("大兴安岭地区行政公署", "prefecture_government", ALL),
        ("湖滨区人民政府", "county_government", ALL),
        ("湖滨区政府办", "county_department", OWN),
        ("济源市人民政府", "county_government", ALL),
        ("三门峡市住房和城乡建设局", "prefecture_department", OWN),
        ("漯河市国有资产监督管理委员会", "prefecture_department", OWN),
        ("北京市城市管理委员会", "provincial_department", OWN),
        ("漯河市人民政府驻北京办事处", "prefecture_department", OWN),
        ("漯河市市场监管局", "prefecture_department", OWN),
        ("河南省地方金融监督管理局", "provincial_department", OWN),
        ("哈尔滨市道里区残联", "county_department", OWN),
        ("府店镇人民政府", "township_government", OWN),
        ("临颍县杜曲镇政府", "township_government", OWN),
        ("武汉市硚口区易家街道", "subdistrict_office", OWN),
        ("杨园街道办事处", "subdistrict_office", OWN),
        ("驻马店市城乡一体化示范区管委会", "functional_zone", OPEN),
        ("石家庄高新区", "functional_zone", OPEN),
        ("郑州高新区城市管理局", "functional_zone", OWN),
        ("上海市浦东新区人民政府", "county_government", ALL),
        ("国家税务总局漯河市税务局", "vertical_agency", OWN),
        ("漯河市气象局", "vertical_agency", OWN),
        ("湛江海关关区", "vertical_agency", "subsystem"),
        ("国家税务总局", "central_department", OWN),
        ("退役军人事务部", "central_department", OWN),
        ("中国证券监督管理委员会", "central_department", OWN),
        ("全国海关", "central_department", "system"),
        ("新疆生产建设兵团", "provincial_government", ALL),
        ("河南博物院", "public_institution", OWN),
        ("省财政厅", "provincial_department", OWN),
        ("县水利局", "county_department", OWN),
        ("市教育局", "unknown", OWN),
        ("某某", "unknown", OPEN),
    ],
)
def test_rank(organ: str, level: str, of: str) -> None:
    assert ranked(organ) == (level, of)


@pytest.mark.parametrize(
    ("level", "title_says", "prose", "of"),
    [
        ("prefecture_government", ALL, "2019年,全市共收到信息公开申请513件。", ALL),
        ("prefecture_government", ALL, "", ALL),
        ("prefecture_government", ALL, "本报告为本机关政府信息公开情况。", OPEN),
        ("prefecture_government", ALL, "本机关不掌握相关政府信息的2件。", ALL),
        ("prefecture_government", ALL, "本机关和各县区政府、市政府部门。", ALL),
        ("functional_zone", OPEN, "我区全年共主动公开政府信息951条。", OPEN),
        ("functional_zone", OPEN, "来电记录按周汇总，反复出现的问题写进常见问答。", OPEN),
        ("functional_zone", OPEN, "本报告根据全区各部门、街道的年度报告汇总编制而成。", ALL),
        ("county_department", OWN, "现将湖滨区2021年政府信息公开情况报告如下", OWN),
        ("county_department", OWN, "定期汇总各科室材料，编制目录。", OWN),
    ],
)
def test_scope(level: str, title_says: str, prose: str, of: str) -> None:
    assert scope(Rank(level, title_says), prose)[0] == of


def test_one_key_for_all_ways_of_writing() -> None:
    places = default()

    def key(organ: str, code: str) -> str:
        return organ_id(organ, places.mentioned(organ, 2021).rest, code, places)

    office = {key(name, "411202") for name in ("湖滨区政府办", "湖滨区人民政府办公室", "三门峡市湖滨区人民政府办公室", "区政府办公室")}
    assert len(office) == 1
    assert office.pop().startswith("411202-")
    assert key("驻马店市城乡一体化示范区管委会", "411700") == key("驻马店市城乡一体化示范区管理委员会", "411700")
    assert key("漯河市教育局", "411100") == key("市教育局", "411100") != key("市政管理局", "411100")
    assert key("漯河市市场监督管理局", "411100") == key("漯河市市场监管局", "411100")
    assert key("偃师市人民政府", "410381") == key("偃师区人民政府", "410307")
    assert key("易家街道", "420104") == key("武汉市硚口区易家街道办事处", "420104")
    assert key("湖滨区人民政府", "411202") != key("湖滨区政府办", "411202")
    assert key("鼓楼区人民政府", "") != key("朝阳区人民政府", "")


@pytest.mark.parametrize(
    ("organ", "rest", "level", "whole"),
    [
        ("漯河市", "", "prefecture", "漯河市人民政府"),
        ("府店镇", "府店镇", "", "府店镇人民政府"),
        ("硚口区易家街道", "易家街道", "county", "硚口区易家街道办事处"),
        ("漯河市教育局", "教育局", "prefecture", "漯河市教育局"),
    ],
)
def test_a_place_stands_for_its_government(organ: str, rest: str, level: str, whole: str) -> None:
    assert expanded(organ, rest, level) == whole


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("漯河市教育局", True),
        ("湖滨区政府办", True),
        ("01", False),
        ("本站原创", False),
        ("漯河日报", False),
        ("政府信息公开目录", False),
        ("无", False),
    ],
)
def test_what_looks_like_an_organ(name: str, is_one: bool) -> None:
    assert looks_like_organ(name) is is_one
