"""What all readers share: how a string is cleaned and which lines are headings of the report."""

from __future__ import annotations

import re
from importlib.resources import files

from harvester.items import Block
from harvester.outline import is_title

# Characters without width, and controls: Word debris, never content. (str.split knows every space there is, U+3000 and U+00A0 too.)
ZERO_WIDTH = re.compile(r"[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufff9-\ufffb\x00-\x08\x0e-\x1f]")
NUMERAL = re.compile(r"^[一二三四五六七八][、.．]\s*")


def word_list(name: str) -> list[str]:
    """Lines of a data file that are neither empty nor comments (``# `` with its space: ``#zoom`` is a selector)."""
    lines = (line.strip() for line in files("harvester.data").joinpath(name).read_text("utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("# ")]


def clean(text: str) -> str:
    """``text`` with every run of spaces as one space, none at the ends, and characters without width removed."""
    text = " ".join(text.split())
    return text if text.isprintable() else " ".join(ZERO_WIDTH.sub("", text).split())


def headed(text: str) -> Block:
    """Block of one line: a heading of level 2 when it is, as a whole, a section title of the form, else a paragraph.

    The numeral alone says nothing: rows of table 3 begin 一、二、三、四、 too.
    """
    numeral = NUMERAL.match(text) if len(text) < 40 else None
    return Block(text, 2 if numeral and is_title(text[numeral.end() :]) else 0)
