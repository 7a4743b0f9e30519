"""The shape of the house: imports go down only, every module says what it is for, the four packages are found and are ours."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("harvester", "spiders", "pipelines", "storage")
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
NETWORK = {"scrapy", "twisted", "aiohttp", "httpx", "requests", "urllib.request", "http.client", "http.server", "socket"}
DATABASES = {"sqlite3", "sqlite_utils", "fastwarc", "datasette"}
# What a room may never import. The core knows neither Scrapy nor SQLite nor the network nor the clock; storage does not know Scrapy.
FORBIDDEN = {
    "harvester": {"spiders", "pipelines", "storage", "time"} | NETWORK | DATABASES,
    "storage": {"spiders", "pipelines"} | NETWORK,
    "pipelines": {"spiders"} | DATABASES | (NETWORK - {"scrapy", "twisted"}),
    "spiders": {"pipelines"} | (NETWORK - {"scrapy", "twisted"}) | (DATABASES - {"fastwarc"}),
}
CLOCK = {"now", "utcnow", "today"}
MAX_LINES = 275  # files aim at 250; a tenth more is no reason to tear one apart


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]


def is_free(path: Path) -> bool:
    """The front door may import every room; the sample portals are a small web site of their own."""
    inside = path.relative_to(ROOT).as_posix()
    return inside in ("harvester/cli.py", "harvester/__main__.py") or inside.startswith(("harvester/commands/", "harvester/sample/"))


def imports_of(path: Path) -> Iterator[str]:
    """Dotted names that a module imports; ``from a import b`` gives ``a`` and ``a.b``."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = f"storage.site.pages.{node.module or ''}".rstrip(".") if node.level else node.module or ""
            assert node.level == 0 or (node.level == 1 and is_page(path)), (
                f"{path}: relative import; write the full name, for this test to read"
            )
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def is_page(path: Path) -> bool:
    """The pages of the published folder name each other relatively: there they live without the harvester, under another name."""
    return path.is_relative_to(ROOT / "storage" / "site" / "pages")


def trespasses(path: Path) -> list[str]:
    barred = FORBIDDEN[room_of(path)]
    return [name for name in imports_of(path) if any(name == one or name.startswith(f"{one}.") for one in barred)]


def names(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=names)
def test_imports_go_down_only(path: Path) -> None:
    assert is_free(path) or not trespasses(path)


@pytest.mark.parametrize("path", [path for path in MODULES if room_of(path) == "harvester" and not is_free(path)], ids=names)
def test_the_core_never_looks_at_the_clock(path: Path) -> None:
    calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    assert not [call.lineno for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr in CLOCK]


@pytest.mark.parametrize("path", MODULES, ids=names)
def test_nothing_imports_the_front_door(path: Path) -> None:
    door = ("harvester.cli", "harvester.commands")
    inside = names(path).startswith(("harvester/__main__.py", "harvester/cli.py", "harvester/commands/"))
    assert inside or not any(name.startswith(door) for name in imports_of(path))


@pytest.mark.parametrize("path", MODULES, ids=names)
def test_a_module_opens_with_one_sentence(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8")))
    assert docstring, "say in one sentence what the module is for"
    first = docstring.split("\n\n")[0]
    assert first.rstrip().endswith((".", ":")), f"the first paragraph is one sentence: {first!r}"


@pytest.mark.parametrize("path", MODULES, ids=names)
def test_a_module_fits_in_a_head(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MAX_LINES


def test_the_rule_has_teeth(tmp_path: Path) -> None:
    """The reader of imports sees every way of writing one."""
    module = tmp_path / "module.py"
    module.write_text("import storage.database as d\nfrom scrapy import Spider\ndef f():\n    from urllib import request\n")
    assert {"storage.database", "scrapy.Spider", "urllib.request"} <= set(imports_of(module))


def test_the_top_level_is_as_promised() -> None:
    expected = {
        *ROOMS,
        "tests",
        "benchmarks",
        "docs",
        "scrapy.cfg",
        "pyproject.toml",
        "requirements.txt",
        "requirements-dev.txt",
        "Makefile",
    }
    expected |= {"README.md", "README.zh-CN.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", ".ci", ".gitignore"}
    assert expected <= {path.name for path in ROOT.iterdir()}


@pytest.mark.parametrize("room", ROOMS)
def test_every_folder_of_code_is_a_package(room: str) -> None:
    folders = {path.parent for path in (ROOT / room).rglob("*.py") if "plugins" not in path.parts}
    assert [names(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_no_stranger_shadows_our_packages(tmp_path: Path) -> None:
    """Scrapy puts the project at the end of ``sys.path``: a package of the same name in site-packages would win over ours."""
    code = (
        "import sys; sys.path = [p for p in sys.path if p not in ('', sys.argv[1])] + [sys.argv[1]]\n"
        "import importlib.util as u\n"
        f"for room in {ROOMS!r}: print(u.find_spec(room).origin)"
    )
    told = subprocess.run([sys.executable, "-c", code, str(ROOT)], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert told.stdout.split() == [str(ROOT / room / "__init__.py") for room in ROOMS]


def test_scrapy_finds_the_spiders() -> None:
    told = subprocess.run([sys.executable, "-m", "scrapy", "list"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {"portal", "files", "warc", "replay"} <= set(told.stdout.split())


def test_each_requirement_is_pinned_where_it_is_installed_from() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    locked = pins(ROOT / "requirements.txt")
    assert {pin for pin in project["project"]["dependencies"] if pin not in locked} == set()
    assert {pin for pin in project["dependency-groups"]["dev"] if pin not in pins(ROOT / "requirements-dev.txt")} == set()
    extras = {pin for group in project["project"]["optional-dependencies"].values() for pin in group}
    assert extras <= set(project["dependency-groups"]["dev"]), "an extra is tested with the version it names"


def pins(path: Path) -> set[str]:
    lines = (line.split(";")[0].strip() for line in path.read_text("utf-8").splitlines())
    return {line for line in lines if re.fullmatch(r"[A-Za-z0-9._-]+==\S+", line)}


def test_every_locked_package_has_one_version() -> None:
    for path in (ROOT / "requirements.txt", ROOT / "requirements-dev.txt"):
        lines = [line.strip() for line in path.read_text("utf-8").splitlines() if line.strip() and not line.strip().startswith("#")]
        assert [line for line in lines if "==" not in line] == []


def test_make_knows_the_promised_targets() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE))
    assert {"crawl", "test", "serve", "lint", "bench", "proof", "lock"} <= targets
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
