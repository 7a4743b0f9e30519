"""Which year a report is of: what its title, its text and its day of publication say, weighed against one another."""

from __future__ import annotations

from harvester import titles
from harvester.evidence import Evidence
from harvester.items import Issue, Report


def settle(report: Report, offered: list[str], link: str, evidence: Evidence) -> int | None:
    """The report year, null when nothing tells it; what is not plain becomes an issue of ``report``.

    ``offered`` are the page's titles, ``link`` the cleaned text of the link to it: a column may name the year of publication, so a link
    alone does not outweigh the text.
    """
    title, named = next(((title, years) for title in offered if (years := titles.years_of(title))), ("", ()))
    told, source = evidence.year()
    if not named:
        year = _misprinted(report, offered, told, source) or _from_text(report, told, source)
    elif told is None or named == (told,):
        year = named[0] if len(named) == 1 else _several(report, named)
    elif told in named:
        year = _one_of(report, named, told, source)
    else:
        backed = title != link or sum(title == other for other in offered) > 1
        year = _weighed(report, named[0], told, source, backed, evidence)
    if year and _is_before_its_end(report, year):
        report.issues.append(Issue("year_not_over", "title", f"it speaks of {year} and was published on {report.published_on}"))
    return year


def _is_before_its_end(report: Report, year: int) -> bool:
    return bool(report.published_on) and str(report.published_on) < f"{year}-12-01"


def _issued(report: Report) -> int:
    """The year that a report of this day is most often of: the one before (Regulations, art. 49: due by 31 January, 31 March)."""
    return int(report.published_on[:4]) - 1 if report.published_on else 0


def _from_text(report: Report, told: int | None, source: str) -> int | None:
    if told:
        report.issues.append(Issue("year_from_text", "title", f"the title names no year; {told} is from {source}"))
    else:
        day = f"; it was published on {report.published_on}" if report.published_on else ""
        report.issues.append(Issue("year_missing", "title", f"neither title nor text names one report year{day}"))
    return told


def _misprinted(report: Report, offered: list[str], told: int | None, source: str) -> int | None:
    """202020年 is 2020; of 20221年 the text decides which digit is too many, else the day of publication."""
    printed, possible = next((found for title in offered if (found := titles.misprinted_years(title))[1]), ("", frozenset[int]()))
    sources = [(told, source), (_issued(report), "the day of publication")]
    sources += [(next(iter(possible)), "its digits")] if len(possible) == 1 else []
    for year, where in sources:
        if year in possible:
            report.issues.append(Issue("year_misprinted", "title", f"the title prints {printed}; {year} is from {where}"))
            return year
    return None


def _one_of(report: Report, named: tuple[int, ...], year: int, source: str) -> int:
    report.issues.append(Issue("year_from_text", "title", f"the title names {_listed(named)}; {year} is from {source}"))
    return year


def _several(report: Report, named: tuple[int, ...]) -> int | None:
    if (year := _issued(report)) in named:
        return _one_of(report, named, year, "the day of publication")
    if named[0] < named[1]:  # 2022年…2021年政府信息公开年报: the first is the year of publication
        return _one_of(report, named, named[0], "its place before 信息公开")
    report.issues.append(Issue("year_missing", "title", f"the title names {_listed(named)}, the text neither"))
    return None


def _listed(named: tuple[int, ...]) -> str:
    return " and ".join(map(str, sorted(named)))


def _weighed(report: Report, named: int, told: int, source: str, backed: bool, evidence: Evidence) -> int:
    """The title's year or the text's. A title often has the year of publication, a text is often last year's: the day and the rest decide.

    ``backed``: the year is of the page's own title. A title's year that was not over when the page went out is not the report's.
    """
    mentions = evidence.mentions(named), evidence.mentions(told)
    for_title = backed + bool(mentions[0]) + (named == _issued(report))
    for_text = 1 + (not mentions[0] and mentions[1] > 1) + (told == _issued(report))
    early = _is_before_its_end(report, named) and not _is_before_its_end(report, told)
    year = told if early or for_text > for_title else named
    report.issues.append(Issue("year_conflict", "title", f"the title says {named}, {source} {told}; taken as {year}"))
    return year
