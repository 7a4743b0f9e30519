"""Attachments: found wherever a page hides them, called what they are called, fetched politely, handed on with what their page says."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from conftest import Crawled
from scrapy.http import HtmlResponse, Response

from harvester import readers, reading, settings
from harvester.carrier import carrier_of
from harvester.identity import Context, identify
from harvester.items import Capture, Page
from harvester.sample import serve
from harvester.sample.cms import attached
from spiders import attachments, containers, filenames
from spiders.answers import attachments_of
from spiders.attachments import Attachment, found, may_carry
from spiders.entries import judge
from spiders.families import Link
from storage.database import Database
from storage.renditions import CODE
from tests.storing import rows
from tests.webserver import Asked, Site, serving

ROOT = Path(__file__).parent.parent
AT = "http://www.h.gov.cn/zwgk/2021.html"
TITLE = "某某市教育局2021年政府信息公开工作年度报告"


def one(html: str, **given: Any) -> list[tuple[str, str]]:
    """Address below the host and way of each attachment."""
    return [(file.url.removeprefix("http://www.h.gov.cn"), file.how) for file in found(AT, html.encode(), **given)]


# --- where they hide -----------------------------------------------------------------------------------------------------------------

HIDDEN = {
    f'<a href="./P020230131394857.pdf">{TITLE}</a>': ("/zwgk/P020230131394857.pdf", "link"),
    f"<A HREF=../files/1.DOC>{TITLE}</A>": ("/files/1.DOC", "link"),
    '<base href="/deep/er/"><a href="1.docx">附件：年度报告.docx</a>': ("/deep/er/1.docx", "link"),
    '<a href="/f/2021 年报.wps">附件</a>': ("/f/2021%20%E5%B9%B4%E6%8A%A5.wps", "link"),
    f"<a href='/f/1.zip?v=2#top'>{TITLE}（压缩包）</a>": ("/f/1.zip?v=2", "link"),
    '<a href="\\f\\1.ofd">点击下载</a>': ("/f/1.ofd", "link"),
    '<iframe src="/f/1.pdf#toolbar=0"></iframe>': ("/f/1.pdf", "frame"),
    '<embed type="application/pdf" src="/f/1.pdf">': ("/f/1.pdf", "frame"),
    '<object data="/f/1.pdf" type="application/pdf"></object>': ("/f/1.pdf", "frame"),
    '<object><param name="src" value="/f/1.pdf"></object>': ("/f/1.pdf", "frame"),
    '<iframe src="/pdfjs/web/viewer.html?file=%2Ff%2F%E5%B9%B4.pdf#page=1"></iframe>': ("/f/%E5%B9%B4.pdf", "viewer"),
    '<iframe src="/pdfjs/viewer?file=1.pdf"></iframe>': ("/pdfjs/1.pdf", "viewer"),
    '<iframe src="/viewer.html?file=%252Ff%252F1.pdf"></iframe>': ("/f/1.pdf", "viewer"),
    '<iframe src="/viewer.html#file=/f/1.pdf"></iframe>': ("/f/1.pdf", "viewer"),
    '<iframe src="https://view.officeapps.live.com/op/view.aspx?src=http%3A%2F%2Fwww.h.gov.cn%2F1.docx"></iframe>': ("/1.docx", "viewer"),
    "<p onclick=\"window.open('/f/1.docx')\">下载</p>": ("/f/1.docx", "click"),
    "<a href='javascript:void(0)' onclick=\"down('1.xls', this)\">附表</a>": ("/zwgk/1.xls", "click"),
    "<a href=\"javascript:window.open('/f/1.rtf');\">全文</a>": ("/f/1.rtf", "click"),
    '<div data-url="/f/1.7z">下载</div>': ("/f/1.7z", "click"),
    "<script>window.location.href='/f/1.pdf';</script>": ("/f/1.pdf", "script"),
    '<script>var u = "\\/f\\/1.pdf"; show(u)</script>': ("/f/1.pdf", "script"),
    '<script>var p = "P020230131394857.docx";</script>': ("/zwgk/P020230131394857.docx", "script"),
    "<script>// 全文 http://www.h.gov.cn/f/1.pdf 结束</script>": ("/f/1.pdf", "script"),
    "<script>open('/system/_content/download.jsp?urltype=a&wbfileid=3')</script>": (
        "/system/_content/download.jsp?urltype=a&wbfileid=3",
        "script",
    ),
    '<script>var d={"attachment":[{"id":1,"name":"\\u5e74\\u62a5.pdf","url":"\\/attachment\\/8\\/1"}]}</script>': (
        "/attachment/8/1",
        "json",
    ),
    '<a href="/system/_content/download.jsp?urltype=news.DownloadAttachUrl&amp;wbfileid=3">附件1</a>': (
        "/system/_content/download.jsp?urltype=news.DownloadAttachUrl&wbfileid=3",
        "link",
    ),
    '<a href="/module/download/downfile.jsp?filename=1.pdf&amp;classid=0">下载</a>': (
        "/module/download/downfile.jsp?filename=1.pdf&classid=0",
        "link",
    ),
    '<a href="/download/6f1e2a3b4c5d6e7f8a9b0c1d">下载</a>': ("/download/6f1e2a3b4c5d6e7f8a9b0c1d", "link"),
}


@pytest.mark.parametrize(("html", "expected"), HIDDEN.items(), ids=list(map(str, range(len(HIDDEN)))))
def test_an_attachment_is_found_wherever_it_hides(html: str, expected: tuple[str, str]) -> None:
    assert one(f"<html><body>{html}</body></html>") == [expected]


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<a href='/x.html'>附件</a>",
        "<a href='/f/sqb.doc'>政府信息公开申请表</a>",
        "<a href='/f/zn.pdf'>政府信息公开指南.pdf</a>",
        "<a href='/f/t.pdf'>一图读懂2021年政府信息公开工作年度报告</a>",
        "<a href='/f/j.docx'>2021年政府信息公开工作年度报告解读</a>",
        "<a href='/f/w.xls'>2021年政府网站工作年度报表.xls</a>",
        "<a href='/f/z.doc'>关于做好2021年政府信息公开年度报告编制工作的通知</a>",
        "<a href='/f/m.xlsx'>行政许可事项目录.xlsx</a>",
        "<a href='javascript:void(0)'>附件.pdf</a>",
        "<a href='{{el.url}}.pdf'>附件</a><a href='<?=el.link?>.pdf'>附件</a>",
        "<script>var end = '.pdf', name = 'report.pdf';</script>",
        "<!-- <a href='/f/1.pdf'>附件</a> -->",
        "<a href='mailto:a@h.gov.cn?subject=1.pdf'>附件</a><a href='file:///c:/1.pdf'>附件</a><a href='http://[bad/1.pdf'>附件</a>",
        "<a href='/download/index.html'>下载中心</a>",
        "<img src='/f/1.jpg'>",
    ],
)
def test_what_is_no_attachment_or_cannot_be_the_report_is_left(html: str) -> None:
    assert one(f"<html><body>{html}</body></html>") == []


def test_one_file_is_named_once_by_the_best_of_its_names() -> None:
    html = f"""<a href="/f/P02021.pdf"><img src="pdf.gif"></a><a href="/f/P02021.pdf" title="附件">点击下载</a>
        <p>附件：<a href="/f/P02021.pdf">{TITLE}.pdf</a></p><iframe src="/f/P02021.pdf"></iframe>"""
    assert found(AT, html.encode()) == [Attachment("http://www.h.gov.cn/f/P02021.pdf", f"{TITLE}.pdf", "frame")]


def test_a_name_that_says_nothing_is_made_up_for_by_the_line_around_it_or_the_address() -> None:
    (row,) = found(AT, f'<li>{TITLE} <a href="/f/1.pdf">下载</a> (2 MB)</li>'.encode())
    assert row.name == f"{TITLE} 下载 (2 MB)"
    (field,) = found(AT, b'<a href="/module/download/downfile.jsp?filename=%C4%EA%B1%A8.pdf&classid=0">1</a>')
    assert field.name == "年报.pdf"
    assert one('<p>附件【<a href="/system/_content/download.jsp?wbfileid=3">附件1</a>】已下载12次</p>') != []


def test_units_of_a_hub_page_are_reports_each() -> None:
    names = ("教育局", "财政局2021年年报", "河湾街道办事处")
    html = "".join(f'<a href="/f/{number}.docx">{name}</a>' for number, name in enumerate(names))
    assert len(one(html)) == 3


def test_a_page_in_gbk_asks_for_its_files_as_browsers_do() -> None:
    html = '<meta charset="gb2312"><a href="/f/年报.pdf?n=年报">年度报告</a>'.encode("gbk")
    (file,) = found(AT, html)
    assert file.url == "http://www.h.gov.cn/f/%E5%B9%B4%E6%8A%A5.pdf?n=%C4%EA%B1%A8"


def test_pictures_count_only_where_the_page_is_said_to_be_pictures() -> None:
    html = '<div><img src="/f/1.jpg"><img src="/f/2.png"></div>'
    assert one(html) == []
    assert one(html, pictures=True) == [("/f/1.jpg", "image"), ("/f/2.png", "image")]


def test_a_page_without_a_trace_is_not_parsed() -> None:
    plain = b"<html><body>" + b"<p class='a.b'>no</p><a href='/x.html'>document.pdfs a.docs</a>" * 2000
    assert not may_carry(plain)
    assert all(map(may_carry, (b"x.PdF ", b"a.docx'", b'"/download/1"', b"download.jsp?a", b".7z\n")))


@pytest.mark.parametrize(
    "html",
    [
        "<a href='" * 20000 + ".pdf",
        "<div>" * 20000 + "<a href='1.pdf'>附件</a>",
        '<script>"' + "a" * 1_000_000 + ".pdf</script>",
        "<script>" + "http://a" * 100_000 + ".pdf</script>",
        "<script>" + '{"attachment": ' * 50_000 + '"url":"1.pdf"}' + "</script>",
        "<a href='1.pdf'>" + "年" * 200_000 + "</a>",
        "\x00.pdf\xff" * 1000,
        '<iframe src="/viewer.html?' + "file=1.pdf&" * 2000 + '"></iframe>',
        "<a href='?file=" + "%25" * 5000 + "1.pdf'>附件</a>",
    ],
    ids=list("abcdefghi"),
)
def test_hostile_pages_take_bounded_time(html: str) -> None:
    began = time.monotonic()
    assert len(found(AT, html.encode("utf-8", "surrogatepass"))) <= 1
    assert time.monotonic() - began < 3


# --- what they are called ------------------------------------------------------------------------------------------------------------

YEARBOOK = "2021年年报.pdf"
HEADERS = [
    (b'attachment; filename="' + YEARBOOK.encode("gbk") + b'"', YEARBOOK),
    (b"attachment;filename=" + YEARBOOK.encode(), YEARBOOK),
    (b"attachment; filename=2021%E5%B9%B4%E5%B9%B4%E6%8A%A5.pdf", YEARBOOK),
    (b"attachment; filename=%32%30%32%31%C4%EA%C4%EA%B1%A8.pdf", YEARBOOK),
    (b"inline; filename*=UTF-8''2021%E5%B9%B4%E5%B9%B4%E6%8A%A5.pdf", YEARBOOK),
    (b"attachment; filename=\"x.pdf\"; filename*=utf-8'zh-CN'2021%E5%B9%B4%E5%B9%B4%E6%8A%A5.pdf", YEARBOOK),
    (b"attachment; FILENAME*=GBK''2021%C4%EA%C4%EA%B1%A8.pdf", YEARBOOK),
    (b"attachment; filename*=no-such''2021%E5%B9%B4%E5%B9%B4%E6%8A%A5.pdf", YEARBOOK),
    (b"attachment; filename*0*=UTF-8''2021%E5%B9%B4; filename*1*=%E5%B9%B4%E6%8A%A5.pdf", YEARBOOK),
    (b'attachment; filename="=?UTF-8?B?MjAyMeW5tOW5tOaKpS5wZGY=?="', YEARBOOK),
    (b'attachment; filename="D:\\\\files\\\\' + YEARBOOK.encode("gbk") + b'"', YEARBOOK),
    (b'attachment; filename="../../etc/passwd"', "passwd"),
    (b"attachment", ""),
    (b"", ""),
    (b"filename*=''", ""),
    (b'attachment; filename="\xff\xfe\x80"', "ÿþ\x80"),
]


@pytest.mark.parametrize(("header", "name"), HEADERS, ids=list(map(str, range(len(HEADERS)))))
def test_the_name_in_the_header_is_read_however_it_is_encoded(header: bytes, name: str) -> None:
    assert filenames.in_header(header) == name


def test_names_are_chosen_and_judged() -> None:
    assert attachments.best_name(["下载", "", "P021.pdf", YEARBOOK, f"{TITLE}.pdf"]) == f"{TITLE}.pdf"
    assert attachments.best_name(["附件1", "教育局.docx"]) == "教育局.docx"
    assert attachments.best_name(["附件1", "1.docx"]) == "附件1"
    assert attachments.best_name([]) == ""
    assert attachments.can_be_report(f"{TITLE}（图片版）.pdf", "link")
    assert not attachments.can_be_report(f"{TITLE}图解.pdf", "frame")


# --- what their page says of them ----------------------------------------------------------------------------------------------------


def carrier(body: str) -> Any:
    return carrier_of(readers.read(body.encode()), AT, "2021年年报（图片版）", "2022-01-20")


def test_a_page_tells_title_publisher_and_day_of_what_it_carries() -> None:
    meta = "".join(
        f'<meta name="{name}" content="{value}">'
        for name, value in {"ArticleTitle": TITLE, "ContentSource": "某某市教育局", "PubDate": "2022-01-25 10:00"}.items()
    )
    assert carrier(f"<html><head>{meta}</head><body><p>见附件</p></body></html>") == (AT, TITLE, "某某市教育局", "2022-01-25")
    assert carrier("<html><body><p>见附件</p></body></html>") == (AT, "2021年年报（图片版）", "", "2022-01-20")


def named(text: str, **told: str) -> tuple[str, str, int | None, str | None]:
    report = identify(readers.read(text.encode()), Context(url="http://www.h.gov.cn/f/1.pdf", **told))
    assert report.kind == "report", report.reason
    return report.title, report.organ, report.year, report.published_on


BODY = "\n".join(
    ("一、总体情况", "本机关主动公开信息12条。", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "四、复议", "无。" * 90)
)


def test_the_files_own_title_counts_first_then_its_name_then_its_pages_title() -> None:
    page = {"carrier_title": "某某市教育局2021年政府信息公开工作年度报告", "carrier_source": "某某市教育局", "listed_on": "2022-01-25"}
    own = "某某市财政局2020年政府信息公开工作年度报告"
    assert named(f"{own}\n\n{BODY}", **page) == (own, "某某市财政局", 2020, "2022-01-25")
    name = "某某市民政局2019年政府信息公开工作年度报告.pdf"
    assert named(BODY, link_text=name, **page) == (name[:-4], "某某市民政局", 2019, "2022-01-25")
    assert named(BODY, link_text="附件1.pdf", **page) == (page["carrier_title"], "某某市教育局", 2021, "2022-01-25")


def test_on_a_page_of_many_units_the_files_name_says_whose_it_is() -> None:
    hub = {"carrier_title": "某某市2021年各部门政府信息公开工作年度报告", "carrier_source": "某某市人民政府办公室"}
    bare = f"2021年政府信息公开工作年度报告\n\n{BODY}"
    assert named(bare, link_text="某某市统计局.docx", **hub)[1] == "某某市统计局"
    assert (
        named(bare, link_text="附件1.docx", carrier_title="2021年年报", carrier_source="某某市人民政府办公室")[1] == "某某市人民政府办公室"
    )


# --- archives of files ---------------------------------------------------------------------------------------------------------------


class InGBK(zipfile.ZipInfo):
    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def zipped(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(InGBK(name), content)
    return stream.getvalue()


def test_an_archive_is_one_page_a_member_under_addresses_of_their_own() -> None:
    body = zipped({"年报/教育局.doc": b"<html>1</html>", "年报/图解.pdf": b"%PDF-", "年报/Thumbs.db": b"x", "说明.txt": b"2"})
    capture = Capture("0" * 64, "a.warc.gz", 7, "<urn:uuid:1>")
    url = "http://www.h.gov.cn/f/1.zip"
    given = Page(url, body, carrier=AT, carrier_title=TITLE, portal_id="h", fetched_at="2026-01-01T00:00:00Z", capture=capture)
    given.notes["ids"] = {f"{url}#%E5%B9%B4%E6%8A%A5/%E6%95%99%E8%82%B2%E5%B1%80.doc": "0123456789abcdef"}
    whole, member, rest = containers.expanded(given)
    assert whole is given and whole.report is not None
    assert (whole.report.kind, whole.report.reason, whole.report.format) == ("not_report", "", "zip")
    assert (member.url, member.body) == (f"{url}#%E5%B9%B4%E6%8A%A5/%E6%95%99%E8%82%B2%E5%B1%80.doc", b"<html>1</html>")
    assert (member.link_text, member.carrier, member.carrier_title, member.portal_id) == ("教育局.doc", AT, TITLE, "h")
    assert (member.report_id, member.report, member.capture) == ("0123456789abcdef", None, capture)
    assert rest.url == f"{url}#%E8%AF%B4%E6%98%8E.txt" and rest.report_id == ""


def test_an_archive_that_a_list_leads_to_carries_its_members_itself() -> None:
    given = Page("http://www.h.gov.cn/1.zip", zipped({"1.doc": b"<html>"}), link_text="2021年年报")
    _, member = containers.expanded(given)
    assert (member.carrier, member.carrier_title) == (given.url, "2021年年报")


def test_an_archive_that_cannot_be_read_or_holds_nothing_says_so() -> None:
    (broken,) = containers.expanded(Page("http://h/1.zip", zipped({"1.doc": b"x" * 1000})[:600]))
    assert broken.report is not None and (broken.report.kind, "opened" in broken.notes) == ("unreadable", False)
    (empty,) = containers.expanded(Page("http://h/1.zip", zipped({"2021年年报解读.doc": b"x", "图解.pdf": b"x"})))
    assert empty.report is not None and empty.report.kind == "not_report" and "without a document" in empty.report.reason
    (plain,) = containers.expanded(Page("http://h/1.zip", b"<html>"))
    assert plain.report is None


# --- a crawl -------------------------------------------------------------------------------------------------------------------------


def text_of(unit: str, year: int, more: str = "") -> str:
    """A small report of the free layout, as Word saves it for the web."""
    title = f"某某市{unit}{year}年政府信息公开工作年度报告"
    texts = (
        f"根据《中华人民共和国政府信息公开条例》的要求，现公布{year}年度政府信息公开工作年度报告。",
        f"一、总体情况。{year}年，{unit}主动公开政府信息{year % 100 + 120}条，收到信息公开申请{year % 9}件，均按期答复。",
        "二、存在的主要问题及改进情况。公开内容的深度还需要加强，下一步将做好政策解读。",
    )
    return f"<html><body><h1>{title}</h1><div id=zoom>{''.join(f'<p>{text * 8}</p>' for text in texts)}{more}</div></body></html>"


def shell_of(unit: str, year: int, markup: str) -> str:
    title = f"某某市{unit}{year}年政府信息公开工作年度报告"
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1><div id=zoom><p>详见附件。</p>{markup}</div></body></html>"


def entry(path: str, unit: str, year: int) -> str:
    return f'<li><a href="{path}">某某市{unit}{year}年政府信息公开工作年度报告</a><span>{year + 1}-01-20</span></li>'


def listing(*entries: str) -> str:
    return f"<html><head><title>政府信息公开年报</title></head><body><ul>{''.join(entries)}</ul>{'<!-- -->' * 900}</body></html>"


WITNESS = Site({})
UNITS = ("民政局", "水利局", "林业局", "统计局")
HUB = "".join(f'<a href="/f/hub{number}.doc">{name}</a>' for number, name in enumerate(UNITS))


def site_pages() -> dict[str, Any]:
    office, off = "教育局", f"<a href='{WITNESS.base}/1.pdf'>附件</a>"
    pages: dict[str, Any] = {
        "/list/": listing(*(entry(f"/r/{year}.html", office, year) for year in range(2015, 2020)), entry("/f/2020.doc", office, 2020)),
        "/r/2015.html": shell_of(office, 2015, '<a href="/f/2015.doc">附件</a>'),
        "/f/2015.doc": text_of(office, 2015),
        "/r/2016.html": text_of(office, 2016, '<p><a href="/f/2016.doc">附件：某某市教育局2016年年报（word版）</a></p>'),
        "/f/2016.doc": text_of(office, 2016, "<p>联系电话见网站。</p>"),
        "/r/2017.html": shell_of(office, 2017, '<a href="/f/2017.zip">附件</a>' + off),
        "/f/2017.zip": zipped({"2017年年报/正文.doc": text_of(office, 2017).encode(), "2017年年报/说明.doc": b"<html><p>x</p></html>"}),
        "/r/2018.html": text_of(office, 2018, '<a href="/f/gone.doc">附件</a>'),
        "/r/2019.html": shell_of(office, 2019, "<a href='/system/_content/download.jsp?wbfileid=3'>附件1</a>"),
        "/system/_content/download.jsp?wbfileid=3": text_of(office, 2019),
        "/f/2020.doc": text_of(office, 2020),
        "/lost/": listing(entry("/r/lost.html", "财政局", 2015)),
        "/r/lost.html": shell_of("财政局", 2015, '<a href="/f/lost.doc">附件</a>'),
        "/hub/": listing(entry("/r/hub.html", "办公室", 2015)),
        "/r/hub.html": shell_of("办公室", 2015, HUB),
        **{f"/f/hub{number}.doc": text_of(unit, 2015) for number, unit in enumerate(UNITS)},
        "/off/": listing(entry("/r/off.html", "审计局", 2015)),
        "/r/off.html": shell_of("审计局", 2015, off),
    }
    return pages


def tagged(pages: dict[str, Any]) -> Any:
    """Every page with an ETag, 304 to whoever knows it."""

    def answers(asked: Asked) -> Any:
        if asked.path not in pages:
            return None
        body = pages[asked.path] if isinstance(pages[asked.path], bytes) else pages[asked.path].encode()
        tag = f'"{hash(body) & 0xFFFFFF:x}"'
        if asked.headers.get("if-none-match") == tag:
            return 304, {"ETag": tag}, b""
        kind = "application/msword" if "/f/" in asked.path else "text/html; charset=utf-8"
        return 200, {"ETag": tag, "Content-Type": kind}, body

    return answers


def run(folder: Path, *arguments: object, **given: object) -> subprocess.CompletedProcess[str]:
    pairs = [part for name, value in given.items() for part in ("-s", f"{name}={value}")]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SCRAPY_")} | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "harvester", *map(str, arguments), *pairs]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False)


FAST = {
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "RETRY_TIMES": 1,
    "HARVEST_CONTACT": "mailto:a@example.org",
    "HARVEST_ATTACHMENTS": 3,
}


def crawled(folder: Path, site: Site) -> dict[str, Any]:
    header = "portal_id,name,region_code,list_url,family,min_reports,note"
    lines = [f"{name},,,{site.base}/{name}/,,," for name in ("list", "lost", "hub", "off")]
    (folder / "portals.csv").write_text("\n".join([header, *lines]), "utf-8")
    run(folder, "crawl", "--portals", "portals.csv", "--summary", "s.json", **FAST)
    return {portal["portal_id"]: portal for portal in json.loads((folder / "s.json").read_text("utf-8"))["portals"]}


CAPTURES = """SELECT replace(url, ?, ''), format, replace(carrier, ?, ''), report_id, body_sha256, warc_file, warc_offset FROM captures"""


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A crawl, the same a second time, and a replay of its archive."""
    folder, site = tmp_path_factory.mktemp("attached"), Site({})
    with serving(WITNESS, site):
        site.answers = tagged(pages := site_pages())
        first, asked = crawled(folder, site), list(site.asked)
        site.asked.clear()
        pages["/f/2019.doc"] = pages.pop("/system/_content/download.jsp?wbfileid=3")
        pages["/f/2015.doc"] = text_of("教育局", 2015, "<p>更正：数字以本稿为准。</p>")
        second = crawled(folder, site)
    replayed = run(folder, "replay", "--db", "replayed.db")
    return folder, site, first, asked, second, replayed


def test_reports_are_found_in_what_hangs_on_their_pages(done: Any) -> None:
    folder, site, first, _, _, _ = done
    assert (first["list"]["outcome"], first["list"]["listed"], first["list"]["new"], first["list"]["rejected"]) == ("complete", 6, 6, 0)
    with Database(folder / "data" / "harvest.db") as database:
        told = dict(
            rows(database, "SELECT year, replace(url, ?, '') FROM reports WHERE portal_id = 'list' AND superseded_by IS NULL", site.base)
        )
    assert told == {
        2015: "/f/2015.doc",
        2016: "/r/2016.html",
        2017: "/f/2017.zip#2017%E5%B9%B4%E5%B9%B4%E6%8A%A5/%E6%AD%A3%E6%96%87.doc",
        2018: "/r/2018.html",
        2019: "/system/_content/download.jsp?wbfileid=3",
        2020: "/f/2020.doc",
    }


def test_a_rendition_that_is_missing_spoils_nothing_and_a_report_that_is_missing_does(done: Any) -> None:
    _, _, first, _, _, _ = done
    assert (first["lost"]["outcome"], first["lost"]["listed"], first["lost"]["new"]) == ("incomplete", 1, 0)
    assert "/f/lost.doc: HTTP 404" in first["lost"]["reason"] or "/f/lost.doc" in first["lost"]["reason"]
    assert (first["off"]["outcome"], first["off"]["listed"], first["off"]["rejected"]) == ("empty", 0, 1)


def test_no_more_is_asked_than_a_page_may_carry_and_the_rest_is_told(done: Any) -> None:
    _, _, first, asked, _, _ = done
    assert sum("hub" in one.path and "/f/" in one.path for one in asked) == FAST["HARVEST_ATTACHMENTS"]
    assert first["hub"]["outcome"] == "incomplete" and "carries 4 files and 3 were asked for" in first["hub"]["reason"]
    assert first["hub"]["new"] == 3


def test_every_file_is_asked_for_once_with_its_page_as_referer_and_nobody_off_the_list(done: Any) -> None:
    _, site, _, asked, _, _ = done
    assert (WITNESS.paths, WITNESS.robots_asked) == ([], 0)
    assert max(Counter(one.path for one in asked).values()) == 1
    referers = {one.path: one.headers.get("referer", "").removeprefix(site.base) for one in asked}
    assert referers["/f/2015.doc"] == "/r/2015.html"
    assert referers["/f/2020.doc"] == "/list/"


def test_files_and_their_pages_are_asked_for_by_their_validators(done: Any) -> None:
    _, site, _, _, second, _ = done
    known = {one.path: "if-none-match" in one.headers for one in site.asked}
    assert known["/f/2016.doc"] and known["/f/2017.zip"] and known["/f/2020.doc"]
    assert known["/r/2016.html"] and known["/r/2015.html"]
    told = second["list"]
    assert (told["new"], told["changed"], told["unchanged"], told["withdrawn"]) == (0, 1, 4, 0), "a page still names the lost file"


def test_members_of_an_archive_lie_in_its_record_which_is_kept_once(done: Any) -> None:
    folder, site, _, _, _, _ = done
    with Database(folder / "data" / "harvest.db") as database:
        told = [row for row in rows(database, CAPTURES, site.base, site.base) if ".zip" in row[0]]
    assert len(told) == 3 and len({row[5:] for row in told}) == 1
    container, report, rest = sorted(told)
    assert (container[1:4], report[1:3], rest[1:4]) == (
        ("zip", "/r/2017.html", None),
        ("html", "/r/2017.html"),
        ("html", "/r/2017.html", None),
    )
    assert report[3] and len({row[4] for row in told}) == 3


def test_a_replay_gives_the_same_rows_and_ids(done: Any) -> None:
    folder, _, _, _, _, replayed = done
    assert "could not be read" not in replayed.stderr, replayed.stderr
    told = []
    for name in ("data/harvest.db", "replayed.db"):
        with Database(folder / name) as database:
            columns = "id, title, organ, year, url, published_on, text_sha256, superseded_by"
            told.append(
                [
                    rows(database, f"SELECT {columns} FROM reports ORDER BY id"),
                    rows(database, "SELECT url, format, carrier, report_id, warc_offset FROM captures ORDER BY 1, 5"),
                    rows(database, 'SELECT report_id, url, code, "where", message FROM issues ORDER BY 1, 2, 3'),
                ]
            )
    assert told[0] == told[1]
    assert len(told[0][0]) == 10


def test_the_setting_that_asks_for_none(tmp_path: Path) -> None:
    site = Site({})
    with serving(WITNESS, site):
        site.answers = tagged(site_pages())
        header = "portal_id,name,region_code,list_url,family,min_reports,note"
        (tmp_path / "portals.csv").write_text(f"{header}\nlist,,,{site.base}/list/,,,", "utf-8")
        run(tmp_path, "crawl", "--portals", "portals.csv", **{**FAST, "HARVEST_ATTACHMENTS": 0})
    assert [path for path in site.paths if "/f/" in path] == ["/f/2020.doc"]
    assert settings.HARVEST_ATTACHMENTS > 0


def test_a_folder_with_an_archive_of_files_is_ingested_member_by_member(tmp_path: Path) -> None:
    members = {"教育局2015.doc": text_of("教育局", 2015).encode(), "财政局2016.doc": text_of("财政局", 2016).encode()}
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "年报.zip").write_bytes(zipped(members))
    done = run(tmp_path, "ingest", "in")
    assert done.returncode == 0, done.stderr
    again = run(tmp_path, "ingest", "in")
    assert "2 unchanged" in again.stdout
    with Database(tmp_path / "data" / "harvest.db") as database:
        urls = [url for (url,) in rows(database, "SELECT url FROM reports ORDER BY year")]
        ids = rows(database, "SELECT id FROM reports ORDER BY year")
    assert [url.rpartition("#")[2] for url in urls] == ["%E6%95%99%E8%82%B2%E5%B1%802015.doc", "%E8%B4%A2%E6%94%BF%E5%B1%802016.doc"]
    run(tmp_path, "replay", "--db", "replayed.db")
    with Database(tmp_path / "replayed.db") as database:
        assert rows(database, "SELECT id FROM reports ORDER BY year") == ids
    assert reading.read_report(members["教育局2015.doc"]).id == ids[0][0]


# --- the sample portal that publishes files -----------------------------------------------------------------------------------------

SAMPLE = "SELECT r.title, r.year, c.format, c.url FROM captures c JOIN reports r ON r.id = c.report_id WHERE c.portal_id = 'sample-daihu'"


def test_every_way_of_the_sample_gives_its_report_with_every_figure_right(crawled: Crawled) -> None:
    told = next(portal for portal in json.loads(crawled.summary.read_text("utf-8"))["portals"] if portal["portal_id"] == "sample-daihu")
    assert (told["outcome"], told["reason"]) == ("complete", "")
    with serve(1, 0) as sample:
        truth = {one.title: one for one in sample.truth if one.portal_id == "sample-daihu"}
    assert told["listed"] == told["new"] == len(truth) == len(attached.WAYS) + 1
    with Database(crawled.database) as database:
        for title, one in truth.items():
            figures = rows(
                database,
                """SELECT f.table_key, f.row_key, f.column_key, f.printed, r.published_on FROM figures f
                JOIN reports r ON r.id = f.report_id WHERE r.title = ? AND f.status <> 'doubtful'""",
                title,
            )
            assert {tuple(place): printed for *place, printed, _ in figures} == one.figures, title
            assert {day for *_, day in figures} == {one.published_on}


def test_renditions_of_the_sample_are_one_report_each_and_the_one_left_behind_is_told(crawled: Crawled) -> None:
    with Database(crawled.database) as database:
        formats: dict[str, list[str]] = {}
        for title, _, form, _ in rows(database, SAMPLE):
            formats.setdefault(title, []).append(form)
        several = sorted(sorted(forms) for forms in formats.values() if len(forms) > 1)
        assert several == [["docx", "html", "pdf"], ["docx", "html", "pdf"], ["docx", "xlsx"]]
        mismatches = rows(
            database, 'SELECT r.year, i."where", i.message FROM issues i JOIN reports r ON r.id = i.report_id WHERE code = ?', CODE
        )
    ((year, where, message),) = mismatches
    ((_, left), place) = next(iter(attached.LEFT_BEHIND.items()))
    assert (year, where) == (left, " ".join(place))
    assert ".html (html, fetched " in message and ".pdf (pdf, fetched " in message


def test_nothing_else_that_stands_on_the_pages_of_the_sample_was_asked_for(crawled: Crawled) -> None:
    with Database(crawled.database) as database:
        urls = [url for (url,) in rows(database, "SELECT url FROM captures WHERE portal_id = 'sample-daihu'")]
    assert not [url for url in urls if any(name in url for name in ("sqb.doc", "tj.pdf", "zn.pdf", "viewer"))]
    assert sum("#" not in url for url in urls) == len(attached.WAYS) + 1 + 13 + 2  # pages and the direct file; files; two renditions more


def test_a_report_as_pictures_asks_for_the_pictures() -> None:
    body = f'<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1><img src="/f/1.jpg"><img src="/f/2.jpg"></body></html>'
    response = HtmlResponse(AT, body=body.encode(), headers={"Content-Type": "text/html; charset=utf-8"})
    said, files = attachments_of(response, Link(AT, f"{TITLE}（图片版）", "2022-01-25"))
    assert [file.how for file in files] == ["image", "image"]
    assert (said.title, said.published) == (TITLE, "2022-01-25")
    assert attachments_of(response, Link(AT, TITLE))[1] == []
    assert attachments_of(Response(AT, body=b"%PDF-1.4 /f/1.pdf"), Link(AT, TITLE))[1] == []
    assert judge(Link(AT, f"{TITLE}（图片版）"), AT, False).kind == "report"
    assert judge(Link(AT, f"{TITLE}（图解）"), AT, False).kind == "lookalike"


def test_files_that_only_the_service_of_a_list_names(tmp_path: Path) -> None:
    """gkmlpt: the page of an article is a shell, the JSON that lists it says what hangs on it."""
    name, shell = "教育局2021年政府信息公开工作年度报告", "<html><head><title>教育局</title></head><body><div id=app></div></body></html>"
    files = [
        {"id": 8018386, "name": f"%u9644%u4EF6{name}.doc", "type": "doc", "size": 3, "url": "/attachment/8/8018/8018386/1.doc"},
        {"id": 8018387, "name": "政府信息公开申请表.doc", "url": "/attachment/8/8018/8018387/1.doc"},
        {"id": 8018388, "name": "无地址.doc", "url": None},
        "a string",
    ]
    article = {"title": name, "url": "/gkmlpt/content/0/1/post_1.html", "display_publish_time": "2022-01-20", "attachment": files}
    site = Site({})
    with serving(WITNESS, site):
        site.answers = {
            "/gkmlpt/index": "<script>window._CONFIG = {SID: '7', TREE: [{id: 3, name: '年度报告'}]}</script>",
            "/gkmlpt/api/all/3?page=1&sid=7": json.dumps({"total": 1, "articles": [article]}),
            "/gkmlpt/content/0/1/post_1.html": shell,
            "/attachment/8/8018/8018386/1.doc": text_of("教育局", 2021),
        }
        header = "portal_id,name,region_code,list_url,family,min_reports,note"
        (tmp_path / "portals.csv").write_text(f"{header}\ng,,,{site.base}/gkmlpt/index,,,", "utf-8")
        for _ in range(2):
            run(tmp_path, "crawl", "--portals", "portals.csv", **FAST)
    assert [path for path in site.paths if "attachment" in path] == ["/attachment/8/8018/8018386/1.doc"] * 2
    with Database(tmp_path / "data" / "harvest.db") as database:
        told = rows(database, "SELECT year, replace(url, ?, '') FROM reports", site.base)
        carriers = {carrier for (carrier,) in rows(database, "SELECT carrier FROM captures WHERE url LIKE '%/attachment/%'")}
    assert told == [(2021, "/attachment/8/8018/8018386/1.doc")]
    assert carriers == {f"{site.base}/gkmlpt/content/0/1/post_1.html"}


def test_a_file_that_the_page_shows_too_is_there_once() -> None:
    shown = [Attachment("http://a.gov.cn/1.pdf", TITLE, "link")]
    told = attachments.listed(
        shown, [("http://a.gov.cn/1.pdf", "附件"), ("http://a.gov.cn/2.pdf", "附件2"), ("http://a.gov.cn/3.pdf", "申请表")]
    )
    assert [(file.url, file.how) for file in told] == [("http://a.gov.cn/1.pdf", "link"), ("http://a.gov.cn/2.pdf", "json")]
