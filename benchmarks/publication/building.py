"""A database of invented reports and its published folder, made once and kept when asked to; how long each part of publishing takes."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from benchmarks.publication import make
from storage import beside, measures, news, publish, published, searching

# Functions of these modules, by their names there, that are timed besides the builders of ``publish.DERIVED``.
PARTS: tuple[tuple[Any, str], ...] = (
    *((measures, "of_database"), (news, "feed"), (published, "_lay_out"), (searching, "build"), (beside, "_fetch")),
    *((published, "_finish"),),
)


def built(place: Path, reports: int) -> dict[str, Any]:
    """Seconds of making the database, of publishing it (wall and, with its children, processor), and of each part. What lies in ``place``
    already is not made again."""
    database, folder, told = place / "harvest.db", place / "site", place / "published.json"
    if told.exists():
        found: dict[str, Any] = json.loads(told.read_text("utf-8"))
        return found
    began = time.perf_counter()
    if not database.exists():
        make.write(database, reports)
    made, cpu = time.perf_counter(), _processor()
    with _timed() as parts:
        publish.publish(database, folder)
    seconds = {"publish_s": round(time.perf_counter() - made, 1), "publish_cpu_s": round(_processor() - cpu, 1)}
    found = {"reports": reports, "made_s": round(made - began, 1), **seconds, "parts_s": parts}
    told.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    return found


@contextmanager
def _timed() -> Iterator[dict[str, float]]:
    """Part -> seconds, as it comes to its end."""
    parts: dict[str, float] = {}

    def timed(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any) -> Any:
            began = time.perf_counter()
            result = work(*given)
            parts[name] = round(time.perf_counter() - began, 1)
            return result

        return run

    with ExitStack() as patched:
        builders = tuple(timed(build.__module__.rpartition(".")[2], build) for build in publish.DERIVED)
        patched.enter_context(patch.object(publish, "DERIVED", builders))
        for module, name in PARTS:
            known = f"{module.__name__.rpartition('.')[2]}.{name.strip('_')}"
            patched.enter_context(patch.object(module, name, timed(known, getattr(module, name))))
        yield parts


def _processor() -> float:
    """Seconds of processor time of this process and of those it waited for."""
    return sum(os.times()[:4])
