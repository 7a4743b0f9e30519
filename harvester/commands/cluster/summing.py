"""One run summary of many: the portals of all shards, and what the last shard added to those that lead to hosts of others."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ADDED = ("fetched", "new", "changed", "withdrawn")


def total(folders: Sequence[Path], last: Path | None, turn: Mapping[str, Any]) -> dict[str, Any]:
    """The summary of a crawl in the shape of ``--summary``. ``folders``: shards that came to their end; ``last``: the last shard."""
    told = [_summary(folder) for folder in folders]
    portals = {line["portal_id"]: line for summary in told for line in summary["portals"]}
    if last:
        told.append(_summary(last))
        portals |= {line["portal_id"]: _added(portals.get(line["portal_id"]), line) for line in told[-1]["portals"]}
    head = {"run_id": turn["id"], "started": turn["started"], "seconds": round(time.time() - turn["began"], 3)}
    sums = {name: sum(summary[name] for summary in told) for name in ("requests", "bytes")}
    return {**head, **sums, "portals": [portals[name] for name in sorted(portals)]}


def _summary(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "summary.json").read_text("utf-8")))


def _added(first: Mapping[str, Any] | None, then: Mapping[str, Any]) -> dict[str, Any]:
    """A portal that was crawled in two parts: the second knows the outcome, and finds unchanged what the first had brought."""
    if first is None:
        return dict(then)
    unchanged = max(0, then["unchanged"] - first["new"] - first["changed"])
    return {**then, "unchanged": unchanged, **{name: first[name] + then[name] for name in ADDED}}


def with_news(told: Mapping[str, Any], happened: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Any]:
    """The summary with what a shard's command had stored before it was killed and tried again: the second time that was unchanged.

    ``happened``: ``new``, ``changed``, ``withdrawn`` -> reports of the merged database, each with its ``portal_id``.
    """
    portals = [dict(line) for line in told["portals"]]
    for line in portals:
        for name, reports in happened.items():
            more = sum(report["portal_id"] == line["portal_id"] for report in reports) - line[name]
            if more > 0:
                line[name] += more
                line["unchanged"] = max(0, line["unchanged"] - more)
    return {**told, "portals": portals}
