"""The titles a page offers: its metadata, the headings of its text (also over two lines), its ``<title>``, the link that led to it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from harvester import titles
from harvester.items import Document

HEAD = 12  # blocks in which a title may stand
LONGEST_TITLE = 70
TITLE_WORD = re.compile(r"报告|年报|报表|年鉴|公报|总结|年度工?作?报?(?:…|\.\.|$)")
SENTENCE = re.compile(r"[，。；,;>]|现将|如下|根据|按照")  # a first sentence names the report too


def offered(document: Document, link_text: str = "") -> Iterator[str]:
    """Titles in the order we trust them, cleaned; one that a list cut off with … comes last."""
    meta = document.meta
    whole, split = _headings(document)
    reports = [text for text in whole if titles.verdict(text).kind != "lookalike"]
    # Many titles in the text: a list of others stands in front of it. A look-alike's may be an item of the site's menu.
    first, last = ([], whole) if len(reports) > 2 else (reports, [text for text in whole if text not in reports])
    named: list[str] = []
    columns: list[str] = []  # an h1 may be the column's: 政策解读 over a report
    for text in (meta.get("h1", ""), meta.get("title", "")):
        (named if TITLE_WORD.search(text) else columns).append(text)
    said = [meta.get("articletitle", ""), *first, *named, *last, *split, link_text, *columns]
    cut = [text for text in said if text.rstrip().endswith(("…", "..."))]
    for text in dict.fromkeys([text for text in said if text not in cut] + cut):
        if text and (title := titles.clean(text)):
            yield title


def is_title(text: str) -> bool:
    """Whether a line reads like a title: short, names a report, and is no sentence about one."""
    return len(text) <= LONGEST_TITLE and TITLE_WORD.search(text) is not None and SENTENCE.search(text) is None


def _headings(document: Document) -> tuple[list[str], list[str]]:
    """First blocks that read like a title: those that say it all, and those that end a title printed over two or three lines.

    The second come joined, then as they are.
    """
    texts = [block.text for block in document.blocks[:HEAD]]
    whole: list[str] = []
    split: list[str] = []
    for place, text in enumerate(texts):
        if not is_title(text):
            continue
        joined = [before + text for lines in (2, 1) if place >= lines and (before := _begun(texts[place - lines : place], text))]
        (split if joined else whole).extend([*joined, text])
    return whole, split


def _begun(before: list[str], last: str) -> str:
    """The lines ``before`` as one when ``last`` ends the title they begin: 郑州市政务服务办公室 / 政府信息公开工作年度报告; else empty."""
    start = "".join(before)
    if not all(before) or len(start + last) > LONGEST_TITLE or SENTENCE.search(start) or titles.organ_of(last):
        return ""
    whole = titles.verdict(start + last).kind == "report" and len(titles.organ_of(start + last)) > 1
    return start if whole and titles.verdict(before[0]).kind == "other" else ""
