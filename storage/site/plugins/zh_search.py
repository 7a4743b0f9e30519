"""Chinese full-text search under Datasette that finds what LIKE finds: each pair of neighbouring signs is a token, and each sign."""

from __future__ import annotations

import sqlite3

from datasette import hookimpl

# FTS5's tokenizer ``ascii`` folds A to Z, as LIKE does, and ends a token at every other sign of ASCII; those get stand-ins from a range of
# private use. A text's own signs from that range get two stand-ins each, so nothing is mistaken for anything else.
RANGE = 0x10FE00
STAND_INS = {sign: chr(RANGE + sign) for sign in range(128) if not chr(sign).isalnum()}
OWN = {RANGE + place: chr(RANGE + 128 + place // 16) + chr(RANGE + 144 + place % 16) for place in range(256)}
TABLE = str.maketrans({**STAND_INS, **OWN})
MOST_WORDS = 100  # FTS5 refuses expressions of some hundreds


def tokens(text: str) -> str:
    """``text`` as it is indexed, tokens between spaces: each different sign, then each pair. ``公开了`` is ``公 开 了 公开 开了``."""
    signs = text.translate(TABLE)
    return " ".join((*dict.fromkeys(signs), *pairs(signs)))


def pairs(signs: str) -> list[str]:
    """The neighbouring signs, two by two: a word is in a text where its pairs stand one after another."""
    return list(map(str.__add__, signs, signs[1:]))


def phrase(word: str) -> str:
    """FTS5 query for ``word`` as it stands, whatever signs it has; '' for none."""
    signs = word.encode("utf-8", "replace").decode().translate(TABLE)  # a query string may hold half a surrogate pair
    return f'"{" ".join(pairs(signs) or [signs])}"' if signs else ""


def match(query: str) -> str:
    """What a reader types as an FTS5 query: every word between blanks must be in the text. Without a word it finds nothing."""
    return " ".join(phrase(word) for word in query.split()[:MOST_WORDS]) or '""'


def whole(query: str) -> str:
    """The same for a query that is one string, blanks and all."""
    return phrase(query) or '""'


# Datasette registers ``escape_fts`` too: the hook that runs last wins.
@hookimpl(trylast=True)  # type: ignore[untyped-decorator]
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Datasette's search boxes ask for ``escape_fts``."""
    conn.create_function("escape_fts", 1, match, deterministic=True)
    conn.create_function("whole_fts", 1, whole, deterministic=True)
