"""Word's elements as HTML: the lines and tables that a reader of the printed document sees, in order, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape

from harvester.readers import mhtml
from harvester.readers.encoding import decode
from harvester.readers.numbering import Numbering
from harvester.readers.package import Element, attribute, child, local
from harvester.readers.word_pictures import SIGN, Picture, picture

# What stands around paragraphs, rows or cells without being one: content controls, tracked insertions, the sections of Word 2003.
WRAPPERS = frozenset(("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "sect", "sub-section"))
# Within a line: properties, what was deleted or moved away, codes of fields, the reading aid over a character.
MAX_FIELDS = 20  # that go on over a paragraph's end, in one another: a table of contents has two
SILENT = frozenset(("pPr", "rPr", "sdtPr", "del", "moveFrom", "delText", "instrText", "delInstrText", "rt", "fldData", "binData"))
SIGNS = {"br": "<br>", "cr": "<br>", "tab": " ", "ptab": " ", "noBreakHyphen": "-"}
UNPRINTED = ("SET", "ASK", "RD", "ADDIN", "PRIVATE")  # fields that keep a result and do not show it
OFF = ("0", "false", "off")
WIDEST = 200
LONGEST_HEADING = 60  # a whole paragraph in a heading's style is still a paragraph
FIRST_SYMBOL, LAST_SHARED = 0xF000, 0x40  # Word moves symbol fonts' characters there; up to @ the font Symbol has those of ASCII


@dataclass(slots=True)
class Source:
    """A document's body and what it refers to. ``part``: bytes, by id, of a picture or of a page taken over whole (``w:altChunk``)."""

    body: Element
    styles: Element | None = None
    numbering: Element | None = None
    part: Callable[[str], bytes | None] = lambda _: None


@dataclass(slots=True)
class _Cell:
    """A cell to be written; the rows below may make it longer."""

    inner: str
    colspan: int
    rowspan: int = 1


@dataclass(slots=True)
class _Field:
    """A field that was begun: its code so far, and whether what comes now is printed."""

    code: str = ""
    printed: bool = False


def markup(source: Source) -> tuple[str, list[Picture]]:
    """A page with nothing but ``h2``-``h6``, ``p``, ``br``, ``sup`` and ``table`` with true spans; and the pictures outside of tables, for
    each of which a paragraph says :data:`~harvester.readers.word_pictures.SIGN` and its number."""
    writer = _Writer(source)
    return f"<!DOCTYPE html><html><body>{writer.blocks(source.body)}</body></html>", writer.pictures


class _Writer:
    def __init__(self, source: Source) -> None:
        self.part = source.part
        self.numbering = Numbering(source.numbering, source.styles)
        styles = [one for one in source.styles if local(one) == "style"] if source.styles is not None else []
        self.levels = {attribute(one, "styleId"): level for one in styles if (level := _outline(child(one, "pPr")))}
        self.hiding = {attribute(one, "styleId") for one in styles if _is_on(child(one, "rPr"), "vanish")}
        self.fields: list[_Field] = []  # those we are in, outermost first
        self.pictures: list[Picture] = []
        self.tables = 0  # that we are in

    def blocks(self, parent: Element) -> str:
        """What stands in a body, a cell or a text box."""
        return "".join(map(self._block, parent))

    def _block(self, element: Element) -> str:
        name = local(element)
        if name == "p":
            return self._paragraph(element)
        if name == "tbl":
            return self._table(element)
        if name == "altChunk":
            return self._chunk(attribute(element, "id"))
        if name == "AlternateContent":
            chosen = _chosen(element)
            return self.blocks(chosen) if chosen is not None else ""
        return self.blocks(element) if name in WRAPPERS else ""

    def _paragraph(self, element: Element) -> str:
        """The paragraph, and after it the text boxes and pictures that hang on it."""
        properties, boxes, before = child(element, "pPr"), list[Element](), len(self.pictures)
        # No code of a field goes over its paragraph's end but in damaged files.
        self.fields = [_Field("", True) for _ in self.fields[:MAX_FIELDS]]
        hidden = attribute(child(properties, "pStyle"), "val") in self.hiding
        text = "".join(self._line(element, hidden, boxes))
        number = self._number(properties) if text.strip() else ""
        tag = self._tag(properties, number + text)
        signs = "".join(f"<p>{SIGN}{at}</p>" for at in range(before, len(self.pictures)))
        return f"<{tag}>{number}{text}</{tag}>{signs}" + "".join(map(self.blocks, boxes))

    def _number(self, properties: Element | None) -> str:
        """Word 2003 keeps the number as it was printed; later files have to be counted through."""
        printed = attribute(child(child(properties, "listPr"), "t"), "val")
        number = printed or self.numbering.label(properties)
        return f"{escape(number, quote=False)} " if number else ""  # never without a space: the number and the cell's would be one

    def _tag(self, properties: Element | None, text: str) -> str:
        """Never ``h1``: that would be the title of the page, which Word's Heading 1 seldom is."""
        level = _outline(properties) or self.levels.get(attribute(child(properties, "pStyle"), "val"), 0)
        return f"h{min(level + 1, 6)}" if level and len(text) <= LONGEST_HEADING and "<" not in text else "p"

    def _line(self, parent: Element, hidden: bool, boxes: list[Element]) -> Iterator[str]:
        """The pieces of a paragraph's text. Hidden runs are walked too: a field may begin in one."""
        for element in parent:
            name = local(element)
            if name == "r":
                yield from self._run(element, hidden, boxes)
            elif name == "fldChar":
                self._field(attribute(element, "fldCharType"))
            elif name == "instrText" and self.fields:
                self.fields[-1].code += element.text or ""
            elif name == "AlternateContent":
                if (chosen := _chosen(element)) is not None:
                    yield from self._line(chosen, hidden, boxes)
            elif name == "txbxContent":
                boxes.extend([] if hidden else [element])
            elif name in ("blip", "imagedata"):
                if not (hidden or self.tables) and (found := picture(element)) is not None:
                    self.pictures.append(found)
            elif name not in SILENT:
                yield from self._line(element, hidden, boxes)
                if not hidden and all(one.printed for one in self.fields):
                    yield _sign(element, name)

    def _run(self, run: Element, hidden: bool, boxes: list[Element]) -> Iterator[str]:
        properties = child(run, "rPr")
        hidden = hidden or _is_on(properties, "vanish") or attribute(child(properties, "rStyle"), "val") in self.hiding
        apart = attribute(child(properties, "vertAlign"), "val") in ("superscript", "subscript")
        # A footnote's mark or a struck digit is no digit of the number beside it.
        if apart or _is_on(properties, "strike") or _is_on(properties, "dstrike"):
            yield f"<sup>{''.join(self._line(run, hidden, boxes))}</sup>"
        else:
            yield from self._line(run, hidden, boxes)

    def _field(self, kind: str) -> None:
        """A field is its code, then its result: only the result is printed, and nothing of a field within the code."""
        if kind == "begin":
            self.fields.append(_Field())
        elif self.fields and kind == "separate":
            self.fields[-1].printed = (self.fields[-1].code.split() or [""])[0].upper() not in UNPRINTED
        elif self.fields and kind == "end":
            self.fields.pop()

    def _table(self, table: Element) -> str:
        rows: list[list[_Cell]] = []
        above: dict[int, _Cell] = {}
        self.tables += 1
        for row in _each(table, "tr"):
            if not _is_gone(child(row, "trPr")):
                cells, above = self._row(row, above)
                rows.append(cells)
        self.tables -= 1
        return f"<table>{''.join(map(_row_markup, rows))}</table>"

    def _row(self, row: Element, above: dict[int, _Cell]) -> tuple[list[_Cell], dict[int, _Cell]]:
        """Cells that begin in this row, and by their first column those that may go on below. ``above``: the same of the row before."""
        column = min(_number_of(child(child(row, "trPr"), "gridBefore")), WIDEST)
        cells, going_on = [_Cell("", column)] if column else [], dict[int, _Cell]()
        for element in _each(row, "tc"):
            properties = child(element, "tcPr")
            if child(properties, "cellDel") is not None:
                continue
            width = max(min(_number_of(child(properties, "gridSpan"), 1), WIDEST), 1)
            begun = above.get(column)
            if _merge(properties, "hMerge") == "continue" and cells:
                cells[-1].colspan += width
            elif begun is not None and begun.colspan == width and _merge(properties, "vMerge") == "continue":
                begun.rowspan += 1
                going_on[column] = begun
            else:
                cells.append(_Cell(self.blocks(element), width))
                if _merge(properties, "vMerge"):
                    going_on[column] = cells[-1]
            column += width
        return cells, going_on

    def _chunk(self, key: str) -> str:
        """A page of HTML that Word would take over when it opens the document: some sites' exports are nothing else."""
        body = self.part(key) or b""
        return mhtml.page(body) if mhtml.is_mhtml(body) else decode(body)[0] if b"<" in body[:1024] else ""


def _row_markup(cells: list[_Cell]) -> str:
    return "<tr>" + "".join(f'<td rowspan="{cell.rowspan}" colspan="{cell.colspan}">{cell.inner}</td>' for cell in cells) + "</tr>"


def _each(parent: Element, name: str) -> Iterator[Element]:
    for element in parent:
        found = local(element)
        if found == name:
            yield element
        elif found in WRAPPERS:
            yield from _each(element, name)


def _chosen(alternatives: Element) -> Element | None:
    """The first way to show a thing: the others (``mc:Fallback``, for old programs) show the same once more."""
    return next(iter(alternatives), None)


def _sign(element: Element, name: str) -> str:
    if name == "t":
        return escape(element.text or "", quote=False)
    if name == "sym":
        return escape(_symbol(attribute(element, "char"), attribute(element, "font")), quote=False)
    return SIGNS.get(name, "")


def _symbol(code: str, font: str) -> str:
    """A character of a symbol font. One that is only a picture stays the character it is: a cell that prints it is not empty."""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    plain = number - FIRST_SYMBOL
    return chr(plain) if font == "Symbol" and 0x20 <= plain <= LAST_SHARED else chr(number) if 0x20 <= number <= 0xFFFF else ""


def _outline(properties: Element | None) -> int:
    """1 for a paragraph of the outline's first level, 0 for one that is no heading."""
    level = _number_of(child(properties, "outlineLvl"), 9)
    return level + 1 if level < 9 else 0


def _is_on(properties: Element | None, name: str) -> bool:
    found = child(properties, name)
    return found is not None and attribute(found, "val") not in OFF


def _is_gone(properties: Element | None) -> bool:
    """Whether a row is hidden or its deletion tracked."""
    return _is_on(properties, "hidden") or child(properties, "del") is not None


def _merge(properties: Element | None, name: str) -> str:
    """``restart``, ``continue``, or "" for a cell that is not merged. Word 2003 spells the elements in lower case."""
    for spelt in (name, name.lower()):
        if (found := child(properties, spelt)) is not None:
            return attribute(found, "val", "continue")
    return ""


def _number_of(element: Element | None, default: int = 0) -> int:
    text = attribute(element, "val")
    return int(text) if text.isdecimal() and len(text) < 7 else default
