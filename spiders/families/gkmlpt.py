"""政府信息公开目录管理平台 (gkmlpt, all of 广东): a script shell with ``_CONFIG``, and a JSON service that lists a category."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, urlsplit

from spiders.families import anchors
from spiders.families.listing import Link, Listing, ListRequest

NAME = "gkmlpt"
RANK = 10

SERVICE = "/gkmlpt/api/all/"
SID = re.compile(r"[\"']?\bSID[\"']?\s*:\s*[\"']?(\w+)")
# One node of TREE up to its children: {id: 2629, name: "…", jump_url: "…", children: [
NODE = re.compile(r"\{[^{}\[\]]*")
FIELD = re.compile(r"[\"']?\b(id|name|jump_url)[\"']?\s*:\s*(?:\"([^\"]*)\"|'([^']*)'|(\d+))")
COLUMN = re.compile(r"年报|年度报告")
ESCAPED = re.compile(r"%u([0-9A-Fa-f]{4})")
ESCAPED_TWICE = re.compile(r"\\u([0-9A-Fa-f]{4})")


def recognise(url: str, text: str) -> bool:
    return "/gkmlpt/" in url or ("window._CONFIG" in text and SID.search(text) is not None and "TREE" in text)


def read(url: str, text: str) -> Listing:
    """The shell: the request for its category's first page. An answer of the service: its rows, and the next page to try."""
    return _service(url, text) if SERVICE in url else _shell(url, text)


def _shell(url: str, text: str) -> Listing:
    sid = SID.search(text)
    categories = _categories(url, text)
    if not sid or not categories:
        return Listing(dead_end="the platform's page names no category of annual reports")
    root = url.partition("/gkmlpt")[0]
    return Listing(more=[ListRequest(f"{root}{SERVICE}{category}?page=1&sid={sid[1]}", sublist=True) for category in categories])


def _categories(url: str, text: str) -> list[str]:
    """The category of the address (``#2629``), else those of the tree that are called annual reports and do not lead away."""
    fragment = urlsplit(url).fragment
    if fragment.isdigit():
        return [fragment]
    found = []
    for node in NODE.findall(text.partition("TREE")[2]):
        fields = {match[1]: match[2] or match[3] or match[4] or "" for match in FIELD.finditer(node)}
        if fields.get("id", "").isdigit() and COLUMN.search(_plain(fields.get("name", ""))) and not fields.get("jump_url"):
            found.append(fields["id"])
    return found


def _service(url: str, text: str) -> Listing:
    answer = json.loads(text, strict=False)
    articles = answer.get("articles") or []
    total = answer.get("total")
    total = int(total) if str(total).isdigit() else None
    entries = len(articles)
    links = [link for article in articles if (link := _link(url, article))]
    number = max(int(parse_qs(urlsplit(url).query).get("page", ["1"])[0]), 1)  # page 0 is page 1
    if not articles or (total is not None and number * len(articles) >= total):
        return Listing(links, total=total, entries=entries)
    # A try: the last page is shorter than the others, so this may be past the end (404 there); the total says whether something lacks.
    following = re.sub(r"([?&]page=)\d+", rf"\g<1>{number + 1}", url)
    return Listing(links, [ListRequest(following, expected=False)], total, entries)


def _link(url: str, article: dict[str, object]) -> Link | None:
    address = anchors.absolute(url, str(article.get("url") or article.get("post_url") or ""))
    date = anchors.date_in(str(article.get("display_publish_time") or article.get("date") or article.get("created_at") or ""))
    return Link(address, anchors.tidy(_plain(str(article.get("title") or ""))), date, _files(url, article)) if address else None


def _files(url: str, article: dict[str, object]) -> tuple[tuple[str, str], ...]:
    """The files that the service names with an article; its page shows them by a script, if at all."""
    listed = article.get("attachment")
    told = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    found = ((anchors.absolute(url, str(one.get("url") or "")), _plain(str(one.get("name") or ""))) for one in told)
    return tuple((address, name) for address, name in found if address)


def _plain(text: str) -> str:
    """Titles that an old escape() left as ``%u653F`` or ``\\u653F``."""
    for pattern in (ESCAPED, ESCAPED_TWICE):
        text = pattern.sub(lambda match: chr(int(match[1], 16)), text)
    return text
