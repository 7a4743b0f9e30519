"""The run report as one page: everything in it, nothing asked of any server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, StrictUndefined, Template

HIGH, WIDE = 24, 5  # pixels of a history's bars
NAMES = {
    "complete": ("完整", "complete"),
    "incomplete": ("未读完", "incomplete"),
    "blocked": ("被拒", "blocked"),
    "unreachable": ("无应答", "unreachable"),
    "empty": ("空列表", "empty"),
    "published": ("已发布", "published"),
    "forced": ("强制发布", "published by force"),
    "blocked_publication": ("未发布", "not published"),
    "failed": ("发布失败", "publication failed"),
    "new": ("新报告", "new"),
    "changed": ("已修订", "changed"),
    "unchanged": ("未变", "unchanged"),
    "withdrawn": ("已撤下", "withdrawn"),
    "listed": ("列出", "listed"),
    "portals": ("站点", "portals"),
}


def page(report: Mapping[str, Any]) -> str:
    """The page of a report, as ``facts.report_of`` tells it."""
    return _template().render(report=report, names=NAMES)


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"bars": bars, "day": day, "moment": moment, "number": number, "change": change, "web": web}
    return environment.from_string(files("storage.reporting").joinpath("page.html").read_text("utf-8"))


def bars(history: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Outcome -> the SVG path of its bars: one a run, as high as its list was long; a run that listed nothing leaves a stub."""
    most = max((run["listed"] for run in history), default=0) or 1
    paths: dict[str, str] = {}
    for place, run in enumerate(history):
        height = max(3, round(HIGH * run["listed"] / most))
        paths[run["outcome"]] = paths.get(run["outcome"], "") + f"M{place * WIDE} {HIGH}v-{height}h{WIDE - 1}v{height}z"
    return paths


def day(at: str | None) -> str:
    return at[:10] if at else "—"


def moment(at: str | None) -> str:
    """``2026-11-21T12:00:00Z`` as people write it."""
    return f"{at[:10]} {at[11:16]} UTC" if at else "—"


def number(value: float | None) -> str:
    return "—" if value is None else f"{value:,.0f}"


def change(now: int | None, before: int | None) -> str:
    """The difference with its sign, empty when there is none or nothing to compare."""
    return f"{now - before:+,}" if now is not None and before is not None and now != before else ""


def web(url: str | None) -> str:
    """An address that may be a link: what came from a page must not become a script, nor a file of the reader's own disk."""
    return url if url and urlsplit(url).scheme in ("http", "https") else ""
