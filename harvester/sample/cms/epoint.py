"""国泰新点 Epoint EWB: a page without rows, a script that names the site, and a JSON service that gives fewer rows than it is asked for."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from harvester.sample.cms.frame import Answer, Site
from harvester.sample.cms.small import SIZE, found, json_answer, listed, paged, shown, uuid
from harvester.sample.world import Article, Row

DEPARTMENT, CATEGORY = "YP01", "003012002"
LIST = f"/dynamic/zw/govInfoPub.html?deptcode={DEPARTMENT}&categorynum={CATEGORY}"
SETTINGS = "/js/webBuilderCommon.js"
SERVICE = "/EWB-FRONT/rest/lightfrontaction/getgovinfolist"
GUID = uuid("site")


def address(article: Article, twin: str = "") -> str:
    """``/zzjg/<category>/YYYYMMDD/<uuid>.html``."""
    return f"/zzjg/{CATEGORY}/{article.published.replace('-', '')}/{uuid(str(article.serial))}.html"


def answer(site: Site, path: str, form: dict[str, str]) -> Answer | None:
    """The column, the script, the service, and articles."""
    if path == LIST:
        return listed(site, '<ul id="infolist"></ul>', after=f'<script src="{SETTINGS}"></script>')
    if path == SETTINGS:
        told = json.dumps({"siteGuid": GUID, "projectName": "/EWB-FRONT", "areaCode": "990235"})
        return Answer(200, "application/javascript", f"var siteInfo = {told};\nvar Util = {{}};".encode())
    if urlsplit(path).path == SERVICE:
        return _service(site, form)
    article = found(site, path, address)
    return shown(site, article, 'div class="con-detail"') if article else None


def _service(site: Site, form: dict[str, str]) -> Answer | None:
    if (form.get("siteGuid"), form.get("categorynum"), form.get("deptcode")) != (GUID, CATEGORY, DEPARTMENT):
        return None
    rows = [_row(row) for row in paged(site, int(form.get("pageIndex", "0")) + 1, size=SIZE)]
    return json_answer(json.dumps({"status": {"code": "200"}, "custom": {"total": len(site.rows), "data": rows}}))


def _row(row: Row) -> dict[str, str]:
    assert row.article is not None, "only the city's list leads away"
    return {"infourl": address(row.article), "title": f"{row.title[:12]}...", "realtitle": row.title, "infodate": row.published}
