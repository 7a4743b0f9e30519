"""The registry of portals: read strictly, every slip named by file, line and mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from harvester import registry
from harvester.errors import RegistryError
from spiders import families

HEADER = "portal_id,name,region_code,list_url,family,min_reports,note"
GOOD = "henan,河南省,410000,https://www.henan.gov.cn/zwgk/zfxxgk/zfxxgknb/,,30,one"


def written(tmp_path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "portals.csv"
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def test_a_line_is_a_portal(tmp_path: Path) -> None:
    (portal,) = registry.read(written(tmp_path, HEADER, GOOD))
    assert portal == registry.Portal("henan", "河南省", "410000", "https://www.henan.gov.cn/zwgk/zfxxgk/zfxxgknb/", "", 30, "one")


def test_evidence_columns_may_follow_and_columns_may_change_places(tmp_path: Path) -> None:
    path = written(
        tmp_path, "note,portal_id,name,region_code,list_url,family,min_reports,seen_in,seen_on", '"a, b",x,,,,,,somewhere,2026-07-22'
    )
    (portal,) = registry.read(path)
    assert (portal.portal_id, portal.note, portal.seen_on, portal.min_reports, portal.list_url) == ("x", "a, b", "2026-07-22", None, "")


def test_spreadsheets_write_a_byte_order_mark_and_blank_lines(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER, "", GOOD, ",,,,,,", "", encoding="utf-8-sig")
    assert [portal.portal_id for portal in registry.read(path)] == ["henan"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("henan,河南省,410000,https://www.henan.gov.cn/", "4 columns where the header has 7"),
        ("hunan,湖南省,430000,www.hunan.gov.cn/list,,,", "list_url 'www.hunan.gov.cn/list'"),
        ("hunan,湖南省,430000,ftp://www.hunan.gov.cn/list,,,", "list_url"),
        ("hunan,湖南省,430000,http://www.hunan.gov.cn:port/,,,", "list_url"),
        ("hunan,湖南省,430000,http://www.hunan.gov.cn/a b,,,", "list_url"),
        ("hunan,湖南省,43,http://www.hunan.gov.cn/,,,", "region_code '43'"),
        ("hunan,湖南省,４３００００,http://www.hunan.gov.cn/,,,", "region_code"),
        ("hunan,湖南省,430000,http://www.hunan.gov.cn/,frontpage98,,", "family 'frontpage98' is not known"),
        ("hunan,湖南省,430000,http://www.hunan.gov.cn/,,many,", "min_reports 'many'"),
        ("hunan,湖南省,430000,http://www.hunan.gov.cn/,,-1,", "min_reports"),
        (",湖南省,430000,http://www.hunan.gov.cn/,,,", "portal_id ''"),
        ("湖南,湖南省,430000,http://www.hunan.gov.cn/,,,", "portal_id '湖南'"),
        ("henan,河南省,410000,,,,", "'henan' stands above already"),
        ('hunan,"湖南省,430000,http://www.hunan.gov.cn/,,,', "double quote"),
    ],
)
def test_a_slip_is_named_by_its_line(tmp_path: Path, line: str, said: str) -> None:
    path = written(tmp_path, HEADER, GOOD, line, "last,,,,,,")
    with pytest.raises(RegistryError) as error:
        registry.read(path, families.names())
    assert str(error.value).startswith(f"{path}:3: ")
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_a_field_over_several_lines_does_not_shift_the_count(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER, 'one,,,,,,"a note', 'on two lines"', "two,,bad,,,,")
    with pytest.raises(RegistryError, match=r"portals\.csv:4: region_code"):
        registry.read(path)


@pytest.mark.parametrize("header", ["portal_id,name", HEADER + ",colour", HEADER + ",note", ""])
def test_a_wrong_header_is_line_one(tmp_path: Path, header: str) -> None:
    with pytest.raises(RegistryError, match=r":1: the header must be portal_id,name"):
        registry.read(written(tmp_path, header))


def test_bytes_that_are_not_utf_8_are_named_by_their_line(tmp_path: Path) -> None:
    path = tmp_path / "portals.csv"
    path.write_bytes(f"{HEADER}\n{GOOD}\n".encode() + "hunan,湖南省,,,,,".encode("gb18030"))
    with pytest.raises(RegistryError, match=r":3: not UTF-8"):
        registry.read(path)


def test_no_file_and_no_portal_are_errors_too(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="--portals"):
        registry.read(tmp_path / "absent.csv")
    with pytest.raises(RegistryError, match=":2: no portal"):
        registry.read(written(tmp_path, HEADER))


def test_the_packaged_registry_is_sound() -> None:
    portals = registry.read(None, families.names())
    assert len(portals) > 100
    known = [portal for portal in portals if portal.list_url]
    assert len(known) > 40
    assert all(portal.seen_in for portal in portals)
    assert len({portal.list_url for portal in known}) == len(known)
