"""Which pictures of a page can be its report: not signs, seals, codes to scan, nor what leads elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from harvester.readers.blocks import word_list
from harvester.readers.html import CONTAINERS

PICTURE = re.compile(r"\.(?:jpe?g|png|bmp|tiff?|gif|webp)$", re.IGNORECASE)
TITLED = re.compile(r"[图照]片版|扫描[版件]|影印[版件]")  # of a report whose page is pictures of it
# Where scripts put the picture in when it is scrolled to, until then something else stands in its place.
LAZY = ("data-original", "data-src", "data-lazy-src", "data-lazy", "data-echo", "_src", "src")
CHROME = re.compile("|".join(word_list("picture_chrome.txt")), re.IGNORECASE)
AROUND = frozenset(("header", "footer", "nav", "aside"))
LEAST = {"width": 150, "height": 40}  # pixels: what is shown smaller is neither a page of a report nor a strip of one
SIZE = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*([0-9]{1,5})(?:\.[0-9]*)?px", re.IGNORECASE)
NUMBER = re.compile(r"\s*([0-9]{1,5})(?:px)?\s*$")
CELLS = 40  # of tables: a page with more is no page of pictures
MOST = 500  # pictures of a page that are looked at
DEPTH = 200  # elements around a picture that are looked at


def is_said(title: str) -> bool:
    """Whether a report's title says that its page is pictures of it."""
    return TITLED.search(title) is not None


def may_show(body: bytes) -> bool:
    """Whether a page may be nothing but pictures: a search that nearly every report's page ends at once."""
    return body.count(b"<td") < CELLS and b"<img" in body


def shown(tree: LexborHTMLParser, contained: bool = False) -> list[str]:
    """The addresses of these pictures, as written, in the order of the page: those inside the element that holds the article, where a known
    CMS names one, else (unless ``contained``) all."""
    found = [(node, href) for node in islice(tree.css("img"), MOST) if (href := _href(node)) and not _is_chrome(node, href)]
    inside = [href for node, href in found if _is_inside(node)]
    return inside if inside or contained else [href for _, href in found]


def _href(node: LexborNode) -> str:
    """Where the picture is: the large one that a small one leads to, else the one that a script will show."""
    above = node.parent
    behind = (above.attributes.get("href") or "").strip() if above is not None and above.tag == "a" else ""
    if PICTURE.search(behind.partition("?")[0]):
        return behind
    given = (node.attributes.get(name) or "" for name in LAZY)
    return next((href for href in given if href.strip() and not href.startswith("data:")), "")


def _is_chrome(node: LexborNode, href: str) -> bool:
    attrs = node.attributes
    said = [href.partition("?")[0].rpartition("/")[2], *(attrs.get(name) or "" for name in ("alt", "title", "class", "id"))]
    return any(map(CHROME.search, said)) or _is_small(node) or any(above.tag in AROUND or _leads_away(above) for above in _above(node))


def _is_small(node: LexborNode) -> bool:
    attrs = node.attributes
    sides = [(told[1].lower(), int(told[2])) for told in SIZE.finditer(attrs.get("style") or "")]
    sides += [(name, int(told[1])) for name in LEAST if (told := NUMBER.match(attrs.get(name) or ""))]
    return any(0 < side < LEAST[name] for name, side in sides)


def _leads_away(node: LexborNode) -> bool:
    """Whether an element is a link to a page: what it shows invites there."""
    href = (node.attributes.get("href") or "").strip() if node.tag == "a" else ""
    return bool(href) and not href.startswith(("#", "javascript:")) and not PICTURE.search(href.partition("?")[0])


def _is_inside(node: LexborNode) -> bool:
    return any(_is_container(above) for above in _above(node))


def _is_container(node: LexborNode) -> bool:
    attrs = node.attributes
    names = [f".{name}" for name in (attrs.get("class") or "").split()]
    return not CONTAINERS.isdisjoint([*names, f"#{attrs.get('id')}", node.tag or ""])


def _above(node: LexborNode) -> Iterator[LexborNode]:
    above = node.parent
    for _ in range(DEPTH):
        if above is None:
            return
        yield above
        above = above.parent
