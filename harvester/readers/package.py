"""The zip of XML parts that docx and xlsx are: opened without running, fetching or inflating more than a report has."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from harvester.errors import Unreadable
from harvester.readers.bounds import MAX_BYTES

Element = etree._Element
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)
MAX_TAGS = 500_000  # "<" signs of one part: a report has some ten thousand, and each takes a hundred bytes and some microseconds
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the only ones that the format allows


class Link(NamedTuple):
    """What a part refers to by the id ``r:id``: the last word of the link's type, and the part's name, empty for an address outside."""

    kind: str
    part: str


def local(element: Element) -> str:
    """The element's name without its namespace, which three editions of the format spell in three ways."""
    name = element.tag
    return name[name.rfind("}") + 1 :] if isinstance(name, str) else ""


def attribute(element: Element | None, name: str, default: str = "") -> str:
    """The attribute called ``name`` in whatever namespace."""
    if element is not None:
        for key, value in element.items():
            if str(key).rpartition("}")[2] == name:
                return str(value)
    return default


def child(element: Element | None, name: str) -> Element | None:
    """The first child called ``name`` in whatever namespace."""
    return next(element.iterchildren("{*}" + name), None) if element is not None else None


def check_tags(content: bytes, what: str) -> None:
    """Raises :class:`Unreadable` for more tags than any report has."""
    if content.count(b"<") > MAX_TAGS:
        raise Unreadable(f"too large: {what} has more than {MAX_TAGS:,} tags; no report has that many")


def parse(content: bytes, what: str) -> Element:
    """Root of an XML document; ``what`` names it to the user. Raises :class:`Unreadable` for a damaged or hostile one.

    No file and no address is looked up, no entity becomes text, and what nests deeper than 256 ends the parser.
    """
    check_tags(content, what)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(f"the document is damaged: {what} is no XML ({_one_line(error)})") from error


def stream(content: bytes, what: str, *names: str) -> Iterator[Element]:
    """Elements of these names, in whatever namespace, as they end; the caller clears them. As careful as :func:`parse`."""
    check_tags(content, what)
    tags = [f"{{*}}{name}" for name in names]
    try:
        for _, element in etree.iterparse(
            io.BytesIO(content), tag=tags, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        ):
            yield element
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(f"the document is damaged: {what} is no XML ({_one_line(error)})") from error


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:120]


class Package:
    """Parts by their names, with ``/`` between folders and none in front. Raises :class:`Unreadable` for a damaged zip."""

    def __init__(self, body: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(body))
        except BROKEN as error:
            raise Unreadable(f"the document is cut off or damaged ({_one_line(error)})") from error
        # Some programs write Windows' own separator, and names differ from references in their case.
        self._entries = {entry.filename.replace("\\", "/").lstrip("/").lower(): entry for entry in self._zip.infolist()}

    def part(self, name: str) -> bytes | None:
        """Bytes of a part, None when there is none. Raises :class:`Unreadable` for one that is damaged, locked or inflates too far."""
        entry = self._entries.get(name.lower())
        if entry is None:
            return None
        if entry.flag_bits & 1:
            raise Unreadable("the document has a password; the bytes are kept")
        if entry.compress_type not in METHODS:
            raise Unreadable(f"the document is damaged: {name} is packed in a way that no office program uses")
        if entry.file_size > MAX_BYTES:
            raise Unreadable(f"too large: {name} inflates to {entry.file_size / 1e6:,.0f} MB; at most {MAX_BYTES // 1_000_000} MB are read")
        try:
            return self._zip.read(entry)
        except BROKEN as error:
            raise Unreadable(f"the document is damaged: {name} ({_one_line(error)})") from error

    def xml(self, name: str) -> Element | None:
        """Root element of a part, None when there is none."""
        content = self.part(name)
        return None if content is None else parse(content, name)

    def main(self, usual: str) -> str:
        """Name of the part that is the document; ``usual`` where the package does not say."""
        return next((link.part for link in self.links("").values() if link.kind == "officeDocument" and link.part), usual)

    def links(self, name: str) -> dict[str, Link]:
        """What the part ``name`` refers to, by id; the package itself is the part "". Nothing outside the file is ever opened."""
        folder, file = posixpath.split(name)
        root = self.xml(posixpath.join(folder, "_rels", f"{file}.rels"))
        return dict(_links(root, folder)) if root is not None else {}


def _links(root: etree._Element, folder: str) -> Iterator[tuple[str, Link]]:
    for element in root:
        target = attribute(element, "Target")
        outside = attribute(element, "TargetMode") == "External"
        inside = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        yield attribute(element, "Id"), Link(attribute(element, "Type").rsplit("/", 1)[-1], "" if outside else inside)
