"""What the small portals share: their plain frame, rows, and finding an article by its path."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import md5
from html import escape

from harvester.sample.cms.frame import Answer, Site, article_page, html, page, slice_of
from harvester.sample.places import ORGANS
from harvester.sample.world import Article, Row, body

SIZE = 3
COLUMN = "政府信息公开年报"
Address = Callable[[Article, str], str]


def hexed(article: Article) -> str:
    """32 hex signs that name an article, as databases make them up."""
    return md5(f"{article.portal}/{article.serial}".encode(), usedforsecurity=False).hexdigest()


def uuid(name: str) -> str:
    """A UUID made from ``name``."""
    digits = md5(name.encode(), usedforsecurity=False).hexdigest()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def of_town(row: Row) -> bool:
    """Whether a row is a report of the portal's town, not of its office."""
    return row.article is not None and bool(row.article.organ) and ORGANS[row.article.organ].level == "township_government"


def found(site: Site, path: str, address: Address) -> Article | None:
    """The article that stands at ``path``, under one of its addresses."""
    return next((row.article for row in site.rows if row.article and address(row.article, row.twin) == path), None)


def shown(site: Site, article: Article, box: str = 'div id="zoom"', head: str = "", before: str = "") -> Answer:
    """An article in the plain frame; ``box`` is the tag of the element that holds its text."""
    tag = box.split()[0]
    text = f"{body(article, site.edition)}</{tag}><{tag}>"
    return article_page(site, article, "small_article", body=text, box=box, head=head, before=before)


def lines(
    address: Address, rows: tuple[Row, ...], form: str = '<li><a href="{href}" target="_blank">{title}</a><span>{date}</span></li>'
) -> str:
    """Rows as markup; ``form`` has {href}, {title}, {date}."""
    return "\n".join(line(address, row, form) for row in rows)


def line(address: Address, row: Row, form: str) -> str:
    """One row as markup."""
    assert row.article is not None, "only the city's list leads away"
    return form.format(href=escape(address(row.article, row.twin)), title=escape(row.title), date=row.published)


def listed(site: Site, rows: str, head: str = "", after: str = "", column: str = COLUMN) -> Answer:
    """A page of a list in the plain frame."""
    return html(page("small_list", site, rows=rows, head=head, after=after, column=column))


def paged(site: Site, number: int, rows: tuple[Row, ...] | None = None, size: int = SIZE) -> tuple[Row, ...]:
    """Rows of the ``number``-th page, counted from 1."""
    return slice_of(site.rows if rows is None else rows, number - 1, size)


def json_answer(text: str) -> Answer:
    """A JSON answer."""
    return Answer(200, "application/json;charset=UTF-8", text.encode())
