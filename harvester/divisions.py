"""The national lists of division codes as tables: provinces, prefectures and counties with the dates of the lists that have them."""

from __future__ import annotations

import csv
import re
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from harvester.errors import RegistryError

NATION = "100000"
NATIONALITIES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|"
    "布朗|撒拉|毛南|仡佬|锡伯|塔吉克|怒|鄂温克|保安|裕固|独龙|鄂伦春|普米|各"
)
UNIT = "特别行政区|自治区|自治州|自治县|自治旗|新区|地区|特区|林区|矿区|街道|省|市|区|县|盟|旗|州|镇|乡"
SUFFIX = re.compile(rf"(?<=..)(?:(?:{NATIONALITIES})族?)*(?:{UNIT})$")
COLUMNS = ("code", "name", "level", "parent", "valid_from", "valid_to", "source")


class Region(NamedTuple):
    """One code under one name. ``level`` is nation, province, prefecture or county; dates are ISO, an empty ``valid_to`` is today's."""

    code: str
    name: str
    level: str
    parent: str
    valid_from: str = ""
    valid_to: str = ""
    source: str = ""


def stem(name: str) -> str:
    """``name`` without its unit: 漯河市 -> 漯河, 恩施土家族苗族自治州 -> 恩施; names of two characters stay whole (滑县)."""
    return SUFFIX.sub("", name)


def contains(outer: str, inner: str) -> bool:
    """Whether the region with code ``outer`` is, or has in it, the region with code ``inner``."""
    width = 2 if outer.endswith("0000") else 4 if outer.endswith("00") else 6
    return outer == NATION or (bool(outer) and inner.startswith(outer[:width]))


def packaged(name: str) -> list[list[str]]:
    """Rows of a table of ``harvester/data``, without its header."""
    return list(csv.reader(files("harvester.data").joinpath(name).read_text("utf-8").splitlines()))[1:]


def listed() -> list[Region]:
    """The regions of the national lists, their dates mended by ``region_year_ends.csv``.

    The Bureau's lists are of June to October; what changed between such a list and the end of its year stands in the Ministry's list of
    31 December. Each line: this code, in place of that one, was in force at that year's end.
    """
    regions = [Region(*row) for row in packaged("regions.csv")]
    since = {new: day for _, new, day, _ in packaged("region_year_ends.csv")}
    until = {old: date.fromisoformat(day) - timedelta(days=1) for old, _, day, _ in packaged("region_year_ends.csv") if old}
    for place, region in enumerate(regions):
        if region.code in since and region.valid_from > since[region.code]:
            regions[place] = region._replace(valid_from=since[region.code])
        elif region.code in until and region.valid_to:
            regions[place] = region._replace(valid_to=until[region.code].isoformat())
    return regions


def extra(path: Path) -> list[Region]:
    """Regions of a file with the columns of ``regions.csv``. Raises :class:`RegistryError` with the file and the line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError) as error:
        raise RegistryError(f"{path}: cannot be read as a list of regions ({error}); give a UTF-8 CSV file") from error
    return [_region(path, number, row) for number, row in enumerate(rows, 2)]


def _region(path: Path, number: int, row: dict[str, str]) -> Region:
    region = Region(*((row.get(column) or "").strip() for column in COLUMNS))
    if not re.fullmatch(r"\d{6}", region.code) or not region.name or region.level not in ("province", "prefecture", "county"):
        raise RegistryError(f"{path}:{number}: not a region; give {','.join(COLUMNS)} with a code of six digits")
    return region
