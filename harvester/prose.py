"""The figures that a report states in sentences, each with its sentence; what a sentence does not surely say is left out."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import lru_cache

from harvester import outline, restated, sentences
from harvester.items import Document, Issue, Number, Prose, Report
from harvester.outline import Section
from harvester.phrases import CONTEXT, Rule, Topic, cued
from harvester.said import Marks, Once, said
from harvester.sentences import Count

# What a paragraph has that states something: a digit that is not of a date, a numeral with its unit, a word for none and what of.
NUMERALS = "零一二两三四五六七八九十百千万"
STATES = re.compile(
    f"[0-9０-９{NUMERALS}未没无](?:(?<=[0-9０-９])(?![0-9０-９]*\\s?[年月日〕])|(?<=[{NUMERALS}])[余多]?[件条次场期篇人名份宗起个项]|(?<=为零)"
    "|(?<=[未没无])[^，。；]{0,60}?(?:申请|复议|诉讼|费|收费通知|投诉|举报|结转))"
)
LONGEST = 300  # characters quoted; of a longer sentence the part between semicolons
HEADING = 30  # characters of a line that may be the heading of what follows
NOTHING = Count(0, "", 0)
LISTED = re.compile("[^\ue000-\ue0ff)][、和及或与]$")
YUAN = {"元": 1, "万元": 10**4, "亿元": 10**8}
BRACKETED = re.compile(r"\([^()]*\)")
DIGIT = re.compile("[0-9０-９]")  # a sentence made plain has none


def fill(document: Document, report: Report) -> None:
    """Sets ``prose`` of a report whose form is read, and adds the issues ``prose_contradiction`` and ``prose_mismatch``.

    Sections two to four of the forms are told by their tables; a prose report is read throughout, its annex excepted.
    """
    told = [
        prose
        for section in outline.split(document.blocks)
        if section.key != outline.ANNEX and (section.key not in outline.TABLES_TOLD or report.form == "narrative")
        for prose in _section(section, report)
    ]
    report.prose = list(_agreed(told, report))
    report.issues.extend(restated.mismatches(report))


def _agreed(told: list[Prose], report: Report) -> Iterator[Prose]:
    """What is told once, or each time the same: a figure told with two numbers is neither (parts of a report may mean different things)."""
    by_key: dict[str, list[Prose]] = {}
    for prose in told:
        by_key.setdefault(prose.key, []).append(prose)
    for key, stated in by_key.items():
        if len(stated) == 1:
            yield stated[0]
            continue
        exact = min(stated, key=lambda prose: prose.slack)
        others = [prose for prose in stated if abs(prose.value - exact.value) > max(prose.slack, exact.slack)]
        if not others:
            yield exact
        elif key in restated.RESTATED:  # of trainings and meetings a report tells many, each in its place
            message = f"{key} is told as {exact.value} in {exact.sentence!r} and as {others[0].value} in {others[0].sentence!r}"
            report.issues.append(Issue("prose_contradiction", exact.section, message))


def _section(section: Section, report: Report) -> Iterator[Prose]:
    heading = section.title
    for block in section.blocks:
        if not block.text:
            continue
        if STATES.search(block.text):
            yield from _paragraph(block.text, heading, section.key, report)
        if block.level or (len(block.text) <= HEADING and not block.text.endswith("。")):
            heading = block.text


def _paragraph(text: str, heading: str, section: str, report: Report) -> Iterator[Prose]:
    before = [heading]
    for sentence in sentences.split(text):
        if not STATES.search(sentence) or not (rules := cued(sentence)):
            before.append(sentence)
            continue
        plain, counts = sentences.plain(sentence, report.year)
        units = {count.unit for count in counts}
        if candidates := {rule for rule in rules if rule.none or not rule.units.isdisjoint(units)}:
            reading = _Reading(CONTEXT["compared"].sub("_", plain), counts, before, report)
            for key, value, unit, slack, start in reading.found(candidates):
                yield Prose(key, value, unit, section, _quoted(sentence, reading.plain, start), slack)
        before.append(plain)


def _quoted(sentence: str, plain: str, start: int) -> str:
    if len(sentence) <= LONGEST:
        return sentence
    parts = re.split("(?<=[；;])", sentence)
    return parts[min(plain.count(";", 0, start), len(parts) - 1)].strip()


class _Reading:
    """One sentence made plain, and what stands before it in its paragraph."""

    def __init__(self, plain: str, counts: list[Count], before: list[str], report: Report) -> None:
        self.plain = plain
        self.said = said(plain)
        self.counts = counts
        self.before = before
        self.report = report

    def found(self, candidates: set[Rule]) -> list[tuple[str, Number, str | None, Number, int]]:
        """(key, value, unit, slack, place in the sentence) of each figure told, in the order they are told."""
        told = []
        for rule in candidates:
            for match in self.said.matches(rule):
                count = NOTHING if rule.none else self.counts[ord(match[1]) - sentences.FIRST]
                if (rule.none or _fits(rule, count)) and self.holds(rule, match):
                    told.append((match.start(), rule.order, rule, count))
        return [(rule.key, *_in_unit(rule, count), start) for start, _, rule, count in sorted(told, key=lambda entry: entry[:2])]

    def holds(self, rule: Rule, match: re.Match[str]) -> bool:
        """Whether nothing around the match says that it is of another year, another organ, a part of a sum, a plan, or another thing."""
        start, end = match.span()
        plain = self.plain
        clause = plain[max(plain.rfind(",", 0, start), plain.rfind(";", 0, start), plain.rfind(":", 0, start)) + 1 : start]
        if clause and (self.barred(clause) or (rule.not_after and rule.not_after.search(clause))):
            return False
        if end >= self.said.standing or (rule.not_in and rule.not_in.search(match[0])):
            return False
        if (rule.unless and rule.unless.search(plain)) or (rule.whole and self.is_part(start)):
            return False
        if rule.near and not rule.near.search(plain) and not any(map(rule.near.search, self.before)):
            return False
        if rule.alone and LISTED.search(plain, max(start - 2, 0), start):
            return False
        return self.of_the_year(rule, end) and self.of_the_organ(start) and self.on_topic(rule.about, start)

    def barred(self, clause: str) -> bool:
        """The words before say that it is planned, or told of some bodies only, or of others."""
        if CONTEXT["planned"].search(clause) or CONTEXT["some"].search(clause):
            return True
        return self.report.scope != "consolidated" and CONTEXT["others"].search(clause) is not None

    def is_part(self, start: int) -> bool:
        """What stands there is part of a sum that the sentence broke down before."""
        if self.said.parted is None:
            return False
        return CONTEXT["parts"].search(BRACKETED.sub("", self.plain[self.plain.rfind(";", 0, start) + 1 : start])) is not None

    def of_the_year(self, rule: Rule, end: int) -> bool:
        """The last time named is the report year; a sentence that names none is of the last other year named before it."""
        if here := _last(self.said.times, end):
            return here == "own"
        return not rule.dated and self.time_before != "year"

    @Once
    def time_before(self) -> str:
        year = self.report.year
        return next((time for text in reversed(self.before) if (time := _time_in(text, year))), "")

    def of_the_organ(self, start: int) -> bool:
        """No other organ is the last subject named before; a department does not tell of its whole city."""
        subject = _last(self.said.subjects, start)
        whole = self.report.scope == "consolidated" and CONTEXT["everyone"].search(subject) is not None
        return not subject or whole or _is_own(subject, self.report.organ)

    def on_topic(self, topic: Topic | None, start: int) -> bool:
        """The last thing spoken of before is ``topic``."""
        if topic is None:
            return True
        spoken = (text for text in (self.plain[:start], *reversed(self.before)))
        return next((words[-1] for text in spoken if (words := topic.pattern.findall(text))), "") == topic.word


@lru_cache(maxsize=64)  # the sentences of a paragraph are asked for by each one after them
def _time_in(text: str, year: int | None) -> str:
    """The last time that ``text``, plain or as printed, names."""
    return _last(said(sentences.plain(text, year)[0] if DIGIT.search(text) else text).times)


def _last(marks: Marks, end: int = sys.maxsize) -> str:
    """The last mark that ends at or before ``end``."""
    for place, name in reversed(marks):
        if place <= end:
            return name
    return ""


def _fits(rule: Rule, count: Count) -> bool:
    return count.unit is not None and count.unit in rule.units and not (rule.zero and count.value)


def _is_own(subject: str, organ: str) -> bool:
    """Whether ``subject`` can mean ``organ``: 我局, or its characters in their order (市政务办: 郑州市政务服务办公室)."""
    if CONTEXT["ourselves"].search(subject) and not (CONTEXT["area"].search(subject) and not CONTEXT["governing"].search(organ)):
        return True
    if subject.startswith("全") or (CONTEXT["area"].search(subject) and organ and not CONTEXT["governing"].search(organ)):
        return bool(CONTEXT["governing"].search(organ)) and len(subject) <= 3
    signs = iter(organ)
    return not organ or all(sign in signs for sign in subject)


def _in_unit(rule: Rule, count: Count) -> tuple[Number, str | None, Number]:
    if not rule.yuan:
        return count.value, count.unit or None, count.slack
    times = YUAN.get(count.unit or "元", 1)
    return count.value * times, "元", count.slack * times
