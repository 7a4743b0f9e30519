"""A page that gathers the reports of all units under tabs of one address: units by their bare names, home pages, dead hosts, a mirror."""

from __future__ import annotations

from harvester.sample.cms.frame import Answer, Site
from harvester.sample.cms.small import found, lines, listed, shown
from harvester.sample.places import ORGANS
from harvester.sample.world import Article, Row

FOLDER = "/zwgk/xxgknb/"
LIST = f"{FOLDER}index.html?state=3"
AWAY = (
    '<li><a href="{yunxi}/">云溪县人民政府</a></li><li><a href="{songhe}/index.html">松河区人民政府</a></li>'
    '<li><a href="http://jtj.shating.example/nb/">沙汀县交通运输局</a></li>'
    '<li><a href="{witness}/nb/2023.html">沙汀县水利局2023年政府信息公开工作年度报告</a></li>'
    '<li><a href="http://jtj.shating.example/nb/1.html">沙汀县交通运输局2023年政府信息公开工作年度报告</a></li>'
)


def address(article: Article, twin: str = "") -> str:
    """``content_<id>``, without an extension."""
    return f"{FOLDER}{article.year or 'qt'}/content_{184300 + article.serial}"


def answer(site: Site, path: str, form: dict[str, str]) -> Answer | None:
    """The page of all tabs, and articles."""
    if path == LIST:
        away = AWAY.format(**{name.removeprefix("sample-"): base for name, base in site.bases.items()})
        tabs = "".join(f'<a href="index.html?state={number}">{name}</a>' for number, name in ((1, "指南"), (2, "制度"), (3, "年报")))
        return listed(site, f"<div>{tabs}</div><ul>{lines(address, tuple(map(_named, site.rows)))}{away}</ul>")
    article = found(site, path, address)
    return shown(site, article, 'div class="contentBox"') if article else None


def _named(row: Row) -> Row:
    """A report under nothing but its unit's name, where the tab says the rest."""
    return row._replace(title=ORGANS[row.article.organ].name) if row.article and row.article.organ else row
