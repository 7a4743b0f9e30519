"""A made-up country of portals that changes from week to week as real ones do, and keeps the truth of what a harvest must tell of it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.test_portal_spider import listing, trs
from tests.webserver import Asked, Site

A_PAGE = 6  # entries on a page of a list
UNITS = ("教育局", "民政局", "水利局", "林业局", "统计局", "审计局", "财政局", "公安局", "司法局", "商务局")
# What may befall a portal as a whole, and for how many weeks at most; "half": its list breaks off behind the first page.
MODES = {"down": 4, "blocked": 3, "redesign": 3, "half": 1}


@dataclass
class Entry:
    """A report of the world: what is true of it (``known``, ``withdrawn``, ``seen``: what a harvest can have learnt)."""

    number: int
    unit: str
    year: int
    carried: bool
    path: str
    version: int = 1
    touched: int = 0
    listed: bool = True
    alive: bool = True
    known: int = 0
    withdrawn: int = 0
    seen: int = 0
    versions: set[int] = field(default_factory=set)
    old: dict[str, bool] = field(default_factory=dict)  # former path -> does it redirect

    @property
    def title(self) -> str:
        return f"某某市{self.unit}{self.year}年政府信息公开工作年度报告"

    @property
    def text(self) -> str:
        items = self.number * 100 + self.version
        lines = (
            f"根据《中华人民共和国政府信息公开条例》的要求，现公布{self.year}年度政府信息公开工作年度报告。",
            f"一、总体情况。{self.year}年，{self.unit}主动公开政府信息{items}条，收到信息公开申请{self.number}件，均按期答复。",
            "二、存在的主要问题及改进情况。公开内容的深度还需要加强，下一步将做好政策解读。",
        )
        return "".join(f"<p>{line * 8}</p>" for line in lines)

    @property
    def file(self) -> str:
        return f"/f/{self.number}.doc"

    def page(self) -> str:
        inside = f'<p>详见附件。</p><a href="{self.file}">附件：{self.title}.doc</a>' if self.carried else self.text
        head = f"<title>{self.title}</title><meta name='layout' content='{self.touched}'>"
        return f"<html><head>{head}</head><body><h1>{self.title}</h1><div id=zoom>{inside}</div></body></html>"

    def row(self) -> str:
        return f'<li><a href="{self.path}">{self.title}</a><span>{self.year + 1}-01-20</span></li>'


@dataclass(frozen=True)
class Told:
    """What a harvest must tell of one portal in one week: titles, or how many."""

    new: frozenset[str]
    changed: frozenset[str]
    unchanged: int
    withdrawn: frozenset[str]


class Changing:
    """One portal. ``step`` lets a week pass, ``truth`` says what a harvest finds then and takes it as known from there on."""

    def __init__(self, name: str, number: int, draw: random.Random, rate: float) -> None:
        self.name, self.number, self.draw, self.rate = name, number, draw, rate
        self.mode, self.left, self.week = "", 0, 0
        self.entries: list[Entry] = []
        self.happened: list[str] = []
        self.bodies = 0
        for _ in range(8):
            self._appear()
        self.site = Site(self.answer)

    # --- what happens ---------------------------------------------------------------------------------------------------------------

    def step(self) -> None:
        self.week += 1
        self.happened = []
        self.left -= 1
        if self.left <= 0:
            broken = self.week > 1 and self.draw.random() < 0.15
            self.mode = self.draw.choice(list(MODES)) if broken else ""
            self.left = self.draw.randint(1, MODES[self.mode]) if self.mode else 0
        if self.week > 1:
            for entry in list(self.entries):
                if self.draw.random() < self.rate:
                    self._befall(entry)
            if self.draw.random() < 0.3:
                self._appear()
        if self.mode:
            self.happened.append(self.mode)

    def _appear(self) -> None:
        count = len(self.entries)
        number = self.number * 1000 + count
        unit, year = UNITS[count % len(UNITS)], 2009 + (count // len(UNITS)) + 4 * (self.number % 4)
        self.entries.append(Entry(number, f"第{self.number + 1}{unit}", year, count % 4 == 2, f"/r/{number}.html"))
        self.happened.append("new")

    def _befall(self, entry: Entry) -> None:
        what = self.draw.choice(list(self._possible(entry)))
        self.happened.append(what)
        getattr(self, f"_{what}")(entry)

    def _possible(self, entry: Entry) -> Iterator[str]:
        if entry.listed and entry.alive:
            yield from ("touch", "vanish", "withdraw", "die")
            if entry.known == entry.version:
                yield from ("revise", "take_back") if entry.version > 1 else ("revise",)
                if not entry.carried and not self.mode:
                    yield from ("move", "redirect")
        elif entry.listed:
            yield from ("heal", "vanish")
        elif entry.alive:
            yield from ("relist", "die")
        else:
            yield from ("revive", "revive_revised") if entry.known == entry.version else ("revive",)

    def _touch(self, entry: Entry) -> None:
        entry.touched += 1

    def _vanish(self, entry: Entry) -> None:
        entry.listed = False

    def _withdraw(self, entry: Entry) -> None:
        entry.listed = entry.alive = False

    def _die(self, entry: Entry) -> None:
        entry.alive = False

    def _heal(self, entry: Entry) -> None:
        entry.alive = True

    def _relist(self, entry: Entry) -> None:
        entry.listed = True

    def _revive(self, entry: Entry) -> None:
        entry.listed = entry.alive = True

    def _revise(self, entry: Entry) -> None:
        entry.version = max(entry.versions | {entry.version}) + 1

    def _revive_revised(self, entry: Entry) -> None:
        self._revive(entry)
        self._revise(entry)

    def _take_back(self, entry: Entry) -> None:
        entry.version -= 1

    def _move(self, entry: Entry, redirects: bool = False) -> None:
        entry.old[entry.path] = redirects
        entry.path = f"/r/{entry.number}_{len(entry.old)}.html"

    def _redirect(self, entry: Entry) -> None:
        self._move(entry, True)

    # --- what the portal answers ----------------------------------------------------------------------------------------------------

    def answer(self, asked: Asked) -> Any:
        if self.mode == "down":
            return 503
        if self.mode == "blocked" and asked.path != "/robots.txt":
            return 403
        if asked.path.startswith("/list/"):
            return self._list(asked.path)
        for entry in self.entries:
            if entry.alive and asked.path in (entry.path, entry.file if entry.carried else ""):
                return self._known(asked, entry)
            if entry.alive and entry.old.get(asked.path):
                return 301, {"Location": entry.path}, b""
        return None

    def _list(self, path: str) -> Any:
        rows = [entry.row() for entry in reversed(self.entries) if entry.listed]
        count = -(-len(rows) // A_PAGE)
        page = int(path.removeprefix("/list/").removeprefix("index_").removesuffix(".html") or 0)
        if self.mode == "redesign":
            return "<html><title>政府信息公开年报</title><div id=app data-source='/api/v2'></div></html>" + "<!-- -->" * 900
        if self.mode == "half" and page:
            return 500
        return listing(*rows[page * A_PAGE : (page + 1) * A_PAGE], foot=trs(count, page)) if page < max(count, 1) else None

    def _known(self, asked: Asked, entry: Entry) -> Any:
        is_file = asked.path == entry.file and entry.carried
        body = (f"<html><body><h1>{entry.title}</h1>{entry.text}</body></html>" if is_file else entry.page()).encode()
        tag = f'"{entry.number}-{entry.version if is_file or not entry.carried else 0}-{0 if is_file else entry.touched}"'
        if asked.headers.get("if-none-match") == tag:
            return 304, {"ETag": tag}, b""
        self.bodies += 1
        return 200, {"ETag": tag, "Content-Type": "application/msword" if is_file else "text/html; charset=utf-8"}, body

    # --- what a harvest must tell ---------------------------------------------------------------------------------------------------

    def truth(self) -> Told:
        listed = [entry for entry in reversed(self.entries) if entry.listed]
        visible = listed if not self.mode else listed[:A_PAGE] if self.mode == "half" else []
        met = [entry for entry in visible if entry.alive]
        whole = not self.mode or (self.mode == "half" and len(listed) <= A_PAGE)
        gone = (
            [entry for entry in self.entries if not (entry.listed or entry.alive or entry.withdrawn) and entry.known]
            if whole and met
            else []
        )
        told = Told(
            new=frozenset(entry.title for entry in met if not entry.known),
            changed=frozenset(entry.title for entry in met if entry.known and entry.known != entry.version),
            unchanged=sum(entry.known == entry.version for entry in met),
            withdrawn=frozenset(entry.title for entry in gone),
        )
        for entry in met:
            entry.known, entry.withdrawn, entry.seen = entry.version, 0, self.week
            entry.versions.add(entry.version)
        for entry in gone:
            entry.withdrawn = self.week
        return told
