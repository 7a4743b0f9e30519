"""truecms: rows as JSONP in windows no larger than the site likes, and 404 to whoever does not say where they come from."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlsplit

from harvester.sample.cms.frame import Answer, Site
from harvester.sample.cms.small import SIZE, found, line, listed, shown
from harvester.sample.world import Article

LIST = "/xxgk/zfxxgknb/list.html"
SERVICE = "/front/messageController/getMessage.do"
COLUMN = "8a9a8b5c-4f2e11ec"
NEEDS = {SERVICE: ("referer",)}
ROW = "<li><a href='{href}' title='{title}'>{title}</a><span>{date}</span></li>"


def address(article: Article, twin: str = "") -> str:
    """``/xxgk/zfxxgknb/content/<id>.html``."""
    return f"/xxgk/zfxxgknb/content/{88100 + article.serial}.html"


def answer(site: Site, path: str, form: dict[str, str]) -> Answer | None:
    """The list without rows, the service, and articles."""
    parts = urlsplit(path)
    if path == LIST:
        call = f"$('#list').page({{proxyUrl:'{SERVICE}', columnId:'{COLUMN}', perPage:{SIZE}}});"
        return listed(site, '<ul id="list"></ul>', after=f"<script>{call}</script>")
    if parts.path == SERVICE:
        return _service(site, dict(parse_qsl(parts.query)))
    article = found(site, path, address)
    return shown(site, article, 'div class="conTxt"') if article else None


def _service(site: Site, query: dict[str, str]) -> Answer | None:
    """Windows wider than the page's own are empty; another column is not there."""
    start, end = int(query.get("startrecord", "1")), int(query.get("endrecord", "1"))
    if query.get("columnId") != COLUMN:
        return None
    rows = site.rows[start - 1 : end] if end - start < SIZE else ()
    records = "".join(f"<record><![CDATA[{line(address, row, ROW)}]]></record>" for row in rows)
    told = f"<datastore><totalrecord>{len(site.rows)}</totalrecord><recordset>{records}</recordset></datastore>"
    return Answer(200, "text/javascript;charset=UTF-8", f"{query.get('callback', 'cb')}({json.dumps({'result': told})})".encode())
