"""Whose report a document is: verdict, title, organ, level, scope, place and year, each with an issue where it is not plain."""

from __future__ import annotations

from dataclasses import dataclass

from harvester import organs, places, titles, years
from harvester.dates import published_on
from harvester.divisions import NATION, contains
from harvester.evidence import Evidence, is_section
from harvester.headings import LONGEST_TITLE, offered
from harvester.items import Document, Issue, Report
from harvester.regions import Gazetteer, default

Judged = tuple[str, titles.Verdict]
LIST = "it is a list of reports"


@dataclass(frozen=True, slots=True)
class Context:
    """What the fetch knew: ``listed_on`` is the date beside the link, ``region_code`` and ``portal_name`` are the registry's.

    Of an attachment ``link_text`` is its name, ``listed_on`` the day of the page that carries it, ``carrier_title`` and ``carrier_source``
    that page's title and publisher: what the file itself does not say.
    """

    url: str = ""
    link_text: str = ""
    listed_on: str = ""
    region_code: str = ""
    portal_name: str = ""
    source: str = ""
    carrier_title: str = ""
    carrier_source: str = ""


def identify(document: Document, context: Context | None = None, gazetteer: Gazetteer | None = None) -> Report:
    """The report that ``document`` is, without its figures; ``kind`` is ``not_report`` with a reason when it is none.

    Never raises for what a page says: what is not plain stays empty (``region_code``, ``organ``) or null (``year``), with an Issue.
    """
    context = context or Context()
    gazetteer = gazetteer or default()
    report = Report(source=context.source or context.url, kind="not_report", format=document.format, recognised=document.recognised)
    report.issues = list(document.issues)
    evidence = Evidence(document)
    own = list(offered(document, context.link_text))
    carrying = titles.clean(context.carrier_title)
    candidates = [*own, carrying] if carrying and carrying not in own else own
    meta = document.meta
    report.published_on = published_on((meta.get("pubdate", ""), meta.get("published", ""), context.listed_on), context.url)
    if _judge(report, candidates, evidence):
        report.year = years.settle(report, candidates, titles.clean(context.link_text), evidence)
        report.organ = _organ(report, own, document, context)
        _settle(report, document, evidence, context, gazetteer)
    return report


def _judge(report: Report, candidates: list[str], evidence: Evidence) -> bool:
    verdicts = [(title, titles.verdict(title)) for title in candidates]
    plain = next(((title, said) for title, said in verdicts if said.kind != "other"), None)
    report.title = plain[0] if plain else candidates[0] if candidates else ""
    report.reason = _why_none(report.title, plain, verdicts, evidence)
    if report.reason:
        return False
    report.kind, report.reason = "report", plain[1].reason if plain else "its body has the sections of one"
    if plain is None and not _has_bare_title(candidates):
        report.issues.append(Issue("title_unusual", "title", "the title does not name a report, the body is one"))
    return True


def _why_none(title: str, plain: Judged | None, verdicts: list[Judged], evidence: Evidence) -> str:
    """Why the page is no report, in one line; empty when it is one."""
    if plain and plain[1].kind == "lookalike":
        return f"it is {plain[1].reason}"
    bare = _has_bare_title([offered for offered, _ in verdicts])
    if plain is None and not (evidence.is_surely_report or (bare and evidence.is_report)):
        return _no_title(verdicts, evidence)
    if not evidence.is_report:
        return _no_body(evidence)
    if plain and evidence.sections < 3 and (doubt := titles.doubt(title)):
        return f"its title may be a report's, its body lacks the sections of one: {doubt}"
    return "it is the empty form, a template" if evidence.is_template(title) else ""


def _has_bare_title(candidates: list[str]) -> bool:
    return any("公开" in title and ("年报" in title or "报告" in title) for title in candidates)


def _no_title(verdicts: list[Judged], evidence: Evidence) -> str:
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
    lines = [text for text in evidence.paragraphs if len(text) < LONGEST_TITLE]
    named = sum(titles.verdict(text).kind == "report" for text in lines)
    return named > 3 or sum(map(organs.looks_like_organ, lines)) > max(3, len(evidence.paragraphs) // 2)


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
    """Where a page says whose it is. 全市 is the government's, not the uploader's: then the portal's name comes first.

    A page that carries files may carry those of many units: what it says comes after all that the file and its name say.
    """
    meta = document.meta
    said = [
        ("contentsource", meta.get("contentsource", "")),
        ("publisher", meta.get("publisher", "")),
        ("link text", titles.clean(context.link_text)),
    ]
    portal = ("portal", context.portal_name)
    page = [("page title", titles.CUT.split(meta.get(key, ""))[0]) for key in ("h1", "title")]
    carrier = [("carrier", titles.organ_of(context.carrier_title)), ("carrier", context.carrier_source)]
    return [portal, *said] if whole_area else [*said, ("signature", _signature(document)), *page, *carrier, portal]


def _signature(document: Document) -> str:
    """The name above the date at the end of the text."""
    texts = [block.text for block in document.blocks[-3:]]
    return next((text for text in texts if text and organs.looks_like_organ(titles.SPACES.sub("", text))), "")


def _settle(report: Report, document: Document, evidence: Evidence, context: Context, gazetteer: Gazetteer) -> None:
    """Place, level, scope and key of the organ."""
    home = gazetteer.at(context.region_code, report.year) if context.region_code else ""
    texts = (context.portal_name, _site(document), report.title, evidence.prose)
    place = places.locate(report.organ, report.year, home, texts, gazetteer)
    if not (place.code or home) and (site := places.site_of(document, context.portal_name, report.year, gazetteer)):
        place = places.locate(report.organ, report.year, site, texts, gazetteer)
    printed = report.organ
    report.organ = organs.expanded(printed, place.rest, place.level if place.rest != printed else "")
    rest = place.rest if place.rest and report.organ.endswith(place.rest) else report.organ[places.prefix(report.organ, place.rest) :]
    ranked = organs.rank(report.organ, rest, place.level)
    if ranked.level == "central_department" and place.code in ("", NATION):
        place = places.Place(NATION, "nation", place.rest)
    report.region_code, report.level = place.code, ranked.level
    report.organ_id = organs.organ_id(report.organ, rest, place.code, gazetteer)
    report.organ = places.whole_name(report.organ, place, report.year, gazetteer)
    report.scope, said = organs.scope(ranked, evidence.prose)
    if said and ranked.level != "unknown":
        report.issues.append(Issue("scope_unclear" if ranked.scope == "unclear" else "scope_conflict", "text", said))
    _tell(report, place, home)


def _site(document: Document) -> str:
    """What the page says of itself outside the text: its site, column, publisher."""
    meta = document.meta
    return " ".join(meta.get(key, "") for key in ("sitename", "title", "publisher", "contentsource", "columnname"))


def _tell(report: Report, place: places.Place, home: str) -> None:
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
