"""What a link of a list is: a report, a look-alike, or something else on the page."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from harvester.titles import Verdict, unmarked, verdict
from spiders.families import Link

# The words for such columns in addresses (22 of 31 provincial portals) and in the page's own title or column name.
COLUMN_PATH = re.compile(r"gknb|xxgknb|zfxxgkn|gkgznb|gkndbg|gzndbg|ndbg|/nb(zt|zl)?[_/]|annualreport", re.IGNORECASE)
COLUMN_NAME = re.compile(
    r"(<title[^>]*>|columnname[^>]*|<h[1-3][^>]*>)[^<>]{0,60}(年报|年度报告)|(年报|年度报告)[^<>]{0,40}[\"'][^<>]*columnname", re.IGNORECASE
)
INDEX = re.compile(r"/(index|default|list)?(\.\w+)?$", re.IGNORECASE)


def is_report_list(url: str, text: str) -> bool:
    """Whether a list page says that it is a column of annual reports, where an entry may be no more than a unit's name."""
    return COLUMN_PATH.search(url) is not None or COLUMN_NAME.search(text) is not None


def judge(link: Link, list_url: str, in_report_list: bool) -> Verdict:
    """Verdict on a link by its title. In a column of reports short titles count too, but only for pages of the list's own host.

    A title that says （图片版） stands over a rendition of the report; one that says 图解 over something else.
    """
    link = link._replace(text=unmarked(link.text))
    plain = verdict(link.text)
    if plain.kind != "other" or not in_report_list:
        return plain
    own = urlsplit(link.url).netloc == urlsplit(list_url).netloc
    return verdict(link.text, True) if own and not INDEX.search(urlsplit(link.url).path) else plain


def place_of(url: str) -> str:
    """The address of a list without what its spellings differ in: scheme, ``index.html``, capitals of the host."""
    parts = urlsplit(url)
    path = re.sub(r"/(index|default)\.\w+$", "/", parts.path) or "/"
    return f"{parts.netloc.lower()}{path}?{parts.query}#{parts.fragment}"
