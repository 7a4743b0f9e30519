"""The folder of run reports: one JSON and one page a run, the latest of both under fixed names, and the feed."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harvester import feed
from harvester.errors import StorageError
from storage import news
from storage.reporting.page import page

LATEST, INDEX = "latest.json", "index.html"


def told_until(folder: Path) -> str:
    """The moment up to which the latest report in ``folder`` told the news; before all time when there is none that can be read."""
    try:
        return str(json.loads((folder / LATEST).read_text("utf-8"))["until"])
    except (OSError, ValueError, KeyError, TypeError):
        return news.ALWAYS


def write(folder: Path, report: Mapping[str, Any], atom: bytes) -> Path:
    """Writes the report of a run and makes it the latest; returns its page. The latest JSON comes last: with it the news count as told.

    Raises :class:`StorageError` when the folder cannot be written.
    """
    name = f"{report['started'][:10]}-{report['run_id']}"
    told, shown = (json.dumps(report, ensure_ascii=False, indent=1) + "\n").encode(), page(report).encode()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, content in ((f"{name}.json", told), (f"{name}.html", shown), (feed.NAME, atom), (INDEX, shown), (LATEST, told)):
            _replace(folder / file, content)
    except OSError as error:
        raise StorageError(f"{folder}: the run report cannot be written ({error.strerror}); make room or give another --reports") from error
    return folder / INDEX


def _replace(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all, on the disk before it has its name."""
    work = path.with_name(f".{path.name}.new")
    with work.open("wb") as stream:
        stream.write(content)
        os.fsync(stream.fileno())
    work.replace(path)
