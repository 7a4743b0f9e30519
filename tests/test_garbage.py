"""Bytes that are no report, or are made to break a reader: a verdict in bounded time and memory, never a traceback."""

from __future__ import annotations

import gzip
import io
import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT, Command

from benchmarks.documents import sheets, word
from harvester import readers
from harvester.errors import Unreadable
from harvester.readers import bounds
from storage import warcs
from tests import forms_html as html

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="measures memory as Linux tells it")

MB = 1_000_000
SECONDS, SECONDS_LARGE = 2.0, 10.0  # what docs/reading.md promises, below 10 MB and above; of the processor, which others may share
SLACK = 2  # in a quick test: the processor of whoever runs it may be half as fast; the proof has none
MEGABYTES = 1_000

Bytes = Callable[[], bytes]


def report(garbage: bytes, before: bytes = b"") -> bytes:
    """A true report with ``garbage`` behind its tables, so that every step of the reading meets it."""
    head, tail = html.page("national_2021", lambda *place: "0").split("<p>五、")
    return before + head.encode() + garbage + f"<p>五、{tail}".encode()


def table(inner: str) -> bytes:
    return report(f"<table>{inner}</table>".encode())


def sized(piece: str, size: int) -> bytes:
    return (piece.encode() * (size // len(piece.encode()) + 1))[:size]


LABEL = "一、本年新收政府信息公开申请数量"
QUICK: dict[str, Bytes] = {
    "nothing": lambda: b"",
    "random bytes": lambda: random.Random(1).randbytes(2 * MB),
    "random bytes in a report": lambda: report(random.Random(2).randbytes(MB)),
    "null bytes": lambda: b"\0" * MB,
    "null bytes in a report": lambda: report(b"<p>a\0b</p>" * 1000).replace(b"2021", b"20\x0021"),
    "UTF-16 without a mark": lambda: report(b"").decode().encode("utf-16-le"),
    "text in UTF-16 without a mark": lambda: f"政府信息公开工作年度报告\n{LABEL}\t1\n".encode("utf-16-be") * 500,
    "gzip cut short": lambda: gzip.compress(report(b""))[:90],
    "tables in tables": lambda: report(b"<table><tr><td>" * 10_000 + b"x" + b"</td></tr></table>" * 10_000),
    "divisions in divisions": lambda: report(b"<div>" * 200_000),
    "divisions in divisions, closed": lambda: report(b"<div>" * 100_000 + b"</div>" * 100_000),
    "lists in lists": lambda: report(b"<ul><li>" * 50_000),
    "containers in containers": lambda: report(b'<div class="TRS_Editor">' * 9_000),
    "fonts in fonts": lambda: report(b"<p><b><i><font>" * 50_000),
    "deep, but not too deep": lambda: report(b"<div>" * 4_900 + b"<p>" * 100_000),
    "cells that span 99999 by 99999": lambda: table("<tr>" + "<td rowspan=99999 colspan=99999>1</td>" * 50 + "</tr>"),
    "rows of cells that span": lambda: table("<tr><td rowspan=99999 colspan=99999>1</td></tr>" * 2_000),
    "spans that are no numbers": lambda: table('<tr><td rowspan="１２" colspan="-1">1</td><td colspan="9e9">2</td></tr>' * 200),
    "10,000 columns": lambda: table("<tr>" + "<td>1</td>" * 10_000 + "</tr><tr><td>2</td></tr>"),
    "a row of the form with 10,000 columns": lambda: table(f"<tr><td>{LABEL}</td>" + "<td>1</td>" * 10_000 + "</tr>"),
    "100,000 rows": lambda: table("<tr><td>1</td><td>2</td></tr>" * 100_000),
    "100,000 rows of the form": lambda: table(f"<tr><td>{LABEL}</td><td>2</td></tr>" * 100_000),
    "200 tables whose rows may be read in many ways": lambda: report(
        f"<table><tr><td>{LABEL}</td><td>{'1' * 21}</td></tr><tr><td>（七）总计</td>{'<td>0</td><td></td>' * 5}</tr></table>".encode() * 200
    ),
    "20,000 tables": lambda: report(b"<table><tr><td>a</td><td>1</td></tr></table>" * 20_000),
    "300,000 spans in a cell": lambda: table("<tr><td>a</td><td>" + "<span>1</span>" * 300_000 + "</td></tr>"),
    "100,000 attributes": lambda: report(b"<div " + b" ".join(b"a%d=1" % number for number in range(100_000)) + b">x</div>"),
    "a picture of 5 MB in an attribute": lambda: report(b'<img src="data:image/png;base64,' + (b"A" * 76 + b"\n") * 65_000 + b'">'),
    "a cell of 3 million digits": lambda: table(f"<tr><td>{LABEL}</td>" + f"<td>{'9' * 3 * MB}</td>" + "<td>0</td>" * 6 + "</tr>"),
    "a line of 5 million digits": lambda: b"1234567890" * 500_000,
    "a title of digits": lambda: f"<html><h1>{'2' * 300_000}年政府信息公开工作年度报告</h1><p>{'1' * 300_000}".encode(),
    "a long title": lambda: ("<title>" + "2021年政府信息公开工作年度报告" * 20_000 + "</title><h1>" + "省市县" * 50_000).encode(),
    "brackets": lambda: report(b"<p>" + b"(" * MB + b"</p>" + "（".encode() * 300_000),
    "numerals": lambda: report("<p>{0}</p><table><tr><td>{0}</td><td>1</td></tr></table>".format("一、" * 100_000).encode()),
    "numerals as text": lambda: "一、".encode() * 300_000,
    "years": lambda: report("2021年".encode() * 200_000),
    "dates": lambda: report(b"<p>" + "发布时间：".encode() * 100_000 + ("时间 " + " " * 1000).encode() * 1000),
    "spaces": lambda: report(b"<p>" + b" " * 5 * MB + "\u00a0".encode() * MB),
    "no width": lambda: report("\u200b\u202e".encode() * 300_000),
    "tabs": lambda: b"x" + b"\t" * 5 * MB,
    "lines of the form": lambda: f"{LABEL}\t1\n".encode() * 100_000,
    "stars": lambda: b"**" * MB + b"\n" + b"**a" * 200_000,
    "heading marks": lambda: b"#" * MB + b"\n" + b"# " * 100_000,
    "less-than signs": lambda: report(b"<" * 900_000),
    "comments, character data, references": lambda: report(
        b"<!--" * 100_000 + b"<![CDATA[" * 100_000 + b"&#" * 300_000 + b"&amp;" * 300_000
    ),
    "characters that do not exist": lambda: report(b"<p>&#xD800;&#x110000;&#0;</p>" * 1000),
    "100,000 meta tags": lambda: report(b"", b"<html><head>" + b'<meta name="a" content="b">' * 100_000),
    "100,000 sections": lambda: report("<p>一、总体情况</p>".encode() * 100_000),
    "100,000 links": lambda: report(b"<div>" + b"<a href=x>abc</a>" * 100_000 + b"</div>"),
}
DOCX = word.docx
MHT = b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n"
QUICK |= {
    "a docx that inflates to 50 MB": lambda: DOCX("", parts={"word/document.xml": b" " * 50 * MB}),
    "a docx of 30 MB of text": lambda: DOCX(f"<w:p><w:r><w:t>{'好' * 1000}</w:t></w:r></w:p>" * 10_000),
    "a docx of 100,000 paragraphs": lambda: DOCX("<w:p><w:r>1</w:r></w:p>" * 100_000),
    "a docx of fields in fields": lambda: DOCX('<w:p><w:fldChar w:fldCharType="begin"/>' * 200 + "</w:p>" * 200 + "<w:p/>" * 100_000),
    "a docx of tables in tables": lambda: DOCX("<w:tbl><w:tr><w:tc>" * 80 + "</w:tc></w:tr></w:tbl>" * 80),
    "a docx of text boxes": lambda: DOCX(f"<w:p>{'<w:txbxContent><w:p/></w:txbxContent>' * 100_000}</w:p>"),
    "a zip of 30,000 files": lambda: word.package({f"word/{number}": "" for number in range(30_000)}),
    "a sheet with a cell in the last corner": lambda: sheets.xlsx(
        '<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    ),
    "a sheet formatted to its last row": lambda: sheets.xlsx("".join(f'<row r="{row}" s="1"/>' for row in range(1, 1_048_577))),
    "a sheet of 100,000 cells": lambda: sheets.xlsx("<sheetData>" + f"<row>{'<c><v>1</v></c>' * 100}</row>" * 1000 + "</sheetData>"),
    "a sheet of 60,000 rows": lambda: sheets.xlsx("<sheetData>" + "<row><c><v>1</v></c><c><v>2</v></c></row>" * 40_000 + "</sheetData>"),
    "a web page in one file, of 100,000 parts": lambda: MHT + b"--b\nContent-Type: text/html\n\n" * 99_000,
    "a web page in one file within another": lambda: b"".join(MHT.replace(b"=b", b"=b%d" % n) + b"--b%d\n" % n for n in range(2000)),
}
LARGE: dict[str, Bytes] = {
    "100 MB of zeros": lambda: b"\0" * 100 * MB,
    "100 MB of <td>": lambda: sized("<td>", 100 * MB),
    "100 MB of text": lambda: sized(f"{LABEL}。\n", 100 * MB),
    "100 MB of digits in one line": lambda: sized("1234567890", 100 * MB),
    "an attribute of 50 MB": lambda: report(b'<div style="' + b"x" * 50 * MB + b'">x</div>'),
    "31 MB of <td> in a table": lambda: table("<tr>" + "<td>" * (31 * MB // 4)),
    "31 MB of <td>": lambda: sized("<td>", 31 * MB),
    "31 MB of text": lambda: sized(f"{LABEL}。\n", 31 * MB),
    "31 MB of digits in one line": lambda: sized("1234567890", 31 * MB),
    "31 MB of tabs": lambda: b"x" + b"\t" * 31 * MB,
    "31 MB of pipes": lambda: sized("| 1 ", 31 * MB),
    "31 MB of lines of the form": lambda: sized(f"{LABEL}\t1\n", 31 * MB),
    "31 MB of text in a report": lambda: report(sized("二○二一年，", 31 * MB)),
    "an attribute of 30 MB": lambda: report(b'<div style="' + b"x" * 30 * MB + b'">x</div>'),
    "a million tags": lambda: table("<tr>" + "<td>1" * 990_000),
    "400,000 spanning cells": lambda: table(("<tr>" + "<td rowspan=9999>1</td>" * 200 + "</tr>") * 2_000),
    "700,000 paragraphs": lambda: report(b"<p>a" * 700_000),
}
# The peak is read from the kernel: what the resource module tells includes the memory of the process that started this one.
MEASURE = """
import json, re, sys, time
from pathlib import Path
from harvester.reading import as_json, read_file
for name in sys.argv[1:]:
    began = time.process_time()
    line = json.dumps(as_json(read_file(Path(name))))
    peak = int(re.search("VmHWM:\\s*([0-9]+)", Path("/proc/self/status").read_text())[1]) / 1024
    print(json.dumps([name, time.process_time() - began, peak, json.loads(line)["kind"], json.loads(line)["reason"]]), flush=True)
"""


def write(folder: Path, cases: dict[str, Bytes]) -> dict[str, Path]:
    paths = {name: folder / f"{number:02}.html" for number, name in enumerate(cases)}
    for name, path in paths.items():
        path.write_bytes(cases[name]())
    return paths


def measured(*paths: Path) -> list[list[object]]:
    """What became of each file, the processor's seconds, and the most memory (MB) of the process until then."""
    command = [sys.executable, "-c", MEASURE, *map(str, paths)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert (told.returncode, told.stderr) == (0, ""), told.stdout.splitlines()[-1:]
    return [json.loads(line) for line in told.stdout.splitlines()]


@pytest.fixture(scope="module")
def garbage(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return write(tmp_path_factory.mktemp("garbage"), QUICK)


def test_every_kind_of_garbage_gets_a_verdict_in_time(garbage: dict[str, Path]) -> None:
    names = {str(path): name for name, path in garbage.items()}
    found = measured(*garbage.values())
    assert len(found) == len(QUICK)
    assert slow(garbage, found, SECONDS * SLACK) == []
    assert [(names[str(path)], peak) for path, _, peak, *_ in found if float(str(peak)) > MEGABYTES / 2] == []
    kinds = {names[str(path)]: kind for path, _, _, kind, _ in found}
    assert kinds["10,000 columns"] == kinds["cells that span 99999 by 99999"] == kinds["a picture of 5 MB in an attribute"] == "report"
    assert kinds["gzip cut short"] == kinds["divisions in divisions"] == kinds["100,000 attributes"] == "unreadable"
    assert all(reason for *_, kind, reason in found if kind != "report")


def slow(garbage: dict[str, Path], found: list[list[object]], most: float) -> list[tuple[str, float]]:
    """Which files took more than ``most`` seconds."""
    names = {str(path): name for name, path in garbage.items()}
    return [(names[str(path)], float(str(seconds))) for path, seconds, *_ in found if float(str(seconds)) > most]


@pytest.mark.proof
def test_every_kind_of_garbage_gets_a_verdict_within_two_seconds(garbage: dict[str, Path]) -> None:
    assert slow(garbage, measured(*garbage.values()), SECONDS) == []


def test_parse_and_ingest_end_without_a_traceback(garbage: dict[str, Path], command: Command, tmp_path: Path) -> None:
    chosen = list(garbage.values())[::4]
    parsed, ingested = command("parse", *chosen), command("ingest", *chosen)
    for told in (parsed, ingested):
        assert told.returncode == 1 and "Traceback" not in told.stderr and "defect" not in told.stderr
    assert len(parsed.stdout.splitlines()) == len(chosen)
    assert "Traceback" not in (tmp_path / "data" / "harvest.log").read_text("utf-8")


@pytest.mark.proof
@pytest.mark.parametrize("name", sorted(LARGE))
def test_large_garbage_gets_a_verdict_in_time(name: str, tmp_path: Path) -> None:
    ((_, seconds, peak, _, _),) = measured(*write(tmp_path, {name: LARGE[name]}).values())
    assert float(str(seconds)) < SECONDS_LARGE and float(str(peak)) < MEGABYTES


# --- the bounds ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command_name", ["parse", "ingest", "audit"])
def test_a_file_that_is_too_large_is_told_and_not_loaded(command: Command, tmp_path: Path, command_name: str) -> None:
    with (tmp_path / "a.html").open("wb") as stream:
        stream.truncate(4_000 * MB)
    told = command(command_name, "a.html")
    assert told.returncode == 1
    assert "a.html: too large: 4,000 MB; no report is, and at most 32 MB are read" in told.stderr
    archived = list((tmp_path / "data" / "archive").glob("*")) if command_name == "ingest" else []
    assert sum(path.stat().st_size for path in archived) < MB


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<p>" + b"x" * bounds.MAX_BYTES, "too large: 32 MB"),
        (b"<html>" + b"<p>" * bounds.MAX_TAGS, "too large: 1,000,001 tags"),
        (b"<html>" + b"<div>" * (bounds.FEW_TAGS + 1), "more than 5,000 deep"),
        (b"<html><div " + b"abcdefghi " * (bounds.MAX_ATTRIBUTES + 1) + b"></div>", "more than 20,000 attributes"),
    ],
)
def test_each_bound_says_what_is_wrong(body: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        readers.read(body)


@pytest.mark.parametrize(
    "body",
    [
        b"<html>" + b"<div>x</div>" * (bounds.FEW_TAGS + 1),
        b"<html>" + b"<p>x<br><img src=a><table><tr><td>1<td>2</table>" * bounds.FEW_TAGS,
        b'<html><img src="' + b"a b " * 200_000 + b'">',
        b"<html><script>" + b"a = 1 ; " * 100_000 + b"</script>",
    ],
    ids=["many tags", "tags that are never closed", "a picture with spaces", "a long script"],
)
def test_large_pages_are_not_taken_for_garbage(body: bytes) -> None:
    assert readers.read(body).format == "html"


# --- archives ------------------------------------------------------------------------------------------------------------------------

HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


def record(block: bytes, length: object = None) -> bytes:
    fields = {
        "WARC-Type": "response",
        "WARC-Record-ID": "<urn:uuid:1>",
        "WARC-Date": "2024-01-01T00:00:00Z",
        "WARC-Target-URI": "http://a.gov.cn/1.html",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": len(block) if length is None else length,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return gzip.compress(f"WARC/1.1\r\n{head}\r\n".encode() + block + b"\r\n\r\n", 1)


def bomb() -> bytes:
    return HTTP.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n") + gzip.compress(b"\0" * 300 * MB, 1)


def wacz(content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("archive/damaged.warc", content)
    return stream.getvalue()


ARCHIVES: dict[str, Bytes] = {
    "random.warc.gz": lambda: random.Random(3).randbytes(MB),
    "random.warc": lambda: random.Random(4).randbytes(MB),
    "random.wacz": lambda: random.Random(5).randbytes(MB),
    "empty.warc.gz": lambda: b"",
    "length.warc.gz": lambda: record(HTTP, "abc") + record(HTTP, -5) + record(HTTP, 10**15),
    "http.warc.gz": lambda: record(random.Random(6).randbytes(10_000)),
    "cut.warc.gz": lambda: record(HTTP + random.Random(7).randbytes(1000))[:400],
    "versions.warc.gz": lambda: gzip.compress(b"WARC/1.1\r\n" * 100_000),
    "swelling_body.warc.gz": lambda: record(bomb()),
    "swelling_record.warc.gz": lambda: record(HTTP + b"\0" * 300 * MB) + record(HTTP + "<p>说明</p>".encode()),
}


def test_damaged_and_swelling_archives_are_told(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name, made in ARCHIVES.items():
        (tmp_path / "in" / name).write_bytes(made())
    (tmp_path / "in" / "zeros.wacz").write_bytes(wacz(b"\0" * 300 * MB))
    whole = wacz(b"WARC/1.1\r\n" + random.Random(8).randbytes(200_000))
    (tmp_path / "in" / "damaged.wacz").write_bytes(whole[:5000] + b"x" * 100 + whole[5100:])
    code = """import sys; sys.argv = ["harvester", "ingest", "in"]
from harvester.cli import main
try: main()
finally: print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")))"""
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert told.returncode == 1 and "Traceback" not in told.stderr
    assert int(told.stdout.split()[-2]) / 1024 < MEGABYTES / 2
    log = (tmp_path / "data" / "harvest.log").read_text("utf-8")
    assert "Traceback" not in log
    assert all(name in log for name in ("random.warc.gz", "random.warc:", "random.wacz", "cut.warc.gz", "archive/damaged.warc"))
    assert "swelling_record.warc.gz: the record at byte 0 is too large (300 MB); reading went on behind it" in log


def test_the_next_record_is_found_wherever_it_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also across the edges of the pieces that are looked at."""
    monkeypatch.setattr(warcs, "CHUNK", 1000)
    whole = record(HTTP + b"<p>a</p>")
    for before in (0, 1, 487, 488, 489, 999, 1000, 1001, 5000):
        (tmp_path / "a").write_bytes(b"x" * before + whole)
        with (tmp_path / "a").open("rb") as stream:
            assert warcs.resume(stream, 0) == before


def test_a_defect_that_ends_the_reading_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(record(HTTP))
    code = """import sys; sys.argv = ["harvester", "ingest", "a.warc.gz"]
from storage import archive; archive.pages = lambda *given: 1 / 0
from harvester.cli import main; main()"""
    command = [sys.executable, "-c", code]
    told = subprocess.run(command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert (
        "harvester: a defect of the harvester ended the reading; what was finished is kept, the details are in data/harvest.log"
        in told.stderr
    )
