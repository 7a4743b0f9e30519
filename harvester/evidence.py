"""What the body of a page shows: the sections, tables or sentences of a report, or a notice, a list, nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from harvester.headings import is_title
from harvester.items import Document
from harvester.titles import organ_of, western

# The cores of the six titles of 国办公开办函〔2019〕60号 and 〔2021〕30号, which reports vary, and of the prose outline before them.
SECTION = re.compile(
    "(?P<a>总体情况|^概述)|(?P<b>主动公开)|(?P<c>收到和处理|依申请公开)|(?P<d>复议)|(?P<e>问题)|(?P<f>其他需要报告|需要说明)"
)
NUMBERED = re.compile(r"^(?:[一二三四五六七八九]|[（(][一二三四五六七八九][）)]|\d{1,2})\s*[、.．\s]?")
FORM = re.compile(r"本年新收|第二十条第|勾稽关系|申请人情况|主动公开政府信息数|主动公开(?:文件|信息)数|受理.{0,6}依申请公开")
CUES = tuple(
    re.compile(cue)
    for cue in (
        r"主动公开.{0,24}\d[\d,.]*\s*(?:余|多)?(?:万余?)?[条件篇份项]",
        r"(?:收到|受理|接到|办理|答复).{0,24}申请|依申请公开.{0,24}\d\s*[件条]",
        r"行政复议|行政诉讼",
        r"信息公开条例|公开工作.{0,12}(?:机构|机制|制度|平台|目录)",
        r"(?:报告如下|编制本报告|编制而成|特向社会公布|统计期限)",
    )
)
NOTICE = re.compile(r"^各.{2,60}[:：]$|通知如下|请.{0,24}(?:于|在).{0,16}前.{0,12}(?:报送|报至|上报|提交|送)|不候|联系人[:：]")
PERIOD = re.compile(r"(20\d\d)\s*年\s*0?1\s*月\s*0?1\s*日.{0,6}(?:至|到|—|-|－).{0,8}12\s*月\s*31\s*日")
SAID = re.compile(r"现将.{0,24}?(20\d\d)\s*年")
DURING = re.compile(r"(20\d\d)\s*年度")
YEARS = re.compile(r"(?<!\d)(20(?:0[6-9]|[1-3]\d))\s*年(?!\s*(?:来|\d{1,2}\s*月\s*\d{1,2}\s*日|\S{0,6}(?:修订|施行|计划|将)))")
DIGITS = re.compile(r"[-+]?\d[\d,.]*\s*[元万件条]*")
PLACEHOLDER = re.compile(r"[xX×Ｘ○*＊]{2,}|[_＿]{2,}|[（(](?:单位|机关|部门)(?:名称)?[)）]|20[xX×_＿]{2}|某某")
CLAUSE = re.compile("[。，；,;]")
LEAD = 8  # paragraphs: what a preface and the first section need to say whose year it is


def is_section(text: str) -> bool:
    """Whether ``text`` is the heading of one of the six sections: 六、其他需要报告的事项 names a report and is no title of one."""
    return NUMBERED.match(text) is not None and SECTION.search(NUMBERED.sub("", text)) is not None


@dataclass
class Evidence:
    """The texts of a document, looked at once."""

    document: Document

    @cached_property
    def paragraphs(self) -> list[str]:
        """Texts that are no table, in order."""
        return [block.text for block in self.document.blocks if block.text]

    @cached_property
    def prose(self) -> str:
        """The first paragraphs as one string: preface and first section, at most 3,000 characters."""
        return "\n".join(self.paragraphs[:24])[:3000]

    @cached_property
    def sections(self) -> int:
        """How many of the six sections have a heading (0-6)."""
        found = set()
        for text in self.paragraphs:
            if (
                len(text) < 44
                and (text[0] in "一二三四五六七八（(12345678" or "情况" in text)
                and (match := SECTION.search(NUMBERED.sub("", text)))
            ):
                found.add(match.lastgroup)
        return len(found)

    @cached_property
    def has_form(self) -> bool:
        """Whether a table of the document is one of the statistical form."""
        grids = (block.grid for block in self.document.blocks if block.grid)
        return any(FORM.search("".join(cell.text for row in grid.rows[:4] for cell in row)) for grid in grids)

    @cached_property
    def told(self) -> int:
        """How many of five kinds of sentences of a prose report there are."""
        text = "\n".join(self.paragraphs)[:20000]
        return sum(cue.search(text) is not None for cue in CUES)

    @cached_property
    def is_notice(self) -> bool:
        """Whether it tells others what to hand in."""
        return any(NOTICE.search(text) for text in self.paragraphs[:12])

    @property
    def is_report(self) -> bool:
        """Whether the body alone could be a report's."""
        if self.has_form or self.sections >= 3:
            return True
        return not self.is_notice and len(self.prose) > 150 and self.told >= (2 if self.sections else 3)

    @property
    def is_surely_report(self) -> bool:
        """Whether it is one whatever its title says: the form's tables under three sections, or the whole outline in prose."""
        return (self.has_form and self.sections >= 3) or (self.sections >= 5 and self.told >= 3 and not self.is_notice)

    def is_template(self, title: str) -> bool:
        """Whether it is the form without a report: no number in any of its tables, and a blank where the organ's name belongs."""
        if not self.has_form or any(map(DIGITS.fullmatch, self._cells())):
            return False
        return not organ_of(title) or any(PLACEHOLDER.search(text) for text in (title, *self.paragraphs[:LEAD]))

    def _cells(self) -> Iterator[str]:
        return (cell.text for block in self.document.blocks if block.grid for row in block.grid.rows for cell in row)

    @cached_property
    def lead(self) -> str:
        """Preface and first section: the first paragraphs that are neither a title nor a line of the page."""
        told = (text for text in self.paragraphs if (len(text) > 30 or CLAUSE.search(text)) and not is_title(text))
        return "\n".join(islice(told, LEAD))

    def mentions(self, year: int) -> int:
        """How often the text names ``year`` as one it reports on."""
        text = western("\n".join(text for text in self.paragraphs if not is_title(text)))
        return sum(int(named) == year for named in YEARS.findall(text))

    def year(self) -> tuple[int | None, str]:
        """Report year as the body tells it, and from what: the period of the figures, a sentence, or the year named most often."""
        told = _told(self.lead)
        return told if told[0] else _told(western(self.lead))


def _told(lead: str) -> tuple[int | None, str]:
    for pattern, source in ((PERIOD, "the period its figures cover"), (SAID, "its first sentences"), (DURING, "its first sentences")):
        if match := pattern.search(lead):
            return int(match[1]), source
    counts = Counter(YEARS.findall(lead)).most_common(2)
    if counts and (len(counts) == 1 or counts[0][1] > counts[1][1]):
        return int(counts[0][0]), "the year its first paragraphs name most"
    return None, "its first paragraphs"
