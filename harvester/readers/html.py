"""HTML as portals serve it: the report's own part of the page as blocks and grids, the rest of the page as what it says about itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from harvester.grid import Source, from_spans
from harvester.items import Block, Document
from harvester.readers.blocks import clean, headed, word_list

STRIPPED = ["script", "style", "noscript", "template"]  # text that is no text, wherever it stands
INLINE = frozenset(
    "a abbr b bdi bdo big cite code del em font i ins label mark o:p q s small span strike strong sub sup tt u var".split()  # noqa: SIM905
)
# Not content. ASP.NET wraps whole pages in one form, so forms are walked and only their controls are left out.
SKIPPED = frozenset("nav iframe object embed select button input textarea svg img".split())  # noqa: SIM905
LEAVES = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6"])  # an HTML parser closes these before any block begins
APART = frozenset(("sup", "sub", "del", "s", "strike"))  # in a cell these stand beside its number
CUT = "\x1e"  # record separator: between the pieces of text an element holds
DIGIT = re.compile(r"\d")
HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
SPANNING = "[rowspan], [colspan]"
ONE_BY_ONE = (1, 1)
CANDIDATES = ("div", "article, section, td[id], font[id], ucapcontent")  # nearly every CMS uses a div; the others are looked at after it
HEADINGS = {f"h{level}": level for level in range(1, 7)}
MAX_DEPTH = 200  # nested layout tables of real portals stay below 40; deeper is hostile
CONTAINERS = frozenset(word_list("containers.txt"))  # #id, .class or tag
CHROME = re.compile("|".join(word_list("chrome.txt")))
DATED = re.compile(r"(?:发布|公开|发文|生成|成文|印发)?(?:时间|日期)\s*[:：]\s*((?:19|20)\d\d\s*[-年./]\s*\d{1,2}\s*[-月./]\s*\d{1,2})")
PUBLISHER = re.compile(r"(?:发布|公开|发文)(?:机构|单位|主体)\s*[:：]?\s*([^\s:：]{2,40})")


def read(content: str) -> Document:
    """Document of an HTML page."""
    tree = LexborHTMLParser(content)
    meta = _meta(tree)
    tree.strip_tags(STRIPPED)
    root = tree.body or tree.root
    if root is None:
        return Document([], meta)
    body = _container(root)
    walker = _Walker()
    walker.walk(body, 0)
    if body.tag != "body" and not meta.keys() >= {"pubdate", "contentsource"}:
        _around(root, meta)
    return Document(list(_without_chrome(walker.finish(), meta)), meta)


class _Walker:
    """Collects blocks in reading order; text runs until an element that breaks the line."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.run: list[str] = []
        self.tables = 0

    def walk(self, node: LexborNode, depth: int) -> None:
        child = node.child
        while child is not None:
            tag = child.tag
            if tag == "-text":
                self.run.append(child.text_content or "")
            elif depth >= MAX_DEPTH:
                self.leaf(child.text(), 0)
            elif tag in INLINE:
                self.walk(child, depth + 1)
            elif tag == "br":
                self.flush()
            elif tag in LEAVES and child.css_first("br") is None:
                self.leaf(child.text(), HEADINGS.get(str(tag), 0))
            elif tag not in SKIPPED and child.is_element_node:
                self.block(child, depth, HEADINGS.get(str(tag), 0))
            child = child.next

    def block(self, node: LexborNode, depth: int, level: int) -> None:
        self.flush()
        if node.tag == "table" and (rows := _rows(node)) is not None:
            self.blocks.append(Block(grid=from_spans(self.tables, rows)))
            self.tables += 1
        else:
            self.walk(node, depth + 1)
        self.flush(level)

    def leaf(self, text: str, level: int) -> None:
        self.flush()
        self.run.append(text)
        self.flush(level)

    def flush(self, level: int = 0) -> None:
        if self.run:
            text = clean("".join(self.run))
            self.run.clear()
            if text:
                self.blocks.append(Block(text, level) if level else headed(text))

    def finish(self) -> list[Block]:
        self.flush()
        return self.blocks


def _rows(table: LexborNode) -> list[list[Source]] | None:
    """Rows of a data table, None for a layout table: one that holds a table, or is a single column."""
    if any(inner.mem_id != table.mem_id for inner in table.css("table")):
        return None
    spans = {cell.mem_id: _spans(cell) for cell in table.css(SPANNING)}
    rows = [[(_cell(cell), *spans.get(cell.mem_id, ONE_BY_ONE)) for cell in row.iter()] for row in table.css("tr")]
    return rows if max(map(len, rows), default=0) > 1 else None


def _line(node: LexborNode) -> str:
    return clean(node.text())


def _cell(cell: LexborNode) -> str:
    """Text of a cell. Editors cut one number into several spans; another line, a footnote mark or struck digits are not part of it."""
    text = cell.text(separator=CUT)
    if CUT not in text:
        return clean(text)
    pieces = text.split(CUT)
    if sum(1 for piece in pieces if DIGIT.search(piece)) < 2:
        return clean("".join(pieces))
    parts: list[str] = []
    _collect(cell, parts, 0)
    return clean("".join(parts))


def _collect(node: LexborNode, parts: list[str], depth: int) -> None:
    """The pieces of a cell's text, a space between those that do not run on."""
    child = node.child
    while child is not None:
        tag = child.tag
        if tag == "-text":
            parts.append(child.text_content or "")
        elif depth >= MAX_DEPTH:
            parts.append(child.text())
        elif HIDDEN.search((child.attributes.get("style") or "") if child.is_element_node else "") is None:
            apart = "" if tag in INLINE and tag not in APART else " "
            parts.append(apart)
            _collect(child, parts, depth + 1)
            parts.append(apart)
        child = child.next


def _spans(cell: LexborNode) -> tuple[int, int]:
    attrs = cell.attributes
    return _span(attrs.get("rowspan")), _span(attrs.get("colspan"))


def _span(value: str | None) -> int:
    if not value or value == "1":
        return 1
    digits = re.match(r"\s*(\d{1,4})", value)
    return int(digits[1]) or 1 if digits else 1


def _container(root: LexborNode) -> LexborNode:
    """The element that holds the report: the fullest one a known CMS names, else the densest part of the page."""
    for selector in CANDIDATES:
        known = [(len(node.text()), node) for node in root.css(selector) if _is_container(node)]
        length, best = max(known, key=lambda found: found[0], default=(0, root))
        if length > 200 or length * 4 > len(root.text()):
            return best
    return _densest(root)


def _is_container(node: LexborNode) -> bool:
    attrs = node.attributes
    names = [f".{name}" for name in (attrs.get("class") or "").split()]
    return not CONTAINERS.isdisjoint([*names, f"#{attrs.get('id')}", node.tag or ""])


def _densest(root: LexborNode) -> LexborNode:
    """Descends while one child alone keeps most of its parent's text that is not link text."""
    node, weight = root, _prose_length(root)
    while weight:
        heaviest = max(((_prose_length(child), child) for child in _elements(node)), key=lambda found: found[0], default=None)
        if heaviest is None or heaviest[0] < 0.8 * weight or heaviest[1].tag in ("table", "tbody", "tr", "p", "span"):
            return node
        weight, node = heaviest
    return node


def _prose_length(node: LexborNode) -> int:
    linked = sum(len(link.text()) for link in node.css("a"))
    return max(len(node.text()) - linked, 0)


def _elements(node: LexborNode) -> Iterator[LexborNode]:
    child = node.child
    while child is not None:
        if child.is_element_node:
            yield child
        child = child.next


def _meta(tree: LexborHTMLParser) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in tree.css("meta[name]"):
        attrs = node.attrs
        name, content = (attrs.get("name") or "").lower(), clean(attrs.get("content") or "")
        if content:
            found.setdefault(name, content)
    for key, selector in (("title", "title"), ("h1", "h1")):
        element = tree.css_first(selector)
        if element is not None and (text := _line(element)):
            found[key] = text
    return found


def _around(root: LexborNode, meta: dict[str, str]) -> None:
    """What stands on the page outside the report, for pages whose meta tags do not say it: publisher and publication date."""
    text = clean(root.text(separator=" ")[:6000])
    for key, pattern in (("published", DATED), ("publisher", PUBLISHER)):
        if (match := pattern.search(text)) and key not in meta:
            meta[key] = match[1][:120].strip()


def _without_chrome(blocks: list[Block], meta: dict[str, str]) -> Iterator[Block]:
    """Blocks less what the CMS prints around a report inside the same element: share bars, 索引号 tables, 上一篇."""
    for block in blocks:
        if block.grid is not None:
            words = "".join(cell.text for row in block.grid.rows[:6] for cell in row)
            if "索引号" in words and "申请" not in words[:200]:
                continue
        elif len(block.text) < 80 and CHROME.search(block.text):
            if (match := DATED.search(block.text)) and "published" not in meta:
                meta["published"] = match[1]
            continue
        yield block
