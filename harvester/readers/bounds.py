"""What is too large or too strange to be a report: told at once, before a parser takes minutes or gigabytes over it."""

from __future__ import annotations

import re
from pathlib import Path

from harvester.errors import Unreadable

# What is larger is no report (the longest weigh some MB, pictures inside included), and reading it would take what others wait for.
MAX_BYTES = 32_000_000
MAX_PAGES = 300  # of PDF, OFD and scans: reports of whole provinces stay below a hundred
MAX_SCANNED = 30  # pages that are pictures: each takes seconds
MAX_TAGS = 1_000_000  # "<" signs: a parsed tag takes a hundred bytes and more, whatever its length
FEW_TAGS = 20_000  # a page of 100 KB has some thousand; below this no nesting takes a second
MAX_NESTED = 5_000  # the parser looks up all open tags at every paragraph
MAX_ATTRIBUTES = 20_000  # of one tag: the parser compares each with all before it
# Tags that stay open until they are closed.
NESTING = re.compile("<(/?)(?!(?:p|li|d[dt]|t[drh]|tbody|option|br|hr|img|input|meta|link|col|area|base|wbr)[\\s/>])[a-z]", re.IGNORECASE)
LONG = re.compile(f"<[a-zA-Z][^<]{{{3 * MAX_ATTRIBUTES},}}")
QUOTED = re.compile("\"[^\"]*\"|'[^']*'")
TAG = re.compile("<[a-zA-Z](?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+")


def file_bytes(path: Path) -> bytes:
    """The bytes of a file. Raises :class:`OSError`, and :class:`Unreadable` for one that is larger than any report, without loading it."""
    with path.open("rb") as stream:
        body = stream.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        check_size(max(path.stat().st_size, len(body)))
    return body


def check_size(size: int) -> None:
    """``size`` in bytes. Raises :class:`Unreadable` for more than any report has."""
    if size > MAX_BYTES:
        raise Unreadable(f"too large: {size / 1e6:,.0f} MB; no report is, and at most {MAX_BYTES // 1_000_000} MB are read")


def check_markup(content: str) -> None:
    """Raises :class:`Unreadable` for markup that no editor makes. Takes microseconds for a page of 100 KB."""
    if (tags := content.count("<")) > MAX_TAGS:
        raise Unreadable(f"too large: {tags:,} tags; no report has that many, and at most {MAX_TAGS:,} are read")
    if tags > FEW_TAGS and _nested(content) > MAX_NESTED:
        raise Unreadable(f"tags stand in one another more than {MAX_NESTED:,} deep: no page, or a damaged one")
    for tag in LONG.finditer(content) if len(content) > 10 * MAX_ATTRIBUTES else ():
        if _attributes(content, tag.start()) > MAX_ATTRIBUTES:
            raise Unreadable(f"one tag has more than {MAX_ATTRIBUTES:,} attributes: no page, or a damaged one")


def _nested(content: str) -> int:
    """How deep tags stand in one another, at most."""
    depth = deepest = 0
    for tag in NESTING.finditer(content):
        depth = max(depth - 1, 0) if tag[1] else depth + 1
        deepest = max(depth, deepest)
    return deepest


def _attributes(content: str, start: int) -> int:
    """How many attributes the tag has that begins at ``start``. What stands in quotes (a picture) is none, however long."""
    tag = TAG.match(content, start)
    return len(QUOTED.sub("", tag[0]).split()) if tag else 0
