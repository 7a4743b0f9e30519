"""HTML as portals serve it: the report's own part of the page as blocks and grids, the rest of the page as what it says about itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from harvester.grid import from_spans
from harvester.items import Block, Document
from harvester.readers.blocks import clean, headed, word_list
from harvester.readers.cells import INLINE, MAX_DEPTH, rows_of
from harvester.readers.visible import STRIPPED, leave_visible

# Not content. ASP.NET wraps whole pages in one form, so forms are walked and only their controls are left out.
SKIPPED = frozenset("nav footer aside iframe object embed video audio textarea svg img".split())  # noqa: SIM905
NAMED = frozenset(["div", "ul", "dl", "section", "header"])
MENUS = frozenset(["div", "ul", "ol", "dl", "section", "header", "table", "td", "center"])
LEAVES = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6"])  # closed before any block begins, but for tables in pages without a doctype
PLAIN = LexborDocumentOptions.WO_EVENTS.value  # the events only copy the chosen entry of a menu into its button; menus go anyway
CANDIDATES = ("div", "article, section, td[id], font[id], ucapcontent")  # nearly every CMS uses a div; the others are looked at after it
HEADINGS = {f"h{level}": level for level in range(1, 7)}
MAX_WEIGHED = 40  # steps down to the densest part, and elements with a container's name: each is weighed with all the text in it
CONTAINERS = frozenset(word_list("containers.txt"))  # #id, .class or tag
LINES = word_list("chrome.txt")
CHROME = re.compile("|".join(line for line in LINES if line.startswith("^")))
CHROME_WITHIN = re.compile("|".join(line for line in LINES if not line.startswith("^")))
# Elements around an article, by a word of their class or id; only short ones go: a template may call the whole page "print-area".
AROUND = re.compile(rf"(?:^|[\s_-])(?:{'|'.join(word_list('chrome_names.txt'))})(?:$|[\s_-]|box|bar|list|wrap|btn|\d)", re.IGNORECASE)
SHORT = 200
DATED = re.compile(r"(?:发布|公开|发文|生成|成文|印发)?(?:时间|日期)\s*[:：]\s*((?:19|20)\d\d\s*[-年./]\s*\d{1,2}\s*[-月./]\s*\d{1,2})")
PUBLISHER = re.compile(r"(?:发布|公开|发文)(?:机构|单位|主体)\s*[:：]?\s*([^\s:：]{2,40})")


def read(content: str | bytes) -> Document:
    """Document of an HTML page; bytes are UTF-8."""
    tree = LexborHTMLParser(content, options=PLAIN)
    meta = _meta(tree)
    tree.strip_tags(STRIPPED)
    root = tree.body or tree.root
    if root is None:
        return Document([], meta)
    leave_visible(root, content)
    body = _container(root)
    walker = _Walker(body)
    walker.walk(body, 0)
    if body.tag != "body" and not meta.keys() >= {"pubdate", "contentsource"}:
        _around(root, meta)
    return Document(list(_without_chrome(walker.finish(), meta)), meta)


class _Walker:
    """Collects blocks in reading order; text runs until an element that breaks the line.

    ``among_menus``: no element of a known CMS holds the text, so lists of links are the site's. ``whole``, ``nested``: no paragraph is
    broken by a line or a table, some table holds another; looked at once a page.
    """

    def __init__(self, body: LexborNode) -> None:
        self.among_menus = not _is_container(body)
        self.whole = body.css_first("br, p table, table table") is None  # of most pages; one search for all three
        self.nested = False
        if not self.whole:
            self.whole = body.css_first("br, p table") is None
            self.nested = body.css_first("table table") is not None
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
            elif tag in LEAVES and (self.whole or child.css_first("br, table") is None):
                self.leaf(child.text(), HEADINGS.get(str(tag), 0))
            elif tag not in SKIPPED and child.is_element_node:
                self.block(child, depth, HEADINGS.get(str(tag), 0))
            child = child.next

    def block(self, node: LexborNode, depth: int, level: int) -> None:
        self.flush()
        tag = node.tag
        if (tag in NAMED and _is_around(node)) or (self.among_menus and depth < MAX_WEIGHED and tag in MENUS and _is_menu(node)):
            return
        if tag == "table":
            self.table(node, depth)
        else:
            self.walk(node, depth + 1)
        self.flush(level)

    def table(self, node: LexborNode, depth: int) -> None:
        rows = rows_of(node, self.nested)
        if rows is None:
            self.walk(node, depth + 1)
            return
        first = next(_elements(node), None)
        if first is not None and first.tag == "caption":
            self.leaf(first.text(), 0)
        self.blocks.append(Block(grid=from_spans(self.tables, rows)))
        self.tables += 1

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


def _line(node: LexborNode) -> str:
    return clean(node.text())


def _is_around(node: LexborNode) -> bool:
    """Whether an element is one of the tools and notes that stand around an article: share bars, breadcrumbs, other articles."""
    attrs = node.attributes
    return AROUND.search(f"{attrs.get('class') or ''} {attrs.get('id') or ''}") is not None and len(node.text()) < SHORT


def _is_menu(node: LexborNode) -> bool:
    """Whether an element holds several links and next to nothing else."""
    links = node.css("a")
    return len(links) > 1 and sum(len(_line(link)) for link in links) >= 0.8 * len(_line(node))


def _container(root: LexborNode) -> LexborNode:
    """The element that holds the report: the fullest one a known CMS names, else the densest part of the page."""
    for selector in CANDIDATES:
        named = islice((node for node in root.css(selector) if _is_container(node)), MAX_WEIGHED)
        known = [(len(node.text()), node) for node in named]
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
    for _ in range(MAX_WEIGHED if weight else 0):
        heaviest = max(((_prose_length(child), child) for child in _elements(node)), key=lambda found: found[0], default=None)
        if heaviest is None or heaviest[0] < 0.8 * weight or heaviest[1].tag in ("table", "tbody", "tr", "p", "span"):
            break
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
        attrs = node.attributes
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
        elif len(block.text) < 80 and (CHROME.match(block.text) or CHROME_WITHIN.search(block.text)):
            if (match := DATED.search(block.text)) and "published" not in meta:
                meta["published"] = match[1]
            continue
        yield block
