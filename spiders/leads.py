"""Links of a portal's pages as leads to its column of annual reports, the best first: points and reasons by rules that are data."""

from __future__ import annotations

import heapq
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from harvester import titles
from spiders.entries import place_of
from spiders.families import Link, ListRequest, anchors, gkmlpt
from spiders.hosts import host_of

QUOTED = re.compile(r"[\"'](?P<url>(?:https?://|\.{0,2}/)[^\"'\s<>]{4,200})[\"']")
NO_PAGE = re.compile(r"\.(?:js|css|png|jpe?g|gif|svg|ico|pdf|docx?|xlsx?|zip|rar|ofd|wps|mp4|json|xml)(?:$|\?)", re.IGNORECASE)
FRAME = re.compile(r"<i?frame\b[^>]*?\bsrc\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
# The first folder whose name is made of the words of such columns: what stands below it are its years and articles.
COLUMN_FOLDER = re.compile(r"(?i)^.*?/[^/.?]*(?:gknb|zfxxgkn|gkgznb|gkndbg|gzndbg|ndbg)[^/.?]*/")
OWN_PAGE = re.compile(r"(?:(?:index|default|list)\w*\.\w+)?(?:[?#].*)?", re.IGNORECASE)
LONSUN = re.compile(r"(/public/column/\d+)\?(?:.*&)?type=(\d+)")
MENU_FRAME = 30  # points: pages that are little more than frames keep their menu in one


class Rule(NamedTuple):
    pattern: re.Pattern[str]
    points: int
    reason: str


class Lead(NamedTuple):
    """An address worth asking. ``trail``: the words of the links that lead to it from the home page; ``names``: those of the last one
    call it a column of annual reports; ``list_url``: where the column was entered when this is a step further behind a shell or a service,
    and ``family`` whose service it is; ``root``: the number of the find that this is to confirm, else -1; ``pages``: those of a column of
    notices that were seen before this one, which is of interest ``since`` a day."""

    asked: ListRequest
    points: int
    trail: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    names: bool = False
    list_url: str = ""
    family: str = ""
    root: int = -1
    pages: int = 0
    since: str = ""

    @property
    def url(self) -> str:
        return self.asked.url


ARTICLE = Rule(re.compile(""), 18, "a report, whose breadcrumb may name its column")


@cache
def rules() -> dict[str, Any]:
    """``discovery.toml``: thresholds as numbers, ``words`` and ``address`` as lists of :class:`Rule`, ``sign`` as tables by name."""
    told: dict[str, Any] = tomllib.loads(files("harvester.data").joinpath("discovery.toml").read_text("utf-8"))
    for kind in ("words", "address"):
        told[kind] = [Rule(re.compile(rule["pattern"]), rule["points"], rule["reason"]) for rule in told[kind]]
    told["sign"] = {sign["name"]: sign for sign in told["sign"]}
    return told


def first_rule(kind: str, text: str) -> Rule | None:
    """The first rule of ``words`` or ``address`` that fits ``text``."""
    return next((rule for rule in rules()[kind] if rule.pattern.search(text)), None)


def lead_of(link: Link, trail: tuple[str, ...] = ()) -> Lead | None:
    """The link as a lead; None for one that promises nothing: look-alikes, steps of a pager, articles."""
    words = titles.fold(link.text)
    if NO_PAGE.search(link.url) or titles.verdict(words).kind == "lookalike" or (words and anchors.STEP.fullmatch(link.text)):
        return None
    by_words, by_address = first_rule("words", words), first_rule("address", _path(link.url))
    if is_article(words):
        by_words, by_address = ARTICLE, None
    fitting = [rule for rule in (by_words, by_address) if rule]
    points = sum(rule.points for rule in fitting) - rules()["step"] * len(trail)
    if points < rules()["follow"]:
        return None
    reasons = tuple(f"{rule.reason}: {what}" for rule, what in ((by_words, link.text), (by_address, link.url)) if rule)
    names = by_words is not None and by_words.points >= rules()["column"]
    return Lead(ListRequest(link.url), points, (*trail, link.text), reasons, names)


def leads_in(url: str, text: str, trail: tuple[str, ...] = ()) -> list[Lead]:
    """All leads of a page: its links, its frames, addresses in its scripts, and what the shapes of known platforms tell."""
    shown = anchors.links(url, text)
    known = {link.url for link in shown}
    hidden = [Link(address, "") for address in _quoted(url, text) if address not in known]
    derived = [found for link in shown for found in _derived(link)]
    found = [lead for link in [*shown, *hidden, *derived] if (lead := lead_of(link, trail))]
    return found + _frames(url, text, trail) + _tree(url, text, trail)


def sitemap_leads(urls: Iterable[str]) -> list[Lead]:
    """Addresses of a sitemap with words of such columns, cut to the column's folder, for most of them are its articles; the folder's own
    page as it is written there."""
    found: dict[str, Lead] = {}
    for url in urls:
        folder = COLUMN_FOLDER.match(url)
        own = folder is None or OWN_PAGE.fullmatch(url[folder.end() :]) is not None
        lead = lead_of(Link(url if own or not folder else folder[0], ""), ("sitemap.xml",))
        if lead and (own or place_of(lead.url) not in found):
            found[place_of(lead.url)] = lead
    return list(found.values())


def nearness(url: str, home: str) -> str:
    """``own``: the home page's host, with or without www; ``kin``: another of its domain (xxgk.jl.gov.cn of www.jl.gov.cn); ``other``."""
    one, two = (host_of(address).removeprefix("www.") for address in (url, home))
    if one == two:
        return "own"
    root = ".".join(two.split(".")[-3:])
    return "kin" if root.endswith(".gov.cn") and (one == root or one.endswith(f".{root}")) else "other"


class Frontier:
    """Leads that wait, the one with most points first; each address once, and few of one shape."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, Lead]] = []
        self._known: dict[tuple[str, str, int], int] = {}
        self._shapes: Counter[str] = Counter()
        self._count = 0

    def add(self, lead: Lead) -> None:
        """A lead that is known with as many points already is not added again."""
        key = (place_of(lead.url), lead.asked.body, lead.root)
        if self._known.get(key, 0) < lead.points:
            self._known[key] = lead.points
            self._count += 1
            heapq.heappush(self._heap, (-lead.points, self._count, lead))

    def next(self, least: int) -> Lead | None:
        """The best lead of at least ``least`` points, None when there is none."""
        while self._heap and -self._heap[0][0] >= least:
            lead = heapq.heappop(self._heap)[2]
            key = (place_of(lead.url), lead.asked.body, lead.root)
            if self._known[key] != lead.points:
                continue  # stood here before it was seen under better words, or was asked since
            self._known[key] = 1_000_000
            shape = re.sub(r"\d+", "0", lead.url)
            self._shapes[shape] += 1
            if lead.root >= 0 or self._shapes[shape] <= rules()["same_shape"]:
                return lead
        return None


def _path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")


def is_article(words: str) -> bool:
    """Whether a title names one report and no column: of a unit or a year."""
    return titles.verdict(words).kind == "report" and bool(titles.year_of(words)) and len(titles.organ_of(words)) > 2


def _quoted(url: str, text: str) -> list[str]:
    """Addresses in the source with words of such columns: menus that a script writes."""
    found = (anchors.absolute(url, match["url"]) for match in QUOTED.finditer(text) if first_rule("address", match["url"]))
    return list(dict.fromkeys(address for address in found if address))


def _derived(link: Link) -> Iterator[Link]:
    """What a link's address tells of others: the column that a report stands in; type=3, the yearly reports of a Lonsun unit."""
    if titles.verdict(link.text).kind == "report" and (folder := COLUMN_FOLDER.match(link.url)) and folder[0] != link.url:
        yield Link(folder[0], "")
    if (column := LONSUN.search(link.url)) and column[2] != "3":
        query = re.sub(r"([?&]type=)\d+", r"\g<1>3", re.sub(r"&?catId=\w*", "", link.url))
        yield Link(query, "")


def _frames(url: str, text: str, trail: tuple[str, ...]) -> list[Lead]:
    found = [address for src in FRAME.findall(text) if (address := anchors.absolute(url, src))]
    points = MENU_FRAME - rules()["step"] * len(trail)
    return [Lead(ListRequest(address), points, (*trail, "(frame)"), ("a frame of the page",)) for address in found[:3]]


def _tree(url: str, text: str, trail: tuple[str, ...]) -> list[Lead]:
    """The categories of a gkmlpt platform that its TREE calls annual reports: at the address that menus use, and here."""
    if not gkmlpt.recognise(url, text) or gkmlpt.SERVICE in url:
        return []
    found = [request.url for request in gkmlpt.read(url.partition("#")[0], text).more]
    names = [match[1] for one in found if (match := re.search(r"/all/(\d+)\?", one))]
    root = url.partition("/gkmlpt")[0]
    places = [(f"{root}/gkmlpt/annualreport#{name}", 95) for name in names] + [(urljoin(url, f"#{name}"), 90) for name in names]
    return [
        Lead(ListRequest(address), points, (*trail, "TREE"), ("the platform's TREE names the category",), True)
        for address, points in places
    ]
