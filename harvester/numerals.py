"""Numbers as sentences write them (``1.17万``, ``1000余``, ``二○一三``, ``两百三十``) -> a number, or nothing where in doubt."""

from __future__ import annotations

import re
from decimal import Decimal

WIDTH = str.maketrans("０１２３４５６７８９，．", "0123456789,.")
DIGITS = {sign: Decimal(value) for value, sign in enumerate("零一二三四五六七八九")} | {"〇": Decimal(0), "两": Decimal(2)}
SCALES = (("亿", 10**8), ("万", 10**4), ("千", 1000), ("百", 100), ("十", 10))
ARABIC = re.compile(r"(?a:\d{1,3}(?:,\d{3})+|\d{1,18})(?a:\.\d{1,18})?")
# A year is written digit by digit, its zeros as 〇, ○ or O. 二三 is "two or three", so two digits need a zero to be one number.
BY_DIGIT = re.compile(r"[一二三四五六七八九〇零○◯0OＯ]{4}|(?=.+[〇零○◯])[一二三四五六七八九][一二三四五六七八九〇零○◯]{1,11}")
ZEROS = str.maketrans("一二三四五六七八九〇零○◯OＯ", "123456789000000")
SPACES = re.compile(r"[\s\u200b-\u200f\ufeff]+")
APART = re.compile(r"(?a:\d)[\s\u200b-\u200f\ufeff]+(?a:\d)")
BEFORE = re.compile(r"^(?:将近|接近|近|大约|约|超过|超|突破|逾|共计|至少|不足|不到|上(?=[百千万]))")
AFTER = re.compile(r"[余多来](?=[万亿]?(?:左右|以上|上下)?$)|(?:左右|以上|上下)$")
VAGUE = re.compile(r"近|约|超|突破|逾|余|多|来|至少|不足|不到|左右|以上|上下|几|数|^上")


def number(text: str) -> int | float | None:
    """The number that ``text`` is, words such as 近, 约, 余, 多 left aside; None when it is none, two (``1 7``) or vague (``三四十``).

    ``text`` is the numeral alone, without its unit: ``1,234``, ``12.5万``, ``3万5千``, ``十二``, ``百余``.
    """
    if APART.search(text):
        return None
    bare = SPACES.sub("", text).translate(WIDTH)
    plain = AFTER.sub("", BEFORE.sub("", bare))
    value = _read(f"一{plain}" if plain in ("百", "千", "万") and plain != bare else plain)
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def approximate(text: str) -> bool:
    """Whether the words in and around a numeral say that it is rounded: ``近30万``, ``1000余``, ``十几``."""
    return VAGUE.search(text) is not None


def _read(text: str) -> Decimal | None:
    if BY_DIGIT.fullmatch(text):
        return Decimal(text.translate(ZEROS))
    return _scaled(text, 0)


def _scaled(text: str, largest: int) -> Decimal | None:
    """Value of a numeral whose largest scale is ``SCALES[largest]`` or a smaller one."""
    if ARABIC.fullmatch(text):
        return Decimal(text.replace(",", ""))
    for index, (sign, scale) in enumerate(SCALES[largest:], largest):
        head, found, tail = text.rpartition(sign)
        if found:
            times, rest = _times(head, scale), _rest(tail, scale, index + 1)
            if times is None or rest is None or (rest and times % 1):  # 1.5万3千 is nothing
                return None
            return times * scale + rest
    return DIGITS.get(text)


def _times(head: str, scale: int) -> Decimal | None:
    if scale >= 10**4:
        return _scaled(head, 1 if scale > 10**4 else 2)
    if scale == 10 and not head:
        return Decimal(1)
    return Decimal(head) if ARABIC.fullmatch(head) and "," not in head else DIGITS.get(head)


def _rest(tail: str, scale: int, largest: int) -> Decimal | None:
    """What follows a scale. 一百五 is 150 to some and 105 to others: a lone digit there is no number."""
    if not tail:
        return Decimal(0)
    if len(tail) == 1 and scale > 10:
        return None
    value = _scaled(tail[1:] if tail[0] in "零〇" else tail, largest)
    return value if value is not None and value < scale and not value % 1 else None
