"""A number of a spreadsheet as its cell prints it: the stored value through the cell's format code (ECMA-376 part 1, 18.8.30)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

# A code's pieces: text in quotes or behind \, room left free (_x) or filled (*x), [colour] or [$currency], digits, dates, the rest.
PIECE = re.compile(
    r'"([^"]*)"|\\(.)|_.|\*.|\[([^\]]*)\]|(General|G/通用格式)|([0#?,.]+)|(AM/PM|A/P|上午/下午)|([yYdDhHsS]+|[mM]+)|(.)', re.DOTALL
)
SECTIONS = re.compile(r'((?:"[^"]*"|\\.|\[[^\]]*\]|[^;"\\\[]|["\\\[])*)(?:;|$)')
GENERAL = ("", "@", "General", "G/通用格式", "GENERAL")
CONDITION = re.compile(r"\[[<>=]")
STRANGE = re.compile(r"[eE][+-]|\?/|/\?|#/|/#|/\d|\[[hmsHMS]+\]")  # powers of ten, fractions, hours counted past a day
LONGEST_CODE = 255  # as long as Excel lets one be
EPOCHS = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}
LAST_DAY = 2_900_000  # in the year 9839


def plain(value: float) -> str:
    """A number without a format: 3.0 is ``3``, 0.1 + 0.2 is ``0.3``; never with a power of ten."""
    text = f"{Decimal(f'{value or 0:.15g}'):f}"  # a zero below zero is one
    return text.rstrip("0").rstrip(".") if "." in text else text


def printed(value: float, code: str, from_1904: bool = False) -> str:
    """``value`` as a cell with the format ``code`` prints it. A code that goes beyond the ordinary prints the plain number."""
    if code in GENERAL or len(code) > LONGEST_CODE or CONDITION.search(code) or STRANGE.search(code):
        return plain(value)
    section, value = _section(value, code)
    pieces = list(PIECE.finditer(section))
    if any(piece[7] for piece in pieces):
        return _date(value, pieces, from_1904)
    return _number(value, pieces)


def _section(value: float, code: str) -> tuple[str, float]:
    """The part of the code for this sign, and the value it prints: a part of its own for negative numbers says its own minus."""
    sections = [found[1] for found in SECTIONS.finditer(code)][: code.count(";") + 1]
    if value < 0 and len(sections) > 1:
        return sections[1], -value
    return (sections[2] if value == 0 and len(sections) > 2 else sections[0]), value


def _number(value: float, pieces: list[re.Match[str]]) -> str:
    places = [number for number, piece in enumerate(pieces) if piece[5] or piece[4]]
    if len(places) > 1:  # digits with text among them: a telephone number
        return plain(value)
    percent = sum(piece[8] == "%" for piece in pieces)
    made = [_literal(piece) for piece in pieces]
    for place in places:
        digits = pieces[place][5]
        made[place] = _digits(value * 100**percent, digits) if digits else plain(abs(value))
    minus = "-" if value < 0 and any(made[place].strip("0.,") for place in places) else ""
    return (minus + "".join(made)).strip()


def _literal(piece: re.Match[str]) -> str:
    """What a piece prints by itself; a currency in brackets is ``[$¥-804]``, a colour prints nothing."""
    if piece[3] is not None:
        return piece[3][1:].split("-")[0] if piece[3].startswith("$") else ""
    return piece[1] or piece[2] or piece[8] or ""


def _digits(value: float, pattern: str) -> str:
    """The number without its sign, with the places, thousands and scale that the pattern (``#,##0.00``) asks for."""
    scaled = pattern.rstrip(",")
    whole, _, fraction = scaled.partition(".")
    number = abs(Decimal(f"{value:.15g}")) / Decimal(1000) ** (len(pattern) - len(scaled))
    rounded = number.quantize(Decimal(1).scaleb(-len(fraction)), ROUND_HALF_UP) if number < Decimal(10) ** 15 else number
    text = f"{rounded:{',' if ',' in whole else ''}f}"
    before, _, after = text.partition(".")
    after = after[: fraction.count("0")] + after[fraction.count("0") :].rstrip("0")
    wanted = whole.count("0")
    before = before.zfill(wanted) if wanted or before != "0" else ""
    return f"{before}.{after}" if after else before


def _date(value: float, pieces: list[re.Match[str]], from_1904: bool) -> str:
    if not 0 <= value < LAST_DAY:
        return plain(value)
    moment = EPOCHS[from_1904] + timedelta(seconds=round(value * 86_400))
    made, hours = [], False
    for number, piece in enumerate(pieces):
        letters = (piece[7] or "").lower()
        if letters.startswith("m"):
            following = next(((later[7] or "").lower() for later in pieces[number + 1 :] if later[7]), "")
            made.append(_padded(moment.minute if hours or following.startswith("s") else moment.month, letters))
        elif letters:
            made.append(_padded(_part(moment, letters), letters))
        else:
            made.append(piece[5] or _literal(piece) if piece[3] is None else "")
        hours = letters.startswith("h") if letters else hours
    return "".join(made).strip()


def _part(moment: datetime, letters: str) -> int:
    if letters.startswith("y"):
        return moment.year if len(letters) > 2 else moment.year % 100
    return {"d": moment.day, "h": moment.hour, "s": moment.second}[letters[0]]


def _padded(number: int, letters: str) -> str:
    return f"{number:02}" if (len(letters) > 1 and letters[0] != "y") or letters == "yy" else str(number)
