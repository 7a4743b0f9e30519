"""What a run and the database amount to, in the numbers that ``assertions.toml`` limits; compared with what is published."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harvester.assertions import Measure
from storage import history, schema

NAME = "measures.json"  # of what is published, in its folder
ROOM = 5  # times the database that publishing needs: the copy with its search index is 2.3, and once more while it is packed
CURRENT = "FROM report r WHERE r.superseded_by IS NULL"
TABLED = f"{CURRENT} AND r.form <> 'narrative'"
# How many cells of the reports' forms have a printed figure, and how many there are.
FILLED = f"""SELECT sum(v.status = {schema.STATUS.index("printed")}), count(*) FROM value v
    WHERE v.report IN (SELECT r.key {TABLED} AND r.first_seen > ? AND r.first_seen <= ?)"""
UNREADABLE = "SELECT count(*) FROM issue i JOIN runs u ON u.key = i.run WHERE u.id = ? AND i.code = 'unreadable' AND i.visit IS NOT NULL"
DOUBLED = f"""SELECT sum(several > 1), count(*) FROM (SELECT count(*) AS several {CURRENT} AND r.organ_id IS NOT NULL AND r.year IS NOT NULL
    GROUP BY r.organ_id, r.scope, r.year)"""
EVER, NEVER = "9999", ""


def of_database(connection: sqlite3.Connection) -> dict[str, Any]:
    """What a later publication is compared with: reports, by year, filled cells, failing and doubled reports, each as [part, whole]."""
    return {
        "reports": _pair(connection, f"SELECT count(*), count(*) {CURRENT}")[0],
        "years": dict(connection.execute(f"SELECT year, count(*) {CURRENT} AND year IS NOT NULL GROUP BY year").fetchall()),
        "filled": _pair(connection, FILLED, NEVER, EVER),
        "inconsistent": _pair(connection, f"SELECT sum(quality = 'inconsistent'), count(*) {TABLED}"),
        "doubled": _pair(connection, DOUBLED),
    }


def published(folder: Path) -> dict[str, Any]:
    """The measures of what stands in ``folder``; empty when nothing does, or it was published before there were any."""
    try:
        found = json.loads((folder / NAME).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def measured(
    connection: sqlite3.Connection, now: Mapping[str, Any], before: Mapping[str, Any], news: Mapping[str, Any], summary: Mapping[str, Any]
) -> dict[str, Measure]:
    """The measures of the database and of the run of ``summary``, but for the disk.

    ``now`` and ``before`` are what :func:`of_database` says of this database and of the published one; ``news`` has since, until and the
    reports that were withdrawn in between.
    """
    day = news["until"][:10]
    season = history.season(connection, day)
    return {
        "damaged": Measure(sum(line != "ok" for (line,) in connection.execute("PRAGMA quick_check(10)"))),
        "reports": Measure(now["reports"]),
        "coverage_drop": _drop(before.get("reports"), now["reports"]),
        "year_drop": _worst_year(before.get("years", {}), now["years"]),
        "fill_drop": _fall(before.get("filled"), now["filled"]),
        "fill_new": _fill_of_news(connection, news["since"], news["until"]),
        "inconsistent_rise": _fall(now["inconsistent"], before.get("inconsistent")),
        "doubled_rise": _fall(now["doubled"], before.get("doubled")),
        "withdrawn_share": _share(len(news["withdrawn"]), now["reports"]),
        "unreadable_pages": _unreadable(connection, summary),
        "season": _share(season["published"], season["year_before"]),
        **_portals(connection, summary),
    }


def room(database: Path, out: Path) -> Measure:
    """Free bytes where ``out`` is written, as a multiple of what publishing ``database`` needs."""
    needed = ROOM * sum(file.stat().st_size for file in (database, database.with_name(f"{database.name}-wal")) if file.exists())
    place = next(folder for folder in (out.absolute(), *out.absolute().parents) if folder.is_dir())
    return Measure(round(shutil.disk_usage(place).free / max(needed, 1), 2))


def _portals(connection: sqlite3.Connection, summary: Mapping[str, Any]) -> dict[str, Measure]:
    run = history.run(connection, summary["run_id"])
    if run is None:
        return {}
    before, most = history.before(connection, run["key"]), history.most_listed(connection, run["key"], run["started"])
    had = [line for line in summary["portals"] if most.get(line["portal_id"])]
    emptied = [line for line in had if not line["listed"] and not _is_silent(line)]
    answered = [line for line in summary["portals"] if line["portal_id"] in before and not before[line["portal_id"]].silent]
    silenced = [line for line in answered if _is_silent(line)]
    return {"emptied_portals": _share(len(emptied), len(had)), "silenced_portals": _share(len(silenced), len(answered))}


def _is_silent(line: Mapping[str, Any]) -> bool:
    return history.Fared(line["outcome"], line["listed"], line["reason"]).silent


def _unreadable(connection: sqlite3.Connection, summary: Mapping[str, Any]) -> Measure:
    (unreadable,) = connection.execute(UNREADABLE, (summary["run_id"],)).fetchone()
    return _share(unreadable, sum(line["fetched"] for line in summary["portals"]))


def _fill_of_news(connection: sqlite3.Connection, since: str, until: str) -> Measure:
    return _fall(_pair(connection, FILLED, NEVER, since), _pair(connection, FILLED, since, until))


def _worst_year(before: Mapping[str, int], now: Mapping[int, int]) -> Measure:
    """The share lost by the year that lost most reports; JSON has made the years of ``before`` strings."""
    drops = [_drop(count, now.get(int(year), 0)) for year, count in before.items()]
    return max(drops, key=lambda drop: (drop.value or 0) * drop.of, default=Measure(None))


def _drop(before: int | None, now: int) -> Measure:
    return _share(before - now, before) if before else Measure(None)


def _fall(before: list[int] | None, now: list[int] | None) -> Measure:
    """How much lower the share ``now`` is than the one ``before``, each [part, whole]; as certain as the smaller of the two."""
    if not before or not now or not before[1] or not now[1]:
        return Measure(None)
    return Measure(round(before[0] / before[1] - now[0] / now[1], 6), min(before[1], now[1]))


def _share(part: int, whole: int) -> Measure:
    return Measure(round(part / whole, 6), whole) if whole else Measure(None)


def _pair(connection: sqlite3.Connection, sql: str, *given: object) -> list[int]:
    part, whole = connection.execute(sql, given).fetchone()
    return [part or 0, whole or 0]
