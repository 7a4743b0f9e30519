"""Faults planted one by one in a copy of the project: the suite notices every one of them, the second reader alone its share."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

MUTATIONS: list[dict[str, Any]] = tomllib.loads((ROOT / "tests" / "mutations.toml").read_text("utf-8"))["mutation"]
READERS = "test_two_readers"  # the second reader against the first, and nothing else
COPIED = ("harvester", "spiders", "pipelines", "storage", "benchmarks", "tests", "pyproject.toml", "scrapy.cfg")
PURE = [mutation for mutation in MUTATIONS if mutation["file"].startswith("harvester/") and mutation["caught_by"] != "test_hosts"]
# Of the rooms that crawl and store: faults whose tests need no server.
QUICK = [mutation for mutation in MUTATIONS if mutation["caught_by"] in ("test_spider_parts", "test_window")]
SAMPLE = random.Random(7).sample(PURE, 8) + random.Random(7).sample(QUICK, 1)


def module_of(mutation: dict[str, Any]) -> str:
    return READERS if mutation["caught_by"] == "readers" else str(mutation["caught_by"])


def target(folder: Path, mutation: dict[str, Any]) -> Path:
    """The one file that holds the mutation's text, once."""
    words = mutation.get("swap") or [mutation["old"]]
    counts = {path: [path.read_text("utf-8").count(word) for word in words] for path in folder.glob(mutation["file"])}
    found = [path for path, count in counts.items() if all(count)]
    assert found, f"{mutation['name']!r}: its text is not in {mutation['file']}; the code has changed, so plant the fault anew"
    assert len(found) == 1 and set(counts[found[0]]) == {1}, f"{mutation['name']!r}: its text stands more than once in {mutation['file']}"
    return found[0]


def mutated(text: str, mutation: dict[str, Any]) -> str:
    if "old" in mutation:
        return text.replace(mutation["old"], mutation["new"])
    one, other = mutation["swap"]
    return other.join(part.replace(other, one) for part in text.split(one))


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package and the tests that are to notice; every test that changes it puts it back."""
    folder = tmp_path_factory.mktemp("mutated")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder)
    return folder


def run(folder: Path, *tests: str, select: str = "") -> subprocess.CompletedProcess[str]:
    files = [f"tests/{name}.py" for name in tests]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *([] if READERS in tests else ["-x"]), "-k", select, *files]
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def catch(folder: Path, mutation: dict[str, Any]) -> None:
    path = target(folder, mutation)
    whole = path.read_text("utf-8")
    try:
        path.write_text(mutated(whole, mutation), "utf-8")
        told = run(folder, module_of(mutation), select=mutation.get("select", ""))
    finally:
        path.write_text(whole, "utf-8")
    assert told.returncode == 1, f"{mutation['name']!r} went unnoticed, or broke the program:\n{told.stdout[-2000:]}{told.stderr[-2000:]}"
    if mutation["caught_by"] == "readers":
        assert "by the first reader" in told.stdout, "the readers must disagree"


def test_there_are_enough_faults() -> None:
    assert len(MUTATIONS) >= 40 and len({mutation["name"] for mutation in MUTATIONS}) == len(MUTATIONS)
    assert sum(mutation["caught_by"] == "readers" for mutation in MUTATIONS) >= 8
    assert all(("old" in mutation and mutation["old"] != mutation["new"]) != ("swap" in mutation) for mutation in MUTATIONS)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation["name"])
def test_the_text_of_every_fault_is_there(mutation: dict[str, Any]) -> None:
    path = target(ROOT, mutation)
    assert mutated(path.read_text("utf-8"), mutation) != path.read_text("utf-8")


@pytest.mark.proof
def test_the_copy_is_what_runs_and_passes_unchanged(copy: Path) -> None:
    told = run(copy, *sorted({module_of(mutation) for mutation in [*PURE, *QUICK]}))
    assert told.returncode == 0, told.stdout[-3000:]
    code = "import harvester, pathlib; print(pathlib.Path(harvester.__file__).parent.parent)"
    where = subprocess.run(
        [sys.executable, "-c", code], cwd=copy, env=os.environ | {"PYTHONPATH": str(copy)}, capture_output=True, text=True, check=True
    )
    assert where.stdout.strip() == str(copy)


@pytest.mark.parametrize("mutation", SAMPLE, ids=lambda mutation: mutation["name"])
def test_a_planted_fault_is_noticed(copy: Path, mutation: dict[str, Any]) -> None:
    catch(copy, mutation)


@pytest.mark.proof
def test_the_whole_copy_passes_unchanged(copy: Path) -> None:
    told = run(copy, *sorted({module_of(mutation) for mutation in MUTATIONS}))
    assert told.returncode == 0, told.stdout[-3000:]


@pytest.mark.proof
@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation["name"])
def test_every_planted_fault_is_noticed(copy: Path, mutation: dict[str, Any]) -> None:
    catch(copy, mutation)
