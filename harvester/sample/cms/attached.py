"""A portal that publishes files: pages with next to no text of their own, and behind each the report as a file, hidden in another way."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from functools import cache
from html import escape
from typing import NamedTuple
from urllib.parse import quote

from harvester.sample.cms.frame import Answer, Site, article_page, html, page
from harvester.sample.papers import excel, paper, pdf, tables, word
from harvester.sample.places import ORGANS
from harvester.sample.printed import Cells, cells
from harvester.sample.skins import SKINS
from harvester.sample.world import Article, Row, body, modified_on

FOLDER = "/daihu/zfxxgknb/"
LIST = f"{FOLDER}index.html"
PDF, DOCX, XLSX, DOC, ZIP = (
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/msword",
    "application/zip",
)
# The one rendition that was not corrected with the others: (organ, year) -> what its PDF still prints.
LEFT_BEHIND = {("jiaotong", 2025): ("table_4", "cases", "review_pending")}


class File(NamedTuple):
    """What a page carries: its path, what makes its bytes, its content type and Content-Disposition."""

    path: str
    make: Callable[[Article, int], bytes]
    content_type: str
    disposition: str = ""


class Way(NamedTuple):
    """How a page carries its report: the HTML around the files, and the files. ``whole``: the page prints the report too."""

    markup: str
    files: tuple[File, ...]
    whole: bool = False


def address(article: Article, twin: str = "") -> str:
    """``/daihu/zfxxgknb/YYYYMM/c<id>.html``; of a report that the list itself leads to as a file ``…/<year>/mzj.pdf``."""
    if (article.organ, article.year) == DIRECT:
        return f"{FOLDER}{article.published[:4]}/mzj.pdf"
    return f"{FOLDER}{article.published[:7].replace('-', '')}/c{70000 + article.serial * 13}.html"


def answer(site: Site, path: str, form: dict[str, str]) -> Answer | None:
    """The list, its pages and their files; the viewer's own page, which shows nothing without its script."""
    if path == LIST:
        return html(page("ucap_list", site, rows="\n".join(map(_row, site.rows)), pager=""))
    if path.partition("?")[0] == VIEWER:
        return html("<!DOCTYPE html><html><head><title>PDF.js viewer</title></head><body><div id=viewer></div></body></html>")
    articles = [row.article for row in site.rows if row.article]
    for article in articles:
        file = next((file for file in files_of(article) if file.path == path), None)
        if file:
            return Answer(200, file.content_type, _bytes(file, article, site.edition), modified_on(article, site.edition), file.disposition)
    return next((_article(site, article) for article in articles if address(article) == path), None)


def _row(row: Row) -> str:
    """A file is listed by its unit alone, under the year of its publication."""
    assert row.article is not None, "only the city's list leads away"
    title = ORGANS[row.article.organ].name if (row.article.organ, row.article.year) == DIRECT else row.title
    return f'<li><span class="date">{row.published}</span><a href="{address(row.article)}" target="_blank">{escape(title)}</a></li>'


def _article(site: Site, article: Article) -> Answer:
    if article.lookalike:
        text = body(article, site.edition)
    else:
        way = _way(article)
        text = (body(article, site.edition) if way.whole else "") + way.markup + COMPANIONS
    return article_page(site, article, "ucap_article", broken=escape(article.title), body=text)


def files_of(article: Article | None) -> tuple[File, ...]:
    """The files behind a page, or the one that the list leads to itself."""
    if article is None or article.lookalike:
        return ()
    if (article.organ, article.year) == DIRECT:
        return (File(address(article), _pdf, PDF),)
    return _way(article).files


@cache
def _bytes(file: File, article: Article, edition: int) -> bytes:
    return file.make(article, edition)


# --- the files -----------------------------------------------------------------------------------------------------------------------


def _pdf(article: Article, edition: int) -> bytes:
    return pdf.write(*paper(article.organ, article.year, edition, _left_behind(article, edition)))


def _left_behind(article: Article, edition: int) -> Cells:
    place = LEFT_BEHIND.get((article.organ, article.year))
    if place is None:
        return {}
    printed = int(cells(article.organ, article.year, edition)[place][0] or 0) + 1
    return {place: (str(printed), printed)}


def _docx(article: Article, edition: int) -> bytes:
    return word.write(*paper(article.organ, article.year, edition))


def _xlsx(article: Article, edition: int) -> bytes:
    return excel.write(tables(paper(article.organ, article.year, edition)[1]))


def _saved_as_html(article: Article, edition: int) -> bytes:
    """What Word writes for "save as web page", called .doc."""
    head = '<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">'
    meta = (
        '<head><meta http-equiv=Content-Type content="text/html; charset=gb2312"><meta name=Generator content="Microsoft Word 11"></head>'
    )
    title = SKINS["clean"].heading(article.title)
    return f"{head}{meta}<body lang=ZH-CN>{title}{body(article, edition)}</body></html>".encode("gbk")


class _InGBK(zipfile.ZipInfo):
    """A member named as Chinese Windows names it: in GBK, and without saying so."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def _zipped(article: Article, edition: int) -> bytes:
    stream = io.BytesIO()
    members = {f"{article.title}.docx": _docx(article, edition), "附表.xlsx": _xlsx(article, edition)}
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(_InGBK(f"{article.year}年年报/{name}"), content)
    return stream.getvalue()


# --- the ways ------------------------------------------------------------------------------------------------------------------------

DIRECT = ("minzheng", 2025)
VIEWER = "/static/pdfjs/web/viewer.html"
FILES = "/daihu/files/"
# What stands on each page beside the report: none of it may be taken for one.
COMPANIONS = (
    f'<p>相关附件：<a href="{FILES}sqb.doc">政府信息公开申请表</a> <a href="{FILES}tj.pdf">一图读懂年度报告</a>'
    f' <a href="{FILES}zn.pdf">政府信息公开指南.pdf</a></p>'
)


def _way(article: Article) -> Way:
    return WAYS[article.organ, article.year](article)


def _link(article: Article) -> Way:
    """TRS: a file beside the article, named by day and number."""
    name = f"P0{article.published.replace('-', '')}{article.serial:09}.docx"
    folder = address(article).rpartition("/")[0]
    return Way(f'<p>附件：<a href="./{name}" title="{name}">{escape(article.title)}.docx</a></p>', (File(f"{folder}/{name}", _docx, DOCX),))


def _frame(article: Article) -> Way:
    path = f"{FILES}frame{article.serial}.pdf"
    return Way(f'<iframe src="{path}" width="100%" height="900"></iframe>', (File(path, _pdf, PDF),))


def _object(article: Article) -> Way:
    path = f"{FILES}object{article.serial}.PDF"
    return Way(
        f'<object data="{path}" type="application/pdf"><embed src="{path}"></object>', (File(path, _pdf, "application/octet-stream"),)
    )


def _viewer(article: Article) -> Way:
    path = f"{FILES}{quote('年报')}{article.serial}.pdf"
    return Way(f'<iframe src="{VIEWER}?file={quote(path, safe="")}#page=1"></iframe>', (File(path, _pdf, PDF),))


def _click(article: Article) -> Way:
    path = f"{FILES}click{article.serial}.docx"
    return Way(f"<p><a href='javascript:void(0)' onclick=\"window.open('{path}')\">点击下载</a></p>", (File(path, _docx, DOCX),))


def _script(article: Article) -> Way:
    path = f"{FILES}script{article.serial}.pdf"
    escaped = path.replace("/", "\\/")
    return Way(f'<div id="pdf"></div><script>var pdfUrl = "{escaped}"; showPdf("#pdf", pdfUrl);</script>', (File(path, _pdf, PDF),))


def _vsb(article: Article) -> Way:
    """The name stands in the header alone, as raw GBK."""
    path = f"/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1690&wbfileid={article.serial}"
    name = f"{article.title}.docx".encode("gbk").decode("latin-1")
    file = File(path, _docx, "application/octet-stream", f'attachment; filename="{name}"')
    return Way(f'<p>附件【<a href="{escape(path)}">附件1</a>】已下载 <span>12</span> 次</p>', (file,))


def _hanweb(article: Article) -> Way:
    path = f"/module/download/downfile.jsp?filename=2101{article.serial:06}.pdf&classid=0"
    name = f"attachment;filename*=UTF-8''{quote(article.title)}.pdf"
    return Way(f'<p><a href="{escape(path)}">下载</a></p>', (File(path, _pdf, "application/x-msdownload", name),))


def _archive(article: Article) -> Way:
    path = f"{FILES}archive{article.serial}.zip"
    return Way(f'<p><a href="{path}">{article.year}年度报告及附表（压缩包）.zip</a></p>', (File(path, _zipped, ZIP),))


def _word(article: Article) -> Way:
    path = f"{FILES}word{article.serial}.doc"
    return Way(f'<p><a href="{path}">{escape(article.title)}（word版）</a></p>', (File(path, _saved_as_html, DOC),))


def _listed(article: Article) -> Way:
    """gkmlpt: the attachments of a page as JSON, for a script to show."""
    path = f"/attachment/0/{article.serial}/{article.serial * 7}.docx"
    told = json.dumps({"attachment": [{"id": article.serial, "name": f"{article.title}.docx", "type": "docx", "url": path}]})
    return Way(f"<div class='fj'></div><script>window._DETAIL = {told};</script>", (File(path, _docx, DOCX),))


def _renditions(article: Article) -> Way:
    """The page prints the report, and offers it for printing too."""
    paths = [f"{FILES}report{article.serial}.{ending}" for ending in ("pdf", "docx")]
    links = "".join(f'<p><a href="{path}">{escape(article.title)}（{path.rpartition(".")[2]}版）</a></p>' for path in paths)
    return Way(links, (File(paths[0], _pdf, PDF), File(paths[1], _docx, DOCX)), whole=True)


WAYS: dict[tuple[str, int], Callable[[Article], Way]] = {
    ("minzheng", 2019): _link,
    ("minzheng", 2020): _frame,
    ("minzheng", 2021): _object,
    ("minzheng", 2022): _viewer,
    ("minzheng", 2023): _click,
    ("minzheng", 2024): _script,
    ("jiaotong", 2019): _vsb,
    ("jiaotong", 2020): _hanweb,
    ("jiaotong", 2021): _archive,
    ("jiaotong", 2022): _word,
    ("jiaotong", 2023): _listed,
    ("jiaotong", 2024): _renditions,
    ("jiaotong", 2025): _renditions,
}
