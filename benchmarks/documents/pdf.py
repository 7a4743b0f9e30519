"""Reports as PDF, printed by Chromium and LibreOffice in the many ways in which offices print their tables."""

from __future__ import annotations

import io
import random
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from benchmarks.accuracy import layout, markup
from benchmarks.accuracy.layout import Cell, Table
from benchmarks.documents.content import STYLE, Content

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
PATIENCE = 120  # seconds for one document of an office
A4: dict[str, Any] = {"format": "A4"}
LOW: dict[str, Any] = {"width": "210mm", "height": "95mm", "margin": {"top": "8mm", "bottom": "8mm", "left": "10mm", "right": "10mm"}}
RUNNING = '<div style="font-size:8pt;width:100%;text-align:center">{}</div>'
NUMBERED = {
    "display_header_footer": True,
    "header_template": RUNNING.format("云溪县人民政府公报"),
    "footer_template": RUNNING.format('- <span class="pageNumber"></span> -'),
    "margin": {"top": "20mm", "bottom": "20mm", "left": "15mm", "right": "15mm"},
}


@dataclass(frozen=True)
class Look:
    """How a report is printed: CSS beside that of the plain page, the paper, what a table and a cell's text are drawn as."""

    css: str = ""
    paper: dict[str, Any] = field(default_factory=lambda: A4)
    draw: Callable[[Table, markup.Inner], str] | None = None
    inner: markup.Inner = markup.words


def _repeated(table: Table, inner: markup.Inner) -> str:
    """The table with its header in a thead, which browsers print again on every page. Table 2 has one header for each of its blocks."""
    head = table.header() if table.key != "table_2" else []
    body = layout.Table(table.key, [line for line in table.lines if line not in head])
    rows = markup.table(layout.Table(table.key, head), inner)
    return markup.table(body, inner, before="<thead>" + rows[len("<table>") : -len("</table>")] + "</thead>")


def _upright(table: Table, inner: markup.Inner) -> str:
    """The labels of groups of rows stand upright."""
    return markup.table(
        table, lambda cell: f'<span class="upright">{inner(cell)}</span>' if cell.role == "group" and cell.rowspan > 5 else inner(cell)
    )


def _runs(cell: Cell) -> str:
    """The text in runs of other fonts and weights, as by editing."""
    made = random.Random(cell.text)
    return markup.runs(cell.text, made, ("<b>", "<span>", '<span style="font-family:Noto Sans CJK SC">', '<span style="font-size:9.5pt">'))


def _haunted(cell: Cell) -> str:
    """Text that nobody sees beside the text."""
    unseen = '<span style="color:#fff">8</span>', '<span style="color:transparent">7</span>', '<span style="opacity:0">6</span>'
    return markup.words(cell) + (unseen[len(cell.text) % 3] if cell.role == "value" else "")


def _open(table: Table, inner: markup.Inner) -> str:
    return markup.table(table, inner, attributes=' class="open"')


LOOKS = {
    "plain": Look(),
    "low pages": Look(paper=LOW),
    "rows cut": Look("td { padding: 9pt 2pt; line-height: 1.9 } tr { break-inside: auto }", LOW),
    "rows cut, labels narrow": Look("table { table-layout: fixed } td { padding: 5pt 1pt; vertical-align: top }", LOW),
    "header repeated": Look(paper=LOW, draw=_repeated),
    "page numbers": Look(paper=A4 | NUMBERED),
    "page numbers, low": Look(paper=LOW | NUMBERED),
    "letter-spaced": Look("td { letter-spacing: 1.5px }"),
    "letter-spaced wide": Look("td { letter-spacing: 4px; font-size: 8pt }"),
    "shaded cells": Look("table { border-collapse: separate; border-spacing: 1.5pt } td { border: none; background: #dde }"),
    "black gaps": Look("table { border-collapse: separate; border-spacing: 1px; background: #000 } td { border: none; background: #fff }"),
    "white lines on shades": Look("td { border: 1pt solid #fff; background: #d5d5d5 }"),
    "dark header": Look("tr:first-child td { background: #036; color: #fff }"),
    "dotted": Look("td { border: 1pt dotted #333 }"),
    "dashed": Look("td { border: 1pt dashed #777 }"),
    "double lines": Look("td { border: 3px double #000 }"),
    "separate borders": Look("table { border-collapse: separate; border-spacing: 2px; border: 1px solid #000 }"),
    "thick": Look("td { border: 2.25pt solid #000 }"),
    "hairlines": Look("td { border: 0.1pt solid #999 }"),
    "open sides": Look("td:first-child { border-left: none } td:last-child { border-right: none }"),
    "upright groups": Look(".upright { writing-mode: vertical-rl }", draw=_upright),
    "upright groups, low": Look(".upright { writing-mode: vertical-rl }", LOW, _upright),
    "bold twice": Look("td { text-shadow: 0.3px 0 0 #000 }"),
    "runs": Look(inner=_runs),
    "unseen text": Look(inner=_haunted),
    "two columns": Look("body { column-count: 2; font-size: 10pt } table { column-span: all }"),
    "small type": Look("td { font-size: 6pt; padding: 1pt }"),
    "letter, scaled": Look(paper={"format": "Letter", "scale": 0.6}),
}
# Nothing but the text, or lines one way only: what columns a number stands in is not drawn.
UNRULED = {
    "no lines": Look("td { border: none; padding: 3pt }"),
    "level lines": Look("td { border: none; border-bottom: 0.5pt solid #000 }"),
    "striped": Look("td { border: none } tr:nth-child(even) { background: #eee }"),
    "no lines, low": Look("td { border: none }", LOW),
}


def html(content: Content, look: Look) -> str:
    """The report as a page for Chromium to print."""
    style = STYLE.replace("</style>", f"* {{ print-color-adjust: exact }} {look.css}</style>")
    draw = look.draw or (lambda table, inner: markup.table(table, inner))
    body = markup.body(content.title, content.tables, lambda table: draw(table, look.inner))
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{content.title}</title>{style}</head><body>{body}</body></html>'


class Browser:
    """Chromium without a window, in a profile of its own; raises ``RuntimeError`` where there is none."""

    def __enter__(self) -> Browser:
        if not CHROMIUM:
            raise RuntimeError("no Chromium: apt-get install chromium")
        from playwright.sync_api import sync_playwright

        self._driver = sync_playwright().start()
        self._browser = self._driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._browser.close()
        self._driver.stop()

    def print(self, page: str, paper: dict[str, Any]) -> bytes:
        """The page (HTML) as PDF on this paper (options of Chromium's ``printToPDF``)."""
        tab = self._browser.new_page()
        tab.set_content(page)
        made = tab.pdf(**paper)
        tab.close()
        return made


def made(browser: Browser, content: Content, look: Look) -> bytes:
    """The report as Chromium prints it."""
    return browser.print(html(content, look), look.paper)


def office(content: Content, style: str = STYLE, low: bool = False) -> bytes:
    """The report as LibreOffice's word processor prints it; ``low``: on low pages with a number at their foot."""
    from benchmarks.documents.content import html as plain

    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "report.html")
        source.write_text(plain(content, style), "utf-8")
        docx = _converted(source, "docx:MS Word 2007 XML", "--infilter=HTML (StarWriter)")
        _paged(docx, low)
        return _converted(docx, "pdf:writer_pdf_Export").read_bytes()


def _converted(source: Path, target: str, *options: str) -> Path:
    if not OFFICE:
        raise RuntimeError("no LibreOffice: apt-get install libreoffice-writer")
    profile = f"-env:UserInstallation={(source.parent / 'profile').as_uri()}"
    command = [OFFICE, profile, "--headless", *options, "--convert-to", target, "--outdir", str(source.parent), str(source)]
    subprocess.run(command, capture_output=True, timeout=PATIENCE, check=True)
    return source.with_suffix("." + target.partition(":")[0])


def _paged(path: Path, low: bool) -> None:
    """Sets paper and page numbers of a Word document."""
    import docx
    from docx.oxml import parse_xml
    from docx.shared import Mm

    document = docx.Document(str(path))
    for section in document.sections:
        section.page_width, section.page_height = Mm(210), Mm(110 if low else 297)
        section.left_margin = section.right_margin = Mm(15)
        section.top_margin = section.bottom_margin = Mm(12)
        foot = section.footer.paragraphs[0]
        space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
        foot._p.append(parse_xml(f'<w:fldSimple {space} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'))
    document.save(str(path))


def turned(body: bytes, quarters: int) -> bytes:
    """The same pages, their content turned by quarters to the left inside a form: so wide tables are printed sideways."""
    import pypdfium2

    source, target = pypdfium2.PdfDocument(body), pypdfium2.PdfDocument.new()
    for number in range(len(source)):
        width, height = source[number].get_size()
        page = target.new_page(*((height, width) if quarters % 2 else (width, height)))
        thing = source.page_as_xobject(number, target).as_pageobject()
        across, up = {1: (height, 0), 2: (width, height), 3: (0, width)}[quarters]
        thing.set_matrix(pypdfium2.PdfMatrix().rotate(90 * quarters, ccw=True).translate(across, up))
        page.insert_obj(thing)
        page.gen_content()
    saved = io.BytesIO()
    target.save(saved)
    return saved.getvalue()


def rotated(body: bytes, quarters: int) -> bytes:
    """The same pages, to be shown turned by quarters to the right (``/Rotate``)."""
    import pypdfium2

    document = pypdfium2.PdfDocument(body)
    for page in document:
        page.set_rotation(90 * quarters)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()
