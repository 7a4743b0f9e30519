"""Ways on that a list shows and that no address tells: pagers by script, a choice of pages, 加载更多, more entries than rows."""

from __future__ import annotations

import re

from parsel import Selector

from spiders.families import anchors
from spiders.families.listing import Listing

STEPS = "//a | //button | //input[@type='button'] | //span[@onclick] | //li[@onclick] | //em[@onclick] | //i[@onclick] | //div[@onclick]"
NEXT = re.compile(r"[\[(【]?\s*(下一?[页頁]|后一?页|next( page)?|>|›|»)\s*[>›»\])】]*", re.IGNORECASE)
MORE = re.compile(r"(?:点击)?加载更多|(?:点击)?查看更多|下拉加载.*")
SECOND = re.compile(r"(?<!\d)2(?!\d)")
CHOICE = re.compile(r"(?:第\s*)?2\s*页?(?:\s*/\s*\d+)?")
TOTAL = re.compile(r"共\s*(?:有|计)?\s*(?:<[^>]*>\s*)*(\d{1,5})\s*(?:<[^>]*>\s*)*(?:条|篇|件)")


def way(url: str, text: str, listing: Listing) -> str:
    """Why the list whose first page this is, read as ``listing``, goes on in a way we do not know; empty when nothing says so.

    Only for a page that leads nowhere by itself and counts nothing: what says how much it holds is held to that.
    """
    if (
        listing.more
        or listing.dead_end
        or listing.itself
        or listing.total is not None
        or listing.pages is not None
        or "<" not in text[:2000]
    ):
        return ""
    page = Selector(text=text, type="html")
    steps = [(anchors.tidy(one.root.text_content() or one.attrib.get("value", "")), _script(url, one)) for one in page.xpath(STEPS)]
    forward = [script for words, script in steps if NEXT.fullmatch(words)]
    if any(MORE.fullmatch(words) and script for words, script in steps):
        return "it loads more rows by a script"
    if any(map(SECOND.search, forward)) or (forward and any(words == "2" and script for words, script in steps)):
        return "its pager leads to page 2 by a script"
    if any(CHOICE.fullmatch(anchors.tidy(one.root.text_content())) for one in page.xpath("//select/option[position() = 2]")):
        return "its pages are chosen from a box"
    told = TOTAL.search(text)
    shown = len({link.url for link in listing.links})
    return f"it says that it holds {told[1]} entries and shows {shown} links" if told and int(told[1]) > shown else ""


def _script(url: str, step: Selector) -> str:
    """What is run when the step is pressed, empty for one that has an address."""
    href = step.attrib.get("href", "")
    return "" if anchors.absolute(url, href) else f"{step.attrib.get('onclick', '')} {href.removeprefix('javascript:')}".strip(" ;#")
