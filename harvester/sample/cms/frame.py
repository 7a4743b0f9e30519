"""What every platform of the sample has in common: answers, the filled frame of a page, menus, and the rows of one page of a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from string import Template
from typing import NamedTuple

from harvester.sample.places import PORTAL, Portal
from harvester.sample.world import Article, Row, modified_on, rows

MENU = {
    "要闻动态": ("本地要闻", "部门动态", "乡镇街道", "媒体关注", "通知公告", "视频新闻", "专题专栏", "图片新闻"),
    "政务公开": ("领导之窗", "机构职能", "政策文件", "规划计划", "统计数据", "财政资金", "人事信息", "重大项目", "应急管理", "建议提案"),
    "办事服务": ("个人办事", "法人办事", "阳光政务", "便民查询", "一件事", "跨域通办", "证照下载", "办事指南"),
    "互动交流": ("领导信箱", "在线访谈", "民意征集", "网上调查", "新闻发布会", "咨询投诉", "常见问题", "回应关切"),
    "走进我们": ("历史沿革", "行政区划", "自然地理", "经济发展", "风景名胜", "特色美食", "民俗风情", "城市名片"),
}
PLATFORM = ("政府信息公开指南", "政府信息公开制度", "法定主动公开内容", "依申请公开")
SHARES = ("微信", "微博", "QQ空间", "打印本页", "关闭窗口")


class Answer(NamedTuple):
    """A response: ``content_type`` as the header says it (which may be wrong), ``modified`` an ISO date or empty; ``disposition`` is the
    value of Content-Disposition, a sign a byte."""

    status: int
    content_type: str
    body: bytes
    modified: str = ""
    disposition: str = ""


@dataclass(frozen=True)
class Site:
    """A portal as it stands: ``bases`` maps portal ids (and ``witness``) to ``http://host:port``."""

    portal: Portal
    bases: Mapping[str, str]
    edition: int = 1

    @property
    def base(self) -> str:
        """The portal's own ``http://host:port``."""
        return self.bases[self.portal.id]

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows of its list, newest first."""
        return rows(self.portal.id)


@cache
def template(name: str) -> Template:
    """A frame of the ``templates`` folder."""
    return Template(files("harvester.sample.templates").joinpath(f"{name}.html").read_text("utf-8"))


def page(name: str, site: Site, **values: object) -> str:
    """A frame filled: the portal's own words, and ``values``."""
    return template(name).substitute(own_words(site.portal.id), **values)


@cache
def own_words(portal_id: str) -> dict[str, str]:
    """What a portal prints on each of its pages: names, menu, breadcrumb, foot."""
    portal = PORTAL[portal_id]
    return {
        "site": f"{portal.name}门户网站",
        "organ": portal.name,
        "domain": f"www.{portal_id.removeprefix('sample-')}.gov.cn",
        "site_code": f"{portal.region}0001",
        "menu": _menu(),
        "platform": "\n".join(f'<li><a href="/xxgk/{index}/">{name}</a></li>' for index, name in enumerate(PLATFORM)),
        "crumb": _crumb(portal),
        "share": "".join(f'<a class="bds" href="javascript:void(0)" title="分享到{name}">{name}</a>' for name in SHARES),
        "foot": _foot(portal),
    }


def html(text: str, charset: str = "utf-8", content_type: str = "text/html; charset=utf-8", modified: str = "") -> Answer:
    """A page with status 200."""
    return Answer(200, content_type, text.encode(charset), modified)


def article_words(article: Article) -> dict[str, str]:
    """What a frame prints about an article; ``stamp`` is the hour a clerk pressed the button."""
    source = article.source or PORTAL[article.portal].name
    return {
        "title": escape(article.title),
        "published": article.published,
        "stamp": f"{article.published} {8 + article.serial % 9:02d}:{article.serial * 7 % 60:02d}",
        "source": source,
        "index_number": f"K{PORTAL[article.portal].region}/{article.published[:4]}-{article.serial:05d}",
        "serial": str(article.serial),
    }


def article_page(site: Site, article: Article, frame: str, charset: str = "utf-8", said: str = "", **values: object) -> Answer:
    """An article in its frame. ``said``: the content type of the header, when it is not the true one."""
    text = page(frame, site, **article_words(article), **values)
    return html(text, charset, said or f"text/html; charset={charset}", modified_on(article, site.edition))


def slice_of(found: tuple[Row, ...], number: int, size: int) -> tuple[Row, ...]:
    """Rows of the ``number``-th page, counted from 0; empty past the end."""
    return found[number * size : (number + 1) * size] if number >= 0 else ()


def page_count(found: tuple[Row, ...], size: int) -> int:
    """How many pages a list has."""
    return -(-len(found) // size)


def away_url(site: Site, row: Row) -> str:
    """Where a row leads that leaves the portal: the witness nobody may ask, or a domain that no longer exists."""
    name = row.published.replace("-", "")
    host = site.bases["witness"] if row.away == "witness" else "http://qxj.qinglan.example"
    return f"{host}/zwgk/zfxxgkml/nb/t{name}_7.html"


def _menu() -> str:
    columns = []
    for group, (head, names) in enumerate(MENU.items()):
        items = "\n".join(f'<li><a href="/m{group}/c{index}/" target="_blank">{name}</a></li>' for index, name in enumerate(names))
        columns.append(f'<li class="nav-item"><a href="/m{group}/">{head}</a><ul class="sub">\n{items}\n</ul></li>')
    return "\n".join(columns)


def _crumb(portal: Portal) -> str:
    links = ("首页", "/"), ("政务公开", "/zwgk/"), ("政府信息公开", "/zwgk/zfxxgk/")
    return " &gt; ".join(f'<a href="{path}" class="CurrChnlCls">{name}</a>' for name, path in links) + " &gt; 政府信息公开年报"


def _foot(portal: Portal) -> str:
    number = f"示ICP备{portal.region}01号"
    lines = (
        f"主办：{portal.name}　承办：{portal.name}办公室　网站标识码：{portal.region}0001",
        f"版权所有：{portal.name}　{number}-1　示公网安备 {portal.region}02000001号",
        "联系我们 | 网站地图 | 建议使用1366*768以上分辨率浏览",
    )
    return "\n".join(f"<p>{line}</p>" for line in lines)
