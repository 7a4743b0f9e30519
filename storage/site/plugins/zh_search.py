"""Chinese full-text search under Datasette: every Chinese character is a token, so words of one, two or any number are found."""

from __future__ import annotations

import re
import sqlite3

from datasette import hookimpl

HAN = re.compile("([\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇])")
# Punctuation and line ends become a token of their own; else a word would be found across the end of a sentence.
BREAKS = re.compile(r"[^\w\s]+|_+|[\n\t]+")
EDGES = re.compile(r"^(zzbr ?)+|( ?zzbr)+$")


def spaced(text: str) -> str:
    """``text`` as it is indexed: ``2021年，湖滨区`` is ``2021 年 zzbr 湖 滨 区``."""
    return " ".join(HAN.sub(r" \1 ", BREAKS.sub(" zzbr ", text)).split())


def match(query: str) -> str:
    """What a reader types as an FTS5 query: every word between spaces must be in the text, its characters side by side."""
    phrases = (EDGES.sub("", spaced(word)) for word in query.replace('"', " ").split())
    return " ".join(f'"{phrase}"' for phrase in phrases if phrase) or '""'


# Datasette registers a function of this name too: the hook that runs last wins.
@hookimpl(trylast=True)  # type: ignore[untyped-decorator]
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Datasette's search boxes ask for ``escape_fts``."""
    conn.create_function("escape_fts", 1, match)
