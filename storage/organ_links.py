"""Which organ of this database came out of which: the reforms of institutions and the changes of regions, applied as rules."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from harvester.divisions import packaged
from harvester.reforms import Reform, reforms
from harvester.regions import Gazetteer

TABLE = """CREATE TABLE organ_links (organ_id TEXT REFERENCES organs(id), other_id TEXT REFERENCES organs(id), relation TEXT, on_date TEXT,
    source TEXT, PRIMARY KEY (organ_id, other_id))"""
SEEN = "SELECT organ_id, min(year), max(year) FROM reports WHERE organ_id IS NOT NULL AND year IS NOT NULL GROUP BY organ_id"
BY_RULE = "按规则推定 / by rule: "


class Link(NamedTuple):
    """``other_id`` came out of ``organ_id``: ``renamed``, ``merged`` (several became one), or ``split`` (the old one goes on).

    ``on_date`` is the month of a national reform, or the day of the first list of regions that shows a change.
    """

    organ_id: str
    other_id: str
    relation: str
    on_date: str
    source: str


def build(connection: sqlite3.Connection) -> None:
    """The table ``organ_links``: links between organs of which the database has reports."""
    seen = {organ: (first, last) for organ, first, last in connection.execute(SEEN)}
    links = {link[:2]: link for link in (*_by_region(seen), *_by_reform(seen))}
    connection.execute("DROP TABLE IF EXISTS organ_links")
    connection.execute(TABLE)
    connection.executemany("INSERT INTO organ_links VALUES (?, ?, ?, ?, ?)", sorted(links.values()))
    connection.execute("CREATE INDEX idx_organ_links_other_id ON organ_links(other_id)")


def read(connection: sqlite3.Connection) -> list[Link]:
    """The rows of the table."""
    return [Link(*row) for row in connection.execute("SELECT organ_id, other_id, relation, on_date, source FROM organ_links")]


def _by_reform(seen: Mapping[str, tuple[int, int]]) -> Iterator[Link]:
    """Organs of one place under the old and the new name. The old one must have been there at the reform, the new one after it: the same
    name may come up again years later for another body."""
    by_old: dict[str, list[Reform]] = defaultdict(list)
    for reform in reforms():
        by_old[reform.old].append(reform)
    for organ_id, (first, _) in seen.items():
        code, _, key = organ_id.partition("-")
        for reform in by_old.get(key, ()):
            other, year = f"{code}-{reform.new}", int(reform.on_date[:4])
            if other in seen and first <= year <= seen[other][1]:
                yield Link(organ_id, other, reform.relation, reform.on_date, BY_RULE + reform.source)


def _by_region(seen: Mapping[str, tuple[int, int]]) -> Iterator[Link]:
    """Organs of one name in a region that was absorbed by another, or carved out of it. A new code for the same body is no other organ."""
    gazetteer = Gazetteer()
    names: dict[str, set[str]] = defaultdict(set)
    for organ_id in seen:
        code, _, key = organ_id.partition("-")
        names[code].add(key)
    for old, new, day, kind, source in packaged("region_changes.csv"):
        before, after = gazetteer.lineage(old), gazetteer.lineage(new)
        for key in names[before] & names[after] if before != after else ():
            relation = "merged" if kind == "became" else "split"
            yield Link(f"{before}-{key}", f"{after}-{key}", relation, day, f"{BY_RULE}{old} → {new} ({source})")
