"""大汉 Hanweb JCMS, first rows written out in the page; its proxy obeys ``page`` alone, whatever record numbers it is told."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from harvester.sample.cms.frame import Answer, Site, page_count
from harvester.sample.cms.small import SIZE, found, hexed, line, lines, listed, paged, shown
from harvester.sample.world import Article

COLUMN, UNIT = 84241, 293431
LIST = f"/col/col{COLUMN}/index.html"
PROXY = "/module/jpage/dataproxy.jsp"
ROW = "<li><a href='{href}' title='{title}' target='_blank'>{title}</a><b>{date}</b></li>"


def address(article: Article, twin: str = "") -> str:
    """The newer shape, ``/art/YYYY/art_<32 hex>.html``: it names no column."""
    return f"/art/{article.published[:4]}/art_{hexed(article)}.html"


def answer(site: Site, path: str, form: dict[str, str]) -> Answer | None:
    """The list, the proxy, and articles."""
    parts = urlsplit(path)
    if parts.path == LIST:
        return listed(site, f'<div id="{UNIT}"><ul>{lines(address, paged(site, 1), ROW)}</ul></div>', after=_script(site))
    if parts.path == PROXY:
        return _proxy(site, dict(parse_qsl(parts.query)) | form)
    article = found(site, path, address)
    return shown(site, article, 'div class="artile_zw" id="zoom"') if article else None


def _script(site: Site) -> str:
    named = f"columnid:{COLUMN},sourceContentType:1,unitid:'{UNIT}',webname:'{site.portal.name}'"
    call = f"{{col:1,appid:1,webid:1,path:'/',{named},permissiontype:0}}"
    start = f"jQuery('#{UNIT}').jpage({{totalRecord:{len(site.rows)},proxyUrl:'{PROXY}',perPage:{SIZE},groupSize:1,ajaxParam:{call}}});"
    return f"<script>{start}</script>"


def _proxy(site: Site, query: dict[str, str]) -> Answer:
    size = min(int(query.get("perpage", SIZE)), 300)
    rows = paged(site, int(query.get("page", "1")), size=size)
    records = "".join(f"<record><![CDATA[{line(address, row, ROW)}]]></record>" for row in rows)
    head = f"<totalrecord>{len(site.rows)}</totalrecord><totalpage>{page_count(site.rows, size)}</totalpage>"
    text = f"<?xml version='1.0' encoding='UTF-8'?><datastore>{head}<recordset>{records}</recordset></datastore>"
    return Answer(200, "text/html;charset=UTF-8", text.encode())
