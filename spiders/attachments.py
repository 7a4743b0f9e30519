"""The files that a report's page carries, behind links, frames, viewers, clicks, scripts and services: bytes in, a list out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import parse_qsl, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode
from w3lib.url import safe_url_string

from harvester import titles
from harvester.readers.encoding import decode
from spiders import filenames
from spiders.families.anchors import PLACEHOLDER, UNFOLLOWED, tidy
from spiders.pictures import PICTURE, shown

EXTENSIONS = ("pdf", "doc", "docx", "wps", "rtf", "xls", "xlsx", "et", "ofd", "zip", "rar", "7z")
_ANY_CASE = "|".join("".join(f"[{sign}{sign.upper()}]" for sign in name) for name in EXTENSIONS)
# One look at the bytes before anything is parsed: after a point the next sign sends most of them away, some 15 microseconds for 90 KB.
_FIRST = "".join(sorted({sign for name in EXTENSIONS for sign in (name[0], name[0].upper())}))
TRACE = re.compile(
    rf"\.(?=[{_FIRST}ajp])(?:(?:{_ANY_CASE})(?![A-Za-z0-9])|(?<=ownload\.|ownLoad\.|ownfile\.|ownFile\.)(?:jsp|do|as|ph|ac))".encode()
)
ENDING = re.compile(rf"\.(?:{_ANY_CASE})$")
# /system/_content/download.jsp?urltype=…, /module/download/downfile.jsp?filename=…, /attachment/download?id=…, /download/6f1e…
SERVICE = re.compile(
    r"(?:download\w*|downfile\w*|filedown\w*|getfile|attachments?|attach)(?P<by>\.(?:jsp|do|aspx|ashx|php|action))?(?P<id>/[0-9a-f]{6,}|/\d+)?/?$",
    re.IGNORECASE,
)
VIEWER = re.compile(r"viewer|pdf\.?js|preview|officeapps|onlineread", re.IGNORECASE)
LITERAL = re.compile(rf"[\"'(]([^\"'()<>\n]{{1,400}}?\.(?:{_ANY_CASE})(?:[?#][^\"'()<>\n]{{0,200}})?)[\"')]")
SERVED = re.compile(r"[\"']([^\"'()<>\s]{0,200}down(?:load|file)\.[a-z]{2,6}\?[^\"'()<>\s]{1,300})[\"']", re.IGNORECASE)
BARE = re.compile(rf"https?://[^\s\"'<>()]{{1,400}}?\.(?:{_ANY_CASE})(?![A-Za-z0-9])")
OBJECT = re.compile(r"\{[^{}]{0,2000}\}")
MEMBER = re.compile(r"[\"'](url|path|name|fileName|title)[\"']\s*:\s*\"((?:[^\"\\]|\\.){1,500})\"")
DATA = ("data-url", "data-href", "data-src", "data-file", "data-pdf")
SCRIPTS = 2_000_000  # characters of scripts that are looked through
ROW = 80  # characters of the line around a link that says no more than 下载
# Shown inside the page, so part of what the page says, whatever they are called.
SHOWN = frozenset(("frame", "viewer", "script", "image"))
# Names that do not say what is in the file: 附件1, 点击下载, P020230131394857, 20230131.
MUTE = re.compile(
    r"(?:附件|附表|下载|点击|单击|查看|阅读|打开|预览|浏览|此处|这里|原文|全文|正文|文件|文档|链接|版本?|pdf|word|docx?|ofd|wps"
    r"|[\da-z\s_.,;:：、，。()（）\[\]【】<>《》\-—~+%&=#])*",
    re.IGNORECASE,
)


class Attachment(NamedTuple):
    """A file that a page carries: absolute URL, its name as the page or the address tells it, and ``how`` it was found.

    ``how``: ``link``, ``frame`` (iframe, embed, object), ``viewer``, ``click``, ``script``, ``json``, ``image``.
    """

    url: str
    name: str
    how: str


def may_carry(body: bytes) -> bool:
    """Whether the bytes of a page show any trace of an attachment; no more than a search, so every page can be asked."""
    return TRACE.search(body) is not None or b"/download" in body


def found(url: str, body: bytes, content_type: str = "", pictures: bool = False) -> list[Attachment]:
    """The attachments of the page ``body`` at ``url`` that can be the report, each address once, in the order of the page.

    ``pictures``: the page is said to be the report as a picture, so its pictures count too.
    """
    if not (pictures or may_carry(body)):
        return []
    tree, place, encoding = _page(url, body, content_type)
    return _files(url, place, encoding, _traces(tree, pictures))


def pictured(url: str, body: bytes, content_type: str = "") -> list[Attachment]:
    """The pictures in the article of a page that shows nothing else."""
    tree, place, encoding = _page(url, body, content_type)
    return _files(url, place, encoding, (Trace(href, "image", []) for href in shown(tree, contained=True)))


def _page(url: str, body: bytes, content_type: str) -> tuple[LexborHTMLParser, str, str]:
    """The page, what its addresses are relative to, and its encoding."""
    text, encoding = decode(body, content_type)
    tree = LexborHTMLParser(text)
    base = tree.css_first("base[href]")
    return tree, urljoin(url, (base.attributes.get("href") or "").strip()) if base else url, encoding


def _files(url: str, place: str, encoding: str, traces: Iterable[Trace]) -> list[Attachment]:
    hows: dict[str, str] = {}
    names: dict[str, list[str]] = {}
    lines: dict[str, list[str]] = {}
    for trace in traces:
        address = _address(place, trace.href, encoding)
        target, how = _target(address, trace.how) if address else ("", "")
        if target and target != url:
            hows[target] = how if how in SHOWN else hows.get(target, how)
            names.setdefault(target, []).extend(trace.names)
            lines.setdefault(target, []).append(trace.line)
    files = (Attachment(one, best_name([*names[one], *filenames.in_address(one), *lines[one]]), how) for one, how in hows.items())
    return [file for file in files if can_be_report(file.name, file.how)]


def listed(shown: list[Attachment], files: Iterable[tuple[str, str]]) -> list[Attachment]:
    """The attachments that a page shows, and those of ``files`` (URL, name), which its list names, that it does not."""
    known = {file.url for file in shown}
    told = (Attachment(url, best_name([name, *filenames.in_address(url)]), "json") for url, name in files if url not in known)
    return [*shown, *(file for file in told if can_be_report(file.name, file.how))]


def can_be_report(name: str, how: str) -> bool:
    """Whether an attachment of a report's page can be the report: by its name, or because it has none and nothing speaks against it."""
    said = titles.verdict(titles.unmarked(filenames.stem(name)), True)
    if said.kind != "other":
        return said.kind == "report"
    return how in SHOWN or MUTE.fullmatch(filenames.stem(name)) is not None


def best_name(names: list[str]) -> str:
    """Of the names a file goes by the first that names a report, else the first with a Chinese word, else the first."""
    given = [name for name in map(tidy, names) if name]
    telling = (name for name in given if titles.verdict(titles.unmarked(filenames.stem(name))).kind == "report")
    chinese = (name for name in given if not MUTE.fullmatch(filenames.stem(name)))
    return next(telling, "") or next(chinese, "") or next(iter(given), "")


class Trace(NamedTuple):
    """Something that may lead to a file: its address as written, how it was found, names given to it, the line around it."""

    href: str
    how: str
    names: list[str]
    line: str = ""


def _traces(tree: LexborHTMLParser, pictures: bool) -> Iterator[Trace]:
    """Everything on a page that may lead to a file."""
    for node in tree.css("a[href]"):
        href = node.attributes.get("href") or ""
        if href.lstrip().lower().startswith("javascript:"):
            yield from (Trace(literal, "click", *_names(node)) for literal in _literals(href))
        yield Trace(href, "link", *_names(node))
    for node in tree.css("iframe[src], frame[src], embed[src], object[data], param[value]"):
        yield Trace(next(filter(None, map(node.attributes.get, ("src", "data", "value"))), ""), "frame", [])
    for node in tree.css(", ".join(["[onclick]", *(f"[{name}]" for name in DATA)])):
        told = [value for name in DATA if (value := node.attributes.get(name))]
        yield from (Trace(href, "click", *_names(node)) for href in (*_literals(node.attributes.get("onclick") or ""), *told))
    yield from _in_scripts("\n".join(node.text() for node in tree.css("script"))[:SCRIPTS].replace("\\/", "/"))
    for href in shown(tree) if pictures else ():
        yield Trace(href, "image", [])


def _in_scripts(scripts: str) -> Iterator[Trace]:
    for whole in OBJECT.findall(scripts) if "attachment" in scripts or "fileName" in scripts else ():
        told = {name.lower(): _plain(value) for name, value in MEMBER.findall(whole)}
        href, names = told.get("url") or told.get("path") or "", [told.get(name, "") for name in ("name", "filename", "title")]
        if any(ENDING.search(name) for name in (href, *names)):
            yield Trace(href, "json", names)
    # A literal without a folder may be anything's name; addresses in scripts have one, but for a file beside the page.
    yield from (Trace(literal, "script", []) for literal in _literals(scripts) if "/" in literal or re.match(r"P0\d{8}", literal))
    yield from (Trace(address, "script", []) for address in BARE.findall(scripts))


def _literals(code: str) -> Iterator[str]:
    code = code.replace("\\/", "/")
    yield from (found.strip() for found in LITERAL.findall(code) if " http" not in found)
    yield from SERVED.findall(code)


def _plain(value: str) -> str:
    try:
        return str(json.loads(f'"{value}"', strict=False))
    except ValueError:
        return value


def _names(node: LexborNode) -> tuple[list[str], str]:
    """What stands at a link: its words, its ``title`` and ``download``; and the line around it, if that names a report."""
    attrs, row = node.attributes, node.parent
    line = tidy(row.text()) if row is not None else ""
    told = line if len(line) <= ROW and titles.verdict(line).kind == "report" else ""
    return [tidy(node.text()), attrs.get("title") or "", attrs.get("download") or ""], told


def _address(base: str, href: str, encoding: str) -> str:
    """``href`` as an absolute address, percent-encoded as browsers do; empty when it leads nowhere."""
    href = re.sub(r"[\r\n\t]", "", href).strip().replace("\\", "/")
    if UNFOLLOWED.match(href) or PLACEHOLDER.search(href):
        return ""
    try:
        joined = urljoin(base, href)
        return safe_url_string(joined, encoding) if urlsplit(joined).scheme in ("http", "https") and urlsplit(joined).hostname else ""
    except (ValueError, LookupError):
        return ""


def _target(address: str, how: str) -> tuple[str, str]:
    """Where the file itself is and how it was found: the address, or the one a viewer was given; empty when it leads to no file."""
    parts = urlsplit(address)
    plain = address.partition("#")[0]
    if how == "json" or ENDING.search(parts.path) or (how == "image" and PICTURE.search(parts.path)):
        return plain, how
    for told in (parts.query, parts.fragment):
        for _, value in parse_qsl(told):
            file = filenames.decoded(value)
            if ENDING.search(file.partition("?")[0]) and (VIEWER.search(parts.path) or VIEWER.search(parts.netloc) or "/" in file):
                return safe_url_string(urljoin(address, file)).partition("#")[0], "viewer"
    service = SERVICE.search(parts.path)
    return (plain, how) if service and (service["id"] or parts.query) else ("", "")
