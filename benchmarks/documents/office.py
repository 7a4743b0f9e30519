"""Word and Excel documents of the suite, by the programs that make them: LibreOffice, python-docx, and by hand what neither writes."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.quoprimime import body_encode
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.accuracy import layout, markup
from benchmarks.accuracy.layout import Table
from benchmarks.accuracy.reports import FORMS, Entry, Place, Truth
from benchmarks.documents import content, sheets, word
from benchmarks.documents.content import Content
from harvester import readers

# Ending -> the filter that writes it, where the ending alone would mean another.
FILTERS = {
    "docx": "MS Word 2007 XML",
    "doc": "MS Word 97",
    "rtf": "Rich Text Format",
    "xlsx": "Calc MS Excel 2007 XML",
    "xls": "MS Excel 97",
    "ods": "calc8",
    "odt": "writer8",
    "word.xml": "MS Word 2003 XML",
}
HTML_TEXT, HTML_SHEET = "HTML (StarWriter)", "HTML (StarCalc)"
FOLDER = Path(__file__).parents[2] / "tests" / "documents"
STORED = ("docx", "doc", "xls", "xlsx")
PAGES = 3  # a report of the suite, printed on A4


def libreoffice(files: Mapping[str, bytes], to: str, reads: str = "") -> dict[str, bytes]:
    """The files as LibreOffice writes them in the format ``to``; ``reads`` is the filter to read with."""
    ending = to.rpartition(".")[2]
    with tempfile.TemporaryDirectory(prefix="documents-") as folder:
        home = Path(folder)
        for name, body in files.items():
            (home / name).write_bytes(body)
        command = [shutil.which("soffice") or "soffice", f"-env:UserInstallation={(home / 'profile').as_uri()}", "--headless"]
        command += [f"--infilter={reads}"] if reads else []
        command += ["--convert-to", f"{ending}:{FILTERS[to]}", "--outdir", str(home / "made"), *(str(home / name) for name in files)]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        return {name: (home / "made" / f"{Path(name).stem}.{ending}").read_bytes() for name in files}


def python_docx(made: Content) -> bytes:
    """The report by python-docx, which merges cells as Word does."""
    from docx import Document

    document = Document()
    document.add_heading(made.title, 0)
    for name in ("一、总体情况", *layout.TITLES.values(), "五、存在的主要问题及改进情况", "六、其他需要报告的事项"):
        document.add_heading(name, 1)
        for line in markup.PROSE.get(name, ()):
            document.add_paragraph(line)
        for one in (one for one in made.tables if one.title == name):
            rows = list(word.placed(one))
            table = document.add_table(len(rows), max(sum(width for _, width, _ in row) for row in rows), style="Table Grid")
            cells = [row.cells for row in table.rows]  # once: the library counts through the table for each
            for top, left, bottom, right, text in sheets.boxes(one):
                cells[top][left].merge(cells[bottom][right]).text = text
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def word_page(made: Content) -> str:
    """The page that Word saves as HTML and people then call .doc."""
    head = (
        '<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40"><head>'
        '<meta http-equiv=Content-Type content="text/html; charset=gb2312"><meta name=ProgId content=Word.Document>'
        "<!--[if gte mso 9]><xml><w:WordDocument><w:View>Print</w:View></w:WordDocument></xml><![endif]-->"
        "<style><!-- p.MsoNormal {mso-style-parent:''; margin:0cm} --></style></head>"
    )
    hidden = "<span style='display:none;mso-hide:all'>99<o:p></o:p></span>"
    body = markup.body(made.title, made.tables, _word_table)
    return f"{head}<body lang=ZH-CN style='text-justify-trim:punctuation'><div class=Section1>{hidden}{body}</div></body></html>"


def _word_table(one: Table) -> str:
    inner = markup.paragraph(
        lambda cell: f"<span lang=EN-US style='font-size:9.0pt'>{markup.words(cell)}<o:p></o:p></span>", " class=MsoNormal"
    )
    return markup.table(one, inner, " class=MsoTableGrid border=1 style='border-collapse:collapse;mso-yfti-tbllook:1184'")


def mht(page: str) -> bytes:
    """A page as Word's and Excel's "single file web page": a message in quoted-printable, GB2312, with a picture and a header beside it."""
    message = MIMEMultipart("related", type="text/html")
    for name, inner in (("document.htm", page), ("document.files/header.htm", "<html><body>页眉</body></html>")):
        part = MIMEText("", "html")
        part.set_payload(body_encode(inner.encode("gb18030").decode("latin-1")), "us-ascii")
        del part["Content-Transfer-Encoding"], part["Content-Type"]
        part["Content-Type"] = 'text/html; charset="gb2312"'
        part["Content-Transfer-Encoding"] = "quoted-printable"
        part["Content-Location"] = f"file:///C:/1/{name}"
        message.attach(part)
    return message.as_bytes()


# What needs no LibreOffice: name -> a document of the report.
MAKERS: dict[str, Callable[[Content], bytes]] = {
    "python-docx.docx": python_docx,
    "word.docx": word.made,
    "strict.docx": lambda made: word.strict(word.made(made)),
    "word-page.doc": lambda made: word_page(made).encode("gb18030"),
    "word-page.mht": lambda made: mht(word_page(made)),
    "tables-below.xlsx": sheets.workbook,
    "tables-beside.xlsx": lambda made: sheets.workbook(made, beside=True),
    "numbers-as-text.xlsx": lambda made: sheets.workbook(made, text=True),
    "page.xls": lambda made: content.html(made).encode(),
}


def converted(made: Mapping[str, Content]) -> dict[str, dict[str, bytes]]:
    """The reports in every format that LibreOffice writes: format -> key of ``made`` -> document."""
    pages = {f"{key}.html": content.html(one).encode() for key, one in made.items()}
    docx, xlsx_files = libreoffice(pages, "docx", HTML_TEXT), libreoffice(pages, "xlsx", HTML_SHEET)
    texts = {name.replace(".html", ".docx"): body for name, body in docx.items()}
    books = {name.replace(".html", ".xlsx"): body for name, body in xlsx_files.items()}
    found = {"docx": docx, "xlsx": xlsx_files}
    found |= {to: libreoffice(texts, to) for to in ("doc", "rtf", "odt", "word.xml")}
    found |= {to: libreoffice(books, to) for to in ("xls", "ods")}
    return {to: {Path(name).stem: body for name, body in bodies.items()} for to, bodies in found.items()}


def seconds_a_page(body: bytes, times: int = 9) -> float:
    """Median seconds of a reading, by the pages of the report."""
    readers.read(body)
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        readers.read(body)
        taken.append(time.perf_counter() - start)
    return median(taken) / PAGES


def _stored(name: str, times: int = 9) -> Callable[[], dict[str, Any]]:
    return lambda: {"seconds_a_page": round(seconds_a_page((FOLDER / name).read_bytes(), times), 4)}


# Format -> what is measured of its reader, on a stored report.
MEASURES: dict[str, Callable[[], dict[str, Any]]] = {
    **{ending: _stored(f"national_2021.{ending}") for ending in ("docx", "xls", "xlsx")},
    "doc": _stored("national_2021.doc", 3),
}


def main(folder: Path) -> None:
    """Makes the documents that the tests read without LibreOffice, and beside them what they print."""
    made = {form: content.make("city 28", form) for form in FORMS}
    for form, one in made.items():
        cells = {"/".join(place): entry for place, entry in one.truth.cells.items()}
        (folder / f"{form}.json").write_text(json.dumps(cells, ensure_ascii=False, indent=1), "utf-8")
    for to, bodies in converted(made).items():
        for form, body in bodies.items() if to in STORED else ():
            (folder / f"{form}.{to}").write_bytes(body)


def stored(form: str, folder: Path = FOLDER) -> Truth:
    """What the documents in tests/documents print, whatever reports are invented today."""
    cells = json.loads((folder / f"{form}.json").read_text("utf-8"))
    return Truth(form, "city", False, {_place(key): Entry(*entry) for key, entry in cells.items()})


def _place(key: str) -> Place:
    table, row, column = key.split("/")
    return table, row, column


if __name__ == "__main__":
    main(Path(sys.argv[1]))
