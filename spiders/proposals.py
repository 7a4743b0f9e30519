"""What a discovery came to: lines of the registry with their evidence, and the words for what could not be done; no requests."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

from harvester import regions, registry
from harvester.registry import Portal
from spiders.families import anchors
from spiders.finds import Find
from spiders.hosts import host_of

META = r"<meta\b(?=[^>]*\bname\s*=\s*[\"']?{name}\b)[^>]*\bcontent\s*=\s*[\"']([^\"']*)"
SITE_NAME = re.compile(META.format(name="SiteName"), re.IGNORECASE)
SITE_CODE = re.compile(META.format(name="SiteIDCode"), re.IGNORECASE)
TITLE = re.compile(r"<title[^>]*>([^<]*)", re.IGNORECASE)
NOISE = re.compile(r"(?:官方)?(?:(?<!人民)政府)?(?:官方)?(?:门户)?网站?$|欢迎(?:访问|光临|您)?|首页|中国政府网|[-_|｜\s]+$|^[-_|｜\s]+")
HOST_NOISE = ("www", "gov", "cn", "xxgk", "zwgk")


@dataclass(slots=True)
class Discovery:
    """``outcome``: ``found``, ``nothing``, ``blocked``, ``unreachable`` or ``incomplete`` (the home page was no page). ``proposed``: finds
    worth a line, best first, ``weaker``: those that are not. ``elsewhere``: columns on other hosts, by address, never asked. ``known``:
    lines that the registry has for this host already. ``untold``: addresses that gave nothing, and why."""

    home: str
    outcome: str = "nothing"
    name: str = ""
    region_code: str = ""
    site_code: str = ""
    blocked: str = ""
    requests: int = 0
    on: str = ""
    proposed: list[Find] = field(default_factory=list)
    weaker: list[Find] = field(default_factory=list)
    elsewhere: dict[str, str] = field(default_factory=dict)
    known: list[Portal] = field(default_factory=list)
    untold: dict[str, str] = field(default_factory=dict)

    def introduce(self, text: str) -> None:
        """The home page says whose portal it is."""
        named = SITE_NAME.search(text) or TITLE.search(text)
        self.name = self.name or _bare(anchors.tidy(named[1]) if named else "")
        code = SITE_CODE.search(text)
        self.site_code = self.site_code or (code[1].strip() if code else "")
        self.region_code = self.region_code or _region(self.site_code, self.name)

    def further(self, url: str, words: str) -> None:
        """A column on a host that is not asked."""
        self.elsewhere.setdefault(url, words)

    def tell(self, url: str, reason: str) -> None:
        """An address that gave nothing."""
        self.untold[url] = reason

    def conclude(self, proposed: Sequence[Find], found: Sequence[Find], day: str) -> None:
        """The end of the search, on ``day`` (``YYYY-MM-DD``)."""
        self.on, self.proposed = day, list(proposed)
        self.weaker = [find for find in found if find not in self.proposed]
        for find in found:
            self.elsewhere = {**find.elsewhere, **self.elsewhere}
        self.outcome = "found" if proposed else "blocked" if self.blocked else self.outcome

    @property
    def why(self) -> str:
        """Why nothing is proposed, in words; empty when something is."""
        if self.outcome == "found":
            return ""
        return self.blocked or self.untold.get(self.home, "") or "no page that was reached shows a column of annual reports"

    def lines(self) -> list[dict[str, str]]:
        """A line of the registry for each proposal, in its columns."""
        return [self._line(find, number) for number, find in enumerate(self.proposed, 1)]

    def _line(self, find: Find, number: int) -> dict[str, str]:
        base = _portal_id(find.list_url)
        taken = {portal.portal_id for portal in self.known}
        portal_id = base if number == 1 and base not in taken else f"{base}-{number + (1 if base in taken else 0)}"
        fields = {"portal_id": portal_id, "name": self.name, "region_code": self.region_code, "list_url": find.list_url}
        evidence = {"note": _note(find), "seen_in": f"harvester discover {self.home}", "seen_on": self.on}
        return {column: {**fields, **evidence}.get(column, "") for column in (*registry.REQUIRED, *registry.EVIDENCE)}

    def as_json(self) -> dict[str, Any]:
        """Everything, for programs."""
        lines = self.lines()
        hosts = sorted({host_of(url) for url in self.elsewhere})
        return {
            "home": self.home,
            "outcome": self.outcome,
            "why": self.why,
            "blocked": self.blocked,
            "requests": self.requests,
            "site_code": self.site_code,
            "proposals": [{"line": line, **_evidence(find)} for line, find in zip(lines, self.proposed, strict=True)],
            "weaker": [_evidence(find) for find in self.weaker],
            "elsewhere": [{"url": url, "words": words} for url, words in self.elsewhere.items()],
            "hosts_elsewhere": hosts,
            "in_registry": [asdict(portal) for portal in self.known],
            "gave_nothing": self.untold,
        }


def _evidence(find: Find) -> dict[str, Any]:
    return {
        "list_url": find.list_url,
        "points": find.points,
        "family": find.family,
        "path": ["home", *find.lead.trail],
        "found_by": list(find.lead.reasons),
        "signs": find.signs,
        "covers": find.covers,
        "remarks": find.remarks,
        "column": find.column,
        "breadcrumb": find.crumb,
        "reports": len(find.reports),
        "total": find.total,
        "years": find.years,
        "units": find.units,
        "below": [{"url": url, "name": name} for url, name in find.below.items()],
        "itself": find.itself,
    }


def _note(find: Find) -> str:
    told = [" > ".join(("home", *find.lead.trail)), f"family {find.family} by its page", find.covers, *find.remarks]
    return "; ".join(part for part in told if part)


def _bare(name: str) -> str:
    """陕州区人民政府门户网站 -> 陕州区人民政府."""
    before = ""
    while name != before:
        before, name = name, NOISE.sub("", name).strip()
    return name


def _region(site_code: str, name: str) -> str:
    """The first six digits of the site's code (of 2017's rules for sites) when they are a region's, else the region that the name names."""
    gazetteer = regions.default()
    if re.fullmatch(r"\d{10}", site_code) and gazetteer.get(site_code[:6]):
        return site_code[:6]
    found = gazetteer.mentioned(name).regions if name else []
    return found[0].code if len(found) == 1 else ""


def _portal_id(url: str) -> str:
    """``www.henan.gov.cn`` -> ``henan``, ``fgw.henan.gov.cn`` -> ``henan-fgw``; an address in digits as it is."""
    host = (urlsplit(url).hostname or "").lower()
    if re.fullmatch(r"[\d.]+|.*:.*", host):
        return host_of(url).replace(":", "-").strip("-[]")
    return "-".join(reversed([label for label in host.split(".") if label not in HOST_NOISE])) or host
