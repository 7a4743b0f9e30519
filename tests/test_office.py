"""Old office files through LibreOffice: every cell right, and whatever the file is, nothing is left running, written or fetched."""

from __future__ import annotations

import io
import os
import re
import shutil
import stat
import struct
import tempfile
import threading
import time
import zipfile
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from benchmarks.accuracy import score
from benchmarks.accuracy.reports import Truth
from benchmarks.documents import content, office, word
from harvester import readers
from harvester.errors import NotSupported, Unreadable
from harvester.items import Cell
from harvester.readers import office as reader
from harvester.readers import sniff
from harvester.reading import read_file

FORMS = ("national_2019", "national_2021")
DOC = (office.FOLDER / "national_2021.doc").read_bytes()
RTF = rb"{\rtf1\ansi\ansicpg936 {\b REPORT} 2021\par}"
TEMPORARY = Path(tempfile.gettempdir())

with_libreoffice = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")


def left_behind() -> set[str]:
    return {path.name for path in TEMPORARY.glob("harvester-office-*")}


def program(folder: Path, script: str) -> str:
    """A program that stands in for LibreOffice."""
    path = folder / "soffice"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def runs(path: Path) -> bool:
    """Whether the process whose number the file holds still runs."""
    number = int(path.read_text())
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{number}/stat").read_text().split()[2] != "Z" if Path("/proc").exists() else True


# --- whole reports ------------------------------------------------------------------------------------------------------------------------


@with_libreoffice
@pytest.mark.parametrize(("form", "name"), [("national_2019", "a.doc"), ("national_2021", "a.wps")])
def test_every_cell_of_a_stored_doc_is_read(form: str, name: str, tmp_path: Path) -> None:
    shutil.copy(office.FOLDER / f"{form}.doc", tmp_path / name)
    report = read_file(tmp_path / name)
    assert score.faults(report, office.stored(form)) == []
    assert (report.kind, report.form, report.year) == ("report", form, 2021)


@with_libreoffice
def test_rich_text_is_read() -> None:
    before = left_behind()
    document = readers.read(RTF)
    assert ([block.text for block in document.blocks], document.format) == (["REPORT 2021"], "rtf")
    assert left_behind() == before


def field(code: str, result: str) -> str:
    marks = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    return f"{marks[0]}<w:r><w:instrText>{code}</w:instrText></w:r>{marks[1]}<w:r><w:t>{result}</w:t></w:r>{marks[2]}"


@with_libreoffice
def test_a_field_prints_what_it_printed_when_the_file_was_saved() -> None:
    """LibreOffice would work it out anew: a total with another result, a date with today's, a sequence that it forgets."""
    codes = ("=SUM(LEFT)", "=2+3", "DATE", "SEQ t", "REF gone", 'HYPERLINK "http://a/"', "SET a 7")
    rows = rb"".join(rb"{\field{\*\fldinst { %s }}{\fldrslt {7}}}\cell " % code.encode() for code in codes)
    cells = b"".join(b"\\cellx%d" % (1000 * number) for number in range(1, 8))
    rich = rb"{\rtf1\ansi \trowd" + cells + rb"\intbl " + rows + rb"\row \pard end\par}"
    assert [one.text for one in _rows(rich)[0]] == [*["7"] * 6, ""]
    cell = "<w:tc><w:tcPr/><w:p>{}</w:p></w:tc>".format
    row = "".join(cell(field(code, "7")) for code in ("=SUM(LEFT)", "=2+3", "SEQ t", "REF gone", "SET a 7"))
    docx = word.docx(f"<w:tbl><w:tblPr/><w:tblGrid/><w:tr>{row}</w:tr></w:tbl><w:p/>")
    body = office.libreoffice({"a.docx": docx}, "doc")["a.docx"]
    for result in "05":  # what LibreOffice made of the first two while it wrote the doc
        body = body.replace(f"\x14{result}\x15".encode("utf-16-le"), "\x147\x15".encode("utf-16-le"))
    assert [one.text for one in _rows(body)[0]] == [*["7"] * 4, ""]


def _rows(body: bytes) -> list[list[Cell]]:
    return next(block.grid.rows for block in readers.read(body).blocks if block.grid)


@pytest.mark.proof
@with_libreoffice
@pytest.mark.parametrize("form", FORMS)
def test_every_cell_is_read_in_every_format_that_libreoffice_writes(form: str) -> None:
    made = {f"{number}": content.make(f"office {number}", form) for number in range(5)}
    for to, bodies in office.converted(made).items():
        for key, body in bodies.items():
            truth = typed(made[key].truth) if to in ("xlsx", "xls", "ods") else made[key].truth
            assert score.faults(score.read(body), truth) == [], (to, key)


def typed(truth: Truth) -> Truth:
    """The report after its figures were typed into a sheet, where +1 becomes the number 1."""
    return replace(truth, cells={place: entry._replace(printed=entry.printed.removeprefix("+")) for place, entry in truth.cells.items()})


@pytest.mark.proof
@with_libreoffice
@pytest.mark.parametrize("maker", ["python-docx.docx", "word.docx", "strict.docx"])
def test_what_other_editors_made_is_right_after_libreoffice_too(maker: str) -> None:
    made = {f"{form}.docx": content.make(f"{maker} {form}", form) for form in FORMS}
    files = {name: without_fields(office.MAKERS[maker](one)) for name, one in made.items()}
    for to in ("doc", "rtf"):
        for name, body in office.libreoffice(files, to).items():
            assert score.faults(score.read(body), made[name].truth) == [], (to, name)


@with_libreoffice
@pytest.mark.parametrize("hidden", ["", "<w:rPr><w:vanish/></w:rPr>"])
def test_marks_of_an_index_in_neighbouring_cells_keep_them_apart(hidden: str) -> None:
    def mark(text: str) -> str:
        parts = (
            '<w:fldChar w:fldCharType="begin"/>',
            f"<w:instrText> XE &quot;{text}&quot; </w:instrText>",
            '<w:fldChar w:fldCharType="end"/>',
        )
        return "".join(f"<w:r>{hidden}{part}</w:r>" for part in parts)

    def row(*texts: str, marked: str = "") -> str:
        cells = (f"<w:tc><w:p>{mark(text) if text in marked else ''}<w:r><w:t>{text}</w:t></w:r></w:p></w:tc>" for text in texts)
        return f"<w:tr>{''.join(cells)}</w:tr>"

    rows = [row("规章", "3", "5", "7", marked=marked) for marked in ("35", "规章", "357", "7", "规章3", "37", "")]
    body = word.docx(f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl><w:p/>")
    (made,) = office.libreoffice({"a.docx": body}, "doc").values()
    assert made.count("XE".encode("utf-16-le")) >= 8
    assert [[cell.text for cell in row] for row in _rows(made)] == [["规章", "3", "5", "7"]] * 7


LOST_ON_THE_WAY = re.compile(rb'<w:r><w:fldChar w:fldCharType="begin"/>.*?"end"/></w:r>|</?w:sdt(?:Content)?>')


def without_fields(body: bytes) -> bytes:
    """The docx without fields that print nothing and without content controls around tables: LibreOffice, writing a doc, prints the fields'
    codes and what stands in the controls several times."""
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        return word.package({name: LOST_ON_THE_WAY.sub(b"", file.read(name)) for name in file.namelist()})


# --- a program that is missing, fails or does not end -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("body", "package"), [(DOC, "libreoffice-writer"), (word.package({"mimetype": "x"}), "libreoffice-calc")])
def test_without_libreoffice_the_package_is_named(body: bytes, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "PROGRAMS", ("no-such-program",))
    monkeypatch.setattr(sniff, "format_of", lambda _: "doc" if body is DOC else "ods")
    with pytest.raises(NotSupported, match=f"apt-get install {package}; the bytes are kept"):
        reader.read(body)


def test_a_program_that_fails_now_and_then_is_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "made.docx").write_bytes(word.docx(word.paragraph("正文")))
    script = f'cd {tmp_path}; echo x >> tries; [ $(wc -l < tries) -ge 3 ] || exit 81\nwhile [ "$1" != --outdir ]; do shift; done\n'
    monkeypatch.setattr(reader, "PROGRAMS", (program(tmp_path, script + 'mkdir -p "$2"; cp made.docx "$2/document.docx"'),))
    assert [block.text for block in reader.read(RTF).blocks] == ["正文"]
    (tmp_path / "tries").unlink()
    monkeypatch.setattr(reader, "PROGRAMS", (program(tmp_path, f"echo x >> {tmp_path}/tries; exit 81"),))
    with pytest.raises(Unreadable, match="ended 3 times without a document"):
        reader.read(RTF)
    assert (tmp_path / "tries").read_text().count("x") == 3


def test_a_file_that_cannot_be_loaded_is_not_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = f"echo x >> {tmp_path}/tries; echo 'Error: source file could not be loaded'"
    monkeypatch.setattr(reader, "PROGRAMS", (program(tmp_path, script),))
    with pytest.raises(Unreadable, match="damaged, or has a password"):
        reader.read(RTF)
    assert (tmp_path / "tries").read_text().count("x") == 1


def test_a_program_that_does_not_end_is_ended_with_all_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "SECONDS", 1)
    monkeypatch.setattr(reader, "PROGRAMS", (program(tmp_path, f"sleep 300 &\necho $! > {tmp_path}/number; wait"),))
    before, start = left_behind(), time.monotonic()
    with pytest.raises(Unreadable, match="did not come to an end within 1 seconds"):
        reader.read(RTF)
    assert time.monotonic() - start < 10 and left_behind() == before
    for _ in range(50):
        if not runs(tmp_path / "number"):
            break
        time.sleep(0.1)
    assert not runs(tmp_path / "number")


def test_the_program_is_given_a_home_and_settings_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy")
    script = (
        f"(env; ulimit -v; pwd) > {tmp_path}/env; cat profile/user/registrymodifications.xcu > {tmp_path}/xcu; echo could not be loaded"
    )
    monkeypatch.setattr(reader, "PROGRAMS", (program(tmp_path, script),))
    with pytest.raises(Unreadable):
        reader.read(RTF)
    told, settings = (tmp_path / "env").read_text().split("\n"), (tmp_path / "xcu").read_text()
    assert str(reader.MEMORY_KB) in told and not [line for line in told if "PROXY" in line]
    (home,) = [line.removeprefix("HOME=") for line in told if line.startswith("HOME=")]
    assert Path(home).name.startswith("harvester-office-") and not Path(home).exists()
    for name, value in (("MacroSecurityLevel", 3), ("DisableMacrosExecution", "true"), ("BlockUntrustedRefererLinks", "true")):
        assert f'oor:name="{name}" oor:op="fuse"><value>{value}</value>' in settings


# --- hostile files ------------------------------------------------------------------------------------------------------------------------


def test_a_doc_with_a_password_says_so() -> None:
    locked = bytearray(DOC)
    at = next(at for at in range(512, len(DOC), 512) if DOC[at : at + 2] == b"\xec\xa5")
    locked[at + 11] |= 1
    with pytest.raises(Unreadable, match="has a password"):
        readers.read(bytes(locked))


def test_an_encrypted_docx_says_so() -> None:
    """A locked docx is a compound file with the stream EncryptedPackage; here it is the doc's own stream under that name."""
    name, length = "EncryptedPackage".encode("utf-16-le"), struct.pack("<H", 34)
    at = DOC.index("WordDocument".encode("utf-16-le"))
    locked = DOC[:at] + name.ljust(64, b"\0") + length + DOC[at + 66 :]
    assert sniff.format_of(locked) == "encrypted"
    with pytest.raises(Unreadable, match="has a password"):
        readers.read(locked)


@pytest.mark.parametrize("body", [DOC[:2000], DOC[:512] + b"\xff" * 4000])
def test_a_doc_that_is_cut_off_is_told_in_one_line(body: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        readers.read(body)
    assert "\n" not in str(caught.value)


def with_a_picture(address: str) -> bytes:
    """A text of OpenDocument whose picture lies on another machine: LibreOffice fetches it as it opens the text, if it may."""
    kinds = ("office", "text", "drawing", "svg-compatible", "manifest")
    names = " ".join(f'xmlns:{kind[:4]}="urn:oasis:names:tc:opendocument:xmlns:{kind}:1.0"' for kind in kinds)
    frame = f'<draw:frame svg-:width="3cm" svg-:height="3cm"><draw:image xlink:href="{address}/a.png" xlink:type="simple"/></draw:frame>'
    text = f"<offi:body><offi:text><text:p>REPORT{frame}</text:p></offi:text></offi:body>"
    listed = '<mani:file-entry mani:full-path="{}" mani:media-type="{}"/>'.format
    kind = "application/vnd.oasis.opendocument.text"
    return word.package(
        {
            "mimetype": kind,
            "content.xml": f'<offi:document-content xmlns:xlink="http://www.w3.org/1999/xlink" {names}>{text}</offi:document-content>',
            "META-INF/manifest.xml": f"<mani:manifest {names}>{listed('/', kind)}{listed('content.xml', 'text/xml')}</mani:manifest>",
        }
    )


@with_libreoffice
def test_no_picture_is_fetched() -> None:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Nothing on stderr."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        document = readers.read(with_a_picture(f"http://127.0.0.1:{server.server_port}"))
    finally:
        server.shutdown()
        server.server_close()
    assert ([block.text for block in document.blocks], document.format, asked) == (["REPORT"], "odt", [])
