"""OFD files written by hand from pages that a browser laid out, in the ways in which producers differ; and what reading one takes."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from benchmarks.documents.content import Content, html
from benchmarks.documents.printing import laid_out, pdf
from harvester.readers import ofd
from harvester.readers.pages import Page
from harvester.readers.printed import Piece, rows
from harvester.readers.ruled import Segment

NAMESPACE = "http://www.ofdspec.org/2016"
BASE = 0.88  # of a character's height: where its base line is
LINE = 0.25  # millimetres


@dataclass(frozen=True, slots=True)
class Style:
    """How a producer writes: the namespace's prefix (none: the default one), whether places in the package begin at its root, points in
    place of millimetres inside objects, one object a character, distances as ``g 3 4.2``, lines as filled rectangles, the lines of
    every page in a template, objects in blocks, page folders numbered from the last page."""

    prefix: str = "ofd"
    rooted: bool = False
    scaled: bool = False
    single: bool = False
    repeats: bool = False
    filled: bool = False
    template: bool = False
    blocks: bool = False
    backwards: bool = False


STYLES = {
    "plain": Style(),
    "no prefix, from the root": Style(prefix="", rooted=True),
    "scaled, repeated distances": Style(prefix="n0", scaled=True, repeats=True),
    "a character an object, filled lines": Style(single=True, filled=True),
    "lines in a template, in blocks": Style(template=True, blocks=True),
    "pages numbered backwards": Style(rooted=True, backwards=True, filled=True),
}


def make(content: Content, style: Style = STYLES["plain"]) -> bytes:
    """The report as an OFD file."""
    return written(laid_out(pdf(html(content))), style)


def written(pages: Sequence[Page], style: Style) -> bytes:
    """The pages as an OFD file."""
    made = _Writer(style)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in made.parts(pages):
            archive.writestr(name, content)
    return stream.getvalue()


def of_pictures(pictures: Sequence[bytes], strips: int = 1, beside: str = "") -> bytes:
    """A file whose pages, A4, are nothing but pictures (JPEG files), each cut into ``strips``; ``beside``: objects more on each."""
    made, stream = _Writer(Style()), io.BytesIO()
    pages = [Page(210, 297) for _ in pictures]
    high = 297 / strips
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in made.parts(pages):
            common = "<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes></ofd:CommonData>"
            number = re.fullmatch(r"Doc_0/Pages/Page_(\d+)/Content.xml", name)
            objects = [_picture(at * high, high, f"{number[1]}{at}") for at in range(strips)] if number else []
            content = content.replace("</ofd:CommonData>", common).replace("</ofd:Layer>", f"{''.join(objects)}{beside}</ofd:Layer>")
            archive.writestr(name, content)
        media = []
        for page, body in enumerate(pictures):
            for at, strip in enumerate(_strips(body, strips)):
                archive.writestr(f"Doc_0/Res/image_{page}_{at}.jpg", strip)
                file = made.tag("MediaFile", "", f"image_{page}_{at}.jpg")
                media.append(made.tag("MultiMedia", f'ID="{page}{at}" Type="Image" Format="JPEG"', file))
        listed = made.whole("Res", 'BaseLoc="Res"', made.tag("MultiMedias", "", "".join(media)))
        archive.writestr("Doc_0/DocumentRes.xml", listed)
    return stream.getvalue()


def _picture(top: float, high: float, key: str) -> str:
    place = f'Boundary="0 {top} 210 {high}" CTM="210 0 0 {high} 0 0"'
    return f'<ofd:ImageObject ID="7{key}" {place} ResourceID="{key}"/>'


def _strips(body: bytes, count: int) -> Iterator[bytes]:
    if count == 1:
        yield body
        return
    from PIL import Image  # part of an extra

    whole = Image.open(io.BytesIO(body))
    for at in range(count):
        stream = io.BytesIO()
        whole.crop((0, whole.height * at // count, whole.width, whole.height * (at + 1) // count)).save(stream, "JPEG", quality=95)
        yield stream.getvalue()


class _Writer:
    def __init__(self, style: Style) -> None:
        self.style = style
        self.used = 0

    def parts(self, pages: Sequence[Page]) -> list[tuple[str, str]]:
        """Names in the package and their XML."""
        places = [len(pages) - 1 - number if self.style.backwards else number for number in range(len(pages))]
        parts = [("OFD.xml", self.root()), ("Doc_0/Document.xml", self.document(pages, places))]
        for page, place in zip(pages, places, strict=True):
            lines = "" if self.style.template else self.lines(page.segments)
            used = self.tag("Template", f'TemplateID="{900 + place}" ZOrder="Background"') if self.style.template else ""
            parts.append((f"Doc_0/Pages/Page_{place}/Content.xml", self.page(page, used, lines + self.text(page.pieces))))
            if self.style.template:
                parts.append((f"Doc_0/Tpls/Tpl_{place}/Content.xml", self.page(page, "", self.lines(page.segments))))
        return parts

    def tag(self, name: str, attributes: str = "", inside: str = "") -> str:
        """An element in the namespace."""
        name = f"{self.style.prefix}:{name}" if self.style.prefix else name
        return f"<{name}{' ' if attributes else ''}{attributes}>{inside}</{name}>"

    def whole(self, name: str, attributes: str, inside: str) -> str:
        """A part: the root element with its declaration."""
        declared = f'xmlns{":" if self.style.prefix else ""}{self.style.prefix}="{NAMESPACE}"'
        return '<?xml version="1.0" encoding="UTF-8"?>' + self.tag(name, f"{declared} {attributes}".strip(), inside)

    def root(self) -> str:
        info = self.tag("DocInfo", "", self.tag("DocID", "", "0123456789abcdef") + self.tag("Creator", "", "by hand"))
        place = "/Doc_0/Document.xml" if self.style.rooted else "Doc_0/Document.xml"
        return self.whole("OFD", 'Version="1.0" DocType="OFD"', self.tag("DocBody", "", info + self.tag("DocRoot", "", place)))

    def document(self, pages: Sequence[Page], places: Sequence[int]) -> str:
        area = self.tag("PageArea", "", self.tag("PhysicalBox", "", f"0 0 {pages[0].width:.3f} {pages[0].height:.3f}"))
        start = "/Doc_0/" if self.style.rooted else ""
        templates = [self.tag("TemplatePage", f'ID="{900 + place}" BaseLoc="{start}Tpls/Tpl_{place}/Content.xml"') for place in places]
        listed = "".join(self.tag("Page", f'ID="{place + 1}" BaseLoc="{start}Pages/Page_{place}/Content.xml"') for place in places)
        common = self.tag("CommonData", "", self.tag("MaxUnitID", "", "99999") + area + "".join(templates if self.style.template else []))
        return self.whole("Document", "", common + self.tag("Pages", "", listed))

    def page(self, page: Page, before: str, objects: str) -> str:
        area = self.tag("Area", "", self.tag("PhysicalBox", "", f"0 0 {page.width:.3f} {page.height:.3f}"))
        inside = self.tag("PageBlock", 'ID="5"', objects) if self.style.blocks else objects
        return self.whole("Page", "", area + before + self.tag("Content", "", self.tag("Layer", 'ID="4" Type="Body"', inside)))

    def lines(self, segments: Sequence[Segment]) -> str:
        return "".join(self.line(segment) for segment in segments)

    def line(self, segment: Segment) -> str:
        x0, top, x1, bottom = segment
        wide, high = x1 - x0 + LINE, bottom - top + LINE
        boundary = f'ID="{self.number()}" Boundary="{x0 - LINE / 2:.3f} {top - LINE / 2:.3f} {wide:.3f} {high:.3f}"'
        if self.style.filled:
            data, how = f"M 0 0 L {wide:.3f} 0 L {wide:.3f} {high:.3f} L 0 {high:.3f} C", ' Fill="true" Stroke="false"'
        else:
            half = LINE / 2
            data, how = f"M {half} {half} L {wide - half:.3f} {high - half:.3f}", f' LineWidth="{LINE}"'
        return self.tag("PathObject", boundary + how, self.tag("AbbreviatedData", "", data))

    def text(self, pieces: Sequence[Piece]) -> str:
        runs = [[piece] for piece in pieces] if self.style.single else list(rows(pieces))
        return "".join(self.run(run) for run in runs)

    def run(self, run: Sequence[Piece]) -> str:
        """A text object for characters on one line."""
        first, last = run[0], run[-1]
        high, scale = first.bottom - first.top, 72 / 25.4 if self.style.scaled else 1
        matrix = f' CTM="{1 / scale:.6f} 0 0 {1 / scale:.6f} 0 0"' if self.style.scaled else ""
        boundary = f'ID="{self.number()}" Boundary="{first.x0:.3f} {first.top:.3f} {last.x1 - first.x0:.3f} {high:.3f}"'
        steps = [f"{(piece.x0 - before.x0) * scale:.3f}" for before, piece in zip(run, run[1:])]  # noqa: RUF007
        distances = f' DeltaX="{_repeated(steps) if self.style.repeats else " ".join(steps)}"' if steps else ""
        text = escape("".join(piece.text for piece in run))
        code = self.tag("TextCode", f'X="0" Y="{BASE * high * scale:.3f}"{distances}', text)
        return self.tag("TextObject", f'{boundary}{matrix} Font="3" Size="{high * scale:.3f}"', code)

    def number(self) -> int:
        self.used += 1
        return 10_000 + self.used


def _repeated(steps: Sequence[str]) -> str:
    """Distances, two and more alike as ``g 2 4.2``."""
    made: list[str] = []
    at = 0
    while at < len(steps):
        end = next((end for end in range(at, len(steps)) if steps[end] != steps[at]), len(steps))
        made.append(f"g {end - at} {steps[at]}" if end - at > 1 else steps[at])
        at = end
    return " ".join(made)


def seconds_a_page(content: Content, times: int = 5) -> float:
    """What reading a page takes, the best of some tries."""
    pages = laid_out(pdf(html(content)))
    body = written(pages, STYLES["plain"])
    tries = []
    for _ in range(times):
        start = time.perf_counter()
        ofd.read(body)
        tries.append((time.perf_counter() - start) / len(pages))
    return min(tries)
