"""What the four packages import is what ``make crawl`` installs, or a named extra, loaded late and never missed by a crawl of HTML."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

import pytest

from tests.test_layout import MODULES, ROOMS, ROOT, names

# The modules that may import what an extra brings: each says what to install where it is missing.
OCR = {f"harvester/readers/{name}.py" for name in ("image", "orientation", "scanned", "recogniser", "rereading", "sequence")}
NAMED = {
    "cluster": {"harvester/commands/cluster/driver.py"},
    "ocr": OCR,
    "archives": {"harvester/readers/archive.py"},
    "publish": {"storage/export.py", "storage/release/rowfiles.py"},
}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def plain(requirement: str) -> str:
    """Name of a distribution as indexes compare it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\s\[<>=!~;(]", requirement.strip(), maxsplit=1)[0]).lower()


@cache
def installed_by_crawl() -> frozenset[str]:
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    return frozenset(plain(line) for line in lines if re.match(r"\w", line))


def with_all_behind(wanted: Iterable[str]) -> set[str]:
    """Distributions and all that they require in their turn, as far as they are installed here."""
    found: set[str] = set()
    waiting = [plain(one) for one in wanted]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            try:
                waiting += [plain(one) for one in requires(name) or [] if "extra ==" not in one]
            except PackageNotFoundError:
                continue
    return found


def third_party(path: Path) -> set[str]:
    """Top-level names of others that a module imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").partition(".")[0])
    return found - set(sys.stdlib_module_names) - {*ROOMS, "tests"}


@cache
def provided() -> Mapping[str, list[str]]:
    """Top-level name -> the distributions that bring it; asking takes a fifth of a second."""
    return packages_distributions()


def distributions(name: str) -> set[str]:
    return {plain(one) for one in provided().get(name, [])}


@pytest.mark.parametrize("path", MODULES, ids=names)
def test_what_is_imported_is_installed_by_make_crawl_or_is_a_named_extra(path: Path) -> None:
    allowed = set(installed_by_crawl())
    for extra, modules in NAMED.items():
        if names(path) in modules:
            allowed |= with_all_behind(PROJECT["optional-dependencies"][extra])
    unknown = {name for name in third_party(path) if not distributions(name) & allowed}
    absent = {name for name in unknown if not distributions(name)}
    if absent == unknown and names(path) in set().union(*NAMED.values()) and absent:
        pytest.skip(f"not installed here: {', '.join(sorted(absent))}")
    assert unknown == set()


def test_yardsticks_are_not_installed_by_make_crawl() -> None:
    """What only the benchmarks compare with."""
    assert not {"pdfplumber", "trafilatura", "warcio"} & installed_by_crawl()


def test_requirements_are_what_pyproject_says() -> None:
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    assert [one for one in PROJECT["dependencies"] if one not in lines] == []


BARRED = """
import importlib, sys
barred = set({barred!r})

class Gate:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in barred:
            raise ImportError(name)

sys.meta_path.insert(0, Gate())
for name in {modules!r}:
    importlib.import_module(name)
"""


def test_every_module_but_those_of_the_extras_is_imported_without_them() -> None:
    """No extra is loaded at module level; the readers of scans are not loaded by any other module."""
    extras = with_all_behind(one for group in PROJECT["optional-dependencies"].values() for one in group) - installed_by_crawl()
    barred = [name for name in provided() if distributions(name) & extras] + [
        "cv2",
        "PIL",
        "pyarrow",
        "libarchive",
        "rapidocr",
    ]
    modules = [path for path in MODULES if names(path) not in OCR and "plugins" not in path.parts and path.stem != "__main__"]
    dotted = [names(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".") for path in modules]
    code = BARRED.format(barred=barred, modules=dotted)
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stderr[-500:]
