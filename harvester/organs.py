"""Whose report it is: the level of an organ, for whom it reports, and one key for all the ways its name is written."""

from __future__ import annotations

import csv
import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from harvester.regions import Gazetteer

GOVERNMENTS = {"province": "provincial", "prefecture": "prefecture", "county": "county"}
# Where no region is known, the name's own unit still tells the level: 省 and 厅 are a province's, 县 a county's; 市 and 区 may be either.
WORDS = ((re.compile(r"^.{0,6}省|(?<!办公)厅$"), "provincial"), (re.compile(r"^.{0,6}[县旗]|^区"), "county"))
UNITS = "局|委|办|厅|署|部|政府|委员会|管委会|办公室|镇|乡|街道|办事处|中心|队|残联|联合会|供销社|开发区|园区|新区|示范区|[省市县区州盟旗]"
UNIT = re.compile(rf"(?:{UNITS})(?:[(（].*[)）])?$")
# In a title whatever stands before the year is the organ, so rarer endings count there too.
TITLE_UNIT = re.compile(rf"(?:{UNITS}|[馆院所站社会处联台校组库场]|兵团|公司|系统)(?:[(（].*[)）])?$")
AREA_ONLY = re.compile(r"^[全本我][省市县区州盟旗]$|^[省市县区]$")
# 市教育局 on a city's portal is the city's 教育局; 市场, 市政 (but not 市政府, 市政务) and 区域 begin words of their own.
OF_PLACE = re.compile(r"^(?:省|市(?!场|政(?![府务]))|县(?!域)|区(?![域划])|州|旗)(?=..)")
BELOW_CITY = re.compile(r"^(?:县(?!域|级)|区(?![域划])|旗)(?=..)")
NO_ORGAN = re.compile(r"本站|网|日报|电视|媒体|转载|编辑|管理员|公开栏|目录|指南|更多|首页|信息公开|年报|报告|[0-9]|[。，；：]")
# Only a sentence about the report counts: 来电记录按周汇总 sums up something else.
SUMMED = re.compile(
    r"(?:本报告|年度报告|年报)[^。\n]{0,60}(?:汇总|综合[^。\n]{0,10}编制|汇编)"
    r"|(?:汇总|综合)[^。\n]{0,40}(?:年度报告|年报|数据|情况)[^。\n]{0,12}(?:编制|汇编|而成)"
)
SUMMING = ("汇总", "综合", "汇编")  # one of them is in every such sentence
AREA = re.compile(
    r"各(?:县|市|区|乡镇|镇|街道|级|部门).{0,14}(?:政府|部门|单位|行政机关|街道)|全[省市县区州盟旗](?:共|各级|累计|收到|受理)"
)
# Bodies below a government: what an office that sums them up does is the government's report.
BELOW = re.compile(
    r"各(?:县|市|区|乡镇|镇|乡|街道|级|部门)[^。]{0,10}|[市县区]直(?:各)?(?:部门|单位)|[市县区]政府(?:各|组成)(?:部门|单位)|所辖|下级"
)
OWN_BODY = re.compile(r"本机关(?!不掌握)|本级机关|政府本级|本级政府、政府办")


class Rank(NamedTuple):
    """``level`` is one of ``authority_levels``; ``scope`` what the title alone says (own, consolidated, system, subsystem, unclear)."""

    level: str
    scope: str


def looks_like_organ(name: str) -> bool:
    """Whether ``name`` could be the name of an organ of government: ends as one, is short, and is no name of a site or column."""
    return 2 < len(name) <= 40 and UNIT.search(name) is not None and NO_ORGAN.search(name) is None


def rank(organ: str, rest: str, region_level: str) -> Rank:
    """Level and scope of ``organ``; ``rest`` is its name behind those of regions, ``region_level`` that of the last of them, or empty."""
    name = unicodedata.normalize("NFKC", rest or organ)
    for level, scope, pattern in _rules():
        if pattern.search(name) and not (level == "central_department" and rest != organ):
            return Rank(_at_level(level, organ, region_level), scope)
    return Rank("unknown", "unclear")


def _at_level(kind: str, organ: str, region_level: str) -> str:
    if kind not in ("government", "department"):
        return kind
    if region_level == "nation":
        return "central_department"
    tier = GOVERNMENTS.get(region_level) or next((tier for pattern, tier in WORDS if pattern.search(organ)), "")
    return f"{tier}_{kind}" if tier else "unknown"


def scope(rank: Rank, prose: str) -> tuple[str, str]:
    """For whom the organ reports, and what is at odds or missing when that is not plain: the title's word against the ``prose``'s.

    A government sums up its area and says so, or keeps silent; one that speaks of 本机关 and of no summing up is unclear. A zone's
    committee reports for itself or for its zone, only a summing up tells. A department that writes 汇总 in its own report is its own,
    unless it says whose reports it sums up: then it reports for the government, whatever its name (Regulations, articles 49 and 50).
    """
    summed = SUMMED.search(prose) if any(word in prose for word in SUMMING) else None
    if rank.scope == "consolidated":
        own = OWN_BODY.search(prose)
        if own and not summed and not AREA.search(prose):
            return "unclear", f"a government's report sums up its area, the text says {_around(prose, own)}"
        return "consolidated", ""
    if rank.scope == "unclear":
        return ("consolidated", "") if summed else ("unclear", "no sentence says for whom it reports, for itself or for its area")
    if rank.scope == "own" and summed and (below := BELOW.search(_around(prose, summed))):
        return "unclear", f"the organ's name says its own report, the text sums up those of {below[0]}: {_around(prose, summed)}"
    return rank.scope, ""


def _around(prose: str, found: re.Match[str]) -> str:
    """The sentence that ``found`` stands in."""
    start = max(prose.rfind(sign, 0, found.start()) for sign in "。\n") + 1
    ends = [end for sign in "。\n" if (end := prose.find(sign, found.end())) >= 0]
    return prose[start : min(ends, default=len(prose))].strip()


def expanded(organ: str, rest: str, region_level: str) -> str:
    """The organ's name when the title gives a place only: 漯河市 -> 漯河市人民政府, 易家街道 -> 易家街道办事处."""
    if not rest and region_level:
        return organ + "人民政府"
    if re.search(r"(?:镇|乡|苏木)$", rest):
        return organ + "人民政府"
    return organ + "办事处" if rest.endswith("街道") else organ


def organ_id(organ: str, rest: str, region_code: str, gazetteer: Gazetteer) -> str:
    """``411202-`` and 8 hex digits: one key for 湖滨区政府办 and 三门峡市湖滨区人民政府办公室, whatever codes came later for the place.

    The six digits are the newest code of the same body (:meth:`Gazetteer.lineage`), ``000000`` when the place is not known.
    """
    code = gazetteer.lineage(region_code) if region_code else "000000"
    return f"{code}-{name_key((OF_PLACE.sub('', rest) or rest) if region_code else organ)}"


def name_key(name: str) -> str:
    """The part of an organ's id that is its name's, the place left out: 8 hex digits."""
    return hashlib.sha256(normalised(name).encode()).hexdigest()[:8]


def normalised(name: str) -> str:
    """``name`` with the words that are written in several ways in one way (``organ_words.csv``)."""
    folded = re.sub(r"\s|[()（）]", "", unicodedata.normalize("NFKC", name)).replace("人民政府", "政府")
    for written, kept in _words():
        folded = folded.replace(written, kept)
    folded = re.sub(r"(?<=[镇乡])政府$", "", folded)
    return folded or "政府"


@lru_cache(maxsize=1)
def _rules() -> list[tuple[str, str, re.Pattern[str]]]:
    return [(level, scope, re.compile(pattern)) for level, scope, pattern, _ in _table("organs.csv")]


@lru_cache(maxsize=1)
def _words() -> list[tuple[str, str]]:
    return [(written, kept) for written, kept in _table("organ_words.csv")]


def _table(name: str) -> Iterable[list[str]]:
    return list(csv.reader(files("harvester.data").joinpath(name).read_text("utf-8").splitlines()))[1:]
