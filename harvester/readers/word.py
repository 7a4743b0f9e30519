"""Word's documents (docx, docm, the XML of Word 2003): what they print as plain HTML, which the HTML reader then reads."""

from __future__ import annotations

from harvester.errors import Unreadable
from harvester.items import Document
from harvester.readers import html
from harvester.readers.bounds import check_markup
from harvester.readers.package import Element, Package, attribute, child, local, parse
from harvester.readers.word_markup import Source, markup
from harvester.readers.word_pictures import read_into

MAIN = "word/document.xml"


def read(body: bytes) -> Document:
    """Document of a docx, of Word 2003 XML, or of a docx whose parts are in one XML file.

    Raises :class:`Unreadable` for a damaged, locked or hostile one. Nothing in it is run, nothing outside it is opened.
    """
    zipped = body.startswith(b"PK")
    source = _zipped(body) if zipped else _single(body)
    try:
        content, pictures = markup(source)
    except RecursionError as error:
        raise Unreadable("the document is damaged: its parts stand in one another too deep") from error
    check_markup(content)
    document = html.read(content)
    document.format = "docx" if zipped else "wordxml"
    read_into(document, pictures, source.part)
    return document


def _zipped(body: bytes) -> Source:
    package = Package(body)
    name = package.main(MAIN)
    root = package.xml(name)
    if root is None:
        raise Unreadable(f"the document is damaged: it has no {name}")
    links = package.links(name)
    parts = {link.kind: link.part for link in links.values() if link.part}
    told = {key: link.part for key, link in links.items() if link.kind in ("aFChunk", "image") and link.part}
    styles, numbering = (package.xml(parts[kind]) if kind in parts else None for kind in ("styles", "numbering"))
    return Source(_body(root), styles, numbering, lambda key: package.part(told.get(key, "")))


def _single(body: bytes) -> Source:
    root = parse(body.lstrip(), "the document")
    if local(root) != "package":
        return Source(_body(root), child(root, "styles"))
    parts = {attribute(part, "name").strip("/"): data[0] for part in root if (data := child(part, "xmlData")) is not None and len(data)}
    main = parts.get(MAIN)
    if main is None:
        raise Unreadable(f"the document is damaged: it has no {MAIN}")
    return Source(_body(main), parts.get("word/styles.xml"), parts.get("word/numbering.xml"))


def _body(root: Element) -> Element:
    found = child(root, "body")
    if found is None:
        raise Unreadable("the document is damaged: it has no body")
    return found
