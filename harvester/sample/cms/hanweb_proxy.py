"""大汉 Hanweb JCMS without a row in the page: several columns in one list, and a proxy that knows its unit by an encrypted name only."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from harvester.sample.cms.frame import Answer, Site
from harvester.sample.cms.small import SIZE, found, line, listed, shown
from harvester.sample.world import Article

COLUMNS = "77276,77277"
UNIT = "zH4h0vZk2Q%2BjW7cPqLrT5w%3D%3D"
LIST = "/col/col77276/index.html"
PROXY = "/module/web/jpage/morecolumndataproxy.jsp"
ROW = "\n<li><span>{date}</span>\n<a href='{href}' title='{title}'>{title}</a></li>\n"
NOTHING = b"<datastore><recordset>\n</recordset>\n</datastore>\n\n\n"


def address(article: Article, twin: str = "") -> str:
    """``/art/YYYY/M/D/art_<column>_<id>.html``; towns stand in the second column."""
    year, month, day = map(int, article.published.split("-"))
    column = COLUMNS.split(",")[article.organ.endswith("-zhen")]
    return f"/art/{year}/{month}/{day}/art_{column}_{41000 + article.serial * 7}.html"


def answer(site: Site, path: str, form: dict[str, str]) -> Answer | None:
    """The empty list, the proxy, and articles."""
    parts = urlsplit(path)
    if parts.path == LIST:
        return listed(site, '<div id="203345"></div>', after=_script(site))
    if parts.path == PROXY:
        return _proxy(site, dict(parse_qsl(parts.query)) | form)
    article = found(site, path, address)
    return shown(site, article) if article else None


def _script(site: Site) -> str:
    fields = f'"col":1,"appid":1,"webid":15,"path":"/","columnid":"{COLUMNS}","sourceContentType":3,"unitid":"{UNIT}","keyWordCount":30'
    call = f'var param = {{{fields},"webname":"{site.portal.name}","permissiontype":0}};'
    return f'<script>{call} jpage({{proxyUrl:"{PROXY}", perPage:{SIZE}, param:param}});</script>'


def _proxy(site: Site, query: dict[str, str]) -> Answer:
    """Record numbers decide; the wrong unit or column is answered with 50 bytes of nothing."""
    if query.get("unitid") != UNIT or query.get("columnid") != COLUMNS:
        return Answer(200, "text/xml", NOTHING)
    rows = site.rows[int(query["startrecord"]) - 1 : int(query["endrecord"])]
    records = "".join(f"<record><![CDATA[{_broken(line(address, row, ROW))}]]></record>" for row in rows)
    head = f"<totalrecord>{len(site.rows)}</totalrecord>"
    return Answer(200, "text/xml", f"\n\n\n<datastore>{head}<recordset>{records}</recordset></datastore>".encode())


def _broken(row: str) -> str:
    """The date over three lines, as the editor of the template left it."""
    start, _, rest = row.partition("<span>")
    date, _, end = rest.partition("</span>")
    broken = date.replace("-", "-\n ")
    return f"{start}<span>{broken}</span>{end}"
