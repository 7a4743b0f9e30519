"""A page that is no list but leads to one: a refresh, a jump by script, or one frame around it."""

from __future__ import annotations

import re

from parsel import Selector

from harvester import titles
from spiders.families import anchors
from spiders.families.listing import Listing, ListRequest

NAME = "shell"
RANK = 130

SMALL = 6000  # signs; what is larger shows something itself
JUMP = re.compile(
    r"(?:window|document|self|top|parent)?\.?\blocation(?:\.href)?\s*=\s*[\"']([^\"'+]+)[\"']\s*(?:;|<|$|\n|\})"
    r"|\blocation\.(?:replace|assign)\(\s*[\"']([^\"'+]+)[\"']\s*\)"
)
REFRESH = re.compile(r"url\s*=\s*[\"']?([^\"'>\s;]+)", re.IGNORECASE)
FEW = 3
BESIDE = re.compile(r"/module/xxgk/tree\.jsp")  # a frame that holds a menu, not the list


def recognise(url: str, text: str) -> bool:
    return len(text) < SMALL and bool(target(url, text))


def read(url: str, text: str) -> Listing:
    """No links; the page it leads to."""
    found = target(url, text)
    return Listing(more=[ListRequest(found, sublist=True)] if found else [])


def target(url: str, text: str) -> str:
    """Where the page leads, empty when it shows links of its own or leads to itself."""
    page = Selector(text=text, type="html")
    shown = [anchors.tidy(anchor.root.text_content()) for anchor in page.xpath("//a[@href]")]
    if len(shown) > FEW or any(titles.verdict(words).kind == "report" for words in shown):
        return ""
    refresh = REFRESH.search(page.xpath("//meta[translate(@http-equiv, 'REFSH', 'refsh')='refresh']/@content").get() or "")
    jump = JUMP.search(" ".join(page.xpath("//script/text() | //body/@onload").getall()))
    frames = [src for src in page.xpath("//iframe/@src | //frame/@src").getall() if not BESIDE.search(src)]
    hrefs = [refresh[1] if refresh else "", (jump[1] or jump[2]) if jump else "", frames[0] if len(frames) == 1 else ""]
    found = next((address for href in hrefs if (address := anchors.absolute(url, href))), "")
    return found if found.partition("#")[0] != url.partition("#")[0] else ""
