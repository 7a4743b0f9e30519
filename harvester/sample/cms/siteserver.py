"""SiteServer: a channel for each report year, articles under the number of their channel."""

from __future__ import annotations

import re

from harvester.sample.cms.frame import Answer, Site
from harvester.sample.cms.small import found, lines, listed, shown
from harvester.sample.world import Article

ROOT = 2210
LIST = f"/channels/{ROOT}.html"
CHANNEL = re.compile(r"/channels/(\d+)\.html")
FIRST = 2023


def address(article: Article, twin: str = "") -> str:
    """``/contents/<channel>/<id>.html``."""
    return f"/contents/{_channel(article.year)}/{59900 + article.serial}.html"


def answer(site: Site, path: str, form: dict[str, str]) -> Answer | None:
    """The channel of all years, those of one, and articles."""
    if path == LIST:
        links = "".join(f'<li><a href="/channels/{_channel(year)}.html">{year}年度</a></li>' for year in (2025, 2024, 2023))
        return listed(site, f"<ul>{links}</ul>")
    if match := CHANNEL.fullmatch(path):
        rows = tuple(row for row in site.rows if row.article and _channel(row.article.year) == int(match[1]))
        return listed(site, f"<ul>{lines(address, rows)}</ul>") if rows else None
    article = found(site, path, address)
    return shown(site, article, 'div class="zoomTY"') if article else None


def _channel(year: int) -> int:
    """What is no report stands with the oldest."""
    return ROOT + 1 + max(year - FIRST, 0)
