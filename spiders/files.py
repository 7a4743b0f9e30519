"""Files and folders of our own, and WARC files among them, read as if they were a portal."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from harvester.errors import Unreadable
from harvester.items import Page
from harvester.readers.bounds import file_bytes
from spiders import runs, warc
from spiders.reading import ReadingSpider, paths_of

MANIFEST = "manifest.jsonl"
# In a folder only what can be a report is read (a file named on the command line is read whatever its name).
WORDS = "html htm shtml shtm xhtml jhtml mht txt aspx asp jsp php pdf doc docx wps rtf xls xlsx et ofd jpg jpeg png zip rar 7z"
DOCUMENTS = frozenset(f".{word}" for word in WORDS.split(" "))
# What the manifest of a corpus export knows of a file and a page can hold.
KEPT = ("url", "portal_id", "link_text", "via", "listed_on", "content_type", "fetched_at", "region_code")


class FilesSpider(ReadingSpider):
    """``harvester ingest PATH…``: files, folders and WARC/WACZ. A corpus that we exported gives back addresses and ids."""

    name = "files"

    def __init__(self, paths: Any = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.paths = paths_of(paths)

    def pages(self) -> Iterator[Page]:
        """One page a file; ``file:`` addresses, but for a corpus whose manifest names the true ones."""
        for path in self.paths:
            if path.is_dir():
                yield from self._folder(path)
            else:
                yield from self._file(path, {})

    def _folder(self, folder: Path) -> Iterator[Page]:
        manifest = _manifest(folder / MANIFEST, self.problem)
        left_out = 0
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and not _hidden(path.relative_to(folder))):
            if warc.is_warc(path) or path.suffix.lower() in DOCUMENTS:
                yield from self._file(path, manifest.get(path.relative_to(folder).as_posix(), {}))
            else:
                left_out += path.name != MANIFEST
        if left_out:
            self.logger.info("%s: %d files that cannot be reports (by their names) were left out", folder, left_out)

    def _file(self, path: Path, known: dict[str, str]) -> Iterator[Page]:
        if warc.is_warc(path):
            yield from warc.foreign_pages(path, self.problem)
            return
        try:
            body, moment = file_bytes(path), path.stat().st_mtime
        except (OSError, Unreadable) as error:
            reason = f"cannot be read ({error.strerror})" if isinstance(error, OSError) else error
            self.problem(f"{path}: {reason}", known.get("portal_id", ""))
            return
        page = Page(path.resolve().as_uri(), body, fetched_at=runs.stamp(datetime.fromtimestamp(moment, UTC)))
        for name in KEPT:
            if known.get(name):
                setattr(page, name, known[name])
        page.report_id = known.get("id", "")
        page.listed_on = page.listed_on or known.get("published_on", "")  # the day was on the page or the list, not in the text
        yield page


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _manifest(path: Path, problem: Callable[[str], None]) -> dict[str, dict[str, str]]:
    """File name -> what the manifest of a corpus export says of it; a line that is none of ours is told to ``problem``."""
    found = {}
    for number, line in enumerate(path.read_text("utf-8", "replace").splitlines() if path.is_file() else (), 1):
        try:
            entry = json.loads(line)
            found[str(entry["file"])] = {name: str(value) for name, value in entry.items() if value is not None}
        except (ValueError, KeyError, TypeError, AttributeError):
            problem(f"{path}:{number}: not a line of a corpus manifest; the file it means is read without its address and id")
    return found
