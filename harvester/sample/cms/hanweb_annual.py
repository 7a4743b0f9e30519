"""大汉 Hanweb ``xxgkAnnualReport.jsp``: year and unit are parameters of one page, which shows the report itself."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from harvester.sample.cms.frame import Answer, Site, html
from harvester.sample.cms.small import found, lines, shown
from harvester.sample.places import ORGANS
from harvester.sample.world import Article

PAGE = "/module/xxgk/xxgkAnnualReport.jsp"
AREAS = {"hanweb_annual-ju": "11990225002491127Q", "hanweb_annual-zhen": "11990225002493018G"}
LIST = f"{PAGE}?fbtime=2025&area={AREAS['hanweb_annual-ju']}"
# A unit of the choice that reports nothing.
SILENT = ("11990225002490001X", "档案馆")


def address(article: Article, twin: str = "") -> str:
    """``?fbtime=<report year>&area=<unit>``; what is no report has an address of the usual kind."""
    if article.organ:
        return f"{PAGE}?fbtime={article.year}&area={AREAS[article.organ]}"
    return f"/art/{article.published[:4]}/1/16/art_9_{article.serial}.html"


def answer(site: Site, path: str, form: dict[str, str]) -> Answer | None:
    """The page of a year of a unit, whatever the order of its parameters, and the other article."""
    parts = urlsplit(path)
    query = dict(parse_qsl(parts.query))
    wanted = f"{PAGE}?fbtime={query.get('fbtime')}&area={query.get('area')}" if parts.path == PAGE else path
    if article := found(site, wanted, address):
        return shown(site, article, 'div class="xxgk_content"', before=_choices(site) if article.organ else "")
    return html(f"<html><body>{_choices(site)}<p>暂无数据</p></body></html>") if query.get("area") == SILENT[0] else None


def _choices(site: Site) -> str:
    years = "".join(f'<option value="{year}">{year}年</option>' for year in (2025, 2024, 2023))
    units = [(area, ORGANS[key].name) for key, area in AREAS.items()] + [SILENT]
    names = "".join(f'<option value="{area}">{name}</option>' for area, name in units)
    beside = lines(address, tuple(row for row in site.rows if row.article and not row.article.organ))
    return f'<form action="{PAGE}"><select name="fbtime">{years}</select><select name="area">{names}</select></form><ul>{beside}</ul>'
