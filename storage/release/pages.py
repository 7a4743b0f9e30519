"""The pages of a release that people read: README, licence, what changed."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from harvester import __version__
from storage import tables
from storage.release import citation
from storage.release.differing import NAMED, OF_REPORTS, Differences
from storage.release.facts import LICENCE, TITLE, Facts

CELLS = 30  # cells that DIFF.md names; diff.json has all


def write(folder: Path, told: Facts, counts: Mapping[str, int], differences: Differences | None, site: str) -> None:
    """Writes ``README.md``, ``LICENSE.md`` and, when there is a release before, ``DIFF.md``. ``counts``: table -> rows."""
    shared = {"told": told, "title": TITLE, "licence": LICENCE, "version": __version__, "site": site}
    named = [(table, number, *tables.label("view", table)) for table, number in counts.items()]
    _page(folder, "README.md", **shared, tables=named, citation=citation.line(told), differences=differences)
    _page(folder, "LICENSE.md", **shared)
    if differences:
        cells = sorted(differences.cells.items(), key=lambda one: (-sum(one[1].values()), one[0]))
        _page(folder, "DIFF.md", **shared, found=differences, kinds=OF_REPORTS, most=NAMED, cells=cells[:CELLS], all_cells=len(cells))


def _page(folder: Path, name: str, **given: object) -> None:
    environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    environment.filters |= {"n": lambda number: f"{number:,}", "cell": lambda text: str(text).replace("|", "\\|").replace("\n", " ")}
    source = files("storage.release").joinpath(name).read_text("utf-8")
    (folder / name).write_text(environment.from_string(source).render(**given), "utf-8")
