"""What is measured: each subject's module, how little of it shows that it runs, and which of its figures stand in the one table."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Subject:
    """``measure`` of ``module``; ``small``: the arguments of a run that only shows that it runs; ``figures``: keys of its result, those
    inside others with a dot. ``usual``: measured when none is named; the others take tens of minutes, or write pages of their own."""

    module: str
    small: tuple[Any, ...]
    figures: tuple[str, ...]
    usual: bool = False

    def measure(self, small: bool = False) -> dict[str, Any]:
        """Its result; ``kept`` says whether its promises are."""
        result: dict[str, Any] = importlib.import_module(f"benchmarks.{self.module}").measure(*(self.small if small else ()))
        return result

    def line(self, result: dict[str, Any]) -> str:
        """The figures that stand in the table."""
        return ", ".join(f"{key.rpartition('.')[2].replace('_', ' ')} {_at(result, key)}" for key in self.figures)


SUBJECTS = {
    "extraction": Subject("extraction", (3, 1), ("times_trafilatura",), usual=True),
    "crawl": Subject("crawl", (60, 1), ("share_of_bare_scrapy", "share_in_one_process"), usual=True),
    "persistence": Subject("persistence", (100, 1, 50, 100), ("share_of_raw", "bytes_a_report"), usual=True),
    "hosts": Subject("hosts", (4, 2, 0.5), ("share_of_allowed", "shortest_gap", "peak_mb"), usual=True),
    "recrawl": Subject("recrawl", (60, 1), ("share_of_bytes", "added_to_a_first_crawl.cpu_seconds")),
    "replay": Subject("replay", (40, 1, 2, 20, 40), ("times_trafilatura.two", "times_one_worker"), usual=True),
    "publication": Subject("publication.measure", (40, 1), ("publish_s", "bytes_a_report")),
    "repeats": Subject("repeats", (80, 6), ("pairs_a_second",)),
    "comparing": Subject("comparing", (160,), ("one_report_ms.median", "between_reports_s")),
    "documents": Subject("documents.beside_pdfplumber", (1,), ("times_pdfplumber",)),
}
USUAL = [name for name, subject in SUBJECTS.items() if subject.usual]


def _at(result: Any, key: str) -> Any:
    for part in key.split("."):
        result = result[part]
    return result
