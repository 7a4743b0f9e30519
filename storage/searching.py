"""The search index of the published copy: one column a section, so that a word is found in a section as fast as anywhere."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator

from harvester import outline
from harvester.items import Block
from storage.site.plugins.zh_search import tokens

INDEX, SECTIONS = "reports_fts", "_search_part"
HASH = 64 << 20  # bytes of tokens that wait in memory: fewer, larger pieces to merge
HEAD = "head"  # title and organ, which a text may word otherwise
# Column of the index -> keys of data/sections.csv; ``rest`` is all that stands in no other.
COLUMNS = {
    "overview": ("section_1_overview", "narrative_overview"),
    "proactive": ("section_2_proactive", "narrative_proactive"),
    "requests": ("section_3_requests", "narrative_requests"),
    "disputes": ("section_4_review_litigation", "narrative_disputes"),
    "problems": ("section_5_problems", "narrative_problems"),
    "other": ("section_6_other", "narrative_other"),
    "rest": (),
}
COLUMN = {key: column for column, keys in COLUMNS.items() for key in keys}
BLOCK = re.compile(r"\n\n+")
HEADING = re.compile(r"#{1,6} ")


def build(connection: sqlite3.Connection) -> None:
    """Indexes title and organ, and each text section by section; contentless, for the texts are there already."""
    columns = ", ".join((HEAD, *COLUMNS))
    connection.execute(f"CREATE VIRTUAL TABLE {INDEX} USING fts5({columns}, content='', tokenize='ascii')")
    connection.execute(f"INSERT INTO {INDEX} ({INDEX}, rank) VALUES ('hashsize', {HASH})")
    fields = "report INTEGER, begin INTEGER, end INTEGER, section TEXT"
    connection.execute(f"CREATE TABLE {SECTIONS} ({fields}, PRIMARY KEY (report, begin)) WITHOUT ROWID")
    write = f"INSERT INTO {INDEX} (rowid, {columns}) VALUES ({', '.join('?' * (len(COLUMNS) + 2))})"
    texts = connection.execute("SELECT r.key, r.title, r.organ, t.text FROM reports r JOIN texts t ON t.key = r.key ORDER BY r.key")
    for key, title, organ, text in texts:
        found = list(sections(text))
        connection.execute(write, (key, tokens(f"{title}\n{organ}"), *_cells(text, found)))
        connection.executemany(f"INSERT INTO {SECTIONS} VALUES (?, ?, ?, ?)", ((key, *section) for section in found))
    connection.execute(f"INSERT INTO {INDEX} ({INDEX}) VALUES ('optimize')")


def sections(text: str) -> Iterator[tuple[int, int, str]]:
    """(begin, end, column) of the sections of a stored text in order; together they are the whole text. A section begins with its title,
    at the beginning of a line, so no word is cut in two."""
    begins = [0, *(found.end() for found in BLOCK.finditer(text))]
    ends = [*begins[1:], len(text)]
    blocks = [_block(text[begin:end].strip("\n")) for begin, end in zip(begins, ends, strict=True)]
    places = [(begins[place], COLUMN.get(key, "rest")) for place, key in outline.places(blocks)]
    if not places or places[0][0]:
        places.insert(0, (0, "rest"))
    for (begin, column), (end, _) in zip(places, [*places[1:], (len(text), "")], strict=True):
        if end > begin:
            yield begin, end, column


def _block(text: str) -> Block:
    return Block("" if "\t" in text else HEADING.sub("", text, count=1))


def _cells(text: str, found: list[tuple[int, int, str]]) -> list[str | None]:
    """What each column indexes. Sections of one column, apart in the text, stay apart by a line end."""
    parts: dict[str, list[str]] = {}
    for begin, end, column in found:
        parts.setdefault(column, []).append(text[begin:end])
    return [tokens("\n".join(parts[column])) if column in parts else None for column in COLUMNS]
