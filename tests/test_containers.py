"""Archives: the documents in zip, rar, 7z and gzip, whatever their names, depth or intent; nothing is written anywhere."""

from __future__ import annotations

import builtins
import gzip
import io
import json
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from rar import LOCKED, locked, rar4, rar5, zipped

from benchmarks.documents.content import html, make
from harvester import reading
from harvester.cli import cli
from harvester.errors import NotSupported, Unreadable
from harvester.readers import archive, bounds, read

CONTENT = make("packed", "national_2021")
PAGE = html(CONTENT).encode()
NAME = "2021年年度报告.html"


def zip_of(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in members.items():
            made.writestr(name, body)
    return stream.getvalue()


def seven_zip(members: dict[str, bytes]) -> bytes:
    libarchive = pytest.importorskip("libarchive", reason="7z files are written by libarchive: apt-get install libarchive13")
    parts: list[bytes] = []
    with libarchive.custom_writer(lambda part: parts.append(bytes(part)) or len(part), "7zip") as made:
        for name, body in members.items():
            made.add_file_from_memory(name, len(body), body)
    return b"".join(parts)


MADE = {
    "zip, names in UTF-8": lambda: zip_of({NAME: PAGE}),
    "zip, names in GBK": lambda: zipped({NAME.encode("gbk"): PAGE}),
    "zip, names in UTF-8 unmarked": lambda: zipped({NAME.encode(): PAGE}),
    "rar 4, names in GBK": lambda: rar4({NAME.encode("gbk"): PAGE}),
    "rar 5": lambda: rar5({NAME: PAGE}),
    "7z": lambda: seven_zip({NAME: PAGE}),
}


def needs_libarchive(name: str) -> None:
    if not name.startswith("zip"):
        pytest.importorskip("libarchive", reason="the extra archives is not installed")


@pytest.mark.parametrize("kind", MADE)
def test_members_have_their_names_and_bytes(kind: str) -> None:
    needs_libarchive(kind)
    assert archive.members(MADE[kind]()) == [archive.Member(NAME, PAGE)]


@pytest.mark.parametrize("kind", MADE)
def test_what_an_archive_holds_is_told_to_who_does_not_open_it(kind: str) -> None:
    needs_libarchive(kind)
    with pytest.raises(Unreadable, match=f"an archive with 1 documents: {NAME}"):
        read(MADE[kind]())


def test_a_gzipped_file_is_one_member_with_the_name_it_had() -> None:
    stream = io.BytesIO()
    with gzip.GzipFile(NAME, "wb", fileobj=stream) as made:
        made.write(PAGE)
    assert [member.body for member in archive.members(stream.getvalue())] == [PAGE]
    assert archive.members(gzip.compress(PAGE)) == [archive.Member("gzipped", PAGE)]


def test_companions_and_pictures_beside_documents_are_left_out() -> None:
    packed = {
        "年报/": b"",
        "年报/报告.htm": PAGE,
        "年报/报告.files/image001.png": b"\x89PNG\r\n",
        "年报/图.JPG": b"\xff\xd8\xff",
        "__MACOSX/年报/._报告.htm": b"x",
        "~$报告.doc": b"x",
        "setup.exe": b"MZ",
        "Thumbs.db": b"x",
    }
    assert [member.name for member in archive.members(zip_of(packed))] == ["年报/报告.htm"]


def test_pictures_alone_may_be_the_report() -> None:
    assert [member.name for member in archive.members(zip_of({"1.jpg": b"\xff\xd8\xff", "2.png": b"\x89PNG\r\n"}))] == ["1.jpg", "2.png"]


def test_an_archive_in_an_archive_is_opened_and_one_in_that_is_not() -> None:
    inner = zip_of({"报告.html": PAGE})
    assert [member.name for member in archive.members(zip_of({"内.zip": inner}))] == ["内.zip#报告.html"]
    deep = archive.members(zip_of({"外.zip": zip_of({"内.zip": inner})}))
    assert [(member.name, member.body, bool(member.problem)) for member in deep] == [("外.zip#内.zip", b"", True)]


def test_names_that_lead_out_of_a_folder_are_only_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    packed = zipped({b"../../etc/passwd.html": PAGE, b"/tmp/harvest\x1b[2J.html": PAGE, b"C:\\windows\\report.html": PAGE})
    assert [member.name for member in archive.members(packed)] == ["etc/passwd.html", "tmp/harvest[2J.html", "C:/windows/report.html"]
    assert list(tmp_path.iterdir()) == []


def test_encrypted_members_say_so() -> None:
    (member,) = archive.members(locked(zip_of({NAME: PAGE})))
    assert (member.name, member.body) == (NAME, b"") and "password" in member.problem


def test_an_encrypted_rar_says_so() -> None:
    pytest.importorskip("libarchive", reason="the extra archives is not installed")
    (member,) = archive.members(rar4({b"report.html": PAGE}, LOCKED))
    assert member.body == b"" and "password" in member.problem


@pytest.mark.parametrize("kind", MADE)
def test_a_truncated_archive_is_told_in_one_line(kind: str) -> None:
    needs_libarchive(kind)
    whole = MADE[kind]()
    for share in (0.2, 0.5, 0.9, 0.99):
        cut = whole[: int(len(whole) * share)]
        try:
            found = archive.members(cut)
        except Unreadable as error:
            assert "\n" not in str(error)
        else:
            assert all(member.problem or member.body == PAGE for member in found)


def test_a_bomb_is_not_inflated() -> None:
    bomb = zip_of({f"{number}.html": bytes(bounds.MAX_BYTES + 1) for number in range(6)})
    begin = time.perf_counter()
    found = archive.members(bomb)
    assert time.perf_counter() - begin < 5
    assert all(not member.body and "too large" in member.problem for member in found)


def test_a_gzipped_bomb_is_not_inflated() -> None:
    (member,) = archive.members(gzip.compress(bytes(3 * bounds.MAX_BYTES)))
    assert not member.body and "too large" in member.problem


def test_an_archive_with_too_many_members_is_none_of_reports() -> None:
    with pytest.raises(Unreadable, match="too large"):
        archive.members(zip_of({f"{number}.txt": b"x" for number in range(archive.MAX_MEMBERS + 1)}))


def test_a_list_of_members_without_end_is_not_read() -> None:
    body = bytearray(zip_of({"a.html": PAGE}))
    end = body.rfind(b"PK\x05\x06")
    body[end + 12 : end + 16] = (archive.MAX_DIRECTORY + 1).to_bytes(4, "little")
    with pytest.raises(Unreadable):
        archive.members(bytes(body))


@pytest.mark.parametrize(
    ("raised", "told"), [(ImportError("none"), r"harvester\[archives\]"), (AttributeError("no such symbol"), "libarchive13")]
)
def test_what_is_missing_is_named(raised: Exception, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    known = builtins.__import__

    def importing(name: str, *rest: Any, **more: Any) -> Any:
        if name == "libarchive":
            raise raised
        return known(name, *rest, **more)

    monkeypatch.delitem(sys.modules, "libarchive", raising=False)
    monkeypatch.setattr(builtins, "__import__", importing)
    with pytest.raises(NotSupported, match=told):
        archive.members(rar5({"report.html": PAGE}))


def test_parse_prints_a_line_for_each_member(tmp_path: Path) -> None:
    packed = tmp_path / "年报.zip"
    packed.write_bytes(zipped({NAME.encode("gbk"): PAGE, "空.html".encode("gbk"): b""}))
    finished = CliRunner().invoke(cli, ["parse", str(packed)])
    report, empty = map(json.loads, finished.stdout.splitlines())
    assert (report["source"], report["kind"], report["year"]) == (f"{packed}#{NAME}", "report", 2021)
    assert report["figures"] == reading.as_json(reading.read_report(PAGE))["figures"]
    assert (empty["source"], empty["kind"]) == (f"{packed}#空.html", "unreadable")
    assert finished.stderr == f"harvester: {packed}#空.html: the file is empty\n"


def test_parse_tells_of_an_archive_that_cannot_be_opened_and_of_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "cut.zip").write_bytes(zip_of({NAME: PAGE})[:-40])
    (tmp_path / "empty.zip").write_bytes(zip_of({}))
    reasons = [report.reason for name in ("cut.zip", "empty.zip") for report in reading.read_members(tmp_path / name)]
    assert reasons[0] == "the zip file is truncated or damaged" and "none that can be read" in reasons[1]
