"""A printed string as the second reader understands it: a label to look up, a number, nothing, or words."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from harvester.items import Number

NO_WIDTH = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0e-\x1f]")
QUOTES = re.compile("[\"'“”‘’〝〞「」『』]")
LEADING = re.compile(r"(?:\([一二三四五六七八九十]+\)|[一二三四五六七八九十]+[、.,]|[0-9]{1,2}[.、,)])")
CJK = re.compile("[\u3400-\u9fff]")
NOTHING = re.compile(r"[-—–―─_/\\]*|无|空")
PLAIN = re.compile(r"([+-]?)([0-9]{1,18}|[0-9]{1,3}(?:,[0-9]{3}){1,5})(\.[0-9]{1,9})?([\u3400-\u9fff]{0,2})")


class Said(NamedTuple):
    """``kind``: a number, nothing (blank), words that are certainly no number, or unclear: this reader cannot tell."""

    kind: Literal["number", "blank", "words", "unclear"]
    number: Number | None = None


def narrow(text: str) -> str:
    """Full-width signs and digits as half-width ones, nothing else changed: ``²`` stays what it is."""
    return "".join(chr(ord(sign) - 0xFEE0) if "！" <= sign <= "～" else sign for sign in NO_WIDTH.sub("", text))


def squeezed(text: str) -> str:
    """``text`` without any space: how two prints of one string are compared."""
    return "".join(NO_WIDTH.sub("", text).split())


def word(text: str) -> str:
    """A label as the second reader compares it: half-width, no spaces, no quotes."""
    return QUOTES.sub("", "".join(narrow(text).split()))


def unnumbered(label: str) -> str:
    """A compared label without the numeral before it."""
    return LEADING.sub("", label, count=1) if LEADING.match(label) else label


def is_words(text: str) -> bool:
    """Whether a cell holds a label or a remark: Chinese that neither says "nothing" nor is the unit of a number."""
    return CJK.search(text) is not None and understood(text).kind in ("words", "unclear")


def understood(text: str) -> Said:
    """What the string of a value cell says. Signs in words (减76) and anything else unusual are ``unclear``."""
    pieces = narrow(text).split()
    whole = "".join(pieces)
    if NOTHING.fullmatch(whole):
        return Said("blank")
    if sum(any(sign.isdigit() for sign in piece) for piece in pieces) > 1 or not any(sign.isdigit() for sign in whole):
        return Said("words")  # two numbers, or none
    plain = PLAIN.fullmatch(whole)
    if plain is None:
        return Said("unclear")
    digits = plain[2].replace(",", "")
    number: Number = float(digits + plain[3]) if plain[3] else int(digits)
    return Said("number", -number if plain[1] == "-" else number)
