"""Whose report a document is: verdict, title, organ, level, scope, place and year, each with an issue where it is not plain."""

from __future__ import annotations

import re
from dataclasses import dataclass

from harvester import organs, titles
from harvester.dates import published_on
from harvester.divisions import NATION, Region, contains
from harvester.evidence import Evidence, is_section
from harvester.headings import LONGEST_TITLE, offered
from harvester.items import Document, Issue, Report
from harvester.regions import Gazetteer, default

LIST = "it is a list of reports"


@dataclass(frozen=True, slots=True)
class Context:
    """What the fetch knew: ``listed_on`` is the date beside the link, ``region_code`` and ``portal_name`` are the registry's."""

    url: str = ""
    link_text: str = ""
    listed_on: str = ""
    region_code: str = ""
    portal_name: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """An organ's place: ``code`` empty when it is not certain, then ``candidates``; ``rest`` is the name behind the regions in it.

    ``of_town``: the code was found by a township's name (cities without counties, as 东莞, have townships of their own).
    """

    code: str
    level: str
    rest: str
    candidates: tuple[Region, ...] = ()
    of_town: bool = False


def identify(document: Document, context: Context | None = None, gazetteer: Gazetteer | None = None) -> Report:
    """The report that ``document`` is, without its figures; ``kind`` is ``not_report`` with a reason when it is none.

    Never raises for what a page says: what is not plain stays empty (``region_code``, ``organ``) or null (``year``), with an Issue.
    """
    context = context or Context()
    gazetteer = gazetteer or default()
    report = Report(source=context.source or context.url, kind="not_report")
    evidence = Evidence(document)
    candidates = list(offered(document, context.link_text))
    meta = document.meta
    report.published_on = published_on((meta.get("pubdate", ""), meta.get("published", ""), context.listed_on), context.url)
    if _judge(report, candidates, evidence):
        report.year = _year(report, candidates, evidence)
        report.organ = _organ(report, candidates, document, context)
        _settle(report, evidence, context, gazetteer)
    return report


def _judge(report: Report, candidates: list[str], evidence: Evidence) -> bool:
    verdicts = [(title, titles.verdict(title)) for title in candidates]
    plain = next(((title, said) for title, said in verdicts if said.kind != "other"), None)
    if plain and plain[1].kind == "lookalike":
        report.title, report.reason = plain[0], f"it is {plain[1].reason}"
        return False
    report.title = plain[0] if plain else candidates[0] if candidates else ""
    if plain is None and not (evidence.is_surely_report or (_has_bare_title(candidates) and evidence.is_report)):
        report.reason = _no_title(verdicts, evidence)
        return False
    if not evidence.is_report:
        report.reason = _no_body(evidence)
        return False
    report.kind, report.reason = "report", plain[1].reason if plain else "its body has the form's sections and tables"
    if plain is None and not _has_bare_title(candidates):
        report.issues.append(Issue("title_unusual", "title", "the title does not name a report, the body is one"))
    return True


def _has_bare_title(candidates: list[str]) -> bool:
    return any("公开" in title and ("年报" in title or "报告" in title) for title in candidates)


def _no_title(verdicts: list[tuple[str, titles.Verdict]], evidence: Evidence) -> str:
    if _is_list(evidence):
        return LIST
    return verdicts[0][1].reason if verdicts else "it has neither the title nor the body of a report"


def _no_body(evidence: Evidence) -> str:
    if _is_list(evidence):
        return LIST
    if len(evidence.prose) < 100 and not evidence.has_form:
        return "its title is a report's, the page holds none of its text (an attachment or a picture?)"
    if evidence.is_notice:
        return "its title is a report's, its body is a notice about such reports"
    return "its title is a report's, its body has neither the sections nor the tables nor the sentences of one"


def _is_list(evidence: Evidence) -> bool:
    return sum(titles.verdict(text).kind == "report" for text in evidence.paragraphs if len(text) < LONGEST_TITLE) > 3


def _year(report: Report, candidates: list[str], evidence: Evidence) -> int | None:
    year = next((year for title in candidates if (year := titles.year_of(title))), None)
    if year is None:
        year, source = evidence.year()
        said = f"the title names no year; {year} is from {source}" if year else "neither title nor text names one report year"
        report.issues.append(Issue("year_from_text" if year else "year_missing", "title", said))
    if year and report.published_on and report.published_on < f"{year}-12-01":
        report.issues.append(Issue("year_not_over", "title", f"it speaks of {year} and was published on {report.published_on}"))
    return year


def _organ(report: Report, candidates: list[str], document: Document, context: Context) -> str:
    named = [organ for title in candidates if not is_section(title) and (organ := titles.organ_of(title))]
    plain = next((organ for organ in named if organs.TITLE_UNIT.search(organ) and not organs.AREA_ONLY.match(organ)), "")
    if plain:
        return plain
    for where, said in _elsewhere(document, context, whole_area=any(map(organs.AREA_ONLY.match, named))):
        if organs.looks_like_organ(name := titles.SPACES.sub("", said)):
            report.issues.append(Issue("organ_from_page", where, f"the title names no organ; {name} is from the page's {where}"))
            return name
    unclear = (
        Issue("organ_unclear", "title", f"no known kind of organ: {named[0]}") if named else Issue("organ_missing", "title", "not named")
    )
    report.issues.append(unclear)
    return named[0] if named else ""


def _elsewhere(document: Document, context: Context, whole_area: bool) -> list[tuple[str, str]]:
    """Where a page says whose it is. 全市 is the government's, not the uploader's: then the portal's name comes first."""
    meta = document.meta
    said = [("contentsource", meta.get("contentsource", "")), ("publisher", meta.get("publisher", "")), ("link text", context.link_text)]
    portal = ("portal", context.portal_name)
    return [portal, *said] if whole_area else [*said, ("signature", _signature(document)), portal]


def _signature(document: Document) -> str:
    """The name above the date at the end of the text."""
    texts = [block.text for block in document.blocks[-3:]]
    return next((text for text in texts if text and organs.looks_like_organ(titles.SPACES.sub("", text))), "")


def _settle(report: Report, evidence: Evidence, context: Context, gazetteer: Gazetteer) -> None:
    """Place, level, scope and key of the organ."""
    home = gazetteer.at(context.region_code, report.year) if context.region_code else ""
    place = _place(report.organ, report.year, home, evidence, gazetteer)
    report.organ = organs.expanded(report.organ, place.rest, place.level if place.rest != report.organ else "")
    rest = place.rest if place.rest and report.organ.endswith(place.rest) else report.organ[_prefix(report.organ, place.rest) :]
    ranked = organs.rank(report.organ, rest, place.level)
    if ranked.level == "central_department" and place.code in ("", NATION):
        place = Place(NATION, "nation", place.rest)
    report.region_code, report.level = place.code, ranked.level
    report.scope = organs.scope(ranked, evidence.prose)
    report.organ_id = organs.organ_id(report.organ, rest, place.code, gazetteer)
    _tell(report, place, home)


def _place(organ: str, year: int | None, home: str, evidence: Evidence, gazetteer: Gazetteer) -> Place:
    mention = gazetteer.mentioned(organ, year, home)
    found, rest = mention.regions, mention.rest
    below: list[Region] = []
    town = re.match(r".{1,10}?(?:街道|[镇乡])|.{1,8}(?:苏木|管理区|农场)", rest)
    if town and (not found or found[0].level != "county"):
        within = found[0].code if len(found) == 1 else home
        below = _below(gazetteer.towns(town[0], year, within), found, within)
        found = below or found
    found = _told_apart(found, evidence, gazetteer) if len(found) > 1 else found
    if len(found) == 1:
        return Place(found[0].code, found[0].level, rest, of_town=bool(below))
    if found:
        return Place("", found[0].level if len({region.level for region in found}) == 1 else "", rest, tuple(found))
    region = gazetteer.get(home, year)
    if region and region.level != "county" and organs.BELOW_CITY.match(rest):
        return Place("", "county", rest)  # 区城管局 on a city's portal: one of its districts, who knows which
    return Place(home, region.level if region else "", rest)


def _below(counties: list[Region], named: list[Region], within: str) -> list[Region]:
    """Counties of a township's name that lie where the organ's name, or the portal, says."""
    return [county for county in counties if contains(within, county.code)] if named or within else counties


def _told_apart(found: list[Region], evidence: Evidence, gazetteer: Gazetteer) -> list[Region]:
    """Of places with one name those whose prefecture, else whose province, the text names."""
    for above in (gazetteer.parent, gazetteer.province):
        named = [region for region in found if (outer := gazetteer.get(above(region.code))) and outer.name in evidence.prose]
        if named:
            return named
    return found


def _prefix(expanded: str, rest: str) -> int:
    """Length of the regions' names in front of an organ that was expanded (漯河市|人民政府, 府店镇人民政府)."""
    place = expanded.rfind(rest) if rest else -1
    if place >= 0:
        return place
    return len(expanded) - len("人民政府") if expanded.endswith("人民政府") else 0


def _tell(report: Report, place: Place, home: str) -> None:
    if place.candidates:
        names = ", ".join(f"{region.code} {region.name}" for region in place.candidates[:8])
        report.issues.append(Issue("region_ambiguous", "title", f"the organ's name fits several places: {names}"))
    elif not place.code:
        report.issues.append(Issue("region_unknown", "title", "neither the organ's name nor the portal tells the place"))
    elif home and home != NATION and not contains(home, place.code) and not contains(place.code, home):
        report.issues.append(Issue("region_not_of_portal", "title", f"the organ is of {place.code}, the portal of {home}"))
    elif report.level in ("township_government", "subdistrict_office") and place.level != "county" and not place.of_town:
        report.issues.append(
            Issue("region_coarse", "title", f"{report.organ} is not in the lists; its county is not known, only {place.code}")
        )
    if report.level == "unknown":
        report.issues.append(Issue("level_unknown", "title", f"no known kind of organ, or no known place: {report.organ or 'not named'}"))
