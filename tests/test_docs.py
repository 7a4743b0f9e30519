"""The documentation against the program: what exists is documented, what is documented exists."""

from __future__ import annotations

import ast
import csv
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from conftest import Crawled
from scrapy.settings import default_settings

from harvester import forms, outline, phrases, settings
from harvester.cli import cli
from spiders import families

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "README.zh-CN.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]
GUIDE = (DOCS / "guide.md").read_text("utf-8")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def names(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def options() -> Iterator[tuple[str, str]]:
    """(command, option) for every option of every command."""
    for name, command in cli.commands.items():
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                yield from ((name, option) for option in parameter.opts)


def first_cells(page: str) -> list[str]:
    """The first cell of every line of every table."""
    return re.findall(r"^\| (.*?) \|", (DOCS / page).read_text("utf-8"), flags=re.MULTILINE)


# --- commands ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_the_guide_shows_every_command(name: str) -> None:
    assert f"harvester {name}" in GUIDE


@pytest.mark.parametrize(("command", "option"), sorted(set(options())))
def test_the_guide_names_every_option(command: str, option: str) -> None:
    assert re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", GUIDE)


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_examples_use_commands_and_options_that_exist(page: Path) -> None:
    for line in examples(page):
        words = line.split(" | ")[0].split("#")[0].split()
        command = cli.commands.get(words[1]) if len(words) > 1 else None
        if len(words) < 2 or words[1].startswith("-"):
            continue
        assert command, line
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("-")} <= known, line


def examples(page: Path) -> Iterator[str]:
    """Lines of code blocks that call ``harvester``."""
    for block in FENCE.findall(page.read_text("utf-8")):
        yield from (line.removeprefix(".venv/bin/") for line in block.splitlines() if re.match(r"(\.venv/bin/)?harvester ", line))


def test_make_targets_in_the_docs_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE))
    told = {target for page in PAGES for target in re.findall(r"(?:^|`)make ([a-z]+)\b", page.read_text("utf-8"), flags=re.MULTILINE)}
    assert told <= targets


# --- settings, families, keys --------------------------------------------------------------------------------------------------------


def test_every_setting_is_documented_and_no_other() -> None:
    ours = {name for name in vars(settings) if name.isupper()}
    told = {name for line in first_cells("settings.md") for name in re.findall(r"`([A-Z_]+)`", line)}
    assert told == ours


def test_scrapy_knows_the_settings_we_set() -> None:
    ours = {name for name in vars(settings) if name.isupper() and not name.startswith("HARVEST_")}
    assert {name for name in ours if not hasattr(default_settings, name)} == set()


def test_every_family_is_documented_in_the_order_it_is_tried() -> None:
    told = re.findall(r"^\| `([a-z_]+)` \|", (DOCS / "portals.md").read_text("utf-8").split("## Families")[1], flags=re.MULTILINE)
    assert told == families.names()


def test_the_registry_columns_are_documented() -> None:
    with (ROOT / "harvester" / "data" / "portals.csv").open(encoding="utf-8-sig", newline="") as stream:
        header = next(csv.reader(stream))
    table = (DOCS / "portals.md").read_text("utf-8").split("## Families")[0]
    assert re.findall(r"`([a-z_]+)`", " ".join(re.findall(r"^\| (.*?) \|", table, flags=re.MULTILINE))) == header


def test_the_data_dictionary_is_current() -> None:
    code = "import runpy, sys; sys.stdout.reconfigure(encoding='utf-8'); sys.stdout.write(runpy.run_path(sys.argv[1])['dictionary']())"
    told = subprocess.run([sys.executable, "-c", code, str(DOCS / "dictionary.py")], cwd=ROOT, capture_output=True, check=True)
    assert told.stdout.decode() == (DOCS / "data-dictionary.md").read_text("utf-8"), "make dictionary"


def labelled(kind: str) -> set[str]:
    with (ROOT / "harvester" / "data" / "labels.csv").open(encoding="utf-8-sig", newline="") as stream:
        return {line["key"] for line in csv.DictReader(stream) if line["kind"] == kind}


def test_forms_checks_and_cells_are_labelled() -> None:
    loaded = [forms.load(form_id) for form_id in forms.form_ids()]
    assert {form.id for form in loaded} <= labelled("form")
    assert {identity.id for form in loaded for identity in form.identities} <= labelled("check")
    assert {place.table for form in loaded for place in form.places} <= labelled("table")
    assert {place.row for form in loaded for place in form.places} <= labelled("row")
    assert {place.column for form in loaded for place in form.places} <= labelled("column")


def test_keys_of_sentences_and_sections_are_labelled_and_no_other() -> None:
    assert {rule.key for _, rule in phrases.RULES} == labelled("prose")
    assert {key for keys in outline.PRINTED.values() for key in keys} - {""} == labelled("section")


def test_every_issue_code_is_labelled_and_no_other() -> None:
    assert codes() == labelled("issue")


def codes() -> set[str]:
    """The issue codes that the source can give: the first argument of ``Issue(…)`` and ``.issue(…)``, and what ``code`` is set to."""
    found = {"unreadable", "not_report"}  # storage makes these from the kind of a page
    for path in (path for room in ("harvester", "storage", "pipelines", "spiders") for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            found |= set(first_words(node))
    return found


def first_words(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call) and node.args and called(node.func) in ("Issue", "issue"):
        yield from words(node.args[0])
    elif isinstance(node, ast.Assign) and {"code", "CODE"} & targets(node):
        yield from words(node.value)


def targets(node: ast.Assign) -> set[str]:
    return {leaf.id for target in node.targets for leaf in ast.walk(target) if isinstance(leaf, ast.Name)}


def words(node: ast.AST) -> Iterator[str]:
    """Strings in ``node`` that look like a code."""
    found = (leaf.value for leaf in ast.walk(node) if isinstance(leaf, ast.Constant))
    yield from (value for value in found if isinstance(value, str) and re.fullmatch("[a-z]+(_[a-z]+)+", value))


def called(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""


@pytest.mark.parametrize("page", PAGES[:2], ids=names)
def test_the_answers_in_the_readme_are_what_the_sample_gives(page: Path, crawled: Crawled) -> None:
    found = re.findall(r"^```sql\n(.*?)\n```\n\n((?:\|[^\n]*\n)+)", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    connection = sqlite3.connect(f"file:{crawled.database}?mode=ro", uri=True)
    for sql, table in found:
        cursor = connection.execute(sql)
        answer = [[column[0] for column in cursor.description], *([shown(value) for value in row] for row in cursor)]
        lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
        assert [lines[0], *lines[2:]] == answer
    connection.close()
    assert len(found) == 3


@pytest.mark.parametrize("sql", re.findall(r"^```sql\n(.*?)^```", GUIDE, flags=re.MULTILINE | re.DOTALL))
def test_the_queries_of_the_guide_run(sql: str, crawled: Crawled) -> None:
    connection = sqlite3.connect(f"file:{crawled.database}?mode=ro", uri=True)
    for query in filter(str.strip, sql.split(";")):
        assert connection.execute(query).fetchall(), query
    connection.close()


def shown(value: object) -> str:
    return "" if value is None else str(value)


# --- pages ---------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_links_lead_somewhere(page: Path) -> None:
    text = FENCE.sub("", page.read_text("utf-8"))
    targets = [target.split("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text) if not re.match(r"https?:|mailto:", target)]
    assert [target for target in targets if target and not (page.parent / target).exists()] == []


def test_both_readmes_tell_the_same_commands() -> None:
    english, chinese = (list(examples(page)) for page in PAGES[:2])
    assert [line.split("#")[0].strip() for line in english] == [line.split("#")[0].strip() for line in chinese]


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_no_page_is_left_unfinished(page: Path) -> None:
    assert not re.search(r"@@|TODO|FIXME|TBD", page.read_text("utf-8"))
