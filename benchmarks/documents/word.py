"""Documents as Word writes them, made by hand: the habits of an editor that python-docx and LibreOffice do not have."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator, Mapping
from html import escape

from benchmarks.accuracy import layout, markup
from benchmarks.accuracy.layout import Table
from benchmarks.documents.content import Content

OFFICE = "http://schemas.openxmlformats.org"
STRICT = "http://purl.oclc.org/ooxml"
NAMESPACES = (
    f'xmlns:w="{OFFICE}/wordprocessingml/2006/main" xmlns:r="{OFFICE}/officeDocument/2006/relationships" '
    f'xmlns:mc="{OFFICE}/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
NUMBERED = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="7"/></w:numPr>'


def package(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip of these parts; the one called mimetype is not packed, so that it can be read at a glance."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(
                zipfile.ZipInfo(name, (2022, 1, 31, 9, 0, 0)), content, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            )
    return stream.getvalue()


def docx(body: str, styles: str = "", numbering: str = "", parts: Mapping[str, str | bytes] | None = None, links: str = "") -> bytes:
    """A docx with these elements as its body, its styles and its lists."""
    named = {"styles": styles, "numbering": numbering}
    types = f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{_type("document")}'
    refers = "".join(
        f'<Relationship Id="r-{name}" Type="{_kind(name)}" Target="{name}.xml"/>' for name, content in named.items() if content
    )
    return package(
        {
            "[Content_Types].xml": f'{HEAD}<Types xmlns="{OFFICE}/package/2006/content-types">{types}</Types>',
            "_rels/.rels": _links(f'<Relationship Id="r1" Type="{_kind("officeDocument")}" Target="word/document.xml"/>'),
            "word/document.xml": f"{HEAD}<w:document {NAMESPACES}><w:body>{body}<w:sectPr/></w:body></w:document>",
            "word/_rels/document.xml.rels": _links(refers + links),
            **{f"word/{name}.xml": f"{HEAD}<w:{name} {NAMESPACES}>{content}</w:{name}>" for name, content in named.items() if content},
            **(parts or {}),
        }
    )


def _type(name: str) -> str:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return f'<Override PartName="/word/{name}.xml" ContentType="{kind}"/>'


def _kind(name: str) -> str:
    return f"{OFFICE}/officeDocument/2006/relationships/{name}"


def _links(elements: str) -> str:
    return f'{HEAD}<Relationships xmlns="{OFFICE}/package/2006/relationships">{elements}</Relationships>'


def strict(body: bytes) -> bytes:
    """The same document as "Strict Open XML" names its elements."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    renamed = {f"{OFFICE}/wordprocessingml/2006/main": f"{STRICT}/wordprocessingml/main"}
    renamed[f"{OFFICE}/officeDocument/2006/relationships"] = f"{STRICT}/officeDocument/relationships"
    for old, new in renamed.items():
        parts = {name: content.replace(old, new) for name, content in parts.items()}
    return package(parts)


def paragraph(text: str, properties: str = "") -> str:
    """One paragraph of one run."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{escape(text, quote=False)}</w:t></w:r></w:p>"


def level(format: str = "chineseCountingThousand", text: str = "%1、", start: int = 1, depth: int = 0) -> str:
    """One level of a list."""
    return f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{format}"/><w:lvlText w:val="{text}"/></w:lvl>'


def listed(levels: str) -> str:
    """The lists of a document: the paragraphs of list 7."""
    return f'<w:abstractNum w:abstractNumId="3">{levels}</w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="3"/></w:num>'


def made(content: Content) -> bytes:
    """The report as Word keeps it after some editing: numbers of lists, pieces of words, tracked changes, a text box, hidden text."""
    rng = random.Random(content.seed)
    parts = [_boxed(content.title, rng)]
    prose = dict(markup.PROSE)
    for name in ("一、总体情况", *layout.TITLES.values(), "五、存在的主要问题及改进情况", "六、其他需要报告的事项"):
        parts.append(paragraph(name[2:], NUMBERED))
        parts += [f"<w:p>{_edited(line, rng)}</w:p>" for line in prose.get(name, ())]
        parts += [f"<w:sdt><w:sdtContent>{table(one, rng)}</w:sdtContent></w:sdt><w:p/>" for one in content.tables if one.title == name]
    note = f'<w:footnote w:id="2">{paragraph("注：2021年17件")}</w:footnote>'
    notes = {"word/footnotes.xml": f"{HEAD}<w:footnotes {NAMESPACES}>{note}</w:footnotes>"}
    link = f'<Relationship Id="r-notes" Type="{_kind("footnotes")}" Target="footnotes.xml"/>'
    return docx("".join(parts), numbering=listed(level()), parts=notes, links=link)


def _boxed(text: str, rng: random.Random) -> str:
    """A title in a text box, which is in the file twice: for programs that know such boxes and for old ones."""
    box = f"<w:txbxContent><w:p>{_pieces(text, rng)}</w:p></w:txbxContent>"
    drawing = f'<mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx>{box}</wps:txbx></wps:wsp></w:drawing></mc:Choice>'
    picture = f"<mc:Fallback><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict></mc:Fallback>"
    return f"<w:p><w:r><mc:AlternateContent>{drawing}{picture}</mc:AlternateContent></w:r></w:p>"


def _pieces(text: str, rng: random.Random) -> str:
    """Runs of a few characters, as Word leaves them after spelling was checked and the file was saved several times."""
    made, at = [], 0
    while at < len(text):
        size = rng.randint(1, 6)
        piece = escape(text[at : at + size], quote=False)
        made.append(
            f'<w:r w:rsidR="00{rng.randrange(16**6):06X}"><w:rPr><w:sz w:val="18"/></w:rPr><w:t xml:space="preserve">{piece}</w:t></w:r>'
        )
        made.append(rng.choice(("", "", '<w:proofErr w:type="spellStart"/>', '<w:bookmarkStart w:id="1" w:name="_GoBack"/>')))
        at += size
    return "".join(made)


def _edited(text: str, rng: random.Random) -> str:
    """The text with what is in the file and not on paper: a deletion, a hidden run, the code of a field."""
    noise = (
        "",
        "",
        '<w:del w:id="1" w:author="a"><w:r><w:delText>17</w:delText></w:r></w:del>',
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>99</w:t></w:r>",
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> SET a 1 </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
        '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="2"/></w:r>',
    )
    whole = _pieces(text, rng)
    kept = f'<w:ins w:id="2" w:author="a">{whole}</w:ins>' if rng.random() < 0.2 else whole
    return rng.choice(noise) + kept + rng.choice(noise)


def table(one: Table, rng: random.Random) -> str:
    """A table with merged cells: cells below one that spans rows are there, empty, and say that they continue it."""
    rows = "".join(f"<w:tr>{''.join(_cell(*cell, rng) for cell in row)}</w:tr>" for row in placed(one))
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{rows}</w:tbl>"


def _cell(text: str | None, width: int, merged: str, rng: random.Random) -> str:
    span = f'<w:gridSpan w:val="{width}"/>' if width > 1 else ""
    below = {"restart": '<w:vMerge w:val="restart"/>', "continue": "<w:vMerge/>"}.get(merged, "")
    return f'<w:tc><w:tcPr><w:tcW w:w="900" w:type="dxa"/>{span}{below}</w:tcPr><w:p>{_edited(text or "", rng)}</w:p></w:tc>'


def placed(one: Table) -> Iterator[list[tuple[str | None, int, str]]]:
    """Rows of (text, columns, ``restart`` or ``continue`` or ""): the text is None where a cell of a row above goes on."""
    above: dict[int, tuple[int, int]] = {}  # by column: how many rows below, how many columns
    for line in one.lines:
        row: list[tuple[str | None, int, str]] = []
        column, cells = 0, iter(line.cells)
        while True:
            if column in above:
                rows, width = above.pop(column)
                row.append((None, width, "continue"))
            elif (cell := next(cells, None)) is not None:
                rows, width = cell.rowspan, cell.colspan
                row.append((cell.text, width, "restart" if rows > 1 else ""))
            else:
                break
            if rows > 1:
                above[column] = (rows - 1, width)
            column += width
        yield row
