"""What a visitor of an HTML page sees: code, controls and hidden elements leave the tree, a number in a form's field becomes text."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

STRIPPED = ["script", "style", "noscript", "template", "select", "button"]  # text that is no text, wherever it stands
HINTS = ("isplay", "ISPLAY", "idden")  # of display:none, visibility:hidden, hidden
HIDING = '[style*="display" i], [style*="visibility" i], [hidden]'
INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
MANY = 20  # nested elements that hold most of the text and are hidden: more are hostile
MAX_DEPTH = 200
FIELDS = frozenset(["", "text", "number", "tel"])  # types of input whose value is seen


def leave_visible(root: LexborNode, content: str | bytes) -> None:
    """Takes out of the tree what its page (``content``) does not show.

    An element that holds most of the text stays, hidden or not: some sites show their text by script.
    """
    if _has(content, HINTS):
        for node in _hidden(root):
            node.decompose()
    for field in root.css("input"):
        attrs = field.attributes
        seen = (attrs.get("type") or "").lower() in FIELDS and _in_cell(field)
        field.replace_with((attrs.get("value") or "") if seen else "")


def _has(content: str | bytes, words: tuple[str, ...]) -> bool:
    """Whether any of ``words`` occurs. From the end: what is absent, CPython rules out four times as fast as it does from the start."""
    return any((content.rfind(word.encode()) if isinstance(content, bytes) else content.rfind(word)) >= 0 for word in words)


def _hidden(root: LexborNode) -> list[LexborNode]:
    """Outermost hidden elements: what is inside one goes with it."""
    found = [node for node in root.css(HIDING) if _is_hidden(node)]
    most, kept = len(root.text()) // 2 if found else 0, 0
    taken: dict[int, LexborNode] = {}
    for node in found:
        if _inside(node, taken):
            continue
        if kept < MANY and len(node.text()) <= most:
            taken[node.mem_id] = node
        else:
            kept += 1
    return list(taken.values())


def _is_hidden(node: LexborNode) -> bool:
    attrs = node.attributes
    return "hidden" in attrs or INVISIBLE.search(attrs.get("style") or "") is not None


def _in_cell(node: LexborNode) -> bool:
    above, steps = node.parent, 0
    while above is not None and above.tag not in ("td", "th", "body") and steps < MAX_DEPTH:
        above, steps = above.parent, steps + 1
    return above is not None and above.tag in ("td", "th")


def _inside(node: LexborNode, outer: dict[int, LexborNode]) -> bool:
    above, steps = node.parent, 0
    while above is not None and above.mem_id not in outer and steps < MAX_DEPTH:
        above, steps = above.parent, steps + 1
    return above is not None
