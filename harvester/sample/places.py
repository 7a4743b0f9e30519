"""Who lives in the sample world: a province that does not exist, its portals, and the organs that report there.

Coverage, for those who add reports up: the report of 青岚市人民政府 is the sum of the ten bodies in its ``parts`` for every year, and
all ten publish 2019-2025. 石桥区人民政府 is the sum of its three units, all three published 2021-2025. The other counties also
count units that publish nothing (``rest`` below), as most counties do, so their sums cannot be followed down. The counties of 岚西市 each
show two bodies that belong to no sum (``neighbours``).
"""

from __future__ import annotations

from typing import NamedTuple

from harvester.sample import neighbours

FIRST_YEAR = 2018
LAST_YEAR = 2025
ALL_YEARS = tuple(range(FIRST_YEAR, LAST_YEAR + 1))
FORM_YEARS = ALL_YEARS[1:]
CITY_COMPLETE = FORM_YEARS
YUNXI_YEARS = (2021, 2022, 2023, 2024)
SHIQIAO_COMPLETE = tuple(range(2021, LAST_YEAR + 1))


class Portal(NamedTuple):
    """A portal: ``family`` names the file in ``cms``; ``robots`` is ``permissive``, ``absent`` (404) or ``soft`` (a page with 200)."""

    id: str
    name: str
    region: str
    family: str
    robots: str = "permissive"
    validators: bool = True
    registry_family: str = ""


class Organ(NamedTuple):
    """A reporting body. ``size`` is its requests a year, roughly; ``years`` those it publishes; ``parts`` the bodies it sums up."""

    key: str
    name: str
    region: str
    level: str
    scope: str
    portal: str
    size: int
    years: tuple[int, ...] = FORM_YEARS
    parts: tuple[str, ...] = ()
    called: str = ""
    topic: str = ""
    powers: int = 1
    makes_rules: bool = False


PORTALS = (
    Portal("sample-qinglan", "青岚市人民政府", "990100", "trs"),
    Portal("sample-yunxi", "云溪县人民政府", "990121", "hanweb_jpage", robots="absent"),
    Portal("sample-songhe", "松河区人民政府", "990102", "ucap", robots="soft"),
    Portal("sample-linze", "临泽市人民政府", "990181", "gkmlpt", registry_family="gkmlpt"),
    Portal("sample-shiqiao", "石桥区人民政府", "990103", "aspx", validators=False),
    *(Portal(small.portal, f"{small.place}人民政府", small.region, small.family) for small in neighbours.SMALL),
    Portal("sample-daihu", "岱湖市人民政府", "990300", "attached"),
)


def _city(key: str, name: str, size: int, topic: str, years: tuple[int, ...] = FORM_YEARS, rules: bool = False) -> Organ:
    """A department of the city."""
    called = "我委" if name.endswith("委员会") else "我局" if name.endswith("局") else "我办"
    return Organ(key, name, "990100", "prefecture_department", "own", "sample-qinglan", size, years, (), called, topic, 1, rules)


def _county(key: str, name: str, region: str, parts: tuple[str, ...], called: str) -> Organ:
    """A county-level government, which reports for its whole area."""
    return Organ(key, name, region, "county_government", "consolidated", f"sample-{key}", 0, ALL_YEARS, parts, called, "财政资金和民生实事")


def _rest(key: str, size: int) -> Organ:
    """The units of a county that publish nothing: counted in its sums, seen nowhere."""
    return Organ(key, "", "", "", "", "", size, ())


def _small(index: int, small: neighbours.Small) -> tuple[Organ, Organ]:
    """The two bodies of a small portal."""
    name, size, topic = neighbours.office(index)
    key, years, town = small.family, neighbours.YEARS, f"{small.place}{neighbours.town(index)}人民政府"
    affairs = "惠农补贴、救助和村务"
    return (
        Organ(f"{key}-ju", small.place + name, small.region, "county_department", "own", small.portal, size, years, (), "我局", topic),
        Organ(f"{key}-zhen", town, small.region, "township_government", "own", small.portal, 3, years, (), "我镇", affairs, 0),
    )


_ORGANS = (
    Organ(
        "qinglan",
        "青岚市人民政府",
        "990100",
        "prefecture_government",
        "consolidated",
        "sample-qinglan",
        0,
        ALL_YEARS,
        ("bangongshi", "jiaoyu", "caizheng", "ziran", "weijian", "gaoxin", "yunxi", "songhe", "linze", "shiqiao"),
        "全市",
        "财政和民生保障",
    ),
    _city("bangongshi", "青岚市人民政府办公室", 160, "市政府文件、会议和人事任免", rules=True),
    _city("jiaoyu", "青岚市教育局", 62, "义务教育招生、学校收费和教师招聘"),
    _city("caizheng", "青岚市财政局", 18, "预决算、政府债务和涉企收费目录"),
    _city("ziran", "青岚市自然资源和规划局", 140, "土地征收、规划许可和不动产登记"),
    _city("weijian", "青岚市卫生健康委员会", 35, "医疗机构审批、疾病防控和生育服务", ALL_YEARS),
    Organ(
        "gaoxin",
        "青岚高新技术产业开发区管理委员会",
        "990100",
        "functional_zone",
        "unclear",
        "sample-qinglan",
        48,
        called="我区",
        topic="招商项目、产业扶持和用地出让",
    ),
    _county("yunxi", "云溪县人民政府", "990121", ("shuili", "qingshi", "yunxi-rest"), "全县"),
    _rest("yunxi-rest", 90),
    Organ(
        "shuili",
        "云溪县水利局",
        "990121",
        "county_department",
        "own",
        "sample-yunxi",
        12,
        YUNXI_YEARS,
        (),
        "我局",
        "取水许可、河道采砂和饮水工程",
    ),
    Organ(
        "qingshi",
        "云溪县青石镇人民政府",
        "990121",
        "township_government",
        "own",
        "sample-yunxi",
        5,
        YUNXI_YEARS,
        (),
        "我镇",
        "惠农补贴、低保评审和村务",
        0,
    ),
    _county("songhe", "松河区人民政府", "990102", ("shichang", "songhe-rest"), "全区"),
    _rest("songhe-rest", 150),
    Organ(
        "shichang",
        "松河区市场监督管理局",
        "990102",
        "county_department",
        "own",
        "sample-songhe",
        40,
        FORM_YEARS,
        (),
        "我局",
        "食品抽检、企业登记和计量检定",
    ),
    _county("linze", "临泽市人民政府", "990181", ("liudu", "linze-rest"), "全市"),
    _rest("linze-rest", 120),
    Organ(
        "liudu",
        "临泽市柳渡镇人民政府",
        "990181",
        "township_government",
        "own",
        "sample-linze",
        3,
        FORM_YEARS,
        (),
        "我镇",
        "宅基地审批、防汛抢险和集体资产",
        0,
    ),
    _county("shiqiao", "石桥区人民政府", "990103", ("shiqiao-ban", "chengguan", "hewan"), "全区"),
    Organ(
        "shiqiao-ban",
        "石桥区人民政府办公室",
        "990103",
        "county_department",
        "own",
        "sample-shiqiao",
        46,
        SHIQIAO_COMPLETE,
        (),
        "我办",
        "区政府文件、督查事项和建议提案",
    ),
    Organ(
        "chengguan",
        "石桥区城市管理局",
        "990103",
        "county_department",
        "own",
        "sample-shiqiao",
        28,
        SHIQIAO_COMPLETE,
        (),
        "我局",
        "占道经营、户外广告和垃圾分类",
    ),
    Organ(
        "hewan",
        "石桥区河湾街道办事处",
        "990103",
        "subdistrict_office",
        "own",
        "sample-shiqiao",
        4,
        SHIQIAO_COMPLETE,
        (),
        "我街道",
        "社区救助、老旧小区改造和物业管理",
        0,
    ),
    *(organ for index, small in enumerate(neighbours.SMALL) for organ in _small(index, small)),
    _city("minzheng", "岱湖市民政局", 20, "低保救助、养老机构和地名管理")._replace(region="990300", portal="sample-daihu"),
    _city("jiaotong", "岱湖市交通运输局", 30, "公路养护、客运线路和驾驶员培训")._replace(region="990300", portal="sample-daihu"),
)
ORGANS = {organ.key: organ for organ in _ORGANS}
PORTAL = {portal.id: portal for portal in PORTALS}

# 石桥 became a district of the city on 2021-06-01: name and code differ before and after.
RENAMED = {"shiqiao": (2021, "石桥县人民政府", "990122", "全县")}


def in_year(key: str, year: int) -> Organ:
    """The organ as it was called, and coded, at the end of a year."""
    organ = ORGANS[key]
    since, name, region, called = RENAMED.get(key, (0, "", "", ""))
    return organ._replace(name=name, region=region, called=called) if year < since else organ


def published() -> list[tuple[str, int]]:
    """Every (organ key, report year) that stands on a portal, in a fixed order."""
    return [(organ.key, year) for organ in _ORGANS for year in organ.years]
