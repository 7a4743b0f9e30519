"""The small portals of the sample: one for each way of listing that the five large ones do not show. Nobody sums their reports up."""

from __future__ import annotations

from typing import NamedTuple


class Small(NamedTuple):
    """A county's portal with two bodies that report, an office of the county and a town; ``family`` names the file in ``cms``."""

    family: str
    place: str
    region: str

    @property
    def portal(self) -> str:
        return f"sample-{self.family.replace('_', '-')}"


YEARS = (2023, 2024, 2025)
# Name, size, what it does: an office of the county, and a town.
OFFICES = (
    ("民政局", 22, "低保评审、养老服务和地名管理"),
    ("审计局", 9, "审计结果、整改情况和内部审计"),
    ("农业农村局", 31, "耕地保护、农机补贴和高标准农田"),
    ("司法局", 14, "法律援助、公证和人民调解"),
)
TOWNS = ("前湾镇", "北沟镇", "双井镇", "老桥镇", "新坝镇")
SMALL = (
    Small("trs_script", "澄溪县", "990221"),
    Small("hanweb_plain", "苇塘县", "990222"),
    Small("hanweb_proxy", "霜林县", "990223"),
    Small("hanweb_xxgk", "杏坪县", "990224"),
    Small("hanweb_annual", "白鹭县", "990225"),
    Small("jpaas", "柏岭县", "990226"),
    Small("ucap_json", "雁洲县", "990227"),
    Small("nfcms", "枫渡县", "990228"),
    Small("lonsun", "芦洲县", "990229"),
    Small("vsb", "梅岗县", "990230"),
    Small("easysite", "竹沟县", "990231"),
    Small("truecms", "石澜县", "990232"),
    Small("epoint", "云坪县", "990233"),
    Small("henan_ymd", "松澜县", "990234"),
    Small("page_pc", "桐湾县", "990235"),
    Small("zz_openinfo", "茶岭县", "990236"),
    Small("smx_pageview", "砚池县", "990237"),
    Small("siteserver", "麦浦县", "990238"),
    Small("aggregator", "沙汀县", "990239"),
)


def office(index: int) -> tuple[str, int, str]:
    """The office of the ``index``-th small portal."""
    return OFFICES[index % len(OFFICES)]


def town(index: int) -> str:
    """The town of the ``index``-th small portal."""
    return TOWNS[index % len(TOWNS)]
