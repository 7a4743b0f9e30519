"""Where a report is from: names of provinces, prefectures, counties and townships -> GB/T 2260 codes as at the end of a report year.

The tables come from the national lists (``docs/data/build_regions.py``): ``valid_from`` and ``valid_to`` are the dates of the first and the
last list that has a code under a name, not the days of the decrees; ``region_year_ends.csv`` adds what changed between a list and its
year's end. A code is valid for a report year when the last list up to 31 December of that year has it. Names that several places share
are handed back with all their places: nothing here guesses.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from harvester.divisions import NATION, Region, contains, extra, listed, packaged, stem

# Bodies of the state put their master's name in front of the place: 国家税务总局漯河市税务局, 中华人民共和国湛江海关.
MASTER = re.compile(r"(?:中共|中华人民共和国|国家[^省市县区]{2,12}?(?:总局|局)|中国[^省市县区]{2,10}?(?:委员会|银行|局))(?=..)")
# 朝阳市场监督管理局 is 朝阳's 市场监督管理局; 东区街道 and 长安镇 are townships, whatever district has that name.
TOWN = re.compile(r"街道|办事处|[镇乡](?=(?:人民)?政府|$)")
NO_PLACE = re.compile(rf"市场|.(?:{TOWN.pattern})")
LONGEST = 15  # 积石山保安族东乡族撒拉族自治县
NOT_SHORT = frozenset(["公安"])  # 公安县 is a county, 公安局 is in every county


class Mention(NamedTuple):
    """What a name says about places: ``regions`` it may mean (several: ambiguous), ``rest`` of the name behind the last of them."""

    regions: list[Region]
    rest: str


class Gazetteer:
    """The regions of the packaged lists and of ``extra_files`` (same columns as ``regions.csv``).

    Raises :class:`RegistryError` for an extra file that cannot be read as such a table.
    """

    def __init__(self, extra_files: Iterable[str | Path] = ()) -> None:
        self.regions = listed()
        self._lists = [row[0] for row in packaged("region_lists.csv")]
        self._by_code: dict[str, list[Region]] = defaultdict(list)
        self._by_name: dict[str, list[Region]] = defaultdict(list)
        self._by_short: dict[str, list[Region]] = defaultdict(list)
        self._became: dict[str, list[str]] = defaultdict(list)
        self._came_of: dict[str, list[str]] = defaultdict(list)
        self._merged: dict[str, int] = defaultdict(int)
        for region in self.regions:
            self._index(region)
        for old, new, _, kind, _ in packaged("region_changes.csv"):
            self._came_of[new].append(old)
            if kind == "became":
                self._became[old].append(new)
                self._merged[new] += 1
        for path in extra_files:
            self._add(extra(Path(path)))

    def _add(self, regions: list[Region]) -> None:
        """Takes in a file's regions; one that begins where a sibling of the same stem ends is the same place under a new code."""
        self.regions += regions
        for region in regions:
            self._index(region)
            for old in regions:
                if (
                    old.valid_to
                    and old.valid_to < region.valid_from
                    and old.parent == region.parent
                    and stem(old.name) == stem(region.name)
                ):
                    self._came_of[region.code].append(old.code)
                    self._became[old.code].append(region.code)
                    self._merged[region.code] += 1

    def _index(self, region: Region) -> None:
        self._by_code[region.code].append(region)
        if region.code == NATION:
            return
        self._by_name[region.name].append(region)
        short = stem(region.name)
        if short == region.name or short in NOT_SHORT:
            return
        self._by_short[short].append(region)
        if region.name.startswith("自治", len(region.name) - 3) and region.name[-1] != "区":
            self._by_short[short + region.name[-1]].append(region)  # 恩施州, 景宁县

    # ---- codes

    def get(self, code: str, year: int | None = None) -> Region | None:
        """The region under ``code`` as named at the end of ``year`` (today without); the last known name when it was not valid then."""
        known = self._by_code.get(code, [])
        return next((region for region in known if self._valid(region, year)), known[-1] if known else None)

    def at(self, code: str, year: int | None = None) -> str:
        """The code that ``code``'s place had at the end of ``year``; ``code`` itself when that is not one certain place or not known."""
        for following in (self._became, self._came_of):
            for found in self._follow(code, following):
                if self._is_valid(found, year):
                    return found
        return code

    def lineage(self, code: str) -> str:
        """The newest code of the same body: follows renumbering (偃师市 -> 偃师区), stops where bodies were merged."""
        found = code
        for later in self._follow(code, self._became):
            if self._merged[later] > 1 or any(region.valid_from < self._ended(found) for region in self._by_code[later] if later != found):
                break
            found = later
        return found

    def province(self, code: str) -> str:
        """Code of the province that ``code`` lies in."""
        return code[:2] + "0000" if code and code != NATION else ""

    def parent(self, code: str) -> str:
        """Code of the region that ``code`` lies in; empty for a province and for a code nobody lists."""
        region = self.get(code)
        return region.parent if region else ""

    def _follow(self, code: str, steps: dict[str, list[str]]) -> Iterator[str]:
        seen: list[str] = []
        while code not in seen:
            seen.append(code)
            yield code
            onward = steps.get(code, [])
            onward = onward if len(onward) < 2 else [other for other in onward if self._stem(other) == self._stem(code)]
            code = onward[0] if len(onward) == 1 else code

    def _stem(self, code: str) -> str:
        """孟津区 was made of 孟津县 and 吉利区: it is the county's heir."""
        return stem(self._by_code[code][-1].name) if code in self._by_code else code

    def _ended(self, code: str) -> str:
        return max((region.valid_to or "9999" for region in self._by_code[code]), default="")

    def _is_valid(self, code: str, year: int | None) -> bool:
        return any(self._valid(region, year) for region in self._by_code.get(code, ()))

    def _valid(self, region: Region, year: int | None) -> bool:
        """A ``valid_to`` that is no list's date is the day of a decree, and counts to the day."""
        if year is None:
            return not region.valid_to
        end, seen = self._year_end(year)
        return region.valid_from <= end and (not region.valid_to or region.valid_to >= (seen if region.valid_to in self._lists else end))

    def _year_end(self, year: int) -> tuple[str, str]:
        """The last day of ``year`` and the date of the list that holds for it (years before the first list: the first list's)."""
        end = max(f"{year}-12-31", self._lists[0])
        return end, next(day for day in reversed(self._lists) if day <= end)

    # ---- names

    def lookup(self, name: str, year: int | None = None, within: str = "") -> list[Region]:
        """Regions called ``name`` (漯河市 or 漯河) at the end of ``year``, those nearest to the code ``within`` when it tells them apart.

        A name that was out of use at that time is answered with the place's code of that time: 偃师区 for 2020 is 410381.
        """
        return self.nearest(self._current(self._by_name.get(name) or self._by_short.get(name, []), year), within)

    def mentioned(self, name: str, year: int | None = None, within: str = "") -> Mention:
        """The place in an organ's name (full names anywhere, short forms in front): 湖滨区教育局 -> 湖滨区, rest 教育局."""
        found: list[Region] = []
        master = MASTER.match(name)
        position = end = master.end() if master else 0
        while position < len(name) - 1:
            hit, length = self._longest(name, position, position == end, found, year, within)
            if hit:
                found, end = hit, position + length
            position += length if hit else 1
        return Mention(found, name[end:] if found else name)

    def _longest(
        self, name: str, start: int, in_front: bool, above: list[Region], year: int | None, within: str
    ) -> tuple[list[Region], int]:
        for length in range(min(LONGEST, len(name) - start), 1, -1):
            part = name[start : start + length]
            known = self._by_name.get(part)
            if known and NO_PLACE.match(name, start + length - 1):  # asked of the few parts that are a name
                known = None
            short = known is None and in_front
            if short and (known := self._by_short.get(part)) and TOWN.match(name, start + length):
                known = None
            if known and (hit := self._fitting(known, short, above, year, within)):
                return hit, length
        return [], 1

    def _fitting(self, known: list[Region], short: bool, above: list[Region], year: int | None, within: str) -> list[Region]:
        hit = self._current(known, year)
        if above:
            return [region for region in hit if any(outer.code != region.code and contains(outer.code, region.code) for outer in above)]
        hit = self.nearest(hit, within)
        return _without_everyday_words(hit, within) if short else hit

    def towns(self, name: str, year: int | None = None, within: str = "") -> list[Region]:
        """Counties that have a township, street or zone called ``name`` at the end of ``year``, those nearest to ``within``."""
        rows = self._towns.get(name, [])
        day = max(self._year_end(year if year is not None else 9999)[1], self._first_town_list)
        valid = [code for code, begin, end in rows if begin <= day and (not end or end >= day)]
        codes = dict.fromkeys(self.at(code, year) for code in (valid or [code for code, _, _ in rows]))
        return self.nearest([region for code in codes if (region := self.get(code, year))], within)

    def nearest(self, regions: Sequence[Region], within: str) -> list[Region]:
        """Those of ``regions`` that are closest to ``within``: it itself, inside it, around it, in its prefecture, in its province."""
        if not within or len(regions) < 2:
            return list(regions)
        tests = (
            lambda code: code == within,
            lambda code: contains(within, code),
            lambda code: contains(code, within),
            lambda code: code[:4] == within[:4],
            lambda code: code[:2] == within[:2],
        )
        return next((near for test in tests if (near := [region for region in regions if test(region.code)])), list(regions))

    def _current(self, known: list[Region], year: int | None) -> list[Region]:
        valid = [region for region in known if self._valid(region, year)]
        if valid or not known:
            return valid
        codes = dict.fromkeys(self.at(region.code, year) for region in known)
        return [region for code in codes if (region := self.get(code, year))]

    @cached_property
    def _towns(self) -> dict[str, list[tuple[str, str, str]]]:
        towns: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        for code, name, begin, end in packaged("townships.csv"):
            towns[name].append((code, begin, end))
        return dict(towns)

    @cached_property
    def _first_town_list(self) -> str:
        return min((end for rows in self._towns.values() for _, _, end in rows if end), default="")


@lru_cache(maxsize=8)
def default(extra_files: tuple[str, ...] = ()) -> Gazetteer:
    """The shared gazetteer with these extra files, built once a process."""
    return Gazetteer(extra_files)


def _without_everyday_words(hit: list[Region], within: str) -> list[Region]:
    """Short forms less everyday words: districts (市中), counties (和平) away from home, 河南县 beside 河南省, 朝阳县 in 朝阳市."""
    if province := [region for region in hit if region.level == "province"]:
        return province + [region for region in hit if region.level == "prefecture" and "自治" not in region.name]
    cities = [region.code for region in hit if region.level == "prefecture"]
    return [region for region in hit if region.level != "county" or _stands_alone(region, within, cities)]


def _stands_alone(county: Region, within: str, cities: list[str]) -> bool:
    at_home = county.name[-1] == "市" or contains(within, county.code)
    return county.name[-1] != "区" and at_home and not any(contains(city, county.code) for city in cities)
