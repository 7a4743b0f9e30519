"""A link or a title -> is it an annual report on disclosure, whose, and of which year."""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from importlib.resources import files
from typing import Literal, NamedTuple

from harvester.organs import looks_like_organ

TitleKind = Literal["report", "lookalike", "other"]
# One character for one, so that a place in the folded text is the same place in the printed one.
FOLD = str.maketrans({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {ord("〔"): "(", ord("〕"): ")"})
NUMERALS = str.maketrans("〇○零oO一二三四五六七八九壹贰叁肆伍陆柒捌玖", "00000123456789123456789")
CHINESE_YEAR = re.compile(
    r"[二贰2][〇○零oO0][〇○零oO0一二三壹贰叁1-3][〇○零oO0一二三四五六七八九壹贰叁肆伍陆柒捌玖0-9](?=\s*(?:年|度|政府|政务|信息))"
)
SPREAD = re.compile(r"(?<!\d)2\s?0\s?[0-3]\s?\d(?=\s*年)")  # 20 21年: an editor's space
DATES = re.compile(r"20\d\d\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{1,2}|20\d\d\s*年\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?|20\d{6}")
YEAR = r"20(?:0[6-9]|[1-3]\d)"
YEARS = tuple(re.compile(pattern) for pattern in (rf"(?<!\d)({YEAR})\s*年度", rf"(?<!\d)({YEAR})\s*年", rf"(?<!\d)({YEAR})(?!\d)"))
MONTHS = r"(?:年|\.)\s*0?1\s*(?:[月.]?\s*0?1?\s*日?)?\s*(?:[-—–~至到]+)\s*(?:20\d\d\s*[年.]\s*)?12\s*(?:[月.]\s*(?:3[01])?\s*日?)?"
WHOLE_YEAR = re.compile(rf"({YEAR})\s*{MONTHS}")  # 2021年1月1日至12月31日, 2021.1-2021.12
# 2022年发布的2021年…报告: the year of publication, unless it is the only one.
PUBLISHED = re.compile(rf"{YEAR}\s*年度?\s*(?:公开)?(?:发布|公布|公示|印发|上报|报送|编印|上网)的?")
SPAN = re.compile(rf"(?<!\d)({YEAR})\s*年?度?\s*[-—–~至]+\s*({YEAR})\s*年")
MISPRINTED = re.compile(r"(?<!\d)(20\d{3,4})\s*年")  # 202020年, 20221年: a digit too many
SPACES = re.compile(r"[\s\u00a0\u3000\u200b-\u200f\ufeff]+")
LATIN = r"\x21-\x2f\x3a-\x7e"  # a space between Latin words stays, one beside a character or a digit goes
CJK_GAP = re.compile(rf"(?<=[^{LATIN}])\s+|\s+(?=[^{LATIN}])")
CUT = re.compile(r"\s*[_|｜]\s*|\s+[-–—]\s+|(?<!\d)-|-(?!\d)")
# In 人民政府信息公开 the 政府 is the organ's.
SUBJECT = re.compile(
    r"(?:(?:(?<!人民)政府|政务)?信息公开|政务公开|(?<!人民)政府信息).*?(?:报告|年报|总结|年度?(?:工作)?报?(?:…|\.\.|$))"
    r"|(?:年度(?:工作)?报告|年报|报告)"
)
SENDER = re.compile(r"关于(?:公[开布示]|发布|印发)")
NOISE = re.compile(
    rf"(?<!\d)20\d{{3,4}}年度?|20\d\d\s*{MONTHS}|20\d\d年\d{{1,2}}月(?:\d{{1,2}}日)?|{PUBLISHED.pattern}|\({YEAR}年?度?\)|{YEAR}年?度?|(?<!\d)(?:20)?\d{{2,4}}年度?"
    r"|关于(?:公[开布示]|发布|印发)?|[《》【】\[\]\"<>:、，,。—_-]"
)
# What stands before or behind the subject and is nobody's name.
NOBODY = re.compile(
    r"(?:关于|做好|公开|公布|公示|公告|发布|印发|编制|工作|情况|附件|附表|[省市区县]级|统计表|全文|正文|样[表式本]|更正|修订版?|补充|图文版|[及和的版稿\d()（）])+"
)
OPENERS = re.compile(r"^(?:[·•●■◆>»]|【[^】]{0,10}】|\[[^\]]{0,10}\]|\d{1,2}[.、](?!\d)|(?:附件|标题|名称)\d{0,2}[:：])\s*")
# How a title says that it stands over one rendition of several.
RENDITION = r"[(（\[【](?:全文|正文|(?:图片|扫描|影印|盖章|超链接?|文字|网页)[版件]|(?:pdf|word|doc|wps|ofd)(?:版本?|格式)?)[)）\]】]"
TRAILERS = re.compile(
    rf"\s*(?:\.(?:pdf|docx?|wps|rtf|xlsx?|et|html?|txt|ofd|zip|rar|7z|jpe?g|png)|{RENDITION}|[\[(（]?20\d\d[-/.]\d{{1,2}}[-/.]\d{{1,2}}[\])）]?)\s*$",
    re.IGNORECASE,
)
MARKED = re.compile(RENDITION, re.IGNORECASE)


class Verdict(NamedTuple):
    """What a title names, and why we think so in words a user understands."""

    kind: TitleKind
    reason: str


def verdict(text: str, context_is_report_list: bool = False) -> Verdict:
    """Whether ``text`` names a report, something that looks like one, or neither.

    In a list of reports an anchor may say no more than 年报, or the name of a unit: ``context_is_report_list`` accepts those.
    """
    return _verdict(fold(text), context_is_report_list)


@lru_cache(maxsize=4096)
def _verdict(text: str, listed: bool) -> Verdict:
    kinds: tuple[TitleKind, ...] = ("lookalike", "other", "report")
    for kind in kinds:
        if reason := _reason(kind, text):
            return Verdict(kind, reason)
    if listed and (reason := _reason("listed", text)):
        return Verdict("report", reason)
    if listed and looks_like_organ(NOISE.sub("", TRAILERS.sub("", text))):
        return Verdict("report", "the name of a unit, in a list of reports")
    return Verdict("other", "its title names no annual report on disclosure")


def doubt(text: str) -> str:
    """Why a title that names a report may yet stand over something else, which only the body tells; empty when there is no such doubt."""
    return _reason("weak", fold(text))


def _reason(kind: str, text: str) -> str:
    pattern, reasons = _rules()[kind]
    match = pattern.search(text)
    return reasons[match.lastgroup or ""] if match else ""


@lru_cache(maxsize=1)
def _rules() -> dict[str, tuple[re.Pattern[str], dict[str, str]]]:
    """Per kind one pattern of all its rules, and the reason of each of its groups."""
    rules: dict[str, dict[str, tuple[str, str]]] = {}
    lines = files("harvester.data").joinpath("titles.csv").read_text("utf-8").splitlines()
    for number, (kind, pattern, reason) in enumerate(csv.reader(lines[1:])):
        rules.setdefault(kind, {})[f"rule{number}"] = (pattern, reason)
    return {
        kind: (
            re.compile("|".join(f"(?P<{name}>{pattern})" for name, (pattern, _) in found.items())),
            {name: reason for name, (_, reason) in found.items()},
        )
        for kind, found in rules.items()
    }


def fold(text: str) -> str:
    """``text`` with half-width signs and without spaces, as the rules of ``titles.csv`` read it."""
    return SPACES.sub("", text.translate(FOLD))


def unmarked(text: str) -> str:
    """``text`` without the words that tell a rendition from others of the same report: （图片版）, （PDF版）, （超链版）."""
    return MARKED.sub("", text)


def year_of(text: str) -> int | None:
    """The report year that ``text`` names (2021年, ２０２１ 年度, 二○二一年), never one that is part of a date."""
    return next(iter(years_of(text)), None)


@lru_cache(maxsize=1024)
def years_of(text: str) -> tuple[int, ...]:
    """The years that ``text`` names as the report's, most likely first: one with 年度, one with 年, the last in front of 政府信息公开."""
    folded = SPREAD.sub(lambda match: re.sub(r"\s", "", match[0]), western(text))
    if found := WHOLE_YEAR.search(folded) or SPAN.search(folded):
        return tuple(sorted(map(int, found.groups()), reverse=True))
    folded = DATES.sub(" ", folded)
    folded = PUBLISHED.sub(" ", folded) if _named(PUBLISHED.sub(" ", folded)) else folded
    return tuple(dict.fromkeys(_named(folded)))


def _named(text: str) -> list[int]:
    subject = SUBJECT.search(text)
    end = subject.start() if subject else len(text)
    for pattern in YEARS:
        if found := [(match.start() >= end, -match.start(), int(match[1])) for match in pattern.finditer(text)]:
            return [year for _, _, year in sorted(found)]
    return []


def misprinted_years(text: str) -> tuple[str, frozenset[int]]:
    """The year that ``text`` prints with too many digits (202020, 20221) and the years it can stand for; empty when it prints none.

    What was typed too much stands together: 202020 is 2020, 20221 is 2021 or 2022.
    """
    match = MISPRINTED.search(western(text))
    if not match:
        return "", frozenset()
    printed, much = match[1], len(match[1]) - 4
    kept = {printed[:cut] + printed[cut + much :] for cut in range(5)}
    return printed, frozenset(int(year) for year in kept if re.fullmatch(YEAR, year))


def western(text: str) -> str:
    """``text`` with half-width signs and its years in digits (二○二一年 -> 2021年), character for character."""
    return CHINESE_YEAR.sub(lambda match: match[0].translate(NUMERALS), text.translate(FOLD))


@lru_cache(maxsize=1024)  # one title stands in several places of a page
def clean(text: str) -> str:
    """A title without line breaks, spaces between characters, site names behind ``-`` or ``_``, tags in front and file extensions."""
    line = CJK_GAP.sub("", SPACES.sub(" ", text)).strip()
    opener = OPENERS.match(line)
    if opener and verdict(opener[0]).kind == "other":  # 【一图读懂】 says what the page is, 【年报】 only where it stands
        line = line[opener.end() :]
    line = TRAILERS.sub("", TRAILERS.sub("", line))  # 年报（图片版）.pdf
    for part in CUT.split(line):
        kind = verdict(part).kind
        if kind == "report" or (kind == "lookalike" and len(part) > 6):
            line = part
        if kind != "other":
            break
    return line[1:-1].strip() if line.startswith("《") and line.find("》") == len(line) - 1 else line.strip()


@lru_cache(maxsize=1024)
def organ_of(title: str) -> str:
    """The organ that ``title`` names, as printed: 关于漯河市2021年政府信息公开工作年度报告 -> 漯河市; empty when it names none."""
    printed = SPACES.sub("", title)
    folded = western(printed)
    match = SUBJECT.search(folded)
    if not match:
        return ""
    sender = SENDER.search(folded, 0, match.start())  # XX办公室关于印发YY市2021年…: the report is YY's
    parts = (slice(sender.end() if sender else 0, match.start()), slice(0, match.start()), slice(match.end(), None))
    return next((name for part in parts if len(name := _bare(printed[part], folded[part])) > 1), "")


def _bare(printed: str, folded: str) -> str:
    """The characters of ``printed`` that are not noise in ``folded``, without the brackets around them."""
    kept = list(printed)
    for match in NOISE.finditer(folded):
        kept[match.start() : match.end()] = [""] * len(match[0])
    name = "".join(kept).strip("的")
    opened, closed = (sum(name.count(sign) for sign in signs) for signs in ("(（", ")）"))
    whole = re.fullmatch(r"[(（][^()（）]*[)）]", name)
    name = name.strip("()（）") if whole or opened != closed else name
    return "" if NOBODY.fullmatch(name) else name
