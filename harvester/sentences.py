"""A sentence made plain: its numbers, years, dates and shares become single signs, so that a pattern can say what stands beside one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from harvester import numerals
from harvester.items import Number
from harvester.spelling import FOLDED

# Signs of the private use area, cleared from the text first: Word prints its bullets with them.
FIRST = 0xE000  # the first number of the sentence; the next ones follow
MOST = 256
REPORT_YEAR, OTHER_YEAR, PART_OF_YEAR, SHARE, REFERENCE = "\uf001\uf002\uf003\uf004\uf005"
PRIVATE = re.compile("[\ue000-\uf8ff]")
SENTENCE = re.compile(r"[^。！？!?]+[。！？!?]*")
TITLE = re.compile("《[^《》]*》")
# The table labels are folded with, as replacements: on a whole sentence these take a third of the time of str.translate.
NARROW = {chr(wide): chr(narrow).replace('"', "") for wide, narrow in FOLDED.items()} | {"％": "%", '"': ""}
WIDE = re.compile(f"[{''.join(NARROW)}]")
APART = re.compile(r"\d[\d.]*(?:[\s\u200b\ufeff]+\d[\d.]*)+|(?<=\d)，(?=\d)")
TOUCHING = re.compile(r"\d[\s，]")
THOUSANDS = re.compile(r"\d{1,3}(?:\s+\d{3})+(?:\.\d+)?|\d(?:\s+\d)+")

YEAR, HAN_YEAR, HAN = "(?:19|20)\\d\\d", "[一二][九零〇○◯0OＯ][一二三四五六七八九零〇○◯0OＯ]{2}", "零〇一二两三四五六七八九十百千万"
TO = "[-—–―~～至到]+"
ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?![\d,])|\d+)(?:\.\d+)?(?:[余多]?[百千万亿](?!元))*[余多]?"
UNITS = "件次|人次|场次|班次|批次|万余元|万元|亿元|余元|[元件条宗份起例项次期场篇则名人位处封张]|个(?!工作|月|小时|百分|方面)"
STARTS = rf"(?=[\d〔\[【(第不至最每将接大近约超突逾上下{HAN}])"  # most places of a sentence begin none of these
TOKEN = re.compile(
    rf"{STARTS}(?:"
    # digits of a date, a clock, a telephone, a fraction, a document
    rf"(?=\d+(?:[年月号:/]|{TO}|[、和及](?=\d)))(?:(?P<reference>\d+号|\d{{1,2}}:\d\d|\d{{3,4}}-\d{{6,8}}|\d+/\d+)"
    rf"|(?P<whole>(?:(?P<begin>{YEAR})年)?0?1月(?:0?1日)?起?{TO}(?:(?P<end>{YEAR})年)?12月(?:31日)?止?)"
    rf"|(?P<part>(?:{YEAR}年)?\d{{1,2}}月?{TO}\d{{1,2}}月(?:\d{{1,2}}日)?|(?:{YEAR}年)?\d{{1,2}}月(?:份|\d{{1,2}}日)?)"
    rf"|(?P<years>(?:{YEAR}年?(?:{TO}|、|和|及))+{YEAR}年度?)|(?P<year>{YEAR})年度?)"
    rf"|(?P<listed>^\d{{1,2}}[.、](?!\d))"
    rf"|(?P<number>(?:将近|接近|大约|近|约|超过|超|突破|逾|不足|不到)?{ARABIC}|(?<![几数第每上好若{HAN}])[{HAN}]+[余多]?(?=(?:{UNITS}))|(?<=[为是])零(?!星))"
    rf"(?:(?P<share>%|‰|个百分点|倍|成)|(?P<range>(?:{UNITS})?{TO}{ARABIC})|(?P<unit>{UNITS})?(?P<after>以上|左右|以内|以下)?)"
    rf"|(?P<numbered>[〔\[【(]{YEAR}[〕\])】]第?\d+号|第(?:\d+|[{HAN}]+)号?(?!季度|方))"
    rf"|(?P<bound>(?:不少于|不低于|不超过|不高于|至少|最多|最高|最低|每){ARABIC}(?:{UNITS})?)"
    rf"|(?P<han_year>{HAN_YEAR})年度?|(?P<quarter>第?[一二三四1-4]季度|[上下]半年)|(?P<hundredths>[百千]分之[{HAN}点\d.]+))"
)
SIGNS = {"part": PART_OF_YEAR, "quarter": PART_OF_YEAR, "years": OTHER_YEAR, "share": SHARE, "hundredths": SHARE}
CHINESE = re.compile("[一-龥]")
FRACTION = re.compile(r"\.(\d+)")


class Count(NamedTuple):
    """A number of a sentence: its value, the unit printed after it ("" for none, None for one we do not know), and its ``slack``:
    how far the true number may lie from it. 0 for an exact one, 10 for 50余, 100 for 1.17万."""

    value: Number
    unit: str | None
    slack: Number


def split(text: str) -> Iterator[str]:
    """The sentences of a paragraph, with their full stops."""
    for match in SENTENCE.finditer(text):
        if sentence := match[0].strip():
            yield sentence


def plain(text: str, year: int | None) -> tuple[str, list[Count]]:
    """``text`` folded as labels are, its numbers as the signs from FIRST on and listed in their order; titles in 《》 are emptied.

    A year is REPORT_YEAR when it is ``year``, else OTHER_YEAR; months, quarters and halves are PART_OF_YEAR; shares and multiples SHARE;
    numbers of documents, articles and telephones, ranges and bounds, and numbers that could be two, are REFERENCE.
    """
    text = text if text.isprintable() else PRIVATE.sub("", text)
    if TOUCHING.search(text):
        text = APART.sub(_closed, text)
    counts: list[Count] = []
    return TOKEN.sub(lambda match: _sign(match, counts, year), _folded(text)), counts


def _folded(text: str) -> str:
    text = "".join(text.split())
    for wide in set(WIDE.findall(text)):
        text = text.replace(wide, NARROW[wide])
    return TITLE.sub("《》", text) if "《" in text else text


def _closed(match: re.Match[str]) -> str:
    """Digits with spaces between: one number in groups of three or digit by digit, or a year; else it could be two."""
    joined = "".join(match[0].split())
    year = re.fullmatch(YEAR, joined) and match.string[match.end() : match.end() + 2].lstrip().startswith("年")
    return joined if year or THOUSANDS.fullmatch(match[0]) else REFERENCE


def _sign(match: re.Match[str], counts: list[Count], year: int | None) -> str:
    kind = str(match.lastgroup)
    if kind in ("number", "unit", "after"):
        return _count(match, counts)
    if kind in ("year", "han_year"):
        return REPORT_YEAR if numerals.number(match[kind]) == year else OTHER_YEAR
    if kind == "whole":
        same = {int(found) for found in (match["begin"], match["end"]) if found} <= {year}
        return REPORT_YEAR if same else OTHER_YEAR
    return SIGNS.get(kind, REFERENCE)


def _count(match: re.Match[str], counts: list[Count]) -> str:
    number, unit, after = match.group("number", "unit", "after")
    runs_on = not unit and CHINESE.match(match.string, match.end()) is not None
    count = _read(number, unit or "", after or "", runs_on)
    if count is None or len(counts) == MOST:
        return REFERENCE
    counts.append(count)
    return chr(FIRST + len(counts) - 1)


@lru_cache(maxsize=4096)
def _read(printed: str, unit: str, after: str, runs_on: bool) -> Count | None:
    value = numerals.number(printed)
    if value is None or after in ("以内", "以下"):
        return None
    known = None if runs_on else unit.replace("余", "")
    return Count(value, known, _slack(printed + unit + after, value))


def _slack(printed: str, value: Number) -> Number:
    """How far the true number may lie from ``value`` as ``printed``: a rounded one by a unit of its last digit that is not 0 (50余: 10),
    one in ten thousands by a unit of its last digit (1.17万: 100), a decimal or an amount by half of that (12.5万元: 0.05)."""
    fraction = FRACTION.search(printed)
    decimals = len(fraction[1]) if fraction else 0
    if numerals.approximate(printed):
        digits = str(int(value))
        return int("1" + "0" * (len(digits) - len(digits.rstrip("0")))) if value else 0
    scale = 10**8 if "亿" in printed else 10**4 if "万" in printed else 1
    if printed.endswith(("万元", "亿元")) or (decimals and scale == 1):
        return 0.5 / float(10**decimals)
    return scale // int(10**decimals) if scale > 1 else 0
