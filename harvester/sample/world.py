"""The sample world put together: every portal's articles with their bodies, and the rows its lists show."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from harvester.sample.lookalikes import LookAlike, lookalikes
from harvester.sample.numbers import Dice, sheet
from harvester.sample.places import ORGANS, PORTAL, PORTALS, RENAMED, Organ, in_year, published
from harvester.sample.printed import CORRECTED, Cells, cells, form_of
from harvester.sample.prose import Line, closing, narrative, overview, words
from harvester.sample.skins import SKINS
from harvester.sample.tables import table_2, table_3, table_4

# The page whose markup changes between the editions while its text stays.
REMODELLED = ("caizheng", 2022)
# A portal moved to its CMS on one day: everything older carries that date.
MIGRATED = {"sample-shiqiao": "2021-06-15"}
# A department that published after its deadline, 31 January.
LATE = {("jiaoyu", 2021): "2022-02-18"}
# Reports with a second row in the same list: (organ, year) -> the other address of the same page.
TWINS = {
    ("jiaoyu", 2022): "www",
    ("linze", 2023): "mobile",
    ("hewan", 2022): "page",
    ("lonsun-ju", 2024): "content",
    ("page_pc-ju", 2024): "sitesources",
}
# A department's report that its parent's portal shows once more.
COPIES = {"sample-qinglan": (("chengguan", 2023),)}
# Titles that leave the organ to the page's own data.
WITHOUT_ORGAN = {("liudu", 2022), ("liudu", 2023)}
TITLES = (
    "{name}{year}年政府信息公开工作年度报告",
    "{name}{year}年政府信息公开年度报告",
    "{name}{year}年度政府信息公开工作年度报告",
    "{year}年{name}政府信息公开工作年度报告",
)
IN_SIGNS = {("caizheng", 2020): "青岚市财政局二〇二〇年政府信息公开工作年度报告", ("linze", 2018): "临泽市人民政府2018年政府信息公开年报"}


class Article(NamedTuple):
    """A page of a portal. ``organ``/``year`` are set for reports only; ``source`` is who is said to have put it up."""

    portal: str
    serial: int
    title: str
    published: str
    source: str
    organ: str = ""
    year: int = 0
    lookalike: LookAlike | None = None


class Row(NamedTuple):
    """A line of a list. ``twin`` names the address it shows; ``away`` is set instead of ``article`` when it leaves the portal."""

    title: str
    published: str
    article: Article | None = None
    twin: str = ""
    away: str = ""


def title_of(key: str, year: int) -> str:
    """The title a report is published under."""
    organ = in_year(key, year)
    if (key, year) in WITHOUT_ORGAN:
        return f"{year}年政府信息公开工作年度报告"
    pattern = TITLES[Dice("title", key).between(0, len(TITLES) - 1)]
    return IN_SIGNS.get((key, year), pattern.format(name=organ.name, year=year))


def published_on(key: str, year: int) -> str:
    """ISO date the portal gives: January for single bodies, February for counties, March for the city, or the day of the move."""
    if (key, year) in LATE:
        return LATE[key, year]
    organ = ORGANS[key]
    month, first, last = (1, 8, 30) if not organ.parts else (2, 5, 20) if organ.level == "county_government" else (3, 1, 10)
    day = Dice("published", key, year).between(first, last)
    return max(f"{year + 1}-{month:02d}-{day:02d}", MIGRATED.get(organ.portal, ""))


@cache
def articles(portal: str) -> tuple[Article, ...]:
    """All pages of a portal, oldest first; their serial numbers grow with time."""
    found = [_report(portal, key, year) for key, year in published() if ORGANS[key].portal == portal]
    found += [_report(portal, key, year) for key, year in COPIES.get(portal, ())]
    found += [Article(portal, 0, page.title, page.published, "", lookalike=page) for page in lookalikes(portal, PORTAL[portal].name)]
    found.sort(key=lambda article: (article.published, article.year, article.organ, article.title))
    return tuple(article._replace(serial=serial) for serial, article in enumerate(found, start=1))


def _report(portal: str, key: str, year: int) -> Article:
    return Article(portal, 0, title_of(key, year), published_on(key, year), in_year(key, year).name, key, year)


@cache
def rows(portal: str) -> tuple[Row, ...]:
    """A portal's whole list, newest first: its articles, second addresses of a few, and on the city's list two links that lead away."""
    found = [Row(article.title, article.published, article) for article in articles(portal)]
    twins = ((article, TWINS.get((article.organ, article.year))) for article in articles(portal))
    found += [Row(article.title, article.published, article, twin) for article, twin in twins if twin]
    if portal == PORTALS[0].id:
        found.append(Row("青岚市交通运输局2021年政府信息公开工作年度报告", "2022-01-21", away="witness"))
        found.append(Row("青岚市气象局2021年政府信息公开工作年度报告", "2022-01-19", away="dead"))
    return tuple(sorted(found, key=lambda row: (row.published, row.title, row.twin), reverse=True))


def changed(article: Article, edition: int) -> bool:
    """Whether the page differs from the first edition's."""
    return edition > 1 and (article.organ, article.year) in (CORRECTED, REMODELLED)


def modified_on(article: Article, edition: int) -> str:
    """ISO date the server gives for the page: when it was published, or the week between the editions."""
    return "2026-10-12" if changed(article, edition) else article.published


def body(article: Article, edition: int) -> str:
    """The article's own HTML, as it stands inside the portal's frame."""
    if article.lookalike:
        return _plain(article.lookalike)
    html = _report_body(article.organ, article.year, edition)
    if (article.organ, article.year) == REMODELLED and edition > 1:
        html = html.replace("line-height:28.0pt", "line-height:30.0pt")
    return html


def _plain(page: LookAlike) -> str:
    skin = SKINS["clean"]
    return "".join(map(skin.paragraph, page.paragraphs)) + (skin.table(page.table) if page.table else "")


@cache
def _report_body(key: str, year: int, edition: int) -> str:
    organ, shown, counts = in_year(key, year), cells(key, year, edition), sheet(key, year)
    skin = SKINS[_skin(organ, year)]
    said = words(organ, year, shown, counts)
    repeated = [Line(organ.name), Line(f"{year}年政府信息公开工作年度报告")] if _titled(organ, key, year) else []
    if not shown:
        lines = repeated + narrative(organ, year, said, counts)
        return skin.whole("".join((skin.heading if line.heading else skin.paragraph)(line.text) for line in lines))
    parts = [*repeated, *overview(organ, year, said)], closing(organ, year, said)
    before, after = ("".join((skin.heading if line.heading else skin.paragraph)(line.text) for line in part) for part in parts)
    return skin.whole(before + _tables(organ, year, shown) + after)


def _tables(organ: Organ, year: int, shown: Cells) -> str:
    skin, form = SKINS[_skin(organ, year)], form_of(organ.key, year)
    split = 2 if organ.portal == "sample-songhe" and year % 2 else 0
    second = "".join(map(skin.table, table_2(form, shown, split)))
    titles = ("二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "四、政府信息公开行政复议、行政诉讼情况")
    tables = (second, skin.table(table_3(form, shown)), skin.table(table_4(shown)))
    return "".join(skin.heading(title) + table for title, table in zip(titles, tables, strict=True))


def _skin(organ: Organ, year: int) -> str:
    """The editor a portal's people use; the city's departments paste from Word in even years."""
    fixed = {"sample-yunxi": "word", "sample-songhe": "clean", "sample-linze": "editor", "sample-shiqiao": "old"}
    return fixed.get(organ.portal, "word" if year % 2 == 0 or organ.parts else "editor")


def _titled(organ: Organ, key: str, year: int) -> bool:
    """Whether the text repeats organ and title over two lines, as documents made for paper do."""
    return (key, year) in WITHOUT_ORGAN or organ.portal == "sample-yunxi" or key in RENAMED
