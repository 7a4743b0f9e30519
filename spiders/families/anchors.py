"""Anchors of a page as links: whole titles, absolute addresses without session ids, and the date that stands beside each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import takewhile
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, NavigableString, Tag
from parsel import Selector

from harvester.organs import looks_like_organ
from spiders.families.listing import Link, ListRequest

DATE = re.compile(r"(?<!\d)(20[0-3]\d)\s*[-/.年]\s*(1[0-2]|0?[1-9])\s*[-/.月]\s*(3[01]|[12]\d|0?[1-9])(?!\d)")
SPACE = re.compile(r"\s+")
SESSION = re.compile(r";jsessionid=[^?#/]*", re.IGNORECASE)
# Lists that a script fills carry the template of a row: <a href="<?=el.link?>">. Harvesting it would ask for a page that never was.
PLACEHOLDER = re.compile(r"<\?|\?>|<%|%>|\{\{|\}\}|\$\{|#\{|\[%|%3C\?")
UNFOLLOWED = re.compile(r"^\s*(javascript|mailto|tel|data|about|file|ftp):|^\s*#|^\s*$", re.IGNORECASE)
CUT = ("…", "...", "..", "．．．")
ROW = ("li", "tr", "dd", "dt", "p", "dl", "td", "div", "span")
NEAREST = 4  # ancestors that may hold the date; farther up stand the dates of others
STEP = re.compile(
    r"[\[(【<‹«]*\s*(首\s*页|第一页|上\s*一?\s*[页頁]|前一?页|下\s*一?\s*[页頁]|后一?页|[尾末]\s*[页頁]|最后一页|转到|跳转|go|\d{1,4}|\.\.\.|…|next|prev(ious)?)?"
    r"\s*(page)?\s*[\])】>›»]*",
    re.IGNORECASE,
)
FOLDER = re.compile(r"(/|/index\.s?html?)$", re.IGNORECASE)
YEAR_FOLDER = re.compile(r"(19|20)\d\d\s*年?度?\s*(的)?(政府)?(信息公开)?(工作)?(年报|年度报告)?")
LEVEL_FOLDER = re.compile(
    r"(市|区|县|省)?(本级|政府|直属?部门|直单位|级部门|级单位)|部门(街道|乡镇)?|(各)?(县区|区县|县市区|市县|乡镇(街道)?|镇街|街道(办事处)?|地市|市州|盟市)"
    r"|直属机构|政府部门|(历年|往年|历史)(年报|数据|报告)?"
)


def links(url: str, text: str) -> list[Link]:
    """Every followable anchor of the page ``text`` at ``url``, in its order."""
    page = Selector(text=text, type="html")
    base = urljoin(url, (page.xpath("//base/@href").get() or "").strip())
    return [link for anchor in page.xpath("//a[@href]") if (link := _link(base, anchor))]


def entries(found: list[Link]) -> list[Link]:
    """``found`` without the steps of a pager: their addresses are new on every page, and no entries of the list."""
    return [link for link in found if not STEP.fullmatch(link.text)]


def fragment_links(url: str, fragment: str) -> list[Link]:
    """The anchors of a piece of HTML inside an XML or JSON answer: often cut badly, so read by the most lenient reader."""
    soup = BeautifulSoup(fragment, "html.parser")
    found = []
    for anchor in soup.find_all("a", href=True):
        if address := absolute(url, str(anchor["href"])):
            text = whole_title(anchor.get_text(), str(anchor.get("title") or ""))
            found.append(Link(address, text, _date_outside(_row_text(anchor), text)))
    return found


def absolute(base: str, href: str) -> str:
    """``href`` as an absolute http(s) URL without session id; empty when it leads nowhere (scripts, anchors, templates)."""
    if UNFOLLOWED.match(href) or PLACEHOLDER.search(href):
        return ""
    try:
        joined = urljoin(base, SPACE.sub("", SESSION.sub("", href)).replace("\\", "/"))
        parts = urlsplit(joined)
    except ValueError:
        return ""
    return joined if parts.scheme in ("http", "https") and parts.hostname else ""


def whole_title(text: str, title: str) -> str:
    """The anchor's own words, or its ``title=`` when the words are cut (……) or there are none."""
    text, title = tidy(text), tidy(title)
    stem = text.rstrip("….． ")
    cut = text.endswith(CUT) or (len(title) > len(text) and title.startswith(text))
    return title if title and cut and stem[:4] in title else text or title


def tidy(text: str) -> str:
    """``text`` on one line."""
    return SPACE.sub(" ", text.replace("\u00a0", " ").replace("\u3000", " ")).strip()


def date_in(text: str) -> str:
    """The first date in ``text`` as ``YYYY-MM-DD``; dates broken over lines count (``2026-\\n 01-\\n 23``)."""
    match = DATE.search(text) if len(text) < 4000 else None
    return f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}" if match else ""


def folders(url: str, found: list[Link], below: Callable[[Link], bool] | None = None) -> tuple[list[Link], list[ListRequest]]:
    """``found`` without what leads to lists below the one at ``url``, and those as lists of their own.

    ``below`` tells such a link; when a platform has no other way, they are folders inside this list's own that are called as a year, a
    level or a unit is.
    """
    below = below or (lambda link: names_a_folder(link.text) and is_inside(url, link.url))
    kept: list[Link] = []
    lists: list[ListRequest] = []
    for link in found:
        if below(link):
            lists.append(ListRequest(link.url, sublist=True))
        else:
            kept.append(link)
    return kept, lists


def names_a_folder(text: str) -> bool:
    """Whether ``text`` is what folders of reports are called: a year, a level of government, or a unit."""
    return names_year_or_level(text) or looks_like_organ(text)


def names_year_or_level(text: str) -> bool:
    """Whether ``text`` is a year or a level of government: menus anywhere on a site name units, hardly ever these."""
    return any(pattern.fullmatch(text) for pattern in (YEAR_FOLDER, LEVEL_FOLDER))


def is_inside(url: str, address: str) -> bool:
    """Whether ``address`` is a folder inside that of the list at ``url``."""
    root, parts = urlsplit(url), urlsplit(address)
    directory = root.path.rpartition("/")[0] + "/"
    inside = parts.netloc == root.netloc and parts.path.startswith(directory) and directory != "/"
    return inside and FOLDER.search(parts.path) is not None and FOLDER.sub("/", parts.path) != directory


def _link(base: str, anchor: Selector) -> Link | None:
    address = absolute(base, anchor.attrib["href"])
    if not address:
        return None
    text = whole_title(anchor.root.text_content(), anchor.attrib.get("title", ""))
    return Link(address, text, _date_beside(anchor.root, text))


def _date_beside(anchor: Any, text: str) -> str:
    for row in _rows(anchor):
        if date := _date_outside(row.text_content(), text):
            return date
    return ""


def _rows(anchor: Any) -> Iterator[Any]:
    """The ancestors that are still this link's own row."""
    for depth, ancestor in enumerate(anchor.iterancestors(*ROW)):
        if depth == NEAREST or sum(1 for _ in zip(range(4), ancestor.iter("a"))) > 3:
            return
        yield ancestor


def _date_outside(row: str, text: str) -> str:
    return date_in(tidy(row).replace(text, " ", 1))


def _row_text(anchor: Tag) -> str:
    """The anchor's row; without one around it, what stands between it and the next anchor."""
    top = anchor.find_parent(["li", "tr", "dl", "p"])
    if top:
        return top.get_text(" ")
    between = takewhile(lambda found: not (isinstance(found, Tag) and found.name == "a"), anchor.next_elements)
    return " ".join(found for found in between if isinstance(found, NavigableString))
