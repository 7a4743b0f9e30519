"""Names and codes of places as of a report year."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from harvester.divisions import contains, stem
from harvester.errors import RegistryError
from harvester.regions import Gazetteer, default


@pytest.fixture(scope="module")
def places() -> Gazetteer:
    return default()


def codes(places: Gazetteer, name: str, year: int | None = None, within: str = "") -> list[str]:
    return [region.code for region in places.lookup(name, year, within)]


@pytest.mark.parametrize(("year", "code"), [(2012, "410381"), (2020, "410381"), (2021, "410307"), (2025, "410307"), (None, "410307")])
def test_a_county_that_became_a_district(places: Gazetteer, year: int | None, code: str) -> None:
    for name in ("偃师市", "偃师区"):
        assert codes(places, name, year) == [code]
    for known in ("410381", "410307"):
        assert places.at(known, year) == code
    assert [region.code for region in places.towns("府店镇", year)] == [code]


def test_dates_are_those_of_the_lists(places: Gazetteer) -> None:
    city, district = (next(region for region in places.regions if region.code == code) for code in ("410381", "410307"))
    assert (city.valid_to, district.valid_from, district.valid_to) == ("2020-06-30", "2021-10-31", "")


@pytest.mark.parametrize(
    ("name", "year", "code"),
    [
        ("许昌县", 2015, "411023"),
        ("建安区", 2016, "411003"),
        ("密云县", 2014, "110228"),
        ("密云区", 2015, "110118"),
        ("富阳区", 2014, "330111"),
        ("陕州区", 2015, "411203"),
        ("那曲市", 2017, "540600"),
        ("莱芜区", 2018, "370116"),
        ("海门区", 2020, "320614"),
        ("孟津区", 2020, "410322"),
    ],
)
def test_what_changed_between_a_list_and_its_years_end(places: Gazetteer, name: str, year: int, code: str) -> None:
    assert codes(places, name, year) == [code]


def test_short_forms(places: Gazetteer) -> None:
    assert codes(places, "漯河") == codes(places, "漯河市") == ["411100"]
    assert codes(places, "恩施州") == ["422800"]
    assert codes(places, "景宁县") == ["331127"]
    assert codes(places, "内蒙古") == ["150000"]
    assert stem("积石山保安族东乡族撒拉族自治县") == "积石山"
    assert stem("滑县") == "滑县"


def test_a_name_of_many_places_is_not_guessed(places: Gazetteer) -> None:
    assert len(codes(places, "鼓楼区", 2021)) == 4
    assert codes(places, "鼓楼区", 2021, within="410200") == ["410204"]
    assert codes(places, "鼓楼区", 2021, within="410204") == ["410204"]
    assert codes(places, "鼓楼区", 2021, within="410100") == ["410204"], "the only one of the province"
    assert len(codes(places, "鼓楼区", 2021, within="440100")) == 4
    assert len(places.towns("城关镇", 2021)) > 50


@pytest.mark.parametrize(
    ("name", "code", "rest"),
    [
        ("三门峡市湖滨区人民政府办公室", "411202", "人民政府办公室"),
        ("驻马店市城乡一体化示范区管委会", "411700", "城乡一体化示范区管委会"),
        ("国家税务总局漯河市税务局", "411100", "税务局"),
        ("中华人民共和国湛江海关", "440800", "海关"),
        ("国家金融监督管理总局漯河监管分局", "411100", "监管分局"),
        ("朝阳市场监督管理局", "211300", "市场监督管理局"),
        ("朝阳市市场监督管理局", "211300", "市场监督管理局"),
        ("北京市朝阳区人民政府", "110105", "人民政府"),
        ("哈尔滨市道里区残联", "230102", "残联"),
        ("襄樊市人民政府", "420600", "人民政府"),
        ("上海市浦东新区人民政府", "310115", "人民政府"),
        ("济源市人民政府", "419001", "人民政府"),
        ("东莞市虎门镇人民政府", "441900", "虎门镇人民政府"),
        ("南京市镇江路小区管理处", "320100", "镇江路小区管理处"),
        ("中山市东区街道办事处", "442000", "东区街道办事处"),
        ("河南博物院", "410000", "博物院"),
    ],
)
def test_the_place_in_an_organs_name(places: Gazetteer, name: str, code: str, rest: str) -> None:
    mention = places.mentioned(name, 2021)
    assert ([region.code for region in mention.regions], mention.rest) == ([code], rest)


@pytest.mark.parametrize("name", ["公安局", "市中小企业局", "和平与发展研究中心", "财政部", "市教育局", "东区街道办事处", "长安镇", ""])
def test_everyday_words_are_no_places(places: Gazetteer, name: str) -> None:
    assert places.mentioned(name, 2021) == ([], name)


def test_a_countys_short_form_counts_at_home_only(places: Gazetteer) -> None:
    assert places.mentioned("和平产业园区管委会", 2021).regions == []
    assert [region.code for region in places.mentioned("和平产业园区管委会", 2021, within="441600").regions] == ["441624"]


def test_a_split_and_a_merger(places: Gazetteer) -> None:
    assert places.at("330113", 2019) == "330110", "临平 was part of 余杭"
    assert places.at("310230", 2020) == "310151", "崇明县 became 崇明区"
    assert places.at("110103", 2015) == "110101", "崇文 was merged into 东城"
    assert places.at("999999", 2015) == "999999"
    assert places.lineage("410381") == "410307"
    assert places.lineage("110103") == "110103", "a merged district stays a body of its own"
    assert places.lineage("330104") == "330104"


def test_tree(places: Gazetteer) -> None:
    assert (places.parent("411202"), places.province("411202"), places.parent("419001")) == ("411200", "410000", "410000")
    assert places.parent("110105") == "110000"
    assert places.parent("410000") == ""
    assert contains("410000", "411202")
    assert contains("411200", "411202")
    assert contains("100000", "411202")
    assert not contains("411100", "411202")
    assert not contains("", "411202")
    listed = {region.code for region in places.regions}
    assert all(region.parent in listed for region in places.regions if region.parent)


def test_every_code_stands_in_the_newest_list_or_has_ended(places: Gazetteer) -> None:
    assert sum(1 for region in places.regions if region.level == "province") == 31
    assert 330 <= sum(1 for region in places.regions if region.level == "prefecture" and not region.valid_to) <= 340
    for year in range(2008, 2026):
        assert 2800 <= sum(1 for region in places.regions if region.level == "county" and places._valid(region, year)) <= 2900


def test_extra_regions(tmp_path: Path) -> None:
    file = tmp_path / "regions.csv"
    file.write_text(
        "code,name,level,parent,valid_from,valid_to,source\n990100,青岚市,prefecture,990000,2000-01-01,,here\n"
        "990103,石桥区,county,990100,2021-06-01,,here\n990122,石桥县,county,990100,2000-01-01,2021-05-31,here\n",
        "utf-8",
    )
    places = Gazetteer([file])
    assert codes(places, "石桥区", 2021) == codes(places, "石桥县", 2021) == ["990103"]
    assert codes(places, "石桥区", 2020) == codes(places, "石桥县", 2020) == ["990122"]
    assert (places.at("990103", 2019), places.lineage("990122")) == ("990122", "990103")
    assert codes(places, "青岚") == ["990100"]


@pytest.mark.parametrize("line", ["99,青岚市,prefecture,,,,", "990100,,prefecture,,,,", "990100,青岚市,city,,,,", ""])
def test_a_bad_extra_file_names_its_line(tmp_path: Path, line: str) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(f"code,name,level,parent,valid_from,valid_to,source\n990000,示例省,province,,,,\n{line}\nx\n", "utf-8")
    with pytest.raises(RegistryError, match=r"mine\.csv:[34]: "):
        Gazetteer([file])


def test_a_missing_extra_file() -> None:
    with pytest.raises(RegistryError, match="cannot be read"):
        Gazetteer(["no-such-folder/regions.csv"])


def test_lookups_are_cheap(places: Gazetteer) -> None:
    places.towns("府店镇")
    started = time.perf_counter()
    for _ in range(200):
        places.mentioned("国家发展和改革委员会价格监督检查与反垄断局", 2021)
    assert (time.perf_counter() - started) / 200 < 0.001
