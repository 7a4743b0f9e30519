"""南方 NFCMS: a column of nothing but folders of years, one of which holds two, and lists ``index.html``, ``index_2.html``."""

from __future__ import annotations

import re

from harvester.sample.cms.frame import Answer, Site
from harvester.sample.cms.small import found, lines, listed, paged, shown
from harvester.sample.world import Article, Row

FOLDER = "/zfjgzy/xxgknb/"
LIST = f"{FOLDER}index.html"
YEARS = ("2024n", "2025n")
SCRIPT = "<script>var NFCMS_SITE_ID = 200025; var NFCMS_COLUMN_ID = 5531;</script>"
PAGE = re.compile(rf"{FOLDER}(20\d\dn)/(?:index(?:_(\d))?\.html)?")
SIZE = 2


def address(article: Article, twin: str = "") -> str:
    """``<year folder>/content/post_<id>.html``; the reports of 2023 were put into the folder of 2024."""
    return f"{FOLDER}{_folder(article)}/content/post_{10095000 + article.serial}.html"


def answer(site: Site, path: str, form: dict[str, str]) -> Answer | None:
    """The column, the pages of its years, and articles."""
    if path == LIST:
        links = "".join(f'<li><a href="./{year}/index.html">{year[:4]}年</a></li>' for year in YEARS)
        return listed(site, f"<ul>{links}</ul>", SCRIPT)
    if match := PAGE.fullmatch(path):
        return _year(site, match[1], int(match[2] or 1))
    article = found(site, path, address)
    return shown(site, article, 'div class="news_cont_d_wrap"', SCRIPT) if article else None


def _folder(article: Article) -> str:
    return YEARS[1] if article.year == 2025 else YEARS[0]


def _year(site: Site, folder: str, number: int) -> Answer | None:
    inside: tuple[Row, ...] = tuple(row for row in site.rows if row.article and _folder(row.article) == folder)
    rows = paged(site, number, inside, SIZE)
    more = f'<a class="next" href="index_{number + 1}.html">下一页</a>' if number * SIZE < len(inside) else ""
    return listed(site, f"<ul>{lines(address, rows)}</ul>", SCRIPT, f'<div class="page">{more}</div>') if rows else None
