"""What a run report says: portals and their mends, news, the run before and the year before, verdicts, what became of publication."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from harvester import __version__
from harvester.assertions import Verdict
from harvester.mends import mend
from harvester.summary import OUTCOMES
from storage import history, status

MOST = 200  # reports of a kind that a page lists; the database has all

Publication = Literal["published", "forced", "blocked", "failed"]


@dataclass(frozen=True, slots=True)
class Published:
    """What became of publication: ``told`` is one line with the folder, or why it stays as it was."""

    outcome: Publication
    out: str
    told: str


def report_of(
    connection: sqlite3.Connection,
    summary: Mapping[str, Any],
    news: Mapping[str, Any],
    verdicts: Iterable[Verdict],
    published: Published,
    notes: Iterable[str],
) -> dict[str, Any]:
    """The run report as users script against it; ``summary`` is the run summary, ``news`` what ``storage.news.since`` tells of the time
    since the last report, with ``since`` and ``until``; ``notes`` are lines of what else an operator must hear."""
    head = {name: summary[name] for name in ("run_id", "started", "seconds", "requests", "bytes")}
    run = history.run(connection, summary["run_id"])
    return {
        "harvester": __version__,
        **head,
        "until": news["until"],
        "since": news["since"],
        "outcomes": {outcome: sum(line["outcome"] == outcome for line in summary["portals"]) for outcome in OUTCOMES},
        "publication": {"outcome": published.outcome, "out": published.out, "told": published.told},
        "notes": list(notes),
        "assertions": [_assertion(verdict) for verdict in verdicts],
        "news": {kind: {"count": len(news[kind]), "reports": news[kind][:MOST]} for kind in ("new", "changed", "withdrawn")},
        "holds": status.counts(connection),
        "last_run": history.run_before(connection, run["key"]) if run else None,
        "last_year": history.run_a_year_before(connection, run["key"], summary["started"]) if run else None,
        "this_run": run,
        "season": history.season(connection, news["until"][:10]),
        "portals": _portals(connection, summary, run["key"] if run else 0),
    }


def _assertion(verdict: Verdict) -> dict[str, Any]:
    one = verdict.assertion
    told = {name: getattr(one, name) for name in ("key", "zh", "en", "why_zh", "why_en", "do_zh", "do_en")}
    counted = {"value": verdict.measure.value, "of": verdict.measure.of, "found": verdict.found(), "limit": verdict.limit()}
    return {**told, **counted, "outcome": verdict.outcome, "blocks": one.blocks}


def _portals(connection: sqlite3.Connection, summary: Mapping[str, Any], key: int) -> list[dict[str, Any]]:
    standing = {row["portal"]: row for row in history.portals(connection)}
    names = dict(connection.execute("SELECT id, name FROM portals").fetchall())
    before, lists = history.before(connection, key), history.lists(connection)
    told = []
    for line in summary["portals"]:
        portal = line["portal_id"]
        row, advice = standing.get(portal, {}), mend(line["outcome"], line["reason"])
        outcome, listed, _ = before.get(portal, (None, None, ""))
        told.append(
            {
                **line,
                "name": names.get(portal, ""),
                "since": row.get("since", summary["started"]),
                "last_success": row.get("last_success"),
                "mend_zh": advice.zh,
                "mend_en": advice.en,
                "before": {"outcome": outcome, "listed": listed},
                "as_before": outcome == line["outcome"],
                "history": [{"started": at, "outcome": was, "listed": count} for at, was, count in lists.get(portal, [])],
            }
        )
    return sorted(told, key=lambda line: (line["outcome"] == "complete", OUTCOMES.index(line["outcome"]), line["portal_id"]))
