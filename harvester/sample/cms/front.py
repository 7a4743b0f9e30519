"""The front of each sample portal: home pages as differently built as real ones, and the ways on which they lead to the list of reports."""

from __future__ import annotations

from html import escape

from harvester.sample.cms.frame import Answer, Site, html, page
from harvester.sample.cms.small import Address, lines

# How a platform's portal leads to its list; the others by the platform of disclosure, whose menu names it (``platform``).
WAYS = {
    "trs": "article",
    "trs_script": "sitemap",
    "hanweb_plain": "direct",
    "aspx": "direct",
    "nfcms": "direct",
    "ucap": "script",
    "gkmlpt": "tree",
    "lonsun": "catalogue",
    "easysite": "frame",
    "henan_ymd": "refresh",
}
LED = ("platform", "direct", "frame", "refresh")  # ways on which the platform of disclosure has a menu
PLATFORM = "/zwgk/zfxxgk/"
HOME = "/home/index.html"
SITEMAP = "/sitemap.xml"
COLUMN = "政府信息公开年报"
# What stands beside the column in menus, is called nearly as it is, and lists other reports.
DECOYS = {
    "/zfgzbg/": "政府工作报告",
    "/fzzf/ndbg/": "法治政府建设年度报告",
    "/zfxxgk/wznb/": "政府网站工作年度报表",
    "/zfxxgk/ndbgzd/": "信息公开年度报告制度",
}
SHELL = {
    "frame": f'<html><head><title>$</title></head><body><iframe src="{HOME}" width="100%"></iframe></body></html>',
    "refresh": f'<html><head><meta http-equiv="Refresh" content="0; URL={HOME}"><title>$</title></head><body></body></html>',
}


def way(site: Site) -> str:
    """How the portal's home page leads to its list."""
    return WAYS.get(site.portal.family, "platform")


def front(site: Site, path: str, list_path: str, address: Address, charset: tuple[str, str]) -> Answer | None:
    """The home page, the platform of disclosure, the sitemap and the columns beside the list; None for what is none of these."""
    if path == "/" and way(site) in SHELL:
        return html(SHELL[way(site)].replace("$", site.portal.name), *charset)
    if path in ("/", HOME):
        return html(page("home", site, box=_box(site, list_path, address), decoys=_decoys()), *charset)
    if path == PLATFORM and way(site) in LED:
        return html(page("platform", site, title="政府信息公开", list_url=escape(list_path), column=COLUMN, decoys=_decoys()), *charset)
    if path == SITEMAP and way(site) == "sitemap":
        return _sitemap(site, list_path, address)
    if name := DECOYS.get(path):
        rows = "".join(f'<li><a href="{path}{year}.html">{site.portal.name}{year}年{name}</a></li>' for year in range(2019, 2026))
        return html(page("platform", site, title=name, list_url=path, column=name, decoys=f"<ul>{rows}</ul>"), *charset)
    return None


def sitemap_line(site: Site) -> bytes:
    """The line of robots.txt that names the sitemap, of a portal that has one."""
    return f"Sitemap: {site.base}{SITEMAP}\n".encode() if way(site) == "sitemap" else b""


def _box(site: Site, list_path: str, address: Address) -> str:
    """What the home page shows of disclosure."""
    platform = f'<a href="{PLATFORM}">政府信息公开</a>'
    boxes = {
        "direct": f'{platform}<dl><dt>信息公开</dt><dd><a href="{escape(list_path)}">{COLUMN}</a></dd></dl>',
        "script": f"<div id=\"side\"></div><script>var side = [{{name: '公开年报', href: '{list_path}'}}];</script>",
        "tree": '<a href="/gkmlpt/index">政府信息公开平台</a>',
        "catalogue": f'<a href="{escape(list_path.replace("type=3", "type=4"))}">政府信息公开目录</a>',
        "article": f"<ul>{_newest(site, address)}</ul>",
        "sitemap": "",
    }
    return boxes.get(way(site), platform)


def _newest(site: Site, address: Address) -> str:
    rows = tuple(row for row in site.rows if row.article and row.article.organ)
    return lines(address, rows[:3])


def _decoys() -> str:
    return "\n".join(f'<li><a href="{path}">{name}</a></li>' for path, name in DECOYS.items())


def _sitemap(site: Site, list_path: str, address: Address) -> Answer:
    paths = ["/", "/m0/", "/m1/c2/", *(address(row.article, row.twin) for row in site.rows if row.article), list_path]
    entries = "".join(f"<url><loc>{escape(site.base + path)}</loc></url>" for path in paths)
    text = f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'
    return Answer(200, "application/xml", text.encode())
