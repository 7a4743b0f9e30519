"""OFD (GB/T 33190), the national page format: a zip of XML whose text objects and paths have places on the page, much as in PDF."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from itertools import islice, zip_longest
from math import hypot
from typing import NamedTuple
from unicodedata import east_asian_width

from lxml import etree

from harvester.errors import Unreadable
from harvester.items import Document
from harvester.readers import pictured
from harvester.readers.bounds import MAX_BYTES, MAX_PAGES
from harvester.readers.ofd_pictures import Picture, is_scanned, seen
from harvester.readers.package import Package, local, parse
from harvester.readers.pages import Page
from harvester.readers.printed import Piece
from harvester.readers.ruled import Box, Segment

ROOT = "OFD.xml"
NARROW = 0.55  # width of a Latin letter or digit, of its height
LEAST = 0.2  # no character is narrower
LOWEST = 0.1  # millimetres: lower type cannot be seen
ABOVE = 0.88  # how far a character rises above its base line
MAX_DEPTH = 20  # blocks of a page in one another
TOKEN = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
# Operators of a path -> how many numbers follow; the last two are where the pen is then (none: back to the start).
OPERANDS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
A4 = (210.0, 297.0)
THIN = 1.2  # millimetres: what is filled and as thin is a line
WHITE = [255.0, 255.0, 255.0]
MAX_DOCUMENTS = 10
RESOURCES = ("DocumentRes", "PublicRes")


class Frame(NamedTuple):
    """How an object's own coordinates lie on the page: scaled, turned and moved (its CTM), then moved to its boundary."""

    a: float = 1
    b: float = 0
    c: float = 0
    d: float = 1
    e: float = 0
    f: float = 0

    def on_page(self, x: float, y: float) -> tuple[float, float]:
        """A point of the object in millimetres of the page."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f


def read(body: bytes) -> Document:
    """Document of an OFD file; signatures are not verified, scripts and attachments not looked at. Raises :class:`Unreadable`."""
    file = _File(body)
    pages = [page for root in file.roots() for page in file.pages(root)]
    scanned = [number for number, (page, pictures) in enumerate(pages) if is_scanned(page, pictures)]
    text = [None if number in scanned else page for number, (page, _) in enumerate(pages)]
    return pictured.completed("ofd", text, scanned, lambda number: seen(*pages[number], file.part), [])


class _File:
    """The parts of an OFD file as XML, while they stay within what a report has."""

    def __init__(self, body: bytes) -> None:
        self.part = Package(body).part
        self.room = MAX_BYTES

    def xml(self, name: str) -> etree._Element:
        """A part. Raises :class:`Unreadable` when it is not there or not XML: damaged, or encrypted as GM/T 0099 does it."""
        content = self.part(name)
        if content is None:
            raise Unreadable(f"the OFD file lacks its part {name or 'without a name'}: encrypted or damaged")
        self.room -= len(content)
        if self.room < 0:
            raise Unreadable(f"too large: the pages of the OFD file inflate to more than {MAX_BYTES // 1_000_000} MB")
        return parse(content, name)

    def roots(self) -> list[str]:
        """Names of the documents inside; nearly always one."""
        found = [_resolved("", text) for element in self.xml(ROOT).iterfind(".//{*}DocRoot") if (text := element.text or "").strip()]
        if not found:
            raise Unreadable("the OFD file names no document inside: encrypted or damaged")
        return found[:MAX_DOCUMENTS]

    def pages(self, root: str) -> Iterator[tuple[Page, list[Picture]]]:
        """Pages of a document in the order its list of pages gives, each with its pictures."""
        document, folder = self.xml(root), posixpath.dirname(root)
        media = self._media(document, folder)
        size = _size(document.find("./{*}CommonData/{*}PageArea/{*}PhysicalBox"))
        templates = {entry.get("ID"): _resolved(folder, entry.get("BaseLoc", "")) for entry in document.iterfind(".//{*}TemplatePage")}
        listed = list(islice(document.iterfind("./{*}Pages/{*}Page"), MAX_PAGES + 1))
        if len(listed) > MAX_PAGES:
            raise Unreadable(f"too large: more than {MAX_PAGES} pages; no report has as many")
        for entry in listed:
            content = self.xml(_resolved(folder, entry.get("BaseLoc", "")))
            page, pictures = Page(*(_size(content.find("./{*}Area/{*}PhysicalBox")) or size or A4)), list[Picture]()
            for used in content.iterfind("./{*}Template"):
                if name := templates.get(used.get("TemplateID")):
                    _draw(self.xml(name), page)
            _draw(content, page)
            page.pieces = list(_trimmed(page.pieces))
            for element in content.iterfind("./{*}Content//{*}ImageObject"):
                if part := media.get(element.get("ResourceID")):
                    pictures.append(Picture(part, _box(_frame(element))))
            yield page, pictures

    def _media(self, document: etree._Element, folder: str) -> dict[str | None, str]:
        """Names of the pictures in the package, by the ids that pages use."""
        found: dict[str | None, str] = {}
        for element in document.iterfind("./{*}CommonData/*"):
            if local(element) not in RESOURCES:
                continue
            name = _resolved(folder, element.text or "")
            listed = self.xml(name) if self.part(name) else None
            for medium in listed.iterfind("./{*}MultiMedias/{*}MultiMedia") if listed is not None else ():
                place = posixpath.join(posixpath.dirname(name), listed.get("BaseLoc", "")) if listed is not None else ""
                found[medium.get("ID")] = _resolved(place, medium.findtext("./{*}MediaFile") or "")
        return found


def _box(frame: Frame) -> Box:
    """Where a picture lies: its own coordinates are those of a square of 1."""
    (x0, top), (x1, bottom) = frame.on_page(0, 0), frame.on_page(1, 1)
    return Box(min(x0, x1), min(top, bottom), max(x0, x1), max(top, bottom))


def _resolved(folder: str, location: str) -> str:
    """Name in the package of what ``location`` says: from its root when it begins with a slash, else from the file's own folder."""
    return posixpath.normpath(posixpath.join("/", folder, location.strip().replace("\\", "/"))).strip("/")


def _draw(content: etree._Element, page: Page) -> None:
    """Puts the text and the lines of a page or a template on ``page``."""
    for layer in content.iterfind("./{*}Content/{*}Layer"):
        _objects(layer, page, 0)


def _objects(parent: etree._Element, page: Page, depth: int) -> None:
    for element in parent:
        kind = local(element)
        if element.get("Visible", "").lower() == "false" or element.get("Alpha") == "0":
            continue
        if kind == "PageBlock" and depth < MAX_DEPTH:
            _objects(element, page, depth + 1)
        elif kind == "TextObject":
            page.pieces.extend(_pieces(element, _frame(element)))
        elif kind == "PathObject":
            (page.segments if _is_line(element) else page.shades).extend(_segments(element, _frame(element)))


def _frame(element: etree._Element) -> Frame:
    numbers = _numbers(element.get("CTM", ""))
    frame = Frame(*numbers) if len(numbers) == 6 else Frame()
    x, y = [*_numbers(element.get("Boundary", "")), 0.0, 0.0][:2]
    return frame._replace(e=frame.e + x, f=frame.f + y)


def _pieces(element: etree._Element, frame: Frame) -> Iterator[Piece]:
    """The characters of a text object, each in the box of its type."""
    size, stretch = _number(element.get("Size"), 0), _number(element.get("HScale"), 1)
    height, across = size * hypot(frame.c, frame.d), size * stretch * hypot(frame.a, frame.b)
    x = y = 0.0
    for code in element.iterfind("./{*}TextCode") if height > LOWEST else ():
        text = (code.text or "").strip("\r\n\t")
        x, y = _number(code.get("X"), x), _number(code.get("Y"), y)
        right, down = _distances(code.get("DeltaX"), len(text)), _distances(code.get("DeltaY"), len(text))
        at_x, at_y = x, y
        for index, character in enumerate(text):
            width = across if east_asian_width(character) in "WF" else across * NARROW
            left, base = frame.on_page(at_x, at_y)
            forward = right[index] if index < len(right) else None
            at_x += forward if forward is not None else 0 if down else width / (hypot(frame.a, frame.b) or 1)
            at_y += down[index] if index < len(down) else 0
            beside = frame.on_page(at_x, at_y)[0] - left
            width = min(width, beside) if forward and beside > 0 else width
            yield Piece(character, left, base - ABOVE * height, left + width, base + (1 - ABOVE) * height)


def _trimmed(pieces: list[Piece]) -> Iterator[Piece]:
    """The characters, those whose width was guessed no wider than up to where the next one is printed."""
    for piece, after in zip_longest(pieces, pieces[1:]):
        step = after.x0 - piece.x0 if after and abs(after.bottom - piece.bottom) < LEAST * (piece.bottom - piece.top) else 0
        yield piece._replace(x1=after.x0) if LEAST * (piece.bottom - piece.top) < step < piece.x1 - piece.x0 else piece


def _distances(text: str | None, most: int) -> list[float]:
    """DeltaX or DeltaY: distances from character to character; ``g 5 4.2`` is 4.2 five times."""
    found: list[float] = []
    words = iter((text or "").split())
    for word in words:
        if word == "g":
            count, value = _number(next(words, "0"), 0), _number(next(words, "0"), 0)
            found += [value] * int(min(max(count, 0), most))
        else:
            found.append(_number(word, 0))
        if len(found) >= most:
            break
    return found


def _is_line(element: etree._Element) -> bool:
    """Whether a path is drawn as a line, or filled and thin enough for one; else it is a shaded area, or white."""
    if element.get("Stroke", "true").lower() != "false":
        color = element.find("./{*}StrokeColor")
        return color is None or _numbers(color.get("Value", "")) != WHITE
    _, _, width, height = [*_numbers(element.get("Boundary", "")), *[0.0] * 4][:4]
    return min(width, height) < THIN


def _segments(element: etree._Element, frame: Frame) -> Iterator[Segment]:
    """The straight strokes of a path, or of the outline of what is filled."""
    data = element.find("./{*}AbbreviatedData")
    words = iter(TOKEN.findall((data.text or "") if data is not None else ""))
    points: list[tuple[float, float]] = []
    start = (0.0, 0.0)
    for operator in words:
        count = OPERANDS.get(operator, 0)
        values = [_number(word, 0) for word in islice(words, count)]
        if len(values) < count:
            return
        point = frame.on_page(*values[-2:]) if values else start
        if operator in "SM":
            start = point
        elif operator in "LC" and points:
            yield Segment(*points[-1], *point)
        points = [point]


def _numbers(text: str) -> list[float]:
    return [_number(word, 0) for word in text.split()]


def _number(text: str | None, default: float) -> float:
    """A number of the file; what is none, infinite or beyond any page is the default."""
    try:
        value = float(text) if text else default
    except ValueError:
        return default
    return value if abs(value) < 1e6 else default


def _size(box: etree._Element | None) -> tuple[float, float] | None:
    """Width and height of a page's box, ``x y width height``."""
    numbers = _numbers(box.text or "") if box is not None else []
    return (numbers[2], numbers[3]) if len(numbers) == 4 and min(numbers[2:]) > 0 else None
